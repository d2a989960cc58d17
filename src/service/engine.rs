//! The judge behind the milter: read, judge, make durable, answer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tracing::{error, info, warn};

use super::examine::{Examined, civil_date, examine};
use super::overdue::{Likeness, Overdue};
use super::timely::Timely;
use super::{Current, InForce, Replies, release};
use crate::model::{CaseId, Disposition, Effect, JournalEntry, Submission};
use crate::plan::{Outcome, Plan, Reply, Stance, plan};
use crate::ports::{Attempt, Batch, Committed, Intake, Judge, Unread};
use crate::telemetry::{Metrics, StoreStep, Tempfail};

/// Reads, judges, commits and answers, message by message.
pub struct Engine {
    current: Current,
    store: Timely,
    metrics: Arc<Metrics>,
    journal: mpsc::Sender<JournalEntry>,
    pool: Arc<Semaphore>,
    /// Messages that wait for the pool.
    waiting: AtomicUsize,
    /// Messages that outlasted the wall clock.
    overdue: Arc<Overdue>,
    /// What takes senders' answers by mail, where the private key is at hand.
    replies: OnceLock<Replies>,
}

impl Engine {
    /// Joins the parts. `journal` takes one line a message; a full channel drops lines, never messages.
    pub fn new(
        in_force: InForce,
        store: Arc<dyn Intake>,
        metrics: Arc<Metrics>,
        journal: mpsc::Sender<JournalEntry>,
    ) -> Self {
        let (workers, timeout) = (in_force.settings.judging.workers, in_force.settings.judging.timeout);
        Self {
            current: Current::new(in_force),
            store: Timely::new(store, timeout),
            metrics,
            journal,
            pool: Arc::new(Semaphore::new(workers)),
            waiting: AtomicUsize::new(0),
            overdue: Arc::default(),
            replies: OnceLock::new(),
        }
    }

    /// Takes senders' answers by mail from now on, where the settings name an address for them.
    pub fn answer_with(&self, replies: Replies) {
        // Set once, at the start; a second one would be the same.
        let _ = self.replies.set(replies);
    }

    async fn answered(&self, in_force: &InForce, submission: &Submission) -> Option<Reply> {
        let settings = in_force.settings.replies.as_ref()?;
        let establishment = &in_force.settings.establishment;
        let taking = self.replies.get()?.take(submission, settings, establishment);
        let taken = tokio::time::timeout(in_force.settings.judging.timeout, taking).await;
        taken.unwrap_or_else(|_elapsed| {
            warn!("an answer by mail could not be taken in time; the MTA will try again");
            self.metrics.tempfailed(Tempfail::Deadline);
            Some(Reply::unjudged(None, establishment))
        })
    }

    /// What is in force, for those who follow reloads and must not keep the engine alive.
    #[must_use]
    pub fn current(&self) -> Current {
        self.current.clone()
    }

    /// What is in force now.
    #[must_use]
    pub fn in_force(&self) -> Arc<InForce> {
        self.current.get()
    }

    /// Puts other rules and settings in force; messages in hand finish under the old ones.
    pub fn replace(&self, in_force: InForce) {
        self.current.replace(in_force);
    }

    /// Puts `new` in force in the place of `old`; `false` when something else is in force by now.
    pub fn renew(&self, old: &Arc<InForce>, new: InForce) -> bool {
        self.current.renew(old, new)
    }

