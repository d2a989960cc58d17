//! From rows to cases.

use serde::{Deserialize, Serialize};

use super::SqliteStore;
use super::db::time;
use crate::model::{
    ArticleId, ArticleRef, CaseId, CaseState, Disposition, FoundAt, GapReason, Masked, QueueId,
};
use crate::ports::StoreError;
use crate::review::{Case, Release, ReleaseStep};

/// Columns of a case with its running or ended release, in the order of [`CaseRow`].
macro_rules! select_cases {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.opened_as, c.state, c.version, c.received_at, c.decided_at, c.repeats, c.size, \
             c.sender_domain, c.recipients, c.domains, c.facts, c.personal, c.content, r.attempt, r.step, \
             r.armed_at, r.queue_id, r.reason \
             FROM cases c LEFT JOIN releases r ON r.case_id = c.id AND r.step <> 'failed' ",
            $rest
        )
    };
}
pub(super) use select_cases;

/// One row of [`select_cases`].
#[derive(sqlx::FromRow)]
pub(super) struct CaseRow {
    id: String,
    opened_as: String,
    state: String,
    version: i64,
    received_at: i64,
    decided_at: Option<i64>,
    repeats: i64,
    size: i64,
    sender_domain: String,
    recipients: i64,
    domains: String,
    facts: String,
    personal: Vec<u8>,
    content: Option<String>,
    attempt: Option<i64>,
    step: Option<String>,
    armed_at: Option<i64>,
    queue_id: Option<String>,
    reason: Option<Vec<u8>>,
}

/// What a case says in clear, as one JSON column.
#[derive(Serialize, Deserialize)]
pub(super) struct Facts {
    pub(super) articles: Vec<ArticleRef>,
    pub(super) article_ids: Vec<ArticleId>,
    pub(super) found: Vec<FoundAt>,
    pub(super) gaps: Vec<GapReason>,
}

/// Whether sealed fields are opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fields {
    /// Left as they are.
    Sealed,
    /// Opened when the private key is at hand.
    Opened,
}

impl SqliteStore {
    /// Reads the cases that a worker goes through. One that is damaged is told and left aside, so that it stops no other.
    pub(super) fn cases_of(&self, rows: Vec<CaseRow>) -> Result<Vec<Case>, StoreError> {
        let mut cases = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.id.clone();
            match self.case_of(row, Fields::Opened) {
                Ok(case) => cases.push(case),
                Err(StoreError::Damaged(cause)) => tracing::error!(case = id, cause, "a case cannot be read"),
                Err(error) => return Err(error),
            }
        }
        Ok(cases)
    }

    /// Reads a case out of its row.
    pub(super) fn case_of(&self, row: CaseRow, fields: Fields) -> Result<Case, StoreError> {
        let opened = fields == Fields::Opened && self.keys.identity.is_some();
        let facts: Facts = serde_json::from_str(&row.facts).map_err(|_| damaged("facts"))?;
        let release = match &row.step {
            Some(_) => Some(self.release_of(&row, opened)?),
            None => None,
        };
        Ok(Case {
            id: CaseId::parse(&row.id).map_err(|_| damaged("number"))?,
            state: CaseState::from_name(&row.state).ok_or_else(|| damaged("state"))?,
            version: row.version,
            opened_as: disposition(&row.opened_as).ok_or_else(|| damaged("opening"))?,
            received_at: time(row.received_at)?,
            decided_at: row.decided_at.map(time).transpose()?,
            repeats: u32::try_from(row.repeats).unwrap_or(u32::MAX),
            size: u64::try_from(row.size).unwrap_or(0),
            sender_domain: row.sender_domain,
            recipients: u32::try_from(row.recipients).unwrap_or(u32::MAX),
            domains: serde_json::from_str(&row.domains).map_err(|_| damaged("domains"))?,
            articles: facts.articles,
            article_ids: facts.article_ids,
            found: facts.found,
            gaps: facts.gaps,
            kept: row.content.is_some(),
            release,
            personal: if opened { Some(self.keys.unseal_json(&row.personal)?) } else { None },
        })
    }

    fn release_of(&self, row: &CaseRow, opened: bool) -> Result<Release, StoreError> {
        let step = row.step.as_deref().and_then(ReleaseStep::from_name);
        let reason = match row.reason.as_deref().filter(|_| opened) {
            Some(sealed) => Some(self.keys.unseal(sealed)?),
            None => None,
        };
        Ok(Release {
            attempt: u32::try_from(row.attempt.unwrap_or(0)).unwrap_or(0),
            step: step.ok_or_else(|| damaged("release"))?,
            armed_at: time(row.armed_at.unwrap_or(0))?,
            queue_id: row.queue_id.as_deref().and_then(QueueId::parse),
            reason: reason.map(|clear| Masked::new(String::from_utf8_lossy(&clear))),
        })
    }
}

fn damaged(field: &str) -> StoreError {
    StoreError::Damaged(format!("the {field} of a case cannot be read"))
}

/// The name of a disposition in the database.
pub(super) fn disposition_name(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Refused => "refused",
        Disposition::Warned => "warned",
        Disposition::Held => "held",
    }
}

fn disposition(name: &str) -> Option<Disposition> {
    [Disposition::Refused, Disposition::Warned, Disposition::Held]
        .into_iter()
        .find(|disposition| disposition_name(*disposition) == name)
}
