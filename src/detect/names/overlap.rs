//! How much of each reason counts beside the others: reasons that say part of the same are not added up whole.
//!
//! In: a name of running text with all its reasons. Out: the same reasons, each with its share. It refuses to know why a reason
//! was given, and leaves a name of the roster alone, which needs few other reasons. Who made a file or a remark is no patient for being
//! named there: properties and comments keep their reasons as they are.

use crate::detect::candidate::Candidate;
use crate::detect::roster::is_named;

/// What each reason counts for, and what is given back for those that count less: most names of a mail about someone's care are
/// of whoever is cared for, when nothing says otherwise. Fitted by logistic regression on 4,000 names of invented mails with the
/// weights of `around.txt` left as they are, 2026-11; reasons that keep their whole weight are left out.
const SHARES: [(&str, f32); 9] = [
    ("reads as a name", 0.7),
    ("after words for a patient", 0.5),
    ("health in the same sentence", 0.7),
    ("care in the same sentence", 0.6),
    ("what the message is about", 0.9),
    ("in a list of people who act", 0.45),
    ("followed by a function or a telephone", 0.5),
    ("title or function of someone on duty", 0.8),
    ("acts, writes, attends or is thanked", 0.45),
];
const GIVEN_BACK: f32 = 2.5;
pub const BACK: &str = "of reasons that say part of the same";
/// From how many bits on a part speaks of care: a pronoun alone does not.
const OF_CARE: f32 = 1.0;
/// Whoever a letter greets stays greeted, and a slight doubt stays what it is: only reasons between count less.
const WHOLE: f32 = -10.0;
const SLIGHT: f32 = -2.5;

/// Leaves each reason its share; what is given back needs a part that speaks of care (`tone`, in bits).
pub fn settle(name: &mut Candidate, tone: f32) {
    if is_named(name) {
        return;
    }
    let shared = |bits: f32| bits > WHOLE && !(SLIGHT..0.0).contains(&bits);
    for clue in name.evidence.iter_mut().filter(|clue| shared(clue.bits)) {
        let share = SHARES.iter().find(|(reason, _)| *reason == clue.reason).map_or(1.0, |(_, share)| *share);
        clue.bits *= share;
    }
    if tone > OF_CARE {
        name.add(BACK, GIVEN_BACK);
    }
}
