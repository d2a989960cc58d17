//! What follows a name: an age, an illness set off, a function, a telephone.

use std::ops::Range;

use super::before::{AFTER, IS};
use super::said::{is_illness, sentence};
use crate::detect::names::doubt;
use crate::detect::names::token::{Gap, Shape, Token, keys};
use crate::detect::names::words::{
    CARE, COMMON, CONTACT, CONTACT_AFTER, DISCIPLINE, GENERAL, GIVEN, HEALTH, HEALTH_SENSITIVE, JOB, LINK_OF,
    LINK_WITH, ORDINARY, PATIENT_AFTER, PATIENT_BEFORE, PATIENT_VERB, PATIENT_VERB_SURE, PLACE, PLACE_HEAD,
    STAFF, STAFF_COLUMN, SURNAME, TOLD, Tags,
};

/// What the words right after a name say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct After {
    /// Bits for a patient: an age, a birth, a dossier.
    pub patient: f32,
    /// Bits against: a function, a telephone.
    pub staff: f32,
}

/// Reads on from a name: the rest of its line, then labels and functions on the next lines.
#[must_use]
pub fn after(tokens: &[Token], name: &Range<usize>) -> After {
    let mut said = After::default();
    let rest = tokens.get(name.end..).unwrap_or_default();
    if is_dated(rest) || is_aged(rest) {
        return After { patient: 5.0, staff: 0.0 };
    }
    if is_credential(rest) || is_function_of(rest) || is_of_a_branch(rest) {
        return After { patient: 0.0, staff: -6.0 };
    }
    if is_ill_in_brackets(rest) {
        return After { patient: ILL, staff: 0.0 };
    }
    if is_followed_by_health(rest) {
        said.patient = 2.0;
    }
    if is_extension(rest) {
        said.staff = -5.0;
    }
    let mut lines = 0;
    let mut fresh = true;
    // `: le pharmacien suggère`, `la biopsie est positive, le chirurgien`: from there on, someone else is spoken of.
    let mut told = rest.first().is_some_and(|first| first.gap == Gap::Label && !first.starts.any(JOB));
    for (index, token) in tokens.iter().enumerate().skip(name.end).take(AFTER) {
        lines += token.lines;
        told &= token.lines == 0;
        fresh |= token.lines > 0 || !matches!(token.gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe);
        fresh &= !told;
        let next = tokens.get(index + 1);
        if token.gap == Gap::Address {
            said.staff = said.staff.min(-6.0);
        }
        if lines > 3 || (token.opens && token.lines == 0) {
            break;
        }
        if is_someone_unnamed(tokens, name.end, index) || is_someone_else(tokens, name.end, index) {
            break;
        }
        let served = next.is_some_and(|next| next.gap == Gap::Space && next.own.any(LINK_OF));
        if token.starts.any(PATIENT_AFTER)
            && !served
            && !doubt::is_joined(tokens, index)
            && is_patient_after(tokens, index, name.end)
        {
            return After { patient: 5.0, staff: 0.0 };
        }
        if is_apposed(tokens, name.end, index) {
            return After { patient: 0.0, staff: -8.0 };
        }
        let labelled = next.is_some_and(|next| next.gap == Gap::Label || next.shape == Shape::Number);
        let field = token.lines > 0 && labelled;
        if token.starts.any(JOB) && fresh && lines <= 1 && !field {
            return After { patient: 0.0, staff: -8.0 };
        }
        if token.starts.any(CONTACT_AFTER) && labelled {
            said.staff = said.staff.min(-6.0);
        }
        told |= token.ends.any(HEALTH | HEALTH_SENSITIVE | PATIENT_VERB | PATIENT_VERB_SURE);
        // `Jean Roy, notre conférencier`: a small word keeps the place of a function.
        fresh &= token.len() <= 5 && token.own.any(COMMON);
    }
    said
}

/// `… rencontreront la famille du patient de la chambre 970`: from there on a patient is spoken of whom nobody names, unless the
/// name is said to be one: `Jean Roy est le patient de la chambre 214`.
fn is_someone_unnamed(tokens: &[Token], name_end: usize, index: usize) -> bool {
    let at = |back: usize| index.checked_sub(back).filter(|at| *at >= name_end).and_then(|at| tokens.get(at));
    let (Some(patient), Some(article), Some(verb)) = (tokens.get(index), at(1), at(2)) else { return false };
    let is = IS.contains(&verb.key) || verb.own.any(TOLD);
    patient.own.any(PATIENT_BEFORE)
        && tokens.get(index + 1).is_none_or(|next| next.shape != Shape::Number)
        && patient.shape == Shape::Lower
        && patient.gap == Gap::Space
        && article.own.any(LINK_OF | COMMON)
        && article.shape == Shape::Lower
        && matches!(article.gap, Gap::Space)
        && !is
}

