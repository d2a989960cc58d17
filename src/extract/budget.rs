//! What reading one message may still take: bytes of content, text put, work.

use std::io::{ErrorKind, Read};

use flate2::{Decompress, FlushDecompress, Status};
use serde::{Deserialize, Serialize};

use crate::model::{GapReason, Limits};

/// Up to here a stream may unfold as it likes.
const FREE: u64 = 10 << 20;

/// Counts down; every machine stops at the same place.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
pub struct Budget {
    bytes: u64,
    text: u64,
    /// Text of the attachment being read.
    attachment_text: u64,
    fuel: u64,
    /// What does not count down.
    bounds: Bounds,
}

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Bounds {
    attachment: u64,
    attachment_text: u64,
    member: u64,
    ratio: u64,
}

impl Budget {
    /// The whole of what the limits allow.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let Limits { bytes, text, fuel, attachment, attachment_text, member, ratio, .. } = *limits;
        let bounds = Bounds { attachment, attachment_text, member, ratio };
        Self { bytes, text, attachment_text, fuel, bounds }
    }

    /// Begins with another attachment: its text counts from nothing.
    pub fn begin_attachment(&mut self) {
        self.attachment_text = self.bounds.attachment_text;
    }

    /// Keeps back what is past `most` bytes of content, for a file that may take no more: to be given back by [`Budget::give_back`].
    pub fn keep_back(&mut self, most: u64) -> u64 {
        let kept = self.bytes.saturating_sub(most);
        self.bytes -= kept;
        kept
    }

    /// Allows again what was kept back.
    pub fn give_back(&mut self, kept: u64) {
        self.bytes = self.bytes.saturating_add(kept);
    }

    /// The smaller of two rests: another process may have used of it, never added to it.
    #[must_use]
    pub fn least(self, other: Self) -> Self {
        Self {
            bytes: self.bytes.min(other.bytes),
            text: self.text.min(other.text),
            attachment_text: self.attachment_text.min(other.attachment_text),
            fuel: self.fuel.min(other.fuel),
            bounds: self.bounds,
        }
    }

    /// Takes the bytes of a file, which count as work and, unless they were `counted` before, as content. How many may be read, and
    /// why not all.
    pub fn spend(&mut self, size: usize, counted: bool) -> (usize, Option<GapReason>) {
        let size = wide(size);
        let bytes = if counted { self.bytes.min(self.bounds.attachment) } else { u64::MAX };
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
        let kept = wide(size).min(self.text).min(self.attachment_text);
        self.text -= kept;
        self.attachment_text -= kept;
        usize::try_from(kept).unwrap_or(usize::MAX)
    }

    /// Most bytes that a stream of `packed` bytes may still unfold to.
    #[must_use]
    pub fn room(&self, packed: usize) -> u64 {
        self.bounds.member.min(self.unfolded(packed)).min(self.bytes).min(self.fuel)
    }

    /// What `packed` bytes may honestly unfold to.
    fn unfolded(&self, packed: usize) -> u64 {
        wide(packed).saturating_mul(self.bounds.ratio).max(FREE)
    }

    /// Unpacks a stream of `packed` bytes as far as the budget goes, and why not to its end.
    pub fn unpack(&mut self, from: impl Read, packed: usize) -> (Vec<u8>, Option<GapReason>) {
        let (bytes, whole) = read_up_to(from, self.room(packed).saturating_add(1), packed);
        self.settle(bytes, whole, packed)
    }

    /// The same of what is not packed.
    pub fn copy(&mut self, bytes: &[u8]) -> (Vec<u8>, Option<GapReason>) {
        let most = usize::try_from(self.room(bytes.len()).saturating_add(1)).unwrap_or(usize::MAX);
        self.settle(bytes.get(..most).unwrap_or(bytes).to_vec(), true, bytes.len())
    }

    /// The same of what is deflated and at hand as a whole, which says that it unfolds to so many bytes.
    pub fn inflate(
        &mut self,
        inflater: &mut Decompress,
        packed: &[u8],
        told: usize,
    ) -> (Vec<u8>, Option<GapReason>) {
        let most = self.room(packed.len()).saturating_add(1);
        let (bytes, whole) = inflated(inflater, packed, told, most);
        self.settle(bytes, whole, packed.len())
    }

    /// Takes what was unpacked of `packed` bytes, to its end or not.
    fn settle(&mut self, mut bytes: Vec<u8>, whole: bool, packed: usize) -> (Vec<u8>, Option<GapReason>) {
        let ratio = self.unfolded(packed);
        let most = self.room(packed);
        let size = wide(bytes.len());
        let reason = match whole {
            _ if size > most && self.fuel < self.bytes.min(ratio).min(self.bounds.member) => {
                Some(GapReason::TooCostly)
            }
            _ if size > most => Some(GapReason::TooLarge),
            true => None,
            false => Some(GapReason::Malformed),
        };
        bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        let taken = wide(bytes.len());
        self.bytes -= taken;
        self.fuel -= taken;
        (bytes, reason)
    }
}

