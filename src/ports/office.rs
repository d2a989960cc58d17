//! What the pages ask of the service behind them.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Incident, Period, Store, StoreError};
use crate::model::settings::Establishment;
use crate::model::{ArticleId, ArticleRef, CaseFinding, CaseId, Finding, Kind, Masked, Reading};
use crate::notices::{Language, Paper};
use crate::review::Case;

/// A kept message, read and looked through again.
#[derive(Debug)]
pub struct Sight {
    /// What was read of it.
    pub reading: Reading,
    /// What was found in it, in reading order.
    pub findings: Vec<Finding>,
}

/// A paper that an establishment is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperKind {
    /// The dated proof of conformity.
    Conformity {
        /// Whether the whole audit trail is walked, not only what came since the last time.
        anew: bool,
    },
    /// The privacy assessment (EFVP), to be completed.
    Assessment,
}

/// The rest of the service, as the pages see it.
#[async_trait]
pub trait Office: Send + Sync + 'static {
    /// Who runs this service, as the settings in force say.
    fn establishment(&self) -> Establishment;
    /// The articles in force: name, and what each cites and says.
    fn articles(&self) -> Vec<(ArticleId, ArticleRef)>;
    /// Whether a release can ask for encryption.
    fn can_encrypt(&self) -> bool;
    /// Reads and looks through the message of a case, as when it came.
    async fn look(&self, case: &Case, message: Vec<u8>) -> Result<Sight, StoreError>;
    /// Makes the counter-example of a finding of a case, as a file for `local.d`: an invented look-alike that raises the same alarm.
    /// `None` when the finding is not found again, or no invented value raises it.
    async fn counter_example(
        &self,
        case: &Case,
        message: Vec<u8>,
        finding: &CaseFinding,
        because: &Masked,
    ) -> Result<Option<String>, StoreError>;
    /// Packs the evidence of a case without its message, sealed to an age public key.
    async fn evidence(&self, store: &dyn Store, case: &CaseId, to: &str) -> Result<Vec<u8>, StoreError>;
    /// Makes a paper to print.
    async fn paper(
        &self,
        store: &dyn Store,
        kind: PaperKind,
        language: Language,
        period: Period,
        now: Timestamp,
    ) -> Result<Paper, StoreError>;
    /// The register of incidents as a table for a spreadsheet.
    fn register(&self, incidents: &[Incident]) -> Result<Vec<u8>, StoreError>;
    /// Says what a person typed into a form that does not belong there.
    async fn confidential(&self, text: &Masked) -> Result<Vec<Kind>, StoreError>;
}
