//! Names in running text: runs of capitalised words, weighed by what stands around them.

mod clues;
mod list;
mod lower_case;
mod part;
mod runs;
mod told;

use std::ops::Range;

use super::around::{self, Scene};
use super::correspondents::Correspondents;
use super::normal;
use super::shape::{self, Reading, Unit};
use super::token::{Gap, Shape, Token};
use super::words::{GIVEN, Words};
use super::zones::Zone;
use crate::detect::candidate::Candidate;
use crate::detect::roster::UNLISTED;
use clues::{ABOUT, CARED, FRAME, ILL, LOOKS_AFTER, RARE, READS, REGION, THING, TITLED};
pub use clues::{AROUND, CASE, DONE, ECHO};
pub use list::List;
pub use part::{is_assigned, is_at_work, is_known, is_of_the_frame, is_of_the_subject, same_person, share};
use runs::runs;
use told::{Read, Told};

/// A stretch of running text, read.
#[derive(Debug)]
pub struct Passage<'a> {
    /// The word lists.
    pub words: &'a Words,
    /// The folded text of its block.
    pub text: &'a str,
    /// Which block.
    pub block: usize,
    /// Its words.
    pub tokens: &'a [Token],
    /// The zone of each word.
    pub zones: &'a [Zone],
    /// Bits that the kind of text gives: a subject line says more than a body.
    pub region: f32,
    /// Whether a hyphen joins two words into one: not in the name of a file.
    pub hyphens_join: bool,
}

/// Before any evidence, a pair of names is rarely that of a patient (compiled by us, 2026-11).
const PRIOR: f32 = -6.0;

/// Below this a candidate is not worth telling the engine: no other identifier could raise it.
const FLOOR: f32 = -9.0;

/// Bits against what hides a name: a place, a thing, someone who acts elsewhere.
const MASK: f32 = -12.0;

/// Bits against whom a letter greets.
const GREETED: f32 = -14.0;

/// Words of a text whose words tell who someone is: lines of subjects and cells say too little; what is longer than any mail is a book or
/// a list, of which nothing was measured.
const TELLING: Range<usize> = 8..5_000;

/// Proposes the names of a passage.
pub fn candidates(passage: &Passage<'_>, known: &Correspondents, out: &mut Vec<Candidate>) {
    let mut list = List::default();
    for run in runs(passage.tokens, passage.text) {
        let units = shape::units(passage.words, passage.tokens, run.clone(), passage.text, true);
        let mut readings = shape::readings(&units);
        readings.sort_by_key(|reading| reading.units.start);
        let lone = readings.is_empty();
        readings.extend(lone.then(|| shape::with_initial(&units).or_else(|| lone_surname(&units))).flatten());
        for reading in readings {
            let candidate = weigh(passage, &units, &reading, known, &mut list);
            out.extend(candidate.as_ref().and_then(|whole| spouse(passage, &units, &reading, whole)));
            out.extend(candidate);
        }
    }
    lower_case::lower_case(passage, out);
}

/// `Rita et Donat Beauregard`: a given name before one that is whole shares its surname and what is said of it.
fn spouse(passage: &Passage<'_>, units: &[Unit], reading: &Reading, whole: &Candidate) -> Option<Candidate> {
    let name = normal::token_range(units, reading)?;
    let word = |back: usize| name.start.checked_sub(back).and_then(|at| passage.tokens.get(at));
    let (link, given) = (word(1)?, word(2)?);
    let spelled = |token: &Token| passage.text.get(token.start..token.end);
    let linked = matches!(spelled(link), Some("et" | "and")) && link.gap == Gap::Space;
    let alone = word(3).is_none_or(|prior| !prior.is_capital() || given.gap != Gap::Space);
    if !(linked && alone && given.own.any(GIVEN) && given.shape == Shape::Capital) || reading.surname_first {
        return None;
    }
    let surname = normal::surname(passage.text, passage.tokens, units, reading);
    let mut other =
        normal::of(&spelled(given)?.to_lowercase(), &surname, passage.block, given.start..whole.span.end);
    other.evidence.clone_from(&whole.evidence);
    Some(other)
}

/// Weighs one reading; `None` when it says nothing of anyone.
pub fn weigh(
    passage: &Passage<'_>,
    units: &[Unit],
    reading: &Reading,
    known: &Correspondents,
    list: &mut List,
) -> Option<Candidate> {
    let name = normal::token_range(units, reading)?;
    let alone = reading.units.len() == 1;
    let before = list.before(passage.tokens, &name);
    if alone && !before.title {
        return None;
    }
    let mut candidate = normal::candidate(passage.text, passage.block, passage.tokens, units, reading);
    candidate.add(RARE, PRIOR);
    candidate.add(READS, reading.bits);
    let read = Read { alone, known: is_known(&candidate), surname_first: reading.surname_first };
    let told = Told::of(passage, &name, read, before);
    clues::weigh(&told, &mut candidate);
    candidate.around = measure(&told);
    known.weigh(&mut candidate, passage.tokens, &name, told.is_sure());
    (bits_with_a_roster(&candidate) > FLOOR).then_some(candidate)
}

/// The bits of a name but for its standing in no list, which a roster may set right.
fn bits_with_a_roster(candidate: &Candidate) -> f32 {
    let unlisted = candidate.evidence.iter().filter(|clue| clue.reason == UNLISTED);
    let unlisted: f32 = unlisted.map(|clue| clue.bits).sum();
    candidate.bits() - unlisted + candidate.around.unwrap_or_default().max(0.0)
}

/// What the words around a name weigh, where they tell.
fn measure(told: &Told<'_>) -> Option<f32> {
    let Passage { text, tokens, .. } = *told.passage;
    let tells =
        matches!(told.zone(), Zone::Body | Zone::Greeting) && told.passage.region <= 0.0 && !told.own_care;
    let scene = Scene { text, tokens, name: told.name, surname_first: told.read.surname_first };
    (tells && TELLING.contains(&tokens.len())).then(|| around::bits(told.passage.words.around(), &scene))
}

/// `Mme Tremblay`: a surname without a given name.
fn lone_surname(units: &[Unit]) -> Option<Reading> {
    let index = units.iter().position(|unit| unit.lone_surname().is_some())?;
    let bits = units.get(index)?.lone_surname()? + 0.5;
    (index == 0).then_some(Reading { units: 0..1, split: 0, surname_first: false, bits })
}
