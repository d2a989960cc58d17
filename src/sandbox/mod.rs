//! Floor 6: where reading runs.
//!
//! In: a submission. Out: its reading, whatever the bytes do to the reader. Messages and text are read in this process, by code
//! that is iterative and budgeted; every other format by a worker: this program, executed again, which gets the file by descriptor,
//! can open nothing, and whose end costs no more than what it was reading.

mod confine;
mod pool;
mod process;
mod program;
mod stray;
mod tool;
mod tools;
mod trial;
mod wire;
mod worker;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::extract::{Foreign, Reader, Walked};
use crate::inspect;
use crate::model::settings::{Sandbox, Settings};
use crate::model::{GapReason, Limits, Reading, Submission};
use crate::ports::{Attempt, Extractor, Unread};
use pool::{Pool, Purse};

pub use program::Program;
pub use tool::become_tool;
pub use trial::Trial;
pub use wire::fuzz_frames;
pub use worker::run;

/// Reads messages, with workers for all that is foreign.
#[derive(Debug)]
pub struct Workers {
    limits: Limits,
    /// Why a tool that was wanted is not used.
    missing: Vec<String>,
    cpu: Duration,
    timeout: Duration,
    pool: Pool,
}

impl Workers {
    /// Reads by these settings, with workers of this program. None starts before it is needed.
    #[must_use]
    pub fn new(program: Option<Program>, settings: &Settings) -> Self {
        let judging = &settings.judging;
        Self::within(program, judging.limits, judging.timeout, settings.sandbox.clone())
    }

    /// Reads within these limits; a message as a whole takes `timeout` at most.
    #[must_use]
    pub fn within(program: Option<Program>, limits: Limits, timeout: Duration, sandbox: Sandbox) -> Self {
        let (tools, missing) = tools::present(limits.tools);
        let limits = Limits { tools, ..limits };
        Self { limits, missing, cpu: sandbox.cpu_message, timeout, pool: Pool::new(program, sandbox) }
    }

    /// Makes sure that workers can be had, by starting one.
    ///
    /// # Errors
    /// When none starts: no attachment could be read.
    pub fn prove(&self) -> io::Result<()> {
        self.pool.prove()
    }

    /// Reads a bare file as [`Extractor::read`] reads a message; an `.eml` is read as one.
    ///
    /// # Errors
    /// [`Unread`] when no worker could be had.
    pub fn read_file(&self, name: &str, bytes: &[u8]) -> Result<Reading, Unread> {
        self.read_all(inspect::file_reader(name, bytes, &self.limits), Attempt::Again)
    }

    /// A step that panics leaves a `crashed` gap over its part; the other parts are read all the same. What the wall clock cuts off is told.
    fn read_all(&self, mut reader: Reader<'_>, attempt: Attempt) -> Result<Reading, Unread> {
        let patience = if attempt == Attempt::Cheap { self.timeout / 4 } else { self.timeout };
        let mut purse = Purse { until: Instant::now() + patience, cpu: self.cpu };
        loop {
            // Steps in this process are short; the clock is looked at between them.
            if reader.has_more() && Instant::now() >= purse.until {
                return match attempt {
                    Attempt::First => Err(Unread::Outlasted),
                    Attempt::Again | Attempt::Cheap | Attempt::Header => Ok(reader.finish()),
                };
            }
            match catch_unwind(AssertUnwindSafe(|| reader.walk())) {
                Ok(Walked::Read) => {}
                Ok(Walked::Foreign(foreign)) if attempt == Attempt::Cheap => {
                    reader.tell(foreign.task.place().clone(), GapReason::TooCostly);
                }
                Ok(Walked::Foreign(foreign)) => {
                    self.read_foreign(&mut reader, &foreign, &mut purse, attempt)?;
                }
                Ok(Walked::Second(asked)) => {
                    let read = self.pool.ask(&asked, purse.until);
                    reader.second(*asked, read);
                }
                Ok(Walked::Done) => return Ok(reader.finish()),
                Err(_panic) => reader.crashed(),
            }
        }
    }

    fn read_foreign(
        &self,
        reader: &mut Reader<'_>,
        foreign: &Foreign<'_>,
        purse: &mut Purse,
        attempt: Attempt,
    ) -> Result<(), Unread> {
        let outcome = self.pool.read(foreign, purse, attempt)?;
        for step in outcome.steps {
            reader.join(step);
        }
        if let Some(reason) = outcome.rest {
            reader.tell(foreign.task.place().clone(), reason);
        }
        Ok(())
    }
}

impl Extractor for Workers {
    fn read(&self, submission: &Submission, attempt: Attempt) -> Result<Reading, Unread> {
        match attempt {
            Attempt::First | Attempt::Again => {
                self.read_all(inspect::reader(submission, &self.limits), attempt)
            }
            Attempt::Cheap => self.read_all(inspect::reader(submission, &self.limits.cheap()), attempt),
            Attempt::Header => {
                let read = catch_unwind(AssertUnwindSafe(|| inspect::read_header(submission)));
                Ok(read.unwrap_or_default())
            }
        }
    }

    fn remarks(&self) -> Vec<String> {
        let missing = |what: &str, version: &str| {
            format!(
                "this kernel does not confine the processes that read attachments by {what} (Linux {version}); the other nets hold"
            )
        };
        let confinement = self.pool.confinement();
        let landlock = confinement.filter(|now| !now.landlock).map(|_| missing("landlock", "5.13 and later"));
        let seccomp = confinement.filter(|now| !now.seccomp).map(|_| missing("seccomp", "3.17 and later"));
        landlock.into_iter().chain(seccomp).chain(self.missing.iter().cloned()).collect()
    }
}
