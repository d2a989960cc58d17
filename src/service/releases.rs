//! Releases: gives held messages back to the MTA, once each, and settles what a broken connection left in doubt.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tracing::{error, info, warn};

use crate::model::{CaseId, Masked};
use crate::ports::{Fate, Injection, MailQueue, Relay, ReleaseOrder, Step, Store, StoreError, step};
use crate::review::{Action, Actor, Case, act};
use crate::telemetry::{Delivery, Mailing, Metrics, StoreStep};

/// How often releases are looked for when none waits.
const TICK: Duration = Duration::from_secs(1);

/// How long a try in hand is nobody else's. Cutting it short doubles nothing: the next try voids its token.
const LEASE: Duration = Duration::from_secs(120);

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
    if let Err(failure) = store.resume(Timestamp::now()).await {
        error!(%failure, "what was in hand at the last stop waits for its lease");
    }
    loop {
        let now = Timestamp::now();
        let released = release_next(store.as_ref(), relay.as_ref(), &metrics, now).await;
        let settled = reconcile(store.as_ref(), queue.as_ref(), doubts, now).await;
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

/// What an answer means for the case; `None` when another try took over.
fn meaning(
    case: &Case,
    attempt: u32,
    injection: &Injection,
    now: Timestamp,
) -> Option<(Action, Option<Masked>)> {
    let release = case.release.as_ref().filter(|release| release.attempt == attempt)?;
    let unseen = release.queue_id.is_none();
    Some(match injection {
        Injection::Taken(_) => {
            if unseen {
                warn!(case = %case.id, "released, but our milter did not see it: is it on the release listener?");
            }
            (Action::Sent, None)
        }
        Injection::Refused(code) if unseen => {
            (Action::GiveUp, Some(Masked::new(format!("the MTA refuses it for good ({code})"))))
        }
        Injection::NotSent if unseen => (Action::Retry(Some(now + backoff(attempt))), None),
        Injection::Refused(_) | Injection::NotSent | Injection::Unknown(_) => (Action::Doubt, None),
    })
}

/// Settles each case in doubt by what queue and log tell of its queue id.
///
/// # Errors
/// [`StoreError`] when the store cannot be read or written; the doubts stay.
pub async fn reconcile(
    store: &dyn Store,
    queue: &dyn MailQueue,
    doubts: Doubts,
    now: Timestamp,
) -> Result<(), StoreError> {
    for case in store.unsettled(now).await? {
        let Some(action) = settles(&case, queue, doubts, now).await else { continue };
        info!(case = %case.id, action = action.name(), "doubt settled");
        match carry_out(store, &case, action, None, now).await {
            Ok(()) | Err(StoreError::Conflict(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// What settles a doubt; `None` while nothing does.
async fn settles(case: &Case, queue: &dyn MailQueue, doubts: Doubts, now: Timestamp) -> Option<Action> {
    let release = case.release.as_ref()?;
    let age = now.duration_since(release.armed_at);
    let Some(queue_id) = &release.queue_id else {
        // Our milter never let this try in, and will not: trying again makes its token void.
        return Some(Action::Retry(Some(now + backoff(release.attempt))));
    };
    match queue.fate(queue_id, release.armed_at).await {
        Fate::Taken => Some(Action::Sent),
        Fate::NeverQueued if age >= doubts.lost_after => Some(Action::Retry(None)),
        Fate::NeverQueued => None,
        Fate::Unknown => {
            if age >= doubts.told_after && age.as_secs() % 900 < 2 {
                let queue_id = queue_id.as_str();
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
