//! What is told of someone by the given name alone, after the whole name: `Contacts : Ann Lee, Luc Roy. Ann est immunosupprimée.`
//!
//! In: the words of a passage and the names found in it. Out: bits added to the name that a given name stands for, when it
//! can stand for one only. It refuses to know how the name was read.

use std::ops::Range;

use super::context;
use super::prose::{self, Passage};
use super::token::{Gap, Shape, Token};
use super::words::{GIVEN, SURNAME, TITLE};
use super::zones::Zone;
use crate::detect::candidate::Candidate;

/// Bits of what is done to someone, of an illness in the same sentence, and against who does the work of a colleague.
const UNDERGOES: f32 = 4.0;
const ILL: f32 = 2.5;
const WORKS: f32 = -3.0;

/// Adds to each name what is told where its given name stands alone.
pub fn hear(passage: &Passage<'_>, names: &mut [Candidate]) {
    if names.is_empty() || names.len() > MOST {
        return;
    }
    let mut heard = vec![0.0_f32; names.len()];
    for (index, token) in passage.tokens.iter().enumerate().filter(|(_, token)| token.own.any(GIVEN)) {
        if !stands_alone(passage, index) || within(token, names) {
            continue;
        }
        let Some(given) = passage.text.get(token.start..token.end).map(str::to_lowercase) else { continue };
        let Some(whose) = only(names, &given, token.start) else { continue };
        let bits = told(passage.tokens, index);
        let so_far = heard.get(whose).copied().unwrap_or_default();
        if let Some(most) = heard.get_mut(whose).filter(|_| bits.abs() > so_far.abs()) {
            *most = bits;
        }
    }
    for (name, bits) in names.iter_mut().zip(heard).filter(|(_, bits)| *bits != 0.0) {
        name.add(prose::ECHO, bits);
    }
}

/// Most names of a passage: more are a list, in which nobody is called by the given name.
const MOST: usize = 40;

/// A given name in the body, with no other capital beside it.
fn stands_alone(passage: &Passage<'_>, index: usize) -> bool {
    let at = |index: usize| passage.tokens.get(index);
    let Some(token) = at(index).filter(|token| token.shape == Shape::Capital && token.len() > 2) else {
        return false;
    };
    let joins = |token: &Token| matches!(token.gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe);
    let before = index.checked_sub(1).and_then(at);
    let led = joins(token) && before.is_some_and(|before| before.is_capital() || before.own.any(TITLE));
    let goes_on = at(index + 1).is_some_and(|next| {
        joins(next) && (next.is_capital() || next.gap != Gap::Space || next.own.any(SURNAME))
    });
    let body = passage.zones.get(index).is_none_or(|zone| *zone == Zone::Body);
    body && !led && !goes_on
}

fn within(token: &Token, names: &[Candidate]) -> bool {
    names.iter().any(|name| name.span.contains(&token.start))
}

/// The one name before a place whose given name it is.
fn only(names: &[Candidate], given: &str, place: usize) -> Option<usize> {
    let bears = |name: &Candidate| {
        name.span.end <= place && name.value.reveal().split_once(' ').is_some_and(|(first, _)| first == given)
    };
    let mut found = names.iter().enumerate().filter(|(_, name)| bears(name));
    let (index, first) = found.next()?;
    found.all(|(_, other)| other.value.reveal() == first.value.reveal()).then_some(index)
}

/// What its sentence says of who is called so.
fn told(tokens: &[Token], index: usize) -> f32 {
    let name: Range<usize> = index..index + 1;
    let before = context::before(tokens, &name);
    let said = context::said(tokens, &name);
    if before.staff || before.contact < 0.0 || said.other <= -3.0 {
        return WORKS;
    }
    let after = context::after(tokens, &name);
    match () {
        () if after.staff < 0.0 => WORKS,
        () if said.patient >= 3.0 || after.patient >= 5.0 || before.patient >= 3.5 => UNDERGOES,
        () if said.health > 0.0 => ILL,
        () => 0.0,
    }
}
