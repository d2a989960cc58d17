//! Words of a folded text, with what stands between them and the lists they are in.

use std::ops::Range;

use super::words::{
    BEGINS, CONTACT, CONTACT_AFTER, MAIL_HEADER, PARTICLE, PATIENT_AFTER, PATIENT_BEFORE,
    PATIENT_BEFORE_WEAK, STAFF, SURNAME, TITLE, Tags, Words, follow,
};

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Digits.
    Number,
    /// `marie`, `iPad`.
    Lower,
    /// `Marie`, `McKenzie`.
    Capital,
    /// `MARIE`, two letters or more.
    Upper,
    /// `M`: one capital letter.
    Initial,
}

/// What stands between a word and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nothing before it, or letters next to digits.
    Start,
    /// Spaces.
    Space,
    /// One hyphen, nothing else.
    Hyphen,
    /// One apostrophe, nothing else.
    Apostrophe,
    /// One underscore, or a dot without space, as in file names.
    Joint,
    /// A full stop and spaces.
    Stop,
    /// A comma, or one tab: what parts columns.
    Comma,
    /// A colon or `=`.
    Label,
    /// A line end.
    Line,
    /// An empty line.
    Blank,
    /// A mail address runs through.
    Address,
    /// Brackets, dashes, quotes, the rest.
    Other,
}

/// One word or number.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Where it starts in the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What its letters are known by.
    pub key: u64,
    /// How it is written.
    pub shape: Shape,
    /// What stands before it.
    pub gap: Gap,
    /// How many line ends stand before it, up to 2.
    pub lines: u8,
    /// Whether a sentence ends before it.
    pub opens: bool,
    /// The lists that hold the word.
    pub own: Tags,
    /// The lists of all phrases that start with it, itself included.
    pub starts: Tags,
    /// The lists of all phrases that end with it, itself included.
    pub ends: Tags,
}

impl Token {
    /// Whether it is written as names are.
    #[must_use]
    pub fn is_capital(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper | Shape::Initial)
    }

    /// How many bytes it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.end - self.start
    }
}

/// Longest phrase matched, in words.
const LONGEST: usize = 8;

/// Reads the words of a stretch of a folded text and looks each up.
#[must_use]
pub fn read(text: &str, range: Range<usize>, words: &Words) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(range.len() / 5);
    let mut end = range.start;
    let bytes = text.as_bytes().get(..range.end).unwrap_or_default();
    while let Some((start, shape, key, stop)) = next_word(bytes, end) {
        let before = bytes.get(end..start).unwrap_or_default();
        let gap = if tokens.is_empty() && before.is_empty() { Gap::Start } else { gap_of(before) };
        let own = if shape == Shape::Number { Tags::NONE } else { words.get(key) };
        let lines = line_ends(before);
        let opens = opens(before, lines, tokens.last());
        tokens.push(Token { start, end: stop, key, shape, gap, lines, opens, own, starts: own, ends: own });
        end = stop;
    }
    match_phrases(&mut tokens, words);
    tokens
}

/// The keys of the words of a term, numbers included.
pub fn words(term: &str) -> impl Iterator<Item = u64> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (_, _, key, end) = next_word(term.as_bytes(), at)?;
        at = end;
        Some(key)
    })
}

/// Where the next word starts, how it is written, its key, where it ends.
fn next_word(bytes: &[u8], from: usize) -> Option<(usize, Shape, u64, usize)> {
    let start = from + bytes.get(from..)?.iter().position(|byte| is_word(*byte))?;
    let rest = bytes.get(start..)?;
    let first = *rest.first()?;
    let same = |byte: &u8| is_word(*byte) && byte.is_ascii_digit() == first.is_ascii_digit();
    let mut key = SEED;
    let (mut length, mut upper) = (0, 0);
    for byte in rest.iter().take_while(|byte| same(byte)) {
        key = mix(key, *byte);
        upper += usize::from(byte.is_ascii_uppercase());
        length += 1;
    }
    let shape = match (first, upper, length) {
        (b'0'..=b'9', ..) => Shape::Number,
        (_, 1, 1) => Shape::Initial,
        (_, upper, length) if upper == length => Shape::Upper,
        (b'A'..=b'Z', ..) => Shape::Capital,
        _ => Shape::Lower,
    };
    Some((start, shape, finish(key), start + length))
}

