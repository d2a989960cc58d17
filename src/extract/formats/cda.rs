//! Clinical documents (HL7 CDA R2 and C-CDA; element names compiled by us, 2026-11).
//!
//! Out: one table for each `patientRole` and guardian, narratives as text and tables, the rest as lines `path: value`.

use super::fields::{ADDRESS, FULL_NAME, Fields, GIVEN, PHONE, SURNAME};
use super::tree::{Node, join};
use super::{Format, narrative, pasted};
use crate::extract::sink::Sink;
use crate::extract::source::Source;

/// Takes XML that names a clinical document near its start.
pub const FORMAT: Format =
    Format { behind: false, name: "cda", claims, read: |source, sink| pasted::read(source.text(), sink) };

/// The root of a document.
pub const MARK: &[u8] = b"ClinicalDocument";

fn claims(source: &Source<'_>) -> bool {
    let start = source.bytes.get(..source.bytes.len().min(8192)).unwrap_or_default();
    source.opening(1) == b"<" && memchr::memmem::find(start, MARK).is_some()
}

/// Puts a document.
pub fn put(node: Node, sink: &mut Sink) {
    let mut lines = String::new();
    take(node, "", &mut lines, sink);
    sink.named("ClinicalDocument", lines);
}

fn take(node: Node, path: &str, lines: &mut String, sink: &mut Sink) {
    let here = join(path, &node.name);
    // A body or a value of any name (HL7 version 3, ED).
    if node.value_of("@representation") == "B64" && !node.text.trim().is_empty() {
        return sink.encoded_child(None, node.value_of("@mediaType"), node.text.as_bytes());
    }
    if !node.text.is_empty() {
        lines.push_str(&format!("{here}: {}\n", node.text));
    }
    match node.name.as_str() {
        "patientRole" | "guardian" => {
            let node = record(node, sink);
            node.children.into_iter().for_each(|child| take(child, &here, lines, sink));
        }
        "text" if !node.children.is_empty() => {
            sink.named("ClinicalDocument", std::mem::take(lines));
            narrative::put(&node, "section.text", sink);
        }
        _ => node.children.into_iter().for_each(|child| take(child, &here, lines, sink)),
    }
}

/// Puts what identifies the person of a role; gives back the rest.
fn record(mut role: Node, sink: &mut Sink) -> Node {
    let (mut fields, place) = (Fields::default(), role.name.clone());
    let mut rest = Vec::new();
    for child in std::mem::take(&mut role.children) {
        match child.name.as_str() {
            "id" => {
                fields.identifier(
                    &join(&place, "id"),
                    "",
                    child.value_of("@root"),
                    child.value_of("@extension"),
                );
                others(&child, &join(&place, "id"), &["@extension"], &mut fields);
            }
            "telecom" => {
                let number = child.value_of("@value");
                fields.add(PHONE, &join(&place, "telecom"), number);
                others(&child, &join(&place, "telecom"), &["@value"], &mut fields);
            }
            "addr" => {
                let mut lines = Vec::new();
                child.leaves("", &mut |_, text| lines.push(text.to_owned()));
                fields.add(ADDRESS, &join(&place, "addr"), lines.join(", "));
            }
            "patient" | "guardianPerson" => rest.push(person(child, &mut fields)),
            _ => rest.push(child),
        }
    }
    fields.put(sink);
    Node { children: rest, ..role }
}

/// Takes name and birth out of a person.
fn person(mut node: Node, fields: &mut Fields) -> Node {
    let base = node.name.clone();
    for child in std::mem::take(&mut node.children) {
        let place = join(&base, &child.name);
        match child.name.as_str() {
            "name" if child.children.iter().any(|part| part.name == "family" || part.name == "given") => {
                fields.add(SURNAME, &place, child.value_of("family"));
                fields.add(GIVEN, &place, child.value_of("given"));
                others(&child, &place, &["family", "given"], fields);
            }
            "name" => {
                fields.add(FULL_NAME, &place, child.text.as_str());
                others(&child, &place, &[], fields);
            }
            "birthTime" => {
                fields.birth(&place, child.value());
                others(&child, &place, &["@value"], fields);
            }
            _ => node.children.push(child),
        }
    }
    node
}

/// Every text of a node but the first of these children.
fn others(node: &Node, place: &str, known: &[&str], fields: &mut Fields) {
    let mut known = known.to_vec();
    for child in &node.children {
        if let Some(at) = known.iter().position(|name| *name == child.name) {
            known.remove(at);
            child
                .children
                .iter()
                .for_each(|part| part.leaves(place, &mut |path, text| fields.other(path, text)));
        } else {
            child.leaves(&join(place, &child.name), &mut |path, text| fields.other(path, text));
        }
    }
}
