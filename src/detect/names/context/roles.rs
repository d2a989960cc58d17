//! The role that a line or a sentence gives a name as a whole: who signs, is reached, cited, paired, met, numbered.

use std::ops::Range;

use super::after::is_followed_by_health;
use super::before::{AFTER, LABEL};
use super::said::sentence;
use crate::detect::names::token::{Gap, Shape, Token, keys};
use crate::detect::names::words::{
    CARE, COMMON, CONTACT_AFTER, HEALTH, HEALTH_SENSITIVE, JOB, LINK_OF, LINK_WITH, PATIENT_AFTER,
    PATIENT_BEFORE, PATIENT_BEFORE_WEAK, PATIENT_COLUMN, PATIENT_VERB_SURE, STAFF, TITLE,
};

/// `… rencontreront la famille du patient de la chambre 970`: what is done is done to patients whom nobody names.
#[must_use]
pub fn names_patients(rest: &[Token]) -> bool {
    let clause =
        rest.iter().take(AFTER).take_while(|token| !token.opens && token.lines == 0 && !token.own.any(TITLE));
    let words: Vec<&Token> = clause.collect();
    words.windows(2).skip(1).any(|pair| {
        matches!(pair, [article, patient] if article.own.any(LINK_OF | COMMON)
            && patient.own.any(PATIENT_BEFORE)
            && patient.shape == Shape::Lower)
    })
}

/// `Benoît Hardy`, then `Soins à domicile`: a name alone on its line, first of the last lines of a text, which are short
/// and label nothing of a patient.
#[must_use]
pub fn signs(tokens: &[Token], name: &Range<usize>) -> bool {
    let alone = tokens.get(name.start).is_some_and(|first| first.gap == Gap::Blank)
        && tokens.get(name.end).is_none_or(|next| next.lines == 1 || next.gap == Gap::Comma);
    let rest = tokens.get(name.end..).filter(|rest| rest.len() <= SIGNED).unwrap_or_default();
    let ends = tokens.len() - name.end <= SIGNED && rest.iter().all(|token| token.lines < 2);
    let told = PATIENT_BEFORE | PATIENT_AFTER | PATIENT_VERB_SURE | HEALTH_SENSITIVE;
    let plain = rest.iter().all(|token| !token.ends.any(told));
    let short = rest.split(|token| token.lines > 0).all(|line| line.len() <= SIGNED_LINE);
    alone && ends && plain && short && name.start > SAID_BEFORE
}

/// Most words after the name of who signs, and in one line of them; fewest words of what was signed.
const SIGNED: usize = 24;
const SIGNED_LINE: usize = 7;
const SAID_BEFORE: usize = 8;

/// `Secrétariat : Jean Roy, 450 555-0199`, `En mon absence : Ann Lee`: a line that names whom to reach, by its telephone.
#[must_use]
pub fn is_reached(tokens: &[Token], name: &Range<usize>) -> bool {
    let labelled = tokens.get(name.start).is_some_and(|first| first.gap == Gap::Label && first.lines == 0);
    let head = tokens.get(name.start.saturating_sub(LABEL)..name.start).unwrap_or_default();
    let line = head.iter().rev().take_while(|token| token.lines == 0).count();
    let label = head.get(head.len().saturating_sub(line + 1)..).unwrap_or_default();
    let plain = line < LABEL_OF_CONTACT
        && label
            .iter()
            .all(|token| !token.ends.any(PATIENT_BEFORE | PATIENT_COLUMN | HEALTH | HEALTH_SENSITIVE));
    let rest = tokens.get(name.end..).unwrap_or_default();
    let number = rest.iter().take(4).take_while(|token| token.shape == Shape::Number).map(Token::len);
    let ends = |count: usize| rest.get(count).is_none_or(|next| next.lines > 0);
    let telephone = match number.collect::<Vec<_>>().as_slice() {
        [3, 3, 4, ..] => rest
            .get(3)
            .is_none_or(|next| next.lines > 0 || next.gap != Gap::Space || next.starts.any(CONTACT_AFTER)),
        [4 | 5] => ends(1),
        _ => false,
    };
    labelled && plain && telephone
}

/// Most words of the label of such a line.
const LABEL_OF_CONTACT: usize = 4;

