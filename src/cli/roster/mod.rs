//! `vaguemestre roster`: make an index of patients or staff, and look at one.

mod build;
mod show;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};

use crate::detect::roster;
use crate::service::Workbench;

/// Make the keyed index of patients or of the staff directory, and look at one.
#[derive(Debug, Args)]
pub struct Roster {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Build),
    Show(show::Show),
}

/// The rosters that a command judges with.
#[derive(Debug, Args)]
pub struct Rosters {
    /// Keyed index of patients, in place of the configured one.
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    /// Keyed index of the staff directory, in place of the configured one.
    #[arg(long, value_name = "FILE")]
    staff: Option<PathBuf>,
    /// Their key; by default the configured one, else the file beside the index with `.key` added.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

impl Rosters {
    /// Puts them in force. Offline, a roster that does not open is an error.
    pub fn join(&self, bench: Workbench) -> Result<Workbench> {
        let key = self.key.as_deref();
        let mut bench = if self.roster.is_none() || self.staff.is_none() {
            bench.with_configured_rosters(&roster::Rosters::default())
        } else {
            bench
        };
        if self.roster.is_none()
            && let Some(trouble) = bench.roster_troubles().first()
        {
            bail!("{trouble}");
        }
        if let Some(index) = &self.roster {
            bench = bench.with_patients(index, key)?;
        }
        if let Some(index) = &self.staff {
            bench = bench.with_staff(index, key)?;
        }
        Ok(bench)
    }
}

impl Roster {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        match &self.command {
            Command::Build(build) => build.run(config),
            Command::Show(show) => show.run(config),
        }
    }
}
