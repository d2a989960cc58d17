//! Metafiles of Windows before the enhanced ones ([MS-WMF], 2.3): the text that a picture draws.

use encoding_rs::WINDOWS_1252;

use super::rtf::charset;
use super::{Format, behind};
use crate::extract::endian::{long, short};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, Region};

/// Takes what has a header, with or without the one that tells where to place it.
pub const FORMAT: Format =
    Format { behind: false, name: "wmf", claims: |source| is_one(&source.bytes), read };

/// The mark of the header that tells where to place a picture (2.3.2.3), and its size.
const PLACED: (&[u8], usize) = (b"\xD7\xCD\xC6\x9A", 22);
/// Bytes of the header proper.
const HEADER: usize = 18;

/// Whether bytes have a header: kind, its size of nine words, a version (2.3.2.2).
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    let head = bytes.get(start(bytes)..).unwrap_or_default();
    matches!(short(head, 0), Some(1 | 2))
        && short(head, 2) == Some(9)
        && matches!(short(head, 4), Some(0x100 | 0x300))
        && head.len() >= HEADER
}

fn start(bytes: &[u8]) -> usize {
    if bytes.starts_with(PLACED.0) { PLACED.1 } else { 0 }
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let bytes: &[u8] = &source.bytes;
    let (mut at, mut text, mut whole, mut ended) = (start(bytes) + HEADER, String::new(), true, false);
    let mut encoding = WINDOWS_1252;
    while let (Some(words), Some(kind)) = (long(bytes, at), short(bytes, at + 4)) {
        let size = words.saturating_mul(2);
        let Some(record) = bytes.get(at..at.saturating_add(size)).filter(|record| record.len() >= 6) else {
            break;
        };
        at = at.saturating_add(size);
        ended = kind == 0;
        if ended {
            break;
        }
        if kind == FONT {
            let number = record.get(19).copied().unwrap_or_default();
            encoding = charset(number.into()).unwrap_or(WINDOWS_1252);
        }
        let drawn = drawn(kind, record);
        whole &= drawn.is_some();
        let drawn = encoding.decode_without_bom_handling(drawn.unwrap_or_default()).0;
        if !drawn.trim().is_empty() {
            text.push_str(&drawn);
            text.push('\n');
        }
    }
    sink.text(Region::Body, text, Boundary::Block);
    if !whole || !ended {
        sink.damaged(at, bytes.len());
    }
    behind::put(bytes.get(at..).unwrap_or_default(), sink);
}

/// META_CREATEFONTINDIRECT (2.3.4.6); its charset stands behind five numbers and three switches.
const FONT: usize = 0x02FB;

/// What a record draws, nothing for most kinds; `None` when the text is not where it says. META_TEXTOUT (2.3.3.20) has it behind its length,
/// META_EXTTEXTOUT (2.3.3.5) behind a place, a length, switches, and a box where two of them say so.
fn drawn(kind: usize, record: &[u8]) -> Option<&[u8]> {
    let (size, start): (usize, usize) = match kind {
        0x0521 => (short(record, 6)?, 8),
        0x0A32 => (short(record, 10)?, if short(record, 12)? & 6 == 0 { 14 } else { 22 }),
        _ => return Some(&[]),
    };
    record.get(start..start.checked_add(size)?)
}
