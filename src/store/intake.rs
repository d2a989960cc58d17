//! The milter's side: hold, refuse and warn cases, the journal, readiness.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::content::Stored;
use super::db::{AHEAD, Tx, millis};
use super::rows::{Facts, disposition_name};
use super::search::Mark;
use super::{SqlStore, audit, counts, outbox, senders};
use crate::model::{
    Address, CaseFinding, CaseId, CaseRecord, CaseState, Disposition, JournalEntry, NoticeOrder, QueueId,
    Snippet,
};
use crate::plan::Claim;
use crate::ports::{Batch, Committed, Intake, ReleaseCopy, Step, StoreError, step};
use crate::review::Personal;

/// A message that comes again within this is the same case, when its client gave it a Message-ID.
const REPEAT_WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// The same for one without a Message-ID. A device that says the same in the same words twice a day sends two messages, and a
/// second taken for a retry of the first reaches nobody; a client that did not hear our answer tries again within the hour.
const NAMELESS_WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// Most findings kept one by one; all are counted.
const FINDINGS: usize = 200;

/// Less room than this on the disk, and nothing is held any more.
const LEAST_ROOM: u64 = 64 << 20;

#[async_trait::async_trait]
impl Intake for SqlStore {
    async fn ready(&self) -> Result<(), StoreError> {
        // A disk that hangs must hang no task that others wait for.
        let (state_dir, vault) = (self.state_dir.clone(), self.vault.clone());
        let looked = tokio::task::spawn_blocking(move || has_room(&state_dir).and_then(|()| vault.probe()));
        looked.await.map_err(|_| StoreError::Unavailable("looking at the disk failed".to_owned()))??;
        let mut tx = self.db.begin().await?;
        let beat = sqlx::query("UPDATE heartbeat SET at = $1").bind(millis(Timestamp::now()));
        beat.execute(&mut *tx).await?;
        tx.commit().await?;
        self.seen.note(&self.db).await
    }

    async fn commit(&self, batch: Batch<'_>) -> Result<Committed, StoreError> {
        let held = batch.case.disposition == Disposition::Held;
        let content = match (held, batch.content) {
            (true, None) => {
                return Err(StoreError::Refused("a held case needs its message".to_owned()));
            }
            (true, content) => content,
            (false, _) => None,
        };
        if self.known(batch.case).await?
            && let Some(committed) = self.count_repeat(batch.case).await?
        {
            return Ok(committed);
        }
        let stored = match content {
            Some(content) => Some(self.keep(content).await?),
            None => None,
        };
        self.open_case(&batch, stored).await
    }

    async fn journal(&self, entries: Vec<JournalEntry>) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        for entry in &entries {
            let line = serde_json::to_string(entry)
                .map_err(|_| StoreError::Refused("a journal line cannot be written".to_owned()))?;
            sqlx::query(
                "INSERT INTO journal (received_at, queue_id, verdict, applied, entry) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(millis(entry.received_at))
            .bind(entry.queue_id.as_ref().map(|id| id.as_str().to_owned()))
            .bind(entry.verdict.name())
            .bind(entry.applied.name())
            .bind(line)
            .execute(&mut *tx)
            .await?;
        }
        counts::messages(&mut tx, &entries).await?;
        tx.commit().await
    }

    async fn claim_release(&self, copy: ReleaseCopy<'_>) -> Result<Claim, StoreError> {
        self.claim_copy(copy).await
    }
}

impl SqlStore {
    /// Whether an earlier try of this message opened a case: a cheap look before anything is sealed.
    async fn known(&self, record: &CaseRecord) -> Result<bool, StoreError> {
        let found = sqlx::query_as::<_, (String, Option<String>)>(FIND_REPEAT)
            .bind(record.key.0.as_slice())
            .bind(disposition_name(record.disposition))
            .bind(oldest_repeat(record))
            .bind(i64::from(record.message_id.is_some()))
            .bind(millis(record.received_at).saturating_add(AHEAD));
        Ok(found.fetch_optional(self.db.read()).await?.is_some())
    }

