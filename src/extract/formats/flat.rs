//! Office documents in one XML file: flat OpenDocument (ODF 1.3, 2.2.1), Word's flat package and its XML of 2003.

use super::flow::{Dialect, Flow};
use super::{Format, markup};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{GapReason, Region};

/// Takes XML with one of their roots.
pub const FORMAT: Format = Format { name: "flat", claims: |source| dialect(source).is_some(), read };

/// By the root, which stands near the start.
fn dialect(source: &Source<'_>) -> Option<Dialect> {
    let opening = source.opening(2048);
    let has = |root: &[u8]| memchr::memmem::find(&opening, root).is_some();
    match opening.first() {
        Some(b'<') if has(b"<office:document") => Some(Dialect::Odf),
        Some(b'<') if has(b"<pkg:package") || has(b"<w:worddocument") => Some(Dialect::Ooxml),
        _ => None,
    }
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let mut flow = Flow::new(dialect(source).unwrap_or(Dialect::Odf), Region::Body, sink);
    let whole = markup::events(&source.bytes, |token| flow.take(token));
    flow.finish();
    if !whole {
        sink.gap(GapReason::Malformed);
    }
}
