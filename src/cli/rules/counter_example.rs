//! `vaguemestre rules counter-example`: a false alarm becomes a look-alike that proves the rules from then on.

use std::collections::BTreeSet;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use jiff::civil::Date;

use super::folder::Folder;
use crate::cli::submission;
use crate::detect::roster::Rosters;
use crate::model::{Finding, Submission};
use crate::ports::Attempt;
use crate::service::counter_example::{counter_example, quoted, quotes};
use crate::service::{Examined, Workbench, check, examine};

/// Turn a false alarm into a counter-example in local.d: an invented look-alike of the same shape, proven to raise the same
/// alarm. Nothing of the message is written.
///
/// From then on `check` fails until the rule is mended; `--fix` mends it at once, and takes everything back when the
/// alarm stays or any other example fails. Exit status: 0 written, 1 not possible (nothing is changed), 2 wrong use.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vaguemestre rules counter-example --message m.eml --finding 2 --because 'a form number'
  vaguemestre rules counter-example --message m.eml --finding 2 --because 'a form number' --fix against='formulaire'
  vaguemestre rules counter-example --message m.eml --finding 1 --because 'our director' --fix exception --author 'C. Untel'")]
pub struct CounterExample {
    /// Message file with the false alarm.
    #[arg(long, value_name = "FILE")]
    message: PathBuf,
    /// Number of the finding, as `explain` counts.
    #[arg(long, value_name = "N")]
    finding: usize,
    /// Why it is not what it looks like, in your words and without the value.
    #[arg(long, value_name = "WHY")]
    because: String,
    /// Envelope sender; empty or `<>` for the null sender.
    #[arg(long, value_name = "ADDR", default_value = "")]
    from: String,
    /// Envelope recipient; repeat for each.
    #[arg(long, value_name = "ADDR")]
    to: Vec<String>,
    /// Day on which ages are taken; by default the message's own date.
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// Mend it at once: `against=WORD` makes a word nearby speak against the rule; `exception` lets this one value through
    /// (its keyed digest is written, and no counter-example: other values like it are still found).
    #[arg(long, value_name = "HOW")]
    fix: Option<String>,
    /// Who answers for an exception.
    #[arg(long, value_name = "NAME", required_if_eq("fix", "exception"))]
    author: Option<String>,
    /// Last day of an exception.
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
}

/// How an alarm is mended.
#[derive(Debug, PartialEq, Eq)]
enum Fix<'a> {
    Later,
    Against(&'a str),
    Exception,
}

