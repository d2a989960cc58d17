//! Tokens: one case, one address, as long as the case is not over and a while after, and nothing in clear.

use super::fixture::{archivist, hold, later, noon, open, order, record, take_step};
use crate::model::{Address, CaseRecord, CaseState, Disposition, Masked, NoticeKind};
use crate::ports::{Batch, CaseFilter, Counts, Desk, FindingMark, Intake, Outbox, Posted, Senders};
use crate::review::{Action, SenderSays};

const DAY: i64 = 86_400;

/// The time that a case may wait, and 30 days.
const LIFE: i64 = 45 * DAY;

#[tokio::test]
async fn the_held_notice_carries_a_token_that_opens_its_case_to_its_sender() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let notice = store.claim_notice(noon(), std::time::Duration::ZERO).await.unwrap().unwrap();
    let token = notice.orders[0].token.clone().unwrap();
    assert_eq!(token.reveal().len(), 52);
    let opened = store.sender_case(&token, later(3 * DAY)).await.unwrap().unwrap();
    assert_eq!(opened.case.id, case);
    let said = take_step(&store, &case, Action::AskEncryption, &opened.actor, later(1)).await.unwrap();
    assert_eq!((said.state, said.sender_word.unwrap().says), (CaseState::Justified, SenderSays::Encrypt));
    assert!(
        store.sender_case(&token, later(2)).await.unwrap().is_some(),
        "looking and acting use nothing up"
    );
}

#[tokio::test]
async fn a_token_that_is_forged_old_or_of_another_address_opens_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let sender = record(1, Disposition::Held).sender.unwrap();
    let token = store.issue_token(&case, &sender, noon()).await.unwrap();
    for forged in ["", "a", &token.reveal().to_uppercase(), &token.reveal()[1..]] {
        assert!(store.sender_case(&Masked::new(forged), noon()).await.unwrap().is_none(), "{forged}");
    }
    let waits = store.sender_case(&token, later(LIFE)).await.unwrap();
    assert!(waits.is_some(), "a case under a legal hold may wait longer than any");
    let other = Address::parse("barnabe.trifluvien@courriel.example").unwrap();
    let other = store.issue_token(&case, &other, noon()).await.unwrap();
    assert!(store.sender_case(&other, noon()).await.unwrap().is_none(), "a recipient is no sender");
    take_step(&store, &case, Action::Return, &archivist(), later(1)).await.unwrap();
    let ended = store.sender_case(&token, later(LIFE - 1)).await.unwrap().unwrap();
    assert_eq!(ended.case.state, CaseState::Returned, "an old link shows what became of it");
    assert!(store.sender_case(&token, later(LIFE)).await.unwrap().is_none(), "its time is over");
    let kept: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT digest FROM tokens").fetch_all(store.db.read()).await.unwrap();
    assert!(kept.iter().all(|digest| digest != token.reveal().as_bytes()));
    assert!(store.history(&case).await.is_ok());
}

/// "Every link that we give must open": the token of a refusal is durable with its case.
#[tokio::test]
async fn a_refusal_gives_a_token_each_time_until_there_are_many() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let refused = record(1, Disposition::Refused);
    let batch = || Batch { case: &refused, content: None, notices: &[] };
    let first = store.commit(batch()).await.unwrap();
    let opened = store.sender_case(first.token.as_ref().unwrap(), later(1)).await.unwrap().unwrap();
    assert_eq!((&opened.case.id, opened.case.state), (&first.case, CaseState::Refused));
    for again in 1..20 {
        let again_told = store.commit(batch()).await.unwrap();
        assert!(again_told.repeated && again_told.token != first.token, "{again}");
        let token = again_told.token.unwrap();
        assert_eq!(store.sender_case(&token, later(1)).await.unwrap().unwrap().case.id, first.case);
    }
    let told = store.commit(batch()).await.unwrap();
    assert_eq!((told.case, told.token), (first.case, None), "a machine that never tires fills no table");
    let nobody = CaseRecord { sender: None, ..record(2, Disposition::Refused) };
    let told = store.commit(Batch { case: &nobody, content: None, notices: &[] }).await.unwrap();
    assert_eq!(told.token, None);
}

#[tokio::test]
async fn the_notices_of_a_warning_and_of_a_decision_carry_a_token_each() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let warned = record(1, Disposition::Warned);
    let notices = [order(&warned, NoticeKind::Warned)];
    let case = store.commit(Batch { case: &warned, content: None, notices: &notices }).await.unwrap().case;
    let notice = store.claim_notice(later(1), std::time::Duration::ZERO).await.unwrap().unwrap();
    let token = notice.orders[0].token.clone().unwrap();
    let opened = store.sender_case(&token, later(1)).await.unwrap().unwrap();
    assert_eq!(opened.case.id, case);
    let said = take_step(&store, &case, Action::ClaimFalseAlarm, &opened.actor, later(2)).await.unwrap();
    assert_eq!((said.state, said.sender_word.unwrap().says), (CaseState::Warned, SenderSays::FalseAlarm));
    store.settle_notice(&notice.id, Posted::Sent, later(2)).await.unwrap();
    let claims = || async {
        let found = store.cases(&CaseFilter::claims()).await.unwrap();
        found.into_iter().map(|case| (case.id.clone(), case.is_claimed())).collect::<Vec<_>>()
    };
    assert_eq!(claims().await, [(case.clone(), true)], "it waits for a reviewer's word");
    let marks = [FindingMark { finding: 0, false_alarm: true }];
    store.mark_findings(&case, &marks, &archivist(), later(3)).await.unwrap();
    assert_eq!(claims().await, []);

    let held = hold(&store, &record(2, Disposition::Held)).await.unwrap();
    let notice = store.claim_notice(later(3), std::time::Duration::ZERO).await.unwrap().unwrap();
    assert_eq!(notice.orders[0].token, held.token, "one token for what one transaction tells");
    store.settle_notice(&notice.id, Posted::Sent, later(3)).await.unwrap();
    take_step(&store, &held.case, Action::Return, &archivist(), later(4)).await.unwrap();
    let notice = store.claim_notice(later(5), std::time::Duration::ZERO).await.unwrap().unwrap();
    let token = notice.orders[0].token.clone().unwrap();
    assert_eq!(store.sender_case(&token, later(5)).await.unwrap().unwrap().case.state, CaseState::Returned);
}
