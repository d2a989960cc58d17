//! Sends what waits in the outbox.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tracing::{error, info, warn};

use crate::model::NoticeOrder;
use crate::notices::Rendered;
use crate::ports::{ClaimedNotice, Letter, Outbox, PostError, Posted, Relay, Step, StoreError, step};
use crate::telemetry::{Delivery, Mailing, Metrics, StoreStep};

/// How often the outbox is looked into when nothing waits.
const TICK: Duration = Duration::from_secs(1);

/// How long a notice in hand is nobody else's.
const LEASE: Duration = Duration::from_secs(300);

/// Waits between tries, in minutes; the last one repeats.
const WAITS: [u64; 5] = [1, 5, 15, 30, 60];

/// A notice that could not be sent so often (about five days) is given up.
const TRIES: u32 = 120;

/// One that the MTA refuses so often (about a night) is given up: an address gone wrong is told soon, a setting gone wrong is found.
const REFUSALS: u32 = 12;

/// Sends notices until told to stop. A notice in hand is finished first; one cut short by a crash is sent again under
/// the same Message-ID.
pub async fn run_outbox(
    store: Arc<dyn Outbox>,
    relay: Arc<dyn Relay>,
    render: impl Fn(&[NoticeOrder], Timestamp) -> Option<Rendered> + Send + Sync,
    metrics: Arc<Metrics>,
    stop: impl Future<Output = ()>,
) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let pause = match post_next(store.as_ref(), relay.as_ref(), &render, &metrics, Timestamp::now()).await
        {
            Ok(true) => Duration::ZERO,
            Ok(false) => TICK,
            Err(failure) => {
                metrics.store_error(StoreStep::Outbox);
                error!(%failure, "the outbox cannot be worked on");
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

/// Sends the next notice that is due. `false` when none is.
///
/// # Errors
/// [`StoreError`] when the outbox cannot be read or written; the notice stays in it.
pub async fn post_next(
    store: &dyn Outbox,
    relay: &dyn Relay,
    render: &(impl Fn(&[NoticeOrder], Timestamp) -> Option<Rendered> + Sync),
    metrics: &Metrics,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(notice) = store.claim_notice(now, LEASE).await? else { return Ok(false) };
    let sent = match letter(&notice, render, now) {
        Some(letter) => relay.post(&letter).await,
        None => Err(PostError::Never),
    };
    step(Step::NoticeSent);
    let posted = settled(sent, notice.tries, now);
    store.settle_notice(&notice.id, posted, now).await?;
    tell(&notice, posted, metrics);
    Ok(true)
}

fn letter(
    notice: &ClaimedNotice,
    render: &impl Fn(&[NoticeOrder], Timestamp) -> Option<Rendered>,
    now: Timestamp,
) -> Option<Letter> {
    let to = notice.orders.first()?.to.clone();
    Some(Letter { id: notice.id.clone(), to, says: render(&notice.orders, now)? })
}

/// What comes of a try, after so many before.
fn settled(sent: Result<(), PostError>, tries: u32, now: Timestamp) -> Posted {
    match sent {
        Ok(()) => Posted::Sent,
        Err(PostError::Later) if tries < TRIES => Posted::Again(now + wait(tries)),
        Err(PostError::Refused) if tries < REFUSALS => Posted::Again(now + wait(tries)),
        Err(PostError::Later | PostError::Refused | PostError::Never) => Posted::Failed,
    }
}

fn wait(tries: u32) -> Duration {
    let index = usize::try_from(tries).unwrap_or(usize::MAX);
    Duration::from_secs(60 * WAITS.get(index).copied().unwrap_or(60))
}

fn tell(notice: &ClaimedNotice, posted: Posted, metrics: &Metrics) {
    let kind = notice.orders.first().map_or("", |order| order.kind.name());
    let case = notice.orders.first().map(|order| order.case.to_string()).unwrap_or_default();
    let (delivery, grouped) = (delivery(posted), notice.orders.len());
    metrics.mailed(Mailing::Notice, delivery);
    match posted {
        Posted::Sent => info!(notice = notice.id, kind, case, grouped, "notice sent"),
        Posted::Again(at) => {
            warn!(notice = notice.id, kind, case, %at, "the MTA does not take a notice; tried again then");
        }
        Posted::Failed => {
            error!(notice = notice.id, kind, case, "a notice is given up: tell the sender another way");
        }
    }
}

fn delivery(posted: Posted) -> Delivery {
    match posted {
        Posted::Sent => Delivery::Taken,
        Posted::Again(_) => Delivery::Deferred,
        Posted::Failed => Delivery::Refused,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{REFUSALS, TRIES, settled};
    use crate::ports::{PostError, Posted};

    #[test]
    fn a_refusal_is_tried_for_a_night_and_no_answer_for_days() {
        let now = Timestamp::UNIX_EPOCH;
        for (error, tries, again) in [
            (PostError::Refused, 0, true),
            (PostError::Refused, REFUSALS - 1, true),
            (PostError::Refused, REFUSALS, false),
            (PostError::Later, REFUSALS, true),
            (PostError::Later, TRIES, false),
            (PostError::Never, 0, false),
        ] {
            let posted = settled(Err(error), tries, now);
            assert_eq!(matches!(posted, Posted::Again(at) if at > now), again, "{error:?} {tries}");
            assert_eq!(posted == Posted::Failed, !again, "{error:?} {tries}");
        }
        assert_eq!(settled(Ok(()), TRIES, now), Posted::Sent);
    }
}
