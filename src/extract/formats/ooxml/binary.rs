//! Workbooks in binary, xlsb ([MS-XLSB], 2.1.4 and 2.4): the parts of xlsx, as records.
//!
//! Out: cells as those of xlsx. What other records say (headers, comments, prompts, names) is text of the part.

use crate::extract::endian::{double, long, short, u32_at, wide};
use crate::extract::formats::codes::without_codes;
use crate::extract::formats::number::{Shape, rk};
use crate::extract::formats::sweep;
use crate::extract::formats::zip::Member;
use crate::extract::sink::{Sink, a1};
use crate::model::{Boundary, Cell, GapReason, Region};

/// The records of a part: kind and content. Both numbers have seven bits a byte (2.1.4).
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = self.number(2)?;
        let size = usize::try_from(self.number(4)?).ok()?;
        let (content, rest) = self.0.split_at_checked(size).unwrap_or((self.0, &[]));
        self.0 = rest;
        Some((kind, content))
    }
}

/// Whether the records of a part end where it does.
fn is_whole(bytes: &[u8]) -> bool {
    let mut records = Records(bytes);
    while !records.0.is_empty() {
        let (Some(_), Some(size)) = (records.number(2), records.number(4)) else { return false };
        match usize::try_from(size).ok().and_then(|size| records.0.get(size..)) {
            Some(rest) => records.0 = rest,
            None => return false,
        }
    }
    true
}

impl Records<'_> {
    fn number(&mut self, most: u32) -> Option<u32> {
        let mut number = 0;
        for index in 0..most {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u32::from(byte & 0x7F) << (7 * index);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    }
}

/// What the sheets of a binary workbook share.
#[derive(Debug, Default)]
pub struct Book {
    /// Part and name of each sheet.
    sheets: Vec<(String, String)>,
    strings: Vec<String>,
    shapes: Vec<Shape>,
    epoch_1904: bool,
}

/// Reads what the sheets share. `path` gives the part that a relation names.
pub fn open(
    main: &Member<'_>,
    strings: Option<&Member<'_>>,
    styles: Option<&Member<'_>>,
    path: impl Fn(&str) -> String,
    sink: &mut Sink,
) -> Book {
    let mut book = Book::default();
    let main = main.unpack(sink);
    tell(&main, sink);
    let mut named = Vec::new();
    for (kind, content) in Records(&main) {
        match kind {
            153 => book.epoch_1904 = content.first().is_some_and(|flags| flags & 1 == 1),
            156 => {
                let id = string(content, 8);
                let name = string(content, 12 + id.len() * 2);
                book.sheets.push((path(&id), name));
            }
            // Names of cells and formulas; those with a mark are built in (2.4.709).
            39 => named.push(string(content, 9)),
            _ => {}
        }
    }
    named.retain(|name| !name.starts_with("_xlnm"));
    sink.text(Region::Property, named.join("\n"), Boundary::Block);
    if let Some(member) = strings {
        let bytes = member.unpack(sink);
        tell(&bytes, sink);
        let items = Records(&bytes).filter(|(kind, _)| *kind == 19);
        book.strings = items.map(|(_, content)| string(content, 1)).collect();
    }
    if let Some(member) = styles {
        book.shapes = shapes(&member.unpack(sink));
    }
    book
}

/// Tells records that are longer than their part.
fn tell(bytes: &[u8], sink: &mut Sink) {
    if !is_whole(bytes) {
        sink.gap(GapReason::Malformed);
    }
}

/// How the numbers of each style are shown.
fn shapes(bytes: &[u8]) -> Vec<Shape> {
    let (mut codes, mut shapes, mut in_cells) = (Vec::new(), Vec::new(), false);
    for (kind, content) in Records(bytes) {
        match kind {
            44 => codes.push((short(content, 0), string(content, 2))),
            617 => in_cells = true,
            618 => in_cells = false,
            47 if in_cells => {
                let id = short(content, 2);
                let code = codes.iter().find(|(known, _)| *known == id).map(|(_, code)| Shape::of(code));
                let built_in = || Shape::built_in(id.and_then(|id| u32::try_from(id).ok()).unwrap_or(0));
                shapes.push(code.unwrap_or_else(built_in));
            }
            _ => {}
        }
    }
    shapes
}

