//! Rule files: TOML in, checked rules out. A rule without reference, example and counter-example does not load.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use super::labels::Labels;
use super::validators::{self, FACTS, Validator};
use crate::model::{Confidence, Fault, Faults, Kind};

/// The name under which rules look for references that the directive allows.
const REFERENCE: &str = "reference";

/// One detection rule, ready to run.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// What it finds; `None` for references that the directive allows.
    pub kind: Option<Kind>,
    /// Its pattern, on folded text. A group named `value` narrows what is found.
    pub pattern: Regex,
    /// Whether the pattern has that group.
    pub has_value: bool,
    /// Fewest digits that must stand close together for the pattern to be tried.
    pub digits: usize,
    /// Words of which one must stand near, for rules that do not start from digits.
    pub anchors: Vec<String>,
    /// Whether the pattern is tried only on lines where a person is found by something else.
    pub beside_person: bool,
    /// How many different values must stand in the message for `several` to be weighed; 0 for never.
    pub several: usize,
    /// What judges a match, in order; the last gives the value.
    pub validators: Vec<Validator>,
    /// Words for and against around a match.
    pub labels: Labels,
    /// Words that a value must not start with.
    pub stop_words: Vec<String>,
    /// Bits of each fact.
    pub evidence: BTreeMap<String, f32>,
    /// Texts in which the rule finds something.
    pub examples: Vec<Example>,
    /// Texts in which nothing of its kind is found.
    pub counter_examples: Vec<CounterExample>,
    /// The file it stands in, for reports.
    pub file: String,
    /// The line it starts at.
    pub line: usize,
}

/// A text with what must be found in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The text.
    pub text: String,
    /// The value in normal form.
    pub value: String,
    /// The exact text found, when it is not the value but for case and separators.
    pub found: Option<String>,
    /// The confidence it must reach; medium when not said.
    pub confidence: Option<Confidence>,
}

/// A text with the reason why nothing is found in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterExample {
    /// The text.
    pub text: String,
    /// Why it is not what it looks like.
    pub because: String,
}

/// The date at which examples are read.
pub const EXAMPLE_DATE: Date = jiff::civil::date(2026, 1, 15);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    rule: Vec<Spanned<RawRule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: Spanned<String>,
    kind: Spanned<String>,
    pattern: Spanned<String>,
    #[serde(default)]
    digits: usize,
    #[serde(default)]
    anchors: Vec<String>,
    #[serde(default)]
    beside_person: bool,
    #[serde(default)]
    several: usize,
    #[serde(default)]
    validators: Vec<Spanned<String>>,
    #[serde(default)]
    context: RawWords,
    #[serde(default)]
    against: RawWords,
    #[serde(default)]
    stop_words: Vec<String>,
    evidence: BTreeMap<Spanned<String>, f32>,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    examples: Vec<Example>,
    #[serde(default)]
    counter_examples: Vec<CounterExample>,
}

/// Words to look for around a match.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawWords {
    /// How many bytes before the match.
    pub near: usize,
    /// How many bytes after it.
    pub after: usize,
    /// Whether a word speaks from wherever it stands, even when another is nearer.
    pub always: bool,
    /// The words.
    pub words: Vec<String>,
}

/// Reads one file of rules.
pub fn read(file: &str, text: &str, errors: &mut Faults) -> Vec<Rule> {
    match toml::from_str::<RawFile>(text) {
        Ok(raw) => raw.rule.into_iter().filter_map(|rule| Reader { file, text, errors }.rule(rule)).collect(),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            errors.push(Fault::at(
                file,
                text,
                at,
                error.message(),
                "compare with the other rules of the file",
            ));
            Vec::new()
        }
    }
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    errors: &'a mut Faults,
}

impl Reader<'_> {
    fn rule(&mut self, raw: Spanned<RawRule>) -> Option<Rule> {
        let span = raw.span();
        let raw = raw.into_inner();
        let before = self.errors.0.len();
        self.proofs(&span, &raw);
        let kind = self.kind(&raw.kind);
        let pattern = self.pattern(&raw.pattern);
        let validators = raw.validators.iter().filter_map(|name| self.validator(name)).collect();
        self.facts(&raw.evidence);
        if raw.digits == 0 && raw.anchors.is_empty() && !raw.beside_person {
            self.error(
                &raw.id.span(),
                "the rule starts from nothing",
                "give `digits` (fewest digits), `anchors` (words near it) or `beside_person`",
            );
        }
        let (kind, pattern) = (kind?, pattern?);
        (self.errors.0.len() == before).then(|| Rule {
            id: raw.id.into_inner(),
            kind,
            has_value: pattern.capture_names().flatten().any(|name| name == "value"),
            pattern,
            digits: raw.digits,
            anchors: raw.anchors,
            beside_person: raw.beside_person,
            several: raw.several,
            validators,
            labels: Labels::new(&raw.context, &raw.against),
            stop_words: raw.stop_words.iter().map(|word| word.to_ascii_uppercase()).collect(),
            evidence: raw.evidence.into_iter().map(|(fact, bits)| (fact.into_inner(), bits)).collect(),
            examples: raw.examples,
            counter_examples: raw.counter_examples,
            file: self.file.to_owned(),
            line: Fault::at(self.file, self.text, span.start, "", "").line,
        })
    }

    fn proofs(&mut self, span: &Range<usize>, raw: &RawRule) {
        for (missing, what) in [
            (raw.references.is_empty(), "reference"),
            (raw.examples.is_empty(), "example"),
            (raw.counter_examples.is_empty(), "counter-example"),
        ] {
            if missing {
                self.error(span, format!("the rule has no {what}"), format!("give it at least one {what}"));
            }
        }
    }

    fn kind(&mut self, name: &Spanned<String>) -> Option<Option<Kind>> {
        if name.get_ref() == REFERENCE {
            return Some(None);
        }
        let kind = Kind::from_name(name.get_ref());
        if kind.is_none() {
            let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            self.error(
                &name.span(),
                "no such kind",
                format!("use one of {}, or {REFERENCE}", known.join(", ")),
            );
        }
        kind.map(Some)
    }

    fn pattern(&mut self, pattern: &Spanned<String>) -> Option<Regex> {
        let compiled = Regex::new(pattern.get_ref());
        if let Err(error) = &compiled {
            let reason = error.to_string().lines().last().unwrap_or_default().to_owned();
            self.error(
                &pattern.span(),
                format!("the pattern does not compile: {reason}"),
                "correct it (syntax of the regex crate)",
            );
        }
        compiled.ok()
    }

    fn validator(&mut self, name: &Spanned<String>) -> Option<Validator> {
        let found = validators::by_name(name.get_ref());
        if found.is_none() {
            let known: Vec<_> = validators::VALIDATORS.iter().map(|(name, _)| *name).collect();
            self.error(&name.span(), "no such validator", format!("use one of {}", known.join(", ")));
        }
        found
    }

    fn facts(&mut self, evidence: &BTreeMap<Spanned<String>, f32>) {
        for fact in evidence.keys().filter(|fact| !FACTS.contains(&fact.get_ref().as_str())) {
            self.error(&fact.span(), "no such fact", format!("use one of {}", FACTS.join(", ")));
        }
    }

    fn error(&mut self, span: &Range<usize>, problem: impl Into<String>, remedy: impl Into<String>) {
        self.errors.push(Fault::at(self.file, self.text, span.start, problem, remedy));
    }
}
