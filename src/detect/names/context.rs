//! What stands around a name, and what it says: a patient, someone on duty, a place.
//!
//! In: the words of a text and where a name stands among them. Out: reasons in bits. It refuses to know how
//! the name was read.

use std::ops::Range;

use super::doubt;
use super::token::{self, Gap, Shape, Token};
use super::words::{
    ADDRESSED, ASKS, CARE, COMMON, CONTACT, CONTACT_AFTER, DISCIPLINE, EPONYM, EPONYM_HEAD, GENERAL, GIVEN,
    GREETING, HEALTH, HEALTH_SENSITIVE, JOB, LINK_OF, LINK_WITH, ORDINARY, PATIENT_AFTER, PATIENT_BEFORE,
    PATIENT_BEFORE_WEAK, PATIENT_COLUMN, PATIENT_VERB, PATIENT_VERB_SURE, PLACE, PLACE_HEAD, PLACE_HEAD_WEAK,
    PRONOUN, STAFF, STAFF_COLUMN, STAFF_VERB, SURNAME, TITLE, TOLD, Tags,
};

/// What the words right before a name say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Before {
    /// A title of courtesy stands there.
    pub title: bool,
    /// A title of someone on duty.
    pub staff: bool,
    /// That title is an occupation, not `Dr`: a patient may have it.
    pub occupied: bool,
    /// Bits for a patient.
    pub patient: f32,
    /// Bits against: someone who acts, writes, is thanked or greeted.
    pub contact: f32,
    /// It is the name of a place.
    pub place: bool,
    /// It is the name of a disease, a scale, a device.
    pub eponym: bool,
}

/// What the words right after a name say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct After {
    /// Bits for a patient: an age, a birth, a dossier.
    pub patient: f32,
    /// Bits against: a function, a telephone.
    pub staff: f32,
}

/// What the sentence of a name says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Said {
    /// Bits for someone whose health is spoken of.
    pub health: f32,
    /// Bits for something done to a patient.
    pub patient: f32,
    /// Bits for what care is made of.
    pub care: f32,
    /// Bits against: training, announcements, work.
    pub other: f32,
}

/// Most words looked at before a name, after it, and in its sentence on either side.
const BEFORE: usize = 7;
const AFTER: usize = 14;
/// How far a verb may stand from its subject.
const VERB: usize = 5;
const SENTENCE: usize = 50;

/// Reads backwards from a name.
#[must_use]
pub fn before(tokens: &[Token], name: &Range<usize>) -> Before {
    let mut said = Before::default();
    let mut at = name.start;
    if let Some(settled) = labelled(tokens, name.start) {
        return settled;
    }
    let mut parted = false;
    for _ in 0..BEFORE {
        let Some((this, prior)) = pair(tokens, at) else { break };
        let label = this.gap == Gap::Label;
        if (this.opens && !label) || matches!(this.gap, Gap::Blank | Gap::Line | Gap::Address) {
            break;
        }
        let label = tokens.get(name.start).is_some_and(|first| first.gap == Gap::Label);
        if is_age_of(tokens, at) {
            said.patient = 3.5;
            return said;
        }
        if step(&mut said, this, prior, at == name.start) {
            said.place &= !label && !parted;
            return said;
        }
        if !passes(prior) {
            break;
        }
        // `l'hôpital de jour pour Ann Lee`: what is for someone does not bear their name.
        parted |= token::words("pour for chez avec with par by").any(|word| word == prior.key);
        at -= 1;
    }
    said
}

