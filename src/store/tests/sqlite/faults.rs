//! Disk full, database locked or read-only, folders gone: a clear word, nothing lost.

use super::fixture::{MESSAGE, hold, noon, open, record, settings, try_open};
use crate::model::Disposition;
use crate::ports::{Counts, Desk, Intake, Outbox, Retention, StoreError, Swept};
use crate::store::Access;

fn told<T: std::fmt::Debug>(result: Result<T, StoreError>) -> String {
    match result {
        Err(StoreError::Unavailable(cause)) => cause,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_full_disk_holds_nothing_loses_nothing_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let kept = hold(&store, &record(1, Disposition::Held)).await.unwrap();
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(store.db.writer()).await.unwrap();
    let mut refused = Vec::new();
    for seed in 2..12 {
        // A failed write closes its connection, and the limit with it.
        let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        sqlx::raw_sql(limit).execute(store.db.writer()).await.unwrap();
        if let Err(StoreError::Unavailable(cause)) = hold(&store, &record(seed, Disposition::Held)).await {
            refused.push(cause);
        }
    }
    assert!(refused.iter().all(|cause| cause.contains("full")), "{refused:?}");
    assert!(refused.len() > 5);
    assert_eq!(store.content(&kept.case).await.unwrap(), MESSAGE);
    let after = hold(&store, &record(11, Disposition::Held)).await.unwrap();
    assert!(!after.repeated, "what was refused left no trace");
    let cases = store.figures().await.unwrap().cases.iter().map(|(_, count)| *count).sum::<u64>();
    let files = u64::try_from(std::fs::read_dir(dir.path().join("content")).unwrap().count()).unwrap();
    assert_eq!(store.sweep(std::time::Duration::ZERO).await.unwrap().set_aside, files - cases);
    assert_eq!(store.content(&after.case).await.unwrap(), MESSAGE);
}

#[tokio::test]
async fn a_locked_database_is_told_and_left_to_the_next_try() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let other = open(dir.path()).await;
    let lock = other.db.begin().await.unwrap();
    assert!(told(hold(&store, &record(1, Disposition::Held)).await).contains("locked"));
    assert!(told(store.ready().await).contains("locked"));
    drop(lock);
    store.ready().await.unwrap();
    assert!(!hold(&store, &record(1, Disposition::Held)).await.unwrap().repeated);
}

#[tokio::test]
async fn a_read_only_database_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    sqlx::raw_sql("PRAGMA query_only = on").execute(store.db.writer()).await.unwrap();
    assert!(told(hold(&store, &record(1, Disposition::Held)).await).contains("readonly"));
    sqlx::raw_sql("PRAGMA query_only = on").execute(store.db.writer()).await.unwrap();
    assert!(told(store.ready().await).contains("readonly"));
    assert!(
        store.claim_notice(noon(), std::time::Duration::ZERO).await.unwrap().is_none(),
        "nothing was queued"
    );
}

#[tokio::test]
async fn a_folder_gone_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    std::fs::remove_dir_all(dir.path().join("content")).unwrap();
    assert!(told(store.ready().await).contains("content"));
    assert!(told(hold(&store, &record(1, Disposition::Held)).await).contains("cannot be kept"));
    assert_eq!(store.figures().await.unwrap().notices, 0);
}

#[tokio::test]
async fn a_state_folder_that_cannot_be_made_is_told_at_start() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "").unwrap();
    let cause = told(try_open(&dir.path().join("file/state"), Access::Review).await.map(|_| ()));
    assert!(cause.contains("file/state"), "{cause}");
    std::fs::create_dir(dir.path().join("state")).unwrap();
    let mut wrong = settings(&dir.path().join("state"));
    wrong.url = format!("sqlite:{}", dir.path().join("nowhere/cases.db").display());
    let opening = crate::store::Opening::new(&wrong, std::time::Duration::ZERO, Access::Review);
    assert!(told(crate::store::open(&opening).await.map(|_| ())).contains("nowhere/cases.db"));
    wrong.url = "mysql://x".to_owned();
    let opening = crate::store::Opening::new(&wrong, std::time::Duration::ZERO, Access::Review);
    assert!(matches!(crate::store::open(&opening).await.map(|_| ()), Err(StoreError::Refused(_))));
}

/// "Forward only": an older program says who made the tables, and what to do.
#[tokio::test]
async fn tables_of_a_newer_version_are_told_as_such_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'x', 1, x'00', 0)";
    sqlx::raw_sql(newer).execute(store.db.writer()).await.unwrap();
    drop(store);
    match try_open(dir.path(), Access::Review).await.map(|_| ()) {
        Err(StoreError::Refused(cause)) => {
            assert!(cause.contains("made by a newer version of vaguemestre (migration 9999;"), "{cause}");
            assert!(cause.contains("restore the backup"), "{cause}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_service_at_a_time_serves_from_a_file_and_a_server_is_shared() {
    let dir = tempfile::tempdir().unwrap();
    let mut settings = settings(dir.path());
    let first = crate::store::hold(&settings).unwrap();
    match crate::store::hold(&settings) {
        Err(StoreError::Refused(cause)) => assert!(cause.contains("another service works on this store")),
        other => panic!("{other:?}"),
    }
    drop(first);
    drop(crate::store::hold(&settings).unwrap());
    settings.url = "postgres://localhost/x".to_owned();
    let _both = (crate::store::hold(&settings).unwrap(), crate::store::hold(&settings).unwrap());
}

/// The retry of a message whose sealed copy vanished must bring it back, not be swallowed.
#[tokio::test]
async fn a_retry_never_relies_on_a_copy_that_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let first = hold(&store, &record(1, Disposition::Held)).await.unwrap();
    let file = std::fs::read_dir(dir.path().join("content")).unwrap().next().unwrap().unwrap().path();
    std::fs::remove_file(file).unwrap();
    let second = hold(&store, &record(1, Disposition::Held)).await.unwrap();
    assert!(!second.repeated && second.case != first.case);
    assert_eq!(store.content(&second.case).await.unwrap(), MESSAGE);
}

/// A crash between file and commit leaves a file that no case names.
#[tokio::test]
async fn the_sweep_sets_orphans_aside_only_and_only_old_ones() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let kept = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    std::fs::write(dir.path().join("content/0123.age"), b"half").unwrap();
    assert_eq!(store.sweep(std::time::Duration::from_secs(600)).await.unwrap(), Swept::default());
    let one = Swept { set_aside: 1, ..Swept::default() };
    assert_eq!(store.sweep(std::time::Duration::ZERO).await.unwrap(), one);
    assert_eq!(store.figures().await.unwrap().set_aside, 1);
    assert_eq!(
        (
            store.sweep(std::time::Duration::ZERO).await.unwrap(),
            super::sealed_messages(&store, dir.path()).await
        ),
        (Swept::default(), 1)
    );
    assert!(store.content(&kept).await.is_ok());
}

/// A file that is no database is told at once, and not as one that another process writes in.
#[tokio::test]
async fn a_damaged_database_is_told_as_such() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).await);
    let file = dir.path().join("cases.db");
    for bytes in [vec![b'x'; 8192], [b"SQLite format 3\0".as_slice(), &[0xff; 8176]].concat()] {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", file.display()));
        }
        std::fs::write(&file, bytes).unwrap();
        let began = std::time::Instant::now();
        let why = try_open(dir.path(), Access::Review).await.map(drop).unwrap_err();
        assert!(matches!(&why, StoreError::Damaged(why) if why.contains("restore the last backup")), "{why}");
        assert!(began.elapsed() < std::time::Duration::from_secs(4), "{:?}", began.elapsed());
    }
}
