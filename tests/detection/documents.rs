//! Documents that speak of confidential things and hold none: the directives, and what this repository tells people.

use std::fs;
use std::path::{Path, PathBuf};

use vaguemestre::detect::Detection;
use vaguemestre::inspect::read_file;
use vaguemestre::model::{Confidence, Limits};

use super::{read, read_all};

/// What a rule file or a case shows on purpose is no text for people: its numbers are there to be found.
const EXAMPLES: [&str; 3] = ["patterns/", "config/local.d/sample/", "config/policy/"];
const ENDINGS: [&str; 9] = ["md", "txt", "ftl", "toml", "sh", "cf", "service", "socket", "sql"];
const ELSEWHERE: [&str; 3] = ["target", ".git", "tests"];

/// "5.7: the five directives raise nothing": a rule that cries out over the text that asks for it is not believed.
#[test]
fn the_directives_raise_nothing_above_low() {
    let texts = within(&root().join("tests/detection/directives"));
    assert_eq!(texts.len(), 6, "five directives and their README");
    assert_silent(&texts);
}

/// Whoever sends our own documents to a colleague outside is not stopped.
#[test]
fn the_documents_of_this_repository_raise_nothing_above_low() {
    let mut texts = within(root());
    texts.extend(within(&root().join("tests")).into_iter().filter(|path| has_ending(path, &["md"])));
    texts.retain(|path| {
        let place = path.strip_prefix(root()).unwrap().to_string_lossy();
        has_ending(path, &["md"]) || !EXAMPLES.iter().any(|folder| place.starts_with(folder))
    });
    for known in ["README.md", "README.fr.md", "SECURITY.md", "config/vaguemestre.toml", "patterns/README.md"]
    {
        assert!(texts.contains(&root().join(known)), "{known} is read");
    }
    assert_silent(&texts);
}

/// What an article says to people, without its cases.
#[test]
fn the_policy_texts_raise_nothing_above_low() {
    let folder = root().join("config/policy");
    let files: Vec<_> = within(&folder).into_iter().filter(|path| has_ending(path, &["toml"])).collect();
    assert!(files.len() > 5, "{files:?}");
    for file in files {
        let mut said = Vec::new();
        speeches(&toml::from_str(&fs::read_to_string(&file).unwrap()).unwrap(), &mut said);
        assert_quiet(&file, &read(&said.join("\n")));
    }
}

/// What a policy file says, its cases left out: their texts are what articles are for.
fn speeches(value: &toml::Value, said: &mut Vec<String>) {
    match value {
        toml::Value::String(text) => said.push(text.clone()),
        toml::Value::Array(items) => items.iter().for_each(|item| speeches(item, said)),
        toml::Value::Table(table) => {
            table.iter().filter(|(key, _)| *key != "case").for_each(|(_, item)| speeches(item, said));
        }
        _ => {}
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|other| ending == *other))
}

/// The files of a folder that people read, in order.
fn within(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !path.is_symlink() && !(folder == root() && ELSEWHERE.contains(&name)) {
            files.extend(within(&path));
        } else if has_ending(&path, &ENDINGS) || name == "LICENSE" {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Reads each file as an attachment would be read.
fn assert_silent(files: &[PathBuf]) {
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let reading = read_file(name, &fs::read(path).unwrap(), &Limits::default());
        assert!(reading.gaps.is_empty(), "{}: {:?}", path.display(), reading.gaps);
        assert_quiet(path, &read_all(&reading.segments));
    }
}

fn assert_quiet(path: &Path, detection: &Detection) {
    let loud = detection.findings.iter().filter(|finding| finding.confidence > Confidence::Low);
    let told: Vec<_> = loud
        .map(|finding| format!("{} {:?} {:?}", finding.kind.name(), finding.value.reveal(), finding.evidence))
        .collect();
    assert!(told.is_empty(), "{}:\n{}", path.display(), told.join("\n"));
}
