//! Names in running text: runs of capitalised words, weighed by what stands around them.

use std::collections::HashMap;
use std::ops::Range;

use super::around::Scene;
use super::context::{self, Before, Said};
use super::correspondents::Correspondents;
use super::doubt;
use super::normal;
use super::shape::{self, Reading, Unit};
use super::token::{Gap, Shape, Token, keys};
use super::words::{
    CLOSING, COMMON, CONTACT, FORM_GIVEN, FORM_SURNAME, GIVEN, GREETING, HEALTH, HEALTH_SENSITIVE, JOB,
    LINK_OF, MAIL_HEADER, ORDINARY, PARTICLE, PATIENT_AFTER, PATIENT_BEFORE, PATIENT_BEFORE_WEAK,
    PATIENT_COLUMN, PATIENT_VERB, PLACE_HEAD, PLACE_HEAD_WEAK, STAFF, STAFF_VERB, SURNAME, THING_TAIL, TITLE,
    Tags, Words,
};
use super::zones::Zone;
use crate::detect::candidate::Candidate;
use crate::detect::roster::UNLISTED;

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
const TELLING: Range<usize> = 15..5_000;

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
    lower_case(passage, out);
}

/// Who was named last, for lists: `la patiente A, B et C`, and `patients à rappeler :` above lines.
#[derive(Debug, Default)]
pub struct List {
    last: Option<(usize, Before)>,
}

impl List {
    /// What a name inherits from the name before it, when only commas and `et` part them.
    fn inherit(&self, tokens: &[Token], start: usize) -> Option<Before> {
        let (end, before) = self.last?;
        let between = tokens.get(end..start)?;
        let acts = before.contact < 0.0
            && between.len() <= ASIDE
            && between.iter().all(|token| token.lines == 0 && !token.opens);
        if acts
            && between.iter().all(|token| !token.is_capital())
            && tokens.get(start).is_some_and(|name| !name.opens && name.lines == 0)
        {
            return Some(before);
        }
        let links = between.iter().all(|token| {
            (token.len() <= 3 && token.shape == Shape::Lower && !token.opens) || token.own.any(TITLE | STAFF)
        });
        let first = tokens.get(end)?;
        let apart = first.lines > 0 && before.patient <= 0.0;
        (links && between.len() <= 2 && !first.opens && first.lines < 2 && !apart).then_some(before)
    }
}

