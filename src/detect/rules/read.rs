//! Rule files: TOML in, checked rules out. A rule without reference, example and counter-example does not load; neither does
//! one that would be costly. Every mistake has its line and column.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use super::{CounterExample, Example, Origin, RawWords, Rule, Start};
use crate::detect::about::{About, RawAbout};
use crate::detect::cost;
use crate::detect::labels::Labels;
use crate::detect::nearest::nearest;
use crate::detect::validators::{self, FACTS, VALIDATORS, Validator};
use crate::model::{Fault, Faults, Kind};

/// The name under which rules look for references that the directive allows.
const REFERENCE: &str = "reference";
/// Largest rule file, in bytes.
const FILE: usize = 1 << 20;
/// Most bytes before or after a match in which words are looked for.
const REACH: usize = 2_000;
/// Longest word of a rule, in characters.
const WORD: usize = 200;
/// Most words of one kind in a rule.
const WORDS: usize = 2_000;
/// Most bytes of all anchors together: their automaton stays under about 16 MiB.
const ANCHORS: usize = 16 << 10;
/// Most bits a fact may weigh, for or against.
const BITS: f32 = 100.0;
/// Most digits a rule may ask for.
const DIGITS: usize = 64;
/// Fewest digits of a reference that says none.
const REFERENCE_DIGITS: usize = 3;
/// Largest text of an example, in bytes.
const TEXT: usize = 64 << 10;
/// Bits that an allowed reference needs to count.
const ALLOWED: f32 = 7.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    lists: RawLists,
    #[serde(default)]
    rule: Vec<Spanned<RawRule>>,
}

/// The lists of words of one file, by name.
pub type RawLists = BTreeMap<Spanned<String>, Vec<Spanned<String>>>;

/// Lists of words that rules of any file share: `@name` among the words of a rule stands for those of the list.
pub type Lists = BTreeMap<String, Vec<String>>;

/// What opens the name of a list among words.
const LIST: char = '@';

/// A rule as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRule {
    id: Spanned<String>,
    kind: Spanned<String>,
    pattern: Spanned<String>,
    digits: Option<Spanned<usize>>,
    #[serde(default)]
    anchors: Vec<Spanned<String>>,
    #[serde(default)]
    beside_person: bool,
    #[serde(default)]
    columns_only: bool,
    #[serde(default)]
    several: usize,
    #[serde(default)]
    validators: Vec<Spanned<String>>,
    context: Option<Spanned<WrittenWords>>,
    against: Option<Spanned<WrittenWords>>,
    about: Option<Spanned<WrittenAbout>>,
    #[serde(default)]
    founded: Vec<Spanned<String>>,
    #[serde(default)]
    stop_words: Vec<Spanned<String>>,
    evidence: BTreeMap<Spanned<String>, Spanned<f32>>,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    examples: Vec<Example>,
    #[serde(default)]
    counter_examples: Vec<CounterExample>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenWords {
    near: usize,
    after: usize,
    always: bool,
    lines: bool,
    words: Vec<Spanned<String>>,
    pairs: Vec<Spanned<String>>,
    with: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAbout {
    near: usize,
    #[serde(default)]
    names: Vec<Spanned<String>>,
    #[serde(default)]
    topics: Vec<Spanned<String>>,
    #[serde(default)]
    others: Vec<Spanned<String>>,
}

/// A number of the establishment that the directive allows: a rule in short.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawReference {
    id: Spanned<String>,
    pattern: Spanned<String>,
    digits: Option<Spanned<usize>>,
    #[serde(default)]
    labels: Vec<Spanned<String>>,
    reason: Spanned<String>,
    #[serde(default)]
    examples: Vec<Example>,
    #[serde(default)]
    counter_examples: Vec<CounterExample>,
}