/// `De garde ce soir : Jean Roy`, `En attente d'une mammographie : Jean Roy`: what the words before a colon say, when
/// the last of them says nothing by itself.
fn labelled(tokens: &[Token], start: usize) -> Option<Before> {
    let (this, prior) = pair(tokens, start)?;
    let spoken = PATIENT_BEFORE | PATIENT_BEFORE_WEAK | CONTACT | STAFF | JOB | GREETING | EPONYM_HEAD;
    if this.gap == Gap::Label && !prior.own.any(PATIENT_BEFORE) && heads_staff(tokens, start) {
        return Some(Before { contact: -8.0, ..Before::default() });
    }
    if this.gap != Gap::Label || prior.ends.any(spoken) {
        return None;
    }
    let head = tokens.get(start.saturating_sub(LABEL)..start)?;
    let from = head.iter().rposition(|token| token.opens || token.lines > 0 || token.gap == Gap::Label);
    let words = head.get(from.unwrap_or(0)..)?;
    let any = |tags: Tags| words.iter().any(|word| word.ends.any(tags));
    if any(CONTACT | STAFF | JOB | STAFF_COLUMN | STAFF_VERB | ORDINARY | GENERAL) {
        // `Le courriel du coordonnateur le nommait :` says less than `Coordonnateur en poste :`.
        let contact = if words.len() > SENTENCED { -3.0 } else { -5.0 };
        return Some(Before { contact, ..Before::default() });
    }
    if any(PATIENT_BEFORE | PATIENT_COLUMN) {
        return Some(Before { patient: 5.0, ..Before::default() });
    }
    any(HEALTH | HEALTH_SENSITIVE | CARE).then(|| Before { patient: 2.5, ..Before::default() })
}

/// `Cheffe – mère-enfant : Jean Roy`, `Médecin de la patiente : Ann Lee`: a line that begins with a function.
fn heads_staff(tokens: &[Token], start: usize) -> bool {
    let head = tokens.get(start.saturating_sub(SENTENCED)..start).unwrap_or_default();
    let line = head.iter().rposition(|token| token.lines > 0 || token.opens);
    let line =
        line.or((start <= SENTENCED).then_some(0)).and_then(|line| head.get(line..)).unwrap_or_default();
    line.len() > 1
        && line.first().is_some_and(|first| {
            first.own.any(JOB | STAFF) && !first.own.any(PATIENT_BEFORE | PATIENT_BEFORE_WEAK)
        })
}

/// Most words of a label, and those of one that is no sentence.
const LABEL: usize = 10;
const SENTENCED: usize = 6;

/// Weighs one word before a name; whether it settles the matter.
fn step(said: &mut Before, this: &Token, prior: &Token, next_to_name: bool) -> bool {
    let label = this.gap == Gap::Label;
    let stop = this.gap == Gap::Stop && prior.len() > 3;
    if prior.ends.any(GREETING) && this.gap == Gap::Comma {
        return true;
    }
    if prior.ends.any(ORDINARY) && prior.ends.any(PATIENT_BEFORE) {
        said.contact = -3.0;
    } else if prior.own.any(PLACE_HEAD) && this.gap == Gap::Comma {
        return true;
    } else if prior.ends.any(PATIENT_BEFORE) && !stop && !doubt::is_country(prior, this) {
        said.patient = if label { 8.0 } else { 6.0 };
    } else if prior.ends.any(PATIENT_BEFORE_WEAK) && !stop {
        said.patient = if label { 5.5 } else { 3.5 };
    } else if prior.own.any(TITLE) && is_title(this, prior) {
        said.title = true;
        return false;
    } else if prior.ends.any(JOB) && this.own.any(LINK_OF) && !prior.own.any(STAFF) {
        // `la psychologue de Jean Roy`: whoever has one is cared for.
        said.patient = 1.5;
    } else if prior.ends.any(JOB) && !next_to_name && !label && !this.own.any(TITLE) {
        return true;
    } else if prior.ends.any(STAFF | JOB) && !prior.own.any(PATIENT_BEFORE) {
        said.staff = true;
        said.occupied = prior.len() > 5;
    } else if prior.ends.any(CONTACT) && !matches!(this.gap, Gap::Comma) {
        said.contact = if prior.len() <= 3 { -5.0 } else { -6.0 };
    } else if prior.own.any(LINK_WITH) && next_to_name {
        said.contact = -2.0;
    } else if prior.ends.any(HEALTH | HEALTH_SENSITIVE | CARE)
        && !next_to_name
        && this.gap == Gap::Space
        && this.own.any(LINK_OF)
    {
        said.patient = if prior.ends.any(CARE) { 3.0 } else { 4.0 };
    } else if prior.ends.any(GREETING) && this.gap != Gap::Comma {
        said.contact = -14.0;
    } else if prior.ends.any(EPONYM_HEAD) && this.gap != Gap::Comma {
        said.eponym = true;
    } else if joins(this) && (prior.ends.any(PLACE_HEAD) || prior.ends.any(PLACE_HEAD_WEAK) && next_to_name) {
        said.place = true;
    } else {
        return false;
    }
    true
}

