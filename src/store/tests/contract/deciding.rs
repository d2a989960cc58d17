//! Leases, two persons, legal holds, deletions taken back: what reviewers leave on a case is kept as they left it.

use super::fixture::{DAY, archivist, hold, later, noon, open, record, released_once, take_step};
use crate::model::{CaseState, Disposition, Masked};
use crate::ports::{Desk, Releases, Retention, StoreError};
use crate::review::{Action, Actor, LEASE, Role, act, hold_legally};

fn second() -> Actor {
    Actor::person("g.gestionnaire", Role::Approver)
}

#[tokio::test]
async fn a_lease_is_kept_and_ends_with_the_decision() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let taken = take_step(&store, &case, Action::Take, &archivist(), noon()).await.unwrap();
    let lease = taken.lease.unwrap();
    assert_eq!(
        (taken.state, lease.holder.as_str(), lease.until),
        (CaseState::Taken, "m.archiviste", noon() + LEASE)
    );
    let returned = take_step(&store, &case, Action::Return, &archivist(), later(1)).await.unwrap();
    assert_eq!((returned.lease, returned.outcome), (None, Some(CaseState::Returned)));
}

#[tokio::test]
async fn two_who_take_a_case_at_once_are_parted() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let seen = store.case(&case).await.unwrap().unwrap();
    let take =
        |login| act(&seen, Action::Take, &Actor::person(login, Role::Archivist), None, noon()).unwrap();
    store.apply(&take("a")).await.unwrap();
    let Err(StoreError::Conflict(told)) = store.apply(&take("b")).await else { panic!() };
    assert!(told.contains("take by a"), "{told}");
}

#[tokio::test]
async fn a_release_of_two_persons_waits_for_the_second_and_keeps_the_first_reason() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let mut grave = record(1, Disposition::Held);
    grave.two_persons = true;
    let case = hold(&store, &grave).await.unwrap().case;
    let proposed = take_step(&store, &case, Action::Release, &archivist(), noon()).await.unwrap();
    assert_eq!(
        (proposed.state, proposed.proposal.unwrap().by.as_str()),
        (CaseState::ToApprove, "m.archiviste")
    );
    assert!(
        store.arm_release(later(1), LEASE.unsigned_abs()).await.unwrap().is_none(),
        "nothing is sent yet"
    );
    let refused = take_step(&store, &case, Action::Approve, &archivist(), later(2)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))));
    let back = take_step(&store, &case, Action::Decline, &second(), later(3)).await.unwrap();
    assert_eq!((back.state, back.proposal), (CaseState::Held, None));
    take_step(&store, &case, Action::Release, &archivist(), later(4)).await.unwrap();
    let done = take_step(&store, &case, Action::Approve, &second(), later(5)).await.unwrap();
    assert_eq!(done.state, CaseState::Releasing);
    assert!(store.arm_release(later(6), LEASE.unsigned_abs()).await.unwrap().is_some());
    let told: Vec<String> = store.history(&case).await.unwrap().into_iter().map(|past| past.what).collect();
    assert_eq!(told, ["held", "propose", "decline", "propose", "approve"]);
}

/// "purge, delete and expiry all check it inside the same transaction".
#[tokio::test]
async fn a_legal_hold_set_meanwhile_stops_deletion_expiry_and_purge() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let compliance = Actor::person("c.conformite", Role::Compliance);
    let waiting = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let ended = hold(&store, &record(2, Disposition::Held)).await.unwrap().case;
    take_step(&store, &ended, Action::Return, &archivist(), noon()).await.unwrap();
    let seen = store.case(&waiting).await.unwrap().unwrap();
    let mut delete = act(&seen, Action::Delete, &archivist(), Some(Masked::new("motif")), later(1)).unwrap();
    for case in [&waiting, &ended] {
        let case = store.case(case).await.unwrap().unwrap();
        let (on, why) = (jiff::civil::date(2027, 1, 15), Masked::new("litige Trifluvien"));
        let set = hold_legally(&case, "2026-17", on, &compliance, &why, later(1)).unwrap();
        store.apply(&set).await.unwrap();
    }
    delete.version += 1;
    assert!(matches!(store.apply(&delete).await, Err(StoreError::Conflict(_))), "the hold alone stops it");
    assert!(store.expired(later(99 * DAY)).await.unwrap().is_empty());
    assert_eq!(store.shred(later(99 * DAY)).await.unwrap(), 0);
    let kept = store.case(&ended).await.unwrap().unwrap().legal_hold.unwrap();
    assert_eq!((kept.number.as_str(), kept.author.as_str()), ("2026-17", "c.conformite"));
    assert_eq!(kept.reason.unwrap().reveal(), "litige Trifluvien");
    take_step(&store, &ended, Action::LiftHold, &compliance, later(2)).await.unwrap();
    assert_eq!(store.shred(later(99 * DAY)).await.unwrap(), 1);
}

#[tokio::test]
async fn what_is_deleted_can_come_back_for_72_hours_and_is_destroyed_then() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    take_step(&store, &case, Action::Delete, &archivist(), noon()).await.unwrap();
    assert_eq!(store.shred(later(3 * DAY - 1)).await.unwrap(), 0);
    let back = take_step(&store, &case, Action::Restore, &archivist(), later(3 * DAY - 1)).await.unwrap();
    assert_eq!((back.state, back.outcome, back.decided_at), (CaseState::Held, None, None));
    take_step(&store, &case, Action::Delete, &archivist(), later(3 * DAY)).await.unwrap();
    assert_eq!(store.shred(later(6 * DAY)).await.unwrap(), 1);
    assert!(matches!(store.content(&case).await, Err(StoreError::Refused(_))));
}

#[tokio::test]
async fn a_release_asks_for_encryption_by_the_configured_mark_only() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let refused = take_step(&store, &case, Action::ReleaseEncrypted, &archivist(), noon()).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "no mark is configured");
    store.encryption.header = "X-Encrypt: yes".to_owned();
    store.encryption.subject = "[chiffrer]".to_owned();
    let asked = take_step(&store, &case, Action::ReleaseEncrypted, &archivist(), noon()).await.unwrap();
    assert!(asked.release.unwrap().encrypted);
    let order = store.arm_release(later(1), LEASE.unsigned_abs()).await.unwrap().unwrap();
    let text = String::from_utf8(order.content.0.clone()).unwrap();
    assert!(
        text.starts_with("X-Encrypt: yes\r\nFrom: ") && text.contains("Subject: [chiffrer] Suivi"),
        "{text}"
    );
    let plain = released_once(&store, later(2)).await;
    assert_eq!(&*plain.content, super::fixture::MESSAGE);
}
