//! DICOM files (NEMA PS3.5 and PS3.10; tags compiled by us, 2026-11): what the header says, never the picture.
//!
//! Elements are read in a row: sequences are entered, not skipped, so nothing recurses. The patient becomes a record, every other text
//! a line; an encapsulated document becomes a file inside. Text burned into pixels is not read.

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::fields::{Fields, GIVEN, PHONE, SURNAME};
use super::{Format, sweep};
use crate::extract::endian::{long, short};
use crate::extract::kind;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{ProtectionKind, Strength};

/// Takes what has the mark, and what opens with the group that comes first.
pub const FORMAT: Format = Format { behind: false, name: "dicom", claims, read };

const PIXELS: (u16, u16) = (0x7FE0, 0x0010);
const ENDLESS: usize = 0xFFFF_FFFF;
/// Kinds of value that are text (PS3.5, 6.2).
const TEXTS: &[&[u8]] = &[
    b"AE", b"AS", b"CS", b"DA", b"DS", b"DT", b"IS", b"LO", b"LT", b"PN", b"SH", b"ST", b"TM", b"UC", b"UR",
    b"UT",
];
/// Kinds of value that are bytes or words of a machine.
const BYTES: &[&[u8]] = &[b"OB", b"OW"];
/// Kinds of value with a length of four bytes (PS3.5, 7.1.2).
const LONG: &[&[u8]] =
    &[b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"];

fn claims(source: &Source<'_>) -> bool {
    let bytes: &[u8] = &source.bytes;
    let bare = bytes.starts_with(&[8, 0, 5, 0])
        || bytes.starts_with(&[8, 0, 8, 0])
        || bytes.starts_with(&[2, 0, 0, 0]);
    let kind = bytes.get(4..6).is_some_and(|kind| kind.iter().all(u8::is_ascii_uppercase));
    // The length of a group is four bytes, what the others hold is short and even.
    let length = long(bytes, 4)
        .is_some_and(|it| if bytes.starts_with(&[2]) { it == 4 } else { it <= 256 && it % 2 == 0 });
    bytes.get(128..132) == Some(b"DICM") || (bare && (kind || length))
}

/// An element: its tag, the kind of its value, its value.
struct Element<'a> {
    tag: (u16, u16),
    kind: Option<[u8; 2]>,
    value: &'a [u8],
    /// Whether what is inside comes next.
    entered: bool,
    /// Whether it has no length, so that a mark ends it.
    endless: bool,
    /// How long it says it is.
    length: usize,
    /// Whether it is longer than the file.
    cut: bool,
}