    /// Counts a repeat on its case; `None` when there is no such case any more.
    async fn count_repeat(&self, record: &CaseRecord) -> Result<Option<Committed>, StoreError> {
        let mut tx = self.db.begin().await?;
        let found = self.repeat_in(&mut tx, record).await?;
        match found {
            Some(_) => tx.commit().await?,
            None => tx.rollback().await?,
        }
        Ok(found)
    }

    async fn repeat_in(&self, tx: &mut Tx, record: &CaseRecord) -> Result<Option<Committed>, StoreError> {
        let found = sqlx::query_as::<_, (String, Option<String>)>(FIND_REPEAT)
            .bind(record.key.0.as_slice())
            .bind(disposition_name(record.disposition))
            .bind(oldest_repeat(record))
            .bind(i64::from(record.message_id.is_some()))
            .bind(millis(record.received_at).saturating_add(AHEAD))
            .fetch_optional(&mut **tx)
            .await?;
        let Some((id, content)) = found else { return Ok(None) };
        // A case whose message is gone from the disk must not swallow the retry that brings it back.
        if content.is_some_and(|name| !self.vault.has(&name)) {
            return Ok(None);
        }
        let count = sqlx::query("UPDATE cases SET repeats = repeats + 1 WHERE id = $1").bind(id.as_str());
        count.execute(&mut **tx).await?;
        let case = CaseId::parse(&id);
        let case = case.map_err(|_| StoreError::Damaged("a case has no valid number".to_owned()))?;
        // Only a refusal tells its sender again.
        let told = record.sender.as_ref().filter(|_| record.disposition == Disposition::Refused);
        let token = match told {
            Some(sender) => senders::mint_again(tx, self, &case, sender, record.received_at).await?,
            None => None,
        };
        Ok(Some(Committed { case, repeated: true, token }))
    }

    /// Seals the message to disk, away from the tasks that answer.
    async fn keep(&self, content: &[u8]) -> Result<Stored, StoreError> {
        let (vault, keys, clear) =
            (self.vault.clone(), self.keys.clone(), zeroize::Zeroizing::new(content.to_vec()));
        let written = tokio::task::spawn_blocking(move || vault.write(&keys, &clear));
        written.await.map_err(|_| StoreError::Unavailable("sealing the message failed".to_owned()))?
    }

    /// The one transaction. When its commit fails, the file stays for the sweep: whether that reached the disk is not sure. When it fails
    /// before, nothing names the file, and each retry would leave another.
    async fn open_case(&self, batch: &Batch<'_>, stored: Option<Stored>) -> Result<Committed, StoreError> {
        let forgotten = || stored.as_ref().map_or(Ok(()), |stored| self.vault.remove(&stored.name));
        let (tx, committed) = match self.write_case(batch, stored.as_ref()).await {
            Ok(written) => written,
            Err(failure) => {
                let _ = forgotten();
                return Err(failure);
            }
        };
        tx.commit().await?;
        if committed.repeated {
            forgotten()?;
        } else {
            step(Step::HoldCommitted);
        }
        Ok(committed)
    }

    /// All of it but the commit.
    async fn write_case(
        &self,
        batch: &Batch<'_>,
        stored: Option<&Stored>,
    ) -> Result<(Tx, Committed), StoreError> {
        let mut tx = self.db.begin().await?;
        self.db.only_one(&mut tx, &batch.case.key.0).await?;
        if let Some(committed) = self.repeat_in(&mut tx, batch.case).await? {
            return Ok((tx, committed));
        }
        // The sweep holds the same lock: a file that is here now stays here.
        if stored.is_some_and(|stored| !self.vault.has(&stored.name)) {
            return Err(StoreError::Unavailable("the sealed message was swept away; try again".to_owned()));
        }
        let case = free_number(&mut tx, &batch.case.proposed).await?;
        self.insert_case(&mut tx, &case, batch.case, stored).await?;
        let now = batch.case.received_at;
        let token = match &batch.case.sender {
            Some(sender) => Some(senders::mint(&mut tx, self, &case, sender, now).await?),
            None => None,
        };
        for order in batch.notices {
            let order = NoticeOrder { case: case.clone(), token: token.clone(), ..order.clone() };
            outbox::enqueue(&mut tx, self, &order, now).await?;
        }
        self.tell_opening(&mut tx, &case, batch.case).await?;
        step(Step::HoldInserted);
        Ok((tx, Committed { case, repeated: false, token }))
    }

