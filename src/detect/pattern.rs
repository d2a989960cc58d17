//! Runs the rules over prepared text. Text without digits or anchor words is never shown to a pattern.

mod scan;
mod surroundings;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use jiff::civil::Date;

use super::candidate::Candidate;
use super::digits::Need;
use super::openers::openers;
use super::prepared::Prepared;
use super::rules::Rule;
use super::validators::told_as;
use crate::model::Kind;
use scan::Scan;

/// How far around a person, and over how many cells of a row, more is looked for.
const LINES: usize = 240;
const CELLS: usize = 40;

/// Every rule, ready to run.
#[derive(Debug)]
pub struct Rules {
    rules: Vec<Rule>,
    /// The rules that start from digits.
    counted: Vec<Counted>,
    /// Fewest bytes of a match, by rule.
    shortest: Vec<usize>,
    /// The words that rules start from, and those that open the matches of rules that start from digits.
    words: AhoCorasick,
    /// Whose each word is.
    owners: Vec<Owner>,
}

/// A rule that starts from digits.
#[derive(Debug)]
struct Counted {
    rule: usize,
    /// Fewest digits of a window.
    digits: usize,
    /// What it asks of digits, when its pattern tells.
    need: Option<Need>,
    /// Whether one of a few words opens each of its matches.
    opened: bool,
    /// Whether it wants a column of its own.
    columned: bool,
}

/// The rule that a word is of.
#[derive(Clone, Copy, Debug)]
enum Owner {
    /// It starts from the word.
    Anchor(usize),
    /// Its matches open with the word.
    Opener(usize),
    /// It speaks for a column of its matches.
    Header(usize),
}

/// The words of rules in a text.
#[derive(Debug, Default)]
struct Words {
    /// The rule and the place of each anchor.
    anchors: Vec<(usize, Range<usize>)>,
    /// Where words begin that open the matches of a rule, in order.
    openers: HashMap<usize, Vec<usize>>,
    /// The rules for which a column may speak here.
    headers: Vec<usize>,
}

impl Words {
    /// Whether a match of a rule may begin in a stretch.
    fn open(&self, rule: usize, place: &Range<usize>) -> bool {
        self.openers.get(&rule).is_some_and(|starts| {
            let first = starts.partition_point(|start| *start < place.start);
            starts.get(first).is_some_and(|start| *start < place.end)
        })
    }
}

