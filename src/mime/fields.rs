//! Header fields.
//!
//! In: the bytes of a message or part. Out: its fields and where its body starts. Every byte of the header belongs to a
//! field: a line that is none becomes a field without a name, so that its text is read too.

use std::borrow::Cow;

use memchr::memchr;

use super::{charset, words};

/// A header field as it stands in the message.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Its name as written; empty for a line that is no field.
    pub name: &'a str,
    /// Its value, folds included.
    pub value: &'a [u8],
}

impl Field<'_> {
    /// Whether the field has this name, in any case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value as a reader sees it: unfolded, its 8-bit characters and encoded words decoded.
    #[must_use]
    pub fn text(&self) -> String {
        let plain = self.plain();
        if plain.contains("=?") { words::decode(&plain) } else { plain }
    }

    /// The value unfolded and in characters, encoded words left as they are.
    #[must_use]
    pub fn plain(&self) -> String {
        let text = charset::decode(&unfolded(self.value), None);
        text.trim().to_owned()
    }
}

/// Splits the header from the body. Gives the fields and the offset of the body.
///
/// Text without any field at its start has no header: its body starts at 0. An mbox `From ` line is skipped.
#[must_use]
pub fn split(bytes: &[u8]) -> (Vec<Field<'_>>, usize) {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut at = 0;
    if bytes.starts_with(b"From ") || bytes.starts_with(b">From ") {
        at = line_end(bytes, 0);
    }
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = bytes.get(at..end).unwrap_or_default();
        if matches!(line, b"\n" | b"\r\n" | b"\r") {
            return (fields, end);
        }
        let end = with_folds(bytes, end);
        let whole = bytes.get(at..end).unwrap_or_default();
        match field(whole) {
            Some(field) => fields.push(field),
            None if fields.is_empty() => return (fields, 0),
            None => fields.push(Field { name: "", value: whole }),
        }
        at = end;
    }
    (fields, bytes.len())
}

/// The first field of a name.
#[must_use]
pub fn first<'f, 'a>(fields: &'f [Field<'a>], name: &str) -> Option<&'f Field<'a>> {
    fields.iter().find(|field| field.is(name))
}

/// The offset after the line that starts at `at`.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr(b'\n', rest).map_or(bytes.len(), |length| at + length + 1)
}

/// The offset after the continuation lines that follow.
fn with_folds(bytes: &[u8], mut end: usize) -> usize {
    while matches!(bytes.get(end), Some(b' ' | b'\t')) {
        end = line_end(bytes, end);
    }
    end
}

/// Parses `name: value`; the name is printable ASCII without spaces, spaces before the colon are forgiven.
fn field(line: &[u8]) -> Option<Field<'_>> {
    let colon = memchr(b':', line).filter(|at| (1..=256).contains(at))?;
    let (name, value) = line.split_at(colon);
    let name = name.trim_ascii_end();
    let named = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let name = std::str::from_utf8(name).ok().filter(|_| named)?;
    Some(Field { name, value: value.get(1..).unwrap_or_default() })
}

/// A value without its line ends; the blank that starts a continuation stays (RFC 5322, 2.2.3).
fn unfolded(value: &[u8]) -> Cow<'_, [u8]> {
    if memchr(b'\n', value.trim_ascii_end()).is_none() {
        return Cow::Borrowed(value.trim_ascii_end());
    }
    value.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect::<Vec<u8>>().into()
}

#[cfg(test)]
mod tests {
    use super::split;

    fn shown(bytes: &[u8]) -> (Vec<(String, String)>, String) {
        let (fields, body) = split(bytes);
        let fields = fields.iter().map(|field| (field.name.to_owned(), field.text())).collect();
        (fields, String::from_utf8_lossy(&bytes[body..]).into_owned())
    }

    #[test]
    fn fields_are_unfolded_and_decoded() {
        let (fields, body) =
            shown(b"Subject: =?utf-8?Q?caf=C3?=\r\n =?utf-8?Q?=A9?=\r\nX : \xe9t\xe9\r\n\r\nbody");
        assert_eq!(fields, [("Subject".into(), "café".into()), ("X".into(), "été".into())]);
        assert_eq!(body, "body");
    }

    #[test]
    fn every_byte_is_header_or_body() {
        assert_eq!(shown(b"no header\nhere").1, "no header\nhere");
        assert_eq!(shown(b"\nno header").1, "no header");
        let (fields, body) = shown(b"From me\nA: b\nTREM 0412\nC: d\n\nbody");
        assert_eq!(fields[1], (String::new(), "TREM 0412".into()));
        assert_eq!((fields.len(), body.as_str()), (3, "body"));
        assert_eq!(shown(b"A: b").0.len(), 1);
    }
}
