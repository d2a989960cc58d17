//! Names in lower case, where words for a patient or what is told of them make a name of them.
//!
//! In: a passage. Out: candidates. It refuses to know names in capitals.

use super::told::{Read, Told};
use super::{FLOOR, PRIOR, Passage, RARE, READS, clues, measure};
use crate::detect::candidate::Candidate;
use crate::detect::names::context;
use crate::detect::names::normal;
use crate::detect::names::shape;
use crate::detect::names::token::{Gap, Shape, Token, keys};
use crate::detect::names::words::{
    COMMON, GIVEN, LINK_OF, PARTICLE, PATIENT_BEFORE, PATIENT_BEFORE_WEAK, SURNAME,
};

/// `patiente : marie tremblay`, `marie tremblay est venue ce matin`, `peux-tu voir marie tremblay, sa plaie coule`: in lower case, right after
/// a label, first in a sentence, or where health is told in the sentence.
pub fn lower_case(passage: &Passage<'_>, out: &mut Vec<Candidate>) {
    for (index, token) in passage.tokens.iter().enumerate() {
        if token.shape != Shape::Lower || !token.own.any(GIVEN | SURNAME) {
            continue;
        }
        let prior = index.checked_sub(1).and_then(|prior| passage.tokens.get(prior));
        let named = |next: &Token| next.shape == Shape::Lower && next.own.any(GIVEN | SURNAME);
        let next = || !token.own.any(COMMON) && passage.tokens.get(index + 1).is_some_and(named);
        if let Some(needed) = place(token, prior).or_else(|| next().then_some(Needed::Health)) {
            out.extend(lower_case_at(passage, index, needed));
        }
    }
}

/// What a name in lower case needs where it stands; `None` amid a sentence.
fn place(token: &Token, prior: Option<&Token>) -> Option<Needed> {
    let Some(prior) = prior else { return Some(Needed::Anything) };
    if prior.ends.any(PATIENT_BEFORE | PATIENT_BEFORE_WEAK) || prior.own.any(LINK_OF) {
        return Some(Needed::Nothing);
    }
    let first = token.opens || token.lines > 0 || token.gap == Gap::Label;
    if first { Some(Needed::Anything) } else { CLAUSE.contains(&prior.key).then_some(Needed::Subject) }
}

/// Words after which a clause begins, with whom it speaks of.
const CLAUSE: [u64; 7] = keys("que qu that et and car because");

/// What has to be told of a name in lower case.
#[derive(Clone, Copy, Debug)]
enum Needed {
    /// The label says all.
    Nothing,
    /// Anything of a patient.
    Anything,
    /// That it is the patient who does it.
    Subject,
    /// Health, or what is done to a patient.
    Health,
}

impl Needed {
    fn is_in(self, told: &Told<'_>) -> bool {
        let patient = told.after.patient.max(told.said.patient);
        match self {
            Self::Nothing => true,
            Self::Anything => patient > 0.0,
            Self::Subject => patient >= 3.0,
            Self::Health => patient >= 3.0 || told.said.health > 0.0,
        }
    }
}

fn lower_case_at(passage: &Passage<'_>, start: usize, needed: Needed) -> Option<Candidate> {
    let rest = passage.tokens.get(start + 1..)?;
    let more = rest.iter().take(4).take_while(|token| {
        matches!(token.gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Comma)
            && (token.own.any(GIVEN | SURNAME | PARTICLE) && !token.own.any(COMMON)
                || matches!(token.gap, Gap::Hyphen | Gap::Apostrophe) && token.ends.any(SURNAME))
    });
    let end = start + 1 + more.count();
    // One word is no whole name.
    if end < start + 2 {
        return None;
    }
    let units = shape::units(passage.words, passage.tokens, start..end, passage.text, true);
    let reading = shape::readings(&units).into_iter().find(|reading| reading.bits >= 4.0)?;
    let name = normal::token_range(&units, &reading)?;
    let read = Read { alone: false, known: true, surname_first: reading.surname_first };
    let told = Told::of(passage, &name, read, context::before(passage.tokens, &name));
    if !needed.is_in(&told) {
        return None;
    }
    let mut candidate = normal::candidate(passage.text, passage.block, passage.tokens, &units, &reading);
    candidate.add(RARE, PRIOR);
    candidate.add(READS, reading.bits);
    candidate.add("in lower case", -2.0);
    clues::weigh(&told, &mut candidate);
    candidate.around = measure(&told);
    (candidate.bits() > FLOOR).then_some(candidate)
}