/// `M.` is a title when it is a capital and a stop; `Mme` always is.
fn is_title(this: &Token, prior: &Token) -> bool {
    prior.shape != Shape::Initial || this.gap == Gap::Stop || this.gap == Gap::Space
}

fn joins(token: &Token) -> bool {
    matches!(token.gap, Gap::Space | Gap::Apostrophe | Gap::Hyphen | Gap::Stop)
}

/// Words that may stand between a name and what says something of it: titles, articles, numbers.
fn passes(token: &Token) -> bool {
    let short = token.len() <= 2 || (token.len() <= 4 && token.own.any(COMMON));
    token.own.any(TITLE) || token.shape == Shape::Number || (short && token.shape == Shape::Lower)
}

fn pair(tokens: &[Token], at: usize) -> Option<(&Token, &Token)> {
    Some((tokens.get(at)?, tokens.get(at.checked_sub(1)?)?))
}

/// `Conducteur de 86 ans, Jean Roy`, `82-year-old Ann Lee`: an age ends right before a place in the text.
fn is_age_of(tokens: &[Token], at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).and_then(|index| tokens.get(index));
    let years = |token: &Token| token.ends.any(PATIENT_AFTER) && token.own.any(COMMON | PATIENT_AFTER);
    let aged = |number: Option<&Token>, link: Option<&Token>| {
        number.is_some_and(|number| number.shape == Shape::Number && number.len() <= 3)
            && link.is_some_and(|link| link.own.any(LINK_OF) || link.shape == Shape::Initial)
    };
    let gap = tokens.get(at).is_some_and(|next| matches!(next.gap, Gap::Comma | Gap::Space | Gap::Other));
    gap && word(1).is_some_and(|last| years(last) && last.shape == Shape::Lower) && aged(word(2), word(3))
}

/// `L'inspecteur de la Régie, M. Jean Roy, viendra`: the sentence begins with a function, which the name is set off from.
#[must_use]
pub fn is_apposed_before(tokens: &[Token], name: &Range<usize>) -> bool {
    let titled =
        name.start.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|title| title.own.any(TITLE));
    let start = name.start - usize::from(titled);
    // `Le médecin de garde sera Jean Roy`
    let is = start
        .checked_sub(1)
        .and_then(|at| tokens.get(at))
        .is_some_and(|verb| token::words(IS).any(|word| word == verb.key));
    let set_off = is || tokens.get(start).is_some_and(|first| first.gap == Gap::Comma && first.lines == 0);
    let ends = is || tokens.get(name.end).is_none_or(|next| next.gap != Gap::Space || next.lines > 0);
    let from = start.saturating_sub(FUNCTION);
    let head = tokens.get(from..start).unwrap_or_default();
    let Some(open) =
        head.iter().rposition(|token| token.opens || token.lines > 0 || from == 0 && token.gap == Gap::Start)
    else {
        return false;
    };
    let clause = head.get(open..).unwrap_or_default();
    let function =
        |token: &Token| token.starts.any(JOB | STAFF) && !token.own.any(PATIENT_BEFORE | PATIENT_BEFORE_WEAK);
    let another = PATIENT_VERB_SURE | PATIENT_BEFORE | PATIENT_AFTER;
    let plain = clause.iter().all(|token| token.shape != Shape::Number && !token.ends.any(another));
    let parted = clause.iter().skip(1).any(|token| token.gap == Gap::Comma);
    let article = usize::from(
        clause.first().is_some_and(|first| first.len() <= 5 && first.own.any(COMMON) || first.len() <= 3),
    );
    let first = clause.iter().take(article + 1).any(function);
    set_off && ends && plain && !parted && first
}

/// What says that someone is something.
const IS: &str = "est sera était is was";
/// Most words of a function set off before a name.
const FUNCTION: usize = 12;

