//! Running text of office documents: WordprocessingML, DrawingML and VML (ECMA-376), and OpenDocument (ODF 1.3) alike.
//!
//! In: events of one part. Out: paragraphs, cells of tables with coordinates, and beside them what would cut a sentence if it stood
//! in it: text boxes, hidden and deleted text, field codes, attributes. Text of an element that is not known is kept, a line each.

use std::collections::BTreeSet;

use super::markup::{self, Element, Token};
use super::said::{ends_line, is_box, is_layout, is_odf_run, is_run, is_said, symbol};
use super::table::Tables;
use crate::extract::sink::Sink;
use crate::model::{Boundary, Region};

/// Most of these inside one another that keep their text apart.
const DEEPEST: usize = 32;

/// The family of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Office Open XML.
    Ooxml,
    /// OpenDocument.
    Odf,
}

/// Gathers the text of one part.
#[derive(Debug)]
pub struct Flow<'s> {
    sink: &'s mut Sink,
    dialect: Dialect,
    region: Region,
    text: String,
    /// Texts that the open boxes interrupt.
    around: Vec<(Region, String)>,
    /// Boxes opened past the depth that is followed.
    beyond: usize,
    /// Texts of closed boxes.
    boxes: Vec<(Region, String)>,
    hidden: String,
    codes: String,
    lines: String,
    /// Text of the innermost element that is not known.
    line: String,
    attributes: BTreeSet<String>,
    tables: Tables,
    /// What the open elements do with text.
    open: Vec<Use>,
    /// Alternatives open that repeat what stands before them.
    repeats: usize,
    vanished: bool,
    /// What the cell at hand shows when it has no text of its own.
    value: String,
}

/// What an element does with text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Run,
    Deleted,
    Code,
    Layout,
    Other,
}

impl<'s> Flow<'s> {
    /// Starts on a part whose text is of this kind.
    pub fn new(dialect: Dialect, region: Region, sink: &'s mut Sink) -> Self {
        Self {
            sink,
            dialect,
            region,
            text: String::new(),
            around: Vec::new(),
            beyond: 0,
            boxes: Vec::new(),
            hidden: String::new(),
            codes: String::new(),
            lines: String::new(),
            line: String::new(),
            attributes: BTreeSet::new(),
            tables: Tables::default(),
            open: Vec::new(),
            repeats: 0,
            vanished: false,
            value: String::new(),
        }
    }

    /// Takes an event.
    pub fn take(&mut self, token: Token<'_>) {
        match token {
            Token::Open(element) => self.begin(&element),
            Token::Close(name) => self.end(name),
            Token::Text(text) => self.say(text),
            Token::Aside(text) => {
                self.hidden.push_str(text);
                self.hidden.push('\n');
            }
        }
    }

    /// Puts what is left, what interrupts sentences last.
    pub fn finish(mut self) {
        self.end_line();
        while let Some((region, text)) = self.around.pop() {
            let inner = std::mem::replace(&mut self.text, text);
            self.boxes.push((std::mem::replace(&mut self.region, region), inner));
        }
        self.flush();
        for (region, text) in std::mem::take(&mut self.boxes) {
            self.sink.text(region, text, Boundary::Block);
        }
        self.sink.text(self.region, std::mem::take(&mut self.lines), Boundary::Block);
        self.sink.text(Region::Hidden, std::mem::take(&mut self.hidden), Boundary::Block);
        self.sink.text(Region::Attribute, std::mem::take(&mut self.codes), Boundary::Block);
        let attributes: Vec<String> = std::mem::take(&mut self.attributes).into_iter().collect();
        self.sink.text(Region::Attribute, attributes.join("\n"), Boundary::Block);
    }

