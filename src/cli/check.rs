//! `vaguemestre check`: configuration, policy, patterns and lists, each proving itself.

use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::service::{Workbench, check};

/// Verify the configuration, the policy, the patterns and the recipient lists: every example, counter-example and case is run.
///
/// Exit status: 0 all is well, 2 something is not; each failure says where.
#[derive(Debug, Args)]
pub struct Check {
    /// List every example and case run, not only failures.
    #[arg(long)]
    verbose: bool,
}

impl Check {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let bench = Workbench::open(config)?;
        let report = check(&bench);
        let mut out = stdout().lock();
        for proof in report.proofs.iter().filter(|proof| self.verbose || proof.failure.is_some()) {
            match &proof.failure {
                None => writeln!(out, "ok    {}", proof.of)?,
                Some(failure) => writeln!(out, "FAIL  {}: {failure}", proof.of)?,
            }
        }
        let failed = report.failed();
        writeln!(out, "{} proofs run, {failed} failed; rules {}", report.run, bench.rules().digest())?;
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(super::MISUSE) })
    }
}
