//! The private Postfix does what the other tests take for granted.

use crate::support::postfix::{Plan, Postfix};
use crate::support::sink::Sink;
use crate::support::smtp::{Mail, send};

const MESSAGE: &str = "From: a@hopital.example\r\nTo: b@ailleurs.example\r\nDate: Mon, 2 Nov 2026 10:00:00 -0500\r\n\
                       Message-ID: <1@hopital.example>\r\nSubject: Bonjour\r\n\r\nPremi\u{e8}re ligne\r\n.deux\r\n..trois\r\n";

#[test]
fn without_a_milter_mail_arrives_byte_for_byte() {
    let sink = Sink::start(None);
    let postfix = Postfix::start(&Plan { next_hop: sink.port, ..Plan::default() });
    let reply = send(postfix.ports.normal, &Mail::new("a@hopital.example", &["b@ailleurs.example"], MESSAGE))
        .unwrap();
    assert_eq!(reply.code, 250, "{reply:?}");
    let delivery = sink.wait("the message", |_| true);
    assert!(delivery.carries(MESSAGE.as_bytes()), "{}", String::from_utf8_lossy(&delivery.data));
    assert_eq!(
        (delivery.from.as_str(), delivery.to),
        ("a@hopital.example", vec!["b@ailleurs.example".to_owned()])
    );
    postfix.drain();
    assert!(postfix.log().contains("status=sent"));
}

#[test]
fn aliases_virtual_maps_and_archive_copies_happen() {
    let sink = Sink::start(None);
    let main = [
        "virtual_alias_maps = inline:{virtuel@hopital.example=v1@x.example}",
        "always_bcc = archive@y.example",
    ];
    let postfix = Postfix::start(&Plan {
        next_hop: sink.port,
        main: main.map(str::to_owned).to_vec(),
        aliases: vec![("equipe".to_owned(), "e1@x.example, e2@x.example".to_owned())],
        ..Plan::default()
    });
    for to in ["virtuel@hopital.example", "equipe@alias.example"] {
        assert_eq!(
            send(postfix.ports.release, &Mail::new("a@hopital.example", &[to], MESSAGE)).unwrap().code,
            250
        );
    }
    for to in ["v1@x.example", "e1@x.example", "e2@x.example", "archive@y.example"] {
        sink.wait(to, |delivery| delivery.to.iter().any(|got| got == to));
    }
}

/// MILTER_README: "tempfail: Reject all further commands in this session with a temporary status code."
#[test]
fn an_absent_milter_is_a_temporary_failure() {
    let milter = Some("inet:127.0.0.1:1".to_owned());
    let postfix = Postfix::start(&Plan { milter, next_hop: 1, ..Plan::default() });
    let mail = Mail::new("a@hopital.example", &["b@ailleurs.example"], MESSAGE);
    assert_eq!(send(postfix.ports.normal, &mail).unwrap().code, 451);
}
