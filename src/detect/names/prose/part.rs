//! What a whole part of a message says of the names in it: one person is spoken of alike wherever they are named.
//!
//! In: the names of a part. Out: reasons added to them. It refuses to know their words.

use std::collections::HashMap;

use super::{ABOUT, CARED, FRAME, ILL, LOOKS_AFTER, MASK, RARE, READS, REGION, THING, TITLED};
use crate::detect::candidate::Candidate;
use crate::detect::names::series;
use crate::detect::roster::UNLISTED;

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

/// Whether a name is that of someone who looks after several patients.
pub fn is_assigned(name: &Candidate) -> bool {
    name.evidence.iter().any(|clue| clue.reason == LOOKS_AFTER)
}

/// Whether a function, a title or a place of work stands beside a name.
pub fn is_at_work(name: &Candidate) -> bool {
    let of_words = [RARE, UNLISTED];
    name.evidence.iter().any(|clue| clue.bits <= WORKING && !of_words.contains(&&*clue.reason))
}

/// Bits of a reason that says that someone is at work.
const WORKING: f32 = -6.0;

fn acts_elsewhere(name: &Candidate) -> bool {
    let of_words = [RARE, UNLISTED];
    name.evidence.iter().any(|clue| clue.bits <= -5.0 && !of_words.contains(&&*clue.reason))
}

/// How much what the whole message is about bears on a name: not on two capitalised words in no list, which may be
/// anything, and less on a name of which nothing else is said.
#[must_use]
pub fn share(name: &Candidate) -> f32 {
    let clues = || name.evidence.iter();
    let said = clues().any(|clue| clue.bits > 0.0 && ![READS, CARED].contains(&&*clue.reason));
    let acts = clues().any(|clue| clue.bits <= ACTING && clue.reason != RARE);
    match said {
        _ if acts || !is_known(name) => 0.0,
        true => 1.0,
        false => 0.8,
    }
}

/// Whether a reason for a name is what the text around it is about, or how it is written, and nothing told of the name itself.
pub fn is_of_the_subject(reason: &str) -> bool {
    [ABOUT, ILL, CARED, READS, REGION, TITLED, series::BESIDE].contains(&reason)
}

/// Whether a name belongs to what frames a text, or to a place: the text is not about it.
pub fn is_of_the_frame(name: &Candidate) -> bool {
    name.evidence.iter().any(|clue| clue.reason == FRAME || clue.reason == THING)
}

/// Bits of a reason that says that someone acts.
const ACTING: f32 = -4.0;

pub fn is_known(name: &Candidate) -> bool {
    !name.evidence.iter().any(|clue| clue.reason == READS && clue.bits < 2.0)
}
