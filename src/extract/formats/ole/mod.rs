//! Compound documents: Word, Excel and PowerPoint of before 2007, Outlook messages, and objects inside others ([MS-DOC], [MS-XLS],
//! [MS-PPT], [MS-OXMSG], [MS-OLEPS], [MS-OFFCRYPTO]; field offsets compiled by us, 2026-11).
//!
//! Each storage is read by what it holds; what nobody knows is swept for words and told as not read.

mod compound;
mod doc;
mod msg;
mod ppt;
mod properties;
mod xls;

use std::collections::BTreeSet;

use compound::{Compound, Stream};

use super::{Format, little};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, ProtectionKind, Region, Strength};
use little::{long, short};

/// Takes compound files.
pub const FORMAT: Format =
    Format { name: "ole", claims: |source| compound::is_compound(&source.bytes), read };

fn read(source: &Source<'_>, sink: &mut Sink) {
    let Some(file) = Compound::open(&source.bytes) else {
        sink.text(Region::Hidden, sweep(&source.bytes), Boundary::Block);
        return sink.gap(GapReason::Malformed);
    };
    if let Some((kind, strength)) = encrypted(&file) {
        return sink.hidden(kind, strength, true);
    }
    let storages: BTreeSet<&str> = file.streams.iter().map(|stream| stream.storage.as_str()).collect();
    let mut known = msg::read(&file, sink);
    for storage in storages {
        known |= read_storage(&file, storage, sink);
    }
    if !known {
        for stream in &file.streams {
            sink.text(Region::Hidden, sweep(&file.read(stream)), Boundary::Block);
        }
        sink.gap(if file.streams.is_empty() { GapReason::Malformed } else { GapReason::Unsupported });
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
    } else {
        false
    };
    for stream in file.streams.iter().filter(|stream| stream.storage == storage) {
        beside(file, stream, sink);
    }
    sink.leave();
    known
}

/// Properties and embedded objects beside a document.
fn beside(file: &Compound<'_>, stream: &Stream, sink: &mut Sink) {
    let name = stream.name.to_ascii_lowercase();
    match name.as_str() {
        "\u{5}summaryinformation" | "\u{5}documentsummaryinformation" => {
            sink.text(Region::Property, properties::read(&file.read(stream)), Boundary::Block);
        }
        "\u{1}ole10native" => {
            let bytes = file.read(stream);
            let (name, content) = package(&bytes);
            let copy = sink.unpack(content, content.len());
            sink.child(name, "", copy);
        }
        "package" | "contents" | "embeddedodf" => {
            let bytes = file.read(stream);
            let copy = sink.unpack(bytes.as_slice(), bytes.len());
            sink.child(None, "", copy);
        }
        _ => {}
    }
}

/// Name and content of an embedded file ([MS-OLEDS], 2.3.6): label, path, temporary path, content.
fn package(bytes: &[u8]) -> (Option<String>, &[u8]) {
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
        // Agile, or standard with AES; else the RC4 of CryptoAPI.
        let strong = short(&info, 0) == Some(4) && short(&info, 2) == Some(4)
            || long(&info, 4).is_some_and(|flags| flags & 0x20 != 0);
        return Some((ProtectionKind::Office, if strong { Strength::Strong } else { Strength::Unknown }));
    }
    let summary = file.streams.iter().any(|stream| stream.name == "EncryptedSummary");
    summary.then_some((ProtectionKind::Office, Strength::Unknown))
}

/// Words in bytes of unknown structure: runs of printable characters, in one byte or two.
fn sweep(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut run = Vec::new();
    let mut flush = |run: &mut Vec<u8>| {
        if run.len() >= 6 {
            out.push_str(&charset::decode(run, Some("windows-1252")));
            out.push('\n');
        }
        run.clear();
    };
    for byte in bytes {
        if matches!(byte, 0x20..=0x7E | 0xC0..=0xFF | b'\t') { run.push(*byte) } else { flush(&mut run) }
    }
    flush(&mut run);
    let mut wide_run: Vec<u16> = Vec::new();
    let mut flush = |run: &mut Vec<u16>| {
        if run.len() >= 4 {
            out.push_str(&String::from_utf16_lossy(run));
            out.push('\n');
        }
        run.clear();
    };
    for pair in bytes.as_chunks::<2>().0 {
        let unit = u16::from_le_bytes(*pair);
        if matches!(unit, 0x20..=0x7E | 0xC0..=0x17F) { wide_run.push(unit) } else { flush(&mut wide_run) }
    }
    flush(&mut wide_run);
    out
}
