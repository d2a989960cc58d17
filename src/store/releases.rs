//! Releases: intent, numbered tries, the milter's claim, and what is in doubt.
//!
//! A try is known by its number and the moment it was armed. Arming it again changes both, so that a copy sent
//! earlier and arriving late is no longer valid: at most one copy is ever let in.

use std::time::Duration;

use data_encoding::HEXLOWER as HEX;
use jiff::Timestamp;

use super::SqliteStore;
use super::db::{Tx, millis, span};
use super::rows::{CaseRow, select_cases};
use super::token::{LIFE_MILLIS, Token};
use crate::model::{CaseId, Envelope, Raw};
use crate::ports::{
    Claim, Desk, RELEASE_HEADER, ReleaseCopy, ReleaseOrder, Releases, Step, StoreError, step,
};
use crate::review::{Case, Transition};

/// A release that cannot be opened is tried again after this.
const AFTER_DAMAGE: i64 = 10 * 60 * 1_000;

/// Writes the intent. The table takes one release a case that has not failed.
pub(super) async fn intend(tx: &mut Tx, store: &SqliteStore, wanted: &Transition) -> Result<(), StoreError> {
    let reason = match &wanted.text {
        Some(text) => Some(store.keys.seal(text.reveal().as_bytes())?),
        None => None,
    };
    let at = millis(wanted.at);
    sqlx::query(
        "INSERT INTO releases (id, case_id, step, node, created_at, armed_at, not_before, reason) \
         VALUES (?, ?, 'prepared', ?, ?, ?, ?, ?)",
    )
    .bind(HEX.encode(&rand::random::<[u8; 8]>()))
    .bind(wanted.case.as_str())
    .bind(&store.node)
    .bind(at)
    .bind(at)
    .bind(at)
    .bind(reason)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Makes the last try void, and lets the next one be armed.
pub(super) async fn rearm(tx: &mut Tx, wanted: &Transition) -> Result<(), StoreError> {
    let again = sqlx::query(
        "UPDATE releases SET step = 'prepared', queue_id = NULL, armed_at = max(?2, armed_at + 1), not_before = ?3 \
         WHERE case_id = ?1 AND step IN ('prepared', 'accepted')",
    );
    let not_before = wanted.retry_at.unwrap_or(wanted.at);
    again
        .bind(wanted.case.as_str())
        .bind(millis(wanted.at))
        .bind(millis(not_before))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Ends the running release.
pub(super) async fn end(tx: &mut Tx, case: &CaseId, step: &str) -> Result<(), StoreError> {
    let ended = "UPDATE releases SET step = ? WHERE case_id = ? AND step IN ('prepared', 'accepted')";
    sqlx::query(ended).bind(step).bind(case.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// Number and queue id of the last try of a case.
pub(super) async fn last_try(
    tx: &mut Tx,
    case: &CaseId,
) -> Result<Option<(i64, Option<String>)>, StoreError> {
    let last = "SELECT attempt, queue_id FROM releases WHERE case_id = ? ORDER BY created_at DESC, rowid DESC LIMIT 1";
    Ok(sqlx::query_as(last).bind(case.as_str()).fetch_optional(&mut **tx).await?)
}

#[async_trait::async_trait]
impl Releases for SqliteStore {
    async fn arm_release(&self, now: Timestamp, lease: Duration) -> Result<Option<ReleaseOrder>, StoreError> {
        if self.next_try(now).await?.is_none() {
            return Ok(None);
        }
        let Some((case, token)) = self.number_try(now, lease).await? else { return Ok(None) };
        match self.order(&case, &token).await {
            Ok(order) => {
                step(Step::ReleaseArmed);
                Ok(Some(order))
            }
            Err(error) => {
                self.put_off(&token.release, millis(now).saturating_add(AFTER_DAMAGE)).await?;
                Err(error)
            }
        }
    }

    async fn resume(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        for taken in [
            "UPDATE releases SET not_before = min(not_before, ?1) WHERE node = ?2 AND step IN ('prepared', 'accepted')",
            "UPDATE notices SET due_at = min(due_at, ?1) WHERE node = ?2 AND state = 'pending'",
        ] {
            sqlx::query(taken).bind(millis(now)).bind(&self.node).execute(&mut *tx).await?;
        }
        tx.commit().await
    }

    async fn unsettled(&self, now: Timestamp) -> Result<Vec<Case>, StoreError> {
        let rows: Vec<CaseRow> = sqlx::query_as(select_cases!(
            "WHERE c.state = 'uncertain' OR (c.state = 'releasing' AND r.step = 'accepted' AND r.not_before <= ?) \
             ORDER BY c.received_at LIMIT 100"
        ))
        .bind(millis(now))
        .fetch_all(self.db.read())
        .await?;
        self.cases_of(rows)
    }
}

/// The next release that nobody works on.
const NEXT_TRY: &str = "SELECT r.id, r.case_id, r.attempt, r.armed_at FROM releases r \
     JOIN cases c ON c.id = r.case_id \
     WHERE r.step = 'prepared' AND r.not_before <= ? AND c.state = 'releasing' ORDER BY r.not_before LIMIT 1";

type Try = (String, String, i64, i64);

impl SqliteStore {
    async fn next_try(&self, now: Timestamp) -> Result<Option<Try>, StoreError> {
        Ok(sqlx::query_as(NEXT_TRY).bind(millis(now)).fetch_optional(self.db.read()).await?)
    }

    /// Takes the next try under a new number: whoever worked on the last one holds a void token now.
    async fn number_try(
        &self,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<(CaseId, Token)>, StoreError> {
        let mut tx = self.db.begin().await?;
        let next: Option<Try> = sqlx::query_as(NEXT_TRY).bind(millis(now)).fetch_optional(&mut *tx).await?;
        let Some((release, case, attempt, armed_at)) = next else {
            tx.rollback().await?;
            return Ok(None);
        };
        let token = Token { release, attempt: attempt + 1, armed_at: millis(now).max(armed_at + 1) };
        sqlx::query("UPDATE releases SET attempt = ?, armed_at = ?, not_before = ?, node = ? WHERE id = ?")
            .bind(token.attempt)
            .bind(token.armed_at)
            .bind(millis(now).saturating_add(span(lease)))
            .bind(&self.node)
            .bind(&token.release)
            .execute(&mut *tx)
            .await?;
        bump(&mut tx, &case).await?;
        tx.commit().await?;
        let case = CaseId::parse(&case);
        let case = case.map_err(|_| StoreError::Damaged("a release names no case".to_owned()))?;
        Ok(Some((case, token)))
    }

    async fn order(&self, id: &CaseId, token: &Token) -> Result<ReleaseOrder, StoreError> {
        let case = self.case(id).await?;
        let personal = case.and_then(|case| case.personal);
        let personal =
            personal.ok_or_else(|| StoreError::Key("the private key is needed to release".to_owned()))?;
        let envelope = Envelope { sender: personal.sender, recipients: personal.recipients };
        let content = self.content(id).await?;
        let header = format!("{RELEASE_HEADER}: {}", token.sign(&self.keys, &envelope, &content));
        let attempt = u32::try_from(token.attempt).unwrap_or(u32::MAX);
        Ok(ReleaseOrder { case: id.clone(), attempt, header, envelope, content: Raw(content) })
    }

    async fn put_off(&self, release: &str, until: i64) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let later = sqlx::query("UPDATE releases SET not_before = ? WHERE id = ? AND step = 'prepared'");
        later.bind(until).bind(release).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// The milter's claim: the first valid copy stores its queue id, durably, before the MTA hears a word.
    pub(super) async fn claim_copy(&self, copy: ReleaseCopy<'_>) -> Result<Claim, StoreError> {
        let Some(token) = Token::verify(&self.keys, copy.token, copy.envelope, copy.content) else {
            return Ok(Claim::NotOurs);
        };
        let mut tx = self.db.begin().await?;
        let row = sqlx::query_as::<_, (String, i64, i64, String)>(
            "SELECT case_id, attempt, armed_at, step FROM releases WHERE id = ?",
        );
        let row = row.bind(&token.release).fetch_optional(&mut *tx).await?;
        let Some((case, attempt, armed_at, stands)) = row else {
            tx.rollback().await?;
            return Ok(Claim::NotOurs);
        };
        let id = CaseId::parse(&case);
        let id = id.map_err(|_| StoreError::Damaged("a release names no case".to_owned()))?;
        let age = millis(copy.at).saturating_sub(token.armed_at);
        let current = (attempt, armed_at) == (token.attempt, token.armed_at);
        let told = match stands.as_str() {
            _ if !current || !(-60_000..=LIFE_MILLIS).contains(&age) => Some(Claim::Stale(id.clone())),
            "accepted" | "released" => Some(Claim::Repeat(id.clone())),
            "prepared" => None,
            _ => Some(Claim::Stale(id.clone())),
        };
        if let Some(told) = told {
            tx.rollback().await?;
            return Ok(told);
        }
        sqlx::query("UPDATE releases SET step = 'accepted', queue_id = ? WHERE id = ?")
            .bind(copy.queue_id.as_str())
            .bind(&token.release)
            .execute(&mut *tx)
            .await?;
        bump(&mut tx, &case).await?;
        tx.commit().await?;
        step(Step::ReleaseClaimed);
        Ok(Claim::First(id))
    }
}

/// Counts a change of the case, so that a decision taken on an older view is refused.
async fn bump(tx: &mut Tx, case: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE cases SET version = version + 1 WHERE id = ?").bind(case).execute(&mut **tx).await?;
    Ok(())
}
