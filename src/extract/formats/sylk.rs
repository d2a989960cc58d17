//! Spreadsheets in symbolic links, SYLK (`.slk`; compiled by us, 2026-11, by what Excel and LibreOffice write): a record a line, which says
//! one thing of one cell.
//!
//! In: text. Out: cells with their coordinates, shown by their number formats; comments, formulas and records of other kinds beside them.

use std::collections::BTreeMap;

use unicode_normalization::char::compose;

use super::Format;
use super::number::Shape;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, Cell, Region};

/// Takes text that opens with its mark and goes on with its records: a list whose first columns are called `ID;Prénom` opens alike.
pub const FORMAT: Format = Format { behind: false, name: "sylk", claims, read };

/// How records begin that no row of a list does, in lower case.
const RECORDS: [&[u8]; 9] = [b"c;x", b"c;y", b"c;k", b"f;p", b"f;w", b"p;p", b"b;x", b"b;y", b"o;l"];
/// Records that say nothing of anyone: what wrote the file, its size, settings, windows, its end.
const SETTINGS: [&str; 6] = ["ID", "B", "O", "W", "E", "NL"];

fn claims(source: &Source<'_>) -> bool {
    let opening = source.opening(4096);
    let mut lines = opening.split(|byte| matches!(byte, b'\r' | b'\n'));
    opening.starts_with(b"id;p") && lines.any(|line| RECORDS.iter().any(|start| line.starts_with(start)))
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let text = source.text();
    let mut book = Book {
        sink,
        shapes: Vec::new(),
        of_cells: BTreeMap::new(),
        of_columns: BTreeMap::new(),
        cell: Cell { table: 0, row: 0, column: 0 },
        row: None,
        beside: String::new(),
        comments: String::new(),
        other: String::new(),
    };
    text.lines().filter(|line| !line.trim().is_empty()).for_each(|line| book.take(line));
    book.finish();
}

struct Book<'s> {
    sink: &'s mut Sink,
    /// Number formats, in the order in which they are declared.
    shapes: Vec<Shape>,
    /// Which of them cells have, by row and column.
    of_cells: BTreeMap<(u32, u32), usize>,
    of_columns: BTreeMap<u32, usize>,
    /// The cell at hand: a record that names none is of the last one.
    cell: Cell,
    /// The row of the last cell put.
    row: Option<u32>,
    beside: String,
    comments: String,
    other: String,
}

impl Book<'_> {
    fn take(&mut self, line: &str) {
        let fields = fields(line);
        let Some((kind, fields)) = fields.split_first() else { return };
        match kind.as_str() {
            "P" => {
                let code = fields.iter().find_map(|field| field.strip_prefix('P'));
                self.shapes.extend(code.map(|code| Shape::of(&unescaped(code))));
            }
            "F" => self.shape(fields),
            "C" => self.cell(fields),
            kind if SETTINGS.contains(&kind) => {}
            _ => {
                self.other.push_str(&unescaped(line));
                self.other.push('\n');
            }
        }
    }

    /// Goes to the cell that a record names.
    fn go(&mut self, fields: &[String]) {
        let number =
            |name: char| fields.iter().find_map(|field| field.strip_prefix(name)?.parse::<u32>().ok());
        self.cell.column = number('X').map_or(self.cell.column, |column| column.saturating_sub(1));
        self.cell.row = number('Y').map_or(self.cell.row, |row| row.saturating_sub(1));
    }

    /// How a cell, or a column, is shown.
    fn shape(&mut self, fields: &[String]) {
        self.go(fields);
        let number =
            |name: char| fields.iter().find_map(|field| field.strip_prefix(name)?.parse::<u32>().ok());
        let Some(shape) = number('P').and_then(|shape| usize::try_from(shape).ok()) else { return };
        if let Some(column) = number('C') {
            self.of_columns.insert(column.saturating_sub(1), shape);
        } else {
            self.of_cells.insert((self.cell.row, self.cell.column), shape);
        }
    }

    fn cell(&mut self, fields: &[String]) {
        self.go(fields);
        for field in fields {
            let mut letters = field.chars();
            let (out, value) = match (letters.next(), letters.as_str()) {
                (Some('K'), value) => {
                    self.put(value);
                    continue;
                }
                (Some('A'), value) => (&mut self.comments, value),
                (Some('E' | 'M'), value) => (&mut self.beside, value),
                _ => continue,
            };
            out.push_str(&unescaped(value));
            out.push('\n');
        }
    }

    fn put(&mut self, value: &str) {
        let place = (self.cell.row, self.cell.column);
        let shape = self.of_cells.get(&place).or_else(|| self.of_columns.get(&self.cell.column));
        let shape = shape.and_then(|shape| self.shapes.get(*shape)).unwrap_or(&Shape::General);
        let (text, full) = match value.strip_prefix('"') {
            Some(text) => (unescaped(text.strip_suffix('"').unwrap_or(text)), None),
            None => match value.parse::<f64>() {
                Ok(number) => {
                    let shown = shape.show(number, value, false);
                    (if shown.text.is_empty() { value.to_owned() } else { shown.text }, shown.full)
                }
                Err(_) => (unescaped(value), None),
            },
        };
        for text in [Some(text), full].into_iter().flatten().filter(|text| !text.trim().is_empty()) {
            let boundary = match self.row.replace(self.cell.row) {
                None => Boundary::Block,
                Some(row) if row == self.cell.row => Boundary::Cell,
                Some(_) => Boundary::Row,
            };
            self.sink.cell(self.cell, text, boundary);
        }
    }

    fn finish(self) {
        self.sink.text(Region::Comment, self.comments, Boundary::Block);
        self.sink.text(Region::Attribute, self.beside, Boundary::Block);
        self.sink.text(Region::Hidden, self.other, Boundary::Block);
    }
}

