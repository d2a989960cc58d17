//! Reveals: the entry of the audit trail is durable before anything is opened.

use jiff::Timestamp;
use serde_json::json;

use super::db::millis;
use super::{SqlStore, audit, counts};
use crate::model::Snippet;
use crate::ports::{Measure, Reveals, StoreError};
use crate::review::{RevealOrder, RevealWhat};

#[async_trait::async_trait]
impl Reveals for SqlStore {
    async fn reveal_snippet(&self, order: &RevealOrder) -> Result<Snippet, StoreError> {
        let RevealWhat::Finding(index) = order.what else {
            return Err(StoreError::Refused("this order is for the whole message".to_owned()));
        };
        self.note_reveal(order).await?;
        let sealed: Option<Option<Vec<u8>>> = sqlx::query_scalar("SELECT snippets FROM cases WHERE id = $1")
            .bind(order.case.as_str())
            .fetch_optional(self.db.read())
            .await?;
        let sealed = sealed.flatten();
        let sealed =
            sealed.ok_or_else(|| StoreError::Refused("no copy of the message is kept".to_owned()))?;
        let snippets: Vec<Snippet> = self.keys.unseal_json(&sealed)?;
        let snippet = usize::try_from(index).ok().and_then(|index| snippets.into_iter().nth(index));
        snippet.ok_or_else(|| StoreError::Refused("there is no such finding".to_owned()))
    }

    async fn reveal_message(&self, order: &RevealOrder) -> Result<Vec<u8>, StoreError> {
        if order.what != RevealWhat::Message {
            return Err(StoreError::Refused("this order is for one finding".to_owned()));
        }
        self.note_reveal(order).await?;
        let mut clear = self.open_content(&order.case).await?;
        Ok(std::mem::take(&mut *clear))
    }

    async fn reveals_since(&self, since: Timestamp) -> Result<Vec<(String, u64)>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT actor, count(*) AS often FROM reveals WHERE at >= $1 GROUP BY actor ORDER BY often DESC, actor",
        )
        .bind(millis(since))
        .fetch_all(self.db.read())
        .await?;
        Ok(rows.into_iter().map(|(actor, often)| (actor, u64::try_from(often).unwrap_or(0))).collect())
    }
}

impl SqlStore {
    async fn note_reveal(&self, order: &RevealOrder) -> Result<(), StoreError> {
        self.keys.can_open()?;
        let finding = match order.what {
            RevealWhat::Finding(index) => json!(index),
            RevealWhat::Message => json!("message"),
        };
        let mut tx = self.db.begin().await?;
        let kept = "SELECT sender_domain FROM cases WHERE id = $1 AND content IS NOT NULL";
        let kept: Option<String> =
            sqlx::query_scalar(kept).bind(order.case.as_str()).fetch_optional(&mut *tx).await?;
        let Some(department) = kept else {
            tx.rollback().await?;
            return Err(StoreError::Refused("no copy of the message is kept".to_owned()));
        };
        sqlx::query("INSERT INTO reveals (at, actor, case_id) VALUES ($1, $2, $3)")
            .bind(millis(order.at))
            .bind(order.actor.as_str())
            .bind(order.case.as_str())
            .execute(&mut *tx)
            .await?;
        let entry = audit::Entry {
            at: order.at,
            actor: &order.actor,
            what: "reveal",
            case: Some(&order.case),
            text: None,
            facts: vec![("finding", finding), ("reason", json!(order.reason.name()))],
        };
        audit::append(&mut tx, self, entry).await?;
        counts::add(&mut tx, order.at, Measure::Reveals, order.reason.name(), &department, 1).await?;
        tx.commit().await
    }
}
