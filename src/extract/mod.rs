//! Floor 2: parts to segments, gaps and protections, under a budget.
//!
//! In: a message or a file. Out: all text in it with its place, and what was not read. It refuses to know who the mail is for.
//! The formats that are read are listed in `formats`; every other one is a gap, never clean.

mod budget;
mod foreign;
mod formats;
mod header;
mod kind;
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
