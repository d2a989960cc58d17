//! Workbooks in one XML file, as Excel 2002 and 2003 wrote them (Microsoft's XML Spreadsheet Reference): cells with their coordinates,
//! shown by their number formats.

use std::collections::BTreeMap;

use super::codes::without_codes;
use super::markup::{self, Element, Token};
use super::number::Shape;
use super::{Format, flat};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, Cell, Region};

/// Takes XML with their root.
pub const FORMAT: Format = Format { behind: false, name: "workbook", claims, read };

fn claims(source: &Source<'_>) -> bool {
    let opening = source.opening(4096);
    let Some(root) = flat::root(&opening) else { return false };
    [b"<workbook".as_slice(), b"<ss:workbook"].iter().any(|start| root.starts_with(start))
        && memchr::memmem::find(root, b"urn:schemas-microsoft-com:office:spreadsheet").is_some()
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let limits = sink.limits;
    let mut book = Book::new(sink);
    let ending = markup::events(&source.bytes, limits, |token| book.take(token));
    book.finish();
    ending.tell(sink);
}

/// What the open elements do with text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Lines,
    Data,
    Comment,
}

struct Book<'s> {
    sink: &'s mut Sink,
    shapes: BTreeMap<String, Shape>,
    /// The style that is being declared.
    style: String,
    /// The sheet at hand.
    cell: Cell,
    sheets: u32,
    boundary: Boundary,
    /// The style and the kind of the cell at hand.
    of_cell: (String, String),
    /// How many columns more it takes.
    merged: u32,
    within: Within,
    value: String,
    comments: String,
    lines: String,
    attributes: String,
}

impl<'s> Book<'s> {
    fn new(sink: &'s mut Sink) -> Self {
        Self {
            sink,
            shapes: BTreeMap::new(),
            style: String::new(),
            cell: Cell { table: 0, row: 0, column: 0 },
            sheets: 0,
            boundary: Boundary::Block,
            of_cell: (String::new(), String::new()),
            merged: 0,
            within: Within::Lines,
            value: String::new(),
            comments: String::new(),
            lines: String::new(),
            attributes: String::new(),
        }
    }

    fn take(&mut self, token: Token<'_>) {
        match token {
            Token::Open(element) => self.begin(&element),
            Token::Close(name) => self.end(name),
            Token::Text(text) => match self.within {
                Within::Data => self.value.push_str(text),
                Within::Comment => self.comments.push_str(text),
                Within::Lines => self.lines.push_str(text),
            },
            Token::Aside(text) => {
                self.lines.push_str(text);
                self.lines.push('\n');
            }
        }
    }

    fn begin(&mut self, element: &Element<'_>) {
        let value = |name| element.get(name).map(std::borrow::Cow::into_owned).unwrap_or_default();
        let index = || {
            element.get("Index").and_then(|index| index.parse::<u32>().ok()).and_then(|it| it.checked_sub(1))
        };
        match element.name {
            "Style" => self.style = value("ID"),
            "NumberFormat" => {
                self.shapes.insert(self.style.clone(), Shape::of(code(&value("Format"))));
            }
            "Worksheet" => {
                let name = value("Name");
                self.sink.enter(&name);
                self.lines.push_str(&format!("{name}\n"));
                self.cell = Cell { table: self.sheets, row: 0, column: 0 };
                self.sheets = self.sheets.saturating_add(1);
                self.boundary = Boundary::Block;
            }
            "Row" => {
                self.cell.row = index().unwrap_or(self.cell.row);
                self.cell.column = 0;
                self.boundary = self.boundary.max(Boundary::Row);
            }
            "Cell" => {
                self.cell.column = index().unwrap_or(self.cell.column);
                self.of_cell.0 = value("StyleID");
                self.merged = value("MergeAcross").parse().unwrap_or(0);
                self.said(element, &["HRef", "HRefScreenTip"]);
            }
            "Data" if self.within == Within::Lines => {
                self.of_cell.1 = value("Type");
                self.within = Within::Data;
            }
            "Comment" => {
                self.said(element, &["Author"]);
                self.within = Within::Comment;
            }
            "NamedRange" => self.said(element, &["Name"]),
            "Header" | "Footer" => {
                self.attributes.push_str(&without_codes(&value("Data")));
                self.attributes.push('\n');
            }
            _ => {}
        }
    }

    fn said(&mut self, element: &Element<'_>, names: &[&str]) {
        for value in names.iter().filter_map(|name| element.get(name)) {
            self.attributes.push_str(&value);
            self.attributes.push('\n');
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "Data" if self.within == Within::Data => {
                self.within = Within::Lines;
                self.put();
            }
            "Comment" => {
                self.within = Within::Lines;
                self.comments.push('\n');
            }
            "Cell" => self.cell.column = self.cell.column.saturating_add(1).saturating_add(self.merged),
            "Row" => self.cell.row = self.cell.row.saturating_add(1),
            "Worksheet" => self.sink.leave(),
            _ if self.within == Within::Lines && !self.lines.ends_with('\n') => self.lines.push('\n'),
            _ => {}
        }
    }

    fn put(&mut self) {
        let value = std::mem::take(&mut self.value);
        let (style, kind) = &self.of_cell;
        let shape = self.shapes.get(style).unwrap_or(&Shape::General);
        let number = if kind == "Number" { value.trim().parse::<f64>().ok() } else { None };
        let (text, full) = match number {
            Some(number) => {
                let shown = shape.show(number, value.trim(), false);
                (if shown.text.is_empty() { value } else { shown.text }, shown.full)
            }
            // Dates are written in full, with a time of day that says nothing at midnight.
            None if kind == "DateTime" => {
                (value.trim().trim_end_matches("T00:00:00.000").replace('T', " "), None)
            }
            None => (shape.text(value), None),
        };
        for text in [Some(text), full].into_iter().flatten().filter(|text| !text.trim().is_empty()) {
            let boundary = std::mem::replace(&mut self.boundary, Boundary::Cell);
            self.sink.cell(self.cell, text, boundary);
        }
    }

    fn finish(self) {
        self.sink.leave();
        self.sink.text(Region::Body, self.lines, Boundary::Block);
        self.sink.text(Region::Comment, self.comments, Boundary::Block);
        self.sink.text(Region::Attribute, self.attributes, Boundary::Block);
    }
}

/// The code of a format that has a name.
fn code(name: &str) -> &str {
    match name {
        "General Number" | "Yes/No" | "True/False" | "On/Off" => "General",
        "Fixed" => "0.00",
        "Standard" => "#,##0.00",
        "Percent" => "0.00%",
        "Currency" | "Euro Currency" => "$#,##0.00",
        "Scientific" => "0.00E+00",
        "General Date" => "yyyy-mm-dd h:mm",
        "Short Date" | "Medium Date" | "Long Date" => "yyyy-mm-dd",
        "Short Time" | "Medium Time" | "Long Time" => "h:mm:ss",
        code => code,
    }
}
