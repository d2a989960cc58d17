//! What reviewers and senders leave on a case.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Actor, Case, Change, Refusal, Right, Transition};
use crate::model::{CaseState, Masked};

/// Who has a case in hand, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Their login.
    pub holder: String,
    /// When it ends by itself.
    pub until: Timestamp,
}

/// A release that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Who proposed it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Whether encryption is asked for.
    pub encrypted: bool,
    /// Why; `None` without the private key.
    pub reason: Option<Masked>,
}

/// What a sender answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SenderSays {
    /// It must go, and why.
    Justified,
    /// It is a false alarm.
    FalseAlarm,
    /// It should leave encrypted.
    Encrypt,
}

impl SenderSays {
    /// The name in the database and in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Justified => "justified",
            Self::FalseAlarm => "false-alarm",
            Self::Encrypt => "encrypt",
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Justified, Self::FalseAlarm, Self::Encrypt].into_iter().find(|says| says.name() == name)
    }
}

/// The sender's one word on a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderWord {
    /// What they say.
    pub says: SenderSays,
    /// When.
    pub at: Timestamp,
    /// In their words; `None` when they gave none, or without the private key.
    pub text: Option<Masked>,
}

/// A legal hold: nothing of the case is destroyed while it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalHold {
    /// Number of the matter, given by who sets it.
    pub number: String,
    /// Who set it.
    pub author: String,
    /// Why; `None` without the private key.
    pub reason: Option<Masked>,
    /// When it is to be looked at again.
    pub review_on: Date,
}

/// Sets a legal hold, in any state but the last.
///
/// # Errors
/// [`Refusal`] when the role may not, when one stands already, when nothing is left to keep, or without a reason and a number.
pub fn hold_legally(
    case: &Case,
    number: &str,
    review_on: Date,
    actor: &Actor,
    reason: &Masked,
    at: Timestamp,
) -> Result<Transition, Refusal> {
    let Actor::Person { role, login, departments, .. } = actor else { return Err(Refusal::Right) };
    if !role.may(Right::HoldLegally) {
        return Err(Refusal::Right);
    }
    if !departments.is_empty() && !departments.contains(&case.sender_domain) {
        return Err(Refusal::Department);
    }
    if case.state == CaseState::Purged {
        return Err(Refusal::State(case.state));
    }
    if case.legal_hold.is_some() {
        return Err(Refusal::LegalHold);
    }
    if reason.reveal().trim().is_empty() || number.trim().is_empty() {
        return Err(Refusal::NoReason);
    }
    let hold = LegalHold {
        number: number.trim().to_owned(),
        author: login.clone(),
        reason: Some(reason.clone()),
        review_on,
    };
    Ok(Transition {
        case: case.id.clone(),
        version: case.version,
        from: case.state,
        to: case.state,
        what: "legal-hold",
        actor: login.clone(),
        text: Some(reason.clone()),
        at,
        retry_at: None,
        notice: None,
        changes: vec![Change::Hold(hold)],
        kept_only: false,
    })
}
