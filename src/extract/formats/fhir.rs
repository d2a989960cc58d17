//! FHIR resources, JSON and XML, one or many (HL7 FHIR R4: Patient, Person, RelatedPerson, Bundle; read 2026-11 from its
//! field names, compiled by us).
//!
//! Out: one table for each person, the rest of a resource as lines `path: value`, narratives as text, attached data as
//! children. Profiles and terminologies are none of its business.

use super::fields::{ADDRESS, FULL_NAME, Fields, GIVEN, PHONE, SURNAME};
use super::tree::{Node, join};
use super::{Format, narrative, pasted};
use crate::extract::sink::Sink;
use crate::extract::source::Source;

/// Takes what claims to be FHIR, and JSON or XML that names what every resource has.
pub const FORMAT: Format =
    Format { behind: false, name: "fhir", claims, read: |source, sink| pasted::read(source.text(), sink) };

const MEDIAS: &[&str] = &[
    "application/fhir+json",
    "application/fhir+xml",
    "application/fhir+ndjson",
    "application/json+fhir",
    "application/xml+fhir",
];
/// What a resource has in JSON, and in XML with either kind of quotes.
pub const MARK_JSON: &[u8] = b"\"resourceType\"";
pub const MARKS_XML: [&[u8]; 2] = [b"=\"http://hl7.org/fhir\"", b"='http://hl7.org/fhir'"];

fn claims(source: &Source<'_>) -> bool {
    let has = |mark: &[u8]| memchr::memmem::find(&source.bytes, mark).is_some();
    let (json, xml) = match source.opening(1).first() {
        Some(b'{' | b'[') => (has(MARK_JSON), false),
        Some(b'<') => (false, MARKS_XML.into_iter().any(has)),
        _ => (false, false),
    };
    json || xml || source.claims(MEDIAS, &[])
}

/// Resources that are a person. Those who give care are not what a resource is about.
const PERSONS: [&str; 3] = ["Patient", "Person", "RelatedPerson"];
/// Where a resource names the patient in passing.
const SUBJECTS: [&str; 4] = ["subject.display", "patient.display", "beneficiary.display", "for.display"];

/// The type of a resource: a key in JSON, the element's name in XML.
#[must_use]
pub fn resource_type(node: &Node) -> Option<String> {
    let named = node.value_of("resourceType");
    let name = if named.is_empty() { node.name.as_str() } else { named };
    name.starts_with(|first: char| first.is_ascii_uppercase()).then(|| name.to_owned())
}

/// Puts a resource, or whatever holds some.
pub fn put(mut node: Node, sink: &mut Sink) {
    let kind = resource_type(&node).unwrap_or_default();
    if PERSONS.contains(&kind.as_str()) {
        person(&mut node, &kind).put(sink);
    }
    let mut rest = Rest { lines: String::new(), nested: Vec::new(), kind: &kind, sink };
    if is_attachment(&node) {
        rest.attachment(&mut node);
    }
    if !node.text.is_empty() {
        rest.lines.push_str(&node.text);
    }
    rest.take(node.children, "");
    let Rest { lines, nested, sink, .. } = rest;
    sink.named(&kind, lines);
    for node in nested {
        put(node, sink);
    }
}

/// What is left of a resource once its person is told.
struct Rest<'a> {
    lines: String,
    nested: Vec<Node>,
    kind: &'a str,
    sink: &'a mut Sink,
}

