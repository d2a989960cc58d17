//! The trail as it is read and proved, and the register of incidents.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::SqlStore;
use super::audit::{self, Walked};
use super::db::{Tx, locked, millis, time};
use super::row::row;
use crate::model::{CaseId, Masked};
use crate::ports::{
    Attestation, AuditEntry, Checkpoint, Incident, IncidentFields, NoticeSent, Register, Signer, StoreError,
    Trail, TrailFilter,
};
use crate::review::{Actor, Past, Right};

#[async_trait::async_trait]
impl Register for SqlStore {
    async fn verify_audit(&self) -> Result<Trail, StoreError> {
        self.walk_audit(Walked::default()).await
    }

    async fn verify_audit_since(&self, earlier: &Trail) -> Result<Trail, StoreError> {
        let from = match earlier {
            Trail::Whole { entries, head, checkpoints } => Walked::until(*entries, head, *checkpoints),
            Trail::Broken { .. } => None,
        };
        self.walk_audit(from.unwrap_or_default()).await
    }

    async fn audit_entries(&self, case: Option<&CaseId>, after: u64) -> Result<Vec<AuditEntry>, StoreError> {
        self.entries(case, after).await
    }

    async fn trail(&self, filter: &TrailFilter) -> Result<Vec<(u64, Past)>, StoreError> {
        self.newest(filter).await
    }

    async fn sign_checkpoint(&self, now: Timestamp) -> Result<Option<Checkpoint>, StoreError> {
        self.sign_head(now).await
    }

    async fn checkpoint_for(&self, seq: u64) -> Result<Option<Checkpoint>, StoreError> {
        self.covering(seq).await
    }

    async fn attest(
        &self,
        case: &CaseId,
        manifest: &[u8; 32],
        now: Timestamp,
    ) -> Result<Attestation, StoreError> {
        self.sign_manifest(case, manifest, now)
    }

    async fn signers(&self) -> Result<Vec<Signer>, StoreError> {
        self.signed_by().await
    }

    async fn notices_of(&self, case: &CaseId) -> Result<Vec<NoticeSent>, StoreError> {
        let sql =
            "SELECT kind, state, created_at, sent_at FROM notices WHERE case_id = $1 ORDER BY created_at, id";
        let rows: Vec<(String, String, i64, Option<i64>)> =
            sqlx::query_as(sql).bind(case.as_str()).fetch_all(self.db.read()).await?;
        let notice = |(kind, state, created_at, sent_at): (String, String, i64, Option<i64>)| {
            let (created_at, sent_at) = (time(created_at)?, sent_at.map(time).transpose()?);
            Ok(NoticeSent { kind, state, created_at, sent_at })
        };
        rows.into_iter().map(notice).collect()
    }

    async fn write_down(
        &self,
        what: &'static str,
        case: Option<&CaseId>,
        actor: &Actor,
        text: Option<&Masked>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let entry = audit::Entry { at, actor: actor.name(), what, case, text, facts: Vec::new() };
        audit::append(&mut tx, self, entry).await?;
        tx.commit().await
    }

