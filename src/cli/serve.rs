//! `vaguemestre serve`: the milter and the review service in one process.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::service;

/// Run the milter and the review service in one process, until SIGTERM or SIGINT.
///
/// SIGHUP reloads configuration, policy, patterns and lists at once or not at all; messages in hand finish under the old
/// ones. SIGTERM finishes the messages in hand.
///
/// Exit status: 0 stopped, 2 something is set wrong, 75 what keeps it from starting may pass (database, disk, addresses).
#[derive(Debug, Args)]
#[command(after_help = "\
Without configuration it listens on inet:127.0.0.1:8891 (milter) and http://127.0.0.1:8892 (health, metrics), keeps its
state under /var/lib/vaguemestre and only observes: no message is stopped.

In Postfix' main.cf:
  smtpd_milters = inet:127.0.0.1:8891
  milter_default_action = tempfail")]
pub struct Serve {}

impl Serve {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name("vaguemestre")
            .build()
            .context("the runtime does not start")?;
        match runtime.block_on(service::serve(config.map(Path::to_path_buf))) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(failure) if failure.may_pass() => {
                eprintln!("vaguemestre: {}; this may pass by itself", super::told_once(&failure.into()));
                Ok(ExitCode::from(MAY_PASS))
            }
            Err(failure) => Err(failure.into()),
        }
    }
}

/// Exit status when another try may succeed (sysexits.h: `EX_TEMPFAIL`): the unit has systemd start us again.
const MAY_PASS: u8 = 75;
