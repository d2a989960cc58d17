//! Evidence between candidates: a number whose letters are those of the name beside it, a date that is the one inside
//! a number, a date beside a name. What agrees is believed more.

use std::collections::HashMap;
use std::ops::Range;

use jiff::civil::Date;

use super::candidate::Candidate;
use super::findings::overlap;
use super::names::SHARED;
use super::prepared::Prepared;
use super::series::{listed, series};
use super::validators::{letters_of, sound_of};
use crate::model::{Kind, Masked};

/// Bits for each agreement (compiled by us, 2026-11).
const SAME_DATE: f32 = 12.0;
const SAME_LETTERS: f32 = 10.0;
const BESIDE_PERSON: f32 = 8.0;
const REFERENCE_BESIDE_NAME: f32 = 4.0;
const BIRTH_DATE_BESIDE_NAME: f32 = 5.0;
/// A date in brackets right after a name, over what the rest of the line is about.
const IN_BRACKETS: f32 = 14.0;
/// A date of long ago right after a name, and how many years that is.
const LONG_AGO: f32 = 9.0;
const YEARS: i16 = 40;
/// Fewest bits of a name that stands alone.
const SEEMS: f32 = -4.0;
/// Farther apart, a date and a number that agree do so by chance.
const BLOCKS_APART: usize = 60;
/// Bytes between a name and the date that belongs to it, on one line.
const LINE: usize = 120;
/// Candidates looked at on either side of one.
const NEIGHBOURS: usize = 6;

/// Adds what candidates, sorted by place, say about one another.
pub fn agree(candidates: &mut [Candidate], prepared: &Prepared<'_>, today: Date) {
    same_dates(candidates);
    same_letters(candidates);
    same_sounds(candidates);
    beside(candidates, prepared);
    bracketed(candidates, prepared, today);
    series(candidates, prepared);
    listed(candidates, prepared);
    let own = |name: &&mut Candidate| {
        name.evidence.iter().any(|clue| OWN.iter().any(|reason| clue.reason.starts_with(reason)))
    };
    candidates.iter_mut().filter(own).for_each(take_back);
}

/// What a number or a date nearby tells of a name is its own: it is no longer one of those whom the message may be about.
fn take_back(name: &mut Candidate) {
    name.evidence.retain(|clue| clue.reason != SHARED);
}

/// Reasons that are a name's own.
const OWN: [&str; 4] = ["in the roster", LETTERS, DOSSIER, BIRTH];
const LETTERS: &str = "letters of a number nearby";
const DOSSIER: &str = "beside a dossier number";
const BIRTH: &str = "beside a birth date";

/// A date in brackets right after a patient's name is theirs, unless it is of these days: then it may date what is said. One of
/// long ago right after any name is a birth: nothing at hand is of that day.
fn bracketed(candidates: &mut [Candidate], prepared: &Prepared<'_>, today: Date) {
    let mut name: Option<(usize, usize, bool)> = None;
    for candidate in candidates {
        let here = (candidate.block, candidate.span.start);
        match candidate.kind {
            Some(Kind::PatientName) if candidate.bits() >= SEEMS => {
                name = Some((candidate.block, candidate.span.end, candidate.bits() >= 3.0));
            }
            Some(Kind::BirthDate) if has(candidate, "plausible age") => {
                let Some((_, end, patient)) =
                    name.filter(|(block, end, _)| *block == here.0 && *end <= here.1)
                else {
                    continue;
                };
                let text = prepared.text(here.0);
                let between = text.get(end..here.1).unwrap_or_default().trim();
                let after = text.get(candidate.span.end..).unwrap_or_default();
                let bracketed = matches!(between, "(" | "[") && after.starts_with([')', ']', ',']);
                let apposed =
                    between == "," && (after.is_empty() || after.starts_with(['.', ',', ';', '\n']));
                if bracketed && patient {
                    candidate.add_once("in brackets after a name", IN_BRACKETS);
                } else if (bracketed || apposed) && is_long_ago(candidate, text, today) {
                    candidate.add_once("of long ago, right after a name", LONG_AGO);
                }
            }
            _ => {}
        }
    }
}

