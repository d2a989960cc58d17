//! Plain text, and any textual format without a reader of its own: JSON, XML, logs, source code.

use super::{Format, leaves, markup, pasted, typed};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::{self, embedded};
use crate::model::{Boundary, GapReason, ProtectionKind, Region, Strength};
use crate::protection::pgp;

/// Takes any text.
pub const FORMAT: Format = Format { behind: false, name: "text", claims: |_| true, read };

fn read(source: &Source<'_>, sink: &mut Sink) {
    for block in embedded::blocks(&source.bytes) {
        sink.child(Some(block.name), "", block.bytes);
    }
    let text = source.text();
    let text = if source.media.get("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed")) {
        flowed(&text, source.media.get("delsp").is_some_and(|word| word.eq_ignore_ascii_case("yes")))
    } else {
        text
    };
    let mut markup_text = None;
    let text = if is_json(source) {
        without_escapes(&text)
    } else if is_xml(source) && pasted::is_plain(&text) {
        markup_text = Some(text.clone());
        markup::without_references(&text)
    } else {
        text
    };
    put_armored_files(&text, sink);
    let text = without_armor(text, sink);
    let unlabelled = quoted_under_another_label(&text);
    typed::read(text, sink);
    if let Some(text) = markup_text {
        leaves::put(&text, sink);
    }
    if let Some(undone) = unlabelled {
        sink.text(Region::Hidden, undone, Boundary::Part);
    }
}

/// The text a second time, when it is quoted-printable that its header does not tell: a line ends in a soft break, or a
/// letter with an accent is in escapes. A lenient reader shows it so, and a number cut by the break is whole again.
fn quoted_under_another_label(text: &str) -> Option<String> {
    let soft = text.split_inclusive('\n').any(|line| line.ends_with("=\n") && !line.ends_with("==\n"));
    (soft || text.contains("=C3="))
        .then(|| String::from_utf8_lossy(&mime::quoted(text.as_bytes())).into_owned())
}

/// Takes the armored OpenPGP messages out of a text and tells what they are. Words that only stand between such marks stay.
fn without_armor(text: String, sink: &mut Sink) -> String {
    let blocks = pgp::blocks(&text);
    if blocks.is_empty() {
        return text;
    }
    let mut clear = String::new();
    let mut from = 0;
    for block in &blocks {
        let end = if block.is_message() { block.range.start } else { block.range.end };
        clear.push_str(text.get(from..end).unwrap_or_default());
        from = block.range.end;
    }
    clear.push_str(text.get(from..).unwrap_or_default());
    for block in blocks {
        if block.is_message() {
            sink.text(Region::Comment, block.said.as_str(), Boundary::Block);
        }
        if block.encrypted {
            sink.protection(ProtectionKind::Pgp, Strength::Unknown, false);
            sink.readers(&block.readers);
            super::pgp::put_behind(text.get(block.range).unwrap_or_default().as_bytes(), sink);
        } else if block.is_message() {
            let armored = text.get(block.range).unwrap_or_default();
            match pgp::unarmored(armored.as_bytes(), usize::MAX) {
                Some(message) => sink.child(None, super::pgp::MEDIA, message),
                None => sink.gap(GapReason::Unsupported),
            }
        }
    }
    clear
}

/// Most blocks between armor lines that are looked at.
const MOST_BLOCKS: usize = 1000;

/// Reads files of known formats that stand as base64 between armor lines, whatever these say: a key, a certificate, a signature are none.
fn put_armored_files(text: &str, sink: &mut Sink) {
    let opens = |at: &usize| *at == 0 || text.get(..*at).is_some_and(|before| before.ends_with('\n'));
    let marks = memchr::memmem::find_iter(text.as_bytes(), b"-----BEGIN ").filter(opens);
    for at in marks.take(MOST_BLOCKS) {
        let lines = text.get(at..).unwrap_or_default().lines().skip(1).map(str::trim);
        let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        let digits = lines.take_while(|line| !line.starts_with("-----"));
        let digits = digits.filter(|line| line.bytes().all(is_digit) && !line.starts_with('='));
        let file = mime::base64(digits.collect::<Vec<_>>().join("\n").as_bytes()).bytes.into_owned();
        if super::named("", &file).is_some() {
            sink.child(None, "", file);
        }
    }
}

fn is_json(source: &Source<'_>) -> bool {
    let claimed = source.media.value.ends_with("json") || source.extension() == "json";
    claimed || matches!(source.opening(1).as_slice(), b"{" | b"[")
}

