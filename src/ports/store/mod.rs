//! What keeps cases: one contract, seen from several sides.
//!
//! Each side is a trait of its own, so that a test of one side fakes only that side. [`Store`] is all of them.

mod aside;
mod desk;
mod figures;
mod intake;
mod register;
mod reveals;
mod senders;
mod work;

use super::Accounts;
pub use aside::{Aside, AsideEnd, SetAside};
pub use desk::{CaseFilter, Cursor, Desk, Order, SenderHistory};
pub use figures::{Counted, Counts, Figures, FindingMark, Measure, Period, Precision};
pub use intake::{Batch, Committed, Intake, RELEASE_HEADER, ReleaseCopy};
pub use register::{
    Attestation, AuditEntry, Checkpoint, Incident, IncidentFields, NoticeSent, Register, Signer, Trail,
    TrailFilter,
};
pub use reveals::Reveals;
pub use senders::{SenderCase, Senders};
pub use work::{ClaimedNotice, Outbox, Overdue, Posted, ReleaseOrder, Releases, Retention, Swept};

/// Everything that is kept, by whatever engine.
pub trait Store:
    Intake + Desk + Senders + Reveals + Counts + Register + Releases + Outbox + Retention + SetAside + Accounts
{
}

impl<
    T: Intake
        + Desk
        + Senders
        + Reveals
        + Counts
        + Register
        + Releases
        + Outbox
        + Retention
        + SetAside
        + Accounts,
> Store for T
{
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
    /// Someone changed the case meanwhile: look at it again.
    #[error("the case was changed meanwhile: {0}")]
    Conflict(String),
    /// What is stored is not what was written.
    #[error("damaged: {0}")]
    Damaged(String),
}
