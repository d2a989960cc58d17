//! Reasons to doubt a name: text that was written about nobody's care, whatever its words are.
//!
//! In: the words of a text and where a name stands among them. Out: what is left of a clue. Every reason was met in
//! text that nobody here wrote (`tests/detection/real/README.md`). It refuses to know how the name was read.

use std::ops::Range;

use super::context::{After, Before, Said};
use super::token::{self, Gap, Shape, Token};
use crate::detect::candidate::Candidate;

/// Most bits of a label that is a key of code or of settings, and of a word for a patient before two words in no list.
const OF_CODE: f32 = 1.0;
const OF_WORDS: f32 = 2.0;
/// A label that says patient in so many words stays what it is.
const PLAIN: f32 = 6.0;

/// `name="Swiss Franc"`, `"name": "Brazilian Real"`, `Name[pt]=Cartas Flutuantes`: a key of code names anything.
#[must_use]
pub fn of_code(before: Before, text: &str, tokens: &[Token], name: &Range<usize>) -> Before {
    let key = name.start.checked_sub(1).and_then(|prior| tokens.get(prior));
    // `Name[pt]=` and `Name[tr]=` are languages
    let short = key.is_some_and(|key| key.len() <= 3);
    if (before.patient >= PLAIN && !short) || !is_key(text, tokens, name.start) {
        return before;
    }
    Before { patient: before.patient.min(OF_CODE), ..before }
}

fn is_key(text: &str, tokens: &[Token], start: usize) -> bool {
    let Some((this, key)) = start.checked_sub(1).and_then(|prior| tokens.get(start).zip(tokens.get(prior)))
    else {
        return false;
    };
    let between = text.get(key.end..this.start).unwrap_or_default();
    let quoted = between.starts_with(['"', '\'']) && between.ends_with(['"', '\'']);
    let given = between.contains('=') && !between.contains(' ');
    let tag = between == ">" && text.get(..key.start).is_some_and(|head| head.ends_with(['<', ':', '_']));
    tag || (this.gap == Gap::Label && (quoted || given))
}

/// Two capitalised words in no list may be anything: only plain words for a patient make a name of them.
#[must_use]
pub fn of_words(before: Before, after: After, said: &mut Said) -> (Before, After) {
    (said.health, said.patient, said.care) = (0.0, 0.0, 0.0);
    if before.patient >= PLAIN {
        return (before, after);
    }
    let before = Before { patient: before.patient.min(OF_WORDS), ..before };
    (before, After { patient: after.patient.min(OF_WORDS), ..after })
}

/// `Re: Linux Install`: a prefix that opens a subject says that one answers, not about whom.
#[must_use]
pub fn of_reply(before: Before, tokens: &[Token], name: &Range<usize>) -> Before {
    let prefixes = tokens.iter().take(name.start).take_while(|token| token.len() <= 3).count();
    let only = name.start > 0 && prefixes == name.start;
    if only && before.patient < PLAIN { Before { patient: 0.0, ..before } } else { before }
}

/// Whether a word that would say a room or an age belongs to an address or a code: `@sbszh.ch`, `N36L`.
#[must_use]
pub fn is_joined(tokens: &[Token], index: usize) -> bool {
    let joins = |at: usize| {
        tokens.get(at).is_some_and(|token| matches!(token.gap, Gap::Joint | Gap::Address) && token.lines == 0)
    };
    joins(index) || joins(index + 1) && tokens.get(index + 1).is_some_and(|next| next.shape != Shape::Number)
}

/// Whether a number stands where a word of an age or of a room wants it: `82 ans`, `chambre 214`, not `Room A4` and
/// `the 19 to`.
#[must_use]
pub fn is_numbered(tokens: &[Token], index: usize) -> bool {
    let number = |range: Range<usize>| {
        tokens
            .get(range.start..range.end.min(tokens.len()))
            .is_some_and(|near| near.iter().any(|token| token.shape == Shape::Number))
    };
    let Some(word) = tokens.get(index) else { return false };
    let is = |list: &str| token::words(list).any(|key| key == word.key);
    if is(UNITS) {
        return number(index.saturating_sub(1)..index);
    }
    // `CH 6592` is a country and its postal code
    let country = is("ch")
        && word.shape == Shape::Upper
        && tokens.get(index + 1).is_some_and(|next| next.shape == Shape::Number && next.len() > 3);
    !country && number(if is(ROOMS) { index + 1..index + 3 } else { index..index + 5 })
}

/// `US` in capitals, without a stop or a colon: a country in a table of addresses, not a short word for a user.
#[must_use]
pub fn is_country(prior: &Token, this: &Token) -> bool {
    let short = prior.shape == Shape::Upper && prior.len() == 2;
    short && !matches!(this.gap, Gap::Stop | Gap::Label) && token::words("us").any(|key| key == prior.key)
}

/// What counts years, and where someone lies.
const UNITS: &str = "ans mois yo yr year years";
const ROOMS: &str = "ch chambre lit room bed";

/// `RCR RCR`: the same word twice is no name.
#[must_use]
pub fn is_said_twice(tokens: &[Token], name: &Range<usize>) -> bool {
    let words = tokens.get(name.clone()).unwrap_or_default();
    words.len() > 1 && words.windows(2).all(|pair| matches!(pair, [one, other] if one.key == other.key))
}

/// How much a text that hardly speaks of care bears on a name: half when it is plainly called a patient.
#[must_use]
pub fn of_elsewhere(name: &Candidate) -> f32 {
    let plain = name.evidence.iter().any(|clue| clue.bits >= 5.0);
    if plain { 0.5 } else { 1.0 }
}
