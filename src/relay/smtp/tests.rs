use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use super::{Patience, send, stuffed};
use crate::model::{Address, Envelope, Reports, ReportsOf};
use crate::ports::Injection;

const PATIENCE: Patience = Patience { step: Duration::from_millis(300), end: Duration::from_millis(300) };
const MESSAGE: &[u8] = "Subject: é\r\n\r\n.un\r\n..deux\r\nbare\n.x\r\nfin".as_bytes();

fn envelope() -> Envelope {
    Envelope {
        sender: Address::parse("a@cisss.example").ok(),
        recipients: vec![Address::parse("b@x.example").unwrap(), Address::parse("c@x.example").unwrap()],
        ..Envelope::default()
    }
}

/// A server that answers the script line by line, and writes down what it hears.
async fn server(script: &'static [&'static str]) -> (std::net::SocketAddr, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&heard);
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (input, mut output) = stream.into_split();
        let mut input = BufReader::new(input);
        let mut in_data = false;
        for (turn, answer) in script.iter().enumerate() {
            loop {
                if turn == 0 {
                    break;
                }
                let mut line = Vec::new();
                if input.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 {
                    return;
                }
                notes.lock().await.extend_from_slice(&line);
                if !in_data || line == b".\r\n" {
                    break;
                }
            }
            in_data = answer.starts_with("354");
            if answer.is_empty() {
                return;
            }
            output.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    });
    (address, heard)
}

#[tokio::test]
async fn the_answer_says_exactly_what_is_known() {
    let ok = "250-mx\r\n250-8BITMIME\r\n250 SMTPUTF8";
    let table: Vec<(&'static [&'static str], Injection)> = vec![
        (
            vec!["220 mx", ok, "250 ok", "250 ok", "250 ok", "354 go", "250 2.0.0 Ok: queued as 4ABC"].leak(),
            Injection::Taken(crate::model::QueueId::parse("4ABC")),
        ),
        (
            vec!["220 mx", ok, "250 ok", "250 ok", "250 ok", "354 go", "451 4.3.0 no"].leak(),
            Injection::Unknown(Some(451)),
        ),
        (
            vec!["220 mx", ok, "250 ok", "250 ok", "250 ok", "354 go", "554 5.3.0 no"].leak(),
            Injection::Unknown(Some(554)),
        ),
        (vec!["220 mx", ok, "250 ok", "250 ok", "250 ok", "354 go", ""].leak(), Injection::Unknown(None)),
        (
            vec!["220 mx", ok, "250 ok", "250 ok", "550 5.1.1 no such user", "221 bye"].leak(),
            Injection::Refused(550),
        ),
        (vec!["220 mx", ok, "250 ok", "450 4.2.0 later", "221 bye"].leak(), Injection::NotSent),
        (vec!["220 mx", ok, "550 5.7.1 no", "221 bye"].leak(), Injection::Refused(550)),
        (vec!["554 no service"].leak(), Injection::NotSent),
        (vec!["hello"].leak(), Injection::NotSent),
        (vec![""].leak(), Injection::NotSent),
    ];
    for (script, expected) in table {
        let (address, _) = server(script).await;
        let answer = send(address, "us.example", PATIENCE, &envelope(), "X-T: 1", MESSAGE).await;
        assert_eq!(answer, expected, "{script:?}");
    }
}

#[tokio::test]
async fn no_server_and_a_silent_server_are_told_apart_from_a_doubt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    assert_eq!(send(address, "us", PATIENCE, &envelope(), "X-T: 1", MESSAGE).await, Injection::NotSent);
    drop(listener);
    assert_eq!(send(address, "us", PATIENCE, &envelope(), "X-T: 1", MESSAGE).await, Injection::NotSent);
}

#[tokio::test]
async fn the_message_arrives_byte_for_byte_under_its_header() {
    let script = &[
        "220 mx",
        "250-mx\r\n250-8BITMIME\r\n250 SMTPUTF8",
        "250 ok",
        "250 ok",
        "250 ok",
        "354 go",
        "250 ok",
        "221 x",
    ];
    let (address, heard) = server(script).await;
    let _ = send(address, "us.example", PATIENCE, &envelope(), "X-T: 1", MESSAGE).await;
    let heard = heard.lock().await;
    let text = String::from_utf8_lossy(&heard);
    assert!(text.starts_with(
        "EHLO us.example\r\nMAIL FROM:<a@cisss.example>\r\nRCPT TO:<b@x.example>\r\n\
         RCPT TO:<c@x.example>\r\nDATA\r\nX-T: 1\r\nSubject: é\r\n\r\n..un\r\n...deux\r\nbare\n..x\r\nfin\r\n.\r\n"
    ), "{text}");
}

