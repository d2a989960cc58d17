//! What a notice to a person says: types and places, never values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Address, CaseId, Kind, Masked, Region};

/// Which notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeKind {
    /// The message is held.
    Held,
    /// The message was delivered; mind this.
    Warned,
    /// A held message was delivered after review.
    Released,
    /// A held message was not delivered.
    Returned,
    /// A held message was destroyed without being delivered.
    Deleted,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Held, Self::Warned, Self::Released, Self::Returned, Self::Deleted];

    /// The name used in the database and in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Warned => "warned",
            Self::Released => "released",
            Self::Returned => "returned",
            Self::Deleted => "deleted",
        }
    }
}

/// An article as a notice cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRef {
    /// Directive and number.
    pub cites: String,
    /// One plain French sentence.
    pub says: String,
    /// The same in English.
    pub says_en: String,
    /// Key of the advice.
    pub notice: String,
}

/// Findings of one kind at one place, counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundAt {
    /// What was found.
    pub kind: Kind,
    /// How many.
    pub count: u32,
    /// What kind of text.
    pub region: Region,
    /// Which attachment, counted from 1; `None` for the message itself.
    pub attachment: Option<u32>,
    /// Line of the first one, counted from 1, when it stands in running text.
    pub line: Option<u32>,
}

/// A notice to write: all its facts, and no value, subject, file name or recipient address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeOrder {
    /// Which notice.
    pub kind: NoticeKind,
    /// About which case.
    pub case: CaseId,
    /// To whom: the sender of the message.
    pub to: Address,
    /// When the message was sent.
    pub sent_at: Timestamp,
    /// How many recipients it had.
    pub recipients: u32,
    /// Their domains, sorted, without repeats; at most 5.
    pub domains: Vec<String>,
    /// The articles behind the verdict.
    pub articles: Vec<ArticleRef>,
    /// What was found and where.
    pub found: Vec<FoundAt>,
    /// How many parts could not be read.
    pub unread: u32,
    /// When an undecided case goes back to the sender.
    pub deadline: Option<Timestamp>,
    /// A reviewer's reason, checked to hold nothing confidential.
    pub reason: Option<Masked>,
    /// The sender's own Message-ID, for threading.
    pub in_reply_to: Option<Masked>,
    /// What opens the case to its sender, when the store made one.
    #[serde(default)]
    pub token: Option<Masked>,
    /// Whether the approved service was asked to encrypt what was released. Asked for, not done: only that service knows.
    #[serde(default)]
    pub encrypted: bool,
}
