//! Names in the names of files: `Tremblay_Marie_evaluation.docx`, `tremblay-marie.pdf`.

use super::normal;
use super::shape;
use super::token;
use super::words::{FILE_OTHER, FILE_WORD, HEALTH, HEALTH_SENSITIVE, Words};
use crate::detect::candidate::Candidate;

const PRIOR: f32 = -6.0;
const SUBJECT_MATTER: f32 = 5.0;
const OTHER: f32 = -8.0;
/// Case says little in a file name, so both parts have to be known.
const BOTH_KNOWN: f32 = 3.5;

/// Proposes the name in a file name, if it holds one.
#[must_use]
pub fn candidate(text: &str, block: usize, words: &Words) -> Option<Candidate> {
    let tokens = token::read(text, 0..text.len(), words);
    let units = shape::units(&tokens, 0..tokens.len(), text, false);
    let reading = shape::readings(&units).into_iter().next().filter(|best| best.bits >= BOTH_KNOWN)?;
    let mut candidate = normal::candidate(text, block, &tokens, &units, &reading);
    candidate.add("a name is rarely a patient's", PRIOR);
    candidate.add("reads as a name", reading.bits);
    if tokens.iter().any(|token| token.ends.any(FILE_OTHER)) {
        candidate.add("a file about something else", OTHER);
    } else if tokens.iter().any(|token| token.ends.any(FILE_WORD | HEALTH | HEALTH_SENSITIVE)) {
        candidate.add("a file about a patient", SUBJECT_MATTER);
    }
    Some(candidate)
}
