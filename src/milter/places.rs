//! How many connections there may be: so many are served, and so many more are told to come again.
//!
//! A connection past the limit is not closed: what an MTA does with a milter that closes is the MTA's setting, and
//! `milter_default_action = accept` would deliver unread. It waits instead, has each message put off at MAIL, and is served as
//! soon as a place comes free.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places of all connections. Cheap to share.
#[derive(Clone, Debug)]
pub(super) struct Places {
    serving: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    bounds: (usize, usize),
}

/// What one connection holds as long as it is open.
#[derive(Debug)]
pub(super) struct Place {
    /// What becomes of its messages.
    pub(super) standing: Standing,
    _permit: OwnedSemaphorePermit,
}

/// What becomes of the messages of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// They are judged.
    Served,
    /// They are put off.
    Waiting,
}

impl Places {
    /// So many connections to serve, and [`WAITING`] past them.
    pub(super) fn new(connections: usize) -> Self {
        Self::with(connections.min(MOST), WAITING)
    }

    fn with(serving: usize, waiting: usize) -> Self {
        let of = |count| Arc::new(Semaphore::new(count));
        Self { serving: of(serving), waiting: of(waiting), bounds: (serving, waiting) }
    }

    /// A place for a new connection; `None` when even those that wait are too many.
    pub(super) fn take(&self) -> Option<Place> {
        self.serve().or_else(|| place(&self.waiting, Standing::Waiting))
    }

    /// A place among those that are served, if one is free.
    pub(super) fn serve(&self) -> Option<Place> {
        place(&self.serving, Standing::Served)
    }

    /// Waits until every connection has ended. None that waits is served from then on.
    pub(super) async fn empty(&self) {
        let all = |count| u32::try_from(count).unwrap_or(u32::MAX);
        // Neither is ever closed.
        let _served = self.serving.acquire_many(all(self.bounds.0)).await;
        let _waiting = self.waiting.acquire_many(all(self.bounds.1)).await;
    }
}

fn place(of: &Arc<Semaphore>, standing: Standing) -> Option<Place> {
    Arc::clone(of).try_acquire_owned().ok().map(|permit| Place { standing, _permit: permit })
}

/// Most connections that wait: more than the processes of a large Postfix (`default_process_limit` is 100 a listener), at some
/// kilobytes each.
const WAITING: usize = 1000;

/// Most that a semaphore hands out at once.
const MOST: usize = 1 << 24;

#[cfg(test)]
mod tests {
    use super::{Places, Standing};

    #[test]
    fn first_those_who_are_served_then_those_who_wait_then_nobody() {
        let places = Places::with(1, 2);
        let held: Vec<_> = (0..3).map(|_| places.take().unwrap()).collect();
        let standings: Vec<_> = held.iter().map(|place| place.standing).collect();
        assert_eq!(standings, [Standing::Served, Standing::Waiting, Standing::Waiting]);
        assert!(places.take().is_none() && places.serve().is_none());
        drop(held);
        assert!(places.serve().is_some_and(|place| place.standing == Standing::Served));
    }
}
