//! Tags as programs write them: names of plain letters, values in quotes or of plain letters, and no reference in them.

use super::tokens::{Event, is_raw};

/// Reads plain tags.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// Names and values of the attributes of the tag at hand, by their places.
    attributes: Vec<[(usize, usize); 2]>,
    /// A name that had capitals.
    lowered: Vec<u8>,
}

impl Plain {
    /// Gives the events of the tag that begins here, and where it ends; none where it is no plain one.
    pub(super) fn tag(&mut self, html: &str, at: usize, handle: &mut dyn FnMut(Event<'_>)) -> Option<usize> {
        let bytes = html.as_bytes();
        if bytes.get(at + 1) == Some(&b'/') {
            let end = skip(bytes, at + 2, is_plain)?;
            let close = skip(bytes, end, is_blank)?;
            let name =
                bytes.get(at + 2..end).filter(|name| name.first().is_some_and(u8::is_ascii_alphabetic))?;
            if bytes.get(close) != Some(&b'>') {
                return None;
            }
            handle(Event::End(self.lower(name)));
            return Some(close + 1);
        }
        let end = skip(bytes, at + 1, is_plain)?;
        let name = bytes.get(at + 1..end).filter(|name| name.first().is_some_and(u8::is_ascii_alphabetic))?;
        if is_raw(self.lower(name)) {
            return None;
        }
        let close = self.read_attributes(bytes, end)?;
        self.give(html, name, handle);
        Some(close)
    }

    /// Reads what stands between a name and the end of its tag, which it gives.
    fn read_attributes(&mut self, bytes: &[u8], mut at: usize) -> Option<usize> {
        self.attributes.clear();
        loop {
            let start = skip(bytes, at, is_blank)?;
            match bytes.get(start..)? {
                [b'>', ..] => return Some(start + 1),
                [b'/', b'>', ..] => return Some(start + 2),
                _ if start == at => return None,
                _ => {}
            }
            let end = skip(bytes, start, is_plain).filter(|end| *end > start)?;
            let value = match bytes.get(end..)? {
                [b'=', quote @ (b'"' | b'\''), rest @ ..] => {
                    let size = memchr::memchr2(*quote, b'&', rest)?;
                    at = end + 2 + size + 1;
                    (end + 2, end + 2 + size)
                }
                [b'=', ..] => {
                    at = skip(bytes, end + 1, is_plain_value).filter(|value| *value > end + 1)?;
                    (end + 1, at)
                }
                [b'>', ..] => {
                    at = end;
                    (end, end)
                }
                // A sign may stand behind blanks.
                _ => {
                    at = end;
                    let next = skip(bytes, end, is_blank)?;
                    if next == end || bytes.get(next) == Some(&b'=') {
                        return None;
                    }
                    (end, end)
                }
            };
            let closed = bytes.get(at).is_some_and(|byte| is_blank(*byte) || *byte == b'>');
            let quoted =
                bytes.get(at) == Some(&b'/') && bytes.get(at - 1).is_some_and(|byte| b"\"'".contains(byte));
            if bytes.get(value.1) == Some(&b'&') || !closed && !quoted {
                return None;
            }
            self.attributes.push([(start, end), value]);
        }
    }

    /// Gives the events of a start tag.
    fn give(&mut self, html: &str, name: &[u8], handle: &mut dyn FnMut(Event<'_>)) {
        handle(Event::Open(self.lower(name)));
        for at in 0..self.attributes.len() {
            let Some([(start, end), (from, to)]) = self.attributes.get(at).copied() else { continue };
            handle(Event::Name(self.lower(html.as_bytes().get(start..end).unwrap_or_default())));
            if from < to {
                handle(Event::Value(html.get(from..to).unwrap_or_default()));
            }
        }
        handle(Event::Close);
    }

    fn lower<'n>(&'n mut self, name: &'n [u8]) -> &'n [u8] {
        if !name.iter().any(u8::is_ascii_uppercase) {
            return name;
        }
        self.lowered.clear();
        self.lowered.extend(name.iter().map(u8::to_ascii_lowercase));
        &self.lowered
    }
}

/// Behind the bytes from a place on that are such; none where the page ends first.
fn skip(bytes: &[u8], at: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.get(at..)?.iter().position(|byte| !is(*byte)).map(|size| at + size)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0C)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.')
}

/// Values without quotes: what follows them ends the tag or parts it.
fn is_plain_value(byte: u8) -> bool {
    is_plain(byte) || matches!(byte, b'#' | b'%' | b'/' | b'?' | b',' | b';' | b'+')
}
