//! Documents of Apple's Pages, Numbers and Keynote since 2013 (`.iwa`; by the notes of S. Aymond, "iWork Archive format", and of the readers
//! keynote-parser and numbers-parser): archives of messages in Protocol Buffers, packed by Snappy without its frames.
//!
//! In: one `.iwa` of a package, which is a zip. Out: its texts. Messages are followed by their shape, not by their meaning, but for two: the
//! text of a document, and the strings that cells of a table share. Numbers and dates of cells are told as not read.

use super::Format;
use crate::extract::endian::{little_at, sevens};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, GapReason, Region};

/// Takes chunks that fill the file to its end.
pub const FORMAT: Format =
    Format { behind: false, name: "iwork", claims: |source| is_archive(&source.bytes), read };

/// Most bytes that a chunk unfolds to; programs cut at half of it.
const LARGEST: usize = 128 << 10;
/// Messages inside one another that are followed.
const DEEPEST: usize = 32;
/// A text of a document (`TSWP.StorageArchive`) and the strings that cells share (`TST.TableDataList`).
const TEXTS: [usize; 2] = [2001, 6005];
/// Rows of a table (`TST.Tile`), where numbers and dates stand.
const ROWS: usize = 6002;
/// Its field of them.
const CELLS: usize = 5;

fn is_archive(bytes: &[u8]) -> bool {
    let mut whole = false;
    for chunk in chunks(bytes) {
        let size = chunk.and_then(sevens).map(|(size, _)| size);
        whole = size.is_some_and(|size| (1..=LARGEST).contains(&size));
        if !whole {
            break;
        }
    }
    whole
}

/// The packed content of each chunk; the last is `None` when the file ends before it or does not go on as one.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest.take().filter(|bytes| !bytes.is_empty())?;
        let size = little_at(bytes, 1, 3).filter(|_| bytes.first() == Some(&0));
        let chunk = size.and_then(|size| bytes.get(4..)?.split_at_checked(size));
        rest = chunk.map(|(_, after)| after);
        Some(chunk.map(|(chunk, _)| chunk))
    })
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let clear = unpacked(&source.bytes, sink);
    let (mut texts, mut beside) = (String::new(), String::new());
    let mut rest: &[u8] = &clear;
    let mut rows = false;
    while let Some((messages, after)) = archive(rest) {
        rest = after;
        for (kind, content) in messages {
            let out = if TEXTS.contains(&kind) { &mut texts } else { &mut beside };
            rows |= kind == ROWS && fields(content).any(|field| field.number == CELLS);
            strings(content, out);
        }
    }
    sink.text(Region::Body, texts, Boundary::Block);
    sink.text(Region::Hidden, beside, Boundary::Block);
    if !rest.is_empty() {
        sink.damaged(clear.len() - rest.len(), clear.len());
    }
    if rows {
        sink.gap(GapReason::Unsupported);
    }
}

/// All chunks unpacked, as far as the budget goes.
fn unpacked(bytes: &[u8], sink: &mut Sink) -> Vec<u8> {
    let room = usize::try_from(sink.budget.room(bytes.len())).unwrap_or(usize::MAX);
    let mut clear = Vec::new();
    for chunk in chunks(bytes) {
        let whole = chunk.and_then(|chunk| unsnapped(chunk, &mut clear));
        if whole.is_none() {
            sink.gap(GapReason::Malformed);
            break;
        }
        // One chunk more than fits, so that the budget tells that it does not.
        if clear.len() > room {
            break;
        }
    }
    sink.unpack(clear.as_slice(), bytes.len())
}

/// Puts what a block of Snappy unfolds to (google/snappy, `format_description.txt`) behind what is there; `None` where it is damaged.
fn unsnapped(block: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (size, mut rest) = sevens(block).filter(|(size, _)| *size <= LARGEST)?;
    let start = out.len();
    while let Some((tag, after)) = rest.split_first() {
        let upper = usize::from(tag >> 2);
        let (length, offset, used) = match tag & 3 {
            0 => {
                // A length past sixty stands in as many bytes as it says more.
                let more = upper.saturating_sub(59);
                let length = if more == 0 { upper } else { little_at(after, 0, more)? };
                let literal = after.get(more..)?.get(..length.checked_add(1)?)?;
                out.extend_from_slice(literal);
                rest = after.get(more + literal.len()..)?;
                continue;
            }
            1 => (upper & 7, upper >> 3 << 8 | usize::from(*after.first()?), 1),
            2 => (upper, little_at(after, 0, 2)?, 2),
            _ => (upper, little_at(after, 0, 4)?, 4),
        };
        let length = if tag & 3 == 1 { length + 4 } else { length + 1 };
        copy(out, start, offset, length)?;
        rest = after.get(used..)?;
        if out.len() - start > size {
            return None;
        }
    }
    (out.len() - start == size).then_some(())
}

