//! Worksheets of a workbook, cell by cell (ECMA-376, 18.3).
//!
//! Out: every cell with its sheet's name and its coordinates, numbers and dates as they are shown; hidden sheets, rows and columns too.
//! What stands beside the cells (headers, rules, prompts) is text of the sheet.

use crate::extract::formats::codes::without_codes;
use crate::extract::formats::markup::{self, Element, Token};
use crate::extract::formats::number::Shape;
use crate::extract::formats::zip::{Archive, Member};
use crate::extract::sink::Sink;
use crate::model::{Boundary, Cell, GapReason, Region};

use super::binary::{self, Book};
use super::relations::{Relation, folder, relations, resolved};
use super::strings::{Builder, unescaped};

/// What the sheets of a workbook share.
#[derive(Debug, Default)]
pub struct Workbook {
    /// Part and name of each sheet.
    sheets: Vec<(String, String)>,
    strings: Vec<String>,
    shapes: Vec<Shape>,
    epoch_1904: bool,
    /// Parts that were read with the workbook, in lower case.
    parts: Vec<String>,
    /// The same in binary.
    pub binary: Option<Book>,
}

impl Workbook {
    /// Whether a part is read with the workbook and not by itself.
    #[must_use]
    pub fn has(&self, part: &str) -> bool {
        self.parts.iter().any(|known| known == part)
    }

    /// Whether there is a workbook, in XML.
    #[must_use]
    pub fn is_book(&self) -> bool {
        !self.parts.is_empty() && self.binary.is_none()
    }

    /// Reads what the sheets share; empty for documents that are no workbook. Where its parts stand its relations tell, else the paths that
    /// programs use.
    pub fn open(archive: &Archive<'_>, sink: &mut Sink) -> Self {
        let mut book = Self::default();
        let Some(path) = main_part(archive, sink) else { return book };
        let Some(main) = archive.find(&path) else { return book };
        let folder = folder(&path);
        let relations = relations(archive, &path, sink);
        let of_kind = |kind: &str, usual: &str| {
            let told = relations.iter().find(|it| it.kind == kind).map(|it| resolved(folder, &it.target));
            let told = told.filter(|path| archive.find(path).is_some());
            told.unwrap_or_else(|| format!("{folder}{usual}"))
        };
        let target = |id: &str| {
            let relation = relations.iter().find(|relation| relation.id == id);
            relation.map(|relation| resolved(folder, &relation.target)).unwrap_or_default()
        };
        let ending = if path.ends_with(".bin") { ".bin" } else { ".xml" };
        let strings = of_kind("sharedStrings", &format!("sharedstrings{ending}"));
        let styles = of_kind("styles", &format!("styles{ending}"));
        if ending == ".bin" {
            let [strings_part, styles_part] = [&strings, &styles].map(|path| archive.find(path));
            book.binary = Some(binary::open(main, strings_part, styles_part, target, sink));
            book.parts = vec![strings, styles];
            return book;
        }
        // What styles say is read by itself, too.
        book.parts = vec![strings.clone()];
        let (mut sheets, mut named) = (Vec::new(), Vec::new());
        let ending = markup::events(&main.unpack(sink), sink.limits, |token| {
            if let Token::Open(element) = token {
                match element.name {
                    "sheet" => sheets.push((value(&element, "name"), value(&element, "id"))),
                    "definedName" => named.push(value(&element, "name")),
                    "workbookPr" => {
                        book.epoch_1904 = matches!(value(&element, "date1904").as_str(), "1" | "true");
                    }
                    _ => {}
                }
            }
        });
        ending.tell_cut(sink);
        for (name, id) in sheets {
            book.sheets.push((target(&id), name));
        }
        named.retain(|name| !name.starts_with("_xlnm"));
        let names: Vec<&str> = book
            .sheets
            .iter()
            .map(|(_, name)| name.as_str())
            .chain(named.iter().map(String::as_str))
            .collect();
        sink.text(Region::Property, names.join("\n"), Boundary::Block);
        book.read_strings(archive.find(&strings), sink);
        book.read_shapes(archive.find(&styles), sink);
        book
    }

    /// The number of the sheet in this part.
    #[must_use]
    pub fn number(&self, part: &str) -> Option<u32> {
        let at = self.sheets.iter().position(|(path, _)| path == part);
        let known = at.or_else(|| part.starts_with("xl/worksheets/sheet").then_some(self.sheets.len()));
        known.and_then(|at| u32::try_from(at).ok())
    }

    /// Reads a sheet, and how that ended.
    pub fn read(&self, number: u32, bytes: &[u8], sink: &mut Sink) -> markup::Ending {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        if let Some((_, name)) = self.sheets.get(index) {
            sink.enter(name);
        }
        let limits = sink.limits;
        let mut sheet = Sheet::new(self, number, sink);
        let ending = markup::events(bytes, limits, |token| sheet.take(token));
        sheet.finish();
        ending
    }

