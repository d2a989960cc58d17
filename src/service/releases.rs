//! Releases: gives held messages back to the MTA, once each, and settles what a broken connection left in doubt.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tracing::{error, info, warn};

use crate::model::{CaseId, CaseState, Masked, QueueId};
use crate::ports::{Fate, Injection, MailQueue, Relay, ReleaseOrder, Step, Store, StoreError, step};
use crate::review::{Action, Actor, Case, act};
use crate::telemetry::{Delivery, Mailing, Metrics, StoreStep};

/// How often releases are looked for when none waits.
const TICK: Duration = Duration::from_secs(1);

/// How long a try in hand is nobody else's. Cutting it short doubles nothing: the next try voids its token.
const LEASE: Duration = Duration::from_secs(120);

/// Most tries that a release is given, about a day of them; then it is held again, and a person decides.
const TRIES: u32 = 150;

/// Longest wait between two looks at a doubt.
const RARELY: SignedDuration = SignedDuration::from_mins(15);

/// A try that is younger than this was armed by a clock that ran ahead.
const AHEAD: SignedDuration = SignedDuration::from_mins(-1);

/// Times of the reconciler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubts {
    /// A copy that the log shows, but never in the queue, is held to be lost after this.
    pub lost_after: SignedDuration,
    /// A doubt that neither queue nor log settles is a person's after this.
    pub told_after: SignedDuration,
}

impl Default for Doubts {
    fn default() -> Self {
        Self { lost_after: SignedDuration::from_secs(60), told_after: SignedDuration::from_mins(15) }
    }
}

/// Releases and reconciles until told to stop; a copy in hand is finished first.
pub async fn run_releases(
    store: Arc<dyn Store>,
    relay: Arc<dyn Relay>,
    queue: Arc<dyn MailQueue>,
    doubts: Doubts,
    metrics: Arc<Metrics>,
    stop: impl Future<Output = ()>,
) {
    let mut stop = std::pin::pin!(stop);
    let mut looks = Looks::default();
    if let Err(failure) = store.resume(Timestamp::now()).await {
        error!(%failure, "what was in hand at the last stop waits for its lease");
    }
    loop {
        let now = Timestamp::now();
        let released = release_next(store.as_ref(), relay.as_ref(), &metrics, now).await;
        let settled = reconcile(store.as_ref(), queue.as_ref(), doubts, &mut looks, now).await;
        let pause = match released.and_then(|released| settled.map(|()| released)) {
            Ok(true) => Duration::ZERO,
            Ok(false) => TICK,
            Err(failure) => {
                metrics.store_error(StoreStep::Case);
                error!(%failure, "releases cannot be worked on");
                TICK * 10
            }
        };
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Gives the next message back to the MTA and records the answer. `false` when none waits.
///
/// # Errors
/// [`StoreError`] when the store cannot be read or written; the release stays where the reconciler finds it.
pub async fn release_next(
    store: &dyn Store,
    relay: &dyn Relay,
    metrics: &Metrics,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(order) = store.arm_release(now, LEASE).await? else { return Ok(false) };
    let injection = relay.reinject(&order.envelope, &order.header, &order.content).await;
    step(Step::ReleaseAnswered);
    metrics.mailed(Mailing::Release, delivery(&injection));
    info!(case = %order.case, attempt = order.attempt, answer = ?injection, "release tried");
    record(store, &order, &injection, now).await?;
    Ok(true)
}

/// Records what the MTA answered, if this try is still the one in hand. The milter's claim changes the case meanwhile, so
/// it is looked at again until the change fits.
async fn record(
    store: &dyn Store,
    order: &ReleaseOrder,
    injection: &Injection,
    now: Timestamp,
) -> Result<(), StoreError> {
    for _ in 0..8 {
        let Some(case) = store.case(&order.case).await? else { return Ok(()) };
        let Some((action, text)) = meaning(&case, order.attempt, injection, now) else { return Ok(()) };
        match carry_out(store, &case, action, text, now).await {
            Err(StoreError::Conflict(_)) => {}
            done => return done,
        }
    }
    Ok(())
}

/// What happens to a case, and what is written beside it.
type Said = (Action, Option<Masked>);

/// What an answer means for the case; `None` when another try took over.
fn meaning(case: &Case, attempt: u32, injection: &Injection, now: Timestamp) -> Option<Said> {
    let release = case.release.as_ref().filter(|release| release.attempt == attempt)?;
    let unseen = release.queue_id.is_none();
    Some(match injection {
        Injection::Taken(_) if !unseen => (Action::Sent, None),
        Injection::Taken(queue_id) => {
            let queue_id = queue_id.as_ref().map_or("", QueueId::as_str);
            warn!(case = %case.id, queue_id, "the MTA took it, but our milter did not see it: is it on the release listener?");
            (
                Action::Doubt(Some(TAKEN)),
                Some(Masked::new(format!("taken unseen by our milter ({queue_id})"))),
            )
        }
        Injection::Refused(code) | Injection::Unknown(Some(code @ 500..)) if unseen => refused(*code),
        Injection::NotSent if unseen => again(attempt, now),
        Injection::Unknown(code) => (Action::Doubt(*code), None),
        Injection::Refused(_) | Injection::NotSent => (Action::Doubt(None), None),
    })
}

/// The answer of an MTA that took the whole message.
const TAKEN: u16 = 250;

fn refused(code: u16) -> Said {
    (Action::GiveUp, Some(Masked::new(format!("the MTA refuses it for good ({code})"))))
}

/// One more try, unless there were enough.
fn again(attempt: u32, now: Timestamp) -> Said {
    if attempt < TRIES {
        return (Action::Retry(Some(now + backoff(attempt))), None);
    }
    (Action::GiveUp, Some(Masked::new(format!("the MTA did not take it in {attempt} tries"))))
}

/// When each doubt is looked at next. Queue and log tell at once or, mostly, never: they are asked less and less often.
#[derive(Debug, Default)]
pub struct Looks(HashMap<CaseId, Timestamp>);

impl Looks {
    /// Those of these cases whose turn it is; their next is set, at a quarter of the age of the doubt. Others are forgotten.
    fn due<'a>(&mut self, cases: &'a [Case], now: Timestamp) -> Vec<&'a Case> {
        let last = std::mem::take(&mut self.0);
        let mut due = Vec::new();
        for case in cases {
            // One further ahead was set by a clock that was.
            let waits = last.get(&case.id).filter(|next| **next > now && **next <= now + RARELY);
            let next = waits.copied().unwrap_or_else(|| {
                due.push(case);
                let age =
                    case.release.as_ref().map_or(RARELY, |release| now.duration_since(release.armed_at));
                now + (age / 4).clamp(SignedDuration::from_secs(1), RARELY)
            });
            self.0.insert(case.id.clone(), next);
        }
        due
    }
}

