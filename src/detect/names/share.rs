//! What a part is about is shared among those it names: it says that someone is cared for, not who.
//!
//! In: the names of a part with their reasons. Out: bits against those of whom nothing of their own is told (an admission, an age, a
//! number, words for a patient beside them). The more names, the less the subject says of each; still less when another of them is
//! plainly the patient. Fitted on invented mails, clean ones and ones about patients, 2026-11. It refuses to know the words.

use std::collections::HashSet;
use std::ops::Range;

use super::overlap;
use super::prose;
use super::series;
use crate::detect::candidate::Candidate;
use crate::model::Kind;

/// The reason, for whoever finds something of the name's own later and takes it back.
pub const SHARED: &str = "one of those whom the message may be about";

/// From how many bits on what is told of a name is its own, and makes a patient of it.
const OWN: f32 = 2.5;
const PLAIN: f32 = 3.0;
/// Bits for each doubling of the names, and their limit.
const EACH: f32 = -2.0;
const ALL: f32 = -4.0;
/// Bits when another name is plainly a patient's.
const ANOTHER: f32 = -1.0;

/// Weighs the names of a part against one another.
pub fn among(found: &mut [Candidate], part: &Range<usize>) {
    let names = || {
        let part = found.get(part.clone()).unwrap_or_default();
        part.iter().filter(|name| name.kind == Some(Kind::PatientName) && !prose::is_of_the_frame(name))
    };
    let distinct: HashSet<String> = names().map(|name| name.value.reveal().to_owned()).collect();
    let plain: HashSet<String> = names()
        .filter(|name| own(name) >= PLAIN && name.bits() >= PLAIN)
        .map(|name| name.value.reveal().to_owned())
        .collect();
    for name in found.get_mut(part.clone()).unwrap_or_default() {
        if name.kind != Some(Kind::PatientName) || own(name) >= OWN {
            continue;
        }
        let value = name.value.reveal();
        let others = distinct.len() - usize::from(distinct.contains(value));
        let others = f32::from(u8::try_from(others).unwrap_or(u8::MAX));
        let another = plain.len() > usize::from(plain.contains(value));
        // A list whose others are plainly patients is of patients.
        if another && told(name, series::BESIDE) > 0.0 {
            continue;
        }
        let bits = (EACH * (1.0 + others).log2()).max(ALL) + if another { ANOTHER } else { 0.0 };
        if bits >= 0.0 {
            continue;
        }
        name.add(SHARED, bits);
    }
}

/// Bits of what is told of the name itself.
fn own(name: &Candidate) -> f32 {
    let shared = |reason: &str| prose::is_of_the_subject(reason) || reason == overlap::BACK;
    let slight = |reason: &str, bits: f32| reason == prose::DONE && bits < PLAIN;
    name.evidence
        .iter()
        .filter(|clue| clue.bits > 0.0 && !shared(&clue.reason) && !slight(&clue.reason, clue.bits))
        .map(|clue| clue.bits)
        .sum()
}

/// Bits of one reason.
fn told(name: &Candidate, reason: &str) -> f32 {
    name.evidence.iter().filter(|clue| clue.reason == reason).map(|clue| clue.bits).sum()
}
