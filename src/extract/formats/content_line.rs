//! Content lines of calendars and cards (RFC 5545, 3.1; RFC 6350, 3.2; for vCard 2.1 compiled by us, 2026-11).
//!
//! In: text. Out: unfolded properties with their values decoded.

use std::borrow::Cow;

use crate::extract::sink::Sink;
use crate::mime;
use crate::mime::charset;
use crate::model::{Boundary, Region};

/// Properties that only machines read.
const MACHINE: &[&str] = &[
    "BEGIN",
    "END",
    "VERSION",
    "PRODID",
    "CALSCALE",
    "METHOD",
    "DTSTAMP",
    "SEQUENCE",
    "TZOFFSETFROM",
    "TZOFFSETTO",
];

/// Puts one segment for each component, a line for each property; attached files become children.
pub fn read(text: &str, sink: &mut Sink) {
    let mut component = String::new();
    for line in unfolded(text) {
        let Some(property) = Property::parse(&line) else {
            component.push_str(&line);
            component.push('\n');
            continue;
        };
        if matches!(property.name.as_str(), "BEGIN" | "END") {
            sink.text(Region::Body, std::mem::take(&mut component), Boundary::Block);
        } else {
            property.put(&mut component, sink);
        }
    }
    sink.text(Region::Body, component, Boundary::Block);
}

/// Lines without their folds: a line that starts with a blank continues the one before, and so does one after a
/// quoted-printable soft break.
pub fn unfolded(text: &str) -> Vec<Cow<'_, str>> {
    let mut lines: Vec<Cow<'_, str>> = Vec::new();
    // Asked once for a property: a long one is joined of many lines.
    let mut quoted = false;
    for line in text.split('\n') {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => {
                last.to_mut().push_str(line.get(1..).unwrap_or_default());
                quoted |= is_quoted(line);
            }
            Some(last) if quoted && last.ends_with('=') => {
                let joined = last.to_mut();
                joined.pop();
                joined.push_str(line);
            }
            _ => {
                quoted = is_quoted(line);
                lines.push(Cow::Borrowed(line));
            }
        }
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

fn is_quoted(line: &str) -> bool {
    line.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
}

/// `group.NAME;PARAM=x:value`.
struct Property<'a> {
    name: String,
    params: Vec<(String, &'a str)>,
    value: &'a str,
}

impl<'a> Property<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let mut quoted = false;
        let colon = line.bytes().position(|byte| {
            quoted ^= byte == b'"';
            byte == b':' && !quoted
        })?;
        let (head, value) = line.split_at_checked(colon)?;
        let mut pieces = head.split(';');
        let name = pieces.next()?.rsplit('.').next()?.trim().to_ascii_uppercase();
        let params = pieces.map(|piece| piece.split_once('=').unwrap_or(("TYPE", piece)));
        let params =
            params.map(|(name, value)| (name.to_ascii_uppercase(), value.trim_matches('"'))).collect();
        Some(Self { name, params, value: value.get(1..)? })
    }

    fn param(&self, name: &str) -> Option<&'a str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    fn has(&self, word: &str) -> bool {
        self.params.iter().any(|(_, value)| value.eq_ignore_ascii_case(word))
    }

    /// Adds the property to the text of its component, or as a file inside.
    fn put(&self, component: &mut String, sink: &mut Sink) {
        let media = self.param("FMTTYPE").or_else(|| self.param("MEDIATYPE")).unwrap_or_default();
        if self.has("BASE64") || self.has("B") {
            sink.encoded_child(self.param("FILENAME").map(str::to_owned), media, self.value.as_bytes());
        } else if media == "text/html" {
            sink.child(None, media, self.plain().into_bytes());
        } else if !MACHINE.contains(&self.name.as_str()) {
            component.push_str(&self.name);
            for said in ["CN", "LABEL"].iter().filter_map(|name| self.param(name)) {
                component.push_str(&format!(" ({said})"));
            }
            component.push_str(&format!(": {}\n", self.plain()));
        }
    }

    /// The value decoded and unescaped; the parts of a compound value are parted by commas.
    fn plain(&self) -> String {
        let decoded = if self.has("QUOTED-PRINTABLE") {
            charset::decode(&mime::quoted(self.value.as_bytes()), self.param("CHARSET"))
        } else {
            self.value.to_owned()
        };
        unescaped(&decoded)
    }
}

/// Undoes `\n`, `\,`, `\;` and `\\` (RFC 5545, 3.3.11); a bare semicolon parts the pieces of a compound value.
fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('n' | 'N')) => {
                chars.next();
                out.push('\n');
            }
            ('\\', Some(',' | ';' | '\\' | ':' | '"')) => out.extend(chars.next()),
            (';', _) if out.is_empty() || out.ends_with(", ") => {}
            (';', _) => out.push_str(", "),
            _ => out.push(c),
        }
    }
    out.truncate(out.trim_end_matches([',', ' ']).len());
    out
}

#[cfg(test)]
mod tests {
    use super::{unescaped, unfolded};

    #[test]
    fn lines_are_unfolded_and_values_unescaped() {
        assert_eq!(
            unfolded("DESCRIPTION:NAM TREM 04\n 12 1925\nX:y\n"),
            ["DESCRIPTION:NAM TREM 0412 1925", "X:y"]
        );
        assert_eq!(
            unfolded("NOTE;ENCODING=QUOTED-PRINTABLE:a=\nb=C3=A9"),
            ["NOTE;ENCODING=QUOTED-PRINTABLE:ab=C3=A9"]
        );
        assert_eq!(unescaped("Tremblay;Marie;;;"), "Tremblay, Marie");
        assert_eq!(unescaped("onco\\, cycle 2\\nfin\\;"), "onco, cycle 2\nfin;");
    }
}