fn is_xml(source: &Source<'_>) -> bool {
    let claimed = source.media.value.ends_with("xml") || source.extension() == "xml";
    claimed || source.opening(5) == b"<?xml"
}

/// Undoes the escapes of JSON strings (RFC 8259, 7), so that `C\u00f4t\u00e9` is read as a name.
fn without_escapes(text: &str) -> String {
    let mut units: Vec<u16> = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (plain, tail) = rest.split_at(at);
        if !plain.is_empty() {
            flush(&mut units, &mut out);
            out.push_str(plain);
        }
        let unit = tail
            .get(2..6)
            .filter(|_| tail.starts_with("\\u"))
            .and_then(|hex| u16::from_str_radix(hex, 16).ok());
        rest = match unit {
            Some(unit) => {
                units.push(unit);
                tail.get(6..).unwrap_or_default()
            }
            None => {
                flush(&mut units, &mut out);
                escape(tail, &mut out)
            }
        };
    }
    flush(&mut units, &mut out);
    out.push_str(rest);
    out
}

/// Undoes the one-letter escape at the start of a text; gives what follows.
fn escape<'t>(tail: &'t str, out: &mut String) -> &'t str {
    let mut chars = tail.chars();
    let mark = chars.next();
    match chars.next() {
        Some('n' | 'r') => out.push('\n'),
        Some('t') => out.push('\t'),
        Some(c @ ('"' | '\\' | '/')) => out.push(c),
        Some(c) => out.extend(mark.into_iter().chain([c])),
        None => out.extend(mark),
    }
    chars.as_str()
}

fn flush(units: &mut Vec<u16>, out: &mut String) {
    out.extend(char::decode_utf16(units.drain(..)).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

/// Joins the lines of a flowed paragraph (RFC 3676, 4.2 and 4.5): a line that ends with a space runs on, but for the signature mark. A
/// quoted one goes on without its marks.
fn flowed(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    let mut joined = false;
    while let Some(line) = lines.next() {
        let runs_on = line.ends_with(' ') && line != "-- ";
        let same_depth = lines.peek().is_some_and(|next| depth(next) == depth(line) && *next != "-- ");
        let kept = if runs_on && delsp { line.strip_suffix(' ').unwrap_or(line) } else { line };
        let unquoted = kept.trim_start_matches('>');
        let is_continued = joined && unquoted.len() < kept.len();
        out.push_str(if is_continued { unquoted.strip_prefix(' ').unwrap_or(unquoted) } else { kept });
        joined = runs_on && same_depth;
        if lines.peek().is_some() && !joined {
            out.push('\n');
        }
    }
    out
}

fn depth(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b'>').count()
}

#[cfg(test)]
mod tests {
    use super::{flowed, quoted_under_another_label, without_escapes};

    /// "never trust the declared encoding alone".
    #[test]
    fn a_soft_break_under_another_label_is_undone_beside_the_text() {
        let text = "le NAM est TREM=\n 0412=\n 1925, n=C3=A9e\n";
        assert_eq!(quoted_under_another_label(text).as_deref(), Some("le NAM est TREM 0412 1925, née\n"));
        assert_eq!(quoted_under_another_label("total = 3\nQmFzZQ==\n"), None);
    }

    #[test]
    fn json_escapes_are_undone() {
        let table = [
            (r#"{"a":"C\u00f4t\u00e9"}"#, r#"{"a":"Côté"}"#),
            (r#"\ud83d\ude00 \"x\" a\/b\\c\nd"#, "😀 \"x\" a/b\\c\nd"),
            (r"\u12 \x \", r"\u12 \x \"),
        ];
        for (text, expected) in table {
            assert_eq!(without_escapes(text), expected, "{text}");
        }
    }

    /// RFC 3676, 4.2: "If the line ends in a space, the line is flowed."
    #[test]
    fn flowed_lines_run_on() {
        assert_eq!(flowed("NAM TREM \n0412 1925\nfin", false), "NAM TREM 0412 1925\nfin");
        assert_eq!(flowed("TREM \n0412", true), "TREM0412");
        assert_eq!(flowed("a\n-- \nb \n> c", false), "a\n-- \nb \n> c");
        assert_eq!(flowed("> Mme Léa \n> Roy\n>> x", false), "> Mme Léa Roy\n>> x");
    }
}