/// RFC 6531, 3.1: a server that does not support SMTPUTF8 gets no such message. A release asks for no more than its client did.
#[tokio::test]
async fn extensions_are_asked_for_as_the_message_needs_them() {
    let script = &["220 mx", "250-mx\r\n250-8BITMIME\r\n250 SMTPUTF8", "550 no"];
    let plain: &[u8] = b"Subject: a\r\n\r\nb\r\n";
    let header: &[u8] = "Subject: \u{e9}\r\n\r\nb\r\n".as_bytes();
    let body: &[u8] = "Subject: a\r\n\r\n\u{e9}\r\n".as_bytes();
    let table = [
        ("a@x.example", false, plain, ""),
        ("a@x.example", false, header, ""),
        ("a@x.example", true, header, " SMTPUTF8"),
        ("a@x.example", false, body, " BODY=8BITMIME"),
        ("\u{e9}@x.example", false, body, " BODY=8BITMIME SMTPUTF8"),
    ];
    for (sender, smtputf8, content, expected) in table {
        let (address, heard) = server(script).await;
        let envelope = Envelope { sender: Address::parse(sender).ok(), smtputf8, ..envelope() };
        let _ = send(address, "us", PATIENCE, &envelope, "X-T: 1", content).await;
        let heard = String::from_utf8_lossy(&heard.lock().await).into_owned();
        assert!(heard.contains(&format!("MAIL FROM:<{sender}>{expected}\r\n")), "{expected}: {heard}");
    }
}

/// RFC 3461, 5.2.1: a relay passes the demands on to a server that knows them, "as they were"; another is asked nothing.
#[tokio::test]
async fn what_the_client_asked_to_be_told_is_asked_again() {
    let with: &[&str] = &[
        "220 mx",
        "250-mx\r\n250-DSN\r\n250 SMTPUTF8",
        "250 ok",
        "250 ok",
        "250 ok",
        "354 go",
        "250 ok",
        "221 x",
    ];
    let without: &[&str] =
        &["220 mx", "250-mx\r\n250 SMTPUTF8", "250 ok", "250 ok", "250 ok", "354 go", "250 ok", "221 x"];
    let mut envelope = envelope();
    envelope.reports = Reports::of_mail(Some("HDRS"), Some("QQ31+2B"));
    let orcpt = |text| ReportsOf::of_recipient(&envelope.recipients[1], Some("SUCCESS,FAILURE"), Some(text));
    envelope.reports.of = orcpt("rfc822;c@x.example").into_iter().collect();
    let plain = "MAIL FROM:<a@cisss.example>\r\nRCPT TO:<b@x.example>\r\nRCPT TO:<c@x.example>\r\n";
    let asked = "MAIL FROM:<a@cisss.example> RET=HDRS ENVID=QQ31+2B\r\nRCPT TO:<b@x.example>\r\n\
        RCPT TO:<c@x.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;c@x.example\r\n";
    for (script, expected) in [(with, asked), (without, plain)] {
        let (address, heard) = server(script).await;
        let _ = send(address, "us", PATIENCE, &envelope, "X-T: 1", MESSAGE).await;
        let heard = String::from_utf8_lossy(&heard.lock().await).into_owned();
        assert!(heard.contains(expected), "{heard}");
    }
}

#[tokio::test]
async fn an_address_cannot_break_out_of_its_command() {
    let script = &["220 mx", "250 mx", "250 ok"];
    let (address, heard) = server(script).await;
    let mut envelope = envelope();
    envelope.recipients = vec![Address::parse("b> SIZE=1@x.example").unwrap()];
    assert_eq!(send(address, "us", PATIENCE, &envelope, "X-T: 1", MESSAGE).await, Injection::Refused(553));
    assert!(!String::from_utf8_lossy(&heard.lock().await).contains("RCPT"));
}

proptest! {
    /// RFC 5321, 4.5.2: "When a line of mail text is received by the SMTP server, it checks the line. [...] If the
    /// first character is a period and there are other characters on the line, the first character is deleted."
    #[test]
    fn what_is_stuffed_is_unstuffed_to_the_same_bytes(content in "[.\\n\\ra]{0,40}") {
        let wire: Vec<u8> = stuffed(content.as_bytes()).flatten().copied().collect();
        let mut back = Vec::new();
        for line in wire.split_inclusive(|byte| *byte == b'\n') {
            prop_assert!(line != b".\r\n" && line != b".\n");
            back.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        }
        prop_assert_eq!(back, content.as_bytes());
    }
}
