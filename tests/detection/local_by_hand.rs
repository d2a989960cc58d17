//! `local.d` as an administrator meets it: the commands, and the service that runs while files change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::folder::Folder;
use crate::support::postfix::Ports;
use crate::support::process::wait_for;
use crate::support::service::Service;

/// A configuration with an empty `local.d` beside it.
struct Desk(Folder);

impl Desk {
    fn new() -> Self {
        let desk = Self(Folder::new("local"));
        fs::write(desk.path("vaguemestre.toml"), "[judging]\nmode = \"enforce\"\n").unwrap();
        fs::create_dir_all(desk.path("local.d/lexicons")).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// A message whose body is this text.
    fn message(&self, text: &str) -> PathBuf {
        self.write("m.eml", &format!("From: a@cissslau.example\nTo: x@y.example\nSubject: Essai\nDate: Fri, 27 Nov 2026 09:12:00 -0500\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"))
    }

    fn local(&self) -> String {
        fs::read_to_string(self.path("local.d/counter-examples.toml")).unwrap_or_default()
    }

    /// Runs a command; gives its exit status and everything it says.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vaguemestre"));
        command.arg("--config").arg(self.path("vaguemestre.toml")).args(arguments);
        let output = command.output().unwrap();
        let told = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (output.status.code().unwrap(), told)
    }

    fn counter_example(&self, message: &Path, more: &[&str]) -> (i32, String) {
        let message = message.display().to_string();
        let start = ["rules", "counter-example", "--message", &message, "--because", "an essay", "--finding"];
        self.run(&[&start, more].concat())
    }
}

/// Values that must not be seen again, each in a text that raises an alarm of its kind first.
const CANARIES: &[(&str, &str, &[&str])] = &[
    ("nas", "Merci de réimprimer le relevé NAS 517 308 425 pour Solange.", &["517308425", "Solange"]),
    ("nam", "NAM : BELS 5458 0312, à jeun", &["BELS", "5458", "0312"]),
    ("birth_date", "né le 3 mars 1954, à jeun", &["3 mars 1954"]),
    ("secret", "mot de passe : Bouleau#4471x", &["Bouleau", "4471"]),
    ("patient_name", "Patiente : Solange Bellerive, à jeun depuis minuit", &["Solange", "Bellerive"]),
    ("poll_link", "Sondage https://doodle.com/poll/k3x9w2qq", &["k3x9w2qq"]),
];

/// Issue: "a false alarm can be turned into a counter-example with one command"; "nothing of the original value".
#[test]
fn a_false_alarm_becomes_a_look_alike_that_proves_the_rules_and_quotes_nothing() {
    for (kind, text, canaries) in CANARIES {
        let desk = Desk::new();
        let (status, told) = desk.counter_example(&desk.message(text), &["1"]);
        assert_eq!(status, 0, "{kind}: {told}");
        let written = desk.local();
        assert!(written.contains(&format!("kind = \"{kind}\"")), "{written}");
        for canary in *canaries {
            let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "");
            assert!(!plain(&written).contains(&plain(canary)), "{canary} stands in {written}");
            assert!(!plain(&told).contains(&plain(canary)), "{canary} is told: {told}");
        }
        let (status, told) = desk.run(&["check"]);
        assert_eq!(status, 1, "check does not fail on it: {told}");
        assert!(told.contains("counter-examples.toml:4:1: "), "{told}");
    }
}

#[test]
fn a_fix_is_kept_when_it_mends_and_taken_back_when_it_does_not() {
    let desk = Desk::new();
    let message = desk.message("Merci de réimprimer le relevé NAS 517 308 425 pour demain.");
    let before = desk.run(&["check"]);
    assert_eq!(before.0, 0);

    let (status, told) = desk.counter_example(&message, &["1", "--fix", "against=imprimante"]);
    assert!(status == 1 && told.contains("nothing is changed: the alarm stays"), "{told}");
    assert_eq!(desk.local(), "");

    let (status, told) = desk.counter_example(&message, &["1", "--fix", "against=relevé NAS"]);
    assert_eq!(status, 0, "{told}");
    assert_eq!(desk.run(&["check"]).0, 0);
    let (status, told) = desk.counter_example(&message, &["1"]);
    assert!(status == 2 && told.contains("there are 0 findings"), "{told}");
}

