//! Detection, from text to findings, with the rules that ship.

mod births;
mod categories;
mod documents;
mod generated;
mod held_out;
mod lists;
mod local;
mod local_by_hand;
mod metamorphic;
mod mutated;
mod mutated_rules;
mod names;
mod nams;
mod persons;
mod public;
mod real;
mod references;
mod roles;
mod rules;
mod speed;
mod tables;
mod told;
mod unseen;

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use jiff::civil::date;
use vaguemestre::detect::{Context, Detection, Detectors, detect};
use vaguemestre::model::{Boundary, Cell, Finding, Kind, Masked, Place, Region, Segment};

/// Months in French, shortened.
pub const SHORT: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."];

/// The rules that ship.
pub fn detectors() -> &'static Detectors {
    static DETECTORS: OnceLock<Detectors> = OnceLock::new();
    DETECTORS.get_or_init(|| {
        let (patterns, lexicons) = shipped();
        Detectors::compile(&patterns, &lexicons).unwrap_or_else(|errors| panic!("{errors}"))
    })
}

/// Files as (name, text).
pub type Files = Vec<(String, String)>;

/// The rule files and word lists that ship.
pub fn shipped() -> (Files, Files) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns");
    (files(&root, "toml"), files(&root.join("lexicons"), "txt"))
}

/// The files of a folder with an ending, by name.
pub fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|other| other == ending));
    let mut files: Vec<_> = paths
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// What a message of 2026-01-15 with this body holds.
pub fn read(text: &str) -> Detection {
    read_all(&[segment(text, Region::Body, None, Boundary::Part)])
}

/// What these segments hold.
pub fn read_all(segments: &[Segment]) -> Detection {
    let context =
        Context { date: date(2026, 1, 15), sender: None, recipients: Vec::new(), display_names: Vec::new() };
    detect(detectors(), segments, &context)
}

pub fn segment(text: &str, region: Region, cell: Option<Cell>, boundary: Boundary) -> Segment {
    let place = Place { part: "1".to_owned(), ..Place::default() };
    Segment { place, region, cell, text: Masked::new(text), offset: 0, boundary }
}

/// A table of one part, first row first.
pub fn table(rows: &[&[&str]]) -> Vec<Segment> {
    let mut segments = Vec::new();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells.iter()) {
            let boundary = match (row, column) {
                (0, 0) => Boundary::Part,
                (_, 0) => Boundary::Row,
                _ => Boundary::Cell,
            };
            segments.push(segment(text, Region::Cell, Some(Cell { table: 0, row, column }), boundary));
        }
    }
    segments
}

/// Findings of a kind, as value and confidence.
pub fn of(detection: &Detection, kind: Kind) -> Vec<&Finding> {
    detection.findings.iter().filter(|finding| finding.kind == kind).collect()
}

/// Whether it names or numbers someone, an account or a secret: words on health or staff alone tell nothing of a person.
pub fn identifies(kind: Kind) -> bool {
    let topics = [
        Kind::HealthTermCluster,
        Kind::Hr,
        Kind::Finance,
        Kind::Strategic,
        Kind::Legal,
        Kind::Crisis,
        Kind::PollLink,
        Kind::ConsultationLink,
    ];
    !topics.contains(&kind)
}
