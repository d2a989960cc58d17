//! The workers' sides: releases, notices, and what is kept no longer than it must.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::model::{CaseId, Envelope, NoticeOrder, Raw};
use crate::review::Case;

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
    /// The original message; where encryption is asked for, with the configured mark.
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

/// What is kept longer than it should be, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overdue {
    /// Cases that wait for a person past their deadline, releases in doubt among them.
    pub waiting: u64,
    /// Copies kept past the time after the decision.
    pub content: u64,
    /// Cases that still name persons past the establishment's calendar.
    pub named: u64,
    /// Cases under a legal hold, which nothing of this touches.
    pub held: u64,
}

/// What a sweep did to content files, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Set aside, since no case knows them.
    pub set_aside: u64,
    /// Brought back, since a case knows them.
    pub brought_back: u64,
    /// Destroyed: set aside long ago.
    pub destroyed: u64,
}

/// The caretaker's side.
#[async_trait]
pub trait Retention: Send + Sync + 'static {
    /// When a service last trusted its clock before this store was opened here; `None` at the first start.
    fn trusted_before(&self) -> Option<Timestamp>;
    /// Notes that the clock is trusted at this moment.
    async fn trust(&self, now: Timestamp) -> Result<(), StoreError>;
    /// Cases that wait, whose deadline passed since they last began to, and that no legal hold keeps, personal fields opened. A message from
    /// nobody (`<>`) can be given back to nobody: it waits for a person.
    async fn expired(&self, now: Timestamp) -> Result<Vec<Case>, StoreError>;
    /// Destroys the content of cases decided long enough ago (deleted ones: 72 hours) that no legal hold keeps, with an audit entry
    /// each; says how many.
    async fn shred(&self, now: Timestamp) -> Result<u64, StoreError>;
    /// Forgets what names persons in cases that ended so long ago that the establishment's calendar asks for it, with an audit entry each; the
    /// counts stay. Says how many.
    async fn forget(&self, now: Timestamp) -> Result<u64, StoreError>;
    /// Counts what should have been given back, destroyed or forgotten by this moment, and was not.
    async fn overdue(&self, by: Timestamp) -> Result<Overdue, StoreError>;
    /// Cases that nobody decided whose sealed message is not there any more.
    async fn missing(&self) -> Result<Vec<CaseId>, StoreError>;
    /// Sets content files aside that no case knows (a crash between file and commit, a database that is older than they are) and that are
    /// older than this; brings back those that a case knows after all; destroys those set aside for as long as an undecided message is kept.
    async fn sweep(&self, older_than: Duration) -> Result<Swept, StoreError>;
}
