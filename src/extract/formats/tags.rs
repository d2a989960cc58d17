//! The pieces of an XML document, in one pass over its bytes.
//!
//! Tags as programs write them are read here; whatever else stands between angles, or is no tag as it should be, is read by quick-xml, which
//! knows what to make of it. Nothing is copied.

use std::borrow::Cow;

use memchr::{memchr2, memchr3};
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

/// What stands next in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// The start tag of an element of this local name, and whether it is its end too. Its attributes are those of [`Tags::attributes`].
    Open(&'t str, bool),
    /// The end tag of an element of this local name.
    Close(&'t str),
    /// Text.
    Text(&'t str),
    /// The name of a reference in the text.
    Reference(&'t str),
    /// A comment or a document type.
    Aside(&'t str),
    /// An instruction or a declaration.
    Silent,
    /// Something that is no XML, with all that stands behind it.
    Broken,
    /// Nothing.
    End,
}

/// Reads a document piece by piece.
#[derive(Debug)]
pub struct Tags<'t> {
    text: &'t str,
    at: usize,
    /// Whole and local names of the elements that are open.
    open: Vec<(&'t str, &'t str)>,
    /// Local names and values of the attributes of the last start tag.
    attributes: Vec<(&'t str, &'t str)>,
    /// How many attributes it has, declarations of namespaces among them.
    count: usize,
    /// Most that are kept.
    most: usize,
    /// Values of those that are not.
    surplus: Vec<&'t str>,
}

impl<'t> Tags<'t> {
    /// Begins with a document, of whose elements so many attributes are kept.
    #[must_use]
    pub fn new(text: &'t str, most: usize) -> Self {
        let at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Self { text, at, open: Vec::new(), attributes: Vec::new(), count: 0, most, surplus: Vec::new() }
    }

    /// Where the next piece begins.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }

    /// What is not read yet.
    #[must_use]
    pub fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The attributes of the last start tag by their local names, as they are written, without declarations of namespaces.
    #[must_use]
    pub fn attributes(&self) -> &[(&'t str, &'t str)] {
        &self.attributes
    }

    /// Values of attributes of the last start tag past the most that are kept.
    #[must_use]
    pub fn surplus(&self) -> &[&'t str] {
        &self.surplus
    }

    /// Reads the next piece.
    pub fn next_piece(&mut self) -> Piece<'t> {
        let rest = self.rest();
        let (first, bytes) = match rest.as_bytes() {
            [] => return Piece::End,
            [first, bytes @ ..] => (*first, bytes),
        };
        match first {
            b'<' => self.tag(bytes).unwrap_or_else(|| self.other(rest)),
            b'&' => match memchr3(b';', b'&', b'<', bytes) {
                Some(end) if bytes.get(end) == Some(&b';') => {
                    self.at += end + 2;
                    Piece::Reference(rest.get(1..=end).unwrap_or_default())
                }
                end => self.said(rest, end.map_or(rest.len(), |end| end + 1)),
            },
            _ => self.said(rest, memchr2(b'<', b'&', rest.as_bytes()).unwrap_or(rest.len())),
        }
    }

    fn said(&mut self, rest: &'t str, size: usize) -> Piece<'t> {
        self.at += size;
        Piece::Text(rest.get(..size).unwrap_or_default())
    }

    /// A tag as programs write it, of which the bytes are given from its name on.
    fn tag(&mut self, bytes: &'t [u8]) -> Option<Piece<'t>> {
        match bytes.first()? {
            b'/' => self.close(bytes.get(1..)?),
            b'!' | b'?' => None,
            _ => {
                let start = self.at + 1;
                let (name, end) = self.name(start).filter(|(_, end)| *end > start)?;
                let whole = self.text.get(start..end)?;
                let (end, is_empty) = self.read_attributes(end)?;
                self.at = end;
                if !is_empty {
                    self.open.push((whole, name));
                }
                Some(Piece::Open(name, is_empty))
            }
        }
    }

    /// An end tag, of which the bytes are given from its name on: nearly always that of the element opened last.
    fn close(&mut self, bytes: &'t [u8]) -> Option<Piece<'t>> {
        let start = self.at + 2;
        let last = self.open.pop().filter(|(whole, _)| {
            bytes.starts_with(whole.as_bytes()) && bytes.get(whole.len()) == Some(&b'>')
        });
        let (name, end) = match last {
            Some((whole, name)) => (name, start + whole.len()),
            None => self.name(start)?,
        };
        self.text.as_bytes().get(end).filter(|byte| **byte == b'>')?;
        self.at = end + 1;
        Some(Piece::Close(name))
    }

    /// The name that begins here, without its prefix, and where it ends.
    fn name(&self, from: usize) -> Option<(&'t str, usize)> {
        let bytes = self.text.as_bytes();
        let mut start = from;
        loop {
            let size = bytes.get(start..)?.iter().position(|byte| ends_name(*byte) || *byte == b':')?;
            let end = start + size;
            if bytes.get(end) != Some(&b':') {
                return Some((self.text.get(start..end)?, end));
            }
            start = end + 1;
        }
    }

    /// Reads what stands between a name and the end of its tag: where that is, and whether the element ends there. Each attribute has a blank
    /// before it, a sign right behind its name, and quotes.
    fn read_attributes(&mut self, mut at: usize) -> Option<(usize, bool)> {
        self.clear();
        let bytes = self.text.as_bytes();
        loop {
            let blanks = bytes.get(at..)?.iter().position(|byte| !is_blank(*byte))?;
            let start = at + blanks;
            match bytes.get(start..)? {
                [b'>', ..] => return Some((start + 1, false)),
                [b'/', b'>', ..] => return Some((start + 2, true)),
                [b'/', ..] => return None,
                _ if blanks == 0 => return None,
                _ => {}
            }
            let (name, end) = self.name(start)?;
            let quote = match bytes.get(end..)? {
                [b'=', quote @ (b'"' | b'\''), ..] if end > start => quote,
                _ => return None,
            };
            let from = end + 2;
            let length = bytes.get(from..)?.iter().position(|byte| byte == quote)?;
            let value = self.text.get(from..from + length)?;
            self.keep(bytes.get(start..end)?, name, value);
            at = from + length + 1;
        }
    }

    fn clear(&mut self) {
        self.attributes.clear();
        self.surplus.clear();
        self.count = 0;
    }

    /// Keeps an attribute of this whole and local name.
    fn keep(&mut self, whole: &[u8], name: &'t str, value: &'t str) {
        self.count += 1;
        if self.count > self.most {
            self.surplus.push(value);
        } else if !matches!(whole, b"xmlns" | [b'x', b'm', b'l', b'n', b's', b':', ..]) {
            self.attributes.push((name, value));
        }
    }

    /// Whatever else stands between angles.
    fn other(&mut self, rest: &'t str) -> Piece<'t> {
        let mut reader = quick_xml::Reader::from_str(rest);
        let config = reader.config_mut();
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        let Ok(event) = reader.read_event() else { return Piece::Broken };
        let size = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        self.at = self.at.saturating_add(size);
        match event {
            Event::Start(_) => self.odd(rest.get(1..size.saturating_sub(1)), false),
            Event::Empty(_) => self.odd(rest.get(1..size.saturating_sub(2)), true),
            Event::End(_) => Piece::Close(local(
                rest.get(2..size.saturating_sub(1)).unwrap_or_default().trim_end_matches(BLANKS),
            )),
            Event::CData(text) => Piece::Text(borrowed(&text.into_inner())),
            Event::Comment(text) | Event::DocType(text) => Piece::Aside(borrowed(&text.into_inner())),
            Event::Text(_) | Event::GeneralRef(_) | Event::PI(_) | Event::Decl(_) | Event::Eof => {
                Piece::Silent
            }
        }
    }

    /// The start tag that has this between its angles.
    fn odd(&mut self, content: Option<&'t str>, is_empty: bool) -> Piece<'t> {
        self.clear();
        let content = content.unwrap_or_default();
        let name = content.split(BLANKS).next().unwrap_or_default();
        let mut all = Attributes::html(content, name.len());
        for attribute in all.with_checks(false).filter_map(Result::ok) {
            let name = attribute.key.0;
            self.keep(name.as_bytes(), local(name), borrowed(&attribute.value));
        }
        Piece::Open(local(name), is_empty)
    }
}

/// quick-xml lends what it reads of a text in memory, and never copies it.
fn borrowed<'t>(text: &Cow<'t, str>) -> &'t str {
    match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(_) => "",
    }
}

/// Blanks of XML (XML 1.0, 2.3).
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// What is no part of a name in a plain tag.
fn ends_name(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>' | b'"' | b'\'' | b'=')
}

/// A name without its prefix.
#[must_use]
pub fn local(name: &str) -> &str {
    let colon = name.bytes().rposition(|byte| byte == b':');
    colon.and_then(|at| name.get(at + 1..)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::{Piece, Tags};

    fn pieces(text: &str) -> Vec<String> {
        let mut tags = Tags::new(text, 3);
        let mut said = Vec::new();
        loop {
            let piece = tags.next_piece();
            match piece {
                Piece::End | Piece::Broken => {
                    said.extend((piece == Piece::Broken).then(|| format!("broken {}", tags.rest())));
                    return said;
                }
                Piece::Open(..) => {
                    said.push(format!("{piece:?} {:?} {:?}", tags.attributes(), tags.surplus()));
                }
                piece => said.push(format!("{piece:?}")),
            }
        }
    }

    #[test]
    fn tags_are_read_as_they_are_written() {
        for (text, expected) in [
            ("<w:a>", vec![r#"Open("a", false) [] []"#]),
            ("<a  x:b='1\"'\n\tc=\"/>\" />", vec![r#"Open("a", true) [("b", "1\""), ("c", "/>")] []"#]),
            ("<a xmlns='u' xmlns:x='v' xmlnsy='w'/>", vec![r#"Open("a", true) [("xmlnsy", "w")] []"#]),
            (
                "<a b='1' c='2' d='3' e='4'>",
                vec![r#"Open("a", false) [("b", "1"), ("c", "2"), ("d", "3")] ["4"]"#],
            ),
            // As they should not be.
            (
                "<a b=1 c d = '2'e=\"3\">",
                vec![r#"Open("a", false) [("b", "1"), ("c", ""), ("d", "2")] ["3"]"#],
            ),
            ("</x:a >é</b c='>'>", vec![r#"Close("a")"#, r#"Text("é")"#, r#"Close("b c='>'")"#]),
            (
                "<?xml version='1.0'?><!-- a --><![CDATA[<b>]]><!DOCTYPE c>",
                vec!["Silent", r#"Aside(" a ")"#, r#"Text("<b>")"#, r#"Aside("c")"#],
            ),
            (
                "a&b;c&d<e/>&f&g",
                vec![
                    r#"Text("a")"#,
                    r#"Reference("b")"#,
                    r#"Text("c")"#,
                    r#"Text("&d")"#,
                    r#"Open("e", true) [] []"#,
                    r#"Text("&f")"#,
                    r#"Text("&g")"#,
                ],
            ),
            ("\u{FEFF}a<b c='d>", vec![r#"Text("a")"#, "broken <b c='d>"]),
            ("<", vec!["broken <"]),
            ("", vec![]),
        ] {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }
}
