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
use crate::config::rosters::{self, RosterError};
use crate::detect::roster::Rosters;
use crate::model::settings;
use crate::roster::Index;
use crate::telemetry::{Health, Metrics};

/// How often the files are looked at: three `stat` calls.
const WATCH: Duration = Duration::from_secs(10);

/// Rosters as they were taken from their files.
#[derive(Debug, Default)]
pub struct Taken {
    /// The rosters.
    pub rosters: Rosters,
    /// Why one of them did not open.
    pub troubles: Vec<RosterError>,
    /// What the files were before they were opened: one that is replaced meanwhile is another.
    pub files: Files,
}

/// Opens the rosters that the settings name. In place of one that does not open stays the one of `before`, and the errors tell
/// why: an export that went wrong at night takes nobody off the roster.
#[must_use]
pub fn take(named: &settings::Roster, before: &Rosters) -> Taken {
    let files = files(named);
    let (patients, staff, troubles) = rosters::configured(named);
    let kept = |path: &Option<PathBuf>, old: &Option<Arc<Index>>| old.clone().filter(|_| path.is_some());
    let rosters = Rosters {
        patients: patients.map(Arc::new).or_else(|| kept(&named.index, &before.patients)),
        staff: staff.map(Arc::new).or_else(|| kept(&named.staff, &before.staff)),
    };
    Taken { rosters, troubles, files }
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
    let mut told = engine.in_force().remarks(Timestamp::now());
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(WATCH) => {}
        }
        take_up(&engine, &metrics).await;
        let remarks = engine.in_force().remarks(Timestamp::now());
        for remark in remarks.iter().filter(|remark| !told.contains(remark)) {
            warn!("{remark}");
        }
        health.remarks(remarks.clone());
        told = remarks;
    }
}

/// Opens the files anew and puts them in force, when they are not those that are. When something else came in force meanwhile, the
/// next look tells whether its rosters are of the files that are there then.
async fn take_up(engine: &Engine, metrics: &Metrics) {
    let in_force = engine.in_force();
    if files(&in_force.settings.roster) == in_force.roster_files {
        return;
    }
    let old = Arc::clone(&in_force);
    let opened =
        tokio::task::spawn_blocking(move || take(&old.settings.roster, old.rules.detectors().rosters()));
    let Ok(taken) = opened.await else { return };
    if engine.renew(&in_force, in_force.with_rosters(taken)) {
        let rules = engine.in_force();
        show(rules.rules.detectors().rosters(), metrics);
        metrics.loaded(rules.rules.digest(), Timestamp::now());
        info!(rules = rules.rules.digest(), "a roster was replaced and is in force");
    }
}

/// The files of the rosters and their keys, with what tells that one was replaced.
pub type Files = Vec<(PathBuf, Stamp)>;

/// When a file was written, its length, its inode. `None` when it is not there.
type Stamp = Option<(i64, i64, u64, u64)>;

fn files(named: &settings::Roster) -> Files {
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
    use tokio::sync::mpsc;

    use super::*;
    use crate::roster::{Builder, Roster, Secret, Secrets};
    use crate::service::timely::tests::Hung;
    use crate::service::{InForce, Workbench};

    /// "A new one is taken up within a minute", also when it came between the start and the first look, or during a reload.
    #[tokio::test]
    async fn a_file_that_is_not_the_one_in_force_is_taken_up() {
        let folder = tempfile::tempdir().unwrap();
        let (config, index) = (folder.path().join("vaguemestre.toml"), folder.path().join("patients.idx"));
        fs::write(&config, format!("[roster]\nindex = {index:?}\n")).unwrap();
        rosters::make_key(&rosters::beside(&index)).unwrap();
        let opened = || {
            let bench = Workbench::open(Some(&config)).unwrap();
            bench.with_configured_rosters(&Rosters::default()).in_force()
        };
        let (start, reload) = (opened(), opened());
        let (engine, metrics) =
            (Engine::new(start, Arc::new(Hung), Arc::default(), mpsc::channel(1).0), Metrics::default());
        let told = || engine.in_force().roster_troubles.join("\n");
        assert!(told().contains("cannot be read"), "{}", told());
        fs::write(&index, "not an index").unwrap();
        for why in ["replaced after it was opened", "put back by a reload that had opened the one before"] {
            let before = engine.in_force();
            take_up(&engine, &metrics).await;
            let in_force = engine.in_force();
            assert!(!Arc::ptr_eq(&in_force, &before), "{why}");
            assert!(!told().is_empty() && !told().contains("cannot be read"), "{}", told());
            take_up(&engine, &metrics).await;
            assert!(Arc::ptr_eq(&in_force, &engine.in_force()), "opened again, though nothing was replaced");
            engine.replace(InForce { roster_files: reload.roster_files.clone(), ..opened() });
        }
    }

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
