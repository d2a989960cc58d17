//! What stands behind the end of a file: a part that programs pass over, and that whoever cuts the file there can read.

use super::{named, sweep};
use crate::extract::kind;
use crate::extract::sink::Sink;
use crate::model::{Boundary, GapReason, Region};

/// Reads it as a file inside when it is text or of a known format. Of what is neither, words are kept; whether it was neither.
pub fn put(rest: &[u8], sink: &mut Sink) -> bool {
    let blank = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    let start = rest.iter().position(|byte| !blank(byte)).unwrap_or(rest.len());
    let end = rest.iter().rposition(|byte| !blank(byte)).map_or(start, |last| last + 1);
    let trimmed = rest.get(start..end).unwrap_or_default();
    if !trimmed.iter().any(u8::is_ascii_alphanumeric) {
        return false;
    }
    // Zeros at the end belong to a file, not to a text.
    let file = rest.get(start..).filter(|bytes| named("", bytes).is_some());
    let Some(whole) = file.or_else(|| kind::is_text(trimmed).then_some(trimmed)) else {
        sink.text(Region::Hidden, sweep::words(trimmed), Boundary::Block);
        return true;
    };
    let copy = sink.unpack(whole, whole.len());
    sink.child(None, "", copy);
    false
}

/// The same, of a format whose programs leave nothing there: what is neither text nor known is told.
pub fn tell(rest: &[u8], sink: &mut Sink) {
    if put(rest, sink) {
        sink.gap(GapReason::Malformed);
    }
}
