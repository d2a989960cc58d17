//! Floor 4: from an inspection to what must be done, and to the one answer the MTA gets.
//!
//! A plan lists what must be durable before the answer, what may follow it, and the answer itself. The answer
//! is settled only once the outcome of the first list is known.

use crate::model::CaseId;

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

/// Proof that a plan accepted the message, with the header edits that go with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Value of the `X-Vaguemestre` header to add, when there is one.
    mark: Option<String>,
    _settled: (),
}

/// Proof that a durable copy of the message exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    _durable: (),
}

impl Accepted {
    /// Value of the `X-Vaguemestre` header to add, when there is one.
    #[must_use]
    pub fn mark(&self) -> Option<&str> {
        self.mark.as_deref()
    }
}

/// What an SMTP client is told: a code, an enhanced code of the same class, and text. The milter makes the text safe
/// for the wire (ASCII, `%` doubled, lines of limited length).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpText {
    /// 4xx or 5xx.
    pub code: u16,
    /// Second and third number of the enhanced code: `(7, 1)` for `x.7.1` (RFC 3463).
    pub detail: (u16, u16),
    /// One entry a line.
    pub lines: Vec<String>,
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
    },
    /// Not durable.
    Failed,
}
