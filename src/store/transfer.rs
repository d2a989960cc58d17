//! Moves everything from one engine to the other, row by row, sealed as it is: no key opens anything on the way.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::content::Vault;
use super::db::Tx;
use super::{Opening, SqlStore};
use crate::model::settings;
use crate::ports::{Register, StoreError, Trail};

/// Rows read at once.
const PAGE: i64 = 5_000;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Int,
    Text,
    Bytes,
}

/// A table, its columns, and the columns that order it. Parents come before their children.
struct Table {
    name: &'static str,
    /// `name:kind` parted by spaces; kinds are `i`, `t` and `b`.
    columns: &'static str,
    key: &'static str,
}

const TABLES: &[Table] = &[
    Table {
        name: "cases",
        columns: "id:t key:b opened_as:t state:t version:i received_at:i decided_at:i repeats:i size:i sender_domain:t \
                  recipients:i domains:t facts:t personal:b content:t digest:b outcome:t severity:i two_persons:i holder:t \
                  lease_until:i proposed_by:t proposed_at:i proposed_encrypted:i proposal:b says:t said_at:i word:b judged_at:i legal_hold:i \
                  hold_number:t hold_author:t hold_reason:b hold_review:t findings:b snippets:b waits_from:i",
        key: "id",
    },
    Table { name: "marks", columns: "mark:t received_at:i case_id:t", key: "mark, received_at, case_id" },
    Table {
        name: "releases",
        columns: "id:t case_id:t attempt:i step:t node:t created_at:i armed_at:i not_before:i queue_id:t reason:b encrypted:i answer:i",
        key: "id",
    },
    Table {
        name: "notices",
        columns: "id:t case_id:t kind:t sender_index:b leader:t state:t planned_at:i due_at:i tries:i node:t created_at:i \
                  sent_at:i payload:b",
        key: "id",
    },
    Table { name: "journal", columns: "received_at:i queue_id:t verdict:t applied:t entry:t", key: "id" },
    Table { name: "audit", columns: "seq:i case_id:t entry:t previous:b hash:b", key: "seq" },
    Table { name: "checkpoints", columns: "seq:i hash:b at:i signature:b key:b", key: "seq" },
    Table { name: "tokens", columns: "digest:b case_id:t address_index:b expires_at:i", key: "digest" },
    Table { name: "reveals", columns: "at:i actor:t case_id:t", key: "at, actor, case_id" },
    Table {
        name: "finding_marks",
        columns: "case_id:t finding:i rule:t false_alarm:i actor:t at:i",
        key: "case_id, finding",
    },
    Table {
        name: "days",
        columns: "day:t measure:t label:t department:t count:i",
        key: "day, measure, label, department",
    },
    Table {
        name: "months",
        columns: "month:t measure:t label:t department:t count:i",
        key: "month, measure, label, department",
    },
    Table {
        name: "incidents",
        columns: "number:i case_id:t opened_by:t opened_at:i closed_at:i fields:b",
        key: "number",
    },
    Table {
        name: "accounts",
        columns: "login:t name:t address:t grants:t created_at:i seen_at:i closed:i must_change:i failures:i locked_until:i \
                  password:t totp:b totp_step:i subject:b",
        key: "login",
    },
    Table { name: "recovery_codes", columns: "login:t digest:b", key: "login, digest" },
    Table { name: "slots", columns: "slot:t at:i", key: "slot" },
    Table { name: "access_reviews", columns: "signed_at:i actor:t", key: "signed_at" },
    Table { name: "key_marks", columns: "name:t mark:b", key: "name" },
];

/// Tables that are not moved: one row that each database has, what is moved apart, and what lasts for hours only.
#[cfg(test)]
const LEFT: [&str; 5] = ["heartbeat", "audit_head", "contents", "sessions", "_sqlx_migrations"];

impl Table {
    fn columns(&self) -> impl Iterator<Item = (&'static str, Kind)> {
        self.columns.split_whitespace().filter_map(|column| column.split_once(':')).map(|(name, kind)| {
            let kind = match kind {
                "i" => Kind::Int,
                "t" => Kind::Text,
                _ => Kind::Bytes,
            };
            (name, kind)
        })
    }

    fn names(&self) -> String {
        self.columns().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    }
}

/// What was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Rows.
    pub rows: u64,
    /// Sealed messages.
    pub messages: u64,
    /// Entries of the audit trail, walked once more where they are now.
    pub entries: u64,
}

