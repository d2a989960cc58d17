//! Transfer encodings: quoted-printable, base64, uuencode, yEnc.
//!
//! In: encoded bytes. Out: bytes. All are lenient: what does not fit the encoding is kept or told, never refused.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use memchr::{memchr, memchr_iter};

/// Undone base64, and the lines that were not base64.
pub struct Base64<'a> {
    /// The bytes.
    pub bytes: Cow<'a, [u8]>,
    /// Lines with characters that base64 lacks: a footer that a list added, or text under a wrong label.
    pub strays: Vec<&'a [u8]>,
}

/// Undoes base64: strictly if possible, else skipping what is not of its alphabet (RFC 2045, 6.8).
#[must_use]
pub fn base64(data: &[u8]) -> Base64<'_> {
    if let Some(bytes) = base64_decode(data).filter(|_| !has_inner_spaces(data)) {
        return Base64 { bytes: Cow::Owned(bytes), strays: Vec::new() };
    }
    let lines = || data.split(|byte| *byte == b'\n');
    let kept: Vec<u8> =
        lines().filter(|line| !is_prose(line)).flatten().copied().filter(|byte| in_alphabet(*byte)).collect();
    let strays = lines().filter(|line| !fits(line) && line.trim_ascii().len() > 4).collect();
    Base64 { bytes: Cow::Owned(base64_decode(&kept).unwrap_or_default()), strays }
}

/// The lines that no base64 is, whatever junk it may hold: text under a wrong label.
pub fn strange_lines(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let strange = |byte: &u8| !in_alphabet(*byte) && !byte.is_ascii_whitespace();
    data.split(|byte| *byte == b'\n').filter(move |line| line.iter().any(strange))
}

/// Words and marks: not base64 with junk in it.
fn is_prose(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let strange = line.iter().any(|byte| !in_alphabet(*byte) && *byte != b' ');
    // Programs skip what no base64 is: letters set apart by marks are base64 still.
    let has_word = || line.split(|byte| !byte.is_ascii_alphanumeric()).any(|word| word.len() >= 3);
    line == b"--" || (strange && line.contains(&b' ') && has_word())
}

fn has_inner_spaces(data: &[u8]) -> bool {
    memchr_iter(b' ', data).any(|at| data.get(at + 1).is_some_and(|next| !next.is_ascii_whitespace()))
}

fn fits(line: &[u8]) -> bool {
    line.trim_ascii().iter().all(|byte| in_alphabet(*byte))
}

fn in_alphabet(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Undoes quoted-printable (RFC 2045, 6.7): soft line breaks vanish, and an `=` that starts nothing stands for itself.
#[must_use]
pub fn quoted(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some(at) = memchr(b'=', rest) {
        let (plain, tail) = rest.split_at(at);
        out.extend_from_slice(plain);
        let tail = tail.get(1..).unwrap_or_default();
        rest = match escape(tail) {
            Some((byte, after)) => {
                out.extend(byte);
                after
            }
            None => {
                out.push(b'=');
                tail
            }
        };
    }
    out.extend_from_slice(rest);
    out
}

/// What follows an `=`: a byte in hexadecimal, or a soft line break with the blanks before it.
fn escape(tail: &[u8]) -> Option<(Option<u8>, &[u8])> {
    if let [high, low, after @ ..] = tail
        && let (Some(high), Some(low)) = (hex(*high), hex(*low))
    {
        return Some((Some(high << 4 | low), after));
    }
    let blanks = tail.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
    match tail.get(blanks..)? {
        [b'\n', after @ ..] => Some((None, after)),
        [] => Some((None, &[])),
        _ => None,
    }
}

/// The value of a hexadecimal digit.
#[must_use]
pub fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Undoes the lines between `begin` and `end` (POSIX uuencode). A line that lies about its length gives what it has.
#[must_use]
pub fn uuencoded(lines: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(lines.len() * 45);
    for line in lines {
        let Some((length, data)) = line.trim_ascii_end().split_first() else { continue };
        let length = usize::from(sextet(*length));
        let full = out.len() + length;
        for group in data.chunks(4) {
            let word = (0..4)
                .fold(0u32, |word, at| word << 6 | group.get(at).map_or(0, |byte| u32::from(sextet(*byte))));
            out.extend(word.to_be_bytes().iter().skip(1));
        }
        out.truncate(full);
    }
    out
}

fn sextet(byte: u8) -> u8 {
    byte.wrapping_sub(32) & 63
}

/// Undoes the lines between `=ybegin` and `=yend` (yEnc draft 1.3): every byte is shifted by 42, critical ones by 64 more.
#[must_use]
pub fn yencoded(lines: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut shift = 42;
        for byte in line {
            if *byte == b'=' && shift == 42 {
                shift = 106;
            } else {
                out.push(byte.wrapping_sub(shift));
                shift = 42;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{base64, quoted, uuencoded, yencoded};

    #[test]
    fn quoted_printable_is_undone_leniently() {
        let table: &[(&[u8], &[u8])] = &[
            (b"TREM=\r\n 0412=20=\n1925", b"TREM 0412 1925"),
            (b"a=3d=3D", b"a=="),
            (b"a= \t\r\nb", b"ab"),
            (b"x=y =zz =4", b"x=y =zz =4"),
            (b"end=", b"end"),
        ];
        for (data, expected) in table {
            assert_eq!(quoted(data), *expected, "{data:?}");
        }
    }

    #[test]
    fn base64_is_undone_with_junk_in_it_and_strays_are_told() {
        assert_eq!(&*base64(b"VFJF\r\nTQ==\r\n").bytes, b"TREM");
        assert_eq!(&*base64(b"VF*J\x00FTQ").bytes, b"TREM");
        assert_eq!(&*base64(b"VFI=RU0=").bytes, b"TREM");
        assert_eq!(&*base64(b"V . F . J . F\nT . Q . = . =").bytes, b"TREM");
        let mixed = base64(b"VFJFTQ==\r\n-- \r\nListe: NAM TREM 0412");
        assert!(mixed.bytes.starts_with(b"TREM"));
        assert_eq!(mixed.strays.last(), Some(&b"Liste: NAM TREM 0412".as_slice()));
    }

    #[test]
    fn uuencode_and_yenc_are_undone() {
        assert_eq!(uuencoded(&[b"$5%)%30``"]), b"TREM");
        assert_eq!(uuencoded(&[b"M5%)%30"]), b"TREM\0\0");
        assert_eq!(yencoded(&[b"~|o=\xb7"]), b"TREM");
    }
}
