//! The recipients, as names are compared with them: one may be sent one's own data (directive 054, 5.4).

use super::draft::words;
use crate::detect::Context;
use crate::detect::lexicon::fold;

/// The words of each recipient's local part and of each display name, the sender's left out.
#[derive(Debug)]
pub struct Acquaintances(Vec<Vec<String>>);

impl Acquaintances {
    /// Takes the recipients of a message.
    #[must_use]
    pub fn of(context: &Context) -> Self {
        let split = |text: String| {
            text.split(|character: char| !character.is_alphabetic())
                .filter(|word| word.len() > 1)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let sender = context.sender.as_ref().map(|sender| split(fold(sender.local().reveal())));
        let locals = context.recipients.iter().map(|address| fold(address.local().reveal()));
        let displays = context.display_names.iter().map(|name| fold(name.reveal()));
        let all = locals.chain(displays).map(split);
        Self(all.filter(|words| words.len() > 1 && sender.as_ref() != Some(words)).collect())
    }

    /// Whether a name's words, at least two, are all among those of one recipient.
    #[must_use]
    pub fn know(&self, name: &str) -> bool {
        let parts: Vec<&str> = words(name).filter(|part| part.len() > 1).collect();
        let is_one = |person: &Vec<String>| parts.iter().all(|part| person.iter().any(|word| word == part));
        parts.len() > 1 && self.0.iter().any(is_one)
    }
}
