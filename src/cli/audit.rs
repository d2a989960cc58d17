//! `vaguemestre audit`: the trail walked, signed, and taken out as evidence.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::storage::with_store;
use crate::detect::roster::Rosters;
use crate::model::settings::Settings;
use crate::model::{CaseId, Masked};
use crate::notices::Language;
use crate::ports::{PaperKind, Period, Signer, Store, Trail};
use crate::review::{Actor, Role};
use crate::service::Workbench;
use crate::service::evidence::evidence;
use crate::service::papers::{Desk, Walks, paper};
use crate::store;

/// Verify the audit trail, sign how far it went, or pack the evidence of one case.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vaguemestre audit verify
  vaguemestre audit checkpoint
  vaguemestre audit verify --checkpoint 1284:9f2c…
  vaguemestre audit conformity --from 2026-04-01 --to 2027-03-31
  vaguemestre audit assessment > efvp.txt
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
    Verify {
        /// A checkpoint kept elsewhere than in the database, as the service's log tells each ("audit checkpoint", entry and head):
        /// the trail must still hold it. Repeat for several.
        #[arg(long, value_name = "ENTRY:HEAD", value_parser = kept)]
        checkpoint: Vec<Kept>,
    },
    /// Sign how far the trail went. The service does so every hour.
    Checkpoint,
    /// Print the dated proof of conformity: what is in force, the figures of a period, that the trail is whole, and retention kept.
    Conformity {
        /// First day; by default a year before the last.
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
        /// Last day; by default today.
        #[arg(long, value_name = "DATE")]
        to: Option<Date>,
        /// In English.
        #[arg(long)]
        english: bool,
    },
    /// Print the privacy assessment (EFVP), filled in as far as the tool knows itself.
    Assessment {
        /// In English.
        #[arg(long)]
        english: bool,
    },
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
        match &self.command {
            Command::Conformity { from, to, english } => {
                let to = to.unwrap_or_else(|| jiff::Zoned::now().date());
                let from = from.unwrap_or_else(|| to.checked_sub(1.year()).unwrap_or(to)).min(to);
                print(config, PaperKind::Conformity { anew: true }, *english, Period { from, to })
            }
            Command::Assessment { english } => {
                let today = jiff::Zoned::now().date();
                print(config, PaperKind::Assessment, *english, Period { from: today, to: today })
            }
            _ => {
                let reason = self.reason(config)?;
                with_store(config, async |settings, store| self.carry_out(&settings, &store, reason).await)
            }
        }
    }

    /// Why a pack is taken out, where one is.
    fn reason(&self, config: Option<&Path>) -> Result<Option<Masked>> {
        let Command::Evidence { reason, .. } = &self.command else { return Ok(None) };
        let bench = Workbench::open(config)?.with_configured_rosters(&Rosters::default());
        let reason = bench.free_text("--reason", reason)?;
        ensure!(reason.is_some(), "say why it is taken out: --reason");
        Ok(reason)
    }

    async fn carry_out(
        &self,
        settings: &Settings,
        store: &Arc<dyn Store>,
        reason: Option<Masked>,
    ) -> Result<ExitCode> {
        match &self.command {
            Command::Verify { checkpoint } => return verify(store.as_ref(), checkpoint).await,
            Command::Conformity { .. } | Command::Assessment { .. } => {}
            Command::Checkpoint => checkpoint(store.as_ref()).await?,
            Command::Evidence { case, to, output, .. } => {
                let actor = Actor::person(super::login(self.actor.as_deref())?, Role::Compliance);
                let now = Timestamp::now();
                let pack = evidence(store.as_ref(), case, settings.relay.mail_log.as_deref(), None).await?;
                let sealed = store::seal_for(to, &pack)?;
                // In the trail before it is on a disk.
                store.write_down("evidence", Some(case), &actor, reason.as_ref(), now).await?;
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

/// Prints a paper as text.
fn print(config: Option<&Path>, kind: PaperKind, english: bool, period: Period) -> Result<ExitCode> {
    let bench = Workbench::open(config)?;
    let language = if english { Language::English } else { Language::French };
    with_store(config, async |_, store| {
        let walks = Walks::default();
        let desk = Desk { rules: bench.rules(), settings: bench.settings(), walks: &walks };
        let paper = paper(desk, store.as_ref(), kind, language, period, Timestamp::now()).await?;
        write!(stdout(), "{}", paper.text(language))?;
        Ok(ExitCode::SUCCESS)
    })
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

/// An entry and its hash, written down elsewhere than in the database.
#[derive(Clone, Debug)]
pub struct Kept {
    seq: u64,
    hash: String,
}

/// Reads `ENTRY:HEAD`.
fn kept(text: &str) -> Result<Kept, &'static str> {
    let wrong = "write the entry's number, a colon, and the 64 digits of its head, as in the log";
    let (seq, hash) = text.split_once(':').ok_or(wrong)?;
    let seq = seq.parse().ok().filter(|seq| *seq > 0).ok_or(wrong)?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash { Ok(Kept { seq, hash: hash.to_ascii_lowercase() }) } else { Err(wrong) }
}

/// The first of these checkpoints that the trail does not hold.
async fn not_held<'k>(store: &dyn Store, checkpoints: &'k [Kept]) -> Result<Option<&'k Kept>> {
    for kept in checkpoints {
        let entries = store.audit_entries(None, kept.seq - 1).await?;
        if !entries.first().is_some_and(|entry| entry.seq == kept.seq && entry.hash == kept.hash) {
            return Ok(Some(kept));
        }
    }
    Ok(None)
}

/// Walks the trail and says whether it is whole, and whether it still holds these checkpoints.
pub async fn verify(store: &dyn Store, checkpoints: &[Kept]) -> Result<ExitCode> {
    let mut out = stdout().lock();
    if let Some(Kept { seq, .. }) = not_held(store, checkpoints).await? {
        writeln!(
            out,
            "the audit trail is broken at entry {seq}: it is not what the checkpoint kept elsewhere says"
        )?;
        return Ok(ExitCode::FAILURE);
    }
    match store.verify_audit().await? {
        Trail::Whole { entries, head, checkpoints } => {
            writeln!(
                out,
                "the audit trail is whole: {entries} entries, head {head}, {checkpoints} signed checkpoints"
            )?;
            let signers = store.signers().await?;
            for Signer { key, since, until, checkpoints } in &signers {
                writeln!(out, "signed by {key}: {checkpoints}, from {since:.0} to {until:.0}")?;
            }
            if signers.len() > 1 {
                writeln!(
                    out,
                    "more than one key signed: each change of key is to be explained (audit-key in the trail)"
                )?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Trail::Broken { entry, because } => {
            writeln!(out, "the audit trail is broken at entry {entry}: {because}")?;
            Ok(ExitCode::FAILURE)
        }
    }
}