impl CounterExample {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let fix = self.how()?;
        let bench = Workbench::open(config)?.with_configured_rosters(&Rosters::default());
        let folder = Folder::of(&bench)?;
        let examined = self.examine(&bench)?;
        let findings = examined.inspection.findings();
        let Some(finding) = self.finding.checked_sub(1).and_then(|index| findings.get(index)) else {
            bail!("there are {} findings; `vaguemestre explain` numbers them", findings.len());
        };
        self.says_nothing(finding)?;
        let tables = match self.tables(&fix, &bench, &folder, &examined, finding) {
            Ok(tables) => tables,
            Err(failure) => return told(&format!("nothing is written: {failure:#}")),
        };
        let failing = failures(&bench);
        let old = folder.read()?;
        folder.append(old.as_deref(), &tables)?;
        match self.proved(config, &fix, finding, &failing) {
            Ok(()) => self.report(&folder, &fix, &tables),
            Err(failure) => {
                folder.restore(old.as_deref())?;
                told(&format!("nothing is changed: {failure:#}"))
            }
        }
    }

    fn how(&self) -> Result<Fix<'_>> {
        match self.fix.as_deref().map(|fix| fix.split_once('=').unwrap_or((fix, ""))) {
            None => Ok(Fix::Later),
            Some(("against", word)) if !word.trim().is_empty() => Ok(Fix::Against(word.trim())),
            Some(("exception", "")) => Ok(Fix::Exception),
            Some(_) => bail!("--fix takes `against=WORD` or `exception`"),
        }
    }

    fn examine(&self, bench: &Workbench) -> Result<Examined> {
        let submission: Submission = submission::from_file(&self.message, &self.from, &self.to)?;
        Ok(examine(bench.rules(), bench.extractor(), submission, self.at, Attempt::Again)?)
    }

    /// Refuses a reason that quotes the value.
    fn says_nothing(&self, finding: &Finding) -> Result<()> {
        let told = [self.because.as_str(), self.author.as_deref().unwrap_or_default()];
        if told.into_iter().any(|text| quotes(text, finding.value.reveal())) {
            bail!("--because or --author quotes the value, and would be written to local.d; say it without");
        }
        Ok(())
    }

    fn tables(
        &self,
        fix: &Fix<'_>,
        bench: &Workbench,
        folder: &Folder,
        examined: &Examined,
        finding: &Finding,
    ) -> Result<String> {
        let (kind, because) = (finding.kind.name(), quoted(&self.because));
        if *fix == Fix::Exception {
            let digest = folder.key()?.digest(finding.kind, finding.value.reveal());
            let until = self.until.map_or(String::new(), |until| format!("until = {until}\n"));
            let (author, date) =
                (quoted(self.author.as_deref().unwrap_or_default()), jiff::Zoned::now().date());
            return Ok(format!(
                "[[exception]]\nkinds = [\"{kind}\"]\nvalue = \"{digest}\"\nreason = {because}\nauthor = {author}\ndate = {date}\n{until}"
            ));
        }
        let detectors = bench.rules().detectors();
        let counter = counter_example(detectors, &bench.assets().lexicons, examined, finding, &self.because)?;
        match fix {
            Fix::Against(word) => {
                if detectors.rules().iter().all(|rule| rule.id != finding.rule) {
                    bail!(
                        "rule {} is part of the program and reads word lists: add a term to local.d/lexicons, as local.d/README.md shows",
                        finding.rule
                    );
                }
                let (rule, word) = (quoted(&finding.rule), quoted(word));
                Ok(format!(
                    "[[override]]\nrule = {rule}\nagainst = [{word}]\nreason = {because}\n\n{counter}"
                ))
            }
            _ => Ok(counter),
        }
    }

    /// Whether the files load, the alarm is mended when it should be, and nothing else fails that did not before.
    fn proved(
        &self,
        config: Option<&Path>,
        fix: &Fix<'_>,
        finding: &Finding,
        before: &BTreeSet<String>,
    ) -> Result<()> {
        let bench = Workbench::open(config)?.with_configured_rosters(&Rosters::default());
        let after = failures(&bench);
        let new: Vec<&String> = after.difference(before).collect();
        if *fix == Fix::Later {
            let own = new.len() == 1;
            return own.then_some(()).context("the counter-example does not fail as it should");
        }
        let own = Folder::of(&bench)?.file().display().to_string();
        if !new.is_empty() && new.iter().all(|failure| failure.starts_with(&own)) {
            bail!(
                "the alarm stays: the word nearest to the value speaks, and that is its label; give the words that hold the label, \
                 as in against='gabarit du NAS'"
            );
        }
        if let Some(first) = new.first() {
            bail!("with this fix, {} proofs fail that did not before; the first: {first}", new.len());
        }
        let again = self.examine(&bench)?;
        let stays = again.inspection.findings().iter().any(|other| {
            other.kind == finding.kind
                && other.segment == finding.segment
                && other.span == finding.span
                && other.confidence >= finding.confidence
        });
        if stays {
            bail!("the alarm on the message stays as it is; is the word near the value?");
        }
        Ok(())
    }

    fn report(&self, folder: &Folder, fix: &Fix<'_>, tables: &str) -> Result<ExitCode> {
        let mut out = stdout().lock();
        writeln!(out, "written to {}:\n\n{tables}", folder.file().display())?;
        match fix {
            Fix::Later => writeln!(
                out,
                "`vaguemestre check` fails on it until the rule is mended: by --fix, or by hand in local.d.\n\
                 The service takes local.d over at its next reload."
            )?,
            _ => writeln!(
                out,
                "The alarm is mended, and every other proof holds. The service takes it over at its next reload."
            )?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The proofs that fail, without their places: lines move when a file grows.
fn failures(bench: &Workbench) -> BTreeSet<String> {
    let report = check(bench, jiff::Zoned::now().date());
    report
        .proofs
        .into_iter()
        .filter_map(|proof| proof.failure)
        .map(|fault| format!("{}: {}", fault.file, fault.what))
        .collect()
}

fn told(why: &str) -> Result<ExitCode> {
    eprintln!("vaguemestre: {why}");
    Ok(ExitCode::from(1))
}