    async fn open_incident(
        &self,
        case: Option<&CaseId>,
        fields: &IncidentFields,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let login = may_keep_the_register(actor)?;
        let sealed = self.keys.seal_json(fields)?;
        let mut tx = self.db.begin().await?;
        // The head of the trail is locked first: it numbers incidents too.
        let head = locked!(self.db, "SELECT seq FROM audit_head", "FOR UPDATE");
        let _seq: i64 = sqlx::query_scalar(head).fetch_one(&mut *tx).await?;
        let last: Option<i64> =
            sqlx::query_scalar("SELECT max(number) FROM incidents").fetch_one(&mut *tx).await?;
        let number = last.unwrap_or(0) + 1;
        sqlx::query(
            "INSERT INTO incidents (number, case_id, opened_by, opened_at, fields) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(number)
        .bind(case.map(CaseId::as_str))
        .bind(login)
        .bind(millis(at))
        .bind(sealed)
        .execute(&mut *tx)
        .await?;
        self.tell_incident(&mut tx, "open-incident", case, (number, login, at)).await?;
        tx.commit().await?;
        Ok(u64::try_from(number).unwrap_or(0))
    }

    async fn change_incident(
        &self,
        seen: &Incident,
        fields: &IncidentFields,
        closed: bool,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let login = may_keep_the_register(actor)?;
        let number = i64::try_from(seen.number).unwrap_or(i64::MAX);
        let sealed = self.keys.seal_json(fields)?;
        let mut tx = self.db.begin().await?;
        let stored = locked!(
            self.db,
            "SELECT number, case_id, opened_by, opened_at, closed_at, fields FROM incidents WHERE number = $1",
            "FOR UPDATE"
        );
        let stored: Option<IncidentRow> =
            sqlx::query_as(stored).bind(number).fetch_optional(&mut *tx).await?;
        let Some(stored) = stored else {
            return Err(StoreError::Refused("there is no incident of this number".to_owned()));
        };
        let stored = self.incident(stored)?;
        if stored != *seen {
            return Err(StoreError::Conflict("another person wrote in the register".to_owned()));
        }
        // What is closed was closed on its day, whatever is written in it later.
        let closed_at = closed.then(|| stored.closed_at.unwrap_or(at));
        sqlx::query("UPDATE incidents SET fields = $2, closed_at = $3 WHERE number = $1")
            .bind(number)
            .bind(sealed)
            .bind(closed_at.map(millis))
            .execute(&mut *tx)
            .await?;
        let what = if closed && stored.closed_at.is_none() { "close-incident" } else { "change-incident" };
        self.tell_incident(&mut tx, what, None, (number, login, at)).await?;
        tx.commit().await
    }

    async fn incidents(&self) -> Result<Vec<Incident>, StoreError> {
        let all = "SELECT number, case_id, opened_by, opened_at, closed_at, fields FROM incidents ORDER BY number DESC";
        let rows: Vec<IncidentRow> = sqlx::query_as(all).fetch_all(self.db.read()).await?;
        rows.into_iter().map(|row| self.incident(row)).collect()
    }

    async fn acts_of(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(String, String, u64)>, StoreError> {
        let mut acts: std::collections::BTreeMap<(String, String), u64> = std::collections::BTreeMap::new();
        let mut after = self.seq_before(since).await?;
        loop {
            let page = self.entries(None, after).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for entry in &page {
                let fields: Value = serde_json::from_str(&entry.entry).unwrap_or_default();
                let at = fields.get("at").and_then(Value::as_i64).unwrap_or(0);
                let word = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
                if (millis(since)..millis(until)).contains(&at) {
                    *acts.entry((word("actor"), word("what"))).or_default() += 1;
                }
            }
        }
        Ok(acts.into_iter().map(|((actor, what), often)| (actor, what, often)).collect())
    }
}

row! {
    struct IncidentRow {
        number: i64,
        case_id: Option<String>,
        opened_by: String,
        opened_at: i64,
        closed_at: Option<i64>,
        fields: Vec<u8>,
    }
}

/// The login of who may open and change incidents.
fn may_keep_the_register(actor: &Actor) -> Result<&str, StoreError> {
    match actor {
        Actor::Person { login, role, .. } if role.may(Right::OpenIncident) => Ok(login),
        _ => Err(StoreError::Refused("this role may not keep the register of incidents".to_owned())),
    }
}

impl SqlStore {
    async fn tell_incident(
        &self,
        tx: &mut Tx,
        what: &'static str,
        case: Option<&CaseId>,
        (number, actor, at): (i64, &str, Timestamp),
    ) -> Result<(), StoreError> {
        let facts = vec![("incident", json!(number))];
        audit::append(tx, self, audit::Entry { at, actor, what, case, text: None, facts }).await
    }

    fn incident(&self, row: IncidentRow) -> Result<Incident, StoreError> {
        let fields = match self.keys.can_open() {
            Ok(_) => Some(self.keys.unseal_json(&row.fields)?),
            Err(_) => None,
        };
        let case = row.case_id.map(|case| CaseId::parse(&case)).transpose();
        Ok(Incident {
            number: u64::try_from(row.number).unwrap_or(0),
            case: case.map_err(|_| StoreError::Damaged("an incident names no case".to_owned()))?,
            opened_by: row.opened_by,
            opened_at: time(row.opened_at)?,
            closed_at: row.closed_at.map(time).transpose()?,
            fields,
        })
    }

    /// The last entry safely before a moment. Clocks of several machines differ a little, so entries of the last checkpoint a day
    /// before are where reading begins.
    async fn seq_before(&self, at: Timestamp) -> Result<u64, StoreError> {
        let before = "SELECT max(seq) FROM checkpoints WHERE at < $1";
        let seq: Option<i64> = sqlx::query_scalar(before)
            .bind(millis(at).saturating_sub(86_400_000))
            .fetch_one(self.db.read())
            .await?;
        Ok(seq.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0))
    }
}
