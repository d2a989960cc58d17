//! The one answer to the MTA, and the proofs it takes to write one that lets go of a message.

use crate::model::settings::OnFailure;
use crate::model::{CaseId, Masked, SmtpText};
use crate::policy::Policy;

/// The one answer to the MTA at the end of a message.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Deliver. Made only by settling a plan, so an error path cannot write it.
    Accept(Accepted),
    /// Refuse with this text (5xx).
    Reject(SmtpText),
    /// Taken: the MTA forgets the message, because a sealed copy is durable.
    Discard(Kept),
    /// Try again later (4xx).
    Tempfail(SmtpText),
}

/// Proof that a plan accepted the message, with the header edit that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    mark: Option<String>,
}

impl Accepted {
    pub(super) fn new(mark: Option<String>) -> Self {
        Self { mark }
    }

    /// Value of the `X-Vaguemestre` header to add, when there is one.
    #[must_use]
    pub fn mark(&self) -> Option<&str> {
        self.mark.as_deref()
    }
}

/// Proof that a durable copy of the message exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept(());

impl Kept {
    pub(super) fn durably() -> Self {
        Self(())
    }
}

/// What became of the effects that had to be durable before the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was nothing to make durable.
    Nothing,
    /// Durable. A repeat found the case of an earlier try.
    Committed {
        /// The case's number.
        case: CaseId,
        /// Whether it was opened by an earlier try of the same message.
        repeated: bool,
        /// What opens the case to its sender, when it is as durable as the case.
        token: Option<Masked>,
    },
    /// Not durable.
    Failed,
}

/// What a release header is worth, as the store says. None of these is judged as other mail is: the copy of a held message, changed
/// on its way, would find its own case, and be forgotten as a retry of what it is the release of.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The copy we sent, seen for the first time; the claim is durable: strip the header, let it pass unread.
    First(CaseId),
    /// The same copy again: take it and forget it, or it would be delivered twice.
    Repeat(CaseId),
    /// A token of ours, too old or of a try that was given up: put it off, the case is safe with us.
    Stale(CaseId),
    /// It names a release of ours and was not signed for this message: something changed the copy on its way, or it is forged. Put it off.
    Altered(CaseId),
    /// It names no release of ours: invented, or broken. Put it off.
    Foreign,
}

impl Claim {
    /// Every name.
    pub const NAMES: [&str; 5] = ["first", "repeat", "stale", "altered", "foreign"];

    /// The name in metrics.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::First(_) => "first",
            Self::Repeat(_) => "repeat",
            Self::Stale(_) => "stale",
            Self::Altered(_) => "altered",
            Self::Foreign => "foreign",
        }
    }
}

/// Leave to deliver what could not be judged. Had only while every article observes, for then no verdict of ours would
/// have stopped the message either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailOpen(pub(super) ());

impl FailOpen {
    /// Grants it when the administrator asked for it and no article does more than observe.
    #[must_use]
    pub fn granted(on_failure: OnFailure, policy: &Policy) -> Option<Self> {
        (on_failure == OnFailure::Accept && policy.only_observes()).then_some(Self(()))
    }
}
