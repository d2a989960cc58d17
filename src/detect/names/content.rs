//! What the columns of a table hold, told by their cells, and whom the table is about when its headers do not say.
//!
//! In: the cells of a table below its headers. Out: columns of names, and patients or employees. Four cells in five have to
//! agree (a column is what nearly all of its cells are; the rest are slips and notes). It refuses to know headers.

use std::collections::BTreeMap;
use std::ops::Range;

use super::context;
use super::shape;
use super::token;
use super::words::{CARE, COMMON, PARTICLE, PATIENT_VERB, PLACE, Words};
use crate::detect::prepared::Prepared;
use crate::detect::table::{Column, Heads};

/// Whom a table is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// A number, a birth or an illness stands beside each name.
    Patients,
    /// Names in several columns, shifts, extensions, addresses of mail.
    Staff,
    /// Nothing tells.
    #[default]
    Unknown,
}

/// What the cells of a table say.
#[derive(Clone, Debug, Default)]
pub struct Content {
    columns: Vec<(u32, Column)>,
    about: About,
}

/// Most cells looked at: the first rows tell.
const CELLS: usize = 400;
/// Longest cell that may be a name, a number or a date.
const LONGEST: usize = 60;
/// Fewest filled cells that tell what a column holds.
const FEWEST: usize = 2;
/// Years between the first and the last date of a column of births: other dates are of these years.
const GENERATION: i32 = 20;
/// Columns of one or two letters that make a roster of shifts.
const SHIFTS: usize = 4;
/// A name that reads so well needs no header.
const KNOWN: f32 = 4.0;

/// How many cells of a column are of each kind.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    filled: usize,
    full: usize,
    /// Two words or more, all capitalised: perhaps a name that no list knows.
    capitals: usize,
    given: usize,
    surname: usize,
    nam: usize,
    dates: usize,
    years: Option<(i32, i32)>,
    letters: usize,
    extensions: usize,
    addresses: usize,
    /// An illness, an examination, a treatment.
    ill: usize,
    /// What is done in care, which may be said of anything: `suivi`, `contrôle`.
    cared: usize,
}

impl Content {
    /// Reads the cells of a table. Where headers stand on the left, a row is what a column is elsewhere.
    #[must_use]
    pub fn of(words: &Words, prepared: &Prepared<'_>, cells: Range<usize>) -> Self {
        let turned = prepared.tables.heads(cells.start) == Heads::Left;
        let mut columns: BTreeMap<u32, Tally> = BTreeMap::new();
        for index in cells.take(CELLS) {
            let Some(block) = prepared.blocks.get(index) else { break };
            let Some(cell) = block.cell else { continue };
            let line = if turned { cell.row } else { cell.column };
            columns.entry(line).or_default().take(words, block.view.text().trim());
        }
        let mut typed = Vec::new();
        let mut before: Option<(u32, &Tally)> = None;
        for (line, tally) in &columns {
            // Written as names, and half of them known: lists lack the names of many.
            if tally.is(tally.capitals.max(tally.full)) && 2 * tally.full >= tally.filled {
                typed.push((*line, Column::FullName));
            } else if let Some((beside, other)) = before.filter(|(beside, _)| beside + 1 == *line) {
                let pair = |surnames: &Tally, givens: &Tally| {
                    surnames.is(surnames.surname) && givens.is(givens.given)
                };
                if pair(other, tally) {
                    typed.extend([(beside, Column::Surname), (*line, Column::GivenName)]);
                } else if pair(tally, other) {
                    typed.extend([(beside, Column::GivenName), (*line, Column::Surname)]);
                }
            }
            before = Some((*line, tally));
        }
        let about = about(&columns, &typed);
        Self { columns: typed, about }
    }

    /// What a column holds by its cells; of several columns of whole names, the first is that of the patients.
    #[must_use]
    pub fn column(&self, line: u32) -> Option<Column> {
        let own = self.columns.iter().find(|(other, _)| *other == line).map(|(_, column)| *column)?;
        let first = self.columns.iter().find(|(_, column)| *column == Column::FullName);
        (own != Column::FullName || first.is_some_and(|(first, _)| *first == line)).then_some(own)
    }

    /// Whom the table is about by its cells.
    #[must_use]
    pub fn about(&self) -> About {
        self.about
    }
}

