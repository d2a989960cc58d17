//! How fast files are read, format by format, in this process. `cargo bench --bench extraction [-- --folder FOLDER]`.
//!
//! Each figure is that of the best of several runs by the wall clock, in MB/s of the file as it is sent. Without a folder the files are
//! made here, far more regular than people's; with one, the files of each of its folders are read as one. Bars are those of the issue;
//! `pdftotext` runs beside when it is installed.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, clippy::print_stdout, clippy::format_push_string)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use vaguemestre::inspect::read_file;
use vaguemestre::model::Limits;

/// Bars of issue 4, in MB/s.
const BARS: &[(&str, f64)] =
    &[("html", 200.0), ("docx", 60.0), ("xlsx", 60.0), ("pptx", 60.0), ("pdf", 20.0)];
/// How long a format is measured.
const SPENT: Duration = Duration::from_millis(1500);

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let folder =
        arguments.iter().position(|argument| argument == "--folder").and_then(|at| arguments.get(at + 1));
    for (format, files) in folder.map_or_else(made, |folder| found(Path::new(folder))) {
        let size: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        let speed = best(size, || {
            for (name, bytes) in &files {
                drop(read_file(name, bytes, &Limits::default()));
            }
        });
        let peer = if format == "pdf" { beside(&files, size) } else { None };
        let bar = BARS.iter().find(|(name, _)| *name == format).map_or(String::new(), |(_, bar)| {
            let held = speed >= *bar || peer.is_some_and(|peer| speed >= 2.0 * peer);
            format!(" (bar {bar}: {})", if held { "held" } else { "missed" })
        });
        println!("{format:6} {:4} files {:9} bytes {speed:8.1} MB/s{bar}", files.len(), size);
        if let Some(peer) = peer {
            println!("{:6} by pdftotext {peer:31.1} MB/s (bar: twice it, or the other)", "");
        }
    }
}

/// MB/s of the best run.
fn best(size: usize, run: impl Fn()) -> f64 {
    let (begin, mut least) = (Instant::now(), Duration::MAX);
    while begin.elapsed() < SPENT {
        let start = Instant::now();
        run();
        least = least.min(start.elapsed());
    }
    size as f64 / 1e6 / least.as_secs_f64()
}

/// The same files by `pdftotext`, its start included as the service would pay it.
fn beside(files: &[(String, Vec<u8>)], size: usize) -> Option<f64> {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
    for (path, (_, bytes)) in paths.iter().zip(files) {
        fs::write(path, bytes).unwrap();
    }
    Command::new("pdftotext").arg("-v").output().ok()?;
    Some(best(size, || {
        for path in &paths {
            drop(Command::new("pdftotext").arg(path).arg("-").output());
        }
    }))
}

/// What a row is called, and its files: name and bytes.
type Group = (String, Vec<(String, Vec<u8>)>);

/// The files of each folder.
fn found(root: &Path) -> Vec<Group> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let files = |folder: &Path| {
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        paths.filter(|path| path.is_file()).map(|path| (name(&path), fs::read(&path).unwrap())).collect()
    };
    folders.iter().filter(|path| path.is_dir()).map(|path| (name(path), files(path))).collect()
}

/// One large file of each format that has a bar.
fn made() -> Vec<Group> {
    let words =
        ["suivi", "usager", "rendez-vous", "clinique", "médecin", "dossier", "lundi", "transfert", "note"];
    let word = |at: usize| words[at * 7919 % 9];
    let sentence =
        |at: usize| format!("{} {} {at} {} {}", word(at), word(at / 3), word(at / 7), at * 7919 % 104_729);
    let lines = |open: &str, close: &str, count: usize| {
        (0..count).map(|at| format!("{open}{}{close}", sentence(at))).collect::<String>()
    };
    let html = format!(
        "<html><body>{}</body></html>",
        lines("<p class=\"a\">", "</p>\n<div style='color:red'>x</div>", 60_000)
    );
    let document = format!(
        "<w:document><w:body>{}</w:body></w:document>",
        lines("<w:p><w:r><w:t>", "</w:t></w:r></w:p>", 60_000)
    );
    let row = |at: usize| {
        format!(
            "<row r=\"{0}\"><c r=\"A{0}\"><v>{1}</v></c><c r=\"B{0}\" t=\"str\"><v>{2}</v></c></row>",
            at + 1,
            at * 7919 % 104_729,
            sentence(at)
        )
    };
    let sheet =
        format!("<worksheet><sheetData>{}</sheetData></worksheet>", (0..40_000).map(row).collect::<String>());
    let slide = format!("<p:sld>{}</p:sld>", lines("<a:p><a:r><a:t>", "</a:t></a:r></a:p>", 30_000));
    let file = |format: &str, bytes: Vec<u8>| (format.to_owned(), vec![(format!("a.{format}"), bytes)]);
    vec![
        file("html", html.into_bytes()),
        file("docx", package(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &document)])),
        file("xlsx", package(&[("[Content_Types].xml", "<Types/>"), ("xl/worksheets/sheet1.xml", &sheet)])),
        file("pptx", package(&[("[Content_Types].xml", "<Types/>"), ("ppt/slides/slide1.xml", &slide)])),
        file("pdf", pdf(&sentence)),
    ]
}

/// A zip of these parts, without a directory: readers that look for parts find them.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, content) in parts {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
        packer.write_all(content.as_bytes()).unwrap();
        let packed = packer.finish().unwrap();
        out.extend(b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0");
        out.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        out.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        out.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        out.extend([0, 0]);
        out.extend(name.as_bytes());
        out.extend(packed);
    }
    out
}

/// A document of two hundred pages.
fn pdf(sentence: &impl Fn(usize) -> String) -> Vec<u8> {
    let kids: String = (0..200).map(|page| format!("{} 0 R ", 10 + page * 2)).collect();
    let mut out = format!("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 200/Kids[{kids}]>>endobj\n3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n").into_bytes();
    for page in 0..200 {
        let lines: String = (0..60)
            .map(|line| {
                format!(
                    "BT /F 9 Tf 40 {} Td ({}) Tj ET\n",
                    800 - line * 12,
                    sentence(page * 60 + line).replace('é', "e")
                )
            })
            .collect();
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
        packer.write_all(lines.as_bytes()).unwrap();
        let packed = packer.finish().unwrap();
        let number = 10 + page * 2;
        out.extend(format!("{number} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 840]/Contents {} 0 R/Resources<</Font<</F 3 0 R>>>>>>endobj\n{} 0 obj<</Filter/FlateDecode/Length {}>>stream\n", number + 1, number + 1, packed.len()).into_bytes());
        out.extend(packed);
        out.extend(b"\nendstream endobj\n");
    }
    out.extend(b"trailer<</Root 1 0 R>>\n%%EOF");
    out
}