/// Text behind a count of characters (2.5.168).
fn string(bytes: &[u8], at: usize) -> String {
    let size = long(bytes, at).filter(|count| *count != 0xFFFF_FFFF).unwrap_or(0).saturating_mul(2);
    let rest = bytes.get(at.saturating_add(4)..).unwrap_or_default();
    wide(rest.get(..size).unwrap_or(rest))
}

impl Book {
    /// Reads a part: the cells when it is a sheet, then what else it says.
    pub fn read(&self, part: &str, bytes: &[u8], sink: &mut Sink) {
        let index = self.sheets.iter().position(|(path, _)| path == part);
        if let Some((_, name)) = index.and_then(|index| self.sheets.get(index)) {
            sink.enter(name);
        }
        let table = u32::try_from(index.unwrap_or(self.sheets.len())).unwrap_or(u32::MAX);
        let mut cell = Cell { table, row: 0, column: 0 };
        let (mut boundary, mut said, mut column) = (Boundary::Block, String::new(), 0u32);
        for (kind, content) in Records(bytes) {
            match kind {
                0 => {
                    cell.row = u32_at(content, 0).unwrap_or(0);
                    boundary = boundary.max(Boundary::Row);
                    column = 0;
                }
                1..=18 | 62 => {
                    let (kind, content) = match kind {
                        // Short forms stand behind the cell before (2.4.813 and following).
                        12..=18 => (kind - 11, content),
                        _ => {
                            column = u32_at(content, 0).unwrap_or(0);
                            (kind, content.get(4..).unwrap_or_default())
                        }
                    };
                    cell.column = column;
                    column = column.saturating_add(1);
                    let (text, full) = self.shown(kind, content);
                    for text in
                        [Some(text), full].into_iter().flatten().filter(|text| !text.trim().is_empty())
                    {
                        sink.field(cell, &a1(cell), text, boundary);
                        boundary = Boundary::Cell;
                    }
                }
                479 => said.push_str(&without_codes(&sweep::counted(content))),
                _ => said.push_str(&sweep::counted(content)),
            }
        }
        tell(bytes, sink);
        let region = if part.contains("comment") { Region::Comment } else { Region::Body };
        sink.text(region, said, Boundary::Block);
    }

    /// What a cell shows, by its style and value (2.4.311 and following, 2.4.672 and following).
    fn shown(&self, kind: u32, content: &[u8]) -> (String, Option<String>) {
        let style = long(content, 0).map_or(0, |style| style & 0x00FF_FFFF);
        let shape = self.shapes.get(style).unwrap_or(&Shape::General);
        let number = match kind {
            2 => u32_at(content, 4).map(rk),
            5 | 9 => double(content, 4),
            6 | 8 => return (shape.text(string(content, 4)), None),
            62 => return (shape.text(string(content, 5)), None),
            7 => {
                let text = long(content, 4).and_then(|index| self.strings.get(index));
                return (shape.text(text.cloned().unwrap_or_default()), None);
            }
            _ => None,
        };
        let Some(number) = number else { return (String::new(), None) };
        let raw = format!("{number}");
        let shown = shape.show(number, &raw, self.epoch_1904);
        (if shown.text.is_empty() { raw } else { shown.text }, shown.full)
    }
}

/// Reads bytes as styles, strings and cells, for fuzzing.
pub fn fuzz(bytes: &[u8], sink: &mut Sink) {
    let strings =
        Records(bytes).filter(|(kind, _)| *kind == 19).map(|(_, content)| string(content, 1)).collect();
    Book { strings, shapes: shapes(bytes), ..Book::default() }.read("a", bytes, sink);
}
