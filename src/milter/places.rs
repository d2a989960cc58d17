//! How many connections there may be: so many are served, and so many more are told to come again.
//!
//! A connection past the limit is not closed: what an MTA does with a milter that closes is the MTA's setting, and
//! `milter_default_action = accept` would deliver unread. It waits instead, has each message put off at MAIL, and is served as
//! soon as a place comes free. Past those that wait too, none is taken before one of them ends: the MTA's own patience
//! (`milter_connect_timeout`, 30 seconds with Postfix) runs meanwhile, and its default action decides only after that.

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
    /// So many connections to serve, and past them as many as this process has descriptors for, half of which are for all else.
    pub(super) fn new(connections: usize) -> Self {
        let descriptors = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        let descriptors = descriptors.and_then(|most| usize::try_from(most).ok()).unwrap_or(MOST);
        Self::with(connections.min(MOST), waiting(connections, descriptors))
    }

    fn with(serving: usize, waiting: usize) -> Self {
        let of = |count| Arc::new(Semaphore::new(count));
        Self { serving: of(serving), waiting: of(waiting), bounds: (serving, waiting) }
    }

    /// A place for a new connection; `None` when even those that wait are too many.
    pub(super) fn take(&self) -> Option<Place> {
        self.serve().or_else(|| place(&self.waiting, Standing::Waiting))
    }

    /// A place among those that wait, as soon as there is one.
    pub(super) async fn wait(&self) -> Place {
        loop {
            // Never closed: the loop is left at its first turn.
            if let Ok(permit) = Arc::clone(&self.waiting).acquire_owned().await {
                return Place { standing: Standing::Waiting, _permit: permit };
            }
        }
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

/// Takes all the descriptors that the system grants this process: many systems start with 1,024, fewer than there may be
/// connections.
pub fn claim_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Never refused below the maximum; as before if it is.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

fn place(of: &Arc<Semaphore>, standing: Standing) -> Option<Place> {
    Arc::clone(of).try_acquire_owned().ok().map(|permit| Place { standing, _permit: permit })
}

/// How many may wait: with 65,536 descriptors, as the unit sets, [`MOST_WAITING`].
fn waiting(connections: usize, descriptors: usize) -> usize {
    (descriptors / 2).saturating_sub(connections).clamp(LEAST_WAITING, MOST_WAITING)
}

/// More than the processes of a large Postfix (`default_process_limit` is 100 a listener).
const LEAST_WAITING: usize = 1000;

/// At some ten kilobytes each.
const MOST_WAITING: usize = 16_384;

/// Most that a semaphore hands out at once.
const MOST: usize = 1 << 24;

#[cfg(test)]
mod tests {
    use super::{Places, Standing, waiting};

    #[test]
    fn as_many_wait_as_there_are_descriptors_for() {
        for (connections, descriptors, expected) in
            [(1000, 65_536, 16_384), (1000, 20_000, 9000), (1000, 1024, 1000), (100_000, 65_536, 1000)]
        {
            assert_eq!(waiting(connections, descriptors), expected, "{connections} of {descriptors}");
        }
    }

    #[tokio::test]
    async fn past_those_who_wait_one_is_taken_when_another_ends() {
        let places = Places::with(1, 1);
        let (served, first) = (places.take().unwrap(), places.take().unwrap());
        let next = tokio::spawn({
            let places = places.clone();
            async move { places.wait().await.standing }
        });
        tokio::task::yield_now().await;
        assert!(!next.is_finished());
        drop(first);
        assert_eq!(next.await.unwrap(), Standing::Waiting);
        drop(served);
    }

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
