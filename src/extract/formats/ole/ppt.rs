//! PowerPoint 97 to 2003 ([MS-PPT], 2.3): text of slides, notes, masters and comments, and embedded objects, record by record.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::compound::{Compound, Stream};
use crate::extract::endian::{long, short, u32_at, wide};
use crate::extract::sink::Sink;
use crate::model::{Boundary, GapReason, ProtectionKind, Region, Strength};

/// What newer programs added, records in turn: comments since 2002 ([MS-PPT], 2.3.18 to 2.3.23).
const TAGGED: usize = 0x138B;

/// What a program keeps with a shape, which need not end with a whole record ([MS-ODRAW], 2.2.38).
const CLIENT: usize = 0xF011;

/// Reads a presentation; whether it is one.
pub fn read(file: &Compound<'_>, storage: &str, slides: &Stream, sink: &mut Sink) -> bool {
    let user = file.find(storage, "Current User").map(|stream| file.read(stream)).unwrap_or_default();
    let bytes = file.read(slides);
    let mut texts = String::new();
    let mut encrypted = u32_at(&user, 12) == Some(0xF3D1_C4DF);
    let mut records = Records { bytes: &bytes, at: 0, open: Vec::new(), damaged: None };
    while let Some(Record { version, kind, content }) = records.next() {
        match kind {
            0x0FA0 | 0x0FBA => line(&wide(content), &mut texts),
            0x0FA8 => line(&content.iter().map(|byte| char::from(*byte)).collect::<String>(), &mut texts),
            0x2F14 => encrypted = true,
            0x1011 => object(version, content, sink),
            0xF00B | 0xF121 | 0xF122 => shape(version >> 4, content, &mut texts, sink),
            _ => {}
        }
    }
    if let Some(at) = records.damaged.filter(|_| !encrypted) {
        sink.damaged(at, bytes.len());
    }
    if encrypted {
        sink.hidden(ProtectionKind::Office, Strength::Unknown, true);
    } else {
        sink.text(Region::Body, texts, Boundary::Block);
    }
    true
}

/// A record; what a container holds comes next.
struct Record<'a> {
    version: usize,
    kind: usize,
    content: &'a [u8],
}

/// Walks records, those of containers in turn.
struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the open containers end, and whether they need not hold records.
    open: Vec<(usize, bool)>,
    /// Where damage was first met.
    damaged: Option<usize>,
}

impl<'a> Records<'a> {
    fn next(&mut self) -> Option<Record<'a>> {
        loop {
            while self.open.last().is_some_and(|(end, _)| self.at >= *end) {
                self.open.pop();
            }
            let inside = self.open.last().copied();
            let (limit, any) = inside.unwrap_or((self.bytes.len(), false));
            let head = self.bytes.get(..limit).and_then(|bytes| {
                Some((short(bytes, self.at)?, short(bytes, self.at + 2)?, long(bytes, self.at + 4)?))
            });
            let (here, start) = (self.at, self.at + 8);
            let fits = |size: &usize| limit.checked_sub(start).is_some_and(|room| *size <= room);
            match head {
                None if inside.is_some() => self.pass(here, limit, any),
                None => {
                    self.pass(here, limit, false);
                    return None;
                }
                // A container: it goes no further than the one around it.
                Some((version, kind, size)) if version & 0xF == 0xF || kind == TAGGED => {
                    if !fits(&size) {
                        self.damaged = self.damaged.or((!any).then_some(here));
                    }
                    self.at = start;
                    self.open.push((start.saturating_add(size).min(limit), kind == TAGGED || kind == CLIENT));
                    return Some(Record { version, kind, content: &[] });
                }
                Some((version, kind, size)) if fits(&size) && (version, kind, size) != (0, 0, 0) => {
                    self.at = start.saturating_add(size);
                    return Some(Record { version, kind, content: self.bytes.get(start..self.at)? });
                }
                Some(_) if inside.is_some() => self.pass(here, limit, any),
                // Between the outermost records writers leave blanks, of any number.
                Some(_) => self.pass(here, here + 1, false),
            }
        }
    }

    /// Passes over bytes that are no record: damage unless they are blank, or `any` bytes may stand there.
    fn pass(&mut self, from: usize, to: usize, any: bool) {
        let blank = any || self.bytes.get(from..to).unwrap_or_default().iter().all(|byte| *byte == 0);
        self.damaged = self.damaged.or((!blank).then_some(from));
        self.at = to;
    }
}

fn line(text: &str, out: &mut String) {
    out.push_str(&text.replace(['\r', '\u{b}'], "\n").replace('\0', ""));
    out.push('\n');
}

/// An embedded object, packed when its instance is 1 ([MS-PPT], 2.10.34).
fn object(version: usize, content: &[u8], sink: &mut Sink) {
    let packed: Box<dyn Read + '_> = match version >> 4 {
        1 => Box::new(ZlibDecoder::new(content.get(4..).unwrap_or_default())),
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
            return sink.gap(GapReason::Malformed);
        };
        if kind & 0x8000 == 0 {
            continue;
        }
        let Some(value) = content.get(at..at.saturating_add(size)) else {
            return sink.gap(GapReason::Malformed);
        };
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
