//! HTML, as mail programs and browsers read it (WHATWG HTML, tokenization by html5gum).
//!
//! In: a page. Out: visible text, cells with coordinates, comments, attributes, and text that a reader would not see. Tokens
//! come one by one and nothing recurses, so that no nesting can exhaust memory or stack. Inline tags vanish, so that
//! a number cut by `<b>` stays one number; block tags become line ends.

mod blanks;
mod page;
mod plain;
mod references;
mod scope;
mod style;
mod tag;
mod tokens;

use std::borrow::Cow;

use super::{Format, markup};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, Region};
use page::Page;
use style::Sheet;
use tokens::{Attribute, Event, tokenize};

/// Takes what claims to be a page or opens like one.
pub const FORMAT: Format = Format { behind: false, name: "html", claims, read };

const MEDIAS: &[&str] = &["text/html", "application/xhtml+xml", "image/svg+xml", ENRICHED];
const OPENINGS: &[&[u8]] =
    &[b"<!doctype html", b"<html", b"<head", b"<body", b"<meta", b"<table", b"<div", b"<!--[if", b"<svg"];

fn claims(source: &Source<'_>) -> bool {
    let opening = source.opening(16);
    source.claims(MEDIAS, &["html", "htm", "xhtml", "shtml", "svg"])
        || OPENINGS.iter().any(|start| opening.starts_with(start))
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let declared = source.media.get("charset").map(str::to_owned).or_else(|| meta_charset(source));
    let html = source.text_by(declared.as_deref());
    let html = if source.media.value == ENRICHED { tags_of(&html) } else { html };
    let mut page = Page::new(sheet(&html), sink);
    tokenize(&html, &mut |event| page.event(event));
    page.finish(unfinished(&html));
    sink.text(Region::Hidden, entities(&html), Boundary::Block);
}

/// Text with a few tags of its own (RFC 1896), which programs show like a page.
const ENRICHED: &str = "text/enriched";

/// The same as a page: `<<` is a sign, a line end a blank, and each further one ends a line.
fn tags_of(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace("<<", "&lt;");
    let mut out = String::with_capacity(text.len());
    let mut ends = 0;
    for letter in text.chars() {
        ends = if letter == '\n' { ends + 1 } else { 0 };
        out.push(letter);
        if ends > 1 {
            out.push_str("<br>");
        }
    }
    out
}

/// Longest name of what a reference stands for.
const LONGEST_NAME: usize = 200;

/// What a document type lets references stand for (XML 1.0, 4.2): a picture shows it, and no token has it.
fn entities(html: &str) -> String {
    const MARK: &[u8] = b"<!ENTITY";
    let (mut said, mut rest) = (String::new(), html);
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), MARK) {
        rest = rest.get(at + MARK.len()..).unwrap_or_default();
        let quote = rest.bytes().take(LONGEST_NAME).position(|byte| matches!(byte, b'"' | b'\'' | b'>'));
        let Some((sign, after)) = quote.and_then(|at| rest.get(at..)?.split_at_checked(1)) else { continue };
        rest = after;
        if let Some((value, after)) = after.split_once(sign).filter(|_| sign != ">") {
            said.push_str(&markup::without_references(value));
            said.push('\n');
            rest = after;
        }
    }
    said
}

/// What the style sheets of a page say. They are read before the page, up to the last one: they hold for what stands before them as well.
fn sheet(html: &str) -> Sheet {
    let (mut sheet, mut within) = (Sheet::default(), false);
    tokenize(through_last_sheet(html), &mut |event| match event {
        Event::Start(name, _) => within = name == b"style",
        Event::End(_) => within = false,
        Event::Text(text) if within => sheet.read(text),
        _ => {}
    });
    sheet
}

/// A page as far as its last style sheet goes; nothing where there is none.
fn through_last_sheet(html: &str) -> &str {
    // Of its letters the one that is seldom is looked for.
    let named = |at: &usize| {
        let name = at.checked_sub(3).and_then(|start| html.as_bytes().get(start..at + 3));
        name.is_some_and(|name| name.eq_ignore_ascii_case(b"<style"))
    };
    let Some(last) = memchr::memrchr2_iter(b'y', b'Y', html.as_bytes()).find(named) else { return "" };
    let last = last - 3;
    let rest = html.get(last + 1..).unwrap_or_default().as_bytes();
    let end = memchr::memchr_iter(b'<', rest).find(|at| {
        let close = rest.get(at + 1..).and_then(|rest| rest.first_chunk::<6>());
        close.is_some_and(|close| close.eq_ignore_ascii_case(b"/style"))
    });
    end.and_then(|end| html.get(..last + 1 + end)).unwrap_or(html)
}

/// The charset that the page itself declares in its first bytes (WHATWG HTML, 13.2.3.2).
fn meta_charset(source: &Source<'_>) -> Option<String> {
    let opening = source.opening(2048);
    let at = memchr::memmem::find(&opening, b"charset=")?;
    let rest = lossy(opening.get(at + 8..)?);
    let label = rest.trim_start_matches(['"', '\'', ' ']);
    let label: String =
        label.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c)).collect();
    (!label.is_empty()).then_some(label)
}

/// A last tag that never closes: readers drop it, so it would go unread.
fn unfinished(html: &str) -> &str {
    let start = html.rfind('<').unwrap_or(html.len());
    let tail = html.get(start..).unwrap_or_default();
    if tail.contains('>') { "" } else { tail }
}

/// Text, which is hardly ever anything else.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// The text of a piece of markup, without coordinates or regions: for comments and elements whose content is raw.
#[must_use]
pub fn stripped(html: &str) -> String {
    let apart = |text: &mut String, said: &str| text.extend([" ", said, " "]);
    let values = |text: &mut String, attributes: &[Attribute<'_>]| {
        attributes.iter().filter(|(_, value)| !value.is_empty()).for_each(|(_, value)| apart(text, value));
    };
    let mut text = String::with_capacity(html.len());
    tokenize(html, &mut |event| match event {
        Event::Text(said) => text.push_str(said),
        Event::Comment(said) => apart(&mut text, said),
        Event::Start(name, attributes) => {
            if tag::breaks_line(name) {
                text.push('\n');
            }
            values(&mut text, attributes);
        }
        Event::Stray(attributes) => values(&mut text, attributes),
        Event::End(name) if tag::breaks_line(name) => text.push('\n'),
        _ => {}
    });
    text.push_str(unfinished(html));
    text
}