/// Most words between two names of one list: `Jean Roy (chirurgie d'un jour), Ann Lee`.
const ASIDE: usize = 6;

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
    if kin && before.contact > GREETED {
        before.contact = 0.0;
    }
    weigh_before(&mut candidate, &before, heading(tokens, &name));
    add(&mut candidate, "beside their kin", if kin { KIN } else { 0.0 });
    let assigned = context::is_assigned(passage.text, tokens, &name);
    add(&mut candidate, "looks after several beds or rooms", if assigned { ASSIGNED } else { 0.0 });
    if context::is_apposed_before(tokens, &name) {
        candidate.add("set off after a function", -8.0);
    }
    if context::is_one_of_the_ill(tokens, &name) {
        after = context::After { patient: context::ILL, staff: 0.0 };
    }
    if before.contact < 0.0 && after.patient < context::ILL {
        after.patient = after.patient.min(2.0);
    }
    let reached = before.patient <= 0.0 && context::is_reached(tokens, &name);
    add(&mut candidate, "named with a telephone, to be reached", if reached { -8.0 } else { 0.0 });
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
    add(&mut candidate, "kind of text", region);
    let zone = tokens.get(name.start).and(passage.zones.get(name.start)).copied().unwrap_or_default();
    if zone != Zone::Body {
        candidate.add("in a signature, a greeting, a header or a footer", ZONE);
    }
    if zone == Zone::Body && context::signs(tokens, &name) {
        candidate.add("alone at the end, as one signs", SIGNS);
    }
    let thing = names_a_thing(tokens, &name)
        || doubt::is_said_twice(tokens, &name)
        || doubt::is_led_by_letters(tokens, &name);
    if thing || context::is_listed_place(tokens, &name) {
        candidate.add("the name of a place or a thing", MASK);
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
    if zone == Zone::Body && passage.region <= 0.0 && TELLING.contains(&tokens.len()) {
        let scene = Scene { text: passage.text, tokens, name: &name, surname_first: reading.surname_first };
        let around = passage.words.around().bits(&scene);
        let around = if is_known(&candidate) { around } else { around.min(0.0) };
        add(&mut candidate, AROUND, around);
    }
    known.weigh(&mut candidate, tokens.get(name).unwrap_or_default(), sure);
    // The roster may know what no list does.
    let unlisted: f32 =
        candidate.evidence.iter().filter(|clue| clue.reason == UNLISTED).map(|clue| clue.bits).sum();
    (candidate.bits() - unlisted > FLOOR).then_some(candidate)
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

/// `Nicole Roy` attends and `Mme Roy` presents figures: what is said of one is said of the other, when a part names one
/// person of that surname only.
pub fn same_person(found: &mut [Candidate], of_part: &[usize]) {
    let mut whole: HashMap<String, Vec<usize>> = HashMap::new();
    let mut lone = Vec::new();
    for index in of_part {
        let Some(name) = found.get(*index) else { continue };
        match name.value.reveal().rsplit_once(' ') {
            Some((_, surname)) => whole.entry(surname.to_owned()).or_default().push(*index),
            None => lone.push(*index),
        }
    }
    acts_once(found, &whole);
    for index in lone {
        let Some(short) = found.get(index) else { continue };
        let Some(same) = whole.get(short.value.reveal()) else { continue };
        let bits = short.bits();
        let best =
            same.iter().filter_map(|other| found.get(*other)).map(Candidate::bits).fold(f32::MIN, f32::max);
        if best < 0.0 && same.iter().any(|other| found.get(*other).is_some_and(acts_elsewhere)) {
            found
                .get_mut(index)
                .into_iter()
                .for_each(|short| short.add("of someone who acts or attends", MASK));
        } else if bits >= 3.0 {
            for other in same.iter().take(SAME) {
                found
                    .get_mut(*other)
                    .into_iter()
                    .for_each(|whole| whole.add("the surname of someone cared for", 4.0));
            }
        }
    }
}

/// Someone who acts or attends in one place of a part does so in the others, unless words for a patient stand there.
fn acts_once(found: &mut [Candidate], whole: &HashMap<String, Vec<usize>>) {
    for same in whole.values().filter(|same| same.len() > 1) {
        for index in same.iter().take(SAME) {
            let Some(name) = found.get(*index).filter(|name| !acts_elsewhere(name) && !is_told(name)) else {
                continue;
            };
            let value = name.value.reveal().to_owned();
            let acts = same
                .iter()
                .filter_map(|other| found.get(*other))
                .any(|other| other.value.reveal() == value && acts_elsewhere(other) && !is_told(other));
            if let Some(name) = found.get_mut(*index).filter(|_| acts) {
                name.add("of someone who acts or attends", ACTS_ELSEWHERE);
            }
        }
    }
}

/// Bits against a name that acts in another place.
const ACTS_ELSEWHERE: f32 = -6.0;

/// Whether words for a patient, an age or a birth stand beside a name.
fn is_told(name: &Candidate) -> bool {
    name.evidence.iter().any(|clue| clue.bits >= 3.5 && clue.reason != READS && clue.reason != ABOUT)
}

/// Most namings of one person that a surname alone bears on.
const SAME: usize = 8;

fn acts_elsewhere(name: &Candidate) -> bool {
    let of_words = [RARE, UNLISTED];
    name.evidence.iter().any(|clue| clue.bits <= -5.0 && !of_words.contains(&clue.reason.as_str()))
}

/// In a message that does not speak of care, the words around a name say nothing for a patient.
pub fn speaks_of_no_care(name: &mut Candidate) {
    name.evidence.retain(|clue| clue.reason != AROUND || clue.bits < 0.0);
}

/// How much what the whole message is about bears on a name: not on two capitalised words in no list, which may be
/// anything, and less on a name of which nothing else is said.
#[must_use]
pub fn share(name: &Candidate) -> f32 {
    let clues = || name.evidence.iter();
    let said = clues().any(|clue| clue.bits > 0.0 && ![READS, CARED, AROUND].contains(&clue.reason.as_str()));
    let acts = clues().any(|clue| clue.bits <= ACTING && clue.reason != RARE);
    match said {
        _ if acts || !is_known(name) => 0.0,
        true => 1.0,
        false => 0.8,
    }
}

/// Bits of a reason that says that someone acts.
const ACTING: f32 = -4.0;

fn is_known(name: &Candidate) -> bool {
    !name.evidence.iter().any(|clue| clue.reason == READS && clue.bits < 2.0)
}

const RARE: &str = "a name is rarely a patient's";
const READS: &str = "reads as a name";
const TITLED: &str = "title";
const ABOUT: &str = "what the message is about";
const AROUND: &str = "the words around it, as measured";
const CARED: &str = "care in the same sentence";

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

fn add(candidate: &mut Candidate, reason: &str, bits: f32) {
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
        candidate.add("the name of a place or a thing", MASK);
    }
}

fn weigh_said(candidate: &mut Candidate, said: &Said, sure: bool) {
    add(candidate, "health in the same sentence", said.health);
    add(candidate, "admitted, seen, treated", said.patient);
    add(candidate, CARED, said.care);
    if !sure {
        add(candidate, "training, announcement or work", said.other);
    }
}

