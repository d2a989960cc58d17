//! What an action changes: the store carries it out in one transaction, or not at all.

use jiff::Timestamp;

use super::{Lease, LegalHold, Proposal, SenderWord};
use crate::model::{CaseId, CaseState, Masked, NoticeOrder};

/// One change of a case, with the audit entry and the notice that go with it.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Which case.
    pub case: CaseId,
    /// The version that was seen; any other version refuses the change.
    pub version: i64,
    /// From where.
    pub from: CaseState,
    /// To where; the same state for a note.
    pub to: CaseState,
    /// The word of the audit trail.
    pub what: &'static str,
    /// Who, as the audit trail names them.
    pub actor: String,
    /// Their reason, note or remark; sealed by the store.
    pub text: Option<Masked>,
    /// When.
    pub at: Timestamp,
    /// When a release may be tried again; `None` is at once.
    pub retry_at: Option<Timestamp>,
    /// What the sender is told, in the same transaction.
    pub notice: Option<NoticeOrder>,
    /// What changes besides the state. Leaving [`CaseState::Taken`] ends the lease, leaving [`CaseState::ToApprove`] for a
    /// waiting state ends the proposal.
    pub changes: Vec<Change>,
    /// Whether the store must find no legal hold in the same transaction.
    pub kept_only: bool,
}

/// One thing that changes besides the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Someone has it in hand.
    Lease(Lease),
    /// A release is proposed.
    Propose(Proposal),
    /// A release is decided.
    Intend(Intent),
    /// The MTA answered this code to the whole of the copy, and that settles nothing.
    Answer(u16),
    /// The sender said their word.
    Word(SenderWord),
    /// A legal hold is set.
    Hold(LegalHold),
    /// A legal hold is let go.
    LiftHold,
}

/// A release as it was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Why, as told to the sender.
    pub reason: Option<Masked>,
    /// Whether the approved service is asked to encrypt it.
    pub encrypted: bool,
}