    async fn insert_case(
        &self,
        tx: &mut Tx,
        case: &CaseId,
        record: &CaseRecord,
        stored: Option<&Stored>,
    ) -> Result<(), StoreError> {
        let personal = Personal {
            sender: record.sender.clone(),
            recipients: record.recipients.clone(),
            message_id: record.message_id.clone(),
            smtputf8: record.smtputf8,
            reports: record.reports.clone(),
        };
        let (findings, snippets) = self.seal_findings(record)?;
        sqlx::query(
            "INSERT INTO cases (id, key, opened_as, state, received_at, size, sender_domain, recipients, domains, \
             facts, personal, content, digest, severity, two_persons, findings, snippets) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        )
        .bind(case.as_str())
        .bind(record.key.0.as_slice())
        .bind(disposition_name(record.disposition))
        .bind(first_state(record.disposition).name())
        .bind(millis(record.received_at))
        .bind(i64::try_from(record.size).unwrap_or(i64::MAX))
        .bind(department(record))
        .bind(i64::try_from(record.recipients.len()).unwrap_or(i64::MAX))
        .bind(json!(domains(record)).to_string())
        .bind(facts(record)?)
        .bind(self.keys.seal_json(&personal)?)
        .bind(stored.map(|stored| stored.name.as_str()))
        .bind(stored.map(|stored| stored.digest.as_slice()))
        .bind(i64::from(record.severity))
        .bind(i64::from(record.two_persons))
        .bind(findings)
        .bind(snippets)
        .execute(&mut **tx)
        .await?;
        if let Some(stored) = stored {
            self.vault.insert(tx, stored).await?;
        }
        self.write_marks(tx, case, record).await
    }

    /// Findings and the words around them, sealed apart: the case page opens the first only. Without a copy no words are kept.
    fn seal_findings(&self, record: &CaseRecord) -> Result<(Vec<u8>, Option<Vec<u8>>), StoreError> {
        let kept = record.findings.iter().take(FINDINGS);
        let shown: Vec<&CaseFinding> = kept.clone().map(|excerpt| &excerpt.shown).collect();
        let around: Vec<&Snippet> = kept.map(|excerpt| &excerpt.around).collect();
        let held = record.disposition == Disposition::Held;
        let snippets = if held { Some(self.keys.seal_json(&around)?) } else { None };
        Ok((self.keys.seal_json(&shown)?, snippets))
    }

    async fn tell_opening(&self, tx: &mut Tx, case: &CaseId, record: &CaseRecord) -> Result<(), StoreError> {
        let articles: Vec<&str> = record.article_ids.iter().map(|id| id.0.as_str()).collect();
        let queue_id = record.queue_id.as_ref().map(QueueId::as_str);
        let entry = audit::Entry {
            facts: vec![
                ("articles", json!(articles)),
                ("size", json!(record.size)),
                ("queue_id", json!(queue_id)),
                ("rules", json!(record.rules)),
            ],
            ..audit::Entry::of_service(record.received_at, first_state(record.disposition).name(), case)
        };
        audit::append(tx, self, entry).await?;
        counts::opened(tx, record).await
    }

    /// Writes down each way to find the case by.
    async fn write_marks(&self, tx: &mut Tx, case: &CaseId, record: &CaseRecord) -> Result<(), StoreError> {
        for mark in self.marks_of(record) {
            sqlx::query(
                "INSERT INTO marks (mark, received_at, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            )
            .bind(mark)
            .bind(millis(record.received_at))
            .bind(case.as_str())
            .execute(&mut **tx)
            .await?;
        }
        Ok(())
    }

    fn marks_of(&self, record: &CaseRecord) -> BTreeSet<String> {
        let sender = record.sender.iter().map(|address| Mark::Sender.of_address(&self.keys, address));
        let recipients =
            record.recipients.iter().map(|address| Mark::Recipient.of_address(&self.keys, address));
        let articles = record.article_ids.iter().map(|id| Mark::Article.of(&id.0));
        let of = department(record);
        let articles_of = record.article_ids.iter().map(|id| Mark::ArticleOf.of(&format!("{} {of}", id.0)));
        let rules = record.findings.iter().map(|excerpt| Mark::Rule.of(&excerpt.shown.rule));
        sender.chain(recipients).chain(articles).chain(articles_of).chain(rules).collect()
    }
}

fn has_room(state_dir: &Path) -> Result<(), StoreError> {
    let room = rustix::fs::statvfs(state_dir)
        .map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize))
        .map_err(|error| StoreError::Unavailable(format!("the state folder: {}", error.kind())))?;
    if room < LEAST_ROOM {
        let text = format!("only {} MiB are left on the disk of the state folder", room >> 20);
        return Err(StoreError::Unavailable(text));
    }
    Ok(())
}

