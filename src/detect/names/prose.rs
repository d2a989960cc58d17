//! Names in running text: runs of capitalised words, weighed by what stands around them.

mod list;
mod lower_case;
mod part;
mod runs;

use std::ops::Range;

use super::around::{self, Scene};
use super::context::{self, Before, Said};
use super::correspondents::Correspondents;
use super::doubt;
use super::normal;
use super::shape::{self, Reading, Unit};
use super::token::{Gap, Shape, Token};
use super::words::{GIVEN, PATIENT_VERB, PLACE_HEAD, SURNAME, THING_TAIL, Words};
use super::zones::Zone;
use crate::detect::candidate::Candidate;
use crate::detect::roster::UNLISTED;
pub use list::List;
use list::heading;
pub use part::{is_assigned, is_at_work, is_known, is_of_the_frame, is_of_the_subject, same_person, share};
use runs::runs;

/// A stretch of running text, read.
#[derive(Debug)]
pub struct Passage<'a> {
    /// The word lists.
    pub words: &'a Words,
    /// The folded text of its block.
    pub text: &'a str,
    /// Which block.
    pub block: usize,
    /// Its words.
    pub tokens: &'a [Token],
    /// The zone of each word.
    pub zones: &'a [Zone],
    /// Bits that the kind of text gives: a subject line says more than a body.
    pub region: f32,
    /// Whether a hyphen joins two words into one: not in the name of a file.
    pub hyphens_join: bool,
}

/// Before any evidence, a pair of names is rarely that of a patient (compiled by us, 2026-11).
const PRIOR: f32 = -6.0;

/// Below this a candidate is not worth telling the engine: no other identifier could raise it.
const FLOOR: f32 = -9.0;

/// Names of the rest of a signature, a header, a greeting.
const ZONE: f32 = -14.0;

const MASK: f32 = -12.0;

const SIGNS: f32 = -8.0;

const ACTS: f32 = -3.0;

const OF_UNLISTED: f32 = -6.0;

const QUOTED: f32 = -8.0;

const KIN: f32 = 3.5;

const ASSIGNED: f32 = -8.0;

/// Bits of words beside a name that tell that it is someone's.
const TOLD_OF: f32 = 3.0;

/// Words of a text whose words tell who someone is: lines of subjects and cells say too little; what is longer than any mail is a book or
/// a list, of which nothing was measured.
const TELLING: Range<usize> = 8..5_000;

/// Proposes the names of a passage.
pub fn candidates(passage: &Passage<'_>, known: &Correspondents, out: &mut Vec<Candidate>) {
    let mut list = List::default();
    for run in runs(passage.tokens, passage.text) {
        let units = shape::units(passage.words, passage.tokens, run.clone(), passage.text, true);
        let mut readings = shape::readings(&units);
        readings.sort_by_key(|reading| reading.units.start);
        let lone = readings.is_empty();
        readings.extend(lone.then(|| shape::with_initial(&units).or_else(|| lone_surname(&units))).flatten());
        for reading in readings {
            let candidate = weigh(passage, &units, &reading, known, &mut list);
            out.extend(candidate.as_ref().and_then(|whole| spouse(passage, &units, &reading, whole)));
            out.extend(candidate);
        }
    }
    lower_case::lower_case(passage, out);
}

/// `Rita et Donat Beauregard`: a given name before one that is whole shares its surname and what is said of it.
fn spouse(passage: &Passage<'_>, units: &[Unit], reading: &Reading, whole: &Candidate) -> Option<Candidate> {
    let name = normal::token_range(units, reading)?;
    let word = |back: usize| name.start.checked_sub(back).and_then(|at| passage.tokens.get(at));
    let (link, given) = (word(1)?, word(2)?);
    let spelled = |token: &Token| passage.text.get(token.start..token.end);
    let linked = matches!(spelled(link), Some("et" | "and")) && link.gap == Gap::Space;
    let alone = word(3).is_none_or(|prior| !prior.is_capital() || given.gap != Gap::Space);
    if !(linked && alone && given.own.any(GIVEN) && given.shape == Shape::Capital) || reading.surname_first {
        return None;
    }
    let surname = normal::surname(passage.text, passage.tokens, units, reading);
    let mut other =
        normal::of(&spelled(given)?.to_lowercase(), &surname, passage.block, given.start..whole.span.end);
    other.evidence.clone_from(&whole.evidence);
    Some(other)
}

