//! Properties of Outlook items, as messages and TNEF carry them ([MS-OXPROPS], [MS-OXRTFCP]; tags compiled by us, 2026-11).

use super::rtf;
use crate::extract::endian::{long, short, wide};
use crate::extract::header;
use crate::extract::sink::Sink;
use crate::mime;
use crate::model::{Boundary, GapReason, Region};

/// The code page when none is told.
pub const USUAL_PAGE: i32 = 1252;
/// Properties that machines write for machines: entry identifiers, search keys, classes.
const MACHINE: &[u16] = &[
    0x001A, 0x0064, 0x0075, 0x3002, 0x0C1E, 0x0C65, 0x340D, 0x0FF9, 0x300B, 0x3FFA, 0x0070, 0x1035, 0x1046,
    0x370E,
];

/// What one item holds.
#[derive(Debug)]
pub struct Properties {
    page: i32,
    subject: String,
    body: String,
    html: Vec<u8>,
    rtf: Vec<u8>,
    lines: String,
    /// The fields that the message came with.
    fields: String,
    name: String,
    media: String,
    data: Option<Vec<u8>>,
    /// Whether something in it has no end.
    damaged: bool,
}

impl Properties {
    /// An empty item whose strings of bytes are in this code page.
    #[must_use]
    pub fn new(page: i32) -> Self {
        Self {
            page,
            subject: String::new(),
            body: String::new(),
            html: Vec::new(),
            rtf: Vec::new(),
            lines: String::new(),
            fields: String::new(),
            name: String::new(),
            media: String::new(),
            data: None,
            damaged: false,
        }
    }

    /// Notes that some of the item is not there.
    pub fn damage(&mut self) {
        self.damaged = true;
    }

    /// Adds a property by its number and type: strings are 0x1E and 0x1F, bytes 0x102.
    pub fn add(&mut self, id: u16, kind: u16, bytes: &[u8]) {
        let text = match kind {
            0x1F => wide(bytes),
            0x1E => rtf::code_page(self.page).decode_without_bom_handling(bytes).0.into_owned(),
            _ => String::new(),
        };
        let text = text.trim_matches('\0');
        match (id, kind) {
            (0x0037, 0x1E | 0x1F) => self.subject = text.to_owned(),
            (0x1000, 0x1E | 0x1F) => self.body = text.to_owned(),
            (0x1013, 0x102) => self.html = bytes.to_vec(),
            (0x1013, 0x1E | 0x1F) => self.html = text.as_bytes().to_vec(),
            (0x1009, 0x102) => {
                let (rtf, whole) = unpacked(bytes);
                self.rtf = rtf;
                self.damaged |= !whole;
            }
            (0x3701, 0x102 | 0x0D) => self.data = Some(bytes.to_vec()),
            (0x3707, 0x1E | 0x1F) => self.name = text.to_owned(),
            (0x3704 | 0x3001, 0x1E | 0x1F) if self.name.is_empty() => self.name = text.to_owned(),
            (0x007D, 0x1E | 0x1F) => self.fields = text.to_owned(),
            (0x370E, 0x1E | 0x1F) => self.media = text.to_owned(),
            (_, 0x1E | 0x1F) if !MACHINE.contains(&id) && !text.is_empty() => {
                self.lines.push_str(text);
                self.lines.push('\n');
            }
            _ => {}
        }
    }

    /// Puts a message.
    pub fn put(self, sink: &mut Sink) {
        self.tell(sink);
        sink.text(Region::Subject, self.subject, Boundary::Block);
        sink.text(Region::Body, self.body, Boundary::Block);
        sink.text(Region::Header, self.name, Boundary::Block);
        sink.text(Region::Header, self.lines, Boundary::Block);
        header::read(&mime::split_header(self.fields.as_bytes()).0, sink);
        if !self.html.is_empty() {
            sink.child(None, "text/html", self.html);
        }
        if !self.rtf.is_empty() {
            sink.child(None, "text/rtf", self.rtf);
        }
        if let Some(data) = self.data {
            sink.child(None, "", data);
        }
    }

    fn tell(&self, sink: &mut Sink) {
        if self.damaged {
            sink.gap(GapReason::Malformed);
        }
    }

    /// Puts an attachment.
    pub fn put_attachment(self, sink: &mut Sink) {
        self.tell(sink);
        sink.text(Region::Header, self.lines, Boundary::Block);
        match self.data {
            Some(data) => sink.child((!self.name.is_empty()).then_some(self.name), &self.media, data),
            None => sink.text(Region::FileName, self.name, Boundary::Block),
        }
    }
}