/// What follows a name and those joined to it: `Jean Roy et Ann Lee rencontreront`, `Jean Roy, RN, and Ann Lee, NP, will speak`.
#[must_use]
pub fn beyond_others(tokens: &[Token], from: usize) -> &[Token] {
    let rest = tokens.get(from..).unwrap_or_default();
    let small = |token: &Token| token.len() <= 3 && token.gap == Gap::Space && token.own.any(COMMON);
    let others = rest
        .iter()
        .take(OTHERS)
        .take_while(|token| token.lines == 0 && !token.opens && (token.is_capital() || small(token)));
    let count = others.count();
    let named = rest.get(..count).unwrap_or_default().iter().any(|token| token.own.any(GIVEN | SURNAME));
    if named { rest.get(count..).unwrap_or_default() } else { rest }
}

/// Most words of the names joined to one.
const OTHERS: usize = 9;

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
        if is_someone_unnamed(tokens, name.end, index) {
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
    let is = token::words(IS).any(|word| word == verb.key) || verb.own.any(TOLD);
    patient.own.any(PATIENT_BEFORE)
        && tokens.get(index + 1).is_none_or(|next| next.shape != Shape::Number)
        && patient.shape == Shape::Lower
        && patient.gap == Gap::Space
        && article.own.any(LINK_OF | COMMON)
        && article.shape == Shape::Lower
        && matches!(article.gap, Gap::Space)
        && !is
}

/// `, étudiante en inhalothérapie`, `, ancien chef du service`, `(nouvelle ergothérapeute)`: a function a few words into
/// what is set off after a name, unless someone else comes first: `, suivie par une ergothérapeute`.
fn is_apposed(tokens: &[Token], name_end: usize, index: usize) -> bool {
    let Some(aside) = tokens.get(name_end..=index) else { return false };
    let set_off = aside.first().is_some_and(|first| matches!(first.gap, Gap::Comma | Gap::Other));
    // `, wound care nurse,` but not `, diabète, infirmière`
    let whole = tokens.get(index + 1).is_none_or(|next| next.gap != Gap::Space);
    let cared = if whole { Tags::NONE } else { HEALTH | HEALTH_SENSITIVE | CARE };
    let another = PATIENT_VERB | PATIENT_VERB_SURE | LINK_OF | LINK_WITH | cared;
    let plain = aside.iter().rev().skip(1).all(|token| !token.ends.any(another) && !is_agent(token));
    let close =
        aside.iter().skip(1).all(|token| matches!(token.gap, Gap::Space | Gap::Apostrophe | Gap::Hyphen));
    set_off
        && aside.len() <= APPOSED
        && plain
        && close
        && aside.last().is_some_and(|last| last.starts.any(JOB))
}

/// Most words from a name to the function that is set off after it.
const APPOSED: usize = 5;

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
fn is_followed_by_health(rest: &[Token]) -> bool {
    let [first, second, ..] = rest else { return false };
    let set_off = matches!(first.gap, Gap::Other | Gap::Label | Gap::Comma) && first.lines == 0;
    let term = |token: &Token| {
        token.starts.any(HEALTH | HEALTH_SENSITIVE)
            && !token.own.any(DISCIPLINE)
            && token.shape == Shape::Lower
    };
    set_off && (term(first) || (first.len() <= 3 && second.gap == Gap::Space && term(second)))
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
    let own = terms_in_brackets(tokens.get(name.end..).unwrap_or_default());
    let sentence = sentence(tokens, name);
    let ends = sentence.skip(1).filter(|at| tokens.get(at - 1).is_some_and(Token::is_capital));
    let asides: Vec<usize> = ends
        .map(|at| terms_in_brackets(tokens.get(at..).unwrap_or_default()))
        .filter(|terms| *terms > 0)
        .collect();
    own > 0 && asides.len() > 1 && asides.iter().sum::<usize>() > 2
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
    let aside = || std::iter::once(first).chain(rest.iter().skip(1).take(ASIDE).take_while(inside));
    if aside().any(|token| token.starts.any(JOB | STAFF | ORDINARY | GENERAL | STAFF_COLUMN)) {
        return 0;
    }
    aside().filter(|token| is_illness(token) && token.len() > 2).count()
}

/// Most words of what is set off after a name.
const ASIDE: usize = 10;

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

