//! What judging a message asks the outside world to do.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Address, ArticleId, ArticleRef, CaseId, CaseKey, Excerpt, FoundAt, GapReason, Kind, Masked, NoticeOrder,
    QueueId, Reports, Verdict,
};

/// Why a case is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Disposition {
    /// Refused: number and reasons only.
    Refused,
    /// Delivered with a warning: number and reasons only.
    Warned,
    /// Held: with a sealed copy of the message.
    Held,
}

/// What a case records. Personal fields are sealed by the store; only counts, kinds, domains and
/// articles stay in clear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// The number to use when the message has no case yet.
    pub proposed: CaseId,
    /// Tells a retry from a new message.
    pub key: CaseKey,
    /// Why it is opened.
    pub disposition: Disposition,
    /// When the message was received.
    pub received_at: Timestamp,
    /// Envelope sender (sealed).
    pub sender: Option<Address>,
    /// Envelope recipients that the case is about (sealed; domains are in clear).
    pub recipients: Vec<Address>,
    /// The Message-ID that the client sent (sealed); `None` when the MTA had to make one, new at each try.
    pub message_id: Option<Masked>,
    /// Whether the client asked for SMTPUTF8 (sealed with the envelope).
    #[serde(default)]
    pub smtputf8: bool,
    /// What the client asks to be told of the delivery (sealed with the envelope).
    #[serde(default)]
    pub reports: Reports,
    /// Articles behind it, strictest first.
    pub articles: Vec<ArticleRef>,
    /// Ids of the same articles.
    pub article_ids: Vec<ArticleId>,
    /// What was found and where, counted.
    pub found: Vec<FoundAt>,
    /// The same one by one: masked for the case page, and the words around (both sealed).
    pub findings: Vec<Excerpt>,
    /// How grave it is, from 1 to 4.
    pub severity: u8,
    /// Whether a release needs a second person.
    pub two_persons: bool,
    /// What could not be read.
    pub gaps: Vec<GapReason>,
    /// Size of the message in bytes.
    pub size: u64,
    /// The MTA's queue id, when known.
    #[serde(skip)]
    pub queue_id: Option<QueueId>,
    /// Digest of the policy, patterns and lists that were in force.
    pub rules: String,
}

/// One line of the journal: every message, no personal data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// When the message was received.
    pub received_at: Timestamp,
    /// The MTA's queue id, when known.
    #[serde(skip)]
    pub queue_id: Option<QueueId>,
    /// The verdict with every article enforced.
    pub verdict: Verdict,
    /// The verdict under the configured modes.
    pub applied: Verdict,
    /// Articles that applied.
    pub articles: Vec<ArticleId>,
    /// Findings by kind.
    pub found: BTreeMap<Kind, u32>,
    /// Gaps by reason.
    pub gaps: BTreeMap<GapReason, u32>,
    /// How many recipients.
    pub recipients: u32,
    /// Size in bytes.
    pub size: u64,
    /// Digest of policy, patterns and recipient lists in force.
    pub digest: String,
}

/// One thing to be done about a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open (or find again) a case. A held case keeps a sealed copy of the message.
    OpenCase(Box<CaseRecord>),
    /// Write to the sender, from the outbox. A notice whose case turns out to be a retry is not repeated.
    Notice(Box<NoticeOrder>),
    /// Write a line of the journal.
    Journal(Box<JournalEntry>),
}
