//! `vaguemestre roster build` and `roster show`, as an operator runs them.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::folder::Folder;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vaguemestre"))
        .arg("roster")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const EXPORT: &str = "\
dossier,nom,prenom,date_naissance,nam
1,Roy,Marie,1954-08-03,ROYM54580312
2,,Jean,1960-01-02,
3,ABEJ60010219,Jean,1960-01-02,Abel
4,Abel,Jean,2 janvier,
5,\"Abel,Jean,1960-01-02,

6,Côté,Luc,1960-01-02,COTL60010214
1,Roy,Marie,1954-08-03,ROYM54580312
";

/// "Nothing was written" is true of the key too.
#[test]
fn an_export_without_a_row_that_can_be_used_leaves_no_key() {
    let folder = Folder::new("roster");
    for export in
        ["", "dossier,nom,prenom,date_naissance,nam\n", "dossier,nom,prenom,date_naissance,nam\n1,,,,\n"]
    {
        fs::write(folder.path().join("p.csv"), export).unwrap();
        let built = run(folder.path(), &["build", "--input", "p.csv", "--output", "p.idx"]);
        assert!(
            built.status.code() == Some(2) && said(&built).contains("nothing was written"),
            "{}",
            said(&built)
        );
        assert!(!said(&built).contains("a key was made"), "{}", said(&built));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{export}");
    }
}

#[test]
fn an_export_becomes_an_index_and_its_bad_rows_are_told_by_line_without_their_values() {
    let folder = Folder::new("roster");
    fs::write(folder.path().join("p.csv"), EXPORT).unwrap();
    let built = run(folder.path(), &["build", "--input", "p.csv", "--output", "p.idx"]);
    let errors = said(&built);
    assert!(built.status.success(), "{errors}");
    for line in [
        "p.csv:3: `nom` is empty; the row is skipped",
        "p.csv:4: `nom` does not hold a name (columns exchanged?); the row is skipped",
        "p.csv:5: `date_naissance` is not a birth date (YYYY-MM-DD is expected); the field is left out",
        "p.csv:6: a quote is left open; the row is skipped",
        "a key was made in p.idx.key; move it away from the index",
    ] {
        assert!(errors.contains(line), "{line}\n{errors}");
    }
    for value in ["Abel", "ABEJ", "janvier", "ROYM"] {
        assert!(!errors.contains(value), "{value} in\n{errors}");
    }
    let key = fs::metadata(folder.path().join("p.idx.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    let shown = run(folder.path(), &["show", "p.idx"]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.starts_with("patients: 3 persons, "), "{shown}");
}

#[test]
fn a_failed_build_keeps_the_index_and_strict_takes_any_bad_row_for_one() {
    let folder = Folder::new("roster");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("good.csv"), "nom,prenom\nRoy,Ada\n").unwrap();
    fs::write(path("bad.csv"), EXPORT).unwrap();
    fs::write(path("empty.csv"), "").unwrap();
    fs::write(path("headed.csv"), "nom,prenom\n").unwrap();
    fs::write(path("swapped.csv"), "nom,prenom\nROYM54580312,1954-08-03\nABEJ60010219,1960-01-02\n").unwrap();
    fs::write(path("utf16.csv"), b"\xFF\xFEn\0o\0m\0").unwrap();
    assert!(run(folder.path(), &["build", "--input", "good.csv", "--output", "x.idx"]).status.success());
    let before = fs::read(path("x.idx")).unwrap();
    for (arguments, told) in [
        (&["--input", "bad.csv", "--strict"][..], "not every row could be used (--strict)"),
        (&["--input", "empty.csv"], "the export is empty; nothing was written, the index of before stays"),
        (&["--input", "headed.csv"], "the export holds no row that can be used"),
        (&["--input", "swapped.csv"], "the export holds no row that can be used"),
        (&["--input", "utf16.csv"], "the file is UTF-16; save it as UTF-8"),
        (&["--input", "none.csv"], "none.csv cannot be read"),
    ] {
        let arguments = [&["build", "--output", "x.idx"], arguments].concat();
        let built = run(folder.path(), &arguments);
        assert_eq!(built.status.code(), Some(2), "{arguments:?}");
        assert!(said(&built).contains(told), "{arguments:?}: {}", said(&built));
        assert_eq!(fs::read(path("x.idx")).unwrap(), before, "{arguments:?}");
    }
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".roster"))
        .collect();
    assert!(left.is_empty(), "no half-written index is left: {left:?}");
}

/// "1 GB rows": the row is told and skipped, in a quarter of its size of memory.
#[test]
fn a_row_without_end_is_skipped() {
    let folder = Folder::new("roster");
    let path = folder.path().join("p.csv");
    let mut file = fs::File::create(&path).unwrap();
    file.write_all(b"nom,prenom\nRoy,Ada\nx").unwrap();
    file.set_len(1 << 30).unwrap();
    file.seek(SeekFrom::End(0)).unwrap();
    file.write_all(b"\nCote,Luc\n").unwrap();
    let built = Command::new("sh")
        .args(["-c", "ulimit -v 262144; exec \"$0\" roster build --input p.csv --output p.idx"])
        .arg(env!("CARGO_BIN_EXE_vaguemestre"))
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        said(&built).contains("p.csv:3: the row is longer than 16384 bytes; the row is skipped"),
        "{}",
        said(&built)
    );
    assert!(String::from_utf8_lossy(&built.stdout).contains("2 patients"));
}

