//! Bytes to text, whatever the label says.
//!
//! In: bytes and the charset they claim. Out: text. A label is a hint: text that is valid UTF-8 is UTF-8, ISO-8859-1 means
//! windows-1252 (WHATWG Encoding Standard, "latin1" is a label of windows-1252), UTF-16 shows by its zeros, and text
//! encoded twice is repaired, and French of another computer (Mac, DOS, mainframes) or another script shows by its letters. Every byte
//! gives a character: nothing is dropped because a label lied.

use encoding_rs::{MACINTOSH, UTF_16BE, UTF_16LE, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;
use memchr::{memchr, memchr_iter};

pub use super::ebcdic::is_ebcdic;
use super::{ebcdic, guess, mangled, shifted};

/// Decodes text. Lines keep the ends they had; NUL characters are dropped.
#[must_use]
pub fn decode(bytes: &[u8], label: Option<&str>) -> String {
    if let Some(text) = by_mark(bytes).or_else(|| by_zeros(bytes)) {
        return without_nul(text);
    }
    let family = label.map_or(Family::Latin, family);
    let text = match (family, std::str::from_utf8(bytes)) {
        (Family::Stateful(decoder), _) => decoder(bytes),
        (_, Ok(text)) => mangled::undone(text),
        (Family::Latin, Err(_)) => mixed(bytes),
        (Family::Other(decoder), Err(_)) => by_label(bytes, decoder),
    };
    // Web browsers replace a text in some charsets by one sign (WHATWG Encoding Standard, "replacement"); mail programs show its letters.
    match text.chars().all(|c| c == char::REPLACEMENT_CHARACTER)
        && bytes.iter().any(u8::is_ascii_alphanumeric)
    {
        true => without_nul(mixed(bytes)),
        false => without_nul(text),
    }
}

/// What kind of label a charset is, as far as trusting it goes.
enum Family {
    /// ASCII, Latin-1, UTF-8, none or unknown: the bytes say more than the label.
    Latin,
    /// Another charset above ASCII; valid UTF-8 overrules it.
    Other(fn(&[u8]) -> String),
    /// A charset whose bytes look like ASCII (UTF-7, ISO-2022, HZ) or hold zeros (UTF-16): only the label tells.
    Stateful(fn(&[u8]) -> String),
}

const LATIN: &[&str] =
    &["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "cp1252"];

fn family(label: &str) -> Family {
    let label = label.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'').to_ascii_lowercase();
    if label.is_empty() || LATIN.contains(&label.as_str()) || label.starts_with("utf-16") {
        return Family::Latin;
    }
    match shifted::usual_name(&label) {
        Some("hz-gb-2312") => return Family::Stateful(shifted::hz),
        Some("iso-2022-kr" | "iso-2022-cn") => return Family::Stateful(shifted::iso_2022),
        Some(name) => return charset_decoder(name.as_bytes()).map_or(Family::Latin, Family::Stateful),
        None => {}
    }
    match charset_decoder(label.as_bytes()) {
        Some(decoder) => Family::Other(decoder),
        None => Family::Latin,
    }
}

/// Text that opens with a byte order mark.
fn by_mark(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xFF, 0xFE, 0, 0, rest @ ..] => Some(utf32(rest, u32::from_le_bytes)),
        [0, 0, 0xFE, 0xFF, rest @ ..] => Some(utf32(rest, u32::from_be_bytes)),
        [0xFF, 0xFE, rest @ ..] => Some(UTF_16LE.decode_without_bom_handling(rest).0.into_owned()),
        [0xFE, 0xFF, rest @ ..] => Some(UTF_16BE.decode_without_bom_handling(rest).0.into_owned()),
        [0xEF, 0xBB, 0xBF, rest @ ..] => Some(decode(rest, None)),
        _ => None,
    }
}