/// Reads files of rules, and the lists of words that they share.
pub fn read(files: &[(String, String)], errors: &mut Faults) -> (Vec<Rule>, Lists) {
    let raw: Vec<_> = files.iter().map(|(file, text)| (file, text, parse(file, text, errors))).collect();
    let (none, mut lists) = (Lists::new(), Lists::new());
    for (file, text, raw) in &raw {
        let mut reader = Reader::new(file, text, Origin::Shipped, &none, errors);
        reader.lists(raw.as_ref().map(|raw| &raw.lists), &mut lists);
    }
    let mut rules = Vec::new();
    for (file, text, raw) in raw {
        let mut reader = Reader::new(file, text, Origin::Shipped, &lists, errors);
        rules.extend(raw.into_iter().flat_map(|raw| raw.rule).filter_map(|rule| reader.rule(rule)));
    }
    (rules, lists)
}

fn parse(file: &str, text: &str, errors: &mut Faults) -> Option<RawFile> {
    if let Some(fault) = too_large(file, text) {
        errors.push(fault);
        return None;
    }
    let read = toml::from_str::<RawFile>(text);
    read.map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        errors.push(Fault::at(file, text, at, error.message(), "compare with the other rules of the file"));
    })
    .ok()
}

/// The fault of a file that is too large to be one of rules.
#[must_use]
pub fn too_large(file: &str, text: &str) -> Option<Fault> {
    let what = || format!("the file has {} bytes, and {FILE} are allowed", text.len());
    (text.len() > FILE).then(|| Fault::whole(file, what(), "part it in several files"))
}

/// Checks what only all rules together show: an id taken twice, more words to start from than an automaton should hold.
pub fn whole(rules: &[Rule], errors: &mut Faults) {
    let mut known: BTreeMap<&str, &Rule> = BTreeMap::new();
    let mut anchors = 0;
    for rule in rules {
        if let Some(other) = known.insert(&rule.id, rule) {
            let (what, mut remedy) = (
                format!("the id {} is taken, at {}:{}", rule.id, other.file, other.line),
                "give the rule another id",
            );
            if other.origin == Origin::Shipped && rule.origin == Origin::Local {
                remedy = "give yours another id, or change the shipped rule with [[override]]";
            }
            errors.push(Fault::on_line(&rule.file, rule.line, 1, what, remedy));
        }
        anchors += rule.anchors().iter().map(String::len).sum::<usize>();
        if anchors > ANCHORS {
            let what = format!("the anchors of all rules have more than {ANCHORS} bytes");
            errors.push(Fault::on_line(
                &rule.file,
                rule.line,
                1,
                what,
                "start from `digits`, or from fewer words",
            ));
            return;
        }
    }
}

/// Reads the tables of one file, and notes what is wrong in them.
pub struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    origin: Origin,
    lists: &'a Lists,
    errors: &'a mut Faults,
}

impl<'a> Reader<'a> {
    /// Reads a file by its name and text, with the lists that its rules may name.
    pub fn new(
        file: &'a str,
        text: &'a str,
        origin: Origin,
        lists: &'a Lists,
        errors: &'a mut Faults,
    ) -> Self {
        Self { file, text, origin, lists, errors }
    }

    /// Adds the lists of the file to those known.
    pub fn lists(&mut self, raw: Option<&RawLists>, known: &mut Lists) {
        for (name, words) in raw.into_iter().flatten() {
            self.words(words);
            let list = words.iter().map(|word| word.get_ref().clone()).collect();
            if known.insert(name.get_ref().clone(), list).is_some() {
                self.error(&name.span(), "a list of this name is known", "give yours another name");
            }
        }
    }

    /// Words with those of the lists that they name.
    pub fn listed(&mut self, words: &[Spanned<String>]) -> Vec<String> {
        let mut all = Vec::new();
        for word in words {
            let Some(name) = word.get_ref().strip_prefix(LIST) else {
                all.push(word.get_ref().clone());
                continue;
            };
            match self.lists.get(name) {
                Some(list) => all.extend(list.iter().cloned()),
                None => {
                    let near = nearest(name, self.lists.keys().map(String::as_str));
                    let remedy = near
                        .map_or("write the words".to_owned(), |near| format!("did you mean {LIST}{near}?"));
                    self.error(&word.span(), format!("no list is called {name}"), remedy);
                }
            }
        }
        all
    }

