//! A disk that takes no more: the message stays with the MTA, nothing half is left, and the next one that fits is held.

use std::path::Path;
use std::process::Command;

use vaguemestre::ports::StoreError;

use super::life::{MESSAGE, hold, open};

const FOLDER: &str = "VAGUEMESTRE_TEST_FOLDER";

/// Not a test: what the child does, under a limit of 8 MiB a file.
#[tokio::test]
#[ignore = "run by the test below, in a process of its own"]
async fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = open(Path::new(&folder)).await;
    let content = Path::new(&folder).join("state/content");
    let files =
        || std::fs::read_dir(&content).unwrap().flatten().filter(|entry| entry.path().is_file()).count();
    for round in 0..4_u8 {
        let small = hold(store.as_ref(), 2 * round, MESSAGE).await.unwrap();
        assert!(!small.repeated);
        let large = hold(store.as_ref(), 2 * round + 1, &vec![b'x'; 9 << 20]).await;
        assert!(
            matches!(&large, Err(StoreError::Unavailable(why)) if why.contains("cannot be kept")),
            "{large:?}"
        );
        assert_eq!(files(), usize::from(round) + 1, "half a message is left");
    }
    assert_eq!(store.figures().await.unwrap().notices, 4, "who was refused hears nothing from us");
}

#[test]
fn a_message_that_does_not_fit_on_the_disk_is_left_to_the_mta() {
    let folder = tempfile::tempdir().unwrap();
    // A write past the limit then fails, as on a full disk, instead of ending the process.
    let script =
        "trap '' XFSZ; ulimit -f 16384; exec \"$0\" --exact keeping::full::child --ignored --nocapture";
    let mut child = Command::new("sh");
    child.args(["-c", script]).arg(std::env::current_exe().unwrap()).env(FOLDER, folder.path());
    let output = child.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
