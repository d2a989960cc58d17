//! What a run of capitalised words reads as: which of them are a given name, which a surname, how likely.
//!
//! In: the words of a run with the lists they are in. Out: readings with their weight in bits, as if nothing
//! stood around them. Context is weighed elsewhere.

use std::ops::Range;

use super::token::{Gap, Shape, Token};
use super::words::{COMMON, GIVEN, NAME_WORD, PARTICLE, PLACE, SURNAME, Tags, Words};

/// A word of a name: tokens joined by hyphens and apostrophes.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// How well it reads as a given name; `None` when it cannot be.
    given: Option<f32>,
    /// How well it reads as a surname.
    surname: Option<f32>,
    /// Whether it stands between names: `de`, `la`, `van`.
    particle: bool,
    /// Whether it is one letter.
    initial: bool,
    /// Whether it is all capitals.
    upper: bool,
    /// Whether it is all lower case.
    lower: bool,
    /// Whether a comma stands before it.
    comma: bool,
}

/// A way to read some units as a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Which units, of those given.
    pub units: Range<usize>,
    /// Where the surname starts, or the given name when the surname comes first.
    pub split: usize,
    /// Whether the surname comes first.
    pub surname_first: bool,
    /// Its weight, context apart.
    pub bits: f32,
}

impl Reading {
    /// The units of the given name, then those of the surname.
    #[must_use]
    pub fn parts(&self) -> (Range<usize>, Range<usize>) {
        let (first, second) = (self.units.start..self.split, self.split..self.units.end);
        if self.surname_first { (second, first) } else { (first, second) }
    }
}

/// Weights of one word of a name (compiled by us, 2026-11: both known make 5 bits together).
const KNOWN: f32 = 3.0;
const WORD: f32 = 2.0;
const STRANGE: f32 = 2.0;
const UNKNOWN: f32 = 1.0;
const PAIR: f32 = -1.0;

/// Most units of one name.
const LONGEST: usize = 6;

/// Groups the tokens of a run into units. In file names, hyphens part words instead of joining them.
#[must_use]
pub fn units(
    words: &Words,
    tokens: &[Token],
    run: Range<usize>,
    text: &str,
    hyphens_join: bool,
) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut first = run.start;
    while first < run.end {
        let joined = |next: &&Token| next.gap == Gap::Apostrophe || (hyphens_join && next.gap == Gap::Hyphen);
        let rest = tokens.get(first + 1..run.end).unwrap_or_default();
        let end = first + 1 + rest.iter().take_while(joined).count();
        units.extend(tokens.get(first..end).map(|parts| Unit::of(words, parts, first..end, text)));
        first = end;
    }
    after_particles(&mut units, tokens);
    units
}

/// `De Repentigny`, `DE LA CRUZ`: after a particle in capitals, a place or any word is a surname.
fn after_particles(units: &mut [Unit], tokens: &[Token]) {
    for index in 1..units.len() {
        let Some([before, unit]) = units.get_mut(index - 1..=index) else { continue };
        let written =
            |unit: &Unit| tokens.get(unit.tokens.clone()).unwrap_or_default().iter().all(Token::is_capital);
        if before.particle
            && !unit.particle
            && !unit.comma
            && unit.surname.is_none()
            && !unit.initial
            && written(before)
            && written(unit)
        {
            unit.surname = Some(WORD);
        }
    }
}

impl Unit {
    fn of(words: &Words, parts: &[Token], tokens: Range<usize>, text: &str) -> Self {
        let single = if let [one] = parts { Some(one) } else { None };
        let comma = parts.first().is_some_and(|first| first.gap == Gap::Comma);
        let upper = parts.iter().all(|part| matches!(part.shape, Shape::Upper | Shape::Initial));
        let (given, surname) = match single {
            Some(one) => (alone(words, one, GIVEN, text), alone(words, one, SURNAME, text)),
            None => (compound(words, parts, GIVEN, text), compound(words, parts, SURNAME, text)),
        };
        Self {
            tokens,
            given,
            surname,
            particle: single.is_some_and(|one| one.own.any(PARTICLE)),
            initial: single.is_some_and(|one| one.shape == Shape::Initial),
            lower: parts.iter().all(|part| part.shape == Shape::Lower),
            upper: upper && single.is_none_or(|one| one.shape == Shape::Upper),
            comma,
        }
    }

