//! Keys: made once, missed loudly, and closed to the milter.

use std::os::unix::fs::PermissionsExt;

use super::fixture::{hold, noon, open, record, settings, try_open};
use crate::model::{Disposition, settings as model};
use crate::ports::{AuditEntry, Desk, Intake, Outbox, Register, StoreError, Trail};
use crate::store::{Access, Opening, SqlStore};

async fn refused(settings: &model::Store, access: Access) -> String {
    match SqlStore::open(&Opening::new(settings, std::time::Duration::ZERO, access)).await.map(|_| ()) {
        Err(StoreError::Key(cause)) => cause,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn keys_are_made_at_the_first_start_for_their_owner_only() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).await);
    for name in ["identity.txt", "index.key", "release.key"] {
        let mode = std::fs::metadata(dir.path().join("keys").join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(std::fs::metadata(dir.path().join("keys")).unwrap().permissions().mode() & 0o777, 0o700);
    drop(open(dir.path()).await);
}

/// Fault: "key missing at start: a clear message".
#[tokio::test]
async fn a_key_missing_beside_a_database_is_told_and_never_replaced() {
    for name in ["identity.txt", "index.key", "release.key"] {
        let dir = tempfile::tempdir().unwrap();
        let _ = hold(&open(dir.path()).await, &record(1, Disposition::Held)).await.unwrap();
        std::fs::remove_file(dir.path().join("keys").join(name)).unwrap();
        let cause = refused(&settings(dir.path()), Access::Review).await;
        assert!(cause.contains(name) && cause.contains("backup"), "{cause}");
        assert!(!dir.path().join("keys").join(name).exists());
    }
}

#[tokio::test]
async fn a_key_that_is_wrong_or_open_to_all_is_told() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).await);
    let keys = dir.path().join("keys");
    std::fs::set_permissions(keys.join("release.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(refused(&settings(dir.path()), Access::Review).await.contains("chmod 600"));
    std::fs::set_permissions(keys.join("release.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(keys.join("index.key"), "short").unwrap();
    assert!(refused(&settings(dir.path()), Access::Review).await.contains("hexadecimal"));
    let dir = tempfile::tempdir().unwrap();
    let mut settings = settings(dir.path());
    settings.seal_to = vec!["age1nonsense".to_owned()];
    assert!(refused(&settings, Access::Mta).await.contains("age public key"));
    settings.seal_to = vec![age::x25519::Identity::generate().to_public().to_string()];
    assert!(refused(&settings, Access::Review).await.contains("seal_to"));
}

/// "MTAs hold public sealing keys only".
#[tokio::test]
async fn a_milter_holds_without_a_private_key_and_opens_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut alone = settings(dir.path());
    assert!(refused(&alone, Access::Mta).await.contains("seal to"));
    let identity = age::x25519::Identity::generate();
    alone.seal_to = vec![identity.to_public().to_string()];
    let milter = SqlStore::open(&Opening::new(&alone, std::time::Duration::ZERO, Access::Mta)).await.unwrap();
    let case = hold(&milter, &record(1, Disposition::Held)).await.unwrap().case;
    assert!(!dir.path().join("keys/identity.txt").exists());
    assert!(matches!(milter.content(&case).await, Err(StoreError::Key(_))));
    assert!(matches!(milter.claim_notice(noon(), std::time::Duration::ZERO).await, Err(StoreError::Key(_))));
    let shown = milter.case(&case).await.unwrap().unwrap();
    assert_eq!((shown.personal, shown.sender_domain.as_str()), (None, "cisss.example"));
    milter.ready().await.unwrap();
    let elsewhere = dir.path().join("review.key");
    std::fs::write(&elsewhere, age::secrecy::ExposeSecret::expose_secret(&identity.to_string())).unwrap();
    std::fs::set_permissions(&elsewhere, std::fs::Permissions::from_mode(0o400)).unwrap();
    alone.identity = Some(elsewhere);
    let review =
        SqlStore::open(&Opening::new(&alone, std::time::Duration::ZERO, Access::Review)).await.unwrap();
    assert!(review.case(&case).await.unwrap().unwrap().personal.is_some());
}

#[tokio::test]
async fn two_first_starts_at_once_agree_on_their_keys() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = tokio::join!(try_open(dir.path(), Access::Review), try_open(dir.path(), Access::Review));
    let (one, two) = (one.unwrap(), two.unwrap());
    let case = hold(&one, &record(1, Disposition::Held)).await.unwrap().case;
    assert!(two.case(&case).await.unwrap().unwrap().personal.is_some());
    assert!(hold(&two, &record(1, Disposition::Held)).await.unwrap().repeated);
}

/// "Key rotation": what was sealed to the old key opens, what comes is sealed to the new one.
#[tokio::test]
async fn a_new_key_seals_what_comes_and_the_old_one_still_opens_what_was() {
    let dir = tempfile::tempdir().unwrap();
    let before = hold(&open(dir.path()).await, &record(1, Disposition::Held)).await.unwrap().case;
    let old = std::fs::read_to_string(dir.path().join("keys/identity.txt")).unwrap();
    let public = crate::store::rotate(&settings(dir.path())).unwrap();
    let store = open(dir.path()).await;
    let after = hold(&store, &record(2, Disposition::Held)).await.unwrap().case;
    for case in [&before, &after] {
        assert_eq!(store.content(case).await.unwrap(), super::fixture::MESSAGE);
        assert!(store.case(case).await.unwrap().unwrap().personal.is_some());
    }
    assert_eq!(std::fs::read_to_string(dir.path().join("keys/recipient.txt")).unwrap().trim(), public);
    std::fs::write(dir.path().join("keys/identity.txt"), old).unwrap();
    std::fs::remove_file(dir.path().join("keys/recipient.txt")).unwrap();
    let cause = refused(&settings(dir.path()), Access::Review).await;
    assert!(cause.contains("current key"), "the old key alone opens the old only: {cause}");
}

/// A service that runs keeps the keys of its start: it could not read what others seal to a new one.
#[tokio::test]
async fn keys_are_changed_only_while_nothing_runs() {
    let dir = tempfile::tempdir().unwrap();
    let settings = settings(dir.path());
    let opening = Opening::new(&settings, std::time::Duration::ZERO, Access::Review);
    crate::store::at_rest(&opening, jiff::Timestamp::now()).await.unwrap();
    open(dir.path()).await.ready().await.unwrap();
    let now = jiff::Timestamp::now();
    match crate::store::at_rest(&opening, now).await {
        Err(StoreError::Refused(why)) => assert!(why.contains("stop every one"), "{why}"),
        other => panic!("{other:?}"),
    }
    crate::store::at_rest(&opening, now + jiff::SignedDuration::from_secs(16)).await.unwrap();
}

/// "A key that is missing or wrong: a clear message, no state lost".
#[tokio::test]
async fn another_secret_than_the_rows_were_made_with_is_told_at_start() {
    for name in ["index.key", "release.key"] {
        let dir = tempfile::tempdir().unwrap();
        let case = hold(&open(dir.path()).await, &record(1, Disposition::Held)).await.unwrap().case;
        let path = dir.path().join("keys").join(name);
        let right = std::fs::read(&path).unwrap();
        std::fs::write(&path, "cd".repeat(32)).unwrap();
        let cause = refused(&settings(dir.path()), Access::Review).await;
        assert!(cause.contains(name), "{cause}");
        std::fs::write(&path, right).unwrap();
        assert!(open(dir.path()).await.content(&case).await.is_ok());
    }
}

/// The key that signs opens nothing: a new one is made when it is lost, and what the old one signed is still known.
#[tokio::test]
async fn checkpoints_outlive_the_key_that_signed_them() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let _ = hold(&store, &record(1, Disposition::Held)).await.unwrap();
    store.sign_checkpoint(noon()).await.unwrap().unwrap();
    drop(store);
    std::fs::remove_file(dir.path().join("keys/audit.key")).unwrap();
    let store = open(dir.path()).await;
    let _ = hold(&store, &record(2, Disposition::Held)).await.unwrap();
    store.sign_checkpoint(noon()).await.unwrap().unwrap();
    assert!(matches!(store.verify_audit().await.unwrap(), Trail::Whole { checkpoints: 2, .. }));
    let signers = store.signers().await.unwrap();
    assert_eq!(signers.iter().map(|it| it.checkpoints).collect::<Vec<_>>(), [1, 1], "each key is named");
    let trail = store.audit_entries(None, 0).await.unwrap();
    let told = |trail: &[AuditEntry]| trail.iter().filter(|it| it.entry.contains("\"audit-key\"")).count();
    assert_eq!(told(&trail), 1, "the trail says that another key signs from here on");
    drop(store);
    let store = open(dir.path()).await;
    assert_eq!(told(&store.audit_entries(None, 0).await.unwrap()), 1, "once");
    drop(store);
    let known = dir.path().join("keys/audit.pub");
    let last = std::fs::read_to_string(&known).unwrap().lines().last().unwrap().to_owned();
    std::fs::write(known, last).unwrap();
    let Trail::Broken { because, .. } = open(dir.path()).await.verify_audit().await.unwrap() else {
        panic!()
    };
    assert!(because.contains("audit.pub"), "{because}");
}