impl Rules {
    /// Prepares rules to be run together.
    ///
    /// # Panics
    /// Never for words below the 2^31 states of the automaton; a rule file has at most 1 MiB.
    #[must_use]
    pub fn new(rules: Vec<Rule>) -> Self {
        let mut words: Vec<(Owner, String)> = Vec::new();
        let mut counted = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            words.extend(rule.anchors.iter().map(|word| (Owner::Anchor(index), word.clone())));
            if rule.columns_only {
                words.extend(rule.context.words.iter().map(|word| (Owner::Header(index), word.clone())));
            }
            if rule.digits > 0 {
                let openers = openers(rule.pattern.as_str());
                let need = Need::of(rule.pattern.as_str());
                counted.push(Counted {
                    rule: index,
                    digits: rule.digits,
                    need,
                    opened: openers.is_some(),
                    columned: rule.columns_only,
                });
                words.extend(openers.into_iter().flatten().map(|word| (Owner::Opener(index), word)));
            }
        }
        let shortest = rules.iter().map(|rule| shortest(rule.pattern.as_str())).collect();
        let owners = words.iter().map(|(owner, _)| *owner).collect();
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words.iter().map(|(_, word)| word))
            .expect("the words of rules stay far below the automaton's limits");
        Self { rules, counted, shortest, words, owners }
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Every candidate that a rule proposes in a message.
    #[must_use]
    pub fn candidates(&self, prepared: &Prepared<'_>, today: Date) -> Vec<Candidate> {
        let mut scan = Scan::new(self, prepared, today);
        for block in 0..prepared.blocks.len() {
            let words = self.words(prepared.text(block));
            scan.digits(block, &words);
            scan.anchors(block, &words);
        }
        self.several(&mut scan.found);
        scan.found
    }

    /// What else is told of the persons already found, on their lines: telephone, address, e-mail.
    #[must_use]
    pub fn beside(&self, prepared: &Prepared<'_>, persons: &[Candidate], today: Date) -> Vec<Candidate> {
        let rules: Vec<usize> =
            (0..).zip(&self.rules).filter(|(_, rule)| rule.beside_person).map(|(index, _)| index).collect();
        let mut scan = Scan::new(self, prepared, today);
        let mut before = (usize::MAX, 0);
        for person in persons.iter().filter(|person| tells_someone(person)) {
            for (block, line) in lines_of(prepared, person) {
                if before.0 == block && line.end <= before.1 {
                    continue;
                }
                before = (block, line.end);
                for rule in &rules {
                    scan.search(*rule, block, std::iter::once(line.clone()));
                }
            }
        }
        scan.found
    }

    /// The words of rules in a text.
    fn words(&self, text: &str) -> Words {
        let mut words = Words::default();
        for word in self.words.find_overlapping_iter(text) {
            let place = word.span().range();
            match self.owners.get(word.pattern().as_usize()) {
                Some(Owner::Anchor(rule)) => words.anchors.push((*rule, place)),
                Some(Owner::Opener(rule)) => words.openers.entry(*rule).or_default().push(place.start),
                Some(Owner::Header(rule)) => words.headers.push(*rule),
                None => {}
            }
        }
        words.openers.values_mut().for_each(|starts| starts.sort_unstable());
        words
    }

    /// Weighs that a message holds many different values of one rule.
    fn several(&self, found: &mut [Candidate]) {
        for rule in self.rules.iter().filter(|rule| rule.several > 0) {
            let own = || found.iter().filter(|candidate| candidate.rule == rule.id);
            let values: HashSet<&str> = own().map(|candidate| candidate.value.reveal()).collect();
            if values.len() >= rule.several {
                for candidate in found.iter_mut().filter(|candidate| candidate.rule == rule.id) {
                    weigh(rule, candidate, "several", told_as("several"));
                }
            }
        }
    }
}

/// Whether a candidate names or numbers a person well enough for what stands beside it to be theirs.
fn tells_someone(candidate: &Candidate) -> bool {
    let kind = |kind: Kind| {
        kind == Kind::Nam || kind == Kind::PatientName || kind == Kind::Nas || kind == Kind::HealthCardOther
    };
    candidate.kind.is_some_and(kind) && candidate.bits() >= 0.0
}

/// The line a candidate stands on with the two after it, or the cells of its row.
fn lines_of(prepared: &Prepared<'_>, candidate: &Candidate) -> Vec<(usize, Range<usize>)> {
    let block = candidate.block;
    if prepared.blocks.get(block).is_some_and(|block| block.cell.is_some()) {
        let cells = prepared.row(block).take(CELLS);
        return cells.map(|cell| (cell, 0..prepared.text(cell).len().min(LINES))).collect();
    }
    let text = prepared.text(block);
    let from = text.floor_char_boundary(candidate.span.start.saturating_sub(LINES));
    let start = text
        .get(from..candidate.span.start)
        .and_then(|before| before.rfind('\n'))
        .map_or(from, |at| from + at + 1);
    let to = text.ceil_char_boundary((candidate.span.end + LINES).min(text.len()));
    let after = text.get(candidate.span.end..to).unwrap_or_default();
    let end = after.match_indices('\n').nth(2).map_or(to, |(at, _)| candidate.span.end + at);
    vec![(block, start..end)]
}

/// Fewest bytes that a pattern matches, one at least.
fn shortest(pattern: &str) -> usize {
    let fewest = regex_syntax::parse(pattern).ok().and_then(|hir| hir.properties().minimum_len());
    fewest.unwrap_or(0).max(1)
}

/// Adds what a rule says of a fact.
fn weigh(rule: &Rule, candidate: &mut Candidate, fact: &str, reason: impl Into<Cow<'static, str>>) {
    if let Some(bits) = rule.evidence.get(fact).filter(|bits| **bits != 0.0) {
        candidate.add(reason, *bits);
    }
}
