//! What is read of sample files, against the text written down beside each of them.
//!
//! `tests/formats/<format>/<sample>` has its expected reading in `<sample>.expected`. A difference is written to
//! `<sample>.failed`; `UPDATE=1 cargo test formats` accepts it. Every sample was invented for this test, but for those of
//! `ole`, whose origin stands beside them. Those of `rar` and `7z` were written by the crates that read them.

mod aside;
mod beneath;
mod bombs;
mod containers;
mod costly;
mod damage;
mod disguised;
pub mod documents;
mod laws;
mod lossless;
mod margins;
mod media;
mod mutants;
pub mod packages;
mod spreadsheets;
mod within;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use vaguemestre::extract::formats;
use vaguemestre::inspect::read_file;
use vaguemestre::model::{Limits, Reading, Strength};

/// A reading in lines that a person can check.
pub fn shown(reading: &Reading) -> String {
    let mut out = String::new();
    for segment in &reading.segments {
        let place = &segment.place;
        let inner = place.inner.as_ref().map_or("", |inner| inner.reveal());
        let text = segment.text.reveal().replace('\n', "⏎");
        writeln!(out, "{} {:?} {:?} {inner} | {text}", place.part, segment.region, segment.boundary).unwrap();
    }
    for gap in &reading.gaps {
        writeln!(out, "{} gap {}", gap.place.part, gap.reason.name()).unwrap();
    }
    for protection in &reading.protections {
        let whole = if protection.whole { " whole" } else { "" };
        let strength = match protection.strength {
            Strength::Weak => " weak",
            Strength::Unknown => "",
            Strength::Strong => " strong",
        };
        writeln!(out, "{} protection {}{strength}{whole}", protection.place.part, protection.kind.name())
            .unwrap();
    }
    out
}

/// The text of a reading, one segment a line.
pub fn text(reading: &Reading) -> String {
    reading.segments.iter().map(|segment| segment.text.reveal()).collect::<Vec<_>>().join("\n")
}

#[test]
fn samples_give_the_reading_written_beside_them() {
    let mut failures = Vec::new();
    for sample in samples() {
        let name = sample.file_name().unwrap().to_str().unwrap();
        let actual = shown(&read_file(name, &fs::read(&sample).unwrap(), &Limits::default()));
        let golden = beside(&sample, "expected");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&golden, &actual).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if actual != expected {
            fs::write(beside(&sample, "failed"), &actual).unwrap();
            let at = actual.lines().zip(expected.lines()).position(|(a, b)| a != b).unwrap_or(0);
            let line = |text: &str| text.lines().nth(at).unwrap_or("").to_owned();
            failures.push(format!("{name} line {}:\n- {}\n+ {}", at + 1, line(&expected), line(&actual)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_format_has_a_sample() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    for format in formats().chain(["message"]) {
        let folder = root.join(format);
        assert!(folder.is_dir() && fs::read_dir(&folder).unwrap().count() >= 2, "no sample for {format}");
    }
}

pub fn samples() -> Vec<PathBuf> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats"))
}

/// The files in the folders of a folder, without what was written beside them.
fn files(root: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let mut samples: Vec<PathBuf> = files
        .filter(|path| {
            !["expected", "failed", "md"].iter().any(|end| path.extension().is_some_and(|it| it == *end))
        })
        .collect();
    samples.sort();
    samples
}

fn beside(sample: &Path, extension: &str) -> PathBuf {
    let mut name = sample.file_name().unwrap().to_owned();
    name.push(format!(".{extension}"));
    sample.with_file_name(name)
}
