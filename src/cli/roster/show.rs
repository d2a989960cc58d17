//! `vaguemestre roster show`: what an index says of itself. It holds no name.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use jiff::Timestamp;

use crate::config::{self, rosters};
use crate::roster::Roster;

/// Show how many persons an index holds, how old it is, and whether the key is its own.
#[derive(Debug, Args)]
pub struct Show {
    /// The index.
    index: PathBuf,
    /// Its key; by default the configured one, else the file beside it with `.key` added.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

impl Show {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let settings = config::load(config)?;
        let key = self.key.as_deref().or(settings.roster.key.as_deref());
        let opened = rosters::open(&self.index, key, Roster::Patients);
        let index = opened.or_else(|_| rosters::open(&self.index, key, Roster::Staff))?;
        let hours = Timestamp::now().duration_since(index.created()).as_hours();
        let mut out = stdout().lock();
        writeln!(out, "{}: {} persons, {} hashes", index.roster(), index.rows(), index.entries())?;
        writeln!(out, "built {} ({hours} h ago), {} bytes", index.created(), index.size())?;
        writeln!(out, "digest {}", index.digest())?;
        Ok(ExitCode::SUCCESS)
    }
}
