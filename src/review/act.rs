//! What an action changes, or why it may not.

use jiff::{SignedDuration, Timestamp};

use super::{Action, Actor, Case, Change, Intent, Lease, Proposal, SenderSays, SenderWord, Transition};
use crate::model::{CaseState, Masked};

/// How long a case stays in the hands of who took it.
pub const LEASE: SignedDuration = SignedDuration::from_mins(30);

/// Within this after a deletion it can be taken back.
pub const GRACE: SignedDuration = SignedDuration::from_hours(72);

/// Why an action is not possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The case is not in a state for it.
    #[error("the case is {}: this cannot be done to it", .0.name())]
    State(CaseState),
    /// The actor may not do it.
    #[error("this role may not do this")]
    Right,
    /// The case is another department's.
    #[error("this case is of a department that is not yours")]
    Department,
    /// The message is the actor's own.
    #[error("nobody decides on a message of their own")]
    OwnMessage,
    /// The message is not the actor's own.
    #[error("only its sender may do this")]
    NotTheSender,
    /// Another reviewer has it in hand.
    #[error("{0} has this case in hand: to take it over, say why")]
    InHands(String),
    /// What is asked needs the case in hand.
    #[error("take the case in hand first")]
    NotInHand,
    /// The second person is the first.
    #[error("a second person is needed: the one who proposed a release does not approve it")]
    SamePerson,
    /// The sender has said their word.
    #[error("the sender has already answered on this case")]
    AlreadySaid,
    /// A legal hold is set.
    #[error("this case is under a legal hold: nothing of it may be destroyed")]
    LegalHold,
    /// No legal hold is set.
    #[error("this case is under no legal hold")]
    NoLegalHold,
    /// Whoever answers for compliance sees content only of what they look after.
    #[error("this case is under no legal hold, and no incident came from it")]
    NotWatched,
    /// The time to take a deletion back is over.
    #[error("the time to take this back is over")]
    TooLate,
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

/// Says what an action changes. The reason of a person is asked for, and told to the sender only where a
/// decision ends the case.
///
/// # Errors
/// [`Refusal`] when the state, the role, another's lease, a legal hold, a missing reason, copy or key forbids it.
pub fn act(
    case: &Case,
    action: Action,
    actor: &Actor,
    text: Option<Masked>,
    at: Timestamp,
) -> Result<Transition, Refusal> {
    let leads = action.leads(case.state).ok_or(Refusal::State(case.state))?;
    if !action.open_to(actor, case.state) {
        return Err(Refusal::Right);
    }
    let text = text.filter(|text| !text.reveal().trim().is_empty());
    actor_may(case, action, actor, text.as_ref(), at)?;
    case_allows(case, action, at)?;
    let to = waiting_as(case, action, leads);
    Ok(Transition {
        case: case.id.clone(),
        version: case.version,
        from: case.state,
        to,
        what: if to == CaseState::ToApprove { "propose" } else { action.name() },
        actor: actor.name().to_owned(),
        notice: notice(case, action, text.as_ref(), at),
        changes: changes(case, action, actor, text.as_ref(), to, at),
        text,
        at,
        retry_at: if let Action::Retry(at) = action { at } else { None },
        kept_only: action.destroys(),
    })
}

/// Where it stands after all: a release that two persons decide is proposed first, and what is held again after the
/// sender's word is justified again.
fn waiting_as(case: &Case, action: Action, leads: CaseState) -> CaseState {
    match (action, leads) {
        (Action::Release | Action::ReleaseEncrypted, _) if case.two_persons => CaseState::ToApprove,
        (_, CaseState::Held) if case.sender_word.is_some() => CaseState::Justified,
        _ => leads,
    }
}

/// What is asked of who acts.
fn actor_may(
    case: &Case,
    action: Action,
    actor: &Actor,
    text: Option<&Masked>,
    at: Timestamp,
) -> Result<(), Refusal> {
    match actor {
        Actor::Service => return Ok(()),
        Actor::Sender { .. } if !case.is_of(actor) => return Err(Refusal::NotTheSender),
        Actor::Sender { .. } => {}
        Actor::Person { login, departments, .. } => {
            if !departments.is_empty() && !departments.contains(&case.sender_domain) {
                return Err(Refusal::Department);
            }
            if action.decides() && case.is_of(actor) {
                return Err(Refusal::OwnMessage);
            }
            hands(case, action, login, text, at)?;
        }
    }
    if action.wants_reason() && text.is_none() {
        return Err(Refusal::NoReason);
    }
    Ok(())
}