/// `Plaies : 450 555-0199 (Ann Lee)` below `Urgence : 450 555-0188`: a line with a telephone, beside one whose telephone is nobody's.
#[must_use]
pub fn is_in_a_directory(tokens: &[Token], name: &Range<usize>) -> bool {
    let Some(own) = short_line(tokens, name.start) else { return false };
    let above = own.start.checked_sub(1).and_then(|at| short_line(tokens, at));
    let below = short_line(tokens, own.end);
    let words = |line: Range<usize>| tokens.get(line).unwrap_or_default();
    let capitals = |pair: &[Token]| matches!(pair, [one, other] if one.is_capital() && other.is_capital());
    let nobodys = |line: Range<usize>| {
        let line = words(line);
        has_telephone(line) && !line.windows(2).any(capitals)
    };
    has_telephone(words(own)) && above.into_iter().chain(below).any(nobodys)
}

/// The line that a word stands in, when it is no longer than a line of a directory: no more words than that are looked at.
fn short_line(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let starts = |at: &usize| tokens.get(*at).is_none_or(|token| token.lines > 0 || token.gap == Gap::Start);
    let start = (0..=at).rev().take(LISTED).find(|at| *at == 0 || starts(at))?;
    let end = (at + 1..=tokens.len()).take(LISTED).find(starts)?;
    Some(start..end)
}

/// Whether a line is short and holds the number of a telephone.
fn has_telephone(line: &[Token]) -> bool {
    line.len() <= LISTED && line.windows(3).any(|three| {
        matches!(three, [area, exchange, number] if [area.len(), exchange.len(), number.len()] == [3, 3, 4]
                && three.iter().all(|token| token.shape == Shape::Number))
    })
}

/// Most words of a line of a directory.
const LISTED: usize = 16;

/// `Rencontre avec Ann Lee et sa fille`: whose kin is spoken of beside them.
#[must_use]
pub fn is_with_kin(tokens: &[Token], name: &Range<usize>) -> bool {
    let Some([link, whose, kin]) = tokens.get(name.end..name.end + 3) else { return false };
    BESIDE.contains(&link.key)
        && THEIR.contains(&whose.key)
        && KIN.contains(&kin.key)
        && [link, whose, kin].iter().all(|token| token.gap == Gap::Space)
}

const BESIDE: [u64; 4] = keys("et and avec with");
const THEIR: [u64; 6] = keys("sa son ses his her their");
const KIN: [u64; 26] = keys(
    "fille fils filles mere pere parents conjoint conjointe epoux epouse mari femme soeur frere niece neveu wife husband daughter daughters son sons mother father sister brother",
);

/// `Pouvez-vous rappeler Ann Lee ?`: whom someone is asked to call.
#[must_use]
pub fn is_called(tokens: &[Token], name: &Range<usize>) -> bool {
    let word = |back: usize| name.start.checked_sub(back).and_then(|at| tokens.get(at));
    let titled = word(1).is_some_and(|token| token.own.any(TITLE));
    word(1 + usize::from(titled)).is_some_and(|verb| CALL.contains(&verb.key))
}

const CALL: [u64; 9] = keys("appeler appelez rappeler rappelez call joindre joignez contacter phone");

/// `Ann Lee de la paie`, `Luc Roy from payroll`: a department where nobody is cared for, after a name.
#[must_use]
pub fn is_of_a_department(tokens: &[Token], name: &Range<usize>) -> bool {
    let rest = tokens.get(name.end..).unwrap_or_default();
    let linked = rest.first().is_some_and(|first| first.gap == Gap::Space && FROM.contains(&first.key));
    let small = |token: &&Token| token.lines == 0 && !token.opens && SMALL.contains(&token.key);
    let skipped = rest.iter().skip(1).take_while(small).count();
    linked && rest.get(1 + skipped).is_some_and(|last| last.lines == 0 && DEPARTMENTS.contains(&last.key))
}

