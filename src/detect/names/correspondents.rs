//! Who writes to whom: a name that is the sender's or a recipient's says less, unless it is labelled a patient's.

use std::collections::HashSet;

use super::token::{self, Token};
use crate::detect::Context;
use crate::detect::candidate::Candidate;
use crate::detect::lexicon::fold;

/// The words of the names of those who write and receive.
#[derive(Debug, Default)]
pub struct Correspondents {
    people: Vec<HashSet<u64>>,
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
        let people = names.chain(locals).take(MOST).map(|name| token::words(&name).collect::<HashSet<_>>());
        Self { people: people.filter(|words| words.len() > 1).collect() }
    }

    /// Tells when a name is a correspondent's: it speaks against, unless the text is sure (directive 054, 5.4: one
    /// may receive one's own data, so it is not dropped).
    pub fn weigh(&self, candidate: &mut Candidate, name: &[Token], sure: bool) {
        let is_one =
            |person: &HashSet<u64>| name.len() > 1 && name.iter().all(|word| person.contains(&word.key));
        if self.people.iter().any(is_one) {
            candidate.add("names a correspondent", if sure { 0.0 } else { -8.0 });
        }
    }
}
