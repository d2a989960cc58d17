//! What no file of the package may hold, whatever its language.

use std::fs;
use std::path::{Path, PathBuf};

use crate::source::{files_under, root, shown};

/// Folders that are not the package's own text.
const SKIPPED: &[&str] = &[".git", "target", "tests/fuzz/target", "tests/fuzz/corpus"];

/// Patterns in two halves, so that this file does not hold them.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("/ho", "me/", "a path of one machine"),
    ("/wo", "rk/", "a path of one machine"),
    ("/Us", "ers/", "a path of one machine"),
    ("/tmp/w", "t/", "a path of one machine"),
    ("<<<<", "<<< ", "a merge left half done"),
    (">>>>", ">>> ", "a merge left half done"),
    ("-----BEGIN PRIV", "ATE KEY", "a private key"),
    ("-----BEGIN OPENSSH PRIV", "ATE KEY", "a private key"),
    ("AGE-SECRET-", "KEY-1", "a private key"),
];

#[test]
fn no_file_holds_a_machine_path_a_key_or_half_a_merge() {
    let broken: Vec<String> = texts().iter().flat_map(|(path, text)| faults(path, text)).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_rule_sees_what_it_forbids() {
    for (left, right, _) in FORBIDDEN {
        assert_eq!(faults("x", &format!("a\nb {left}{right}c")).len(), 1);
    }
}

fn faults(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().enumerate();
    let found = lines.flat_map(|(index, line)| {
        let hits = FORBIDDEN.iter().filter(|(left, right, _)| line.contains(&format!("{left}{right}")));
        hits.map(move |(_, _, what)| format!("{path}:{}: {what}", index + 1))
    });
    found.collect()
}

fn texts() -> Vec<(String, String)> {
    let top = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let files = top.filter(|path| !skipped(path)).flat_map(|path| files_under(&path));
    let read = |path: PathBuf| Some((shown(&path), fs::read_to_string(&path).ok()?));
    files.filter(|path| !skipped(path)).filter_map(read).collect()
}

fn skipped(path: &Path) -> bool {
    let shown = shown(path);
    let inside = |folder: &str| shown == folder || shown.starts_with(&format!("{folder}/"));
    SKIPPED.iter().any(|folder| inside(folder))
        || shown.ends_with(".failed")
        || shown.starts_with("tests/corpus/msg/")
}
