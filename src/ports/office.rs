//! What the pages ask of the service behind them.

use async_trait::async_trait;

use super::StoreError;
use crate::model::settings::Establishment;
use crate::model::{Finding, Kind, Masked, Reading};
use crate::review::Case;

/// A kept message, read and looked through again.
#[derive(Debug)]
pub struct Sight {
    /// What was read of it.
    pub reading: Reading,
    /// What was found in it, in reading order.
    pub findings: Vec<Finding>,
}

/// The rest of the service, as the pages see it.
#[async_trait]
pub trait Office: Send + Sync + 'static {
    /// Who runs this service, as the settings in force say.
    fn establishment(&self) -> Establishment;
    /// Whether a release can ask for encryption.
    fn can_encrypt(&self) -> bool;
    /// Reads and looks through the message of a case, as when it came.
    async fn look(&self, case: &Case, message: Vec<u8>) -> Result<Sight, StoreError>;
    /// Says what a person typed into a form that does not belong there.
    async fn confidential(&self, text: &Masked) -> Result<Vec<Kind>, StoreError>;
}
