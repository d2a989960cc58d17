//! Seals again what earlier keys opened, so that they can go: content, addresses and words, page by page.
//!
//! What people typed into the audit trail stays as it is: each entry's hash is taken over its sealed text.

use serde_json::json;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::content::Stored;
use super::db::{Engine, Tx};
use super::{Opening, SqlStore, audit};
use crate::ports::{By, StoreError};

/// Rows of one transaction.
const PAGE: i64 = 200;

/// Columns that hold sealed bytes, and the text that names a row.
struct Sealed {
    table: &'static str,
    key: &'static str,
    columns: &'static [&'static str],
}

const SEALED: &[Sealed] = &[
    Sealed {
        table: "cases",
        key: "id",
        columns: &["personal", "proposal", "word", "hold_reason", "findings", "snippets"],
    },
    Sealed { table: "releases", key: "id", columns: &["reason"] },
    Sealed { table: "notices", key: "id", columns: &["payload"] },
    Sealed { table: "incidents", key: "CAST(number AS TEXT)", columns: &["fields"] },
    Sealed { table: "accounts", key: "login", columns: &["totp"] },
];

/// What was sealed again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Rows.
    pub rows: u64,
    /// Messages.
    pub messages: u64,
}

/// Seals all that is kept to the current key, but the texts of the audit trail. Stopped half-way, it is run again: what was done stands.
///
/// # Errors
/// [`StoreError::Key`] when no key at hand opens something, [`StoreError::Unavailable`] when the store does not answer.
pub async fn reseal(opening: &Opening<'_>, by: By<'_>) -> Result<Resealed, StoreError> {
    SqlStore::open(opening).await?.reseal(by).await
}

impl SqlStore {
    pub(super) async fn reseal(&self, by: By<'_>) -> Result<Resealed, StoreError> {
        self.keys.can_open()?;
        let mut done = Resealed::default();
        for sealed in SEALED {
            done.rows += self.reseal_table(sealed).await?;
        }
        let kept = "SELECT id, content, digest FROM cases WHERE content IS NOT NULL ORDER BY id";
        let kept: Vec<(String, String, Vec<u8>)> = sqlx::query_as(kept).fetch_all(self.db.read()).await?;
        for (case, name, digest) in kept {
            done.messages +=
                u64::from(self.reseal_message(&case, Stored { name, digest, sealed: None }).await?);
        }
        let mut tx = self.db.begin().await?;
        let facts = vec![("rows", json!(done.rows)), ("messages", json!(done.messages))];
        let entry =
            audit::Entry { at: by.at, actor: by.actor, what: "resealed", case: None, text: None, facts };
        audit::append(&mut tx, self, entry).await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn reseal_table(&self, sealed: &Sealed) -> Result<u64, StoreError> {
        let Sealed { table, key, columns } = sealed;
        let lock = if self.db.engine == Engine::Postgres { " FOR UPDATE" } else { "" };
        let read = format!(
            "SELECT {key} AS row_key, {} FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT {PAGE}{lock}",
            columns.join(", ")
        );
        let (mut last, mut count) = (String::new(), 0);
        loop {
            let mut tx = self.db.begin().await?;
            let page = sqlx::query(AssertSqlSafe(read.clone())).bind(last.as_str());
            let page = page.fetch_all(&mut *tx).await?;
            for row in &page {
                last = row.try_get("row_key")?;
                self.reseal_row(&mut tx, sealed, row, &last).await?;
                count += 1;
            }
            tx.commit().await?;
            if page.is_empty() {
                return Ok(count);
            }
        }
    }

    async fn reseal_row(
        &self,
        tx: &mut Tx,
        Sealed { table, key, columns }: &Sealed,
        row: &AnyRow,
        name: &str,
    ) -> Result<(), StoreError> {
        for column in *columns {
            let old: Option<Vec<u8>> = row.try_get(*column)?;
            // What was forgotten is an empty text.
            let Some(old) = old.filter(|old| !old.is_empty()) else { continue };
            let new = self.keys.seal(&self.keys.unseal(old.as_slice())?)?;
            let write = format!("UPDATE {table} SET {column} = $1 WHERE {key} = $2");
            sqlx::query(AssertSqlSafe(write)).bind(new).bind(name).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Seals a message under a new name; `false` when it was destroyed meanwhile. A stop in between leaves an orphan for the sweep.
    async fn reseal_message(&self, case: &str, old: Stored) -> Result<bool, StoreError> {
        let sealed = self.vault.fetch(&self.db, &old.name).await?;
        let old = Stored { sealed, ..old };
        let new = self.vault.write(&self.keys, &self.vault.read(&self.keys, &old)?)?;
        let mut tx = self.db.begin().await?;
        let moved = sqlx::query("UPDATE cases SET content = $1, digest = $2 WHERE id = $3 AND content = $4")
            .bind(new.name.as_str())
            .bind(new.digest.as_slice())
            .bind(case)
            .bind(old.name.as_str());
        if moved.execute(&mut *tx).await?.rows_affected() == 0 {
            tx.rollback().await?;
            self.vault.remove(&new.name)?;
            return Ok(false);
        }
        self.vault.insert(&mut tx, &new).await?;
        self.vault.delete(&mut tx, &old.name).await?;
        tx.commit().await?;
        self.vault.remove(&old.name)?;
        Ok(true)
    }
}