/// Repeats what stands so far back in this block; it may run into what it writes.
fn copy(out: &mut Vec<u8>, start: usize, offset: usize, length: usize) -> Option<()> {
    let from = out.len().checked_sub(offset).filter(|from| *from >= start && offset > 0)?;
    for at in from..from + length {
        let byte = *out.get(at)?;
        out.push(byte);
    }
    Some(())
}

/// The number of a message's kind, and its bytes.
type Message<'b> = (usize, &'b [u8]);

/// The messages of the next archive, each with the number of its kind, and what follows: a header that says how long each is stands before
/// them.
fn archive(bytes: &[u8]) -> Option<(Vec<Message<'_>>, &[u8])> {
    let (size, rest) = sevens(bytes)?;
    let (header, mut rest) = rest.split_at_checked(size)?;
    let mut messages = Vec::new();
    for info in fields(header).filter(|field| field.number == 2) {
        let of = |number: usize| fields(info.content).find(|it| it.number == number).map(|it| it.value);
        let (content, after) = rest.split_at_checked(of(3).unwrap_or(0))?;
        messages.push((of(1).unwrap_or(0), content));
        rest = after;
    }
    (size > 0).then_some((messages, rest))
}

/// A field of a message (Protocol Buffers, "Encoding").
struct Of<'a> {
    number: usize,
    /// What a number is; zero for others.
    value: usize,
    /// What a field of bytes holds; nothing for others.
    content: &'a [u8],
}

/// The fields of a message as far as it is one.
fn fields(bytes: &[u8]) -> impl Iterator<Item = Of<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (field, after) = field(rest)?;
        rest = after;
        Some(field)
    })
}

fn field(bytes: &[u8]) -> Option<(Of<'_>, &[u8])> {
    let (tag, rest) = sevens(bytes)?;
    let number = Some(tag >> 3).filter(|number| *number > 0)?;
    match tag & 7 {
        // Negative numbers have ten bytes.
        0 => {
            let end = rest.iter().take(10).position(|byte| byte & 0x80 == 0)?;
            let value = sevens(rest).map_or(0, |(value, _)| value);
            Some((Of { number, value, content: &[] }, rest.get(end + 1..)?))
        }
        1 => Some((Of { number, value: 0, content: &[] }, rest.get(8..)?)),
        2 => {
            let (size, rest) = sevens(rest)?;
            let (content, rest) = rest.split_at_checked(size)?;
            Some((Of { number, value: 0, content }, rest))
        }
        5 => Some((Of { number, value: 0, content: &[] }, rest.get(4..)?)),
        _ => None,
    }
}

/// Puts the texts of a message and of those inside it, a line each: bytes that read as text are text, others may be a message.
fn strings(message: &[u8], out: &mut String) {
    let mut open = vec![message];
    while let Some(rest) = open.pop() {
        let Some((field, after)) = field(rest) else { continue };
        open.push(after);
        match std::str::from_utf8(field.content) {
            Ok(text) if is_said(text) => {
                out.push_str(text);
                out.push('\n');
            }
            _ if open.len() < DEEPEST => open.push(field.content),
            _ => {}
        }
    }
}

fn is_said(text: &str) -> bool {
    let odd = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t' | '\r' | '\u{4}' | '\u{5}');
    text.chars().any(char::is_alphanumeric) && !text.chars().any(odd)
}

#[cfg(test)]
mod tests {
    use super::{is_archive, strings, unsnapped};

    #[test]
    fn a_block_is_unpacked_or_refused() {
        let clear = |block: &[u8]| {
            let mut out = Vec::new();
            unsnapped(block, &mut out).map(|()| String::from_utf8(out).unwrap())
        };
        assert_eq!(clear(b"\x08\x0CTREM\x01\x04").as_deref(), Some("TREMTREM"));
        assert_eq!(clear(b"\x09\0a\x1E\x01\0").as_deref(), Some("aaaaaaaaa"));
        assert_eq!(clear(b"\x04\xF0\x03TREM").as_deref(), Some("TREM"));
        for damaged in
            [&b"\x09\x0CTREM"[..], b"\x08\x0CTREM\x01\x05", b"\x04\x0CTRE", b"\xFF\xFF\xFF\x7F", b""]
        {
            assert_eq!(clear(damaged), None, "{damaged:?}");
        }
        assert!(is_archive(b"\0\x06\0\0\x04\x0CTREM") && !is_archive(b"\0\x06\0\0\x04\x0CTREMx"));
        assert!(!is_archive(b"") && !is_archive(b"\0\0\0\0"));
    }

    #[test]
    fn texts_are_found_at_any_depth() {
        let field = |content: &[u8]| [&[0x1A, u8::try_from(content.len()).unwrap()], content].concat();
        let mut message = field(&field(&[&field("Élise".as_bytes())[..], b"\x08\x96\x01"].concat()));
        message.extend(field(b"TREM 0412\nfin"));
        let mut out = String::new();
        strings(&message, &mut out);
        assert_eq!(out, "Élise\nTREM 0412\nfin\n");
    }
}
