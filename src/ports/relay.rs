//! How mail leaves us, and how the MTA's queue is asked.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::model::{Address, Envelope, QueueId};
use crate::notices::Rendered;

/// Sends mail to the MTA.
#[async_trait]
pub trait Relay: Send + Sync + 'static {
    /// Gives a released message back to the MTA, byte for byte, all recipients or none. `header` is one line put on top,
    /// without its line end.
    async fn reinject(&self, envelope: &Envelope, header: &str, content: &[u8]) -> Injection;
    /// Sends a notice.
    ///
    /// # Errors
    /// [`PostError`] when the MTA did not take it.
    async fn post(&self, letter: &Letter) -> Result<(), PostError>;
}

/// What became of a re-injection. Codes only: the MTA's texts may name people.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Injection {
    /// `250` at the end of the message, with the queue id when the answer names one.
    Taken(Option<QueueId>),
    /// Refused for good before the message was sent.
    Refused(u16),
    /// Surely not taken: no connection, or a temporary refusal before the message was sent.
    NotSent,
    /// Anything else: it may or may not be in the queue.
    Unknown(Option<u16>),
}

/// A notice ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The outbox's id: the left part of the Message-ID, the same at every try.
    pub id: String,
    /// To whom.
    pub to: Address,
    /// What it says.
    pub says: Rendered,
}

/// Why a notice was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// A later try may work.
    #[error("the MTA does not take the notice now")]
    Later,
    /// The MTA refuses it: for good, it says, but a setting gone wrong says the same.
    #[error("the MTA refuses the notice")]
    Refused,
    /// It cannot be written.
    #[error("the notice cannot be written: its address stands in no header")]
    Never,
}

/// What the MTA knows of a queue id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// In the queue, or gone through it.
    Taken,
    /// The log shows the id, but never in the queue: the file was not committed.
    NeverQueued,
    /// Neither the queue nor the log can tell.
    Unknown,
}

/// Asks the MTA about its queue.
#[async_trait]
pub trait MailQueue: Send + Sync + 'static {
    /// What became of the message that got this queue id at or after this time.
    async fn fate(&self, queue_id: &QueueId, since: Timestamp) -> Fate;
}
