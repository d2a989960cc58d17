//! What an MTA may do wrong around the end of a message, and what the reconciler makes of it.

use std::sync::Arc;

use super::life::{House, MESSAGE};
use super::mta::{Fault, messages};
use vaguemestre::model::{CaseId, CaseState};
use vaguemestre::review::Action;

/// 13 of 120 messages "were queued although the client had been told `451`".
#[tokio::test]
async fn whatever_the_mta_answers_the_message_is_delivered_once_and_unchanged() {
    for fault in [Fault::None, Fault::QueuedAnd451, Fault::LostAfterClaim, Fault::LostBeforeClaim] {
        for faulty in [1, 3] {
            let folder = tempfile::tempdir().unwrap();
            let house = House::build(folder.path(), fault, faulty).await;
            let case = house.hold().await;
            house.release(&case).await;
            house.to_the_end(&case).await;
            assert_eq!(messages(folder.path(), "queue"), [MESSAGE], "{fault:?}");
            assert_eq!(messages(folder.path(), "notices").len(), 2, "{fault:?}");
        }
    }
}

/// A refusal for good gives the case back to its reviewer, with its reason, and delivers to nobody, not to the other recipients either.
#[tokio::test]
async fn a_refusal_for_good_puts_the_case_back_on_the_desk() {
    let faults = [(Fault::NoSuchUser, 550), (Fault::RefusedUnseen, 554), (Fault::RefusedAfterClaim, 552)];
    for (fault, code) in faults {
        let folder = tempfile::tempdir().unwrap();
        let house = House::build(folder.path(), fault, 1).await;
        let case = house.hold().await;
        house.release(&case).await;
        turn_until(&house, &case, CaseState::Held).await;
        assert!(messages(folder.path(), "queue").is_empty(), "{fault:?}");
        assert_eq!(last_word(&house, &case).await, format!("give-up: the MTA refuses it for good ({code})"));
        house.release(&case).await;
        house.to_the_end(&case).await;
        assert_eq!(messages(folder.path(), "queue"), [MESSAGE], "{fault:?}");
    }
}

/// A 250 for a copy that our milter did not see: delivered around it, or thrown away. Nobody knows, so neither "released" is said, nor is
/// it sent again.
#[tokio::test]
async fn a_copy_taken_without_our_milter_is_a_persons_to_settle() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::build(folder.path(), Fault::TakenUnseen, 1).await;
    let case = house.hold().await;
    house.release(&case).await;
    for _ in 0..200 {
        house.turn().await;
    }
    assert_eq!(house.state(&case).await, CaseState::Uncertain);
    assert_eq!(last_word(&house, &case).await, "doubt: taken unseen by our milter (4GONE)");
    assert!(messages(folder.path(), "queue").is_empty());
    house.decide(&case, Action::Retry(None)).await;
    house.to_the_end(&case).await;
    assert_eq!(messages(folder.path(), "queue"), [MESSAGE]);
}

/// A release that its MTA never takes does not run for ever: after a day a person decides, or takes it back before.
#[tokio::test]
async fn a_release_that_never_succeeds_ends_on_the_desk() {
    for fault in [Fault::LostBeforeClaim, Fault::LostAfterClaim] {
        let folder = tempfile::tempdir().unwrap();
        let house = House::build(folder.path(), fault, usize::MAX).await;
        let case = house.hold().await;
        house.release(&case).await;
        let began = house.clock.now();
        while house.state(&case).await != CaseState::Held {
            house.turn().await;
            house.clock.skip(300);
        }
        let hours = house.clock.now().duration_since(began).as_hours();
        assert!((20..48).contains(&hours), "{fault:?}: {hours} h");
        assert_eq!(
            last_word(&house, &case).await,
            "give-up: the MTA did not take it in 150 tries",
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn a_reviewer_takes_back_a_release_that_the_mta_does_not_take() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = House::build(folder.path(), Fault::None, 0).await;
    let case = house.hold().await;
    house.release(&case).await;
    house.relay = vaguemestre::relay::SmtpRelay::new(closed_port());
    house.turn().await;
    assert_eq!(house.state(&case).await, CaseState::Releasing);
    house.decide(&case, Action::GiveUp).await;
    assert_eq!(house.state(&case).await, CaseState::Held);
    house.decide(&case, Action::Return).await;
}

async fn turn_until(house: &House, case: &CaseId, state: CaseState) {
    for _ in 0..400 {
        house.turn().await;
        if house.state(case).await == state {
            return;
        }
    }
    panic!("the case does not become {}", state.name());
}

/// What was done last, and why.
async fn last_word(house: &House, case: &CaseId) -> String {
    let past = house.store.history(case).await.unwrap();
    let last = past.last().unwrap();
    format!("{}: {}", last.what, last.text.as_ref().unwrap().reveal())
}

/// "No answer from the re-injection port: […] nothing lost."
#[tokio::test]
async fn a_silent_port_delays_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = House::build(folder.path(), Fault::None, 0).await;
    let case = house.hold().await;
    house.release(&case).await;
    let right = house.relay.clone();
    house.relay = vaguemestre::relay::SmtpRelay::new(closed_port());
    for _ in 0..6 {
        house.turn().await;
        assert_eq!(house.state(&case).await, CaseState::Releasing);
    }
    house.relay = right;
    house.clock.skip(3_600);
    house.to_the_end(&case).await;
    assert_eq!(messages(folder.path(), "queue"), [MESSAGE]);
}

fn closed_port() -> vaguemestre::model::settings::Relay {
    vaguemestre::model::settings::Relay {
        release: "127.0.0.1:1".parse().unwrap(),
        notices: "127.0.0.1:1".parse().unwrap(),
        from: "courriel@cisss.example".to_owned(),
        helo: "vaguemestre.cisss.example".to_owned(),
        group_warnings: std::time::Duration::from_secs(60),
        postfix_config: None,
        mail_log: None,
        timeout: std::time::Duration::from_secs(1),
        encrypt_header: String::new(),
        encrypt_subject: String::new(),
    }
}

/// "100 concurrent clicks on one case = 1 delivery".
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_releases_at_once_are_one_delivery() {
    let folder = tempfile::tempdir().unwrap();
    let house = Arc::new(House::build(folder.path(), Fault::QueuedAnd451, 1).await);
    let case = house.hold().await;
    let mut clicks = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (house, case) = (Arc::clone(&house), case.clone());
        clicks.spawn(async move {
            use vaguemestre::review::{Action, Actor, Role};
            let actor = Actor::person("m.archiviste", Role::Archivist);
            let reason = Some(vaguemestre::model::Masked::new("faux positif"));
            let decided = vaguemestre::service::releases::decide(
                house.store.as_ref(),
                &case,
                Action::Release,
                &actor,
                reason,
                house.clock.now(),
            );
            let won = decided.await.is_ok();
            house.turn().await;
            won
        });
    }
    let won = clicks.join_all().await.into_iter().filter(|won| *won).count();
    house.to_the_end(&case).await;
    assert_eq!((won, messages(folder.path(), "queue").len()), (1, 1));
}
