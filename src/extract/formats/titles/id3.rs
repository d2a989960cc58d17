//! Frames of ID3 (id3.org, 2.2 to 2.4) at the start of a sound, and the fields of version 1 at its end.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use super::{Said, plain};
use crate::extract::endian::big;

/// Frames at the start of a sound, each with a name, a size and an encoding.
pub fn id3(bytes: &[u8], said: &mut Said) -> Option<()> {
    let head = bytes.strip_prefix(b"ID3")?;
    let (version, flags, size) = (*head.first()?, *head.get(2)?, seven_bits(head.get(3..7)?));
    let body = head.get(7..)?;
    let body = body.get(..size).unwrap_or(body);
    // A zero put behind every 255 is taken out again.
    let undone = (flags & 0x80 != 0).then(|| unstuffed(body));
    let mut rest = undone.as_deref().unwrap_or(body);
    if flags & 0x40 != 0 {
        let size = if version < 4 { big(rest.get(..4)?) + 4 } else { seven_bits(rest.get(..4)?) };
        rest = rest.get(size..)?;
    }
    while said.more() {
        let (name, size, start) = match version {
            2 => (rest.get(..3)?, big(rest.get(3..6)?), 6),
            3 => (rest.get(..4)?, big(rest.get(4..8)?), 10),
            _ => (rest.get(..4)?, seven_bits(rest.get(4..8)?), 10),
        };
        let content = rest.get(start..)?;
        let content = content.get(..size).unwrap_or(content);
        match name {
            b"TSSE" | b"TENC" => {}
            [0, ..] => return None,
            [b'T', ..] => said.push(id3_text(content)),
            b"COMM" | b"COM" | b"USLT" | b"ULT" => {
                let text = content.get(4..).unwrap_or_default();
                said.push(id3_text(&[content.get(..1)?, text].concat()));
            }
            [b'W', ..] => said.push(plain(content)),
            _ => {}
        }
        rest = rest.get(start + size..)?;
    }
    None
}

/// A text behind the number of its encoding; where there are several, each begins with its own mark.
fn id3_text(content: &[u8]) -> String {
    let Some((encoding, text)) = content.split_first() else { return String::new() };
    match (encoding, text) {
        (1, [0xFE, 0xFF, ..]) | (2, _) => UTF_16BE.decode(text).0.replace('\u{FFFE}', ""),
        (1, _) => UTF_16LE.decode(text).0.replace('\u{FEFF}', ""),
        (3, _) => UTF_8.decode(text).0.into_owned(),
        _ => plain(text),
    }
}

fn unstuffed(bytes: &[u8]) -> Vec<u8> {
    let mut before = 0;
    let kept = bytes.iter().filter(|byte| {
        let stuffing = before == 0xFF && **byte == 0;
        before = **byte;
        !stuffing
    });
    kept.copied().collect()
}

/// Fields of fixed size in the last bytes of a sound: title, artist, album, year, comment.
pub fn id3_of_old(bytes: &[u8], said: &mut Said) -> Option<()> {
    let last = bytes.get(bytes.len().checked_sub(128)?..)?.strip_prefix(b"TAG")?;
    for field in [0..30, 30..60, 60..90, 94..124] {
        let field = last.get(field)?;
        let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
        said.push(plain(field.get(..end)?));
    }
    Some(())
}

/// A number of which each byte holds seven bits.
fn seven_bits(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7F))
}
