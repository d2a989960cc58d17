//! The normal form of a name, and the candidate that carries it.
//!
//! Normal form: given names, then surnames, in lower-case ASCII, hyphens and apostrophes kept.

use std::ops::Range;

use super::shape::{Reading, Unit};
use super::token::{Gap, Token};
use crate::detect::candidate::{Candidate, Says};
use crate::model::{Kind, Masked};

/// The rule that proposes names.
pub const RULE: &str = "patient-name";

/// The tokens that a reading covers.
#[must_use]
pub fn token_range(units: &[Unit], reading: &Reading) -> Option<Range<usize>> {
    let units = units.get(reading.units.clone())?;
    Some(units.first()?.tokens.start..units.last()?.tokens.end)
}

/// A candidate without evidence yet.
#[must_use]
pub fn candidate(text: &str, block: usize, tokens: &[Token], units: &[Unit], reading: &Reading) -> Candidate {
    let (given, _) = reading.parts();
    let given = part(text, tokens, units, given);
    let surname = surname(text, tokens, units, reading);
    let range = token_range(units, reading).unwrap_or_default();
    let words = tokens.get(range).unwrap_or_default();
    let span = words.first().map_or(0, |first| first.start)..words.last().map_or(0, |last| last.end);
    of(&given, &surname, block, span)
}

/// A candidate from a given name and a surname in normal form.
#[must_use]
pub fn of(given: &str, surname: &str, block: usize, span: Range<usize>) -> Candidate {
    let value = format!("{given} {surname}");
    Candidate {
        around: None,
        kind: Some(Kind::PatientName),
        value: Masked::new(value.trim()),
        block,
        span,
        evidence: Vec::new(),
        rule: RULE.to_owned(),
        says: Says::default(),
    }
}

/// The surname of a reading.
#[must_use]
pub fn surname(text: &str, tokens: &[Token], units: &[Unit], reading: &Reading) -> String {
    part(text, tokens, units, reading.parts().1)
}

fn part(text: &str, tokens: &[Token], units: &[Unit], part: Range<usize>) -> String {
    let units = units.get(part).unwrap_or_default();
    units.iter().map(|unit| spell(text, tokens, &unit.tokens)).collect::<Vec<_>>().join(" ")
}

/// The words of one unit in lower case, joined as they are written.
fn spell(text: &str, tokens: &[Token], unit: &Range<usize>) -> String {
    let mut spelled = String::new();
    for token in tokens.get(unit.clone()).unwrap_or_default() {
        if !spelled.is_empty() {
            spelled.push(if token.gap == Gap::Apostrophe { '\'' } else { '-' });
        }
        spelled.push_str(text.get(token.start..token.end).unwrap_or_default());
    }
    spelled.to_lowercase()
}
