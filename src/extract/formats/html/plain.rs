//! Tags as programs write them: names of plain letters, values in quotes or of plain letters, plain references in them.

use memchr::memmem;

use super::references::{self, Within};
use super::tokens::{Attribute, Event, is_raw};

/// Reads the plain tags of a page.
#[derive(Debug)]
pub(super) struct Plain<'h> {
    html: &'h str,
    /// Those of the tag at hand.
    attributes: Vec<Attribute<'h>>,
    /// Names that had capitals, one behind the other.
    lowered: Vec<u8>,
    /// Values that had references, by the number of the attribute.
    undone: Vec<(usize, String)>,
}

impl<'h> Plain<'h> {
    /// Begins with a page.
    pub(super) fn new(html: &'h str) -> Self {
        Self { html, attributes: Vec::new(), lowered: Vec::new(), undone: Vec::new() }
    }

    /// Gives the event of the tag that begins here, and where it ends; none where it is no plain one.
    pub(super) fn tag(&mut self, at: usize, handle: &mut dyn FnMut(Event<'_>)) -> Option<usize> {
        let bytes = self.html.as_bytes();
        let closes = bytes.get(at + 1) == Some(&b'/');
        let start = if closes { at + 2 } else { at + 1 };
        let end = skip(bytes, start, is_plain)?;
        let name = bytes.get(start..end).filter(|name| name.first().is_some_and(u8::is_ascii_alphabetic))?;
        if closes {
            let close = skip(bytes, end, is_blank).filter(|close| bytes.get(*close) == Some(&b'>'))?;
            self.clear();
            self.give(name, |name, _| handle(Event::End(name)));
            return Some(close + 1);
        }
        let close = self.read_attributes(end)?;
        let raw = match is_raw(name) {
            true => self.html.get(close..).and_then(|rest| raw(name, rest)).map(Some)?,
            false => None,
        };
        self.give(name, |name, attributes| handle(Event::Start(name, attributes)));
        raw.filter(|raw| !raw.is_empty()).iter().for_each(|raw| handle(Event::Text(raw)));
        Some(close + raw.map_or(0, str::len))
    }

    fn clear(&mut self) {
        self.attributes.clear();
        self.undone.clear();
    }

    /// Reads what stands between a name and the end of its tag, which it gives.
    fn read_attributes(&mut self, mut at: usize) -> Option<usize> {
        self.clear();
        let bytes = self.html.as_bytes();
        loop {
            let start = skip(bytes, at, is_blank)?;
            match bytes.get(start..)? {
                [b'>', ..] => return Some(start + 1),
                [b'/', b'>', ..] => return Some(start + 2),
                _ if start == at => return None,
                _ => {}
            }
            let end = skip(bytes, start, is_plain).filter(|end| *end > start)?;
            let mut has_references = false;
            let value = match bytes.get(end..)? {
                [b'=', quote @ (b'"' | b'\''), rest @ ..] => {
                    let size = memchr::memchr2(*quote, b'&', rest)?;
                    has_references = rest.get(size) == Some(&b'&');
                    let size = if has_references { memchr::memchr(*quote, rest)? } else { size };
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
            if !closed && !quoted {
                return None;
            }
            let value = self.html.get(value.0..value.1)?;
            if has_references {
                let mut undone = String::with_capacity(value.len());
                if !references::undo(value, Within::Value, &mut undone) {
                    return None;
                }
                self.undone.push((self.attributes.len(), undone));
            }
            self.attributes.push((bytes.get(start..end)?, value));
        }
    }

    /// Gives a name and the attributes, without capitals in their names and references in their values.
    fn give(&mut self, name: &[u8], handle: impl FnOnce(&[u8], &[Attribute<'_>])) {
        let capital = |name: &[u8]| name.iter().any(u8::is_ascii_uppercase);
        if self.undone.is_empty() && !capital(name) && !self.attributes.iter().any(|(name, _)| capital(name))
        {
            return handle(name, &self.attributes);
        }
        self.lowered.clear();
        for name in std::iter::once(name).chain(self.attributes.iter().map(|(name, _)| *name)) {
            self.lowered.extend(name.iter().map(u8::to_ascii_lowercase));
        }
        let (name, mut rest) = self.lowered.split_at(name.len());
        let lowered = self.attributes.iter().map(|(name, value)| {
            let (name, after) = rest.split_at(name.len());
            rest = after;
            (name, *value)
        });
        let mut lent: Vec<Attribute<'_>> = lowered.collect();
        for (at, value) in &self.undone {
            lent.get_mut(*at).into_iter().for_each(|attribute| attribute.1 = value);
        }
        handle(name, &lent);
    }
}

/// The content of a raw element, up to its end tag; none where it does not end, or something in it stands for something else.
fn raw<'r>(name: &[u8], rest: &'r str) -> Option<&'r str> {
    let ends = |at: &usize| {
        let tag = rest.as_bytes().get(at + 2..).unwrap_or_default();
        let (end, after) = tag.split_at_checked(name.len()).unwrap_or_default();
        end.eq_ignore_ascii_case(name)
            && after.first().is_some_and(|byte| is_blank(*byte) || b"/>".contains(byte))
    };
    let content = rest.get(..memmem::find_iter(rest.as_bytes(), b"</").find(ends)?)?;
    let plain = match name.to_ascii_lowercase().as_slice() {
        b"plaintext" => false,
        b"script" => !content.contains("<!--"),
        b"title" | b"textarea" => !content.contains('&'),
        _ => true,
    };
    plain.then_some(content)
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
