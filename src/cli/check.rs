//! `vaguemestre check`: configuration, policy, patterns and lists, each proving itself.

use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::MISUSE;
use super::scan::Format;
use crate::detect::check::{Remark, Topic};
use crate::model::Fault;
use crate::relay;
use crate::service::{CheckReport, RulesError, Workbench, check};

/// Verify the configuration with the sockets, keys, certificates and secrets it names, the policy, the patterns, the recipient lists
/// and local.d: every example, counter-example and case is run, and rules that duplicate or shadow one another are shown.
///
/// Exit status: 0 all is well (remarks do not fail), 1 a proof failed, 2 something does not load. Each line says where, what,
/// and what to do.
#[derive(Debug, Args)]
pub struct Check {
    /// List every case run and every remark, not only what failed and what concerns local.d and rules.
    #[arg(long)]
    verbose: bool,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Exit status when a proof failed.
const FAILED: u8 = 1;

/// The result as programs read it.
#[derive(Debug, Default, Serialize)]
struct Checked<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Place<'a>>,
    run: usize,
    failures: Vec<Place<'a>>,
    remarks: Vec<Remarked<'a>>,
    digest: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    milter_default_action: Option<String>,
}

#[derive(Debug, Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    what: &'a str,
    remedy: &'a str,
}

#[derive(Debug, Serialize)]
struct Remarked<'a> {
    topic: &'static str,
    local: bool,
    #[serde(flatten)]
    place: Place<'a>,
}

impl Check {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let bench = match Workbench::startable(config) {
            Ok(bench) => bench,
            Err(error) if self.format == Format::Json => return not_loaded(&error),
            Err(error) => return Err(error.into()),
        };
        let report = check(&bench, jiff::Zoned::now().date());
        let action = relay::careless_default(&bench.settings().relay);
        let mut out = stdout().lock();
        match self.format {
            Format::Text => {
                self.text(&mut out, &report, bench.rules().digest())?;
                if let Some(action) = action {
                    writeln!(out, "note  {}", unread(&action))?;
                }
            }
            Format::Json => json(&mut out, &report, bench.rules().digest(), action)?,
        }
        Ok(if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
    }

    fn text(&self, out: &mut impl Write, report: &CheckReport, digest: &str) -> Result<()> {
        for proof in report.proofs.iter().filter(|proof| self.verbose || proof.failure.is_some()) {
            match &proof.failure {
                None => writeln!(out, "ok    {}", proof.of)?,
                Some(failure) => writeln!(out, "FAIL  {failure}")?,
            }
        }
        let (shown, rest): (Vec<&Remark>, Vec<&Remark>) =
            report.remarks.iter().partition(|remark| self.verbose || remark.local || !is_minor(remark));
        for remark in shown {
            writeln!(out, "note  {} ({})", remark.fault, remark.topic.name())?;
        }
        if !rest.is_empty() {
            writeln!(
                out,
                "note  {} terms that stand twice in shipped word lists; --verbose lists them",
                rest.len()
            )?;
        }
        writeln!(out, "{} proofs run, {} failed; rules {digest}", report.run, report.failed())?;
        Ok(())
    }
}

fn unread(action: &str) -> String {
    format!(
        "Postfix' milter_default_action is {action}: while the service is away, mail is not put off, and not read; \
         postconf -e 'milter_default_action = tempfail'"
    )
}

/// A term that stands twice in a shipped list harms nobody.
fn is_minor(remark: &Remark) -> bool {
    remark.topic == Topic::Duplicate && !remark.fault.file.ends_with(".toml")
}

fn json(out: &mut impl Write, report: &CheckReport, digest: &str, action: Option<String>) -> Result<()> {
    let failures = report.proofs.iter().filter_map(|proof| proof.failure.as_ref()).map(place).collect();
    let remarks = report.remarks.iter().map(|Remark { topic, local, fault }| Remarked {
        topic: topic.name(),
        local: *local,
        place: place(fault),
    });
    let remarks = remarks.collect();
    let run = report.run;
    let checked =
        Checked { run, failures, remarks, digest, milter_default_action: action, ..Checked::default() };
    serde_json::to_writer(&mut *out, &checked)?;
    Ok(writeln!(out)?)
}

fn not_loaded(error: &RulesError) -> Result<ExitCode> {
    let whole = [Fault::whole("", error.to_string(), "")];
    let faults = error.faults().unwrap_or(&whole);
    let checked = Checked { errors: faults.iter().map(place).collect(), ..Checked::default() };
    println_json(&checked)?;
    Ok(ExitCode::from(MISUSE))
}

fn println_json(checked: &Checked<'_>) -> Result<()> {
    let mut out = stdout().lock();
    serde_json::to_writer(&mut out, checked)?;
    Ok(writeln!(out)?)
}

fn place(fault: &Fault) -> Place<'_> {
    let Fault { file, line, column, what, remedy } = fault;
    Place { file, line: *line, column: *column, what, remedy }
}