    fn begin(&mut self, element: &Element<'_>) {
        self.end_line();
        self.note(element);
        self.open.push(self.use_of(element.name.as_bytes()));
        match element.name.as_bytes() {
            b"tbl" | b"table" => {
                self.flush();
                self.tables.open();
            }
            b"tr" | b"table-row" => {
                self.flush();
                self.tables.row();
            }
            b"tc" | b"table-cell" | b"covered-table-cell" => {
                self.flush();
                let span = element.get("number-columns-repeated").and_then(|count| count.parse().ok());
                self.tables.cell(span.unwrap_or(1));
                let value = ["date-value", "time-value", "value"].iter().find_map(|name| element.get(name));
                self.value = value.map(std::borrow::Cow::into_owned).unwrap_or_default();
            }
            b"gridSpan" => {
                self.tables.widen(element.get("val").and_then(|count| count.parse().ok()).unwrap_or(1));
            }
            b"Fallback" => self.repeats += 1,
            b"r" => self.vanished = false,
            b"vanish" => self.vanished = !element.get("val").is_some_and(|it| it == "0" || it == "false"),
            b"tab" | b"ptab" if element.get("pos").is_none() => self.push("\t"),
            b"s" if self.dialect == Dialect::Odf => {
                let count = element.get("c").and_then(|count| count.parse().ok()).unwrap_or(1);
                self.push(&" ".repeat(count.min(100)));
            }
            b"sym" if self.dialect == Dialect::Ooxml => {
                if let Some(letter) = symbol(element) {
                    self.push(letter.encode_utf8(&mut [0; 4]));
                }
            }
            b"noBreakHyphen" => self.push("-"),
            b"fldChar" => self.codes.push('\n'),
            name if is_box(name) => self.interrupt(name),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        self.end_line();
        self.open.pop();
        match name.as_bytes() {
            b"tbl" | b"table" => {
                self.flush();
                self.tables.close();
            }
            b"tc" | b"table-cell" | b"covered-table-cell" => {
                let value = std::mem::take(&mut self.value);
                let beside = hidden_value(&value, &self.text).map(str::to_owned);
                if self.text.trim().is_empty() {
                    self.text.push_str(&value);
                }
                self.flush();
                self.text.push_str(&beside.unwrap_or_default());
                self.flush();
                self.tables.end_cell();
            }
            b"Fallback" => self.repeats = self.repeats.saturating_sub(1),
            b"r" => self.vanished = false,
            name if is_box(name) => self.resume(),
            name if ends_line(name) => self.push("\n"),
            _ => {}
        }
    }

    fn use_of(&self, name: &[u8]) -> Use {
        let inside = self.open.last().copied().unwrap_or(Use::Other);
        match (self.dialect, name) {
            _ if is_layout(name) => Use::Layout,
            (Dialect::Ooxml, b"delText") => Use::Deleted,
            (Dialect::Ooxml, b"instrText" | b"delInstrText" | b"f") => Use::Code,
            (Dialect::Ooxml, name) if is_run(name) => Use::Run,
            (Dialect::Odf, name) if is_odf_run(name) => Use::Run,
            (Dialect::Odf, name) if inside == Use::Run && !is_box(name) => Use::Run,
            _ => Use::Other,
        }
    }

    fn say(&mut self, text: &str) {
        match self.open.last().copied().unwrap_or(Use::Other) {
            Use::Run => self.push(text),
            Use::Deleted => self.hidden.push_str(text),
            Use::Code => self.codes.push_str(text),
            Use::Layout => {}
            Use::Other => self.line.push_str(text),
        }
    }

    fn push(&mut self, text: &str) {
        if self.repeats > 0 || self.vanished {
            self.hidden.push_str(text);
        } else {
            self.text.push_str(text);
        }
        if text == "\n" && !self.hidden.is_empty() && !self.hidden.ends_with('\n') {
            self.hidden.push('\n');
        }
    }

    /// Ends a line of an element that is not known.
    fn end_line(&mut self) {
        if self.line.is_empty() {
            return;
        }
        let line = self.line.trim();
        if !line.is_empty() {
            self.lines.push_str(line);
            self.lines.push('\n');
        }
        self.line.clear();
    }

    fn note(&mut self, element: &Element<'_>) {
        for (name, value) in element.attributes_as_written() {
            if !is_said(self.dialect, element, name, value) {
                continue;
            }
            let value = markup::unescaped(value);
            if value.chars().any(char::is_alphanumeric) && !self.attributes.contains(&*value) {
                self.attributes.insert(value.into_owned());
            }
        }
    }

    fn interrupt(&mut self, name: &[u8]) {
        if self.around.len() >= DEEPEST {
            self.beyond += 1;
            return;
        }
        self.around.push((self.region, std::mem::take(&mut self.text)));
        if name == b"annotation" {
            self.region = Region::Comment;
        }
    }

    fn resume(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some((region, text)) = self.around.pop() {
            let inner = std::mem::replace(&mut self.text, text);
            self.boxes.push((std::mem::replace(&mut self.region, region), inner));
        }
    }

    /// Puts the text so far where it stands.
    fn flush(&mut self) {
        let text = self.text.trim_end_matches('\n');
        if !text.trim().is_empty() {
            match self.tables.place() {
                (Some(cell), boundary) => self.sink.cell(cell, text, boundary),
                (None, boundary) => self.sink.text(self.region, text, boundary),
            }
        }
        self.text.clear();
    }
}

/// What a cell holds and its format does not show: the century of a date, the digits of what may be an identifier.
fn hidden_value<'v>(value: &'v str, shown: &str) -> Option<&'v str> {
    if shown.trim().is_empty() {
        return None;
    }
    let date = value.get(..10).filter(|date| date.get(4..5) == Some("-"));
    let year =
        date.and_then(|date| date.get(..4)).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
    if let Some(year) = year {
        return date.filter(|_| !shown.contains(year));
    }
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let whole = digits(value.split(['.', 'E']).next().unwrap_or_default());
    ((6..=15).contains(&whole.len()) && !digits(shown).contains(&whole) && !value.contains('.'))
        .then_some(value)
}
