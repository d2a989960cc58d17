//! XML of packages, as events (XML 1.0, tokenized by quick-xml).
//!
//! In: bytes in any encoding of XML. Out: elements by their local names, since strict and transitional namespaces differ, and text with
//! its references undone. Entities of a document type are never expanded. Nothing is held but the event at hand.

use std::borrow::Cow;

use quick_xml::escape;
use quick_xml::events::BytesRef;

use super::html;
use super::tags::{Piece, Tags, local};
use crate::extract::sink::Sink;
use crate::mime::charset;
use crate::model::{GapReason, Limits, Share};

/// What comes next in a document.
#[derive(Clone, Copy, Debug)]
pub enum Token<'e> {
    /// An element begins.
    Open(Element<'e>),
    /// The element of this local name ends.
    Close(&'e str),
    /// Text.
    Text(&'e str),
    /// A comment, a document type, what is left after damage: text that no program shows.
    Aside(&'e str),
}

/// The start of an element.
#[derive(Clone, Copy, Debug)]
pub struct Element<'e> {
    /// Name without prefix.
    pub name: &'e str,
    attributes: &'e [(&'e str, &'e str)],
}

impl<'e> Element<'e> {
    /// The value of the first attribute of this local name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cow<'e, str>> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| unescaped(value))
    }

    /// Every attribute with its local name; declarations of namespaces are left out.
    pub fn attributes(&self) -> impl Iterator<Item = (&'e str, Cow<'e, str>)> + use<'e> {
        self.attributes_as_written().map(|(name, value)| (name, unescaped(value)))
    }

    /// The same, with the references in the values.
    pub fn attributes_as_written(&self) -> impl Iterator<Item = (&'e str, &'e str)> + use<'e> {
        self.attributes.iter().copied()
    }
}

/// Undoes the references in the value of an attribute.
#[must_use]
pub fn unescaped(value: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', value.as_bytes()).is_none() {
        return Cow::Borrowed(value);
    }
    escape::unescape(value).unwrap_or(Cow::Borrowed(value))
}

/// How the reading of a document ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Ending {
    /// At its end.
    Whole,
    /// At damage.
    Damaged,
    /// Past a limit, after so many bytes of all.
    Cut(GapReason, Share),
}

impl Ending {
    /// Tells what was not read as it should be.
    pub fn tell(self, sink: &mut Sink) {
        match self {
            Self::Damaged => sink.gap(GapReason::Malformed),
            _ => self.tell_cut(sink),
        }
    }

    /// The same, where damage says nothing.
    pub fn tell_cut(self, sink: &mut Sink) {
        if let Self::Cut(reason, share) = self {
            sink.cut(reason, Some(share));
        }
    }
}

