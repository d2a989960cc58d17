//! One reading of a message by the rules: each is tried where it may match, and what it matches is judged.

use std::collections::HashMap;
use std::ops::Range;

use jiff::civil::Date;

use super::starts::Words;
use super::surroundings::Surroundings;
use super::telling;
use super::tokens::tokens;
use super::{Rules, weigh};
use crate::detect::candidate::Candidate;
use crate::detect::digits::{Digits, Places};
use crate::detect::lexicon::is_whole;
use crate::detect::prepared::Prepared;
use crate::detect::rules::Rule;
use crate::detect::validators::{Found, Proof, told_as};
use crate::model::Masked;

/// What a window shows around an anchor word.
const ANCHOR_LEAD: usize = 96;
const ANCHOR_TAIL: usize = 2048;
/// Most candidates of one rule in a message: more would change no verdict.
const MOST: usize = 10_000;
/// Longest text that names what the cell below or the text after it holds.
const HEADING: usize = 120;
/// Most letters that end a word: `debarre` is one of `debarrees`.
const ENDING: usize = 2;
/// How far into a text whose heading holds an anchor the rule is tried.
const ANNOUNCED: usize = 256;
/// Longest label that is glued to its value.
const GLUED: usize = 12;
/// How far after a decoded run its anchor may stand.
const AFTER_RUN: usize = 32;

/// What was found so far, and what is awaited.
pub struct Scan<'a> {
    rules: &'a Rules,
    prepared: &'a Prepared<'a>,
    today: Date,
    pub found: Vec<Candidate>,
    /// Candidates so far, by rule.
    counts: Vec<usize>,
    /// Rules of which a short text holds an anchor, by block: it may name what the next text or the cells below hold.
    announced: HashMap<usize, Vec<usize>>,
    surroundings: Surroundings<'a>,
}

impl<'a> Scan<'a> {
    pub fn new(rules: &'a Rules, prepared: &'a Prepared<'a>, today: Date) -> Self {
        let counts = vec![0; rules.rules.len()];
        Self {
            rules,
            prepared,
            today,
            found: Vec::new(),
            counts,
            announced: HashMap::new(),
            surroundings: Surroundings::of(prepared),
        }
    }

    pub fn digits(&mut self, block: usize, words: &Words) {
        let (rules, text) = (self.rules, self.prepared.text(block));
        let mut places = Places::default();
        for counted in &rules.starts.counted {
            let digits = Digits::of(text, &counted.sieve);
            if digits.are_none() {
                return;
            }
            let shown = counted.shown(|rule| self.has_column(rule, block, words));
            for window in digits.windows(text, &counted.sieve) {
                let may = shown & counted.enough(window.digits) & counted.opened(words, &window.span);
                window.places(may, &mut places);
                places.drain(|number, places| {
                    let may_open = |place: &&Range<usize>| counted.may_open(number, words, place);
                    if let Some(rule) = counted.rules.get(number) {
                        self.search(*rule, block, places.iter().filter(may_open).cloned());
                    }
                });
            }
        }
    }

    /// Whether a rule that wants a column may find one in a block.
    fn has_column(&self, rule: usize, block: usize, words: &Words) -> bool {
        match self.prepared.header(block).zip(self.rules.rules.get(rule)) {
            Some((header, rule)) => rule.labels.of_label(header).is_some(),
            None => words.headers.contains(&rule),
        }
    }

    pub fn anchors(&mut self, block: usize, words: &Words) {
        let text = self.prepared.text(block);
        let mut windows: Vec<(usize, Range<usize>)> = Vec::new();
        for index in self.awaited(block) {
            let end = text.ceil_char_boundary(text.len().min(ANNOUNCED));
            let reached = self.look(index, block, 0..end);
            windows.push((index, reached..reached));
        }
        for (index, hit) in &words.anchors {
            let index = *index;
            if !self.may_tell(index, text, hit) {
                continue;
            }
            if text.len() <= HEADING {
                self.announced.entry(block).or_default().push(index);
            }
            let (lead, tail) = self.reach(index);
            let start = text.floor_char_boundary(hit.start.saturating_sub(lead));
            let end = text.ceil_char_boundary((hit.end + tail).min(text.len()));
            match windows.iter_mut().find(|(rule, _)| *rule == index) {
                None => windows.push((index, start..end)),
                Some((_, window)) if start <= window.end => window.end = end,
                Some((_, window)) => {
                    let before = std::mem::replace(window, start..end);
                    self.look(index, block, before);
                }
            }
        }
        windows.sort_by_key(|(index, _)| *index);
        for (index, window) in windows {
            self.look(index, block, window);
        }
    }

    /// Whether a word may tell a secret: one inside a longer word does not, as "admin" in "administration".
    fn may_tell(&self, index: usize, text: &str, word: &Range<usize>) -> bool {
        let inside = |part: Option<&str>| {
            let letters = part.unwrap_or_default().bytes();
            letters.take(ENDING + 1).take_while(u8::is_ascii_alphabetic).count()
        };
        let starts = text.get(..word.start).is_some_and(|head| !head.ends_with(char::is_alphanumeric));
        !self.is_told(index) || starts && inside(text.get(word.end..)) <= ENDING
    }

    fn is_told(&self, index: usize) -> bool {
        self.rules.rules.get(index).is_some_and(Rule::is_told)
    }

    /// How far before an anchor of a rule, and after it, a match may stand.
    fn reach(&self, index: usize) -> (usize, usize) {
        if self.is_told(index) { (telling::AFTER, telling::BEFORE) } else { (ANCHOR_LEAD, ANCHOR_TAIL) }
    }

