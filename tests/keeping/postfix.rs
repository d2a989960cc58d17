//! The relay before a real Postfix: what it sends arrives, and what it asks of log and queue is answered.

use jiff::{SignedDuration, Timestamp};
use vaguemestre::model::{Address, Envelope, QueueId, settings};
use vaguemestre::ports::{Fate, Injection, MailQueue, Relay};
use vaguemestre::relay::{PostfixQueue, SmtpRelay};

use super::life::MESSAGE;
use crate::support::postfix::{Plan, Postfix};
use crate::support::sink::Sink;

fn relay(postfix: &Postfix) -> settings::Relay {
    let port = |port: u16| std::net::SocketAddr::from(([127, 0, 0, 1], port));
    settings::Relay {
        release: port(postfix.ports.release),
        notices: port(postfix.ports.notices),
        from: "courriel@cisss.example".to_owned(),
        helo: "vaguemestre.cisss.example".to_owned(),
        group_warnings: std::time::Duration::from_secs(60),
        postfix_config: Some(postfix.config()),
        mail_log: Some(postfix.log_path()),
        timeout: std::time::Duration::from_secs(10),
        encrypt_header: String::new(),
        encrypt_subject: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reinjected_message_arrives_unchanged_and_its_queue_id_is_found() {
    let sink = Sink::start(None);
    let postfix = Postfix::start(&Plan { next_hop: sink.port, ..Plan::default() });
    let settings = relay(&postfix);
    let envelope = Envelope {
        sender: Address::parse("z.q@cisss.example").ok(),
        recipients: vec![Address::parse("b@x.example").unwrap(), Address::parse("c@x.example").unwrap()],
        ..Envelope::default()
    };
    let before = Timestamp::now();
    let sent =
        SmtpRelay::new(settings.clone()).reinject(&envelope, "X-Vaguemestre-Release: t", MESSAGE).await;
    let Injection::Taken(Some(queue_id)) = sent else { panic!("{sent:?}") };
    let delivery = sink.wait("the released message", |_| true);
    let sent = [b"X-Vaguemestre-Release: t\r\n", MESSAGE].concat();
    assert!(delivery.carries(&sent), "{}", String::from_utf8_lossy(&delivery.data));
    postfix.drain();
    let queue = PostfixQueue::new(&settings);
    assert_eq!(queue.fate(&queue_id, before).await, Fate::Taken);
    let hour = SignedDuration::from_hours(1);
    assert_eq!(queue.fate(&queue_id, before + hour).await, Fate::Unknown, "a line of an hour ago");
    assert_eq!(queue.fate(&QueueId::parse("4ZZZZZZZZZZZZ").unwrap(), before).await, Fate::Unknown);
}

/// MILTER_README: "tempfail: Reject all further commands in this session with a temporary status code."
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_milter_the_release_listener_takes_nothing() {
    let sink = Sink::start(None);
    let milter = Some("inet:127.0.0.1:1".to_owned());
    let postfix = Postfix::start(&Plan { milter, next_hop: sink.port, ..Plan::default() });
    let settings = relay(&postfix);
    let envelope = Envelope {
        sender: Address::parse("z.q@cisss.example").ok(),
        recipients: vec![Address::parse("b@x.example").unwrap()],
        ..Envelope::default()
    };
    let sent = SmtpRelay::new(settings).reinject(&envelope, "X-Vaguemestre-Release: t", MESSAGE).await;
    assert_eq!(sent, Injection::NotSent, "no milter, no mail: nothing was sent");
    assert!(sink.deliveries().is_empty());
}
