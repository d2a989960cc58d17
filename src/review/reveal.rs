//! Revealing: who may see words of a message, and why they say they must.

use jiff::Timestamp;

use super::{Actor, Case, Refusal, Right, Role};
use crate::model::CaseId;

/// Why someone needs to see more than the mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevealReason {
    /// To tell whether it is a false alarm.
    FalseAlarm,
    /// To tell whether it goes to the right person.
    RightRecipient,
    /// For an incident.
    Incident,
    /// For a request of access.
    AccessRequest,
}

impl RevealReason {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::FalseAlarm, Self::RightRecipient, Self::Incident, Self::AccessRequest];

    /// The name in the audit trail and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FalseAlarm => "false-alarm",
            Self::RightRecipient => "right-recipient",
            Self::Incident => "incident",
            Self::AccessRequest => "access-request",
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// How much is revealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevealWhat {
    /// One finding of [`Case::findings`], by its index, with 40 characters on either side.
    Finding(u32),
    /// The whole message.
    Message,
}

/// A reveal that may go on: the store writes it down before it opens anything.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevealOrder {
    /// Of which case.
    pub case: CaseId,
    /// How much.
    pub what: RevealWhat,
    /// Why.
    pub reason: RevealReason,
    /// Who.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// Says whether someone may see more than the mask. An archivist must have a waiting case in hand; an approver sees what
/// waits for approval; compliance sees for an incident only, and of a case that it looks after. That a whole message asks for a fresh second factor is the
/// pages' to check.
///
/// # Errors
/// [`Refusal`] with the reason why not.
pub fn reveal(
    case: &Case,
    what: RevealWhat,
    reason: RevealReason,
    actor: &Actor,
    at: Timestamp,
) -> Result<RevealOrder, Refusal> {
    let Actor::Person { login, role, departments, .. } = actor else { return Err(Refusal::Right) };
    let right = match what {
        RevealWhat::Finding(_) => Right::RevealSnippet,
        RevealWhat::Message => Right::RevealMessage,
    };
    if !role.may(right) || (*role == Role::Compliance && reason != RevealReason::Incident) {
        return Err(Refusal::Right);
    }
    if !departments.is_empty() && !departments.contains(&case.sender_domain) {
        return Err(Refusal::Department);
    }
    in_hand(case, *role, login, at)?;
    let there = match what {
        RevealWhat::Finding(index) => {
            usize::try_from(index).is_ok_and(|index| index < case.findings.len()) && case.kept
        }
        RevealWhat::Message => case.kept,
    };
    if !there {
        return Err(Refusal::NoCopy);
    }
    Ok(RevealOrder { case: case.id.clone(), what, reason, actor: login.clone(), at })
}

fn in_hand(case: &Case, role: Role, login: &str, at: Timestamp) -> Result<(), Refusal> {
    let mine = case.lease_at(at).is_some_and(|lease| lease.holder == login);
    let proposed = case.state == crate::model::CaseState::ToApprove;
    match role {
        Role::Archivist if case.state.waits() && !mine && !proposed => Err(Refusal::NotInHand),
        Role::Approver if !proposed => Err(Refusal::State(case.state)),
        Role::Compliance if !case.is_watched() => Err(Refusal::NotWatched),
        _ => Ok(()),
    }
}
