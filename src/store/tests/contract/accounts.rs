//! Accounts and sessions: what changes who may do what is in the trail; a code, a recovery code and a slot serve once.

use super::fixture::{later, noon, open};
use crate::model::{Address, Masked};
use crate::ports::{Account, Accounts, By, Grant, Register, Secrets, Session};
use crate::review::Role;

pub(super) fn person(login: &str) -> Account {
    Account {
        login: login.to_owned(),
        name: "Marie Tremblay".to_owned(),
        address: None,
        grants: vec![Grant { role: Role::Archivist, department: Some("dsp.cisss.example".to_owned()) }],
        created_at: noon(),
        seen_at: None,
        closed: false,
        must_change: true,
        locked_until: None,
        federated: false,
    }
}

pub(super) fn secrets() -> Secrets {
    Secrets {
        password: "digest".to_owned(),
        totp: Masked::new("GEZDGNBVGY3TQOJQ"),
        recovery: vec![[1; 32], [2; 32]],
        must_change: true,
    }
}

fn session(digest: u8) -> Session {
    let (login, at) = ("mtremblay".to_owned(), noon());
    Session { digest: [digest; 32], login, created_at: at, seen_at: at, proved_at: at, browser: [7; 32] }
}

pub(super) const BY: fn() -> By<'static> = || By { actor: "essai", at: noon() };

#[tokio::test]
async fn an_account_comes_back_as_it_was_opened_and_is_opened_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.open_account(&person("mtremblay"), &secrets(), BY()).await.unwrap();
    assert!(store.open_account(&person("mtremblay"), &secrets(), BY()).await.is_err());
    assert_eq!(store.account("mtremblay").await.unwrap(), Some(person("mtremblay")));
    let kept = store.credentials("mtremblay").await.unwrap().unwrap();
    assert_eq!((kept.password.as_str(), kept.totp, kept.failures), ("digest", secrets().totp, 0));
    let grants = [Grant { role: Role::Auditor, department: None }];
    store.grant("mtremblay", &grants, BY()).await.unwrap();
    assert_eq!(store.accounts().await.unwrap()[0].grants, grants);
    store.close_account("mtremblay", BY()).await.unwrap();
    assert!(
        store.close_account("mtremblay", BY()).await.is_err()
            && store.grant("x", &grants, BY()).await.is_err()
    );
    assert!(store.credentials("mtremblay").await.unwrap().is_none());
    let told: String = store.audit_entries(None, 0).await.unwrap().into_iter().map(|it| it.entry).collect();
    for what in ["account-open", "account-grant", "account-close"] {
        assert!(told.contains(what), "{told}");
    }
    assert!(!told.contains("GEZDGNBV"));
}

#[tokio::test]
async fn codes_recovery_codes_and_slots_serve_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.open_account(&person("mtremblay"), &secrets(), BY()).await.unwrap();
    assert!(store.use_step("mtremblay", 10).await.unwrap());
    assert!(
        !store.use_step("mtremblay", 10).await.unwrap() && !store.use_step("mtremblay", 9).await.unwrap()
    );
    assert!(store.use_recovery("mtremblay", &[1; 32], BY()).await.unwrap());
    assert!(!store.use_recovery("mtremblay", &[1; 32], BY()).await.unwrap());
    assert!(
        store.claim_slot("digest a", noon()).await.unwrap()
            && !store.claim_slot("digest a", noon()).await.unwrap()
    );
    store.sign_in_failed("mtremblay", Some(later(60)), noon()).await.unwrap();
    assert_eq!(store.account("mtremblay").await.unwrap().unwrap().locked_until, Some(later(60)));
    assert_eq!(store.access_reviewed().await.unwrap(), None);
    store.sign_access_review(BY()).await.unwrap();
    assert_eq!(store.access_reviewed().await.unwrap(), Some(("essai".to_owned(), noon())));
}

#[tokio::test]
async fn sessions_end_with_a_new_password_but_the_one_it_was_changed_in() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.open_account(&person("mtremblay"), &secrets(), BY()).await.unwrap();
    for digest in [1, 2, 3] {
        store.open_session(&session(digest)).await.unwrap();
    }
    let touched = Session { seen_at: later(60), ..session(1) };
    store.touch_session(&touched).await.unwrap();
    assert_eq!(store.session(&[1; 32]).await.unwrap(), Some(touched));
    store.change_password("mtremblay", "other", &[1; 32], BY()).await.unwrap();
    assert!(
        store.session(&[1; 32]).await.unwrap().is_some() && store.session(&[2; 32]).await.unwrap().is_none()
    );
    store.close_session(&[1; 32]).await.unwrap();
    store.open_session(&session(4)).await.unwrap();
    assert_eq!(store.sweep_sessions(later(1)).await.unwrap(), 1);
    store.renew_secrets("mtremblay", &secrets(), BY()).await.unwrap();
    assert!(store.credentials("mtremblay").await.unwrap().is_some_and(|it| it.password == "digest"));
}

