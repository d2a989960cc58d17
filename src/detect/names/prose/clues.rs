//! What is told of a name, weighed: every reason for or against it, in bits.
//!
//! In: what is told. Out: reasons with their bits. It refuses to read the text for itself, but through `context` and `doubt`.

use super::MASK;
use super::told::Told;
use crate::detect::candidate::Candidate;
use crate::detect::names::context;
use crate::detect::names::doubt;
use crate::detect::names::token::{Gap, Shape, Token};
use crate::detect::names::words::{PATIENT_VERB, PLACE_HEAD, SURNAME, THING_TAIL};
use crate::detect::names::zones::Zone;
use crate::detect::roster::UNLISTED;

/// An age and an illness after a name, or a card that tells a birth.
pub const CASE: &str = "a case that is presented, or the card of a patient";
/// What the given name alone is told of.
pub const ECHO: &str = "told by the given name alone";
pub const LOOKS_AFTER: &str = "looks after several beds or rooms";
pub const RARE: &str = "a name is rarely a patient's";
pub const READS: &str = "reads as a name";
pub const TITLED: &str = "title";
pub const ABOUT: &str = "what the message is about";
/// What the words around a name say of it.
pub const AROUND: &str = "the words around it, as measured";
pub const CARED: &str = "care in the same sentence";
pub const ILL: &str = "health in the same sentence";
pub const REGION: &str = "kind of text";
pub const FRAME: &str = "in a signature, a greeting, a header or a footer";
pub const THING: &str = "the name of a place or a thing";
/// What is done to a patient.
pub const DONE: &str = "admitted, seen, treated";

