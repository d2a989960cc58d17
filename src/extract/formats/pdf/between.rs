//! What stands between the objects of a file, where no program looks: comments, and lines that somebody put there.

use memchr::memmem;

use super::object::Lexer;
use crate::extract::kind;
use crate::mime::charset;

/// Words of the structure of a file (ISO 32000-1, 7.5).
const STRUCTURE: &[&[u8]] =
    &[b"", b"obj", b"endobj", b"endstream", b"stream", b"xref", b"trailer", b"startxref", b"%%EOF"];

/// What ends an object.
const ENDS: [&[u8]; 2] = [b"endstream", b"endobj"];

/// The lines that say something and are no structure.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (before, after) = match memmem::find(rest, b"trailer") {
            Some(at) => {
                let mut lexer = Lexer::new(rest, at + 7);
                let _dictionary = lexer.next();
                (rest.get(..at), rest.get(lexer.at..))
            }
            None => (Some(rest), None),
        };
        lines(before.unwrap_or_default(), &mut out);
        rest = after.unwrap_or_default();
    }
    out
}

fn lines(bytes: &[u8], out: &mut String) {
    let mut before: &[u8] = b"";
    for line in bytes.split(|byte| matches!(byte, b'\r' | b'\n')) {
        let line = line.trim_ascii();
        // The offset of the table.
        let offset =
            std::mem::replace(&mut before, line) == b"startxref" && line.iter().all(u8::is_ascii_digit);
        if offset {
            continue;
        }
        let line = ENDS.iter().fold(line, |line, end| line.strip_prefix(*end).unwrap_or(line).trim_ascii());
        if says_something(line) {
            out.push_str(&charset::decode(line, None));
            out.push('\n');
        }
    }
}

fn says_something(line: &[u8]) -> bool {
    let words = line.iter().filter(|byte| byte.is_ascii_alphanumeric()).count() >= 4;
    words
        && !STRUCTURE.contains(&line)
        && !line.starts_with(b"%PDF-")
        && !is_table(line)
        && kind::is_text(line)
}

/// A line of a table of offsets, or the number and generation before an object (7.5.4).
fn is_table(line: &[u8]) -> bool {
    let words: Vec<&[u8]> =
        line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).take(4).collect();
    let is_number = |word: &[u8], most: usize| word.len() <= most && word.iter().all(u8::is_ascii_digit);
    match words.as_slice() {
        [first, second] => is_number(first, 7) && is_number(second, 7),
        [first, second, b"n" | b"f"] => is_number(first, 10) && is_number(second, 5),
        [first, second, b"obj"] => is_number(first, 10) && is_number(second, 5),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn lines_are_told_from_structure() {
        let file =
            b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000016 00000 n \n\
            trailer <</Size 2/Root 1 0 R>>\nstartxref\n9\n%%EOF\n12 0 obj";
        assert_eq!(text(file), "");
        assert_eq!(text(b"xref\n046454286 130692544\n046454286\n"), "046454286 130692544\n046454286\n");
        assert_eq!(text(b"endobj\n% TREM 0412 1925\nNom;NAM\n3 0 obj"), "% TREM 0412 1925\nNom;NAM\n");
    }
}
