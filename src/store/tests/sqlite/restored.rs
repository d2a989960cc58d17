//! Databases, folders and keys that do not belong together, as a restore leaves them: nothing is destroyed, and it is told.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::fixture::{
    DAY, MESSAGE, WINDOW, archivist, hold, later, noon, open, post_all, record, take_step, try_open,
};
use crate::model::{CaseRecord, CaseState, Disposition};
use crate::ports::{AsideEnd, Desk, Outbox, Releases, Retention, SetAside, StoreError};
use crate::review::Action;
use crate::store::Access;

/// The files of the database: all of it, whoever copies the first one alone loses what stands in the others.
const DATABASE: [&str; 3] = ["cases.db", "cases.db-wal", "cases.db-shm"];

/// Copies the files of these names, and takes away those that the source has not.
fn copy(names: &[&str], from: &Path, to: &Path) {
    for name in names {
        let _ = std::fs::remove_file(to.join(name));
        let _ = std::fs::copy(from.join(name), to.join(name));
    }
}

fn sealed(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.is_file()).collect()
}

/// "Content without its database": a service that started anew beside it would never name one of its files.
#[tokio::test]
async fn content_whose_database_is_gone_is_not_started_beside() {
    for emptied in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let _ = hold(&open(dir.path()).await, &record(1, Disposition::Held)).await.unwrap();
        for name in DATABASE {
            let _ = std::fs::remove_file(dir.path().join(name));
            if emptied {
                std::fs::write(dir.path().join(name), b"").unwrap();
            }
        }
        for _ in 0..2 {
            let why = try_open(dir.path(), Access::Review).await.map(drop).unwrap_err().to_string();
            assert!(why.contains("content") && why.contains("cases.db") && why.contains("backup"), "{why}");
        }
        assert_eq!(sealed(&dir.path().join("content")).len(), 1);
        assert_eq!(dir.path().join("cases.db").exists(), emptied, "nothing was made");
    }
}

/// Yesterday's database beside today's content: what it does not name waits, and is there again with the right one.
#[tokio::test]
async fn what_an_older_database_does_not_name_waits_and_comes_back() {
    let (dir, yesterday, today) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(dir.path()).await;
    let _ = hold(&store, &record(1, Disposition::Held)).await.unwrap();
    copy(&DATABASE, dir.path(), yesterday.path());
    let late = hold(&store, &record(2, Disposition::Held)).await.unwrap().case;
    copy(&DATABASE, dir.path(), today.path());
    store.db.write.close().await;
    store.db.read.close().await;
    drop(store);
    copy(&DATABASE, yesterday.path(), dir.path());
    let store = open(dir.path()).await;
    let content = dir.path().join("content");
    for _ in 0..3 {
        let _ = store.sweep(Duration::ZERO).await.unwrap();
    }
    assert_eq!((sealed(&content).len(), sealed(&content.join("set-aside")).len()), (1, 1));
    store.db.write.close().await;
    store.db.read.close().await;
    drop(store);
    copy(&DATABASE, today.path(), dir.path());
    let store = open(dir.path()).await;
    assert_eq!(store.content(&late).await.unwrap(), MESSAGE);
    let _ = store.sweep(Duration::ZERO).await.unwrap();
    assert_eq!((sealed(&content).len(), sealed(&content.join("set-aside")).len()), (2, 0));
    assert_eq!(store.content(&late).await.unwrap(), MESSAGE);
}

/// A person may decide before that: hold it again, or destroy it, with a reason and an entry in the trail.
#[tokio::test]
async fn what_is_set_aside_is_listed_opened_and_decided_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let content = dir.path().join("content");
    let mut names = Vec::new();
    for _ in 0..2 {
        let stored = store.vault.write(&store.keys, MESSAGE).unwrap();
        names.push(stored.name);
    }
    let named = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let _ = store.sweep(Duration::ZERO).await.unwrap();
    let listed = store.aside().await.unwrap();
    let mut files: Vec<&str> = listed.iter().map(|aside| aside.file.as_str()).collect();
    files.sort_unstable();
    names.sort_unstable();
    assert_eq!(files, names);
    assert!(listed.iter().all(|aside| aside.size > 0 && aside.until > aside.since));
    assert_eq!(store.aside_message(&names[0]).await.unwrap().0, MESSAGE);
    let reason = crate::model::Masked::new("base restaurée");
    let actor = archivist();
    let end = AsideEnd { case: None, actor: &actor, reason: &reason, at: later(1) };
    for file in ["../../cases.db", "0123.age", ""] {
        assert!(matches!(store.end_aside(file, end).await, Err(StoreError::Refused(_))), "{file}");
    }
    store.end_aside(&names[0], end).await.unwrap();
    store.end_aside(&names[1], AsideEnd { case: Some(&named), ..end }).await.unwrap();
    assert!(store.aside().await.unwrap().is_empty() && sealed(&content.join("set-aside")).is_empty());
    assert_eq!(sealed(&content).len(), 1, "what a case names stays");
    let last = store.history(&named).await.unwrap().pop().unwrap();
    assert_eq!((last.what.as_str(), last.text.unwrap().reveal()), ("aside-taken-back", "base restaurée"));
}

/// As long as an undecided message would be kept, then no longer.
#[tokio::test]
async fn what_is_set_aside_is_destroyed_after_its_time_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    std::fs::write(dir.path().join("content/0123.age"), b"half").unwrap();
    let _ = store.sweep(Duration::ZERO).await.unwrap();
    let aside = dir.path().join("content/set-aside/0123.age");
    for (days, kept) in [(0, true), (14, true), (16, false)] {
        let at = SystemTime::now() - Duration::from_secs(days * 86_400);
        std::fs::File::open(&aside).unwrap().set_modified(at).unwrap();
        let _ = store.sweep(Duration::from_secs(600)).await.unwrap();
        assert_eq!(aside.exists(), kept, "{days}");
    }
}

