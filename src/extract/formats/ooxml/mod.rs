//! Office Open XML: docx, xlsx, pptx and their templates (ECMA-376, ISO/IEC 29500; element names compiled by us, 2026-11).
//!
//! Every part of the package is read, not only those that a main part names: documents carry comments, notes, headers, drawings, charts,
//! properties, other revisions. What is not XML becomes a file inside.

mod binary;
mod fonts;
mod layout;
mod pieces;
mod relations;
mod sheet;
mod strings;
mod xps;

use super::flow::{Dialect, Flow};
use super::zip::{self, Archive, Member};
use super::{Format, encoded, markup, sweep};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, Region};

/// Takes archives with the list of types that a package has.
pub const FORMAT: Format = Format { behind: false, name: "ooxml", claims, read };

fn claims(source: &Source<'_>) -> bool {
    Archive::is(&source.bytes, |archive| {
        archive.find("[Content_Types].xml").is_some()
            || ["[Content_Types].xml/[", "word/document", "xl/workbook", "ppt/presentation"]
                .iter()
                .any(|start| archive.has(start))
    })
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let archive = Archive::open(&source.bytes);
    archive.tell(sink);
    let mut parts: Vec<(u8, &Member<'_>)> = archive.members.iter().map(|it| (rank(&it.name), it)).collect();
    parts.sort_by_key(|(rank, _)| *rank);
    let locked =
        parts.iter().filter(|(_, member)| member.encrypted.is_some()).map(|(_, member)| *member).collect();
    zip::put(locked, sink);
    let workbook = sheet::Workbook::open(&archive, sink);
    for (_, member) in parts {
        if member.encrypted.is_none() && !member.is_folder() && !pieces::is(member) {
            part(member, &archive, &workbook, sink);
        }
    }
    pieces::each(&archive, sink, |name, bytes, sink| put(name, bytes, &archive, &workbook, sink));
    archive.put_asides(sink);
}

/// Main text first, then what stands around it, properties last.
fn rank(name: &str) -> u8 {
    let name = name.to_ascii_lowercase();
    let numbered = |start: &str| name.starts_with(start);
    match name.as_str() {
        "word/document.xml" => 0,
        _ if numbered("xl/worksheets/sheet") || numbered("ppt/slides/slide") => 1,
        _ if numbered("word/") || numbered("xl/") || numbered("ppt/") => 2,
        _ if name.ends_with(".rels") => 4,
        _ => 3,
    }
}

/// What programs keep beside a document: settings of printers, an index, what was thrown away (ECMA-376-2, 10.2.7).
const BESIDE: &[&str] = &["/printersettings/", "xl/worksheets/binaryindex", "[trash]/", "xl/calcchain.bin"];

fn part(member: &Member<'_>, archive: &Archive<'_>, workbook: &sheet::Workbook, sink: &mut Sink) {
    if workbook.has(&member.name.to_ascii_lowercase()) {
        return;
    }
    sink.enter(&member.name);
    let bytes = member.unpack(sink);
    put(&member.name, bytes, archive, workbook, sink);
}

/// Puts what a part of this path says.
fn put(path: &str, bytes: Vec<u8>, archive: &Archive<'_>, workbook: &sheet::Workbook, sink: &mut Sink) {
    let name = path.to_ascii_lowercase();
    let file = name.rsplit('/').next().unwrap_or_default();
    sink.enter(path);
    if layout::read(&name, &bytes, archive, sink) {
        return sink.leave();
    }
    if name.ends_with(".fpage") && layout::is_markup(&bytes) {
        xps::read(&bytes, sink).tell(sink);
        return sink.leave();
    }
    let named = [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end));
    let markup = named && layout::is_markup(&bytes) || bytes.starts_with(b"<?xml");
    if !markup && super::named(path, &bytes).is_none() {
        if BESIDE.iter().any(|beside| name.contains(beside)) {
            sink.text(Region::Hidden, sweep::words(&bytes), Boundary::Block);
            return sink.leave();
        }
        if let Some(book) =
            workbook.binary.as_ref().filter(|_| name.starts_with("xl/") && name.ends_with(".bin"))
        {
            book.read(&name, &bytes, sink);
            return sink.leave();
        }
    }
    if !markup {
        sink.leave();
        let bytes = if name.ends_with(".odttf") { fonts::clear(bytes, archive, sink) } else { bytes };
        return sink.child(Some(path.to_owned()), "", bytes);
    }
    let ending = if name.ends_with(".rels") {
        links(&bytes, sink)
    } else if let Some(number) = workbook.number(&name) {
        workbook.read(number, &bytes, sink)
    } else {
        if name.starts_with("customxml/") {
            layout::values(&bytes, sink);
        }
        let limits = sink.limits;
        let mut flow = Flow::new(Dialect::Ooxml, region(&name, file), sink);
        // Spreadsheets write line ends as `_x000a_` (ECMA-376, 22.9.2.19), other documents do not.
        let escapes = workbook.is_book();
        let ending = markup::events(&bytes, limits, |token| match token {
            markup::Token::Text(text) if escapes && text.contains("_x") => {
                flow.take(markup::Token::Text(&strings::unescaped(text.to_owned())));
            }
            token => flow.take(token),
        });
        flow.finish();
        encoded::put(&bytes, sink);
        ending
    };
    ending.tell(sink);
    sink.leave();
}

/// What kind of text a part holds.
fn region(name: &str, file: &str) -> Region {
    match name {
        _ if name.starts_with("docprops/") || name.starts_with("customxml/") => Region::Property,
        _ if name.contains("comment") || file.starts_with("people") => Region::Comment,
        _ => Region::Body,
    }
}

/// Targets outside the package: links. What an element says is kept.
fn links(bytes: &[u8], sink: &mut Sink) -> markup::Ending {
    if memchr::memmem::find(bytes, b"TargetMode").is_none() && markup::mute(bytes, sink.limits).is_some() {
        return markup::Ending::Whole;
    }
    let mut targets = String::new();
    let mut said = String::new();
    let ending = markup::events(bytes, sink.limits, |token| match token {
        markup::Token::Open(element)
            if element.get("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external")) =>
        {
            targets.push_str(&element.get("Target").unwrap_or_default());
            targets.push('\n');
        }
        // There is none where programs write.
        markup::Token::Text(text) | markup::Token::Aside(text) => said.push_str(text),
        _ => {}
    });
    sink.text(Region::Attribute, targets, Boundary::Block);
    sink.text(Region::Hidden, said, Boundary::Block);
    ending
}

/// Reads bytes as parts of packages, for fuzzing.
pub fn fuzz(which: u8, bytes: &[u8], sink: &mut Sink) {
    let limits = sink.limits;
    match which % 4 {
        0 => binary::fuzz(bytes, sink),
        2 => xps::read(bytes, sink).tell(sink),
        1 => sheet::Workbook::default().read(0, bytes, sink).tell(sink),
        _ => {
            let mut flow = Flow::new(Dialect::Ooxml, Region::Body, sink);
            let ending = markup::events(bytes, limits, |token| flow.take(token));
            flow.finish();
            ending.tell(sink);
        }
    }
}
