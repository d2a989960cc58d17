//! The side of who mends the store: sealed messages that no case names.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::model::{CaseId, Masked, Raw};
use crate::review::Actor;

/// A sealed message that no case names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// Its file in `content/set-aside`.
    pub file: String,
    /// Its size, sealed.
    pub size: u64,
    /// Since when it is set aside.
    pub since: Timestamp,
    /// When it is destroyed, if nobody decides and no case names it.
    pub until: Timestamp,
}

/// How it ends, by a person's decision.
#[derive(Clone, Copy, Debug)]
pub struct AsideEnd<'a> {
    /// The case that holds the message now; without one it is destroyed unread.
    pub case: Option<&'a CaseId>,
    /// Who decides.
    pub actor: &'a Actor,
    /// Why (sealed).
    pub reason: &'a Masked,
    /// When.
    pub at: Timestamp,
}

/// Lists them and carries a decision out.
#[async_trait]
pub trait SetAside: Send + Sync + 'static {
    /// All that are set aside, oldest first.
    async fn aside(&self) -> Result<Vec<Aside>, StoreError>;
    /// Opens one.
    async fn aside_message(&self, file: &str) -> Result<Raw, StoreError>;
    /// Removes one, with an entry in the trail; refused when a case names it after all.
    async fn end_aside(&self, file: &str, end: AsideEnd<'_>) -> Result<(), StoreError>;
}
