//! Rules prove themselves: every example must be found, exactly; nothing may be found in a counter-example.

use super::candidate::Candidate;
use super::rules::{CounterExample, EXAMPLE_DATE, Example, Rule};
use super::{Context, Detectors, candidates};
use crate::model::{Boundary, Confidence, Masked, Place, Region, Segment};

/// What running every example and counter-example gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// How many rules there are.
    pub rules: usize,
    /// How many examples and counter-examples were run.
    pub run: usize,
    /// What did not come out as the rule says, one sentence each.
    pub failures: Vec<String>,
}

/// Runs the examples of every rule through the whole detector.
#[must_use]
pub fn check(detectors: &Detectors) -> CheckReport {
    let mut report = CheckReport::default();
    for rule in detectors.rules.rules() {
        report.rules += 1;
        for (number, example) in (1..).zip(&rule.examples) {
            report.run += 1;
            report
                .failures
                .extend(misses(detectors, rule, example).map(|why| sentence(rule, "example", number, &why)));
        }
        for (number, counter) in (1..).zip(&rule.counter_examples) {
            report.run += 1;
            report.failures.extend(
                finds(detectors, rule, counter).map(|why| sentence(rule, "counter-example", number, &why)),
            );
        }
    }
    report
}

fn sentence(rule: &Rule, what: &str, number: usize, why: &str) -> String {
    format!("{}:{}: rule {}, {what} {number}: {why}", rule.file, rule.line, rule.id)
}

/// Why an example is not found as it says.
fn misses(detectors: &Detectors, rule: &Rule, example: &Example) -> Option<String> {
    let (found, segments) = run(detectors, &example.text);
    let Some((candidate, span)) = found
        .iter()
        .find(|(candidate, _)| candidate.kind == rule.kind && candidate.value.reveal() == example.value)
    else {
        let values: Vec<_> = found
            .iter()
            .filter(|(candidate, _)| candidate.kind == rule.kind)
            .map(|(candidate, _)| candidate.value.reveal())
            .collect();
        return Some(format!("{} is not found, but {values:?}", example.value));
    };
    let written =
        segments.first().and_then(|segment| segment.text.reveal().get(span.0..span.1)).unwrap_or_default();
    let same = |text: &str| text == example.found.as_deref().unwrap_or(text);
    let plain = |text: &str| {
        text.chars().filter(|character| character.is_alphanumeric()).collect::<String>().to_uppercase()
    };
    if !same(written) || (example.found.is_none() && plain(written) != plain(&example.value)) {
        return Some(format!("what is found is {written:?}"));
    }
    let wanted = example.confidence.unwrap_or(Confidence::Medium);
    let reached = Confidence::of(candidate.bits());
    let reasons: Vec<_> = candidate
        .evidence
        .iter()
        .map(|evidence| format!("{} {:+}", evidence.reason, evidence.bits))
        .collect();
    (reached < Some(wanted)).then(|| {
        format!(
            "confidence is {}, not {}: {}",
            reached.map_or("none", Confidence::name),
            wanted.name(),
            reasons.join(", ")
        )
    })
}

/// What is found, at medium or more, where nothing should be.
fn finds(detectors: &Detectors, rule: &Rule, counter: &CounterExample) -> Option<String> {
    let (found, _) = run(detectors, &counter.text);
    let wrong = found.iter().find(|(candidate, _)| {
        candidate.kind == rule.kind && Confidence::of(candidate.bits()) >= Some(Confidence::Medium)
    });
    wrong.map(|(candidate, _)| {
        let reasons: Vec<_> = candidate
            .evidence
            .iter()
            .map(|evidence| format!("{} {:+}", evidence.reason, evidence.bits))
            .collect();
        format!("{} is found although {}: {}", candidate.value.reveal(), counter.because, reasons.join(", "))
    })
}

type Located = (Candidate, (usize, usize));

fn run(detectors: &Detectors, text: &str) -> (Vec<Located>, Vec<Segment>) {
    let segments = vec![Segment {
        place: Place { part: "1".to_owned(), ..Place::default() },
        region: Region::Body,
        cell: None,
        text: Masked::new(text),
        offset: 0,
        boundary: Boundary::Part,
    }];
    let context =
        Context { date: EXAMPLE_DATE, sender: None, recipients: Vec::new(), display_names: Vec::new() };
    let (prepared, found) = candidates(detectors, &segments, &context);
    let located = found.into_iter().map(|candidate| {
        let (_, span) = prepared.locate(candidate.block, &candidate.span);
        (candidate, span)
    });
    (located.collect(), segments.clone())
}