    /// Whether a comma stands before it.
    #[must_use]
    pub fn has_comma(&self) -> bool {
        self.comma
    }

    /// Whether it can only be a surname.
    #[must_use]
    pub fn is_surname(&self) -> bool {
        self.surname.is_some_and(|bits| bits >= WORD)
    }

    /// Whether it can be a given name.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.given.is_some_and(|bits| bits >= WORD)
    }

    /// Its weight as a surname that stands alone.
    #[must_use]
    pub fn lone_surname(&self) -> Option<f32> {
        self.surname.filter(|_| !self.particle && !self.initial)
    }
}

/// How well one word reads as a name of a kind.
fn alone(words: &Words, token: &Token, kind: Tags, text: &str) -> Option<f32> {
    if token.own.any(kind) && !(token.own.any(PARTICLE) && token.shape == Shape::Lower) {
        let weak = token.own.any(NAME_WORD) || token.len() <= 2;
        let bits = if weak { WORD } else { KNOWN };
        return Some(if token.own.any(COMMON) { bits - 0.5 } else { bits });
    }
    let named = token.own.any(GIVEN | SURNAME);
    let word = text.get(token.start..token.end).unwrap_or_default();
    let scottish = kind == SURNAME && is_scottish(word);
    match token.own {
        _ if scottish => Some(WORD),
        _ if token.shape == Shape::Initial => None,
        own if own.any(COMMON | PLACE) && !named => None,
        own if own.any(PARTICLE) => None,
        _ if named => Some(UNKNOWN - 0.5),
        own if own.is_none() && token.len() > 2 => Some(unlisted(words, token, word)),
        own if own.any(NAME_WORD) => Some(UNKNOWN),
        _ => None,
    }
}

/// A word in no list: an ordinary one is hardly a name; one that no dictionary knows either may well be.
fn unlisted(words: &Words, token: &Token, word: &str) -> f32 {
    match token.shape {
        Shape::Capital if !words.is_ordinary(word) => STRANGE,
        _ if words.is_ordinary(word) => UNKNOWN - 0.5,
        _ => UNKNOWN + 0.25,
    }
}

/// How well joined words read as a name of a kind: listed whole, or part by part, or after `St-`, `L'`, `El-`.
fn compound(words: &Words, parts: &[Token], kind: Tags, text: &str) -> Option<f32> {
    let (first, rest) = parts.split_first()?;
    let last = parts.last()?;
    if rest.iter().all(|part| part.own.any(kind)) && first.own.any(kind) {
        return Some(KNOWN);
    }
    let whole = last.ends.any(kind) && first.starts.any(kind);
    if kind == SURNAME && first.own.any(PARTICLE) {
        let known = whole || rest.iter().all(|part| part.own.any(SURNAME | GIVEN));
        let lower = known && parts.iter().all(|part| part.shape == Shape::Lower);
        return (lower || rest.iter().all(Token::is_capital)).then_some(if known { KNOWN } else { WORD });
    }
    let spelled = |part: &Token| text.get(part.start..part.end).unwrap_or_default();
    let some = parts.iter().filter(|part| part.own.any(kind)).count();
    let other = parts.iter().any(|part| part.own.any(COMMON) && !part.own.any(GIVEN | SURNAME | PARTICLE));
    match some {
        _ if whole => Some(KNOWN),
        // `Roy-d'Auteuil`
        _ if !parts.iter().all(|part| part.is_capital() || part.own.any(PARTICLE)) => None,
        _ if !first.is_capital() || !last.is_capital() => None,
        // `Bien-Aimé`
        _ if other => parts.iter().all(|part| part.len() > 3).then_some(UNKNOWN + 0.5),
        0 if parts.iter().any(|part| part.len() < 2 && !part.own.any(PARTICLE)) => None,
        0 => parts.iter().map(|part| unlisted(words, part, spelled(part))).reduce(f32::min),
        _ => Some(WORD),
    }
}

