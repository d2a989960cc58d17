//! `vaguemestre extract`: the text seen in a file, and what could not be read.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;

use super::scan::Format;
use crate::config;
use crate::model::{GapReason, Place, Protection, ProtectionKind, Reading, Region, Share, Strength};
use crate::sandbox::{Program, Workers};

/// Print the text seen in a file and what could not be read. The text is printed in clear.
#[derive(Debug, Args)]
pub struct Extract {
    /// Any file: a message (.eml), an attachment.
    file: PathBuf,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The JSON of the extract contract.
#[derive(Debug, Serialize)]
struct Extracted<'a> {
    text: String,
    verdict: &'static str,
    protections: Vec<&'static str>,
    protected: Vec<Protected<'a>>,
    errors: Vec<Unread<'a>>,
    segments: Vec<Piece<'a>>,
}

/// A protection in full.
#[derive(Debug, Serialize)]
struct Protected<'a> {
    kind: ProtectionKind,
    strength: Strength,
    part: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    inner: Option<&'a str>,
    #[serde(rename = "for", skip_serializing_if = "Vec::is_empty")]
    readers: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct Unread<'a> {
    part: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    inner: Option<&'a str>,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<Share>,
}

#[derive(Debug, Serialize)]
struct Piece<'a> {
    part: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    inner: Option<&'a str>,
    region: Region,
    text: &'a str,
}

impl Extract {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let settings = config::load(config)?;
        let bytes =
            std::fs::read(&self.file).with_context(|| format!("{} cannot be read", self.file.display()))?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let reading = Workers::new(Program::this(), &settings).read_file(&name, &bytes)?;
        let mut out = stdout().lock();
        match self.format {
            Format::Json => serde_json::to_writer(&mut out, &Extracted::new(&reading))?,
            Format::Text => write!(out, "{}", text(&reading))?,
        }
        writeln!(out)?;
        for gap in reading.gaps.iter().filter(|_| self.format == Format::Text) {
            eprintln!("not read: part {} ({})", gap.place.part, gap.reason.name());
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl<'a> Extracted<'a> {
    fn new(reading: &'a Reading) -> Self {
        let piece = |segment: &'a crate::model::Segment| Piece {
            part: &segment.place.part,
            inner: inner(&segment.place),
            region: segment.region,
            text: segment.text.reveal(),
        };
        Self {
            text: text(reading),
            verdict: verdict(reading),
            protections: reading.protections.iter().map(|protection| protection.kind.name()).collect(),
            protected: reading.protections.iter().map(protected).collect(),
            errors: reading
                .gaps
                .iter()
                .map(|gap| Unread {
                    part: &gap.place.part,
                    inner: inner(&gap.place),
                    reason: gap.reason.name(),
                    share: gap.share,
                })
                .collect(),
            segments: reading.segments.iter().map(piece).collect(),
        }
    }
}

fn inner(place: &Place) -> Option<&str> {
    place.inner.as_ref().map(|inner| inner.reveal())
}

fn protected(protection: &Protection) -> Protected<'_> {
    Protected {
        kind: protection.kind,
        strength: protection.strength,
        part: &protection.place.part,
        inner: inner(&protection.place),
        readers: protection.readers.iter().map(|reader| reader.reveal()).collect(),
    }
}

/// All text in reading order; what was rearranged for detection is printed as its file has it.
fn text(reading: &Reading) -> String {
    let mut texts: Vec<&str> = Vec::new();
    let mut segments = reading.segments.as_slice();
    for run in &reading.written {
        let done = reading.segments.len() - segments.len();
        let (before, rest) = segments.split_at(run.first.saturating_sub(done).min(segments.len()));
        texts.extend(before.iter().map(|segment| segment.text.reveal()));
        texts.push(run.text.reveal());
        segments = rest.get(run.count..).unwrap_or_default();
    }
    texts.extend(segments.iter().map(|segment| segment.text.reveal()));
    texts.join("\n")
}

fn verdict(reading: &Reading) -> &'static str {
    let encrypted =
        !reading.protections.is_empty() || reading.gaps.iter().any(|gap| gap.reason == GapReason::Encrypted);
    match (encrypted, reading.gaps.is_empty(), reading.segments.is_empty()) {
        (true, _, true) => "encrypted",
        (true, _, false) | (false, false, false) => "partial",
        (false, true, _) => "ok",
        (false, false, true) => "unscannable",
    }
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::inspect::read_file;
    use crate::model::Limits;

    /// Contract: "the extracted text, in reading order".
    #[test]
    fn tables_and_records_are_printed_as_their_file_has_them() {
        let mail = "Subject: liste\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
                    --b\nContent-Type: text/csv; name=a.csv\n\nNom,NAM,\n\"Roy, Léa\",\"ROYL 0412 1925\",3\n\
                    --b\n\nBonjour\nMSH|^~\\&|A|B\nPID|1||549381^^^HSJ^MR||ROY^LEA^^^^U\n--b--\n";
        let printed = text(&read_file("a.eml", mail.as_bytes(), &Limits::default()));
        let expected = "liste\na.csv\nNom,NAM,\n\"Roy, Léa\",\"ROYL 0412 1925\",3\nBonjour\n\nMSH|^~\\&|A|B\nPID|1||549381^^^HSJ^MR||ROY^LEA^^^^U";
        assert_eq!(printed.trim_end(), expected);
    }
}
