//! Messages that no one should send: judged, or a clean temporary failure; never a hang, a crash or an unread accept.

use super::holding::about_a_patient;
use crate::support::letters::{COLLEAGUE, EXTERNAL, Letter, SENDER, nam};
use crate::support::smtp::{Client, Mail};
use crate::support::stage::{Changes, Stage};

/// Each odd thing comes once without and once with a health insurance number. Both are judged: the first may pass or
/// be held, the second never passes; and after each, ordinary mail still gets its verdict.
#[test]
fn odd_messages_are_judged_and_the_service_goes_on() {
    let mut stage =
        Stage::with(&Changes { postfix: &["header_size_limit = 10240000"], ..Changes::default() });
    for (what, build) in ODDITIES {
        for number in [None, Some(nam("ROYP", (1990, 1, 15), false, '2'))] {
            let confidential = number.is_some();
            let id = Letter::new("", "").id;
            let mail = Mail::new(SENDER, &[EXTERNAL], build(&id, number.as_deref().unwrap_or("rien")));
            let code = stage.send(&mail).code;
            assert!(matches!(code, 250 | 451 | 550 | 552 | 554), "{what}: {code}");
            stage.postfix.drain();
            let left = stage
                .sink
                .deliveries()
                .iter()
                .any(|it| !it.from.is_empty() && number.as_deref().is_some_and(|it2| it.holds(it2)));
            assert!(!(confidential && left), "{what}: a number left");
            assert!(stage.service.runs(), "{what}: the service ended\n{}", stage.service.log());
        }
        assert_eq!(stage.send(&about_a_patient().to(&[EXTERNAL])).code, 550, "after {what}");
        let clean = Letter::new("Réunion", "À 14 h.");
        assert_eq!(stage.send(&clean.to(&[COLLEAGUE])).code, 250, "after {what}");
    }
}

/// RFC 5321, 4.1.4: "An EHLO command MAY be issued by a client later in the session", and resets as RSET does.
#[test]
fn a_client_that_begins_anew_by_ehlo_is_served_on() {
    let stage = Stage::new();
    let mut client = Client::connect(stage.postfix.ports.normal).unwrap();
    for given_up in [
        &["MAIL FROM:<a@cissslau.example>"][..],
        &["MAIL FROM:<a@cissslau.example>", "RCPT TO:<b@cissslau.example>"],
    ] {
        for command in given_up.iter().chain(&["EHLO client.example"]) {
            assert_eq!(client.command(command).unwrap().code, 250);
        }
        let letter = Letter::new("Réunion", "À 14 h.");
        assert_eq!(client.send(&letter.to(&[COLLEAGUE])).unwrap().pop().unwrap().code, 250);
        stage.delivered(&letter.id);
    }
}

type Build = fn(&str, &str) -> Vec<u8>;

const ODDITIES: &[(&str, Build)] = &[
    ("no header at all", |id, text| format!("\r\n{id}\r\n{text}\r\n").into_bytes()),
    ("no body", |id, text| format!("Message-ID: {id}\r\nSubject: {text}\r\n").into_bytes()),
    ("no Message-ID", |_, text| format!("Subject: x\r\n\r\n{text}\r\n").into_bytes()),
    ("100 000 header fields", |id, text| {
        let fields = "X-Champ: valeur\r\n".repeat(100_000);
        format!("Message-ID: {id}\r\n{fields}Subject: {text}\r\n\r\n{text}\r\n").into_bytes()
    }),
    ("a header field of 200 000 bytes", |id, text| {
        let folded = format!("{}\r\n ", "x".repeat(900)).repeat(220);
        format!("Message-ID: {id}\r\nX-Long: {folded}\r\n\r\n{text}\r\n").into_bytes()
    }),
    ("NUL bytes", |id, text| {
        format!("Message-ID: {id}\r\nSubject: a\0b\r\n\r\nx\0y\r\n{text}\0\r\n").into_bytes()
    }),
    ("NUL bytes inside the number", |id, text| {
        let split: String = text.chars().flat_map(|c| [c, '\0']).collect();
        format!("Message-ID: {id}\r\n\r\nNAM : {split}\r\nNAM : {text}\r\n").into_bytes()
    }),
    ("a line of 300 000 bytes", |id, text| {
        format!("Message-ID: {id}\r\n\r\n{}{text}\r\n", "mot ".repeat(75_000)).into_bytes()
    }),
    ("a multipart without its end", |id, text| {
        format!(
            "Message-ID: {id}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"
        )
        .into_bytes()
    }),
    ("a multipart without a boundary", |id, text| {
        format!("Message-ID: {id}\r\nContent-Type: multipart/mixed\r\n\r\n--b\r\n\r\n{text}\r\n--b--\r\n")
            .into_bytes()
    }),
    ("500 nested multiparts", |id, text| {
        let mut message = format!("Message-ID: {id}\r\n");
        for depth in 0..500 {
            message += &format!("Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n");
        }
        (message + &format!("Content-Type: text/plain\r\n\r\n{text}\r\n")).into_bytes()
    }),
    ("base64 cut short", |id, text| {
        let encoded = data_encoding::BASE64.encode(format!("NAM : {text} ").repeat(3).as_bytes());
        let cut = &encoded[..encoded.len() - 3];
        format!("Message-ID: {id}\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n\r\n{cut}\r\n").into_bytes()
    }),
    ("an unknown charset", |id, text| {
        format!("Message-ID: {id}\r\nContent-Type: text/plain; charset=x-inconnu\r\n\r\n{text}\r\n")
            .into_bytes()
    }),
    ("an unknown transfer encoding", |id, text| {
        format!("Message-ID: {id}\r\nContent-Transfer-Encoding: x-inconnu\r\n\r\n{text}\r\n").into_bytes()
    }),
    ("bytes that are no text", |id, text| {
        let mut message =
            format!("Message-ID: {id}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n").into_bytes();
        message.extend((0_u8..=255).filter(|byte| !matches!(byte, b'\r' | b'\n')));
        message.extend(format!("\r\n{text}\r\n").bytes());
        message
    }),
];

/// Postfix takes 1000 recipients a message (`smtpd_recipient_limit`) unless told otherwise.
#[test]
fn ten_thousand_recipients_get_one_verdict() {
    let stage = Stage::with(&Changes {
        postfix: &[
            "smtpd_recipient_limit = 20000",
            "smtpd_recipient_overshoot_limit = 20000",
            "default_destination_recipient_limit = 20000",
        ],
        ..Changes::default()
    });
    let to: Vec<String> = (0..10_000).map(|at| format!("personne{at}@cissslau.example")).collect();
    let letter = about_a_patient();
    let mail = Mail { to, ..letter.to(&[COLLEAGUE]) };
    let mut client = crate::support::smtp::Client::connect(stage.postfix.ports.normal).unwrap();
    let reply = client.send(&mail).unwrap().pop().unwrap();
    assert_eq!(reply.code, 250, "{reply:?}");
    stage.notice(&letter.id);
    stage.postfix.drain();
    assert_eq!(stage.copies(&letter.id), 0, "it was to be held");
}
