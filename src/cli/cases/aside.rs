//! `vaguemestre cases set-aside`: sealed messages that no case names, listed and decided on.

use std::io::{Write, stdout};
use std::path::Path;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Cases;
use crate::cli::scan::Format;
use crate::cli::submission;
use crate::config;
use crate::mime::split_header;
use crate::model::{CaseId, Masked, Raw};
use crate::plan::{Stance, held_again};
use crate::ports::{Aside, AsideEnd, Attempt, Batch, Store};
use crate::service::{Workbench, examine};

/// What to do with them.
#[derive(Debug, Args)]
pub(super) struct SetAside {
    #[command(subcommand)]
    pub(super) what: Option<What>,
    /// Show of each when it was written, by whom, to whom, and its Message-ID.
    #[arg(long)]
    reveal: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// Hold one again, as a new case. Who wrote to whom stood in the lost case; the MTA's log has it beside the Message-ID.
    TakeBack {
        /// Its file, as listed.
        file: String,
        /// Envelope sender; empty or `<>` for the null sender.
        #[arg(long, value_name = "ADDR")]
        from: String,
        /// Envelope recipient; repeat for each.
        #[arg(long, value_name = "ADDR", required = true)]
        to: Vec<String>,
        /// Why, for the trail.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Destroy one at once. Its sender was told that it is held: tell them that it will not leave.
    Delete {
        /// Its file, as listed.
        file: String,
        /// Why, for the trail.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

impl SetAside {
    /// The reason given, if something is decided.
    pub(super) fn reason(&self) -> Option<&str> {
        match &self.what {
            Some(What::TakeBack { reason, .. } | What::Delete { reason, .. }) => Some(reason),
            None => None,
        }
    }

    /// Lists, or does as asked.
    pub(super) async fn run(
        &self,
        cases: &Cases,
        config: Option<&Path>,
        store: &dyn Store,
        reason: Option<Masked>,
    ) -> Result<()> {
        let Some(what) = &self.what else { return self.list(store, cases.format).await };
        let reason = reason.context("give a reason")?;
        let (actor, at) = (cases.actor()?, Timestamp::now());
        let end = AsideEnd { case: None, actor: &actor, reason: &reason, at };
        let (file, case) = match what {
            What::Delete { file, .. } => {
                store.end_aside(file, end).await?;
                (file, None)
            }
            What::TakeBack { file, from, to, .. } => {
                let case = hold(config, store, file, from, to).await?;
                store.end_aside(file, AsideEnd { case: Some(&case), ..end }).await?;
                (file, Some(case))
            }
        };
        let case = case.map(|case| case.to_string());
        let done = match (cases.format, &case) {
            (Format::Json, case) => json!({ "file": file, "case": case }).to_string(),
            (Format::Text, Some(case)) => format!("{file}: held as case {case}"),
            (Format::Text, None) => format!("{file}: destroyed"),
        };
        Ok(writeln!(stdout().lock(), "{done}")?)
    }

    async fn list(&self, store: &dyn Store, format: Format) -> Result<()> {
        let now = Timestamp::now();
        let all = store.aside().await?;
        let mut out = stdout().lock();
        if format == Format::Text {
            writeln!(out, "{:<36} {:<20} {:>10} DAYS LEFT", "FILE", "SET ASIDE (UTC)", "BYTES")?;
        }
        for aside in &all {
            let told =
                if self.reveal { told_by(&store.aside_message(&aside.file).await) } else { Vec::new() };
            print(&mut out, aside, &told, now, format)?;
        }
        if format == Format::Text && all.is_empty() {
            writeln!(out, "none: every sealed message has its case")?;
        }
        Ok(())
    }
}

/// Judges the message again and opens a case for it, whatever the verdict is now.
async fn hold(
    config: Option<&Path>,
    store: &dyn Store,
    file: &str,
    from: &str,
    to: &[String],
) -> Result<CaseId> {
    let content = store.aside_message(file).await?;
    let submission = submission::from_bytes(content.0, from, to)?;
    let settings = config::load(config)?;
    let bench = Workbench::open(config)?.with_configured_rosters(&crate::detect::roster::Rosters::default());
    let examined = examine(bench.rules(), bench.extractor(), submission, None, Attempt::Again)
        .map_err(|unread| anyhow::anyhow!("{unread}"))?;
    let received = examined.submission.received_at;
    let stance = Stance {
        proposed: CaseId::from_bits(rand::random()),
        deadline: received.saturating_add(settings.store.undecided).unwrap_or(Timestamp::MAX),
        mark_clean: settings.judging.mark_clean,
        two_persons: settings.review.two_persons.clone(),
    };
    let record = held_again(&examined.submission, &examined.reading, &examined.inspection, &stance);
    let batch = Batch { case: &record, content: Some(&examined.submission.raw), notices: &[] };
    Ok(store.commit(batch).await?.case)
}

fn print(
    out: &mut impl Write,
    aside: &Aside,
    told: &[(&'static str, Masked)],
    now: Timestamp,
    format: Format,
) -> Result<()> {
    let days = aside.until.duration_since(now).as_hours().max(0) / 24;
    if format == Format::Json {
        let told: serde_json::Map<String, Value> =
            told.iter().map(|(name, value)| ((*name).to_owned(), json!(value.reveal()))).collect();
        let facts = json!({
            "file": aside.file, "since": aside.since.to_string(), "until": aside.until.to_string(),
            "size": aside.size, "header": told,
        });
        return Ok(writeln!(out, "{facts}")?);
    }
    let since = aside.since.strftime("%Y-%m-%d %H:%M:%S");
    writeln!(out, "{:<36} {since:<20} {:>10} {days}", aside.file, aside.size)?;
    for (name, value) in told {
        writeln!(out, "  {name}: {}", value.reveal())?;
    }
    Ok(())
}

/// The fields of the header that tell which message it is.
fn told_by(message: &Result<Raw, crate::ports::StoreError>) -> Vec<(&'static str, Masked)> {
    let content = match message {
        Ok(content) => content,
        Err(failure) => return vec![("not opened", Masked::new(failure.to_string()))],
    };
    let (_, body) = split_header(content);
    let header = String::from_utf8_lossy(content.get(..body).unwrap_or_default()).into_owned();
    let header = header.replace("\r\n ", " ").replace("\r\n\t", " ");
    let field = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let name = TELLING.into_iter().find(|known| known.eq_ignore_ascii_case(name.trim()))?;
        let value: String = value.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        Some((name, Masked::new(value)))
    };
    header.lines().filter_map(field).collect()
}

const TELLING: [&str; 5] = ["Date", "From", "To", "Cc", "Message-ID"];
