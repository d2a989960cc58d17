//! The audit trail: append-only rows, each holding the hash of the one before it.
//!
//! An entry is JSON with sorted keys; its hash is SHA-256 over the previous hash and these bytes. The head
//! stands in a row of its own, so that removing the last entries shows too.

use std::collections::BTreeMap;

use data_encoding::{BASE64, HEXLOWER as HEX};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::SqlStore;
use super::db::{self, Sql, Tx, locked, millis, time};
use super::keys::KeyRing;
use super::row::row;
use crate::model::{CaseId, Masked};
use crate::ports::{AuditEntry, StoreError, Trail, TrailFilter};
use crate::review::{Past, RevealReason};

/// What an entry tells besides its number.
pub(super) struct Entry<'a> {
    pub(super) at: Timestamp,
    pub(super) actor: &'a str,
    pub(super) what: &'a str,
    pub(super) case: Option<&'a CaseId>,
    /// Sealed before it is written: people type names.
    pub(super) text: Option<&'a Masked>,
    /// Facts without personal data.
    pub(super) facts: Vec<(&'static str, Value)>,
}

impl<'a> Entry<'a> {
    /// What the service itself did to a case.
    pub(super) fn of_service(at: Timestamp, what: &'a str, case: &'a CaseId) -> Self {
        Self { at, actor: "service", what, case: Some(case), text: None, facts: Vec::new() }
    }
}

/// Appends an entry in the transaction of what it tells. It comes after the rows of the case and before the daily counts: whoever
/// keeps this order never waits for one who waits for them.
pub(super) async fn append(tx: &mut Tx, store: &SqlStore, entry: Entry<'_>) -> Result<(), StoreError> {
    let head = locked!(store.db, "SELECT seq, hash FROM audit_head", "FOR UPDATE");
    let (last, previous): (i64, Vec<u8>) = sqlx::query_as(head).fetch_one(&mut **tx).await?;
    let seq = last + 1;
    let case = entry.case.map(CaseId::as_str);
    let text = write(seq, &store.keys, &entry)?;
    let hash = chain(&previous, &text);
    sqlx::query("INSERT INTO audit (seq, case_id, entry, previous, hash) VALUES ($1, $2, $3, $4, $5)")
        .bind(seq)
        .bind(case)
        .bind(text.as_str())
        .bind(previous.as_slice())
        .bind(hash.as_slice())
        .execute(&mut **tx)
        .await?;
    let head = sqlx::query("UPDATE audit_head SET seq = $1, hash = $2").bind(seq).bind(hash.as_slice());
    head.execute(&mut **tx).await?;
    Ok(())
}

/// Canonical JSON: keys sorted, no space.
fn write(seq: i64, keys: &KeyRing, entry: &Entry<'_>) -> Result<String, StoreError> {
    let mut fields: BTreeMap<&str, Value> = entry.facts.iter().cloned().collect();
    fields.insert("seq", seq.into());
    fields.insert("at", millis(entry.at).into());
    fields.insert("actor", entry.actor.into());
    fields.insert("what", entry.what.into());
    if let Some(case) = entry.case {
        fields.insert("case", case.as_str().into());
    }
    if let Some(text) = entry.text {
        let sealed = keys.seal(text.reveal().as_bytes())?;
        fields.insert("text", BASE64.encode(&sealed).into());
    }
    serde_json::to_string(&fields)
        .map_err(|_| StoreError::Refused("an audit entry cannot be written".to_owned()))
}

fn chain(previous: &[u8], entry: &str) -> Vec<u8> {
    Sha256::new().chain_update(previous).chain_update(entry).finalize().to_vec()
}

/// Entries read at once.
const PAGE: i64 = 1_000;

row! {
    struct Row {
        seq: i64,
        case_id: Option<String>,
        entry: String,
        previous: Vec<u8>,
        hash: Vec<u8>,
    }
}

/// How far a walk came.
pub(super) struct Walked {
    /// The last entry and its hash.
    last: (i64, Vec<u8>),
    checkpoints: u64,
}

impl Default for Walked {
    /// Before the first entry.
    fn default() -> Self {
        Self { last: (0, vec![0; 32]), checkpoints: 0 }
    }
}

impl Walked {
    /// Where an earlier walk ended.
    pub(super) fn until(entries: u64, head: &str, checkpoints: u64) -> Option<Self> {
        let last = (i64::try_from(entries).ok()?, HEX.decode(head.as_bytes()).ok()?);
        Some(Self { last, checkpoints })
    }
}