/// How elements are written.
#[derive(Clone, Copy, Debug)]
struct Syntax {
    explicit: bool,
    big: bool,
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let bytes: &[u8] = &source.bytes;
    let start: usize = if bytes.get(128..132) == Some(b"DICM") { 132 } else { 0 };
    let mut record = Record::default();
    // What stands before the mark is free to use (PS3.10, 7.1).
    record.lines.push_str(&sweep::words(bytes.get(..start.saturating_sub(4)).unwrap_or_default()));
    let (mut at, mut syntax) = (start, String::new());
    while let Some((element, next)) = element(bytes, at, Syntax { explicit: true, big: false }) {
        if element.tag.0 != 2 {
            break;
        }
        if element.cut {
            sink.damaged(at, bytes.len());
        }
        if element.tag == (2, 0x10) {
            syntax = String::from_utf8_lossy(element.value).trim_matches(['\0', ' ']).to_owned();
        }
        record.take(&element, sink);
        at = next;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let guess = rest.get(4..6).is_some_and(|kind| kind.iter().all(u8::is_ascii_uppercase));
    let how = Syntax {
        explicit: if syntax.is_empty() { guess } else { syntax != "1.2.840.10008.1.2" },
        big: syntax == "1.2.840.10008.1.2.2",
    };
    if syntax == "1.2.840.10008.1.2.1.99" {
        let stream: Box<dyn Read + '_> = Box::new(DeflateDecoder::new(rest));
        let whole = sink.unpack(stream, rest.len());
        record.walk(&whole, how, sink);
    } else {
        record.walk(rest, how, sink);
    }
    record.put(sink);
}

fn element(bytes: &[u8], at: usize, how: Syntax) -> Option<(Element<'_>, usize)> {
    let two = |at: usize| {
        short(bytes, at)
            .and_then(|it| u16::try_from(it).ok())
            .map(|it| if how.big { it.swap_bytes() } else { it })
    };
    let four = |at: usize| {
        let number = long(bytes, at).and_then(|it| u32::try_from(it).ok())?;
        usize::try_from(if how.big { number.swap_bytes() } else { number }).ok()
    };
    let tag = (two(at)?, two(at + 2)?);
    let kind: Option<[u8; 2]> = bytes.get(at + 4..at + 6)?.try_into().ok();
    // Some writers leave the kind out of single elements.
    let kind = kind.filter(|kind| how.explicit && tag.0 != 0xFFFE && kind.iter().all(u8::is_ascii_uppercase));
    let (length, start) = match kind {
        Some(kind) if LONG.contains(&kind.as_slice()) => (four(at + 8)?, at + 12),
        Some(_) => (usize::from(two(at + 6)?), at + 8),
        None => (four(at + 4)?, at + 8),
    };
    let rest = bytes.get(start..)?;
    let item = rest.starts_with(&[0xFE, 0xFF, 0x00, 0xE0]) || rest.starts_with(&[0xFF, 0xFE, 0xE0, 0x00]);
    let endless = length == ENDLESS;
    let holds = kind == Some(*b"SQ") || (item && (kind.is_none() || kind == Some(*b"UN")));
    let entered = tag != PIXELS && (tag.0 == 0xFFFE || endless || holds);
    let value = if entered || endless { &[] } else { rest.get(..length).unwrap_or(rest) };
    let cut = !endless && rest.len() < length;
    let next = if entered || endless { start } else { start.saturating_add(length) };
    Some((Element { tag, kind, value, entered, endless, length, cut }, next))
}

/// Whether bytes that may be anything are words: letters, digits and blanks, four of five.
fn is_prose(value: &[u8]) -> bool {
    let value = value.get(..value.len().min(8192)).unwrap_or(value);
    let words = value.iter().filter(|byte| byte.is_ascii_alphanumeric() || **byte == b' ').count();
    value.len() >= 16 && words * 5 >= value.len() * 4 && value.contains(&b' ') && kind::is_text(value)
}

/// Where the pieces of a picture end (PS3.5, A.4): items, then the mark.
fn after_pieces(bytes: &[u8], mut at: usize, how: Syntax) -> Option<usize> {
    loop {
        let (piece, start) = element(bytes, at, how).filter(|(piece, _)| !piece.cut)?;
        at = start.checked_add(piece.length)?;
        match piece.tag {
            (0xFFFE, 0xE000) => {}
            (0xFFFE, 0xE0DD) => return Some(at),
            _ => return None,
        }
    }
}

/// The sequences and items that a mark is to end, and where elements are written without their kinds: inside a sequence whose kind its
/// writer did not know (PS3.5, 6.2.2).
#[derive(Default)]
struct Open {
    count: usize,
    unknown: Option<Until>,
}

/// Where a sequence of unknown kind ends.
enum Until {
    Place(usize),
    Count(usize),
}

impl Open {
    /// How the element at a place is written.
    fn how(&mut self, at: usize, how: Syntax) -> Syntax {
        let ended = match self.unknown {
            Some(Until::Place(end)) => at >= end,
            Some(Until::Count(count)) => self.count < count,
            None => true,
        };
        if ended {
            self.unknown = None;
            return how;
        }
        Syntax { explicit: false, big: false }
    }

