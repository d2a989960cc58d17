//! Floor 8: the command line. One file a command; each says what it does, with examples, in its help.
//!
//! Results go to stdout, logs and errors to stderr. Exit status: 0 done, 2 wrong use or configuration, for `scan` of one
//! message 0 accept, 10 warn, 11 quarantine, 12 reject, and for `serve` 75 when what kept it from starting may pass.

mod accounts;
mod audit;
mod cases;
mod check;
mod explain;
mod extract;
mod incidents;
mod output;
mod roster;
mod rules;
mod scan;
mod serve;
mod storage;
mod submission;
mod tool;
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::sandbox::Program;

/// Outgoing-mail DLP filter for Postfix: reads every outgoing message, finds confidential data and enforces the
/// establishment's directives.
#[derive(Debug, Parser)]
#[command(name = "vaguemestre", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  vaguemestre check                                     verify configuration, policy and rules
  vaguemestre scan --from a@cisss.example --to b@x.example message.eml
  vaguemestre serve --config /etc/vaguemestre/vaguemestre.toml

Without --config, /etc/vaguemestre/vaguemestre.toml is used when it exists, else the built-in default,
which observes and stops nothing.")]
struct Cli {
    /// Configuration file.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Scan(scan::Scan),
    Extract(extract::Extract),
    Check(check::Check),
    Explain(explain::Explain),
    Rules(rules::Rules),
    Cases(cases::Cases),
    Audit(audit::Audit),
    Incidents(incidents::Incidents),
    #[command(name = "store")]
    Storage(storage::Storage),
    Accounts(accounts::Accounts),
    Roster(roster::Roster),
    #[command(hide = true)]
    Worker(worker::Worker),
    #[command(hide = true)]
    Tool(tool::Tool),
}

/// Exit status for wrong use or configuration.
const MISUSE: u8 = 2;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    Program::is_this_process();
    std::panic::set_hook(Box::new(|panic| tell_where(panic.location())));
    let cli = Cli::parse();
    let config = cli.config.as_deref();
    let outcome = match cli.command {
        Command::Serve(serve) => serve.run(config),
        Command::Scan(scan) => scan.run(config),
        Command::Extract(extract) => extract.run(config),
        Command::Check(check) => check.run(config),
        Command::Explain(explain) => explain.run(config),
        Command::Rules(rules) => rules.run(config),
        Command::Cases(cases) => cases.run(config),
        Command::Audit(audit) => audit.run(config),
        Command::Incidents(incidents) => incidents.run(config),
        Command::Storage(storage) => storage.run(config),
        Command::Accounts(accounts) => accounts.run(config),
        Command::Roster(roster) => roster.run(config),
        Command::Worker(worker) => worker.run(),
        Command::Tool(tool) => tool.run(),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("vaguemestre: {}", told_once(&error));
        ExitCode::from(MISUSE)
    })
}

/// The name that the audit trail gets: the one given, or who is logged in.
fn login(given: Option<&str>) -> anyhow::Result<String> {
    let logged_in = || ["SUDO_USER", "LOGNAME", "USER"].iter().find_map(|name| std::env::var(name).ok());
    let name = given.map(str::to_owned).or_else(logged_in).filter(|name| !name.trim().is_empty());
    name.ok_or_else(|| anyhow::anyhow!("say who acts: --as NAME"))
}

/// An error and its causes, without those that the one above already tells.
fn told_once(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |told, cause| {
        match (told.is_empty(), told.contains(&cause)) {
            (true, _) => cause,
            (false, true) => told,
            (false, false) => format!("{told}: {cause}"),
        }
    })
}

/// Says where a panic happened, and nothing of what it says: its text may quote a message.
fn tell_where(place: Option<&std::panic::Location<'_>>) {
    match place {
        Some(place) => eprintln!("vaguemestre: a defect at {}:{}", place.file(), place.line()),
        None => eprintln!("vaguemestre: a defect at an unknown place"),
    }
}

#[cfg(test)]
mod tests {
    use super::told_once;

    #[test]
    fn an_error_that_speaks_for_its_cause_is_told_once() {
        let inner = anyhow::anyhow!("file.toml:3:1: unknown field");
        assert_eq!(told_once(&inner.context("file.toml:3:1: unknown field")), "file.toml:3:1: unknown field");
        let cause = anyhow::anyhow!("permission denied");
        assert_eq!(told_once(&cause.context("x cannot be read")), "x cannot be read: permission denied");
    }
}
