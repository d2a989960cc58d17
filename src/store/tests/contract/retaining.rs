//! Nothing is kept longer than it must.

use std::time::Duration;

use super::fixture::{DAY, MESSAGE, archivist, hold, later, open, post_all, record, take_step};
use crate::model::{CaseRecord, CaseState, Disposition};
use crate::ports::{Batch, Desk, Intake, Retention, StoreError};
use crate::review::{Action, Actor};

#[tokio::test]
async fn an_undecided_case_comes_due_and_a_decided_one_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let due = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let decided = hold(&store, &record(2, Disposition::Held)).await.unwrap().case;
    take_step(&store, &decided, Action::Return, &archivist(), later(1)).await.unwrap();
    assert!(store.expired(later(15 * DAY - 1)).await.unwrap().is_empty());
    let expired = store.expired(later(15 * DAY)).await.unwrap();
    assert_eq!(expired.iter().map(|case| &case.id).collect::<Vec<_>>(), [&due]);
    let returned = take_step(&store, &due, Action::Expire, &Actor::Service, later(15 * DAY)).await.unwrap();
    assert_eq!(returned.state.name(), "returned");
    assert!(store.expired(later(99 * DAY)).await.unwrap().is_empty());
}

/// A case that is back among those that wait has not waited yet.
#[tokio::test]
async fn what_waits_again_has_its_whole_time_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let restored = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let put_back = hold(&store, &record(2, Disposition::Held)).await.unwrap().case;
    take_step(&store, &restored, Action::Delete, &archivist(), later(14 * DAY)).await.unwrap();
    take_step(&store, &restored, Action::Restore, &archivist(), later(16 * DAY)).await.unwrap();
    take_step(&store, &put_back, Action::Take, &archivist(), later(14 * DAY)).await.unwrap();
    take_step(&store, &put_back, Action::PutBack, &archivist(), later(14 * DAY + 60)).await.unwrap();
    let expired = async |at| -> Vec<_> {
        store.expired(later(at)).await.unwrap().into_iter().map(|case| case.id).collect()
    };
    assert_eq!(expired(31 * DAY - 1).await, std::slice::from_ref(&put_back));
    assert_eq!(expired(31 * DAY).await, [restored, put_back]);
}

/// RFC 5321, 6.1: to the null reverse-path nothing can be given back.
#[tokio::test]
async fn a_message_from_nobody_waits_for_a_person() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let nobody = CaseRecord { sender: None, ..record(1, Disposition::Held) };
    let _ = store.commit(Batch { case: &nobody, content: Some(MESSAGE), notices: &[] }).await.unwrap();
    assert!(store.expired(later(99 * DAY)).await.unwrap().is_empty());
    assert_eq!(store.overdue(later(99 * DAY)).await.unwrap().waiting, 1);
}

#[tokio::test]
async fn a_doubt_of_the_clock_outlasts_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    assert_eq!(store.trusted_before(), None);
    store.trust(later(DAY)).await.unwrap();
    store.ready().await.unwrap();
    drop(store);
    assert_eq!(open(dir.path()).await.trusted_before(), Some(later(DAY)));
}

#[tokio::test]
async fn content_is_destroyed_some_days_after_the_decision_and_never_before_one() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let decided = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let held = hold(&store, &record(2, Disposition::Held)).await.unwrap().case;
    let releasing = hold(&store, &record(3, Disposition::Held)).await.unwrap().case;
    take_step(&store, &decided, Action::Return, &archivist(), later(DAY)).await.unwrap();
    take_step(&store, &releasing, Action::Release, &archivist(), later(DAY)).await.unwrap();
    assert_eq!(store.shred(later(8 * DAY - 1)).await.unwrap(), 0);
    assert_eq!(store.shred(later(8 * DAY)).await.unwrap(), 1);
    assert_eq!(store.shred(later(99 * DAY)).await.unwrap(), 0);
    assert_eq!(super::super::sealed_messages(&store, dir.path()).await, 2);
    let purged = store.case(&decided).await.unwrap().unwrap();
    assert_eq!((purged.state, purged.outcome), (CaseState::Purged, Some(CaseState::Returned)));
    assert!(matches!(store.content(&decided).await, Err(StoreError::Refused(_))));
    assert_eq!(store.history(&decided).await.unwrap().last().unwrap().what, "destroyed");
    for kept in [held, releasing] {
        assert!(store.content(&kept).await.is_ok());
    }
}

/// "Nothing in silence": whose message was given back and destroyed hears so before their address is forgotten.
#[tokio::test]
async fn a_case_is_not_forgotten_while_a_notice_of_it_waits() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    take_step(&store, &case, Action::Return, &archivist(), later(1)).await.unwrap();
    let years = later(2_000 * DAY);
    assert_eq!((store.shred(years).await.unwrap(), store.forget(years).await.unwrap()), (1, 0));
    assert!(post_all(&store, years).await > 0);
    assert_eq!(store.forget(years).await.unwrap(), 1);
    assert_eq!(store.case(&case).await.unwrap().unwrap().personal, None);
}

/// Sweeping without patience while messages are being held: a hold may have to try again, none is ever lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_never_takes_a_file_that_a_case_names() {
    let dir = tempfile::tempdir().unwrap();
    let store = std::sync::Arc::new(open(dir.path()).await);
    let sweeper = std::sync::Arc::clone(&store);
    let sweeping = tokio::spawn(async move {
        for _ in 0..200 {
            let _ = sweeper.sweep(Duration::ZERO).await;
            tokio::task::yield_now().await;
        }
    });
    let mut held = Vec::new();
    for seed in 0..60 {
        if let Ok(committed) = hold(store.as_ref(), &record(seed, Disposition::Held)).await {
            held.push(committed.case);
        }
    }
    sweeping.await.unwrap();
    for case in &held {
        assert!(store.content(case).await.is_ok(), "{case}");
    }
}
