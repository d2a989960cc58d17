//! OpenPGP messages that hide nothing (RFC 9580): signed, compressed or plain. What they hold becomes a file inside.
//!
//! In: packets. Out: the content with the name that it has in there, or that something encrypted stands among them. Signatures are passed
//! over: nobody here checks them.

use std::borrow::Cow;
use std::io::Read;

use flate2::bufread::{DeflateDecoder, ZlibDecoder};

use super::{Format, behind, sweep};
use crate::extract::endian::big;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, ProtectionKind, Region, Strength};
use crate::protection::pgp::unarmored;

/// Takes what claims to be one and opens with a packet of such a message: they have no mark.
pub const FORMAT: Format = Format { name: "pgp", behind: false, claims, read };

/// What the reader of an armored message calls its bytes.
pub const MEDIA: &str = "application/pgp";

/// Most layers of compression.
const DEEPEST: u32 = 8;

const SIGNATURE: u8 = 2;
const ONE_PASS: u8 = 4;
const COMPRESSED: u8 = 8;
const MARKER: u8 = 10;
const LITERAL: u8 = 11;

fn claims(source: &Source<'_>) -> bool {
    let claimed = source.claims(&[MEDIA, "application/pgp-signature"], &["pgp", "gpg", "sig"]);
    let opens = || packet(&source.bytes).map(|packet| packet.kind);
    claimed
        && !source.bytes.is_ascii()
        && matches!(opens(), Some(SIGNATURE | ONE_PASS | COMPRESSED | LITERAL))
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let mut content: Cow<'_, [u8]> = Cow::Borrowed(&source.bytes);
    for _ in 0..DEEPEST {
        match packets(&content, sink) {
            Some(inside) => content = Cow::Owned(inside),
            None => return,
        }
    }
    sink.gap(GapReason::TooDeep);
}

/// Reads what stands behind the packets of an encrypted message, armored or not, and lines of letters among them: nobody sees them who
/// opens the message. Noise is noise.
pub fn put_behind(bytes: &[u8], sink: &mut Sink) {
    let armored = bytes.trim_ascii_start().starts_with(b"-----").then(|| unarmored(bytes, usize::MAX));
    let Some(bytes) = armored.as_ref().map_or(Some(bytes), |inside| inside.as_deref()) else { return };
    let mut rest = bytes;
    // Keys, signatures, data in any form, marks and filling (5).
    while let Some(packet) = packet(rest).filter(|it| matches!(it.kind, 1..=4 | 8..=11 | 18..=21)) {
        rest = packet.rest;
    }
    if rest.len() == bytes.len() {
        return;
    }
    if !behind::known(rest, sink) && !behind::archive(bytes, sink) && armored.is_some() {
        sink.text(Region::Hidden, sweep::lines(bytes), Boundary::Block);
    }
}

/// Reads packets; what a compressed one holds is read next.
fn packets(bytes: &[u8], sink: &mut Sink) -> Option<Vec<u8>> {
    let (mut rest, mut inside) = (bytes, None);
    while !rest.is_empty() {
        let Some(packet) = packet(rest).filter(|packet| packet.whole) else {
            sink.damaged(bytes.len() - rest.len(), bytes.len());
            break;
        };
        match packet.kind {
            SIGNATURE | ONE_PASS | MARKER => {}
            COMPRESSED if inside.is_none() => inside = unpack(&packet.body, sink),
            LITERAL => literal(&packet.body, sink),
            // Session keys and encrypted data.
            1 | 3 | 9 | 18 | 20 => sink.hidden(ProtectionKind::Pgp, Strength::Unknown, false),
            _ => sink.gap(GapReason::Unsupported),
        }
        rest = packet.rest;
    }
    inside
}

/// By its algorithm (9.4).
fn unpack(body: &[u8], sink: &mut Sink) -> Option<Vec<u8>> {
    let (algorithm, packed) = body.split_first()?;
    let stream: Box<dyn Read + '_> = match algorithm {
        0 => Box::new(packed),
        1 => Box::new(DeflateDecoder::new(packed)),
        2 => Box::new(ZlibDecoder::new(packed)),
        3 => Box::new(bzip2::read::BzDecoder::new(packed)),
        _ => {
            sink.gap(GapReason::Unsupported);
            return None;
        }
    };
    Some(sink.unpack(stream, packed.len()))
}

/// A format, a name, a date, the content (5.9).
fn literal(body: &[u8], sink: &mut Sink) {
    let parts = || {
        let length = usize::from(*body.get(1)?);
        Some((body.get(2..2 + length)?, body.get(2 + length + 4..)?))
    };
    let Some((name, content)) = parts() else { return sink.gap(GapReason::Malformed) };
    let name = charset::decode(name, None);
    let copy = sink.copy(content);
    sink.child((!name.is_empty() && name != "_CONSOLE").then_some(name), "", copy);
}

/// A packet and what follows it.
struct Packet<'a> {
    kind: u8,
    body: Cow<'a, [u8]>,
    rest: &'a [u8],
    /// Whether its body is as long as it says.
    whole: bool,
}

/// The packet at the start (4.2); the old format may run to the end, the new one may come in pieces.
fn packet(bytes: &[u8]) -> Option<Packet<'_>> {
    let (first, after) = bytes.split_first().filter(|(first, _)| **first & 0x80 != 0)?;
    if first & 0x40 != 0 {
        return pieces(first & 0x3F, after);
    }
    let kind = first >> 2 & 0x0F;
    let size = match first & 3 {
        3 => return Some(Packet { kind, body: Cow::Borrowed(after), rest: &[], whole: true }),
        power => 1usize << power,
    };
    let (digits, after) = after.split_at_checked(size)?;
    let (body, rest, whole) = cut(after, big(digits));
    Some(Packet { kind, body: Cow::Borrowed(body), rest, whole })
}

fn pieces(kind: u8, mut rest: &[u8]) -> Option<Packet<'_>> {
    let mut body: Cow<'_, [u8]> = Cow::Borrowed(&[]);
    loop {
        let (first, after) = rest.split_first()?;
        let (size, after, last) = match first {
            0..192 => (usize::from(*first), after, true),
            192..224 => {
                let (low, after) = after.split_first()?;
                ((usize::from(first - 192) << 8) + usize::from(*low) + 192, after, true)
            }
            255 => {
                let (digits, after) = after.split_at_checked(4)?;
                (big(digits), after, true)
            }
            power => (1usize << (power & 0x1F), after, false),
        };
        let (piece, after, whole) = cut(after, size);
        if body.is_empty() {
            body = Cow::Borrowed(piece);
        } else {
            body.to_mut().extend_from_slice(piece);
        }
        rest = after;
        if last || !whole {
            return Some(Packet { kind, body, rest, whole });
        }
    }
}

fn cut(bytes: &[u8], size: usize) -> (&[u8], &[u8], bool) {
    match bytes.split_at_checked(size) {
        Some((body, rest)) => (body, rest, true),
        None => (bytes, &[], false),
    }
}

#[cfg(test)]
mod tests {
    use super::packet;

    #[test]
    fn a_packet_may_come_in_pieces() {
        let pieces = [0xCB, 0xE2, b'T', b'R', b'E', b'M', 0xE1, b'0', b'4', 2, b'1', b'2', 0xC2, 0];
        let whole = packet(&pieces).unwrap();
        assert_eq!((whole.kind, &*whole.body), (11, b"TREM0412".as_slice()));
        assert!(whole.whole && whole.rest == [0xC2, 0]);
        assert!(!packet(&pieces[..8]).unwrap().whole);
        assert!(packet(b"TREM").is_none());
    }
}
