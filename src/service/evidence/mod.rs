//! The evidence pack of one case: facts, decisions, masked findings, its part of the audit trail, and two sheets to fill.
//!
//! What it holds can be checked without this program. The message itself is in it only when a reveal of it was ordered.

mod sheets;
mod zip;

use std::fmt::Write;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::model::CaseId;
use crate::ports::{AuditEntry, Checkpoint, Incident, NoticeSent, Store, StoreError};
use crate::review::{Case, Past};

pub use sheets::fields as incident_fields;

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
    /// The message, when it was revealed for this.
    pub message: Option<Vec<u8>>,
}

/// Gathers and packs the evidence of a case.
///
/// # Errors
/// [`StoreError`] when the store cannot be read, when there is no such case, or when the pack would not fit into an archive.
pub async fn evidence(
    store: &dyn Store,
    id: &CaseId,
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
    let evidence = Evidence {
        case: &case,
        history: &history,
        trail: &trail,
        checkpoint: checkpoint.as_ref(),
        notices: &notices,
        incident,
        message,
    };
    pack(evidence).ok_or_else(|| StoreError::Refused("the pack does not fit into one archive".to_owned()))
}

/// Packs it, with a manifest that `sha256sum -c` reads.
#[must_use]
pub fn pack(mut evidence: Evidence<'_>) -> Option<Vec<u8>> {
    let message = evidence.message.take();
    let text = |name: &str, text: String| (name.to_owned(), text.into_bytes());
    let mut files = vec![
        text("LISEZ-MOI.txt", sheets::READ_ME.to_owned()),
        text("cas.json", facts(evidence.case)),
        text("chronologie.csv", timeline(evidence.history)),
        text("constats.csv", findings(evidence.case)),
        text("avis.csv", notices(evidence.notices)),
        text("audit.jsonl", trail(evidence.trail)),
        text("point-de-controle.json", checkpoint(evidence.checkpoint)),
        text("ah-223.txt", sheets::ah_223(&evidence)),
        text("registre-art-15.txt", sheets::register_15(&evidence)),
    ];
    files.extend(message.map(|message| ("message.eml".to_owned(), message)));
    let mut manifest = String::new();
    for (name, bytes) in &files {
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
        let _ = writeln!(manifest, "{digest}  {name}");
    }
    files.insert(0, text("MANIFESTE.txt", manifest));
    zip::pack(&files)
}

fn facts(case: &Case) -> String {
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
        "legal_hold": hold.map(|hold| json!({ "number": hold.number, "review_on": hold.review_on.to_string() })),
        "queue_id": case.release.as_ref().and_then(|release| release.queue_id.as_ref()).map(|id| id.as_str().to_owned()),
        "encryption_asked_for": case.release.as_ref().is_some_and(|release| release.encrypted),
    });
    format!("{facts:#}\n")
}

fn timeline(history: &[Past]) -> String {
    let mut lines = String::from("date_utc,auteur,acte,texte\n");
    for past in history {
        let words = past.text.as_ref().map(|text| text.reveal()).unwrap_or_default();
        let _ = writeln!(lines, "{},{},{},{}", past.at, cell(&past.actor), past.what, cell(words));
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
            finding.kind.name(),
            cell(&finding.rule),
            cell(&finding.masked),
            finding.confidence.name(),
            finding.region.name(),
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
        let _ = writeln!(lines, "{},{},{},{at}", notice.kind, notice.state, notice.created_at);
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
