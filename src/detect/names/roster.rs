//! Names that only the roster knows: lower case, words that are names, cells side by side, names of files.
//!
//! In: the words of a passage and the roster. Out: candidates where no name was read, with the same reasons as any other
//! name. A window of four words is asked, in both orders, over particles; a single word never is.

use std::ops::Range;

use super::correspondents::Correspondents;
use super::prose::{self, Passage};
use super::shape::{self, Reading};
use super::token::{Gap, Shape, Token};
use super::words::{COMMON, GIVEN, SURNAME};
use crate::detect::candidate::Candidate;
use crate::detect::roster::{UNLISTED, is_named, named, whose};
use crate::roster::{Hit, Index, NAME_PARTICLES, Part, is_saint};

/// Words of a name that may stand in a window, particles apart.
const WINDOW: usize = 4;
/// What a name of the roster reads as before the roster speaks: as a known name.
const READ: f32 = 3.0;
/// A name read with fewer bits gives way to one of the roster.
const WEAK: f32 = 3.5;
/// In lower case without a word for a patient, two names may be ordinary words, save in the name of a file.
const LOWER: f32 = -8.0;

/// A word of a window: tokens joined by hyphens and apostrophes.
#[derive(Clone, Debug)]
struct Unit {
    tokens: Range<usize>,
    part: Part,
}

/// Proposes what the roster knows in a passage. Those already found stand from `first` on in `found`.
pub fn propose(
    passage: &Passage<'_>,
    index: &Index,
    known: &Correspondents,
    first: usize,
    found: &mut Vec<Candidate>,
) {
    let tokens = passage.tokens;
    let mut at = 0;
    while at < tokens.len() {
        if !(tokens.get(at + 1).is_some_and(goes_on) && is_askable(passage, at)) {
            at += 1;
            continue;
        }
        let units = window(passage, index, at);
        let hit = longest(index, &units);
        let Some((last, hit)) = hit else {
            at = units.first().map_or(at + 1, |unit| unit.tokens.end.max(at + 1));
            continue;
        };
        let name = at..units.get(last).map_or(at + 1, |unit| unit.tokens.end);
        at = name.end;
        take(passage, index, known, &name, hit, first, found);
    }
}

/// Whether a word may start or carry on a name; in the name of a file, any word.
fn is_askable(passage: &Passage<'_>, at: usize) -> bool {
    passage.tokens.get(at).is_some_and(|token| {
        token.shape != Shape::Number
            && token.len() > 1
            && (token.is_capital()
                || token.own.any(GIVEN | SURNAME)
                || !passage.hyphens_join
                || is_strange(passage, token))
    })
}

/// `tavrik`: a word in no list and no dictionary may be a name that only the roster knows, however it is written.
fn is_strange(passage: &Passage<'_>, token: &Token) -> bool {
    let word = passage.text.get(token.start..token.end).unwrap_or_default();
    token.len() > 3 && token.own.is_none() && !passage.words.is_ordinary(word)
}

fn goes_on(token: &Token) -> bool {
    matches!(
        token.gap,
        Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Comma | Gap::Joint | Gap::Stop | Gap::Line
    ) && token.shape != Shape::Number
        && !(token.gap == Gap::Stop && token.opens)
}

/// The words of a window that starts with a token.
fn window(passage: &Passage<'_>, index: &Index, start: usize) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(WINDOW);
    let mut letters = String::new();
    let mut newborn = false;
    let mut at = start;
    while let Some(token) = passage.tokens.get(at).filter(|token| at == start || goes_on(token)) {
        letters.clear();
        let end = spell(passage, at, &mut letters);
        let particle = end == at + 1 && NAME_PARTICLES.contains(&letters.as_str());
        if !units.is_empty() && particle && !token.is_capital() || newborn && particle {
            at = end;
            continue;
        }
        if !is_askable(passage, at) || units.len() == WINDOW {
            break;
        }
        if units.is_empty() && !newborn && matches!(letters.as_str(), "bb" | "bebe") {
            newborn = true;
            at = end;
            continue;
        }
        if newborn && units.is_empty() {
            letters.insert_str(0, "bb");
        }
        let first = if units.is_empty() { start } else { at };
        units.push(Unit { tokens: first..end, part: index.part(&letters) });
        at = end;
    }
    units
}

