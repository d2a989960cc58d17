//! The reviewers' side: list, look, decide, verify.

use jiff::Timestamp;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::content::Stored;
use super::db::{Tx, millis, time};
use super::rows::{CaseRow, Fields, select_cases};
use super::{SqliteStore, audit, outbox, releases};
use crate::model::{CaseId, CaseState};
use crate::ports::{CaseFilter, Desk, Figures, Step, StoreError, Trail, step};
use crate::review::{Case, Past, Transition};

/// Cases listed when no number is asked for.
const PAGE: u32 = 50;

#[async_trait::async_trait]
impl Desk for SqliteStore {
    async fn cases(&self, filter: &CaseFilter) -> Result<Vec<Case>, StoreError> {
        let states: Vec<&str> = filter.states.iter().map(|state| state.name()).collect();
        let rows: Vec<CaseRow> = sqlx::query_as(select_cases!(
            "WHERE (?1 = '[]' OR c.state IN (SELECT value FROM json_each(?1))) \
             AND (?2 IS NULL OR c.id IN (SELECT case_id FROM addresses WHERE address_index = ?2)) \
             AND c.received_at < ?3 ORDER BY c.received_at DESC LIMIT ?4"
        ))
        .bind(json!(states).to_string())
        .bind(filter.address.as_ref().map(|address| self.keys.blind(address)))
        .bind(filter.before.map_or(i64::MAX, millis))
        .bind(i64::from(if filter.limit == 0 { PAGE } else { filter.limit }))
        .fetch_all(self.db.read())
        .await?;
        rows.into_iter().map(|row| self.case_of(row, Fields::Sealed)).collect()
    }

    async fn case(&self, id: &CaseId) -> Result<Option<Case>, StoreError> {
        let row: Option<CaseRow> = sqlx::query_as(select_cases!("WHERE c.id = ?"))
            .bind(id.as_str())
            .fetch_optional(self.db.read())
            .await?;
        row.map(|row| self.case_of(row, Fields::Opened)).transpose()
    }

    async fn history(&self, id: &CaseId) -> Result<Vec<Past>, StoreError> {
        self.past_of(id).await
    }

    async fn content(&self, id: &CaseId) -> Result<Vec<u8>, StoreError> {
        let mut clear = self.open_content(id).await?;
        Ok(std::mem::take(&mut *clear))
    }

    async fn apply(&self, transition: &Transition) -> Result<i64, StoreError> {
        let mut tx = self.db.begin().await?;
        self.move_case(&mut tx, transition).await?;
        self.move_release(&mut tx, transition).await?;
        if let Some(notice) = &transition.notice {
            outbox::enqueue(&mut tx, self, notice, transition.at).await?;
        }
        self.write_down(&mut tx, transition).await?;
        let intent = transition.to == CaseState::Releasing && transition.from == CaseState::Held;
        if intent {
            step(Step::ReleaseIntended);
        }
        tx.commit().await?;
        if intent {
            step(Step::ReleaseIntent);
        }
        if transition.to == CaseState::Released && transition.from != CaseState::Released {
            step(Step::ReleaseFinal);
        }
        Ok(transition.version + 1)
    }

    async fn figures(&self) -> Result<Figures, StoreError> {
        let counts: Vec<(String, i64)> = sqlx::query_as("SELECT state, count(*) FROM cases GROUP BY state")
            .fetch_all(self.db.read())
            .await?;
        let count = |state: CaseState| {
            let counted = counts.iter().find(|(name, _)| name == state.name());
            counted.map_or(0, |(_, count)| u64::try_from(*count).unwrap_or(0))
        };
        let waiting = "SELECT count(*), min(planned_at) FROM notices WHERE state = 'pending'";
        let (notices, oldest): (i64, Option<i64>) = sqlx::query_as(waiting).fetch_one(self.db.read()).await?;
        Ok(Figures {
            cases: CaseState::ALL.into_iter().map(|state| (state, count(state))).collect(),
            notices: u64::try_from(notices).unwrap_or(0),
            oldest_notice: oldest.map(time).transpose()?,
        })
    }

