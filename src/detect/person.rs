//! Whom findings are about: what stands in one row, one line or one form belongs together.

use std::collections::HashMap;

use super::Context;
use super::candidate::Candidate;
use super::lexicon::fold;
use super::prepared::Prepared;
use crate::model::{Kind, Person, PersonId};

/// Bytes within which an identifier still belongs to the person before it.
const REACH: usize = 400;
/// Blocks within which it does.
const BLOCKS: usize = 8;

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
    let mut grouping = Grouping { prepared, persons: Vec::new(), by_value: HashMap::new(), current: None };
    let of: Vec<Option<usize>> = candidates.iter().map(|candidate| grouping.place(candidate)).collect();
    let known = acquaintances(context);
    let all = grouping.persons.iter().enumerate().map(|(index, draft)| draft.person(index, &known)).collect();
    Persons { of: of.into_iter().map(|index| index.map(number)).collect(), all }
}

fn number(index: usize) -> PersonId {
    PersonId(u32::try_from(index + 1).unwrap_or(u32::MAX))
}

#[derive(Default)]
struct Draft {
    identifiers: Vec<Kind>,
    nam: Option<String>,
    name: Option<String>,
}

/// The person being spoken of, and where an identifier of theirs was last seen.
struct Current {
    person: usize,
    block: usize,
    end: usize,
}

struct Grouping<'a> {
    prepared: &'a Prepared<'a>,
    persons: Vec<Draft>,
    by_value: HashMap<(Kind, String), usize>,
    current: Option<Current>,
}

impl Grouping<'_> {
    fn place(&mut self, candidate: &Candidate) -> Option<usize> {
        let kind = candidate.kind.filter(|kind| identifies(*kind))?;
        if candidate.bits() < 0.0 {
            return None;
        }
        let value = candidate.value.reveal();
        let known = matches!(kind, Kind::Nam | Kind::PatientName)
            .then(|| self.by_value.get(&(kind, value.to_owned())).copied())
            .flatten();
        let person = known.or_else(|| self.near(candidate, kind, value)).unwrap_or_else(|| {
            self.persons.push(Draft::default());
            self.persons.len() - 1
        });
        self.note(person, kind, value);
        self.current = Some(Current { person, block: candidate.block, end: candidate.span.end });
        Some(person)
    }

    fn note(&mut self, person: usize, kind: Kind, value: &str) {
        let Some(draft) = self.persons.get_mut(person) else { return };
        match kind {
            Kind::Nam => draft.nam = Some(value.to_owned()),
            Kind::PatientName if draft.name.as_ref().is_none_or(|name| name.len() < value.len()) => {
                draft.name = Some(value.to_owned());
            }
            _ => {}
        }
        if !draft.identifiers.contains(&kind) {
            draft.identifiers.push(kind);
        }
        if matches!(kind, Kind::Nam | Kind::PatientName) {
            self.by_value.insert((kind, value.to_owned()), person);
        }
    }

    /// The person before, when the place is near and the value may be theirs.
    fn near(&self, candidate: &Candidate, kind: Kind, value: &str) -> Option<usize> {
        let current = self.current.as_ref()?;
        let draft = self.persons.get(current.person)?;
        let fits = match kind {
            Kind::Nam => draft.nam.is_none(),
            Kind::PatientName => draft.name.as_ref().is_none_or(|name| shares_words(name, value)),
            _ => !draft.identifiers.contains(&kind),
        };
        (fits && self.is_near(current, candidate)).then_some(current.person)
    }

    fn is_near(&self, current: &Current, candidate: &Candidate) -> bool {
        if current.block == candidate.block {
            return candidate.span.start.saturating_sub(current.end) <= REACH;
        }
        let in_cell =
            |block: usize| self.prepared.blocks.get(block).is_some_and(|block| block.cell.is_some());
        if in_cell(current.block) || in_cell(candidate.block) {
            return self.prepared.row(candidate.block).contains(&current.block);
        }
        let part = |block: usize| {
            self.prepared
                .blocks
                .get(block)
                .and_then(|block| self.prepared.segments.get(block.segment))
                .map(|segment| &segment.place.part)
        };
        candidate.block.abs_diff(current.block) <= BLOCKS && part(candidate.block) == part(current.block)
    }
}

/// Kinds that tell one person from another.
fn identifies(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Nam
            | Kind::BirthDate
            | Kind::PatientName
            | Kind::Nas
            | Kind::PaymentCard
            | Kind::BankAccount
            | Kind::DriversLicence
            | Kind::HealthCardOther
            | Kind::Passport
    )
}

/// Whether every word of the shorter name is in the longer.
fn shares_words(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let words: Vec<&str> = long.split([' ', '-']).collect();
    short.split([' ', '-']).all(|word| words.contains(&word))
}

impl Draft {
    fn person(&self, index: usize, known: &[Vec<String>]) -> Person {
        let mut identifiers = self.identifiers.clone();
        identifiers.sort_unstable();
        let is_recipient =
            self.name.as_ref().is_some_and(|name| known.iter().any(|words| is_named(name, words)));
        Person { id: number(index), identifiers, is_recipient }
    }
}

/// The words of each recipient's local part and of each display name.
fn acquaintances(context: &Context) -> Vec<Vec<String>> {
    let sender: Vec<String> = context.sender.iter().map(|sender| fold(sender.local().reveal())).collect();
    let locals = context.recipients.iter().map(|address| fold(address.local().reveal()));
    let displays = context.display_names.iter().map(|name| fold(name.reveal()));
    let words = |text: String| {
        text.split(|character: char| !character.is_alphabetic())
            .filter(|word| word.len() > 1)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let sender: Vec<Vec<String>> = sender.into_iter().map(words).collect();
    locals.chain(displays).map(words).filter(|words| words.len() > 1 && !sender.contains(words)).collect()
}

/// Whether a name's words, at least two, are all among the words of a recipient.
fn is_named(name: &str, words: &[String]) -> bool {
    let mut parts = name.split([' ', '-']).filter(|part| part.len() > 1).peekable();
    let several = name.split([' ', '-']).filter(|part| part.len() > 1).count() >= 2;
    several && parts.peek().is_some() && parts.all(|part| words.iter().any(|word| word == part))
}
