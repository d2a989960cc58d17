//! Text of mainframes (EBCDIC), which is told by its letters.

/// Characters of code page 37 from 0x40 on, sixteen a line (IBM's CDRA; letters and digits are those of all Western EBCDIC pages).
const CHARACTERS: [&str; 12] = [
    "  âäàáãåçñ¢.<(+|",
    "&éêëèíîïìß!$*);¬",
    "-/ÂÄÀÁÃÅÇÑ¦,%_>?",
    "øÉÊËÈÍÎÏÌ`:#@'=\"",
    "Øabcdefghi«»ðýþ±",
    "°jklmnopqrªºæ¸Æ¤",
    "µ~stuvwxyz¡¿ÐÝÞ®",
    "^£¥·©§¶¼½¾[]¯¨´×",
    "{ABCDEFGHI-ôöòóõ",
    "}JKLMNOPQR¹ûüùúÿ",
    "\\÷STUVWXYZ²ÔÖÒÓÕ",
    "0123456789³ÛÜÙÚ ",
];
/// Fewest bytes by which it is told.
const SHORTEST: usize = 32;

/// Whether bytes are plainly text of a mainframe: nine of ten are its letters, digits, blanks and usual marks, and hardly one is a blank of
/// other computers.
#[must_use]
pub fn is_ebcdic(bytes: &[u8]) -> bool {
    let sample = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let letter = |byte: u8| matches!(byte, 0x81..=0x89 | 0x91..=0x99 | 0xA2..=0xA9 | 0xC1..=0xC9 | 0xD1..=0xD9 | 0xE2..=0xE9 | 0xF0..=0xF9);
    let usual = |byte: u8| {
        letter(byte)
            || matches!(byte, 0x05 | 0x0D | 0x15 | 0x25 | 0x40 | 0x4B | 0x5E | 0x60 | 0x61 | 0x6B | 0x7A)
    };
    let count = |is: &dyn Fn(u8) -> bool| sample.iter().filter(|byte| is(**byte)).count();
    sample.len() >= SHORTEST
        && sample.first().is_some_and(|byte| usual(*byte))
        && count(&letter) * 2 >= sample.len()
        && count(&usual) * 10 >= sample.len() * 9
        && count(&|byte| byte == b' ') * 50 <= sample.len()
        && std::str::from_utf8(sample).is_err()
}

/// Decodes it.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    let character = |byte: &u8| match byte {
        0x15 | 0x25 => '\n',
        0x05 => '\t',
        0x0D => '\r',
        byte => {
            let line = usize::from(byte >> 4).checked_sub(4).and_then(|line| CHARACTERS.get(line));
            line.and_then(|line| line.chars().nth(usize::from(byte & 15))).unwrap_or(' ')
        }
    };
    bytes.iter().map(character).collect()
}
