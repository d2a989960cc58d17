//! Peers that are no MTA, or worse.
//!
//! What an MTA does with a milter that closes is its own setting, which may be to deliver unread: once terms are agreed, whatever
//! goes wrong is a reply that puts mail off.

use super::peer::Peer;
use super::server::Server;
use crate::support::process::wait_for;

/// What a peer may send that no MTA does, and that must end the connection without a reply.
#[test]
fn what_is_not_the_protocol_is_closed() {
    let server = Server::start(|_| {});
    let short_offer = [0, 0, 0, 5, b'O', 0, 0, 0, 6];
    let first_version =
        [&[0, 0, 0, 13, b'O'][..], &[1, 0x1FF, 0x1F_FFFF].map(u32::to_be_bytes).concat()].concat();
    let rows: [(&str, &[u8]); 8] = [
        ("a length of 4 GiB", b"\xff\xff\xff\xffO"),
        ("a length of 0", b"\0\0\0\0"),
        ("a length of 2 MiB", b"\0\x20\0\0B"),
        ("another protocol", b"GET / HTTP/1.0\r\n\r\n"),
        ("half an offer", &short_offer),
        ("version 1", &first_version),
        ("a message before the offer", b"\0\0\0\x06M<a@b\0"),
        ("an unknown command", b"\0\0\0\x01z"),
    ];
    for (what, bytes) in rows {
        let mut peer = Peer::tcp(server.address());
        peer.raw(bytes);
        assert!(peer.closed(), "{what}");
    }
    wait_for("the counts", || (server.figures().protocol_errors == 8).then_some(()));
}

#[test]
fn after_what_is_no_order_or_no_frame_all_is_put_off_and_nothing_is_judged() {
    let server = Server::start(|_| {});
    let frame = |command: u8, data: &[u8]| {
        [&u32::try_from(data.len() + 1).unwrap().to_be_bytes()[..], &[command], data].concat()
    };
    let mail = frame(b'M', b"<a@b.example>\0");
    let too_long = [&[0, 0x20, 0, 0, b'B'][..], &vec![b'x'; (2 << 20) - 1]].concat();
    let rows: [(&str, Vec<Vec<u8>>); 14] = [
        ("an end without a message", vec![]),
        ("a body without a message", vec![frame(b'B', b"x")]),
        ("a recipient without a sender", vec![frame(b'R', b"<a@b.example>\0")]),
        ("two senders", vec![mail.clone(), mail.clone()]),
        ("two offers", vec![frame(b'O', &[0; 12])]),
        ("a field after the header", vec![mail.clone(), frame(b'N', b""), frame(b'L', b"To\0 x\0")]),
        (
            "a recipient after the header",
            vec![mail.clone(), frame(b'N', b""), frame(b'R', b"<e@f.example>\0")],
        ),
        ("a connection within a message", vec![mail.clone(), frame(b'C', b"h\0L\0\0x\0")]),
        ("a field without a value", vec![mail.clone(), frame(b'L', b"To")]),
        ("a client without an address", vec![frame(b'C', b"h\x004\0\x19x\0")]),
        ("an unknown command", vec![frame(b'z', b"")]),
        ("a length of 0", vec![mail.clone(), vec![0; 4]]),
        ("a length of 2 MiB", vec![mail, too_long]),
        ("two of them", vec![frame(b'B', b"x"), frame(b'z', b"")]),
    ];
    for (what, frames) in &rows {
        let mut peer = Peer::ready(server.address());
        peer.raw(&frames.concat());
        for _ in 0..2 {
            peer.send(b'E', b"");
            let (code, text) = peer.verdict().unwrap_or_else(|| panic!("closed after {what}"));
            assert_eq!((code, &text[..10]), (b'y', "451 4.7.1 "), "{what}");
        }
        peer.send(b'A', b"");
        peer.send(b'M', b"<a@b.example>\0");
        peer.send(b'R', b"<c@d.example>\0");
        peer.send(b'T', b"");
        assert_eq!(peer.frame().expect("an answer to DATA").0, b'y', "{what}");
        peer.send(b'Q', b"");
        assert!(peer.closed(), "{what}");
    }
    assert!(server.judge.seen.lock().unwrap().is_empty());
    assert_eq!(server.figures().protocol_errors, u64::try_from(rows.len()).unwrap());
}

