//! The outbox: sent once as far as SMTP allows, warnings grouped.

use std::time::Duration;

use jiff::SignedDuration;

use super::fixture::{WINDOW, hold, later, noon, open, order, record};
use crate::model::{Address, Disposition, NoticeKind};
use crate::ports::{Batch, Counts, Desk, Outbox, Posted, Releases, Store};

const LEASE: Duration = Duration::from_secs(300);

async fn warn(store: &dyn Store, seed: u64, seconds: i64, sender: &str) {
    let mut record = record(seed, Disposition::Warned);
    record.received_at = later(seconds);
    record.sender = Address::parse(sender).ok();
    let notices = [order(&record, NoticeKind::Warned)];
    let committed = store.commit(Batch { case: &record, content: None, notices: &notices }).await.unwrap();
    assert!(!committed.repeated);
}

#[tokio::test]
async fn a_notice_is_leased_retried_under_the_same_id_and_wiped_once_sent() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let first = store.claim_notice(noon(), LEASE).await.unwrap().unwrap();
    assert_eq!((first.tries, first.orders.len(), &first.orders[0].case), (0, 1, &case));
    assert!(store.claim_notice(later(299), LEASE).await.unwrap().is_none(), "the lease runs");
    let again = store.claim_notice(later(301), LEASE).await.unwrap().unwrap();
    assert_eq!((&again.id, again.tries), (&first.id, 1));
    store.settle_notice(&again.id, Posted::Again(later(1_000)), later(302)).await.unwrap();
    assert!(store.claim_notice(later(999), LEASE).await.unwrap().is_none());
    let last = store.claim_notice(later(1_000), LEASE).await.unwrap().unwrap();
    store.settle_notice(&last.id, Posted::Sent, later(1_001)).await.unwrap();
    assert!(store.claim_notice(later(99_999), LEASE).await.unwrap().is_none());
    assert_eq!(store.figures().await.unwrap().notices, 0);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM notices WHERE payload IS NOT NULL")
        .fetch_one(store.db.read())
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_repeat_is_not_told_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    for _ in 0..3 {
        let _ = hold(&store, &record(1, Disposition::Held)).await.unwrap();
    }
    assert_eq!(store.figures().await.unwrap().notices, 1);
}

/// The first warning leaves at once; what follows within the window leaves together at its end.
#[tokio::test]
async fn warnings_to_one_sender_inform_and_do_not_nag() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let window = i64::try_from(WINDOW.as_secs()).unwrap();
    for (seed, seconds) in [(1, 0), (2, 10), (3, 20), (4, window - 1)] {
        warn(&store, seed, seconds, "Z.Q@cisss.example").await;
    }
    warn(&store, 5, 30, "autre@cisss.example").await;
    let mut sent = Vec::new();
    for second in [0, 31, window - 1, window, 2 * window, 3 * window, 9 * window] {
        while let Some(notice) = store.claim_notice(later(second), LEASE).await.unwrap() {
            sent.push((second, notice.orders.len(), notice.orders[0].to.reveal()));
            store.settle_notice(&notice.id, Posted::Sent, later(second)).await.unwrap();
        }
    }
    let sender = || "Z.Q@cisss.example".to_owned();
    assert_eq!(sent, [(0, 1, sender()), (31, 1, "autre@cisss.example".to_owned()), (window, 3, sender())]);
    warn(&store, 6, window + 5, "z.q@cisss.example").await;
    warn(&store, 7, 5 * window, "z.q@cisss.example").await;
    let next = store.claim_notice(later(2 * window), LEASE).await.unwrap().unwrap();
    assert_eq!(next.orders.len(), 1, "one at most per window");
    let free = store.claim_notice(later(5 * window), LEASE).await.unwrap().unwrap();
    assert_eq!(free.orders.len(), 1);
}

/// A group that was claimed stays the same at its retry: its Message-ID must stand for the same text.
#[tokio::test]
async fn a_group_does_not_grow_between_two_tries() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    for (seed, seconds) in [(1, 0), (2, 1), (3, 2)] {
        warn(&store, seed, seconds, "z.q@cisss.example").await;
    }
    let alone = store.claim_notice(later(2), LEASE).await.unwrap().unwrap();
    store.settle_notice(&alone.id, Posted::Sent, later(2)).await.unwrap();
    let group = store.claim_notice(later(3_600), LEASE).await.unwrap().unwrap();
    assert_eq!(group.orders.len(), 2);
    store.settle_notice(&group.id, Posted::Again(later(7_300)), later(3_601)).await.unwrap();
    warn(&store, 4, 3_602, "z.q@cisss.example").await;
    let mut ids = Vec::new();
    while let Some(notice) = store.claim_notice(later(7_300), LEASE).await.unwrap() {
        ids.push((notice.id == group.id, notice.orders.len()));
        store.settle_notice(&notice.id, Posted::Sent, later(7_300)).await.unwrap();
    }
    ids.sort_unstable();
    assert_eq!(ids, [(false, 1), (true, 2)]);
}

#[tokio::test]
async fn a_notice_given_up_is_written_to_the_trail() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let notice = store.claim_notice(noon(), LEASE).await.unwrap().unwrap();
    store.settle_notice(&notice.id, Posted::Failed, later(1)).await.unwrap();
    let told = store.history(&case).await.unwrap();
    assert_eq!(told.last().unwrap().what, "notice-failed");
    assert!(store.claim_notice(later(99_999), LEASE).await.unwrap().is_none());
}

#[tokio::test]
async fn what_was_in_hand_at_a_stop_is_taken_back_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let _ = hold(&store, &record(1, Disposition::Held)).await.unwrap();
    let taken = store.claim_notice(noon(), LEASE).await.unwrap().unwrap();
    drop(store);
    let store = open(dir.path()).await;
    let soon = noon() + SignedDuration::from_secs(2);
    assert!(store.claim_notice(soon, LEASE).await.unwrap().is_none());
    store.resume(soon).await.unwrap();
    assert_eq!(store.claim_notice(soon, LEASE).await.unwrap().unwrap().id, taken.id);
}
