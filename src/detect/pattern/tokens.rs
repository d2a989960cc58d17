//! The tokens of a text that may be secrets: what stands between spaces and holds a figure, or a sign that words do not hold.
//!
//! In: a text and a stretch of it. Out: places to look at, with the byte on either side. Most text has none, and nothing else of it is
//! ever shown to a pattern.

use std::ops::Range;

/// The tokens in a stretch of text that may be secrets. Groups of figures with spaces between them are one: `570 318`.
pub fn tokens(text: &str, window: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = window.start;
    std::iter::from_fn(move || {
        while at < window.end {
            let start = at + bytes.get(at..)?.iter().take_while(|byte| is_space(**byte)).count();
            let (end, may) = token(bytes, start);
            at = end + 1;
            if may && start < window.end {
                let from = text.floor_char_boundary(start.saturating_sub(1));
                return Some(from..text.ceil_char_boundary((end + 1).min(text.len())));
            }
        }
        None
    })
}

/// Where a token ends, and whether it may be a secret.
fn token(bytes: &[u8], start: usize) -> (usize, bool) {
    let mut may = false;
    let mut before = b' ';
    for (at, byte) in (start..).zip(bytes.get(start..).unwrap_or_default().iter().copied()) {
        match class(byte) {
            Class::Other => {}
            Class::Figure => may = true,
            Class::Sign => may |= before.is_ascii_alphanumeric() && !is_space(after(bytes, at)),
            Class::Space if parts_figures(before, byte, after(bytes, at)) => {}
            Class::Space => return (at, may),
        }
        before = byte;
    }
    (bytes.len(), may)
}

/// `570 318`: whether a space only parts figures.
fn parts_figures(before: u8, space: u8, next: u8) -> bool {
    space == b' ' && before.is_ascii_digit() && next.is_ascii_digit()
}

fn after(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at + 1).copied().unwrap_or(b' ')
}

fn is_space(byte: u8) -> bool {
    class(byte) == Class::Space
}

/// What a byte is to a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Space,
    Figure,
    /// A sign that a secret holds among its letters.
    Sign,
}

#[inline]
fn class(byte: u8) -> Class {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' => Class::Other,
        b' ' | b'\n' | b'\t' | b'\r' => Class::Space,
        b'0'..=b'9' => Class::Figure,
        b'!' | b'@' | b'#' | b'$' | b'%' | b'^' | b'&' | b'*' | b'+' | b'_' | b'~' | b'?' | b'.' | b'-' => {
            Class::Sign
        }
        _ => Class::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn only_what_may_be_a_secret_is_looked_at() {
        for (text, found) in [
            ("Le mot de passe est Bouleau4471, merci.", &[" Bouleau4471, "][..]),
            ("Le code : 570 318 encore", &[" 570 318 "]),
            ("accueil*HDP*nuit", &["accueil*HDP*nuit"]),
            ("Un mot? Oui. Fin!", &[]),
            ("", &[]),
        ] {
            let all: Vec<&str> = tokens(text, 0..text.len()).map(|place| &text[place]).collect();
            assert_eq!(all, found, "{text}");
        }
    }
}