    /// Tries a rule around an anchor: all over, or at the tokens that may be secrets. Says where its last match ended.
    fn look(&mut self, index: usize, block: usize, window: Range<usize>) -> usize {
        if self.is_told(index) {
            return self.search(index, block, tokens(self.prepared.text(block), window));
        }
        self.search(index, block, std::iter::once(window))
    }

    /// Rules of which the header over a cell, the short text before a block, or the text around a decoded run holds an anchor.
    fn awaited(&self, block: usize) -> Vec<usize> {
        let Some(this) = self.prepared.blocks.get(block) else { return Vec::new() };
        let (header, before) = (self.prepared.over(block), block.checked_sub(1));
        let mut rules: Vec<usize> = [header, before.filter(|_| this.within.is_none())]
            .into_iter()
            .flatten()
            .filter_map(|heading| self.announced.get(&heading))
            .flatten()
            .copied()
            .collect();
        if let Some((parent, run)) = &this.within {
            let text = self.prepared.text(*parent);
            let start = text.floor_char_boundary(run.start.saturating_sub(ANCHOR_LEAD));
            let end = text.ceil_char_boundary((run.end + AFTER_RUN).min(text.len()));
            let words = self.rules.starts.words(text.get(start..end).unwrap_or_default());
            rules.extend(words.anchors.iter().map(|(rule, _)| *rule));
        }
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// Tries a rule all over some stretches, in order; says where its last match ended.
    pub fn search(
        &mut self,
        index: usize,
        block: usize,
        places: impl Iterator<Item = Range<usize>>,
    ) -> usize {
        let text = self.prepared.text(block);
        let Some(rule) = self.rules.rules.get(index) else { return 0 };
        let shortest = self.rules.shortest.get(index).copied().unwrap_or(0);
        let mut floor = 0;
        for place in places {
            let mut at = place.start.max(floor);
            let Some(shown) = text.get(..place.end) else { continue };
            while let Some((whole, span)) = matched(rule, shortest, shown, may_start(rule, shown, at)) {
                if self.counts.get(index).is_some_and(|count| *count >= MOST) {
                    return floor;
                }
                let stands_alone =
                    is_whole(text, &span) || is_whole(text, &whole) || is_labelled(rule, text, &span);
                let candidate = stands_alone.then(|| self.judge(rule, block, &span, floor)).flatten();
                at = match candidate {
                    Some(candidate) => {
                        self.found.push(candidate);
                        if let Some(count) = self.counts.get_mut(index) {
                            *count += 1;
                        }
                        floor = span.end;
                        span.end
                    }
                    None => text.ceil_char_boundary(span.start + 1),
                };
            }
        }
        floor
    }

    fn judge(&mut self, rule: &Rule, block: usize, span: &Range<usize>, floor: usize) -> Option<Candidate> {
        let text = self.prepared.text(block);
        let end = text.ceil_char_boundary((span.end + 32).min(text.len()));
        let after = text.get(span.end..end)?.split('\n').next().unwrap_or_default();
        let proof = validate(rule, &Found { text: text.get(span.clone())?, after, today: self.today })?;
        let mut candidate = Candidate {
            around: None,
            kind: rule.kind,
            block,
            span: span.clone(),
            evidence: Vec::new(),
            rule: rule.id.clone(),
            value: Masked::new(proof.value),
            says: proof.says,
        };
        for fact in std::iter::once("prior").chain(proof.facts) {
            weigh(rule, &mut candidate, fact, told_as(fact));
        }
        self.surroundings.weigh(rule, &mut candidate, floor);
        Some(candidate)
    }
}

/// Where a match may start from a place on: one that is all value stands whole, so it starts after no letter or digit but those of a label.
fn may_start(rule: &Rule, text: &str, at: usize) -> usize {
    if rule.has_value || is_after_label(rule, text, at) {
        return at;
    }
    let before = text.as_bytes().get(at.saturating_sub(1)..).unwrap_or_default();
    let inside = before.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if at == 0 { 0 } else { text.ceil_char_boundary(at + inside) }
}

/// `NAS130692544`: whether a number is glued to a word that speaks for it, and to nothing else.
fn is_labelled(rule: &Rule, text: &str, span: &Range<usize>) -> bool {
    let ends = text.get(span.end..).is_some_and(|after| !after.starts_with(char::is_alphanumeric));
    ends && is_after_label(rule, text, span.start)
}

/// Whether the letters that end at a place are a label of the rule, and a digit follows.
fn is_after_label(rule: &Rule, text: &str, at: usize) -> bool {
    let digit = text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let before = text.get(..at).unwrap_or_default();
    let letters = before.bytes().rev().take(GLUED).take_while(u8::is_ascii_alphabetic).count();
    let (head, word) = before.split_at_checked(at - letters).unwrap_or_default();
    digit && letters > 1 && !head.ends_with(char::is_alphanumeric) && rule.labels.is_one(word)
}

/// The next match, and the value in it: a label may be glued to its value.
fn matched(rule: &Rule, shortest: usize, text: &str, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    if text.len() < at + shortest {
        return None;
    }
    let whole = rule.pattern.find_at(text, at)?.range();
    if !rule.has_value {
        return Some((whole.clone(), whole));
    }
    let value = rule.pattern.captures_at(text, whole.start)?.name("value")?.range();
    Some((whole, value))
}

fn validate(rule: &Rule, found: &Found<'_>) -> Option<Proof> {
    let mut proof = Proof { value: found.text.to_owned(), ..Proof::default() };
    for validator in &rule.validators {
        let mut next = validator(found)?;
        next.facts.splice(0..0, std::mem::take(&mut proof.facts));
        proof = next;
    }
    Some(proof)
}
