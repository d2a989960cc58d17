//! Peers that are no MTA, or worse.

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
fn commands_out_of_order_end_the_connection_and_nothing_is_accepted() {
    let server = Server::start(|_| {});
    type Row = (&'static str, &'static [(u8, &'static [u8])]);
    let rows: [Row; 8] = [
        ("an end without a message", &[(b'E', b"")]),
        ("a body without a message", &[(b'B', b"x")]),
        ("a recipient without a sender", &[(b'R', b"<a@b.example>\0")]),
        ("two senders", &[(b'M', b"<a@b.example>\0"), (b'M', b"<c@d.example>\0")]),
        ("two offers", &[(b'O', &[0; 12])]),
        ("a field after the header", &[(b'M', b"<a@b.example>\0"), (b'N', b""), (b'L', b"To\0 x\0")]),
        (
            "a recipient after the header",
            &[(b'M', b"<a@b.example>\0"), (b'N', b""), (b'R', b"<e@f.example>\0")],
        ),
        ("a greeting within a message", &[(b'M', b"<a@b.example>\0"), (b'H', b"h\0")]),
    ];
    for (what, commands) in rows {
        let mut peer = Peer::ready(server.address());
        commands.iter().for_each(|(command, data)| peer.send(*command, data));
        peer.send(b'E', b"");
        assert!(peer.closed(), "{what}");
    }
    assert!(server.judge.seen.lock().unwrap().is_empty());
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
    wait_for("refusals", || (server.figures().no_room > 300).then_some(()));
    let figures = server.figures();
    assert!(figures.buffered <= BUDGET && figures.buffered > BUDGET / 2, "{figures:?}");
    drop(peers);
    wait_for("everything to be given back", || (server.figures().buffered == 0).then_some(()));
    let mut good = Peer::ready(server.address());
    assert_eq!(good.message("Accept", b"x"), Some((b'c', String::new())));
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
