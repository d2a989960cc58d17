//! Runs of words that may be names: capitals side by side, with their particles.
//!
//! In: the words of a passage. Out: ranges of them, in order. It refuses to know what a run says.

use std::ops::Range;

use crate::detect::names::token::{Gap, Shape, Token};
use crate::detect::names::words::{
    CLOSING, COMMON, CONTACT, FORM_GIVEN, FORM_SURNAME, GIVEN, GREETING, HEALTH, HEALTH_SENSITIVE, JOB,
    MAIL_HEADER, ORDINARY, PARTICLE, PATIENT_AFTER, PATIENT_BEFORE, PATIENT_BEFORE_WEAK, PATIENT_COLUMN,
    PLACE_HEAD, PLACE_HEAD_WEAK, STAFF, SURNAME, TITLE, Tags,
};

/// Words that end a run although they are capitals, unless a name list holds them.
const STOPS: Tags = Tags::all(&[
    COMMON,
    TITLE,
    STAFF,
    JOB,
    PATIENT_BEFORE,
    PATIENT_BEFORE_WEAK,
    PATIENT_COLUMN,
    CONTACT,
    ORDINARY,
    GREETING,
    CLOSING,
    MAIL_HEADER,
    HEALTH,
    HEALTH_SENSITIVE,
    PLACE_HEAD,
    PLACE_HEAD_WEAK,
]);

/// Runs of words that may be names, in order.
pub fn runs(tokens: &[Token], text: &str) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut at = 0;
    let capital = |from: usize| Some(from + tokens.get(from..)?.iter().position(Token::is_capital)?);
    while let Some(first) = capital(at) {
        at = first;
        let end = run_end(tokens, at, text);
        if end > at {
            runs.push(at..end);
        }
        at = end.max(at + 1);
    }
    runs
}

/// Most words of a run: longer ones are titles and shouting.
const LONGEST: usize = 24;

fn run_end(tokens: &[Token], start: usize, text: &str) -> usize {
    let Some(first) = tokens.get(start).filter(|first| is_name_word(first, tokens.get(start + 1))) else {
        return start;
    };
    let prior = start.checked_sub(1).and_then(|at| tokens.get(at));
    let greets = first.gap == Gap::Space && prior.is_some_and(|prior| prior.ends.any(GREETING));
    let mut end = start + 1;
    let mut before = first;
    while let Some(token) = tokens.get(end).filter(|token| follows(before, token, text)) {
        let next = tokens.get(end + 1);
        let tail = token.gap == Gap::Apostrophe && (token.ends.any(SURNAME) || is_elided(before, token));
        let particle = tail || token.own.any(PARTICLE) && next.is_some_and(leads);
        // `Bonjour Luc, Ann Lee est chez nous`
        let greeted = greets && token.gap == Gap::Comma;
        if greeted || end - start >= LONGEST || !(particle || is_name_word(token, next)) {
            break;
        }
        before = token;
        end += 1;
    }
    while end > start + 1 && tokens.get(end - 1).is_some_and(is_loose) {
        end -= 1;
    }
    end
}

/// `L'ABBÉ, HUBERT`: a word in capitals after the article of a surname, whatever else it says.
fn is_elided(before: &Token, token: &Token) -> bool {
    let written = before.is_capital() && before.own.any(PARTICLE) && before.len() == 1;
    written && token.shape == Shape::Upper && !token.own.any(PLACE_HEAD | HEALTH | HEALTH_SENSITIVE)
}

/// Whether a word cannot end a name: lower case, unless an apostrophe joins it (`Prud'homme`).
fn is_loose(last: &Token) -> bool {
    last.shape == Shape::Lower && last.gap != Gap::Apostrophe
}

/// Whether a word may be part of a name.
fn is_name_word(token: &Token, next: Option<&Token>) -> bool {
    if !token.is_capital() {
        return false;
    }
    let named = token.own.any(GIVEN | SURNAME | PARTICLE);
    let title = token.own.any(TITLE)
        || (token.own.any(STAFF) && token.len() <= 3)
        || (token.own.any(STAFF | PLACE_HEAD)
            && next.is_some_and(|next| next.gap == Gap::Space && next.is_capital())
            && !token.own.any(GIVEN));
    let code = token.shape == Shape::Upper
        && (token.own.any(PATIENT_AFTER)
            || (token.len() == 4
                && next.is_some_and(|next| next.shape == Shape::Number && next.gap != Gap::Other)));
    // the D of `D.D.N`
    let spelled = token.shape == Shape::Initial && next.is_some_and(|next| next.gap == Gap::Joint);
    // the label of the next field in a form of two columns
    let label = token.own.any(FORM_GIVEN | FORM_SURNAME);
    // `A. Tremblay`, `Alicia T.`: a letter that a stop follows is no word, whatever word it is elsewhere.
    let initial = token.shape == Shape::Initial
        && next.is_none_or(|next| {
            matches!(next.gap, Gap::Stop | Gap::Comma | Gap::Line | Gap::Blank | Gap::Other)
        });
    !title && !code && !spelled && !label && (named || initial || !token.own.any(STOPS))
}

/// Whether a word can follow a particle in a name.
fn leads(token: &Token) -> bool {
    matches!(token.gap, Gap::Space | Gap::Apostrophe | Gap::Hyphen)
        && (token.is_capital() || token.own.any(PARTICLE))
}

/// Whether a word goes on from the one before in the same run.
fn follows(before: &Token, token: &Token, text: &str) -> bool {
    match token.gap {
        Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Comma => true,
        Gap::Stop => before.shape == Shape::Initial || (before.len() <= 3 && before.own.any(PARTICLE)),
        Gap::Line => is_wrapped(before, text),
        _ => false,
    }
}

/// Whether a line ends because it was full, not because something ended.
fn is_wrapped(before: &Token, text: &str) -> bool {
    let head = text.get(before.start.saturating_sub(200)..before.end).unwrap_or_default();
    head.len() - head.rfind('\n').map_or(0, |at| at + 1) >= FULL_LINE
}

/// Shortest line that counts as full.
const FULL_LINE: usize = 55;
