//! Holding: durable, once, and found again.

use super::fixture::{DAY, MESSAGE, hold, later, open, order, record};
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
