//! What keeps cases: one contract, seen from five sides.
//!
//! Each side is a trait of its own, so that a test of one side fakes only that side. [`Store`] is all of them.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::model::{
    Address, CaseId, CaseRecord, CaseState, Envelope, JournalEntry, NoticeOrder, QueueId, Raw,
};
use crate::review::{Case, Past, Transition};

/// Everything that is kept, by whatever engine.
pub trait Store: Intake + Desk + Releases + Outbox + Retention {}

impl<T: Intake + Desk + Releases + Outbox + Retention> Store for T {}

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
    /// Someone changed the case meanwhile: look at it again.
    #[error("the case was changed meanwhile: {0}")]
    Conflict(String),
    /// What is stored is not what was written.
    #[error("damaged: {0}")]
    Damaged(String),
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

/// What a release header is worth.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The copy we sent, seen for the first time: strip the header, let it pass unread.
    First(CaseId),
    /// The same copy again: take it and forget it, or it would be delivered twice.
    Repeat(CaseId),
    /// A token of ours, too old or of a try that was given up: refuse for now, the case is safe with us.
    Stale(CaseId),
    /// Not a valid token for this message: judge it as any other, header stripped.
    NotOurs,
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

/// Which cases to list, newest first.
#[derive(Clone, Debug, Default)]
pub struct CaseFilter {
    /// Only in these states; empty is all.
    pub states: Vec<CaseState>,
    /// Only with this sender or recipient, compared without case.
    pub address: Option<Address>,
    /// Only those received before this.
    pub before: Option<Timestamp>,
    /// At most so many; 0 is 50.
    pub limit: u32,
}

/// How much is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Cases by state; every state is there.
    pub cases: Vec<(CaseState, u64)>,
    /// Notices that wait.
    pub notices: u64,
    /// Since when the oldest of them has been due.
    pub oldest_notice: Option<Timestamp>,
}

/// Result of walking the audit trail.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trail {
    /// Every entry fits the one before it.
    Whole {
        /// How many entries.
        entries: u64,
        /// Hash of the last one, in hexadecimal: to be written down elsewhere.
        head: String,
    },
    /// Something was changed, removed or moved.
    Broken {
        /// The first entry that does not fit.
        entry: u64,
        /// Why it does not.
        because: &'static str,
    },
}

/// The reviewers' side.
#[async_trait]
pub trait Desk: Send + Sync + 'static {
    /// Lists cases, newest first, personal fields left sealed.
    async fn cases(&self, filter: &CaseFilter) -> Result<Vec<Case>, StoreError>;
    /// One case, personal fields opened when the private key is at hand; `None` when there is none.
    async fn case(&self, id: &CaseId) -> Result<Option<Case>, StoreError>;
    /// What happened to a case, oldest first.
    async fn history(&self, id: &CaseId) -> Result<Vec<Past>, StoreError>;
    /// The sealed copy, opened.
    async fn content(&self, id: &CaseId) -> Result<Vec<u8>, StoreError>;
    /// Carries out a transition with its audit entry, its notice and its release row, in one transaction; gives the case's new version.
    ///
    /// Leading to `Releasing`, it writes the intent; to `Released`, it settles it; back to `Held`, it gives it up.
    async fn apply(&self, transition: &Transition) -> Result<i64, StoreError>;
    /// How much is kept, for the metrics.
    async fn figures(&self) -> Result<Figures, StoreError>;
    /// Walks the audit trail.
    async fn verify_audit(&self) -> Result<Trail, StoreError>;
}

/// One try of a release, ready to be sent.
#[derive(Clone, Debug)]
pub struct ReleaseOrder {
    /// The case.
    pub case: CaseId,
    /// Number of the try, from 1.
    pub attempt: u32,
    /// The header line to send with it.
    pub header: String,
    /// The original envelope.
    pub envelope: Envelope,
    /// The original message.
    pub content: Raw,
}

/// The release worker's side.
#[async_trait]
pub trait Releases: Send + Sync + 'static {
    /// Numbers and takes the next try that nobody works on, for as long as the lease; a try taken before it loses its token.
    async fn arm_release(&self, now: Timestamp, lease: Duration) -> Result<Option<ReleaseOrder>, StoreError>;
    /// Takes back what this machine had in hand when it stopped, tries and notices: leases of the dead need not run out.
    async fn resume(&self, now: Timestamp) -> Result<(), StoreError>;
    /// Cases whose release is in doubt, or whose worker let its lease pass after our milter saw the copy.
    async fn unsettled(&self, now: Timestamp) -> Result<Vec<Case>, StoreError>;
}

/// One notice to send: several orders when warnings were grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedNotice {
    /// Left part of its Message-ID, the same at every try.
    pub id: String,
    /// How often it was tried before.
    pub tries: u32,
    /// What it tells, oldest first; never empty.
    pub orders: Vec<NoticeOrder>,
}

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// The MTA took it.
    Sent,
    /// Try again at this time.
    Again(Timestamp),
    /// Given up: the failure is written to the audit trail.
    Failed,
}

/// The notice worker's side.
#[async_trait]
pub trait Outbox: Send + Sync + 'static {
    /// Takes the next notice that is due, for as long as the lease.
    async fn claim_notice(
        &self,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<ClaimedNotice>, StoreError>;
    /// Says what became of it.
    async fn settle_notice(&self, id: &str, posted: Posted, now: Timestamp) -> Result<(), StoreError>;
}

/// The caretaker's side.
#[async_trait]
pub trait Retention: Send + Sync + 'static {
    /// Held cases whose deadline passed, personal fields opened.
    async fn expired(&self, now: Timestamp) -> Result<Vec<Case>, StoreError>;
    /// Destroys the content of cases decided long enough ago, with an audit entry each; says how many.
    async fn shred(&self, now: Timestamp) -> Result<u64, StoreError>;
    /// Removes content files that no case knows (a crash between file and commit) and that are older than this; says how many.
    async fn sweep(&self, older_than: Duration) -> Result<u64, StoreError>;
}