/// Gives every event of a document, and how it ended. What is left after damage, or past a limit, comes as one aside.
pub fn events(bytes: &[u8], limits: Limits, mut each: impl FnMut(Token<'_>)) -> Ending {
    let text = decoded(bytes);
    let (mut depth, mut ending) = (0u32, Ending::Whole);
    let cut = |reason, at: usize| {
        let wide = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        Ending::Cut(reason, Share { read: wide(at), of: Some(wide(text.len())) })
    };
    let mut tags = Tags::new(&text, usize::try_from(limits.xml_attributes).unwrap_or(usize::MAX));
    loop {
        let (before, rest) = (tags.position(), tags.rest());
        match tags.next_piece() {
            Piece::End if depth > 0 && ending == Ending::Whole => return Ending::Damaged,
            Piece::End => return ending,
            Piece::Open(_, false) if depth >= limits.xml_depth => {
                each(Token::Aside(&html::stripped(rest)));
                return cut(GapReason::TooDeep, before);
            }
            Piece::Open(name, is_empty) => {
                if !tags.surplus().is_empty() {
                    ending = cut(GapReason::TooLarge, before);
                    let values: Vec<Cow<'_, str>> = tags.surplus().iter().map(|it| unescaped(it)).collect();
                    each(Token::Aside(&values.join("\n")));
                }
                each(Token::Open(Element { name, attributes: tags.attributes() }));
                match is_empty {
                    true => each(Token::Close(name)),
                    false => depth += 1,
                }
            }
            Piece::Close(name) => {
                depth = depth.saturating_sub(1);
                each(Token::Close(name));
            }
            Piece::Text(text) => each(Token::Text(text)),
            Piece::Reference(name) => give(name, &mut each),
            Piece::Aside(text) => each(Token::Aside(text)),
            Piece::Silent => {}
            Piece::Broken => {
                each(Token::Aside(&html::stripped(rest)));
                return Ending::Damaged;
            }
        }
    }
}

/// Gives what a reference stands for; one that is not known as it stands.
fn give(name: &str, each: &mut impl FnMut(Token<'_>)) {
    match BytesRef::new(name).resolve_char_ref() {
        Ok(Some(character)) => each(Token::Text(character.encode_utf8(&mut [0; 4]))),
        Ok(None) | Err(_) => match escape::resolve_predefined_entity(name) {
            Some(text) => each(Token::Text(text)),
            None => each(Token::Text(&format!("&{name};"))),
        },
    }
}

/// Whether nothing is said between the elements of a document, none of which is left open: its root element, if so. Seen by its angles
/// alone, many times as fast as its events. Attributes are not looked at; a comment, a type or a sign in a value that could be an angle is
/// left to the events.
#[must_use]
pub fn mute(bytes: &[u8], limits: Limits) -> Option<&str> {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let (mut root, mut depth, mut at) = (None, 0u32, 0);
    for end in memchr::memchr_iter(b'>', bytes) {
        let tag = match bytes.get(at..end)? {
            [b'<', tag @ ..] => tag,
            blanks => blanks.trim_ascii_start().strip_prefix(b"<")?,
        };
        depth = match (tag.first()?, tag.last()?) {
            (b'!', _) => return None,
            (b'?', _) => depth,
            (b'/', _) => depth.checked_sub(1)?,
            (_, b'/') => depth,
            _ => depth.checked_add(1).filter(|depth| *depth < limits.xml_depth)?,
        };
        if root.is_none() && !tag.starts_with(b"?") {
            root = std::str::from_utf8(tag).ok()?.split([' ', '\t', '\r', '\n', '/']).next().map(local);
        }
        at = end + 1;
    }
    root.filter(|_| depth == 0 && bytes.get(at..).is_some_and(|rest| rest.trim_ascii().is_empty()))
}

/// Longest name of a reference that is looked for.
const LONGEST_NAME: usize = 12;

/// Undoes the references to characters in XML that is read as text (XML 1.0, 4.1 and 4.6); others stay.
#[must_use]
pub fn without_references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (plain, tail) = rest.split_at(at);
        let end = tail.bytes().take(LONGEST_NAME).position(|byte| byte == b';');
        let found = end.and_then(|end| Some((tail.get(1..end)?, tail.get(end + 1..)?)));
        let found = found.and_then(|(name, after)| Some((character(name)?, after)));
        out.push_str(plain);
        out.push(found.map_or('&', |(character, _)| character));
        rest = found.map_or_else(|| tail.get(1..).unwrap_or_default(), |(_, after)| after);
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return escape::resolve_predefined_entity(name)?.chars().next();
    };
    let number = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(number.ok()?)
}

/// The text of a document: by its mark, its zeros, or the encoding it declares.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let start = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let head = start.get(..start.len().min(200)).unwrap_or_default();
    if memchr::memchr(0, head).is_none()
        && let Ok(text) = std::str::from_utf8(start)
    {
        return Cow::Borrowed(text);
    }
    let head = String::from_utf8_lossy(head);
    let label = head.split_once("encoding=").map(|(_, rest)| {
        rest.trim_start_matches(['"', '\''])
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
            .collect::<String>()
    });
    // What a program means as UTF-8 is damaged where it is none: no other charset is guessed, which is dear.
    match label.as_deref().is_some_and(|label| label.eq_ignore_ascii_case("utf-8"))
        && memchr::memchr(0, bytes).is_none()
    {
        true => Cow::Owned(charset::among_noise(bytes)),
        false => Cow::Owned(charset::decode(bytes, label.as_deref())),
    }
}

#[cfg(test)]
mod tests {
    use super::{mute, without_references};
    use crate::model::Limits;

    #[test]
    fn a_document_that_says_nothing_is_seen_by_its_angles() {
        let table = [
            (
                "\u{FEFF}<?xml version=\"1.0\"?>\n<w:styles a='b'>\n <b/><c d=\"e\"></c></w:styles>\n",
                Some("styles"),
            ),
            ("<Relationships/>", Some("Relationships")),
            ("<a><b></a>", None),
            ("<a></a></a>", None),
            ("<a>b</a>", None),
            ("<a/>b", None),
            ("<a><!-- b --></a>", None),
            ("<a><![CDATA[b]]></a>", None),
            ("<!DOCTYPE a><a/>", None),
            ("<a b=\"><c d=\">b</a>", None),
            ("<a b='></a><'/>", Some("a")),
            ("<a", None),
            ("", None),
        ];
        for (text, root) in table {
            assert_eq!(mute(text.as_bytes(), Limits::default()), root, "{text}");
        }
    }

    #[test]
    fn references_to_characters_are_undone_and_others_stay() {
        let text = "R&#233;f &lt;Zo&#xE9;&gt; &amp;amp; &nom; R&D; & &#xD800; &#99999999999; &";
        assert_eq!(without_references(text), "Réf <Zoé> &amp; &nom; R&D; & &#xD800; &#99999999999; &");
    }
}