impl Rest<'_> {
    fn take(&mut self, children: Vec<Node>, path: &str) {
        for mut child in children {
            let here = join(path, &child.name);
            if resource_type(&child).is_some() {
                self.nested.push(child);
            } else if child.name == "div" {
                self.narrative(&child);
            } else if child.name == "contact" && child.all("name").any(is_human) {
                person(&mut child, &format!("{}.contact", self.kind)).put(self.sink);
                self.take(child.children, &here);
            } else if is_attachment(&child) {
                self.attachment(&mut child);
                self.take(child.children, &here);
            } else {
                self.line(&here, &child.text);
                self.take(child.children, &here);
            }
        }
    }

    fn line(&mut self, path: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let path = path.strip_suffix(".value").unwrap_or(path);
        let label = if SUBJECTS.iter().any(|end| path.ends_with(end)) { "Usager" } else { path };
        self.lines.push_str(&format!("{label}: {text}\n"));
    }

    /// Markup in a string, or elements.
    fn narrative(&mut self, div: &Node) {
        if div.children.iter().all(|child| child.name.starts_with('@'))
            && div.text.trim_start().starts_with('<')
        {
            self.sink.child(None, "text/html; charset=utf-8", div.text.clone().into_bytes());
        } else {
            narrative::put(div, &format!("{}.text", self.kind), self.sink);
        }
    }

    /// Data in base64, taken out of the node.
    fn attachment(&mut self, node: &mut Node) {
        let data: Vec<Node> = node.children.extract_if(.., |child| child.name == "data").collect();
        let (media, title) = (node.value_of("contentType"), node.value_of("title"));
        let title = (!title.is_empty()).then(|| title.to_owned());
        for data in data {
            self.sink.encoded_child(title.clone(), media, data.value().as_bytes());
        }
    }
}

fn is_attachment(node: &Node) -> bool {
    node.all("data").next().is_some() && node.all("contentType").next().is_some()
}

fn is_human(name: &Node) -> bool {
    ["family", "given"].iter().any(|part| name.all(part).next().is_some())
}

/// Takes the fields of a person out of a resource.
fn person(node: &mut Node, kind: &str) -> Fields {
    let mut fields = Fields::default();
    for child in std::mem::take(&mut node.children) {
        let place = format!("{kind}.{}", child.name);
        match child.name.as_str() {
            "identifier" => identifier(&child, &place, &mut fields),
            "name" => name(&child, &place, &mut fields),
            "birthDate" => {
                fields.birth(&place, child.value());
                others(&child, &place, &["@value"], &mut fields);
            }
            "telecom" => {
                fields.add(PHONE, &place, child.value_of("value"));
                others(&child, &place, &["value"], &mut fields);
            }
            "address" => {
                let mut lines = Vec::new();
                child.leaves("", &mut |_, text| lines.push(text.to_owned()));
                fields.add(ADDRESS, &place, lines.join(", "));
            }
            _ => node.children.push(child),
        }
    }
    fields
}

fn identifier(node: &Node, place: &str, fields: &mut Fields) {
    let codes = node.all("type").flat_map(|kind| kind.all("coding")).map(|coding| coding.value_of("code"));
    let kind = codes.last().unwrap_or_default();
    fields.identifier(place, kind, node.value_of("system"), node.value_of("value"));
    others(node, place, &["value"], fields);
}

/// Family name and first given name; further ones, prefixes and uses stand apart.
fn name(node: &Node, place: &str, fields: &mut Fields) {
    let (family, given) = (node.value_of("family"), node.value_of("given"));
    let whole = if node.text.is_empty() { node.value_of("text") } else { &node.text };
    if family.is_empty() && given.is_empty() {
        fields.add(FULL_NAME, place, whole);
        return others(node, place, &["text"], fields);
    }
    fields.add(SURNAME, place, family);
    fields.add(GIVEN, place, given);
    others(node, place, &["family", "given"], fields);
}

/// Every text of a node but the first of these children.
fn others(node: &Node, place: &str, known: &[&str], fields: &mut Fields) {
    let mut known = known.to_vec();
    for child in &node.children {
        if let Some(at) = known.iter().position(|name| *name == child.name) {
            known.remove(at);
            let attributes = child.children.iter().filter(|attribute| attribute.name != "@value");
            attributes
                .for_each(|attribute| attribute.leaves(place, &mut |path, text| fields.other(path, text)));
        } else {
            child.leaves(&join(place, &child.name), &mut |path, text| fields.other(path, text));
        }
    }
}
