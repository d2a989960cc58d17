//! Media types and the parameters of Content-Type and Content-Disposition (RFC 2045, 5.1; RFC 2183; RFC 2231).
//!
//! In: a field's text. Out: its value and parameters, continuations joined and decoded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::transfer::hex;
use super::{charset, words};

/// The value of a Content-Type or Content-Disposition field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Params {
    /// What stands before the first semicolon, in lower case: `text/plain`, `attachment`.
    pub value: String,
    /// Parameters in order; names in lower case, values decoded.
    pub list: Vec<(String, String)>,
}

/// Longest field parsed; a longer one is cut, since names and boundaries are short ([`unparsed`] gives the rest).
const LONGEST: usize = 16 << 10;

impl Params {
    /// Parses a field's text, encoded words not yet decoded.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text);
        let (value, rest) = text.split_once(';').unwrap_or((text, ""));
        let value = value.split(['(', ' ', ',']).find(|word| !word.is_empty()).unwrap_or_default();
        let mut plain = Vec::new();
        let mut extended: BTreeMap<String, Extended> = BTreeMap::new();
        for (name, value) in pairs(rest) {
            match name.split_once('*') {
                Some((name, tail)) => extended.entry(name.to_owned()).or_default().add(tail, &value),
                None if value.contains("=?") => plain.push((name, words::decode(&value))),
                None => plain.push((name, value)),
            }
        }
        plain.extend(extended.into_iter().map(|(name, value)| (name, value.joined())));
        Self { value: value.to_ascii_lowercase(), list: plain }
    }

    /// The first value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.list.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a parameter: readers differ on which of two they take.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.list.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What of a field is too long to be parsed, as it stands.
#[must_use]
pub fn unparsed(text: &str) -> Option<&str> {
    text.get(text.floor_char_boundary(LONGEST)..).filter(|rest| !rest.is_empty())
}

/// A parameter in pieces (`name*0*`, `name*1`) or with a charset (`name*`). Pieces are joined as bytes.
#[derive(Default)]
struct Extended {
    pieces: BTreeMap<u32, Vec<u8>>,
    charset: Option<String>,
}

impl Extended {
    fn add(&mut self, tail: &str, value: &str) {
        let number = tail.trim_end_matches('*').parse().unwrap_or(0);
        if !tail.is_empty() && !tail.ends_with('*') {
            self.pieces.insert(number, value.as_bytes().to_vec());
            return;
        }
        let mut encoded = value;
        if number == 0
            && let Some((label, (_, data))) =
                value.split_once('\'').and_then(|(label, rest)| Some((label, rest.split_once('\'')?)))
        {
            self.charset = Some(label.to_owned());
            encoded = data;
        }
        self.pieces.insert(number, percent_decoded(encoded));
    }

    fn joined(self) -> String {
        let bytes: Vec<u8> = self.pieces.into_values().flatten().collect();
        charset::decode(&bytes, self.charset.as_deref())
    }
}

/// Undoes `%41`; a `%` that starts nothing stands for itself.
#[must_use]
pub fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some(at) = memchr::memchr(b'%', rest) {
        let (before, sign) = rest.split_at(at);
        out.extend_from_slice(before);
        match sign {
            [b'%', high, low, after @ ..] if hex(*high).is_some() && hex(*low).is_some() => {
                out.push(hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0));
                rest = after;
            }
            _ => {
                out.push(b'%');
                rest = sign.get(1..).unwrap_or_default();
            }
        }
    }
    out.extend_from_slice(rest);
    out
}

/// `; name=value` pairs, values unquoted, names in lower case.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = piece(rest);
        rest = after;
        let Some((name, value)) = piece.split_once('=') else { continue };
        pairs.push((name.trim().to_ascii_lowercase(), unquoted(value.trim())));
    }
    pairs
}

/// Cuts at the next semicolon outside quotes. A quote that never closes does not swallow what follows.
fn piece(text: &str) -> (&str, &str) {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => return (text.get(..at).unwrap_or(text), text.get(at + 1..).unwrap_or("")),
            _ => {}
        }
    }
    if quoted { text.split_once(';').unwrap_or((text, "")) } else { (text, "") }
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else { return value.to_owned() };
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' if chars.peek().is_some_and(|next| matches!(next, '"' | '\\')) => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Params;

    #[test]
    fn parameters_are_joined_and_decoded() {
        let table = [
            ("attachment; filename=\"a;b.csv\"", "a;b.csv"),
            ("attachment; filename*=utf-8''donn%C3%A9es.csv", "données.csv"),
            ("a; filename*0*=utf-8'fr'donn%C3; filename*1*=%A9es; filename*2=.csv", "données.csv"),
            ("a; filename*1=\"b.csv\"; filename*0=\"a\"", "ab.csv"),
            ("a; FileName = liste patients.csv ; x=y", "liste patients.csv"),
            ("a; filename=\"=?iso-8859-1?Q?donn=E9es=2Ecsv?=\"", "données.csv"),
            ("a; filename=\"C:\\temp\\x \\\"y\\\".csv\"", "C:\\temp\\x \"y\".csv"),
            ("a; filename=\"unclosed.csv; x=y", "unclosed.csv"),
            ("a; filename*=iso-8859-1''%e9t%e9", "été"),
            ("a; filename*=100%25 sûr", "100% sûr"),
        ];
        for (text, expected) in table {
            assert_eq!(Params::parse(text).get("filename"), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_media_type_is_in_lower_case_without_comments() {
        assert_eq!(Params::parse("Text/HTML (page); charset=x").value, "text/html");
        assert_eq!(Params::parse("").value, "");
    }
}
