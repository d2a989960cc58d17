//! An invented patient goes through the store; then every byte on disk is searched.

use std::path::Path;

use super::fixture::{archivist, hold, later, noon, open, record, take_step};
use crate::model::{Address, Disposition};
use crate::ports::{CaseFilter, Desk, Intake, Outbox, Posted, Releases};
use crate::review::Action;

/// Words that exist in the invented message, its envelope or a reviewer's reason.
const CANARIES: [&str; 10] = [
    "Quintefeuille",
    "quintefeuille",
    "Zenaide",
    "trifluvien",
    "Trifluvien",
    "ophelie",
    "TRIB",
    "8003 1512",
    "orig-1",
    "consenti",
];

fn bytes_of(path: &Path, found: &mut Vec<u8>) {
    for entry in std::fs::read_dir(path).unwrap().flatten() {
        if entry.path().is_dir() {
            bytes_of(&entry.path(), found);
        } else {
            found.extend(std::fs::read(entry.path()).unwrap());
        }
    }
}

#[tokio::test]
async fn no_byte_on_disk_names_the_patient_the_sender_or_a_recipient() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let held = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    take_step(&store, &held, Action::Note, &archivist(), noon()).await.unwrap();
    take_step(&store, &held, Action::Release, &archivist(), noon()).await.unwrap();
    let order = store.arm_release(later(1), std::time::Duration::ZERO).await.unwrap().unwrap();
    assert!(!order.header.contains("quintefeuille"));
    let notice = store.claim_notice(later(1), std::time::Duration::ZERO).await.unwrap().unwrap();
    store.settle_notice(&notice.id, Posted::Again(later(5)), later(1)).await.unwrap();
    let mut disk = Vec::new();
    for folder in super::super::folders(&store, dir.path()).await {
        bytes_of(&folder, &mut disk);
    }
    assert!(
        disk.windows(8).any(|eight| eight == b"courriel"),
        "domains are in clear: the search sees the database"
    );
    for canary in CANARIES {
        let leaked = disk.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!leaked, "{canary} stands in clear on disk");
    }
}

/// Errors and debug forms reach logs.
#[tokio::test]
async fn no_debug_form_names_anyone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let shown = format!("{:?} {:?}", store.case(&case).await.unwrap(), store.history(&case).await.unwrap());
    let notice = store.claim_notice(later(1), std::time::Duration::ZERO).await.unwrap().unwrap();
    take_step(&store, &case, Action::Release, &archivist(), noon()).await.unwrap();
    let order = store.arm_release(later(1), std::time::Duration::ZERO).await.unwrap().unwrap();
    let shown = format!("{shown} {notice:?} {order:?}");
    for canary in CANARIES {
        assert!(!shown.contains(canary), "{canary}");
    }
}

/// A case is found again by a whole address, and by nothing less.
#[tokio::test]
async fn a_blind_index_finds_sender_and_recipients_whatever_the_case() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let _ = store.ready().await;
    let table = [
        ("ZENAIDE.quintefeuille@CISSS.example", 1),
        ("barnabe.trifluvien@courriel.example", 1),
        ("barnabe@courriel.example", 0),
        ("trifluvien", 0),
    ];
    for (address, count) in table {
        let filter = CaseFilter { address: Address::parse(address).ok(), ..CaseFilter::default() };
        let found = store.cases(&filter).await.unwrap();
        assert_eq!(found.len(), count, "{address}");
        assert!(found.iter().all(|found| found.id == case && found.personal.is_none()));
    }
}