/// Most room that is made before it is known to be needed.
const LARGEST_GUESS: usize = 1 << 20;

/// Reads to the end, or so many bytes; whether there was no damage. Room is made by what packed text usually unfolds to: a decoder is slow
/// in small steps.
fn read_up_to(mut from: impl Read, most: u64, packed: usize) -> (Vec<u8>, bool) {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut bytes = vec![0; packed.saturating_mul(6).clamp(512, LARGEST_GUESS).min(most)];
    let mut length = 0;
    let whole = loop {
        if length == bytes.len() {
            if length >= most {
                break true;
            }
            bytes.resize(length.saturating_mul(2).min(most), 0);
        }
        match from.read(bytes.get_mut(length..).unwrap_or_default()) {
            Ok(0) => break true,
            Ok(count) => length += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => break false,
        }
    };
    bytes.truncate(length);
    (bytes, whole)
}

/// Most room that is made by what a file says of itself.
const LARGEST_TOLD: usize = 16 << 20;
/// Room past the end within which a decoder keeps its pace.
const SLACK: usize = 512;

/// Inflates to the end, or so many bytes and a few more; whether there was no damage.
fn inflated(inflater: &mut Decompress, packed: &[u8], told: usize, most: u64) -> (Vec<u8>, bool) {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let guess = if told > LARGEST_TOLD { packed.len().saturating_mul(6).min(LARGEST_GUESS) } else { told };
    let mut bytes = Vec::with_capacity(guess.min(most).saturating_add(SLACK));
    inflater.reset(false);
    loop {
        let from = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
        let rest = packed.get(from..).unwrap_or_default();
        match inflater.decompress_vec(rest, &mut bytes, FlushDecompress::Finish) {
            Ok(Status::StreamEnd) => return (bytes, true),
            Ok(Status::Ok | Status::BufError) if bytes.len() >= most => return (bytes, true),
            Ok(Status::Ok | Status::BufError) if bytes.len() == bytes.capacity() => {
                bytes.reserve(bytes.len().min(most - bytes.len()).saturating_add(SLACK));
            }
            Ok(Status::Ok | Status::BufError) | Err(_) => return (bytes, false),
        }
    }
}

/// The first bytes of what is deflated, as far as they can be had.
pub fn opening(inflater: &mut Decompress, packed: &[u8], size: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size);
    inflater.reset(false);
    // What is damaged is told when all of it is read.
    let _ = inflater.decompress_vec(packed, &mut bytes, FlushDecompress::Sync);
    bytes
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
        let mut budget = Budget::new(&Limits { text: 15, attachment_text: 12, ..Limits::default() });
        assert_eq!((budget.put(9), budget.put(9)), (9, 3));
        budget.begin_attachment();
        assert_eq!(budget.put(9), 3);
    }
}
