//! Cases on a terminal, and as JSON.

use std::io::Write;

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::scan::Format;
use crate::model::{Address, FoundAt};
use crate::review::{Case, Past};

/// Prints a list, one case a line.
pub fn list(out: &mut impl Write, cases: &[Case], format: Format) -> Result<()> {
    match format {
        Format::Json => cases.iter().try_for_each(|case| Ok(writeln!(out, "{}", facts(case))?)),
        Format::Text => {
            writeln!(out, "{:<10} {:<10} {:<20} {:<24} ARTICLES", "CASE", "STATE", "RECEIVED (UTC)", "TO")?;
            cases.iter().try_for_each(|case| {
                let to = format!("{} at {}", case.recipients, case.domains.join(", "));
                let received = case.received_at.strftime("%Y-%m-%d %H:%M:%S").to_string();
                let (id, state, articles) =
                    (case.id.to_string(), case.state.name(), articles(case).join(", "));
                Ok(writeln!(out, "{id:<10} {state:<10} {received:<20} {to:<24} {articles}")?)
            })
        }
    }
}

/// Prints where a case stands.
pub fn state(out: &mut impl Write, case: &Case, format: Format) -> Result<()> {
    match format {
        Format::Json => writeln!(out, "{}", facts(case))?,
        Format::Text => writeln!(out, "case {}: {}{}", case.id, case.state.name(), queue_id(case))?,
    }
    Ok(())
}

/// Prints all of a case. Sender, recipients and reasons only when `reveal` asks for them.
pub fn show(out: &mut impl Write, case: &Case, history: &[Past], reveal: bool, format: Format) -> Result<()> {
    if format == Format::Json {
        let mut all = facts(case);
        all["history"] = history.iter().map(|past| entry(past, reveal)).collect();
        if reveal {
            all["personal"] = personal(case);
        }
        return Ok(writeln!(out, "{all}")?);
    }
    writeln!(out, "case      {}", case.id)?;
    writeln!(out, "state     {}{}", case.state.name(), queue_id(case))?;
    writeln!(out, "received  {} ({} bytes, come {} times)", case.received_at, case.size, case.repeats + 1)?;
    writeln!(out, "to        {} at {}", case.recipients, case.domains.join(", "))?;
    for (article, id) in case.articles.iter().zip(&case.article_ids) {
        writeln!(out, "article   {} ({})\n          {}", article.cites, id.0, article.says)?;
    }
    for found in &case.found {
        writeln!(out, "found     {} {} {}", found.count, found.kind.name(), place(found))?;
    }
    for gap in &case.gaps {
        writeln!(out, "not read  {}", gap.name())?;
    }
    if let (true, Some(personal)) = (reveal, &case.personal) {
        writeln!(out, "from      {}", personal.sender.as_ref().map_or("<>".to_owned(), Address::reveal))?;
        for recipient in &personal.recipients {
            writeln!(out, "to        {}", recipient.reveal())?;
        }
    }
    for past in history {
        let text = past.text.as_ref().filter(|_| reveal).map_or("", |text| text.reveal());
        writeln!(out, "history   {} {} by {} {text}", past.at, past.what, past.actor)?;
    }
    Ok(())
}

/// A case without personal data.
fn facts(case: &Case) -> Value {
    json!({
        "case": case.id.to_string(),
        "state": case.state.name(),
        "received_at": case.received_at.to_string(),
        "decided_at": case.decided_at.map(|at| at.to_string()),
        "repeats": case.repeats,
        "size": case.size,
        "sender_domain": case.sender_domain,
        "recipients": case.recipients,
        "domains": case.domains,
        "articles": articles(case),
        "found": case.found,
        "gaps": case.gaps,
        "kept": case.kept,
        "outcome": case.outcome.map(crate::model::CaseState::name),
        "severity": case.severity,
        "two_persons": case.two_persons,
        "legal_hold": case.legal_hold.is_some(),
        "in_hand": case.lease.as_ref().map(|lease| lease.holder.as_str()),
        "encryption_asked_for": case.release.as_ref().is_some_and(|release| release.encrypted),
        "attempt": case.release.as_ref().map(|release| release.attempt),
        "queue_id": case.release.as_ref().and_then(|release| Some(release.queue_id.as_ref()?.as_str().to_owned())),
    })
}

fn personal(case: &Case) -> Value {
    let Some(personal) = &case.personal else { return Value::Null };
    let recipients: Vec<String> = personal.recipients.iter().map(Address::reveal).collect();
    json!({ "sender": personal.sender.as_ref().map(Address::reveal), "recipients": recipients })
}

fn entry(past: &Past, reveal: bool) -> Value {
    let text = past.text.as_ref().filter(|_| reveal).map(|text| text.reveal());
    json!({ "at": past.at.to_string(), "actor": past.actor, "what": past.what, "text": text })
}

fn articles(case: &Case) -> Vec<&str> {
    case.article_ids.iter().map(|id| id.0.as_str()).collect()
}

fn queue_id(case: &Case) -> String {
    let id = case.release.as_ref().and_then(|release| release.queue_id.as_ref());
    id.map_or(String::new(), |id| format!(" (queue id {})", id.as_str()))
}

fn place(found: &FoundAt) -> String {
    let part =
        found.attachment.map_or("in the message".to_owned(), |number| format!("in attachment {number}"));
    found.line.map_or(part.clone(), |line| format!("{part}, line {line}"))
}
