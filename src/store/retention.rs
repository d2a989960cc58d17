//! What is kept no longer than it must.

use std::time::Duration;

use data_encoding::HEXLOWER as HEX;
use jiff::Timestamp;
use serde_json::json;

use super::content::Folder;
use super::db::{Engine, millis, span};
use super::rows::{CaseRow, select_cases};
use super::{SqlStore, audit};
use crate::model::CaseId;
use crate::ports::{Overdue, Retention, StoreError, Swept};
use crate::review::{Case, GRACE};

type Kept = (String, String, Option<Vec<u8>>);

#[async_trait::async_trait]
impl Retention for SqlStore {
    fn trusted_before(&self) -> Option<Timestamp> {
        self.trusted_before
    }

    async fn trust(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        sqlx::query("UPDATE heartbeat SET trusted = $1").bind(millis(now)).execute(&mut *tx).await?;
        tx.commit().await
    }

    async fn expired(&self, now: Timestamp) -> Result<Vec<Case>, StoreError> {
        let rows: Vec<CaseRow> = sqlx::query_as(select_cases!(
            "WHERE c.state IN ('held', 'justified', 'taken', 'to-approve') AND c.legal_hold = 0 AND c.sender_domain <> '' \
             AND (c.lease_until IS NULL OR c.lease_until <= $2) \
             AND coalesce(c.waits_from, c.received_at) <= $1 ORDER BY c.received_at LIMIT 100"
        ))
        .bind(millis(now).saturating_sub(span(self.undecided)))
        .bind(millis(now))
        .fetch_all(self.db.read())
        .await?;
        self.cases_of(rows)
    }

    async fn shred(&self, now: Timestamp) -> Result<u64, StoreError> {
        let grace = i64::try_from(GRACE.as_millis()).unwrap_or(i64::MAX);
        let old: Vec<Kept> = sqlx::query_as(
            "SELECT id, content, digest FROM cases WHERE content IS NOT NULL AND decided_at IS NOT NULL \
             AND legal_hold = 0 AND ((state IN ('released', 'returned') AND decided_at <= $1) \
             OR (state = 'deleted' AND decided_at <= $2)) LIMIT 1000",
        )
        .bind(millis(now).saturating_sub(span(self.keep_content)))
        .bind(millis(now).saturating_sub(grace))
        .fetch_all(self.db.read())
        .await?;
        let mut shredded = 0;
        for kept in old {
            shredded += u64::from(self.shred_one(&kept, now).await?);
        }
        Ok(shredded)
    }

    async fn forget(&self, now: Timestamp) -> Result<u64, StoreError> {
        let old: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM cases WHERE received_at <= $1 AND legal_hold = 0 AND content IS NULL \
             AND state IN ('refused', 'warned', 'purged') AND length(personal) > 0 \
             AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.case_id = cases.id AND n.state IN ('pending', 'joined')) LIMIT 500",
        )
        .bind(millis(now).saturating_sub(span(self.keep_cases)))
        .fetch_all(self.db.read())
        .await?;
        let mut forgotten = 0;
        for id in old {
            forgotten += u64::from(self.forget_one(&id, now).await?);
        }
        Ok(forgotten)
    }

    async fn overdue(&self, by: Timestamp) -> Result<Overdue, StoreError> {
        let grace = i64::try_from(GRACE.as_millis()).unwrap_or(i64::MAX);
        let (waiting, content, named, held): (i64, i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM cases WHERE state IN ('held', 'justified', 'taken', 'to-approve', 'uncertain') \
                     AND legal_hold = 0 AND coalesce(waits_from, received_at) <= $1), \
             (SELECT count(*) FROM cases WHERE content IS NOT NULL AND decided_at IS NOT NULL AND legal_hold = 0 \
              AND ((state IN ('released', 'returned') AND decided_at <= $2) OR (state = 'deleted' AND decided_at <= $3))), \
             (SELECT count(*) FROM cases WHERE received_at <= $4 AND legal_hold = 0 AND content IS NULL \
              AND state IN ('refused', 'warned', 'purged') AND length(personal) > 0), \
             (SELECT count(*) FROM cases WHERE legal_hold = 1)",
        )
        .bind(millis(by).saturating_sub(span(self.undecided)))
        .bind(millis(by).saturating_sub(span(self.keep_content)))
        .bind(millis(by).saturating_sub(grace))
        .bind(millis(by).saturating_sub(span(self.keep_cases)))
        .fetch_one(self.db.read())
        .await?;
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        let (waiting, content) = (count(waiting), count(content));
        Ok(Overdue { waiting, content, named: count(named), held: count(held) })
    }

    async fn missing(&self) -> Result<Vec<CaseId>, StoreError> {
        let kept = match self.db.engine {
            Engine::Sqlite => {
                "SELECT id, content FROM cases WHERE content IS NOT NULL AND outcome IS NULL ORDER BY id"
            }
            Engine::Postgres => {
                "SELECT id, content FROM cases WHERE content IS NOT NULL AND outcome IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM contents k WHERE k.name = cases.content) ORDER BY id"
            }
        };
        let kept: Vec<(String, String)> = sqlx::query_as(kept).fetch_all(self.db.read()).await?;
        let gone = |name: &str| self.vault.folder().is_none_or(|folder| !folder.has(name));
        kept.iter().filter(|(_, name)| gone(name)).map(|(id, _)| numbered(id)).collect()
    }

    async fn sweep(&self, older_than: Duration) -> Result<Swept, StoreError> {
        let mut swept = Swept::default();
        let Some(folder) = self.vault.folder() else { return Ok(swept) };
        for name in folder.all_aside()? {
            if self.names(&name).await? {
                folder.bring_back(&name)?;
                swept.brought_back += 1;
            }
        }
        for name in folder.older_than(older_than)? {
            if Folder::is_probe(&name) {
                folder.remove(&name)?;
                continue;
            }
            swept.set_aside += u64::from(self.unless_named(&name, |name| folder.set_aside(name)).await?);
        }
        for name in folder.aside_for(self.aside_for())? {
            swept.destroyed += u64::from(self.unless_named(&name, |name| folder.remove(name)).await?);
        }
        Ok(swept)
    }
}

