//! The reviewers' side: look, decide.

use jiff::Timestamp;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::content::Stored;
use super::db::{Tx, millis, time};
use super::rows::{CaseRow, Fields, select_cases};
use super::{SqlStore, audit, counts, outbox, releases, senders};
use crate::model::{Address, CaseId, CaseState, NoticeOrder};
use crate::ports::{CaseFilter, Desk, SenderHistory, Step, StoreError, step};
use crate::review::{Case, Change, Past, Transition};

#[async_trait::async_trait]
impl Desk for SqlStore {
    async fn cases(&self, filter: &CaseFilter) -> Result<Vec<Case>, StoreError> {
        self.search(filter).await
    }

    async fn case(&self, id: &CaseId) -> Result<Option<Case>, StoreError> {
        let row: Option<CaseRow> = sqlx::query_as(select_cases!("WHERE c.id = $1"))
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
        let encrypted = |change: &Change| match change {
            Change::Intend(intent) => intent.encrypted,
            Change::Propose(proposal) => proposal.encrypted,
            _ => false,
        };
        if !self.encryption.can_ask() && transition.changes.iter().any(encrypted) {
            let text = "no mark is configured that asks for encryption: set relay.encrypt_header or relay.encrypt_subject";
            return Err(StoreError::Refused(text.to_owned()));
        }
        let mut tx = self.db.begin().await?;
        self.move_case(&mut tx, transition).await?;
        for change in &transition.changes {
            self.change(&mut tx, transition, change).await?;
        }
        move_release(&mut tx, transition).await?;
        if let Some(notice) = &transition.notice {
            let token = senders::mint(&mut tx, self, &notice.case, &notice.to, transition.at).await?;
            let notice = NoticeOrder { token: Some(token), ..notice.clone() };
            outbox::enqueue(&mut tx, self, &notice, transition.at).await?;
        }
        self.write_transition(&mut tx, transition).await?;
        counts::transition(&mut tx, transition).await?;
        let intent = transition.changes.iter().any(|change| matches!(change, Change::Intend(_)));
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

    async fn similar(&self, case: &Case) -> Result<Vec<Case>, StoreError> {
        self.similar_to(case).await
    }

    async fn sender_history(&self, sender: &Address, now: Timestamp) -> Result<SenderHistory, StoreError> {
        self.history_of(sender, now).await
    }
}

/// The state and what goes with it: leaving a lease or a proposal ends it, an outcome stays until the case waits again, and then its time to
/// wait begins anew.
const MOVE: &str = "UPDATE cases SET state = $1, version = version + 1, \
     decided_at = CASE WHEN $2 = 1 THEN decided_at ELSE $3 END, \
     outcome = CASE WHEN $2 = 1 THEN outcome ELSE $4 END, \
     holder = CASE WHEN $1 = 'taken' THEN holder ELSE NULL END, \
     lease_until = CASE WHEN $1 = 'taken' THEN lease_until ELSE NULL END, \
     proposed_by = CASE WHEN $5 = 1 THEN NULL ELSE proposed_by END, \
     proposed_at = CASE WHEN $5 = 1 THEN NULL ELSE proposed_at END, \
     proposal = CASE WHEN $5 = 1 THEN NULL ELSE proposal END, \
     waits_from = coalesce($10, waits_from) \
     WHERE id = $6 AND version = $7 AND state = $8 AND ($9 = 0 OR legal_hold = 0)";

impl SqlStore {
    /// Opens the sealed copy of a case.
    pub(super) async fn open_content(&self, id: &CaseId) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let row = sqlx::query_as::<_, (Option<String>, Option<Vec<u8>>)>(
            "SELECT content, digest FROM cases WHERE id = $1",
        );
        let row = row.bind(id.as_str()).fetch_optional(self.db.read()).await?;
        let Some((Some(name), Some(digest))) = row else {
            return Err(StoreError::Refused("no copy of the message is kept".to_owned()));
        };
        let sealed = self.vault.fetch(&self.db, &name).await?;
        let (vault, keys) = (self.vault.clone(), self.keys.clone());
        let stored = Stored { name, digest, sealed };
        let opened = tokio::task::spawn_blocking(move || vault.read(&keys, &stored));
        opened.await.map_err(|_| StoreError::Unavailable("opening the message failed".to_owned()))?
    }

    /// Changes the state, if the case is still as it was seen.
    async fn move_case(&self, tx: &mut Tx, transition: &Transition) -> Result<(), StoreError> {
        let waits = transition.to.waits();
        let moved = sqlx::query(MOVE)
            .bind(transition.to.name())
            .bind(i64::from(transition.to == transition.from))
            .bind((!waits).then_some(millis(transition.at)))
            .bind(transition.to.ends().then(|| transition.to.name()))
            .bind(i64::from(waits && transition.to != CaseState::ToApprove))
            .bind(transition.case.as_str())
            .bind(transition.version)
            .bind(transition.from.name())
            .bind(i64::from(transition.kept_only))
            .bind((waits && !transition.from.waits()).then_some(millis(transition.at)))
            .execute(&mut **tx)
            .await?;
        if moved.rows_affected() == 1 {
            return Ok(());
        }
        Err(last_hand(tx, &transition.case).await?)
    }