    /// How many faults there are so far.
    #[must_use]
    pub fn faults(&self) -> usize {
        self.errors.0.len()
    }

    /// The file, and the line at which a span starts.
    #[must_use]
    pub fn place(&self, span: &Range<usize>) -> (String, usize) {
        (self.file.to_owned(), Fault::at(self.file, self.text, span.start, "", "").line)
    }

    /// Notes a fault.
    pub fn error(&mut self, span: &Range<usize>, problem: impl Into<String>, remedy: impl Into<String>) {
        self.errors.push(Fault::at(self.file, self.text, span.start, problem, remedy));
    }

    /// Reads a rule; `None` when something is wrong in it.
    pub fn rule(&mut self, raw: Spanned<RawRule>) -> Option<Rule> {
        let span = raw.span();
        let raw = raw.into_inner();
        let before = self.faults();
        let missing = [(raw.references.is_empty(), "reference"), (raw.examples.is_empty(), "example")];
        self.proofs(&span, &missing, &raw.examples, &raw.counter_examples);
        self.needs(&raw.id, "id", "give the rule a name");
        let kind = self.kind(&raw.kind);
        let pattern = self.pattern(&raw.pattern);
        let validators = raw.validators.iter().filter_map(|name| self.validator(name)).collect();
        self.facts(&raw.evidence);
        self.words(&raw.anchors);
        self.words(&raw.stop_words);
        self.words(&raw.founded);
        let founded = self.listed(&raw.founded);
        let anchors = self.listed(&raw.anchors);
        let start = self.start(&raw, anchors);
        let context = self.around(raw.context);
        let against = self.around(raw.against);
        let about = raw.about.map(|about| self.about(about));
        let (file, line) = self.place(&span);
        let (kind, pattern, start) = (kind?, pattern?, start?);
        (self.faults() == before).then(|| Rule {
            id: raw.id.into_inner(),
            kind,
            has_value: has_value(&pattern),
            pattern,
            start,
            several: raw.several,
            validators,
            labels: Labels::new(&context, &against),
            about: about.as_ref().and_then(|about| About::new(about, &against.words)),
            context,
            against,
            founded,
            about_words: about.unwrap_or_default(),
            stop_words: raw.stop_words.iter().map(|word| word.get_ref().to_ascii_uppercase()).collect(),
            evidence: raw
                .evidence
                .into_iter()
                .map(|(fact, bits)| (fact.into_inner(), bits.into_inner()))
                .collect(),
            references: raw.references,
            examples: raw.examples,
            counter_examples: raw.counter_examples,
            origin: self.origin,
            file,
            line,
        })
    }

    /// Reads a reference: without labels its shape is enough, with labels one of them must stand near.
    pub fn reference(&mut self, raw: Spanned<RawReference>) -> Option<Rule> {
        let span = raw.span();
        let raw = raw.into_inner();
        let before = self.faults();
        self.proofs(&span, &[(raw.examples.is_empty(), "example")], &raw.examples, &raw.counter_examples);
        self.needs(&raw.id, "id", "give the reference a name");
        self.needs(&raw.reason, "reason", "say what the number is");
        self.words(&raw.labels);
        let pattern = self.pattern(&raw.pattern);
        let digits = raw.digits.as_ref().map_or(REFERENCE_DIGITS, |digits| self.digits(digits));
        let (file, line) = self.place(&span);
        let words = raw.labels.iter().map(|word| word.get_ref().clone()).collect();
        let context = RawWords { near: 60, words, ..RawWords::default() };
        let fact = |fact: &str| (fact.to_owned(), ALLOWED);
        let evidence =
            if raw.labels.is_empty() { vec![fact("shape")] } else { vec![fact("label"), fact("column")] };
        let pattern = pattern?;
        (self.faults() == before).then(|| Rule {
            id: raw.id.into_inner(),
            kind: None,
            has_value: has_value(&pattern),
            pattern,
            start: Start::Digits(digits),
            several: 0,
            validators: validators::by_name("verbatim").into_iter().collect(),
            labels: Labels::new(&context, &RawWords::default()),
            context,
            against: RawWords::default(),
            founded: Vec::new(),
            about: None,
            about_words: RawAbout::default(),
            stop_words: Vec::new(),
            evidence: evidence.into_iter().collect(),
            references: vec![raw.reason.into_inner()],
            examples: raw.examples,
            counter_examples: raw.counter_examples,
            origin: self.origin,
            file,
            line,
        })
    }

