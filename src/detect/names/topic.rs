//! What a mail is about, told by all its words, as measured on labelled mail: whether those it names are cared for.
//!
//! In: the words of a part. Out: bits for each name in it, the sum of what each distinct word weighs in `topic.txt`. Names, numbers
//! and what frames a mail are not among the words. It refuses to know who is named where.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use super::token::{Shape, Token};
use super::weights::Weights;
use super::words::{GIVEN, KeyHasher, SURNAME};
use super::zones::Zone;

/// The distinct words of a part that weigh something.
#[derive(Debug, Default)]
pub struct Topic {
    words: HashSet<u64, BuildHasherDefault<KeyHasher>>,
    bits: f32,
}

/// Words that weigh something of a mail in which each counts whole; those of a longer one say part of the same, and those of a shorter one
/// are too few to go by.
const WHOLE: f32 = 20.0;

impl Topic {
    /// Takes the words of a stretch of text into account.
    pub fn read(&mut self, tokens: &[Token], zones: &[Zone], weights: &Weights) {
        for (index, token) in tokens.iter().enumerate() {
            let framed = zones.get(index).is_some_and(|zone| *zone != Zone::Body);
            let word = !matches!(token.shape, Shape::Number | Shape::Initial);
            if framed || !word || token.own.any(GIVEN | SURNAME) {
                continue;
            }
            if let Some(bits) = weights.get(token.key).filter(|_| self.words.insert(token.key)) {
                self.bits += bits;
            }
        }
    }

    /// Bits for each name of the part; `None` when no word of it weighs anything.
    #[must_use]
    pub fn bits(&self) -> Option<f32> {
        let words = f32::from(u16::try_from(self.words.len()).unwrap_or(u16::MAX));
        let share = if words < WHOLE { words / WHOLE } else { (WHOLE / words).sqrt() };
        (!self.words.is_empty()).then_some(self.bits * share)
    }
}