#[test]
fn an_exception_lets_one_value_through_by_its_digest_alone() {
    let desk = Desk::new();
    let message = desk.message("NAS 517 308 425, et NAS 246 813 570");
    let (status, told) = desk.counter_example(&message, &["1", "--fix", "exception", "--author", "C. Untel"]);
    assert_eq!(status, 0, "{told}");
    assert!(!desk.local().contains("517") && desk.local().contains("value = \"hmac:"), "{}", desk.local());
    let told = desk.run(&["explain", &message.display().to_string()]).1;
    assert_eq!(told.matches("rule nas").count(), 1, "{told}");
    use std::os::unix::fs::PermissionsExt;
    let key = desk.path("local.d/exceptions.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o007, 0);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let (status, told) = desk.run(&["check"]);
    assert!(status == 2 && told.contains("exceptions.key: everyone may read the key"), "{told}");
}

#[test]
fn a_reason_that_quotes_the_value_is_refused() {
    let desk = Desk::new();
    let message = desk.message("NAS 517 308 425").display().to_string();
    let arguments = [
        "rules",
        "counter-example",
        "--message",
        &message,
        "--finding",
        "1",
        "--because",
        "517-308-425 is ours",
    ];
    let (status, told) = desk.run(&arguments);
    assert!(status == 2 && told.contains("quotes the value") && !told.contains("517"), "{told}");
}

#[test]
fn check_tells_programs_what_does_not_load_and_what_to_look_at() {
    let desk = Desk::new();
    desk.write("local.d/a.toml", "[[disable]]\nrule = \"nsa\"\nreason = \"r\"\n");
    let (status, told) = desk.run(&["check", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&told).unwrap();
    let error = &json["errors"][0];
    assert_eq!((status, &error["line"], &error["column"]), (2, &2.into(), &8.into()), "{told}");
    assert!(error["remedy"].as_str().unwrap().contains("did you mean nas?"), "{told}");

    desk.write("local.d/a.toml", "");
    desk.write("local.d/lexicons/health.txt", "diabète\n");
    let (status, told) = desk.run(&["check", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&told).unwrap();
    let own = json["remarks"].as_array().unwrap().iter().find(|remark| remark["local"] == true).unwrap();
    assert_eq!((status, &own["topic"], &own["line"]), (0, &"duplicate".into(), &1.into()), "{told}");
}

#[test]
fn one_finding_and_one_line_of_text_are_explained_masked_unless_revealed() {
    let desk = Desk::new();
    let message = desk.message("NAS 517 308 425").display().to_string();
    for (arguments, expected) in [
        (vec!["explain", &message, "--finding", "1"], "label NAS"),
        (vec!["explain", "--text", "billet 517 308 425"], "context billet"),
        (vec!["explain", &message, "--place", "1:6"], "thresholds: 0 low"),
    ] {
        let (status, told) = desk.run(&arguments);
        assert!(status == 0 && told.contains(expected) && told.contains("⟦999 999 999⟧"), "{told}");
        assert!(!told.contains("517"), "{told}");
        let (_, told) = desk.run(&[arguments.as_slice(), &["--reveal"]].concat());
        assert!(told.contains("⟦517 308 425⟧"), "{told}");
    }
    assert_eq!(desk.run(&["explain", &message, "--finding", "9"]).0, 2);
}

/// Issue: "reported with place and reason; the service keeps its last good state".
#[test]
fn the_running_service_keeps_its_rules_when_a_file_of_local_d_is_wrong() {
    let mut service = Service::new(Ports::free(), &[]);
    let local = service.config().with_file_name("local.d");
    fs::create_dir_all(local.join("lexicons")).unwrap();
    service.start();
    let figures = |service: &Service| service.get("/metrics").1;
    let refused = "vaguemestre_reloads_total{outcome=\"refused\"}";
    let digest = |service: &Service| service.log().matches("own_rules=0").count();
    for (number, (name, bytes, expected)) in [
        ("a.toml", b"[[rule]\n".as_slice(), "a.toml:1:"),
        (
            "b.toml",
            b"[[override]]\nrule = \"nas\"\nreason = \"r\"\nstop_words = [\"\"]\n",
            "b.toml:4:15: the word is empty",
        ),
        ("lexicons/places.txt", b"mot\ncaf\xe9\n", "places.txt:2:4: a byte that is not UTF-8"),
        ("lexicons/helth.txt", b"mot\n", "helth.txt: no list has this name; did you mean health.txt?"),
    ]
    .into_iter()
    .enumerate()
    {
        fs::write(local.join(name), bytes).unwrap();
        service.signal("HUP");
        wait_for("a refusal", || {
            figures(&service).contains(&format!("{refused} {}", number + 1)).then_some(())
        });
        let log = service.log();
        assert!(
            log.contains("reload refused, the old rules stay in force") && log.contains(expected),
            "{log}"
        );
        assert_eq!((service.get("/readyz").0, digest(&service)), (200, 1));
        fs::remove_file(local.join(name)).unwrap();
    }
    fs::write(local.join("a.toml"), "[[disable]]\nrule = \"nas\"\nreason = \"r\"\n").unwrap();
    service.signal("HUP");
    wait_for("the new rules", || service.log().contains("changed_rules=1").then_some(()));
}
