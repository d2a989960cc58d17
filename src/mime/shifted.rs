//! Charsets that write letters of two bytes in bytes of ASCII: HZ (RFC 1843), ISO-2022-KR (RFC 1557), ISO-2022-CN (RFC 1922). Browsers no longer
//! read them, mail programs do.
//!
//! In: bytes. Out: text. What is no letter of two bytes stands as it is: nothing is dropped.

use encoding_rs::{EUC_KR, Encoding, GBK};
use memchr::{memchr, memchr2};

use super::charset;

/// The usual name of a charset that only its label tells, whatever programs call it: `unicode-1-1-utf-7`, `csISO2022KR`, `cp50220`.
#[must_use]
pub fn usual_name(label: &str) -> Option<&'static str> {
    const NAMES: [(&str, &[&str]); 5] = [
        ("utf-7", &["utf7", "cp65000", "windows65000"]),
        ("iso-2022-jp", &["iso2022jp", "cp50220", "cp50221", "cp50222"]),
        ("iso-2022-kr", &["iso2022kr", "cp50225"]),
        ("iso-2022-cn", &["iso2022cn", "cp50227", "cp50229"]),
        ("hz-gb-2312", &["hzgb", "cp52936"]),
    ];
    let plain: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let named = NAMES.iter().find(|(_, names)| names.iter().any(|name| plain.contains(name)));
    if plain == "hz" { Some("hz-gb-2312") } else { named.map(|(name, _)| *name) }
}

/// HZ: Chinese between `~{` and `~}` or the end of the line; `~~` is one tilde, and one at the end of a line joins it to the next.
#[must_use]
pub fn hz(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr(b'~', rest) {
        let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        put_plain(plain, &mut out);
        rest = match tail {
            [b'~', b'{', inside @ ..] => {
                let size = 2 * inside.as_chunks::<2>().0.iter().take_while(|pair| is_letter(pair)).count();
                let (letters, after) = inside.split_at_checked(size).unwrap_or((inside, &[]));
                put(letters, GBK, &mut out);
                after.strip_prefix(b"~}").unwrap_or(after)
            }
            [b'~', b'\n', after @ ..] | [b'~', b'\r', b'\n', after @ ..] => after,
            [b'~', b'~', after @ ..] | [_, after @ ..] => {
                out.push('~');
                after
            }
            [] => &[],
        };
    }
    put_plain(rest, &mut out);
    out
}

/// Both bytes are of the ninety-four that letters are made of, and the first opens no other state.
fn is_letter(pair: &[u8; 2]) -> bool {
    (0x21..=0x77).contains(&pair[0]) && (0x21..=0x7E).contains(&pair[1])
}

/// ISO-2022-KR and ISO-2022-CN: what letters are of is named once behind an escape, and they stand between two controls, or up to the end of
/// the line.
#[must_use]
pub fn iso_2022(bytes: &[u8]) -> String {
    const OUT: u8 = 0x0E;
    const ESCAPE: u8 = 0x1B;
    let mut out = String::with_capacity(bytes.len());
    let (mut rest, mut named) = (bytes, None);
    while let Some(at) = memchr2(ESCAPE, OUT, rest) {
        let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        put_plain(plain, &mut out);
        rest = match (tail, named) {
            ([ESCAPE, b'$', b')' | b'*' | b'+', which, after @ ..], _) => {
                named = letters_of(*which);
                after
            }
            ([OUT, inside @ ..], Some(letters)) => {
                let ends = |byte: &u8| matches!(*byte, 0x0F | b'\r' | b'\n' | ESCAPE);
                let size = inside.iter().position(ends).unwrap_or(inside.len());
                let (run, after) = inside.split_at_checked(size).unwrap_or((inside, &[]));
                put(run, letters, &mut out);
                after.strip_prefix(&[0x0F]).unwrap_or(after)
            }
            _ => tail.get(1..).unwrap_or_default(),
        };
    }
    put_plain(rest, &mut out);
    out
}

/// KS X 1001 and GB 2312; the planes of CNS 11643 stand as they are.
fn letters_of(which: u8) -> Option<&'static Encoding> {
    match which {
        b'C' => Some(EUC_KR),
        b'A' | b'E' => Some(GBK),
        _ => None,
    }
}

/// Letters of two bytes each, as the charsets above ASCII have them; what they do not make out stands as it is.
fn put(letters: &[u8], of: &'static Encoding, out: &mut String) {
    let high: Vec<u8> = letters.iter().map(|byte| byte | 0x80).collect();
    match of.decode_without_bom_handling_and_without_replacement(&high) {
        Some(text) if letters.iter().all(|byte| *byte > b' ') => out.push_str(&text),
        _ => put_plain(letters, out),
    }
}

/// What stands between: many short stretches, of each of which guessing would be dear.
fn put_plain(bytes: &[u8], out: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(text) => out.push_str(text),
        Err(_) => out.push_str(&charset::among_noise(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::{hz, iso_2022, usual_name};

    #[test]
    fn charsets_go_by_many_names() {
        for (label, name) in [
            ("unicode-1-1-utf-7", Some("utf-7")),
            ("x-unicode-2-0-utf-7", Some("utf-7")),
            ("utf7", Some("utf-7")),
            ("csiso2022kr", Some("iso-2022-kr")),
            ("iso-2022-jp-ms", Some("iso-2022-jp")),
            ("hz", Some("hz-gb-2312")),
            ("utf-8", None),
            ("iso-8859-1", None),
            ("", None),
        ] {
            assert_eq!(usual_name(label), name, "{label}");
        }
    }

    /// RFC 1843 and RFC 1557, with their own examples.
    #[test]
    fn letters_of_two_bytes_are_read_and_others_stand_as_they_are() {
        for (bytes, text) in [
            (&b"NAM ~{#T#R#E#M~} 0412"[..], "NAM ＴＲＥＭ 0412"),
            (b"~{<:Ky2;S{#,NpJ)l6HK!#~}Bye.", "己所不欲，勿施於人。Bye."),
            (b"a~~b ~\nc ~", "a~b c ~"),
            (b"~{#T\nTREM", "Ｔ\nTREM"),
            (b"~{ TREM 0412 ~}", " TREM 0412 ~}"),
            (b"~", "~"),
        ] {
            assert_eq!(hz(bytes), text);
        }
        for (bytes, text) in [
            (&b"\x1b$)C\nNAM \x0e#T#R#E#M\x0f 0412"[..], "\nNAM ＴＲＥＭ 0412"),
            (b"\x1b$)C\x0e0!\nTREM\x0f 0412", "가\nTREM\u{f} 0412"),
            (b"\x0eTREM\x0f", "TREM\u{f}"),
            (b"\x1b$)A\x0e<:\x0f b", "己 b"),
            (b"\x1b$)G\x0eTREM\x0f", "TREM\u{f}"),
            (b"\x1b", ""),
        ] {
            assert_eq!(iso_2022(bytes), text);
        }
    }
}
