//! What the policy decided, and who spoke.

use serde::{Deserialize, Serialize};

use super::{Kind, Verdict};

/// Names an article: lower-case letters, digits and hyphens, unique in a policy.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArticleId(pub String);

/// How far an article may act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Written to the journal only.
    #[default]
    Observe,
    /// At most a warning.
    Warn,
    /// As the article says.
    Enforce,
}

impl Mode {
    /// The name that configuration and output use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Warn => "warn",
            Self::Enforce => "enforce",
        }
    }

    /// The most that an article may do in this mode.
    #[must_use]
    pub fn temper(self, verdict: Verdict) -> Verdict {
        match self {
            Self::Observe => Verdict::Accept,
            Self::Warn => verdict.min(Verdict::Warn),
            Self::Enforce => verdict,
        }
    }
}

/// An article that applied to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    /// Which article.
    pub article: ArticleId,
    /// The text it stands on: directive and number.
    pub cites: String,
    /// The article in one plain French sentence.
    pub says: String,
    /// The same in English.
    pub says_en: String,
    /// What it asks for.
    pub verdict: Verdict,
    /// How far it may act.
    pub mode: Mode,
    /// Whether it is on trial: listed and counted, of no weight in either verdict.
    pub trial: bool,
    /// Key of the text that explains it to the sender.
    pub notice: String,
    /// Findings it speaks of, as indexes into the inspection's findings.
    pub findings: Vec<usize>,
    /// Gaps it speaks of, as indexes into the reading's gaps.
    pub gaps: Vec<usize>,
    /// Recipients it speaks of, as indexes into the envelope's recipients, in ascending order.
    pub recipients: Vec<usize>,
}

impl Spoken {
    /// What it weighs in the message's verdict, modes aside.
    #[must_use]
    pub fn weight(&self) -> Verdict {
        if self.trial { Verdict::Accept } else { self.verdict }
    }

    /// What it weighs under its mode.
    #[must_use]
    pub fn applied(&self) -> Verdict {
        self.mode.temper(self.weight())
    }
}

/// An article that did not apply, and the condition that was not met: for `explain`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silent {
    /// Which article.
    pub article: ArticleId,
    /// The first condition not met, in words of ours.
    pub because: String,
}

/// What one recipient alone would get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientVerdict {
    /// Index into the envelope's recipients.
    pub recipient: usize,
    /// The strictest verdict of the articles that speak of this recipient.
    pub verdict: Verdict,
}

/// The outcome of a policy on one message, with all that was said.
#[must_use]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The verdict with every article enforced, those on trial left out.
    pub verdict: Verdict,
    /// The verdict under the configured modes.
    pub applied: Verdict,
    /// Every article that applied, in the order of the policy.
    pub spoken: Vec<Spoken>,
    /// Every article that did not.
    pub silent: Vec<Silent>,
    /// What each recipient alone would get, modes aside.
    pub per_recipient: Vec<RecipientVerdict>,
    /// Kinds that count as confidential here, sorted, without repeats.
    pub confidential: Vec<Kind>,
}
