//! `vaguemestre explain`: the full reasoning on one message, one finding, or a line of text.

mod candidate;

use std::io::{Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use jiff::civil::Date;

use super::roster::Rosters;
use super::submission;
use crate::detect::check::segments;
use crate::detect::trace::trace;
use crate::detect::{Candidate, Context as Around};
use crate::inspect;
use crate::model::Region;
use crate::ports::Attempt;
use crate::service::counter_example::candidate_of;
use crate::service::{Examined, Workbench, examine};
use candidate::Teller;

/// Explain the verdict on one message: what was read, each finding with its evidence in bits, the articles that spoke and,
/// for the others, the condition that was not met.
///
/// Values and text are masked unless --reveal is given.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vaguemestre explain message.eml --from a@cisss.example --to b@x.example
  vaguemestre explain message.eml --finding 2            one finding: evidence, rivals, rule, articles
  vaguemestre explain message.eml --place 3:40           whatever was weighed at byte 40 of segment #3
  vaguemestre explain --text 'NAS 130 692 544' --reveal  why a word is found, or not
  vaguemestre explain --text - < note.txt")]
pub struct Explain {
    /// Message file.
    #[arg(required_unless_present = "text", conflicts_with = "text")]
    file: Option<PathBuf>,
    /// A text in place of a message; `-` reads it from standard input. Candidates below the threshold are told too.
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// Envelope sender; empty or `<>` for the null sender.
    #[arg(long, value_name = "ADDR", default_value = "")]
    from: String,
    /// Envelope recipient; repeat for each.
    #[arg(long, value_name = "ADDR")]
    to: Vec<String>,
    /// Lists of domains (JSON) in place of the configured ones.
    #[arg(long, value_name = "FILE")]
    recipients: Option<PathBuf>,
    #[command(flatten)]
    rosters: Rosters,
    /// Day on which ages are taken; by default the message's own date.
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// Tell one finding alone, by its number.
    #[arg(long, value_name = "N")]
    finding: Option<usize>,
    /// Tell what was weighed at a byte of a segment, found or not.
    #[arg(long, value_name = "SEGMENT:BYTE", conflicts_with = "finding")]
    place: Option<String>,
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
        let mut out = stdout().lock();
        match (&self.text, &self.file) {
            (Some(text), _) => self.of_text(&mut out, &bench, text)?,
            (None, Some(file)) => self.of_message(&mut out, &bench, file)?,
            (None, None) => bail!("name a message file, or give --text"),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn of_message(&self, out: &mut impl Write, bench: &Workbench, file: &Path) -> Result<()> {
        let submission = submission::from_file(file, &self.from, &self.to)?;
        let examined = examine(bench.rules(), bench.extractor(), submission, self.at, Attempt::Again)?;
        if self.finding.is_some() || self.place.is_some() {
            let Examined { submission, reading, date, .. } = &examined;
            let context = inspect::context(submission, reading, *date);
            let trace = trace(bench.rules().detectors(), &reading.segments, &context);
            let teller = Teller { detectors: bench.rules().detectors(), trace: &trace, reveal: self.reveal };
            return match (self.finding, &self.place) {
                (Some(number), _) => one_finding(out, &teller, &examined, number),
                (None, Some(place)) => at_place(out, &teller, place),
                (None, None) => Ok(()),
            };
        }
        self.read(out, &examined)?;
        self.found(out, &examined)?;
        decided(out, &examined)
    }

    fn of_text(&self, out: &mut impl Write, bench: &Workbench, text: &str) -> Result<()> {
        let mut given = text.to_owned();
        if text == "-" {
            given.clear();
            stdin().read_to_string(&mut given).context("standard input is not text in UTF-8")?;
        }
        let segments = segments(&given, Region::Body);
        let date = self.at.unwrap_or_else(|| jiff::Zoned::now().date());
        let context = Around { date, sender: None, recipients: Vec::new(), display_names: Vec::new() };
        let trace = trace(bench.rules().detectors(), &segments, &context);
        let teller = Teller { detectors: bench.rules().detectors(), trace: &trace, reveal: self.reveal };
        everything(out, &teller, |_| true)
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
        writeln!(out, "\nFOUND  (--finding N tells one in full)")?;
        for (number, finding) in (1..).zip(examined.inspection.findings()) {
            let value = if self.reveal { finding.value.reveal() } else { &finding.masked };
            let (kind, rule, confidence) = (finding.kind.name(), &finding.rule, finding.confidence.name());
            let (from, to) = finding.span;
            let person = finding.person.map_or(String::new(), |person| format!(", person {}", person.0));
            let bits = finding.bits();
            writeln!(out, "  {number}. {kind} {value}  {confidence}, {bits:+.1} bits, rule {rule}{person}")?;
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

/// Tells the finding of a number, its person and the articles that speak of it.
fn one_finding(out: &mut impl Write, teller: &Teller<'_>, examined: &Examined, number: usize) -> Result<()> {
    let findings = examined.inspection.findings();
    let index = number.wrapping_sub(1);
    let Some(finding) = findings.get(index) else {
        bail!("there are {} findings; `explain` without --finding numbers them", findings.len());
    };
    let candidate =
        candidate_of(teller.trace, finding).context("the finding is not among what was proposed")?;
    writeln!(out, "FINDING {number}")?;
    teller.tell(out, candidate)?;
    if let Some(person) = finding.person {
        let known = examined.inspection.persons().iter().find(|other| other.id == person);
        let kinds: Vec<&str> =
            known.iter().flat_map(|one| &one.identifiers).map(|kind| kind.name()).collect();
        writeln!(out, "    person {}, known here by: {}", person.0, kinds.join(", "))?;
    }
    if examined.inspection.recipients().is_empty() {
        writeln!(out, "    no recipient was given (--to): articles need one to speak")?;
    }
    for spoken in &examined.inspection.decision().spoken {
        if spoken.findings.contains(&index) {
            let (id, verdict, mode) = (&spoken.article.0, spoken.verdict.name(), spoken.mode.name());
            writeln!(out, "    article {id} -> {verdict} ({mode}): {}", spoken.cites)?;
        }
    }
    Ok(())
}

fn at_place(out: &mut impl Write, teller: &Teller<'_>, place: &str) -> Result<()> {
    let parsed =
        place.split_once(':').and_then(|(segment, byte)| Some((segment.parse().ok()?, byte.parse().ok()?)));
    let Some((segment, byte)): Option<(usize, usize)> = parsed else {
        bail!("`{place}` is no place; write segment and byte, as in 3:40");
    };
    everything(out, teller, |candidate| {
        let (index, span) = teller.trace.prepared.locate(candidate.block, &candidate.span);
        index == segment && (span.0..=span.1).contains(&byte)
    })
}

/// Tells every candidate that is asked for, and what became of it.
fn everything(out: &mut impl Write, teller: &Teller<'_>, asked: impl Fn(&Candidate) -> bool) -> Result<()> {
    let trace = teller.trace;
    let mut told = 0;
    for (what, found) in [("FOUND", true), ("BELOW THE THRESHOLD, OR ALLOWED", false)] {
        let is_found = |one: &Candidate| one.kind.is_some() && one.bits() >= 0.0;
        for candidate in trace.kept.iter().filter(|one| is_found(one) == found && asked(one)) {
            told += 1;
            writeln!(out, "{what}")?;
            teller.tell(out, candidate)?;
        }
    }
    for loser in trace.lost.iter().filter(|one| asked(one)) {
        told += 1;
        let winner = trace.winner(loser).map_or("another", |winner| &winner.rule);
        writeln!(out, "LOST to rule {winner}")?;
        teller.tell(out, loser)?;
    }
    for excepted in trace.excepted.iter().filter(|one| asked(&one.candidate)) {
        told += 1;
        writeln!(out, "LET THROUGH by the exception {}:{}", excepted.file, excepted.line)?;
        teller.tell(out, &excepted.candidate)?;
    }
    if told == 0 {
        writeln!(
            out,
            "NOTHING was weighed here: no rule has this shape, or a validator says it cannot be such a value"
        )?;
    }
    Ok(())
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
