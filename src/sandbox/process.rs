//! One worker as the service sees it: a child and the socket to it. Dropping it ends the child.

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

use super::program::Program;
use super::wire::{Confinement, Request, Said, receive, sealed, send_with};
use crate::extract::{Foreign, Progress};
use crate::model::GapReason;

/// How long a worker may take to be ready.
const START: Duration = Duration::from_secs(20);

/// A child that reads files.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    socket: UnixStream,
    /// What confines it.
    pub confinement: Confinement,
    /// How many files it was given.
    pub served: u32,
    cpu: Duration,
}

/// Why a reading did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The worker was gone before it had the file: nobody's fault that we know of.
    Early,
    /// The worker ended while it read.
    Crashed,
    /// It used up its processor time.
    Spent,
    /// The wall clock ran out.
    Outlasted,
}

impl Worker {
    /// Starts a worker and waits until it is confined, no longer than `until`.
    ///
    /// # Errors
    /// When the system starts no process, or it does not confine itself.
    pub fn start(program: &Program, memory: u64, until: Instant) -> io::Result<Self> {
        let (socket, its) = UnixStream::pair()?;
        let mut command = Command::new(program.path());
        command.arg("worker").arg("--memory").arg(memory.to_string()).args(program.trial());
        command.env_clear().current_dir("/");
        command.stdin(Stdio::from(OwnedFd::from(its))).stdout(Stdio::null());
        let child = command.spawn()?;
        // It holds the worker's end of the socket, which would keep us from seeing the worker go.
        drop(command);
        let confinement = Confinement::default();
        let mut worker = Self { child, socket, confinement, served: 0, cpu: Duration::ZERO };
        worker.confinement = match worker.hear(until.min(Instant::now() + START))? {
            Said::Ready(confinement) => confinement,
            Said::Begun | Said::Step(_) | Said::Done { .. } => return Err(io::Error::other("no worker")),
        };
        Ok(worker)
    }

    /// Processor time that it told to have used.
    pub fn cpu(&self) -> Duration {
        self.cpu
    }

    /// Whether the child still runs.
    pub fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Has a file read. Each step's result goes to `take` as it comes.
    ///
    /// # Errors
    /// [`Ended`]; the worker is then of no more use.
    pub fn read(
        &mut self,
        foreign: &Foreign<'_>,
        skip: &[(u32, GapReason)],
        patience: Patience,
        mut take: impl FnMut(Progress),
    ) -> Result<(), Ended> {
        let asked = self.ask(foreign, skip, patience);
        let begun = asked.and_then(|()| self.hear(patience.until));
        match begun {
            Ok(Said::Begun) => {}
            Ok(Said::Ready(_) | Said::Step(_) | Said::Done { .. }) => return Err(Ended::Crashed),
            Err(error) if is_late(&error) => return Err(Ended::Outlasted),
            Err(_gone) => return Err(Ended::Early),
        }
        loop {
            match self.hear(patience.until) {
                Ok(Said::Step(progress)) => take(progress),
                Ok(Said::Done { cpu }) => {
                    self.cpu = Duration::from_millis(cpu);
                    return Ok(());
                }
                Ok(Said::Ready(_) | Said::Begun) => return Err(Ended::Crashed),
                Err(error) if is_late(&error) => return Err(Ended::Outlasted),
                Err(_gone) => return Err(self.autopsy()),
            }
        }
    }

    fn ask(
        &mut self,
        foreign: &Foreign<'_>,
        skip: &[(u32, GapReason)],
        patience: Patience,
    ) -> io::Result<()> {
        self.served = self.served.saturating_add(1);
        let used = (self.cpu + patience.cpu).as_secs().saturating_add(1);
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let maximum = getrlimit(Resource::Cpu).maximum;
        let current = maximum.map_or(used, |most| most.min(used));
        prlimit(pid, Resource::Cpu, Rlimit { current: Some(current), maximum })?;
        let size = u64::try_from(foreign.bytes.len()).map_err(io::Error::other)?;
        let request = Request { task: foreign.task.clone(), size, skip: skip.to_vec() };
        self.socket.set_write_timeout(Some(left(patience.until)?))?;
        send_with(&self.socket, &request, &sealed(&foreign.bytes)?)
    }

    fn hear(&self, until: Instant) -> io::Result<Said> {
        receive(Hearing { socket: &self.socket, until })
    }

    /// Why a child that hung up ended.
    fn autopsy(&mut self) -> Ended {
        let status = self.child.wait();
        match status.ok().and_then(|status| status.signal()) {
            Some(libc::SIGXCPU) => Ended::Spent,
            _ => Ended::Crashed,
        }
    }
}

impl Drop for Worker {
    /// SIGKILL ends a stopped child too, so that the wait is short.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a reading may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// When the wall clock runs out.
    pub until: Instant,
    /// Processor time.
    pub cpu: Duration,
}

/// Reads a socket until a point in time, however slowly bytes drip in.
pub struct Hearing<'a> {
    /// The socket.
    pub socket: &'a UnixStream,
    /// When to give up.
    pub until: Instant,
}

impl io::Read for Hearing<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(left(self.until)?))?;
        io::Read::read(&mut self.socket, room)
    }
}

impl fmt::Debug for Hearing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hearing")
    }
}

fn left(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
