//! Text of a PDF that stands in no content stream: forms, annotations, bookmarks, links, properties, scripts, attached files.

use super::file::File;
use super::object::{Dict, Object};
use super::words;
use crate::extract::formats::flow::{Dialect, Flow};
use crate::extract::formats::{html, markup};
use crate::extract::sink::Sink;
use crate::model::{Boundary, Region};

/// Keys whose strings people write or read (ISO 32000-1, 12 and 14), and what they are.
const SAID: &[(&str, Region)] = &[
    ("V", Region::Body),
    ("DV", Region::Body),
    ("T", Region::Body),
    ("TU", Region::Body),
    ("Opt", Region::Body),
    ("Contents", Region::Comment),
    ("RC", Region::Comment),
    ("RV", Region::Body),
    ("Subj", Region::Comment),
    ("Title", Region::Property),
    ("Author", Region::Property),
    ("Subject", Region::Property),
    ("Keywords", Region::Property),
    ("URI", Region::Attribute),
    ("JS", Region::Attribute),
    ("Alt", Region::Attribute),
    ("ActualText", Region::Attribute),
    ("E", Region::Attribute),
    ("F", Region::Attribute),
    ("UF", Region::Attribute),
    ("Desc", Region::Attribute),
];

/// Puts them; whether a form or annotation said something.
pub fn read(file: &mut File<'_>, sink: &mut Sink) -> bool {
    let mut found: Vec<(Region, String)> = Vec::new();
    let mut files: Vec<(String, u32)> = Vec::new();
    let mut streams: Vec<(u32, Use)> = Vec::new();
    let information = |trailer: &Dict| match trailer.get("Info") {
        Some(Object::Ref(number)) => Some(*number),
        _ => None,
    };
    let infos: Vec<u32> = file.trailers.iter().filter_map(information).collect();
    for (number, object) in file.all() {
        if infos.contains(&number) {
            properties(file, number, object, &mut found);
        }
        gather(file, number, object, &mut found, &mut files, 0);
        streams.extend(use_of(object).map(|purpose| (number, purpose)));
        if let Some(dict) = object.dict() {
            forms(file, dict, &mut streams);
            // A form may stand in the catalogue itself.
            if let Some(form) = dict.get("AcroForm").and_then(Object::dict) {
                forms(file, form, &mut streams);
            }
        }
    }
    found.extend(super::combs::read(file).into_iter().map(|row| (Region::Body, row)));
    found.sort_by_key(|(region, _)| *region);
    found.dedup();
    let said = found.iter().any(|(region, _)| matches!(region, Region::Body | Region::Comment));
    for region in [Region::Body, Region::Comment, Region::Property, Region::Attribute] {
        let lines: Vec<&str> =
            found.iter().filter(|(kind, _)| *kind == region).map(|(_, text)| text.as_str()).collect();
        sink.text(region, lines.join("\n"), Boundary::Block);
    }
    for (number, purpose) in streams {
        let stream = file.get(number).clone();
        let Some(bytes) = file.decode_once(number, &stream, sink) else { continue };
        match purpose {
            Use::Attached => files.push((String::new(), number)),
            Use::Markup(region) => {
                let limits = sink.limits;
                let mut flow = Flow::new(Dialect::Ooxml, region, sink);
                let ending = markup::events(&bytes, limits, |token| flow.take(token));
                flow.finish();
                ending.tell_cut(sink);
            }
            Use::Text => sink.text(Region::Attribute, words(&bytes), Boundary::Block),
        }
    }
    attached(file, files, sink);
    said
}

/// Properties that a writer named as it liked (14.3.3).
fn properties(file: &File<'_>, number: u32, object: &Object, found: &mut Vec<(Region, String)>) {
    for (key, value) in object.dict().into_iter().flatten() {
        let machine = ["CreationDate", "ModDate", "Producer", "Creator"].contains(&key.as_str());
        let text = value.string().map(|bytes| words(&file.string(number, bytes))).unwrap_or_default();
        if !machine && !SAID.iter().any(|(known, _)| known == key) && text.chars().any(char::is_alphanumeric)
        {
            found.push((Region::Property, text));
        }
    }
}

