//! The workers: as many as may be, started when they are needed, kept for the next file, replaced after a while.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::process::{Ended, Patience, Worker};
use super::program::Program;
use super::tools;
use super::wire::Confinement;
use crate::extract::{Foreign, Progress, Second, SecondReading};
use crate::model::GapReason;
use crate::model::settings::Sandbox;
use crate::ports::{Attempt, Unread};

/// Workers in reserve and at work.
#[derive(Debug)]
pub struct Pool {
    program: Option<Program>,
    settings: Sandbox,
    state: Mutex<State>,
    free: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Worker>,
    busy: usize,
    confinement: Option<Confinement>,
}

/// What reading a file gave.
#[derive(Debug)]
pub struct Outcome {
    /// What each step gave.
    pub steps: Vec<Progress>,
    /// Why the rest of the file was not read.
    pub rest: Option<GapReason>,
}

/// Most workers that one file may cost.
const TRIES: u32 = 6;
/// How often a worker must end at the same step for the step to be at fault: once may be chance.
const PROOF: u32 = 2;

impl Pool {
    /// Makes a pool without a process in it.
    pub fn new(program: Option<Program>, settings: Sandbox) -> Self {
        Self { program, settings, state: Mutex::default(), free: Condvar::new() }
    }

    /// Starts a worker, for use later.
    ///
    /// # Errors
    /// When none starts.
    pub fn prove(&self) -> io::Result<()> {
        let worker = self.start(Instant::now() + self.settings.timeout)?;
        self.state().idle.push(worker);
        Ok(())
    }

    /// What confines workers, once one was started.
    pub fn confinement(&self) -> Option<Confinement> {
        self.state().confinement
    }

    /// Has a file read. A step at which workers end is passed over, so that what stands before and after it is read all the same.
    ///
    /// # Errors
    /// [`Unread`] when no worker could be had, or at the first attempt when the wall clock ran out.
    pub fn read(
        &self,
        foreign: &Foreign<'_>,
        purse: &mut Purse,
        attempt: Attempt,
    ) -> Result<Outcome, Unread> {
        let until = purse.until.min(Instant::now() + self.settings.timeout);
        let (mut skip, mut ends) = (Vec::new(), BTreeMap::new());
        let mut rest = Outcome { steps: Vec::new(), rest: Some(GapReason::Crashed) };
        for _ in 0..TRIES {
            let patience = Patience { until, cpu: purse.cpu.min(self.settings.cpu) };
            let mut steps = Vec::new();
            let mut worker = self.take(until)?;
            let before = worker.cpu();
            let ended = worker.read(foreign, &skip, patience, |progress| steps.push(progress));
            let spent =
                if ended == Err(Ended::Spent) { patience.cpu } else { worker.cpu().saturating_sub(before) };
            purse.cpu = purse.cpu.saturating_sub(spent);
            self.give_back(worker, ended);
            let step = u32::try_from(steps.len()).unwrap_or(u32::MAX);
            rest.steps = steps;
            match ended {
                Ok(()) => return Ok(Outcome { rest: None, ..rest }),
                Err(Ended::Outlasted) if attempt == Attempt::First => return Err(Unread::Outlasted),
                Err(Ended::Outlasted) => return Ok(Outcome { rest: Some(GapReason::TooCostly), ..rest }),
                Err(Ended::Spent) if purse.cpu.is_zero() => {
                    return Ok(Outcome { rest: Some(GapReason::TooCostly), ..rest });
                }
                Err(Ended::Spent) => skip.push((step, GapReason::TooCostly)),
                Err(Ended::Crashed) => {
                    let ends = ends.entry(step).or_insert(0);
                    *ends += 1;
                    if *ends == PROOF {
                        skip.push((step, GapReason::Crashed));
                    }
                }
                Err(Ended::Early) => {}
            }
        }
        if ends.is_empty() && skip.is_empty() { Err(Unread::NoWorker) } else { Ok(rest) }
    }

    /// Has an outside tool read a file.
    pub fn ask(&self, asked: &SecondReading, until: Instant) -> Second {
        match &self.program {
            Some(program) => tools::ask(program, &self.settings, asked, until),
            None => Second { rest: Some(GapReason::Crashed), ..Second::default() },
        }
    }

    /// A worker for one file: one in reserve, a new one, or after a wait the one that another reading gives back.
    fn take(&self, until: Instant) -> Result<Worker, Unread> {
        let mut state = self.state();
        loop {
            while let Some(mut worker) = state.idle.pop() {
                if worker.lives() {
                    state.busy += 1;
                    return Ok(worker);
                }
            }
            if state.busy < self.settings.workers.max(1) {
                state.busy += 1;
                break;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Unread::NoWorker);
            }
            let woken = self.free.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(state);
        // One that ends before it is ready may have met a moment without memory: the next may not.
        self.start(until).or_else(|_first| self.start(until)).map_err(|failure| {
            tracing::error!(%failure, "no process can be started to read attachments; the MTA will try again");
            self.release();
            Unread::NoWorker
        })
    }

    fn give_back(&self, worker: Worker, ended: Result<(), Ended>) {
        if let Err(ended) = ended {
            tracing::warn!(?ended, "a process ended while it read an attachment");
        }
        if ended.is_ok() && worker.served < self.settings.recycle_after {
            self.state().idle.push(worker);
        } else {
            drop(worker);
        }
        self.release();
    }

    fn release(&self) {
        let mut state = self.state();
        state.busy = state.busy.saturating_sub(1);
        self.free.notify_one();
    }

    fn start(&self, until: Instant) -> io::Result<Worker> {
        let program = self.program.as_ref();
        let program = program.ok_or_else(|| io::Error::other("this process is not the program itself"))?;
        let worker = Worker::start(program, self.settings.memory, until)?;
        self.state().confinement = Some(worker.confinement);
        Ok(worker)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What reading all files of one message may still take.
#[derive(Clone, Copy, Debug)]
pub struct Purse {
    /// When the wall clock runs out.
    pub until: Instant,
    /// Processor time.
    pub cpu: Duration,
}
