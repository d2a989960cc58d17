//! The table of every listed word: most words of a text are in no list, and one bit tells at once; of the others, one line of memory
//! tells which lists hold them.
//!
//! In: keys of words and the lists of each. Out: the lists of a key. It refuses to know what a list says.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::key_filter::KeyFilter;
use super::words::Tags;

/// Sets of lists by key.
#[derive(Debug, Default)]
pub struct KeyTable {
    filter: KeyFilter<FILTER_BITS>,
    /// The high bits of a key, and in the lower ones the number of its set; 0 for none. A power of two of them.
    slots: Vec<u64>,
    /// The sets: a few hundred, however many words.
    sets: Vec<Tags>,
}

/// Bits of the filter: 2^20, 128 KiB, so that it stays in a near cache and lets few of the unlisted words through.
const FILTER_BITS: u32 = 20;
/// Bits of the number of a set. A key is told by its other bits, and by where it stands.
const NUMBER: u64 = (1 << 16) - 1;

impl KeyTable {
    /// Takes the lists of each key.
    #[must_use]
    pub fn of<S: BuildHasher>(listed: &HashMap<u64, Tags, S>) -> Self {
        let mut sets: Vec<Tags> = listed.values().copied().collect();
        sets.sort_unstable();
        sets.dedup();
        // A third stays free, so that what collides stands close.
        let mut table =
            Self { slots: vec![0; (listed.len() * 3 / 2 + 1).next_power_of_two()], sets, ..Self::default() };
        for (key, tags) in listed {
            let number =
                table.sets.binary_search(tags).ok().and_then(|number| u64::try_from(number + 1).ok());
            let slot = (key & !NUMBER) | number.filter(|number| *number <= NUMBER).unwrap_or(NUMBER);
            table.filter.add(*key);
            let mut at = table.home(*key);
            while table.slots.get(at).is_some_and(|taken| *taken != 0) {
                at = (at + 1) & (table.slots.len() - 1);
            }
            table.slots.get_mut(at).into_iter().for_each(|free| *free = slot);
        }
        table
    }

    /// The lists that hold what a key stands for.
    #[must_use]
    pub fn get(&self, key: u64) -> Tags {
        if !self.filter.may_hold(key) {
            return Tags::NONE;
        }
        let mut at = self.home(key);
        while let Some(slot) = self.slots.get(at).copied().filter(|slot| *slot != 0) {
            if ((slot ^ key) & !NUMBER) == 0 {
                let number = usize::try_from(slot & NUMBER).unwrap_or(0);
                return number.checked_sub(1).and_then(|at| self.sets.get(at)).copied().unwrap_or_default();
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        Tags::NONE
    }

    /// Where a key stands, or close after it. The last bit of a word's key is always set.
    fn home(&self, key: u64) -> usize {
        usize::try_from(key >> 1).unwrap_or(0) & self.slots.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::words::{CARE, GIVEN, SURNAME, Tags};
    use super::KeyTable;

    #[test]
    fn each_key_has_its_lists_and_strangers_have_none() {
        let tags = [GIVEN, SURNAME, GIVEN | SURNAME, CARE];
        let key = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let listed: HashMap<u64, Tags> = (1..1000).map(key).zip(tags.into_iter().cycle()).collect();
        let table = KeyTable::of(&listed);
        assert!(listed.iter().all(|(key, tags)| table.get(*key) == *tags));
        assert!((1000..9000).all(|number| table.get(key(number)).is_none()));
        assert!(KeyTable::default().get(key(1)).is_none());
    }
}
