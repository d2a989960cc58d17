//! The texts of the pages: every key that a page asks for has its text, and no text waits for a page that is gone.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use vaguemestre::notices::{Language, pages};

/// Keys made of a family and a name.
const FAMILIES: &[&str] = &[
    "problem-",
    "digest-",
    "alert-",
    "role-",
    "reason-",
    "past-",
    "says-",
    "said-",
    "reveal-",
    "incident-",
    "sender-fate-",
    "sender-badge-",
    "evidence-end-",
];

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| match path.is_dir() {
        true => sources(&path),
        false => vec![(path.clone(), fs::read_to_string(&path).unwrap())],
    };
    entries.flat_map(read).collect()
}

fn web() -> Vec<(PathBuf, String)> {
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"))
}

#[test]
fn every_key_that_a_page_asks_for_has_its_text() {
    let asks = Regex::new(r#"(?:frame|self)\.(?:t|with|count)\(\s*"([a-z0-9-]+)""#).unwrap();
    let mut seen = 0;
    for (path, text) in web() {
        for found in asks.captures_iter(&text) {
            seen += 1;
            for language in Language::ALL {
                assert!(pages::knows(language, &found[1]), "{}: {}", path.display(), &found[1]);
            }
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn no_text_of_the_pages_is_unused() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/notices/pages.fr-CA.ftl");
    let file = fs::read_to_string(file).unwrap();
    let keys =
        file.lines().filter_map(|line| line.split_once(" =").filter(|_| !line.starts_with([' ', '#'])));
    let code: String = web().into_iter().map(|(_, text)| text).collect();
    let literal = Regex::new(r#""([a-z0-9-]+)""#).unwrap();
    let used: BTreeSet<&str> =
        literal.captures_iter(&code).map(|found| found.get(1).unwrap().as_str()).collect();
    let unused: Vec<&str> = keys
        .map(|(key, _)| key)
        .filter(|key| !used.contains(key) && *key != "page-moment")
        .filter(|key| !FAMILIES.iter().any(|family| key.starts_with(family)))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}
