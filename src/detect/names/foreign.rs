//! Long texts about nobody's care: births and passwords in news, adverts and manuals are nobody's here.
//!
//! In: the tone of each part, then the identifiers of the message. Out: reasons against those that say least. It refuses to
//! know names.

use std::ops::Range;

use super::tone::Tone;
use crate::detect::candidate::Candidate;
use crate::model::Kind;

/// The blocks of such texts, in order.
#[derive(Debug, Default)]
pub struct Foreign {
    parts: Vec<Range<usize>>,
}

/// Bits against a birth told there, and against a password that looks like a word and a number: one that looks like nothing else
/// stays found.
const BORN: f32 = -10.0;
const PASSWORD: f32 = -4.0;

impl Foreign {
    /// Takes note of a part, when it is such a text.
    pub fn take(&mut self, blocks: Range<usize>, tone: &Tone) {
        if tone.is_foreign() {
            self.parts.push(blocks);
        }
    }

    /// Weighs down what the message holds in such texts.
    pub fn bear_on(&self, others: &mut [Candidate]) {
        if self.parts.is_empty() {
            return;
        }
        for other in others.iter_mut() {
            let bits = match other.kind {
                Some(Kind::BirthDate) => BORN,
                Some(Kind::Secret) => PASSWORD,
                _ => continue,
            };
            let part = self.parts.partition_point(|part| part.end <= other.block);
            if self.parts.get(part).is_some_and(|part| part.contains(&other.block)) {
                other.add("in a long text about nobody's care", bits);
            }
        }
    }
}
