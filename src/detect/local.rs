//! What an establishment adds to the rules that ship, without touching them: the files of its `local.d`.
//!
//! In: texts of TOML files and word lists. Out: own rules, changes of shipped rules (each with its reason), exceptions, the
//! establishment's own numbers and names, and proofs. It refuses to know where the files are kept.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::exceptions::{Exception, Exceptions, Key, RawException};
use super::lexicon::Lexicons;
use super::nearest::nearest;
use super::rules::read::{Lists, RawReference, RawRule, Reader, too_large};
use super::rules::{CounterExample, Example, Origin, Rule};
use crate::model::{Fault, Faults, Kind};

/// Most own rules, exceptions and proofs, each: far above what people write, far below what would slow a message.
const MOST: usize = 2_000;
/// The list that the establishment's places and addresses join.
const PLACES: &str = "places";

/// The texts of an establishment's `local.d`.
#[derive(Clone, Debug, Default)]
pub struct LocalFiles {
    /// `*.toml`, as (file name, text).
    pub rules: Vec<(String, String)>,
    /// `lexicons/*.txt`, as (file name, text).
    pub lexicons: Vec<(String, String)>,
    /// The key of the digests of excepted values; `None` when there is none yet.
    pub key: Option<Key>,
}

/// What `local.d` says, read and checked.
#[derive(Debug, Default)]
pub struct Local {
    /// What is never reported.
    pub exceptions: Exceptions,
    /// Texts in which something must be found.
    pub examples: Vec<Proof<Example>>,
    /// Texts in which nothing may be found.
    pub counter_examples: Vec<Proof<CounterExample>>,
    /// Changes of shipped rules.
    pub changes: Vec<Change>,
    /// Names of places and addresses of the establishment.
    places: Vec<String>,
}

/// A proof that stands outside a rule.
#[derive(Debug)]
pub struct Proof<T> {
    /// Of which kind of finding it speaks.
    pub kind: Kind,
    /// The text.
    pub proof: T,
    /// The file it stands in.
    pub file: String,
    /// The line it starts at.
    pub line: usize,
}

