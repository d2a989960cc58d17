//! A store that answers in time, or says that it did not.
//!
//! In: the store. Out: the same for the milter's side, with a limit of time. It refuses to know why a store hangs: a disk that takes
//! no write, a server that nobody reaches.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::model::JournalEntry;
use crate::plan::Claim;
use crate::ports::{Batch, Committed, Intake, ReleaseCopy, StoreError};

/// The longest that an MTA waits for the store: more than another's write takes, and far from the ten minutes after which its own
/// client hangs up (RFC 5321, 4.5.3.2.6). Whoever hung up sends again, and each copy that is let go after that is one too many.
const LONGEST: Duration = Duration::from_secs(30);

/// The milter's side of a store, in time.
///
/// What is given up is an error, so the MTA hears 451 and keeps its message (a refusal stays one). The commit that hung may yet
/// become durable. Whichever way it goes, the message is delivered once at most, and none is lost:
///
/// - durable before the retry comes: the retry finds the case by its key, and gets the answer that the first try would have had;
/// - still hanging then: the retry waits behind it, by SQLite's one write lock or PostgreSQL's lock on the key, and finds the case,
///   or is put off as well;
/// - never durable: the retry opens the case, as if it were the first;
/// - durable, and nothing comes again: a held message waits for its reviewer; a warned one was delivered to nobody, and is the
///   client's to return to its sender.
pub(super) struct Timely {
    store: Arc<dyn Intake>,
    patience: Duration,
}

impl Timely {
    /// Gives the store no more time than a whole message has to be judged.
    pub(super) fn new(store: Arc<dyn Intake>, judging: Duration) -> Self {
        Self { store, patience: judging.min(LONGEST) }
    }

    async fn within<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let late = |_| StoreError::Unavailable(format!("no answer within {} s", self.patience.as_secs()));
        tokio::time::timeout(self.patience, work).await.map_err(late)?
    }
}

#[async_trait]
impl Intake for Timely {
    async fn ready(&self) -> Result<(), StoreError> {
        self.within(self.store.ready()).await
    }

    async fn commit(&self, batch: Batch<'_>) -> Result<Committed, StoreError> {
        self.within(self.store.commit(batch)).await
    }

    /// Behind the mail, where nobody waits: as long as it takes.
    async fn journal(&self, entries: Vec<JournalEntry>) -> Result<(), StoreError> {
        self.store.journal(entries).await
    }

    async fn claim_release(&self, copy: ReleaseCopy<'_>) -> Result<Claim, StoreError> {
        self.within(self.store.claim_release(copy)).await
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::future::pending;

    use super::*;
    use crate::model::{Envelope, QueueId};

    /// A store whose disk takes no write any more.
    pub(in crate::service) struct Hung;

    #[async_trait]
    impl Intake for Hung {
        async fn ready(&self) -> Result<(), StoreError> {
            pending().await
        }
        async fn commit(&self, _: Batch<'_>) -> Result<Committed, StoreError> {
            pending().await
        }
        async fn journal(&self, _: Vec<JournalEntry>) -> Result<(), StoreError> {
            pending().await
        }
        async fn claim_release(&self, _: ReleaseCopy<'_>) -> Result<Claim, StoreError> {
            pending().await
        }
    }

    /// A store that hangs, and a moment of patience with it.
    pub(in crate::service) fn hung() -> Arc<dyn Intake> {
        Arc::new(Timely::new(Arc::new(Hung), Duration::from_millis(20)))
    }

    /// The client hangs up after ten minutes and sends again; a message let go after that is delivered twice.
    #[tokio::test]
    async fn a_store_that_hangs_is_one_that_is_away() {
        let store = hung();
        let (envelope, queue_id) = (Envelope::default(), QueueId::default());
        let copy = ReleaseCopy {
            token: "1.2.3",
            envelope: &envelope,
            content: b"",
            queue_id: &queue_id,
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        assert!(matches!(store.claim_release(copy).await, Err(StoreError::Unavailable(_))));
        assert!(matches!(store.ready().await, Err(StoreError::Unavailable(_))));
    }
}
