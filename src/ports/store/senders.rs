//! The sender's side: a token opens one case to one address.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::model::{Address, CaseId, Masked};
use crate::review::{Actor, Case};

/// What a token opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderCase {
    /// The case as it stands, personal fields opened when the private key is at hand.
    pub case: Case,
    /// Whom the token was made for: act with it.
    pub actor: Actor,
}

/// The sender's side.
#[async_trait]
pub trait Senders: Send + Sync + 'static {
    /// Makes a token for the sender of a case: 256 random bits in letters, bound to case and address. Only its digest is kept.
    /// Earlier tokens of the case stay valid. Every notice and every refusal has one already.
    async fn issue_token(
        &self,
        case: &CaseId,
        address: &Address,
        now: Timestamp,
    ) -> Result<Masked, StoreError>;
    /// What a token opens; `None` when it is unknown, forged or expired, or when its case is gone. Looking uses nothing up.
    ///
    /// It opens a case as long as that is not over, however long this takes, and for 30 days more at least, so that an old
    /// link shows what became of it.
    async fn sender_case(&self, token: &Masked, now: Timestamp) -> Result<Option<SenderCase>, StoreError>;
}
