//! The reviewers' side: list, look, decide.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::model::{Address, ArticleId, CaseId, CaseState};
use crate::review::{Case, Past, Transition};

/// Where a page of a list ends: the next one begins after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When the last case of the page was received.
    pub received_at: Timestamp,
    /// Its number, which parts cases of the same moment.
    pub id: CaseId,
}

impl Cursor {
    /// The place of a case in a list.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        Self { received_at: case.received_at, id: case.id.clone() }
    }
}

/// In which order cases are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// The one that waits longest first.
    Oldest,
}

/// Which cases to list. Every part that is set must fit.
#[derive(Clone, Debug, Default)]
pub struct CaseFilter {
    /// Only in these states; empty is all.
    pub states: Vec<CaseState>,
    /// Only of these departments (domains of senders); empty is all.
    pub departments: Vec<String>,
    /// Only where this article spoke.
    pub article: Option<ArticleId>,
    /// Only where this detection rule found something.
    pub rule: Option<String>,
    /// Only with this sender, compared without case.
    pub sender: Option<Address>,
    /// Only with this recipient, compared without case.
    pub recipient: Option<Address>,
    /// Only with this sender or recipient.
    pub address: Option<Address>,
    /// Only those that this person has in hand.
    pub holder: Option<String>,
    /// Only those under a legal hold, or that an incident came from.
    pub watched: bool,
    /// Only those whose sender reports a false alarm that no reviewer judged yet.
    pub claimed: bool,
    /// Only those of this severity or graver; 0 is all.
    pub severity: u8,
    /// Only those received at this moment or later.
    pub since: Option<Timestamp>,
    /// Only those received before this.
    pub until: Option<Timestamp>,
    /// Only those after the end of the last page.
    pub after: Option<Cursor>,
    /// In which order.
    pub order: Order,
    /// At most so many; 0 is 50.
    pub limit: u32,
}

impl CaseFilter {
    /// The false alarms that senders report on messages that were refused, or delivered with a warning: nobody meets them among what waits.
    #[must_use]
    pub fn claims() -> Self {
        Self { claimed: true, states: vec![CaseState::Refused, CaseState::Warned], ..Self::default() }
    }
}

/// What a sender sent before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SenderHistory {
    /// Cases of theirs within the last year, the 1,000 newest of them.
    pub cases: u64,
    /// Of these, by what became of them or where they stand; states without a case are left out.
    pub states: Vec<(CaseState, u64)>,
    /// Cases where a reviewer marked a finding as a false alarm.
    pub false_alarms: u64,
}

/// The reviewers' side.
#[async_trait]
pub trait Desk: Send + Sync + 'static {
    /// Lists cases, personal fields left sealed.
    async fn cases(&self, filter: &CaseFilter) -> Result<Vec<Case>, StoreError>;
    /// One case, personal fields opened when the private key is at hand; `None` when there is none.
    async fn case(&self, id: &CaseId) -> Result<Option<Case>, StoreError>;
    /// What happened to a case, oldest first.
    async fn history(&self, id: &CaseId) -> Result<Vec<Past>, StoreError>;
    /// The sealed copy, opened, for the service's own work. A person sees it through [`super::Reveals`] only.
    async fn content(&self, id: &CaseId) -> Result<Vec<u8>, StoreError>;
    /// Carries out a transition with its audit entry, its notice and its release row, in one transaction; gives the case's new version.
    ///
    /// Leading to `Releasing`, it writes the intent; to `Released`, it settles it; back to a waiting state, it gives it up.
    async fn apply(&self, transition: &Transition) -> Result<i64, StoreError>;
    /// Other cases that wait, of the same sender or with the same first article in the same department, at most 10, newest first.
    async fn similar(&self, case: &Case) -> Result<Vec<Case>, StoreError>;
    /// What this sender sent before, counted.
    async fn sender_history(&self, sender: &Address, now: Timestamp) -> Result<SenderHistory, StoreError>;
}
