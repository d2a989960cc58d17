//! Excel 2 to 2003 ([MS-XLS], 2.4): cells with their coordinates, text boxes, comments, headers, record by record.

use std::collections::BTreeMap;
use std::rc::Rc;

use encoding_rs::Encoding;

use super::keyed;
use crate::extract::endian::{double, long, short, u32_at, wide};
use crate::extract::formats::codes::without_codes;
use crate::extract::formats::number::{Shape, rk};
use crate::extract::formats::rtf::code_page;
use crate::extract::formats::sweep;
use crate::extract::sink::{Sink, a1};
use crate::model::{Boundary, Cell, ProtectionKind, Region, Strength};

/// Most shared strings.
const MOST: usize = 2_000_000;

/// A record: its kind and content, continuations apart.
struct Record<'a> {
    kind: usize,
    parts: Vec<&'a [u8]>,
}

struct Book<'s> {
    sink: &'s mut Sink,
    page: &'static Encoding,
    /// Strings have a flag byte and may be wide (BIFF8).
    unicode: bool,
    epoch_1904: bool,
    strings: Vec<String>,
    formats: BTreeMap<usize, Rc<Shape>>,
    cells: Vec<usize>,
    names: Vec<String>,
    /// The sheet at hand.
    sheet: u32,
    depth: usize,
    last: Option<(u32, u32)>,
    /// The cell of a formula whose text comes next.
    formula: Option<Cell>,
    lines: String,
    /// Whether something that a record names is not there.
    damaged: bool,
}

/// Whether a file is a workbook without a compound file around it, as Excel 2 to 4 wrote them: a first record of its own size and kind.
#[must_use]
pub fn is_bare(bytes: &[u8]) -> bool {
    let first = matches!(bytes.get(..4), Some([9, 0, 4, 0] | [9, 2 | 4, 6, 0] | [9, 8, 8, 0]));
    first && matches!(bytes.get(6..8), Some([5 | 0x10 | 0x20 | 0x40, 0] | [0, 1]))
}

/// Reads a workbook, also one that opens by itself.
pub fn read(bytes: &[u8], sink: &mut Sink) -> bool {
    if let Some(clear) = keyed::open(bytes, sink) {
        sink.protection(ProtectionKind::Office, Strength::Weak, false);
        return read_records(&clear, sink);
    }
    read_records(bytes, sink)
}

fn read_records(bytes: &[u8], sink: &mut Sink) -> bool {
    let mut book = Book {
        sink,
        page: encoding_rs::WINDOWS_1252,
        unicode: false,
        epoch_1904: false,
        strings: Vec::new(),
        formats: BTreeMap::new(),
        cells: Vec::new(),
        names: Vec::new(),
        sheet: 0,
        depth: 0,
        last: None,
        formula: None,
        lines: String::new(),
        damaged: false,
    };
    let mut at = 0;
    while let Some((record, next)) = record(bytes, at) {
        at = next;
        if record.kind == 0x2F {
            book.sink.hidden(
                ProtectionKind::Office,
                strength(record.parts.first().copied().unwrap_or_default()),
                true,
            );
            return true;
        }
        book.take(&record);
    }
    // A last record that is longer than the file leaves nothing behind it, and blanks may.
    let whole = bytes.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == 0));
    if !whole || book.damaged {
        book.sink.damaged(if whole { 0 } else { at }, bytes.len());
    }
    book.finish();
    true
}

/// The strings of a cache of a pivot table: names of its fields (SXFDB) and items (SXString; [MS-XLS], 2.4.283 and 2.4.304).
#[must_use]
pub fn cached(bytes: &[u8]) -> String {
    let (mut at, mut out) = (0, String::new());
    while let Some((record, next)) = record(bytes, at) {
        at = next;
        let content = record.parts.first().copied().unwrap_or_default();
        let string = match record.kind {
            0xCD => Some(content),
            0xC7 => content.get(14..),
            _ => None,
        };
        if let Some((length, text)) = string.and_then(|string| Some((short(string, 0)?, string.get(2..)?))) {
            out.push_str(&flagged(text, length));
            out.push('\n');
        }
    }
    out
}

/// FILEPASS ([MS-XLS], 2.4.117): XOR and the RC4 of 40 bits are weak.
fn strength(content: &[u8]) -> Strength {
    match (short(content, 0), short(content, 2)) {
        (Some(1), Some(2..)) => Strength::Unknown,
        _ => Strength::Weak,
    }
}

/// The record at a place with its continuations, and where the next one is.
fn record(bytes: &[u8], at: usize) -> Option<(Record<'_>, usize)> {
    let part = |at: usize| {
        let size = short(bytes, at + 2)?;
        let rest = bytes.get(at + 4..)?;
        Some((rest.get(..size).unwrap_or(rest), at + 4 + size))
    };
    let kind = short(bytes, at)?;
    let (first, mut next) = part(at)?;
    let mut parts = vec![first];
    while short(bytes, next) == Some(0x3C) {
        let Some((more, after)) = part(next) else { break };
        parts.push(more);
        next = after;
    }
    Some((Record { kind, parts }, next))
}

