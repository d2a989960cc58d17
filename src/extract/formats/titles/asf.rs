//! Objects of Windows Media.

use encoding_rs::UTF_16LE;

use super::Said;
use crate::extract::endian::{little, little_at};
use crate::extract::parts::Parts;

/// Objects of the header ([ASF], 3.10 and 3.11): title, author, copyright, description, rating; further fields with their names.
pub fn windows_media(bytes: &[u8], said: &mut Said) -> Option<()> {
    const MARK: &[u8] = b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";
    const USUAL: &[u8] = b"\x33\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";
    const FURTHER: &[u8] = b"\x40\xA4\xD0\xD2\x07\xE3\xD2\x11\x97\xF0\x00\xA0\xC9\x5E\xA8\x50";
    let objects = bytes.strip_prefix(MARK)?.get(14..)?;
    let size = |at: &[u8]| little_at(at, 16, 8).filter(|size| (24..=at.len()).contains(size));
    for object in Parts::of(objects, size) {
        if !said.more() {
            break;
        }
        let content = object.get(24..)?;
        if object.starts_with(USUAL) {
            usual(content, said)?;
        } else if object.starts_with(FURTHER) {
            further(content, said).unwrap_or_default();
        }
    }
    Some(())
}

/// Five texts behind their sizes.
fn usual(content: &[u8], said: &mut Said) -> Option<()> {
    let mut text = content.get(10..)?;
    for size in content.get(..10)?.as_chunks::<2>().0 {
        let (field, after) = text.split_at_checked(little(size))?;
        said.push(UTF_16LE.decode(field).0.into_owned());
        text = after;
    }
    Some(())
}

fn further(content: &[u8], said: &mut Said) -> Option<()> {
    let mut rest = content.get(2..)?;
    for _ in 0..little(content.get(..2)?) {
        rest = rest.get(2 + little(rest.get(..2)?)..)?;
        let (kind, size) = (little(rest.get(..2)?), little(rest.get(2..4)?));
        let value = rest.get(4..)?.get(..size)?;
        if kind == 0 {
            said.push(UTF_16LE.decode(value).0.into_owned());
        }
        rest = rest.get(4 + size..)?;
    }
    Some(())
}
