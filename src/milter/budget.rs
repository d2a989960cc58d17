//! Memory shared by all connections: each holds a lease on what it has buffered, and none gets past the whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that may be buffered over all connections.
#[derive(Debug)]
pub(super) struct Budget {
    limit: usize,
    used: AtomicUsize,
}

/// What one connection has of the budget. Dropping it gives everything back.
#[derive(Debug)]
pub(super) struct Lease {
    budget: Arc<Budget>,
    held: usize,
}

/// The budget is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoRoom;

impl Budget {
    pub(super) fn new(limit: u64) -> Arc<Self> {
        Arc::new(Self { limit: usize::try_from(limit).unwrap_or(usize::MAX), used: AtomicUsize::new(0) })
    }

    pub(super) fn lease(self: &Arc<Self>) -> Lease {
        Lease { budget: Arc::clone(self), held: 0 }
    }

    /// Bytes leased out now.
    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }
}

impl Lease {
    /// Makes the lease cover exactly this many bytes. A refused lease stays as it was; a smaller one is never refused.
    pub(super) fn resize(&mut self, bytes: usize) -> Result<(), NoRoom> {
        if bytes <= self.held {
            self.budget.used.fetch_sub(self.held - bytes, Ordering::Relaxed);
        } else {
            let more = bytes - self.held;
            let grown = |used: usize| used.checked_add(more).filter(|sum| *sum <= self.budget.limit);
            let updated = self.budget.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown);
            updated.map_err(|_| NoRoom)?;
        }
        self.held = bytes;
        Ok(())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.held, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, NoRoom};

    #[test]
    fn leases_never_exceed_the_budget_and_come_back() {
        let budget = Budget::new(100);
        let (mut one, mut two) = (budget.lease(), budget.lease());
        assert_eq!((one.resize(60), two.resize(41)), (Ok(()), Err(NoRoom)));
        assert_eq!((two.resize(40), one.resize(61), budget.used()), (Ok(()), Err(NoRoom), 100));
        assert_eq!((one.resize(10), two.resize(90)), (Ok(()), Ok(())));
        drop(one);
        drop(two);
        assert_eq!(budget.used(), 0);
    }
}
