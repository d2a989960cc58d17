//! The real listeners, spoken to by hand: every kind of socket, every limit, every way to end.

use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use vaguemestre::milter::{ListenError, bind};
use vaguemestre::model::settings::Listen;

use super::peer::Peer;
use super::server::Server;
use crate::support::process::wait_for;

fn accepted() -> Option<(u8, String)> {
    Some((b'c', String::new()))
}

fn later() -> Option<(u8, String)> {
    let text = "Courriel en attente : analyse de contenu indisponible pour le moment. \
        Aucune action requise, un nouvel essai automatique aura lieu.";
    Some((b'y', format!("451 4.7.1 {text}")))
}

fn unix(path: &std::path::Path) -> Listen {
    Listen::Unix { path: path.to_owned(), mode: Some(0o660), group: Some("0".to_owned()) }
}

#[test]
fn every_verdict_on_one_connection_over_ipv4_and_ipv6() {
    let server = Server::start(|settings| settings.listen.push(Listen::Tcp("[::1]:0".parse().unwrap())));
    for address in server.addresses.clone() {
        let mut peer = Peer::ready(address);
        for (subject, reply) in [
            ("Accept", accepted()),
            ("Reject un deux", Some((b'y', "550 5.7.1 un deux".to_owned()))),
            ("Mark", accepted()),
            ("Discard", Some((b'd', String::new()))),
            ("Tempfail plus tard", Some((b'y', "451 4.7.1 plus tard".to_owned()))),
            ("Accept", accepted()),
        ] {
            assert_eq!(peer.message(subject, b"corps\r\n"), reply, "{subject}");
            peer.send(b'A', b"");
        }
    }
    assert_eq!(server.judge.seen.lock().unwrap().len(), 12);
    let figures = server.figures();
    assert_eq!((figures.accepted, figures.rejected, figures.discarded, figures.tempfailed), (6, 2, 2, 2));
}

#[test]
fn a_unix_socket_has_its_mode_and_goes_with_the_service() {
    let server = Server::start(|settings| {
        let path = settings.spill_dir.join("milter.sock");
        settings.listen = vec![unix(&path)];
    });
    let metadata = std::fs::metadata(server.socket()).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o660);
    let mut peer = Peer::unix(&server.socket()).negotiate(0x1FF, 0x1F_FFFF);
    // No reply is due before the end of message: on a unix socket DATA's is agreed away as well.
    for (command, data) in [(b'M', &b"<a@b.example>\0"[..]), (b'R', b"<c@d.example>\0"), (b'T', b"")] {
        peer.send(command, data);
    }
    peer.send(b'L', b"Subject\0 Accept\0");
    peer.send(b'E', b"");
    assert_eq!(peer.verdict(), accepted());
    drop(peer);
    let (socket, folder) = (server.socket(), std::fs::read_dir(server.folder.path()).unwrap().count());
    assert_eq!(folder, 1, "nothing but the socket");
    let kept = socket.clone();
    assert!(matches!(bind_now(&[unix(&kept)]), Err(ListenError::InUse(_))), "somebody answers there");
    let Server { .. } = &server;
    drop(server);
    assert!(!socket.exists());
}

#[test]
fn a_stale_socket_is_replaced_and_another_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (stale, file) = (folder.path().join("stale"), folder.path().join("file"));
    drop(std::os::unix::net::UnixListener::bind(&stale).unwrap());
    std::fs::write(&file, "precious").unwrap();
    assert!(bind_now(&[unix(&stale)]).is_ok());
    assert!(matches!(bind_now(&[unix(&file)]), Err(ListenError::NotASocket(_))));
    assert!(!std::fs::metadata(&file).unwrap().file_type().is_socket());
    let nobody = Listen::Unix { path: stale, mode: None, group: Some("no-such-group".to_owned()) };
    assert!(matches!(bind_now(&[nobody]), Err(ListenError::NoGroup(_))));
}

fn bind_now(sockets: &[Listen]) -> Result<(), ListenError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { bind(sockets).map(drop) })
}

