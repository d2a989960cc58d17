//! Office documents in one XML file: flat OpenDocument (ODF 1.3, 2.2.1), Word's flat package and its XML of 2003.

use super::flow::{Dialect, Flow};
use super::{Format, markup};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::Region;

/// Takes XML with one of their roots.
pub const FORMAT: Format =
    Format { behind: false, name: "flat", claims: |source| dialect(source).is_some(), read };

/// By the root, which stands near the start.
fn dialect(source: &Source<'_>) -> Option<Dialect> {
    let opening = source.opening(4096);
    let root = root(&opening)?;
    if root.starts_with(b"<office:document") {
        return Some(Dialect::Odf);
    }
    let word = root.starts_with(b"<pkg:package") || root.starts_with(b"<w:worddocument");
    word.then_some(Dialect::Ooxml)
}

/// What follows declarations and comments.
pub fn root(mut opening: &[u8]) -> Option<&[u8]> {
    loop {
        let end: &[u8] = match opening {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', ..] => return Some(opening),
            _ => return None,
        };
        opening = opening.get(memchr::memmem::find(opening, end)? + end.len()..)?.trim_ascii_start();
    }
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let limits = sink.limits;
    let mut flow = Flow::new(dialect(source).unwrap_or(Dialect::Odf), Region::Body, sink);
    let ending = markup::events(&source.bytes, limits, |token| flow.take(token));
    flow.finish();
    ending.tell(sink);
}
