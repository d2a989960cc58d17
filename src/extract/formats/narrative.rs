//! The text of a health document that people read: paragraphs, lists and tables in markup (CDA R2, 4.3.5; FHIR `Narrative`).

use super::tree::Node;
use crate::extract::sink::Sink;
use crate::model::{Boundary, Cell};

/// Elements that end a line.
const BLOCKS: [&str; 14] =
    ["paragraph", "p", "div", "item", "list", "li", "ul", "ol", "br", "caption", "title", "h1", "h2", "h3"];

/// Puts a narrative under the name of the section that holds it; attributes come after, lest they part words.
pub fn put(node: &Node, inner: &str, sink: &mut Sink) {
    let mut text = String::new();
    visit(node, inner, &mut text, sink);
    sink.named(inner, text);
    let mut attributes = String::new();
    gather_attributes(node, &mut attributes);
    sink.named(inner, attributes);
}

fn gather_attributes(node: &Node, out: &mut String) {
    for child in &node.children {
        if child.name.starts_with('@') {
            out.push_str(&format!("{}: {}\n", child.name.trim_start_matches('@'), child.text));
        }
        gather_attributes(child, out);
    }
}

fn visit(node: &Node, inner: &str, text: &mut String, sink: &mut Sink) {
    if node.name == "table" {
        sink.named(inner, std::mem::take(text));
        return put_table(node, inner, sink);
    }
    let block = BLOCKS.contains(&node.name.as_str());
    if block && !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&node.text);
    for child in node.children.iter().filter(|child| !child.name.starts_with('@')) {
        visit(child, inner, text, sink);
    }
    if block {
        text.push('\n');
    }
}

fn put_table(table: &Node, inner: &str, sink: &mut Sink) {
    let mut rows = Vec::new();
    collect_rows(table, &mut rows);
    let number = sink.record();
    for (row, cells) in (0u32..).zip(rows) {
        if cells.name != "tr" && !cells.name.starts_with('@') {
            sink.named(inner, cells.text.as_str());
        }
        let mut column = 0;
        for cell in &cells.children {
            let text = text_of(cell);
            if cell.name.starts_with('@') {
                continue;
            }
            let boundary = match (row, column) {
                (0, 0) => Boundary::Block,
                (_, 0) => Boundary::Row,
                _ => Boundary::Cell,
            };
            sink.field(Cell { table: number, row, column }, inner, text, boundary);
            column += 1;
        }
    }
}

/// The rows of a table, whatever groups them.
fn collect_rows<'n>(node: &'n Node, rows: &mut Vec<&'n Node>) {
    for child in &node.children {
        if child.name == "tr" || !child.text.is_empty() {
            rows.push(child);
        } else {
            collect_rows(child, rows);
        }
    }
}

fn text_of(node: &Node) -> String {
    let mut all = Vec::new();
    gather_text(node, &mut all);
    all.join(" ")
}

fn gather_text<'n>(node: &'n Node, all: &mut Vec<&'n str>) {
    all.extend(Some(node.text.as_str()).filter(|text| !text.trim().is_empty()));
    for child in node.children.iter().filter(|child| !child.name.starts_with('@')) {
        gather_text(child, all);
    }
}
