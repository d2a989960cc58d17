//! Walks of the audit trail for the proof of conformity: a page that is opened again reads what is new, not a million entries.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::ports::{Store, StoreError, Trail};

/// The trail is walked from its first entry again after this.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What walking the trail showed.
#[derive(Clone, Debug)]
pub struct Walk {
    /// How the trail is now.
    pub trail: Trail,
    /// When it was last walked from its first entry on.
    pub whole_at: Timestamp,
}

/// The last walk that found the trail whole.
#[derive(Debug, Default)]
pub struct Walks(Mutex<Option<Walk>>);

impl Walks {
    /// Walks what came since the last walk; all of it once a day, when that is asked for, and after a fault. Who asks meanwhile waits.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn walk(&self, store: &dyn Store, anew: bool, now: Timestamp) -> Result<Walk, StoreError> {
        let mut last = self.0.lock().await;
        let fresh = last.take().filter(|walk| !anew && now.duration_since(walk.whole_at) < DAY);
        let walk = match fresh {
            Some(walk) => Walk { trail: store.verify_audit_since(&walk.trail).await?, ..walk },
            None => Walk { trail: store.verify_audit().await?, whole_at: now },
        };
        if matches!(walk.trail, Trail::Whole { .. }) {
            *last = Some(walk.clone());
        }
        Ok(walk)
    }
}
