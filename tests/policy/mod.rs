//! The policy as an administrator changes it: files in a folder, no rebuild, errors that say where.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::folder::Folder;
use crate::support::service::program;

const LETTER: &str = "From: a@cissslau.example\r\nTo: b@labo.example\r\nSubject: Suivi\r\nDate: Mon, 2 Nov 2026 09:00:00 -0500\r\n\
                      Content-Type: text/plain; charset=utf-8\r\n\r\nBonjour, son NAM : TREM 0412 1925. Merci.\r\n";

/// A folder with a copy of the shipped policy, a settings file that names it, and one letter.
fn installed() -> Folder {
    let folder = Folder::new("policy");
    let policy = folder.path().join("policy");
    fs::create_dir(&policy).unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy");
    for file in fs::read_dir(shipped).unwrap().map(|entry| entry.unwrap()) {
        fs::copy(file.path(), policy.join(file.file_name())).unwrap();
    }
    let settings = format!("[data]\npolicy = \"{}\"\n", policy.display());
    fs::write(folder.path().join("vaguemestre.toml"), settings).unwrap();
    fs::write(folder.path().join("lettre.eml"), LETTER).unwrap();
    folder
}

fn scan(folder: &Folder) -> Output {
    Command::new(program())
        .args([
            "scan",
            "--config",
            "vaguemestre.toml",
            "--from",
            "a@cissslau.example",
            "--to",
            "b@labo.example",
            "lettre.eml",
        ])
        .current_dir(folder.path())
        .output()
        .unwrap()
}

/// "Removing an article's file changes verdicts without a rebuild."
#[test]
fn removing_an_articles_file_changes_the_verdict() {
    let folder = installed();
    assert_eq!(scan(&folder).status.code(), Some(12), "refused while MSSS-DIR04 is there");
    fs::remove_file(folder.path().join("policy/msss-dir04.toml")).unwrap();
    assert_eq!(scan(&folder).status.code(), Some(0), "nobody else asks for encryption");
}

/// "Errors of use or configuration: exit 2, message on stderr with `file:line:column`, what is
/// wrong, what to do."
#[test]
fn a_broken_article_stops_with_its_place_and_what_to_do() {
    let folder = installed();
    let file = folder.path().join("policy/msss-dir09.toml");
    let text = fs::read_to_string(&file).unwrap().replace("verdict = \"warn\"", "verdict = \"accept\"");
    fs::write(&file, text).unwrap();
    let output = scan(&folder);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains("policy/msss-dir09.toml:9:11: an article cannot ask to accept; write"),
        "{errors}"
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn a_broken_setting_stops_with_its_place_and_what_to_do() {
    let folder = installed();
    fs::write(folder.path().join("vaguemestre.toml"), "[milter]\nidle_timeout = 30\n").unwrap();
    let output = scan(&folder);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains("vaguemestre.toml:2:16: invalid type: integer `30`, expected a duration"),
        "{errors}"
    );
}
