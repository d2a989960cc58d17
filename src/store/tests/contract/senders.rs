//! Tokens: one case, one address, 72 hours, and nothing in clear.

use super::fixture::{archivist, hold, later, noon, open, record, take_step};
use crate::model::{Address, CaseState, Disposition, Masked};
use crate::ports::{Desk, Outbox, Senders};
use crate::review::{Action, SenderSays};

const HOURS_72: i64 = 72 * 3_600;

#[tokio::test]
async fn the_held_notice_carries_a_token_that_opens_its_case_to_its_sender() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let notice = store.claim_notice(noon(), std::time::Duration::ZERO).await.unwrap().unwrap();
    let token = notice.orders[0].token.clone().unwrap();
    assert_eq!(token.reveal().len(), 52);
    let opened = store.sender_case(&token, later(HOURS_72 - 1)).await.unwrap().unwrap();
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
    assert!(store.sender_case(&token, later(HOURS_72)).await.unwrap().is_none(), "72 hours are over");
    let other = Address::parse("barnabe.trifluvien@courriel.example").unwrap();
    let other = store.issue_token(&case, &other, noon()).await.unwrap();
    assert!(store.sender_case(&other, noon()).await.unwrap().is_none(), "a recipient is no sender");
    take_step(&store, &case, Action::Return, &archivist(), later(1)).await.unwrap();
    let ended = store.sender_case(&token, later(2 * HOURS_72)).await.unwrap().unwrap();
    assert_eq!(ended.case.state, CaseState::Returned, "an old link shows what became of it");
    let kept: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT digest FROM tokens").fetch_all(store.db.read()).await.unwrap();
    assert!(kept.iter().all(|digest| digest != token.reveal().as_bytes()));
    assert!(store.history(&case).await.is_ok());
}