#[test]
fn a_rebuild_keeps_the_key_file_and_a_key_that_others_may_read_is_refused() {
    let folder = Folder::new("roster");
    fs::write(folder.path().join("p.csv"), "nom,prenom\nRoy,Ada\n").unwrap();
    let build = || run(folder.path(), &["build", "--input", "p.csv", "--output", "p.idx", "--key", "k"]);
    assert!(build().status.success());
    let (key, index) =
        (fs::read(folder.path().join("k")).unwrap(), fs::read(folder.path().join("p.idx")).unwrap());
    assert!(build().status.success());
    assert_eq!(fs::read(folder.path().join("k")).unwrap(), key);
    assert_ne!(fs::read(folder.path().join("p.idx")).unwrap(), index, "every build has a salt of its own");
    fs::set_permissions(folder.path().join("k"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(said(&build()).contains("others may read this key; make it mode 0600"));
}

#[test]
fn a_staff_directory_is_built_and_is_no_roster_of_patients() {
    let folder = Folder::new("roster");
    fs::write(folder.path().join("s.csv"), "nom;prenom;courriel\nRoy;Ada;a@x.example\n").unwrap();
    let built = run(folder.path(), &["build", "--staff", "s.csv", "--output", "s.idx"]);
    assert!(built.status.success(), "{}", said(&built));
    let shown = run(folder.path(), &["show", "s.idx"]);
    assert!(String::from_utf8_lossy(&shown.stdout).starts_with("staff: 1 persons"));
}

/// Issue: "a clear message when the export is late, empty or malformed (keep serving the old one)".
#[test]
fn a_late_empty_or_malformed_export_is_told_and_leaves_the_index_of_before() {
    let folder = Folder::new("roster");
    let export = folder.path().join("p.csv");
    fs::write(&export, EXPORT).unwrap();
    assert!(run(folder.path(), &["build", "--input", "p.csv", "--output", "p.idx"]).status.success());
    let before = fs::read(folder.path().join("p.idx")).unwrap();
    let again = ["build", "--input", "p.csv", "--output", "p.idx", "--max-age", "36 h"];

    let mangled = "dossier;nom;prenom\n".to_owned() + &"1;;\n".repeat(200);
    for (text, told) in [
        ("", "p.csv: the export is empty"),
        (
            "dossier,nom,prenom,date_naissance,nam\n",
            "the export holds no row that can be used; nothing was written",
        ),
        ("<html>Erreur 500</html>\n", "p.csv:1: "),
        (mangled.as_str(), "nothing was written"),
    ] {
        fs::write(&export, text).unwrap();
        let built = run(folder.path(), &again);
        assert!(!built.status.success() && said(&built).contains(told), "{text:.40}: {}", said(&built));
    }

    fs::write(&export, EXPORT).unwrap();
    let days_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(50 * 3_600);
    fs::File::options().append(true).open(&export).unwrap().set_modified(days_ago).unwrap();
    let built = run(folder.path(), &again);
    assert!(
        said(&built).contains("p.csv: the export was last written 50 h ago, it is late"),
        "{}",
        said(&built)
    );
    assert!(!built.status.success());
    assert_eq!(fs::read(folder.path().join("p.idx")).unwrap(), before, "the index of before was touched");
}

/// The unit of the nightly build opens the export before it gives up its rights.
#[test]
fn an_export_is_read_from_standard_input_with_its_age() {
    let folder = Folder::new("roster");
    let export = folder.path().join("p.csv");
    fs::write(&export, EXPORT).unwrap();
    let build = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vaguemestre"));
        command.args(["roster", "build", "--input", "-", "--output", "p.idx", "--max-age", "1 h"]);
        command.stdin(fs::File::open(&export).unwrap()).current_dir(folder.path()).output().unwrap()
    };
    let built = build();
    assert!(built.status.success(), "{}", said(&built));
    let days_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(50 * 3_600);
    fs::File::options().append(true).open(&export).unwrap().set_modified(days_ago).unwrap();
    assert!(said(&build()).contains("standard input: the export was last written 50 h ago"));
}

/// systemd's credentials may be read by an access list, whose mask shows as bits of the group.
#[test]
fn a_key_that_others_may_read_is_refused_unless_systemd_hands_it_over() {
    let folder = Folder::new("roster");
    fs::write(folder.path().join("p.csv"), EXPORT).unwrap();
    assert!(run(folder.path(), &["build", "--input", "p.csv", "--output", "p.idx"]).status.success());
    let key = folder.path().join("p.idx.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o440)).unwrap();
    let shown = run(folder.path(), &["show", "p.idx"]);
    assert!(!shown.status.success() && said(&shown).contains("others may read this key"), "{}", said(&shown));
    let mut show = Command::new(env!("CARGO_BIN_EXE_vaguemestre"));
    show.args(["roster", "show", "p.idx", "--key"]).arg(&key).current_dir(folder.path());
    assert!(show.env("CREDENTIALS_DIRECTORY", folder.path()).status().unwrap().success());
}
