//! `vaguemestre scan`: decide on messages offline, exactly as the service would.

use std::io::{BufRead, BufReader, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde::Deserialize;

use super::output::{Scanned, Show};
use super::roster::Rosters;
use super::submission;
use crate::inspect::Rules;
use crate::model::Verdict;
use crate::ports::{Attempt, Extractor};
use crate::service::{Examined, Workbench, examine};

/// Decide on messages offline, exactly as the service would. Nothing is stored or sent.
///
/// Exit status of one message: 0 accept, 10 warn, 11 quarantine, 12 reject. With --manifest: 0 when all were judged.
#[derive(Debug, Args)]
pub struct Scan {
    /// Message file.
    #[arg(required_unless_present = "manifest", conflicts_with = "manifest")]
    file: Option<PathBuf>,
    /// Envelope sender; empty or `<>` for the null sender.
    #[arg(long, value_name = "ADDR", required_unless_present = "manifest")]
    from: Option<String>,
    /// Envelope recipient; repeat for each.
    #[arg(long, value_name = "ADDR", required_unless_present = "manifest")]
    to: Vec<String>,
    /// JSON lines `{"file": …, "from": …, "to": […]}`; files are relative to the manifest.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Lists of domains (JSON: internal, network, partner, webmail) in place of the configured ones.
    #[arg(long, value_name = "FILE")]
    recipients: Option<PathBuf>,
    #[command(flatten)]
    rosters: Rosters,
    /// Day on which ages are taken; by default the message's own date.
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Print the values found, in clear.
    #[arg(long)]
    reveal: bool,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Deserialize)]
struct Line {
    file: String,
    from: String,
    to: Vec<String>,
    at: Option<Date>,
}

impl Scan {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let bench = self.rosters.join(match &self.recipients {
            Some(lists) => Workbench::with_lists(config, lists)?,
            None => Workbench::open(config)?,
        })?;
        let (rules, extractor) = (bench.rules(), bench.extractor());
        match &self.manifest {
            Some(manifest) => self.all(manifest, rules, extractor),
            None => self.one(rules, extractor),
        }
    }

    fn one(&self, rules: &Rules, extractor: &dyn Extractor) -> Result<ExitCode> {
        let file = self.file.as_deref().context("name a message file")?;
        let submission = submission::from_file(file, self.from.as_deref().unwrap_or_default(), &self.to)?;
        let examined = examine(rules, extractor, submission, self.at, Attempt::Again)?;
        self.print(&mut stdout().lock(), &file.display().to_string(), &examined)?;
        Ok(ExitCode::from(match examined.inspection.decision().verdict {
            Verdict::Accept => 0,
            Verdict::Warn => 10,
            Verdict::Quarantine => 11,
            Verdict::Reject => 12,
        }))
    }

    fn all(&self, manifest: &Path, rules: &Rules, extractor: &dyn Extractor) -> Result<ExitCode> {
        let open = std::fs::File::open(manifest);
        let lines =
            BufReader::new(open.with_context(|| format!("{} cannot be read", manifest.display()))?).lines();
        let base = manifest.parent().unwrap_or(Path::new("."));
        let mut out = std::io::BufWriter::new(stdout().lock());
        let mut left = 0_u64;
        for (index, line) in lines.enumerate() {
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            match self.examined(&line, base, rules, extractor) {
                Ok((file, examined)) => self.print(&mut out, &file, &examined)?,
                Err(why) => {
                    left += 1;
                    eprintln!("vaguemestre: {}:{}: {why:#}", manifest.display(), index + 1);
                }
            }
        }
        out.flush()?;
        ensure!(left == 0, "{}: {left} lines were not judged", manifest.display());
        Ok(ExitCode::SUCCESS)
    }

    /// The message of a manifest's line.
    fn examined(
        &self,
        line: &str,
        base: &Path,
        rules: &Rules,
        extractor: &dyn Extractor,
    ) -> Result<(String, Examined)> {
        let Line { file, from, to, at } =
            serde_json::from_str(line).context("expected {\"file\", \"from\", \"to\"}")?;
        let submission = submission::from_file(&base.join(&file), &from, &to)?;
        let examined = examine(rules, extractor, submission, at.or(self.at), Attempt::Again)?;
        Ok((file, examined))
    }

    fn print(&self, out: &mut impl Write, file: &str, examined: &Examined) -> Result<()> {
        let show = if self.reveal { Show::Clear } else { Show::Masked };
        match self.format {
            Format::Json => {
                serde_json::to_writer(&mut *out, &Scanned::new(file, examined, show))?;
                writeln!(out)?;
            }
            Format::Text => super::output::text(out, file, examined, show)?,
        }
        Ok(())
    }
}
