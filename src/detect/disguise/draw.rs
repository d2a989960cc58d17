//! Draws letters, digits, names and months, from a seed alone.

use crate::detect::lexicon::fold;
use crate::model::{ENGLISH_MONTHS, FRENCH_MONTHS};

/// Names of months, French then English, long then short.
const MONTHS: [&[&str]; 4] = [
    &FRENCH_MONTHS,
    &["janv", "févr", "avr", "juil", "sept", "oct", "nov", "déc"],
    &ENGLISH_MONTHS,
    &["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "dec"],
];
const VOWELS: &str = "aeiou";
const CONSONANTS: &str = "bcdfghjklmnprstv";

/// A source of numbers that looks like chance and is none (SplitMix64, Steele, Lea and Flood, 2014).
#[derive(Debug)]
pub struct Draw(u64);

impl Draw {
    /// Starts from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// One of several.
    pub fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// Digits in place of digits. Half of the time a year becomes a year, and pairs that may be a month or a day become such;
    /// else each digit is drawn by itself.
    pub fn number(&mut self, digits: &str) -> String {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !plain || self.below(2) == 0 {
            return digits.chars().map(|_| self.digit()).collect();
        }
        if digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20")) {
            let century = digits.get(..2).unwrap_or_default();
            let recent = century == "20";
            return format!("{century}{:02}", if recent { self.below(25) } else { 20 + self.below(80) });
        }
        digits.as_bytes().chunks(2).map(|pair| self.pair(pair)).collect()
    }

    fn pair(&mut self, pair: &[u8]) -> String {
        let value = pair.iter().fold(0, |value, byte| value * 10 + usize::from(byte.wrapping_sub(b'0')));
        match (pair.len(), value) {
            (1, _) => self.digit().to_string(),
            (_, 1..=12) => format!("{:02}", 1 + self.below(12)),
            (_, 13..=31) => format!("{:02}", 13 + self.below(16)),
            (_, 51..=62) => format!("{:02}", 51 + self.below(12)),
            _ => format!("{:02}", self.below(100)),
        }
    }

    fn digit(&mut self) -> char {
        char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0))
    }

    /// Letters in place of letters, vowels in place of vowels.
    pub fn letters(&mut self, word: &str) -> String {
        word.chars()
            .map(|letter| {
                let alike = if VOWELS.contains(letter) { VOWELS } else { CONSONANTS };
                alike.chars().nth(self.below(alike.len())).unwrap_or(letter)
            })
            .collect()
    }

    /// A month in place of a month, of the same language and length.
    pub fn month(&mut self, word: &str) -> String {
        let plain = fold(word);
        let alike = MONTHS.iter().find(|months| months.iter().any(|month| fold(month) == plain));
        let month = alike.and_then(|months| self.of(months)).copied().unwrap_or("mai");
        with_case(&month.to_lowercase(), word)
    }
}

/// Whether a folded word is a month.
#[must_use]
pub fn is_month(plain: &str) -> bool {
    MONTHS.iter().any(|months| months.iter().any(|month| fold(month) == plain))
}

/// A word in the case of another: all capitals, a capital first, or none.
#[must_use]
pub fn with_case(word: &str, like: &str) -> String {
    let mut letters = like.chars();
    let first = letters.next().is_some_and(char::is_uppercase);
    match (first, like.chars().count() > 1 && letters.all(char::is_uppercase)) {
        (true, true) => word.to_uppercase(),
        (true, false) => {
            let mut rest = word.chars();
            rest.next().map_or(String::new(), |head| head.to_uppercase().chain(rest).collect())
        }
        (false, _) => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Draw, with_case};

    #[test]
    fn what_is_drawn_has_the_shape_of_what_it_replaces() {
        for seed in 1..200 {
            let mut draw = Draw::new(seed);
            assert_eq!(draw.number("04121925").len(), 8);
            assert_eq!(draw.number("1954").len(), 4);
            assert_eq!(draw.letters("tremblay").len(), 8);
        }
        assert_eq!(with_case("untel", "ROY"), "UNTEL");
        assert_eq!(with_case("untel", "Roy"), "Untel");
        assert_eq!(with_case("untel", "roy"), "untel");
    }

    #[test]
    fn what_is_drawn_does_not_depend_on_what_it_replaces() {
        for seed in 1..100 {
            assert_eq!(Draw::new(seed).number("7777777"), Draw::new(seed).number("8888888"));
            assert_eq!(Draw::new(seed).letters("bato"), Draw::new(seed).letters("rizu"));
        }
    }
}
