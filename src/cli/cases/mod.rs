//! `vaguemestre cases`: held mail from a terminal, under the same rules and audit trail as any other desk.

mod aside;
mod print;

use std::io::stdout;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::scan::Format;
use crate::config;
use crate::detect::roster::Rosters;
use crate::model::{Address, CaseId, CaseState, Masked};
use crate::ports::{CaseFilter, Store};
use crate::review::{Action, Actor, Case, Role};
use crate::service::Workbench;
use crate::service::releases::decide;
use crate::store::{self, Access, Opening};

/// List, show and decide cases from a terminal. Every decision needs a reason, which the sender reads; one that holds
/// confidential information is not taken.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vaguemestre cases list --state held
  vaguemestre cases show 7K3M-Q2P9
  vaguemestre cases release 7K3M-Q2P9 --reason \"destinataire vérifié par téléphone\"
  vaguemestre cases return  7K3M-Q2P9 --reason \"à refaire avec le numéro de dossier\"
  vaguemestre cases set-aside --reveal
  vaguemestre cases verify")]
pub struct Cases {
    #[command(subcommand)]
    command: Command,
    /// How to print.
    #[arg(long, global = true, value_enum, default_value = "text")]
    format: Format,
    /// Name written in the audit trail; by default the name of who is logged in.
    #[arg(long = "as", global = true, value_name = "NAME")]
    actor: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List cases, newest first, without personal data.
    List {
        /// Only cases in this state; repeat for several.
        #[arg(long, value_parser = states())]
        state: Vec<CaseState>,
        /// Only cases from or to this address.
        #[arg(long, value_name = "ADDR")]
        address: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Show one case: reasons, places, history. With --reveal, who wrote to whom.
    Show {
        /// Case number.
        case: CaseId,
        /// Show sender and recipients.
        #[arg(long)]
        reveal: bool,
    },
    /// Send a held message on, as it came; waits until the MTA has it. Where two persons are asked for, proposes it.
    Release(Decision),
    /// The same, asking the approved service to encrypt it (relay.encrypt_header, relay.encrypt_subject).
    ReleaseEncrypted(Decision),
    /// Approve the release that someone else proposed.
    Approve(Decision),
    /// Do not approve it: the message is held again.
    Decline(Decision),
    /// Take a deletion back, within 72 hours.
    Restore(Decision),
    /// Give a held message back to its sender, with the explanation.
    Return(Decision),
    /// Destroy a held message, 72 hours from now.
    Delete(Decision),
    /// Write a remark on a case.
    Note(Decision),
    /// Say that the MTA has the released copy, when the service cannot tell.
    Sent(Decision),
    /// Try a release again, when the service cannot tell whether the MTA has the copy.
    Retry(Decision),
    /// Take back a release that the MTA does not take: the message is held again.
    TakeBack(Decision),
    /// List sealed messages that no case names, as after a restore, and decide on them: by itself each is destroyed after as long
    /// as an undecided message is kept.
    SetAside(aside::SetAside),
    /// Walk the audit trail and say whether it is whole.
    Verify,
}

#[derive(Debug, Args)]
struct Decision {
    /// Case number.
    case: CaseId,
    /// Why. The sender reads it.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Longest wait for a release, in seconds.
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    wait: u64,
}

/// Reads the name of a state.
fn states() -> impl TypedValueParser<Value = CaseState> {
    let names = PossibleValuesParser::new(CaseState::ALL.map(CaseState::name));
    names.try_map(|name| CaseState::from_name(&name).ok_or("no such state"))
}

/// How often a running release is looked at.
const GLANCE: Duration = Duration::from_millis(100);

impl Command {
    /// The reason given for a decision, where one is taken.
    fn reason(&self) -> Option<&str> {
        match self {
            Self::SetAside(aside) => aside.reason(),
            Self::Release(decision)
            | Self::ReleaseEncrypted(decision)
            | Self::Approve(decision)
            | Self::Decline(decision)
            | Self::Restore(decision)
            | Self::Return(decision)
            | Self::Delete(decision)
            | Self::Note(decision)
            | Self::Sent(decision)
            | Self::Retry(decision)
            | Self::TakeBack(decision) => Some(&decision.reason),
            Self::List { .. } | Self::Show { .. } | Self::Verify => None,
        }
    }
}

impl Cases {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let reason = match self.command.reason() {
            Some(reason) => Workbench::open(config)?
                .with_configured_rosters(&Rosters::default())
                .free_text("--reason", reason)?,
            None => None,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.carry_out(config, reason))
    }