/// What the dictionary of compressed RTF starts with ([MS-OXRTFCP], 2.1.2.1).
const START: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Undoes compressed RTF, to its end whatever length it tells, and whether it comes to its end or that length. What it unfolds to is at most
/// nine times as long as it is.
fn unpacked(bytes: &[u8]) -> (Vec<u8>, bool) {
    let content = bytes.get(16..).unwrap_or_default();
    let told = long(bytes, 4).unwrap_or(0);
    if bytes.get(8..12) != Some(b"LZFu") {
        return (content.to_vec(), content.len() >= told);
    }
    let mut window = [0u8; 4096];
    for (slot, byte) in window.iter_mut().zip(START) {
        *slot = *byte;
    }
    let (mut write, mut out, mut at) = (START.len(), Vec::new(), 0);
    let mut ended = false;
    'all: while let Some(&control) = content.get(at) {
        at += 1;
        for bit in 0..8 {
            let mut emit = |byte: u8, out: &mut Vec<u8>, window: &mut [u8; 4096]| {
                out.push(byte);
                if let Some(slot) = window.get_mut(write) {
                    *slot = byte;
                }
                write = (write + 1) % 4096;
            };
            if control >> bit & 1 == 0 {
                let Some(&byte) = content.get(at) else { break 'all };
                at += 1;
                emit(byte, &mut out, &mut window);
                continue;
            }
            let (Some(&high), Some(&low)) = (content.get(at), content.get(at + 1)) else { break 'all };
            at += 2;
            let (from, length) = (usize::from(high) << 4 | usize::from(low >> 4), usize::from(low & 15) + 2);
            if from == write {
                ended = true;
                break 'all;
            }
            for step in 0..length {
                let byte = window.get((from + step) % 4096).copied().unwrap_or(0);
                let mut put = |byte: u8| {
                    out.push(byte);
                    if let Some(slot) = window.get_mut(write) {
                        *slot = byte;
                    }
                    write = (write + 1) % 4096;
                };
                put(byte);
            }
        }
    }
    let whole = ended || out.len() >= told;
    (out, whole)
}

/// Properties in a row as TNEF writes them ([MS-OXTNEF], 2.1.3.4). Each takes bytes, so that a count that is too large ends where they do.
pub fn listed(bytes: &[u8], properties: &mut Properties) {
    if list(bytes, &mut 0, properties).is_none() {
        properties.damage();
    }
}

fn list(bytes: &[u8], at: &mut usize, properties: &mut Properties) -> Option<()> {
    let count = long(bytes, *at)?;
    *at += 4;
    (0..count).try_for_each(|_| property(bytes, at, properties))
}

/// The recipients of a message: lists of properties in a row ([MS-OXTNEF], 2.1.3.5).
pub fn recipients(bytes: &[u8], page: i32, message: &mut Properties) {
    let mut at = 4;
    for _ in 0..long(bytes, 0).unwrap_or(0) {
        let mut one = Properties::new(page);
        let whole = list(bytes, &mut at, &mut one);
        for said in [one.name, one.lines] {
            message.lines.push_str(said.trim_end());
            message.lines.push('\n');
        }
        if whole.is_none() {
            return message.damage();
        }
    }
}

fn property(bytes: &[u8], at: &mut usize, properties: &mut Properties) -> Option<()> {
    let (kind, id) = (short(bytes, *at)?, short(bytes, *at + 2)?);
    *at += 4;
    let several = kind & 0x1000 != 0;
    let base = kind & 0x0FFF;
    if id >= 0x8000 {
        *at = at.checked_add(16)?;
        let named = long(bytes, *at)?;
        *at += 4;
        if named == 1 {
            let size = long(bytes, *at)?;
            *at = at.checked_add(4)?.checked_add(size.checked_next_multiple_of(4)?)?;
        } else {
            *at += 4;
        }
    }
    let variable = matches!(base, 0x0D | 0x1E | 0x1F | 0x102);
    let count = if several || variable { long(bytes, *at)? } else { 1 };
    if several || variable {
        *at += 4;
    }
    // An empty value may take no byte, but its count does.
    for _ in 0..count {
        let size = match base {
            0x0D | 0x1E | 0x1F | 0x102 => {
                let size = long(bytes, *at)?;
                *at += 4;
                size
            }
            0x05 | 0x06 | 0x07 | 0x14 | 0x40 => 8,
            0x48 => 16,
            _ => 4,
        };
        let content = bytes.get(*at..at.checked_add(size)?)?;
        // An object starts with the identifier of its interface.
        let content = if base == 0x0D { content.get(16..)? } else { content };
        properties.add(u16::try_from(id).ok()?, u16::try_from(base).ok()?, content);
        *at = at.checked_add(size.checked_next_multiple_of(4)?)?;
    }
    Some(())
}