/// "Key error: told, no state lost": the pair of another installation opens nothing and would seal what comes for others.
#[tokio::test]
async fn the_key_pair_of_another_installation_is_told_at_start() {
    let (dir, other, right) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let case = hold(&open(dir.path()).await, &record(1, Disposition::Held)).await.unwrap().case;
    drop(open(other.path()).await);
    let pair = ["identity.txt", "recipient.txt"];
    let keys = |dir: &tempfile::TempDir| dir.path().join("keys");
    copy(&pair, &keys(&dir), right.path());
    // As a store of an earlier version is: its rows alone tell which key is theirs.
    for known in [true, false] {
        if !known {
            let store = open(dir.path()).await;
            sqlx::query("DELETE FROM key_marks WHERE name = 'identity.txt'")
                .execute(store.db.writer())
                .await
                .unwrap();
        }
        copy(&pair, &keys(&other), &keys(&dir));
        match try_open(dir.path(), Access::Review).await.map(drop) {
            Err(StoreError::Key(why)) => assert!(why.contains("identity.txt"), "{why}"),
            other => panic!("{other:?}"),
        }
        copy(&pair, right.path(), &keys(&dir));
    }
    let store = open(dir.path()).await;
    assert_eq!(store.content(&case).await.unwrap(), MESSAGE);
    assert_eq!(post_all(&store, noon()).await, 1);
}

/// A notice that the key at hand does not open waits for the one that does, and stops no other.
#[tokio::test]
async fn a_notice_that_the_key_does_not_open_waits() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let _ = hold(&store, &record(1, Disposition::Held)).await.unwrap();
    let closed = crate::store::seal_for(&age::x25519::Identity::generate().to_public().to_string(), b"{}");
    sqlx::query("UPDATE notices SET payload = $1")
        .bind(closed.unwrap())
        .execute(store.db.writer())
        .await
        .unwrap();
    let next = CaseRecord { received_at: later(1), ..record(2, Disposition::Held) };
    let _ = hold(&store, &next).await.unwrap();
    assert!(matches!(store.claim_notice(later(1), WINDOW).await, Err(StoreError::Key(_))));
    assert_eq!(post_all(&store, later(2)).await, 1);
    let left: (String, i64, i64) =
        sqlx::query_as("SELECT state, length(payload), tries FROM notices WHERE state <> 'sent'")
            .fetch_one(store.db.read())
            .await
            .unwrap();
    assert!(left.0 == "pending" && left.1 > 0 && left.2 == 0, "{left:?}");
    assert!(matches!(store.claim_notice(later(3_600), WINDOW).await, Err(StoreError::Key(_))), "tried again");
}

/// Today's database beside yesterday's content: a release that finds no message is held again, with the reason.
#[tokio::test]
async fn a_release_whose_message_is_gone_is_held_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let gone = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    for file in sealed(&dir.path().join("content")) {
        std::fs::remove_file(file).unwrap();
    }
    let there = hold(&store, &record(2, Disposition::Held)).await.unwrap().case;
    assert_eq!(store.missing().await.unwrap(), std::slice::from_ref(&gone));
    for case in [&gone, &there] {
        take_step(&store, case, Action::Release, &archivist(), later(1)).await.unwrap();
    }
    let mut armed = Vec::new();
    for _ in 0..2 {
        armed.push(store.arm_release(later(2), WINDOW).await.map(|order| order.map(|order| order.case)));
    }
    assert!(armed.iter().any(|it| matches!(it, Ok(Some(case)) if *case == there)), "{armed:?}");
    let told = armed.iter().find_map(|it| it.as_ref().err()).unwrap().to_string();
    assert!(told.contains(&gone.to_string()) && told.contains("not on disk"), "{told}");
    let case = store.case(&gone).await.unwrap().unwrap();
    assert_eq!((case.state, case.release), (CaseState::Held, None));
    let last = store.history(&gone).await.unwrap().pop().unwrap();
    assert!(last.what == "give-up" && last.text.is_some(), "{last:?}");
    take_step(&store, &gone, Action::Return, &archivist(), later(DAY)).await.unwrap();
}

/// A database of a moment when a release was on its way: whether the message left since, it cannot know.
#[tokio::test]
async fn a_release_of_an_older_database_is_for_a_person() {
    use crate::ports::Intake;
    let (dir, before) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    take_step(&store, &case, Action::Release, &archivist(), later(1)).await.unwrap();
    store.ready().await.unwrap();
    copy(&DATABASE, dir.path(), before.path());
    drop(store);
    let store = open(dir.path()).await;
    assert!(store.arm_release(later(2), WINDOW).await.unwrap().is_some(), "a restart is no restore");
    let _ = hold(&store, &record(2, Disposition::Held)).await.unwrap();
    store.ready().await.unwrap();
    store.db.write.close().await;
    store.db.read.close().await;
    drop(store);
    copy(&DATABASE, before.path(), dir.path());
    let store = open(dir.path()).await;
    store.ready().await.unwrap();
    assert!(store.arm_release(later(3), WINDOW).await.unwrap().is_none());
    let doubt = store.case(&case).await.unwrap().unwrap();
    assert_eq!((doubt.state, doubt.release.unwrap().answer), (CaseState::Uncertain, Some(250)));
    drop(store);
    let store = open(dir.path()).await;
    let next = hold(&store, &record(3, Disposition::Held)).await.unwrap().case;
    take_step(&store, &next, Action::Release, &archivist(), later(4)).await.unwrap();
    assert!(store.arm_release(later(5), WINDOW).await.unwrap().is_some(), "told once");
}
