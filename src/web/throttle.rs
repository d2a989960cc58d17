//! How many tries one network gets. In memory: a restart forgives, and each node counts its own.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// Tries of one network within [`SPAN`].
const TRIES: u32 = 30;
/// Seconds over which tries are counted.
const SPAN: i64 = 300;
/// Networks remembered; past it, the oldest counts are forgotten.
const NETWORKS: usize = 10_000;

/// Counts tries by network.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    counts: Mutex<HashMap<u64, (i64, u32)>>,
}

impl Throttle {
    /// Counts a try; `false` when there were too many.
    pub(super) fn admit(&self, peer: IpAddr, now: Timestamp) -> bool {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let span = now.as_second().div_euclid(SPAN);
        if counts.len() >= NETWORKS {
            counts.retain(|_, (begun, _)| *begun == span);
        }
        let count = counts.entry(network(peer)).or_insert((span, 0));
        if count.0 != span {
            *count = (span, 0);
        }
        count.1 = count.1.saturating_add(1);
        count.1 <= TRIES
    }
}

/// A /24 of IPv4, a /56 of IPv6: what one household or office gets.
fn network(peer: IpAddr) -> u64 {
    match peer.to_canonical() {
        IpAddr::V4(v4) => u64::from(u32::from(v4) >> 8),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            u64::MAX ^ (u64::from(a) << 48 | u64::from(b) << 32 | u64::from(c) << 16 | u64::from(d & 0xff00))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_its_tries_and_then_waits() {
        let throttle = Throttle::default();
        let now = Timestamp::from_second(1_000_000).unwrap();
        let at = |last: u8| IpAddr::from([192, 0, 2, last]);
        assert!((0..30).all(|last| throttle.admit(at(last), now)));
        assert!(!throttle.admit(at(1), now));
        assert!(throttle.admit(IpAddr::from([198, 51, 100, 1]), now));
        assert!(throttle.admit(at(1), now + jiff::SignedDuration::from_secs(300)));
    }
}
