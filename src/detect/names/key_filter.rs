//! A filter of keys in front of a table of words: most words of a text are in no list, and one bit tells at once.
//!
//! In: keys of words. Out: whether a key may have been added. It refuses to know what the keys stand for.

/// One bit for each key, by the top bits of its mix. So many bits as a power of two: the more, the fewer strangers pass; the fewer, the
/// nearer the cache that it stays in.
#[derive(Debug)]
pub struct KeyFilter<const BITS: u32> {
    slots: Vec<u64>,
}

impl<const BITS: u32> Default for KeyFilter<BITS> {
    fn default() -> Self {
        Self { slots: vec![0; 1 << BITS.saturating_sub(WORD)] }
    }
}

impl<const BITS: u32> KeyFilter<BITS> {
    /// Adds a key.
    pub fn add(&mut self, key: u64) {
        let (slot, bit) = Self::place(key);
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot |= bit;
        }
    }

    /// Whether a key may have been added; `false` is sure.
    #[must_use]
    pub fn may_hold(&self, key: u64) -> bool {
        let (slot, bit) = Self::place(key);
        self.slots.get(slot).is_some_and(|slot| slot & bit != 0)
    }

    fn place(key: u64) -> (usize, u64) {
        let top = key.wrapping_mul(MIX) >> (u64::BITS - BITS);
        (usize::try_from(top >> WORD).unwrap_or(0), 1 << (top & 63))
    }
}

/// Bits that tell a place in a slot of 64.
const WORD: u32 = 6;
/// Spreads the keys of phrases, which are mixes of keys of words.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::KeyFilter;

    #[test]
    fn what_was_added_passes_and_nearly_all_strangers_do_not() {
        let mut filter = KeyFilter::<14>::default();
        (0..100_u64).for_each(|key| filter.add(key << 40));
        assert!((0..100_u64).all(|key| filter.may_hold(key << 40)));
        let strangers = (1_000..11_000_u64).filter(|key| filter.may_hold(key << 40)).count();
        assert!(strangers < 200, "{strangers} of 10000");
    }
}