#[test]
fn a_large_message_waits_in_a_file_and_comes_back_whole() {
    let server = Server::start(|settings| settings.spill_above = 100_000);
    let mut peer = Peer::ready(server.address());
    let body: Vec<u8> = (0..3_000_000_u32).map(|index| b"abcdefghij\r\n"[index as usize % 12]).collect();
    peer.begin("Accept");
    for chunk in body.chunks(65_535) {
        peer.send(b'B', chunk);
    }
    wait_for("the message to spill", || (server.figures().spilled == 1).then_some(()));
    let bounded = wait_for("most of it to be read", || {
        let buffered = server.figures().buffered;
        (buffered < 1_000_000).then_some(buffered)
    });
    assert!(bounded < 1_000_000, "{bounded} bytes are kept in memory");
    peer.send(b'E', b"fin\r\n");
    assert_eq!(peer.verdict(), accepted());
    let expected = [b"Subject: Accept\r\n\r\n", &body[..], b"fin\r\n"].concat();
    assert!(server.judge.seen.lock().unwrap()[0].raw.0 == expected);
    assert_eq!(std::fs::read_dir(server.folder.path()).unwrap().count(), 0, "the file has no name");
    assert_eq!(peer.message("Reject non", b"x"), Some((b'y', "550 5.7.1 non".to_owned())));
    assert_eq!(server.judge.seen.lock().unwrap()[1].raw.0, b"Subject: Reject non\r\n\r\nx");
}

#[test]
fn an_aborted_large_message_leaves_nothing_to_the_next() {
    let server = Server::start(|settings| settings.spill_above = 1000);
    let mut peer = Peer::ready(server.address());
    peer.begin("Accept");
    peer.send(b'B', &[b'x'; 60_000]);
    peer.send(b'A', b"");
    assert_eq!(peer.message("Accept", &[b'y'; 2000]), accepted());
    let seen = server.judge.seen.lock().unwrap();
    assert_eq!((seen.len(), seen[0].raw.len(), seen[0].raw.contains(&b'x')), (1, 2019, false));
}

#[test]
fn what_cannot_be_spilled_is_put_off() {
    let server = Server::start(|settings| {
        settings.spill_above = 1000;
        settings.spill_dir = "/nonexistent".into();
    });
    let mut peer = Peer::ready(server.address());
    assert_eq!(peer.message("Accept", &[b'x'; 60_000]), later());
    assert_eq!(peer.message("Accept", b"small"), accepted());
}

/// RFC 5321, 4.5.3.1.9: "552 Too much mail data"; RFC 3463: X.3.4, message too big for system.
#[test]
fn a_message_past_the_limit_gets_a_552_and_the_next_is_served() {
    let server = Server::start(|settings| settings.message_size = 200_000);
    let mut peer = Peer::ready(server.address());
    let (code, text) = peer.message("Accept", &vec![b'x'; 1_000_000]).unwrap();
    assert_eq!((code, &text[..10]), (b'y', "552 5.3.4 "));
    assert_eq!(peer.message("Accept", b"small"), accepted());
    assert_eq!((server.figures().too_large, server.judge.seen.lock().unwrap().len()), (1, 1));
}

#[test]
fn a_long_scan_tells_that_it_goes_on() {
    let server = Server::start(|settings| settings.progress_every = Duration::from_millis(50));
    let mut peer = Peer::ready(server.address());
    peer.begin("Slow 330");
    peer.send(b'E', b"");
    let mut progress = 0;
    while let Some((b'p', _)) = peer.frame() {
        progress += 1;
    }
    assert!((3..=6).contains(&progress), "{progress}");
    assert_eq!(server.figures().accepted, 1);
}

#[test]
fn a_panic_while_judging_puts_this_message_off_and_no_other() {
    let server = Server::start(|_| {});
    let mut peer = Peer::ready(server.address());
    assert_eq!(peer.message("Panic", b"x"), later());
    assert_eq!(peer.message("Accept", b"x"), accepted());
    assert_eq!(server.figures().panicked, 1);
}

#[test]
fn an_mta_that_leaves_takes_its_message_with_it() {
    let server = Server::start(|_| {});
    let mut peer = Peer::ready(server.address());
    peer.begin("Never");
    peer.send(b'E', b"");
    wait_for("the judge to begin", || server.judge.seen.lock().unwrap().first().map(|_| ()));
    drop(peer);
    wait_for("the judging to be dropped", || {
        (server.judge.dropped.load(Ordering::Relaxed) == 1).then_some(())
    });
    wait_for("the count", || (server.figures().abandoned == 1).then_some(()));
}

