//! Spreadsheets in the Data Interchange Format (`.dif`; Software Arts, 1980; compiled by us, 2026-11, by what Excel and LibreOffice write):
//! two lines a cell, behind a header of three lines a topic.
//!
//! In: text. Out: cells with their coordinates; what the header says beside them.

use std::str::Lines;

use super::Format;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, Cell, Region};

/// Takes text that opens with its first topic.
pub const FORMAT: Format = Format { behind: false, name: "dif", claims, read };

fn claims(source: &Source<'_>) -> bool {
    let opening = source.opening(32);
    let mut lines = opening.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.next() == Some(b"table") && lines.next() == Some(b"0,1")
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let text = source.text();
    let mut lines = text.lines();
    let said = header(&mut lines);
    sink.text(Region::Property, said, Boundary::Block);
    let (mut cell, mut rows) = (Cell { table: 0, row: 0, column: 0 }, 0u32);
    let mut begins = true;
    while let Some((kind, number)) = lines.next().map(|line| line.split_once(',').unwrap_or((line, ""))) {
        let value = value(&mut lines);
        match (kind.trim(), value.as_str()) {
            ("-1", "EOD") => break,
            ("-1", _) => {
                cell = Cell { row: rows, column: 0, ..cell };
                rows = rows.saturating_add(1);
                begins = true;
                continue;
            }
            // A number, unless the second line tells that it is none.
            ("0", "V" | "") => put(cell, number, &mut begins, sink),
            (_, value) => put(cell, value, &mut begins, sink),
        }
        cell.column = cell.column.saturating_add(1);
    }
    let rest: Vec<&str> = lines.collect();
    sink.text(Region::Hidden, rest.join("\n"), Boundary::Block);
}

/// What the topics before the cells say: the title of the table, labels of its rows and columns.
fn header(lines: &mut Lines<'_>) -> String {
    let mut said = String::new();
    while let Some(topic) = lines.next().map(str::trim) {
        lines.next();
        let value = value(lines);
        if topic == "DATA" {
            break;
        }
        if value.chars().any(char::is_alphanumeric) {
            said.push_str(&value);
            said.push('\n');
        }
    }
    said
}

/// A word, or a text in quotation marks, which may hold ends of lines; two marks are one of the text.
fn value(lines: &mut Lines<'_>) -> String {
    let line = lines.next().unwrap_or_default();
    let Some(text) = line.strip_prefix('"') else { return line.trim().to_owned() };
    let mut out = String::new();
    let (mut rest, mut marks) = (text, 0);
    loop {
        out.push_str(rest);
        marks += rest.matches('"').count();
        // The closing mark makes their number odd: those of the text come in pairs.
        if marks % 2 == 1 {
            break;
        }
        match lines.next() {
            Some(line) => rest = line,
            None => break,
        }
        out.push('\n');
    }
    let text = out.trim_end();
    text.strip_suffix('"').unwrap_or(text).replace("\"\"", "\"")
}

fn put(cell: Cell, text: &str, begins: &mut bool, sink: &mut Sink) {
    let boundary = match (std::mem::take(begins), cell.row) {
        (false, _) => Boundary::Cell,
        (true, 0) => Boundary::Block,
        (true, _) => Boundary::Row,
    };
    sink.cell(cell, text, boundary);
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn a_text_runs_to_the_mark_that_closes_it() {
        let shown = |text: &str| value(&mut text.lines());
        assert_eq!(shown("\"Julie \"\"J\"\" Roy\"\nV"), "Julie \"J\" Roy");
        assert_eq!(shown("\"Roy,\nJulie\"\nV"), "Roy,\nJulie");
        assert_eq!(shown("\"\"\nV"), "");
        assert_eq!(shown("BOT"), "BOT");
        assert_eq!(shown("\"sans fin"), "sans fin");
    }
}