impl SqlStore {
    /// Walks the trail from where an earlier walk ended.
    pub(super) async fn walk_audit(&self, from: Walked) -> Result<Trail, StoreError> {
        let Walked { mut last, mut checkpoints } = from;
        if last.0 > 0 && self.hash_of(last.0).await?.as_ref() != Some(&last.1) {
            let entry = u64::try_from(last.0).unwrap_or(0);
            return Ok(Trail::Broken { entry, because: "it is not what an earlier walk found" });
        }
        let mut signed = self.checkpoints().await?;
        signed.retain(|checkpoint| checkpoint.seq > last.0);
        let mut signed = signed.iter().peekable();
        loop {
            let page: Vec<Row> = sqlx::query_as(
                "SELECT seq, case_id, entry, previous, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
            )
            .bind(last.0)
            .bind(PAGE)
            .fetch_all(self.db.read())
            .await?;
            if page.is_empty() {
                break;
            }
            for row in page {
                if let Some(because) = fault(&row, &last) {
                    let entry = u64::try_from(last.0 + 1).unwrap_or(0);
                    return Ok(Trail::Broken { entry, because });
                }
                last = (row.seq, row.hash);
                while let Some(checkpoint) = signed.next_if(|checkpoint| checkpoint.seq <= last.0) {
                    if let Some(because) = checkpoint.fault(&last, &self.keys) {
                        let entry = u64::try_from(last.0).unwrap_or(0);
                        return Ok(Trail::Broken { entry, because });
                    }
                    checkpoints += 1;
                }
            }
        }
        if signed.peek().is_some() {
            let entry = u64::try_from(last.0 + 1).unwrap_or(0);
            return Ok(Trail::Broken { entry, because: "a signed checkpoint names an entry that is gone" });
        }
        let trail = self.check_head(last, checkpoints).await?;
        let Trail::Whole { entries, .. } = &trail else { return Ok(trail) };
        let entry = entries + 1;
        Ok(self.untold().await?.map_or(trail, |because| Trail::Broken { entry, because }))
    }

