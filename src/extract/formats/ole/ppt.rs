//! PowerPoint 97 to 2003 ([MS-PPT], 2.3): text of slides, notes, masters and comments, and embedded objects, record by record.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::compound::{Compound, Stream};
use crate::extract::formats::little::{long, short, u32_at, wide};
use crate::extract::sink::Sink;
use crate::model::{Boundary, ProtectionKind, Region, Strength};

/// What newer programs added, records in turn: comments since 2002 ([MS-PPT], 2.3.18 to 2.3.23).
const TAGGED: usize = 0x138B;

/// Reads a presentation; whether it is one.
pub fn read(file: &Compound<'_>, storage: &str, slides: &Stream, sink: &mut Sink) -> bool {
    let user = file.find(storage, "Current User").map(|stream| file.read(stream)).unwrap_or_default();
    let bytes = file.read(slides);
    let mut texts = String::new();
    let mut encrypted = u32_at(&user, 12) == Some(0xF3D1_C4DF);
    let mut at = 0;
    while let (Some(version), Some(kind), Some(size)) =
        (short(&bytes, at), short(&bytes, at + 2), long(&bytes, at + 4))
    {
        at += 8;
        // A container: what is inside comes next.
        if version & 0xF == 0xF || kind == TAGGED {
            encrypted |= kind == 0x2F14;
            continue;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let content = rest.get(..size).unwrap_or(rest);
        match kind {
            0x0FA0 | 0x0FBA => line(&wide(content), &mut texts),
            0x0FA8 => line(&content.iter().map(|byte| char::from(*byte)).collect::<String>(), &mut texts),
            0x2F14 => encrypted = true,
            0x1011 => object(version, content, sink),
            0xF00B | 0xF121 | 0xF122 => shape(version >> 4, content, &mut texts, sink),
            _ => {}
        }
        at = at.saturating_add(size);
    }
    if encrypted {
        sink.hidden(ProtectionKind::Office, Strength::Unknown, true);
    } else {
        sink.text(Region::Body, texts, Boundary::Block);
    }
    true
}

fn line(text: &str, out: &mut String) {
    out.push_str(&text.replace(['\r', '\u{b}'], "\n").replace('\0', ""));
    out.push('\n');
}

/// An embedded object, packed when its instance is 1 ([MS-PPT], 2.10.34).
fn object(version: usize, content: &[u8], sink: &mut Sink) {
    let size = u64::from(u32_at(content, 0).unwrap_or(0));
    let packed: Box<dyn Read + '_> = match version >> 4 {
        1 => Box::new(ZlibDecoder::new(content.get(4..).unwrap_or_default()).take(size)),
        _ => Box::new(content),
    };
    let bytes = sink.unpack(packed, content.len());
    sink.child(None, "", bytes);
}

/// Text of a shape's properties: WordArt, alternative text, and the package of a shape that older programs cannot draw ([MS-ODRAW],
/// 2.3.22, 2.3.4 and 2.3.2.41).
fn shape(count: usize, content: &[u8], out: &mut String, sink: &mut Sink) {
    let mut at = count.saturating_mul(6);
    for index in 0..count {
        let (Some(kind), Some(size)) = (short(content, index * 6), long(content, index * 6 + 2)) else {
            break;
        };
        if kind & 0x8000 == 0 {
            continue;
        }
        let value = content.get(at..at.saturating_add(size)).unwrap_or_default();
        match kind & 0x3FFF {
            0x00C0 | 0x0380 | 0x0381 => line(&wide(value), out),
            0x03A9 => {
                let package = sink.unpack(value, value.len());
                sink.child(None, "", package);
            }
            _ => {}
        }
        at = at.saturating_add(size);
    }
}