    async fn carry_out(&self, config: Option<&Path>, reason: Option<Masked>) -> Result<ExitCode> {
        let settings = config::load(config)?;
        let opening = Opening::of(&settings, Access::Review);
        let store = store::open(&opening).await?;
        match &self.command {
            Command::List { state, address, limit } => {
                let address = address.as_deref().map(Address::parse).transpose()?;
                let states = state.clone();
                let filter = CaseFilter { states, address, limit: *limit, ..CaseFilter::default() };
                print::list(&mut stdout().lock(), &store.cases(&filter).await?, self.format)?;
            }
            Command::Show { case, reveal } => self.show(store.as_ref(), case, *reveal).await?,
            Command::Release(decision) => {
                return self.release(&store, Action::Release, decision, reason).await;
            }
            Command::ReleaseEncrypted(decision) => {
                return self.release(&store, Action::ReleaseEncrypted, decision, reason).await;
            }
            Command::Approve(decision) => {
                return self.release(&store, Action::Approve, decision, reason).await;
            }
            Command::Decline(decision) => self.decide(&store, Action::Decline, decision, reason).await?,
            Command::Restore(decision) => self.decide(&store, Action::Restore, decision, reason).await?,
            Command::Return(decision) => self.decide(&store, Action::Return, decision, reason).await?,
            Command::Delete(decision) => self.decide(&store, Action::Delete, decision, reason).await?,
            Command::Note(decision) => self.decide(&store, Action::Note, decision, reason).await?,
            Command::Sent(decision) => self.decide(&store, Action::Sent, decision, reason).await?,
            Command::Retry(decision) => self.decide(&store, Action::Retry(None), decision, reason).await?,
            Command::TakeBack(decision) => self.decide(&store, Action::GiveUp, decision, reason).await?,
            Command::SetAside(aside) => aside.run(self, config, store.as_ref(), reason).await?,
            Command::Verify => return super::audit::verify(store.as_ref(), &[]).await,
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn show(&self, store: &dyn Store, id: &CaseId, reveal: bool) -> Result<()> {
        let case = store.case(id).await?.with_context(|| format!("there is no case {id}"))?;
        let history = store.history(id).await?;
        print::show(&mut stdout().lock(), &case, &history, reveal, self.format)
    }

    async fn decide(
        &self,
        store: &Arc<dyn Store>,
        action: Action,
        decision: &Decision,
        reason: Option<Masked>,
    ) -> Result<()> {
        let case = self.ask(store, action, decision, reason).await?;
        print::state(&mut stdout().lock(), &case, self.format)
    }

    async fn ask(
        &self,
        store: &Arc<dyn Store>,
        action: Action,
        decision: &Decision,
        reason: Option<Masked>,
    ) -> Result<Case> {
        let now = Timestamp::now();
        Ok(decide(store.as_ref(), &decision.case, action, &self.actor()?, reason, now).await?)
    }

    /// Writes the intent, then waits for the service to carry it out.
    async fn release(
        &self,
        store: &Arc<dyn Store>,
        action: Action,
        decision: &Decision,
        reason: Option<Masked>,
    ) -> Result<ExitCode> {
        let mut case = self.ask(store, action, decision, reason).await?;
        let patience = tokio::time::Instant::now() + Duration::from_secs(decision.wait);
        while case.state == CaseState::Releasing && tokio::time::Instant::now() < patience {
            tokio::time::sleep(GLANCE).await;
            case = store.case(&decision.case).await?.context("the case is gone")?;
        }
        print::state(&mut stdout().lock(), &case, self.format)?;
        match case.state {
            CaseState::Released | CaseState::ToApprove => Ok(ExitCode::SUCCESS),
            CaseState::Releasing => bail!("the service has not sent it yet; is `vaguemestre serve` running?"),
            state => bail!("the release is not done: the case is {}; see its history", state.name()),
        }
    }

    /// Who acts: an archivist, under the name given or logged in with.
    fn actor(&self) -> Result<Actor> {
        Ok(Actor::person(super::login(self.actor.as_deref())?, Role::Archivist))
    }
}
