//! What the sentence of a name says, and the next one when it goes on about the same person.

use std::ops::Range;

use super::before::{IS, SENTENCE, VERB};
use super::topic::is_topical;
use crate::detect::names::token::{Gap, Shape, Token, keys};
use crate::detect::names::words::{
    ADDRESSED, ASKS, CARE, COMMON, DISCIPLINE, EPONYM, GIVEN, HEALTH, HEALTH_SENSITIVE, JOB, ORDINARY,
    PATIENT_BEFORE, PATIENT_VERB, PATIENT_VERB_SURE, PLACE, PRONOUN, STAFF_VERB, SURNAME, TITLE, TOLD, Tags,
};

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
    /// Whether the next sentence goes on about them with what is told of patients.
    pub onward: bool,
    /// Whether the next sentence calls them a patient: `C'est un usager du SIV`.
    pub patient_next: bool,
}

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

/// Reads the sentence a name stands in, and the next one when it goes on with a pronoun.
#[must_use]
pub fn said(tokens: &[Token], name: &Range<usize>) -> Said {
    let sentence = sentence(tokens, name);
    let mut tally = Tally::default();
    for (index, token) in tokens.iter().enumerate().take(sentence.end).skip(sentence.start) {
        if !name.contains(&index) {
            tally.add(token, || is_topical(tokens, index));
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
        said.patient = if tells_of_care(rest) { 3.0 } else { 1.0 };
    } else if tokens.get(name.end).is_some_and(|next| next.gap == Gap::Space && next.own.any(TOLD)) {
        said.patient += 1.0;
    }
    let next = tokens.get(sentence.end..(sentence.end + SENTENCE).min(tokens.len())).unwrap_or_default();
    said.patient_next = is_patient(next);
    if let [first, second, ..] = next
        && first.starts.any(JOB)
        && first.is_capital()
        && second.gap == Gap::Space
        && WORKS.contains(&second.key)
    {
        // `Bienvenue à Jean Roy. Ergothérapeute depuis 2012, …`
        said.other -= 6.0;
    }
    if next.first().is_some_and(|first| first.starts.any(PRONOUN)) || is_called(next) || tells_of_state(next)
    {
        let mut more = Tally::default();
        let length = 1 + next.iter().skip(1).take_while(|token| !token.opens).count();
        next.iter().take(length).for_each(|token| more.add(token, || false));
        let more = more.said();
        said.onward = more.health + more.patient > 0.0;
        said.health = (said.health + more.health * 0.75).min(4.5);
        said.patient = (said.patient + more.patient * 0.75).min(said.patient.max(2.0));
        said.care = said.care.max(more.care);
    }
    said
}

/// `C'est un usager`, `She is a patient of ours`: the first words of a sentence say what the one just named is.
fn is_patient(next: &[Token]) -> bool {
    let words = next.get(..5.min(next.len())).unwrap_or_default();
    words.first().is_some_and(|first| THIS.contains(&first.key))
        && words.windows(3).any(|three| {
            matches!(three, [verb, article, patient] if IS.contains(&verb.key)
                && ARTICLE.contains(&article.key)
                && patient.own.any(PATIENT_BEFORE)
                && patient.shape == Shape::Lower)
        })
}

const THIS: [u64; 5] = keys("c il elle he she");
const ARTICLE: [u64; 6] = keys("un une notre votre a our");

/// `Mood is still low, and he stopped olanzapine`: a sentence that begins with how someone is, goes on about them with `he` or
/// `elle`, tells an illness or a drug and names nobody else.
fn tells_of_state(next: &[Token]) -> bool {
    let length = 1 + next.iter().skip(1).take_while(|token| !token.opens).count();
    let words = next.get(..length.min(next.len())).unwrap_or_default();
    let opens = words.iter().take(ARTICLED).any(|token| STATES.contains(&token.key) || token.ends.any(CARE));
    opens
        && words.iter().any(|token| SHE.contains(&token.key))
        && words.iter().any(is_illness)
        && !words.iter().skip(1).any(|token| token.is_capital() && token.own.any(GIVEN | SURNAME | TITLE))
}

/// How many words the state that a sentence begins with lies in.
const ARTICLED: usize = 3;
const SHE: [u64; 6] = keys("he she il elle iel they");
const STATES: [u64; 40] = keys(
    "mood affect sleep appetite pain weight bp vitals speech gait humeur sommeil appetit douleur poids ta discours demarche etat examen exam labs thoughts idees pensees sx symptomes symptoms signes energie energy memoire memory orientation autonomie tension pression saturation glycemie glycemies",
);

/// What follows the function of someone who is introduced.
const WORKS: [u64; 10] = keys("depuis since de of au aux a at in with");

/// `Madame veut rester chez elle`: a title alone carries on about the person just named.
fn is_called(next: &[Token]) -> bool {
    let [title, verb, ..] = next else { return false };
    title.own.any(TITLE)
        && title.shape == Shape::Capital
        && title.len() > 3
        && verb.shape == Shape::Lower
        && verb.gap == Gap::Space
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

/// Whether care or an illness is spoken of in what a verb says: `prend de la morphine`, not `prend son secteur`.
fn tells_of_care(rest: &[Token]) -> bool {
    (0..rest.len()).any(|at| {
        rest.get(at).is_some_and(|token| token.ends.any(HEALTH | HEALTH_SENSITIVE | CARE))
            && !is_topical(rest, at)
    })
}

/// The words from one sentence end to the next, around a name.
#[must_use]
pub fn sentence(tokens: &[Token], name: &Range<usize>) -> Range<usize> {
    let opens =
        |at: usize| tokens.get(at).is_some_and(|token| token.opens) || is_a_line_of_a_list(tokens, at);
    let back = (0..SENTENCE.min(name.start + 1)).find(|back| opens(name.start - back));
    let start = back.map_or(name.start.saturating_sub(SENTENCE), |back| name.start - back);
    let end = (name.end + SENTENCE).min(tokens.len());
    start..(name.end..end).find(|at| opens(*at)).unwrap_or(end)
}

/// Whether a word begins a line that names someone, below a short line that names someone else: each says its own.
fn is_a_line_of_a_list(tokens: &[Token], at: usize) -> bool {
    if tokens.get(at).is_none_or(|first| first.lines == 0) {
        return false;
    }
    let above = tokens.get(at.saturating_sub(LINE)..at).unwrap_or_default();
    let from = above.iter().rposition(|token| token.lines > 0 || token.gap == Gap::Start).unwrap_or(0);
    let above = above.get(from..).unwrap_or_default();
    let short = above.first().zip(above.last()).is_some_and(|(one, last)| last.end - one.start < FULL);
    let below = tokens.get(at..).unwrap_or_default();
    let length = 1 + below.iter().skip(1).take(LINE).take_while(|token| token.lines == 0).count();
    short && names_someone(above) && names_someone(below.get(..length).unwrap_or_default())
}

/// Most words of such a line, and the bytes of one that ended because it was full.
const LINE: usize = 16;
const FULL: usize = 55;

/// Whether two words side by side are capitals, one of them a given name.
fn names_someone(words: &[Token]) -> bool {
    words.windows(2).any(|pair| {
        matches!(pair, [one, other] if one.is_capital() && other.is_capital()
            && (one.own.any(GIVEN) || other.own.any(GIVEN))
            && matches!(other.gap, Gap::Space | Gap::Comma | Gap::Hyphen | Gap::Stop))
    })
}

/// Whether a phrase that ends with a word is a term of health, not a branch of medicine.
#[must_use]
pub fn is_illness(token: &Token) -> bool {
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
    fn add(&mut self, token: &Token, general: impl Fn() -> bool) {
        if is_illness(token) && !general() {
            self.sensitive |= token.ends.any(HEALTH_SENSITIVE);
            if !self.health.contains(&token.key) {
                self.health.push(token.key);
            }
        }
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
        Said { health, patient, care, other: staff + ordinary, onward: false, patient_next: false }
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
