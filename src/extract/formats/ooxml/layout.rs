//! Parts that hold styles and settings of programs: the text of anyone stands there seldom, and not where it belongs.
//!
//! A part is one of these by its path and by its root element alike. What an element says in it is kept; its attributes, which are
//! measures and names of fonts, are not.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::extract::formats::markup::{self, Element, Token};
use crate::extract::formats::zip::{Archive, Member};
use crate::extract::sink::Sink;
use crate::model::{Boundary, Region};

/// The list of types of parts.
const TYPES: &str = "[content_types].xml";

/// Names of these parts, in lower case, with their root elements.
const PARTS: &[(&str, &[&str])] = &[
    ("styles.xml", &["styles", "styleSheet"]),
    ("styleswitheffects.xml", &["styles"]),
    ("fonttable.xml", &["fonts"]),
    ("websettings.xml", &["webSettings"]),
    ("tablestyles.xml", &["tblStyleLst"]),
    ("presprops.xml", &["presentationPr"]),
    ("viewprops.xml", &["viewPr"]),
    ("calcchain.xml", &["calcChain"]),
    ("numbering.xml", &["numbering"]),
];
/// Root elements of themes.
const THEMES: &[&str] = &["theme", "themeOverride"];

/// The root elements by which a part of this path is one of these.
fn roots(path: &str) -> Option<&'static [&'static str]> {
    if path == TYPES {
        return Some(&["Types"]);
    }
    let (folder, file) = path.rsplit_once('/')?;
    let inner = folder.split_once('/').map_or("", |(_, inner)| inner);
    if !["word", "xl", "ppt"].contains(&folder.split('/').next()?) {
        return None;
    }
    if inner == "theme" || inner == "glossary/theme" {
        return file.ends_with(".xml").then_some(THEMES);
    }
    let known = PARTS.iter().find(|(name, _)| *name == file)?;
    (inner.is_empty() || inner == "glossary").then_some(known.1)
}

/// Reads a part that is one of these; whether it is.
pub fn read(path: &str, bytes: &[u8], archive: &Archive<'_>, sink: &mut Sink) -> bool {
    let Some(roots) = roots(path).filter(|_| is_markup(bytes)) else { return false };
    let numbered = || roots == ["numbering"] && memchr::memmem::find(bytes, b"lvlText").is_some();
    if path != TYPES
        && markup::mute(bytes, sink.limits).is_some_and(|root| roots.contains(&root))
        && !numbered()
    {
        return true;
    }
    let (mut root, mut said, mut numbers) = (None, String::new(), String::new());
    let names = |member: &Member<'_>| member.name.to_ascii_lowercase();
    let members: BTreeSet<String> =
        if path == TYPES { archive.members.iter().map(names).collect() } else { BTreeSet::new() };
    let ending = markup::events(bytes, sink.limits, |token| match token {
        Token::Open(element) => {
            let known = *root.get_or_insert_with(|| roots.contains(&element.name));
            let value = match element.name {
                "lvlText" => element.get("val").filter(|value| is_written(value)),
                _ if known && path == TYPES => stray(&element, &members),
                _ => None,
            };
            numbers.extend(value.iter().map(|value| format!("{value}\n")));
        }
        Token::Text(text) | Token::Aside(text) => said.push_str(text),
        Token::Close(_) => said.push('\n'),
    });
    if root != Some(true) || ending != markup::Ending::Whole {
        return false;
    }
    sink.text(Region::Attribute, numbers, Boundary::Block);
    sink.text(Region::Hidden, said, Boundary::Block);
    true
}

/// Whether bytes may be XML, in any encoding of it.
#[must_use]
pub fn is_markup(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let wide = [b"\xFF\xFE".as_slice(), b"\xFE\xFF", b"\0<", b"<\0"];
    bytes.trim_ascii().is_empty()
        || bytes.trim_ascii_start().starts_with(b"<")
        || wide.iter().any(|start| bytes.starts_with(start))
}

/// Whether somebody wrote something around the number of a list (ECMA-376, 17.9.11): a letter alone is a sign.
fn is_written(value: &str) -> bool {
    value.chars().filter(|letter| letter.is_alphabetic()).count() > 1
}

/// What an entry of the list of types says that no program writes: a part that is not there, a type that is none.
fn stray<'e>(element: &Element<'e>, members: &BTreeSet<String>) -> Option<Cow<'e, str>> {
    const MEDIA: &[&str] = &["application/", "image/", "text/", "audio/", "video/", "model/"];
    let usual = |name: &str, value: &str| match name {
        "PartName" => members.contains(&value.trim_start_matches('/').to_ascii_lowercase()),
        "ContentType" => {
            MEDIA.iter().any(|start| value.to_ascii_lowercase().starts_with(start)) && value.len() < 160
        }
        _ => value.len() <= 8,
    };
    element.attributes().find(|(name, value)| !usual(name, value)).map(|(_, value)| value)
}

/// Shortest value of an attribute that may say something.
const SHORTEST: usize = 4;

/// Puts the values of the attributes of data that a document carries for programs of others.
pub fn values(bytes: &[u8], sink: &mut Sink) {
    let mut values = String::new();
    let ending = markup::events(bytes, sink.limits, |token| {
        let Token::Open(element) = token else { return };
        for (_, value) in element.attributes() {
            let named = ["http:", "https:", "urn:", "{"].iter().any(|start| value.starts_with(start));
            if value.len() >= SHORTEST && !named && value.chars().any(char::is_alphanumeric) {
                values.push_str(&value);
                values.push('\n');
            }
        }
    });
    ending.tell_cut(sink);
    sink.text(Region::Property, values, Boundary::Block);
}
