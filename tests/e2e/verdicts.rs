//! Every verdict, as the SMTP client, the next hop and the sender see it.

use crate::support::letters::{COLLEAGUE, EXTERNAL, Letter, NETWORK, OTHER_COLLEAGUE, WEBMAIL, nam};
use crate::support::stage::{Stage, case_in};

fn about_a_patient() -> Letter {
    let number = nam("BELR", (1974, 3, 21), false, '1');
    Letter::new("Suivi", &format!("Bonjour,\n\nNAM : {number}\n\nMerci"))
}

#[test]
fn clean_mail_arrives_byte_for_byte_whoever_it_is_for() {
    let stage = Stage::new();
    for to in [&[COLLEAGUE][..], &[WEBMAIL], &[COLLEAGUE, NETWORK, EXTERNAL]] {
        let letter = Letter::new("Réunion", "La réunion est à 14 h.\n.\n..deux points au début\n\nFin");
        let mail = letter.to(to);
        assert_eq!(stage.send(&mail).code, 250);
        let delivery = stage.delivered(&letter.id);
        assert!(delivery.carries(&mail.data), "{}", String::from_utf8_lossy(&delivery.data));
        assert_eq!(delivery.to.len(), to.len());
    }
    assert!(
        stage.sink.deliveries().iter().all(|delivery| !delivery.from.is_empty()),
        "a notice about clean mail"
    );
}

/// MSSS-DIR04, art. 6: confidential and unprotected, outside: the sender still has the message and reads why.
#[test]
fn a_refusal_says_why_what_to_do_and_which_case() {
    let stage = Stage::new();
    for to in [WEBMAIL, EXTERNAL] {
        let letter = about_a_patient();
        let reply = stage.send(&letter.to(&[to]));
        assert_eq!(reply.code, 550, "{reply:?}");
        assert!(
            reply
                .lines
                .iter()
                .all(|line| line.is_ascii() && line.len() <= 510 && line[4..].starts_with("5.7.1 "))
        );
        let text = reply.text();
        assert!(text.contains("Motif") && text.contains("Que faire") && text.contains("DIR04"), "{text}");
        assert!(case_in(&text).is_some(), "no case number: {text}");
        assert!(!text.contains("BELR"), "the reply quotes what was found: {text}");
        stage.postfix.drain();
        assert_eq!(stage.copies(&letter.id), 0);
    }
}

/// DIR 2022 DQEPE 054, art. 5.7: inside, to one person: delivered, and its sender told.
#[test]
fn a_warning_is_delivered_marked_for_insiders_and_told_to_its_sender() {
    let stage = Stage::new();
    let letter = about_a_patient();
    assert_eq!(stage.send(&letter.to(&[COLLEAGUE])).code, 250);
    assert!(stage.delivered(&letter.id).holds("\r\nX-Vaguemestre: warn; case="));
    let notice = stage.notice(&letter.id);
    assert!(notice.text().contains("a été transmis"), "{}", notice.text());
    assert!(!notice.text().contains("BELR"));
}

#[test]
fn a_warning_that_leaves_the_network_carries_no_mark() {
    let stage = Stage::new();
    let letter = Letter::new("Sondage", "Vos disponibilités : https://doodle.com/poll/abc123");
    assert_eq!(stage.send(&letter.to(&[EXTERNAL])).code, 250);
    assert!(!stage.delivered(&letter.id).holds("X-Vaguemestre"));
    stage.notice(&letter.id);
}

/// DIR 2022 DQEPE 054, art. 5.8: several recipients: held, the next hop gets nothing, the sender is told.
#[test]
fn a_held_message_goes_nowhere_and_its_sender_is_told() {
    let stage = Stage::new();
    let letter = about_a_patient();
    assert_eq!(stage.send(&letter.to(&[COLLEAGUE, OTHER_COLLEAGUE])).code, 250);
    let notice = stage.notice(&letter.id);
    assert!(notice.text().contains("n’a pas été transmis"), "{}", notice.text());
    assert!(case_in(&notice.text()).is_some());
    stage.postfix.drain();
    assert_eq!(stage.copies(&letter.id), 0);
}

/// Contract: "any such header that arrives with a message is removed".
#[test]
fn a_forged_mark_is_taken_off() {
    let stage = Stage::new();
    let letter =
        Letter::new("Bonjour", "Rien de particulier.").field("X-Vaguemestre: accept; case=0000-0000");
    assert_eq!(stage.send(&letter.to(&[COLLEAGUE])).code, 250);
    assert!(!stage.delivered(&letter.id).holds("X-Vaguemestre"));
}

/// A new installation observes: nothing changes for anyone.
#[test]
fn observing_changes_nothing() {
    let stage = Stage::with(&crate::support::stage::Changes {
        service: &[("judging", "mode = \"observe\"")],
        ..Default::default()
    });
    let letter = about_a_patient();
    let mail = letter.to(&[WEBMAIL]);
    assert_eq!(stage.send(&mail).code, 250);
    assert!(stage.delivered(&letter.id).carries(&mail.data));
    assert_eq!(stage.notices(&letter.id), 0);
}

/// Several messages in one SMTP session are judged each on its own: a mail server reuses its connection.
#[test]
fn one_session_carries_verdicts_of_every_kind() {
    let stage = Stage::new();
    let mut client = crate::support::smtp::Client::connect(stage.postfix.ports.normal).unwrap();
    for _ in 0..3 {
        let verdicts = [
            (Letter::new("a", "Bonjour"), EXTERNAL, 250),
            (about_a_patient(), EXTERNAL, 550),
            (about_a_patient(), COLLEAGUE, 250),
        ];
        for (letter, to, code) in verdicts {
            let reply = client.send(&letter.to(&[to])).unwrap().pop().unwrap();
            assert_eq!(reply.code, code, "{reply:?}");
        }
    }
}
