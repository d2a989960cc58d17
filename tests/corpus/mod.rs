//! The corpus through `vaguemestre scan --manifest`: results against the golden ones, figures against their floors.

pub mod score;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::support::service::program;
use score::Score;

/// One message: what the manifest says, and what the scanner says.
type Judged = (Value, Value);

static JUDGED: LazyLock<Vec<Judged>> = LazyLock::new(|| scan(&folder().join("manifest.jsonl")));

/// A change of any verdict or finding is seen in review, as a changed line of `golden.jsonl`.
#[test]
fn the_results_are_the_golden_ones() {
    let now: String = JUDGED.iter().map(|(line, answer)| format!("{}\n", summary(line, answer))).collect();
    let golden = folder().join("golden.jsonl");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&golden, &now).unwrap();
        return;
    }
    let before = fs::read_to_string(&golden).unwrap_or_default();
    let changed: Vec<String> = before
        .lines()
        .zip(now.lines())
        .filter(|(a, b)| a != b)
        .map(|(a, b)| format!("- {a}\n+ {b}"))
        .collect();
    if before != now {
        fs::write(folder().join("golden.jsonl.failed"), &now).unwrap();
    }
    let shown = changed.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert_eq!(before, now, "{} changed lines; UPDATE=1 accepts them\n{shown}", changed.len());
}

/// The floors of the first flow. Classes whose formats are not read yet are judged by the next test.
#[test]
fn the_figures_stay_above_their_floors() {
    let mut score = Score::default();
    JUDGED.iter().filter(|(line, _)| read(class(line))).for_each(|(line, answer)| score.add(line, answer));
    println!(
        "{:<20} {:>9} {:>9} {:>6} {:>6} {:>6}",
        "type", "precision", "recall", "right", "wrong", "missed"
    );
    for (kind, count) in &score.types {
        let (precision, recall) = (count.precision(), count.recall());
        println!(
            "{kind:<20} {precision:>9.3} {recall:>9.3} {:>6} {:>6} {:>6}",
            count.right, count.wrong, count.missed
        );
    }
    println!(
        "messages {}  verdicts {:.3}  false alarms {:.3}",
        score.messages,
        score.verdicts(),
        score.false_alarm_rate()
    );
    // A little under what is reached, so that a figure that falls is seen.
    let floors = [
        ("NAM recall", score.of("nam").recall(), 0.99),
        ("NAM precision", score.of("nam").precision(), 0.99),
        ("birth date recall", score.of("birth_date").recall(), 0.98),
        ("birth date precision", score.of("birth_date").precision(), 0.98),
        ("name recall", score.of("patient_name").recall(), 0.97),
        ("name precision", score.of("patient_name").precision(), 0.97),
        ("verdicts", score.verdicts(), 0.98),
        ("messages without false alarm", 1.0 - score.false_alarm_rate(), 0.99),
    ];
    let below: Vec<_> = floors.iter().filter(|(_, value, floor)| value < floor).collect();
    assert!(below.is_empty(), "{below:#?}\n{}", score.wrong.join("\n"));
}

/// An unread attachment never looks like a clean one: where the gold asks for something and a part was not read, the
/// verdict is at least a warning.
#[test]
fn what_could_not_be_read_is_never_accepted() {
    let gaps = |answer: &Value| answer["unscannable"].as_array().is_some_and(|gaps| !gaps.is_empty());
    let slipped: Vec<&str> = JUDGED
        .iter()
        .filter(|(line, answer)| !read(class(line)) && gaps(answer) && answer["verdict"] == "accept")
        .map(|(line, _)| line["file"].as_str().unwrap())
        .collect();
    assert!(slipped.is_empty(), "{slipped:?}");
}

#[test]
fn recipients_get_the_classes_of_the_lists() {
    for (line, answer) in JUDGED.iter() {
        let class = |from: &Value, address: &Value| {
            from.as_array().unwrap().iter().find(|it| it["address"] == *address).map(|it| it["class"].clone())
        };
        for recipient in line["expected"]["recipients"].as_array().unwrap() {
            let address = &recipient["address"];
            assert_eq!(
                class(&answer["recipients"], address).as_ref(),
                Some(&recipient["class"]),
                "{} {address}",
                line["file"]
            );
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// What the scanner says of every message of a manifest.
pub fn scan(manifest: &Path) -> Vec<Judged> {
    let mut command = Command::new(program());
    command.args(["scan", "--format", "json", "--reveal", "--recipients"]).arg(folder().join("domains.json"));
    let output = command.arg("--manifest").arg(manifest).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines =
        |text: &str| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    let (wanted, got) =
        (lines(&fs::read_to_string(manifest).unwrap()), lines(&String::from_utf8_lossy(&output.stdout)));
    assert_eq!(wanted.len(), got.len(), "one answer for each message");
    wanted.into_iter().zip(got).collect()
}

fn class(line: &Value) -> &str {
    line["class"].as_str().unwrap()
}

/// Whether a class holds nothing but formats that are read.
fn read(class: &str) -> bool {
    const CARRIERS: &[&str] = &[
        "body_text",
        "base64_body",
        "charset_",
        "csv",
        "txt",
        "utf16",
        "filename_",
        "forwarded",
        "html_",
        "name_only",
        "nested",
        "qp_",
        "quoted",
        "subject",
        "ics",
        "vcf",
        "nas",
        "payment_card",
        "birth_date",
    ];
    const UNREAD: &[&str] = &["docx", "xls", "xlsx", "pdf", "pptx", "odt", "ods", "rtf", "zip"];
    match class.split_once('.') {
        Some(("link" | "autoforward" | "evasion", _)) => true,
        Some(("negative", carrier)) => !UNREAD.contains(&carrier),
        Some(("positive", carrier)) => CARRIERS.iter().any(|prefix| carrier.starts_with(prefix)),
        _ => false,
    }
}

/// One golden line: the verdict, each finding, each gap. Evidence and places may change without a review of 600 lines.
fn summary(line: &Value, answer: &Value) -> Value {
    let list = |value: &Value, form: fn(&Value) -> String| {
        let mut list: Vec<String> = value.as_array().into_iter().flatten().map(form).collect();
        list.sort();
        list.dedup();
        list
    };
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    json!({
        "file": line["file"],
        "verdict": answer["verdict"],
        "protection": answer["protection"],
        "findings": list(&answer["findings"], |it| format!("{} {} {}", it["type"], it["value"], it["confidence"]).replace('"', "")),
        "rules": list(&answer["rules"], |it| it["id"].as_str().unwrap_or("").to_owned()),
        "unscannable": list(&answer["unscannable"], |it| it["reason"].as_str().unwrap_or("").to_owned()),
        "class": text(&line["class"]),
    })
}