    /// Why the trail cannot be all there is: whoever empties or cuts it, its head and its checkpoints, leaves what it told of.
    async fn untold(&self) -> Result<Option<&'static str>, StoreError> {
        let cases =
            "SELECT 1 FROM cases c WHERE NOT EXISTS (SELECT 1 FROM audit a WHERE a.case_id = c.id) LIMIT 1";
        let case = sqlx::query_scalar::<_, i64>(cases).fetch_optional(self.db.read()).await?;
        if case.is_some() {
            return Ok(Some("a case has no entry"));
        }
        let mut incidents: Vec<i64> =
            sqlx::query_scalar("SELECT number FROM incidents").fetch_all(self.db.read()).await?;
        if incidents.is_empty() {
            return Ok(None);
        }
        let opened = "SELECT entry FROM audit WHERE entry LIKE '%\"what\":\"open-incident\"%'";
        let opened: Vec<String> = sqlx::query_scalar(opened).fetch_all(self.db.read()).await?;
        let number = |entry: &String| {
            serde_json::from_str::<Value>(entry).ok()?.get("incident").and_then(Value::as_i64)
        };
        let told: std::collections::BTreeSet<i64> = opened.iter().filter_map(number).collect();
        incidents.retain(|number| !told.contains(number));
        Ok((!incidents.is_empty()).then_some("an incident of the register has no entry"))
    }

    async fn check_head(&self, last: (i64, Vec<u8>), checkpoints: u64) -> Result<Trail, StoreError> {
        let head = sqlx::query_as::<_, (i64, Vec<u8>)>("SELECT seq, hash FROM audit_head");
        let head = head.fetch_optional(self.db.read()).await?;
        let entries = u64::try_from(last.0).unwrap_or(0);
        // Entries may have been added since the last page was read; a head behind the trail, or missing, is a fault.
        match head {
            Some((seq, _)) if seq > last.0 && self.hash_of(last.0 + 1).await?.is_some() => {
                Ok(Trail::Whole { entries, head: HEX.encode(&last.1), checkpoints })
            }
            Some(head) if head == last => {
                Ok(Trail::Whole { entries, head: HEX.encode(&last.1), checkpoints })
            }
            _ => Ok(Trail::Broken { entry: entries + 1, because: "the last entries are missing" }),
        }
    }

    async fn hash_of(&self, seq: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let found = sqlx::query_scalar::<_, Vec<u8>>("SELECT hash FROM audit WHERE seq = $1").bind(seq);
        Ok(found.fetch_optional(self.db.read()).await?)
    }

    /// Entries after a number, as they are chained.
    pub(super) async fn entries(
        &self,
        case: Option<&CaseId>,
        after: u64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let rows: Vec<Row> = match case {
            Some(case) => {
                let rows = sqlx::query_as(
                    "SELECT seq, case_id, entry, previous, hash FROM audit WHERE case_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
                );
                rows.bind(case.as_str()).bind(after).bind(PAGE).fetch_all(self.db.read()).await?
            }
            None => {
                let rows = sqlx::query_as(
                    "SELECT seq, case_id, entry, previous, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
                );
                rows.bind(after).bind(PAGE).fetch_all(self.db.read()).await?
            }
        };
        let entry = |row: Row| AuditEntry {
            seq: u64::try_from(row.seq).unwrap_or(0),
            entry: row.entry,
            previous: HEX.encode(&row.previous),
            hash: HEX.encode(&row.hash),
        };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// The entries of one case.
    pub(super) async fn past_of(&self, case: &CaseId) -> Result<Vec<Past>, StoreError> {
        let entries: Vec<String> =
            sqlx::query_scalar("SELECT entry FROM audit WHERE case_id = $1 ORDER BY seq")
                .bind(case.as_str())
                .fetch_all(self.db.read())
                .await?;
        entries.iter().map(|entry| self.past(entry)).collect()
    }

    /// The newest entries that fit, each with its number.
    pub(super) async fn newest(&self, filter: &TrailFilter) -> Result<Vec<(u64, Past)>, StoreError> {
        let before = filter.before.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX);
        let mut sql = Sql::new("SELECT seq, entry FROM audit WHERE seq < ");
        sql.value(db::Value::Int(before));
        if let Some(case) = &filter.case {
            sql.add(" AND case_id = ").value(db::Value::Text(case.as_str().to_owned()));
        }
        if let Some(login) = &filter.actor {
            sql.add(" AND actor = ").value(db::Value::Text(login.clone()));
        }
        sql.add(" ORDER BY seq DESC LIMIT ").value(db::Value::Int(i64::from(filter.limit)));
        let rows: Vec<(i64, String)> = sql.fetch(self.db.read()).await?;
        rows.iter().map(|(seq, entry)| Ok((u64::try_from(*seq).unwrap_or(0), self.past(entry)?))).collect()
    }

    fn past(&self, entry: &str) -> Result<Past, StoreError> {
        let damaged = || StoreError::Damaged("an audit entry cannot be read".to_owned());
        let fields: BTreeMap<String, Value> = serde_json::from_str(entry).map_err(|_| damaged())?;
        let word = |name: &str| fields.get(name).and_then(Value::as_str);
        let sealed = word("text").and_then(|text| BASE64.decode(text.as_bytes()).ok());
        // Words sealed to a key that was put away stay closed: what was done, when and by whom, is told all the same.
        let clear = match sealed.map(|sealed| self.keys.unseal(sealed.as_slice())).transpose() {
            Err(StoreError::Key(_)) => None,
            clear => clear?,
        };
        Ok(Past {
            at: time(fields.get("at").and_then(Value::as_i64).ok_or_else(damaged)?)?,
            actor: word("actor").ok_or_else(damaged)?.to_owned(),
            what: word("what").ok_or_else(damaged)?.to_owned(),
            case: word("case").and_then(|case| CaseId::parse(case).ok()),
            looked: word("reason").and_then(RevealReason::from_name),
            finding: fields.get("finding").and_then(Value::as_u64).map(|index| index + 1),
            text: clear.map(|clear| Masked::new(String::from_utf8_lossy(&clear))),
        })
    }
}

/// Why a row does not follow the last one.
fn fault(row: &Row, last: &(i64, Vec<u8>)) -> Option<&'static str> {
    if row.seq != last.0 + 1 {
        return Some("an entry is missing");
    }
    if row.previous != last.1 {
        return Some("it does not name the entry before it");
    }
    if chain(&row.previous, &row.entry) != row.hash {
        return Some("its text was changed");
    }
    let Ok(fields) = serde_json::from_str::<BTreeMap<String, Value>>(&row.entry) else {
        return Some("its text is no entry");
    };
    let same_seq = fields.get("seq").and_then(Value::as_i64) == Some(row.seq);
    let same_case = fields.get("case").and_then(Value::as_str) == row.case_id.as_deref();
    (!same_seq || !same_case).then_some("its number or its case was changed")
}