    async fn change(&self, tx: &mut Tx, transition: &Transition, change: &Change) -> Result<(), StoreError> {
        let case = transition.case.as_str();
        let seal = |words: &Option<crate::model::Masked>| {
            words.as_ref().map(|words| self.keys.seal(words.reveal().as_bytes())).transpose()
        };
        let query = match change {
            Change::Lease(lease) => {
                sqlx::query("UPDATE cases SET holder = $2, lease_until = $3 WHERE id = $1")
                    .bind(case)
                    .bind(lease.holder.clone())
                    .bind(millis(lease.until))
            }
            Change::Propose(proposal) => sqlx::query(
                "UPDATE cases SET proposed_by = $2, proposed_at = $3, proposed_encrypted = $4, proposal = $5 WHERE id = $1",
            )
            .bind(case)
            .bind(proposal.by.clone())
            .bind(millis(proposal.at))
            .bind(i64::from(proposal.encrypted))
            .bind(seal(&proposal.reason)?),
            Change::Word(word) => {
                sqlx::query("UPDATE cases SET says = $2, said_at = $3, word = $4 WHERE id = $1")
                    .bind(case)
                    .bind(word.says.name())
                    .bind(millis(word.at))
                    .bind(seal(&word.text)?)
            }
            Change::Hold(hold) => sqlx::query(
                "UPDATE cases SET legal_hold = 1, hold_number = $2, hold_author = $3, hold_reason = $4, \
                 hold_review = $5 WHERE id = $1",
            )
            .bind(case)
            .bind(hold.number.clone())
            .bind(hold.author.clone())
            .bind(seal(&hold.reason)?)
            .bind(hold.review_on.to_string()),
            Change::Answer(code) => {
                sqlx::query("UPDATE releases SET answer = $2 WHERE case_id = $1 AND step IN ('prepared', 'accepted')")
                    .bind(case)
                    .bind(i64::from(*code))
            }
            Change::LiftHold => {
                sqlx::query("UPDATE cases SET legal_hold = 0, waits_from = $2 WHERE id = $1")
                    .bind(case)
                    .bind(millis(transition.at))
            }
            Change::Intend(intent) => return releases::intend(tx, self, transition, intent).await,
        };
        query.execute(&mut **tx).await?;
        Ok(())
    }

    async fn write_transition(&self, tx: &mut Tx, transition: &Transition) -> Result<(), StoreError> {
        let mut facts = vec![("from", json!(transition.from.name())), ("to", json!(transition.to.name()))];
        if let Some((attempt, queue_id)) = releases::last_try(tx, &transition.case).await? {
            facts.push(("attempt", json!(attempt)));
            facts.push(("queue_id", queue_id.map_or(Value::Null, Value::String)));
        }
        for change in &transition.changes {
            match change {
                Change::Hold(hold) => facts.push(("review_on", json!(hold.review_on.to_string()))),
                Change::Answer(code) => facts.push(("answer", json!(code))),
                Change::Intend(intent) if intent.encrypted => facts.push(("encrypted", json!(true))),
                Change::Propose(proposal) if proposal.encrypted => facts.push(("encrypted", json!(true))),
                _ => {}
            }
        }
        let entry = audit::Entry {
            at: transition.at,
            actor: &transition.actor,
            what: transition.what,
            case: Some(&transition.case),
            text: transition.text.as_ref(),
            facts,
        };
        audit::append(tx, self, entry).await
    }
}

async fn move_release(tx: &mut Tx, transition: &Transition) -> Result<(), StoreError> {
    let running = matches!(transition.from, CaseState::Releasing | CaseState::Uncertain);
    match transition.to {
        CaseState::Releasing if running && transition.what == "retry" => {
            releases::rearm(tx, transition).await
        }
        CaseState::Released if running => releases::end(tx, &transition.case, "released").await,
        to if running && to.waits() => releases::end(tx, &transition.case, "failed").await,
        _ => Ok(()),
    }
}

/// Says who changed the case last, for the one who comes second.
async fn last_hand(tx: &mut Tx, case: &CaseId) -> Result<StoreError, StoreError> {
    let last = sqlx::query_scalar::<_, String>(
        "SELECT entry FROM audit WHERE case_id = $1 ORDER BY seq DESC LIMIT 1",
    );
    let Some(entry) = last.bind(case.as_str()).fetch_optional(&mut **tx).await? else {
        return Ok(StoreError::Refused("there is no case of this number".to_owned()));
    };
    let fields: Value = serde_json::from_str(&entry).unwrap_or_default();
    let word = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
    let at = fields.get("at").and_then(Value::as_i64).map(time).transpose()?.unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(StoreError::Conflict(format!("{} by {} at {at:.0}", word("what"), word("actor"))))
}
