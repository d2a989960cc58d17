//! Words of texts that are about nobody's care: news, adverts, letters of fraud, talk of computers, encyclopaedias.
//!
//! In: the words of a part. Out: how many distinct ones of such texts it uses. One says nothing; several tell what is read. It
//! refuses to know names.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use super::key_filter::KeyFilter;
use super::token::{self, Token};
use super::words::KeyHasher;

/// The words of such texts.
#[derive(Debug, Default)]
pub struct Elsewhere {
    words: HashSet<u64, BuildHasherDefault<KeyHasher>>,
    filter: KeyFilter<FILTER_BITS>,
}

/// Bits of the filter: 2^14, 2 KiB, so that it stays in the nearest cache.
const FILTER_BITS: u32 = 14;

impl Elsewhere {
    /// Takes the words of the list; only the first word of a phrase counts.
    #[must_use]
    pub fn of<'a>(terms: impl Iterator<Item = &'a str>) -> Self {
        let words: HashSet<u64, _> = terms.filter_map(|term| token::words(term).next()).collect();
        let mut filter = KeyFilter::default();
        words.iter().for_each(|key| filter.add(*key));
        Self { words, filter }
    }

    fn holds(&self, key: u64) -> bool {
        self.filter.may_hold(key) && self.words.contains(&key)
    }
}

/// The distinct words of such texts that a part uses.
#[derive(Debug, Default)]
pub struct Heard {
    words: Vec<u64>,
}

/// Most words told apart: more say no more.
const MOST: usize = 64;
/// Fewest words that tell what a text is. Of 1,400 invented mails about patients one in a hundred uses two, none three (2026-11).
const TELLING: f32 = 3.0;
/// Words of a text up to which each word counts whole: a long one uses some of them whatever it is about, though not in proportion.
const LONG: f32 = 400.0;
/// Bits of each word beyond the first, and the limit of their sum.
const OF_WORD: f32 = -2.0;
const LIMIT: f32 = -10.0;

impl Heard {
    /// Takes the words of a stretch of text into account.
    pub fn read(&mut self, tokens: &[Token], words: &Elsewhere) {
        for token in tokens.iter().filter(|token| words.holds(token.key)) {
            if self.words.len() < MOST && !self.words.contains(&token.key) {
                self.words.push(token.key);
            }
        }
    }

    /// Bits against each name of a part of so many words; none when it uses too few of such words to tell.
    #[must_use]
    pub fn bits(&self, of: usize) -> f32 {
        let count = |number: usize| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
        let heard = count(self.words.len()) * (LONG / count(of).max(LONG)).sqrt();
        if heard < TELLING { 0.0 } else { ((heard - 1.0) * OF_WORD).max(LIMIT) }
    }
}
