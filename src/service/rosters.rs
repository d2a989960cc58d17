//! The rosters in force: taken up when their files change, told of when the nightly export is late.
//!
//! In: the files that the settings name. Out: rules with the new rosters, whole or not at all; messages in hand finish under
//! the old ones. It refuses to know how an index is made.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tracing::{info, warn};

use super::Engine;
use super::InForce;
use crate::config::rosters::{self, RosterError};
use crate::detect::roster::Rosters;
use crate::model::settings;
use crate::roster::Index;
use crate::telemetry::{Health, Metrics};

/// How often the files are looked at: three `stat` calls.
const WATCH: Duration = Duration::from_secs(10);

/// Opens the rosters that the settings name. In place of one that does not open stays the one of `before`, and the errors tell
/// why: an export that went wrong at night takes nobody off the roster.
#[must_use]
pub fn take(named: &settings::Roster, before: &Rosters) -> (Rosters, Vec<RosterError>) {
    let (patients, staff, troubles) = rosters::configured(named);
    let kept = |path: &Option<PathBuf>, old: &Option<Arc<Index>>| old.clone().filter(|_| path.is_some());
    let rosters = Rosters {
        patients: patients.map(Arc::new).or_else(|| kept(&named.index, &before.patients)),
        staff: staff.map(Arc::new).or_else(|| kept(&named.staff, &before.staff)),
    };
    (rosters, troubles)
}

/// Says of each roster built longer ago than `after` that the nightly export is late.
pub fn late(rosters: &Rosters, after: Duration, now: Timestamp) -> impl Iterator<Item = String> + '_ {
    all(rosters).filter_map(move |index| {
        let age = Duration::try_from(now.duration_since(index.created())).ok()?;
        let (roster, hours) = (index.roster(), age.as_secs() / 3_600);
        (age > after).then(|| {
            format!(
                "the roster of {roster} was built {hours} h ago: the nightly export is late; it stays in force, and who came since is not on it"
            )
        })
    })
}

/// Shows in the metrics what is in force.
pub fn show(rosters: &Rosters, metrics: &Metrics) {
    metrics.rosters(all(rosters).map(|index| (index.roster().name(), index.rows(), index.created())));
}

fn all(rosters: &Rosters) -> impl Iterator<Item = &Index> {
    [&rosters.patients, &rosters.staff].into_iter().filter_map(|index| index.as_deref())
}

/// Takes up the rosters whenever one of their files is replaced, and keeps `/readyz` true about their age, until `stop`.
pub async fn run_rosters(
    engine: Arc<Engine>,
    health: Arc<Health>,
    metrics: Arc<Metrics>,
    stop: impl Future<Output = ()>,
) {
    let mut stop = std::pin::pin!(stop);
    let mut seen = stamps(&engine.in_force().settings.roster);
    let mut told = engine.in_force().remarks(Timestamp::now());
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(WATCH) => {}
        }
        let in_force = engine.in_force();
        let now = stamps(&in_force.settings.roster);
        if now != seen {
            swap(&engine, in_force, &metrics).await;
            seen = now;
        }
        let remarks = engine.in_force().remarks(Timestamp::now());
        for remark in remarks.iter().filter(|remark| !told.contains(remark)) {
            warn!("{remark}");
        }
        health.remarks(remarks.clone());
        told = remarks;
    }
}

/// Opens the files anew and puts them in force, unless a reload did so meanwhile.
async fn swap(engine: &Engine, in_force: Arc<InForce>, metrics: &Metrics) {
    let old = Arc::clone(&in_force);
    let opened =
        tokio::task::spawn_blocking(move || take(&old.settings.roster, old.rules.detectors().rosters()));
    let Ok((rosters, troubles)) = opened.await else { return };
    show(&rosters, metrics);
    let troubles = troubles.iter().map(ToString::to_string).collect();
    if engine.renew(&in_force, in_force.with_rosters(rosters, troubles)) {
        let rules = engine.in_force();
        metrics.loaded(rules.rules.digest(), Timestamp::now());
        info!(rules = rules.rules.digest(), "a roster was replaced and is in force");
    }
}

/// What tells that a file was replaced: when it was written, its length, its inode. `None` when it is not there.
type Stamp = Option<(i64, i64, u64, u64)>;

fn stamps(named: &settings::Roster) -> Vec<(PathBuf, Stamp)> {
    let key = |index: &PathBuf| rosters::key_of(index, named.key.as_deref());
    let indexes: Vec<&PathBuf> = named.index.iter().chain(&named.staff).collect();
    let files = indexes.iter().map(|index| (*index).clone()).chain(indexes.iter().map(|index| key(index)));
    files
        .map(|path| {
            let stamp = stamp(&path);
            (path, stamp)
        })
        .collect()
}

fn stamp(path: &PathBuf) -> Stamp {
    let file = fs::metadata(path).ok()?;
    Some((file.mtime(), file.mtime_nsec(), file.len(), file.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::{Builder, Roster, Secret, Secrets};

    #[test]
    fn an_index_that_is_old_is_told_of_by_its_age() {
        let built = Timestamp::UNIX_EPOCH;
        let secret = || Secret::new([7; 32]);
        let bytes = Builder::new(Roster::Staff, &secret(), [9; 32], built).finish();
        let staff = Index::open(bytes, &Secrets::from([secret()])).unwrap();
        let rosters = Rosters { patients: None, staff: Some(Arc::new(staff)) };
        let day = Duration::from_secs(86_400);
        let told =
            |hours: u64| late(&rosters, day, built + Duration::from_secs(hours * 3_600)).collect::<Vec<_>>();
        assert!(told(24).is_empty());
        assert_eq!(told(25).len(), 1);
        assert!(told(25)[0].starts_with("the roster of staff was built 25 h ago"), "{:?}", told(25));
    }
}
