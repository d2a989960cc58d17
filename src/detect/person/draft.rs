//! What is known of one person while a message is gone through, and whether one more clue may be theirs.

use jiff::civil::Date;

use super::acquaintances::Acquaintances;
use crate::detect::candidate::Candidate;
use crate::detect::evidence::possible_letters;
use crate::model::{Kind, Person, PersonId};

/// Bits that each further kind of identifier adds to a person, and for how many.
const FURTHER: f32 = 3.0;
const MOST_FURTHER: usize = 3;

/// What a candidate says of someone.
#[derive(Debug)]
pub struct Clue<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its value in normal form.
    pub value: &'a str,
    /// Birth dates it stands for or holds; several when day and month cannot be told apart.
    pub births: &'a [Date],
    /// The letters that a NAM has of the name.
    pub letters: Option<[u8; 4]>,
    /// Rows of the roster it may be of.
    rows: &'a [u32],
    bits: f32,
}

/// How close a clue stands to what is known of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// On the same line or in the same row.
    Line,
    /// A few lines away.
    Near,
    /// Anywhere in the message.
    Far,
}

impl<'a> Clue<'a> {
    /// The clue of a candidate that identifies someone and is not silent.
    #[must_use]
    pub fn of(candidate: &'a Candidate) -> Option<Self> {
        let kind = candidate.kind.filter(|kind| identifies(*kind))?;
        let bits = candidate.bits();
        (bits >= 0.0).then_some(Self {
            kind,
            value: candidate.value.reveal(),
            births: &candidate.says.births,
            letters: candidate.says.letters,
            rows: &candidate.says.rows,
            bits,
        })
    }

    /// Whether such a value is one person's.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        self.kind != Kind::BirthDate && !self.kind.is_evidence_only()
    }
}

/// Kinds that tell one person from another.
fn identifies(kind: Kind) -> bool {
    kind.is_personal_number()
        || kind.is_evidence_only()
        || matches!(kind, Kind::BirthDate | Kind::PatientName)
}

/// One person, as far as the message was gone through.
#[derive(Debug, Default)]
pub struct Draft {
    /// Kinds of identifiers with their best evidence.
    kinds: Vec<(Kind, f32)>,
    name: Option<String>,
    nam: Option<String>,
    letters: Option<[u8; 4]>,
    births: Vec<Date>,
    rows: Vec<u32>,
    referred: bool,
}

impl Draft {
    /// Whether a clue may be this person's.
    #[must_use]
    pub fn fits(&self, clue: &Clue<'_>, distance: Distance) -> bool {
        if !self.rows.is_empty()
            && !clue.rows.is_empty()
            && !clue.rows.iter().any(|row| self.rows.contains(row))
        {
            return false;
        }
        let births = self.births.is_empty()
            || clue.births.is_empty()
            || clue.births.iter().any(|birth| self.births.contains(birth));
        match clue.kind {
            Kind::Nam => {
                let named = || self.name.as_ref().is_none_or(|name| bears(name, clue.letters));
                self.nam.as_deref().is_none_or(|nam| nam == clue.value)
                    && (distance == Distance::Line || (births && named()))
            }
            Kind::BirthDate => births || (distance == Distance::Line && !self.has(Kind::BirthDate)),
            Kind::PatientName => {
                let known = self.name.as_ref().is_none_or(|name| is_part(name, clue.value));
                let numbered = || self.letters.is_none() || bears(clue.value, self.letters);
                known && (distance == Distance::Line || numbered())
            }
            kind if kind.is_evidence_only() => true,
            kind => distance != Distance::Far && !self.has(kind),
        }
    }

    /// Adds a clue to what is known.
    pub fn take(&mut self, clue: &Clue<'_>) {
        match self.kinds.iter_mut().find(|(kind, _)| *kind == clue.kind) {
            Some((_, bits)) => *bits = bits.max(clue.bits),
            None => self.kinds.push((clue.kind, clue.bits)),
        }
        match clue.kind {
            Kind::Nam => {
                self.nam.get_or_insert_with(|| clue.value.to_owned());
                self.letters = self.letters.or(clue.letters);
            }
            Kind::PatientName if self.name.as_ref().is_none_or(|name| name.len() < clue.value.len()) => {
                self.name = Some(clue.value.to_owned());
            }
            _ => {}
        }
        self.rows = shared(&self.rows, clue.rows);
        self.births = shared(&self.births, clue.births);
    }

    /// Takes note that a dossier, user or employee number stands for them too.
    pub fn refer(&mut self) {
        self.referred = true;
    }

    fn has(&self, kind: Kind) -> bool {
        self.kinds.iter().any(|(known, _)| *known == kind)
    }

    /// The person this makes.
    #[must_use]
    pub fn person(&self, id: PersonId, known: &Acquaintances) -> Person {
        let mut identifiers: Vec<Kind> = self.kinds.iter().map(|(kind, _)| *kind).collect();
        identifiers.sort_unstable();
        let best = self.kinds.iter().map(|(_, bits)| *bits).fold(0.0, f32::max);
        let further = self.kinds.len().saturating_sub(1) + usize::from(self.referred);
        let further = f32::from(u8::try_from(further.min(MOST_FURTHER)).unwrap_or(0));
        Person {
            id,
            identifiers,
            reference: self.referred,
            is_recipient: self.name.as_ref().is_some_and(|name| known.know(name)),
            bits: best + FURTHER * further,
        }
    }
}

/// What two lists share; the one that says something when the other is empty or contradicts.
fn shared<T: Copy + PartialEq>(known: &[T], told: &[T]) -> Vec<T> {
    let common: Vec<T> = told.iter().copied().filter(|one| known.contains(one)).collect();
    match (common.is_empty(), known.is_empty()) {
        (false, _) => common,
        (true, true) => told.to_vec(),
        (true, false) => known.to_vec(),
    }
}

/// The words of a name in normal form, hyphenated parts apart.
pub fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split([' ', '-']).filter(|word| !word.is_empty())
}

/// Whether every word of the shorter name is in the longer.
fn is_part(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    words(short).all(|word| words(long).any(|other| other == word))
}

/// Whether a NAM with these letters may be that of a person so named; a lone surname is compared by its own three.
fn bears(name: &str, letters: Option<[u8; 4]>) -> bool {
    let Some(letters) = letters else { return true };
    if words(name).count() < 2 {
        let surname = possible_letters(&format!("{name} x"));
        return surname.iter().any(|possible| possible.get(..3) == letters.get(..3));
    }
    possible_letters(name).contains(&letters)
}
