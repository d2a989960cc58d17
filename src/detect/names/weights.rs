//! What clues weigh, in bits, as measured on labelled mail: a list of terms, each with its weight for a tag.
//!
//! In: a list. Out: the weight of a clue. It refuses to know what a clue is.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::key_filter::KeyFilter;
use super::token;
use super::words::{KeyHasher, follow};
use crate::detect::lexicon::Lexicon;

/// What each clue weighs, in bits.
#[derive(Debug, Default)]
pub struct Weights {
    table: HashMap<u64, f32, BuildHasherDefault<KeyHasher>>,
    filter: KeyFilter<FILTER_BITS>,
}

/// Bits of the filter: 2^16, 8 KiB. Most clues weigh nothing.
const FILTER_BITS: u32 = 16;

/// The weights that a list may give, in bits.
pub const WEIGHTS: [&str; 32] = [
    "-4", "-3.5", "-3", "-2.5", "-2", "-1.75", "-1.5", "-1.25", "-1", "-0.8", "-0.6", "-0.5", "-0.4", "-0.3",
    "-0.2", "-0.1", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.8", "1", "1.25", "1.5", "1.75", "2", "2.5",
    "3", "3.5", "4",
];

impl Weights {
    /// Takes the weights of a list; the words of a term make its key one after another.
    #[must_use]
    pub fn of(list: &Lexicon) -> Self {
        let weight = |term: &str| list.tag(term).and_then(|tag| tag.parse().ok());
        let table: HashMap<u64, f32, _> =
            list.terms().filter_map(|term| Some((key_of(term), weight(term)?))).collect();
        let mut filter = KeyFilter::default();
        table.keys().for_each(|clue| filter.add(*clue));
        Self { table, filter }
    }

    /// What a clue weighs; `None` when it says nothing.
    #[must_use]
    pub fn get(&self, clue: u64) -> Option<f32> {
        Some(clue).filter(|clue| self.filter.may_hold(*clue)).and_then(|clue| self.table.get(&clue)).copied()
    }
}

/// The key of a term.
pub fn key_of(term: &str) -> u64 {
    token::words(term).fold(0, follow)
}
