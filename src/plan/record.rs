//! What is written down about a message: the case, the notice, the line of the journal.

use std::collections::BTreeMap;

use super::excerpt::excerpts;
use super::found::found_at;
use super::key::client_message_id;
use super::severity::severity;
use super::{Stance, case_key};
use crate::inspect::Inspection;
use crate::model::{
    Address, ArticleId, ArticleRef, CaseRecord, Confidence, Decision, Disposition, Effect, JournalEntry,
    NoticeKind, NoticeOrder, Reading, Spoken, Submission, Verdict,
};

/// Most domains a notice names.
const DOMAINS: usize = 5;

/// Opens a case, and writes to the sender when there is one to write to.
pub fn open(
    submission: &Submission,
    reading: &Reading,
    inspection: &Inspection,
    stance: &Stance,
    disposition: Disposition,
    notice: Option<NoticeKind>,
) -> Vec<Effect> {
    let record = case(submission, reading, inspection, stance, disposition);
    let order = notice
        .zip(submission.envelope.sender.clone())
        .map(|(kind, to)| notice_order(kind, to, &record, stance));
    let notice = order.map(|order| Effect::Notice(Box::new(order)));
    std::iter::once(Effect::OpenCase(Box::new(record))).chain(notice).collect()
}

/// The articles behind the applied verdict, strictest first; those that only observe left out.
pub fn behind(decision: &Decision) -> impl Iterator<Item = &Spoken> {
    let mut spoken: Vec<&Spoken> = decision
        .spoken
        .iter()
        .filter(|spoken| spoken.mode.temper(spoken.verdict) > Verdict::Accept)
        .collect();
    spoken.sort_by_key(|spoken| std::cmp::Reverse(spoken.mode.temper(spoken.verdict)));
    spoken.into_iter()
}

/// What a case records of a message that is held by a person's decision, whatever its verdict.
#[must_use]
pub fn held_again(
    submission: &Submission,
    reading: &Reading,
    inspection: &Inspection,
    stance: &Stance,
) -> CaseRecord {
    case(submission, reading, inspection, stance, Disposition::Held)
}

fn case(
    submission: &Submission,
    reading: &Reading,
    inspection: &Inspection,
    stance: &Stance,
    disposition: Disposition,
) -> CaseRecord {
    let article_ids: Vec<ArticleId> =
        behind(inspection.decision()).map(|spoken| spoken.article.clone()).collect();
    let severity = severity(inspection);
    CaseRecord {
        proposed: stance.proposed.clone(),
        key: case_key(submission, disposition),
        disposition,
        received_at: submission.received_at,
        sender: submission.envelope.sender.clone(),
        recipients: submission.envelope.recipients.clone(),
        message_id: client_message_id(submission, &reading.facts).cloned(),
        smtputf8: submission.envelope.smtputf8,
        reports: submission.envelope.reports.clone(),
        articles: behind(inspection.decision()).map(article_ref).collect(),
        two_persons: stance.two_persons.asked(&article_ids, severity, submission.envelope.recipients.len()),
        article_ids,
        severity,
        found: found_at(inspection.findings(), reading),
        findings: excerpts(inspection.findings(), reading, disposition),
        gaps: reading.gaps.iter().map(|gap| gap.reason).collect(),
        size: size(submission),
        queue_id: submission.facts.queue_id.clone(),
        rules: inspection.digest().to_owned(),
    }
}

fn notice_order(kind: NoticeKind, to: Address, record: &CaseRecord, stance: &Stance) -> NoticeOrder {
    let mut domains: Vec<String> = record.recipients.iter().map(|r| r.domain().to_owned()).collect();
    domains.sort();
    domains.dedup();
    domains.truncate(DOMAINS);
    NoticeOrder {
        kind,
        case: record.proposed.clone(),
        to,
        sent_at: record.received_at,
        recipients: count(record.recipients.len()),
        domains,
        articles: record.articles.clone(),
        found: record.found.clone(),
        unread: count(record.gaps.len()),
        deadline: (kind == NoticeKind::Held).then_some(stance.deadline),
        reason: None,
        in_reply_to: record.message_id.clone(),
        token: None,
        encrypted: false,
    }
}

/// The line of the journal: every message, no personal data.
pub fn journal(submission: &Submission, reading: &Reading, inspection: &Inspection) -> JournalEntry {
    let decision = inspection.decision();
    let sure = inspection.findings().iter().filter(|finding| finding.confidence >= Confidence::Medium);
    JournalEntry {
        received_at: submission.received_at,
        queue_id: submission.facts.queue_id.clone(),
        verdict: decision.verdict,
        applied: decision.applied,
        articles: decision.spoken.iter().map(|spoken| spoken.article.clone()).collect(),
        found: tally(sure.map(|finding| finding.kind)),
        gaps: tally(reading.gaps.iter().map(|gap| gap.reason)),
        recipients: count(submission.envelope.recipients.len()),
        size: size(submission),
        digest: inspection.digest().to_owned(),
    }
}

fn article_ref(spoken: &Spoken) -> ArticleRef {
    ArticleRef {
        cites: spoken.cites.clone(),
        says: spoken.says.clone(),
        says_en: spoken.says_en.clone(),
        notice: spoken.notice.clone(),
    }
}

fn tally<K: Ord>(items: impl Iterator<Item = K>) -> BTreeMap<K, u32> {
    items.fold(BTreeMap::new(), |mut counts, item| {
        let entry: &mut u32 = counts.entry(item).or_default();
        *entry = entry.saturating_add(1);
        counts
    })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn size(submission: &Submission) -> u64 {
    u64::try_from(submission.raw.len()).unwrap_or(u64::MAX)
}
