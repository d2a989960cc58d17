//! Whom findings are about: identifiers that belong together make one person.
//!
//! In: candidates, by place. Out: persons, and the one each candidate belongs to. What agrees is of one person (a number
//! said again, a name in part, the letters and the date inside a NAM); what contradicts is of two (another NAM, another
//! name, another date); what stands near and fits belongs to the person spoken of. One pass, with look-ups of bounded
//! length. It refuses to know what a policy makes of persons.

mod acquaintances;
mod draft;

use std::collections::{HashMap, VecDeque};

use jiff::civil::Date;

use super::Context;
use super::candidate::Candidate;
use super::evidence::{on_one_line, possible_letters};
use super::prepared::Prepared;
use crate::model::{Kind, Person, PersonId};
use acquaintances::Acquaintances;
use draft::{Clue, Distance, Draft, words};

/// Bytes within which an identifier still belongs to the person before it.
const REACH: usize = 400;
/// Blocks within which it does.
const BLOCKS: usize = 8;
/// Persons spoken of last, among whom a place is shared.
const RECENT: usize = 6;
/// A name or word borne by more persons tells none of them.
const COMMON: usize = 16;

/// The person of each candidate, in the candidates' order, and the persons.
#[derive(Debug, Default)]
pub struct Persons {
    /// Number of the person of each candidate.
    pub of: Vec<Option<PersonId>>,
    /// The persons, by number.
    pub all: Vec<Person>,
}

/// Groups candidates, sorted by place, into persons.
#[must_use]
pub fn group(candidates: &[Candidate], prepared: &Prepared<'_>, context: &Context) -> Persons {
    let mut grouping = Grouping::new(prepared);
    let of: Vec<Option<usize>> = candidates.iter().map(|candidate| grouping.place(candidate)).collect();
    let known = Acquaintances::of(context);
    let drafts = grouping.persons.iter().enumerate();
    let all = drafts.map(|(index, draft)| draft.person(number(index), &known)).collect();
    Persons { of: of.into_iter().map(|index| index.map(number)).collect(), all }
}

fn number(index: usize) -> PersonId {
    PersonId(u32::try_from(index + 1).unwrap_or(u32::MAX))
}

struct Grouping<'a> {
    prepared: &'a Prepared<'a>,
    persons: Vec<Draft>,
    by_value: HashMap<(Kind, String), usize>,
    /// Persons by the words of their names.
    by_word: HashMap<String, Vec<usize>>,
    /// Persons by the four letters that a NAM of theirs has or would have.
    by_letters: HashMap<[u8; 4], Vec<usize>>,
    /// Persons by birth date, written or inside a number.
    by_birth: HashMap<Date, Vec<usize>>,
    /// Who was spoken of last and where, the latest first.
    recent: VecDeque<(usize, &'a Candidate)>,
    /// A dossier number that waits for the person it stands before.
    reference: Option<&'a Candidate>,
}

impl<'a> Grouping<'a> {
    fn new(prepared: &'a Prepared<'a>) -> Self {
        Self {
            prepared,
            persons: Vec::new(),
            by_value: HashMap::new(),
            by_word: HashMap::new(),
            by_letters: HashMap::new(),
            by_birth: HashMap::new(),
            recent: VecDeque::new(),
            reference: None,
        }
    }

    fn place(&mut self, candidate: &'a Candidate) -> Option<usize> {
        if candidate.kind.is_none() {
            self.refer(candidate);
            return None;
        }
        let clue = Clue::of(candidate)?;
        if clue.kind.is_evidence_only() {
            return self.beside(candidate, &clue);
        }
        let person = self
            .said_again(&clue)
            .or_else(|| self.named_in_part(&clue))
            .or_else(|| self.agreeing(&clue))
            .or_else(|| self.on_line(candidate, &clue))
            .or_else(|| self.born(candidate, &clue))
            .or_else(|| self.near(candidate, &clue))
            .unwrap_or_else(|| {
                self.persons.push(Draft::default());
                self.persons.len() - 1
            });
        self.note(person, &clue);
        if self.reference.take().is_some_and(|number| on_one_line(self.prepared, number, candidate)) {
            self.persons.get_mut(person)?.refer();
        }
        self.recent.push_front((person, candidate));
        self.recent.truncate(RECENT);
        Some(person)
    }

    /// The person spoken of where a telephone, an address or an e-mail stands: these alone make nobody.
    fn beside(&mut self, candidate: &Candidate, clue: &Clue<'_>) -> Option<usize> {
        let person = self.on_line(candidate, clue).or_else(|| self.near(candidate, clue))?;
        self.note(person, clue);
        Some(person)
    }