/// `Jean Roy demeure sa gestionnaire`: someone is the function of another.
fn is_function_of(rest: &[Token]) -> bool {
    let [verb, whose, function, ..] = rest else { return false };
    let one_of = |token: &Token, list: &str| token::words(list).any(|word| word == token.key);
    verb.gap == Gap::Space
        && one_of(verb, STAYS)
        && one_of(whose, WHOSE)
        && whose.gap == Gap::Space
        && function.starts.any(JOB | STAFF)
        && !function.own.any(PATIENT_BEFORE)
}

/// `Jean Roy (psychiatrie)`: a branch of medicine alone in brackets is where someone works.
fn is_of_a_branch(rest: &[Token]) -> bool {
    rest.first().is_some_and(|first| first.gap == Gap::Other && first.lines == 0 && first.own.any(DISCIPLINE))
        && rest.get(1).is_none_or(|next| next.gap != Gap::Space && next.gap != Gap::Label)
}

/// What says that someone is or stays something, and whose.
const STAYS: &str =
    "est sera était reste restera demeure demeurera devient deviendra is was remains becomes stays";
const WHOSE: &str = "sa son leur notre votre la le the our your their her his ma mon";

/// `Vaillancourt Albertine, Vivre avec la démence, PUQ, 2020`: who wrote a book, which ends with its year.
#[must_use]
pub fn is_cited(tokens: &[Token], name: &Range<usize>) -> bool {
    let rest = tokens.get(name.end..).unwrap_or_default();
    let titled = rest.first().is_some_and(|first| {
        matches!(first.gap, Gap::Comma | Gap::Other) && first.lines == 0 && first.is_capital()
            || token::words("et and").any(|word| word == first.key)
                && rest.get(1).is_some_and(|next| next.len() == 2)
    });
    let end = rest
        .iter()
        .take(CITED)
        .skip(1)
        .position(|token| token.opens || token.lines > 1)
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

/// Most words of a reference to a book.
const CITED: usize = 20;

/// `FN: Jean Roy`, `TITLE: Infirmier pivot`: the card of someone at work, not of a patient.
#[must_use]
pub fn is_on_a_card(tokens: &[Token], name: &Range<usize>) -> bool {
    let one_of = |token: &Token, list: &str| token::words(list).any(|word| word == token.key);
    let label = name.start.checked_sub(1).and_then(|at| tokens.get(at));
    let carded = label.is_some_and(|label| one_of(label, "fn n") && label.shape != Shape::Lower);
    let rest = tokens.get(name.end..).unwrap_or_default();
    let card = rest.iter().take(CARD).take_while(|token| !(token.lines > 0 && one_of(token, "fn")));
    carded
        && card.zip(rest.iter().skip(1)).any(|(label, value)| {
            label.lines > 0 && one_of(label, "title role org") && value.gap == Gap::Label
        })
}

/// Most words of a card after its name.
const CARD: usize = 40;

/// `Tremblay, Marie (1954-08-03)`: a whole date in brackets right after the name, not a year of publication.
fn is_dated(rest: &[Token]) -> bool {
    // `(dn 12/3/1954)`
    let labelled = rest
        .first()
        .is_some_and(|first| first.gap == Gap::Other && first.shape != Shape::Number && first.len() <= 3);
    let Some(date) = rest.get(usize::from(labelled)..3 + usize::from(labelled)) else { return false };
    let numbers = date.iter().all(|token| token.shape == Shape::Number && token.lines == 0);
    numbers
        && (labelled || date.first().is_some_and(|first| first.gap == Gap::Other))
        && date.iter().any(|token| token.len() == 4)
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
    token::words("f m h").any(|sex| sex == key)
}

/// An age, a birth or a dossier has a number beside it; `, patiente` stands right after the name.
fn is_patient_after(tokens: &[Token], index: usize, name_end: usize) -> bool {
    let Some(token) = tokens.get(index).filter(|token| token.shape != Shape::Initial) else { return false };
    let number = doubt::is_numbered(tokens, index);
    let apposed = index == name_end && matches!(token.gap, Gap::Comma | Gap::Other);
    number || (apposed && token.own.any(PATIENT_BEFORE))
}

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
    if hour && cared && head.last().is_some_and(|first| first.gap == Gap::Space) { 2.0 } else { 0.0 }
}

