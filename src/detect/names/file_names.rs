//! Names in the names of files: `Tremblay_Marie_evaluation.docx`, `tremblay-marie.pdf`.

use super::correspondents::Correspondents;
use super::normal;
use super::prose::Passage;
use super::roster;
use super::shape;
use super::token::{self, Gap, Shape, Token};
use super::words::{FILE_OTHER, FILE_WORD, HEALTH, HEALTH_SENSITIVE, Words};
use crate::detect::candidate::Candidate;
use crate::roster::Index;

const PRIOR: f32 = -6.0;
const SUBJECT_MATTER: f32 = 5.0;
const OTHER: f32 = -8.0;
/// Case says little in a file name, so both parts have to be known.
const BOTH_KNOWN: f32 = 3.5;

/// Proposes the name in a file name, if it holds one.
#[must_use]
pub fn candidate(text: &str, block: usize, words: &Words, patients: Option<&Index>) -> Option<Candidate> {
    let mut tokens = token::read(text, 0..text.len(), words);
    drop_letters_of_numbers(&mut tokens);
    // Hyphens part words (`tremblay-marie.pdf`) unless other marks do: `note_Anne-Marie Roy-Gagnon.pdf`.
    let read = |hyphens_join| {
        let units = shape::units(words, &tokens, 0..tokens.len(), text, hyphens_join);
        let best = shape::readings(&units).into_iter().next().filter(|best| best.bits >= BOTH_KNOWN);
        best.map(|best| (units, best))
    };
    let mut found = Vec::new();
    if let Some((units, reading)) = read(true).or_else(|| read(false)) {
        let mut candidate = normal::candidate(text, block, &tokens, &units, &reading);
        candidate.add("a name is rarely a patient's", PRIOR);
        candidate.add("reads as a name", reading.bits);
        about(&mut candidate, &tokens);
        found.push(candidate);
    }
    if let Some(patients) = patients {
        let read = found.len();
        let passage =
            Passage { words, text, block, tokens: &tokens, zones: &[], region: 0.0, hyphens_join: false };
        roster::propose(&passage, patients, &Correspondents::default(), 0, &mut found);
        found.iter_mut().skip(read).for_each(|candidate| about(candidate, &tokens));
    }
    found.into_iter().max_by(|one, other| one.bits().total_cmp(&other.bits()))
}

/// `Roy_Anne_ROYA6352….pdf`: the letters of a health-insurance number are no second surname.
fn drop_letters_of_numbers(tokens: &mut Vec<Token>) {
    let letters = |pair: &[Token]| {
        matches!(pair, [word, number] if word.len() == 4 && word.shape == Shape::Upper
            && number.shape == Shape::Number && number.gap == Gap::Start)
    };
    if let Some(at) = tokens.windows(2).position(letters) {
        tokens.truncate(at);
    }
}

/// What the other words of a file's name say.
fn about(candidate: &mut Candidate, tokens: &[Token]) {
    if tokens.iter().any(|token| token.ends.any(FILE_OTHER)) {
        candidate.add("a file about something else", OTHER);
    } else if tokens.iter().any(|token| token.ends.any(FILE_WORD | HEALTH | HEALTH_SENSITIVE)) {
        candidate.add("a file about a patient", SUBJECT_MATTER);
    }
}