    fn proofs(
        &mut self,
        span: &Range<usize>,
        missing: &[(bool, &str)],
        examples: &[Example],
        counters: &[CounterExample],
    ) {
        for (missing, what) in missing.iter().chain(&[(counters.is_empty(), "counter-example")]) {
            if *missing {
                self.error(span, format!("the rule has no {what}"), format!("give it at least one {what}"));
            }
        }
        let mut texts = examples.iter().map(|one| &one.text).chain(counters.iter().map(|one| &one.text));
        if texts.any(|text| text.len() > TEXT) {
            let what = format!("an example has more than {TEXT} bytes");
            self.error(span, what, "keep the lines that matter");
        }
    }

    /// Reads a kind by its name; the inner `None` is a reference.
    pub fn kind(&mut self, name: &Spanned<String>) -> Option<Option<Kind>> {
        if name.get_ref() == REFERENCE {
            return Some(None);
        }
        let kind = Kind::from_name(name.get_ref());
        if kind.is_none() {
            let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            let remedy = format!("use one of {}, or {REFERENCE}", known.join(", "));
            self.error(&name.span(), "no such kind", remedy);
        }
        kind.map(Some)
    }

    /// Compiles a pattern; what is wrong is told at its place in the pattern.
    pub fn pattern(&mut self, pattern: &Spanned<String>) -> Option<Regex> {
        let compiled = cost::compile(pattern.get_ref());
        if let Err(refusal) = &compiled {
            let span = pattern.span();
            let written = self.text.get(span.clone()).unwrap_or_default();
            let into = written
                .find(pattern.get_ref().as_str())
                .filter(|_| refusal.at > 0)
                .map_or(0, |start| start + refusal.at);
            self.error(&(span.start + into..span.end), refusal.what.clone(), refusal.remedy);
        }
        compiled.ok()
    }

    fn validator(&mut self, name: &Spanned<String>) -> Option<Validator> {
        let found = validators::by_name(name.get_ref());
        if found.is_none() {
            let known: Vec<_> = VALIDATORS.iter().map(|(name, _)| *name).collect();
            self.error(&name.span(), "no such validator", format!("use one of {}", known.join(", ")));
        }
        found
    }

    /// Checks the names and the bits of facts.
    pub fn facts(&mut self, evidence: &BTreeMap<Spanned<String>, Spanned<f32>>) {
        for (fact, bits) in evidence {
            let known = || FACTS.iter().map(|(name, _)| *name);
            if known().all(|name| name != fact.get_ref()) {
                let near = nearest(fact.get_ref(), known());
                let near = near.map_or(String::new(), |near| format!("did you mean {near}? "));
                self.error(
                    &fact.span(),
                    "no such fact",
                    format!("{near}use one of {}", known().collect::<Vec<_>>().join(", ")),
                );
            }
            if !(-BITS..=BITS).contains(bits.get_ref()) {
                self.error(&bits.span(), "so many bits mean nothing", format!("give from -{BITS} to {BITS}"));
            }
        }
    }

