//! `vaguemestre store`: moves what is kept to another engine, and changes keys.

use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::config;
use crate::model::settings::Settings;
use crate::ports::{By, Store};
use crate::store::{self, Access, Opening};

/// Move the store between SQLite and PostgreSQL, or change the key that messages are sealed to.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vaguemestre store migrate --to \"postgres://vaguemestre@db.cisss.example/vaguemestre\"
  vaguemestre store rotate-key
  vaguemestre store reseal

Stop every service before any of them: they refuse while one works.")]
pub struct Storage {
    #[command(subcommand)]
    command: Command,
    /// Name written in the audit trail; by default the name of who is logged in.
    #[arg(long = "as", global = true, value_name = "NAME")]
    actor: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Copy all that is kept into another, empty database; what was read stays as it is.
    Migrate {
        /// Where to: `sqlite:PATH` or `postgres://…`, of the other engine than store.url.
        #[arg(long, value_name = "URL")]
        to: String,
    },
    /// Make a new private key. What was sealed to the old one opens still.
    RotateKey,
    /// Seal all that is kept to the current key, so that earlier keys can be put away. The words of the audit trail stay sealed to theirs.
    Reseal,
}

/// Opens the configured store and does something with it: what every command on what is kept begins with.
pub(super) fn with_store<T>(
    config: Option<&Path>,
    act: impl AsyncFnOnce(Settings, Arc<dyn Store>) -> Result<T>,
) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let settings = config::load(config)?;
        let store = store::open(&Opening::of(&settings, Access::Review)).await?;
        act(settings, store).await
    })
}

impl Storage {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let settings = config::load(config)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let opening = Opening::of(&settings, Access::Review);
        runtime.block_on(store::at_rest(&opening, Timestamp::now()))?;
        match &self.command {
            Command::Migrate { to } => {
                let moved = runtime.block_on(store::transfer(&opening, to))?;
                writeln!(
                    stdout(),
                    "{} rows and {} sealed messages moved; the audit trail is whole there: {} entries\nset store.url to the new address, then start the services",
                    moved.rows,
                    moved.messages,
                    moved.entries
                )?;
            }
            Command::Reseal => runtime.block_on(self.reseal(&opening))?,
            Command::RotateKey => {
                let public = store::rotate(&settings.store)?;
                writeln!(
                    stdout(),
                    "messages are sealed to {public} from the next start on\nback up keys/identity.txt: it holds the old key too, which what is kept still needs until `vaguemestre store reseal`\n\
                     copy keys/recipient.txt to each machine whose milter runs apart"
                )?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Seals everything again, then says what may go.
    async fn reseal(&self, opening: &Opening<'_>) -> Result<()> {
        let actor = super::login(self.actor.as_deref())?;
        let done = store::reseal(opening, By { actor: &actor, at: Timestamp::now() }).await?;
        writeln!(
            stdout(),
            "{} rows and {} messages sealed to the current key\nearlier keys open nothing more but words in the audit trail, and older backups: \
             move them from keys/identity.txt to where keys are kept closed",
            done.rows,
            done.messages
        )?;
        Ok(())
    }
}
