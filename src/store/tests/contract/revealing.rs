//! Reveals: written down first, shown then, counted.

use super::fixture::{MESSAGE, archivist, hold, later, noon, open, record, take_step};
use crate::model::Disposition;
use crate::ports::{Desk, Reveals, StoreError};
use crate::review::{Action, Actor, Refusal, RevealReason, RevealWhat, Role, reveal};

#[tokio::test]
async fn a_reveal_is_in_the_trail_before_its_words_are_shown() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let seen = store.case(&case).await.unwrap().unwrap();
    assert_eq!(seen.findings[0].masked, "T••••••••••2");
    let ask = |case: &_, what, actor: &Actor| reveal(case, what, RevealReason::FalseAlarm, actor, later(1));
    let finding = RevealWhat::Finding(0);
    assert_eq!(ask(&seen, finding, &archivist()), Err(Refusal::NotInHand));
    let taken = take_step(&store, &case, Action::Take, &archivist(), noon()).await.unwrap();
    let order = ask(&taken, finding, &archivist()).unwrap();
    let words = store.reveal_snippet(&order).await.unwrap();
    assert_eq!((words.before.reveal(), words.found.reveal()), ("NAM ", "TRIB 8003 1512"));
    assert!(matches!(store.reveal_message(&order).await, Err(StoreError::Refused(_))));
    let whole = ask(&taken, RevealWhat::Message, &archivist()).unwrap();
    assert_eq!(store.reveal_message(&whole).await.unwrap(), MESSAGE);
    assert_eq!(ask(&taken, RevealWhat::Finding(1), &archivist()), Err(Refusal::NoCopy));
    for role in [Role::Admin, Role::Auditor, Role::Approver, Role::Compliance] {
        assert!(ask(&taken, finding, &Actor::person("x", role)).is_err(), "{role:?}");
    }
    let told: Vec<String> = store.history(&case).await.unwrap().into_iter().map(|past| past.what).collect();
    assert_eq!(told, ["held", "take", "reveal", "reveal"]);
    assert_eq!(store.reveals_since(noon()).await.unwrap(), [("m.archiviste".to_owned(), 2)]);
    assert!(store.reveals_since(later(2)).await.unwrap().is_empty());
}

/// Of a refused or warned message no word is kept, so none can be revealed.
#[tokio::test]
async fn nothing_is_revealed_of_what_is_not_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let refused = record(1, Disposition::Refused);
    let batch = crate::ports::Batch { case: &refused, content: None, notices: &[] };
    let case = crate::ports::Intake::commit(&store, batch).await.unwrap().case;
    let seen = store.case(&case).await.unwrap().unwrap();
    assert_eq!(seen.findings.len(), 1, "masked, it is there");
    let order = reveal(&seen, RevealWhat::Finding(0), RevealReason::Incident, &archivist(), noon());
    assert_eq!(order, Err(Refusal::NoCopy));
}
