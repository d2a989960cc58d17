//! `vaguemestre audit`: the trail walked, signed, and taken out as evidence.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::config;
use crate::model::{CaseId, Masked};
use crate::ports::{Store, Trail};
use crate::review::{Actor, Role};
use crate::service::evidence::evidence;
use crate::store::{self, Access, Opening};

/// Verify the audit trail, sign how far it went, or pack the evidence of one case.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vaguemestre audit verify
  vaguemestre audit checkpoint
  vaguemestre audit evidence 7K3M-Q2P9 --to age1... --output 7K3M-Q2P9.zip.age --reason \"demande de la CAI\"")]
pub struct Audit {
    #[command(subcommand)]
    command: Command,
    /// Name written in the audit trail; by default the name of who is logged in.
    #[arg(long = "as", global = true, value_name = "NAME")]
    actor: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Walk the trail and its signed checkpoints, and say whether it is whole.
    Verify,
    /// Sign how far the trail went. The service does so every hour.
    Checkpoint,
    /// Pack what is kept of a case, without its message, sealed to a person's age key.
    Evidence {
        /// Case number.
        case: CaseId,
        /// age public key of who receives it.
        #[arg(long, value_name = "AGE1…")]
        to: String,
        /// File to write; it must not exist.
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
        /// Why it is taken out; kept in the trail.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

impl Audit {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.carry_out(config))
    }

    async fn carry_out(&self, config: Option<&Path>) -> Result<ExitCode> {
        let settings = config::load(config)?;
        let store = store::open(&Opening::of(&settings, Access::Review)).await?;
        match &self.command {
            Command::Verify => return verify(store.as_ref()).await,
            Command::Checkpoint => checkpoint(store.as_ref()).await?,
            Command::Evidence { case, to, output, reason } => {
                let actor = Actor::person(super::login(self.actor.as_deref())?, Role::Compliance);
                let (reason, now) = (Masked::new(reason.as_str()), Timestamp::now());
                let pack = evidence(store.as_ref(), case, None).await?;
                let sealed = store::seal_for(to, &pack)?;
                // In the trail before it is on a disk.
                store.write_down("evidence", Some(case), &actor, Some(&reason), now).await?;
                let mut file = std::fs::OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .open(output)
                    .with_context(|| format!("{} cannot be made", output.display()))?;
                file.write_all(&sealed)?;
                file.sync_all()?;
                writeln!(stdout(), "{}: {} bytes, sealed", output.display(), sealed.len())?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn checkpoint(store: &dyn Store) -> Result<()> {
    match store.sign_checkpoint(Timestamp::now()).await? {
        Some(signed) => {
            writeln!(
                stdout(),
                "entry {}, head {}\nsignature {}\nkey {}",
                signed.seq,
                signed.hash,
                signed.signature,
                signed.key
            )?;
        }
        None => writeln!(stdout(), "nothing came since the last checkpoint")?,
    }
    Ok(())
}

/// Walks the trail and says whether it is whole.
pub async fn verify(store: &dyn Store) -> Result<ExitCode> {
    let mut out = stdout().lock();
    match store.verify_audit().await? {
        Trail::Whole { entries, head, checkpoints } => {
            writeln!(
                out,
                "the audit trail is whole: {entries} entries, head {head}, {checkpoints} signed checkpoints"
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Trail::Broken { entry, because } => {
            writeln!(out, "the audit trail is broken at entry {entry}: {because}")?;
            Ok(ExitCode::FAILURE)
        }
    }
}