#[test]
fn silence_ends_a_connection_at_every_stage() {
    let waits = |settings: &mut vaguemestre::model::settings::Milter| {
        settings.command_timeout = Duration::from_millis(200);
        settings.idle_timeout = Duration::from_millis(600);
    };
    let server = Server::start(waits);
    let start = Instant::now();
    let mut silent = Peer::tcp(server.address());
    let mut half = Peer::ready(server.address());
    half.raw(&[0, 0, 0, 10, b'M']);
    let mut in_message = Peer::ready(server.address());
    in_message.begin("Accept");
    assert!(silent.closed() && half.closed());
    assert!(start.elapsed() < Duration::from_millis(590), "{:?}", start.elapsed());
    let mut idle = Peer::ready(server.address());
    let since = Instant::now();
    assert!(idle.closed());
    assert!(since.elapsed() >= Duration::from_millis(590));
    wait_for("the counts", || (server.figures().timeouts == 4).then_some(()));
    // A message in hand is put off; to close would leave it to the MTA's default action.
    in_message.send(b'B', b"x");
    in_message.send(b'E', b"");
    assert_eq!(in_message.verdict(), later());
    assert!(server.judge.seen.lock().unwrap().is_empty());
}

/// Postfix takes the whole content from its client between DATA and the first field; a slow line may need long.
#[test]
fn a_slow_client_is_waited_for_between_data_and_content() {
    let server = Server::start(|settings| settings.command_timeout = Duration::from_millis(200));
    let mut peer = Peer::ready(server.address());
    peer.send(b'M', b"<a@b.example>\0");
    peer.send(b'R', b"<c@d.example>\0");
    peer.send(b'T', b"");
    assert_eq!(peer.frame(), Some((b'c', Vec::new())));
    std::thread::sleep(Duration::from_millis(500));
    peer.send(b'L', b"Subject\0 Accept\0");
    peer.send(b'E', b"");
    assert_eq!(peer.verdict(), accepted());
}

#[test]
fn mail_of_a_connection_past_the_limit_is_put_off_until_a_place_comes_free() {
    let server = Server::start(|settings| settings.connections = 2);
    let (mut one, two) = (Peer::ready(server.address()), Peer::ready(server.address()));
    let mut three = Peer::ready(server.address());
    for _ in 0..2 {
        three.send(b'M', b"<a@b.example>\0");
        let (code, text) = three.verdict().expect("an answer to MAIL");
        assert_eq!((code, &text[..10]), (b'y', "451 4.3.2 "));
        three.send(b'A', b"");
    }
    assert_eq!(one.message("Accept", b"x"), accepted());
    drop(two);
    wait_for("a place", || (server.figures().open == 2).then_some(()));
    three.send(b'M', b"<a@b.example>\0");
    assert_eq!(three.frame(), Some((b'c', Vec::new())), "the same connection is served");
    three.send(b'R', b"<c@d.example>\0");
    three.send(b'T', b"");
    assert_eq!(three.frame(), Some((b'c', Vec::new())));
    three.send(b'L', b"Subject\0 Accept\0");
    three.send(b'E', b"");
    assert_eq!(three.verdict(), accepted());
    let figures = server.figures();
    assert_eq!((figures.over_limit, figures.tempfailed, figures.accepted), (1, 2, 2));
}

/// An MTA of before 2006 agrees no reply away; a newer one agrees all away but this one.
#[test]
fn a_connection_that_waits_answers_mail_in_the_terms_of_every_mta() {
    let server = Server::start(|settings| settings.connections = 1);
    let _one = Peer::ready(server.address());
    for steps in [0, 0x7F, 0x3FF, 0x1F_FFFF] {
        let mut peer = Peer::tcp(server.address());
        peer.send(b'O', &[6, 0x1FF, steps].map(u32::to_be_bytes).concat());
        assert_eq!(peer.frame().expect("an answer to the offer").0, b'O', "{steps:x}");
        peer.send(b'M', b"<a@b.example>\0");
        assert_eq!(peer.frame().expect("an answer to MAIL").0, b'y', "{steps:x}");
    }
}