    /// Looks through a message on the bounded pool. `None` when the wall clock, the queue, the pool or its workers gave out.
    async fn look(&self, in_force: &Arc<InForce>, submission: Submission) -> Option<(Examined, Likeness)> {
        let judging = &in_force.settings.judging;
        let permit = self.turn(judging.queue, judging.timeout).await?;
        let (rules, overdue) = (Arc::clone(in_force), Arc::clone(&self.overdue));
        // What was tried, told from over there as soon as it is known: the work itself may not come back in time.
        let tried = Arc::new(OnceLock::new());
        let telling = Arc::clone(&tried);
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let likeness = overdue.likeness(&submission);
            let attempt = overdue.attempt(likeness, Instant::now());
            let _ = telling.set((likeness, attempt));
            let date = civil_date(&submission);
            let examined = examine(&rules.rules, rules.extractor.as_ref(), submission, Some(date), attempt)?;
            Ok::<_, Unread>((examined, likeness))
        });
        let unread = match tokio::time::timeout(judging.timeout, work).await {
            Ok(Ok(Ok(looked))) => return Some(looked),
            Ok(Ok(Err(unread))) => {
                warn!("{unread}; the MTA will try again");
                self.remember(tried.get().filter(|_| unread == Unread::Outlasted), |_| Attempt::Again);
                if unread == Unread::NoWorker { Tempfail::Workers } else { Tempfail::Deadline }
            }
            Ok(Err(failure)) => {
                error!(panicked = failure.is_panic(), "a message could not be read; the MTA will try again");
                Tempfail::Panic
            }
            Err(_elapsed) => {
                warn!(
                    "a message outlasted the wall clock; if it comes again, only what is cheap of it is read"
                );
                self.remember(tried.get(), Attempt::less);
                Tempfail::Deadline
            }
        };
        self.metrics.tempfailed(unread);
        None
    }

    fn remember(&self, tried: Option<&(Likeness, Attempt)>, next: fn(Attempt) -> Attempt) {
        if let Some((likeness, attempt)) = tried {
            self.overdue.remember(*likeness, next(*attempt), Instant::now());
        }
    }

    /// Waits for a place in the pool, unless too many wait already, or for too long: a client hangs up after ten minutes (RFC
    /// 5321, 4.5.3.2.6), and what is delivered after that is delivered twice.
    async fn turn(&self, queue: usize, patience: Duration) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.pool).try_acquire_owned() {
            return Some(permit);
        }
        let permit = match Place::take(&self.waiting, queue) {
            Some(_place) => {
                let turn = Arc::clone(&self.pool).acquire_owned();
                tokio::time::timeout(patience, turn).await.ok().and_then(Result::ok)
            }
            None => None,
        };
        if permit.is_none() {
            warn!("too many messages wait to be judged; the MTA will try again");
            self.metrics.tempfailed(Tempfail::Workers);
        }
        permit
    }

    /// Makes what a plan asks for durable.
    async fn make_durable(&self, plan: &Plan, content: &[u8]) -> Outcome {
        let mut notices = Vec::new();
        let mut case = None;
        for effect in &plan.before_reply {
            match effect {
                Effect::OpenCase(record) => case = Some(record),
                Effect::Notice(order) => notices.push(order.as_ref().clone()),
                Effect::Journal(_) => {}
            }
        }
        let Some(case) = case else { return Outcome::Nothing };
        let content = (case.disposition == Disposition::Held).then_some(content);
        match self.store.commit(Batch { case, content, notices: &notices }).await {
            Ok(Committed { case, repeated, token }) => Outcome::Committed { case, repeated, token },
            Err(failure) => {
                self.metrics.store_error(StoreStep::Commit);
                self.metrics.tempfailed(Tempfail::Store);
                error!(%failure, "a case could not be kept; see /readyz");
                Outcome::Failed
            }
        }
    }

    async fn answer(&self, in_force: &InForce, examined: Examined, started: Instant) -> Reply {
        let Examined { submission, reading, inspection, .. } = examined;
        let settings = &in_force.settings;
        let stance = Stance {
            proposed: CaseId::from_bits(rand::random()),
            deadline: submission
                .received_at
                .saturating_add(settings.store.undecided)
                .unwrap_or(Timestamp::MAX),
            mark_clean: settings.judging.mark_clean,
            two_persons: settings.review.two_persons.clone(),
        };
        let plan = plan(&submission, &reading, &inspection, &stance);
        let outcome = self.make_durable(&plan, &submission.raw).await;
        self.write_down(&plan, &outcome, started.elapsed());
        plan.settle(outcome, &settings.establishment)
    }

    /// One log line, one journal line and the figures of a judged message. Nothing waits for them.
    fn write_down(&self, plan: &Plan, outcome: &Outcome, elapsed: Duration) {
        for effect in &plan.after_reply {
            let Effect::Journal(entry) = effect else { continue };
            let case = match outcome {
                Outcome::Committed { case, .. } => Some(case.to_string()),
                Outcome::Nothing | Outcome::Failed => None,
            };
            let articles: Vec<&str> = entry.articles.iter().map(|article| article.0.as_str()).collect();
            info!(
                queue_id = entry.queue_id.as_ref().map_or("", |id| id.as_str()),
                verdict = entry.verdict.name(),
                applied = entry.applied.name(),
                articles = articles.join(","),
                case = case.unwrap_or_default(),
                bytes = entry.size,
                micros = elapsed.as_micros(),
                "judged"
            );
            self.metrics.judged(entry, elapsed);
            if self.journal.try_send(entry.as_ref().clone()).is_err() {
                self.metrics.store_error(StoreStep::Journal);
            }
        }
    }
}

