//! Where pictures end (PNG 3rd edition, 5; ITU-T T.81, B; GIF89a): what programs put behind is another file.

use super::named;
use crate::extract::kind;
use crate::extract::sink::Sink;

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

fn png(bytes: &[u8]) -> Option<usize> {
    let mut at = bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(8usize)?;
    loop {
        // A length, a name, the content, a checksum.
        let next = at.checked_add(12)?.checked_add(number(bytes, at, 4)?)?;
        if bytes.get(at + 4..at + 8)? == b"IEND" {
            return Some(next);
        }
        at = next;
    }
}

fn jpeg(bytes: &[u8]) -> Option<usize> {
    let mut at = bytes.starts_with(b"\xFF\xD8").then_some(2usize)?;
    loop {
        at += memchr::memchr(0xFF, bytes.get(at..)?)?;
        match *bytes.get(at + 1)? {
            0xD9 => return Some(at + 2),
            // Filling, bytes of the picture, and marks without content.
            0xFF => at += 1,
            0 | 1 | 0xD0..=0xD8 => at += 2,
            _ => at = at.checked_add(2)?.checked_add(number(bytes, at + 2, 2)?.max(2))?,
        }
    }
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
