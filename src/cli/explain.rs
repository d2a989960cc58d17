//! `vaguemestre explain`: the full reasoning on one message.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use jiff::civil::Date;

use super::roster::Rosters;
use super::submission;
use crate::service::{Examined, Workbench, examine};

/// Explain the verdict on one message: what was read, each finding with its evidence in bits, the articles that spoke and,
/// for the others, the condition that was not met.
#[derive(Debug, Args)]
pub struct Explain {
    /// Message file.
    file: PathBuf,
    /// Envelope sender; empty or `<>` for the null sender.
    #[arg(long, value_name = "ADDR")]
    from: String,
    /// Envelope recipient; repeat for each.
    #[arg(long, value_name = "ADDR", required = true)]
    to: Vec<String>,
    /// Lists of domains (JSON) in place of the configured ones.
    #[arg(long, value_name = "FILE")]
    recipients: Option<PathBuf>,
    #[command(flatten)]
    rosters: Rosters,
    /// Day on which ages are taken; by default the message's own date.
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// Print the values found and the text read, in clear.
    #[arg(long)]
    reveal: bool,
}

impl Explain {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let bench = self.rosters.join(match &self.recipients {
            Some(lists) => Workbench::with_lists(config, lists)?,
            None => Workbench::open(config)?,
        })?;
        let submission = submission::from_file(&self.file, &self.from, &self.to)?;
        let examined = examine(bench.rules(), bench.extractor(), submission, self.at);
        let mut out = stdout().lock();
        self.read(&mut out, &examined)?;
        self.found(&mut out, &examined)?;
        decided(&mut out, &examined)?;
        Ok(ExitCode::SUCCESS)
    }

    fn read(&self, out: &mut impl Write, examined: &Examined) -> Result<()> {
        let reading = &examined.reading;
        writeln!(out, "READ  {} segments, {} not read", reading.segments.len(), reading.gaps.len())?;
        for (index, segment) in reading.segments.iter().enumerate() {
            let text = segment.text.reveal();
            let shown = if self.reveal { text.escape_debug().take(200).collect() } else { String::new() };
            let part = &segment.place.part;
            writeln!(out, "  #{index} part {part} {:?}, {} bytes {shown}", segment.region, text.len())?;
        }
        for gap in &reading.gaps {
            writeln!(out, "  not read: part {} ({})", gap.place.part, gap.reason.name())?;
        }
        for protection in &reading.protections {
            writeln!(out, "  protected: part {} by {}", protection.place.part, protection.kind.name())?;
        }
        Ok(())
    }

    fn found(&self, out: &mut impl Write, examined: &Examined) -> Result<()> {
        writeln!(out, "\nFOUND")?;
        for finding in examined.inspection.findings() {
            let value = if self.reveal { finding.value.reveal() } else { &finding.masked };
            let (kind, rule, confidence) = (finding.kind.name(), &finding.rule, finding.confidence.name());
            let (from, to) = finding.span;
            let person = finding.person.map_or(String::new(), |person| format!(", person {}", person.0));
            writeln!(
                out,
                "  {kind} {value}  {confidence}, {:+.1} bits, rule {rule}{person}",
                finding.bits()
            )?;
            writeln!(out, "    in segment #{}, bytes {from}..{to}", finding.segment)?;
            for evidence in &finding.evidence {
                writeln!(out, "    {:+6.1}  {}", evidence.bits, evidence.reason)?;
            }
        }
        for person in examined.inspection.persons() {
            let kinds: Vec<&str> = person.identifiers.iter().map(|kind| kind.name()).collect();
            let recipient = if person.is_recipient { " (a recipient)" } else { "" };
            let reference = if person.reference { " and a dossier, user or employee number" } else { "" };
            let kinds = kinds.join(", ");
            writeln!(
                out,
                "  person {}{recipient}: {kinds}{reference}, {:+.1} bits",
                person.id.0, person.bits
            )?;
        }
        Ok(())
    }
}

fn decided(out: &mut impl Write, examined: &Examined) -> Result<()> {
    let decision = examined.inspection.decision();
    writeln!(out, "\nDECIDED  {} (applied: {})", decision.verdict.name(), decision.applied.name())?;
    for recipient in examined.inspection.recipients() {
        let (class, counts_as) = (recipient.class.name(), recipient.counts_as.name());
        writeln!(out, "  to {}: {class}, counts as {counts_as}", recipient.address)?;
    }
    for spoken in &decision.spoken {
        let (id, verdict, mode) = (&spoken.article.0, spoken.verdict.name(), spoken.mode);
        let trial = if spoken.trial { ", on trial: weighs nothing" } else { "" };
        writeln!(out, "  spoke   {id} -> {verdict} ({}{trial}): {}", mode.name(), spoken.cites)?;
    }
    for silent in &decision.silent {
        writeln!(out, "  silent  {}: {}", silent.article.0, silent.because)?;
    }
    writeln!(out, "  rules {}", examined.inspection.digest())?;
    Ok(())
}
