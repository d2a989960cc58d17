//! Frames that settle whom a name is of: the card of a patient, a case that is presented, whom a reader is sent to, who ordered.
//!
//! In: the words of a text and where a name stands among them. Out: bits, or whether the frame is there. It refuses to know how the
//! name was read.

use std::ops::Range;

use super::roles::{CARDS, ROLES, card};
use super::said::{is_illness, sentence};
use super::topic::{is_general, is_topical};
use crate::detect::names::token::{Gap, Shape, Token, keys};
use crate::detect::names::words::{CARE, DISCIPLINE, HEALTH, HEALTH_SENSITIVE, PATIENT_BEFORE, TITLE};

/// `FN: Ann Lee`, `BDAY: 19590612`, `NOTE: diabète`: a card that tells a birth or an illness and no function is a patient's.
#[must_use]
pub fn is_on_a_patients_card(tokens: &[Token], name: &Range<usize>) -> bool {
    let Some((label, lines)) = card(tokens, name) else { return false };
    let field = |names: &[u64]| {
        lines.windows(2).any(|pair| {
            matches!(pair, [field, value] if field.lines > 0 && value.gap == Gap::Label && names.contains(&field.key))
        })
    };
    let ill = lines.iter().any(|token| token.ends.any(HEALTH | HEALTH_SENSITIVE | PATIENT_BEFORE));
    CARDS.contains(&label.key) && !field(&ROLES) && (field(&BIRTHS) || field(&NOTES) && ill)
}

const BIRTHS: [u64; 2] = keys("bday birthday");
const NOTES: [u64; 1] = keys("note");

/// `Ann Lee, 67 ans, lymphome diffus`: an age right after a name, then an illness in the same sentence: a case that is presented.
#[must_use]
pub fn is_a_case(tokens: &[Token], name: &Range<usize>) -> bool {
    let Some([age, unit]) = tokens.get(name.end..name.end + 2) else { return false };
    let aged = age.shape == Shape::Number
        && age.len() <= 3
        && age.lines == 0
        && matches!(age.gap, Gap::Comma | Gap::Space | Gap::Other)
        && YEARS.contains(&unit.key)
        && matches!(unit.gap, Gap::Space | Gap::Hyphen | Gap::Start);
    let end = sentence(tokens, name).end;
    aged && (name.end + 2..end).any(|at| tokens.get(at).is_some_and(is_illness) && !is_general(tokens, at))
}

/// What counts the years of an age.
const YEARS: [u64; 9] = keys("ans an a mois yo y year years yr");

/// `Emprunt de trois semaines, voir Ann Lee.`: whom a reader is sent to, at the end of a clause that speaks of nobody's care.
#[must_use]
pub fn is_whom_to_see(tokens: &[Token], name: &Range<usize>) -> bool {
    let word = |back: usize| name.start.checked_sub(back).and_then(|at| tokens.get(at));
    let titled = usize::from(word(1).is_some_and(|token| token.own.any(TITLE)));
    let Some(verb) = word(1 + titled).filter(|verb| SEE.contains(&verb.key)) else { return false };
    let aside = verb.lines == 0 && matches!(verb.gap, Gap::Comma | Gap::Other | Gap::Label | Gap::Stop);
    let ends = tokens.get(name.end).is_none_or(|next| next.opens || next.lines > 0 || next.gap == Gap::Other);
    let head = tokens.get(sentence(tokens, name).start..name.start).unwrap_or_default();
    let line = head.iter().rev().skip(1).take_while(|token| token.lines == 0).count() + 2;
    let clause = head.get(head.len().saturating_sub(line)..).unwrap_or_default();
    aside
        && ends
        && clause.len() > 2 + titled
        && clause.iter().all(|token| !token.ends.any(HEALTH | HEALTH_SENSITIVE | CARE | PATIENT_BEFORE))
}

const SEE: [u64; 4] = keys("voir voyez vois see");

/// `Bonjour Ann Lee,` then `votre mammographie`: who is greeted is told of their own care.
#[must_use]
pub fn is_told_of_their_care(tokens: &[Token], name: &Range<usize>) -> bool {
    let letter = tokens.get(name.end..tokens.len().min(name.end + LETTER)).unwrap_or_default();
    letter.iter().enumerate().filter(|(_, token)| YOUR.contains(&token.key)).any(|(at, _)| {
        let from = name.end + at + 1;
        let phrase = letter.iter().skip(at + 1).take(PHRASE);
        let near = phrase.take_while(|token| token.gap == Gap::Space && token.shape == Shape::Lower).count();
        (from..from + near).any(|at| tokens.get(at).is_some_and(is_illness) && !is_topical(tokens, at))
            || is_an_appointment(letter, at)
    })
}

