//! Keeps nothing longer than it must: undecided cases go back, decided ones lose their copy, orphans are set aside and destroyed later.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tracing::{error, info, warn};

use super::clock::{ClockWatch, Trust};
use crate::ports::{Store, StoreError};
use crate::review::{Action, Actor, act};
use crate::telemetry::{Health, Metrics, StoreStep};

/// How often figures are told.
const TICK: Duration = Duration::from_secs(15);

/// How many ticks between two rounds: an hour.
const ROUND: u32 = 240;

/// A file that no case knows is left alone so long: the commit that will name it may be running.
const ORPHAN: Duration = Duration::from_secs(600);

/// Makes its rounds until told to stop: one at the start, then one an hour, but none while the clock is in doubt. Tells figures in between.
pub async fn run_retention(
    store: Arc<dyn Store>,
    metrics: Arc<Metrics>,
    health: Arc<Health>,
    stop: impl Future<Output = ()>,
) {
    let mut stop = std::pin::pin!(stop);
    let (started, mut ticks, mut missing) = (Instant::now(), 0, None);
    let mut watch = ClockWatch::new(store.trusted_before(), Timestamp::now());
    loop {
        let now = Timestamp::now();
        let trust = watch.look(now, started.elapsed());
        if let Trust::Leapt(leap) = trust {
            warn!(
                seconds = leap.as_secs(),
                "the clock leapt, or the service rested for days: nothing is given back or destroyed for an hour of running; if it is wrong, set it right"
            );
        }
        let due = ticks == 0 && trust == Trust::Sound;
        if due || missing.is_none() {
            missing = look_for_missing(store.as_ref(), &metrics).await.or(missing);
        }
        let teller = Teller { metrics: &metrics, health: &health, missing: missing.unwrap_or(0) };
        if let Err(failure) = tick(store.as_ref(), &teller, trust, due, now).await {
            metrics.store_error(StoreStep::Purge);
            error!(%failure, "the caretaker's round was cut short");
        }
        // A round that is put off stays due.
        ticks = if ticks == 0 && !due { 0 } else { (ticks + 1) % ROUND };
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Where figures are told, and how many messages were missing when they were last looked for.
struct Teller<'a> {
    metrics: &'a Metrics,
    health: &'a Health,
    missing: usize,
}

/// Looks for cases that wait whose message is gone, and names each in the log.
async fn look_for_missing(store: &dyn Store, metrics: &Metrics) -> Option<usize> {
    let missing = store.missing().await.inspect_err(|failure| {
        metrics.store_error(StoreStep::Purge);
        error!(%failure, "sealed messages could not be looked for");
    });
    let missing = missing.ok()?;
    for case in &missing {
        error!(%case, "{MISSING}");
    }
    metrics.missing(missing.len());
    Some(missing.len())
}

/// What is done at every tick: a round where one is due, figures, and a note that the clock is trusted where it is. A doubt is not noted:
/// a restart within it finds the leap again.
async fn tick(
    store: &dyn Store,
    teller: &Teller<'_>,
    trust: Trust,
    due: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let done = if due { round(store, ORPHAN, now).await } else { Ok(()) };
    let noted = if trust == Trust::Sound { store.trust(now).await } else { Ok(()) };
    done.and(noted).and(figures(store, teller, now).await)
}

/// One round.
///
/// # Errors
/// [`StoreError`] when the store cannot be read or written; the next round goes on.
pub async fn round(store: &dyn Store, orphan: Duration, now: Timestamp) -> Result<(), StoreError> {
    for case in store.expired(now).await? {
        let Ok(transition) = act(&case, Action::Expire, &Actor::Service, None, now) else { continue };
        match store.apply(&transition).await {
            Ok(_) => info!(case = %case.id, "nobody decided in time: given back to the sender"),
            Err(StoreError::Conflict(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    let shredded = store.shred(now).await?;
    let swept = store.sweep(orphan).await?;
    if swept.set_aside > 0 {
        warn!(messages = swept.set_aside, "{UNNAMED}");
    }
    if swept.brought_back > 0 {
        warn!(
            messages = swept.brought_back,
            "sealed messages that were set aside are named by cases: brought back"
        );
    }
    if shredded + swept.destroyed > 0 {
        info!(shredded, set_aside_before = swept.destroyed, "sealed messages destroyed");
    }
    let forgotten = store.forget(now).await?;
    if forgotten > 0 {
        info!(forgotten, "cases of past years forgotten");
    }
    if let Some(signed) = store.sign_checkpoint(now).await? {
        // Written elsewhere than in the database, it shows whether the database was rewritten.
        info!(entry = signed.seq, head = signed.hash, signature = signed.signature, "audit checkpoint");
    }
    Ok(())
}

/// What is said of sealed messages that no case names.
const UNNAMED: &str = "sealed messages that no case names are set aside in content/set-aside: a crash leaves one, a database older than they are \
     many. `vaguemestre cases set-aside` lists them and decides on them. If it was restored, put back the newest copy of it (SECURITY.md, \"Back up and \
     restore\"); they are destroyed once they have lain there as long \
     as an undecided message is kept";

/// What is said of a case whose message is gone.
const MISSING: &str = "the sealed message of a case that waits is gone: put the missing files of content back from the newest copy of it \
     (SECURITY.md, \"Back up and restore\"); until then it can be given back, not released";

async fn figures(store: &dyn Store, teller: &Teller<'_>, now: Timestamp) -> Result<(), StoreError> {
    let Teller { metrics, health, missing } = *teller;
    let figures = store.figures().await?;
    for (state, count) in figures.cases {
        metrics.cases(state, count);
    }
    let waited = figures.oldest_notice.and_then(|due| Duration::try_from(now.duration_since(due)).ok());
    metrics.outbox(figures.notices, waited.unwrap_or_default());
    metrics.set_aside(figures.set_aside);
    let unnamed = (figures.set_aside > 0).then(|| format!("keeping: {} {UNNAMED}", figures.set_aside));
    let missing = (missing > 0).then(|| format!("keeping: {missing} cases, named in the log: {MISSING}"));
    health.keeping(unnamed.into_iter().chain(missing).collect());
    Ok(())
}
