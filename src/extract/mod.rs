//! Floor 2: parts to segments, gaps and protections, under a budget.
//!
//! In: a message or a file. Out: all text in it with its place, and what was not read. It refuses to know who the mail is for.
//! The formats that are read are listed in `formats`; every other one is a gap, never clean.
//!
//! Formats that are told by their first bytes are foreign: a worker process reads them (`Reader::walk`, `sandbox`), since their parsers, ours
//! and others', are many and large. So are large texts, since a process can be ended and a step in this one cannot. Messages, HTML and every textual format, HL7, FHIR and CDA among them, are read in process, for three
//! reasons: they are told by what they say and not by a mark, so that telling them is reading them; a mail's own body is one of them, and
//! its reading must not hang on a process that may not start; and their readers are small, iterative or bounded in depth (`tree`), budgeted,
//! run on a stack of 256 KB in the tests, and a panic in them costs one part (`Reader::crashed`).

mod budget;
mod endian;
mod foreign;
mod formats;
mod headed;
mod header;
mod kind;
mod media;
mod parts;
mod reader;
mod second;
mod sink;
mod source;

pub use foreign::{Foreign, Progress, Task, Walked};
pub use reader::Reader;
pub use second::{Second, SecondReading, Tool};

use crate::model::Limits;

/// Names of the formats that are read.
pub fn formats() -> impl Iterator<Item = &'static str> {
    formats::FILES.iter().chain(formats::FORMATS).map(|format| format.name)
}

/// Reads arbitrary bytes as an HTML page, for fuzzing: no input may panic, hang or recurse.
pub fn fuzz_html(bytes: &[u8]) {
    let limits = Limits { bytes: 1 << 20, depth: 4, parts: 50, fuel: 10 << 20, ..Limits::default() };
    let mut reader = Reader::file("page.html", bytes, &limits);
    while reader.step() {}
    let _ = reader.finish();
}

/// Reads arbitrary bytes as a file of any format, for fuzzing: no input may panic, hang, recurse or blow up.
pub fn fuzz_files(bytes: &[u8]) {
    let limits = Limits { bytes: 4 << 20, depth: 4, parts: 50, fuel: 20 << 20, ..Limits::default() };
    let mut reader = Reader::file("a", bytes, &limits);
    while reader.step() {}
    let _ = reader.finish();
}

/// Reads arbitrary bytes as every textual format, for fuzzing: no input may panic, hang, recurse or lose a letter.
pub fn fuzz_records(bytes: &[u8]) {
    let limits = Limits { bytes: 1 << 20, depth: 4, parts: 50, fuel: 10 << 20, ..Limits::default() };
    for name in ["message.hl7", "patient.json", "document.xml", "a.txt", "a.csv", "a.ics", "a.vcf"] {
        let mut reader = Reader::file(name, bytes, &limits);
        while reader.step() {}
        let _ = reader.finish();
    }
}

/// Reads arbitrary bytes as what pictures, sounds, films and forms say beside what they show, by the reader that their first byte names, for
/// fuzzing: a whole file would keep most bytes from most readers. No input may panic, hang, recurse or blow up.
pub fn fuzz_media(bytes: &[u8]) {
    let [which, bytes @ ..] = bytes else { return };
    let limits = Limits { bytes: 4 << 20, member: 4 << 20, parts: 50, fuel: 20 << 20, ..Limits::default() };
    let mut sink = sink::Sink::new(crate::model::Place::default(), true, budget::Budget::new(&limits));
    sink.limits = limits;
    match which % 10 {
        0 => drop(media::parses(bytes)),
        1 => drop(headed::headed(bytes)),
        which => formats::fuzz_beside(which, bytes, &mut sink),
    }
    sink.close();
}

/// Reads arbitrary bytes by the format, or as the part of a file, that their first two bytes name, for fuzzing: what a file opens with would
/// keep most bytes from most readers. No input may panic, hang, recurse or blow up.
pub fn fuzz_readers(bytes: &[u8]) {
    let [kind, number, bytes @ ..] = bytes else { return };
    let limits = Limits { bytes: 4 << 20, member: 4 << 20, parts: 50, fuel: 20 << 20, ..Limits::default() };
    let mut sink = sink::Sink::new(crate::model::Place::default(), true, budget::Budget::new(&limits));
    sink.limits = limits;
    if kind & 1 == 0 {
        formats::fuzz_format(*number, bytes, &mut sink);
    } else {
        formats::fuzz_part(*number, bytes, &mut sink);
    }
    sink.close();
}