const FROM: [u64; 6] = keys("de du des d from in");
const SMALL: [u64; 7] = keys("la l le les service equipe the");
const DEPARTMENTS: [u64; 45] = keys(
    "paie paye payroll comptabilite accounting finances finance informatique ti it securite security salubrite entretien maintenance housekeeping buanderie laundry lingerie cuisine kitchen cafeteria achats purchasing approvisionnement approvisionnements magasin stores archives rh hr ressources communications communication telephonie transport stationnement reception secretariat direction fondation syndicat union recrutement biomedical",
);

/// `Ann Lee : chaises 1 à 6`, `Jean Roy – beds 1-5`: who has several beds or rooms looks after those in them.
#[must_use]
pub fn is_assigned(text: &str, tokens: &[Token], name: &Range<usize>) -> bool {
    let rest = tokens.get(name.end..).unwrap_or_default();
    let set_off = rest
        .first()
        .is_some_and(|first| matches!(first.gap, Gap::Label | Gap::Other | Gap::Comma) && first.lines == 0);
    let line = rest.iter().take(ASSIGNED).take_while(|token| token.lines == 0 && !token.opens);
    // `ch. 185-2` is one bed of one room
    let number =
        |token: &Token| text.get(token.start..token.end).and_then(|digits| digits.parse::<u32>().ok());
    let words: Vec<&Token> = line.filter(|token| !TO.contains(&token.key)).collect();
    set_off
        && words.windows(3).any(|three| {
            matches!(three, [place, from, to] if PLACES.contains(&place.key)
                && from.shape == Shape::Number && to.shape == Shape::Number && number(from) < number(to))
        })
}

/// Most words from a name to the places it is given, and what those places are called.
const ASSIGNED: usize = 6;
const PLACES: [u64; 12] =
    keys("lits beds chambres rooms rms chaises chairs civieres stretchers salles bays pods");
const TO: [u64; 5] = keys("a to au and et");

/// `A avec B, C avec D`: people told in pairs are mentors, students, partners of a shift.
#[must_use]
pub fn is_paired(tokens: &[Token], name: &Range<usize>) -> bool {
    let sentence = sentence(tokens, name);
    let words = tokens.get(sentence).unwrap_or_default();
    let pairs = words.windows(3).filter(|three| {
        matches!(three, [one, link, other] if link.own.any(LINK_WITH)
            && one.is_capital() && other.is_capital()
            && !other.own.any(TITLE | STAFF)
            && link.gap == Gap::Space && other.gap == Gap::Space)
    });
    pairs.count() > 1
}

/// `Vaillancourt Albertine, Vivre avec la démence, PUQ, 2020`: who wrote a book, which ends with its year.
#[must_use]
pub fn is_cited(tokens: &[Token], name: &Range<usize>) -> bool {
    let rest = tokens.get(name.end..).unwrap_or_default();
    let titled = rest.first().is_some_and(|first| {
        matches!(first.gap, Gap::Comma | Gap::Other) && first.lines == 0 && first.is_capital()
            || AND.contains(&first.key) && rest.get(1).is_some_and(|next| next.len() == 2)
    });
    let end = rest
        .iter()
        .take(CITED)
        .skip(1)
        .zip(rest)
        // `Éd. du Lac` ends nothing.
        .position(|(token, before)| {
            let short = token.gap == Gap::Stop && before.shape == Shape::Capital && before.len() <= 3;
            token.opens && !short || token.lines > 1
        })
        .map_or(rest.len().min(CITED), |at| at + 1);
    let words = rest.get(..end).unwrap_or_default();
    let year = words.last().is_some_and(|last| {
        last.shape == Shape::Number
            && last.len() == 4
            && matches!(last.gap, Gap::Comma | Gap::Other | Gap::Stop)
    });
    let numbers = words.iter().filter(|token| token.shape == Shape::Number).count();
    let born = words.iter().any(|token| token.ends.any(PATIENT_AFTER | PATIENT_VERB_SURE));
    titled && year && numbers < 4 && words.len() > 2 && !born
}

/// What joins the authors of a book.
const AND: [u64; 2] = keys("et and");
/// Most words of a reference to a book.
const CITED: usize = 20;

/// `FN: Jean Roy`, `TITLE: Infirmier pivot`: the card of someone at work, not of a patient.
#[must_use]
pub fn is_on_a_card(tokens: &[Token], name: &Range<usize>) -> bool {
    card(tokens, name).is_some_and(|(_, lines)| {
        lines.windows(2).any(|pair| {
            matches!(pair, [label, value] if label.lines > 0 && ROLES.contains(&label.key) && value.gap == Gap::Label)
        })
    })
}

