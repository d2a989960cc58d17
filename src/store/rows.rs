//! From rows to cases.

use serde::{Deserialize, Serialize};

use super::SqlStore;
use super::db::time;
use super::row::row;
use crate::model::{
    ArticleId, ArticleRef, CaseFinding, CaseId, CaseState, Disposition, FoundAt, GapReason, Masked, QueueId,
};
use crate::ports::StoreError;
use crate::review::{Case, Lease, LegalHold, Proposal, Release, ReleaseStep, SenderSays, SenderWord};

/// Columns of a case with its running or ended release, in the order of [`CaseRow`].
macro_rules! select_cases {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.opened_as, c.state, c.version, c.received_at, c.decided_at, c.outcome, c.repeats, c.size, \
             c.sender_domain, c.recipients, c.domains, c.facts, c.personal, c.content, c.severity, c.two_persons, \
             c.holder, c.lease_until, c.proposed_by, c.proposed_at, c.proposed_encrypted, c.proposal, c.says, c.said_at, \
             c.word, c.judged_at, c.legal_hold, c.hold_number, c.hold_author, c.hold_reason, c.hold_review, c.findings, \
             (SELECT count(*) FROM incidents i WHERE i.case_id = c.id) AS incidents, \
             r.attempt, r.step, r.armed_at, r.queue_id, r.answer, r.reason, r.encrypted \
             FROM cases c LEFT JOIN releases r ON r.case_id = c.id AND r.step <> 'failed' ",
            $rest
        )
    };
}
pub(super) use select_cases;

row! {
    /// One row of [`select_cases`].
    pub(super) struct CaseRow {
        pub(super) id: String,
        opened_as: String,
        state: String,
        version: i64,
        received_at: i64,
        decided_at: Option<i64>,
        outcome: Option<String>,
        repeats: i64,
        size: i64,
        sender_domain: String,
        recipients: i64,
        domains: String,
        facts: String,
        personal: Vec<u8>,
        content: Option<String>,
        severity: i64,
        two_persons: i64,
        holder: Option<String>,
        lease_until: Option<i64>,
        proposed_by: Option<String>,
        proposed_at: Option<i64>,
        proposed_encrypted: i64,
        proposal: Option<Vec<u8>>,
        says: Option<String>,
        said_at: Option<i64>,
        word: Option<Vec<u8>>,
        judged_at: Option<i64>,
        legal_hold: i64,
        hold_number: Option<String>,
        hold_author: Option<String>,
        hold_reason: Option<Vec<u8>>,
        hold_review: Option<String>,
        findings: Option<Vec<u8>>,
        incidents: i64,
        attempt: Option<i64>,
        step: Option<String>,
        armed_at: Option<i64>,
        queue_id: Option<String>,
        answer: Option<i64>,
        reason: Option<Vec<u8>>,
        encrypted: Option<i64>,
    }
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

impl SqlStore {
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
        let opened = fields == Fields::Opened && self.keys.can_open().is_ok();
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
            outcome: row.outcome.as_deref().and_then(CaseState::from_name),
            severity: u8::try_from(row.severity).unwrap_or(u8::MAX),
            two_persons: row.two_persons != 0,
            lease: lease(&row)?,
            proposal: self.proposal(&row, opened)?,
            sender_word: self.sender_word(&row, opened)?,
            judged: row.judged_at.is_some(),
            legal_hold: self.legal_hold(&row, opened)?,
            incident: row.incidents > 0,
            findings: self.findings(&row, opened)?,
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
            personal: match opened && !row.personal.is_empty() {
                true => Some(self.keys.unseal_json(&row.personal)?),
                false => None,
            },
        })
    }

    fn proposal(&self, row: &CaseRow, opened: bool) -> Result<Option<Proposal>, StoreError> {
        let Some((by, at)) = row.proposed_by.clone().zip(row.proposed_at) else { return Ok(None) };
        let (at, encrypted) = (time(at)?, row.proposed_encrypted != 0);
        Ok(Some(Proposal { by, at, encrypted, reason: self.words(row.proposal.as_deref(), opened)? }))
    }

    fn sender_word(&self, row: &CaseRow, opened: bool) -> Result<Option<SenderWord>, StoreError> {
        let Some((says, at)) = row.says.as_deref().zip(row.said_at) else { return Ok(None) };
        let says = SenderSays::from_name(says).ok_or_else(|| damaged("sender's word"))?;
        Ok(Some(SenderWord { says, at: time(at)?, text: self.words(row.word.as_deref(), opened)? }))
    }

    fn legal_hold(&self, row: &CaseRow, opened: bool) -> Result<Option<LegalHold>, StoreError> {
        if row.legal_hold == 0 {
            return Ok(None);
        }
        let review_on = row.hold_review.as_deref().and_then(|date| date.parse().ok());
        Ok(Some(LegalHold {
            number: row.hold_number.clone().unwrap_or_default(),
            author: row.hold_author.clone().unwrap_or_default(),
            reason: self.words(row.hold_reason.as_deref(), opened)?,
            review_on: review_on.ok_or_else(|| damaged("legal hold"))?,
        }))
    }

    fn findings(&self, row: &CaseRow, opened: bool) -> Result<Vec<CaseFinding>, StoreError> {
        match row.findings.as_deref().filter(|_| opened) {
            Some(sealed) => self.keys.unseal_json(sealed),
            None => Ok(Vec::new()),
        }
    }

    /// Words that someone typed, opened.
    fn words(&self, sealed: Option<&[u8]>, opened: bool) -> Result<Option<Masked>, StoreError> {
        match sealed.filter(|_| opened) {
            Some(sealed) => {
                let clear = self.keys.unseal(sealed)?;
                Ok(Some(Masked::new(String::from_utf8_lossy(&clear))))
            }
            None => Ok(None),
        }
    }

    fn release_of(&self, row: &CaseRow, opened: bool) -> Result<Release, StoreError> {
        let step = row.step.as_deref().and_then(ReleaseStep::from_name);
        Ok(Release {
            attempt: u32::try_from(row.attempt.unwrap_or(0)).unwrap_or(0),
            step: step.ok_or_else(|| damaged("release"))?,
            armed_at: time(row.armed_at.unwrap_or(0))?,
            queue_id: row.queue_id.as_deref().and_then(QueueId::parse),
            answer: row.answer.and_then(|code| u16::try_from(code).ok()),
            reason: self.words(row.reason.as_deref(), opened)?,
            encrypted: row.encrypted.unwrap_or(0) != 0,
        })
    }
}

fn lease(row: &CaseRow) -> Result<Option<Lease>, StoreError> {
    let Some((holder, until)) = row.holder.clone().zip(row.lease_until) else { return Ok(None) };
    Ok(Some(Lease { holder, until: time(until)? }))
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
