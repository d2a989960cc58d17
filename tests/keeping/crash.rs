//! Kills. A child process lives the whole life of a held message; it is killed at every named step, and at random; what is
//! left is then lived to its end. The MTA's folders are counted: one delivery, byte for byte, and each notice once.
//!
//! The child is this very test program, told by the environment what to do.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rand::Rng;
use vaguemestre::ports::{KILL_AT, Step};

use super::life::{MESSAGE, URL, open_at, whole_life};
use super::mta::messages;
use crate::support::pg;

const FOLDER: &str = "VAGUEMESTRE_TEST_FOLDER";

/// Not a test: what the child does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the tests below, in a process of its own"]
async fn child() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        whole_life(Path::new(&folder)).await;
    }
}

/// Where a life is kept.
struct Place {
    folder: tempfile::TempDir,
    url: String,
}

impl Place {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("state/cases.db").display());
        Self { folder, url }
    }

    fn postgres() -> Self {
        let url = pg::server().database(&format!("k{:016x}", rand::random::<u64>()));
        Self { folder: tempfile::tempdir().unwrap(), url }
    }

    fn has_files(&self) -> bool {
        self.url.starts_with("sqlite:")
    }
}

/// Where sealed messages are files, two more steps are there to die at.
fn steps(place: &Place) -> impl Iterator<Item = Step> {
    let files = place.has_files();
    let of_files = [Step::HoldContentWritten, Step::HoldContentSynced];
    Step::ALL.into_iter().filter(move |step| files || !of_files.contains(step))
}

fn spawn(place: &Place, kill_at: Option<&str>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "keeping::crash::child", "--ignored", "--nocapture"])
        .env(FOLDER, place.folder.path())
        .env(URL, &place.url);
    if let Some(step) = kill_at {
        command.env(KILL_AT, step);
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Lives on to the end, and counts.
async fn one_delivery(place: &Place, told: &str) {
    let folder = place.folder.path();
    assert!(spawn(place, None).wait().unwrap().success(), "{told}: the life does not end");
    assert_eq!(messages(folder, "queue"), [MESSAGE], "{told}: delivered once, unchanged");
    let sent = messages(folder, "notices");
    let ids: BTreeSet<String> = sent.iter().map(|notice| field(notice, "Message-ID")).collect();
    let subjects: BTreeSet<String> = sent.iter().map(|notice| field(notice, "Subject")).collect();
    assert_eq!(ids.len(), 2, "{told}: each notice under one Message-ID");
    assert_eq!(subjects, BTreeSet::from(["held".to_owned(), "released".to_owned()]), "{told}");
    let store = open_at(folder, &place.url).await;
    assert!(matches!(store.verify_audit().await.unwrap(), vaguemestre::ports::Trail::Whole { .. }), "{told}");
    store.sweep(Duration::ZERO).await.unwrap();
    if place.has_files() {
        let kept = std::fs::read_dir(folder.join("state/content")).unwrap().flatten();
        assert_eq!(kept.filter(|entry| entry.path().is_file()).count(), 1, "{told}: no orphan");
    }
}

fn field(message: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(message);
    let line = text.lines().find(|line| line.starts_with(&format!("{name}:"))).unwrap();
    line.split_once(": ").unwrap().1.to_owned()
}

/// "A step without a kill fails the test."
#[tokio::test]
async fn a_kill_at_any_step_loses_nothing_and_doubles_nothing() {
    for new in [Place::sqlite, Place::postgres] {
        for step in steps(&new()) {
            let place = new();
            let status = spawn(&place, Some(step.name())).wait().unwrap();
            assert_eq!(status.signal(), Some(6), "{}: the step is not reached", step.name());
            one_delivery(&place, step.name()).await;
        }
    }
}

/// The same step twice, then two steps one after the other.
#[tokio::test]
async fn two_crashes_are_no_worse_than_one() {
    use Step::{HoldCommitted, HoldInserted, NoticeSent, ReleaseClaimed, ReleaseSent};
    let twice = [
        (HoldInserted, HoldInserted),
        (HoldCommitted, ReleaseClaimed),
        (ReleaseClaimed, ReleaseClaimed),
        (ReleaseSent, ReleaseClaimed),
        (NoticeSent, NoticeSent),
    ];
    for (first, second) in twice {
        for place in [Place::sqlite(), Place::postgres()] {
            let told = format!("{} then {}", first.name(), second.name());
            for step in [first, second] {
                assert_eq!(spawn(&place, Some(step.name())).wait().unwrap().signal(), Some(6), "{told}");
            }
            one_delivery(&place, &told).await;
        }
    }
}

/// SIGKILL at random moments. `VAGUEMESTRE_KILLS` sets how many on each engine (20 by default).
#[tokio::test]
async fn random_kills_lose_nothing_and_double_nothing() {
    let wanted = std::env::var("VAGUEMESTRE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    for new in [Place::sqlite, Place::postgres] {
        let begun = Instant::now();
        assert!(spawn(&new(), None).wait().unwrap().success());
        let mut usual = begun.elapsed();
        let (mut kills, mut lives) = (0_u32, 0_u32);
        while kills < wanted {
            let place = new();
            for _ in 0..6 {
                let begun = Instant::now();
                let mut child = spawn(&place, None);
                let moment = usual.mul_f64(rand::rng().random_range(0.0..1.0));
                while begun.elapsed() < moment {
                    if child.try_wait().unwrap().is_some() {
                        // The machine is less busy than it was: kill earlier from now on.
                        usual = begun.elapsed().max(usual.mul_f64(0.9));
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(1));
                }
                child.kill().unwrap();
                kills += u32::from(!child.wait().unwrap().success());
            }
            one_delivery(&place, &format!("after {kills} kills")).await;
            lives += 1;
        }
        let engine = if new().has_files() { "SQLite" } else { "PostgreSQL" };
        println!("{engine}: {kills} kills over {lives} messages: 0 lost, 0 doubled");
    }
}
