//! What is to be done with a message.

use serde::{Deserialize, Serialize};

/// What an article or a whole message asks for, from mildest to strictest.
/// Joining is `max`, so a new article can only make a message safer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Deliver.
    #[default]
    Accept,
    /// Deliver, and tell the sender.
    Warn,
    /// Hold for review.
    Quarantine,
    /// Refuse; the sender still has the message.
    Reject,
}

impl Verdict {
    /// Every verdict, from mildest to strictest.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Warn, Self::Quarantine, Self::Reject];

    /// The name that configuration, JSON and metrics use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Warn => "warn",
            Self::Quarantine => "quarantine",
            Self::Reject => "reject",
        }
    }
}
