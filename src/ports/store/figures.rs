//! What is counted: how much is kept now, and day by day what happened.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::StoreError;
use crate::model::{CaseId, CaseState};
use crate::review::Actor;

/// How much is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Cases by state; every state is there.
    pub cases: Vec<(CaseState, u64)>,
    /// Notices that wait.
    pub notices: u64,
    /// Since when the oldest of them has been due.
    pub oldest_notice: Option<Timestamp>,
    /// Sealed messages that no case names, set aside.
    pub set_aside: u64,
}

/// What a daily count counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Messages judged; the label is the verdict applied. No department.
    Messages,
    /// Cases opened; the label is the state they opened in.
    Opened,
    /// Cases opened, by article: the label is its id. A case counts once for each of its articles.
    Article,
    /// Cases in which a detection rule found something; the label is the rule.
    Rule,
    /// Cases decided; the label is the outcome.
    Decided,
    /// Cases decided, by the time they waited; the label is the upper bound in minutes, of 5, 15, 30, 60, 120, 240, 480, 1440, 2880, 4320,
    /// 7200, or `more`.
    Waited,
    /// Findings that a reviewer marked as right; the label is the rule.
    Right,
    /// Findings that a reviewer marked as false alarms; the label is the rule.
    Wrong,
    /// Reveals; the label is the reason.
    Reveals,
    /// Senders' answers; the label is what they say.
    SenderSays,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 10] = [
        Self::Messages,
        Self::Opened,
        Self::Article,
        Self::Rule,
        Self::Decided,
        Self::Waited,
        Self::Right,
        Self::Wrong,
        Self::Reveals,
        Self::SenderSays,
    ];

    /// The name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Opened => "opened",
            Self::Article => "article",
            Self::Rule => "rule",
            Self::Decided => "decided",
            Self::Waited => "waited",
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Reveals => "reveals",
            Self::SenderSays => "sender-says",
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }
}

/// Days, both ends counted, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// One count of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// First day of the month that it is of.
    pub month: Date,
    /// What is counted.
    pub measure: Measure,
    /// Which of them.
    pub label: String,
    /// Of which department; empty when that is not counted.
    pub department: String,
    /// How many.
    pub count: u64,
}

/// How often a rule was right, as reviewers marked it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precision {
    /// The rule.
    pub rule: String,
    /// Cases in which it found something.
    pub cases: u64,
    /// Findings marked right.
    pub right: u64,
    /// Findings marked as false alarms.
    pub wrong: u64,
}

/// What a reviewer says of one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingMark {
    /// Its index in [`crate::review::Case::findings`].
    pub finding: u32,
    /// Whether it is a false alarm.
    pub false_alarm: bool,
}

/// The counting side.
#[async_trait]
pub trait Counts: Send + Sync + 'static {
    /// How much is kept, for the metrics.
    async fn figures(&self) -> Result<Figures, StoreError>;
    /// What was counted in a period, by month.
    async fn counted(&self, period: Period) -> Result<Vec<Counted>, StoreError>;
    /// How often each rule was right in a period, the most wrong first.
    async fn precision(&self, period: Period) -> Result<Vec<Precision>, StoreError>;
    /// Keeps what a reviewer says of findings, once a finding: a later word replaces the earlier. One entry of the audit trail.
    /// Refused to who may not decide on the case's department.
    async fn mark_findings(
        &self,
        case: &CaseId,
        marks: &[FindingMark],
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// What reviewers said of a case's findings.
    async fn marks(&self, case: &CaseId) -> Result<Vec<FindingMark>, StoreError>;
}
