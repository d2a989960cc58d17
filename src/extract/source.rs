//! What a format is given to read.

use std::borrow::Cow;

use crate::mime::Params;
use crate::mime::charset;

/// A file or part: what it claims to be, and its content.
#[derive(Debug)]
pub struct Source<'a> {
    /// Content-Type; the value is empty when nothing is claimed.
    pub media: Params,
    /// File name.
    pub name: Option<String>,
    /// Content.
    pub bytes: Cow<'a, [u8]>,
}

impl Source<'_> {
    /// The last extension of the file name, in lower case.
    #[must_use]
    pub fn extension(&self) -> String {
        let name = self.name.as_deref().unwrap_or_default();
        name.rsplit_once('.').map(|(_, end)| end.trim().to_lowercase()).unwrap_or_default()
    }

    /// Whether the media type or the extension is one of these.
    #[must_use]
    pub fn claims(&self, medias: &[&str], extensions: &[&str]) -> bool {
        medias.contains(&self.media.value.as_str()) || extensions.contains(&self.extension().as_str())
    }

    /// The first bytes, blanks and a byte order mark skipped, in lower case.
    #[must_use]
    pub fn opening(&self, length: usize) -> Vec<u8> {
        let bytes = self.bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(&self.bytes).trim_ascii_start();
        bytes.get(..length.min(bytes.len())).unwrap_or_default().to_ascii_lowercase()
    }

    /// The content as text with `\n` line ends, by the charset of the media type.
    #[must_use]
    pub fn text(&self) -> String {
        self.text_by(self.media.get("charset"))
    }

    /// The content as text with `\n` line ends, by this charset.
    #[must_use]
    pub fn text_by(&self, label: Option<&str>) -> String {
        with_line_feeds(without_overstrikes(charset::decode(&self.bytes, label)))
    }
}

/// Undoes what printers strike over: a backspace takes the letter before it along, and a line under a letter goes under it (`A\x08A`,
/// `_\x08A`).
fn without_overstrikes(text: String) -> String {
    const BACK: char = '\u{8}';
    if memchr::memchr(8, text.as_bytes()).is_none() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != BACK {
            out.push(letter);
            continue;
        }
        let under = letters.peek().is_some_and(|next| *next == '_' || *next == ' ');
        match out.pop() {
            // What is struck is what stays, unless it only underlines.
            Some(before) if under && before != '_' => {
                out.push(before);
                letters.next();
            }
            Some(before @ ('\n' | '\r')) => out.push(before),
            _ => {}
        }
    }
    out
}

/// Turns CRLF and lone CR into LF.
#[must_use]
pub fn with_line_feeds(text: String) -> String {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = memchr::memchr(b'\r', rest.as_bytes()) {
        let (line, end) = rest.split_at(at);
        out.push_str(line);
        out.push('\n');
        rest = end.strip_prefix("\r\n").or_else(|| end.strip_prefix('\r')).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_overstrikes;

    #[test]
    fn letters_that_are_struck_twice_are_one() {
        for (struck, said) in [
            ("N\u{8}NO\u{8}OM", "NOM"),
            ("_\u{8}N_\u{8}O", "NO"),
            ("N\u{8}_O\u{8}_", "NO"),
            ("A\u{8}A\u{8}A\u{8}AB", "AB"),
            ("\n\u{8}A", "\nA"),
            ("NAM", "NAM"),
        ] {
            assert_eq!(without_overstrikes(struck.to_owned()), said);
        }
    }
}
