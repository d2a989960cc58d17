//! Who writes to whom: a name that is the sender's or a recipient's says less, unless it is labelled a patient's.

use std::collections::HashSet;
use std::ops::Range;

use super::token::{self, Gap, Shape, Token};
use crate::detect::Context;
use crate::detect::candidate::Candidate;
use crate::detect::lexicon::fold;

/// The words of the names of those who write and receive.
#[derive(Debug, Default)]
pub struct Correspondents {
    people: Vec<Person>,
}

/// The words of a name, and their first letters.
#[derive(Debug)]
struct Person {
    words: HashSet<u64>,
    initials: HashSet<u64>,
}

/// Most correspondents looked at.
const MOST: usize = 200;

impl Correspondents {
    /// Takes display names and local parts such as `prenom.nom`.
    #[must_use]
    pub fn of(context: &Context) -> Self {
        let names = context.display_names.iter().map(|name| fold(name.reveal()));
        let addresses = context.sender.iter().chain(&context.recipients);
        let locals = addresses.map(|address| fold(address.local().reveal()));
        let people = names.chain(locals).take(MOST).map(|name| Person::of(&name));
        Self { people: people.filter(|person| person.words.len() > 1).collect() }
    }

    /// Tells when a name is a correspondent's: it speaks against, unless the text is sure (directive 054, 5.4: one
    /// may receive one's own data, so it is not dropped).
    pub fn weigh(&self, candidate: &mut Candidate, tokens: &[Token], name: &Range<usize>, sure: bool) {
        let words = tokens.get(name.clone()).unwrap_or_default();
        let is_one =
            |person: &Person| words.len() > 1 && words.iter().all(|word| person.words.contains(&word.key));
        if self.people.iter().any(is_one) {
            candidate.add("names a correspondent", if sure { 0.0 } else { -8.0 });
        } else if self.people.iter().any(|person| person.signs(tokens, name)) {
            candidate.add("signed by a correspondent", -14.0);
        }
    }
}

impl Person {
    fn of(name: &str) -> Self {
        let letters = name.split(|character: char| !character.is_alphanumeric());
        let first = letters.filter_map(|word| word.get(..1)).flat_map(token::words);
        Self { words: token::words(name).collect(), initials: first.collect() }
    }

    /// `M. Lemieux` alone on a line, in mail of Mireille Lemieux: an initial, not a title.
    fn signs(&self, tokens: &[Token], name: &Range<usize>) -> bool {
        let initial = name.start.checked_sub(1).and_then(|at| tokens.get(at));
        let Some((initial, [surname])) = initial.zip(tokens.get(name.clone())) else { return false };
        let alone = initial.opens_line() && tokens.get(name.end).is_none_or(|next| next.lines > 0);
        initial.shape == Shape::Initial
            && matches!(surname.gap, Gap::Stop | Gap::Space)
            && alone
            && self.words.contains(&surname.key)
            && self.initials.contains(&initial.key)
    }
}
