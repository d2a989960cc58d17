//! `vaguemestre tool`: what the service executes to run an outside tool confined. Not for people.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::sandbox;

/// Confine this process and become an outside tool.
#[derive(Debug, Args)]
pub struct Tool {
    /// Most address space, in bytes.
    #[arg(long)]
    memory: u64,
    /// Most processor time, in seconds.
    #[arg(long)]
    cpu: u64,
    /// The tool and its arguments.
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

impl Tool {
    /// Runs the command.
    pub fn run(&self) -> Result<ExitCode> {
        sandbox::become_tool(self.memory, self.cpu, &self.command)?;
        Ok(ExitCode::SUCCESS)
    }
}