/// Most words of an hour, and of what follows the name.
const HOUR: usize = 4;

/// `9 h Ouverture - Jean Roy`, `Bilan des chutes (Ann Lee)`: a subject, a dash or a bracket, who speaks, the line's end.
#[must_use]
pub fn speaks(tokens: &[Token], name: &Range<usize>) -> f32 {
    let set_off = tokens.get(name.start).is_some_and(|first| first.gap == Gap::Other && first.lines == 0);
    let ends = tokens.get(name.end).is_none_or(|next| next.lines > 0 || next.gap == Gap::Other);
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

/// Most words of the subject of an agenda.
const AGENDA: usize = 10;

/// Reads the sentence a name stands in, and the next one when it goes on with a pronoun.
#[must_use]
pub fn said(tokens: &[Token], name: &Range<usize>) -> Said {
    let sentence = sentence(tokens, name);
    let mut tally = Tally::default();
    for (index, token) in tokens.iter().enumerate().take(sentence.end).skip(sentence.start) {
        if !name.contains(&index) {
            tally.add(token, is_general(tokens, index));
        }
    }
    let mut said = tally.said();
    let rest = tokens.get(name.end..sentence.end).unwrap_or_default();
    let asked = tokens.get(sentence.start..name.start).unwrap_or_default();
    if is_asked(asked) {
        said.other = said.other.min(0.0) - 6.0;
    }
    let acts = does(rest, STAFF_VERB) || does(beyond_others(tokens, name.end), STAFF_VERB);
    if !acts && tally.staff > 0 {
        said.other += STAFF_SAID - STAFF_ELSEWHERE;
    }
    if !acts && does(rest, PATIENT_VERB_SURE) {
        said.patient = 5.5;
    } else if !acts && is_subject(rest) {
        said.patient = 3.0;
    } else if tokens.get(name.end).is_some_and(|next| next.gap == Gap::Space && next.own.any(TOLD)) {
        said.patient += 1.0;
    }
    let next = tokens.get(sentence.end..(sentence.end + SENTENCE).min(tokens.len())).unwrap_or_default();
    if let [first, second, ..] = next
        && first.starts.any(JOB)
        && first.is_capital()
        && second.gap == Gap::Space
        && token::words("depuis since de of au aux a at in with").any(|word| word == second.key)
    {
        // `Bienvenue à Jean Roy. Ergothérapeute depuis 2012, …`
        said.other -= 6.0;
    }
    if next.first().is_some_and(|first| first.starts.any(PRONOUN)) {
        let mut more = Tally::default();
        let length = 1 + next.iter().skip(1).take_while(|token| !token.opens).count();
        next.iter().take(length).for_each(|token| more.add(token, false));
        let more = more.said();
        said.health = (said.health + more.health * 0.75).min(4.5);
        said.patient = (said.patient + more.patient * 0.75).min(said.patient.max(2.0));
        said.care = said.care.max(more.care);
    }
    said
}

/// `Demandez à Jean Roy`, `adressez les demandes à Jean Roy`: the name ends what is asked.
fn is_asked(before: &[Token]) -> bool {
    let to = before.last().is_some_and(|last| last.own.any(ADDRESSED));
    to && before.iter().any(|token| token.ends.any(ASKS))
}

/// Bits when a verb of work stands in the sentence; fewer when it is not the name's.
const STAFF_SAID: f32 = 5.0;
const STAFF_ELSEWHERE: f32 = 1.5;

/// Whether a verb of a list follows the name before anyone else comes.
fn does(rest: &[Token], tags: Tags) -> bool {
    rest.first()
        .is_some_and(|first| matches!(first.gap, Gap::Space | Gap::Comma | Gap::Apostrophe | Gap::Other))
        && rest
            .iter()
            .take(VERB)
            .take_while(|token| !token.is_capital() && token.lines == 0 && token.gap != Gap::Label)
            .any(|token| token.starts.any(tags))
}

/// `Marie Tremblay est tombée`: what is said of a patient right after the name, before anyone else comes.
fn is_subject(rest: &[Token]) -> bool {
    let owner = rest.first().is_some_and(|first| first.gap == Gap::Apostrophe);
    rest.first().is_some_and(|first| matches!(first.gap, Gap::Space | Gap::Comma | Gap::Apostrophe))
        && rest
            .iter()
            .take(VERB)
            .take_while(|token| !token.is_capital() && token.lines == 0 && token.gap != Gap::Label)
            .any(|token| {
                token.ends.any(PATIENT_VERB | PATIENT_VERB_SURE)
                    || (owner && token.ends.any(HEALTH | HEALTH_SENSITIVE | CARE))
            })
}

/// The words from one sentence end to the next, around a name.
#[must_use]
pub fn sentence(tokens: &[Token], name: &Range<usize>) -> Range<usize> {
    let head = tokens.get(..=name.start).unwrap_or_default();
    let back = head.iter().rev().take(SENTENCE).position(|token| token.opens);
    let start = back.map_or(name.start.saturating_sub(SENTENCE), |back| name.start - back);
    let rest = tokens.get(name.end..).unwrap_or_default();
    let on = rest.iter().take(SENTENCE).position(|token| token.opens);
    start..on.map_or((name.end + SENTENCE).min(tokens.len()), |on| name.end + on)
}

/// `salle de dialyse`, `formation sur le diabète`: a term of health that says nothing of anyone.
#[must_use]
pub fn is_general(tokens: &[Token], index: usize) -> bool {
    let before = tokens.get(index.saturating_sub(GENERAL_REACH)..index).unwrap_or_default();
    tokens.get(index).is_some_and(|token| token.ends.any(HEALTH | HEALTH_SENSITIVE) && !token.opens)
        && before.iter().rev().any(|token| token.ends.any(GENERAL | ORDINARY))
}

/// How many words before a term of health make it a general one.
const GENERAL_REACH: usize = 4;

/// Whether a phrase that ends with a word is a term of health, not a branch of medicine.
fn is_illness(token: &Token) -> bool {
    token.ends.any(HEALTH | HEALTH_SENSITIVE) && !token.own.any(DISCIPLINE)
}

/// Distinct terms of a sentence.
#[derive(Default)]
struct Tally {
    health: Vec<u64>,
    sensitive: bool,
    patient: usize,
    care: usize,
    ordinary: usize,
    staff: usize,
}

impl Tally {
    fn add(&mut self, token: &Token, general: bool) {
        let general = general || token.own.any(DISCIPLINE);
        if !general && is_illness(token) && !self.health.contains(&token.key) {
            self.health.push(token.key);
        }
        self.sensitive |= !general && token.ends.any(HEALTH_SENSITIVE);
        self.patient +=
            usize::from(token.ends.any(PATIENT_VERB | PATIENT_VERB_SURE) && token.shape == Shape::Lower);
        self.care += usize::from(token.ends.any(CARE | DISCIPLINE));
        self.ordinary += usize::from(token.ends.any(ORDINARY));
        self.staff += usize::from(token.ends.any(STAFF_VERB));
    }

    fn said(&self) -> Said {
        let health = match (self.health.len(), self.sensitive) {
            (0, _) => 0.0,
            (1, false) => 2.5,
            _ => 4.5,
        };
        let patient = if self.patient > 0 { 1.5 } else { 0.0 };
        let staff = if self.staff > 0 { -STAFF_SAID } else { 0.0 };
        let ordinary = match self.ordinary {
            0 => 0.0,
            1 => -2.0,
            _ => -4.0,
        };
        let care = match self.care {
            0 => 0.0,
            1 => 1.0,
            _ => 2.0,
        };
        Said { health, patient, care, other: staff + ordinary }
    }
}

/// Whether the name is that of a place or of a thing, by the lists alone.
#[must_use]
pub fn is_listed_place(tokens: &[Token], name: &Range<usize>) -> bool {
    let Some(parts) = tokens.get(name.clone()) else { return false };
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    let person = first.own.any(GIVEN) && last.own.any(SURNAME);
    let words = first.own.any(PLACE | EPONYM) && last.own.any(PLACE | EPONYM);
    first.starts.any(PLACE | EPONYM) && last.ends.any(PLACE | EPONYM) && parts.len() > 1 && !(person && words)
}
