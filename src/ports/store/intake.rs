//! The milter's side: hold, journal, claim a released copy.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::model::{CaseId, CaseRecord, Envelope, JournalEntry, Masked, NoticeOrder, QueueId};
use crate::plan::Claim;

/// What must become durable in one transaction before the MTA is answered.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The case to open, or to find again.
    pub case: &'a CaseRecord,
    /// The message, when the case keeps a sealed copy.
    pub content: Option<&'a [u8]>,
    /// Notices to queue, unless the case is a repeat.
    pub notices: &'a [NoticeOrder],
}

/// What a durable commit says.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The number of the case: the proposed one, or the one that an earlier try opened.
    pub case: CaseId,
    /// Whether an earlier try opened it.
    pub repeated: bool,
    /// What opens the case to its sender, durable with it; `None` when nobody is to be told, or when this case gave many already.
    pub token: Option<Masked>,
}

/// Name of the header that a re-injected copy carries, once.
pub const RELEASE_HEADER: &str = "X-Vaguemestre-Release";

/// A message that came with a release header.
#[derive(Clone, Copy, Debug)]
pub struct ReleaseCopy<'a> {
    /// Value of the header.
    pub token: &'a str,
    /// Envelope it came with.
    pub envelope: &'a Envelope,
    /// The message. The release header in it, if still there, is not counted.
    pub content: &'a [u8],
    /// Queue id the MTA gave it.
    pub queue_id: &'a QueueId,
    /// When it came.
    pub at: Timestamp,
}

/// The milter's side. Needs public keys only.
#[async_trait]
pub trait Intake: Send + Sync + 'static {
    /// Whether a message can be held now: keys, room on disk, and a database that takes a write.
    async fn ready(&self) -> Result<(), StoreError>;
    /// Makes a batch durable: content synced to disk, then one transaction.
    async fn commit(&self, batch: Batch<'_>) -> Result<Committed, StoreError>;
    /// Appends lines to the journal, all or none.
    async fn journal(&self, entries: Vec<JournalEntry>) -> Result<(), StoreError>;
    /// Takes a re-injected copy, storing its queue id before the MTA is answered.
    async fn claim_release(&self, copy: ReleaseCopy<'_>) -> Result<Claim, StoreError>;
}