    /// Checks words to look for: an empty one would stand everywhere.
    pub fn words(&mut self, words: &[Spanned<String>]) {
        for word in words {
            if word.get_ref().trim().is_empty() {
                self.error(&word.span(), "the word is empty", "write one, or remove it");
            }
            if word.get_ref().chars().count() > WORD {
                let what = format!("the word has more than {WORD} characters");
                self.error(&word.span(), what, "keep the words that tell");
            }
        }
        if let Some(beyond) = words.get(WORDS) {
            self.error(&beyond.span(), format!("more than {WORDS} words"), "keep the words that tell");
        }
    }

    fn around(&mut self, written: Option<Spanned<WrittenWords>>) -> RawWords {
        let Some(written) = written else { return RawWords::default() };
        let span = written.span();
        let WrittenWords { near, after, always, lines, words, pairs, with } = written.into_inner();
        if near.max(after) > REACH {
            let what = format!("a word farther than {REACH} bytes says nothing about a value");
            self.error(&span, what, "lower `near` or `after`");
        }
        if pairs.is_empty() != with.is_empty() {
            self.error(&span, "half of a pair says nothing", "give both `pairs` and `with`, or neither");
        }
        let [words, pairs, with] = [words, pairs, with].map(|words| {
            self.words(&words);
            self.listed(&words)
        });
        RawWords { near, after, always, lines, words, pairs, with }
    }

    fn about(&mut self, written: Spanned<WrittenAbout>) -> RawAbout {
        let span = written.span();
        let WrittenAbout { near, names, topics, others } = written.into_inner();
        if !(1..=REACH).contains(&near) {
            let what = format!("a word farther than {REACH} bytes says nothing about a value");
            self.error(&span, what, "give `near` so many bytes or fewer, and at least one");
        }
        let [names, topics, others] = [names, topics, others].map(|words| {
            self.words(&words);
            self.listed(&words)
        });
        RawAbout { near, names, topics, others }
    }

    /// What a rule starts from: one thing of three.
    fn start(&mut self, raw: &RawRule, anchors: Vec<String>) -> Option<Start> {
        let digits = raw.digits.as_ref().map(|digits| self.digits(digits));
        let start = match (digits, anchors.is_empty(), raw.beside_person, raw.columns_only) {
            (Some(digits), true, false, true) => Some(Start::Column(digits)),
            (Some(digits), true, false, false) => Some(Start::Digits(digits)),
            (None, false, false, false) => Some(Start::Words(anchors)),
            (None, true, true, false) => Some(Start::Person),
            _ => None,
        };
        if start.is_none() {
            let remedy =
                "give `digits` (with or without `columns_only`), `anchors` or `beside_person`, and no other";
            self.error(&raw.id.span(), "the rule must start from one thing", remedy);
        }
        start
    }

    fn digits(&mut self, written: &Spanned<usize>) -> usize {
        if !(1..=DIGITS).contains(written.get_ref()) {
            self.error(
                &written.span(),
                "no rule can ask for so many digits",
                format!("give from 1 to {DIGITS}"),
            );
        }
        *written.get_ref()
    }

    /// Notes that a text that people must write is empty.
    pub fn needs(&mut self, text: &Spanned<String>, name: &str, remedy: &str) {
        if text.get_ref().trim().is_empty() {
            self.error(&text.span(), format!("`{name}` is empty"), remedy);
        }
    }

    /// Reads a day, written with or without quotes.
    pub fn day(&mut self, written: &Spanned<toml::Value>) -> Option<Date> {
        let day = match written.get_ref() {
            toml::Value::String(text) => text.parse().ok(),
            toml::Value::Datetime(day) => day.to_string().parse().ok(),
            _ => None,
        };
        if day.is_none() {
            self.error(&written.span(), "not a day", "write it as 2026-11-30");
        }
        day
    }
}

fn has_value(pattern: &Regex) -> bool {
    pattern.capture_names().flatten().any(|name| name == "value")
}