/// Whether a date in figures is of a day that dates nothing at hand.
fn is_long_ago(candidate: &Candidate, text: &str, today: Date) -> bool {
    let figures = text
        .get(candidate.span.clone())
        .is_some_and(|date| date.len() == 10 && !date.contains(|character: char| character.is_alphabetic()));
    figures && candidate.says.births.iter().all(|birth| today.year() - birth.year() >= YEARS)
}

fn has(candidate: &Candidate, reason: &str) -> bool {
    candidate.evidence.iter().any(|evidence| evidence.reason == reason)
}

/// A written date that a health-insurance or licence number also holds is a birth date, in that reading.
fn same_dates(candidates: &mut [Candidate]) {
    let mut holders: HashMap<Date, Vec<usize>> = HashMap::new();
    for (index, candidate) in candidates
        .iter()
        .enumerate()
        .filter(|(_, candidate)| candidate.kind != Some(Kind::BirthDate) && candidate.bits() >= 0.0)
    {
        for birth in &candidate.says.births {
            holders.entry(*birth).or_default().push(index);
        }
    }
    for index in 0..candidates.len() {
        let Some(date) = candidates.get(index).filter(|candidate| candidate.kind == Some(Kind::BirthDate))
        else {
            continue;
        };
        let agreed = date.says.births.iter().find_map(|birth| {
            let near = |holder: &&usize| {
                candidates.get(**holder).is_some_and(|holder| {
                    holder.block.abs_diff(date.block) <= BLOCKS_APART && !overlap(holder, date)
                })
            };
            holders.get(birth)?.iter().find(near).map(|holder| (*birth, *holder))
        });
        if let Some((birth, holder)) = agreed {
            if let Some(date) = candidates.get_mut(index) {
                date.value = Masked::new(birth.to_string());
                date.add_once("the date inside a number nearby", SAME_DATE);
            }
            if let Some(holder) = candidates.get_mut(holder) {
                holder.add_once("holds a date written nearby", SAME_DATE);
            }
        }
    }
}

/// A health-insurance number whose letters are those of a name nearby, and that name, are of one person.
fn same_letters(candidates: &mut [Candidate]) {
    let mut names: HashMap<[u8; 4], Vec<usize>> = HashMap::new();
    for (index, candidate) in
        candidates.iter().enumerate().filter(|(_, candidate)| candidate.kind == Some(Kind::PatientName))
    {
        for letters in possible_letters(candidate.value.reveal()) {
            if !is_a_word_of(candidate.value.reveal(), letters) {
                names.entry(letters).or_default().push(index);
            }
        }
    }
    if names.is_empty() {
        return;
    }
    for index in 0..candidates.len() {
        let Some(number) = candidates.get(index) else { continue };
        let Some(holders) = number.says.letters.and_then(|letters| names.get(&letters)) else { continue };
        let block = number.block;
        let near = |name: &&usize| {
            candidates.get(**name).is_some_and(|name| name.block.abs_diff(block) <= BLOCKS_APART / 4)
        };
        let Some(name) = holders.iter().find(near).copied() else { continue };
        for (index, reason) in [(index, "letters of a name nearby"), (name, LETTERS)] {
            if let Some(candidate) = candidates.get_mut(index) {
                candidate.add_once(reason, SAME_LETTERS);
            }
        }
    }
}

/// `Ethernet PCIe Adapter` beside `PCIe 1054 3034`: letters that are a whole word of the name are that word, not a code of it.
fn is_a_word_of(name: &str, letters: [u8; 4]) -> bool {
    name.split([' ', '-']).any(|word| word.as_bytes().eq_ignore_ascii_case(&letters))
}

