//! Text that nobody here wrote: how often it raises an alarm. `real/README.md` says what was gathered, what was measured
//! and how to measure again.

use std::fmt::Write;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::civil::date;
use vaguemestre::detect::{Context, detect};
use vaguemestre::inspect::read_file;
use vaguemestre::model::{Boundary, Confidence, Finding, Limits, Region, Segment};

use super::{detectors, identifies, segment};

/// French manual pages and manuals of Debian.
const TEXTS: [&str; 4] = ["manpages-fr", "debian-faq-fr", "maint-guide-fr", "developers-reference-fr"];
/// Tables of codes, makers, countries and devices.
const FIGURES: [&str; 3] = ["ieee-data", "hwdata", "publicsuffix"];
/// Bytes of a chunk.
const CHUNK: usize = 20_000;
/// Shortest chunk that counts.
const SHORT: usize = 3_000;
/// Most chunks of one package.
const MOST: usize = 150;

/// "≤ 1 of 1,000 text chunks": one is let go, so that a new edition of a page is no failure.
#[test]
fn manuals_raise_hardly_an_alarm() {
    measure("text", &sample(&TEXTS), 1);
}

/// "≤ 3 of 1,000 chunks of figures": not reached yet (`real/README.md`), and no worse than it is.
#[test]
fn tables_of_codes_raise_hardly_an_alarm() {
    measure("figures", &sample(&FIGURES), 6);
}

/// `VAGUEMESTRE_REAL=FOLDER`: measures the files of a folder, mails (`*.eml`) as such and all else as text, and lists
/// the alarms in `FOLDER.alarms`.
#[test]
fn a_folder_is_measured_when_one_is_named() {
    let Some(folder) = std::env::var_os("VAGUEMESTRE_REAL").map(PathBuf::from) else { return };
    let texts: Vec<_> = files(&folder).into_iter().map(|path| (path.clone(), read(&path))).collect();
    let told = alarms_of(&texts);
    println!("{}: {} of {}", folder.display(), told.len(), texts.len());
    fs::write(folder.with_extension("alarms"), told.join("\n")).unwrap();
}

fn measure(what: &str, texts: &[(PathBuf, Vec<u8>)], most: usize) {
    let told = alarms_of(texts);
    println!("{what}: an alarm in {} of {} chunks", told.len(), texts.len());
    assert!(texts.len() > 100, "{what}: only {} chunks", texts.len());
    assert!(told.len() <= most, "{what}: {} of {}\n{}", told.len(), texts.len(), told.join("\n"));
}

/// What is found in each text that raises an alarm.
fn alarms_of(texts: &[(PathBuf, Vec<u8>)]) -> Vec<String> {
    let mut told = Vec::new();
    for (path, bytes) in texts {
        let found = alarms(&segments(path, bytes));
        if found.is_empty() {
            continue;
        }
        let mut text = path.display().to_string();
        for finding in found.iter().take(5) {
            let (kind, value) = (finding.kind.name(), finding.value.reveal());
            write!(text, "\n    {kind} {value:?} {:?}", finding.evidence).unwrap();
        }
        told.push(text);
    }
    told
}

/// What names or numbers a person, an account or a secret, probably or certainly.
fn alarms(segments: &[Segment]) -> Vec<Finding> {
    let context =
        Context { date: date(2026, 1, 15), sender: None, recipients: Vec::new(), display_names: Vec::new() };
    let mut found = detect(detectors(), segments, &context).findings;
    found.retain(|finding| finding.confidence > Confidence::Low && identifies(finding.kind));
    found
}

fn segments(path: &Path, bytes: &[u8]) -> Vec<Segment> {
    if path.extension().is_some_and(|ending| ending == "eml") {
        return read_file("message.eml", bytes, &Limits::default()).segments;
    }
    vec![segment(&String::from_utf8_lossy(bytes), Region::Body, None, Boundary::Part)]
}

/// The chunks of some packages, named after their files.
fn sample(packages: &[&str]) -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script =
        Command::new("bash").arg(root.join("tests/support/texts.sh")).args(packages).output().unwrap();
    assert!(script.status.success(), "{}", String::from_utf8_lossy(&script.stderr));
    let folder = root.join(String::from_utf8(script.stdout).unwrap().trim());
    let mut all = Vec::new();
    for package in packages {
        let chunks = files(&folder.join(package)).into_iter().flat_map(|path| {
            let text = plain(&path, &String::from_utf8_lossy(&read(&path)));
            chunks(&text).map(|chunk| (path.clone(), chunk)).collect::<Vec<_>>()
        });
        all.extend(chunks.take(MOST));
    }
    all
}

/// The files of a folder and those below, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_symlink() {
            continue;
        } else if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A file's bytes, unpacked when they are gzip; nothing of a file that is no text.
fn read(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) { unpacked(path) } else { bytes };
    if bytes.iter().take(4_000).any(|byte| *byte == 0) { Vec::new() } else { bytes }
}

fn unpacked(path: &Path) -> Vec<u8> {
    let mut child =
        Command::new("gzip").arg("-dc").arg(path).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut bytes = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut bytes).unwrap();
    child.wait().unwrap();
    bytes
}

/// A manual page without its commands, a page without its tags: what a reader would paste.
fn plain(path: &Path, text: &str) -> String {
    let name = path.to_string_lossy();
    if name.contains("/man/") {
        let lines = text.lines().filter(|line| !line.starts_with(".\\\"") && !line.starts_with("'\\\""));
        let bare = lines.map(|line| match line.strip_prefix('.') {
            Some(command) => command.split_once(' ').map_or("", |(_, rest)| rest),
            None => line,
        });
        return bare
            .collect::<Vec<_>>()
            .join("\n")
            .replace("\\-", "-")
            .replace("\\fB", "")
            .replace("\\fR", "");
    }
    if name.ends_with(".html") {
        let reading = read_file("page.html", text.as_bytes(), &Limits::default());
        return reading.segments.iter().map(|part| part.text.reveal()).collect::<Vec<_>>().join("\n");
    }
    text.to_owned()
}

/// Chunks of about 20 KB, cut at line ends.
fn chunks(text: &str) -> impl Iterator<Item = Vec<u8>> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        let most = rest.floor_char_boundary(CHUNK);
        let head = rest.get(..most).filter(|head| head.len() >= SHORT)?;
        let cut = if most == rest.len() { None } else { head.rfind('\n').filter(|at| *at > SHORT) };
        let (chunk, after) = rest.split_at(cut.unwrap_or(most));
        rest = after;
        Some(chunk.as_bytes().to_vec())
    })
}