#[tokio::test]
async fn whom_a_service_vouches_for_is_known_by_number_and_follows_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let given = |login: &str, role| Account {
        grants: vec![Grant { role, department: None }],
        must_change: false,
        federated: true,
        ..person(login)
    };
    let first = given("mtremblay@cisss.example", Role::Archivist);
    let nobody = Account { grants: Vec::new(), ..given("jroy@cisss.example", Role::Admin) };
    store.federate(&[9; 32], &nobody).await.unwrap();
    assert!(store.accounts().await.unwrap().is_empty(), "who has no role leaves no trace");
    assert_eq!(store.federate(&[1; 32], &first).await.unwrap(), first);
    assert_eq!(store.account("mtremblay@cisss.example").await.unwrap(), Some(first.clone()));
    let kept = store.credentials("mtremblay@cisss.example").await.unwrap().unwrap();
    assert!(kept.password.is_empty() && kept.totp.is_empty(), "nothing typed opens it");
    let moved = Account { name: "Marie Roy".to_owned(), ..given("mroy@cisss.example", Role::Auditor) };
    let seen = store.federate(&[1; 32], &moved).await.unwrap();
    assert_eq!((seen.login.as_str(), seen.name.as_str()), ("mtremblay@cisss.example", "Marie Roy"));
    assert_eq!(seen.grants, moved.grants);
    assert!(store.federate(&[2; 32], &first).await.is_err(), "the login is someone else's");
    store.open_account(&person("jroy"), &secrets(), BY()).await.unwrap();
    assert!(store.federate(&[3; 32], &given("jroy", Role::Admin)).await.is_err(), "a local account");
    store.close_account("mtremblay@cisss.example", BY()).await.unwrap();
    let back = store.federate(&[1; 32], &first).await.unwrap();
    assert!(back.closed && back.grants == moved.grants, "closed stays closed");
    let told: String = store.audit_entries(None, 0).await.unwrap().into_iter().map(|it| it.entry).collect();
    assert_eq!(told.matches("account-federate").count(), 2);
    assert_ne!(store.mark("a", "x"), store.mark("b", "x"));
    assert_eq!(store.mark("a", "x"), open(dir.path()).await.mark("a", "x"), "the same after a restart");
}

#[tokio::test]
async fn a_new_key_takes_the_place_of_the_old_and_its_code_was_used() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.open_account(&person("mtremblay"), &secrets(), BY()).await.unwrap();
    store.change_key("mtremblay", &Masked::new("MZXW6YTBOI"), 77, BY()).await.unwrap();
    let kept = store.credentials("mtremblay").await.unwrap().unwrap();
    assert_eq!((kept.totp.reveal(), kept.totp_step), ("MZXW6YTBOI", 77));
    assert!(
        !store.use_step("mtremblay", 77).await.unwrap() && store.use_step("mtremblay", 78).await.unwrap()
    );
    assert!(store.change_key("nobody", &Masked::new("X"), 1, BY()).await.is_err());
}

/// "the address cannot be added later": it can, and the trail knows by whom, but not the address itself.
#[tokio::test]
async fn an_address_is_set_later_and_told_in_the_trail() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.open_account(&person("mtremblay"), &secrets(), BY()).await.unwrap();
    assert!(store.account("mtremblay").await.unwrap().unwrap().lacks_address());
    let address = Address::parse("marie.tremblay@cisss.example").unwrap();
    store.set_address("mtremblay", &address, BY()).await.unwrap();
    let account = store.account("mtremblay").await.unwrap().unwrap();
    assert_eq!(account.address.as_deref(), Some("marie.tremblay@cisss.example"));
    assert!(!account.lacks_address());
    let trail = store.audit_entries(None, 0).await.unwrap();
    let last = &trail.last().unwrap().entry;
    assert!(last.contains("account-address") && last.contains("essai") && !last.contains('@'), "{last}");
    assert!(store.set_address("personne", &address, BY()).await.is_err());
}
