//! Who gives way when all connections are taken: first who does nothing, of the address that has the most.
//!
//! Sixty-four silent connections must not keep an archivist from the pages. One whose request is being answered keeps its place
//! as long as its address has no more of them than that of the newcomer.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::oneshot;

/// All connections of a listener. Cheap to share.
#[derive(Clone, Debug, Default)]
pub(super) struct Seats(Arc<Mutex<Vec<Entry>>>);

/// The place of one connection, given up on drop.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Seats,
    number: u64,
}

#[derive(Debug)]
struct Entry {
    number: u64,
    address: IpAddr,
    begun: Instant,
    /// Since when nothing was asked that is not answered; `None` while there is.
    quiet: Option<Instant>,
    /// Taken when the connection is asked to go.
    leave: Option<oneshot::Sender<()>>,
}

impl Seats {
    /// A place for a connection from there, and what tells it to leave.
    pub(super) fn take(&self, address: IpAddr) -> (Seat, oneshot::Receiver<()>) {
        let (leave, left) = oneshot::channel();
        let now = Instant::now();
        let mut entries = self.entries();
        let number = entries.last().map_or(0, |last| last.number.wrapping_add(1));
        entries.push(Entry { number, address, begun: now, quiet: Some(now), leave: Some(leave) });
        (Seat { seats: self.clone(), number }, left)
    }

    /// Asks one connection to leave for a newcomer from there; `false` when none should.
    pub(super) fn make_way(&self, newcomer: IpAddr) -> bool {
        let mut entries = self.entries();
        let of = |address: IpAddr| entries.iter().filter(|entry| entry.address == address).count();
        let own = of(newcomer);
        let staying = entries.iter().filter(|entry| entry.leave.is_some());
        let chosen = staying
            .map(|entry| (entry, of(entry.address)))
            .filter(|(entry, many)| entry.quiet.is_some() || *many > own + 1)
            .max_by_key(|(entry, many)| {
                (entry.quiet.is_some(), *many, std::cmp::Reverse(entry.quiet.unwrap_or(entry.begun)))
            })
            .map(|(entry, _)| entry.number);
        let entry = entries.iter_mut().find(|entry| Some(entry.number) == chosen);
        entry.and_then(|entry| entry.leave.take()).is_some_and(|leave| leave.send(()).is_ok())
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Bytes came from the client: it asks for something.
    pub(super) fn asked(&self) {
        self.set(None);
    }

    /// Bytes went to the client: it has its answer, or a piece of it.
    pub(super) fn answered(&self) {
        self.set(Some(Instant::now()));
    }

    fn set(&self, quiet: Option<Instant>) {
        if let Some(entry) = self.seats.entries().iter_mut().find(|entry| entry.number == self.number) {
            entry.quiet = quiet;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.entries().retain(|entry| entry.number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    /// Takes a seat for each address, and says which are asked to leave for so many newcomers from `.9`.
    fn leaving(addresses: &[u8], busy: &[usize], newcomers: usize) -> Vec<usize> {
        let seats = Seats::default();
        let mut taken: Vec<_> = addresses.iter().map(|last| seats.take(from(*last))).collect();
        busy.iter().for_each(|index| taken[*index].0.asked());
        (0..newcomers).for_each(|_| {
            seats.make_way(from(9));
        });
        (0..taken.len()).filter(|index| taken[*index].1.try_recv().is_ok()).collect()
    }

    #[test]
    fn who_gives_way() {
        for (what, addresses, busy, newcomers, expected) in [
            ("the longest quiet", &[1, 2, 3][..], &[][..], 1, &[0][..]),
            ("not one that is answered", &[1, 2, 3], &[0], 1, &[1]),
            ("of the address with the most", &[1, 2, 2], &[], 1, &[1]),
            ("a quiet one before a busy one", &[1, 2, 2, 2], &[1, 2, 3], 1, &[0]),
            ("a busy one of an address with many", &[2, 2, 1], &[0, 1, 2], 1, &[0]),
            ("none of busy ones with one each", &[1, 2, 3], &[0, 1, 2], 1, &[]),
            ("each once", &[1, 2], &[], 5, &[0, 1]),
        ] {
            assert_eq!(leaving(addresses, busy, newcomers), expected, "{what}");
        }
    }

    #[test]
    fn a_seat_that_is_left_counts_no_more() {
        let seats = Seats::default();
        let (first, _) = seats.take(from(1));
        let (second, mut told) = seats.take(from(1));
        drop(first);
        second.asked();
        assert!(!seats.make_way(from(9)));
        second.answered();
        assert!(seats.make_way(from(9)) && told.try_recv().is_ok());
        assert!(!seats.make_way(from(9)), "it was asked already");
    }
}
