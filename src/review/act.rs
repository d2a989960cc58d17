//! The table of a case's life: which action leads from which state to which.

use jiff::Timestamp;

use super::{Actor, Case, Transition};
use crate::model::{CaseState, Masked, NoticeKind};

/// What can be done to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Send the message on.
    Release,
    /// Give it back to the sender.
    Return,
    /// Destroy it.
    Delete,
    /// Write a remark.
    Note,
    /// The deadline passed: give it back.
    Expire,
    /// The MTA holds the released copy. A person may say so when the service cannot tell.
    Sent,
    /// The MTA's answer to a release is not known.
    Doubt,
    /// The MTA does not hold it: try again, not before this. A person may say so when the service cannot tell.
    Retry(Option<Timestamp>),
    /// The MTA refuses it for good: hold the case again.
    GiveUp,
}

/// Why an action is not possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The case is not in a state for it.
    #[error("the case is {}: this cannot be done to it", .0.name())]
    State(CaseState),
    /// The actor may not do it.
    #[error("this role may not do this")]
    Right,
    /// The message is the actor's own.
    #[error("nobody decides on a message of their own")]
    OwnMessage,
    /// A decision needs a reason, a note a text.
    #[error("say why: a decision needs a reason, a note a text")]
    NoReason,
    /// Release needs the sealed copy.
    #[error("no copy of the message is kept")]
    NoCopy,
    /// The case's sealed fields were not opened.
    #[error("the private key is needed to decide on a case")]
    NoKey,
}

impl Action {
    /// The word of the audit trail.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Return => "return",
            Self::Delete => "delete",
            Self::Note => "note",
            Self::Expire => "expire",
            Self::Sent => "sent",
            Self::Doubt => "doubt",
            Self::Retry(_) => "retry",
            Self::GiveUp => "give-up",
        }
    }

    /// Where it leads from a state; `None` when it cannot be done there.
    #[must_use]
    pub fn leads(self, from: CaseState) -> Option<CaseState> {
        use CaseState::{Deleted, Held, Released, Releasing, Returned, Uncertain};
        match (self, from) {
            (Self::Note, state) => Some(state),
            (Self::Release, Held) | (Self::Retry(_), Releasing | Uncertain) => Some(Releasing),
            (Self::Return | Self::Expire, Held) => Some(Returned),
            (Self::Delete, Held) => Some(Deleted),
            (Self::Sent, Releasing | Uncertain) => Some(Released),
            (Self::Doubt, Releasing) => Some(Uncertain),
            (Self::GiveUp, Releasing | Uncertain) => Some(Held),
            _ => None,
        }
    }

    /// Whether this actor may do it to a case in this state.
    fn open_to(self, actor: &Actor, state: CaseState) -> bool {
        match (self, actor) {
            (Self::Note, Actor::Person { role, .. }) => role.notes(),
            (Self::Release | Self::Return | Self::Delete, Actor::Person { role, .. }) => role.decides(),
            (Self::Sent | Self::Retry(_), Actor::Person { role, .. }) => {
                role.decides() && state == CaseState::Uncertain
            }
            (Self::Expire | Self::Doubt | Self::GiveUp, Actor::Person { .. }) => false,
            (Self::Expire | Self::Sent | Self::Doubt | Self::Retry(_) | Self::GiveUp, Actor::Service) => true,
            (Self::Release | Self::Return | Self::Delete | Self::Note, Actor::Service) => false,
        }
    }

    /// What the sender is told of it.
    fn notice(self) -> Option<NoticeKind> {
        match self {
            Self::Return | Self::Expire => Some(NoticeKind::Returned),
            Self::Delete => Some(NoticeKind::Deleted),
            Self::Sent => Some(NoticeKind::Released),
            Self::Release | Self::Note | Self::Doubt | Self::Retry(_) | Self::GiveUp => None,
        }
    }
}

/// Says what an action changes. The reason of a person is asked for, and told to the sender only where a
/// decision ends the case.
///
/// # Errors
/// [`Refusal`] when the state, the role, a missing reason, copy or key forbids it.
pub fn act(
    case: &Case,
    action: Action,
    actor: &Actor,
    text: Option<Masked>,
    at: Timestamp,
) -> Result<Transition, Refusal> {
    let to = action.leads(case.state).ok_or(Refusal::State(case.state))?;
    if !action.open_to(actor, case.state) {
        return Err(Refusal::Right);
    }
    let text = text.filter(|text| !text.reveal().trim().is_empty());
    person_may(case, action, actor, text.as_ref())?;
    if action == Action::Release && !case.kept {
        return Err(Refusal::NoCopy);
    }
    if case.personal.is_none() && (action.notice().is_some() || action == Action::Release) {
        return Err(Refusal::NoKey);
    }
    let told = match action {
        Action::Return | Action::Delete => text.clone(),
        Action::Sent => case.release.as_ref().and_then(|release| release.reason.clone()),
        _ => None,
    };
    let mut notice = action.notice().and_then(|kind| case.notice(kind, told));
    if let (Action::Expire, Some(notice)) = (action, &mut notice) {
        notice.deadline = Some(at);
    }
    Ok(Transition {
        case: case.id.clone(),
        version: case.version,
        from: case.state,
        to,
        what: action.name(),
        actor: actor.name().to_owned(),
        text,
        at,
        retry_at: if let Action::Retry(at) = action { at } else { None },
        notice,
    })
}

/// Asks a person for a reason, and keeps them from their own messages.
fn person_may(case: &Case, action: Action, actor: &Actor, text: Option<&Masked>) -> Result<(), Refusal> {
    let Actor::Person { address, .. } = actor else { return Ok(()) };
    let sender = case.personal.as_ref().and_then(|personal| personal.sender.as_ref());
    let own = address.as_ref().is_some_and(|address| {
        sender.is_some_and(|sender| sender.reveal().eq_ignore_ascii_case(&address.reveal()))
    });
    if own && action != Action::Note {
        return Err(Refusal::OwnMessage);
    }
    text.map(|_| ()).ok_or(Refusal::NoReason)
}

#[cfg(test)]
mod tests;