/// `… part en ambulance, accompagnée par Luc Roy, infirmier`: from there on someone else is spoken of, unless the two are told in one
/// breath: `Ann Lee et Luc Roy, infirmiers`.
fn is_someone_else(tokens: &[Token], name_end: usize, index: usize) -> bool {
    let Some([given, surname]) = tokens.get(index..index + 2) else { return false };
    let between = tokens.get(name_end..index).unwrap_or_default();
    let worded = |token: &Token| token.shape == Shape::Lower && token.len() > 3;
    let named =
        given.is_capital() && given.own.any(GIVEN) && surname.is_capital() && surname.gap == Gap::Space;
    named && given.lines == 0 && between.iter().any(worded)
}

/// `, étudiante en inhalothérapie`, `, ancien chef du service`, `(nouvelle ergothérapeute)`: a function a few words into
/// what is set off after a name, unless someone else comes first: `, suivie par une ergothérapeute`.
fn is_apposed(tokens: &[Token], name_end: usize, index: usize) -> bool {
    let Some(aside) = tokens.get(name_end..=index) else { return false };
    let set_off = aside.first().is_some_and(|first| matches!(first.gap, Gap::Comma | Gap::Other));
    // `, qui est infirmière` but not `, qui a maintenant un médecin`
    let has = matches!(aside, [who, verb, ..] if WHO.contains(&who.key) && !STAYS.contains(&verb.key));
    // `, wound care nurse,` but not `, diabète, infirmière`
    let whole = tokens.get(index + 1).is_none_or(|next| next.gap != Gap::Space);
    let cared = if whole { Tags::NONE } else { HEALTH | HEALTH_SENSITIVE | CARE };
    let another = PATIENT_VERB | PATIENT_VERB_SURE | LINK_OF | LINK_WITH | cared;
    let plain = aside.iter().rev().skip(1).all(|token| !token.ends.any(another) && !is_agent(token));
    let close =
        aside.iter().skip(1).all(|token| matches!(token.gap, Gap::Space | Gap::Apostrophe | Gap::Hyphen));
    set_off
        && !has
        && aside.len() <= APPOSED
        && plain
        && close
        && aside.last().is_some_and(|last| last.starts.any(JOB))
}

/// Most words from a name to the function that is set off after it.
const APPOSED: usize = 5;

/// Whether a name stands before an extension that ends the line: `Anh Thu Pham 3410`.
fn is_extension(rest: &[Token]) -> bool {
    let [first, more @ ..] = rest else { return false };
    first.shape == Shape::Number
        && first.len() == 4
        && first.gap == Gap::Space
        && more.first().is_none_or(|next| next.lines > 0)
}

/// `Ann Lee, NP, will speak`: capitals set off by commas, which are neither an illness nor a number's label.
fn is_credential(rest: &[Token]) -> bool {
    let [first, next, ..] = rest else { return false };
    let told = HEALTH | HEALTH_SENSITIVE | PATIENT_AFTER | CARE | GIVEN | SURNAME | PLACE | PLACE_HEAD;
    first.gap == Gap::Comma
        && first.lines == 0
        && first.shape == Shape::Upper
        && first.len() <= 5
        && !first.starts.any(told)
        && next.gap == Gap::Comma
        && next.shape == Shape::Lower
}

/// `par`, `by`: what follows did something.
fn is_agent(token: &Token) -> bool {
    token.own.any(CONTACT) && token.len() <= 3
}

/// `Tremblay Marie - grossesse`, `Tremblay Marie : la tumeur`: a dash or a colon, then a term of health in lower case.
pub(super) fn is_followed_by_health(rest: &[Token]) -> bool {
    let [first, second, ..] = rest else { return false };
    if names_a_service(rest) {
        return false;
    }
    let set_off = matches!(first.gap, Gap::Other | Gap::Label | Gap::Comma) && first.lines == 0;
    let term = |token: &Token| {
        token.starts.any(HEALTH | HEALTH_SENSITIVE)
            && !token.own.any(DISCIPLINE)
            && token.shape == Shape::Lower
    };
    set_off && (term(first) || (first.len() <= 3 && second.gap == Gap::Space && term(second)))
}

