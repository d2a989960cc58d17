//! The judge behind the milter: read, judge, make durable, answer.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tracing::{error, info, warn};

use super::examine::{Examined, civil_date, examine, examine_unread};
use super::{Current, InForce, Replies, release};
use crate::model::{CaseId, Disposition, Effect, JournalEntry, Submission};
use crate::plan::{Outcome, Plan, Reply, Stance, plan};
use crate::ports::{Attempt, Batch, Committed, Intake, Judge, Unread};
use crate::telemetry::{Metrics, StoreStep, Tempfail};

/// Reads, judges, commits and answers, message by message.
pub struct Engine {
    current: Current,
    store: Arc<dyn Intake>,
    metrics: Arc<Metrics>,
    journal: mpsc::Sender<JournalEntry>,
    pool: Arc<Semaphore>,
    /// Messages that wait for the pool.
    waiting: AtomicUsize,
    /// Messages that outlasted the wall clock once. Bounded by [`OVERDUE_KEPT`].
    overdue: Mutex<HashMap<u64, Overdue>>,
    /// What takes senders' answers by mail, where the private key is at hand.
    replies: OnceLock<Replies>,
}

/// What outlasted the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Overdue {
    /// Reading an attachment: when the message comes again, that one is a gap.
    Attachment,
    /// The message as a whole: when it comes again, it is judged unread.
    Message,
}

/// Most overdue messages remembered; past it the memory starts afresh.
const OVERDUE_KEPT: usize = 1_000;

impl Engine {
    /// Joins the parts. `journal` takes one line a message; a full channel drops lines, never messages.
    pub fn new(
        in_force: InForce,
        store: Arc<dyn Intake>,
        metrics: Arc<Metrics>,
        journal: mpsc::Sender<JournalEntry>,
    ) -> Self {
        let workers = in_force.settings.judging.workers;
        Self {
            current: Current::new(in_force),
            store,
            metrics,
            journal,
            pool: Arc::new(Semaphore::new(workers)),
            waiting: AtomicUsize::new(0),
            overdue: Mutex::default(),
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
        self.replies.get()?.take(submission, settings, &in_force.settings.establishment).await
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
    async fn look(&self, in_force: &Arc<InForce>, submission: Submission) -> Option<Examined> {
        let permit = self.turn(in_force.settings.judging.queue).await?;
        let likeness = likeness(&submission);
        let before = self.overdue().get(&likeness).copied();
        let rules = Arc::clone(in_force);
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let attempt = match before {
                Some(Overdue::Message) => return Ok(examine_unread(&rules.rules, submission)),
                Some(Overdue::Attachment) => Attempt::Again,
                None => Attempt::First,
            };
            let date = civil_date(&submission);
            examine(&rules.rules, rules.extractor.as_ref(), submission, Some(date), attempt)
        });
        match tokio::time::timeout(in_force.settings.judging.timeout, work).await {
            Ok(Ok(Ok(examined))) => Some(examined),
            Ok(Ok(Err(unread))) => {
                warn!("{unread}; the MTA will try again");
                self.metrics.tempfailed(self.cause(unread, likeness));
                None
            }
            Ok(Err(failure)) => {
                error!(panicked = failure.is_panic(), "a message could not be read; the MTA will try again");
                self.metrics.tempfailed(Tempfail::Panic);
                None
            }
            Err(_elapsed) => {
                warn!("a message outlasted the wall clock; if it comes again, it is judged unread");
                self.remember_overdue(likeness, Overdue::Message);
                self.metrics.tempfailed(Tempfail::Deadline);
                None
            }
        }
    }

    /// Waits for a place in the pool, unless too many wait already.
    async fn turn(&self, queue: usize) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.pool).try_acquire_owned() {
            return Some(permit);
        }
        let place = Place::take(&self.waiting, queue);
        if place.is_none() {
            warn!("too many messages wait to be judged; the MTA will try again");
            self.metrics.tempfailed(Tempfail::Workers);
        }
        let _place = place?;
        Arc::clone(&self.pool).acquire_owned().await.ok()
    }

    fn cause(&self, unread: Unread, likeness: u64) -> Tempfail {
        match unread {
            Unread::Outlasted => {
                self.remember_overdue(likeness, Overdue::Attachment);
                Tempfail::Deadline
            }
            Unread::NoWorker => Tempfail::Workers,
        }
    }

    fn remember_overdue(&self, likeness: u64, what: Overdue) {
        let mut overdue = self.overdue();
        if overdue.len() >= OVERDUE_KEPT {
            overdue.clear();
        }
        overdue.insert(likeness, what);
    }

    fn overdue(&self) -> MutexGuard<'_, HashMap<u64, Overdue>> {
        self.overdue.lock().unwrap_or_else(PoisonError::into_inner)
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
        if let Some(reply) = release::claim(self.store.as_ref(), &submission, establishment).await {
            return reply;
        }
        if let Some(reply) = self.answered(&in_force, &submission).await {
            return reply;
        }
        match self.look(&in_force, submission).await {
            Some(examined) => self.answer(&in_force, examined, started).await,
            None => Reply::unjudged(in_force.fail_open, &in_force.settings.establishment),
        }
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

/// Tells a retry of a message from most other messages, at no cost to speak of: envelope and last bytes of the body.
fn likeness(submission: &Submission) -> u64 {
    let mut hasher = DefaultHasher::new();
    submission.envelope.sender.hash(&mut hasher);
    submission.envelope.recipients.hash(&mut hasher);
    let tail = submission.raw.len().saturating_sub(4_096);
    submission.raw.get(tail..).hash(&mut hasher);
    hasher.finish()
}