/// Who has the case in hand decides; the second person is not the first.
fn hands(
    case: &Case,
    action: Action,
    login: &str,
    text: Option<&Masked>,
    at: Timestamp,
) -> Result<(), Refusal> {
    let proposer = case.proposal.as_ref().is_some_and(|proposal| proposal.by == login);
    if matches!(action, Action::Approve) && proposer {
        return Err(Refusal::SamePerson);
    }
    let other = case.lease_at(at).filter(|lease| lease.holder != login);
    match other {
        Some(lease) if action == Action::Take && text.is_none() => {
            Err(Refusal::InHands(lease.holder.clone()))
        }
        Some(lease) if !matches!(action, Action::Take | Action::Note | Action::LiftHold) => {
            Err(Refusal::InHands(lease.holder.clone()))
        }
        _ => Ok(()),
    }
}

/// What the case itself asks for.
fn case_allows(case: &Case, action: Action, at: Timestamp) -> Result<(), Refusal> {
    let releases = matches!(action, Action::Release | Action::ReleaseEncrypted | Action::Approve);
    if action.destroys() && case.legal_hold.is_some() {
        return Err(Refusal::LegalHold);
    }
    if action == Action::LiftHold && case.legal_hold.is_none() {
        return Err(Refusal::NoLegalHold);
    }
    if action == Action::Expire && case.lease_at(at).is_some() {
        return Err(Refusal::InHands(
            case.lease.as_ref().map(|lease| lease.holder.clone()).unwrap_or_default(),
        ));
    }
    if action == Action::GiveUp && !case.may_be_taken_back() {
        return Err(Refusal::State(case.state));
    }
    let word = matches!(action, Action::Justify | Action::ClaimFalseAlarm | Action::AskEncryption);
    if word && case.sender_word.is_some() {
        return Err(Refusal::AlreadySaid);
    }
    if action == Action::Restore && case.decided_at.is_none_or(|decided| at.duration_since(decided) > GRACE) {
        return Err(Refusal::TooLate);
    }
    if (releases || action == Action::Restore) && !case.kept {
        return Err(Refusal::NoCopy);
    }
    if case.personal.is_none() && (action.notice().is_some() || releases) {
        return Err(Refusal::NoKey);
    }
    Ok(())
}

/// What the sender is told.
fn notice(
    case: &Case,
    action: Action,
    text: Option<&Masked>,
    at: Timestamp,
) -> Option<crate::model::NoticeOrder> {
    let told = match action {
        Action::Return | Action::Delete => text.cloned(),
        Action::Sent => case.release.as_ref().and_then(|release| release.reason.clone()),
        _ => None,
    };
    let mut notice = action.notice().and_then(|kind| case.notice(kind, told))?;
    if action == Action::Expire {
        notice.deadline = Some(at);
    }
    notice.encrypted =
        action == Action::Sent && case.release.as_ref().is_some_and(|release| release.encrypted);
    Some(notice)
}

/// What changes besides the state.
fn changes(
    case: &Case,
    action: Action,
    actor: &Actor,
    text: Option<&Masked>,
    to: CaseState,
    at: Timestamp,
) -> Vec<Change> {
    let text = text.cloned();
    match action {
        Action::Take => vec![Change::Lease(Lease { holder: actor.name().to_owned(), until: at + LEASE })],
        Action::Release | Action::ReleaseEncrypted => {
            let encrypted = action == Action::ReleaseEncrypted;
            match to {
                CaseState::ToApprove => {
                    let by = actor.name().to_owned();
                    vec![Change::Propose(Proposal { by, at, encrypted, reason: text })]
                }
                _ => vec![Change::Intend(Intent { reason: text, encrypted })],
            }
        }
        Action::Approve => {
            let proposal = case.proposal.as_ref();
            let reason = proposal.and_then(|proposal| proposal.reason.clone()).or(text);
            vec![Change::Intend(Intent { reason, encrypted: proposal.is_some_and(|it| it.encrypted) })]
        }
        Action::Justify | Action::ClaimFalseAlarm | Action::AskEncryption => {
            let says = match action {
                Action::ClaimFalseAlarm => SenderSays::FalseAlarm,
                Action::AskEncryption => SenderSays::Encrypt,
                _ => SenderSays::Justified,
            };
            vec![Change::Word(SenderWord { says, at, text })]
        }
        Action::LiftHold => vec![Change::LiftHold],
        Action::Doubt(Some(answer)) => vec![Change::Answer(answer)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
