//! Segments of a message: ended by CR or LF as they should, by a written `\r` in logs, by a blank in text that a
//! mail program joined; a long one may be cut over several lines, or quoted.

use super::delimiters::Delimiters;

/// Lines looked ahead for the next segment, past what a mail program cut or parted.
const AHEAD: usize = 4;

/// The segments of the message that a text opens with, and how long it is.
#[must_use]
pub fn segments(text: &str, delimiters: &Delimiters) -> (Vec<String>, usize) {
    let mut segments: Vec<String> = Vec::new();
    let mut end = 0;
    let mut lines = Lines { text, at: 0 };
    while let Some(line) = lines.next() {
        let shown = unquoted(line);
        let opens = opens(shown, delimiters.field);
        let goes_on = opens || shown.contains(delimiters.field) || shown.contains(delimiters.component);
        if !goes_on && !lines.clone().take(AHEAD).any(|next| self::opens(unquoted(next), delimiters.field)) {
            break;
        }
        if opens {
            segments.extend(parted(shown, delimiters.field).map(str::to_owned));
        } else if let Some(last) = segments.last_mut().filter(|_| !shown.is_empty()) {
            let glued = last.ends_with([delimiters.field, delimiters.component])
                || shown.starts_with([delimiters.field, delimiters.component]);
            last.push_str(if glued { "" } else { " " });
            last.push_str(shown);
        }
        end = lines.at;
    }
    (segments, end)
}

/// Lines ended by a line feed or by a written one.
#[derive(Clone)]
struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Lines<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let mut from = 0;
        loop {
            let found = rest.get(from..).and_then(|tail| memchr::memchr2(b'\n', b'\\', tail.as_bytes()));
            let Some(end) = found.map(|found| from + found) else {
                self.at = self.text.len();
                return Some(rest);
            };
            let tail = rest.get(end..).unwrap_or_default();
            if let Some(length) = line_end(tail) {
                self.at += end + length;
                return rest.get(..end);
            }
            from = end + 1;
        }
    }
}

/// The length of the line end that a text opens with; a written one counts only before a segment or the end.
fn line_end(tail: &str) -> Option<usize> {
    if tail.starts_with('\n') {
        return Some(1);
    }
    let written = ["\\r\\n", "\\r", "\\n"].iter().find(|mark| tail.starts_with(**mark))?;
    let next = tail.get(written.len()..)?;
    let ends = next.is_empty() || next.starts_with(['\n', '"', '\'']);
    let name = next.as_bytes().get(..3).is_some_and(is_name)
        && next.as_bytes().get(3).is_some_and(u8::is_ascii_punctuation);
    (ends || name).then_some(written.len())
}

/// A line without the marks of a quotation and of framing.
fn unquoted(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '\u{b}' | '\u{1c}'))
}

fn opens(line: &str, field: char) -> bool {
    let head = line.as_bytes().get(..3).is_some_and(is_name);
    head && line.get(3..).is_some_and(|rest| rest.is_empty() || rest.starts_with(field))
}

fn is_name(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, third] if first.is_ascii_uppercase()
        && (second.is_ascii_uppercase() || second.is_ascii_digit())
        && (third.is_ascii_uppercase() || third.is_ascii_digit()))
}

/// Segments that stand on one line, parted by blanks.
fn parted(line: &str, field: char) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let cut = rest.match_indices(' ').find(|(at, _)| {
            rest.get(at + 1..).is_some_and(|next| {
                KNOWN.iter().any(|name| next.strip_prefix(name).is_some_and(|tail| tail.starts_with(field)))
            })
        });
        let (segment, tail) = cut.map_or((rest, ""), |(at, _)| rest.split_at(at));
        rest = tail.trim_start();
        Some(segment)
    })
}

/// Segments that are parted by a blank alone (HL7 v2.5.1, appendix A).
const KNOWN: [&str; 40] = [
    "MSH", "PID", "PD1", "PV1", "PV2", "NK1", "OBR", "OBX", "ORC", "NTE", "DG1", "AL1", "IN1", "IN2", "IN3",
    "GT1", "MRG", "EVN", "MSA", "RXA", "RXE", "RXO", "RXR", "RXD", "SCH", "AIS", "AIG", "AIL", "AIP", "TXA",
    "FT1", "ROL", "ACC", "PR1", "SPM", "TQ1", "FTS", "BTS", "BHS", "ERR",
];

#[cfg(test)]
mod tests {
    use super::super::delimiters::Delimiters;
    use super::segments;

    #[test]
    fn segments_end_at_every_kind_of_line_end() {
        for text in [
            "MSH|^~\\&|A\nPID|1||2\nOBX|1\n",
            "MSH|^~\\&|A\\rPID|1||2\\rOBX|1",
            "MSH|^~\\&|A\\r\\nPID|1||2\\r\\nOBX|1",
            "MSH|^~\\&|A PID|1||2 OBX|1",
            "MSH|^~\\&|A\n> PID|1||2\n>> OBX|1\n",
            "MSH|^~\\&|A\n\nPID|1|\n|2\n\nOBX|1\n\nBonjour | voilà",
        ] {
            let (found, length) = segments(text, &Delimiters::default());
            assert_eq!(found, ["MSH|^~\\&|A", "PID|1||2", "OBX|1"], "{text}");
            assert!(text.len() - length <= "\nBonjour | voilà".len());
        }
    }
}
