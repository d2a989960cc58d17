//! The contract over SQLite, and what is its own: files, locks, a full disk.

#[path = "contract/mod.rs"]
#[expect(clippy::duplicate_mod, reason = "one contract, run over each engine")]
mod contract;
mod faults;
mod keys;
mod restored;

use std::path::{Path, PathBuf};

use contract::fixture;

use crate::store::SqlStore;

/// Where the database of a state folder is.
fn url(state_dir: &Path) -> String {
    format!("sqlite:{}", state_dir.join("cases.db").display())
}

/// Folders where the database keeps bytes.
async fn folders(_store: &SqlStore, state_dir: &Path) -> Vec<PathBuf> {
    vec![state_dir.to_owned()]
}

/// How many sealed messages there are.
async fn sealed_messages(_store: &SqlStore, state_dir: &Path) -> usize {
    let entries = std::fs::read_dir(state_dir.join("content")).unwrap().flatten();
    entries.filter(|entry| entry.path().is_file()).count()
}

/// Changes one byte of the only sealed message.
async fn damage(_store: &SqlStore, state_dir: &Path) {
    let file = std::fs::read_dir(state_dir.join("content")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
}

/// A statement as this engine spells it.
fn spelled(sql: &str) -> String {
    sql.to_owned()
}

/// Takes the guard of the audit trail away.
const UNGUARD: &str = "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed";

#[tokio::test]
async fn a_path_with_odd_characters_is_a_path() {
    let dir = tempfile::tempdir().unwrap();
    let odd = dir.path().join("caf\u{e9} 100% #1?mode=ro");
    std::fs::create_dir(&odd).unwrap();
    drop(fixture::open(&odd).await);
    assert!(odd.join("cases.db").is_file());
}
