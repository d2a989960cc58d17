//! Health records in a text: the whole of it, or pasted between sentences. What stands around them stays text, and so
//! does what only looks like a record.

use super::tree::{self, Node};
use super::{cda, fhir, hl7};
use crate::extract::sink::Sink;
use crate::model::{Boundary, Region};

/// Records that may fail to parse before the rest is taken as it stands: each costs a look at what follows.
const MOST_FAILURES: usize = 8;
/// How far before its mark a record may open, in bytes.
const REACH: usize = 2048;

/// Whether nothing in a text may be a record.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    marks(text).is_empty()
}

/// What a record seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Hl7,
    Json,
    FhirXml,
    Cda,
}

/// Puts a text, with the records in it read by their own rules.
pub fn read(text: String, sink: &mut Sink) {
    let (mut at, mut failures) = (0, 0);
    for (mark, kind) in marks(&text) {
        if mark < at || failures >= MOST_FAILURES {
            continue;
        }
        let found = match kind {
            Kind::Hl7 => hl7::opens(&text, mark).then_some((mark, Record::Hl7)),
            Kind::Json | Kind::FhirXml | Kind::Cda => {
                let found = parsed(&text, at, mark, kind);
                failures += usize::from(found.is_none());
                found
            }
        };
        let Some((start, record)) = found else { continue };
        sink.text(Region::Body, text.get(at..start).unwrap_or_default(), Boundary::Block);
        at = match record {
            Record::Hl7 => hl7::put(&text, start, sink),
            Record::Fhir(node, length) => {
                fhir::put(node, sink);
                start + length
            }
            Record::Cda(node, length) => {
                cda::put(node, sink);
                start + length
            }
        };
    }
    if at == 0 {
        sink.text(Region::Body, text, Boundary::Block);
    } else {
        sink.text(Region::Body, text.get(at..).unwrap_or_default(), Boundary::Block);
    }
}

/// A record that reads as one.
enum Record {
    Hl7,
    Fhir(Node, usize),
    Cda(Node, usize),
}

/// Every place that may be in a record, in order.
fn marks(text: &str) -> Vec<(usize, Kind)> {
    let [double, single] = fhir::MARKS_XML;
    let words: [(&[u8], Kind); 8] = [
        (b"MSH", Kind::Hl7),
        (b"FHS", Kind::Hl7),
        (b"BHS", Kind::Hl7),
        (b"PID|", Kind::Hl7),
        (fhir::MARK_JSON, Kind::Json),
        (double, Kind::FhirXml),
        (single, Kind::FhirXml),
        (cda::MARK, Kind::Cda),
    ];
    let all = |(word, kind): (&'static [u8], Kind)| {
        memchr::memmem::find_iter(text.as_bytes(), word).map(move |at| (at, kind)).collect::<Vec<_>>()
    };
    let mut marks: Vec<(usize, Kind)> = words.into_iter().flat_map(all).collect();
    marks.sort_unstable_by_key(|(at, _)| *at);
    marks
}

/// The record around a mark, not before `floor`: what it opens with is looked for backwards.
fn parsed(text: &str, floor: usize, mark: usize, kind: Kind) -> Option<(usize, Record)> {
    let from = text.ceil_char_boundary(floor.max(mark.saturating_sub(REACH)));
    let before = text.get(from..mark)?;
    if kind == Kind::Json {
        return openings(before, from).find_map(|start| {
            let (node, length) = tree::json(text.get(start..)?)?;
            (start + length > mark).then_some((start, Record::Fhir(node, length)))
        });
    }
    let start = from + before.rfind('<')?;
    let (node, length) = tree::xml(text.get(start..)?)?;
    match kind {
        Kind::Cda => (node.name == "ClinicalDocument").then_some((start, Record::Cda(node, length))),
        _ => fhir::resource_type(&node).is_some().then_some((start, Record::Fhir(node, length))),
    }
}

/// Where a JSON text around a mark may open: at the start of everything, at the start of a line, right before the mark.
fn openings(before: &str, from: usize) -> impl Iterator<Item = usize> {
    let opens = |at: &usize| before.get(*at..).is_some_and(|rest| rest.starts_with(['{', '[']));
    let first = before.find(|c: char| !c.is_whitespace()).filter(opens);
    let line = before.rfind("\n{").or_else(|| before.rfind("\n[")).map(|at| at + 1);
    let last = before.rfind('{');
    first.into_iter().chain(line).chain(last).map(move |at| from + at)
}
