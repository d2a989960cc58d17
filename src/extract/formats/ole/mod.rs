//! Compound documents: Word, Excel and PowerPoint of before 2007, Outlook messages, and objects inside others ([MS-DOC], [MS-XLS],
//! [MS-PPT], [MS-OXMSG], [MS-OLEPS], [MS-OFFCRYPTO]; field offsets compiled by us, 2026-11).
//!
//! Each storage is read by what it holds; what nobody knows is swept for words and told as not read.

mod compound;
mod doc;
mod keyed;
mod msg;
mod opened;
mod ppt;
mod properties;
mod vba;
mod xls;

use compound::{Compound, Stream};

use super::{Format, behind, named, sweep};
use crate::extract::endian::{long, short};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, ProtectionKind, Region, Strength};

/// Takes compound files.
pub const FORMAT: Format = Format { behind: false, name: "ole", claims, read };

fn claims(source: &Source<'_>) -> bool {
    compound::is_compound(&source.bytes) || xls::is_bare(&source.bytes)
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    if xls::is_bare(&source.bytes) {
        xls::read(&source.bytes, sink);
        return;
    }
    let Some(file) = Compound::open(&source.bytes) else {
        sink.text(Region::Hidden, sweep::words(&source.bytes), Boundary::Block);
        return sink.gap(GapReason::Malformed);
    };
    let mut known = false;
    if let Some((kind, strength)) = encrypted(&file) {
        let opened = if kind == ProtectionKind::Office { opened::open(&file, sink) } else { None };
        let Some(content) = opened else {
            behind::put(file.behind(), sink);
            return sink.hidden(kind, strength, true);
        };
        // What programs open by themselves is told as encrypted, and so that no policy counts on it.
        sink.protection(kind, Strength::Weak, false);
        sink.child(None, "", content);
        known = true;
    }
    known |= msg::read(&file, sink);
    for storage in file.storages() {
        known |= read_storage(&file, storage, sink);
    }
    if !known {
        for stream in file.streams.iter().filter(|stream| is_machine(&stream.name.to_ascii_lowercase())) {
            sink.text(Region::Hidden, sweep::words(&file.read(stream)), Boundary::Block);
        }
        sink.gap(if file.streams.is_empty() { GapReason::Malformed } else { GapReason::Unsupported });
    }
    // Programs leave sectors there that nothing uses any more.
    behind::put(file.behind(), sink);
    let free = file.free().into_iter().map(sweep::long).collect::<String>();
    sink.text(Region::Hidden, free, Boundary::Block);
    if let Some((found, wanted)) = file.damage() {
        sink.damaged(found, wanted);
    }
    if file.is_overdrawn() {
        sink.gap(GapReason::TooCostly);
    }
}

/// Reads what a storage holds; whether it is known.
fn read_storage(file: &Compound<'_>, storage: &str, sink: &mut Sink) -> bool {
    if !storage.is_empty() {
        sink.enter(storage.trim_end_matches('/'));
    }
    let find = |name: &str| file.find(storage, name);
    let known = if let Some(main) = find("WordDocument") {
        doc::read(file, storage, main, sink)
    } else if let Some(book) = find("Workbook").or_else(|| find("Book")) {
        xls::read(&file.read(book), sink)
    } else if let Some(slides) = find("PowerPoint Document") {
        ppt::read(file, storage, slides, sink)
    } else if storage.to_ascii_uppercase().ends_with("VBA/") {
        macros(file, storage, sink);
        true
    } else {
        false
    };
    let mut embedded = false;
    for stream in file.streams_in(storage) {
        embedded |= beside(file, stream, sink);
    }
    sink.leave();
    known || embedded
}

/// The source of macros.
fn macros(file: &Compound<'_>, storage: &str, sink: &mut Sink) {
    for stream in file.streams_in(storage) {
        let Some((source, whole)) = vba::source(&file.read(stream)) else { continue };
        sink.text(Region::Hidden, source, Boundary::Block);
        if !whole {
            sink.gap(GapReason::Malformed);
        }
    }
}

