//! What the words right before a name say: a label, a title, a link, a function.

use std::ops::Range;

use crate::detect::names::doubt;
use crate::detect::names::token::{Gap, Shape, Token, keys};
use crate::detect::names::words::{
    ADDRESSED, CARE, COMMON, CONTACT, EPONYM_HEAD, GENERAL, GREETING, HEALTH, HEALTH_SENSITIVE, JOB, LINK_OF,
    LINK_WITH, ORDINARY, PATIENT_AFTER, PATIENT_BEFORE, PATIENT_BEFORE_WEAK, PATIENT_COLUMN,
    PATIENT_VERB_SURE, PLACE_HEAD, PLACE_HEAD_WEAK, STAFF, STAFF_COLUMN, STAFF_VERB, TITLE, Tags,
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

/// Most words looked at before a name, after it, and in its sentence on either side.
const BEFORE: usize = 7;
pub(super) const AFTER: usize = 14;

/// What a name comes after that is not part of it.
const FOR: [u64; 7] = keys("pour for chez avec with par by");

/// How far a verb may stand from its subject.
pub(super) const VERB: usize = 5;
pub(super) const SENTENCE: usize = 50;

/// Reads backwards from a name.
#[must_use]
pub fn before(tokens: &[Token], name: &Range<usize>) -> Before {
    let mut said = Before::default();
    let mut at = name.start;
    if is_quoting(tokens, name.start) {
        return said;
    }
    if is_bracketed_after_function(tokens, name.start) {
        return Before { staff: true, ..said };
    }
    if let Some(settled) = labelled(tokens, name.start) {
        return settled;
    }
    let mut parted = false;
    for _ in 0..BEFORE {
        let Some((this, prior)) = pair(tokens, at) else { break };
        let label = this.gap == Gap::Label;
        let ends = (this.opens && !label) || matches!(this.gap, Gap::Blank | Gap::Line | Gap::Address);
        if ends && !(at == name.start && goes_on_below(tokens, name)) {
            break;
        }
        let label = tokens.get(name.start).is_some_and(|first| first.gap == Gap::Label);
        if is_age_of(tokens, at) {
            said.patient = 3.5;
            return said;
        }
        if prior.own.any(PATIENT_BEFORE) && this.own.any(ADDRESSED) && SENT.contains(&prior.key) {
            // `référée à Jean Roy`: to whom someone is sent.
            said.contact = -4.0;
            return said;
        }
        if let Some(bits) = is_kin_of(tokens, at) {
            said.patient = bits;
            return said;
        }
        if step(&mut said, this, prior, at == name.start) {
            said.place &= !label && !parted;
            return said;
        }
        if !passes(prior) {
            break;
        }
        // `l'hôpital de jour pour Ann Lee`, `la place du 112 et Ann Lee`: what is for someone, or numbered, does not bear their name.
        parted |= FOR.contains(&prior.key) || prior.shape == Shape::Number;
        at -= 1;
    }
    if said.patient <= 0.0 && is_of_care(tokens, name.start) {
        said.patient = 3.0;
    }
    said
}

/// `la patiente`, then `> Ann Lee pour la suite` below: a sentence that goes on behind the name goes on over the end of its line.
fn goes_on_below(tokens: &[Token], name: &Range<usize>) -> bool {
    let inside = |token: &Token| token.gap == Gap::Space && token.lines == 0 && token.shape == Shape::Lower;
    let below = pair(tokens, name.start).is_some_and(|(this, prior)| {
        this.gap == Gap::Line && this.lines == 1 && inside(prior) && prior.own.any(PATIENT_BEFORE)
    });
    below && tokens.get(name.end).is_some_and(inside)
}

/// `l'ancienne radiographie pulmonaire de Jean Roy`: what care is made of, one or two words before whose it is.
fn is_of_care(tokens: &[Token], start: usize) -> bool {
    let head = tokens.get(start.saturating_sub(PHRASE)..start).unwrap_or_default();
    let Some((link, phrase)) = head.split_last() else { return false };
    let plain = |token: &&&Token| token.shape == Shape::Lower && token.gap == Gap::Space && !token.opens;
    let other = JOB | STAFF | ORDINARY | GENERAL | CONTACT | PLACE_HEAD | COMMON;
    let words: Vec<&Token> = phrase.iter().rev().collect();
    let far = words.iter().take_while(plain).take_while(|token| !token.own.any(other)).count();
    link.own.any(LINK_OF)
        && link.gap == Gap::Space
        && words.iter().take(far + 1).skip(1).any(|token| {
            token.ends.any(HEALTH | HEALTH_SENSITIVE | CARE)
                && !token.own.any(other)
                && token.shape == Shape::Lower
        })
}

/// Most words of what is someone's, with its link.
const PHRASE: usize = 4;

/// `Ann Lee wrote:`, then a line of what she wrote: it is not she who is named there.
fn is_quoting(tokens: &[Token], start: usize) -> bool {
    pair(tokens, start).is_some_and(|(this, prior)| this.lines > 0 && WROTE.contains(&prior.key))
}

/// `OT (Ann Lee)`, `le pharmacien (Jean Roy)`: who has the function that the brackets follow.
fn is_bracketed_after_function(tokens: &[Token], start: usize) -> bool {
    let short = |prior: &Token| prior.shape == Shape::Upper && FUNCTIONS.contains(&prior.key);
    pair(tokens, start).is_some_and(|(this, prior)| {
        let function = prior.ends.any(JOB | STAFF) && !prior.own.any(PATIENT_BEFORE | PATIENT_BEFORE_WEAK);
        this.gap == Gap::Other && this.lines == 0 && (function || short(prior))
    })
}

/// Functions written short, as a label or before brackets, and what says that someone was sent to another.
const FUNCTIONS: [u64; 16] = keys("ot slp rd sw rn lpn np ts pht ergo physio inhalo nutri psy pab inf");
const SENT: [u64; 11] =
    keys("refere referee referes referees adresse adressee oriente orientee confie confiee referred");
const WROTE: [u64; 2] = keys("wrote ecrit");

/// `De garde ce soir : Jean Roy`, `En attente d'une mammographie : Jean Roy`: what the words before a colon say, when
/// the last of them says nothing by itself.
fn labelled(tokens: &[Token], start: usize) -> Option<Before> {
    let (this, prior) = pair(tokens, start)?;
    let spoken = PATIENT_BEFORE | PATIENT_BEFORE_WEAK | CONTACT | STAFF | JOB | GREETING | EPONYM_HEAD;
    if this.gap == Gap::Label && !prior.own.any(PATIENT_BEFORE) && heads_staff(tokens, start) {
        return Some(Before { contact: -8.0, ..Before::default() });
    }
    if this.gap == Gap::Label && this.lines == 0 && prior.opens_line() && FUNCTIONS.contains(&prior.key) {
        // `Physio : Jean Roy`
        return Some(Before { contact: -5.0, ..Before::default() });
    }
    if this.gap != Gap::Label || prior.ends.any(spoken) {
        return None;
    }
    let head = tokens.get(start.saturating_sub(LABEL)..start)?;
    let from = head.iter().rposition(|token| token.opens || token.lines > 0 || token.gap == Gap::Label);
    let words = head.get(from.unwrap_or(0)..)?;
    let any = |tags: Tags| words.iter().any(|word| word.ends.any(tags));
    // `Admission par l'urgence :` names nobody who acts.
    let acts = words.iter().any(|word| word.ends.any(CONTACT) && word.len() > SHORT);
    let born = any(PATIENT_VERB_SURE);
    // `Poste : Jean Roy`, but not `Retournée par la poste : Jean Roy`
    let column = words.len() <= COLUMN && any(STAFF_COLUMN);
    if !born && (acts || column || any(STAFF | JOB | STAFF_VERB | ORDINARY | GENERAL)) {
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
pub(super) const LABEL: usize = 10;
/// Most words of the header of a column.
const COLUMN: usize = 3;
/// Longest word that is only a link: `par`, `by`, `to`.
const SHORT: usize = 3;
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
    } else if prior.ends.any(JOB | STAFF) && this.own.any(LINK_OF) && has_one(prior) {
        // `la psychologue de Jean Roy`, `l'enseignante de Jean Roy`: whoever has one is cared for.
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
    } else if joins(this)
        && !said.title
        && (prior.ends.any(PLACE_HEAD) || prior.ends.any(PLACE_HEAD_WEAK) && next_to_name)
    {
        said.place = true;
    } else {
        return false;
    }
    true
}

/// Whether a function is told in a whole word, which someone may have: not `Dr de Repentigny`.
fn has_one(function: &Token) -> bool {
    !function.own.any(STAFF) || function.len() > SHORTENED && function.shape == Shape::Lower
}

/// Longest function that may be a title before a surname with `de`.
const SHORTENED: usize = 6;

/// `votre père, M. Jean Roy`, `son père, Jean Roy`: kin, not a religious; whoever is written to about their kin is told of a patient,
/// and so is whoever reads of the writer's.
fn is_kin_of(tokens: &[Token], at: usize) -> Option<f32> {
    let (this, kin) = pair(tokens, at)?;
    let whose = at.checked_sub(2).and_then(|at| tokens.get(at))?;
    let near = matches!(this.gap, Gap::Space | Gap::Comma) && kin.gap == Gap::Space;
    if !(near && KIN.contains(&kin.key)) {
        return None;
    }
    match () {
        () if YOUR.contains(&whose.key) => Some(3.5),
        () if MY.contains(&whose.key) => Some(4.0),
        () if THEIR.contains(&whose.key) => Some(0.0),
        () => None,
    }
}

const KIN: [u64; 10] = keys("pere mere soeur frere fils fille father mother sister brother");
const YOUR: [u64; 4] = keys("votre ton ta your");
const MY: [u64; 4] = keys("mon ma notre my");
const THEIR: [u64; 6] = keys("son sa leur his her their");

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

/// `L'inspecteur de la Régie, M. Jean Roy, viendra`: the sentence begins with a function, which the name is set off from. Kin is none.
#[must_use]
pub fn is_apposed_before(tokens: &[Token], name: &Range<usize>) -> bool {
    let titled =
        name.start.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|title| title.own.any(TITLE));
    let start = name.start - usize::from(titled);
    // `Le médecin de garde sera Jean Roy`
    let is = start.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|verb| IS.contains(&verb.key));
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
    let kin = clause.iter().any(|token| KIN.contains(&token.key));
    let parted = kin || clause.iter().skip(1).any(|token| token.gap == Gap::Comma);
    let article = usize::from(
        clause.first().is_some_and(|first| first.len() <= 5 && first.own.any(COMMON) || first.len() <= 3),
    );
    let first = clause.iter().take(article + 1).any(function);
    set_off && ends && plain && !parted && first
}

/// What says that someone is something.
pub(super) const IS: [u64; 5] = keys("est etait sera is was");

/// Most words of a function set off before a name.
const FUNCTION: usize = 12;