/// `dialyse`, `urgence`, `cardiologie`: one word that names a service.
pub(super) fn names_one_service(token: &Token) -> bool {
    SERVICES.contains(&token.key) || token.own.any(DISCIPLINE)
}

/// `: hémodialyse`, `(dialyse)`, `: urgence, aire des civières`: the name of a service, up to the end of what is set off.
pub(super) fn names_a_service(rest: &[Token]) -> bool {
    let Some(first) = rest.first() else { return false };
    let ends = rest
        .get(1)
        .is_none_or(|next| next.lines > 0 || matches!(next.gap, Gap::Other | Gap::Stop | Gap::Comma));
    ends && names_one_service(first) || is_of_a_branch(rest) || is_of_care(rest)
}

/// Bits of an illness set off right after a name: more than what makes a speaker or a sender of someone.
pub const ILL: f32 = 5.5;

/// `Jean Roy (bipolaire, lithium)`, `Ann Lee : anorexie, IMC 14,9`: at least two terms of health in what is set off right after a
/// name, and nobody's function.
fn is_ill_in_brackets(rest: &[Token]) -> bool {
    terms_in_brackets(rest) > 1
}

/// `Jean Roy (bipolaire), Ann Lee (lithium), Luc Cyr (sevrage)`: brackets after each of several names, all with an illness.
#[must_use]
pub fn is_one_of_the_ill(tokens: &[Token], name: &Range<usize>) -> bool {
    if terms_in_brackets(tokens.get(name.end..).unwrap_or_default()) == 0 {
        return false;
    }
    let sentence = sentence(tokens, name);
    let ends = sentence.skip(1).filter(|at| tokens.get(at - 1).is_some_and(Token::is_capital));
    let asides: Vec<usize> = ends
        .map(|at| terms_in_brackets(tokens.get(at..).unwrap_or_default()))
        .filter(|terms| *terms > 0)
        .collect();
    asides.len() > 1 && asides.iter().sum::<usize>() > 2
}

/// Terms of health in what is set off right after a name; none when it tells a function.
fn terms_in_brackets(rest: &[Token]) -> usize {
    let Some(first) = rest.first() else { return 0 };
    let opens = matches!(first.gap, Gap::Other | Gap::Label) && first.lines == 0;
    if !opens || first.is_capital() && first.shape != Shape::Upper {
        return 0;
    }
    let inside = |token: &&Token| {
        let close = matches!(token.gap, Gap::Space | Gap::Comma | Gap::Apostrophe | Gap::Hyphen | Gap::Start);
        token.lines == 0 && !token.opens && close
    };
    if is_of_a_branch(rest) || is_of_care(rest) {
        return 0;
    }
    let aside = || std::iter::once(first).chain(rest.iter().skip(1).take(ASIDE).take_while(inside));
    if aside().any(|token| token.starts.any(JOB | STAFF | ORDINARY | GENERAL | STAFF_COLUMN)) {
        return 0;
    }
    aside().filter(|token| is_illness(token) && token.len() > 2).count()
}

/// Most words of what is set off after a name.
const ASIDE: usize = 10;

/// `Jean Roy demeure sa gestionnaire`: someone is the function of another.
fn is_function_of(rest: &[Token]) -> bool {
    let [verb, whose, function, ..] = rest else { return false };
    verb.gap == Gap::Space
        && STAYS.contains(&verb.key)
        && WHOSE.contains(&whose.key)
        && whose.gap == Gap::Space
        && function.starts.any(JOB | STAFF)
        && !function.own.any(PATIENT_BEFORE)
}

/// `Jean Roy (psychiatrie)`: a branch of medicine alone in brackets is where someone works.
fn is_of_a_branch(rest: &[Token]) -> bool {
    let Some(first) = rest.first().filter(|first| first.gap == Gap::Other && first.lines == 0) else {
        return false;
    };
    let closes = |at: usize| rest.get(at).is_none_or(|next| next.gap != Gap::Space && next.gap != Gap::Label);
    let pair = rest.get(1).is_some_and(|next| {
        next.gap == Gap::Space
            && BRANCHES.contains(&first.key)
            && (next.own.any(DISCIPLINE) || KINDS.contains(&next.key))
    });
    closes(1) && (first.own.any(DISCIPLINE) || SERVICES.contains(&first.key)) || closes(2) && pair
}