/// FNV-1a over lower-case bytes (64 bits; the constants are the algorithm's own).
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn mix(key: u64, byte: u8) -> u64 {
    (key ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
}

/// Never 0, which stands for no word.
const fn finish(key: u64) -> u64 {
    (key ^ (key >> 29)) | 1
}

/// Letters and digits; any other script counts as letters.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

fn gap_of(bytes: &[u8]) -> Gap {
    match bytes {
        [] => return Gap::Start,
        [b' '] => return Gap::Space,
        [b'-'] => return Gap::Hyphen,
        [b'\''] => return Gap::Apostrophe,
        [b'_' | b'.' | b'+'] => return Gap::Joint,
        [b'\t'] => return Gap::Comma,
        _ => {}
    }
    let has = |wanted: &[u8]| bytes.iter().any(|byte| wanted.contains(byte));
    match line_ends(bytes) {
        0 => {}
        1 | 2 if has(b":") => return Gap::Label,
        1 => return Gap::Line,
        _ => return Gap::Blank,
    }
    if has(b"@") {
        Gap::Address
    } else if has(b":=\t") {
        Gap::Label
    } else if has(b"()[]\"/|<>{}*;!?-") {
        Gap::Other
    } else if has(b",") {
        Gap::Comma
    } else if has(b".") {
        Gap::Stop
    } else if bytes.iter().all(|byte| *byte == b' ') {
        Gap::Space
    } else {
        Gap::Other
    }
}

fn line_ends(gap: &[u8]) -> u8 {
    gap.iter().filter(|byte| **byte == b'\n').take(2).fold(0, |count, _| count + 1)
}

/// Whether a sentence ends in a gap: a mark and a space, not after an abbreviation; an empty line; a bullet.
fn opens(gap: &[u8], lines: u8, before: Option<&Token>) -> bool {
    if gap.len() < 2 {
        return false;
    }
    let mark = gap.iter().any(|byte| matches!(byte, b'.' | b'!' | b'?' | b';'));
    let short = before.is_some_and(is_abbreviation);
    let bullet = lines == 1 && gap.iter().any(|byte| matches!(byte, b'-' | b'*' | b'.'));
    lines > 1 || bullet || (mark && !(short && gap.first() == Some(&b'.')))
}

/// `M.`, `Dre.`, `Tél.`, `J.`: a stop after it ends no sentence; after `Roy.` it does.
fn is_abbreviation(token: &Token) -> bool {
    let listed = token.own.any(ABBREVIATED) || (token.own.any(PARTICLE) && !token.own.any(SURNAME));
    token.shape == Shape::Initial || (token.len() <= 3 && token.shape == Shape::Capital && listed)
}

const ABBREVIATED: Tags = Tags::all(&[
    TITLE,
    STAFF,
    CONTACT,
    CONTACT_AFTER,
    PATIENT_BEFORE,
    PATIENT_BEFORE_WEAK,
    PATIENT_AFTER,
    MAIL_HEADER,
]);

/// Finds the phrases of two words or more.
fn match_phrases(tokens: &mut [Token], words: &Words) {
    for first in 0..tokens.len() {
        let Some(token) = tokens.get(first).filter(|token| token.own.any(BEGINS)) else { continue };
        let mut key = token.key;
        let mut starts = Tags::NONE;
        for last in first + 1..(first + LONGEST).min(tokens.len()) {
            let Some(next) = tokens.get_mut(last).filter(|next| runs_on(next)) else { break };
            key = follow(key, next.key);
            let found = words.get(key);
            next.ends |= found;
            starts |= found;
            if !found.any(BEGINS) {
                break;
            }
        }
        if let Some(token) = tokens.get_mut(first) {
            token.starts |= starts;
        }
    }
}

/// Whether a phrase may go on into a word.
fn runs_on(token: &Token) -> bool {
    matches!(token.gap, Gap::Start | Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Joint)
        || (matches!(token.gap, Gap::Stop | Gap::Line | Gap::Other) && !token.opens)
}

#[cfg(test)]
mod tests {
    use super::super::words::Words;
    use super::{Gap, Shape, read};
    use crate::detect::lexicon::Lexicons;

    #[test]
    fn words_keep_how_they_are_written_and_what_parts_them() {
        let text = "M. TREMBLAY, Marie-Eve d'Amours\nNAM : 12";
        let tokens = read(text, 0..text.len(), &Words::default());
        let seen: Vec<_> = tokens.iter().map(|token| (token.shape, token.gap)).collect();
        let wanted = [
            (Shape::Initial, Gap::Start),
            (Shape::Upper, Gap::Stop),
            (Shape::Capital, Gap::Comma),
            (Shape::Capital, Gap::Hyphen),
            (Shape::Lower, Gap::Space),
            (Shape::Capital, Gap::Apostrophe),
            (Shape::Upper, Gap::Line),
            (Shape::Number, Gap::Label),
        ];
        assert_eq!(seen, wanted);
    }

    #[test]
    fn a_stop_ends_a_sentence_after_a_short_surname_but_not_after_a_title_or_an_initial() {
        let list = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let lists = [
            list("titles.txt", "m.\nmme"),
            list("staff-titles.txt", "dre"),
            list("surnames.txt", "roy\ncyr"),
        ];
        let words = Words::of(&Lexicons::read(&lists).unwrap());
        for (text, ends) in [
            ("Voir M. Roy. Merci", &["Merci"][..]),
            ("Dre. Cyr. Elle", &["Elle"]),
            ("J. Cyr ira. Non", &["Non"]),
            ("Mme. Cyr", &[]),
            ("Vu. Elle", &["Elle"]),
        ] {
            let tokens = read(text, 0..text.len(), &words);
            let opening = tokens.iter().skip(1).filter(|token| token.opens);
            let seen: Vec<_> = opening.map(|token| &text[token.start..token.end]).collect();
            assert_eq!(seen, ends, "{text}");
        }
    }
}
