//! Floor 4: from an inspection to what must be done, and to the one answer the MTA gets.
//!
//! In: a submission, its reading, the inspection. Out: a [`Plan`] of what must be durable before the answer, what may
//! follow it, and the answer itself, settled only once the outcome of the first list is known.
//! It refuses to know how anything is stored or sent.

mod excerpt;
mod found;
mod key;
mod record;
mod reply;
mod severity;

use jiff::Timestamp;

pub use crate::model::SmtpText;
pub use excerpt::excerpts;
pub use key::{case_key, sameness};
pub use record::held_again;
pub use reply::{Accepted, Claim, FailOpen, Kept, Outcome, Reply};

use crate::inspect::Inspection;
use crate::model::settings::{Establishment, TwoPersons};
use crate::model::{CaseId, Class, Decision, Disposition, Effect, NoticeKind, Reading, Submission, Verdict};
use crate::notices;

/// What planning needs besides the message and its inspection.
#[derive(Clone, Debug)]
pub struct Stance {
    /// A fresh random case number, used if a case is opened.
    pub proposed: CaseId,
    /// When an undecided case goes back to the sender.
    pub deadline: Timestamp,
    /// Whether clean messages among insiders are marked too.
    pub mark_clean: bool,
    /// When a release needs a second person.
    pub two_persons: TwoPersons,
}

/// What a judged message asks for.
#[must_use]
#[derive(Clone, Debug)]
pub struct Plan {
    /// To be durable before the MTA is answered. Empty for a clean message.
    pub before_reply: Vec<Effect>,
    /// To be done after the answer.
    pub after_reply: Vec<Effect>,
    intent: Intent,
}

/// The answer a plan leads to, once its effects are durable.
#[derive(Clone, Debug)]
enum Intent {
    Deliver { mark: Option<String> },
    DeliverWarned { insiders: bool },
    Hold,
    Refuse { decision: Box<Decision> },
}

/// Plans for one judged message, under the configured modes.
pub fn plan(submission: &Submission, reading: &Reading, inspection: &Inspection, stance: &Stance) -> Plan {
    let decision = inspection.decision();
    let insiders =
        inspection.recipients().iter().all(|r| matches!(r.class, Class::Internal | Class::Network));
    let open =
        |disposition, notice| record::open(submission, reading, inspection, stance, disposition, notice);
    let (before_reply, intent) = match decision.applied {
        Verdict::Accept => {
            let mark = (stance.mark_clean && insiders).then(|| Verdict::Accept.name().to_owned());
            (Vec::new(), Intent::Deliver { mark })
        }
        Verdict::Warn => {
            (open(Disposition::Warned, Some(NoticeKind::Warned)), Intent::DeliverWarned { insiders })
        }
        Verdict::Quarantine => (open(Disposition::Held, Some(NoticeKind::Held)), Intent::Hold),
        Verdict::Reject => {
            (open(Disposition::Refused, None), Intent::Refuse { decision: Box::new(decision.clone()) })
        }
    };
    let journal = record::journal(submission, reading, inspection);
    Plan { before_reply, after_reply: vec![Effect::Journal(Box::new(journal))], intent }
}

impl Plan {
    /// The answer, now that the outcome of [`Plan::before_reply`] is known.
    ///
    /// What is not durable lets no message go: a hold or a warning becomes a temporary failure (the sender would never
    /// be told), a refusal stays one but has no case number. A clean message waits for nothing.
    pub fn settle(self, outcome: Outcome, establishment: &Establishment) -> Reply {
        match (self.intent, outcome) {
            (Intent::Deliver { mark }, _) => Reply::Accept(Accepted::new(mark)),
            (Intent::DeliverWarned { insiders }, Outcome::Committed { case, .. }) => {
                let mark = insiders.then(|| format!("{}; case={case}", Verdict::Warn.name()));
                Reply::Accept(Accepted::new(mark))
            }
            (Intent::Hold, Outcome::Committed { .. }) => Reply::Discard(Kept::durably()),
            (Intent::Refuse { decision }, Outcome::Committed { case, token, .. }) => {
                Reply::Reject(notices::refused(&decision, establishment, Some(&case), token.as_ref()))
            }
            (Intent::Refuse { decision }, Outcome::Nothing | Outcome::Failed) => {
                Reply::Reject(notices::refused(&decision, establishment, None, None))
            }
            (Intent::DeliverWarned { .. } | Intent::Hold, Outcome::Nothing | Outcome::Failed) => {
                Reply::Tempfail(notices::unavailable(establishment))
            }
        }
    }
}

impl Reply {
    /// The answer to a message that came with a release header.
    pub fn for_release(claim: &Claim, establishment: &Establishment) -> Self {
        match claim {
            Claim::First(_) => Self::Accept(Accepted::new(None)),
            Claim::Repeat(_) => Self::Discard(Kept::durably()),
            Claim::Stale(_) | Claim::Altered(_) | Claim::Foreign => Self::unjudged(None, establishment),
        }
    }

    /// The answer to a sender's answer by mail that is durable in its case: it goes no further.
    pub fn for_answer() -> Self {
        Self::Discard(Kept::durably())
    }

    /// The answer to a message that could not be judged.
    pub fn unjudged(fail_open: Option<FailOpen>, establishment: &Establishment) -> Self {
        match fail_open {
            Some(FailOpen(())) => Self::Accept(Accepted::new(None)),
            None => Self::Tempfail(notices::unavailable(establishment)),
        }
    }
}