fn about(columns: &BTreeMap<u32, Tally>, typed: &[(u32, Column)]) -> About {
    let count = |test: fn(&Tally) -> bool| columns.values().filter(|tally| test(tally)).count();
    let names = typed.iter().filter(|(_, column)| *column != Column::GivenName).count();
    let written = count(|tally| tally.filled > 0 && tally.capitals.max(tally.full) * 5 >= tally.filled * 4);
    let births = |tally: &Tally| {
        tally.is(tally.dates) && tally.years.is_some_and(|(first, last)| last - first >= GENERATION)
    };
    if names.max(written) == 0 {
        About::Unknown
    } else if count(|tally| tally.is(tally.nam)) > 0 {
        About::Patients
    } else if names > 1
        || written > 1
        || count(|tally| tally.is(tally.letters)) >= SHIFTS
        || count(|tally| tally.is(tally.extensions) || tally.is(tally.addresses)) > 0
    {
        About::Staff
    } else if count(births) > 0 || count(Tally::is_of_care) > 0 {
        About::Patients
    } else {
        About::Unknown
    }
}

impl Tally {
    /// Whether four filled cells in five are of a kind.
    fn is(&self, of_kind: usize) -> bool {
        self.filled >= FEWEST && of_kind * 5 >= self.filled * 4
    }

    /// Whether a column tells why people are seen: an illness in most cells, or in one and care in the others.
    fn is_of_care(&self) -> bool {
        self.ill >= FEWEST && 2 * self.ill > self.filled || self.ill > 0 && self.is(self.ill + self.cared)
    }

    fn take(&mut self, words: &Words, text: &str) {
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        if text.len() > LONGEST {
            return;
        }
        if text.contains('@') {
            self.addresses += 1;
        } else if text.bytes().any(|byte| byte.is_ascii_digit()) {
            self.number(text);
        } else if text.len() <= 2 {
            self.letters += 1;
        } else {
            self.words(words, text);
        }
    }

    fn number(&mut self, text: &str) {
        let close: String = text.chars().filter(|character| !matches!(character, ' ' | '-' | '.')).collect();
        let digits = close.bytes().filter(u8::is_ascii_digit).count();
        if close.len() == 12 && digits >= 6 && close.bytes().take(4).all(|byte| byte.is_ascii_alphabetic()) {
            self.nam += 1;
        } else if text.len() == digits && (4..=5).contains(&digits) {
            self.extensions += 1;
        } else if let Some(year) = year_of(text) {
            self.dates += 1;
            let (first, last) = self.years.unwrap_or((year, year));
            self.years = Some((first.min(year), last.max(year)));
        }
    }

    fn words(&mut self, words: &Words, text: &str) {
        let tokens = token::read(text, 0..text.len(), words);
        let units = shape::units(words, &tokens, 0..tokens.len(), text, true);
        if tokens.iter().any(context::is_illness) {
            self.ill += 1;
            return;
        }
        if tokens.iter().any(|token| token.ends.any(CARE | PATIENT_VERB) || token.lines > 0) {
            self.cared += usize::from(tokens.iter().all(|token| token.lines == 0));
            return;
        }
        if let [unit] = units.as_slice() {
            let other = tokens.iter().any(|token| token.own.any(COMMON | PLACE));
            self.given += usize::from(unit.is_given());
            self.surname += usize::from(unit.is_surname() && !other);
            return;
        }
        self.given += usize::from(units.len() <= 3 && units.iter().all(shape::Unit::is_given));
        self.capitals += usize::from(
            tokens
                .iter()
                .all(|token| token.is_capital() && (!token.own.any(COMMON) || token.own.any(PARTICLE))),
        );
        let whole = |reading: &shape::Reading| reading.units.len() == units.len() && reading.bits >= KNOWN;
        self.full += usize::from(shape::readings(&units).first().is_some_and(whole));
    }
}

/// The year of a date in figures: three numbers, one of four digits.
fn year_of(text: &str) -> Option<i32> {
    let numbers: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let all = numbers.len() == 3 && numbers.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let year = numbers.iter().find(|part| part.len() == 4).filter(|_| all)?;
    year.parse().ok().filter(|year| (1900..2100).contains(year))
}
