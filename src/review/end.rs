//! How a case ended for its message, when, and with which reason. What people read of it, on a page or on paper, is said from here.

use jiff::Timestamp;

use super::{Case, Past};
use crate::model::{CaseState, Masked};

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Refused when it was sent: nobody has it.
    Refused,
    /// Delivered when it was sent, with a notice to its sender.
    Warned,
    /// Its release was decided and is under way, or in doubt.
    Releasing,
    /// Released, and delivered as it was written.
    Released,
    /// Released to the service that encrypts.
    Encrypted,
    /// Given back by an archivist.
    Returned,
    /// Taken back by its sender.
    Withdrawn,
    /// Given back at the deadline, without a decision.
    Expired,
    /// Destroyed.
    Deleted,
}

impl Ending {
    /// Its word in the keys of texts: `sender-fate-WORD`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Warned => "warned",
            Self::Releasing => "releasing",
            Self::Released => "released",
            Self::Encrypted => "encrypted",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Deleted => "deleted",
        }
    }
}

/// The end of a case.
#[derive(Debug, PartialEq, Eq)]
pub struct End<'a> {
    /// What became of the message.
    pub ending: Ending,
    /// When.
    pub at: Timestamp,
    /// The archivists' reason, when one was given.
    pub reason: Option<&'a Masked>,
}

/// How a case ended; `None` while it waits.
#[must_use]
pub fn end<'a>(case: &'a Case, history: &'a [Past]) -> Option<End<'a>> {
    let decided = case.decided_at.unwrap_or(case.received_at);
    let plain = |ending, at| Some(End { ending, at, reason: None });
    match case.outcome.unwrap_or(case.state) {
        CaseState::Refused => plain(Ending::Refused, case.received_at),
        CaseState::Warned => plain(Ending::Warned, case.received_at),
        CaseState::Releasing | CaseState::Uncertain => plain(Ending::Releasing, decided),
        CaseState::Released => {
            let release = case.release.as_ref();
            let encrypted = release.is_some_and(|release| release.encrypted);
            let ending = if encrypted { Ending::Encrypted } else { Ending::Released };
            Some(End { ending, at: decided, reason: release.and_then(|release| release.reason.as_ref()) })
        }
        CaseState::Returned => {
            let last = last(history, &["return", "withdraw", "expire"]);
            match last.map(|past| past.what.as_str()) {
                Some("withdraw") => plain(Ending::Withdrawn, decided),
                Some("expire") => plain(Ending::Expired, decided),
                _ => Some(End { ending: Ending::Returned, at: decided, reason: words(last) }),
            }
        }
        CaseState::Deleted => {
            Some(End { ending: Ending::Deleted, at: decided, reason: words(last(history, &["delete"])) })
        }
        CaseState::Held
        | CaseState::Justified
        | CaseState::Taken
        | CaseState::ToApprove
        | CaseState::Purged => None,
    }
}

fn last<'a>(history: &'a [Past], what: &[&str]) -> Option<&'a Past> {
    history.iter().rev().find(|past| what.contains(&past.what.as_str()))
}

fn words(past: Option<&Past>) -> Option<&Masked> {
    past.and_then(|past| past.text.as_ref())
}
