//! A case as the store gives it back.

use jiff::Timestamp;

use super::{Actor, Lease, LegalHold, Proposal, RevealReason, SenderSays, SenderWord};
use crate::model::{
    Address, ArticleId, ArticleRef, CaseFinding, CaseId, CaseState, Disposition, Envelope, FoundAt,
    GapReason, Masked, NoticeKind, NoticeOrder, QueueId, Reports,
};

/// All that is known of a case. What is personal is there only when the private key was at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its number.
    pub id: CaseId,
    /// Where it stands.
    pub state: CaseState,
    /// Counts its changes; a change names the version that it saw.
    pub version: i64,
    /// Why it was opened.
    pub opened_as: Disposition,
    /// When the message was received.
    pub received_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// What became of the message, once it is decided; it outlives the copy.
    pub outcome: Option<CaseState>,
    /// How grave it is, from 1 to 4.
    pub severity: u8,
    /// Whether a release needs a second person.
    pub two_persons: bool,
    /// Who has it in hand. It may be over: see [`Case::lease_at`].
    pub lease: Option<Lease>,
    /// The proposed release, while it waits for a second person.
    pub proposal: Option<Proposal>,
    /// What the sender answered.
    pub sender_word: Option<SenderWord>,
    /// Whether a reviewer judged its findings.
    pub judged: bool,
    /// The legal hold that stands.
    pub legal_hold: Option<LegalHold>,
    /// Whether an incident of the register came from it.
    pub incident: bool,
    /// How often the same message came again.
    pub repeats: u32,
    /// Size of the message in bytes.
    pub size: u64,
    /// Domain of the sender; empty for the null sender. It is the department that the case belongs to.
    pub sender_domain: String,
    /// How many recipients.
    pub recipients: u32,
    /// Their domains, sorted, without repeats.
    pub domains: Vec<String>,
    /// Articles behind it, strictest first.
    pub articles: Vec<ArticleRef>,
    /// Ids of the same articles.
    pub article_ids: Vec<ArticleId>,
    /// What was found and where, counted.
    pub found: Vec<FoundAt>,
    /// The same one by one, masked; empty in lists and without the private key.
    pub findings: Vec<CaseFinding>,
    /// What could not be read.
    pub gaps: Vec<GapReason>,
    /// Whether a sealed copy of the message exists.
    pub kept: bool,
    /// The latest release, when one was asked for.
    pub release: Option<Release>,
    /// Sender, recipients and Message-ID; `None` without the private key.
    pub personal: Option<Personal>,
}

/// What is sealed in a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Personal {
    /// Envelope sender; `None` is the null sender.
    pub sender: Option<Address>,
    /// Envelope recipients.
    pub recipients: Vec<Address>,
    /// The sender's Message-ID.
    pub message_id: Option<Masked>,
    /// Whether the client asked for SMTPUTF8; cases of before this was kept read as if it had not.
    #[serde(default)]
    pub smtputf8: bool,
    /// What the client asks to be told of the delivery; nothing in cases of before this was kept.
    #[serde(default)]
    pub reports: Reports,
}

impl Personal {
    /// The envelope that the message came in.
    #[must_use]
    pub fn into_envelope(self) -> Envelope {
        Envelope {
            sender: self.sender,
            recipients: self.recipients,
            smtputf8: self.smtputf8,
            reports: self.reports,
        }
    }
}

/// How far a release is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Counts the tries; 0 before the first.
    pub attempt: u32,
    /// Where it stands.
    pub step: ReleaseStep,
    /// When this try was begun.
    pub armed_at: Timestamp,
    /// Under which queue id the MTA said to hold the copy, once our milter saw it.
    pub queue_id: Option<QueueId>,
    /// What the MTA answered to the whole of this try, where that settled nothing.
    pub answer: Option<u16>,
    /// Why it is released, as told to the sender; `None` without the private key.
    pub reason: Option<Masked>,
    /// Whether the approved service was asked to encrypt it. Asked for, not done: only that service knows.
    pub encrypted: bool,
}

/// Where a release stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReleaseStep {
    /// Intent written; our milter has not seen this try.
    Prepared,
    /// Our milter let this try into the queue.
    Accepted,
    /// The MTA holds it.
    Released,
    /// Given up; the case is held again.
    Failed,
}

impl ReleaseStep {
    /// Every step.
    pub const ALL: [Self; 4] = [Self::Prepared, Self::Accepted, Self::Released, Self::Failed];

    /// The name in the database and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Accepted => "accepted",
            Self::Released => "released",
            Self::Failed => "failed",
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// One line of a case's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What, as the audit trail names it.
    pub what: String,
    /// The case, when it is about one.
    pub case: Option<CaseId>,
    /// Why something of it was looked at, when that is what was done.
    pub looked: Option<RevealReason>,
    /// Which finding was looked at, counted from 1; `None` for the whole message.
    pub finding: Option<u64>,
    /// A reason or a note, when the private key was at hand.
    pub text: Option<Masked>,
}

impl Case {
    /// Whether those who answer for security and compliance look after it: it is under a legal hold, or an incident came from it.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.legal_hold.is_some() || self.incident
    }

    /// Whether it was opened only to tell: the message was refused or delivered at once, and nothing waits.
    #[must_use]
    pub fn is_told_only(&self) -> bool {
        matches!(self.state, CaseState::Refused | CaseState::Warned)
    }

    /// Whether its sender reports a false alarm on a message that nobody decides any more, and no reviewer judged it yet.
    #[must_use]
    pub fn is_claimed(&self) -> bool {
        let claimed = self.sender_word.as_ref().is_some_and(|word| word.says == SenderSays::FalseAlarm);
        claimed && self.is_told_only() && !self.judged
    }

    /// Whether a release that was decided can be given up: in doubt that is a person's word, before it only until our milter saw the copy,
    /// which without it goes nowhere any more.
    #[must_use]
    pub fn may_be_taken_back(&self) -> bool {
        let unseen = self.release.as_ref().is_none_or(|release| release.queue_id.is_none());
        self.state == CaseState::Uncertain || (self.state == CaseState::Releasing && unseen)
    }

    /// Who has it in hand at this moment.
    #[must_use]
    pub fn lease_at(&self, at: Timestamp) -> Option<&Lease> {
        self.lease.as_ref().filter(|lease| self.state == CaseState::Taken && lease.until > at)
    }

    /// Whether the message is this actor's own. Unknown without the private key.
    #[must_use]
    pub fn is_of(&self, actor: &Actor) -> bool {
        let own = match actor {
            Actor::Person { address, .. } => address.as_ref(),
            Actor::Sender { address } => Some(address),
            Actor::Service => None,
        };
        let sender = self.personal.as_ref().and_then(|personal| personal.sender.as_ref());
        own.zip(sender).is_some_and(|(own, sender)| sender.reveal().eq_ignore_ascii_case(&own.reveal()))
    }

    /// The notice that tells the sender of a decision; `None` when there is no sender to write to.
    #[must_use]
    pub fn notice(&self, kind: NoticeKind, reason: Option<Masked>) -> Option<NoticeOrder> {
        let personal = self.personal.as_ref()?;
        Some(NoticeOrder {
            kind,
            case: self.id.clone(),
            to: personal.sender.clone()?,
            sent_at: self.received_at,
            recipients: self.recipients,
            domains: self.domains.iter().take(5).cloned().collect(),
            articles: self.articles.clone(),
            found: self.found.clone(),
            unread: u32::try_from(self.gaps.len()).unwrap_or(u32::MAX),
            deadline: None,
            reason,
            in_reply_to: personal.message_id.clone(),
            token: None,
            encrypted: false,
        })
    }
}
