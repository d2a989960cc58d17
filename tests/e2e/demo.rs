//! The demonstration ends well as it ships, and fails when a rule is missing.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::folder::Folder;
use crate::support::service::program;

fn demo(arguments: &[&str]) -> (Output, String) {
    let driver = program().with_file_name("examples").join("demo");
    assert!(driver.exists(), "cargo build --examples makes {}", driver.display());
    let output = Command::new(driver).arg("--once").args(arguments).output().unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output, text)
}

#[test]
fn the_demonstration_ends_well() {
    let (output, text) = demo(&[]);
    assert!(output.status.success() && !text.contains("DIFFERS"), "{text}");
    let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 100).collect();
    assert!(wide.is_empty(), "wider than 100 columns: {wide:#?}");
}

/// "Removing an article's file changes verdicts without a rebuild": the demonstration sees it, and fails.
#[test]
fn the_demonstration_fails_when_an_article_is_missing() {
    let folder = Folder::new("policy");
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy")).unwrap().flatten()
    {
        if entry.file_name() != "msss-dir09.toml" {
            fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    let (output, text) = demo(&["--policy", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{text}");
    let differing: Vec<&str> = text.lines().filter(|line| line.contains("DIFFERS")).collect();
    assert_eq!(differing.len(), 1, "{text}");
    assert!(text.contains("Doodle"), "{text}");
}
