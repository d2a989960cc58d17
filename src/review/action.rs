//! What can be done to a case: the table of its life.

use jiff::Timestamp;

use super::{Actor, Right};
use crate::model::{CaseState, NoticeKind};

/// What can be done to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Take it in hand for 30 minutes; from another's hands only with a reason, or once their time is over.
    Take,
    /// Put it back, undecided.
    PutBack,
    /// Send the message on; where two persons are asked for, propose it.
    Release,
    /// Send the message on, and ask the approved service to encrypt it.
    ReleaseEncrypted,
    /// The second person agrees to a proposed release.
    Approve,
    /// The second person does not.
    Decline,
    /// Give it back to the sender.
    Return,
    /// Destroy it, 72 hours from now.
    Delete,
    /// Take a deletion back, while the copy still exists.
    Restore,
    /// Write a remark.
    Note,
    /// Let a legal hold go.
    LiftHold,
    /// The sender says why it must go.
    Justify,
    /// The sender says that it is a false alarm.
    ClaimFalseAlarm,
    /// The sender asks that it leave encrypted.
    AskEncryption,
    /// The sender takes it back.
    Withdraw,
    /// The deadline passed: give it back.
    Expire,
    /// The MTA holds the released copy. A person may say so when the service cannot tell.
    Sent,
    /// Whether the MTA holds the copy of a release is not known. With the code of its answer to the whole message, if it gave one.
    Doubt(Option<u16>),
    /// The MTA does not hold it: try again, not before this. A person may say so when the service cannot tell.
    Retry(Option<Timestamp>),
    /// The MTA refuses it for good, or never took it: hold the case again. A person may take a release back so, while our milter
    /// has not seen it or when the service cannot tell.
    GiveUp,
}

/// Whose an action is.
enum Whose {
    /// A person's with this right.
    Reviewer(Right),
    /// The sender's.
    Sender,
    /// The service's alone.
    Service,
    /// The service's, and a deciding person's in doubt.
    InDoubt,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 20] = [
        Self::Take,
        Self::PutBack,
        Self::Release,
        Self::ReleaseEncrypted,
        Self::Approve,
        Self::Decline,
        Self::Return,
        Self::Delete,
        Self::Restore,
        Self::Note,
        Self::LiftHold,
        Self::Justify,
        Self::ClaimFalseAlarm,
        Self::AskEncryption,
        Self::Withdraw,
        Self::Expire,
        Self::Sent,
        Self::Doubt(None),
        Self::Retry(None),
        Self::GiveUp,
    ];

    /// The word of the audit trail.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::PutBack => "put-back",
            Self::Release => "release",
            Self::ReleaseEncrypted => "release-encrypted",
            Self::Approve => "approve",
            Self::Decline => "decline",
            Self::Return => "return",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Note => "note",
            Self::LiftHold => "lift-hold",
            Self::Justify => "justify",
            Self::ClaimFalseAlarm => "claim-false-alarm",
            Self::AskEncryption => "ask-encryption",
            Self::Withdraw => "withdraw",
            Self::Expire => "expire",
            Self::Sent => "sent",
            Self::Doubt(_) => "doubt",
            Self::Retry(_) => "retry",
            Self::GiveUp => "give-up",
        }
    }

    /// Where it leads from a state, on a case that one person may decide; `None` when it cannot be done there.
    #[must_use]
    pub fn leads(self, from: CaseState) -> Option<CaseState> {
        use CaseState::{
            Deleted, Held, Justified, Refused, Released, Releasing, Returned, Taken, ToApprove, Uncertain,
            Warned,
        };
        match (self, from) {
            (Self::Note, state) => Some(state),
            (Self::LiftHold, state) if state != CaseState::Purged => Some(state),
            (Self::Take, Held | Justified | Taken) => Some(Taken),
            (Self::Release | Self::ReleaseEncrypted, Held | Justified | Taken)
            | (Self::Approve, ToApprove)
            | (Self::Retry(_), Releasing | Uncertain) => Some(Releasing),
            (Self::Return | Self::Withdraw | Self::Expire, state) if state.waits() => Some(Returned),
            (Self::Delete, state) if state.waits() => Some(Deleted),
            (Self::PutBack, Taken) | (Self::Decline, ToApprove) | (Self::Restore, Deleted) => Some(Held),
            (Self::Justify | Self::ClaimFalseAlarm | Self::AskEncryption, Held) => Some(Justified),
            (Self::Justify | Self::ClaimFalseAlarm | Self::AskEncryption, Taken) => Some(Taken),
            // What is over all the same: a false alarm counts, whatever became of the message.
            (Self::ClaimFalseAlarm, Refused | Warned) => Some(from),
            (Self::Sent, Releasing | Uncertain) => Some(Released),
            (Self::Doubt(_), Releasing) => Some(Uncertain),
            (Self::GiveUp, Releasing | Uncertain) => Some(Held),
            _ => None,
        }
    }

    /// Whether this actor may do it to a case in this state.
    pub(super) fn open_to(self, actor: &Actor, state: CaseState) -> bool {
        match (self.whose(), actor) {
            (Whose::Reviewer(right), Actor::Person { role, .. }) => role.may(right),
            (Whose::InDoubt, Actor::Person { role, .. }) => {
                role.may(Right::Decide) && (state == CaseState::Uncertain || self == Self::GiveUp)
            }
            (Whose::Sender, Actor::Sender { .. }) | (Whose::Service | Whose::InDoubt, Actor::Service) => true,
            _ => false,
        }
    }

    fn whose(self) -> Whose {
        match self {
            Self::Take
            | Self::PutBack
            | Self::Release
            | Self::ReleaseEncrypted
            | Self::Return
            | Self::Delete
            | Self::Restore => Whose::Reviewer(Right::Decide),
            Self::Approve | Self::Decline => Whose::Reviewer(Right::Approve),
            Self::Note => Whose::Reviewer(Right::Note),
            Self::LiftHold => Whose::Reviewer(Right::HoldLegally),
            Self::Justify | Self::ClaimFalseAlarm | Self::AskEncryption | Self::Withdraw => Whose::Sender,
            Self::Sent | Self::Retry(_) | Self::GiveUp => Whose::InDoubt,
            Self::Expire | Self::Doubt(_) => Whose::Service,
        }
    }

    /// Whether whoever does it must say why.
    pub(super) fn wants_reason(self) -> bool {
        !matches!(
            self,
            Self::Take | Self::PutBack | Self::ClaimFalseAlarm | Self::AskEncryption | Self::Withdraw
        )
    }

    /// Whether it is a step of a decision, which no one takes on a message of their own.
    pub(super) fn decides(self) -> bool {
        self != Self::Note
    }

    /// Whether it ends in destruction, or on a way to it that no person took: a legal hold forbids it.
    pub(super) fn destroys(self) -> bool {
        matches!(self, Self::Delete | Self::Expire)
    }

    /// What the sender is told of it.
    pub(super) fn notice(self) -> Option<NoticeKind> {
        match self {
            Self::Return | Self::Expire | Self::Withdraw => Some(NoticeKind::Returned),
            Self::Delete => Some(NoticeKind::Deleted),
            Self::Sent => Some(NoticeKind::Released),
            _ => None,
        }
    }
}