/// Properties and embedded objects beside a document; whether it was an object.
fn beside(file: &Compound<'_>, stream: &Stream, sink: &mut Sink) -> bool {
    let name = stream.name.to_ascii_lowercase();
    match name.as_str() {
        "\u{5}summaryinformation" | "\u{5}documentsummaryinformation" => {
            let (text, whole) = properties::read(&file.read(stream));
            sink.text(Region::Property, text, Boundary::Block);
            if !whole {
                sink.gap(GapReason::Malformed);
            }
            false
        }
        "\u{1}ole10native" => {
            let bytes = file.read(stream);
            let (name, content) = package(&bytes);
            let copy = sink.unpack(content, content.len());
            sink.child(name, "", copy);
            true
        }
        "package" | "contents" | "embeddedodf" => {
            let bytes = file.read(stream);
            let copy = sink.unpack(bytes.as_slice(), bytes.len());
            sink.child(None, "", copy);
            true
        }
        // A formula: its letters are swept.
        "equation native" => {
            sink.text(Region::Hidden, sweep::words(&file.read(stream)), Boundary::Block);
            true
        }
        // What a pivot table keeps of the cells that it was made of.
        _ if stream.storage.to_ascii_uppercase().ends_with("_SX_DB_CUR/") => {
            sink.text(Region::Hidden, xls::cached(&file.read(stream)), Boundary::Block);
            false
        }
        // What forms of Word offer, among pictures.
        "data" => {
            sink.text(Region::Hidden, sweep::long(&file.read(stream)), Boundary::Block);
            false
        }
        name if is_machine(name) || stream.storage.starts_with('\u{6}') => false,
        // What nobody here knows may be a file, whatever it is called, or say something.
        _ => {
            let bytes = file.read(stream);
            let is_file = named(&stream.name, &bytes).is_some();
            if is_file {
                let copy = sink.unpack(bytes.as_slice(), bytes.len());
                sink.child(None, "", copy);
            } else {
                sink.text(Region::Hidden, sweep::words(&bytes), Boundary::Block);
            }
            is_file
        }
    }
}

/// Streams that are read elsewhere, or that programs write for programs: pictures, layout, packed macros, and how an object looks.
fn is_machine(name: &str) -> bool {
    MACHINE.contains(&name) || ["__", "\u{2}", "\u{3}"].iter().any(|start| name.starts_with(start))
}

/// Their names in lower case.
const MACHINE: &[&str] = &[
    "worddocument",
    "workbook",
    "book",
    "powerpoint document",
    "current user",
    "0table",
    "1table",
    "data",
    "pictures",
    "\u{1}compobj",
    "\u{1}ole",
    "\u{1}ole10fmtprogid",
    "dir",
    "project",
    "projectwm",
    "_vba_project",
    "encryptedpackage",
    "encryptioninfo",
    "encryptedsummary",
];

/// Name and content of an embedded file ([MS-OLEDS], 2.3.6): label, path, temporary path, content.
#[must_use]
pub fn package(bytes: &[u8]) -> (Option<String>, &[u8]) {
    let parse = || {
        let label_end = 6 + memchr::memchr(0, bytes.get(6..)?)?;
        let path_end = label_end + 1 + memchr::memchr(0, bytes.get(label_end + 1..)?)?;
        let length = long(bytes, path_end + 5)?;
        let start = path_end.checked_add(9)?.checked_add(length)?;
        let size = long(bytes, start)?;
        let content = bytes.get(start + 4..start.checked_add(4)?.checked_add(size)?)?;
        Some((Some(charset::decode(bytes.get(6..label_end)?, None)), content))
    };
    parse().unwrap_or((None, bytes.get(4..).unwrap_or_default()))
}

/// A document that is encrypted as a whole ([MS-OFFCRYPTO], 2.1.1 and 2.2).
fn encrypted(file: &Compound<'_>) -> Option<(ProtectionKind, Strength)> {
    let managed = |stream: &&Stream| {
        stream.storage.contains("DRMEncrypted")
            || stream.name.contains("DRMContent")
            || stream.storage.contains("DRMTransform")
    };
    let package = file.streams.iter().any(|stream| stream.name == "EncryptedPackage");
    if file.streams.iter().any(|stream| managed(&stream)) {
        return Some((ProtectionKind::Irm, Strength::Unknown));
    }
    if package {
        let info = file.find("", "EncryptionInfo").map(|stream| file.read(stream)).unwrap_or_default();
        return Some((ProtectionKind::Office, strength(&info)));
    }
    let summary = file.streams.iter().any(|stream| stream.name == "EncryptedSummary");
    summary.then_some((ProtectionKind::Office, Strength::Unknown))
}

/// By the version and, for the CryptoAPI, by the flags and the size of the key ([MS-OFFCRYPTO], 2.3.2, 2.3.4.5 and 2.3.4.10): agile or
/// with AES stands, RC4 of 40 bits (or of no stated size, which means 40) does not.
fn strength(info: &[u8]) -> Strength {
    let agile = short(info, 0) == Some(4) && short(info, 2) == Some(4);
    let aes = long(info, 4).is_some_and(|flags| flags & 0x20 != 0);
    let rc4 = long(info, 4).is_some_and(|flags| flags & 4 != 0);
    match long(info, 28) {
        _ if agile || aes => Strength::Strong,
        Some(..=40) if rc4 => Strength::Weak,
        _ => Strength::Unknown,
    }
}

/// Reads bytes as what compound files hold, for fuzzing.
pub fn fuzz(which: u8, bytes: &[u8], sink: &mut Sink) {
    match which % 4 {
        0 => {
            xls::read(bytes, sink);
        }
        1 => sink.text(Region::Hidden, vba::source(bytes).unwrap_or_default().0, Boundary::Block),
        2 => sink.text(Region::Property, properties::read(bytes).0, Boundary::Block),
        _ => sink.text(Region::Hidden, sweep::words(package(bytes).1), Boundary::Block),
    }
}