/// A driver's licence that codes the surname of someone named nearby, and that name, are of one person.
fn same_sounds(candidates: &mut [Candidate]) {
    for index in 0..candidates.len() {
        let Some((block, sound)) = candidates.get(index).and_then(|one| Some((one.block, one.says.sound?)))
        else {
            continue;
        };
        let range = index.saturating_sub(NEIGHBOURS)..(index + 1 + NEIGHBOURS).min(candidates.len());
        let sounds = |other: &Candidate| {
            other.kind == Some(Kind::PatientName)
                && other.block.abs_diff(block) <= BLOCKS_APART / 4
                && other.value.reveal().split(' ').any(|word| sound_of(word) == Some(sound))
        };
        let named = candidates.get(range).is_some_and(|near| near.iter().any(sounds));
        if let Some(licence) = candidates.get_mut(index).filter(|_| named) {
            licence.add_once("the sound of a surname nearby", SAME_LETTERS);
        }
    }
}

/// The letters a number would have for a name `given surname`, wherever one ends and the other begins.
#[must_use]
pub fn possible_letters(name: &str) -> Vec<[u8; 4]> {
    let words: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).take(6).collect();
    let mut letters = Vec::new();
    for cut in 1..words.len() {
        let (head, tail) =
            (words.get(..cut).unwrap_or_default().join(" "), words.get(cut..).unwrap_or_default().join(" "));
        letters.extend(letters_of(&tail, &head));
        letters.extend(letters_of(&head, &tail));
    }
    letters
}

/// A date beside a name or a dossier number is likelier a birth date; a dossier number or a birth date beside a name
/// makes it a patient's.
fn beside(candidates: &mut [Candidate], prepared: &Prepared<'_>) {
    for index in 0..candidates.len() {
        let Some(this) = candidates.get(index) else { continue };
        let bits = match this.kind {
            Some(Kind::BirthDate) => BESIDE_PERSON,
            Some(Kind::PatientName) => REFERENCE_BESIDE_NAME,
            _ => continue,
        };
        let is_date = this.kind == Some(Kind::BirthDate);
        let range = index.saturating_sub(NEIGHBOURS)..index + 1 + NEIGHBOURS;
        let companion = |other: &&Candidate| {
            let identifies = other.kind.is_none() || (is_date && other.kind == Some(Kind::PatientName));
            identifies && other.bits() >= 3.0 && on_one_line(prepared, this, other)
        };
        let neighbours = candidates.get(range.start..range.end.min(candidates.len())).unwrap_or_default();
        let is_told = !is_date
            && neighbours.iter().any(|other| is_known_birth(other) && on_one_line(prepared, this, other));
        if neighbours.iter().any(|other| companion(&other))
            && let Some(this) = candidates.get_mut(index)
        {
            this.add_once(if is_date { "beside a person" } else { DOSSIER }, bits);
        }
        if is_told && let Some(this) = candidates.get_mut(index) {
            this.add_once(BIRTH, BIRTH_DATE_BESIDE_NAME);
        }
    }
}

/// Whether a date is a birth date by its own label, heading or form, and not by the name beside it.
fn is_known_birth(candidate: &Candidate) -> bool {
    candidate.kind == Some(Kind::BirthDate)
        && candidate.bits() >= 7.0
        && !has(candidate, "beside a person")
        && !has(candidate, "in brackets after a name")
}

/// Whether two candidates stand on one line of text or in one row of a table.
#[must_use]
pub fn on_one_line(prepared: &Prepared<'_>, one: &Candidate, other: &Candidate) -> bool {
    if one.block != other.block {
        return prepared.is_one_record(one.block, other.block);
    }
    let between = between(&one.span, &other.span);
    between.len() <= LINE && prepared.text(one.block).get(between).is_some_and(|text| !text.contains('\n'))
}

/// The bytes between two spans.
#[must_use]
pub fn between(one: &Range<usize>, other: &Range<usize>) -> Range<usize> {
    let (start, end) = if one.start <= other.start { (one.end, other.start) } else { (other.end, one.start) };
    start.min(end)..end
}