/// Weighs one reading; `None` when it says nothing of anyone.
pub fn weigh(
    passage: &Passage<'_>,
    units: &[Unit],
    reading: &Reading,
    known: &Correspondents,
    list: &mut List,
) -> Option<Candidate> {
    let name = normal::token_range(units, reading)?;
    let tokens = passage.tokens;
    let own = context::before(tokens, &name);
    let greeted = |before: &Before| before.contact <= GREETED && goes_on(tokens, name.end);
    let inherited = list.inherit(tokens, name.start).filter(|before| !greeted(before)).unwrap_or_default();
    let before = merge(own, inherited);
    list.last = Some((name.end, Before { title: false, ..before }));
    if reading.units.len() == 1 && !before.title {
        return None;
    }
    let mut candidate = normal::candidate(passage.text, passage.block, tokens, units, reading);
    candidate.add(RARE, PRIOR);
    candidate.add(READS, reading.bits);
    let mut said = context::said(tokens, &name);
    let before = if reading.units.len() == 1 { of_surname(before, &mut said) } else { before };
    let mut after = context::after(tokens, &name);
    let mut before = doubt::of_code(before, passage.text, tokens, &name);
    if passage.region > 0.0 {
        before = doubt::of_reply(before, passage.text, tokens, &name);
    }
    if !is_known(&candidate) {
        (before, after) = doubt::of_words(before, after, &mut said);
    }
    let told = before.title || before.patient.max(after.patient).max(said.patient) >= TOLD_OF;
    if !told && doubt::is_unlisted(tokens, &name) {
        candidate.add(UNLISTED, OF_UNLISTED);
    }
    let kin = context::is_with_kin(tokens, &name);
    let called = said.onward && context::is_called(tokens, &name);
    if said.patient_next {
        after = context::After { patient: after.patient.max(context::ILL), staff: 0.0 };
    }
    if (kin || called || said.patient_next) && before.contact > GREETED {
        before.contact = 0.0;
    }
    let greeted = zone_of(passage, &name) == Zone::Greeting;
    let theirs = greeted && context::is_told_of_their_care(tokens, &name);
    if theirs {
        before.contact = 0.0;
        candidate.add("greeted, and told of their own care", 8.0);
    }
    let labelled = before.contact < 0.0 && context::has_own_label(tokens, &name);
    weigh_before(&mut candidate, &before, if labelled { 0.0 } else { heading(tokens, &name) });
    let spoken_to = context::is_spoken_to(tokens, &name);
    add(&mut candidate, "whom the sentence speaks to", if spoken_to { GREETED } else { 0.0 });
    let cited = context::is_a_reference(tokens, &name);
    add(&mut candidate, "a party to a case or an author", if cited { -10.0 } else { 0.0 });
    add(&mut candidate, "beside their kin", if kin { KIN } else { 0.0 });
    let assigned = context::is_assigned(passage.text, tokens, &name);
    add(&mut candidate, LOOKS_AFTER, if assigned { ASSIGNED } else { 0.0 });
    let department = context::is_of_a_department(tokens, &name);
    add(&mut candidate, "of a department where nobody is cared for", if department { ASSIGNED } else { 0.0 });
    if context::is_apposed_before(tokens, &name) {
        candidate.add("set off after a function", -8.0);
    }
    let case = context::is_a_case(tokens, &name) || context::is_on_a_patients_card(tokens, &name);
    add(&mut candidate, CASE, if case { 4.0 } else { 0.0 });
    if case || context::is_one_of_the_ill(tokens, &name) {
        after = context::After { patient: context::ILL, staff: 0.0 };
    }
    if context::is_born_beside(passage.text, tokens, &name) {
        after.patient = after.patient.max(5.0);
    }
    if before.contact < 0.0 && after.patient < context::ILL {
        after.patient = after.patient.min(2.0);
    }
    let reached = before.patient < TOLD_OF && context::is_reached(tokens, &name);
    let listed = before.patient < TOLD_OF && context::is_in_a_directory(tokens, &name);
    add(&mut candidate, "named with a telephone, to be reached", if reached || listed { -8.0 } else { 0.0 });
    let seen = before.patient <= 0.0 && context::is_whom_to_see(tokens, &name);
    add(&mut candidate, "whom to see about it", if seen { -8.0 } else { 0.0 });
    let orders = before.patient <= 0.0 && context::is_of_an_order(passage.text);
    add(&mut candidate, "who ordered, saw or wrote", if orders { -10.0 } else { 0.0 });
    add(&mut candidate, "one of a pair", if context::is_paired(tokens, &name) { -6.0 } else { 0.0 });
    add(&mut candidate, "the author of a book", if context::is_cited(tokens, &name) { -8.0 } else { 0.0 });
    let quoted = doubt::is_quoted(passage.text, tokens, &name);
    add(&mut candidate, "whose words are quoted", if quoted { QUOTED } else { 0.0 });
    add(
        &mut candidate,
        "on the card of someone at work",
        if context::is_on_a_card(tokens, &name) { -10.0 } else { 0.0 },
    );
    add(&mut candidate, "at the hour of an appointment", context::appointed(tokens, &name));
    if !reading.surname_first {
        add(&mut candidate, "at the end of a line of an agenda", context::speaks(tokens, &name));
    }
    add(&mut candidate, "followed by an age, a birth or a dossier", after.patient);
    if before.staff && before.occupied && after.patient > 2.0 {
        candidate.add("an occupation, before an age, a birth or a dossier", 8.0);
    }
    let sure = before.patient >= 6.0 || after.patient > 2.0;
    add(&mut candidate, "followed by a function or a telephone", after.staff);
    weigh_said(&mut candidate, &said, sure);
    if acts(passage, &name) && !sure {
        let cares = context::names_patients(context::beyond_others(tokens, name.end));
        candidate.add("will do something", if cares { 2.0 * ACTS } else { ACTS });
    }
    let region = if is_known(&candidate) { passage.region } else { 0.0 };
    add(&mut candidate, REGION, region);
    let zone = zone_of(passage, &name);
    if zone != Zone::Body && !theirs {
        candidate.add(FRAME, ZONE);
    }
    if zone == Zone::Body && context::signs(tokens, &name) {
        candidate.add("alone at the end, as one signs", SIGNS);
    }
    let thing = names_a_thing(tokens, &name)
        || doubt::is_said_twice(tokens, &name)
        || doubt::is_led_by_letters(tokens, &name);
    if thing || context::is_listed_place(tokens, &name) {
        candidate.add(THING, MASK);
    }
    add(
        &mut candidate,
        "the name of a king",
        if doubt::is_of_a_king(tokens, &name) { doubt::OF_A_KING } else { 0.0 },
    );
    add(
        &mut candidate,
        "letters for a thing",
        if doubt::is_of_letters(tokens, &name) { doubt::OF_LETTERS } else { 0.0 },
    );
    candidate.around = measure(passage, &name, reading.surname_first).filter(|_| !theirs);
    known.weigh(&mut candidate, tokens, &name, sure);
    // The roster may know what no list does.
    let unlisted: f32 =
        candidate.evidence.iter().filter(|clue| clue.reason == UNLISTED).map(|clue| clue.bits).sum();
    let around = candidate.around.unwrap_or_default().max(0.0);
    (candidate.bits() - unlisted + around > FLOOR).then_some(candidate)
}

