//! PDF (ISO 32000-1 and 32000-2).
//!
//! In: bytes. Out: the text of pages, of forms, annotations, bookmarks and properties, of older revisions and pages that nothing names;
//! attached files; what is encrypted. It trusts no table of offsets and draws nothing. A file of pictures without text is told as not read.

mod content;
mod crypt;
mod file;
mod filter;
mod font;
mod object;
mod strings;
mod truetype;

use std::collections::BTreeSet;

use content::Painter;
use crypt::Lock;
use file::File;
use object::{Dict, Object};

use super::Format;
use crate::extract::second::Tool;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, ProtectionKind, Region, Strength};

/// Takes what has the mark near its start.
pub const FORMAT: Format = Format { name: "pdf", claims, read };

/// Most pages read.
const MOST_PAGES: usize = 10_000;

/// Bytes of text of a page below which another reader may see more.
const FEW_LETTERS: usize = 40;

fn claims(source: &Source<'_>) -> bool {
    let start = source.bytes.get(..source.bytes.len().min(1024)).unwrap_or_default();
    memchr::memmem::find(start, b"%PDF-").is_some()
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let mut file = File::open(&source.bytes);
    if let Some(dict) = file.trailer_value("Encrypt").and_then(Object::dict) {
        match crypt::unlock(&file, dict) {
            Lock::Open(key) => file.key = Some(key),
            Lock::Attachments(strength) => sink.hidden(ProtectionKind::Pdf, strength, false),
            Lock::Managed => return sink.hidden(ProtectionKind::Irm, Strength::Unknown, true),
            Lock::Closed(strength) => return sink.hidden(ProtectionKind::Pdf, strength, true),
        }
    }
    file.unpack_objects(sink);
    let pages = pages(&file);
    let mut painter = Painter::default();
    let (mut said, mut letters) = (false, 0usize);
    for (number, (page, resources)) in pages.iter().enumerate() {
        let text = page_text(&mut file, &mut painter, page, resources, sink);
        said |= !text.trim().is_empty();
        letters = letters.saturating_add(text.trim().len());
        sink.enter(&format!("page {}", number + 1));
        sink.text(Region::Body, text, Boundary::Block);
        sink.leave();
    }
    let resources = pages.first().map(|(_, resources)| resources.clone()).unwrap_or_default();
    let loose = loose_text(&mut file, &mut painter, &resources, sink);
    said |= !loose.trim().is_empty();
    sink.text(Region::Hidden, loose, Boundary::Block);
    said |= strings::read(&mut file, sink);
    if pages.is_empty() && !said {
        sink.ask(Tool::PdfText, &source.bytes, Some(GapReason::Malformed));
    } else if !said && file.all().any(|(_, object)| has(object, "Subtype", "Image")) {
        sink.ask(Tool::PdfOcr, &source.bytes, Some(GapReason::Unsupported));
    } else if letters < pages.len().saturating_mul(FEW_LETTERS) {
        sink.ask(Tool::PdfText, &source.bytes, None);
    }
}

fn has(object: &Object, key: &str, name: &str) -> bool {
    object.dict().and_then(|dict| dict.get(key)).and_then(Object::name) == Some(name)
}

/// The pages in order with their resources; what the tree does not name comes last.
fn pages(file: &File<'_>) -> Vec<(Dict, Dict)> {
    let mut pages = Vec::new();
    let mut seen = BTreeSet::new();
    let root = file.trailer_value("Root").and_then(Object::dict).and_then(|root| root.get("Pages")).cloned();
    let mut pending: Vec<(Object, Dict)> = root.into_iter().map(|root| (root, Dict::new())).collect();
    while let Some((node, inherited)) = pending.pop() {
        if let Object::Ref(number) = node
            && !seen.insert(number)
        {
            continue;
        }
        let Some(dict) = file.resolve(&node).dict() else { continue };
        let resources = file.value(dict, "Resources").dict().cloned().unwrap_or(inherited);
        let kids = file.value(dict, "Kids").items();
        if kids.is_empty() && pages.len() < MOST_PAGES {
            pages.push((dict.clone(), resources));
        } else {
            pending.extend(kids.iter().rev().take(MOST_PAGES).map(|kid| (kid.clone(), resources.clone())));
        }
    }
    for (number, object) in file.all() {
        if has(object, "Type", "Page") && (!seen.contains(&number) || !std::ptr::eq(object, file.get(number)))
        {
            let dict = object.dict().cloned().unwrap_or_default();
            let resources = file.value(&dict, "Resources").dict().cloned().unwrap_or_default();
            if pages.len() < MOST_PAGES {
                pages.push((dict, resources));
            }
        }
    }
    pages
}

fn page_text(
    file: &mut File<'_>,
    painter: &mut Painter,
    page: &Dict,
    resources: &Dict,
    sink: &mut Sink,
) -> String {
    let contents = page.get("Contents").cloned().unwrap_or(Object::Null);
    let streams: Vec<Object> = match &contents {
        Object::Ref(_) => match file.resolve(&contents) {
            Object::Array(items) => items.clone(),
            _ => vec![contents],
        },
        Object::Array(items) => items.clone(),
        _ => Vec::new(),
    };
    let mut content = Vec::new();
    for stream in streams {
        if let Object::Ref(number) = stream {
            let stream = file.get(number).clone();
            content.extend(file.decode_once(number, &stream, sink).unwrap_or_default());
            content.push(b'\n');
        }
    }
    painter.paint(file, &content, resources, sink);
    painter.finish()
}

/// Text of forms that no page shows, and of content that an update replaced.
fn loose_text(file: &mut File<'_>, painter: &mut Painter, resources: &Dict, sink: &mut Sink) -> String {
    let forms = file.all().filter(|(number, object)| {
        let Object::Stream(dict, range) = object else { return false };
        let replaced = !std::ptr::eq(*object, file.get(*number));
        let plain = replaced
            && !dict.contains_key("Type")
            && !dict.contains_key("Subtype")
            && !dict.contains_key("Length1");
        !file.was_decoded(range.start) && (plain || has(object, "Subtype", "Form"))
    });
    let forms: Vec<(u32, Object)> = forms.map(|(number, object)| (number, object.clone())).collect();
    for (number, form) in forms {
        let Some(content) = file.decode_once(number, &form, sink) else { continue };
        if memchr::memmem::find(&content, b"BT").is_none() && memchr::memmem::find(&content, b"Do").is_none()
        {
            continue;
        }
        let own = form.dict().and_then(|dict| file.value(dict, "Resources").dict()).cloned();
        painter.paint(file, &content, own.as_ref().unwrap_or(resources), sink);
    }
    painter.finish()
}

/// A text string (7.9.2.2): marked as UTF-16 or UTF-8, else in an encoding that is Latin for letters.
fn words(bytes: &[u8]) -> String {
    charset::decode(bytes, None)
}