/// A shipped rule that is changed or switched off.
#[derive(Debug)]
pub struct Change {
    /// The rule.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Stop words that were added.
    pub stop_words: Vec<String>,
    /// Whether it is switched off.
    pub disabled: bool,
    /// The file it stands in.
    pub file: String,
    /// The line it starts at.
    pub line: usize,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawLocal {
    rule: Vec<Spanned<RawRule>>,
    #[serde(rename = "override")]
    overrides: Vec<Spanned<RawOverride>>,
    disable: Vec<Spanned<RawDisable>>,
    exception: Vec<Spanned<RawException>>,
    reference: Vec<Spanned<RawReference>>,
    site: Option<RawSite>,
    example: Vec<Spanned<RawExample>>,
    counter_example: Vec<Spanned<RawCounterExample>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOverride {
    rule: Spanned<String>,
    reason: Spanned<String>,
    #[serde(default)]
    context: Vec<Spanned<String>>,
    #[serde(default)]
    against: Vec<Spanned<String>>,
    #[serde(default)]
    anchors: Vec<Spanned<String>>,
    #[serde(default)]
    stop_words: Vec<Spanned<String>>,
    #[serde(default)]
    evidence: BTreeMap<Spanned<String>, Spanned<f32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDisable {
    rule: Spanned<String>,
    reason: Spanned<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawSite {
    phones: Vec<Spanned<String>>,
    institutions: Vec<Spanned<String>>,
    addresses: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExample {
    kind: Spanned<String>,
    text: String,
    value: String,
    found: Option<String>,
    confidence: Option<crate::model::Confidence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCounterExample {
    kind: Spanned<String>,
    text: Spanned<String>,
    because: Spanned<String>,
    #[serde(default)]
    region: Option<crate::model::Region>,
}

impl Local {
    /// Reads the files of `local.d` and merges them into the rules and word lists that ship.
    pub fn merge(
        files: &LocalFiles,
        shipped: &mut Vec<Rule>,
        shared: &Lists,
        lists: &mut Lexicons,
        errors: &mut Faults,
    ) -> Self {
        let mut local = Self::default();
        for (file, text) in &files.rules {
            if let Some(raw) = parse(file, text, errors) {
                let reader = Reader::new(file, text, Origin::Local, shared, errors);
                let mut merger = Merger { reader, local: &mut local };
                merger.file(raw, shipped, files.key.as_ref());
            }
        }
        lists.add_local(&files.lexicons, errors);
        lists.add_terms(PLACES, &local.places);
        local
    }
}

fn parse(file: &str, text: &str, errors: &mut Faults) -> Option<RawLocal> {
    if let Some(fault) = too_large(file, text) {
        errors.push(fault);
        return None;
    }
    let read = toml::from_str::<RawLocal>(text);
    read.map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        errors.push(Fault::at(file, text, at, error.message(), "config/local.d/README.md shows each table"));
    })
    .ok()
}

struct Merger<'a, 'f> {
    reader: Reader<'f>,
    local: &'a mut Local,
}

impl Merger<'_, '_> {
    fn file(&mut self, raw: RawLocal, rules: &mut Vec<Rule>, key: Option<&Key>) {
        let counts = [
            raw.rule.len() + raw.reference.len(),
            raw.exception.len(),
            raw.example.len() + raw.counter_example.len(),
        ];
        if counts.into_iter().any(|count| count > MOST) {
            let what = format!("more than {MOST} rules, exceptions or examples in one file");
            return self.reader.error(&(0..0), what, "keep those that are needed");
        }
        for one in raw.overrides {
            self.override_rule(one, rules);
        }
        for one in raw.disable {
            self.disable(one, rules);
        }
        rules.extend(raw.rule.into_iter().filter_map(|rule| self.reader.rule(rule)));
        rules.extend(raw.reference.into_iter().filter_map(|reference| self.reader.reference(reference)));
        for one in raw.exception {
            self.exception(one, key);
        }
        if let Some(site) = raw.site {
            self.site(site);
        }
        for one in raw.example {
            self.example(one);
        }
        for one in raw.counter_example {
            self.counter_example(one);
        }
    }

    fn override_rule(&mut self, raw: Spanned<RawOverride>, rules: &mut [Rule]) {
        let span = raw.span();
        let raw = raw.into_inner();
        self.reader.needs(&raw.reason, "reason", "say why the shipped rule is changed");
        for words in [&raw.context, &raw.against, &raw.anchors, &raw.stop_words] {
            self.reader.words(words);
        }
        self.reader.facts(&raw.evidence);
        let empty =
            [&raw.context, &raw.against, &raw.anchors, &raw.stop_words].into_iter().all(Vec::is_empty);
        if empty && raw.evidence.is_empty() {
            let remedy = "add context, against, anchors, stop_words or evidence";
            self.reader.error(&span, "the override changes nothing", remedy);
        }
        let [context, against, anchors] =
            [&raw.context, &raw.against, &raw.anchors].map(|words| self.reader.listed(words));
        let Some(rule) = self.shipped(&raw.rule, rules) else { return };
        if let Some(first) = raw.anchors.first().filter(|_| rule.anchors().is_empty()) {
            let problem = format!("the rule {} starts from no words", rule.id);
            self.reader.error(&first.span(), problem, "give words that speak for a match in `context`");
        }
        rule.extend(&context, &against, &anchors, &plain(&raw.stop_words));
        rule.evidence
            .extend(raw.evidence.iter().map(|(fact, bits)| (fact.get_ref().clone(), *bits.get_ref())));
        self.change(&span, raw.rule, raw.reason, plain(&raw.stop_words), false);
    }

    fn disable(&mut self, raw: Spanned<RawDisable>, rules: &mut Vec<Rule>) {
        let span = raw.span();
        let raw = raw.into_inner();
        self.reader.needs(&raw.reason, "reason", "say why the rule is switched off");
        if self.shipped(&raw.rule, rules).is_some() {
            rules.retain(|rule| rule.id != *raw.rule.get_ref());
            self.change(&span, raw.rule, raw.reason, Vec::new(), true);
        }
    }

    fn change(
        &mut self,
        span: &Range<usize>,
        rule: Spanned<String>,
        reason: Spanned<String>,
        stop_words: Vec<String>,
        disabled: bool,
    ) {
        let (file, line) = self.reader.place(span);
        let (rule, reason) = (rule.into_inner(), reason.into_inner());
        self.local.changes.push(Change { rule, reason, stop_words, disabled, file, line });
    }

    fn shipped<'r>(&mut self, id: &Spanned<String>, rules: &'r mut [Rule]) -> Option<&'r mut Rule> {
        let known: Vec<String> =
            rules.iter().filter(|rule| rule.origin == Origin::Shipped).map(|rule| rule.id.clone()).collect();
        if !known.contains(id.get_ref()) {
            let remedy = match nearest(id.get_ref(), known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("the shipped rules are {}", known.join(", ")),
            };
            let off = self.local.changes.iter().any(|change| change.disabled && change.rule == *id.get_ref());
            let what = if off { "the rule is switched off already" } else { "no shipped rule has this id" };
            self.reader.error(&id.span(), format!("{what}: {}", id.get_ref()), remedy);
        }
        rules.iter_mut().find(|rule| rule.id == *id.get_ref() && rule.origin == Origin::Shipped)
    }

    fn exception(&mut self, raw: Spanned<RawException>, key: Option<&Key>) {
        if let Some(exception) = Exception::read(raw, &mut self.reader, key) {
            self.local.exceptions.push(exception);
        }
        if let Some(key) = key {
            self.local.exceptions.set_key(key);
        }
    }

    fn site(&mut self, site: RawSite) {
        for phone in site.phones {
            match Exception::phone(&phone, &mut self.reader) {
                Some(exception) => self.local.exceptions.push(exception),
                None => self.reader.error(
                    &phone.span(),
                    "not a telephone number",
                    "write ten digits, as in \"450 555-0100\"",
                ),
            }
        }
        self.reader.words(&site.institutions);
        self.reader.words(&site.addresses);
        self.local.places.extend(plain(&site.institutions));
        self.local.places.extend(plain(&site.addresses));
    }

    fn example(&mut self, raw: Spanned<RawExample>) {
        let (file, line) = self.reader.place(&raw.span());
        let raw = raw.into_inner();
        if let Some(Some(kind)) = self.reader.kind(&raw.kind) {
            let proof =
                Example { text: raw.text, value: raw.value, found: raw.found, confidence: raw.confidence };
            self.local.examples.push(Proof { kind, proof, file, line });
        }
    }

    fn counter_example(&mut self, raw: Spanned<RawCounterExample>) {
        let (file, line) = self.reader.place(&raw.span());
        let raw = raw.into_inner();
        self.reader.needs(&raw.text, "text", "give the text in which nothing may be found");
        self.reader.needs(&raw.because, "because", "say why it is not what it looks like");
        if let Some(Some(kind)) = self.reader.kind(&raw.kind) {
            let (text, because) = (raw.text.into_inner(), raw.because.into_inner());
            let proof = CounterExample { text, because, region: raw.region };
            self.local.counter_examples.push(Proof { kind, proof, file, line });
        }
    }
}

fn plain(words: &[Spanned<String>]) -> Vec<String> {
    words.iter().map(|word| word.get_ref().clone()).collect()
}
