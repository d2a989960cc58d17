//! What pictures say beside what they show (PNG 3rd edition, 5 and 11.3; ITU-T T.81, B; GIF89a): comments and fields, and what programs put
//! behind their end, which is another file.

use flate2::bufread::ZlibDecoder;

use super::{exif, named};
use crate::extract::kind;
use crate::extract::sink::Sink;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, Region};

/// Puts the comments of a picture and the words of its fields.
pub fn put_said(bytes: &[u8], sink: &mut Sink) {
    for (name, content, _) in png_chunks(bytes) {
        let said = match name {
            b"tEXt" | b"zTXt" | b"iTXt" => png_text(name, content, sink).unwrap_or_default(),
            b"eXIf" => fields(content, sink),
            _ => continue,
        };
        sink.text(Region::Comment, said, Boundary::Block);
    }
    for (mark, content) in jpeg_segments(bytes) {
        let said = match (mark, content) {
            (0xFE, content) => charset::decode(content, None),
            (0xE1, [b'E', b'x', b'i', b'f', 0, 0, tables @ ..]) => fields(tables, sink),
            _ => continue,
        };
        sink.text(Region::Comment, said, Boundary::Block);
    }
    let said = fields(bytes, sink);
    sink.text(Region::Comment, said, Boundary::Block);
}

/// The words of its fields; that there are more is told.
fn fields(bytes: &[u8], sink: &mut Sink) -> String {
    let (said, whole) = exif::said(bytes);
    if !whole {
        sink.gap(GapReason::TooLarge);
    }
    said
}

/// Keywords of what programs write.
const MACHINE: &[&[u8]] = &[b"Software", b"Creation Time", b"date:create", b"date:modify", b"date:timestamp"];

/// A text behind its keyword, which may be packed (11.3.3.2 to 11.3.3.4).
fn png_text(name: &[u8], content: &[u8], sink: &mut Sink) -> Option<String> {
    let (keyword, rest) = content.split_at_checked(memchr::memchr(0, content)?)?;
    let rest = rest.get(1..).filter(|_| !MACHINE.contains(&keyword))?;
    let (packed, text) = match name {
        b"tEXt" => (false, rest),
        b"zTXt" => (true, rest.get(1..)?),
        // Whether it is packed, how, its language, and the keyword in that.
        _ => (rest.first() == Some(&1), rest.get(2..)?.splitn(3, |byte| *byte == 0).nth(2)?),
    };
    let text = if packed { sink.unpack(ZlibDecoder::new(text), text.len()) } else { text.to_vec() };
    Some(format!("{}: {}", charset::decode(keyword, None), charset::decode(&text, None)))
}

/// Reads what stands behind the end of a picture as a file inside, when it is text or of a known format. Cameras put further pictures and
/// numbers of their own there.
pub fn put_behind(bytes: &[u8], sink: &mut Sink) {
    let end = png(bytes).or_else(|| jpeg(bytes)).or_else(|| gif(bytes));
    let rest = end.and_then(|end| bytes.get(end..)).unwrap_or_default();
    let start = rest.iter().position(|byte| *byte != 0).unwrap_or(rest.len());
    let rest = rest.get(start..).unwrap_or_default();
    let says = rest.iter().filter(|byte| byte.is_ascii_alphanumeric()).count() >= 4;
    if says && (named("", rest).is_some() || kind::is_text(rest)) {
        let copy = sink.unpack(rest, rest.len());
        sink.child(None, "", copy);
    }
}

/// A big-endian number of `size` bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    let digits = bytes.get(at..at.checked_add(size)?)?;
    Some(digits.iter().fold(0, |number, digit| number << 8 | usize::from(*digit)))
}

/// Where a PNG ends.
fn png(bytes: &[u8]) -> Option<usize> {
    png_chunks(bytes).find(|(name, ..)| *name == b"IEND").map(|(.., end)| end)
}

/// Names and contents of the chunks of a PNG, and where each ends.
fn png_chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8], usize)> {
    let mut at = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") { 8 } else { usize::MAX };
    std::iter::from_fn(move || {
        // A length, a name, the content, a checksum.
        let size = number(bytes, at, 4)?;
        let chunk = bytes.get(at.checked_add(4)?..)?;
        at = at.checked_add(12)?.checked_add(size)?;
        Some((chunk.get(..4)?, chunk.get(4..)?.get(..size)?, at))
    })
}

/// Where a JPEG ends.
fn jpeg(bytes: &[u8]) -> Option<usize> {
    jpeg_segments(bytes).find(|(mark, _)| *mark == 0xD9).map(|(_, rest)| bytes.len() - rest.len())
}

/// Marks and contents of the segments of a JPEG; that of its end has what stands behind.
fn jpeg_segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = if bytes.starts_with(b"\xFF\xD8") { 2 } else { usize::MAX };
    std::iter::from_fn(move || {
        loop {
            at += memchr::memchr(0xFF, bytes.get(at..)?)?;
            let mark = *bytes.get(at + 1)?;
            let rest = bytes.get(at + 2..)?;
            match mark {
                0xD9 => {
                    at = bytes.len();
                    return Some((mark, rest));
                }
                // Filling, bytes of the picture, and marks without content.
                0xFF => at += 1,
                0 | 1 | 0xD0..=0xD8 => at += 2,
                _ => {
                    let size = number(rest, 0, 2)?.max(2);
                    at = at.checked_add(2)?.checked_add(size)?;
                    return Some((mark, rest.get(2..size).unwrap_or_default()));
                }
            }
        }
    })
}

fn gif(bytes: &[u8]) -> Option<usize> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3usize << ((flags & 7) + 1) };
    let known = bytes.starts_with(b"GIF8");
    let mut at = 13usize.checked_add(table(*bytes.get(10).filter(|_| known)?))?;
    loop {
        match bytes.get(at)? {
            0x3B => return Some(at + 1),
            0x21 => at = blocks(bytes, at + 2)?,
            0x2C => at = blocks(bytes, at + 11 + table(*bytes.get(at + 9)?))?,
            _ => return None,
        }
    }
}

/// Behind a chain of blocks, each with its size before it.
fn blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let size = usize::from(*bytes.get(at)?);
        at += size + 1;
        if size == 0 {
            return Some(at);
        }
    }
}
