//! What the rosters say of the candidates of a message: whose a name, a number, a name with a date is.
//!
//! In: candidates with their reasons so far. Out: the same with the roster's reasons, and the rows they may be of, so that
//! a name and a number of one row count as one person. Names are asked by their normal form, whoever read them.
//! It refuses to know where the indexes come from.

use std::sync::Arc;

use jiff::civil::Date;

use super::candidate::Candidate;
use super::evidence::{between, on_one_line};
use super::prepared::Prepared;
use crate::model::{Kind, Masked};
use crate::roster::{Hit, Index, NAME_PARTICLES, Part, Rarity, Spelling};

/// The rosters in force, shared: patients, and the staff directory.
#[derive(Clone, Debug, Default)]
pub struct Rosters {
    /// Patients.
    pub patients: Option<Arc<Index>>,
    /// Staff.
    pub staff: Option<Arc<Index>>,
}

/// Bits of a name by how many patients bear it, over what reading it gave; of initials; of a number; of a name with its
/// birth date; of a second element of one row (detection design, 5.3; initials compiled by us, 2026-11).
const NAME: [f32; 4] = [12.0, 10.0, 8.0, 5.0];
const INITIALS: [f32; 4] = [3.0, 2.0, 1.0, 0.5];
const NUMBER: f32 = 20.0;
const DOSSIER: f32 = 12.0;
const NAME_AND_DATE: f32 = 20.0;
const SAME_ROW: f32 = 8.0;
/// Bits of a name of the staff directory: where colleagues are named, and where nothing speaks of a patient.
const STAFF_IN_ZONE: f32 = -14.0;
const STAFF: f32 = -8.0;
/// What other reasons must give for a colleague's name to be that of a patient.
const OF_A_PATIENT: f32 = 3.5;
/// A surname and a birth date agree by chance about once in this many, over the number of patients: 12 in 10 000 share a
/// surname (isonymy in Quebec), births spread over 30 000 days.
const CHANCE: f32 = 25_000_000.0;
const MOST_BY_CHANCE: f32 = 12.0;

/// Candidates looked at on either side of one, and bytes and blocks within which they may be of one person.
const NEIGHBOURS: usize = 12;
const REACH: usize = 400;
const BLOCKS: usize = 8;

/// The reasons, as `explain` tells them.
const NAMED: [&str; 4] = [
    "in the roster: the name of one patient",
    "in the roster: the name of two to five patients",
    "in the roster: the name of six to twenty patients",
    "in the roster: the name of many patients",
];
const SHORTENED: &str = "in the roster: initials and surname";
const NUMBERED: &str = "in the roster: a patient's number";
const BORN: &str = "in the roster: born that day under the name nearby";
const HAS_BIRTH: &str = "in the roster: bears that name and was born on the date nearby";
const SURNAME_BORN: &str = "in the roster: a patient of that surname was born that day";
const TOGETHER: &str = "in the roster: one patient with what stands nearby";
const COLLEAGUE: &str = "in the staff directory";
/// Reasons of names that are read elsewhere.
const READS: &str = "reads as a name";
/// The reason against words that only the roster knows.
pub const UNLISTED: &str = "two words in no list of names, of which nothing is told";
const IN_ZONE: &str = "in a signature, a greeting, a header or a footer";

impl Rosters {
    /// The digests of both, for the digest of the rules.
    #[must_use]
    pub fn digests(&self) -> Vec<&str> {
        [&self.patients, &self.staff]
            .into_iter()
            .map(|index| index.as_ref().map_or("", |index| index.digest()))
            .collect()
    }

    /// Adds what the rosters say of candidates sorted by place.
    pub fn agree(&self, candidates: &mut [Candidate], prepared: &Prepared<'_>) {
        if let Some(patients) = &self.patients {
            candidates.iter_mut().for_each(|candidate| single(patients, candidate));
            names_with_dates(patients, candidates, prepared);
            same_rows(candidates, prepared);
        }
        if let Some(staff) = &self.staff {
            let names = candidates.iter_mut().filter(|candidate| candidate.kind == Some(Kind::PatientName));
            names.for_each(|name| colleague(staff, name));
        }
    }
}

/// What is asked of one candidate alone.
fn single(patients: &Index, candidate: &mut Candidate) {
    match candidate.kind {
        Some(Kind::PatientName) if candidate.says.rows.is_empty() => {
            if let Some(hit) = whose(patients, candidate.value.reveal()) {
                named(candidate, hit);
            } else if let Some(hit) = shortened(patients, candidate.value.reveal()) {
                if has_context(candidate) {
                    candidate.add(SHORTENED, of(&INITIALS, hit.rarity));
                }
                candidate.says.rows = hit.rows;
            }
        }
        Some(Kind::Nam) => {
            if let Some(hit) = patients.number(candidate.value.reveal()) {
                candidate.add(NUMBERED, NUMBER);
                candidate.says.rows = hit.rows;
            }
        }
        // Small numbers are in a large roster by chance: they count beside a name of the same row only.
        None => {
            if let Some(hit) = patients.dossier(candidate.value.reveal()) {
                candidate.says.rows = hit.rows;
            }
        }
        _ => {}
    }
}