/// A case that a retry belongs to: same key, opened for the same reason, and not decided meanwhile. What comes after a
/// decision is a new message: a machine may send the same text every hour without a Message-ID, and taking the second for
/// a retry of the first, released one would lose it. With a Message-ID of the client's own ($4) it is the same message,
/// which its recipients have or will have: a client that did not hear our answer, and tries again after the release, must
/// not have it delivered twice. What was received later than now ($5) came by a clock that was wrong, and is no earlier try. What was released needs
/// no sealed copy any more. While a release is on its way no case is found: whether its
/// copy leaves is not known yet, and a message must not be forgotten for a copy that may never.
const FIND_REPEAT: &str = "SELECT id, CASE outcome WHEN 'released' THEN NULL ELSE content END FROM cases \
     WHERE key = $1 AND opened_as = $2 AND received_at > $3 AND received_at <= $5 \
     AND state NOT IN ('releasing', 'uncertain') \
     AND (outcome IS NULL OR (outcome = 'released' AND $4 = 1)) ORDER BY received_at DESC LIMIT 1";

fn oldest_repeat(record: &CaseRecord) -> i64 {
    let window = if record.message_id.is_some() { REPEAT_WINDOW } else { NAMELESS_WINDOW };
    millis(record.received_at).saturating_sub(i64::try_from(window.as_millis()).unwrap_or(i64::MAX))
}

fn first_state(disposition: Disposition) -> CaseState {
    match disposition {
        Disposition::Refused => CaseState::Refused,
        Disposition::Warned => CaseState::Warned,
        Disposition::Held => CaseState::Held,
    }
}

/// The department that a case belongs to: the domain of its sender.
pub(super) fn department(record: &CaseRecord) -> &str {
    record.sender.as_ref().map_or("", Address::domain)
}

fn domains(record: &CaseRecord) -> Vec<&str> {
    let mut domains: Vec<&str> = record.recipients.iter().map(Address::domain).collect();
    domains.sort_unstable();
    domains.dedup();
    domains
}

fn facts(record: &CaseRecord) -> Result<String, StoreError> {
    let facts = Facts {
        articles: record.articles.clone(),
        article_ids: record.article_ids.clone(),
        found: record.found.clone(),
        gaps: record.gaps.clone(),
    };
    serde_json::to_string(&facts).map_err(|_| StoreError::Refused("a case cannot be written".to_owned()))
}

/// The proposed number, or another one when it is taken: 40 random bits meet now and then.
async fn free_number(tx: &mut Tx, proposed: &CaseId) -> Result<CaseId, StoreError> {
    let mut case = proposed.clone();
    for _ in 0..8 {
        let taken = sqlx::query_scalar::<_, i64>("SELECT 1 FROM cases WHERE id = $1").bind(case.as_str());
        if taken.fetch_optional(&mut **tx).await?.is_none() {
            return Ok(case);
        }
        case = CaseId::from_bits(rand::random());
    }
    Err(StoreError::Unavailable("no free case number was found".to_owned()))
}
