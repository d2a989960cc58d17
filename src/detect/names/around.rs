//! What the words around a name say of who it is, as measured on labelled mail.
//!
//! In: the words of a text and where a name stands among them. Out: bits for a patient, the sum of what each clue weighs in
//! `around.txt`. A clue is a word, an ending or a kind of word at a place: right before, set off after, in the same clause. It
//! refuses to know how the name was read and what the other rules make of it.

mod scene;

use super::weights::{Weights, key_of};
pub use scene::Scene;

/// Bits of what stands around a name.
#[must_use]
pub fn bits(weights: &Weights, scene: &Scene<'_>) -> f32 {
    let mut bits = 0.0;
    scene.clues(&mut |clue| bits += weights.get(clue).unwrap_or(0.0));
    bits
}
