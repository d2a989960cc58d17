//! Signals as futures.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals the service lives by.
#[derive(Debug)]
pub struct Signals {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// SIGHUP: read everything again.
    Reload,
    /// SIGTERM or SIGINT: finish and leave.
    Stop,
}

impl Signals {
    /// Takes the signals over. To be called once, early, inside a runtime. SIGUSR1 and SIGUSR2, which others use to have a log
    /// opened again, ask for nothing here, and would end the process if nobody took them.
    ///
    /// # Errors
    /// When the system refuses a handler.
    pub fn take() -> std::io::Result<Self> {
        for ignored in [SignalKind::user_defined1(), SignalKind::user_defined2()] {
            // Once taken, a signal never has its first effect again.
            drop(signal(ignored)?);
        }
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.hangup.recv() => Asked::Reload,
            _ = self.terminate.recv() => Asked::Stop,
            _ = self.interrupt.recv() => Asked::Stop,
        }
    }
}