/// Four hundred connections announce a mebibyte and send 60 KB of it: memory stays under the budget, what goes past it is
/// refused, and everything comes back.
#[test]
fn half_packets_stay_under_the_budget() {
    const BUDGET: u64 = 4 << 20;
    let server = Server::start(|settings| settings.memory = BUDGET);
    let half = [&[0, 0x10, 0, 0, b'B'][..], &[b'z'; 60_000]].concat();
    let peers: Vec<Peer> = (0..400)
        .map(|_| {
            let mut peer = Peer::ready(server.address());
            peer.send(b'M', b"<a@b.example>\0");
            peer.raw(&half);
            assert!(server.figures().buffered <= BUDGET);
            peer
        })
        .collect();
    let buffered = server.figures().buffered;
    assert!(buffered > BUDGET / 2, "{buffered}");
    // The rest of the packet, and the end: there is no room for most, and each hears of it.
    let rest = vec![b'z'; (1 << 20) - 60_001];
    let put_off = peers.into_iter().rev().take(20).map(|mut peer| {
        peer.raw(&rest);
        peer.send(b'E', b"");
        let (code, text) = peer.verdict().expect("an answer");
        assert_eq!((code, &text[..10]), (b'y', "451 4.3.2 "));
        assert_eq!(peer.message("Accept", b"small").map(|(code, _)| code), Some(b'c'), "the next is judged");
    });
    assert_eq!(put_off.count(), 20);
    assert_eq!(server.figures().no_room, 20);
    wait_for("everything to be given back", || (server.figures().buffered == 0).then_some(()));
}

/// A sender or a macro past the budget is of the message that follows, which is put off; the one after it is judged.
#[test]
fn what_there_is_no_room_for_puts_off_its_message_alone() {
    let server = Server::start(|settings| settings.memory = 8 << 10);
    let long = [&[b'x'; 50_000][..], &[0]].concat();
    for command in [b'M', b'D', b'R', b'L', b'E'] {
        let mut peer = Peer::ready(server.address());
        if command == b'D' {
            peer.send(b'D', &long);
        }
        peer.send(b'M', if command == b'M' { &long } else { b"<a@b.example>\0" });
        peer.send(b'R', if command == b'R' { &long } else { b"<c@d.example>\0" });
        if command == b'L' {
            peer.send(b'L', &long);
        }
        peer.send(b'E', if command == b'E' { &long } else { b"" });
        let (code, text) = peer.verdict().expect("an answer");
        assert_eq!((code, &text[..10]), (b'y', "451 4.3.2 "), "{}", char::from(command));
        peer.send(b'A', b"");
        assert_eq!(peer.message("Accept", b"small"), Some((b'c', String::new())));
    }
    assert_eq!((server.figures().protocol_errors, server.figures().accepted), (0, 5));
}

#[test]
fn a_message_past_the_budget_is_put_off_and_the_connection_goes_on() {
    let server = Server::start(|settings| settings.memory = 300_000);
    let mut peer = Peer::ready(server.address());
    let (code, text) = peer.message("Accept", &vec![b'x'; 900_000]).unwrap();
    assert_eq!((code, &text[..10]), (b'y', "451 4.3.2 "));
    assert_eq!(peer.message("Accept", b"small"), Some((b'c', String::new())));
    assert_eq!(server.figures().no_room, 1);
}

#[test]
fn recipients_without_end_are_put_off() {
    let server = Server::start(|settings| settings.memory = 300_000);
    let mut peer = Peer::ready(server.address());
    peer.send(b'M', b"<a@b.example>\0");
    for index in 0..20_000 {
        peer.send(b'R', format!("<{index}@d.example>\0").as_bytes());
    }
    peer.send(b'E', b"");
    assert_eq!(&peer.verdict().unwrap().1[..10], "451 4.3.2 ");
    assert!(server.judge.seen.lock().unwrap().is_empty());
}

/// One byte at a time is slow, and works.
#[test]
fn a_message_in_single_bytes_is_judged() {
    let server = Server::start(|_| {});
    let mut peer = Peer::ready(server.address());
    let frames: [&[u8]; 5] = [
        b"\0\0\0\x0fM<a@b.example>\0",
        b"\0\0\0\x0fR<c@d.example>\0",
        b"\0\0\0\x11LSubject\0 Accept\0",
        b"\0\0\0\x02Bx",
        b"\0\0\0\x01E",
    ];
    for byte in frames.concat() {
        peer.raw(&[byte]);
    }
    assert_eq!(peer.verdict(), Some((b'c', String::new())));
}