/// The label of a name on a card, and the words below it on the same card.
pub(super) fn card<'a>(tokens: &'a [Token], name: &Range<usize>) -> Option<(&'a Token, &'a [Token])> {
    let label = name.start.checked_sub(1).and_then(|at| tokens.get(at))?;
    let rest = tokens.get(name.end..)?;
    let below = |token: &&Token| !(token.lines > 0 && CARDS.first() == Some(&token.key));
    let length = rest.iter().take(CARD).take_while(below).count();
    let carded = CARDS.contains(&label.key) && label.shape != Shape::Lower;
    rest.get(..length).filter(|_| carded).map(|lines| (label, lines))
}

/// The labels of a name on a card, and of what someone does.
pub(super) const CARDS: [u64; 2] = keys("fn n");
pub(super) const ROLES: [u64; 3] = keys("title role org");
/// Most words of a card after its name.
const CARD: usize = 40;

/// `8 h 30  Roy, Jean   physio`: an hour before the name, what care is made of after it, on one line.
#[must_use]
pub fn appointed(tokens: &[Token], name: &Range<usize>) -> f32 {
    let head = tokens.get(name.start.saturating_sub(HOUR)..=name.start).unwrap_or_default();
    let line = head.iter().rev().skip(1).take_while(|token| token.lines == 0).count();
    let line =
        head.get(head.len().saturating_sub(line + 2)..head.len().saturating_sub(1)).unwrap_or_default();
    let hour = line.first().is_some_and(|first| first.shape == Shape::Number)
        && line.iter().skip(1).all(|token| token.shape == Shape::Number || token.len() <= 2);
    let rest = tokens.get(name.end..).unwrap_or_default();
    let same_line = rest.iter().take(HOUR).take_while(|token| token.lines == 0);
    let cared = same_line.take(HOUR).any(|token| token.ends.any(CARE | HEALTH | HEALTH_SENSITIVE));
    // `10 h 30 Ann Lee, pharmacienne – Déprescrire`: who speaks at that hour.
    let speaks = rest.first().is_some_and(|first| first.starts.any(JOB) && first.gap == Gap::Comma);
    if hour && cared && !speaks && head.last().is_some_and(|first| first.gap == Gap::Space) {
        2.0
    } else {
        0.0
    }
}

/// Most words of an hour, and of what follows the name.
const HOUR: usize = 4;

/// `9 h Ouverture - Jean Roy`, `Bilan des chutes (Ann Lee)`: a subject, a dash or a bracket, who speaks, the line's end.
#[must_use]
pub fn speaks(tokens: &[Token], name: &Range<usize>) -> f32 {
    let set_off = tokens.get(name.start).is_some_and(|first| first.gap == Gap::Other && first.lines == 0);
    let rest = tokens.get(name.end..).unwrap_or_default();
    // `(bed 9) spiked to 39.4 at 0300, cultures drawn`: a sentence that goes on is no line of an agenda.
    let short = rest.len() <= ASIDE || rest.iter().take(ASIDE).any(|token| token.lines > 0);
    let ends = rest.first().is_none_or(|next| next.lines > 0 || next.gap == Gap::Other && short);
    let head = tokens.get(name.start.saturating_sub(AGENDA)..name.start).unwrap_or_default();
    let line = head.iter().rev().take_while(|token| token.lines == 0).count() + 1;
    let subject = head.get(head.len().saturating_sub(line)..).unwrap_or_default();
    let worded = subject.last().is_some_and(|last| last.shape != Shape::Number)
        && subject
            .iter()
            .all(|token| !token.ends.any(PATIENT_BEFORE | PATIENT_BEFORE_WEAK | PATIENT_AFTER | TITLE));
    let ill = is_followed_by_health(tokens.get(name.end..).unwrap_or_default());
    if set_off && ends && worded && !ill { -4.0 } else { 0.0 }
}

/// Most words after who speaks, on the line.
const ASIDE: usize = 8;

/// Most words of the subject of an agenda.
const AGENDA: usize = 10;
