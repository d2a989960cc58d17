//! Chunks of WAVE, AIFF and AVI.

use super::id3::id3;
use super::{Said, plain};
use crate::extract::endian::{big_at, little_at};
use crate::extract::parts::Parts;

/// Chunks with a name and a size (Microsoft, "Multimedia Programming Interface", 2: RIFF; Apple, "Audio Interchange File Format").
pub fn riff(bytes: &[u8], said: &mut Said) -> Option<()> {
    let number = match bytes.get(..4)? {
        b"RIFF" => little_at,
        b"FORM" => big_at,
        _ => return None,
    };
    let padded = |at: &[u8]| number(at, 4, 4).map(|size| size.saturating_add(8 + size % 2));
    let mut pending = vec![(bytes.get(12..)?, false)];
    while let Some((within, fields)) = pending.pop() {
        for chunk in Parts::of(within, padded) {
            if !said.more() {
                break;
            }
            let (name, content) = (chunk.get(..4)?, chunk.get(8..)?);
            let content = number(chunk, 4, 4).and_then(|size| content.get(..size)).unwrap_or(content);
            match name {
                // The frames of a film.
                b"LIST" if content.starts_with(b"movi") => {}
                b"LIST" if pending.len() < 64 => {
                    pending.push((content.get(4..).unwrap_or_default(), content.starts_with(b"INFO")));
                }
                b"ISFT" => {}
                b"NAME" | b"AUTH" | b"(c) " | b"ANNO" => said.push(plain(content)),
                // What a broadcast is, who made it.
                b"bext" => said.push(plain(content.get(..320).unwrap_or(content))),
                b"id3 " | b"ID3 " => id3(content, said).unwrap_or_default(),
                _ if fields => said.push(plain(content)),
                _ => {}
            }
        }
    }
    Some(())
}
