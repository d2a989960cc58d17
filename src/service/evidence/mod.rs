//! The evidence pack of one case: facts, decisions, masked findings, its part of the audit trail, and two sheets to fill.
//!
//! What it holds can be checked without this program. The message itself is in it only when a reveal of it was ordered.

mod labels;
mod register;
mod sheets;
mod zip;

use std::fmt::Write;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::model::{CaseId, QueueId};
use crate::notices::{Language, words};
use crate::ports::{Attestation, AuditEntry, Checkpoint, Incident, NoticeSent, Store, StoreError};
use crate::relay::lines_about;
use crate::review::{Case, Past};

pub use register::register;

/// What a pack is made of.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// The case.
    pub case: &'a Case,
    /// What happened to it.
    pub history: &'a [Past],
    /// Its entries of the audit trail.
    pub trail: &'a [AuditEntry],
    /// The signed checkpoint that covers them.
    pub checkpoint: Option<&'a Checkpoint>,
    /// Notices to its sender.
    pub notices: &'a [NoticeSent],
    /// Its incident, when one was opened.
    pub incident: Option<&'a Incident>,
    /// What the mail log tells of its queue ids.
    pub mail_log: MailLog,
    /// The message, when it was revealed for this.
    pub message: Option<Vec<u8>>,
}

/// What the MTA's log tells of a case, addresses masked.
#[derive(Debug, PartialEq, Eq)]
pub enum MailLog {
    /// No log is configured (`relay.mail_log`).
    NotConfigured,
    /// The log cannot be read.
    NotReadable,
    /// Its lines on these queue ids, oldest first; none when it was rotated away.
    Lines {
        /// The ids under which the MTA had the message.
        ids: Vec<QueueId>,
        /// The lines.
        lines: Vec<String>,
    },
}

/// Gathers and packs the evidence of a case.
///
/// # Errors
/// [`StoreError`] when the store cannot be read, when there is no such case, or when the pack would not fit into an archive.
pub async fn evidence(
    store: &dyn Store,
    id: &CaseId,
    mail_log: Option<&Path>,
    message: Option<Vec<u8>>,
) -> Result<Vec<u8>, StoreError> {
    let case = store.case(id).await?;
    let case = case.ok_or_else(|| StoreError::Refused("there is no case of this number".to_owned()))?;
    let history = store.history(id).await?;
    let mut trail: Vec<AuditEntry> = Vec::new();
    loop {
        let after = trail.last().map_or(0, |entry| entry.seq);
        let page = store.audit_entries(Some(id), after).await?;
        if page.is_empty() {
            break;
        }
        trail.extend(page);
    }
    let checkpoint = store.checkpoint_for(trail.last().map_or(0, |entry| entry.seq)).await?;
    let notices = store.notices_of(id).await?;
    let incidents = store.incidents().await?;
    let incident = incidents.iter().find(|incident| incident.case.as_ref() == Some(id));
    let mail_log = told_by_the_mta(mail_log, queue_ids(&trail), case.received_at).await;
    let evidence = Evidence {
        case: &case,
        history: &history,
        trail: &trail,
        checkpoint: checkpoint.as_ref(),
        notices: &notices,
        incident,
        mail_log,
        message,
    };
    let mut files = files(evidence);
    let manifest = manifest(&files);
    let digest: [u8; 32] = Sha256::digest(&manifest).into();
    let signed = store.attest(id, &digest, Timestamp::now()).await?;
    files.insert(0, ("MANIFESTE.txt".to_owned(), manifest.into_bytes()));
    files.insert(1, ("MANIFESTE.signature.json".to_owned(), attestation(&signed).into_bytes()));
    zip::pack(&files).ok_or_else(|| StoreError::Refused("the pack does not fit into one archive".to_owned()))
}

/// Every queue id that the trail of a case names: of the message as it came, and of its releases.
fn queue_ids(trail: &[AuditEntry]) -> Vec<QueueId> {
    let mut ids = Vec::new();
    for entry in trail {
        let fields: Value = serde_json::from_str(&entry.entry).unwrap_or_default();
        let id = fields.get("queue_id").and_then(Value::as_str).and_then(QueueId::parse);
        ids.extend(id.filter(|id| !ids.contains(id)));
    }
    ids
}

/// Reads the log aside: it may be large.
async fn told_by_the_mta(log: Option<&Path>, ids: Vec<QueueId>, since: Timestamp) -> MailLog {
    let Some(log) = log.map(Path::to_owned) else { return MailLog::NotConfigured };
    let reading = tokio::task::spawn_blocking(move || {
        let lines = lines_about(&log, &ids, since)?;
        Some(MailLog::Lines { ids, lines })
    });
    reading.await.ok().flatten().unwrap_or(MailLog::NotReadable)
}