/// Copies all that one store keeps into another, empty one, in one transaction there; what was read is left as it is. Both use the same
/// keys. Nobody may work on either meanwhile: stop every service first.
///
/// # Errors
/// [`StoreError::Refused`] when the target holds cases or both are the same engine: nothing is kept there then. [`StoreError::Damaged`] when the
/// trail does not walk in the target, after all was copied: make the target anew.
pub async fn transfer(opening: &Opening<'_>, to: &str) -> Result<Moved, StoreError> {
    let source = SqlStore::open(opening).await?;
    let settings = settings::Store { url: to.to_owned(), ..opening.settings.clone() };
    let target = SqlStore::open(&Opening { settings: &settings, ..opening.clone() }).await?;
    if source.db.engine == target.db.engine {
        return Err(StoreError::Refused(
            "both addresses are of the same engine: copy its files instead".to_owned(),
        ));
    }
    let mut tx = target.db.begin().await?;
    let full: Option<String> =
        sqlx::query_scalar("SELECT id FROM cases LIMIT 1").fetch_optional(&mut *tx).await?;
    let told: Option<i64> =
        sqlx::query_scalar("SELECT seq FROM audit LIMIT 1").fetch_optional(&mut *tx).await?;
    if full.is_some() || told.is_some() {
        tx.rollback().await?;
        return Err(StoreError::Refused("the target holds cases already: an empty one is needed".to_owned()));
    }
    sqlx::query("DELETE FROM key_marks").execute(&mut *tx).await?;
    let mut rows = 0;
    for table in TABLES {
        rows += copy(&source, &mut tx, table).await?;
    }
    let messages = copy_messages(&source, &target, &mut tx).await?;
    let head = "SELECT seq, hash FROM audit_head";
    let (seq, hash): (i64, Vec<u8>) = sqlx::query_as(head).fetch_one(source.db.read()).await?;
    let set = sqlx::query("UPDATE audit_head SET seq = $1, hash = $2").bind(seq).bind(hash);
    set.execute(&mut *tx).await?;
    tx.commit().await?;
    match target.verify_audit().await? {
        Trail::Whole { entries, .. } => Ok(Moved { rows, messages, entries }),
        Trail::Broken { entry, because } => {
            Err(StoreError::Damaged(format!("the audit trail is broken at entry {entry}: {because}")))
        }
    }
}

/// Copies one table, page by page.
async fn copy(source: &SqlStore, tx: &mut Tx, table: &Table) -> Result<u64, StoreError> {
    let (names, key) = (table.names(), table.key);
    let values =
        (1..=table.columns().count()).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ");
    let write = format!("INSERT INTO {} ({names}) VALUES ({values})", table.name);
    let read = format!("SELECT {names} FROM {} ORDER BY {key} LIMIT $1 OFFSET $2", table.name);
    let mut copied = 0_i64;
    loop {
        let page = sqlx::query(AssertSqlSafe(read.clone())).bind(PAGE).bind(copied);
        let page = page.fetch_all(source.db.read()).await?;
        for row in &page {
            insert(tx, &write, table, row).await?;
        }
        let read = i64::try_from(page.len()).unwrap_or(PAGE);
        copied += read;
        if read < PAGE {
            return Ok(u64::try_from(copied).unwrap_or(0));
        }
    }
}

async fn insert(tx: &mut Tx, write: &str, table: &Table, row: &AnyRow) -> Result<(), StoreError> {
    let mut query = sqlx::query(AssertSqlSafe(write.to_owned()));
    for (name, kind) in table.columns() {
        query = match kind {
            Kind::Int => query.bind(row.try_get::<Option<i64>, _>(name)?),
            Kind::Text => query.bind(row.try_get::<Option<String>, _>(name)?),
            Kind::Bytes => query.bind(row.try_get::<Option<Vec<u8>>, _>(name)?),
        };
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Moves sealed messages between files and rows.
async fn copy_messages(source: &SqlStore, target: &SqlStore, tx: &mut Tx) -> Result<u64, StoreError> {
    let names: Vec<String> = sqlx::query_scalar("SELECT content FROM cases WHERE content IS NOT NULL")
        .fetch_all(source.db.read())
        .await?;
    let mut moved = 0;
    for name in names {
        match (&source.vault, &target.vault) {
            (Vault::Folder(folder), Vault::Table) => {
                let sealed = folder.sealed(&name)?;
                sqlx::query("INSERT INTO contents (name, sealed) VALUES ($1, $2)")
                    .bind(name)
                    .bind(sealed)
                    .execute(&mut **tx)
                    .await?;
            }
            (Vault::Table, Vault::Folder(folder)) => {
                let sealed = source.vault.fetch(&source.db, &name).await?.unwrap_or_default();
                folder.put(&name, &sealed)?;
            }
            _ => {}
        }
        moved += 1;
    }
    Ok(moved)
}

#[cfg(test)]
mod tests {
    use super::{LEFT, TABLES};

    /// A table or column that is added to the database and forgotten here would be lost on the way.
    #[tokio::test]
    async fn every_table_and_column_is_moved() {
        let dir = tempfile::tempdir().unwrap();
        let db =
            crate::store::sqlite::open(&dir.path().join("x.db"), std::time::Duration::from_secs(1)).await;
        let db = db.unwrap();
        let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let names: Vec<String> = sqlx::query_scalar(names).fetch_all(db.read()).await.unwrap();
        for name in names.iter().filter(|name| !LEFT.contains(&name.as_str())) {
            let table = TABLES.iter().find(|table| table.name == name);
            let table = table.unwrap_or_else(|| panic!("{name} is not moved"));
            let columns: Vec<(String, String)> =
                sqlx::query_as("SELECT name, type FROM pragma_table_info($1) ORDER BY cid")
                    .bind(name.as_str())
                    .fetch_all(db.read())
                    .await
                    .unwrap();
            let there: Vec<String> = columns
                .iter()
                .filter(|(column, _)| !(name == "journal" && column == "id"))
                .map(|(column, kind)| {
                    format!("{column}:{}", kind.chars().next().unwrap().to_ascii_lowercase())
                })
                .collect();
            let mut moved: Vec<&str> = table.columns.split_whitespace().collect();
            let mut there: Vec<&str> = there.iter().map(String::as_str).collect();
            moved.sort_unstable();
            there.sort_unstable();
            assert_eq!(moved, there, "{name}");
        }
    }
}
