//! Laws that hold for the shipped policy, and the table of the default policy.

use super::Policy;
use include_dir::{Dir, include_dir};

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/config/policy");

fn shipped_files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = SHIPPED
        .files()
        .map(|file| (file.path().display().to_string(), file.contents_utf8().unwrap().to_owned()))
        .collect();
    files.sort();
    files
}

fn shipped() -> Policy {
    Policy::compile(&shipped_files()).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn every_case_of_the_shipped_articles_holds() {
    let failures: Vec<String> = shipped().check().iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{failures:#?}");
}
