//! Words of a folded text, with what stands between them and the lists they are in.

use std::ops::Range;

use crate::detect::runs::runs;

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

    /// Whether it is the first word of a line, of a sentence or of a text.
    #[must_use]
    pub fn opens_line(&self) -> bool {
        self.opens || self.lines > 0 || self.gap == Gap::Start
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
    let mut tokens = Vec::new();
    read_into(&mut tokens, text, range, words);
    tokens
}

/// The same, into a list that is used again: what it held is gone.
pub fn read_into(tokens: &mut Vec<Token>, text: &str, range: Range<usize>, words: &Words) {
    tokens.clear();
    tokens.reserve(range.len() / 4);
    let mut end = range.start;
    let bytes = text.as_bytes().get(..range.end).unwrap_or_default();
    for word in spans(bytes, range.start) {
        let before = bytes.get(end..word.start).unwrap_or_default();
        let (gap, lines, opens) = match before {
            [b' '] => (Gap::Space, 0, false),
            _ => Between::of(before).told(before, tokens.last()),
        };
        let (key, shape) = spelled(bytes, &word);
        let shape = if ends_number(shape, gap, tokens.last()) { Shape::Lower } else { shape };
        let own = if shape == Shape::Number { Tags::NONE } else { words.get(key) };
        end = word.end;
        tokens.push(Token {
            start: word.start,
            end,
            key,
            shape,
            gap,
            lines,
            opens,
            own,
            starts: own,
            ends: own,
        });
    }
    match_phrases(tokens, words);
}

/// `2417692N`, `14148-D`: a letter that ends a number is no initial of a name.
fn ends_number(shape: Shape, gap: Gap, before: Option<&Token>) -> bool {
    shape == Shape::Initial
        && matches!(gap, Gap::Start | Gap::Hyphen)
        && before.is_some_and(|before| before.shape == Shape::Number)
}

/// The keys of the words of a term, numbers included.
pub fn words(term: &str) -> impl Iterator<Item = u64> + '_ {
    spans(term.as_bytes(), 0).map(|word| spelled(term.as_bytes(), &word).0)
}

/// The key of the first word of a text, which is often all of it.
#[must_use]
pub fn first_word(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let start = bytes.iter().position(|byte| is_letter(*byte) || byte.is_ascii_digit())?;
    let rest = bytes.get(start..)?;
    let letters = rest.first().is_some_and(|first| is_letter(*first));
    let of_word = |byte: &u8| if letters { is_letter(*byte) } else { byte.is_ascii_digit() };
    let length = rest.iter().position(|byte| !of_word(byte)).unwrap_or(rest.len());
    Some(spelled(bytes, &(start..start + length)).0)
}

/// The key of a word known beforehand, in small letters of ASCII: the compiler makes it.
#[must_use]
pub const fn key(word: &str) -> u64 {
    let [key] = keys(word);
    key
}

/// The keys of the words of a list known beforehand, with one space between them.
///
/// # Panics
/// Only in the compiler: when the list has fewer words, or more.
#[must_use]
pub const fn keys<const COUNT: usize>(list: &str) -> [u64; COUNT] {
    let mut keys = [0; COUNT];
    let (mut free, mut rest) = (keys.as_mut_slice(), list.as_bytes());
    while let [slot, others @ ..] = free {
        (*slot, rest) = first_key(rest);
        free = others;
    }
    assert!(rest.is_empty(), "a list has as many keys as words");
    keys
}

/// The key of the first word of a list, and the words after it.
const fn first_key(mut list: &[u8]) -> (u64, &[u8]) {
    let (mut key, mut letters, mut length) = (SEED, 0, 0);
    while let [letter, rest @ ..] = list {
        list = rest;
        if *letter == b' ' {
            break;
        }
        letters |= u64::from_le_bytes([*letter, 0, 0, 0, 0, 0, 0, 0]) << (8 * (length % 8));
        length += 1;
        if length % 8 == 0 {
            (key, letters) = (mix(key, letters), 0);
        }
    }
    assert!(length > 0, "a list has as many keys as words");
    if length % 8 > 0 {
        key = mix(key, letters);
    }
    (finish(key ^ length), list)
}

/// Where the words and numbers are from a place on: runs of letters, runs of digits.
fn spans(bytes: &[u8], from: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    runs(bytes, from, is_letter)
}

/// Any other script counts as letters.
fn is_letter(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26 || byte >= 0x80
}

/// The key of a word, which is that of its lower-case letters, and how it is written. Eight bytes at a time.
#[inline]
fn spelled(bytes: &[u8], word: &Range<usize>) -> (u64, Shape) {
    let length = word.len();
    let first = eight(bytes, word.start);
    let (mut key, mut any, mut all) = (SEED, 0, ONES);
    let (mut letters, mut at, mut left) = (first, word.start, length);
    while left > 8 {
        let capitals = capitals(letters);
        (any, all) = (any | capitals, all & capitals);
        key = mix(key, letters | SMALL);
        (at, left) = (at.saturating_add(8), left.saturating_sub(8));
        letters = eight(bytes, at);
    }
    let beyond = u64::MAX.checked_shl(u32::try_from(8 * left).unwrap_or(u32::MAX)).unwrap_or(0);
    let capitals = capitals(letters) & !beyond;
    (any, all) = (any | capitals, all & (capitals | beyond));
    key = mix(key, (letters | SMALL) & !beyond);
    let shape = match (any, all) {
        (0, _) if first & 0xf0 == 0x30 => Shape::Number,
        (0, _) => Shape::Lower,
        (_, ONES) if length == 1 => Shape::Initial,
        (_, ONES) => Shape::Upper,
        _ if capitals_lead(first) => Shape::Capital,
        _ => Shape::Lower,
    };
    (finish(key ^ u64::try_from(length).unwrap_or(0)), shape)
}

