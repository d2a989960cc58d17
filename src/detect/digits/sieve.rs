//! What a run of digits may be in a match, for all needs at once: most runs are something in few of them.
//!
//! In: needs, each under its number. Out: sets of those numbers, by how long a run is and what stands around it. It refuses to know
//! any text.

use super::Need;
use super::need::Bytes;

/// A set of needs by their numbers.
pub type Needs = u128;

/// Most needs of one sieve: as many as a set holds.
pub const MOST: usize = 128;
/// The length from which on each need is asked about a run.
const LONG: usize = 64;

/// The set of one need.
pub fn only(number: usize) -> Needs {
    u32::try_from(number).ok().and_then(|number| Needs::from(1_u8).checked_shl(number)).unwrap_or(0)
}

/// The numbers of a set, in order.
pub fn numbers(set: Needs) -> impl Iterator<Item = usize> {
    let mut rest = set;
    std::iter::from_fn(move || {
        let number = usize::try_from(rest.trailing_zeros()).ok().filter(|_| rest != 0)?;
        rest &= rest - 1;
        Some(number)
    })
}

/// Sets of needs, looked up.
#[derive(Debug, Default)]
pub struct Sieve {
    /// The needs; `None` is in every set.
    needs: Vec<Option<Need>>,
    /// By the digits of a run: which may hold it, and for which it is long enough to be the longest run of a match.
    holds: Vec<Needs>,
    long: Vec<Needs>,
    /// By the digits of a match: for which they are enough.
    enough: Vec<Needs>,
    /// By the byte before a run, the last for none: which may begin there.
    heads: Vec<Needs>,
    /// By the byte after it: which may end there.
    tails: Vec<Needs>,
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
    /// Those of which a match may end in it.
    pub ends: Needs,
    /// Those for which it is long enough to be the longest run of a match.
    pub long: Needs,
}

impl Sieve {
    /// Gathers needs, [`MOST`] at most. Gaps are no longer than `gap` bytes.
    pub fn of(needs: Vec<Option<Need>>, gap: usize) -> Self {
        let set = |may: &dyn Fn(&Need) -> bool| set(&needs, may);
        let byte = |class: u32| Bytes::from(1_u8).checked_shl(class).unwrap_or(0);
        Self {
            holds: (0..LONG).map(|digits| set(&|need| need.holds(digits))).collect(),
            long: (0..LONG).map(|digits| set(&|need| need.run <= digits)).collect(),
            enough: (0..LONG).map(|digits| set(&|need| need.fewest <= digits)).collect(),
            heads: (0..=128).map(|class| set(&|need| need.follows(byte(class)))).collect(),
            tails: (0..=128).map(|class| set(&|need| need.precedes(byte(class)))).collect(),
            gaps: (0..=gap).map(|gap| set(&|need| gap <= need.between.length)).collect(),
            bytes: (0..128).map(|class| set(&|need| need.between.bytes & byte(class) != 0)).collect(),
            needs,
        }
    }

    /// The need of a number.
    pub fn need(&self, number: usize) -> Option<&Need> {
        self.needs.get(number)?.as_ref()
    }

    /// The needs of which so many digits may be a match; of many, any may.
    pub fn has_enough(&self, digits: usize) -> Needs {
        self.enough.get(digits).copied().unwrap_or(Needs::MAX)
    }

    /// What a run of so many digits may be, between two bytes or none, and with a gap after the run before.
    pub fn fits(&self, digits: usize, (before, after): (Option<u8>, Option<u8>), gap: &[u8]) -> Fits {
        let at = |table: &[Needs], place: usize| table.get(place).copied().unwrap_or(0);
        let (holds, long) = if digits < LONG {
            (at(&self.holds, digits), at(&self.long, digits))
        } else {
            (set(&self.needs, &|need| need.holds(digits)), set(&self.needs, &|need| need.run <= digits))
        };
        let beside = |table: &[Needs], byte: Option<u8>| at(table, byte.map_or(128, class));
        let mut goes_on = holds & at(&self.gaps, gap.len());
        let mut between = gap.iter();
        while let Some(byte) = between.next().filter(|_| goes_on != 0) {
            goes_on &= at(&self.bytes, class(*byte));
        }
        let (begins, ends) = (holds & beside(&self.heads, before), beside(&self.tails, after));
        Fits { begins, goes_on, ends, long }
    }
}

/// The needs of which something holds, and `None`.
fn set(needs: &[Option<Need>], may: &dyn Fn(&Need) -> bool) -> Needs {
    let wanted = needs.iter().enumerate().filter(|(_, need)| need.as_ref().is_none_or(may));
    wanted.fold(0, |set, (number, _)| set | only(number))
}

/// The place of a byte in sets of them, where the last stands for all others.
fn class(byte: u8) -> usize {
    usize::from(byte.min(127))
}