impl Book<'_> {
    fn take(&mut self, record: &Record<'_>) {
        let content = record.parts.first().copied().unwrap_or_default();
        match record.kind {
            0x09 | 0x0209 | 0x0409 | 0x0809 => self.begin(record.kind, content),
            0x0A => {
                self.depth = self.depth.saturating_sub(1);
            }
            0x22 => self.epoch_1904 = short(content, 0) == Some(1),
            0x42 => {
                self.page =
                    short(content, 0).and_then(|it| i32::try_from(it).ok()).map_or(self.page, code_page);
            }
            0x85 => {
                let name = content.get(6..).map(|rest| self.short_string(rest)).unwrap_or_default();
                self.names.push(name);
            }
            0x18 => self.named(content),
            0xFC => self.shared(record),
            0x041E | 0x1E => self.format(record.kind, content),
            0xE0 | 0x43 | 0x0243 | 0x0443 => self.cells.push(short(content, 2).unwrap_or(0)),
            0x14 | 0x15 => {
                let text = if self.unicode { self.long_string(content) } else { self.short_string(content) };
                self.line(&without_codes(&text));
            }
            0x01B6 => {
                for part in record.parts.iter().skip(1).take(1) {
                    let text = flagged(part, part.len());
                    self.line(&text);
                }
            }
            0x100D => {
                let text = content.get(2..).map(|rest| self.short_string(rest)).unwrap_or_default();
                self.line(&text);
            }
            0x01BE => self.validation(content),
            0x01B8 => {
                let text = wide(content);
                self.line(&text.chars().filter(|c| !c.is_control()).collect::<String>());
            }
            _ => self.take_cell(record.kind, content),
        }
    }

    /// What a rule for cells says: titles and texts of its prompt and its error ([MS-XLS], 2.4.90), and the choices in quotes.
    fn validation(&mut self, content: &[u8]) {
        let mut rest = content.get(4..).unwrap_or_default();
        for _ in 0..4 {
            let text = self.long_string(rest);
            self.line(&text);
            let width = if rest.get(2).is_some_and(|flag| flag & 1 == 1) { 2 } else { 1 };
            let size = short(rest, 0).unwrap_or(0).saturating_mul(width).saturating_add(3);
            rest = rest.get(size..).unwrap_or_default();
        }
        let choices = sweep::words(rest);
        self.line(&choices);
    }

    /// The name of cells or of a formula, unless it is built in ([MS-XLS], 2.4.150).
    fn named(&mut self, content: &[u8]) {
        let built_in = short(content, 0).is_some_and(|flags| flags & 0x20 != 0);
        if let (false, Some(length), Some(rest)) = (built_in, content.get(3), content.get(14..)) {
            let name = self.counted(rest, usize::from(*length));
            self.line(&name);
            self.line(&constants(rest));
        }
    }

    fn begin(&mut self, kind: usize, content: &[u8]) {
        self.depth += 1;
        if self.depth > 1 {
            return;
        }
        self.unicode = kind == 0x0809 && short(content, 0) == Some(0x0600);
        // 0x0005 is the globals of the workbook.
        if short(content, 2) != Some(5) {
            let index = usize::try_from(self.sheet).unwrap_or(usize::MAX);
            match self.names.get(index).filter(|name| !name.is_empty()) {
                Some(name) => self.sink.enter(&name.clone()),
                None => self.sink.enter(&format!("{}", self.sheet + 1)),
            }
            self.sheet = self.sheet.saturating_add(1);
            self.last = None;
        }
    }

    fn take_cell(&mut self, kind: usize, content: &[u8]) {
        let (Some(row), Some(column)) = (short(content, 0), short(content, 2)) else { return };
        let table = self.sheet;
        let cell = |column: usize| Cell {
            table,
            row: u32::try_from(row).unwrap_or_default(),
            column: u32::try_from(column).unwrap_or_default(),
        };
        let (here, style) = (cell(column), short(content, 4).unwrap_or(0));
        match kind {
            0xFD => {
                let text = long(content, 6).and_then(|index| self.strings.get(index)).cloned();
                self.damaged |= text.is_none();
                let text = text.unwrap_or_default();
                let text = self.shape(style).text(text);
                self.put(here, &text);
            }
            0x0204 | 0xD6 => {
                let rest = content.get(6..).unwrap_or_default();
                let text = self.long_string(rest);
                let text = self.shape(style).text(text);
                self.put(here, &text);
            }
            0x02 => {
                let whole = short(content, 7).and_then(|it| u32::try_from(it).ok());
                self.number(here, 0, whole.map(f64::from));
            }
            0x04 => {
                let text = content.get(7..).map(|rest| self.short_string(rest)).unwrap_or_default();
                self.put(here, &text);
            }
            0x0203 => self.number(here, style, double(content, 6)),
            0x03 => self.number(here, 0, double(content, 7)),
            0x027E => self.number(here, style, u32_at(content, 6).map(rk)),
            0xBD => {
                let count = content.len().saturating_sub(6) / 6;
                for index in 0..count {
                    let (style, value) = (short(content, 4 + index * 6), u32_at(content, 6 + index * 6));
                    self.number(cell(column + index), style.unwrap_or(0), value.map(rk));
                }
            }
            0x0205 | 0x05 => {
                let at = if kind == 0x05 { 7 } else { 6 };
                if content.get(at + 1) == Some(&1) {
                    self.put(here, error(content.get(at).copied().unwrap_or(0)));
                }
            }
            0x06 | 0x0206 | 0x0406 => {
                let constants = constants(content.get(20..).unwrap_or_default());
                if !constants.is_empty() {
                    self.line(&constants);
                }
                if short(content, 12) == Some(0xFFFF) {
                    self.formula = Some(here).filter(|_| content.get(6) == Some(&0));
                    if content.get(6) == Some(&2) {
                        self.put(here, error(content.get(8).copied().unwrap_or(0)));
                    }
                } else {
                    self.number(here, style, double(content, 6));
                }
            }
            0x07 | 0x0207 => {
                let text = self.long_string(content);
                if let Some(cell) = self.formula.take() {
                    self.put(cell, &text);
                } else {
                    self.line(&text);
                }
            }
            _ => {}
        }
    }

    fn put(&mut self, cell: Cell, text: &str) {
        let boundary = match self.last {
            None => Boundary::Block,
            Some((row, _)) if row == cell.row => Boundary::Cell,
            Some(_) => Boundary::Row,
        };
        if !text.trim().is_empty() {
            self.last = Some((cell.row, cell.column));
            self.sink.field(cell, &a1(cell), text, boundary);
        }
    }

    fn number(&mut self, cell: Cell, style: usize, value: Option<f64>) {
        let Some(value) = value else { return };
        let shape = self.shape(style);
        let raw = format!("{value}");
        let shown = shape.show(value, &raw, self.epoch_1904);
        self.put(cell, if shown.text.is_empty() { &raw } else { &shown.text });
        if let Some(full) = shown.full {
            self.put(cell, &full);
        }
    }

    /// How a style shows its cells.
    fn shape(&mut self, style: usize) -> Rc<Shape> {
        let format = self.cells.get(style).copied().unwrap_or(0);
        let built_in = || Rc::new(Shape::built_in(u32::try_from(format).unwrap_or(0)));
        Rc::clone(self.formats.entry(format).or_insert_with(built_in))
    }

    fn format(&mut self, kind: usize, content: &[u8]) {
        if kind == 0x041E {
            let rest = content.get(2..).unwrap_or_default();
            let code = if self.unicode { self.long_string(rest) } else { self.short_string(rest) };
            self.formats.insert(short(content, 0).unwrap_or(0), Rc::new(Shape::of(&code)));
        }
    }

    /// The shared strings, whose characters may run over into continuations, each with a flag of its own ([MS-XLS], 2.4.265).
    fn shared(&mut self, record: &Record<'_>) {
        let mut cursor = Cursor { parts: &record.parts, part: 0, at: 8 };
        loop {
            let before = (cursor.part, cursor.at);
            let Some(text) = cursor.string() else {
                // A string that has no end.
                self.damaged |= cursor.left_since(before);
                break;
            };
            self.strings.push(text);
            if self.strings.len() >= MOST {
                self.damaged = true;
                break;
            }
        }
    }

    fn line(&mut self, text: &str) {
        self.lines.push_str(text);
        self.lines.push('\n');
    }

    /// A string after a byte of length.
    fn short_string(&self, bytes: &[u8]) -> String {
        let Some((length, rest)) = bytes.split_first() else { return String::new() };
        self.counted(rest, usize::from(*length))
    }

    /// A string after two bytes of length.
    fn long_string(&self, bytes: &[u8]) -> String {
        let length = short(bytes, 0).unwrap_or(0);
        self.counted(bytes.get(2..).unwrap_or_default(), length)
    }

    fn counted(&self, bytes: &[u8], length: usize) -> String {
        if self.unicode {
            return flagged(bytes, length);
        }
        self.page.decode_without_bom_handling(bytes.get(..length).unwrap_or(bytes)).0.into_owned()
    }

    fn finish(self) {
        self.sink.leave();
        self.sink.text(Region::Body, self.names.join("\n"), Boundary::Block);
        self.sink.text(Region::Comment, self.lines, Boundary::Block);
    }
}

