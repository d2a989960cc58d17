//! The fuzz target on stable: mutated conversations end, hold no more memory than they were sent, and do not panic.

use vaguemestre::milter::codec::write_frame;
use vaguemestre::milter::fuzz_frames;

use crate::support::mutate::mutate;

#[test]
fn mutated_conversations_do_no_harm() {
    let words: [&[u8]; 8] = [
        b"\0\0\0\x01E",
        b"\0\0\0\x01N",
        b"\0\0\0\x01A",
        b"\0\0\0\x01K",
        b"\xff\xff\xff\xff",
        b"\0\x10\0\x01B",
        b"\0",
        b"\n",
    ];
    mutate(&[conversation()], &words, 20_000, fuzz_frames);
}

/// What `tests/fuzz` starts from as well.
#[test]
fn the_seed_is_a_whole_conversation() {
    fuzz_frames(&conversation());
    fuzz_frames(b"");
}

fn conversation() -> Vec<u8> {
    let mut bytes = Vec::new();
    let commands: [(u8, &[u8]); 14] = [
        (b'O', b"\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff"),
        (b'D', b"Cj\0mx.example\0"),
        (b'C', b"h.example\x004\0\x19192.0.2.1\0"),
        (b'H', b"h.example\0"),
        (b'D', b"Mi\0Q1\0{auth_authen}\0login\0"),
        (b'M', b"<a@b.example>\0SIZE=3\0"),
        (b'R', b"<c@d.example>\0NOTIFY=NEVER\0"),
        (b'T', b""),
        (b'L', b"Subject\0 a\n b\0"),
        (b'L', b"X-Vaguemestre\0 x\0"),
        (b'N', b""),
        (b'B', b"bonjour\r\n"),
        (b'E', b"fin"),
        (b'A', b""),
    ];
    for (command, data) in commands {
        write_frame(&mut bytes, command, data);
    }
    bytes
}
