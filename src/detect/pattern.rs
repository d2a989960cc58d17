//! Runs the rules over prepared text. Text without digits or anchor words is never shown to a pattern.

mod expiry;
mod finder;
mod scan;
mod starts;
mod surroundings;
mod telling;
mod tokens;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use jiff::civil::Date;

use super::candidate::Candidate;
use super::prepared::Prepared;
use super::rules::Rule;
use super::validators::told_as;
use crate::model::Kind;
use scan::Scan;
use starts::Starts;

/// How far around a person, and over how many cells of a row, more is looked for.
const LINES: usize = 240;
const CELLS: usize = 40;

/// Every rule, ready to run.
#[derive(Debug)]
pub struct Rules {
    rules: Vec<Rule>,
    /// Fewest bytes of a match, by rule.
    shortest: Vec<usize>,
    starts: Starts,
}

impl Rules {
    /// Prepares rules to be run together.
    #[must_use]
    pub fn new(rules: Vec<Rule>) -> Self {
        let shortest = rules.iter().map(|rule| shortest(rule.pattern.as_str())).collect();
        let starts = Starts::of(&rules);
        Self { rules, shortest, starts }
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
            let words = self.starts.words(prepared.text(block));
            scan.digits(block, &words);
            scan.anchors(block, &words);
        }
        self.several(&mut scan.found);
        scan.found
    }

    /// What else is told of the persons already found, on their lines: telephone, address, e-mail.
    #[must_use]
    pub fn beside(&self, prepared: &Prepared<'_>, persons: &[Candidate], today: Date) -> Vec<Candidate> {
        let mut scan = Scan::new(self, prepared, today);
        let mut before = (usize::MAX, 0);
        for person in persons.iter().filter(|person| tells_someone(person)) {
            for (block, line) in lines_of(prepared, person) {
                if before.0 == block && line.end <= before.1 {
                    continue;
                }
                before = (block, line.end);
                for rule in &self.starts.beside {
                    scan.search(*rule, block, std::iter::once(line.clone()));
                }
            }
        }
        scan.found
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
