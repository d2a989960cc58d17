//! What an MTA may do wrong around the end of a message, and what the reconciler makes of it.

use std::sync::Arc;

use super::life::{House, MESSAGE};
use super::mta::{Fault, messages};
use vaguemestre::model::CaseState;

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

/// A refusal for good gives the case back to its reviewer, and delivers to nobody, not to the other recipients either.
#[tokio::test]
async fn a_refused_recipient_puts_the_case_back_on_the_desk() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::build(folder.path(), Fault::NoSuchUser, 1).await;
    let case = house.hold().await;
    house.release(&case).await;
    house.turn().await;
    assert_eq!(house.state(&case).await, CaseState::Held);
    assert!(messages(folder.path(), "queue").is_empty());
    let past = house.store.history(&case).await.unwrap();
    let last = past.last().unwrap();
    assert_eq!(
        (last.what.as_str(), last.text.as_ref().unwrap().reveal()),
        ("give-up", "the MTA refuses it for good (550)")
    );
    house.release(&case).await;
    house.to_the_end(&case).await;
    assert_eq!(messages(folder.path(), "queue"), [MESSAGE]);
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
