//! Enhanced metafiles ([MS-EMF], 2.3): the text that a picture draws. A table copied as a picture still holds its letters.

use super::Format;
use super::little::{long, u32_at, wide};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, Region};

/// Takes what has both marks of a header.
pub const FORMAT: Format = Format { name: "emf", claims, read };

fn claims(source: &Source<'_>) -> bool {
    source.bytes.starts_with(&[1, 0, 0, 0]) && source.bytes.get(40..44) == Some(b" EMF")
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let (mut at, mut text) = (0, String::new());
    while let (Some(kind), Some(size)) = (u32_at(&source.bytes, at), long(&source.bytes, at + 4)) {
        let record = source.bytes.get(at..at.saturating_add(size)).unwrap_or_default();
        if let Some(drawn) = drawn(kind, record).filter(|drawn| !drawn.trim().is_empty()) {
            text.push_str(&drawn);
            text.push('\n');
        }
        // EMR_EOF; a record is no shorter than its head.
        if kind == 14 || size < 8 {
            break;
        }
        at = at.saturating_add(size);
    }
    sink.text(Region::Body, text, Boundary::Block);
}

/// EMR_EXTTEXTOUTW, EMR_EXTTEXTOUTA (2.3.5.7 and 2.3.5.8): how many characters, and where in the record.
fn drawn(kind: u32, record: &[u8]) -> Option<String> {
    let (count, start) = (long(record, 44)?, long(record, 48)?);
    match kind {
        84 => Some(wide(record.get(start..start.checked_add(count.checked_mul(2)?)?)?)),
        83 => {
            Some(record.get(start..start.checked_add(count)?)?.iter().map(|byte| char::from(*byte)).collect())
        }
        _ => None,
    }
}
