//! `vaguemestre rules digest`: the keyed digest under which a value may stand in an exception.

use std::io::{Read, Write, stdin, stdout};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::folder::Folder;
use crate::detect::check::{run, segments};
use crate::model::{Kind, Region};
use crate::service::Workbench;

/// Print the keyed digest of a value read from standard input, for `value` of an exception in local.d.
///
/// Give the text as it stands in mail, with its label: the rules find the value in it and write it in its normal form. A plain
/// hash of a nine-digit number is undone by trying them all; with the key in local.d/exceptions.key, which the first use
/// makes, it is not.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  echo 'NAS 130 692 544' | vaguemestre rules digest --kind nas")]
pub struct Digest {
    /// Kind of the value: nam, nas, patient_name …
    #[arg(long)]
    kind: String,
}

impl Digest {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let Some(kind) = Kind::from_name(&self.kind) else {
            let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            bail!("no kind is called `{}`; use one of {}", self.kind, known.join(", "));
        };
        let bench = Workbench::open(config)?;
        let mut text = String::new();
        stdin().read_to_string(&mut text).context("standard input is not text in UTF-8")?;
        let segments = segments(text.trim(), Region::Body);
        let trace = run(bench.rules().detectors(), &segments);
        let all = trace.kept.iter().chain(trace.excepted.iter().map(|excepted| &excepted.candidate));
        let mut found = all.filter(|candidate| candidate.kind == Some(kind));
        let Some(value) = found.next() else {
            bail!("no {} is found in this text; write it as in mail, with its label", kind.name());
        };
        if found.next().is_some() {
            bail!("several are found in this text; give one at a time");
        }
        let key = Folder::of(&bench)?.key()?;
        writeln!(stdout(), "{}", key.digest(kind, value.value.reveal()))?;
        Ok(ExitCode::SUCCESS)
    }
}