/// Bits for a name that starts a line of a list, by the words of the line above the list: `patients à rappeler :`,
/// `Étaient présents :`.
fn heading(tokens: &[Token], name: &Range<usize>) -> f32 {
    let head = tokens.get(..name.start).unwrap_or_default();
    let line = head.iter().rev().take(4).take_while(|token| token.lines == 0).count();
    if line > 3 {
        return 0.0;
    }
    let above = head.iter().rev().take(HEADING);
    let mut labelled = tokens.get(name.start).is_some_and(|token| token.gap == Gap::Label && token.lines > 0);
    // The first word that says something: `Patients à voir par l'infirmière :`, `Médecins des patients :`.
    let mut says = 0.0;
    for token in above {
        if labelled && token.ends.any(PATIENT_BEFORE) {
            says = 5.0;
        } else if labelled && token.ends.any(PATIENT_BEFORE_WEAK) {
            says = 3.5;
        } else if labelled && token.ends.any(CONTACT | JOB | STAFF | STAFF_VERB) {
            says = -6.0;
        }
        if labelled && (token.opens && token.lines < 2 || token.lines > 0) {
            return says;
        }
        labelled |= token.gap == Gap::Label && token.lines > 0;
    }
    says
}

/// How far up the words of a heading are looked for.
const HEADING: usize = 160;

/// Words that end a run although they are capitals, unless a name list holds them.
const STOPS: Tags = Tags::all(&[
    COMMON,
    TITLE,
    STAFF,
    JOB,
    PATIENT_BEFORE,
    PATIENT_BEFORE_WEAK,
    PATIENT_COLUMN,
    CONTACT,
    ORDINARY,
    GREETING,
    CLOSING,
    MAIL_HEADER,
    HEALTH,
    HEALTH_SENSITIVE,
    PLACE_HEAD,
    PLACE_HEAD_WEAK,
]);

/// Runs of words that may be names, in order.
fn runs(tokens: &[Token], text: &str) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let end = run_end(tokens, at, text);
        if end > at {
            runs.push(at..end);
        }
        at = end.max(at + 1);
    }
    runs
}

/// Most words of a run: longer ones are titles and shouting.
const LONGEST: usize = 24;

fn run_end(tokens: &[Token], start: usize, text: &str) -> usize {
    let Some(first) = tokens.get(start).filter(|first| is_name_word(first, tokens.get(start + 1))) else {
        return start;
    };
    let prior = start.checked_sub(1).and_then(|at| tokens.get(at));
    let greets = first.gap == Gap::Space && prior.is_some_and(|prior| prior.ends.any(GREETING));
    let mut end = start + 1;
    let mut before = first;
    while let Some(token) = tokens.get(end).filter(|token| follows(before, token, text)) {
        let next = tokens.get(end + 1);
        let tail = token.gap == Gap::Apostrophe && (token.ends.any(SURNAME) || is_elided(before, token));
        let particle = tail || token.own.any(PARTICLE) && next.is_some_and(leads);
        // `Bonjour Luc, Ann Lee est chez nous`
        let greeted = greets && token.gap == Gap::Comma;
        if greeted || end - start >= LONGEST || !(particle || is_name_word(token, next)) {
            break;
        }
        before = token;
        end += 1;
    }
    while end > start + 1 && tokens.get(end - 1).is_some_and(is_loose) {
        end -= 1;
    }
    end
}

/// `L'ABBÉ, HUBERT`: a word in capitals after the article of a surname, whatever else it says.
fn is_elided(before: &Token, token: &Token) -> bool {
    let written = before.is_capital() && before.own.any(PARTICLE) && before.len() == 1;
    written && token.shape == Shape::Upper && !token.own.any(PLACE_HEAD | HEALTH | HEALTH_SENSITIVE)
}

/// Whether a word cannot end a name: lower case, unless an apostrophe joins it (`Prud'homme`).
fn is_loose(last: &Token) -> bool {
    last.shape == Shape::Lower && last.gap != Gap::Apostrophe
}

/// Whether a word may be part of a name.
fn is_name_word(token: &Token, next: Option<&Token>) -> bool {
    if !token.is_capital() {
        return false;
    }
    let named = token.own.any(GIVEN | SURNAME | PARTICLE);
    let title = token.own.any(TITLE)
        || (token.own.any(STAFF) && token.len() <= 3)
        || (token.own.any(STAFF | PLACE_HEAD)
            && next.is_some_and(|next| next.gap == Gap::Space && next.is_capital())
            && !token.own.any(GIVEN));
    let code = token.shape == Shape::Upper
        && (token.own.any(PATIENT_AFTER)
            || (token.len() == 4
                && next.is_some_and(|next| next.shape == Shape::Number && next.gap != Gap::Other)));
    // the D of `D.D.N`
    let spelled = token.shape == Shape::Initial && next.is_some_and(|next| next.gap == Gap::Joint);
    // the label of the next field in a form of two columns
    let label = token.own.any(FORM_GIVEN | FORM_SURNAME);
    !title && !code && !spelled && !label && (named || !token.own.any(STOPS))
}

