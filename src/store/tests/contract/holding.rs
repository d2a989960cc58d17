//! Holding: durable, once, and found again.

use super::fixture::{DAY, HOUR, MESSAGE, hold, later, open, order, record};
use crate::model::{CaseState, Disposition, NoticeKind};
use crate::ports::{Batch, Desk, Intake};

#[tokio::test]
async fn a_held_message_is_kept_whole_and_its_case_opens_again() {
    let dir = tempfile::tempdir().unwrap();
    let record = record(1, Disposition::Held);
    let case = {
        let store = open(dir.path()).await;
        store.ready().await.unwrap();
        let committed = hold(&store, &record).await.unwrap();
        assert!(!committed.repeated);
        committed.case
    };
    let store = open(dir.path()).await;
    assert_eq!(store.content(&case).await.unwrap(), MESSAGE);
    let found = store.case(&case).await.unwrap().unwrap();
    assert_eq!(found.state, CaseState::Held);
    let personal = found.personal.unwrap();
    assert_eq!(personal.sender, record.sender);
    assert_eq!(personal.recipients, record.recipients);
    assert_eq!(personal.message_id, record.message_id);
    assert_eq!(
        (found.domains, found.articles),
        (vec!["clinique.example".to_owned(), "courriel.example".to_owned()], record.articles)
    );
}

/// A machine may send the same text twice a day without a Message-ID: two messages.
#[tokio::test]
async fn without_a_message_id_only_what_comes_again_within_the_hour_is_a_retry() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let mut record = record(1, Disposition::Held);
    record.message_id = None;
    for (seconds, repeated) in [(0, false), (HOUR - 1, true), (HOUR + 1, false)] {
        record.received_at = later(seconds);
        assert_eq!(hold(&store, &record).await.unwrap().repeated, repeated, "after {seconds} s");
    }
}

/// Nobody waits for a commit that hangs: whatever became of it, the retry of its message finds one case, whole, or opens it.
#[tokio::test]
async fn a_commit_that_was_given_up_anywhere_leaves_one_case_to_its_retry() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    for polls in 1.. {
        let record = record(polls, Disposition::Held);
        let late = give_up_after(polls, hold(&store, &record)).await;
        let retry = hold(&store, &record).await.unwrap();
        assert_eq!(store.content(&retry.case).await.unwrap(), MESSAGE, "after {polls} polls");
        let again = hold(&store, &record).await.unwrap();
        assert_eq!((again.case, again.repeated), (retry.case.clone(), true), "after {polls} polls");
        if let Some(late) = late {
            assert_eq!((late.unwrap().case, true), (retry.case, retry.repeated), "after {polls} polls");
            return;
        }
    }
}

/// Polls a future so often, a millisecond apart; `None` when it did not end by then.
async fn give_up_after<T>(polls: u64, future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    for _ in 0..polls {
        let done = std::future::poll_fn(|context| {
            let polled = future.as_mut().poll(context);
            std::task::Poll::Ready(match polled {
                std::task::Poll::Ready(done) => Some(done),
                std::task::Poll::Pending => None,
            })
        });
        if let Some(done) = done.await {
            return Some(done);
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    None
}

/// "a retry finds its case instead of doubling it, and the repeat is counted on the case".
#[tokio::test]
async fn a_retry_within_a_day_finds_its_case() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let mut record = record(1, Disposition::Held);
    let first = hold(&store, &record).await.unwrap();
    record.received_at = later(DAY - 1);
    record.proposed = crate::model::CaseId::from_bits(99);
    let second = hold(&store, &record).await.unwrap();
    assert_eq!((second.case.clone(), second.repeated), (first.case, true));
    assert_eq!(store.case(&second.case).await.unwrap().unwrap().repeats, 1);
    record.received_at = later(DAY + 1);
    assert!(!hold(&store, &record).await.unwrap().repeated);
    let notices = [order(&record, NoticeKind::Warned)];
    record.disposition = Disposition::Warned;
    let warned = store.commit(Batch { case: &record, content: None, notices: &notices }).await.unwrap();
    assert!(!warned.repeated, "another outcome is another case");
}