impl SqlStore {
    /// How many sealed messages are set aside.
    pub(super) fn set_aside(&self) -> Result<u64, StoreError> {
        let aside = self.vault.folder().map_or(Ok(Vec::new()), Folder::all_aside)?;
        Ok(u64::try_from(aside.len()).unwrap_or(u64::MAX))
    }

    /// Does this to a file that no case names; says whether it was done.
    async fn unless_named(
        &self,
        name: &str,
        what: impl Fn(&str) -> Result<(), StoreError> + Send,
    ) -> Result<bool, StoreError> {
        if self.names(name).await? {
            return Ok(false);
        }
        // The write lock is held while a file is looked up again and moved: no commit can name it in between.
        let tx = self.db.begin().await?;
        let named = self.names(name).await?;
        if !named {
            what(name)?;
        }
        tx.rollback().await?;
        Ok(!named)
    }

    /// Whether a case names this file.
    pub(super) async fn names(&self, file: &str) -> Result<bool, StoreError> {
        let known = sqlx::query_scalar::<_, i64>("SELECT 1 FROM cases WHERE content = $1").bind(file);
        Ok(known.fetch_optional(self.db.read()).await?.is_some())
    }

    /// The row forgets the file first: a crash in between leaves an orphan for the sweep, never a row without its file.
    /// `false` when someone set a legal hold, or was faster.
    async fn shred_one(&self, (id, name, digest): &Kept, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        let forgot = sqlx::query(
            "UPDATE cases SET content = NULL, snippets = NULL, state = 'purged', version = version + 1 \
             WHERE id = $1 AND content = $2 AND legal_hold = 0 AND state IN ('released', 'returned', 'deleted')",
        )
        .bind(id.as_str())
        .bind(name.as_str())
        .execute(&mut *tx)
        .await?;
        if forgot.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        self.vault.delete(&mut tx, name).await?;
        let case = numbered(id)?;
        let entry = audit::Entry {
            facts: vec![("sha256", json!(digest.as_deref().map(|digest| HEX.encode(digest))))],
            ..audit::Entry::of_service(now, "destroyed", &case)
        };
        audit::append(&mut tx, self, entry).await?;
        tx.commit().await?;
        self.vault.remove(name)?;
        Ok(true)
    }

    /// Removes what names a person, and every way to find the case by one. Not while a notice of it waits for the MTA: whose message
    /// was destroyed hears so first.
    async fn forget_one(&self, id: &str, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        let forgot = sqlx::query(
            "UPDATE cases SET personal = $2, findings = NULL, snippets = NULL, proposal = NULL, word = NULL, hold_reason = NULL, \
             version = version + 1 WHERE id = $1 AND legal_hold = 0 AND content IS NULL AND length(personal) > 0 \
             AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.case_id = cases.id AND n.state IN ('pending', 'joined'))",
        )
        .bind(id)
        .bind(Vec::new())
        .execute(&mut *tx)
        .await?;
        if forgot.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        for gone in [
            "DELETE FROM marks WHERE case_id = $1 AND received_at = (SELECT received_at FROM cases WHERE id = $1) \
             AND substr(mark, 1, 1) IN ('s', 'r', 'x')",
            "DELETE FROM tokens WHERE case_id = $1",
            "DELETE FROM finding_marks WHERE case_id = $1",
            "DELETE FROM notices WHERE case_id = $1",
            "UPDATE releases SET reason = NULL WHERE case_id = $1",
        ] {
            sqlx::query(gone).bind(id).execute(&mut *tx).await?;
        }
        let case = numbered(id)?;
        audit::append(&mut tx, self, audit::Entry::of_service(now, "forgotten", &case)).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn numbered(id: &str) -> Result<CaseId, StoreError> {
    CaseId::parse(id).map_err(|_| StoreError::Damaged("a case has no valid number".to_owned()))
}
