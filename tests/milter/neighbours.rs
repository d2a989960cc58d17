//! Clients that others wrote drive every verdict: Debian's miltertest, the crate miltr-client.

use std::net::TcpStream;
use std::process::Command;

use futures::io::AllowStdIo;
use miltr_client::Client;
use miltr_common::actions::Action;
use miltr_common::commands::{Connect, Family, Header, Mail, Recipient};
use miltr_common::modifications::{ModificationAction, ModificationResponse};
use miltr_common::optneg::{Capability, OptNeg, Protocol};

use super::server::Server;

#[test]
fn miltertest_hears_every_verdict() {
    let server = Server::start(|_| {});
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/milter/miltertest.lua");
    let address = format!("address=inet:{}@127.0.0.1", server.address().port());
    let output = Command::new("miltertest").args(["-D", &address, "-s", script]).output();
    let output =
        output.expect("Debian's package miltertest is installed (tests/support/packages.sh does it)");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success() && said.contains("every verdict was heard"), "{said}");
    let seen = server.judge.seen.lock().unwrap();
    assert_eq!(seen.len(), 7);
    assert_eq!(seen[0].raw.0, b"From: a@b.example\r\nSubject: Accept\r\n\r\nbonjour\r\n");
    assert_eq!(seen[0].facts.queue_id.as_ref().unwrap().as_str(), "4jX6test");
    assert_eq!(seen[0].facts.login.as_ref().unwrap().reveal(), "login");
    assert_eq!(seen[0].facts.client, Some("192.0.2.1".parse().unwrap()));
}

#[test]
fn miltr_client_hears_every_verdict_whatever_it_offers() {
    let server = Server::start(|_| {});
    let no_reply = Protocol::from_bits_retain(0x1F_FFFF);
    for protocol in [Protocol::empty(), no_reply, Protocol::NR_HEADER | Protocol::NR_BODY] {
        let subjects = ["Accept", "Mark", "Reject non", "Discard", "Tempfail plus tard"];
        let heard: Vec<String> = subjects.map(|subject| told(&deliver(&server, protocol, subject))).to_vec();
        let mark = "+X-Vaguemestre: accept|continue";
        assert_eq!(heard, ["continue", mark, "550 non", "discard", "451 plus tard"], "{protocol:?}");
    }
    assert_eq!(server.judge.seen.lock().unwrap().len(), 15);
}

fn deliver(server: &Server, protocol: Protocol, subject: &str) -> ModificationResponse {
    let stream = AllowStdIo::new(TcpStream::connect(server.address()).unwrap());
    // It reads an answer of twelve bytes only, so it must not offer to choose macros.
    let capabilities = Capability::from_bits_retain(0xFF);
    let client = Client::new(OptNeg { capabilities, protocol, ..OptNeg::default() });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut milter = client.connect_via(stream).await.unwrap();
        milter.connect(Connect::new(b"h.example", Family::Inet, Some(25), b"192.0.2.1")).await.unwrap();
        milter.helo(&b"h.example"[..]).await.unwrap();
        milter.mail(Mail::from(&b"<a@b.example>"[..])).await.unwrap();
        milter.recipient(Recipient::from(&b"<c@d.example>"[..])).await.unwrap();
        milter.data().await.unwrap();
        milter.header(Header::new(b"Subject", subject.as_bytes())).await.unwrap();
        milter.end_of_header().await.unwrap();
        milter.body(&b"bonjour\r\n"[..]).await.unwrap();
        milter.end_of_body().await.unwrap()
    })
}

/// An answer in a few words.
fn told(response: &ModificationResponse) -> String {
    let edits = response.modifications().iter().map(|edit| match edit {
        ModificationAction::AddHeader(field) => {
            let name = String::from_utf8_lossy(field.name().as_bytes()).into_owned();
            format!("+{name}: {}|", field.value().trim())
        }
        other => format!("{other:?}|"),
    });
    let verdict = match response.final_action() {
        Action::Continue(_) => "continue".to_owned(),
        Action::Discard(_) => "discard".to_owned(),
        Action::Replycode(reply) => {
            let code = reply.rcode().code().map(|digit| digit.to_string()).concat();
            format!("{code} {}", reply.message())
        }
        other => format!("{other:?}"),
    };
    edits.chain([verdict]).collect()
}