    async fn verify_audit(&self) -> Result<Trail, StoreError> {
        self.walk_audit().await
    }
}

impl SqliteStore {
    /// Opens the sealed copy of a case.
    pub(super) async fn open_content(&self, id: &CaseId) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let row = sqlx::query_as::<_, (Option<String>, Option<Vec<u8>>)>(
            "SELECT content, digest FROM cases WHERE id = ?",
        );
        let row = row.bind(id.as_str()).fetch_optional(self.db.read()).await?;
        let Some((Some(name), Some(digest))) = row else {
            return Err(StoreError::Refused("no copy of the message is kept".to_owned()));
        };
        let (folder, keys) = (self.content.clone(), self.keys.clone());
        let opened = tokio::task::spawn_blocking(move || folder.read(&keys, &Stored { name, digest }));
        opened.await.map_err(|_| StoreError::Unavailable("opening the message failed".to_owned()))?
    }

    /// Changes the state, if the case is still as it was seen.
    async fn move_case(&self, tx: &mut Tx, transition: &Transition) -> Result<(), StoreError> {
        let decided = match transition.to {
            CaseState::Held => None,
            _ if transition.to == transition.from => None,
            _ => Some(millis(transition.at)),
        };
        let keeps = transition.to == transition.from;
        let moved = sqlx::query(
            "UPDATE cases SET state = ?, version = version + 1, \
             decided_at = CASE WHEN ? THEN decided_at ELSE ? END WHERE id = ? AND version = ? AND state = ?",
        )
        .bind(transition.to.name())
        .bind(keeps)
        .bind(decided)
        .bind(transition.case.as_str())
        .bind(transition.version)
        .bind(transition.from.name())
        .execute(&mut **tx)
        .await?;
        if moved.rows_affected() == 1 {
            return Ok(());
        }
        Err(last_hand(tx, &transition.case).await?)
    }

    async fn move_release(&self, tx: &mut Tx, transition: &Transition) -> Result<(), StoreError> {
        match (transition.from, transition.to) {
            (CaseState::Held, CaseState::Releasing) => releases::intend(tx, self, transition).await,
            (CaseState::Releasing | CaseState::Uncertain, CaseState::Releasing)
                if transition.what == "retry" =>
            {
                releases::rearm(tx, transition).await
            }
            (CaseState::Releasing | CaseState::Uncertain, CaseState::Released) => {
                releases::end(tx, &transition.case, "released").await
            }
            (CaseState::Releasing | CaseState::Uncertain, CaseState::Held) => {
                releases::end(tx, &transition.case, "failed").await
            }
            _ => Ok(()),
        }
    }

    async fn write_down(&self, tx: &mut Tx, transition: &Transition) -> Result<(), StoreError> {
        let mut facts = vec![("from", json!(transition.from.name())), ("to", json!(transition.to.name()))];
        if let Some((attempt, queue_id)) = releases::last_try(tx, &transition.case).await? {
            facts.push(("attempt", json!(attempt)));
            facts.push(("queue_id", queue_id.map_or(Value::Null, Value::String)));
        }
        let entry = audit::Entry {
            at: transition.at,
            actor: &transition.actor,
            what: transition.what,
            case: Some(&transition.case),
            text: transition.text.as_ref(),
            facts,
        };
        audit::append(tx, &self.keys, entry).await
    }
}

/// Says who changed the case last, for the one who comes second.
async fn last_hand(tx: &mut Tx, case: &CaseId) -> Result<StoreError, StoreError> {
    let last = sqlx::query_scalar::<_, String>(
        "SELECT entry FROM audit WHERE case_id = ? ORDER BY seq DESC LIMIT 1",
    );
    let Some(entry) = last.bind(case.as_str()).fetch_optional(&mut **tx).await? else {
        return Ok(StoreError::Refused("there is no case of this number".to_owned()));
    };
    let fields: Value = serde_json::from_str(&entry).unwrap_or_default();
    let word = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
    let at = fields.get("at").and_then(Value::as_i64).map(time).transpose()?.unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(StoreError::Conflict(format!("{} by {} at {at:.0}", word("what"), word("actor"))))
}