#[async_trait]
impl Judge for Engine {
    async fn judge(&self, submission: Submission) -> Reply {
        let started = Instant::now();
        let in_force = self.in_force();
        let establishment = &in_force.settings.establishment;
        if let Some(reply) = release::claim(&self.store, &self.metrics, &submission, establishment).await {
            return reply;
        }
        if let Some(reply) = self.answered(&in_force, &submission).await {
            return reply;
        }
        let Some((examined, likeness)) = self.look(&in_force, submission).await else {
            return Reply::unjudged(in_force.fail_open, establishment);
        };
        let reply = self.answer(&in_force, examined, started).await;
        if !matches!(reply, Reply::Tempfail(_)) {
            self.overdue.forget(likeness);
        }
        reply
    }
}

/// A place in the queue, given back when dropped, also by an MTA that hangs up.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, most: usize) -> Option<Self> {
        let one_more = |count: usize| (count < most).then_some(count + 1);
        waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok().map(|_| Self(waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Address, Envelope, Raw, SenderFacts};
    use crate::service::Workbench;
    use crate::service::timely::tests::Hung;

    /// An engine in front of a store that hangs.
    fn engine() -> Engine {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("vaguemestre.toml");
        std::fs::write(&config, "[judging]\nmode = \"enforce\"\n").unwrap();
        let mut in_force = Workbench::open(Some(&config)).unwrap().in_force();
        in_force.settings.judging.timeout = Duration::from_secs(60);
        let engine = Engine::new(in_force, Arc::new(Hung), Arc::new(Metrics::default()), mpsc::channel(10).0);
        Engine { store: Timely::new(Arc::new(Hung), Duration::from_millis(20)), ..engine }
    }

    fn submission(to: &[&str], text: &str) -> Submission {
        let address = |text: &&str| Address::parse(text).unwrap();
        let raw = format!(
            "Subject: Suivi\r\nMessage-ID: <1@c.example>\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"
        );
        Submission {
            envelope: Envelope {
                sender: Some(address(&"a@cissslau.example")),
                recipients: to.iter().map(address).collect(),
                ..Envelope::default()
            },
            facts: SenderFacts::default(),
            raw: Raw(raw.into_bytes()),
            received_at: Timestamp::now(),
        }
    }

    const PATIENT: &str = "Le NAM de la patiente est TREM 5412 1925, diabète.";

    /// Architecture, decision 2: "Store down: a message that would be held … gets 451; a refusal stays a 550".
    #[tokio::test]
    async fn a_commit_that_hangs_puts_the_message_off() {
        let engine = engine();
        let held = submission(&["b@cissslau.example", "c@cissslau.example"], PATIENT);
        let refused = submission(&["quelquun@gmail.com"], PATIENT);
        let clean = submission(&["b@cissslau.example"], "À 14 h.");
        let (held, refused, clean) =
            tokio::join!(engine.judge(held), engine.judge(refused), engine.judge(clean));
        assert!(matches!(held, Reply::Tempfail(_)), "{held:?}");
        assert!(matches!(refused, Reply::Reject(_)), "{refused:?}");
        assert!(matches!(clean, Reply::Accept(_)), "{clean:?}");
    }

    /// "None delivered unread": whoever outlasts the clock, again and again, is judged by what is cheap, then by the header.
    #[tokio::test]
    async fn a_message_that_outlasts_the_clock_is_read_less_at_each_try() {
        let engine = engine();
        let message = || submission(&["quelquun@gmail.com"], PATIENT);
        let likeness = engine.overdue.likeness(&message());
        let in_force = engine.in_force();
        for (attempt, read, gaps) in
            [(Attempt::First, true, 0), (Attempt::Cheap, true, 1), (Attempt::Header, false, 1)]
        {
            engine.overdue.remember(likeness, attempt, Instant::now());
            let (examined, seen) = engine.look(&in_force, message()).await.unwrap();
            assert_eq!(seen, likeness);
            assert_eq!(!examined.inspection.findings().is_empty(), read, "{attempt:?}");
            assert_eq!(examined.reading.gaps.len(), gaps, "{attempt:?}");
            assert!(examined.reading.facts.message_id.is_some(), "{attempt:?}");
        }
    }
}
