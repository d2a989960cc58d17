//! Comments of FLAC and Ogg (Xiph).

use encoding_rs::UTF_8;

use super::Said;
use crate::extract::endian::{big_at, little_at};
use crate::extract::parts::Parts;

/// Blocks, the first of which has no comments, and the last of which says that it is.
pub fn flac(bytes: &[u8], said: &mut Said) -> Option<()> {
    let mut blocks = Parts::of(bytes.strip_prefix(b"fLaC")?, |at| big_at(at, 1, 3)?.checked_add(4));
    while said.more() {
        // Comments are read past a size that says too little.
        let rest = blocks.rest();
        let mark = blocks.next()?.first()?;
        if mark & 0x7F == 4 {
            vorbis(rest.get(4..)?, said)?;
        }
        if mark & 0x80 != 0 {
            break;
        }
    }
    Some(())
}

/// Comments in the first pages.
pub fn ogg(bytes: &[u8], said: &mut Said) -> Option<()> {
    let start = bytes.get(..bytes.len().min(1 << 16)).filter(|start| start.starts_with(b"OggS"))?;
    for mark in [&b"\x03vorbis"[..], b"OpusTags"] {
        if let Some(at) = memchr::memmem::find(start, mark) {
            vorbis(bytes.get(at + mark.len()..)?, said)?;
        }
    }
    Some(())
}

/// Comments behind the name of the program that wrote them (Xiph, "Ogg Vorbis I format specification: comment field").
fn vorbis(bytes: &[u8], said: &mut Said) -> Option<()> {
    let list = bytes.get(little_at(bytes, 0, 4)?.checked_add(4)?..)?;
    let count = little_at(list, 0, 4)?;
    for comment in Parts::of(list.get(4..)?, |at| little_at(at, 0, 4)?.checked_add(4)).take(count) {
        if !said.more() {
            break;
        }
        let text = comment.get(4..)?;
        if little_at(comment, 0, 4)? > text.len() {
            return None;
        }
        if !text.to_ascii_uppercase().starts_with(b"METADATA_BLOCK_PICTURE") {
            said.push(UTF_8.decode(text).0.into_owned());
        }
    }
    Some(())
}