    /// A dossier number identifies the person on its line, else the next one there.
    fn refer(&mut self, number: &'a Candidate) {
        let here = self.recent.iter().find(|(_, last)| on_one_line(self.prepared, last, number));
        match here.and_then(|(person, _)| self.persons.get_mut(*person)) {
            Some(draft) => draft.refer(),
            None => self.reference = Some(number),
        }
    }

    fn note(&mut self, person: usize, clue: &Clue<'_>) {
        let Some(draft) = self.persons.get_mut(person) else { return };
        draft.take(clue);
        if clue.is_unique() {
            self.by_value.entry((clue.kind, clue.value.to_owned())).or_insert(person);
        }
        let (names, letters): (Vec<&str>, Vec<[u8; 4]>) = match clue.kind {
            Kind::PatientName => (words(clue.value).collect(), possible_letters(clue.value)),
            _ => (Vec::new(), clue.letters.into_iter().collect()),
        };
        for word in names {
            enter(self.by_word.entry(word.to_owned()).or_default(), person);
        }
        for letters in letters {
            enter(self.by_letters.entry(letters).or_default(), person);
        }
        for birth in clue.births {
            enter(self.by_birth.entry(*birth).or_default(), person);
        }
    }

    /// The person of whom this very value was said.
    fn said_again(&self, clue: &Clue<'_>) -> Option<usize> {
        self.by_value.get(&(clue.kind, clue.value.to_owned())).copied()
    }

    /// The one person whose name this is a part of, or who was named in part before.
    fn named_in_part(&self, clue: &Clue<'_>) -> Option<usize> {
        if clue.kind != Kind::PatientName {
            return None;
        }
        let mut persons = words(clue.value)
            .filter_map(|word| self.by_word.get(word).filter(|persons| persons.len() <= COMMON))
            .flatten()
            .copied()
            .filter(|person| self.fits(*person, clue, Distance::Far));
        let first = persons.next()?;
        persons.all(|person| person == first).then_some(first)
    }

    /// The person whose NAM has the letters of this name, or the other way round, and nothing else that contradicts.
    fn agreeing(&self, clue: &Clue<'_>) -> Option<usize> {
        let letters = match clue.kind {
            Kind::PatientName => possible_letters(clue.value),
            _ => clue.letters.into_iter().collect(),
        };
        let known = letters.iter().filter_map(|letters| self.by_letters.get(letters)).flatten().copied();
        known.filter(|person| self.fits(*person, clue, Distance::Far)).max()
    }

    /// The person spoken of last on this line or row whom the value may belong to.
    fn on_line(&self, candidate: &Candidate, clue: &Clue<'_>) -> Option<usize> {
        let here = self.recent.iter().filter(|(_, last)| on_one_line(self.prepared, last, candidate));
        here.map(|(person, _)| *person).find(|person| self.fits(*person, clue, Distance::Line))
    }

    /// The one person born on the date that is written, where nobody else is spoken of on the line.
    fn born(&self, candidate: &Candidate, clue: &Clue<'_>) -> Option<usize> {
        let [person] = self.by_birth.get(clue.births.first()?)?.as_slice() else { return None };
        let alone = || !self.recent.iter().any(|(_, last)| on_one_line(self.prepared, last, candidate));
        let fits = clue.kind == Kind::BirthDate && self.fits(*person, clue, Distance::Far);
        (fits && alone()).then_some(*person)
    }

    /// The person spoken of last whose place is near and whom the value may belong to.
    fn near(&self, candidate: &Candidate, clue: &Clue<'_>) -> Option<usize> {
        let near = self.recent.iter().filter(|(_, last)| self.is_near(last, candidate));
        near.map(|(person, _)| *person).find(|person| self.fits(*person, clue, Distance::Near))
    }

    fn fits(&self, person: usize, clue: &Clue<'_>, distance: Distance) -> bool {
        self.persons.get(person).is_some_and(|draft| draft.fits(clue, distance))
    }

    fn is_near(&self, last: &Candidate, candidate: &Candidate) -> bool {
        if last.block == candidate.block {
            return candidate.span.start.saturating_sub(last.span.end) <= REACH;
        }
        let block = |index: usize| self.prepared.blocks.get(index);
        let in_cell = |index: usize| block(index).is_some_and(|block| block.cell.is_some());
        if in_cell(last.block) || in_cell(candidate.block) {
            return self.prepared.is_one_record(candidate.block, last.block);
        }
        let part = |index: usize| {
            block(index)
                .and_then(|block| self.prepared.segments.get(block.segment))
                .map(|segment| &segment.place.part)
        };
        candidate.block.abs_diff(last.block) <= BLOCKS && part(candidate.block) == part(last.block)
    }
}

fn enter(persons: &mut Vec<usize>, person: usize) {
    if persons.len() <= COMMON && !persons.contains(&person) {
        persons.push(person);
    }
}
