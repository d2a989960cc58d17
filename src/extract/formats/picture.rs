//! What pictures say beside what they show (PNG 3rd edition, 5 and 11.3; ITU-T T.81, B; GIF89a): comments and fields, and what programs put
//! behind their end, which is another file.

use flate2::bufread::ZlibDecoder;

use super::{exif, named};
use crate::extract::endian::big_at;
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
            (0xED, content) => captions(content).unwrap_or_default(),
            _ => continue,
        };
        sink.text(Region::Comment, said, Boundary::Block);
    }
    sink.text(Region::Comment, gif_said(bytes).unwrap_or_default(), Boundary::Block);
    let said = fields(bytes, sink);
    sink.text(Region::Comment, said, Boundary::Block);
}

/// Titles, names and captions of the press (IPTC-IIM 4.2, 6: the second record), in a block that Photoshop names 0x0404.
fn captions(content: &[u8]) -> Option<String> {
    let mut said = String::new();
    let mut rest = content.strip_prefix(b"Photoshop 3.0\0")?;
    while let Some(block) = rest.strip_prefix(b"8BIM") {
        // A number, a name behind its size, both even; the size of the content.
        let name = usize::from(*block.get(2)?) + 1;
        let start = 2 + name + name % 2;
        let size = big_at(block, start, 4)?;
        let inside = block.get(start + 4..)?;
        if big_at(block, 0, 2) == Some(0x0404) {
            put_captions(inside.get(..size).unwrap_or(inside), &mut said);
        }
        rest = inside.get(size.checked_add(size % 2)?..).unwrap_or_default();
    }
    Some(said)
}

fn put_captions(mut rest: &[u8], said: &mut String) {
    while let [0x1C, record, field, ..] = rest {
        let size = big_at(rest, 3, 2).unwrap_or(usize::MAX);
        let Some(text) = rest.get(5..).and_then(|rest| rest.get(..size)) else { break };
        // The first field says the version, those from 200 on are pictures.
        if *record == 2 && (1..200).contains(field) {
            said.push_str(&charset::decode(text, None));
            said.push('\n');
        }
        rest = rest.get(5 + size..).unwrap_or_default();
    }
}

/// Comments of a GIF, and text that it draws (GIF89a, 24 and 25).
fn gif_said(bytes: &[u8]) -> Option<String> {
    let mut said = Vec::new();
    let mut at = gif_start(bytes)?;
    while let Some(mark) = bytes.get(at) {
        let next = match mark {
            0x21 => blocks(bytes, at + 2),
            0x2C => blocks(bytes, at + 11 + gif_table(*bytes.get(at + 9)?)),
            _ => None,
        };
        let from = match bytes.get(at + 1).filter(|_| *mark == 0x21) {
            Some(0xFE) => Some(at + 2),
            // Where the text stands comes first.
            Some(1) => Some(at + 15),
            _ => None,
        };
        let mut place = from.unwrap_or(bytes.len());
        while let Some(size) = bytes.get(place).map(|size| usize::from(*size)).filter(|size| *size > 0) {
            said.extend(
                bytes.get(place + 1..).map(|rest| rest.get(..size).unwrap_or(rest)).unwrap_or_default(),
            );
            place += size + 1;
        }
        if from.is_some() {
            said.push(b'\n');
        }
        let Some(next) = next else { break };
        at = next;
    }
    Some(charset::decode(&said, None))
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

/// Where a PNG ends.
fn png(bytes: &[u8]) -> Option<usize> {
    png_chunks(bytes).find(|(name, ..)| *name == b"IEND").map(|(.., end)| end)
}

/// Names and contents of the chunks of a PNG, and where each ends.
fn png_chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8], usize)> {
    let mut at = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") { 8 } else { usize::MAX };
    std::iter::from_fn(move || {
        // A length, a name, the content, a checksum.
        let size = big_at(bytes, at, 4)?;
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
                    let size = big_at(rest, 0, 2)?.max(2);
                    at = at.checked_add(2)?.checked_add(size)?;
                    return Some((mark, rest.get(2..size).unwrap_or_default()));
                }
            }
        }
    })
}

/// The size of a table of colours.
fn gif_table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3usize << ((flags & 7) + 1) }
}

/// Where the first block of a GIF is.
fn gif_start(bytes: &[u8]) -> Option<usize> {
    let known = bytes.starts_with(b"GIF8");
    13usize.checked_add(gif_table(*bytes.get(10).filter(|_| known)?))
}

fn gif(bytes: &[u8]) -> Option<usize> {
    let mut at = gif_start(bytes)?;
    loop {
        match bytes.get(at)? {
            0x3B => return Some(at + 1),
            0x21 => at = blocks(bytes, at + 2)?,
            0x2C => at = blocks(bytes, at + 11 + gif_table(*bytes.get(at + 9)?))?,
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
