//! Seeing more than the mask: written down before anything is opened.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::model::Snippet;
use crate::review::RevealOrder;

/// The revealing side. [`crate::review::reveal`] makes the order; each order is one entry of the audit trail.
#[async_trait]
pub trait Reveals: Send + Sync + 'static {
    /// The words round one finding. An order for the whole message is refused.
    async fn reveal_snippet(&self, order: &RevealOrder) -> Result<Snippet, StoreError>;
    /// The whole message. An order for one finding is refused.
    async fn reveal_message(&self, order: &RevealOrder) -> Result<Vec<u8>, StoreError>;
    /// Who revealed how often since then, most first: for alerts, and for the monthly access review.
    async fn reveals_since(&self, since: Timestamp) -> Result<Vec<(String, u64)>, StoreError>;
}
