//! Letters typed for digits: `l30 692 544`, `9876-543-2l7`, `l954-O8-O3`. Each number is read once more with digits alone.
//!
//! NAMs are read so by a validator of their own, which knows where letters belong.

use std::ops::Range;

use super::derive::Derived;
use super::runs::runs;

/// Fewest digits of such a number, most letters in it, and its length without what parts it.
const DIGITS: usize = 5;
const LETTERS: usize = 4;
const LENGTH: std::ops::RangeInclusive<usize> = 8..=24;

/// Every number with letters for digits, in digits, with its place.
#[must_use]
pub fn misread(text: &str) -> Vec<Derived> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let twin = |at: Option<usize>| at.and_then(|at| bytes.get(at)).copied().is_some_and(is_twin);
    let mut from = 0;
    for digits in runs(bytes, 0, |_| false) {
        if digits.start >= from && (twin(digits.start.checked_sub(1)) || twin(Some(digits.end))) {
            let run = run_around(bytes, digits.start);
            from = run.end;
            found.extend(undone(text, run));
        }
    }
    found
}

const fn is_twin(byte: u8) -> bool {
    matches!(byte, b'O' | b'o' | b'I' | b'l')
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || is_twin(byte)
}

/// The digits, letters for digits and single marks around a place.
fn run_around(bytes: &[u8], at: usize) -> Range<usize> {
    let of_number = |at: usize| bytes.get(at).copied().is_some_and(is_of_number);
    let mark = |at: usize| bytes.get(at).is_some_and(|byte| matches!(byte, b' ' | b'-' | b'.' | b'/'));
    let (mut start, mut end) = (at, at);
    while start > 0 && (of_number(start - 1) || start > 1 && mark(start - 1) && of_number(start - 2)) {
        start -= 1;
    }
    while of_number(end) || mark(end) && of_number(end + 1) {
        end += 1;
    }
    start..end
}

fn undone(text: &str, run: Range<usize>) -> Option<Derived> {
    let whole = !text.get(..run.start)?.ends_with(char::is_alphanumeric)
        && !text.get(run.end..)?.starts_with(char::is_alphanumeric);
    let written = text.get(run.clone())?;
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    let letters = written.bytes().filter(|byte| is_twin(*byte)).count();
    let fits = digits >= DIGITS && (1..=LETTERS).contains(&letters) && LENGTH.contains(&(digits + letters));
    (whole && fits).then(|| {
        let read = |character| match character {
            'O' | 'o' => '0',
            'I' | 'l' => '1',
            other => other,
        };
        (written.chars().map(read).collect(), run)
    })
}

#[cfg(test)]
mod tests {
    use super::misread;

    #[test]
    fn letters_that_look_like_digits_are_read_as_digits() {
        for (text, read) in [
            ("NAS : l30 692 544", Some("130 692 544")),
            ("9876-543-2l7.", Some("9876-543-217")),
            ("né le l954-O8-O3", Some("1954-08-03")),
            ("Ol2345-8I5", Some("012345-815")),
            ("pièce lO2345678A", None),
            ("le lot 12O4", None),
            ("OOOO1234", None),
            ("130 692 544", None),
        ] {
            assert_eq!(misread(text).first().map(|(read, _)| read.as_str()), read, "{text}");
        }
    }
}