fn utf32(bytes: &[u8], number: fn([u8; 4]) -> u32) -> String {
    let (units, _) = bytes.as_chunks::<4>();
    units.iter().map(|unit| char::from_u32(number(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// UTF-16 without a mark: Western text has a zero in most pairs, always on the same side.
fn by_zeros(bytes: &[u8]) -> Option<String> {
    let sample = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    memchr(0, sample)?;
    let (odd, even): (Vec<usize>, Vec<usize>) = memchr_iter(0, sample).partition(|at| at % 2 == 1);
    let enough = sample.len() / 5;
    if odd.len() > enough && even.len() * 8 < odd.len() {
        Some(UTF_16LE.decode_without_bom_handling(bytes).0.into_owned())
    } else if even.len() > enough && odd.len() * 8 < even.len() {
        Some(UTF_16BE.decode_without_bom_handling(bytes).0.into_owned())
    } else {
        None
    }
}

/// Valid UTF-8 stretches as such, every other byte as windows-1252; all as another computer wrote it, when only so it is French.
fn mixed(bytes: &[u8]) -> String {
    if is_ebcdic(bytes) {
        return ebcdic::decode(bytes);
    }
    let other = of_another_computer(bytes).or_else(|| guess::of_another_script(bytes));
    other.unwrap_or_else(|| western(bytes))
}

/// Decodes words among bytes that are no text, where guessing a script is dear and means nothing.
#[must_use]
pub fn among_noise(bytes: &[u8]) -> String {
    of_another_computer(bytes).unwrap_or_else(|| western(bytes))
}

/// Valid UTF-8 stretches as such, every other byte as windows-1252.
fn western(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    mangled::undone(&text)
}

/// Letters that French adds to ASCII (compiled by us, 2026-11).
const FRENCH: &str = "àâçéèêëîïôœùûüÿÀÂÇÉÈÊËÎÏÔŒÙÛÜŸ";
/// Bytes above ASCII that tell one charset from another.
const TOLD_BY: usize = 1 << 16;

/// The text as Mac OS Roman or code page 850, when most bytes above ASCII are letters of French there, and few are anything that people
/// write in windows-1252.
fn of_another_computer(bytes: &[u8]) -> Option<String> {
    let high: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii()).take(TOLD_BY).collect();
    let usual = |byte: &&u8| matches!(**byte, 0x80 | 0x85 | 0x8C | 0x91..=0x97 | 0x99 | 0x9C | 0xA0..);
    let usual = high.iter().filter(usual).count();
    if usual * 2 >= high.len() {
        return None;
    }
    let dos = charset_decoder(b"cp850")?;
    let mac: fn(&[u8]) -> String = |bytes| MACINTOSH.decode_without_bom_handling(bytes).0.into_owned();
    let letters = |read: fn(&[u8]) -> String| read(&high).chars().filter(|c| FRENCH.contains(*c)).count();
    let (letters, read) = [mac, dos].map(|read| (letters(read), read)).into_iter().max_by_key(|it| it.0)?;
    (letters * 3 >= high.len() * 2 && usual * 2 < letters).then(|| read(bytes))
}

/// The label's reading, unless it makes no sense of the bytes.
fn by_label(bytes: &[u8], decoder: fn(&[u8]) -> String) -> String {
    let text = decoder(bytes);
    let lost = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    if lost * 20 > text.chars().count() { mixed(bytes) } else { text }
}

fn without_nul(text: String) -> String {
    if memchr(0, text.as_bytes()).is_some() { text.replace('\0', "") } else { text }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_label_is_a_hint() {
        let table: &[(&[u8], Option<&str>, &str)] = &[
            (b"\xe9t\xe9 \x80 5", Some("iso-8859-1"), "été € 5"),
            ("été".as_bytes(), Some("iso-8859-1"), "été"),
            (b"\xe9t\xe9", Some("utf-8"), "été"),
            (b"\xe9t\xe9 et \xc3\xa9t\xc3\xa9", None, "été et été"),
            (b"\xe9t\xe9", Some("x-unknown"), "été"),
            ("Ã©tÃ© Ã  lâ€™hÃ´pital".as_bytes(), Some("utf-8"), "été Ã  l’hôpital"),
            ("ÃƒÂ©".as_bytes(), None, "é"),
            (b"\x82t\x82", Some("cp850"), "été"),
            (b"+AOk-t+AOk-", Some("utf-7"), "été"),
            (b"+AOk-t+AOk-", Some("unicode-1-1-utf-7"), "été"),
            (b"NAM TREM", Some("iso-2022-kr"), "NAM TREM"),
            (b"\x1b$)CNAM \x0e#T#R\x0f", Some("csISO2022KR"), "NAM ＴＲ"),
            (b"NAM ~{#T#R~}", Some("hz-gb-2312"), "NAM ＴＲ"),
            (b"NAM TREM \xe9", Some("hz-gb-2312"), "NAM TREM é"),
            (b"NAM TREM", Some("iso-2022-cn"), "NAM TREM"),
            (b"\xff\xfeN\0A\0M\0", None, "NAM"),
            (b"N\0A\0M\0 \x001\0", Some("utf-16"), "NAM 1"),
            (b"\0N\0A\0M", None, "NAM"),
            (b"\xef\xbb\xbf\xe9t\xe9", None, "été"),
            (b"TR\0EM", None, "TREM"),
            (b"\xff\xfe\0\0N\0\0\0", None, "N"),
            (b"\x1b$B%O\x1b(B", Some("iso-2022-jp"), "ハ"),
            (b"Pr\x8enom\rH\x8el\x8fne Fran\x8dois", None, "Prénom\rHélène François"),
            (b"Pr\x82nom\nH\x82l\x8ane Fran\x87ois", Some("iso-8859-1"), "Prénom\nHélène François"),
            (b"l\x92\x9cil d\x92\xc9lise \x93non\x94 \x97 \x80 5", None, "l’œil d’Élise “non” — € 5"),
            (b"N\xb0 5 \x96 20 \xb0C", None, "N° 5 – 20 °C"),
            (
                b"\xD5\x96\x94\x5E\xD5\xC1\xD4\x15\xE3\x99\x85\x94\x82\x93\x81\xA8\x6B\x40\xC8\x51\x93\x54\x95\x85\x5E\
                \xE3\xD9\xC5\xD4\xF0\xF4\xF1\xF2\xF1\xF9\xF2\xF5\x15",
                Some("ibm037"),
                "Nom;NAM\nTremblay, Hélène;TREM04121925\n",
            ),
            (b"", Some("utf-8"), ""),
        ];
        for (bytes, label, expected) in table {
            assert_eq!(decode(bytes, *label), *expected, "{bytes:?} as {label:?}");
        }
    }
}
