//! What became of a message, as its sender reads it: when, and with the reason that was given.

use crate::notices::{Language, pages};
use crate::review::{Case, Ending, Past, end};

/// What became of a message.
pub(super) struct Fate {
    /// How the case ended; its word is in the keys of its texts: `sender-fate-WORD`, `sender-badge-WORD`.
    pub(super) ending: Ending,
    /// In a sentence.
    pub(super) says: String,
    /// The archivists' reason; empty when none was given.
    pub(super) reason: String,
}

impl Fate {
    /// Key of the heading over the advice: nothing is left to do for what arrived, was taken back or destroyed.
    pub(super) fn todo(&self) -> &'static str {
        match self.ending {
            Ending::Refused | Ending::Returned | Ending::Expired => "sender-do",
            Ending::Warned => "sender-next",
            _ => "",
        }
    }
}

/// What became of it; `None` while it waits.
pub(super) fn fate(language: Language, case: &Case, history: &[Past]) -> Option<Fate> {
    let end = end(case, history)?;
    let key = format!("sender-fate-{}", end.ending.word());
    let says = pages::filled(language, &key, &[("moment", pages::moment(language, end.at).as_str())]);
    let reason = end.reason.map(|reason| reason.reveal().to_owned()).unwrap_or_default();
    Some(Fate { ending: end.ending, says, reason })
}