/// Adds that a name is one of the roster, over what reading it gave: the two clues say the same.
pub fn named(candidate: &mut Candidate, hit: Hit) {
    candidate.evidence.retain(|clue| clue.reason != UNLISTED);
    let read: f32 = candidate.evidence.iter().filter(|clue| clue.reason == READS).map(|clue| clue.bits).sum();
    let reason = NAMED.get(class(hit.rarity)).copied().unwrap_or_default();
    candidate.add(reason, (of(&NAME, hit.rarity) - read).max(0.0));
    candidate.says.rows = hit.rows;
}

/// Whether a name already carries the roster's word.
#[must_use]
pub fn is_named(candidate: &Candidate) -> bool {
    candidate.evidence.iter().any(|clue| NAMED.contains(&&*clue.reason))
}

fn class(rarity: Rarity) -> usize {
    match rarity {
        Rarity::One => 0,
        Rarity::Few => 1,
        Rarity::Some => 2,
        Rarity::Many => 3,
    }
}

fn of(bits: &[f32; 4], rarity: Rarity) -> f32 {
    bits.get(class(rarity)).copied().unwrap_or(0.0)
}

/// Whose a name in normal form is: given names and surnames parted wherever they may be, the rarest answer.
#[must_use]
pub fn whose(index: &Index, name: &str) -> Option<Hit> {
    let words: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).take(6).collect();
    let mut best: Option<Hit> = None;
    for cut in 1..words.len() {
        let (head, tail) = words.split_at_checked(cut)?;
        let others = parts(index, tail, false);
        for one in parts(index, head, true) {
            for other in &others {
                let hit = index.pair(one, *other);
                best = match (best, hit) {
                    (Some(best), Some(hit)) if hit.rarity < best.rarity => Some(hit),
                    (None, hit) => hit,
                    (best, _) => best,
                };
            }
        }
    }
    best
}

/// The forms of one side of a name: whole; of given names the first, of surnames each.
fn parts(index: &Index, words: &[&str], given: bool) -> Vec<Part> {
    if let [word] = words {
        let form = Spelling::of(word).whole();
        return (form.len() > 1).then(|| index.part(&form)).into_iter().collect();
    }
    let mut forms = vec![Spelling::of(&words.join(" ")).whole()];
    let singles = words.iter().filter(|word| !NAME_PARTICLES.contains(word)).take(if given { 1 } else { 4 });
    forms.extend(singles.map(|word| Spelling::of(word).whole()));
    forms.dedup();
    forms.iter().filter(|form| form.len() > 1).map(|form| index.part(form)).collect()
}

/// `j roy`, `m-e tremblay`, `roy j`.
fn shortened(index: &Index, name: &str) -> Option<Hit> {
    let (one, other) = name.split_once(' ').filter(|(_, other)| !other.contains(' '))?;
    let is_initials = |word: &str| word.split('-').all(|letter| letter.len() == 1) && word.len() <= 5;
    let (initials, surname) = match (is_initials(one), is_initials(other)) {
        (true, false) => (one, other),
        (false, true) => (other, one),
        _ => return None,
    };
    let part = |word: &str| index.part(&Spelling::of(word).whole());
    let letters: String = initials.chars().filter(|letter| *letter != '-').collect();
    index.initials(part(surname), index.part(&letters))
}

/// Whether something besides its reading speaks for a patient.
fn has_context(candidate: &Candidate) -> bool {
    let apart =
        |reason: &str| reason == READS || reason.starts_with("in the roster") || reason == "kind of text";
    let clues = candidate.evidence.iter().filter(|clue| clue.bits > 0.0 && !apart(&clue.reason));
    clues.map(|clue| clue.bits).sum::<f32>() >= OF_A_PATIENT
}

/// Employees are patients too: only where nothing speaks of a patient does the directory speak against.
fn colleague(staff: &Index, name: &mut Candidate) {
    if whose(staff, name.value.reveal()).is_none() {
        return;
    }
    let in_zone = name.evidence.iter().any(|clue| clue.reason == IN_ZONE);
    let bits = match (in_zone, has_context(name)) {
        (true, _) => STAFF_IN_ZONE,
        (false, true) => 0.0,
        (false, false) => STAFF,
    };
    name.add(COLLEAGUE, bits);
}

/// Names and birth dates of one row.
fn names_with_dates(patients: &Index, candidates: &mut [Candidate], prepared: &Prepared<'_>) {
    for index in 0..candidates.len() {
        let Some(name) = candidates.get(index).filter(|name| name.kind == Some(Kind::PatientName)) else {
            continue;
        };
        let Some(found) = dated(patients, candidates, index, name, prepared) else { continue };
        let Dated { date, birth, rows, bits, reasons } = found;
        if let Some(name) = candidates.get_mut(index) {
            name.add_once(reasons.0, SAME_ROW.min(bits));
            if !rows.is_empty() {
                name.says.rows.clone_from(&rows);
            }
        }
        if let Some(date) = candidates.get_mut(date) {
            date.value = Masked::new(birth.to_string());
            date.add_once(reasons.1, bits);
            date.says.rows = rows;
        }
    }
}