fn zone_of(passage: &Passage<'_>, name: &Range<usize>) -> Zone {
    passage.zones.get(name.start).copied().unwrap_or_default()
}

/// What the words around a name weigh, where they tell.
fn measure(passage: &Passage<'_>, name: &Range<usize>, surname_first: bool) -> Option<f32> {
    let (text, tokens) = (passage.text, passage.tokens);
    let tells = matches!(zone_of(passage, name), Zone::Body | Zone::Greeting) && passage.region <= 0.0;
    (tells && TELLING.contains(&tokens.len()))
        .then(|| around::bits(passage.words.around(), &Scene { text, tokens, name, surname_first }))
}

/// `Bonjour Luc, Ann Lee est chez nous`: what goes on after a name is said of someone who is not greeted.
fn goes_on(tokens: &[Token], end: usize) -> bool {
    tokens
        .get(end)
        .is_some_and(|next| next.gap == Gap::Space && next.shape == Shape::Lower && next.lines == 0)
}

/// Bits against whom a letter greets.
const GREETED: f32 = -14.0;

/// `the Margaret Lyle Award`, `the Norman Bethune Room`: English puts what is named after the name.
fn names_a_thing(tokens: &[Token], name: &Range<usize>) -> bool {
    let numbered = tokens.get(name.end + 1).is_some_and(|number| number.shape == Shape::Number);
    tokens.get(name.end).is_some_and(|next| {
        next.gap == Gap::Space
            && next.own.any(PLACE_HEAD | THING_TAIL)
            && !next.own.any(SURNAME)
            && !numbered
            && (next.shape == Shape::Capital || next.own.any(THING_TAIL))
    })
}