#[test]
fn a_stop_ends_connections_that_wait() {
    let mut server = Server::start(|settings| settings.connections = 1);
    let (mut one, mut two) = (Peer::ready(server.address()), Peer::ready(server.address()));
    server.stop();
    assert!(one.closed() && two.closed());
    wait_for("the end", || server.ended().then_some(()));
}

#[test]
fn a_stop_finishes_the_message_in_hand_and_closes_what_is_idle() {
    let mut server = Server::start(|_| {});
    let (mut idle, mut busy) = (Peer::ready(server.address()), Peer::ready(server.address()));
    busy.begin("Slow 300");
    server.stop();
    assert!(idle.closed());
    assert!(std::net::TcpStream::connect(server.address()).is_err(), "nothing new is taken");
    busy.send(b'B', b"more");
    busy.send(b'E', b"");
    assert_eq!(busy.verdict(), accepted());
    // The same SMTP client has another message: it is served, for an error here would defer all it still sends.
    busy.send(b'A', b"");
    assert_eq!(busy.message("Reject non", b"x"), Some((b'y', "550 5.7.1 non".to_owned())));
    assert!(!server.ended());
    assert!(busy.closed());
    wait_for("the end", || server.ended().then_some(()));
}

#[test]
fn a_stop_does_not_wait_for_ever() {
    let mut server = Server::start(|settings| settings.drain_timeout = Duration::from_millis(300));
    let mut stuck = Peer::ready(server.address());
    stuck.begin("Never");
    stuck.send(b'E', b"");
    let mut dawdling = Peer::ready(server.address());
    dawdling.begin("Accept");
    let mut sending = Peer::ready(server.address());
    sending.begin("Accept");
    wait_for("the judge to begin", || server.judge.seen.lock().unwrap().first().map(|_| ()));
    let start = Instant::now();
    server.stop();
    let (code, text) = stuck.verdict().expect("put off");
    assert_eq!((code, &text[..10]), (b'y', "451 4.3.2 "));
    sending.send(b'B', b"more");
    sending.send(b'E', b"");
    // Put off, or judged when it came before its connection heard of the end.
    let (code, text) = sending.verdict().expect("an answer to what comes to its end at once");
    let put_off = code == b'y' && text.starts_with("451 4.3.2 ");
    assert!(put_off || server.figures().accepted == 1, "{code} {text}");
    assert!(stuck.closed() && sending.closed() && dawdling.closed(), "cut");
    wait_for("the end", || server.ended().then_some(()));
    assert!(start.elapsed() < Duration::from_millis(2500));
    assert_eq!(server.figures().accepted, u64::from(!put_off));
}

#[test]
fn a_hundred_thousand_fields_ten_thousand_recipients_and_nul_bytes_are_judged() {
    let server = Server::start(|_| {});
    let mut peer = Peer::ready(server.address());
    peer.send(b'M', b"<a@b.example>\0");
    for index in 0..10_000 {
        peer.send(b'D', b"R");
        peer.send(b'R', format!("<r{index}@d.example>\0").as_bytes());
    }
    peer.send(b'T', b"");
    assert_eq!(peer.frame(), Some((b'c', Vec::new())));
    peer.send(b'L', b"Subject\0 Accept\0");
    for index in 0..100_000 {
        peer.send(b'D', b"Li\0Q1\0");
        peer.send(b'L', format!("X-{index}\0 v\0").as_bytes());
    }
    peer.send(b'N', b"");
    peer.send(b'B', b"a\0b\r\n\0\0");
    peer.send(b'E', b"");
    assert_eq!(peer.verdict(), accepted());
    let seen = server.judge.seen.lock().unwrap();
    assert_eq!(seen[0].envelope.recipients.len(), 10_000);
    assert_eq!(seen[0].raw.iter().filter(|byte| **byte == b'\n').count(), 100_003);
    assert!(seen[0].raw.ends_with(b"\r\n\r\na\0b\r\n\0\0"));
    assert_eq!(seen[0].facts.queue_id.as_ref().unwrap().as_str(), "Q1");
}