/// `(soins palliatifs)`, `(home care)`: a service, which tells an illness of nobody.
fn is_of_care(rest: &[Token]) -> bool {
    let [first, second, ..] = rest else { return false };
    let ends = rest.get(2).is_none_or(|next| next.gap != Gap::Space && next.gap != Gap::Label);
    let named = CARES.contains(&first.key) || CARES.contains(&second.key);
    second.gap == Gap::Space && ends && named
}

/// Services named by one word, and by a word and the kind of it: `médecine interne`, `family medicine`.
const SERVICES: [u64; 21] = keys(
    "dialyse hemodialyse dialysis hemodialysis maternite maternity urgence emergency obstetrique obstetrics pharmacie pharmacy laboratoire laboratory anesthesie anesthesia perinatalite physiatrie imagerie readaptation rehabilitation",
);
const BRANCHES: [u64; 7] = keys("medecine sante chirurgie internal family public general");
const KINDS: [u64; 14] = keys(
    "interne familiale generale publique mentale preventive nucleaire intensive thoracique plastique orthopedique medicine health surgery",
);
const CARES: [u64; 2] = keys("soins care");

/// What begins a clause about who was named.
const WHO: [u64; 3] = keys("qui dont who");

/// What says that someone is or stays something, and whose.
const STAYS: [u64; 14] =
    keys("est etait sera reste restera demeure demeurera devient deviendra is was remains becomes stays");
const WHOSE: [u64; 15] = keys("sa son leur notre votre la le the our your their her his ma mon");

/// `Tremblay, Marie (1954-08-03)`: a whole date in brackets right after the name, not a year of publication.
fn is_dated(rest: &[Token]) -> bool {
    // `(dn 12/3/1954)`
    let labelled = rest
        .first()
        .is_some_and(|first| first.gap == Gap::Other && first.shape != Shape::Number && first.len() <= 3);
    let Some(date) = rest.get(usize::from(labelled)..3 + usize::from(labelled)) else { return false };
    let numbers = date.iter().all(|token| token.shape == Shape::Number && token.lines == 0);
    // `(450) 555-0199` is a telephone
    let lengths: Vec<usize> = date.iter().map(Token::len).collect();
    numbers
        && (labelled || date.first().is_some_and(|first| first.gap == Gap::Other))
        && matches!(lengths.as_slice(), [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 4])
}

/// `Tremblay Marie 1954-08-03`: a whole date of the last century right after a name; notes are dated in this one.
#[must_use]
pub fn is_born_beside(text: &str, tokens: &[Token], name: &Range<usize>) -> bool {
    let Some(date) = tokens.get(name.end..name.end + 3) else { return false };
    let [year, month, day] = date else { return false };
    let of_last_century = text.get(year.start..year.end).is_some_and(|year| year.starts_with("19"));
    let lengths = [year, month, day].map(Token::len);
    of_last_century
        && lengths == [4, 2, 2]
        && date.iter().all(|token| token.shape == Shape::Number && token.lines == 0)
        && matches!(year.gap, Gap::Space | Gap::Comma)
        && [month, day].iter().all(|part| matches!(part.gap, Gap::Hyphen | Gap::Other))
}

/// `72F`, `F 72`, `58 M`: an age and a sex right after the name.
fn is_aged(rest: &[Token]) -> bool {
    let [first, second, ..] = rest else { return false };
    let near = |token: &Token| matches!(token.gap, Gap::Start | Gap::Space | Gap::Comma | Gap::Other);
    let age = |token: &Token| token.shape == Shape::Number && token.len() <= 3;
    let sex = |token: &Token| token.shape == Shape::Initial && is_sex(token.key);
    let pair = age(first) && sex(second) && second.gap == Gap::Start || sex(first) && age(second);
    pair && near(first) && near(second) && first.lines + second.lines == 0
}

/// `F`, `M`, `H`: a sex, not the letter of a code (`DIN A4`, `N36L`).
fn is_sex(key: u64) -> bool {
    SEXES.contains(&key)
}

const SEXES: [u64; 3] = keys("f m h");

/// An age, a birth or a dossier has a number beside it; `, patiente` stands right after the name.
fn is_patient_after(tokens: &[Token], index: usize, name_end: usize) -> bool {
    let Some(token) = tokens.get(index).filter(|token| token.shape != Shape::Initial) else { return false };
    let number = doubt::is_numbered(tokens, index) && !doubt::is_of_service(tokens, index);
    let apposed = index == name_end && matches!(token.gap, Gap::Comma | Gap::Other);
    number || (apposed && token.own.any(PATIENT_BEFORE))
}
