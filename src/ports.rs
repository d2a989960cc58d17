//! Floor 5: what adapters implement or call. The service wires them; the pure floors below never see them.

use async_trait::async_trait;

use crate::model::{Reading, Submission};
use crate::plan::Reply;

mod accounts;
mod office;
mod relay;
mod steps;
mod store;

pub use accounts::{Account, Accounts, By, Credentials, Grant, Secrets, Session};
pub use office::{Office, PaperKind, Sight};
pub use relay::{Fate, Injection, Letter, MailQueue, PostError, Relay};
pub use steps::{KILL_AT, Step, step};
pub use store::*;

/// Decides on one message. The milter calls it at the end of each message and sends the reply it gets.
///
/// Dropping the future abandons the message: the MTA hears nothing of it and tries again.
#[async_trait]
pub trait Judge: Send + Sync + 'static {
    /// Judges one message. Never fails: what cannot be decided is [`Reply::Tempfail`].
    async fn judge(&self, submission: Submission) -> Reply;
}

/// Reads a message to the last cell of its last attachment. What it cannot read it reports as a gap.
pub trait Extractor: Send + Sync + std::fmt::Debug + 'static {
    /// Reads within the limits it was made with. Blocking; to be called on the judging pool.
    ///
    /// # Errors
    /// [`Unread`] when it is not the message's fault: nothing may be judged then, and the MTA is to try again.
    fn read(&self, submission: &Submission, attempt: Attempt) -> Result<Reading, Unread>;

    /// What an operator should know of it, a sentence each.
    fn remarks(&self) -> Vec<String>;
}

/// How often the same message was tried. Each time that it outlasts the wall clock, less of it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// For the first time: what outlasts the wall clock is an [`Unread::Outlasted`].
    First,
    /// An attachment outlasted the wall clock before: one that does so again is a gap.
    Again,
    /// The message as a whole did: its header and the beginning of its texts are read, and the whole of it is a gap as well.
    Cheap,
    /// Even that did: it is judged by its header, and the whole of it is a gap.
    Header,
}

impl Attempt {
    /// The next one, after the message as a whole outlasted the wall clock.
    #[must_use]
    pub fn less(self) -> Self {
        match self {
            Self::First | Self::Again => Self::Cheap,
            Self::Cheap | Self::Header => Self::Header,
        }
    }
}

/// Why a message was not read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// An attachment outlasted the wall clock.
    #[error("an attachment took longer to read than the wall clock allows")]
    Outlasted,
    /// No process could be had to read an attachment.
    #[error("no process was free to read an attachment")]
    NoWorker,
}