/// Whether a word can follow a particle in a name.
fn leads(token: &Token) -> bool {
    matches!(token.gap, Gap::Space | Gap::Apostrophe | Gap::Hyphen)
        && (token.is_capital() || token.own.any(PARTICLE))
}

/// Whether a word goes on from the one before in the same run.
fn follows(before: &Token, token: &Token, text: &str) -> bool {
    match token.gap {
        Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Comma => true,
        Gap::Stop => before.shape == Shape::Initial || (before.len() <= 3 && before.own.any(PARTICLE)),
        Gap::Line => is_wrapped(before, text),
        _ => false,
    }
}

/// Whether a line ends because it was full, not because something ended.
fn is_wrapped(before: &Token, text: &str) -> bool {
    let head = text.get(before.start.saturating_sub(200)..before.end).unwrap_or_default();
    head.len() - head.rfind('\n').map_or(0, |at| at + 1) >= FULL_LINE
}

/// Shortest line that counts as full.
const FULL_LINE: usize = 55;

/// `Mme Tremblay`: a surname without a given name.
fn lone_surname(units: &[Unit]) -> Option<Reading> {
    let index = units.iter().position(|unit| unit.lone_surname().is_some())?;
    let bits = units.get(index)?.lone_surname()? + 0.5;
    (index == 0).then_some(Reading { units: 0..1, split: 0, surname_first: false, bits })
}

/// `patiente : marie tremblay`, `marie tremblay est venue ce matin`: lower case, right after a label or first in a sentence.
fn lower_case(passage: &Passage<'_>, out: &mut Vec<Candidate>) {
    for (index, token) in passage.tokens.iter().enumerate() {
        if token.shape != Shape::Lower || !token.own.any(GIVEN | SURNAME) {
            continue;
        }
        let prior = index.checked_sub(1).and_then(|prior| passage.tokens.get(prior));
        let labelled = prior.is_some_and(|prior| {
            prior.ends.any(PATIENT_BEFORE | PATIENT_BEFORE_WEAK) || prior.own.any(LINK_OF)
        });
        let first = prior.is_none() || token.opens || token.lines > 0 || token.gap == Gap::Label;
        let clause = prior.is_some_and(|prior| CLAUSE.contains(&prior.key));
        let next = || passage.tokens.get(index + 1).is_some_and(|next| next.own.any(GIVEN | SURNAME));
        if labelled || first || clause && next() {
            let told = if labelled {
                0.0
            } else if first {
                SAID
            } else {
                SUBJECT
            };
            out.extend(lower_case_at(passage, index, told));
        }
    }
}

/// Words after which a clause begins, with whom it speaks of.
const CLAUSE: [u64; 7] = keys("que qu that et and car because");

/// Bits that the words after a name in lower case have to say: anything of a patient; that it is the patient who does it.
const SAID: f32 = 0.1;
const SUBJECT: f32 = 3.0;

fn lower_case_at(passage: &Passage<'_>, start: usize, told: f32) -> Option<Candidate> {
    let rest = passage.tokens.get(start + 1..)?;
    let more = rest.iter().take(4).take_while(|token| {
        matches!(token.gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Comma)
            && (token.own.any(GIVEN | SURNAME | PARTICLE) && !token.own.any(COMMON)
                || matches!(token.gap, Gap::Hyphen | Gap::Apostrophe) && token.ends.any(SURNAME))
    });
    let end = start + 1 + more.count();
    let units = shape::units(passage.words, passage.tokens, start..end, passage.text, true);
    let reading = shape::readings(&units).into_iter().find(|reading| reading.bits >= 4.0)?;
    let name = normal::token_range(&units, &reading)?;
    let after = context::after(passage.tokens, &name);
    let said = context::said(passage.tokens, &name);
    if after.patient.max(said.patient) < told {
        return None;
    }
    let before = context::before(passage.tokens, &name);
    let mut candidate = normal::candidate(passage.text, passage.block, passage.tokens, &units, &reading);
    candidate.add(RARE, PRIOR);
    candidate.add(READS, reading.bits);
    candidate.add("in lower case", -2.0);
    weigh_before(&mut candidate, &before, 0.0);
    add(&mut candidate, "followed by an age, a birth or a dossier", after.patient);
    add(&mut candidate, "followed by a function or a telephone", after.staff);
    weigh_said(&mut candidate, &said, before.patient >= 6.0);
    (candidate.bits() > FLOOR).then_some(candidate)
}