/// Bits of one reason, 0 when it does not hold.
type Bits = fn(&Told<'_>) -> f32;

/// The reasons, in the order in which they are told (bits compiled by us, 2026-11).
const CLUES: [(&str, Bits); 38] = [
    (UNLISTED, |told| when(told.unlisted, -6.0)),
    ("greeted, and told of their own care", |told| when(told.own_care, 8.0)),
    ("in a list of people who act", |told| told.heading.min(0.0)),
    ("after words for a patient", labelled),
    (TITLED, |told| when(told.before.title, 2.0)),
    ("title or function of someone on duty", |told| when(told.before.staff, -10.0)),
    (
        "acts, writes, attends or is thanked",
        |told| {
            if labelled(told) < 6.0 { told.before.contact } else { 0.0 }
        },
    ),
    (THING, |told| when(told.before.place || told.before.eponym, MASK)),
    ("whom the sentence speaks to", |told| {
        when(context::is_spoken_to(told.tokens(), told.name), super::GREETED)
    }),
    ("a party to a case or an author", |told| when(context::is_a_reference(told.tokens(), told.name), -10.0)),
    ("beside their kin", |told| when(told.kin, 3.5)),
    (LOOKS_AFTER, |told| when(context::is_assigned(told.passage.text, told.tokens(), told.name), -8.0)),
    ("of a department where nobody is cared for", |told| {
        when(context::is_of_a_department(told.tokens(), told.name), -8.0)
    }),
    ("set off after a function", |told| when(context::is_apposed_before(told.tokens(), told.name), -8.0)),
    (CASE, |told| when(told.case, 4.0)),
    ("named with a telephone, to be reached", |told| when(is_to_be_reached(told), -8.0)),
    ("whom to see about it", |told| {
        when(told.before.patient <= 0.0 && context::is_whom_to_see(told.tokens(), told.name), -8.0)
    }),
    ("who ordered, saw or wrote", |told| {
        when(told.before.patient <= 0.0 && context::is_of_an_order(told.passage.text), -10.0)
    }),
    ("one of a pair", |told| when(context::is_paired(told.tokens(), told.name), -6.0)),
    ("the author of a book", |told| when(context::is_cited(told.tokens(), told.name), -8.0)),
    ("whose words are quoted", |told| {
        when(doubt::is_quoted(told.passage.text, told.tokens(), told.name), -8.0)
    }),
    ("on the card of someone at work", |told| when(context::is_on_a_card(told.tokens(), told.name), -10.0)),
    ("at the hour of an appointment", |told| context::appointed(told.tokens(), told.name)),
    ("at the end of a line of an agenda", |told| {
        if told.read.surname_first { 0.0 } else { context::speaks(told.tokens(), told.name) }
    }),
    ("followed by an age, a birth or a dossier", |told| told.after.patient),
    ("an occupation, before an age, a birth or a dossier", |told| when(is_cared_for_at_work(told), 8.0)),
    ("followed by a function or a telephone", |told| told.after.staff),
    (ILL, |told| told.said.health),
    (DONE, |told| told.said.patient),
    (CARED, |told| told.said.care),
    ("training, announcement or work", |told| if told.is_sure() { 0.0 } else { told.said.other }),
    ("will do something", acts),
    (REGION, |told| if told.read.known { told.passage.region } else { 0.0 }),
    (FRAME, |told| when(told.zone() != Zone::Body && !told.own_care, -14.0)),
    ("alone at the end, as one signs", |told| {
        when(told.zone() == Zone::Body && context::signs(told.tokens(), told.name), -8.0)
    }),
    (THING, |told| when(names_a_thing(told), MASK)),
    ("the name of a king", |told| when(doubt::is_of_a_king(told.tokens(), told.name), doubt::OF_A_KING)),
    ("letters for a thing", |told| when(doubt::is_of_letters(told.tokens(), told.name), doubt::OF_LETTERS)),
];

/// Adds every reason that holds.
pub fn weigh(told: &Told<'_>, candidate: &mut Candidate) {
    for (reason, bits) in CLUES {
        let bits = bits(told);
        if bits != 0.0 {
            candidate.add(reason, bits);
        }
    }
}

fn when(holds: bool, bits: f32) -> f32 {
    if holds { bits } else { 0.0 }
}

/// Bits of the words for a patient before a name, or above the list it stands in.
fn labelled(told: &Told<'_>) -> f32 {
    told.before.patient.max(told.heading)
}

/// `l'enseignante Ann Lee, 45 ans`, `votre employée Ann Lee est suivie pour une dépression`: an occupation, before what is told of a patient.
fn is_cared_for_at_work(told: &Told<'_>) -> bool {
    /// Bits of what is done to patients and to nobody else.
    const SURELY: f32 = 5.0;
    let ill = told.said.patient >= SURELY && told.said.health > 0.0;
    told.before.staff && told.before.occupied && (told.after.patient > 2.0 || ill)
}

fn is_to_be_reached(told: &Told<'_>) -> bool {
    !told.is_labelled()
        && (context::is_reached(told.tokens(), told.name)
            || context::is_in_a_directory(told.tokens(), told.name))
}

/// `Jean Roy présentera`, `Ann Lee will speak`: who does something soon is mostly a colleague, unless it is said of patients.
fn acts(told: &Told<'_>) -> f32 {
    const ACTS: f32 = -3.0;
    if told.is_sure() {
        return 0.0;
    }
    let rest = context::beyond_others(told.tokens(), told.name.end);
    // `ne pourra pas`, `la remplacera`, `vous écrira`
    let small =
        rest.iter().take(2).take_while(|token| token.len() <= 4 && token.shape == Shape::Lower).count();
    let small = if rest.get(small).is_some_and(|verb| verb.gap == Gap::Space) { small } else { 0 };
    let Some(verb) = rest.get(small).filter(|verb| verb.gap == Gap::Space) else { return 0.0 };
    let word = told.passage.text.get(verb.start..verb.end).unwrap_or_default();
    match is_future(word) && verb.shape == Shape::Lower && !verb.starts.any(PATIENT_VERB) {
        true if context::names_patients(rest) => 2.0 * ACTS,
        true => ACTS,
        false => 0.0,
    }
}

fn is_future(word: &str) -> bool {
    let ends = ["era", "ira", "dra", "eront", "iront"];
    word == "will" || word.len() > 5 && ends.iter().any(|end| word.ends_with(end))
}

fn names_a_thing(told: &Told<'_>) -> bool {
    let (tokens, name) = (told.tokens(), told.name);
    is_before_a_thing(tokens, name.end)
        || doubt::is_said_twice(tokens, name)
        || doubt::is_led_by_letters(tokens, name)
        || context::is_listed_place(tokens, name)
}

/// `the Margaret Lyle Award`, `the Norman Bethune Room`: English puts what is named after the name.
fn is_before_a_thing(tokens: &[Token], end: usize) -> bool {
    let numbered = tokens.get(end + 1).is_some_and(|number| number.shape == Shape::Number);
    tokens.get(end).is_some_and(|next| {
        next.gap == Gap::Space
            && next.own.any(PLACE_HEAD | THING_TAIL)
            && !next.own.any(SURNAME)
            && !numbered
            && (next.shape == Shape::Capital || next.own.any(THING_TAIL))
    })
}
