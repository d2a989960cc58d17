//! Whether a value stands in code, settings, markup or a log: nobody tells anybody a secret there, so words like "session" and "key"
//! say nothing, and what looks like a password is a name of a program.

/// Marks of code from which on a text is a listing.
const MARKS: usize = 3;

/// Whether what stands before a value and after it is written for machines, or about them.
pub fn is_listing(before: &str, after: &str) -> bool {
    let block = before.contains("KEY-----") || after.contains("-----END");
    block || marks(before) + marks(after) >= MARKS
}

/// How many marks of code a text holds.
fn marks(text: &str) -> usize {
    let mut before = b' ';
    let bytes = text.as_bytes();
    let next = bytes.iter().copied().skip(1).chain(std::iter::once(b'\n'));
    let count = bytes.iter().copied().zip(next).filter(|(byte, next)| {
        let mark = is_mark(before, *byte, *next);
        before = *byte;
        mark
    });
    count.count()
}

/// Whether a byte is one, between those on either side of it.
fn is_mark(before: u8, byte: u8, next: u8) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric();
    match byte {
        b'{' | b'}' | b'\\' | b'`' => true,
        b'<' => next == b'/' || next == b'!' || next.is_ascii_lowercase(),
        b';' => next == b'\n',
        b'_' => word(before) && (word(next) || next == b'_'),
        b'(' => next == b')' || next == b'"',
        b'=' => before == b'=' || before == b'!' || word(before) && next == b'"',
        b':' => before == b':' || before == b'"',
        b'/' => before == b'/' && next != b'/' || before == b'*' || next == b'*',
        b'&' | b'|' => before == byte,
        b'>' => before == b'-' && word(next),
        b'-' => before == b'-' && next.is_ascii_lowercase(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_listing;

    #[test]
    fn what_people_write_is_no_listing() {
        for (before, after, listing) in [
            ("Le mot de passe du portail est ", ", merci.", false),
            (
                "Usager : royj / mot de passe : ",
                "\n\n-----Message d'origine-----\nDe : Luc <luc@a.example>",
                false,
            ),
            ("pub const ERROR_WRONG_PASSWORD: u32 = ", ";\npub const OTHER_NAME: u32 = 1;\n", true),
            ("<p>The <code>session</code> of <code>", "</code></p>", true),
            ("-----BEGIN EC PRIVATE KEY-----\n", "\n-----END EC PRIVATE KEY-----", true),
        ] {
            assert_eq!(is_listing(before, after), listing, "{before}");
        }
    }
}