    fn read_strings(&mut self, member: Option<&Member<'_>>, sink: &mut Sink) {
        let Some(member) = member else { return };
        sink.enter(&member.name);
        let bytes = member.unpack(sink);
        let (mut builder, mut readings, mut rest) = (Builder::default(), String::new(), String::new());
        let ending = markup::events(&bytes, sink.limits, |token| match token {
            Token::Close("si") => {
                let (text, reading) = builder.finish();
                self.strings.push(text);
                readings.push_str(&reading);
            }
            Token::Aside(text) => rest.push_str(text),
            token => builder.take(&token),
        });
        rest.push_str(&builder.finish().0);
        ending.tell(sink);
        sink.text(Region::Hidden, readings, Boundary::Block);
        sink.text(Region::Hidden, rest, Boundary::Block);
        sink.leave();
    }

    fn read_shapes(&mut self, member: Option<&Member<'_>>, sink: &mut Sink) {
        let Some(member) = member else { return };
        let (mut codes, mut in_cells) = (Vec::new(), false);
        let ending = markup::events(&member.unpack(sink), sink.limits, |token| match token {
            Token::Open(element) => match element.name {
                "numFmt" => codes.push((value(&element, "numFmtId"), value(&element, "formatCode"))),
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let id = value(&element, "numFmtId");
                    let code = codes.iter().find(|(known, _)| *known == id).map(|(_, code)| Shape::of(code));
                    self.shapes.push(code.unwrap_or_else(|| Shape::built_in(id.parse().unwrap_or(0))));
                }
                _ => {}
            },
            Token::Close("cellXfs") => in_cells = false,
            Token::Close(_) | Token::Text(_) | Token::Aside(_) => {}
        });
        ending.tell_cut(sink);
    }
}

/// The path of the workbook of a package, in lower case.
fn main_part(archive: &Archive<'_>, sink: &mut Sink) -> Option<String> {
    let usual = ["xl/workbook.xml", "xl/workbook.bin"].map(str::to_owned);
    if let Some(usual) = usual.into_iter().find(|path| archive.find(path).is_some()) {
        return Some(usual);
    }
    let is_main = |relation: &Relation| relation.kind == "officeDocument";
    let told = relations(archive, "", sink).into_iter().find(is_main).map(|it| resolved("", &it.target))?;
    if ["word/document.xml", "ppt/presentation.xml"].contains(&told.as_str()) {
        return None;
    }
    let start = archive.find(&told)?.opening(LONGEST_START, sink);
    let start = start.get(..start.len().min(LONGEST_START)).unwrap_or_default();
    memchr::memmem::find(start, b"workbook").map(|_| told)
}

/// Bytes within which a part names its root.
const LONGEST_START: usize = 2048;

fn value(element: &Element<'_>, name: &str) -> String {
    element.get(name).map(std::borrow::Cow::into_owned).unwrap_or_default()
}

/// A sheet as its events come in.
struct Sheet<'a> {
    book: &'a Workbook,
    number: u32,
    sink: &'a mut Sink,
    row: u32,
    column: u32,
    /// Whether a row or sheet began, so that the next cell does not follow in a row.
    boundary: Boundary,
    kind: String,
    style: usize,
    value: String,
    inline: Builder,
    within: Within,
    /// What stands beside the cells.
    lines: String,
    codes: String,
    /// Whether a cell names a string that is not there.
    lost: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    Value,
    Formula,
    Inline,
    Aside,
}

impl<'a> Sheet<'a> {
    fn new(book: &'a Workbook, number: u32, sink: &'a mut Sink) -> Self {
        Self {
            book,
            number,
            sink,
            row: 0,
            column: 0,
            boundary: Boundary::Block,
            kind: String::new(),
            style: 0,
            value: String::new(),
            inline: Builder::default(),
            within: Within::Nothing,
            lines: String::new(),
            codes: String::new(),
            lost: false,
        }
    }

    fn take(&mut self, token: Token<'_>) {
        if self.within == Within::Inline {
            self.inline.take(&token);
        }
        match token {
            Token::Open(element) => self.begin(&element),
            Token::Close(name) => self.end(name),
            Token::Text(text) => match self.within {
                Within::Value => self.value.push_str(text),
                Within::Formula => self.codes.push_str(text),
                Within::Aside => self.lines.push_str(text),
                Within::Inline | Within::Nothing => {}
            },
            Token::Aside(text) => {
                self.lines.push_str(text);
                self.lines.push('\n');
            }
        }
    }