/// Characters after a byte that tells whether they are wide.
fn flagged(bytes: &[u8], length: usize) -> String {
    let Some((flag, rest)) = bytes.split_first() else { return String::new() };
    let size = if flag & 1 == 1 { length.saturating_mul(2) } else { length };
    let text = rest.get(..size).unwrap_or(rest);
    if flag & 1 == 1 { wide(text) } else { text.iter().map(|byte| char::from(*byte)).collect() }
}

/// The texts in a formula (PtgStr; [MS-XLS], 2.5.198.89): a mark, a count, a flag, as many characters.
fn constants(formula: &[u8]) -> String {
    let (mut rest, mut out) = (formula, String::new());
    while let Some(at) = memchr::memchr(0x17, rest) {
        rest = rest.get(at + 1..).unwrap_or_default();
        let Some((length, tail)) = rest.split_first().filter(|(length, _)| **length > 1) else { continue };
        let size = 1 + usize::from(*length) * if tail.first() == Some(&1) { 2 } else { 1 };
        let Some(text) = tail.get(..size).filter(|text| matches!(text.first(), Some(0 | 1))) else {
            continue;
        };
        let text = flagged(text, usize::from(*length));
        if !text.chars().any(char::is_control) {
            out.push_str(&text);
            out.push('\n');
            rest = tail.get(size..).unwrap_or_default();
        }
    }
    out
}

