//! Figures of the milter, counted as things happen; the service exports them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::budget::Budget;
use super::refusal::Refusal;
use crate::plan::Reply;
use crate::telemetry::Tempfails;

/// Counts what happens on all connections. Cheap to share.
#[derive(Debug, Default)]
pub struct Counters {
    pub(super) open: AtomicU64,
    pub(super) connections: AtomicU64,
    pub(super) over_limit: AtomicU64,
    accepted: AtomicU64,
    rejected: AtomicU64,
    discarded: AtomicU64,
    tempfailed: AtomicU64,
    too_large: AtomicU64,
    pub(super) no_room: AtomicU64,
    invalid: AtomicU64,
    pub(super) panicked: AtomicU64,
    pub(super) abandoned: AtomicU64,
    pub(super) spilled: AtomicU64,
    pub(super) timeouts: AtomicU64,
    pub(super) protocol_errors: AtomicU64,
    causes: Tempfails,
    budget: std::sync::OnceLock<Arc<Budget>>,
}

/// The counters at one moment. All but `open` and `buffered` only grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Connections open now.
    pub open: u64,
    /// Bytes buffered now, over all connections.
    pub buffered: u64,
    /// Connections taken.
    pub connections: u64,
    /// Connections past the limit: their mail is put off.
    pub over_limit: u64,
    /// Messages accepted.
    pub accepted: u64,
    /// Messages refused by the judge.
    pub rejected: u64,
    /// Messages taken away from the MTA (held).
    pub discarded: u64,
    /// Messages put off: the judge's 451s, panics, full disks, and what came past the limit on connections.
    pub tempfailed: u64,
    /// Messages refused for their size.
    pub too_large: u64,
    /// Messages put off because the memory budget was spent.
    pub no_room: u64,
    /// Messages refused for an address that makes no sense, or for want of a recipient.
    pub invalid: u64,
    /// Panics while judging.
    pub panicked: u64,
    /// Messages whose MTA left before it was answered.
    pub abandoned: u64,
    /// Messages that went through a file.
    pub spilled: u64,
    /// Messages put off and connections closed because the MTA was silent, or did not read, for too long.
    pub timeouts: u64,
    /// Connections on which what came was not the protocol: closed before the negotiation, put off after it.
    pub protocol_errors: u64,
}

impl Counters {
    /// Counts what is put off by its cause as well.
    #[must_use]
    pub fn with_causes(causes: Tempfails) -> Self {
        Self { causes, ..Self::default() }
    }

    /// Reads all figures.
    #[must_use]
    pub fn read(&self) -> Figures {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let buffered = self.budget.get().map_or(0, |budget| budget.used());
        Figures {
            open: of(&self.open),
            buffered: u64::try_from(buffered).unwrap_or(u64::MAX),
            connections: of(&self.connections),
            over_limit: of(&self.over_limit),
            accepted: of(&self.accepted),
            rejected: of(&self.rejected),
            discarded: of(&self.discarded),
            tempfailed: of(&self.tempfailed),
            too_large: of(&self.too_large),
            no_room: of(&self.no_room),
            invalid: of(&self.invalid),
            panicked: of(&self.panicked),
            abandoned: of(&self.abandoned),
            spilled: of(&self.spilled),
            timeouts: of(&self.timeouts),
            protocol_errors: of(&self.protocol_errors),
        }
    }

    pub(super) fn watch(&self, budget: &Arc<Budget>) {
        // A second run in one process keeps the first budget's figure.
        let _ = self.budget.set(Arc::clone(budget));
    }

    pub(super) fn replied(&self, reply: &Reply) {
        count(match reply {
            Reply::Accept(_) => &self.accepted,
            Reply::Reject(_) => &self.rejected,
            Reply::Discard(_) => &self.discarded,
            Reply::Tempfail(_) => &self.tempfailed,
        });
    }

    pub(super) fn refused(&self, refusal: Refusal) {
        if let Some(cause) = refusal.cause() {
            self.causes.count(cause);
        }
        count(match refusal {
            Refusal::TooLarge => &self.too_large,
            Refusal::NoRoom => &self.no_room,
            Refusal::BadRecipient | Refusal::BadSender | Refusal::NoRecipient => &self.invalid,
            Refusal::Busy
            | Refusal::NoDisk
            | Refusal::Panicked
            | Refusal::Unavailable
            | Refusal::OutOfOrder
            | Refusal::Silent
            | Refusal::Stopping => &self.tempfailed,
        });
    }
}

/// Adds one.
pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
