//! Writes the journal in batches, behind the mail.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tracing::warn;

use crate::model::JournalEntry;
use crate::ports::Intake;

/// Most lines written in one transaction.
const BATCH: usize = 500;
/// Longest a line waits for company.
const PATIENCE: Duration = Duration::from_millis(500);

/// Drains the channel into the store until the channel closes. A batch that cannot be written is tried once more and then
/// dropped with a warning: figures must never hold up mail.
pub async fn run_journal(store: Arc<dyn Intake>, mut lines: mpsc::Receiver<JournalEntry>) {
    let mut batch = Vec::with_capacity(BATCH);
    while lines.recv_many(&mut batch, BATCH).await > 0 {
        if batch.len() < BATCH {
            tokio::time::sleep(PATIENCE).await;
            while let (true, Ok(line)) = (batch.len() < BATCH, lines.try_recv()) {
                batch.push(line);
            }
        }
        let count = batch.len();
        let lines = std::mem::take(&mut batch);
        if store.journal(lines.clone()).await.is_err() {
            tokio::time::sleep(PATIENCE).await;
            if let Err(failure) = store.journal(lines).await {
                warn!(count, %failure, "lines of the journal were lost");
            }
        }
    }
}
