//! Rules: what is looked for, what speaks for and against it, and the texts that prove it.

pub mod read;

use std::collections::BTreeMap;

use jiff::civil::Date;
use regex::Regex;
use serde::Deserialize;

use super::about::{About, RawAbout};
use super::labels::Labels;
use super::validators::Validator;
use crate::model::{Confidence, Kind, Region};

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
    /// Where its pattern is tried.
    pub start: Start,
    /// How many different values must stand in the message for `several` to be weighed; 0 for never.
    pub several: usize,
    /// What judges a match, in order; the last gives the value.
    pub validators: Vec<Validator>,
    /// Words for and against around a match, ready to look for.
    pub labels: Labels,
    /// The words for.
    pub context: RawWords,
    /// The words against.
    pub against: RawWords,
    /// Subjects of which a sentence says what a label says, and that are no person: an organisation is born too.
    pub founded: Vec<String>,
    /// What a message is about where such a number stands without a label.
    pub about: Option<About>,
    /// The words of that, as written.
    pub about_words: RawAbout,
    /// Words that a value must not start with.
    pub stop_words: Vec<String>,
    /// Bits of each fact.
    pub evidence: BTreeMap<String, f32>,
    /// Where what it knows comes from.
    pub references: Vec<String>,
    /// Texts in which the rule finds something.
    pub examples: Vec<Example>,
    /// Texts in which nothing of its kind is found.
    pub counter_examples: Vec<CounterExample>,
    /// Who wrote it.
    pub origin: Origin,
    /// The file it stands in, for reports.
    pub file: String,
    /// The line it starts at.
    pub line: usize,
}

/// What a rule starts from: no other stretch of a message is shown to its pattern.
#[derive(Debug)]
pub enum Start {
    /// So many digits close together.
    Digits(usize),
    /// So many digits, in a column whose header holds a word of the rule's context.
    Column(usize),
    /// One of these words near, or as a heading above.
    Words(Vec<String>),
    /// A line on which a person is found by something else.
    Person,
}

/// Who wrote a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It ships with the program.
    Shipped,
    /// It stands in the establishment's `local.d`.
    Local,
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
    /// What kind of text it is; the body when not said.
    pub region: Option<Region>,
}

/// Words to look for around a match.
#[derive(Clone, Debug, Default)]
pub struct RawWords {
    /// How many bytes before the match.
    pub near: usize,
    /// How many bytes after it.
    pub after: usize,
    /// Whether a word speaks from wherever it stands, even when another is nearer.
    pub always: bool,
    /// Whether a word against speaks over the ends of lines: an invitation tells its number on one and its password on the next.
    pub lines: bool,
    /// The words.
    pub words: Vec<String>,
    /// Words that speak only beside one of `with`, on either side of it: a card, beside a province.
    pub pairs: Vec<String>,
    /// What makes those speak; one written in capitals alone is looked for in capitals.
    pub with: Vec<String>,
}

/// The date at which examples are read.
pub const EXAMPLE_DATE: Date = jiff::civil::date(2026, 1, 15);

impl RawWords {
    /// Every word that may speak, with what makes it.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.words.iter().chain(&self.pairs).chain(&self.with)
    }
}

impl Rule {
    /// Whether what is said around a match tells it: the rule weighs how near a word for it stands.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.evidence.contains_key("named")
    }

    /// The words it starts from; none when it starts from something else.
    #[must_use]
    pub fn anchors(&self) -> &[String] {
        match &self.start {
            Start::Words(words) => words,
            Start::Digits(_) | Start::Column(_) | Start::Person => &[],
        }
    }

    /// Adds words to those it looks for.
    pub fn extend(&mut self, context: &[String], against: &[String], anchors: &[String], stops: &[String]) {
        self.context.words.extend_from_slice(context);
        self.against.words.extend_from_slice(against);
        self.labels = Labels::new(&self.context, &self.against);
        self.about = About::new(&self.about_words, &self.against.words);
        if let Start::Words(words) = &mut self.start {
            words.extend_from_slice(anchors);
        }
        self.stop_words.extend(stops.iter().map(|word| word.to_ascii_uppercase()));
    }
}
