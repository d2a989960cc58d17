//! Evidence between candidates: a number whose letters are those of the name beside it, a date that is the one inside
//! a number, a date beside a name. What agrees is believed more.

use std::collections::HashMap;
use std::ops::Range;

use jiff::civil::Date;

use super::candidate::Candidate;
use super::prepared::Prepared;
use super::validators::letters_of;
use crate::model::{Kind, Masked};

/// Bits for each agreement (compiled by us, 2026-11).
const SAME_DATE: f32 = 12.0;
const SAME_LETTERS: f32 = 10.0;
const BESIDE_PERSON: f32 = 8.0;
const REFERENCE_BESIDE_NAME: f32 = 4.0;
/// Farther apart, a date and a number that agree do so by chance.
const BLOCKS_APART: usize = 60;
/// Bytes between a name and the date that belongs to it, on one line.
const LINE: usize = 120;
/// Candidates looked at on either side of one.
const NEIGHBOURS: usize = 6;

/// Adds what candidates, sorted by place, say about one another.
pub fn agree(candidates: &mut [Candidate], prepared: &Prepared<'_>) {
    same_dates(candidates);
    same_letters(candidates);
    beside(candidates, prepared);
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
                candidates
                    .get(**holder)
                    .is_some_and(|holder| holder.block.abs_diff(date.block) <= BLOCKS_APART)
            };
            holders.get(birth)?.iter().find(near).map(|holder| (*birth, *holder))
        });
        if let Some((birth, holder)) = agreed {
            if let Some(date) = candidates.get_mut(index) {
                date.value = Masked::new(birth.to_string());
                add_once(date, "the date inside a number nearby", SAME_DATE);
            }
            if let Some(holder) = candidates.get_mut(holder) {
                add_once(holder, "holds a date written nearby", SAME_DATE);
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
            names.entry(letters).or_default().push(index);
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
        for (index, reason) in [(index, "letters of a name nearby"), (name, "letters of a number nearby")] {
            if let Some(candidate) = candidates.get_mut(index) {
                add_once(candidate, reason, SAME_LETTERS);
            }
        }
    }
}

/// The letters a number would have for a name `given surname`, wherever one ends and the other begins.
fn possible_letters(name: &str) -> Vec<[u8; 4]> {
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

/// A date beside a name or a dossier number is likelier a birth date; a dossier number beside a name makes it a patient's.
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
        if neighbours.iter().any(|other| companion(&other))
            && let Some(this) = candidates.get_mut(index)
        {
            add_once(this, if is_date { "beside a person" } else { "beside a dossier number" }, bits);
        }
    }
}

/// Whether two candidates stand on one line of text or in one row of a table.
#[must_use]
pub fn on_one_line(prepared: &Prepared<'_>, one: &Candidate, other: &Candidate) -> bool {
    if one.block != other.block {
        return prepared.blocks.get(one.block).is_some_and(|block| block.cell.is_some())
            && prepared.row(one.block).contains(&other.block);
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

fn add_once(candidate: &mut Candidate, reason: &str, bits: f32) {
    if candidate.evidence.iter().all(|evidence| evidence.reason != reason) {
        candidate.add(reason, bits);
    }
}
