//! `vaguemestre incidents`: the register of incidents from a terminal.

use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, ensure};
use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::storage::with_store;
use crate::detect::roster::Rosters;
use crate::model::{CaseId, Masked};
use crate::ports::{IncidentFields, Store};
use crate::review::{Actor, Role};
use crate::service::Workbench;
use crate::service::evidence::register;

/// Open, list and export the incidents of the register (R-22.1, r. 1, s. 15).
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vaguemestre incidents open --case 7K3M-Q2P9 --circumstances \"relâché vers la mauvaise personne\"
  vaguemestre incidents list
  vaguemestre incidents export > registre.csv")]
pub struct Incidents {
    #[command(subcommand)]
    command: Command,
    /// Name written in the audit trail; by default the name of who is logged in.
    #[arg(long = "as", global = true, value_name = "NAME")]
    actor: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open an incident; the other fields are filled in on the desk.
    Open {
        /// The case it came from.
        #[arg(long)]
        case: Option<CaseId>,
        /// What happened, briefly.
        #[arg(long, value_name = "TEXT")]
        circumstances: String,
    },
    /// List incidents without their texts.
    List,
    /// Print the whole register as CSV, newest first. It may name persons.
    Export,
}

impl Incidents {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let circumstances = match &self.command {
            Command::Open { circumstances, .. } => Workbench::open(config)?
                .with_configured_rosters(&Rosters::default())
                .free_text("--circumstances", circumstances)?,
            Command::List | Command::Export => None,
        };
        with_store(config, async |_, store| self.carry_out(&store, circumstances.unwrap_or_default()).await)
    }

    async fn carry_out(&self, store: &Arc<dyn Store>, circumstances: Masked) -> Result<ExitCode> {
        let actor =
            || Ok::<_, anyhow::Error>(Actor::person(super::login(self.actor.as_deref())?, Role::Compliance));
        match &self.command {
            Command::Open { case, .. } => {
                ensure!(!circumstances.is_empty(), "say what happened: --circumstances");
                let fields = IncidentFields { circumstances, ..IncidentFields::default() };
                let number = store.open_incident(case.as_ref(), &fields, &actor()?, Timestamp::now()).await?;
                writeln!(stdout(), "incident {number}")?;
            }
            Command::List => list(store.as_ref()).await?,
            Command::Export => {
                store.write_down("export-incidents", None, &actor()?, None, Timestamp::now()).await?;
                stdout().write_all(&register(&store.incidents().await?)?)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn list(store: &dyn Store) -> Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{:<8} {:<10} {:<20} {:<8} BY", "NUMBER", "CASE", "OPENED (UTC)", "STATE")?;
    for incident in store.incidents().await? {
        let case = incident.case.map(|case| case.to_string()).unwrap_or_default();
        let opened = incident.opened_at.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let state = if incident.closed_at.is_some() { "closed" } else { "open" };
        writeln!(out, "{:<8} {case:<10} {opened:<20} {state:<8} {}", incident.number, incident.opened_by)?;
    }
    Ok(())
}