    fn begin(&mut self, element: &Element<'_>) {
        match element.name {
            "row" => {
                let number = element.get("r").and_then(|row| row.parse::<u32>().ok());
                self.row = number.map_or(self.row, |number| number.saturating_sub(1));
                self.column = 0;
                self.boundary = self.boundary.max(Boundary::Row);
            }
            "c" => self.begin_cell(element),
            "v" => self.within = Within::Value,
            "f" => self.within = Within::Formula,
            "is" => self.within = Within::Inline,
            "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter"
            | "formula1" | "formula2" | "formula" => self.within = Within::Aside,
            _ => self.said(element),
        }
    }

    /// Keeps what prompts, links and rules say.
    fn said(&mut self, element: &Element<'_>) {
        for (name, value) in element.attributes() {
            let filters = matches!(element.name, "filter" | "customFilter") && name == "val";
            if filters
                || matches!(
                    name,
                    "prompt" | "promptTitle" | "error" | "errorTitle" | "display" | "tooltip" | "text"
                )
            {
                self.lines.push_str(&value);
                self.lines.push('\n');
            }
        }
    }

    fn begin_cell(&mut self, element: &Element<'_>) {
        self.kind.clear();
        self.style = 0;
        self.value.clear();
        for (name, value) in element.attributes() {
            match name {
                "r" => (self.column, self.row) = coordinates(&value).unwrap_or((self.column, self.row)),
                "t" => self.kind.push_str(&value),
                "s" => self.style = value.parse().unwrap_or(0),
                _ => {}
            }
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "c" => self.end_cell(),
            "row" => self.row = self.row.saturating_add(1),
            "f" => self.codes.push('\n'),
            "is" => {
                let (text, reading) = self.inline.finish();
                self.value.push_str(&text);
                self.lines.push_str(&reading);
            }
            _ if self.within == Within::Aside => {
                let line = without_codes(&std::mem::take(&mut self.lines));
                self.lines = line;
                self.lines.push('\n');
            }
            _ => {}
        }
        if self.within != Within::Inline || name == "is" {
            self.within = Within::Nothing;
        }
    }

    fn end_cell(&mut self) {
        let value = std::mem::take(&mut self.value);
        let (text, full) = self.shown(&value);
        let cell = Cell { table: self.number, row: self.row, column: self.column };
        if !text.trim().is_empty() {
            let boundary = std::mem::replace(&mut self.boundary, Boundary::Cell);
            self.sink.cell(cell, text, boundary);
        }
        if let Some(full) = full {
            self.sink.cell(cell, full, Boundary::Cell);
        }
        self.column = self.column.saturating_add(1);
    }

    fn shown(&mut self, value: &str) -> (String, Option<String>) {
        match (self.kind.as_str(), value.trim().parse::<f64>()) {
            ("s", _) => {
                let index = value.trim().parse::<usize>().ok();
                let text = index.and_then(|index| self.book.strings.get(index)).cloned();
                self.lost |= index.is_some() && text.is_none();
                let text = text.unwrap_or_default();
                (self.shape().text(text), None)
            }
            ("" | "n", Ok(number)) => {
                let shown = self.shape().show(number, value.trim(), self.book.epoch_1904);
                let text = if shown.text.is_empty() { value.to_owned() } else { shown.text };
                (text, shown.full)
            }
            ("str", _) => (self.shape().text(unescaped(value.to_owned())), None),
            _ => (self.shape().text(value.to_owned()), None),
        }
    }

    fn shape(&self) -> &Shape {
        self.book.shapes.get(self.style).unwrap_or(&Shape::General)
    }

    fn finish(self) {
        if self.lost {
            self.sink.gap(GapReason::Malformed);
        }
        self.sink.text(Region::Body, unescaped(self.lines), Boundary::Block);
        if self.codes.contains('"') {
            let quoting: Vec<&str> = self.codes.lines().filter(|line| line.contains('"')).collect();
            self.sink.text(Region::Attribute, quoting.join("\n"), Boundary::Block);
        }
    }
}

/// Column and row of a name such as `B14`, counted from 0.
fn coordinates(name: &str) -> Option<(u32, u32)> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = name.split_at_checked(letters)?;
    let digit = |letter: u8| u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    let column = letters
        .bytes()
        .try_fold(0u32, |column, letter| column.checked_mul(26)?.checked_add(digit(letter)))?
        .checked_sub(1)?;
    Some((column, digits.parse::<u32>().ok()?.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::coordinates;

    #[test]
    fn names_of_cells_are_understood() {
        assert_eq!(coordinates("B14"), Some((1, 13)));
        assert_eq!(coordinates("AA1"), Some((26, 0)));
        assert_eq!(coordinates("B"), None);
        assert_eq!(coordinates("ZZZZZZZZZZ1"), None);
    }
}
