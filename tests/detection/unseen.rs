//! Messages written before their detection was seen: figures reached must stay (`unseen/README.md`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;

use crate::corpus::scan;
use crate::corpus::score::{Count, Score, is};

/// A kind of finding, and the least share of it found and right, over the sets together.
type Floor = (&'static str, f64, f64);

/// Of the sets in which names are neither asked for nor counted wrong.
const IDENTIFIERS: &[Floor] = &[
    ("nam", 0.99, 0.99),
    ("birth_date", 0.97, 0.97),
    ("nas", 0.90, 1.0),
    ("payment_card", 1.0, 1.0),
    ("bank_account", 0.90, 1.0),
    ("drivers_licence", 1.0, 1.0),
    ("health_card_other", 1.0, 1.0),
    ("secret", 0.95, 0.95),
];

/// Of the sets that ask for everything, in mail of every kind.
const EVERYTHING: &[Floor] = &[
    ("nam", 0.99, 0.99),
    ("birth_date", 0.98, 0.99),
    ("patient_name", 0.92, 0.95),
    ("nas", 0.99, 0.99),
    ("payment_card", 0.90, 0.99),
    ("bank_account", 0.99, 0.99),
    ("drivers_licence", 0.99, 0.99),
    ("health_card_other", 0.99, 0.99),
    ("secret", 0.94, 0.99),
    ("health_term_cluster", 0.90, 0.98),
];

/// Categories of sections 5.1 and 5.3 of the directive.
const CATEGORIES: [&str; 6] = ["health_term_cluster", "hr", "finance", "strategic", "legal", "crisis"];

/// Mail of every kind, and what the scanner says of it: it is judged once for two tests.
static MAIL: LazyLock<Vec<(Value, Value)>> = LazyLock::new(|| judged(&["d", "e", "f", "g", "h", "i"]));

#[test]
fn figures_reached_on_messages_unseen_by_the_rules_stay() {
    let score = scored(&judged(&["a", "b", "c"]));
    hold(&score, IDENTIFIERS);
    assert!(score.verdicts() >= 0.98, "verdicts {:.3}", score.verdicts());
    assert!(score.false_alarm_rate() <= 0.01, "false alarms {:.3}", score.false_alarm_rate());
}

#[test]
fn figures_reached_on_unseen_mail_of_every_kind_stay() {
    let score = scored(&MAIL);
    hold(&score, EVERYTHING);
    assert!(score.verdicts() >= 0.96, "verdicts {:.3}", score.verdicts());
    assert!(score.false_alarm_rate() <= 0.03, "false alarms {:.3}", score.false_alarm_rate());
}

/// One person has one number in a message, and one number stands for one person.
#[test]
fn persons_of_unseen_mail_are_told_apart() {
    let told: Vec<bool> = MAIL.iter().filter_map(|(line, answer)| told_apart(line, answer)).collect();
    let right = told.iter().filter(|right| **right).count();
    println!("persons: {right} of {} messages right", told.len());
    assert!(right as f64 >= 0.99 * told.len() as f64, "{right} of {}", told.len());
}

#[test]
fn categories_reached_on_unseen_mail_stay() {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let (mut admin, mut alarms) = (0, Vec::new());
    for (line, answer) in &judged(&["j", "k", "l"]) {
        let found: BTreeSet<&str> = told(answer).filter_map(|finding| finding["type"].as_str()).collect();
        if line["class"] == "admin" {
            admin += 1;
            alarms.extend((!found.is_empty()).then(|| format!("{} {found:?}", line["id"])));
        }
        for category in CATEGORIES {
            weigh(counts.entry(category).or_default(), &line["expected"], category, &found);
        }
    }
    let f1: f64 = counts.values().map(|it| harmonic(*it)).sum::<f64>() / CATEGORIES.len() as f64;
    println!("{counts:#?}\nmacro-F1 {f1:.3}, alarms {} of {admin} {alarms:#?}", alarms.len());
    assert!(f1 >= 0.92, "macro-F1 {f1:.3}");
    assert!(alarms.len() * 30 <= admin, "{} alarms of {admin}: {alarms:#?}", alarms.len());
}

fn judged(sets: &[&str]) -> Vec<(Value, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/detection/unseen");
    let manifest = |set: &&str| -> PathBuf { folder.join(set).join("manifest.jsonl") };
    sets.iter().flat_map(|set| scan(&manifest(set))).collect()
}

/// The figures of all; those of each set are printed, as the README tells them.
fn scored(judged: &[(Value, Value)]) -> Score {
    let mut all = Score::default();
    for set in judged.chunk_by(|(a, _), (b, _)| letter(a) == letter(b)) {
        let mut own = Score::default();
        for (line, answer) in set {
            all.add(line, answer);
            own.add(line, answer);
        }
        let name = set.first().map_or("", |(line, _)| letter(line));
        println!("{name}: verdicts {:.3}, false alarms {:.3}", own.verdicts(), own.false_alarm_rate());
        own.types
            .iter()
            .for_each(|(kind, it)| println!("{kind}: {:.3} / {:.3}", it.precision(), it.recall()));
    }
    println!("{}", all.wrong.join("\n"));
    all
}

fn letter(line: &Value) -> &str {
    line["id"].as_str().and_then(|id| id.split('-').next()).unwrap_or("")
}

fn hold(score: &Score, floors: &[Floor]) {
    for (kind, recall, precision) in floors {
        let count = score.of(kind);
        println!("all {kind}: precision {:.3}, recall {:.3}", count.precision(), count.recall());
        assert!(count.right > 0, "no {kind} was found");
        assert!(count.recall() >= *recall, "recall of {kind} is {:.3}", count.recall());
        assert!(count.precision() >= *precision, "precision of {kind} is {:.3}", count.precision());
    }
}

/// Findings with at least medium confidence.
fn told(answer: &Value) -> impl Iterator<Item = &Value> {
    list(&answer["findings"]).filter(|finding| finding["confidence"] != "low")
}

/// Whether each person found has one number of their own; nothing when nobody is to be found.
fn told_apart(line: &Value, answer: &Value) -> Option<bool> {
    let who = |it: &&Value| matches!(it["type"].as_str(), Some("nam" | "patient_name" | "birth_date"));
    let gold: Vec<&Value> = list(&line["expected"]["findings"]).filter(who).collect();
    let mut numbers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut persons: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in told(answer) {
        if let Some(gold) = gold.iter().find(|gold| is(gold, finding)) {
            let (person, number) = (gold["person"].to_string(), finding["person"].to_string());
            numbers.entry(person.clone()).or_default().insert(number.clone());
            persons.entry(number).or_default().insert(person);
        }
    }
    (!gold.is_empty()).then(|| numbers.values().chain(persons.values()).all(|of| of.len() == 1))
}

/// Counts one category of one message. Health words beside another category are never wrong.
fn weigh(count: &mut Count, expected: &Value, category: &str, found: &BTreeSet<&str>) {
    let asked = |key: &str| list(&expected[key]).any(|it| it == category);
    match (asked("categories"), found.contains(category)) {
        (true, true) => count.right += 1,
        (true, false) => count.missed += 1,
        (false, true) if !asked("also") && category != "health_term_cluster" => count.wrong += 1,
        _ => {}
    }
}

fn harmonic(count: Count) -> f64 {
    let (precision, recall) = (count.precision(), count.recall());
    if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
