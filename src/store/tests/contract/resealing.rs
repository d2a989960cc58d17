//! Sealing again to a new key: the old one can go, and nothing is lost but the words of the trail.

use super::super::sealed_messages;
use super::fixture::{
    MESSAGE, WINDOW, archivist, hold, later, noon, open, post_all, record, settings, take_step, try_open,
};
use crate::model::{CaseState, Disposition, Masked};
use crate::ports::{
    Account, Accounts, By, Desk, IncidentFields, Outbox, Register, Releases, Retention, Secrets, StoreError,
    Swept, Trail,
};
use crate::review::{Action, Actor, Role, act};
use crate::store::Access;

const BY: fn() -> By<'static> = || By { actor: "essai", at: noon() };

fn chief() -> Account {
    Account {
        login: "ckhoury".to_owned(),
        name: "Carole Khoury".to_owned(),
        address: None,
        grants: Vec::new(),
        created_at: noon(),
        seen_at: None,
        closed: false,
        must_change: false,
        locked_until: None,
        federated: false,
    }
}

/// "Key rotation": after it, the new key alone opens everything that is kept.
#[tokio::test]
async fn what_is_sealed_again_needs_the_new_key_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let kept = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    take_step(&store, &kept, Action::Note, &archivist(), later(1)).await.unwrap();
    let case = store.case(&kept).await.unwrap().unwrap();
    let sender = Actor::Sender { address: record(1, Disposition::Held).sender.unwrap() };
    let word = act(&case, Action::Justify, &sender, Some(Masked::new("Requis.")), later(1)).unwrap();
    store.apply(&word).await.unwrap();
    let sent = hold(&store, &record(2, Disposition::Held)).await.unwrap().case;
    take_step(&store, &sent, Action::Release, &archivist(), later(2)).await.unwrap();
    let fields =
        IncidentFields { information: Masked::new("NAM de Barnabe Trifluvien"), ..IncidentFields::default() };
    store.open_incident(Some(&kept), &fields, &Actor::person("c", Role::Compliance), noon()).await.unwrap();
    let totp = Masked::new("GEZDGNBVGY3TQOJQ");
    let secrets =
        Secrets { password: "x".to_owned(), totp: totp.clone(), recovery: Vec::new(), must_change: false };
    store.open_account(&chief(), &secrets, BY()).await.unwrap();
    let before = store.case(&kept).await.unwrap().unwrap();
    drop(store);

    crate::store::rotate(&settings(dir.path())).unwrap();
    let store = open(dir.path()).await;
    let done = store.reseal(BY()).await.unwrap();
    assert_eq!((done.rows, done.messages), (7, 2), "2 cases, 1 release, 2 notices, 1 incident, 1 account");
    assert_eq!(sealed_messages(&store, dir.path()).await, 2, "the old ones are gone");
    drop(store);
    let identity = dir.path().join("keys/identity.txt");
    let keys = std::fs::read_to_string(&identity).unwrap();
    let (new, old) = keys.split_once('\n').unwrap();
    std::fs::write(&identity, new).unwrap();

    let store = open(dir.path()).await;
    let after = store.case(&kept).await.unwrap().unwrap();
    assert_eq!(after, before);
    for case in [&kept, &sent] {
        assert_eq!(store.content(case).await.unwrap(), MESSAGE);
    }
    assert_eq!(store.incidents().await.unwrap()[0].fields, Some(fields));
    assert_eq!(store.credentials("ckhoury").await.unwrap().unwrap().totp, totp);
    assert!(store.arm_release(later(3), WINDOW).await.unwrap().is_some(), "the release goes on");
    assert!(store.claim_notice(later(900), std::time::Duration::ZERO).await.unwrap().is_some());
    let history = store.history(&kept).await.unwrap();
    assert!(history.iter().any(|past| past.what == "note" && past.text.is_none()), "its words stay closed");
    assert!(matches!(store.verify_audit().await.unwrap(), Trail::Whole { .. }));
    let told: String = store.audit_entries(None, 0).await.unwrap().into_iter().map(|it| it.entry).collect();
    assert!(told.contains("\"what\":\"resealed\""), "{told}");
    assert_eq!(store.sweep(std::time::Duration::ZERO).await.unwrap(), Swept::default());
    drop(store);

    std::fs::write(&identity, old).unwrap();
    std::fs::remove_file(dir.path().join("keys/recipient.txt")).unwrap();
    let refused = try_open(dir.path(), Access::Review).await.map(drop);
    assert!(matches!(refused, Err(StoreError::Key(_))), "the old key opens nothing more: {refused:?}");
}

/// What was destroyed or forgotten stays so, and a second run finds nothing amiss.
#[tokio::test]
async fn sealing_again_leaves_what_is_gone_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    take_step(&store, &case, Action::Return, &archivist(), later(1)).await.unwrap();
    let years = later(super::fixture::DAY * 2_000);
    post_all(&store, years).await;
    assert_eq!((store.shred(years).await.unwrap(), store.forget(years).await.unwrap()), (1, 1));
    for _ in 0..2 {
        assert_eq!(store.reseal(BY()).await.unwrap().messages, 0);
    }
    let case = store.case(&case).await.unwrap().unwrap();
    assert_eq!((case.state, case.personal), (CaseState::Purged, None));
}
