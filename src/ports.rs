//! Floor 5: what adapters implement or call. The service wires them; the pure floors below never see them.

use async_trait::async_trait;

use crate::model::{CaseId, CaseRecord, JournalEntry, NoticeOrder, Reading, Submission};
use crate::plan::Reply;

/// Decides on one message. The milter calls it at the end of each message and sends the reply it gets.
///
/// Dropping the future abandons the message: the MTA hears nothing of it and tries again.
#[async_trait]
pub trait Judge: Send + Sync + 'static {
    /// Judges one message. Never fails: what cannot be decided is [`Reply::Tempfail`].
    async fn judge(&self, submission: Submission) -> Reply;
}

/// Reads a message to the last cell of its last attachment. What it cannot read it reports as a gap.
pub trait Extractor: Send + Sync + 'static {
    /// Reads within the limits it was made with. Blocking; to be called on the judging pool.
    fn read(&self, submission: &Submission) -> Reading;
}

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
}

/// Why the store did not do as asked. Texts hold no personal data.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database or the disk refused; a later try may work.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// A key is missing or of the wrong kind.
    #[error("{0}")]
    Key(String),
    /// What was asked does not fit the case's state.
    #[error("{0}")]
    Refused(String),
}

/// Keeps cases, sealed content, the outbox, the journal and the audit trail.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Whether a message can be held now.
    async fn ready(&self) -> Result<(), StoreError>;
    /// Makes a batch durable: content synced to disk, then one transaction.
    async fn commit(&self, batch: Batch<'_>) -> Result<Committed, StoreError>;
    /// Appends lines to the journal.
    async fn journal(&self, entries: Vec<JournalEntry>) -> Result<(), StoreError>;
}
