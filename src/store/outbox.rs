//! Notices wait here until the MTA took them. Warnings to one sender are grouped: the first leaves at once,
//! what follows within the window leaves together at its end.

use std::time::Duration;

use data_encoding::HEXLOWER as HEX;
use jiff::Timestamp;

use super::db::{Tx, locked, millis, never_due, span};
use super::row::row;
use super::{SqlStore, audit};
use crate::model::{CaseId, NoticeKind, NoticeOrder};
use crate::notices;
use crate::ports::{ClaimedNotice, Outbox, Posted, Step, StoreError, step};

/// Most warnings told in one notice.
const GROUP: i64 = 100;

/// A notice that the key at hand does not open is tried again after this.
const AFTER_KEY: i64 = 10 * 60 * 1_000;

/// Parts the claims of notices from other locks.
const CLAIMS: &[u8; 8] = b"outbox-1";

/// Queues a notice in the transaction of what it tells.
pub(super) async fn enqueue(
    tx: &mut Tx,
    store: &SqlStore,
    order: &NoticeOrder,
    now: Timestamp,
) -> Result<(), StoreError> {
    let now = millis(now);
    // An emergency waits for no company.
    let grouped = order.kind == NoticeKind::Warned && !notices::is_urgent(order);
    let sender = grouped.then(|| store.keys.blind(&order.to));
    let due = match &sender {
        Some(sender) => after_last_warning(tx, sender, now, span(store.group_warnings)).await?,
        None => now,
    };
    sqlx::query(
        "INSERT INTO notices (id, case_id, kind, sender_index, state, planned_at, due_at, created_at, payload) \
         VALUES ($1, $2, $3, $4, 'pending', $5, $6, $7, $8)",
    )
    .bind(HEX.encode(&rand::random::<[u8; 16]>()))
    .bind(order.case.as_str())
    .bind(order.kind.name())
    .bind(sender)
    .bind(due)
    .bind(due)
    .bind(now)
    .bind(store.keys.seal_json(order)?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// When a warning to this sender may leave.
async fn after_last_warning(tx: &mut Tx, sender: &[u8], now: i64, window: i64) -> Result<i64, StoreError> {
    let last = sqlx::query_scalar::<_, Option<i64>>(
        // What a clock that ran ahead planned for later than a window from now says nothing of the last one.
        "SELECT max(planned_at) FROM notices WHERE kind = 'warned' AND sender_index = $1 AND planned_at <= $2",
    );
    let last = last.bind(sender).bind(now.saturating_add(window)).fetch_one(&mut **tx).await?;
    Ok(match last {
        Some(planned) if planned > now => planned,
        Some(planned) if planned.saturating_add(window) > now => planned.saturating_add(window),
        _ => now,
    })
}

row! {
    struct Due {
        id: String,
        kind: String,
        sender_index: Option<Vec<u8>>,
        leader: Option<String>,
        tries: i64,
    }
}

#[async_trait::async_trait]
impl Outbox for SqlStore {
    async fn claim_notice(
        &self,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<ClaimedNotice>, StoreError> {
        self.keys.can_open()?;
        if self.nothing_due(now).await? {
            return Ok(None);
        }
        let mut tx = self.db.begin().await?;
        // Of two workers that gather the same sender's warnings, one would tell what the other tells too.
        self.db.only_one(&mut tx, CLAIMS).await?;
        let due: Option<Due> = sqlx::query_as(locked!(
            self.db,
            "SELECT id, kind, sender_index, leader, tries FROM notices \
             WHERE state = 'pending' AND (due_at <= $1 OR due_at > $2) ORDER BY due_at, created_at LIMIT 1",
            "FOR UPDATE SKIP LOCKED"
        ))
        .bind(millis(now))
        .bind(self.never_due(now))
        .fetch_optional(&mut *tx)
        .await?;
        let Some(due) = due else {
            tx.rollback().await?;
            return Ok(None);
        };
        gather(&mut tx, &due, millis(now), self.never_due(now)).await?;
        // What was planned for later was planned by a clock that ran ahead: it waits since now.
        let taken = sqlx::query(
            "UPDATE notices SET due_at = $1, node = $2, tries = tries + 1, \
             planned_at = CASE WHEN planned_at > $4 THEN $4 ELSE planned_at END WHERE id = $3",
        );
        let until = millis(now).saturating_add(span(lease));
        let taken = taken.bind(until).bind(self.node.as_str()).bind(due.id.as_str()).bind(millis(now));
        taken.execute(&mut *tx).await?;
        let payloads: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT payload FROM notices WHERE (id = $1 OR leader = $1) AND payload IS NOT NULL \
             ORDER BY created_at, id",
        )
        .bind(due.id.as_str())
        .fetch_all(&mut *tx)
        .await?;
        let orders: Result<Vec<NoticeOrder>, StoreError> =
            payloads.iter().map(|payload| self.keys.unseal_json(payload)).collect();
        if matches!(orders, Err(StoreError::Key(_))) {
            // The key is wrong, not the notice: it waits for the right one, and no try was made.
            let wait =
                sqlx::query("UPDATE notices SET due_at = $1, node = NULL, tries = tries - 1 WHERE id = $2");
            let until = millis(now).saturating_add(AFTER_KEY);
            wait.bind(until).bind(due.id.as_str()).execute(&mut *tx).await?;
            tx.commit().await?;
            return orders.map(|_| None);
        }
        if let Err(error) = orders {
            self.tell_failure(&mut tx, &due.id, now).await?;
            close(&mut tx, &due.id, "failed", millis(now)).await?;
            tx.commit().await?;
            return Err(error);
        }
        tx.commit().await?;
        step(Step::NoticeClaimed);
        Ok(Some(ClaimedNotice {
            id: due.id,
            tries: u32::try_from(due.tries).unwrap_or(u32::MAX),
            orders: orders?,
        }))
    }

    async fn settle_notice(&self, id: &str, posted: Posted, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        match posted {
            Posted::Sent => close(&mut tx, id, "sent", millis(now)).await?,
            Posted::Again(at) => {
                let again = sqlx::query(
                    "UPDATE notices SET due_at = $1, node = NULL WHERE id = $2 AND state = 'pending'",
                );
                again.bind(millis(at)).bind(id).execute(&mut *tx).await?;
            }
            Posted::Failed => {
                self.tell_failure(&mut tx, id, now).await?;
                close(&mut tx, id, "failed", millis(now)).await?;
            }
        }
        tx.commit().await?;
        step(Step::NoticeFinal);
        Ok(())
    }
}

impl SqlStore {
    /// Past this moment nothing is due by a clock that is right, warnings within their window included.
    fn never_due(&self, now: Timestamp) -> i64 {
        never_due(now).saturating_add(span(self.group_warnings))
    }

    async fn nothing_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        let due = "SELECT 1 FROM notices WHERE state = 'pending' AND (due_at <= $1 OR due_at > $2) LIMIT 1";
        let due = sqlx::query_scalar::<_, i64>(due).bind(millis(now)).bind(self.never_due(now));
        Ok(due.fetch_optional(self.db.read()).await?.is_none())
    }

    async fn tell_failure(&self, tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let told =
            "SELECT DISTINCT case_id FROM notices WHERE (id = $1 OR leader = $1) AND state <> 'failed'";
        let cases: Vec<String> = sqlx::query_scalar(told).bind(id).fetch_all(&mut **tx).await?;
        for case in cases {
            let case =
                CaseId::parse(&case).map_err(|_| StoreError::Damaged("a notice names no case".to_owned()))?;
            audit::append(tx, self, audit::Entry::of_service(now, "notice-failed", &case)).await?;
        }
        Ok(())
    }
}

/// Joins the other due warnings of the same sender to this one, for good: a retry tells the same ones.
async fn gather(tx: &mut Tx, due: &Due, now: i64, never: i64) -> Result<(), StoreError> {
    let Some(sender) = due.sender_index.as_ref().filter(|_| due.leader.is_none() && due.kind == "warned")
    else {
        return Ok(());
    };
    sqlx::query(
        "UPDATE notices SET leader = $1, state = CASE WHEN id = $1 THEN 'pending' ELSE 'joined' END WHERE id IN \
         (SELECT id FROM notices WHERE kind = 'warned' AND sender_index = $2 AND state = 'pending' \
          AND leader IS NULL AND (planned_at <= $3 OR planned_at > $5) ORDER BY created_at LIMIT $4) OR id = $1",
    )
    .bind(due.id.as_str())
    .bind(sender)
    .bind(now)
    .bind(GROUP)
    .bind(never)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends a notice and those joined to it; what it said is wiped.
async fn close(tx: &mut Tx, id: &str, state: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE notices SET state = $2, sent_at = $3, payload = NULL WHERE id = $1 OR leader = $1")
        .bind(id)
        .bind(state)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
