//! How much of each reason counts beside the others, and what is measured: reasons that say part of the same are not added up whole.
//!
//! In: a name of running text with all its reasons. Out: the same reasons, each with its share, then what the words around the name and
//! those of the whole mail weigh. All of it was fitted together by logistic regression (`patterns/README.md`). It refuses to know why a
//! reason was given, and leaves a name of the roster alone, which needs few other reasons. Who made a file or a remark is no patient for
//! being named there: properties and comments keep their reasons as they are.

use std::ops::Range;

use super::prose;
use crate::detect::candidate::Candidate;
use crate::detect::roster::is_named;

/// What each reason counts for, where it is not [`SHARE`].
const SHARES: [(&str, f32); 39] = [
    ("a name is rarely a patient's", 1.00),
    ("a name is rarely a patient's", 0.65),
    ("reads as a name", 1.00),
    ("one of those whom the message may be about", 0.15),
    ("what the message is about", 0.70),
    ("followed by a function or a telephone", 0.30),
    ("care in the same sentence", 0.25),
    ("health in the same sentence", 0.35),
    ("names a correspondent", 0.70),
    ("training, announcement or work", 0.55),
    ("admitted, seen, treated", 0.70),
    ("acts, writes, attends or is thanked", 0.35),
    ("after words for a patient", 0.55),
    ("in a text that hardly speaks of care", 1.20),
    ("followed by an age, a birth or a dossier", 0.75),
    ("title", 0.20),
    ("beside others who are at work", 0.00),
    ("in a table of employees, courses or suppliers", 0.30),
    ("two words in no list of names, of which nothing is told", 0.10),
    ("will do something", 0.90),
    ("at the end of a line of an agenda", 0.05),
    ("in a list of people who act", 0.15),
    ("kind of text", 0.90),
    ("letters for a thing", 0.90),
    ("of someone who acts or attends", 0.65),
    ("under a header for names", 0.75),
    ("a case that is presented, or the card of a patient", 0.75),
    ("named with a telephone, to be reached", 0.45),
    ("set off after a function", 0.50),
    ("beside others who are patients", 0.55),
    ("in lower case", 0.50),
    ("in brackets, as others are", 0.80),
    ("surname, comma, given name", 0.65),
    ("told by the given name alone", 0.45),
    ("surname and given name in columns of their own", 0.55),
    ("the author of a book", 0.70),
    ("beside their kin", 0.70),
    ("whom to see about it", 0.65),
    ("of a department where nobody is cared for", 0.65),
];
/// What any other reason counts for, and one that says so much by itself: whoever a letter greets stays greeted, `la patiente Ann Lee` is
/// one whatever else the mail is about, and `Patient : Ann Lee` says all.
const SHARE: f32 = 0.6;
const PLAINLY: f32 = 0.85;
const PLAIN: Range<f32> = -10.0..5.0;
const WHOLLY: f32 = 8.0;
/// What is given back where words are measured, and what more for a name of which only the mail was: that one has to speak of care.
const LEFT: f32 = 2.07;
const OF_CARE: f32 = 1.0;
const UNMEASURED: f32 = 0.27;
pub const BACK: &str = "of reasons that say part of the same";
/// What the words of the whole mail weigh.
const TOPIC: &str = "the words of the mail, as measured";
/// Limits of what the words around a name weigh together, and those of the mail.
const LIMITS: (f32, f32) = (-8.0, 8.0);
/// Limits for a name of the roster, of whom little has to be told.
const SLIGHT: (f32, f32) = (-4.0, 3.0);

/// Leaves each reason its share and adds what was measured: `topic` is what the words of the mail weigh, when any of them does. Where words
/// tell nothing (`told`), nothing is added, and no reason counts for less than the usual share.
pub fn settle(name: &mut Candidate, told: bool, topic: Option<f32>) {
    let (around, topic) = (name.around.take().filter(|_| told), topic.filter(|_| told));
    if is_named(name) {
        add(name, prose::AROUND, around, SLIGHT);
        return;
    }
    let least = if told { 0.0 } else { SHARE };
    name.evidence.iter_mut().for_each(|clue| clue.bits *= share(&clue.reason, clue.bits).max(least));
    if around.is_some() {
        name.add(BACK, LEFT);
    } else if topic.is_some_and(|bits| bits >= OF_CARE) {
        name.add(BACK, LEFT + UNMEASURED);
    }
    add(name, prose::AROUND, around, LIMITS);
    add(name, TOPIC, topic, LIMITS);
}

fn share(reason: &str, bits: f32) -> f32 {
    let known = || SHARES.iter().find(|(known, _)| *known == reason).map_or(SHARE, |(_, share)| *share);
    match bits {
        _ if bits <= PLAIN.start => SHARE,
        _ if bits >= WHOLLY => 1.0,
        _ if bits >= PLAIN.end => PLAINLY,
        _ => known(),
    }
}

fn add(name: &mut Candidate, reason: &'static str, bits: Option<f32>, limits: (f32, f32)) {
    if let Some(bits) = bits.filter(|bits| *bits != 0.0) {
        name.add(reason, bits.clamp(limits.0, limits.1));
    }
}
