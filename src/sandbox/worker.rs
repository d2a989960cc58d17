//! The worker's side: confine, then read file after file until the service hangs up.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::time::{ClockId, clock_gettime};

use super::confine::confine;
use super::stray::close_stray_descriptors;
use super::trial::Trial;
use super::wire::{Request, Said, receive_with, send};
use crate::extract::Reader;
use crate::model::GapReason;

/// Serves the socket that is this process' standard input, within `memory` bytes of address space. Returns when the service
/// hangs up.
///
/// # Errors
/// When it cannot be confined, or the service breaks off.
pub fn run(memory: u64, trial: Option<Trial>) -> io::Result<()> {
    close_stray_descriptors()?;
    let socket = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let confinement = confine(memory)?;
    send(&socket, &Said::Ready(confinement))?;
    loop {
        match receive_with(&socket) {
            Ok((request, file)) => serve(&socket, request, file, trial)?,
            Err(gone) if gone.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(broken) => return Err(broken),
        }
    }
}

fn serve(socket: &File, request: Request, file: OwnedFd, trial: Option<Trial>) -> io::Result<()> {
    let Request { task, size, skip } = request;
    let bytes = content(file, size)?;
    send(socket, &Said::Begun)?;
    let mut reader = Reader::resume(task, &bytes);
    for step in 0u32.. {
        let reason = skip.iter().find(|(skipped, _)| *skipped == step).map(|(_, reason)| *reason);
        if !read_on(&mut reader, reason, || trial.iter().for_each(|trial| trial.befall(step))) {
            break;
        }
        send(socket, &Said::Step(reader.progress()))?;
    }
    send(socket, &Said::Done { cpu: cpu() })
}

/// Reads the next thing, or passes over it; whether there was one. A panic costs that thing alone.
fn read_on(reader: &mut Reader<'_>, skip: Option<GapReason>, befall: impl Fn()) -> bool {
    if let Some(reason) = skip {
        return reader.skip(reason);
    }
    let step = || {
        befall();
        reader.step()
    };
    let read = catch_unwind(AssertUnwindSafe(step));
    read.unwrap_or_else(|_panic| {
        reader.crashed();
        true
    })
}

fn content(file: OwnedFd, size: u64) -> io::Result<Vec<u8>> {
    let size = usize::try_from(size).map_err(io::Error::other)?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size).map_err(io::Error::other)?;
    bytes.resize(size, 0);
    File::from(file).read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Milliseconds of processor time that this process has used.
fn cpu() -> u64 {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    let (seconds, nanos) = (used.tv_sec, used.tv_nsec);
    u64::try_from(seconds.saturating_mul(1_000).saturating_add(nanos / 1_000_000)).unwrap_or(0)
}
