//! What is kept no longer than it must.

use std::time::Duration;

use data_encoding::HEXLOWER as HEX;
use jiff::Timestamp;
use serde_json::json;

use super::db::{millis, span};
use super::rows::{CaseRow, select_cases};
use super::{SqliteStore, audit};
use crate::model::CaseId;
use crate::ports::{Retention, StoreError};
use crate::review::Case;

type Kept = (String, String, Option<Vec<u8>>);

#[async_trait::async_trait]
impl Retention for SqliteStore {
    async fn expired(&self, now: Timestamp) -> Result<Vec<Case>, StoreError> {
        let rows: Vec<CaseRow> = sqlx::query_as(select_cases!(
            "WHERE c.state = 'held' AND c.received_at <= ? ORDER BY c.received_at LIMIT 100"
        ))
        .bind(millis(now).saturating_sub(span(self.undecided)))
        .fetch_all(self.db.read())
        .await?;
        self.cases_of(rows)
    }

    async fn shred(&self, now: Timestamp) -> Result<u64, StoreError> {
        let old: Vec<Kept> = sqlx::query_as(
            "SELECT id, content, digest FROM cases WHERE content IS NOT NULL \
             AND state IN ('released', 'returned', 'deleted') AND decided_at <= ? LIMIT 1000",
        )
        .bind(millis(now).saturating_sub(span(self.keep_content)))
        .fetch_all(self.db.read())
        .await?;
        let mut shredded = 0;
        for kept in old {
            self.shred_one(&kept, now).await?;
            shredded += 1;
        }
        Ok(shredded)
    }

    async fn sweep(&self, older_than: Duration) -> Result<u64, StoreError> {
        let old = self.content.older_than(older_than)?;
        let mut swept = 0;
        for name in old {
            if self.names(&name).await? {
                continue;
            }
            // The write lock is held while a file is looked up again and removed: no commit can name it in between.
            let tx = self.db.begin().await?;
            if !self.names(&name).await? {
                self.content.remove(&name)?;
                swept += 1;
            }
            tx.rollback().await?;
        }
        Ok(swept)
    }
}

impl SqliteStore {
    /// Whether a case names this file.
    async fn names(&self, file: &str) -> Result<bool, StoreError> {
        let known = sqlx::query_scalar::<_, i64>("SELECT 1 FROM cases WHERE content = ?").bind(file);
        Ok(known.fetch_optional(self.db.read()).await?.is_some())
    }

    /// The row forgets the file first: a crash in between leaves an orphan for the sweep, never a row without its file.
    async fn shred_one(&self, (id, name, digest): &Kept, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let forget =
            sqlx::query("UPDATE cases SET content = NULL, version = version + 1 WHERE id = ?").bind(id);
        forget.execute(&mut *tx).await?;
        let case =
            CaseId::parse(id).map_err(|_| StoreError::Damaged("a case has no valid number".to_owned()))?;
        let entry = audit::Entry {
            at: now,
            actor: "service",
            what: "destroyed",
            case: Some(&case),
            text: None,
            facts: vec![("sha256", json!(digest.as_deref().map(|digest| HEX.encode(digest))))],
        };
        audit::append(&mut tx, &self.keys, entry).await?;
        tx.commit().await?;
        self.content.remove(name)
    }
}
