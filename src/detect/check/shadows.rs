//! Rules that stand in one another's way.

use std::collections::{BTreeMap, BTreeSet};

use super::{Remark, Topic, run, segments};
use crate::detect::Detectors;
use crate::detect::cost;
use crate::detect::lexicon::fold;
use crate::detect::rules::{Example, Origin, Rule};
use crate::model::{Fault, Region};

/// Looks for rules that find nothing another one does not, words that contradict each other, exceptions and stop words that
/// hide what a rule is there to find.
#[must_use]
pub fn shadows(detectors: &Detectors) -> Vec<Remark> {
    let rules = detectors.rules();
    let mut remarks = twins(rules);
    for rule in rules {
        remarks.extend(words(rule));
        remarks.extend(
            cost::remark(rule.pattern.as_str())
                .map(|what| remark(rule, Topic::Costly, &what, "lower the bounds of its repetitions")),
        );
        remarks.extend(in_shadow(detectors, rule));
    }
    remarks.extend(stops(detectors));
    remarks
}

fn remark(rule: &Rule, topic: Topic, what: &str, remedy: &str) -> Remark {
    let what = format!("rule {}: {what}", rule.id);
    let fault = Fault::on_line(&rule.file, rule.line, 1, &what, remedy);
    Remark { topic, fault, local: rule.origin == Origin::Local }
}

/// Rules with the pattern of one before them.
fn twins(rules: &[Rule]) -> Vec<Remark> {
    let mut known: BTreeMap<&str, &Rule> = BTreeMap::new();
    let mut remarks = Vec::new();
    for rule in rules {
        match known.get(rule.pattern.as_str()) {
            Some(other) => {
                let what =
                    format!("its pattern is that of rule {} ({}:{})", other.id, other.file, other.line);
                let remedy = "one rule with the words of both is enough";
                remarks.push(remark(rule, Topic::Duplicate, &what, remedy));
            }
            None => {
                known.insert(rule.pattern.as_str(), rule);
            }
        }
    }
    remarks
}

/// A word that stands twice, or for and against.
fn words(rule: &Rule) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    let all = rule.context.words.iter().chain(&rule.context.pairs).map(|word| (word, true));
    for (word, speaks_for) in all.chain(rule.against.words.iter().map(|word| (word, false))) {
        match seen.insert(fold(word), speaks_for) {
            Some(before) if before != speaks_for => {
                let what = format!("\"{word}\" speaks for and against");
                remarks.push(remark(rule, Topic::Contradiction, &what, "keep it on one side"));
            }
            Some(_) => {
                let what = format!("\"{word}\" stands twice once accents and case are folded");
                remarks.push(remark(rule, Topic::Duplicate, &what, "keep one"));
            }
            None => {}
        }
    }
    remarks
}

/// Whether every example of a rule is taken by others.
fn in_shadow(detectors: &Detectors, rule: &Rule) -> Option<Remark> {
    let mut takers = BTreeSet::new();
    for example in &rule.examples {
        takers.insert(taker(detectors, rule, example)?);
    }
    if takers.is_empty() || takers.contains(&rule.id) {
        return None;
    }
    let named: Vec<String> = takers
        .iter()
        .filter_map(|id| detectors.rules().iter().find(|other| other.id == *id))
        .map(|other| format!("{} ({}:{})", other.id, other.file, other.line))
        .collect();
    let what = format!("every example is found by {}, with more evidence", named.join(", "));
    let remedy = "remove the rule, give it an example that it alone finds, or more bits";
    Some(remark(rule, Topic::Shadow, &what, remedy))
}

/// The rule that finds an example's value; the rule itself when it could but another one was quicker with the same bits.
fn taker(detectors: &Detectors, rule: &Rule, example: &Example) -> Option<String> {
    let segments = segments(&example.text, Region::Body);
    let trace = run(detectors, &segments);
    let same = |one: &&crate::detect::Candidate| one.kind == rule.kind && one.value.reveal() == example.value;
    let winner = trace.kept.iter().find(same)?;
    let own = trace.lost.iter().find(|lost| lost.rule == rule.id && same(lost));
    let ties = own.is_some_and(|own| own.bits() >= winner.bits());
    Some(if ties { rule.id.clone() } else { winner.rule.clone() })
}

/// Stop words of `local.d` that silence an example.
fn stops(detectors: &Detectors) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for change in &detectors.local().changes {
        let Some(rule) = detectors.rules().iter().find(|rule| rule.id == change.rule) else { continue };
        for stop in &change.stop_words {
            let stop = stop.to_ascii_uppercase();
            let hit = rule.examples.iter().find(|example| example.value.starts_with(&stop));
            remarks.extend(hit.map(|example| {
                let what = format!(
                    "the stop word {stop} silences the example {:?} of rule {}",
                    example.text, rule.id
                );
                let fault = Fault::on_line(
                    &change.file,
                    change.line,
                    1,
                    what,
                    "take a longer stop word, or a word against",
                );
                Remark { topic: Topic::Hides, fault, local: true }
            }));
        }
    }
    remarks
}