/// A surname alone is told of a patient by health in the same sentence, hardly by anything else.
fn of_surname(before: Before, said: &mut Said) -> Before {
    if said.health > 0.0 {
        return before;
    }
    (said.patient, said.care) = (0.0, 0.0);
    Before { patient: before.patient.min(3.5), ..before }
}

/// An age and an illness after a name, or a card that tells a birth.
pub const CASE: &str = "a case that is presented, or the card of a patient";
/// What the given name alone is told of.
pub const ECHO: &str = "told by the given name alone";
const LOOKS_AFTER: &str = "looks after several beds or rooms";
const RARE: &str = "a name is rarely a patient's";

const READS: &str = "reads as a name";

const TITLED: &str = "title";

const ABOUT: &str = "what the message is about";

/// What the words around a name say of it.
pub const AROUND: &str = "the words around it, as measured";

const CARED: &str = "care in the same sentence";
const ILL: &str = "health in the same sentence";
const REGION: &str = "kind of text";
const FRAME: &str = "in a signature, a greeting, a header or a footer";
const THING: &str = "the name of a place or a thing";
/// What is done to a patient.
pub const DONE: &str = "admitted, seen, treated";

/// `Jean Roy présentera`, `Ann Lee will speak`: who does something soon is mostly a colleague, unless it is said of patients.
fn acts(passage: &Passage<'_>, name: &Range<usize>) -> bool {
    let rest = context::beyond_others(passage.tokens, name.end);
    // `ne pourra pas`, `la remplacera`, `vous écrira`
    let small =
        rest.iter().take(2).take_while(|token| token.len() <= 4 && token.shape == Shape::Lower).count();
    let small = if rest.get(small).is_some_and(|verb| verb.gap == Gap::Space) { small } else { 0 };
    let Some(verb) = rest.get(small).filter(|verb| verb.gap == Gap::Space) else { return false };
    let word = passage.text.get(verb.start..verb.end).unwrap_or_default();
    let future =
        word.len() > 5 && ["era", "ira", "dra", "eront", "iront"].iter().any(|end| word.ends_with(end));
    (future || word == "will") && verb.shape == Shape::Lower && !verb.starts.any(PATIENT_VERB)
}

fn add(candidate: &mut Candidate, reason: &'static str, bits: f32) {
    if bits != 0.0 {
        candidate.add(reason, bits);
    }
}

fn merge(own: Before, inherited: Before) -> Before {
    if own.staff || own.place || own.eponym || own.patient > 0.0 || own.contact < 0.0 {
        return own;
    }
    Before { title: own.title, ..inherited }
}

fn weigh_before(candidate: &mut Candidate, before: &Before, heading: f32) {
    let patient = before.patient.max(heading);
    add(candidate, "in a list of people who act", heading.min(0.0));
    add(candidate, "after words for a patient", patient);
    add(candidate, TITLED, if before.title { 2.0 } else { 0.0 });
    add(candidate, "title or function of someone on duty", if before.staff { -10.0 } else { 0.0 });
    if patient < 6.0 {
        add(candidate, "acts, writes, attends or is thanked", before.contact);
    }
    if before.place || before.eponym {
        candidate.add(THING, MASK);
    }
}

fn weigh_said(candidate: &mut Candidate, said: &Said, sure: bool) {
    add(candidate, ILL, said.health);
    add(candidate, DONE, said.patient);
    add(candidate, CARED, said.care);
    if !sure {
        add(candidate, "training, announcement or work", said.other);
    }
}

/// `Mme Tremblay`: a surname without a given name.
fn lone_surname(units: &[Unit]) -> Option<Reading> {
    let index = units.iter().position(|unit| unit.lone_surname().is_some())?;
    let bits = units.get(index)?.lone_surname()? + 0.5;
    (index == 0).then_some(Reading { units: 0..1, split: 0, surname_first: false, bits })
}