/// Settles each case in doubt by what queue and log tell of its queue id.
///
/// # Errors
/// [`StoreError`] when the store cannot be read or written; the doubts stay.
pub async fn reconcile(
    store: &dyn Store,
    queue: &dyn MailQueue,
    doubts: Doubts,
    looks: &mut Looks,
    now: Timestamp,
) -> Result<(), StoreError> {
    let unsettled = store.unsettled(now).await?;
    for case in looks.due(&unsettled, now) {
        let Some((action, text)) = settles(case, queue, doubts, now).await else { continue };
        info!(case = %case.id, action = action.name(), "doubt settled");
        match carry_out(store, case, action, text, now).await {
            Ok(()) | Err(StoreError::Conflict(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// What settles a doubt; `None` while nothing does.
async fn settles(case: &Case, queue: &dyn MailQueue, doubts: Doubts, now: Timestamp) -> Option<Said> {
    let release = case.release.as_ref()?;
    let age = now.duration_since(release.armed_at);
    let fate = match &release.queue_id {
        Some(queue_id) => queue.fate(queue_id, release.armed_at).await,
        // The MTA holds a copy that our milter never saw, or threw one away.
        None if release.answer == Some(TAKEN) => Fate::Unknown,
        // Our milter never let this try in, and will not: trying again makes its token void.
        None => return Some(again(release.attempt, now)),
    };
    let doubted = case.state == CaseState::Uncertain;
    match (fate, release.answer) {
        (Fate::Taken, _) => Some((Action::Sent, None)),
        // Its clock ran ahead: neither its age nor what queue and log do not show since then tells anything.
        _ if age < AHEAD => (!doubted).then_some((Action::Doubt(None), None)),
        (Fate::NeverQueued, _) if age < doubts.lost_after => None,
        (Fate::NeverQueued, Some(code @ 500..)) => Some(refused(code)),
        (Fate::NeverQueued, _) => Some(again(release.attempt, now)),
        (Fate::Unknown, _) => {
            if age >= doubts.told_after {
                let queue_id = release.queue_id.as_ref().map_or("", QueueId::as_str);
                warn!(case = %case.id, queue_id, "neither queue nor log tells whether it was released: a person decides");
            }
            None
        }
    }
}

async fn carry_out(
    store: &dyn Store,
    case: &Case,
    action: Action,
    text: Option<Masked>,
    now: Timestamp,
) -> Result<(), StoreError> {
    match act(case, action, &Actor::Service, text, now) {
        Ok(transition) => store.apply(&transition).await.map(|_version| ()),
        Err(_settled_meanwhile) => Ok(()),
    }
}

/// Waits 5 s after the first failed try, twice as long after each, 10 minutes at most.
fn backoff(attempt: u32) -> SignedDuration {
    let seconds = 5_i64.saturating_mul(1_i64.checked_shl(attempt.saturating_sub(1)).unwrap_or(i64::MAX));
    SignedDuration::from_secs(seconds.clamp(5, 600))
}

fn delivery(injection: &Injection) -> Delivery {
    match injection {
        Injection::Taken(_) => Delivery::Taken,
        Injection::NotSent => Delivery::Deferred,
        Injection::Refused(_) => Delivery::Refused,
        Injection::Unknown(_) => Delivery::Uncertain,
    }
}

/// Carries out what a person decides: looks, asks the rules, applies; for the terminal and the pages.
///
/// # Errors
/// [`StoreError::Refused`] with the rule's own words, [`StoreError::Conflict`] when someone was faster.
pub async fn decide(
    store: &dyn Store,
    id: &CaseId,
    action: Action,
    actor: &Actor,
    text: Option<Masked>,
    now: Timestamp,
) -> Result<Case, StoreError> {
    let found = store.case(id).await?;
    let case = found.ok_or_else(|| StoreError::Refused("there is no case of this number".to_owned()))?;
    let transition =
        act(&case, action, actor, text, now).map_err(|refusal| StoreError::Refused(refusal.to_string()))?;
    store.apply(&transition).await?;
    let after = store.case(id).await?;
    after.ok_or_else(|| StoreError::Damaged("the case is gone".to_owned()))
}