/// A date that the roster gives to a name nearby.
struct Dated {
    date: usize,
    birth: Date,
    rows: Vec<u32>,
    bits: f32,
    reasons: (&'static str, &'static str),
}

fn dated(
    patients: &Index,
    candidates: &[Candidate],
    index: usize,
    name: &Candidate,
    prepared: &Prepared<'_>,
) -> Option<Dated> {
    let words: Vec<&str> = name.value.reveal().split(' ').filter(|word| !word.is_empty()).take(6).collect();
    for (date, other) in
        neighbours(candidates, index).filter(|(_, other)| other.kind == Some(Kind::BirthDate))
    {
        if !may_be_of_one(prepared, name, other) {
            continue;
        }
        for birth in &other.says.births {
            let rows = rows_born(patients, &words, *birth);
            if let Some(rows) = rows {
                let reasons = (HAS_BIRTH, BORN);
                return Some(Dated { date, birth: *birth, rows, bits: NAME_AND_DATE, reasons });
            }
            if let [surname] = words.as_slice()
                && on_one_line(prepared, name, other)
                && let Some(hit) = patients.born(patients.part(&Spelling::of(surname).whole()), *birth)
            {
                let patients = patients.rows().to_string().parse::<f32>().unwrap_or(CHANCE).max(1.0);
                let bits = (CHANCE / patients).log2().clamp(0.0, MOST_BY_CHANCE);
                return Some(Dated {
                    date,
                    birth: *birth,
                    rows: hit.rows,
                    bits,
                    reasons: (SURNAME_BORN, SURNAME_BORN),
                });
            }
        }
    }
    None
}

/// The rows that bear both sides of a name and were born on a day.
fn rows_born(patients: &Index, words: &[&str], birth: Date) -> Option<Vec<u32>> {
    let born = |words: &[&str], given: bool| {
        let rows = parts(patients, words, given).into_iter().filter_map(|part| patients.born(part, birth));
        rows.flat_map(|hit| hit.rows).collect::<Vec<u32>>()
    };
    for cut in 1..words.len() {
        let (head, tail) = words.split_at_checked(cut)?;
        let given = born(head, true);
        let both = if given.is_empty() { given } else { common(&given, &born(tail, false)) };
        if !both.is_empty() {
            return Some(both);
        }
    }
    None
}

/// A name and a number, or a name and a dossier, of one row.
fn same_rows(candidates: &mut [Candidate], prepared: &Prepared<'_>) {
    for index in 0..candidates.len() {
        let Some(this) = candidates.get(index).filter(|this| !this.says.rows.is_empty()) else { continue };
        let other = neighbours(candidates, index).find(|(_, other)| {
            other.kind != this.kind
                && (this.kind.is_some() || other.kind.is_some())
                && !common(&this.says.rows, &other.says.rows).is_empty()
                && may_be_of_one(prepared, this, other)
        });
        let Some((_, other)) = other else { continue };
        let rows = common(&this.says.rows, &other.says.rows);
        let bits = if this.kind.is_none() { DOSSIER } else { SAME_ROW };
        let known = this.evidence.iter().any(|clue| clue.reason == HAS_BIRTH || clue.reason == BORN);
        if let Some(this) = candidates.get_mut(index) {
            this.says.rows = rows;
            this.add_once(TOGETHER, if known { 0.0 } else { bits });
        }
    }
}

/// Candidates around one, the nearest first.
fn neighbours(candidates: &[Candidate], index: usize) -> impl Iterator<Item = (usize, &Candidate)> {
    let after = index + 1..(index + 1 + NEIGHBOURS).min(candidates.len());
    let before = (index.saturating_sub(NEIGHBOURS)..index).rev();
    let mut order: Vec<usize> = after.chain(before).collect();
    order.sort_by_key(|other| other.abs_diff(index));
    order.into_iter().filter_map(|other| Some((other, candidates.get(other)?)))
}

fn may_be_of_one(prepared: &Prepared<'_>, one: &Candidate, other: &Candidate) -> bool {
    if one.block == other.block {
        return between(&one.span, &other.span).len() <= REACH;
    }
    let in_cell = |block: usize| prepared.blocks.get(block).is_some_and(|block| block.cell.is_some());
    match (in_cell(one.block), in_cell(other.block)) {
        (true, true) => on_one_line(prepared, one, other),
        _ => one.block.abs_diff(other.block) <= BLOCKS,
    }
}

fn common(one: &[u32], other: &[u32]) -> Vec<u32> {
    one.iter().filter(|row| other.contains(row)).copied().collect()
}
