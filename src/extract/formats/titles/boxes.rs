//! Boxes of MP4 and QuickTime.

use encoding_rs::{UTF_8, UTF_16BE};

use super::{Said, plain};
use crate::extract::endian::big_at;
use crate::extract::parts::Parts;

/// Boxes that hold boxes, down to the values of fields (QuickTime File Format, "User data atoms"; 3GPP TS 26.244, 8).
pub fn boxes(bytes: &[u8], said: &mut Said) -> Option<()> {
    if !matches!(bytes.get(4..8)?, b"ftyp" | b"wide" | b"mdat" | b"moov" | b"free" | b"skip" | b"pnot") {
        return None;
    }
    let mut pending = vec![(bytes, false)];
    while let Some((within, fields)) = pending.pop() {
        for part in Parts::of(within, size) {
            if !said.more() {
                break;
            }
            let head = if big_at(part, 0, 4) == Some(1) { 16 } else { 8 };
            let (Some(name), Some(content)) = (part.get(4..8), part.get(head..)) else { break };
            match name {
                b"moov" | b"udta" | b"trak" => pending.push((content, false)),
                b"ilst" => pending.push((content, true)),
                b"meta" => {
                    let plain = content.get(4..8) == Some(b"hdlr");
                    pending.push((if plain { content } else { content.get(4..).unwrap_or_default() }, false));
                }
                b"data" => said.fields.extend(data(content)),
                _ if fields => pending.push((content, false)),
                [0xA9, ..] => said.fields.extend(content.get(4..).map(plain)),
                b"titl" | b"dscp" | b"cprt" | b"perf" | b"auth" => {
                    said.fields.extend(content.get(6..).map(plain));
                }
                _ => {}
            }
        }
    }
    Some(())
}

/// The size of a box, which may stand behind its name, or be all that is left.
fn size(at: &[u8]) -> Option<usize> {
    let size = match big_at(at, 0, 4)? {
        0 => at.len(),
        1 => big_at(at, 8, 8)?,
        size => size,
    };
    at.get(4..8).map(|_| size.max(8))
}

/// The text of a value, in UTF-8 or UTF-16 as it says.
fn data(content: &[u8]) -> Option<String> {
    let text = content.get(8..)?;
    match big_at(content, 0, 4)? {
        1 => Some(UTF_8.decode(text).0.into_owned()),
        2 => Some(UTF_16BE.decode(text).0.into_owned()),
        _ => None,
    }
}
