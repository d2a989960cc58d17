//! What a run of digits may be in a match, for all needs at once: most runs are something in few of them.
//!
//! In: needs, each under its number. Out: sets of those numbers, by how long a run is and what stands around it. It refuses to know
//! any text.

use super::Need;
use super::need::Bytes;

/// A set of needs by their numbers; the last bit stands for all beyond.
pub type Needs = u128;

/// The number from which on needs share one bit: each of them judges for itself.
pub const MANY: usize = 127;
/// The length from which on runs share one place: there each need judges for itself.
pub const LONG: usize = 63;

/// The set of one need.
#[must_use]
pub fn only(number: usize) -> Needs {
    1 << number.min(MANY)
}

/// Sets of needs, looked up.
#[derive(Debug, Default)]
pub struct Sieve {
    /// By the digits of a run: which may hold it, and for which it is long enough to be the longest run of a match.
    holds: Vec<Needs>,
    long: Vec<Needs>,
    /// By the byte before a run, the last for none: which may begin there.
    heads: Vec<Needs>,
    /// By how many bytes stand between two runs, and by each of them: which go on.
    gaps: Vec<Needs>,
    bytes: Vec<Needs>,
}

/// What one run may be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fits {
    /// The needs of which a match may begin in it.
    pub begins: Needs,
    /// Those of which a match may go on into it from the run before.
    pub goes_on: Needs,
    /// Those for which it is long enough to be the longest run of a match.
    pub long: Needs,
}

impl Sieve {
    /// Gathers needs; `None` is in every set. Gaps are no longer than `gap` bytes.
    pub fn of(needs: &[Option<Need>], gap: usize) -> Self {
        let set = |may: &dyn Fn(&Need) -> bool| {
            let wanted = needs.iter().enumerate().filter(|(_, need)| need.as_ref().is_none_or(may));
            wanted.fold(0, |set, (number, _)| set | only(number))
        };
        let byte = |class: u32| Bytes::from(1_u8).checked_shl(class).unwrap_or(0);
        Self {
            holds: (0..=LONG).map(|digits| set(&|need| need.holds(digits))).collect(),
            long: (0..=LONG).map(|digits| set(&|need| digits == LONG || need.run <= digits)).collect(),
            heads: (0..=128).map(|class| set(&|need| need.follows(byte(class)))).collect(),
            gaps: (0..=gap).map(|gap| set(&|need| gap <= need.between.length)).collect(),
            bytes: (0..128).map(|class| set(&|need| need.between.bytes & byte(class) != 0)).collect(),
        }
    }

    /// What a run of so many digits may be, after a byte or none, and with a gap after the run before.
    pub fn fits(&self, digits: usize, before: Option<u8>, gap: &[u8]) -> Fits {
        let at = |table: &[Needs], place: usize| table.get(place).copied().unwrap_or(Needs::MAX);
        let holds = at(&self.holds, digits.min(LONG));
        let bridged = holds & at(&self.gaps, gap.len());
        Fits {
            begins: holds & at(&self.heads, before.map_or(128, class)),
            goes_on: gap.iter().fold(bridged, |set, byte| set & at(&self.bytes, class(*byte))),
            long: at(&self.long, digits.min(LONG)),
        }
    }
}

/// The place of a byte in sets of them, where the last stands for all others.
fn class(byte: u8) -> usize {
    usize::from(byte.min(127))
}