/// `votre rendez-vous en hépatologie`, `your appointment at the cardiology clinic`: with whom tells that it is of care.
fn is_an_appointment(letter: &[Token], your: usize) -> bool {
    let rest = letter.get(your + 1..).unwrap_or_default();
    let appointed = rest.first().is_some_and(|what| APPOINTMENTS.contains(&what.key));
    let sentence = rest.iter().skip(1).take(WITH).take_while(|token| !token.opens);
    appointed && sentence.into_iter().any(|token| token.own.any(DISCIPLINE) && token.shape == Shape::Lower)
}

/// Words of a letter in which it tells whose care it is about, and those between `votre` and what it is.
const LETTER: usize = 60;
const PHRASE: usize = 3;
/// Words between `votre rendez-vous` and with whom it is.
const WITH: usize = 7;
const APPOINTMENTS: [u64; 7] = keys("rendez rdv rv appointment appointments consultation visite");
const YOUR: [u64; 7] = keys("votre vos ton ta tes your yours");

/// `Ann Lee, voici le dépliant`, `Luc Roy, peux-tu le relire`: whom a sentence speaks to.
#[must_use]
pub fn is_spoken_to(tokens: &[Token], name: &Range<usize>) -> bool {
    let opens = tokens.get(name.start).is_some_and(Token::opens_line);
    let object = tokens.get(name.end + 1);
    opens
        && tokens.get(name.end).is_some_and(|next| {
            next.gap == Gap::Comma
                && next.lines == 0
                && next.shape == Shape::Lower
                && SPOKEN.contains(&next.key)
                && !(WE.contains(&next.key) && object.is_some_and(|object| OBJECTS.contains(&object.key)))
        })
}

/// What begins a sentence for someone, after their name.
const SPOKEN: [u64; 33] = keys(
    "nous ci voici voila peux pouvez pourrais pourriez tu vous je j merci svp veux voulez voudrais n regarde regardez rappelle tel comme here could can would please thanks thank as attached let",
);

/// `Ann Lee, nous l'avons vue`: of whom is spoken after all.
const WE: [u64; 3] = keys("nous je j");
const OBJECTS: [u64; 5] = keys("l la le les lui");

/// `Malette c. Shulman`, `Roe v. Wade`, `(Van Houtte et al., 2020)`, `(Letendre, 2022)`: a party to a case, an author.
#[must_use]
pub fn is_a_reference(tokens: &[Token], name: &Range<usize>) -> bool {
    let word = |at: usize| tokens.get(name.end + at);
    let Some(first) = word(0).filter(|first| first.lines == 0) else { return false };
    // `(Letendre, 2022)`: a year alone, and the bracket closes.
    let bracketed = tokens.get(name.start).is_some_and(|token| token.gap == Gap::Other);
    let closes = word(1).is_none_or(|next| !matches!(next.gap, Gap::Space | Gap::Hyphen | Gap::Start));
    if bracketed && first.gap == Gap::Comma && first.shape == Shape::Number && first.len() == 4 && closes {
        return true;
    }
    let Some(second) = word(1).filter(|second| second.lines == 0) else { return false };
    let party = VERSUS.contains(&first.key)
        && first.shape == Shape::Lower
        && matches!(first.gap, Gap::Space | Gap::Stop)
        && matches!(second.gap, Gap::Stop | Gap::Space)
        && second.is_capital();
    party || AND.contains(&first.key) && ALL.contains(&second.key)
}

const VERSUS: [u64; 3] = keys("c v vs");
const AND: [u64; 2] = keys("et and");
const ALL: [u64; 3] = keys("al coll collaborateurs");

/// `Animation : Ann Lee` below a list of dossiers: the line's own label says who it is, not the heading above the list.
#[must_use]
pub fn has_own_label(tokens: &[Token], name: &Range<usize>) -> bool {
    let titled =
        name.start.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|title| title.own.any(TITLE));
    let first = tokens.get(name.start - usize::from(titled));
    first.is_some_and(|first| first.gap == Gap::Label && first.lines == 0)
}

/// Whether a text is a segment of HL7 that names who ordered, saw or wrote: `OBR`, `PV1` and the like on a line of their own.
#[must_use]
pub fn is_of_an_order(text: &str) -> bool {
    text.get(..4).is_some_and(|head| head.ends_with('\n') && ORDERS.contains(&head.trim_end()))
}

/// Segments whose persons are providers (HL7 v2.5.1, chapters 2 to 15: fields of the type XCN).
const ORDERS: [&str; 16] = [
    "OBR", "ORC", "PV1", "PV2", "EVN", "TXA", "SCH", "AIP", "AIL", "RXE", "RXA", "ROL", "PRD", "STF", "PR1",
    "FT1",
];