/// Walks shared strings over the parts of a record.
struct Cursor<'a> {
    parts: &'a [&'a [u8]],
    part: usize,
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &[u8] {
        self.parts.get(self.part).and_then(|part| part.get(self.at..)).unwrap_or_default()
    }

    /// Whether bytes other than zero stand behind a place.
    fn left_since(&self, (part, at): (usize, usize)) -> bool {
        let parts = self.parts.get(part..).unwrap_or_default();
        let starts = std::iter::once(at).chain(std::iter::repeat(0));
        parts
            .iter()
            .zip(starts)
            .any(|(part, at)| part.get(at..).is_some_and(|rest| rest.iter().any(|byte| *byte != 0)))
    }

    fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(count.min(64));
        while out.len() < count {
            if self.rest().is_empty() {
                if self.part >= self.parts.len() {
                    return None;
                }
                (self.part, self.at) = (self.part + 1, 0);
                continue;
            }
            let piece = self.rest().get(..count - out.len()).unwrap_or(self.rest()).to_vec();
            self.at += piece.len();
            out.extend(piece);
        }
        Some(out)
    }

    fn string(&mut self) -> Option<String> {
        let head = self.take(3)?;
        let (mut left, flags) = (short(&head, 0)?, *head.get(2)?);
        let runs = if flags & 8 != 0 { short(&self.take(2)?, 0)? } else { 0 };
        let extra = if flags & 4 != 0 { long(&self.take(4)?, 0)? } else { 0 };
        let (mut text, mut is_wide) = (String::new(), flags & 1 == 1);
        while left > 0 {
            if self.rest().is_empty() {
                if self.part + 1 >= self.parts.len() {
                    return None;
                }
                (self.part, self.at) = (self.part + 1, 0);
                is_wide = self.take(1)?.first()? & 1 == 1;
                continue;
            }
            let width = if is_wide { 2 } else { 1 };
            let count = left.min((self.rest().len() / width).max(1));
            let piece = self.take(count * width)?;
            if is_wide {
                text.push_str(&wide(&piece));
            } else {
                text.extend(piece.iter().map(|byte| char::from(*byte)));
            }
            left -= count;
        }
        self.take(runs.saturating_mul(4))?;
        self.take(extra.min(1 << 20))?;
        Some(text)
    }
}

/// What a cell with an error shows ([MS-XLS], 2.5.10).
fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}

#[cfg(test)]
mod tests {
    use super::{cached, constants};

    #[test]
    fn a_formula_says_its_texts() {
        let formula =
            b"\x05\0\x17\x0A\0Mme L\xE9a Ro\x17\x04\x01C\0\xF4\0t\0\xE9\0\x08\x17\x02\0\x01\x02\x17";
        assert_eq!(constants(formula), "Mme L\u{e9}a Ro\nC\u{f4}t\u{e9}\n");
    }

    #[test]
    fn a_cache_says_its_fields_and_items() {
        let record = |kind: u8, content: &[u8]| {
            [&[kind, 0, u8::try_from(content.len()).unwrap(), 0], content].concat()
        };
        let field = [&[0; 14][..], &[3, 0, 0], b"Nom"].concat();
        let cache =
            [record(0xC7, &field), record(0xCD, b"\x04\0\x01C\0\xF4\0t\0\xE9\0"), record(0xCF, b"ab")]
                .concat();
        assert_eq!(cached(&cache), "Nom\nCôté\n");
    }
}