/// `McKenzie`, `MacNeil`: a capital after the prefix.
fn is_scottish(word: &str) -> bool {
    let rest = word.strip_prefix("Mc").or_else(|| word.strip_prefix("Mac"));
    rest.is_some_and(|rest| rest.len() > 2 && rest.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// The readings of a run that do not overlap, likeliest first.
#[must_use]
pub fn readings(units: &[Unit]) -> Vec<Reading> {
    let all = all_readings(units);
    let mut found = Vec::new();
    let mut pending: Vec<Range<usize>> = std::iter::once(0..units.len()).collect();
    while let Some(range) = pending.pop() {
        let Some(best) = best(&all, &range) else { continue };
        let best = with_first_names(units, &range, best);
        let best = with_last_names(units, &range, best);
        pending.push(range.start..best.units.start);
        pending.push(best.units.end..range.end);
        found.push(best);
    }
    found
}

/// `Thi Mai Nguyen`, `Rose Marie Roy`: a given name that is weak by itself stands before the reading and belongs to it.
fn with_first_names(units: &[Unit], range: &Range<usize>, mut reading: Reading) -> Reading {
    while !reading.surname_first && reading.units.start > range.start {
        let (Some(unit), Some(first)) = (units.get(reading.units.start - 1), units.get(reading.units.start))
        else {
            break;
        };
        if first.comma || unit.initial || unit.given < Some(WORD - 0.5) || unit.upper != first.upper {
            break;
        }
        reading.units.start -= 1;
    }
    reading
}

/// `Alejandro Quintero Paz`: a second surname, weak by itself, ends the run after a reading and belongs to it.
fn with_last_names(units: &[Unit], range: &Range<usize>, mut reading: Reading) -> Reading {
    let end = reading.units.end;
    let last = end.checked_sub(1).and_then(|last| units.get(last));
    if let (Some(unit), Some(last)) = (units.get(end).filter(|_| end + 1 == range.end), last)
        && !(reading.surname_first || unit.comma || unit.initial || unit.particle)
        && unit.surname >= Some(WORD - 0.5)
        && unit.upper == last.upper
        && last.surname >= Some(KNOWN)
    {
        reading.units.end += 1;
    }
    reading
}

/// `Jonathan P.`, `J. Tremblay`: a name and a letter, which say little by themselves.
#[must_use]
pub fn with_initial(units: &[Unit]) -> Option<Reading> {
    let [first, last] = units else { return None };
    let known = |bits: Option<f32>| bits.is_some_and(|bits| bits >= WORD);
    let shortened = last.initial && known(first.given) || first.initial && known(last.surname);
    (shortened && !last.comma).then_some(Reading { units: 0..2, split: 1, surname_first: false, bits: WORD })
}

/// Every reading of some of the units, by where it starts.
fn all_readings(units: &[Unit]) -> Vec<Reading> {
    let windows = (0..units.len()).flat_map(|start| {
        let last = (start + LONGEST).min(units.len());
        (start + 2..=last).map(move |end| start..end)
    });
    let readings =
        windows.flat_map(|window| [given_first(units, window.clone()), surname_first(units, window)]);
    readings.flatten().collect()
}

/// The likeliest of those inside a range.
fn best(all: &[Reading], range: &Range<usize>) -> Option<Reading> {
    let inside =
        all.iter().filter(|reading| range.start <= reading.units.start && reading.units.end <= range.end);
    let best = inside
        .max_by(|one, other| one.bits.total_cmp(&other.bits).then(one.units.len().cmp(&other.units.len())));
    best.cloned()
}

/// `Marie-Ève Tremblay`, `Van Minh Roy`, `Maria Elena Garcia Lopez`, `Thi Lan De la Durantaye`.
fn given_first(units: &[Unit], window: Range<usize>) -> Option<Reading> {
    let parts = units.get(window.clone())?;
    let (first, rest) = parts.split_first()?;
    let (last, middle) = rest.split_last()?;
    if rest.iter().any(|unit| unit.comma) || (last.particle && goes_on(units, window.end)) {
        return None;
    }
    let inner: f32 = middle.iter().map(inside).sum::<Option<f32>>()?;
    let split = window.start + 1 + middle.iter().take_while(|unit| stays_given(unit)).count();
    let emphasis = if last.upper && !first.upper && first.given >= Some(WORD) { 1.0 } else { 0.0 };
    let bits = first.given? + last.surname? + PAIR + inner + emphasis;
    Some(Reading { units: window, split, surname_first: false, bits })
}

/// Whether a surname goes on after a window: `De la` is none when `Durantaye` follows.
fn goes_on(units: &[Unit], end: usize) -> bool {
    units.get(end).is_some_and(|next| !next.comma && next.surname.is_some())
}

/// `TREMBLAY, Marie-Ève`, `Tremblay Marie-Ève`, `De la Durantaye, Jean Paul`.
fn surname_first(units: &[Unit], window: Range<usize>) -> Option<Reading> {
    let parts = units.get(window.clone())?;
    // `la demande de Colombe Roy`: a run starts with a capital, so what a small particle leads belongs to the words before.
    if parts.first().is_some_and(|first| first.particle && first.lower) {
        return None;
    }
    let comma = parts.iter().skip(1).position(|unit| unit.comma).map(|index| index + 1);
    if parts.iter().skip(1).filter(|unit| unit.comma).count() > 1 {
        return None;
    }
    // `De la Cruz Jean`: particles and what they lead to are one surname.
    let led = 1 + parts.iter().take_while(|unit| unit.particle).count();
    let split = comma
        .unwrap_or_else(|| led + parts.iter().skip(led).take_while(|unit| unit.is_only_surname()).count());
    let (surnames, givens) = parts.split_at_checked(split)?;
    let pair = |units: &[Unit]| {
        let (first, last) = (units.first(), units.last());
        units.len() > 1
            && first.is_some_and(|first| first.given >= Some(WORD) && !first.particle)
            && last.is_some_and(|last| last.is_surname() && last.given < Some(KNOWN))
    };
    if comma.is_some() && (pair(surnames) || pair(givens)) {
        return None;
    }
    // `Thi Anh Tran, Ann Lee`: what the comma parts from a whole name is the given name of the next one.
    let whole = surnames.len() > 1 && surnames.first().is_some_and(|first| first.given >= Some(WORD));
    let next = units.get(window.end).is_some_and(|next| !next.comma && next.surname >= Some(WORD));
    if comma.is_some() && whole && next {
        return None;
    }
    if givens.last()?.particle && goes_on(units, window.end) {
        return None;
    }
    let last = surnames.iter().rfind(|unit| !unit.particle).or(surnames.last())?;
    let first = givens.first()?;
    let inner: f32 = surnames
        .iter()
        .filter(|unit| !std::ptr::eq(*unit, last))
        .chain(givens.iter().skip(1))
        .map(inside)
        .sum::<Option<f32>>()?;
    let marked = comma.is_some() || surnames.iter().all(|unit| unit.upper) && !first.upper;
    let order = if marked { 0.5 } else { -0.5 };
    // `Luc Roy, Ann Lee`: the given name before tells that the comma parts two people.
    let before = window.start.checked_sub(1).and_then(|index| units.get(index));
    let tied = comma.is_some()
        && parts.first().is_some_and(|first| !first.comma)
        && before.is_some_and(|before| before.given >= Some(WORD));
    let order = if tied { -1.5 } else { order };
    let bits = first.given? + last.surname? + PAIR + inner + order;
    Some(Reading { units: window.clone(), split: window.start + split, surname_first: true, bits })
}

impl Unit {
    fn is_only_surname(&self) -> bool {
        self.is_surname() && self.given.is_none_or(|bits| bits < WORD)
    }
}

/// What a word between the first and the last adds; `None` when it cannot stand there.
fn inside(unit: &Unit) -> Option<f32> {
    let known = if unit.given >= unit.surname { unit.given } else { unit.surname };
    match known {
        Some(bits) if bits >= WORD => Some(0.2),
        _ if unit.given >= Some(WORD - 0.5) => Some(0.1),
        _ if unit.particle => Some(0.1),
        _ if unit.initial => Some(0.2),
        Some(_) => Some(-1.0),
        None => None,
    }
}

fn stays_given(unit: &Unit) -> bool {
    unit.initial || (!unit.particle && unit.given >= Some(WORD) && unit.given >= unit.surname)
}
