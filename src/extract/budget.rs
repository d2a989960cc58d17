//! What reading one message may still take: bytes of content, text put, work.

use std::io::Read;

use serde::{Deserialize, Serialize};

use crate::model::{GapReason, Limits};

/// Most bytes of one unpacked member.
const MEMBER: u64 = 100 << 20;
/// Up to here a stream may unfold as it likes.
const FREE: u64 = 10 << 20;
/// Past that, most bytes that one packed byte may unfold to.
const RATIO: u64 = 200;

/// Counts down; every machine stops at the same place.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
pub struct Budget {
    bytes: u64,
    text: u64,
    fuel: u64,
}

impl Budget {
    /// The whole of what the limits allow.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        // Decoding a charset at most triples bytes; a file repeats itself at will.
        Self { bytes: limits.bytes, text: limits.bytes.saturating_mul(3), fuel: limits.fuel }
    }

    /// The smaller of two rests: another process may have used of it, never added to it.
    #[must_use]
    pub fn least(self, other: Self) -> Self {
        Self {
            bytes: self.bytes.min(other.bytes),
            text: self.text.min(other.text),
            fuel: self.fuel.min(other.fuel),
        }
    }

    /// Takes the bytes of a file, which count as work and, unless they were `counted` before, as content. How many may be read, and
    /// why not all.
    pub fn spend(&mut self, size: usize, counted: bool) -> (usize, Option<GapReason>) {
        let size = wide(size);
        let bytes = if counted { self.bytes } else { u64::MAX };
        let keep = size.min(bytes).min(self.fuel);
        let reason = if self.fuel < bytes { GapReason::TooCostly } else { GapReason::TooLarge };
        if counted {
            self.bytes -= keep;
        }
        self.fuel -= keep;
        (usize::try_from(keep).unwrap_or(usize::MAX), (keep < size).then_some(reason))
    }

    /// Takes text that is put: how much of it fits.
    pub fn put(&mut self, size: usize) -> usize {
        let kept = wide(size).min(self.text);
        self.text -= kept;
        usize::try_from(kept).unwrap_or(usize::MAX)
    }

    /// Most bytes that a stream of `packed` bytes may still unfold to.
    #[must_use]
    pub fn room(&self, packed: usize) -> u64 {
        MEMBER.min(unfolded(packed)).min(self.bytes).min(self.fuel)
    }

    /// Unpacks a stream of `packed` bytes as far as the budget goes, and why not to its end.
    pub fn unpack(&mut self, from: impl Read, packed: usize) -> (Vec<u8>, Option<GapReason>) {
        let ratio = unfolded(packed);
        let most = self.room(packed);
        let mut bytes = Vec::new();
        let done = from.take(most.saturating_add(1)).read_to_end(&mut bytes);
        let size = wide(bytes.len());
        let reason = match done {
            _ if size > most && self.fuel < self.bytes.min(ratio).min(MEMBER) => Some(GapReason::TooCostly),
            _ if size > most => Some(GapReason::TooLarge),
            Ok(_) => None,
            Err(_) => Some(GapReason::Malformed),
        };
        bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        let taken = wide(bytes.len());
        self.bytes -= taken;
        self.fuel -= taken;
        (bytes, reason)
    }
}

/// What `packed` bytes may honestly unfold to.
fn unfolded(packed: usize) -> u64 {
    wide(packed).saturating_mul(RATIO).max(FREE)
}

fn wide(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::repeat;

    use super::{Budget, FREE};
    use crate::model::{GapReason, Limits};

    #[test]
    fn a_stream_is_cut_where_a_limit_ends() {
        let limits = Limits::default();
        let mut budget = Budget::new(&limits);
        let (bytes, reason) = budget.unpack(repeat(b'a'), 1_000);
        assert_eq!((u64::try_from(bytes.len()).unwrap(), reason), (FREE, Some(GapReason::TooLarge)));
        let (bytes, reason) = budget.unpack(b"abc".as_slice(), 3);
        assert_eq!((bytes.as_slice(), reason), (b"abc".as_slice(), None));
        let mut poor = Budget::new(&Limits { fuel: 10, ..limits });
        assert_eq!(poor.unpack(repeat(b'a'), 1_000).1, Some(GapReason::TooCostly));
    }

    #[test]
    fn what_is_spent_is_gone() {
        let mut budget = Budget::new(&Limits { bytes: 5, fuel: 100, ..Limits::default() });
        assert_eq!(budget.spend(3, true), (3, None));
        assert_eq!(budget.spend(3, true), (2, Some(GapReason::TooLarge)));
        assert_eq!(budget.spend(50, false), (50, None));
        assert_eq!((budget.put(9), budget.put(9)), (9, 6));
    }
}