/// One bit for each of eight letters that is a capital: of letters, only those lack the bit of 0x20; what is not ASCII is none.
fn capitals(letters: u64) -> u64 {
    !((letters >> 5) | (letters >> 7)) & ONES
}

fn capitals_lead(letters: u64) -> bool {
    capitals(letters) & 1 == 1
}

const ONES: u64 = 0x0101_0101_0101_0101;
/// The bit that small letters have and capitals have not.
const SMALL: u64 = ONES << 5;

/// The eight bytes from a place on, the first lowest; 0 beyond the end.
fn eight(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => rest.iter().rev().fold(0, |all, byte| (all << 8) | u64::from(*byte)),
    }
}

/// Fractions of pi and of the golden ratio, odd, as multipliers that spread bits.
const SEED: u64 = 0x243f_6a88_85a3_08d3;
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

const fn mix(key: u64, letters: u64) -> u64 {
    (key.rotate_left(29) ^ letters).wrapping_mul(SPREAD)
}

/// Never 0, which stands for no word.
const fn finish(key: u64) -> u64 {
    let key = (key ^ (key >> 32)).wrapping_mul(SPREAD);
    (key ^ (key >> 29)) | 1
}

/// What stands between two words, read once.
struct Between {
    gap: Gap,
    /// Line ends, up to 2.
    lines: u8,
    bytes: u128,
}

/// A set of ASCII bytes.
const fn set(bytes: &[u8]) -> u128 {
    let (mut all, mut rest) = (0, bytes);
    while let [first, others @ ..] = rest {
        all |= 1 << (*first & 0x7f);
        rest = others;
    }
    all
}

impl Between {
    fn of(bytes: &[u8]) -> Self {
        let alone = |gap| Self { gap, lines: 0, bytes: 0 };
        match bytes {
            [] => return alone(Gap::Start),
            [b' '] => return alone(Gap::Space),
            [b'-'] => return alone(Gap::Hyphen),
            [b'\''] => return alone(Gap::Apostrophe),
            [b'_' | b'.' | b'+'] => return alone(Gap::Joint),
            [b'\t'] => return alone(Gap::Comma),
            _ => {}
        }
        let (mut all, mut lines) = (0, 0_usize);
        for byte in bytes {
            all |= 1_u128 << (byte & 0x7f);
            lines += usize::from(*byte == b'\n');
        }
        let lines = u8::try_from(lines.min(2)).unwrap_or(2);
        Self { gap: gap_of(all, lines), lines, bytes: all }
    }
}

fn gap_of(bytes: u128, lines: u8) -> Gap {
    const LABELS: u128 = set(b":=\t");
    const OTHERS: u128 = set(b"()[]\"/|<>{}*;!?-");
    let has = |wanted: u128| bytes & wanted != 0;
    match lines {
        0 => {}
        1 | 2 if has(set(b":")) => return Gap::Label,
        1 => return Gap::Line,
        _ => return Gap::Blank,
    }
    if has(set(b"@")) {
        Gap::Address
    } else if has(LABELS) {
        Gap::Label
    } else if has(OTHERS) {
        Gap::Other
    } else if has(set(b",")) {
        Gap::Comma
    } else if has(set(b".")) {
        Gap::Stop
    } else if bytes == set(b" ") {
        Gap::Space
    } else {
        Gap::Other
    }
}

impl Between {
    /// What a word keeps of it.
    fn told(&self, gap: &[u8], before: Option<&Token>) -> (Gap, u8, bool) {
        (self.gap, self.lines, self.opens(gap, before))
    }

    /// Whether a sentence ends here: a mark and a space, not after an abbreviation; an empty line; a bullet.
    fn opens(&self, gap: &[u8], before: Option<&Token>) -> bool {
        const MARKS: u128 = set(b".!?;");
        const BULLETS: u128 = set(b"-*.");
        if gap.len() < 2 {
            return false;
        }
        let bullet = self.lines == 1 && self.bytes & BULLETS != 0;
        let abbreviated = || gap.first() == Some(&b'.') && before.is_some_and(is_abbreviation);
        self.lines > 1 || bullet || (self.bytes & MARKS != 0 && !abbreviated())
    }
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
    use super::{Gap, Shape, first_word, keys, read, words};
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
    fn the_compiler_makes_the_keys_that_are_read() {
        let list = "a prise patients suspicion retablissement";
        assert_eq!(words(list).collect::<Vec<_>>(), keys::<5>(list));
        for text in ["prise", "(Prise2)", " 12b", "", "-"] {
            assert_eq!(first_word(text), words(text).next(), "{text}");
        }
    }

    #[test]
    fn a_stop_ends_a_sentence_after_a_short_surname_but_not_after_a_title_or_an_initial() {
        let list = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let lists = [
            list("titles.txt", "m.\nmme"),
            list("staff-titles.txt", "dre"),
            list("surnames.txt", "roy\ncyr"),
        ];
        let lists = Words::of(&Lexicons::read(&lists).unwrap());
        for (text, ends) in [
            ("Voir M. Roy. Merci", &["Merci"][..]),
            ("Dre. Cyr. Elle", &["Elle"]),
            ("J. Cyr ira. Non", &["Non"]),
            ("Mme. Cyr", &[]),
            ("Vu. Elle", &["Elle"]),
        ] {
            let tokens = read(text, 0..text.len(), &lists);
            let opening = tokens.iter().skip(1).filter(|token| token.opens);
            let seen: Vec<_> = opening.map(|token| &text[token.start..token.end]).collect();
            assert_eq!(seen, ends, "{text}");
        }
    }
}
