//! `vaguemestre incidents`: the register of incidents from a terminal.

use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::config;
use crate::model::{CaseId, Masked};
use crate::ports::{IncidentFields, Store};
use crate::review::{Actor, Role};
use crate::service::evidence::incident_fields;
use crate::store::{self, Access, Opening};

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
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.carry_out(config))
    }

    async fn carry_out(&self, config: Option<&Path>) -> Result<ExitCode> {
        let settings = config::load(config)?;
        let store = store::open(&Opening::of(&settings, Access::Review)).await?;
        let actor =
            || Ok::<_, anyhow::Error>(Actor::person(super::login(self.actor.as_deref())?, Role::Compliance));
        match &self.command {
            Command::Open { case, circumstances } => {
                let circumstances = Masked::new(circumstances.as_str());
                let fields = IncidentFields { circumstances, ..IncidentFields::default() };
                let number = store.open_incident(case.as_ref(), &fields, &actor()?, Timestamp::now()).await?;
                writeln!(stdout(), "incident {number}")?;
            }
            Command::List => list(store.as_ref()).await?,
            Command::Export => {
                store.write_down("export-incidents", None, &actor()?, None, Timestamp::now()).await?;
                export(store.as_ref()).await?;
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

async fn export(store: &dyn Store) -> Result<()> {
    let mut out = csv::Writer::from_writer(stdout().lock());
    let mut header = vec!["Numéro", "Cas", "Ouvert par", "Ouvert le (UTC)", "Fermé le (UTC)"];
    header.extend(incident_fields(&IncidentFields::default()).map(|(label, _)| label));
    out.write_record(&header)?;
    for incident in store.incidents().await? {
        let mut row = vec![
            incident.number.to_string(),
            incident.case.map(|case| case.to_string()).unwrap_or_default(),
            incident.opened_by,
            incident.opened_at.to_string(),
            incident.closed_at.map(|at| at.to_string()).unwrap_or_default(),
        ];
        row.extend(incident_fields(&incident.fields.unwrap_or_default()).map(|(_, text)| plain(text)));
        out.write_record(&row)?;
    }
    Ok(out.flush()?)
}

/// A text that no spreadsheet takes for a formula.
fn plain(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}
