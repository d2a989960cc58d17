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

use super::life::{MESSAGE, open, whole_life};
use super::mta::messages;

const FOLDER: &str = "VAGUEMESTRE_TEST_FOLDER";

/// Not a test: what the child does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the tests below, in a process of its own"]
async fn child() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        whole_life(Path::new(&folder)).await;
    }
}

fn spawn(folder: &Path, kill_at: Option<&str>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "keeping::crash::child", "--ignored", "--nocapture"]).env(FOLDER, folder);
    if let Some(step) = kill_at {
        command.env(KILL_AT, step);
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Lives on to the end, and counts.
async fn one_delivery(folder: &Path, told: &str) {
    assert!(spawn(folder, None).wait().unwrap().success(), "{told}: the life does not end");
    assert_eq!(messages(folder, "queue"), [MESSAGE], "{told}: delivered once, unchanged");
    let sent = messages(folder, "notices");
    let ids: BTreeSet<String> = sent.iter().map(|notice| field(notice, "Message-ID")).collect();
    let subjects: BTreeSet<String> = sent.iter().map(|notice| field(notice, "Subject")).collect();
    assert_eq!(ids.len(), 2, "{told}: each notice under one Message-ID");
    assert_eq!(subjects, BTreeSet::from(["held".to_owned(), "released".to_owned()]), "{told}");
    let store = open(folder).await;
    assert!(matches!(store.verify_audit().await.unwrap(), vaguemestre::ports::Trail::Whole { .. }), "{told}");
    store.sweep(Duration::ZERO).await.unwrap();
    assert_eq!(std::fs::read_dir(folder.join("state/content")).unwrap().count(), 1, "{told}: no orphan");
}

fn field(message: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(message);
    let line = text.lines().find(|line| line.starts_with(&format!("{name}:"))).unwrap();
    line.split_once(": ").unwrap().1.to_owned()
}

/// "A step without a kill fails the test."
#[tokio::test]
async fn a_kill_at_any_step_loses_nothing_and_doubles_nothing() {
    for step in Step::ALL {
        let folder = tempfile::tempdir().unwrap();
        let status = spawn(folder.path(), Some(step.name())).wait().unwrap();
        assert_eq!(status.signal(), Some(6), "{}: the step is not reached", step.name());
        one_delivery(folder.path(), step.name()).await;
    }
}

/// The same step twice, then two steps one after the other.
#[tokio::test]
async fn two_crashes_are_no_worse_than_one() {
    use Step::{HoldCommitted, HoldContentSynced, NoticeSent, ReleaseClaimed, ReleaseSent};
    let twice = [
        (HoldContentSynced, HoldContentSynced),
        (HoldCommitted, ReleaseClaimed),
        (ReleaseClaimed, ReleaseClaimed),
        (ReleaseSent, ReleaseClaimed),
        (NoticeSent, NoticeSent),
    ];
    for (first, second) in twice {
        let folder = tempfile::tempdir().unwrap();
        let told = format!("{} then {}", first.name(), second.name());
        for step in [first, second] {
            assert_eq!(spawn(folder.path(), Some(step.name())).wait().unwrap().signal(), Some(6), "{told}");
        }
        one_delivery(folder.path(), &told).await;
    }
}

/// SIGKILL at random moments. `VAGUEMESTRE_KILLS` sets how many (20 by default).
#[tokio::test]
async fn random_kills_lose_nothing_and_double_nothing() {
    let wanted = std::env::var("VAGUEMESTRE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    let folder = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    one_life(folder.path());
    let usual = begun.elapsed();
    let (mut kills, mut lives) = (0_u32, 0_u32);
    while kills < wanted {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..6 {
            let mut child = spawn(folder.path(), None);
            std::thread::sleep(usual.mul_f64(rand::rng().random_range(0.0..1.0)));
            child.kill().unwrap();
            kills += u32::from(!child.wait().unwrap().success());
        }
        one_delivery(folder.path(), &format!("after {kills} kills")).await;
        lives += 1;
    }
    println!("{kills} kills over {lives} messages: 0 lost, 0 doubled");
}

fn one_life(folder: &Path) {
    assert!(spawn(folder, None).wait().unwrap().success());
}