/// Spells the word that starts with a token, joined to what hyphens and apostrophes add, in the roster's form; gives where
/// it ends. In the name of a file, hyphens part words.
fn spell(passage: &Passage<'_>, start: usize, letters: &mut String) -> usize {
    let mut end = start;
    while let Some(token) = passage.tokens.get(end) {
        let saint = is_saint(letters);
        let joined = match token.gap {
            _ if end == start => true,
            Gap::Hyphen => passage.hyphens_join || saint,
            Gap::Apostrophe => true,
            Gap::Space | Gap::Stop => saint && token.is_capital(),
            _ => false,
        };
        if !joined || token.shape == Shape::Number || letters.len() > 64 {
            break;
        }
        if saint {
            letters.replace_range(.., "st");
        }
        push_lower(passage.text.get(token.start..token.end).unwrap_or_default(), letters);
        end += 1;
    }
    end.max(start + 1)
}

/// Appends a word in lower case; nearly all are ASCII.
fn push_lower(word: &str, letters: &mut String) {
    if word.is_ascii() {
        let start = letters.len();
        letters.push_str(word);
        letters.get_mut(start..).unwrap_or_default().make_ascii_lowercase();
    } else {
        letters.extend(word.chars().flat_map(char::to_lowercase));
    }
}

/// The last word that the roster joins with the first, or with the second when the first is one of several given names.
fn longest(index: &Index, units: &[Unit]) -> Option<(usize, Hit)> {
    let first = units.first()?;
    let hits = units.iter().enumerate().skip(1);
    hits.rev().find_map(|(last, unit)| Some((last, index.pair(first.part, unit.part)?)))
}

/// Makes a candidate of a name of the roster, or tells the one that stands there.
fn take(
    passage: &Passage<'_>,
    index: &Index,
    known: &Correspondents,
    name: &Range<usize>,
    hit: Hit,
    first: usize,
    found: &mut Vec<Candidate>,
) {
    let words = passage.tokens.get(name.clone()).unwrap_or_default();
    let (Some(start), Some(end)) = (words.first(), words.last()) else { return };
    let span = start.start..end.end;
    let mine = found.iter().skip(first);
    let rival = mine.enumerate().find(|(_, other)| other.block == passage.block && meet(&other.span, &span));
    let mut replaced = None;
    if let Some(at) = rival.map(|(at, _)| first + at) {
        let Some(other) = found.get_mut(at) else { return };
        if is_named(other) || whose(index, other.value.reveal()).is_some() {
            // What no list knows, the roster does: nothing is to be held against it.
            other.evidence.retain(|clue| clue.reason != UNLISTED);
            return;
        }
        let is_newborn = matches!(passage.text.get(start.start..start.end), Some("BB" | "Bb" | "bb"));
        let weak = reads(other) < WEAK && other.span.start >= span.start && other.span.end <= span.end;
        if is_newborn {
            named(other, hit);
            return;
        }
        if !weak {
            return;
        }
        replaced = Some(at);
    }
    let Some(mut candidate) = weighed(passage, known, name) else { return };
    named(&mut candidate, hit);
    let strange = words.iter().all(|word| is_strange(passage, word));
    if passage.hyphens_join && words.iter().all(|word| !word.is_capital()) && !strange && !is_told(&candidate)
    {
        candidate.add("in lower case", LOWER);
    }
    match replaced.and_then(|at| found.get_mut(at)) {
        Some(other) => *other = candidate,
        None => found.push(candidate),
    }
}

fn meet(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

fn reads(candidate: &Candidate) -> f32 {
    candidate.evidence.iter().filter(|clue| clue.reason == "reads as a name").map(|clue| clue.bits).sum()
}

/// Whether words for a patient stand around a name.
fn is_told(candidate: &Candidate) -> bool {
    candidate.evidence.iter().any(|clue| {
        clue.bits >= 2.5 && !clue.reason.starts_with("in the roster") && clue.reason != "reads as a name"
    })
}

/// Weighs a name as any other: what stands around it, its zone, who writes to whom.
fn weighed(passage: &Passage<'_>, known: &Correspondents, name: &Range<usize>) -> Option<Candidate> {
    let units = shape::units(passage.words, passage.tokens, name.clone(), passage.text, passage.hyphens_join);
    let words = passage.tokens.get(name.clone())?;
    let (first, last) = (words.first()?, words.last()?);
    let comma = units.iter().skip(1).position(shape::Unit::has_comma).map(|at| at + 1);
    let given = |token: &Token| token.own.any(GIVEN) && !token.own.any(COMMON);
    let surname_first = comma.is_some()
        || given(last) && !given(first)
        || first.shape == Shape::Upper && last.shape == Shape::Capital;
    let split = comma.unwrap_or(if surname_first { 1 } else { units.len().checked_sub(1)? }).max(1);
    let reading = Reading { units: 0..units.len(), split, surname_first, bits: READ };
    prose::weigh(passage, &units, &reading, known, &mut prose::List::default())
}
