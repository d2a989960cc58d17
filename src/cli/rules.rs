//! `vaguemestre rules`: what an establishment changes in `local.d`, without an editor.

mod counter_example;
mod digest;
mod folder;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

/// Change the establishment's own rules in local.d: turn a false alarm into a counter-example, write an exception.
#[derive(Debug, Args)]
pub struct Rules {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    CounterExample(counter_example::CounterExample),
    Digest(digest::Digest),
}

impl Rules {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        match &self.command {
            Command::CounterExample(command) => command.run(config),
            Command::Digest(command) => command.run(config),
        }
    }
}
