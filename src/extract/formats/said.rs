//! What the names of elements and attributes of office documents mean for reading.
//!
//! Names are compared as bytes, which the compiler makes a tree of: each element and attribute asks for several lists.

use super::flow::Dialect;
use super::markup::Element;

/// Elements of OOXML whose text is part of the sentence.
#[must_use]
pub fn is_run(name: &[u8]) -> bool {
    matches!(name, b"t" | b"text" | b"Text" | b"font" | b"div" | b"span")
}

/// Elements of OpenDocument that begin running text.
#[must_use]
pub fn is_odf_run(name: &[u8]) -> bool {
    matches!(name, b"p" | b"h")
}

/// Elements whose text is layout.
#[must_use]
pub fn is_layout(name: &[u8]) -> bool {
    matches!(
        name,
        b"posOffset"
            | b"pctWidth"
            | b"pctHeight"
            | b"pctPosHOffset"
            | b"pctPosVOffset"
            | b"align"
            | b"Anchor"
            | b"binary-data"
            | b"formatCode"
    )
}

/// Elements that end a line.
#[must_use]
pub fn ends_line(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"h"
            | b"text"
            | b"Text"
            | b"div"
            | b"comment"
            | b"threadedComment"
            | b"br"
            | b"cr"
            | b"line-break"
    )
}

/// Attributes that people write or read.
fn is_said_anywhere(name: &[u8]) -> bool {
    matches!(
        name,
        b"descr"
            | b"title"
            | b"alt"
            | b"tooltip"
            | b"href"
            | b"string"
            | b"displayText"
            | b"author"
            | b"display"
            | b"displayName"
            | b"caption"
            | b"placeholder"
            | b"label"
            | b"prompt"
            | b"promptTitle"
            | b"errorTitle"
            | b"connection"
            | b"command"
            | b"sourceFile"
            | b"url"
            | b"description"
            | b"string-value"
            | b"string-value-if-true"
            | b"string-value-if-false"
            | b"current-value"
            | b"refreshedBy"
            | b"formula"
    )
}

/// Elements whose attribute `val` people write.
fn is_said_by_value(name: &[u8]) -> bool {
    matches!(
        name,
        b"alias"
            | b"tag"
            | b"tblCaption"
            | b"tblDescription"
            | b"default"
            | b"docVar"
            | b"query"
            | b"connectString"
            | b"helpText"
            | b"statusText"
            | b"dataSource"
            | b"listEntry"
    )
}

/// Whether people write or read an attribute of an element.
#[must_use]
pub fn is_said(dialect: Dialect, element: &Element<'_>, name: &str, value: &str) -> bool {
    let name = name.as_bytes();
    is_said_anywhere(name)
        || match (dialect, name) {
            (_, b"val") if is_said_by_value(element.name.as_bytes()) => true,
            // What stands around the number of a list; a letter alone is a sign.
            (_, b"num-prefix" | b"num-suffix") => {
                value.chars().filter(|letter| letter.is_alphabetic()).count() > 1
            }
            (Dialect::Ooxml, name) => {
                is_said_in(element.name.as_bytes(), name, value) || is_said_by_name(element, name)
            }
            (Dialect::Odf, name) => is_said_in_odf(element.name.as_bytes(), name),
        }
}

/// Attributes of single elements of Office Open XML that people write: strings, dates and long numbers of a table's copy that a pivot
/// table or a link keeps, with the names of its columns; authors of comments; bookmarks that no program made.
fn is_said_in(element: &[u8], name: &[u8], value: &str) -> bool {
    match (name, element) {
        (b"v", b"s" | b"d") | (b"name", b"cacheField" | b"author" | b"cmAuthor") => true,
        (b"v", b"n") => value.len() >= LONG_NUMBER,
        (b"name", b"bookmarkStart") => !value.starts_with('_'),
        // What a list is filtered by, what a slicer shows, how an item of a pivot table is called.
        (b"val", b"filter" | b"customFilter") | (b"n" | b"c", b"i" | b"item") => true,
        _ => false,
    }
}

/// The same of OpenDocument: the name of a sheet, and what a list of choices offers.
fn is_said_in_odf(element: &[u8], name: &[u8]) -> bool {
    matches!(
        (name, element),
        (b"name", b"table" | b"named-expression" | b"named-range" | b"page")
            | (b"condition", b"content-validation")
    )
}

/// Attributes of elements that name what they hold: the value of a control in a document ([MS-OE376], 2.2), data of a shape in a drawing
/// ([MS-VSDX], 2.2.5).
fn is_said_by_name(element: &Element<'_>, name: &[u8]) -> bool {
    const SAID: [&str; 6] = ["Value", "Caption", "Text", "Label", "Prompt", "Comment"];
    let told = |by: &str| element.get(by).is_some_and(|value| SAID.contains(&&*value));
    match (name, element.name) {
        (b"value", "ocxPr") => told("name"),
        (b"V", "Cell") => told("N"),
        _ => false,
    }
}

/// From so many characters on a number may say who somebody is.
const LONG_NUMBER: usize = 6;

/// Elements that interrupt a sentence with text of their own.
#[must_use]
pub fn is_box(name: &[u8]) -> bool {
    matches!(name, b"txbxContent" | b"annotation" | b"note-body" | b"text-box" | b"custom-shape")
}

/// The letter that a character of a font stands for (ECMA-376, 17.3.3.30), unless the font is one of signs. Fonts without names for their
/// characters have them from U+F000 on.
#[must_use]
pub fn symbol(element: &Element<'_>) -> Option<char> {
    const SIGNS: &[&str] = &["symbol", "dings", "marlett", "mt extra", "mt2"];
    let font = element.get("font").unwrap_or_default().to_ascii_lowercase();
    let code = u32::from_str_radix(&element.get("char")?, 16).ok()?;
    let code = if (0xF020..=0xF0FF).contains(&code) { code & 0xFF } else { code };
    let is_sign = SIGNS.iter().any(|sign| font.contains(sign));
    char::from_u32(code).filter(|letter| !is_sign && !letter.is_control())
}
