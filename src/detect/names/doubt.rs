//! Reasons to doubt a name: text that was written about nobody's care, whatever its words are.
//!
//! In: the words of a text and where a name stands among them. Out: what is left of a clue. Every reason was met in
//! text that nobody here wrote (`tests/detection/real/README.md`). It refuses to know how the name was read.

use std::ops::Range;

use super::context::{After, Before, Said};
use super::prose::CASE;
use super::token::{Gap, Shape, Token, key, keys};
use super::words::{GIVEN, SURNAME};
use crate::detect::candidate::Candidate;
use crate::model::Evidence;

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
    let coded = is_key(text, tokens, name.start) || is_in_a_value(text, tokens, name.start);
    let coded = coded || short && is_bracketed(text, tokens, name.start);
    if (before.patient >= PLAIN && !short) || !coded {
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

/// `name="Laha (Viet Nam)"`, `"name": "Illes [Islas Baleares]"`, `<act:name>8047 Skonti`: inside what a key of code names.
fn is_in_a_value(text: &str, tokens: &[Token], start: usize) -> bool {
    let Some(end) = tokens.get(start).map(|first| first.start) else { return false };
    let head = text.get(text.floor_char_boundary(end.saturating_sub(VALUE))..end).unwrap_or_default();
    let line = head.rsplit('\n').next().unwrap_or_default();
    let quoted = line.rsplit_once('"').is_some_and(|(key, _)| key.ends_with('=') || key.ends_with("\": "));
    let tagged = line.rsplit_once('>').is_some_and(|(tag, value)| {
        let name = tag.rsplit('<').next().unwrap_or_default();
        !value.contains('<') && name.ends_with("name") && !name.starts_with('/') && name.contains(':')
    });
    quoted || tagged
}

/// `pt    (Hugo Carvalho)`: whoever stands in brackets after two letters translated into that language.
fn is_bracketed(text: &str, tokens: &[Token], start: usize) -> bool {
    let pair = start.checked_sub(1).and_then(|prior| tokens.get(prior).zip(tokens.get(start)));
    let Some((key, this)) = pair.filter(|(key, _)| key.shape == Shape::Lower && key.len() == 2) else {
        return false;
    };
    text.get(key.end..this.start).is_some_and(|between| between.trim() == "(")
}

/// How far before a name the key of a value is looked for.
const VALUE: usize = 120;

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
pub fn of_reply(before: Before, text: &str, tokens: &[Token], name: &Range<usize>) -> Before {
    let prefixes = tokens.iter().take(name.start).take_while(|token| token.len() <= 3).count();
    let only = name.start > 0 && (prefixes == name.start || opens_list(text, tokens, name.start));
    if only && before.patient < PLAIN { Before { patient: 0.0, ..before } } else { before }
}

/// `Re: [ilug] `, `[list] Re: `: nothing but prefixes and the tag of a mailing list.
fn opens_list(text: &str, tokens: &[Token], start: usize) -> bool {
    let mut head = tokens.get(start).and_then(|first| text.get(..first.start)).unwrap_or_default().trim();
    let mut tagged = false;
    while !head.is_empty() {
        let rest = match head.strip_prefix('[') {
            Some(tag) => tag.split_once(']').map(|(_, rest)| rest),
            None => head.split_once(':').filter(|(prefix, _)| prefix.trim().len() <= 4).map(|(_, rest)| rest),
        };
        tagged |= head.starts_with('[');
        let Some(rest) = rest else { return false };
        head = rest.trim_start();
    }
    tagged
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
    let near = |range: Range<usize>| tokens.get(range.start..range.end.min(tokens.len())).unwrap_or_default();
    let number = |range: Range<usize>| near(range).iter().any(|token| token.shape == Shape::Number);
    let Some(word) = tokens.get(index) else { return false };
    let is = |list: &[u64]| list.contains(&word.key);
    // `(born in 1931)`, `(né en 1940)`: who is in an encyclopaedia
    if word.gap == Gap::Other && is(&BORN) {
        let numbers = near(index + 1..index + 4).iter().filter(|token| token.shape == Shape::Number);
        return numbers.clone().count() > 1 || numbers.clone().any(|token| token.len() != 4);
    }
    if is(&UNITS) {
        return number(index.saturating_sub(1)..index);
    }
    // `CH 6592` is a country and its postal code
    let country = word.key == COUNTRY
        && word.shape == Shape::Upper
        && tokens.get(index + 1).is_some_and(|next| next.shape == Shape::Number && next.len() > 3);
    // `"Room")`, then `007` on the next line: the number of a row, unless a label asks for it
    let parted = |next: &Token| next.lines > 0 && next.gap != Gap::Label;
    if is(&ROOMS) {
        return !country && !near(index + 1..index + 2).iter().any(parted) && number(index + 1..index + 3);
    }
    !country && number(index..index + 5)
}

/// `40 ans à la buanderie`, `22 ans de service`: years spent at work are no age.
#[must_use]
pub fn is_of_service(tokens: &[Token], index: usize) -> bool {
    let Some(years) = tokens.get(index).filter(|years| UNITS.contains(&years.key)) else { return false };
    let near = |token: &&Token| token.lines == 0 && !token.opens;
    let rest = tokens.get(index + 1..).unwrap_or_default().iter().take_while(near).take(SERVED);
    let head = tokens.get(index.saturating_sub(SERVICE)..index).unwrap_or_default();
    let line = head.iter().rev().take_while(|token| !(token.opens && token.gap == Gap::Blank));
    let at_work = rest.clone().any(|token| SPENT.contains(&token.key))
        || rest.clone().next().is_some_and(|first| AT.contains(&first.key)) && rest.clone().count() > 1;
    years.lines == 0
        && (at_work
            || line.into_iter().any(|token| token.key == key("anciennete") || token.key == key("seniority")))
}

/// What years at work are followed by, how far, and how far before them seniority is named.
const SPENT: [u64; 8] = keys("service anciennete experience carriere metier seniority loyaux poste");
const AT: [u64; 3] = keys("a au aux");
const SERVED: usize = 3;
const SERVICE: usize = 40;

/// `US` in capitals, without a stop or a colon: a country in a table of addresses, not a short word for a user; `0.5pt`: a measure,
/// not a short word for a patient.
#[must_use]
pub fn is_country(prior: &Token, this: &Token) -> bool {
    let short = prior.shape == Shape::Upper && prior.len() == 2;
    let country = short && !matches!(this.gap, Gap::Stop | Gap::Label) && prior.key == US;
    country || prior.len() <= 3 && prior.gap == Gap::Start && prior.start > 0
}

/// Bits against a sovereign, and against letters that stand for a thing.
pub const OF_A_KING: f32 = -12.0;
pub const OF_LETTERS: f32 = -6.0;

/// `Edward III`, `Louis XIV`: a given name and a number of kings.
#[must_use]
pub fn is_of_a_king(tokens: &[Token], name: &Range<usize>) -> bool {
    let Some([given, number]) = tokens.get(name.clone()) else { return false };
    given.own.any(GIVEN) && number.shape == Shape::Upper && NUMBERS.contains(&number.key)
}

const NUMBERS: [u64; 17] = keys("ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xvii xviii xix xx");

/// `(RFE, AOE)`, `GNUmed EMR`: letters in capitals that no list of names holds, beside no given name.
#[must_use]
pub fn is_of_letters(tokens: &[Token], name: &Range<usize>) -> bool {
    let words = tokens.get(name.clone()).unwrap_or_default();
    let letters =
        |word: &Token| word.shape == Shape::Upper && word.len() <= 4 && !word.own.any(GIVEN | SURNAME);
    words.iter().any(letters) && !words.iter().any(|word| word.own.any(GIVEN))
}

/// `Herbal Viagra`, `Tadix Salviae`: capitalised words that no list of names holds, joined or not.
#[must_use]
pub fn is_unlisted(tokens: &[Token], name: &Range<usize>) -> bool {
    let named = |word: &Token| (word.own | word.starts | word.ends).any(GIVEN | SURNAME);
    !tokens.get(name.clone()).unwrap_or_default().iter().any(named)
}

/// `"I sleep again."` then `-Ann Lee, Oceanside`: after a quotation that ends, a dash on the next line tells who said it.
#[must_use]
pub fn is_quoted(text: &str, tokens: &[Token], name: &Range<usize>) -> bool {
    let Some(first) = tokens.get(name.start).filter(|first| first.lines > 0) else { return false };
    let from = text.floor_char_boundary(first.start.saturating_sub(QUOTED));
    let head = text.get(from..first.start).unwrap_or_default().trim_end();
    let dashed = head.strip_suffix('-').and_then(|head| head.rsplit_once('\n'));
    dashed.is_some_and(|(line, indent)| indent.trim_matches([' ', '-']).is_empty() && line.contains('"'))
}

/// How far before who said it a quotation ends, in bytes.
const QUOTED: usize = 24;

/// `la RAC de Saint-Georges`: an establishment, by its letters and its place.
#[must_use]
pub fn is_led_by_letters(tokens: &[Token], name: &Range<usize>) -> bool {
    let Some([first, link, .., last]) = tokens.get(name.clone()) else { return false };
    first.shape == Shape::Upper
        && first.len() <= 4
        && !first.own.any(GIVEN)
        && link.shape == Shape::Lower
        && last.shape == Shape::Capital
}

/// What tells a birth, what counts years, and where someone lies.
const BORN: [u64; 4] = keys("born ne nee b");
const UNITS: [u64; 6] = keys("ans mois yo yr year years");
const ROOMS: [u64; 5] = keys("ch chambre lit room bed");
/// A room or a country, and a user or a country.
const COUNTRY: u64 = key("ch");
const US: u64 = key("us");

/// `RCR RCR`: the same word twice is no name.
#[must_use]
pub fn is_said_twice(tokens: &[Token], name: &Range<usize>) -> bool {
    let words = tokens.get(name.clone()).unwrap_or_default();
    words.len() > 1 && words.windows(2).all(|pair| matches!(pair, [one, other] if one.key == other.key))
}

/// How much a text that hardly speaks of care bears on a name: little on one of the roster, half when it is plainly called a patient. An
/// age or a birth is told of anyone in the news.
#[must_use]
pub fn of_elsewhere(name: &Candidate, rostered: bool) -> f32 {
    let told = |clue: &Evidence| clue.bits >= 5.0 && clue.reason == "after words for a patient";
    match () {
        () if rostered => 0.25,
        () if name.evidence.iter().any(|clue| told(clue) || clue.reason == CASE) => 0.5,
        () => 1.0,
    }
}
