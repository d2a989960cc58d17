//! Releases: intent, numbered tries, the milter's claim, and what is in doubt.
//!
//! A try is known by its number and the moment it was armed. Arming it again changes both, so that a copy sent
//! earlier and arriving late is no longer valid: at most one copy is ever let in.

use std::time::Duration;

use data_encoding::HEXLOWER as HEX;
use jiff::Timestamp;

use super::SqlStore;
use super::db::{AHEAD, Tx, locked, millis, never_due, span};
use super::rows::{CaseRow, select_cases};
use super::token::{LIFE_MILLIS, Token};
use crate::model::{CaseId, Masked, Raw};
use crate::plan::Claim;
use crate::ports::{Desk, RELEASE_HEADER, ReleaseCopy, ReleaseOrder, Releases, Step, StoreError, step};
use crate::review::{Action, Actor, Case, Intent, Transition, act};

/// A release that cannot be opened is tried again after this.
const AFTER_DAMAGE: i64 = 10 * 60 * 1_000;

/// Writes the intent. The table takes one release a case that has not failed.
pub(super) async fn intend(
    tx: &mut Tx,
    store: &SqlStore,
    wanted: &Transition,
    intent: &Intent,
) -> Result<(), StoreError> {
    let reason = match &intent.reason {
        Some(text) => Some(store.keys.seal(text.reveal().as_bytes())?),
        None => None,
    };
    let at = millis(wanted.at);
    sqlx::query(
        "INSERT INTO releases (id, case_id, step, node, created_at, armed_at, not_before, reason, encrypted) \
         VALUES ($1, $2, 'prepared', $3, $4, $5, $6, $7, $8)",
    )
    .bind(HEX.encode(&rand::random::<[u8; 8]>()))
    .bind(wanted.case.as_str())
    .bind(store.node.as_str())
    .bind(at)
    .bind(at)
    .bind(at)
    .bind(reason)
    .bind(i64::from(intent.encrypted))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Makes the last try void, and lets the next one be armed.
pub(super) async fn rearm(tx: &mut Tx, wanted: &Transition) -> Result<(), StoreError> {
    let again = sqlx::query(
        "UPDATE releases SET step = 'prepared', queue_id = NULL, answer = NULL, not_before = $3, \
         armed_at = CASE WHEN armed_at < $2 THEN $2 ELSE armed_at + 1 END \
         WHERE case_id = $1 AND step IN ('prepared', 'accepted')",
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
    let ended = "UPDATE releases SET step = $1 WHERE case_id = $2 AND step IN ('prepared', 'accepted')";
    sqlx::query(ended).bind(step).bind(case.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// Number and queue id of the last try of a case.
pub(super) async fn last_try(
    tx: &mut Tx,
    case: &CaseId,
) -> Result<Option<(i64, Option<String>)>, StoreError> {
    let last = "SELECT attempt, queue_id FROM releases WHERE case_id = $1 \
         ORDER BY created_at DESC, CASE step WHEN 'failed' THEN 1 ELSE 0 END LIMIT 1";
    Ok(sqlx::query_as(last).bind(case.as_str()).fetch_optional(&mut **tx).await?)
}

#[async_trait::async_trait]
impl Releases for SqlStore {
    async fn arm_release(&self, now: Timestamp, lease: Duration) -> Result<Option<ReleaseOrder>, StoreError> {
        self.doubt_rewound(now).await?;
        if self.next_try(now).await?.is_none() {
            return Ok(None);
        }
        let Some((case, token)) = self.number_try(now, lease).await? else { return Ok(None) };
        match self.order(&case, &token).await {
            Ok(order) => {
                step(Step::ReleaseArmed);
                Ok(Some(order))
            }
            // Trying again brings no message back that is gone.
            Err(StoreError::Damaged(why)) if self.hold_again(&case, &why, now).await? => {
                Err(StoreError::Damaged(format!("case {case}, now held again: {why}")))
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
            "UPDATE releases SET not_before = $1 WHERE not_before > $1 AND node = $2 AND step IN ('prepared', 'accepted')",
            "UPDATE notices SET due_at = $1 WHERE due_at > $1 AND node = $2 AND state = 'pending'",
        ] {
            sqlx::query(taken).bind(millis(now)).bind(self.node.as_str()).execute(&mut *tx).await?;
        }
        tx.commit().await
    }

    async fn unsettled(&self, now: Timestamp) -> Result<Vec<Case>, StoreError> {
        let rows: Vec<CaseRow> = sqlx::query_as(select_cases!(
            "WHERE c.state = 'uncertain' OR (c.state = 'releasing' AND r.step = 'accepted' \
             AND (r.not_before <= $1 OR r.not_before > $2)) ORDER BY c.received_at LIMIT 100"
        ))
        .bind(millis(now))
        .bind(never_due(now))
        .fetch_all(self.db.read())
        .await?;
        self.cases_of(rows)
    }
}

/// The case of the next release that nobody works on.
macro_rules! next_try {
    () => {
        "SELECT c.id FROM cases c JOIN releases r ON r.case_id = c.id \
         WHERE r.step = 'prepared' AND (r.not_before <= $1 OR r.not_before > $2) AND c.state = 'releasing' ORDER BY r.not_before LIMIT 1"
    };
}

/// The release of that case, looked at again once the case is locked.
const ITS_TRY: &str = "SELECT id, case_id, attempt, armed_at FROM releases \
     WHERE case_id = $1 AND step = 'prepared' AND (not_before <= $2 OR not_before > $3)";

type Try = (String, String, i64, i64);

impl SqlStore {
    async fn next_try(&self, now: Timestamp) -> Result<Option<String>, StoreError> {
        let next = sqlx::query_scalar(next_try!()).bind(millis(now)).bind(never_due(now));
        Ok(next.fetch_optional(self.db.read()).await?)
    }

    /// Takes the next try under a new number: whoever worked on the last one holds a void token now. Every change of a release
    /// locks its case first, so that no two wait for one another.
    async fn number_try(
        &self,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<(CaseId, Token)>, StoreError> {
        let mut tx = self.db.begin().await?;
        let next = locked!(self.db, next_try!(), "FOR UPDATE OF c SKIP LOCKED");
        let case: Option<String> =
            sqlx::query_scalar(next).bind(millis(now)).bind(never_due(now)).fetch_optional(&mut *tx).await?;
        let next: Option<Try> = match case {
            Some(case) => {
                let its_try = sqlx::query_as(ITS_TRY).bind(case).bind(millis(now)).bind(never_due(now));
                its_try.fetch_optional(&mut *tx).await?
            }
            None => None,
        };
        let Some((release, case, attempt, armed_at)) = next else {
            tx.rollback().await?;
            return Ok(None);
        };
        // The number alone parts this try from the last; a moment that is still to come would make its copy one of the future, refused.
        let ahead = armed_at > millis(now).saturating_add(AHEAD);
        let armed_at = if ahead { millis(now) } else { millis(now).max(armed_at + 1) };
        let token = Token { release, attempt: attempt + 1, armed_at };
        sqlx::query(
            "UPDATE releases SET attempt = $1, armed_at = $2, not_before = $3, node = $4 WHERE id = $5",
        )
        .bind(token.attempt)
        .bind(token.armed_at)
        .bind(millis(now).saturating_add(span(lease)))
        .bind(self.node.as_str())
        .bind(token.release.as_str())
        .execute(&mut *tx)
        .await?;
        bump(&mut tx, &case).await?;
        tx.commit().await?;
        Ok(Some((case_of_release(&case)?, token)))
    }

    async fn order(&self, id: &CaseId, token: &Token) -> Result<ReleaseOrder, StoreError> {
        let case = self.case(id).await?;
        let encrypted = case.as_ref().and_then(|case| case.release.as_ref()).is_some_and(|it| it.encrypted);
        let personal = case.and_then(|case| case.personal);
        let personal =
            personal.ok_or_else(|| StoreError::Key("the private key is needed to release".to_owned()))?;
        let envelope = personal.into_envelope();
        let mut content = self.content(id).await?;
        if encrypted {
            content = self.encryption.mark(&content);
        }
        let header = format!("{RELEASE_HEADER}: {}", token.sign(&self.keys, &envelope, &content));
        let attempt = u32::try_from(token.attempt).unwrap_or(u32::MAX);
        Ok(ReleaseOrder { case: id.clone(), attempt, header, envelope, content: Raw(content) })
    }

    /// Gives up a release whose message is not what was kept, or not there; `false` where the case says no.
    async fn hold_again(&self, id: &CaseId, why: &str, now: Timestamp) -> Result<bool, StoreError> {
        let Ok(Some(case)) = self.case(id).await else { return Ok(false) };
        let text = Masked::new(format!("it cannot be sent: {why}"));
        let Ok(held) = act(&case, Action::GiveUp, &Actor::Service, Some(text), now) else { return Ok(false) };
        self.apply(&held).await.map(|_version| true)
    }

    async fn put_off(&self, release: &str, until: i64) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let later = sqlx::query("UPDATE releases SET not_before = $1 WHERE id = $2 AND step = 'prepared'");
        later.bind(until).bind(release).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// The milter's claim: the first valid copy stores its queue id, durably, before the MTA hears a word.
    pub(super) async fn claim_copy(&self, copy: ReleaseCopy<'_>) -> Result<Claim, StoreError> {
        let Some((token, mac)) = Token::read(copy.token) else { return Ok(Claim::Foreign) };
        if !token.proves(&mac, &self.keys, copy.envelope, copy.content) {
            return self.unproven(&token).await;
        }
        let mut tx = self.db.begin().await?;
        // The case is locked first; the release is read by a statement of its own, which sees what was committed until then.
        let its_case = locked!(
            self.db,
            "SELECT c.id FROM cases c WHERE c.id = (SELECT case_id FROM releases WHERE id = $1)",
            "FOR UPDATE OF c"
        );
        sqlx::query(its_case).bind(token.release.as_str()).fetch_optional(&mut *tx).await?;
        let row = sqlx::query_as::<_, (String, i64, i64, String)>(
            "SELECT case_id, attempt, armed_at, step FROM releases WHERE id = $1",
        );
        let row = row.bind(token.release.as_str()).fetch_optional(&mut *tx).await?;
        let Some((case, attempt, armed_at, stands)) = row else {
            tx.rollback().await?;
            return Ok(Claim::Foreign);
        };
        let id = case_of_release(&case)?;
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
        sqlx::query("UPDATE releases SET step = 'accepted', queue_id = $1 WHERE id = $2")
            .bind(copy.queue_id.as_str())
            .bind(token.release.as_str())
            .execute(&mut *tx)
            .await?;
        bump(&mut tx, &case).await?;
        tx.commit().await?;
        step(Step::ReleaseClaimed);
        Ok(Claim::First(id))
    }

    /// A token that does not prove its message. Numbers of releases are random and leave this machine with no delivered message, so
    /// one that exists tells of a copy of ours.
    async fn unproven(&self, token: &Token) -> Result<Claim, StoreError> {
        let named = sqlx::query_scalar::<_, String>("SELECT case_id FROM releases WHERE id = $1");
        let named = named.bind(token.release.as_str()).fetch_optional(self.db.read()).await?;
        named.map_or(Ok(Claim::Foreign), |case| Ok(Claim::Altered(case_of_release(&case)?)))
    }
}

fn case_of_release(id: &str) -> Result<CaseId, StoreError> {
    CaseId::parse(id).map_err(|_| StoreError::Damaged("a release names no case".to_owned()))
}

/// Counts a change of the case, so that a decision taken on an older view is refused.
async fn bump(tx: &mut Tx, case: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE cases SET version = version + 1 WHERE id = $1").bind(case).execute(&mut **tx).await?;
    Ok(())
}