/// The fields of a record; two semicolons are one of the text.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match fields.last_mut() {
            Some(last) if letter != ';' || letters.next_if_eq(&';').is_some() => last.push(letter),
            _ => fields.push(String::new()),
        }
    }
    fields
}

/// Marks that stand before the letter that carries them (ISO 6937, 0xC1 to 0xCF), as Unicode combines them.
const MARKS: [Option<char>; 15] = [
    Some('\u{300}'),
    Some('\u{301}'),
    Some('\u{302}'),
    Some('\u{303}'),
    Some('\u{304}'),
    Some('\u{306}'),
    Some('\u{307}'),
    Some('\u{308}'),
    None,
    Some('\u{30A}'),
    Some('\u{327}'),
    None,
    Some('\u{30B}'),
    Some('\u{328}'),
    Some('\u{30C}'),
];
/// Letters and signs of the same code that French writes.
const LETTERS: [(char, char); 14] = [
    ('!', '¡'),
    ('\'', '§'),
    ('+', '«'),
    (';', '»'),
    ('0', '°'),
    ('1', '±'),
    ('2', '²'),
    ('3', '³'),
    ('5', 'µ'),
    ('a', 'Æ'),
    ('q', 'æ'),
    ('j', 'Œ'),
    ('z', 'œ'),
    ('{', 'ß'),
];

/// Undoes the escapes of a text: `ESC N B e` is an accented letter, `ESC` and two signs a byte.
fn unescaped(text: &str) -> String {
    let mut pieces = text.split('\u{1B}');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let mut letters = piece.chars();
        let (letter, rest) = match (letters.next(), letters.next()) {
            (Some('N'), Some(mark)) => {
                let index =
                    u32::from(mark).checked_sub(u32::from('A')).and_then(|it| usize::try_from(it).ok());
                match index.and_then(|index| *MARKS.get(index)?) {
                    Some(mark) => {
                        let base = letters.next();
                        (base.map(|base| compose(base, mark).unwrap_or(base)), letters.as_str())
                    }
                    None => (
                        LETTERS.iter().find(|(code, _)| *code == mark).map(|(_, letter)| *letter),
                        letters.as_str(),
                    ),
                }
            }
            (Some(high @ ' '..='/'), Some(low @ '0'..='?')) => {
                let byte = u8::try_from((u32::from(high) & 15) << 4 | u32::from(low) & 15).unwrap_or(b' ');
                (charset::decode(&[byte], None).chars().next(), letters.as_str())
            }
            _ => (None, piece),
        };
        out.extend(letter);
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{claims, fields, unescaped};
    use crate::extract::source::Source;
    use crate::mime::Params;

    #[test]
    fn records_are_taken_apart_and_letters_are_undone() {
        assert_eq!(fields("C;X1;K\"a;;b\""), ["C", "X1", "K\"a;b\""]);
        assert_eq!(fields("E"), ["E"]);
        assert_eq!(unescaped("C\u{1B}NCot\u{1B}NBe, \u{1B}Nzil\u{1B} :\u{1B}.9\u{1B}"), "Côté, œil\né");
    }

    #[test]
    fn a_list_whose_first_column_is_an_id_is_none() {
        let is = |text: &str| {
            claims(&Source { media: Params::default(), name: None, bytes: text.as_bytes().to_vec().into() })
        };
        assert!(is("ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K\"Nom\"\r\nE\r\n"));
        assert!(is("ID;PCALCOOO32\nC;X1;Y1;K\"Nom\"\nE\n"));
        assert!(!is("ID;Prénom;Nom\n1;Rose;Morin\n"));
    }
}
