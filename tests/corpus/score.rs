//! Findings and verdicts against what the manifest expects.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A finding as compared: its type, and its value in normal form.
type Found = (String, String);

/// Right, wrong and missed findings of one type.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub right: u32,
    pub wrong: u32,
    pub missed: u32,
}

impl Count {
    pub fn recall(self) -> f64 {
        ratio(self.right, self.right + self.missed)
    }

    pub fn precision(self) -> f64 {
        ratio(self.right, self.right + self.wrong)
    }
}

/// Figures over some messages.
#[derive(Debug, Default)]
pub struct Score {
    pub types: BTreeMap<String, Count>,
    pub messages: u32,
    pub right_verdicts: u32,
    /// Messages in which nothing is to be found.
    pub clean: u32,
    /// Those of them that got a stricter verdict than they should.
    pub false_alarms: u32,
    /// Where something is wrong, for people.
    pub wrong: Vec<String>,
}

impl Score {
    pub fn verdicts(&self) -> f64 {
        ratio(self.right_verdicts, self.messages)
    }

    pub fn false_alarm_rate(&self) -> f64 {
        ratio(self.false_alarms, self.clean)
    }

    pub fn of(&self, kind: &str) -> Count {
        self.types.get(kind).copied().unwrap_or_default()
    }

    /// Adds one message: its manifest line and the scanner's answer.
    pub fn add(&mut self, line: &Value, answer: &Value) {
        let expected = &line["expected"];
        let (gold, got) = (rank(&expected["verdict"]), rank(&answer["verdict"]));
        let to_find =
            list(&expected["findings"]).filter(|finding| finding["type"] != "health_term_cluster").count();
        self.messages += 1;
        self.right_verdicts += u32::from(gold == got);
        self.clean += u32::from(to_find == 0);
        self.false_alarms += u32::from(to_find == 0 && got > gold);
        let before = self.wrong.len();
        self.compare(line, answer);
        if gold != got || self.wrong.len() > before {
            let (id, class) = (line["file"].as_str().unwrap(), line["class"].as_str().unwrap());
            let faults = self.wrong.split_off(before).join(" ");
            self.wrong
                .push(format!("{id} {class}: {} for {} {faults}", answer["verdict"], expected["verdict"]));
        }
    }

    fn compare(&mut self, line: &Value, answer: &Value) {
        let expected = &line["expected"];
        let optional: BTreeSet<Found> = list(&expected["optional"]).map(found).collect();
        let names: Vec<String> = list(&expected["findings"])
            .chain(list(&expected["optional"]))
            .map(found)
            .filter(is_name)
            .map(|it| it.1)
            .collect();
        let mut missing: Vec<&Value> = list(&expected["findings"]).collect();
        for value in answers(answer) {
            let count = self.types.entry(value.0.clone()).or_default();
            if let Some(at) = missing.iter().position(|gold| accepts(gold, &value)) {
                missing.swap_remove(at);
                count.right += 1;
            } else if !optional.contains(&value)
                && !part_of_a_name(&value, &names)
                && !known(expected, &value)
            {
                count.wrong += 1;
                self.wrong.push(format!("+{} {}", value.0, value.1));
            }
        }
        for gold in missing {
            let gold = found(gold);
            self.types.entry(gold.0.clone()).or_default().missed += 1;
            self.wrong.push(format!("-{} {}", gold.0, gold.1));
        }
    }
}

/// Types that the manifest speaks of; others, such as links, are neither right nor wrong.
const TYPES: &[&str] = &[
    "nam",
    "birth_date",
    "patient_name",
    "nas",
    "payment_card",
    "bank_account",
    "drivers_licence",
    "health_card_other",
    "secret",
    "health_term_cluster",
];

/// Whether a finding of the scanner is the one that the manifest speaks of.
pub fn is(gold: &Value, finding: &Value) -> bool {
    accepts(gold, &found(finding))
}

/// What the scanner found with at least medium confidence, without repeats.
fn answers(answer: &Value) -> BTreeSet<Found> {
    let heard = list(&answer["findings"]).filter(|finding| finding["confidence"] != "low").map(found);
    heard.filter(|(kind, _)| TYPES.contains(&kind.as_str())).collect()
}

fn known(expected: &Value, value: &Found) -> bool {
    list(&expected["findings"]).any(|gold| accepts(gold, value))
}

fn accepts(gold: &Value, value: &Found) -> bool {
    let kind = gold["type"].as_str().unwrap_or("");
    let mut values = std::iter::once(&gold["value"]).chain(list(&gold["alts"]));
    kind == value.0 && values.any(|it| normal(kind, it.as_str().unwrap_or("")) == value.1)
}

fn found(finding: &Value) -> Found {
    let kind = finding["type"].as_str().unwrap_or("").to_owned();
    let value = normal(&kind, finding["value"].as_str().unwrap_or(""));
    (kind, value)
}

fn is_name(found: &Found) -> bool {
    found.0 == "patient_name"
}

fn part_of_a_name(value: &Found, names: &[String]) -> bool {
    let words = |name: &str| name.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    is_name(value) && names.iter().any(|name| words(&value.1).is_subset(&words(name)))
}

/// The form in which values of a type are compared: names as sorted plain words, so that order does not count.
fn normal(kind: &str, value: &str) -> String {
    match kind {
        "patient_name" => {
            let plain: String = value.replace('œ', "oe").nfkd().filter(|c| !is_combining_mark(*c)).collect();
            let plain = plain.to_lowercase();
            let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            words.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
        }
        "health_term_cluster" => String::new(),
        "nas" | "payment_card" | "bank_account" => value.chars().filter(char::is_ascii_digit).collect(),
        "nam" | "drivers_licence" | "health_card_other" => {
            value.chars().filter(char::is_ascii_alphanumeric).collect()
        }
        _ => value.trim().to_owned(),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn rank(verdict: &Value) -> usize {
    ["accept", "warn", "quarantine", "reject"].iter().position(|name| verdict == name).expect("a verdict")
}

fn ratio(part: u32, whole: u32) -> f64 {
    if whole == 0 { 1.0 } else { f64::from(part) / f64::from(whole) }
}
