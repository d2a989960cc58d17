//! Enhanced metafiles ([MS-EMF], 2.3): the text that a picture draws. A table copied as a picture still holds its letters.

use super::Format;
use crate::extract::endian::{long, u32_at, wide};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, Region};

/// Takes what has both marks of a header.
pub const FORMAT: Format =
    Format { behind: false, name: "emf", claims: |source| is_one(&source.bytes), read };

/// Whether bytes have both marks of a header.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(&[1, 0, 0, 0]) && bytes.get(40..44) == Some(b" EMF")
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let bytes: &[u8] = &source.bytes;
    let (mut at, mut text, mut whole, mut ended) = (0, String::new(), true, false);
    while let (Some(kind), Some(size)) = (u32_at(bytes, at), long(bytes, at + 4)) {
        // A record is no shorter than its head, and no longer than the file.
        let Some(record) = bytes.get(at..at.saturating_add(size)).filter(|record| record.len() >= 8) else {
            break;
        };
        ended = kind == EOF;
        if ended {
            break;
        }
        let drawn = drawn(kind, record);
        whole &= drawn.is_some();
        if let Some(drawn) = drawn.filter(|drawn| !drawn.trim().is_empty()) {
            text.push_str(&drawn);
            text.push('\n');
        }
        at = at.saturating_add(size);
    }
    sink.text(Region::Body, text, Boundary::Block);
    if !whole || !ended {
        sink.damaged(at, bytes.len());
    }
}

/// The last record.
const EOF: u32 = 14;

/// What a record draws, none for most kinds; `None` when the text is not where it says. EMR_EXTTEXTOUTW and EMR_EXTTEXTOUTA (2.3.5.7 and
/// 2.3.5.8) tell how many characters and where in the record; EMR_SMALLTEXTOUT (2.3.5.37) has them behind its head.
fn drawn(kind: u32, record: &[u8]) -> Option<String> {
    let narrow = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect();
    let (count, start, is_wide) = match kind {
        83 | 84 => (long(record, 44)?, long(record, 48)?, kind == 84),
        108 => {
            let options = long(record, 20)?;
            (long(record, 16)?, if options & 0x100 == 0 { 52 } else { 36 }, options & 0x200 == 0)
        }
        _ => return Some(String::new()),
    };
    let size = if is_wide { count.checked_mul(2)? } else { count };
    let text = record.get(start..start.checked_add(size)?)?;
    Some(if is_wide { wide(text) } else { narrow(text) })
}
