//! What a run of digits may be in a match, for all needs at once: most runs are something in few of them.
//!
//! In: needs, each under its number. Out: sets of those numbers, by how long a run is and what stands around it. It refuses to know
//! any text.

use std::ops::Range;

use super::Need;
use super::need::{Bytes, Filling};

/// A set of needs by their numbers.
pub type Needs = u64;

/// Most needs of one sieve: as many as a set holds.
pub const MOST: usize = 64;
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
    /// By the digit that a run starts with: which may begin with it.
    firsts: Vec<Needs>,
    /// By the byte before a run, the last for none: which may begin there.
    heads: Vec<Needs>,
    /// The same by each of the bytes before that one, the nearest first.
    leads: Vec<Near>,
    /// By the byte after it, and by each of those after it: which may end there.
    tails: Vec<Needs>,
    trails: Vec<Near>,
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
        let by_byte = |may: &dyn Fn(&Need, Bytes) -> bool| {
            (0..=128).map(|class| set(&|need| may(need, byte(class)))).collect()
        };
        Self {
            holds: (0..LONG).map(|digits| set(&|need| need.holds(digits))).collect(),
            long: (0..LONG).map(|digits| set(&|need| need.run <= digits)).collect(),
            enough: (0..LONG).map(|digits| set(&|need| need.fewest <= digits)).collect(),
            firsts: (0..128).map(|class| set(&|need| need.opens(byte(class)))).collect(),
            heads: by_byte(&|need, byte| need.follows(byte) && need.before.reaches(1, byte)),
            leads: Near::all(&needs, |need| &need.before),
            tails: by_byte(&|need, byte| need.precedes(byte) && need.after.reaches(1, byte)),
            trails: Near::all(&needs, |need| &need.after),
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

    /// What a run of digits of a text may be, with a gap after the run before.
    pub fn fits(&self, text: &[u8], run: &Range<usize>, gap: &[u8]) -> Fits {
        let digits = run.len();
        let (holds, long) = if digits < LONG {
            (at(&self.holds, digits), at(&self.long, digits))
        } else {
            (set(&self.needs, &|need| need.holds(digits)), set(&self.needs, &|need| need.run <= digits))
        };
        let mut goes_on = holds & at(&self.gaps, gap.len());
        for byte in gap {
            if goes_on == 0 {
                break;
            }
            goes_on &= at(&self.bytes, class(Some(byte)));
        }
        let mut before = text.get(..run.start).unwrap_or_default().iter().rev();
        let mut after = text.get(run.end..).unwrap_or_default().iter();
        let first = at(&self.firsts, class(text.get(run.start)));
        let begins = holds & first & at(&self.heads, class(before.next()));
        let ends = at(&self.tails, class(after.next()));
        Fits {
            begins: beside(begins, &self.leads, before),
            goes_on,
            ends: beside(ends, &self.trails, after),
            long,
        }
    }
}

/// So many bytes before and after a run are looked at: four letters open the number of a card.
const NEAR: usize = 4;

/// What the byte at one distance from a run allows.
#[derive(Debug)]
struct Near {
    /// The needs that ask for one.
    needs: Needs,
    /// By the byte: those that it allows.
    sets: Vec<Needs>,
}

impl Near {
    /// By each of the bytes near a run but the one beside it, by what needs ask of them.
    fn all(needs: &[Option<Need>], filling: fn(&Need) -> &Filling) -> Vec<Self> {
        let at = |distance| {
            let allows = |class| set(needs, &|need| filling(need).reaches(distance, byte(class)));
            Self {
                needs: !set(needs, &|need| filling(need).least < distance),
                sets: (0..=128).map(allows).collect(),
            }
        };
        (2..=NEAR).map(at).collect()
    }
}

/// Those of some needs that the bytes beside a run allow, the nearest first; `None` beyond the text.
fn beside<'t>(needs: Needs, near: &[Near], mut bytes: impl Iterator<Item = &'t u8>) -> Needs {
    let mut needs = needs;
    for near in near {
        if needs & near.needs == 0 {
            break;
        }
        needs &= at(&near.sets, class(bytes.next()));
    }
    needs
}

fn at(table: &[Needs], place: usize) -> Needs {
    table.get(place).copied().unwrap_or(0)
}

/// The byte of a place in sets by bytes; none for the last.
fn byte(class: u32) -> Bytes {
    Bytes::from(1_u8).checked_shl(class).unwrap_or(0)
}

/// The needs of which something holds, and `None`.
fn set(needs: &[Option<Need>], may: &dyn Fn(&Need) -> bool) -> Needs {
    let wanted = needs.iter().enumerate().filter(|(_, need)| need.as_ref().is_none_or(may));
    wanted.fold(0, |set, (number, _)| set | only(number))
}

/// The place of a byte in sets by bytes, where the last but one stands for all others, the last for none.
fn class(byte: Option<&u8>) -> usize {
    byte.map_or(128, |byte| usize::from(*byte.min(&127)))
}
