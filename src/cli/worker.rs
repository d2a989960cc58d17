//! `vaguemestre worker`: what the service starts to read attachments. Not for people.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::sandbox::{self, Trial};

/// Read attachments for the service that started this process.
#[derive(Debug, Args)]
pub struct Worker {
    /// Most address space, in bytes.
    #[arg(long)]
    memory: u64,
    /// What befalls it, in tests.
    #[arg(long)]
    trial: Option<Trial>,
}

impl Worker {
    /// Runs the command.
    pub fn run(&self) -> Result<ExitCode> {
        sandbox::run(self.memory, self.trial)?;
        Ok(ExitCode::SUCCESS)
    }
}