/// What a stream that is no content is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Attached,
    Markup(Region),
    Text,
}

fn use_of(object: &Object) -> Option<Use> {
    let Object::Stream(dict, _) = object else { return None };
    match dict.get("Type").and_then(Object::name)? {
        "EmbeddedFile" => Some(Use::Attached),
        "Metadata" => Some(Use::Markup(Region::Property)),
        _ => None,
    }
}

/// Streams of a form in XML, and of scripts and rich text.
fn forms(file: &File<'_>, dict: &Dict, streams: &mut Vec<(u32, Use)>) {
    for (key, purpose) in
        [("XFA", Use::Markup(Region::Body)), ("JS", Use::Text), ("RC", Use::Text), ("V", Use::Text)]
    {
        match dict.get(key) {
            Some(Object::Ref(number)) => match file.get(*number) {
                Object::Stream(..) => streams.push((*number, purpose)),
                Object::Array(items) if key == "XFA" => {
                    streams.extend(items.iter().filter_map(|item| {
                        if let Object::Ref(it) = item { Some((*it, purpose)) } else { None }
                    }));
                }
                _ => {}
            },
            Some(Object::Array(items)) if key == "XFA" => {
                streams.extend(
                    items.iter().filter_map(|item| {
                        if let Object::Ref(it) = item { Some((*it, purpose)) } else { None }
                    }),
                );
            }
            _ => {}
        }
    }
}

/// Collects the strings of an object under the keys that speak.
fn gather(
    file: &File<'_>,
    number: u32,
    object: &Object,
    found: &mut Vec<(Region, String)>,
    files: &mut Vec<(String, u32)>,
    depth: u32,
) {
    if depth > 64 {
        return;
    }
    if let Object::Array(items) = object {
        items.iter().for_each(|item| gather(file, number, item, found, files, depth + 1));
    }
    let Some(dict) = object.dict() else { return };
    let clear = |value: &Object| value.string().map(|bytes| words(&file.string(number, bytes)));
    if let Some(inside) = dict.get("EF").and_then(|it| file.resolve(it).dict()) {
        let name = ["UF", "F"].iter().find_map(|key| dict.get(*key)).and_then(clear).unwrap_or_default();
        files.extend(
            inside
                .values()
                .filter_map(|it| if let Object::Ref(it) = it { Some((name.clone(), *it)) } else { None }),
        );
    }
    let label = dict.get("T").and_then(clear);
    for (key, value) in dict {
        let region = SAID.iter().find(|(known, _)| known == key).map(|(_, region)| *region);
        match (region, value) {
            (Some(region), Object::String(_)) => {
                let text = clear(value).unwrap_or_default();
                let text = match &label {
                    _ if matches!(key.as_str(), "RC" | "RV") => rich(&text),
                    Some(label) if key == "V" => format!("{label}: {text}"),
                    _ => text,
                };
                if text.chars().any(char::is_alphanumeric) {
                    found.push((region, text));
                }
            }
            (Some(region), Object::Array(items)) => {
                // A choice is one string, or a value with what is shown for it (12.7.4.4).
                let items = items.iter().flat_map(|item| match item {
                    Object::Array(pair) => pair.as_slice(),
                    one => std::slice::from_ref(one),
                });
                found.extend(items.filter_map(clear).map(|text| (region, text)));
                gather(file, number, value, found, files, depth + 1);
            }
            _ => gather(file, number, value, found, files, depth + 1),
        }
    }
}

/// The words of rich text, which is XHTML (12.7.3.4).
fn rich(text: &str) -> String {
    if text.trim_start().starts_with('<') {
        markup::without_references(&html::stripped(text))
    } else {
        text.to_owned()
    }
}

/// Puts attached files, each once.
fn attached(file: &File<'_>, mut files: Vec<(String, u32)>, sink: &mut Sink) {
    files.sort_by(|(name, number), (other, next)| number.cmp(next).then(other.cmp(name)));
    files.dedup_by_key(|(_, number)| *number);
    for (name, number) in files {
        let bytes = file.decode(number, file.get(number), sink);
        sink.child((!name.is_empty()).then_some(name), "", bytes);
    }
}
