//! The demonstration behind `deploy/demo.sh`: a dozen messages, what is expected of each, and what happened.
//!
//! What happened is read from the SMTP replies and from what the next hop got, never from the service.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::needless_pass_by_value)]

mod acts;
mod page;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use acts::{Act, Outcome, acts};
use page::Page;
use support::folder::Folder;
use support::stage::{Changes, Stage};

/// Shows what Vaguemestre does with a dozen messages, through a real Postfix on loopback.
#[derive(Parser)]
struct Options {
    /// End when all is shown, instead of leaving the service up until Ctrl-C.
    #[arg(long)]
    once: bool,
    /// Folder of articles to use in place of those that ship.
    #[arg(long, value_name = "FOLDER")]
    policy: Option<PathBuf>,
    /// Also draw what is shown, as an SVG picture.
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let mailboxes = Folder::new("demo");
    let stage = open(&options, &mailboxes);
    let mut page = Page::default();
    page.opening(&stage);
    let acts = acts();
    let outcomes = play(&stage, &acts);
    let mut differences = page.table(&acts, &outcomes);
    differences += release(&stage, &acts, &outcomes, &mut page);
    page.closing(acts.len() + 1, differences);
    if let Some(file) = &options.picture {
        std::fs::write(file, page.picture()).unwrap();
    }
    if !options.once {
        page::staying(&stage, mailboxes.path());
        wait_for_interrupt();
    }
    ExitCode::from(u8::from(differences > 0))
}

fn open(options: &Options, mailboxes: &Folder) -> Stage {
    let policy =
        options.policy.as_ref().map(|folder| format!("policy = {:?}", std::path::absolute(folder).unwrap()));
    let mut lines = vec![("milter", "message_size = \"1 MiB\"")];
    lines.extend(policy.iter().map(|line| ("data", line.as_str())));
    Stage::with(&Changes { service: &lines, folder: Some(mailboxes.path()), ..Changes::default() })
}

/// Sends every message, waits until all that will leave has left, and looks at the next hop.
fn play(stage: &Stage, acts: &[Act]) -> Vec<Outcome> {
    let replies: Vec<_> = acts.iter().map(|act| stage.send(&act.mail)).collect();
    for act in acts.iter().filter(|act| act.expected.notice) {
        stage.expect_notice(&act.id);
    }
    stage.postfix.drain();
    acts.iter().zip(replies).map(|(act, reply)| act.observe(stage, reply)).collect()
}

/// Releases the first held message from the terminal and follows it to the next hop: how many differences there were.
fn release(stage: &Stage, acts: &[Act], outcomes: &[Outcome], page: &mut Page) -> usize {
    let held = acts.iter().zip(outcomes).find(|(_, outcome)| outcome.reply.code == 250 && !outcome.delivered);
    let Some((act, _)) = held else { return 1 };
    let case = stage.case_of(&act.id);
    let said = stage.release(&case);
    let arrived = said.is_ok().then(|| stage.delivered(&act.id));
    let same = arrived.as_ref().is_some_and(|delivery| delivery.carries(&act.mail.data));
    page.release(act, &case, said.as_deref(), arrived.as_ref(), same);
    usize::from(!same || stage.copies(&act.id) != 1)
}

fn wait_for_interrupt() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(tokio::signal::ctrl_c()).unwrap();
}