/// Its files.
fn files(mut evidence: Evidence<'_>) -> Vec<(String, Vec<u8>)> {
    let message = evidence.message.take();
    let text = |name: &str, text: String| (name.to_owned(), text.into_bytes());
    let mut files = vec![
        text("LISEZ-MOI.txt", sheets::READ_ME.to_owned()),
        text("cas.json", facts(&evidence)),
        text("chronologie.csv", timeline(evidence.history)),
        text("constats.csv", findings(evidence.case)),
        text("avis.csv", notices(evidence.notices)),
        text("audit.jsonl", trail(evidence.trail)),
        text("point-de-controle.json", checkpoint(evidence.checkpoint)),
        text("ah-223.txt", sheets::ah_223(&evidence)),
        text("registre-art-15.txt", sheets::register_15(&evidence)),
        text("avis-art-11.txt", sheets::notice_11(&evidence)),
        text("journal-mta.txt", sheets::mail_log(&evidence.mail_log)),
    ];
    files.extend(message.map(|message| ("message.eml".to_owned(), message)));
    files
}

/// A manifest that `sha256sum -c` reads.
fn manifest(files: &[(String, Vec<u8>)]) -> String {
    let mut manifest = String::new();
    for (name, bytes) in files {
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
        let _ = writeln!(manifest, "{digest}  {name}");
    }
    manifest
}

/// The signature of the manifest, with what is signed.
fn attestation(signed: &Attestation) -> String {
    let Attestation { words, signature, key, .. } = signed;
    format!("{:#}\n", json!({ "words": words, "signature": signature, "key": key }))
}

fn facts(evidence: &Evidence<'_>) -> String {
    let case = evidence.case;
    let articles: Vec<_> = case
        .articles
        .iter()
        .zip(&case.article_ids)
        .map(|(article, id)| json!({ "id": id.0, "cites": article.cites, "says": article.says }))
        .collect();
    let hold = case.legal_hold.as_ref();
    let facts = json!({
        "case": case.id.to_string(),
        "state": case.state.name(),
        "outcome": case.outcome.map(crate::model::CaseState::name),
        "received_at": case.received_at.to_string(),
        "decided_at": case.decided_at.map(|at| at.to_string()),
        "severity": case.severity,
        "two_persons": case.two_persons,
        "department": case.sender_domain,
        "recipients": case.recipients,
        "domains": case.domains,
        "size": case.size,
        "articles": articles,
        "found": case.found,
        "gaps": case.gaps,
        "rules_in_force": rules(evidence.trail),
        "legal_hold": hold.map(|hold| json!({ "number": hold.number, "review_on": hold.review_on.to_string() })),
        "queue_id": case.release.as_ref().and_then(|release| release.queue_id.as_ref()).map(|id| id.as_str().to_owned()),
        "encryption_asked_for": case.release.as_ref().is_some_and(|release| release.encrypted),
    });
    format!("{facts:#}\n")
}

/// Digest of the rules that were in force that day, as the trail keeps it; the journal of each message has the same.
fn rules(trail: &[AuditEntry]) -> Option<String> {
    let fields: Value = serde_json::from_str(&trail.first()?.entry).ok()?;
    Some(fields.get("rules")?.as_str()?.to_owned())
}

fn timeline(history: &[Past]) -> String {
    let mut lines = String::from("date_utc,auteur,acte,texte\n");
    for past in history {
        let words = past.text.as_ref().map(|text| text.reveal()).unwrap_or_default();
        let act = labels::act(&past.what);
        let _ = writeln!(lines, "{},{},{},{}", past.at, cell(&past.actor), cell(&act), cell(words));
    }
    lines
}

fn findings(case: &Case) -> String {
    let mut lines = String::from("type,regle,valeur_masquee,certitude,region,piece_jointe,ligne\n");
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    for finding in &case.findings {
        let _ = writeln!(
            lines,
            "{},{},{},{},{},{},{}",
            cell(&words::kind(Language::French, finding.kind)),
            cell(&finding.rule),
            cell(&finding.masked),
            labels::confidence(finding.confidence),
            cell(&words::region(Language::French, finding.region)),
            number(finding.attachment),
            number(finding.line),
        );
    }
    lines
}

fn notices(sent: &[NoticeSent]) -> String {
    let mut lines = String::from("avis,etat,cree_le_utc,envoye_le_utc\n");
    for notice in sent {
        let at = notice.sent_at.map(|at| at.to_string()).unwrap_or_default();
        let (kind, state) = (labels::notice(&notice.kind), labels::notice_state(&notice.state));
        let _ = writeln!(lines, "{},{},{},{at}", cell(kind), cell(state), notice.created_at);
    }
    lines
}

fn trail(entries: &[AuditEntry]) -> String {
    let line = |entry: &AuditEntry| {
        let (seq, previous, hash) = (entry.seq, &entry.previous, &entry.hash);
        json!({ "seq": seq, "previous": previous, "hash": hash, "entry": entry.entry }).to_string() + "\n"
    };
    entries.iter().map(line).collect()
}

fn checkpoint(signed: Option<&Checkpoint>) -> String {
    let told = signed.map(|it| {
        let at = it.at.as_millisecond();
        json!({ "seq": it.seq, "hash": it.hash, "milliseconds": at, "signature": it.signature, "key": it.key })
    });
    format!("{:#}\n", told.unwrap_or_default())
}

/// A cell of a CSV file: quoted, and never a formula of a spreadsheet.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_quoted_and_no_formula() {
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
    }
}