    /// Notes what is entered at a place.
    fn take(&mut self, element: &Element<'_>, at: usize) {
        if element.endless && element.entered {
            self.count = self.count.saturating_add(1);
        }
        if matches!(element.tag, (0xFFFE, 0xE00D | 0xE0DD)) {
            self.count = self.count.saturating_sub(1);
        }
        if self.unknown.is_none() && element.entered && element.kind == Some(*b"UN") {
            self.unknown = Some(if element.endless {
                Until::Count(self.count)
            } else {
                Until::Place(at.saturating_add(element.length))
            });
        }
    }
}

/// What was read so far.
#[derive(Default)]
struct Record {
    charsets: Vec<String>,
    patient: Fields,
    lines: String,
}

impl Record {
    fn walk(&mut self, bytes: &[u8], how: Syntax, sink: &mut Sink) {
        let (mut at, mut open, mut cut) = (0, Open::default(), None);
        while let Some((element, next)) = element(bytes, at, open.how(at, how)) {
            if element.cut {
                cut.get_or_insert(at);
            }
            at = next;
            // What stands behind a picture is read too: those of icons come early.
            if element.tag == PIXELS {
                if is_prose(element.value) {
                    self.lines.push_str(&charset::decode(element.value, None));
                }
                let after = if element.endless { after_pieces(bytes, at, how) } else { Some(at) };
                at = after.unwrap_or(usize::MAX);
                continue;
            }
            open.take(&element, at);
            self.take(&element, sink);
        }
        let blank = bytes.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == 0));
        if cut.is_some() || open.count > 0 || !blank {
            sink.damaged(cut.unwrap_or(at), bytes.len());
        }
    }

    fn take(&mut self, element: &Element<'_>, sink: &mut Sink) {
        if element.tag == (0x0042, 0x0011) {
            let copy = sink.unpack(element.value, element.value.len());
            return sink.child(None, "", copy);
        }
        // Attributes that a keeper of keys encrypted (PS3.15, E.3.10).
        if element.tag == (0x0400, 0x0520) {
            return sink.hidden(ProtectionKind::Smime, Strength::Unknown, false);
        }
        let printable = || !element.value.iter().any(|byte| *byte < 0x1B && !b"\t\n\r\x0C".contains(byte));
        let is_text = match element.kind {
            Some(kind) if BYTES.contains(&kind.as_slice()) => is_prose(element.value),
            Some(kind) => TEXTS.contains(&kind.as_slice()) || (kind == *b"UN" && printable()),
            None => printable(),
        };
        if element.entered || !is_text {
            return;
        }
        let text = self.decoded(element.value);
        let text = text.trim_matches(['\0', ' ']);
        match element.tag {
            (0x0008, 0x0005) => self.charsets = text.split('\\').map(|it| it.trim().to_owned()).collect(),
            (0x0010, 0x0010) => self.name(text),
            (0x0010, 0x0020 | 0x1000) => self.patient.identifier("PatientID", "", "", text),
            (0x0010, 0x0030) => self.patient.birth("PatientBirthDate", text),
            (0x0010, 0x2154) => self.patient.add(PHONE, "PatientTelephoneNumbers", text),
            _ => {}
        }
        if !text.is_empty() {
            self.lines.push_str(text);
            self.lines.push('\n');
        }
    }

    /// A name in its groups of writing: family and given (PS3.5, 6.2.1).
    fn name(&mut self, text: &str) {
        for group in text.split('=').take(3) {
            let mut parts = group.split('^');
            let (family, given) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            if !family.is_empty() {
                self.patient.add(SURNAME, "PatientName", family.trim());
            }
            if !given.is_empty() {
                self.patient.add(GIVEN, "PatientName", given.trim());
            }
        }
    }

    /// Text by the character sets that the file names (PS3.3, C.12.1.1.2); an escape switches among them.
    fn decoded(&self, bytes: &[u8]) -> String {
        if !bytes.contains(&0x1B) {
            let first = self.charsets.first().map(String::as_str).unwrap_or_default();
            return charset::decode(bytes, label(first).or(Some("windows-1252")));
        }
        let mut out = String::new();
        for (index, piece) in bytes.split(|byte| *byte == 0x1B).enumerate() {
            let (label, skip) = if index == 0 { (None, 0) } else { escape(piece) };
            let content = piece.get(skip..).unwrap_or_default();
            match label {
                Some("iso-2022-jp") => {
                    let whole = [&[0x1B], piece].concat();
                    out.push_str(&charset::decode(&whole, Some("iso-2022-jp")));
                }
                label => out.push_str(&charset::decode(content, label)),
            }
        }
        out
    }

    fn put(self, sink: &mut Sink) {
        self.patient.put(sink);
        sink.named("header", self.lines);
    }
}

/// The charset that an escape switches to, and how long the escape is.
fn escape(piece: &[u8]) -> (Option<&'static str>, usize) {
    match piece {
        [b'$', b'B' | b'@', ..] => (Some("iso-2022-jp"), 0),
        [b'$', b'(', b'D', ..] => (Some("iso-2022-jp"), 0),
        [b'$', b')', b'C', ..] => (Some("euc-kr"), 3),
        [b'$', b')', b'A', ..] => (Some("gbk"), 3),
        [b'(', b'J' | b'B', ..] => (None, 2),
        [b')', b'I', ..] => (Some("shift_jis"), 2),
        [b'-', set, ..] => (
            match set {
                b'B' => Some("iso-8859-2"),
                b'C' => Some("iso-8859-3"),
                b'D' => Some("iso-8859-4"),
                b'F' => Some("iso-8859-7"),
                b'G' => Some("iso-8859-6"),
                b'H' => Some("iso-8859-8"),
                b'L' => Some("iso-8859-5"),
                b'M' => Some("iso-8859-9"),
                b'T' => Some("iso-8859-11"),
                _ => Some("windows-1252"),
            },
            2,
        ),
        _ => (None, 0),
    }
}

fn label(term: &str) -> Option<&'static str> {
    Some(match term.trim_start_matches("ISO 2022 IR ").trim_start_matches("ISO_IR ") {
        "101" => "iso-8859-2",
        "109" => "iso-8859-3",
        "110" => "iso-8859-4",
        "126" => "iso-8859-7",
        "127" => "iso-8859-6",
        "138" => "iso-8859-8",
        "144" => "iso-8859-5",
        "148" => "iso-8859-9",
        "166" => "iso-8859-11",
        "13" => "shift_jis",
        "192" => "utf-8",
        "GB18030" | "GBK" => "gb18030",
        _ => return None,
    })
}
