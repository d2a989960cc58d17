//! What the words around a name say of who it is, as measured on labelled mail.
//!
//! In: the words of a text and where a name stands among them. Out: bits for a patient, the sum of what each clue weighs in
//! `around.txt`. A clue is a word, an ending or a kind of word at a place: right before, set off after, in the same clause. It
//! refuses to know how the name was read and what the other rules make of it.

mod scene;

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::key_filter::KeyFilter;
use super::token;
use super::words::{KeyHasher, follow};
use crate::detect::lexicon::Lexicon;
pub use scene::Scene;

/// What each clue weighs, in bits.
#[derive(Debug, Default)]
pub struct Around {
    weights: HashMap<u64, f32, BuildHasherDefault<KeyHasher>>,
    filter: KeyFilter<FILTER_BITS>,
}

/// Bits of the filter: 2^16, 8 KiB. Most clues weigh nothing.
const FILTER_BITS: u32 = 16;

/// The weights that the list may give, in bits.
pub const WEIGHTS: [&str; 32] = [
    "-4", "-3.5", "-3", "-2.5", "-2", "-1.75", "-1.5", "-1.25", "-1", "-0.8", "-0.6", "-0.5", "-0.4", "-0.3",
    "-0.2", "-0.1", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.8", "1", "1.25", "1.5", "1.75", "2", "2.5",
    "3", "3.5", "4",
];

/// Limits of the sum, in bits: it never outweighs what a title or a plain word for a patient says.
const LIMITS: (f32, f32) = (-3.9, 3.0);

impl Around {
    /// Takes the weights of a list whose terms are a place and a word.
    #[must_use]
    pub fn of(list: &Lexicon) -> Self {
        let weight = |term: &str| list.tag(term).and_then(|tag| tag.parse().ok());
        let weights: HashMap<u64, f32, _> =
            list.terms().filter_map(|term| Some((key_of(term), weight(term)?))).collect();
        let mut filter = KeyFilter::default();
        weights.keys().for_each(|clue| filter.add(*clue));
        Self { weights, filter }
    }

    /// Bits of what stands around a name.
    #[must_use]
    pub fn bits(&self, scene: &Scene<'_>) -> f32 {
        let mut bits = 0.0;
        scene.clues(&mut |clue| {
            if self.filter.may_hold(clue) {
                bits += self.weights.get(&clue).copied().unwrap_or(0.0);
            }
        });
        (bits * SHARE).clamp(LIMITS.0, LIMITS.1)
    }
}

/// How much of the measured bits counts: the other clues say part of the same.
const SHARE: f32 = 0.7;

fn key_of(term: &str) -> u64 {
    token::words(term).fold(0, follow)
}
