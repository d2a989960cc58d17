//! Property lists of Apple in bytes (CoreFoundation, `CFBinaryPList.c`): what a program of a Mac knows of a document.
//!
//! In: a list. Out: its texts, a line each, and the files and lists in its data. Numbers and dates say nothing of anyone.

use encoding_rs::UTF_16BE;

use super::Format;
use crate::extract::endian::{big, big_at};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, Region};

/// Takes a list whose last bytes say where the others are.
pub const FORMAT: Format =
    Format { behind: false, name: "plist", claims: |source| objects(&source.bytes).is_some(), read };

/// Bytes at the end that say where the objects are.
const END: usize = 32;
/// Fewest bytes of data that may be a file.
const LEAST: usize = 16;

/// Where each object begins.
fn objects(bytes: &[u8]) -> Option<impl Iterator<Item = Option<&[u8]>>> {
    let end = bytes.len().checked_sub(END).filter(|_| bytes.starts_with(b"bplist0"))?;
    let size = big_at(bytes, end + 6, 1).filter(|size| (1..=8).contains(size))?;
    let count = big_at(bytes, end + 8, 8)?;
    let table = big_at(bytes, end + 24, 8)?;
    let table = bytes.get(table..table.checked_add(count.checked_mul(size)?)?)?;
    Some(table.chunks_exact(size).map(move |place| bytes.get(big(place)..end)))
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let Some(objects) = objects(&source.bytes) else { return sink.gap(GapReason::Malformed) };
    let (mut said, mut data) = (String::new(), Vec::new());
    // Objects do not share bytes: a table that says otherwise would be read many times over.
    let mut room = source.bytes.len();
    for object in objects {
        let Some((kind, content)) = object.and_then(content) else { continue };
        let Some(left) = room.checked_sub(content.len()) else {
            sink.gap(GapReason::Malformed);
            break;
        };
        room = left;
        match kind {
            4 if content.len() >= LEAST => data.push(content),
            5 => said.push_str(&charset::decode(content, None)),
            6 => said.push_str(&UTF_16BE.decode_without_bom_handling(content).0),
            7 => said.push_str(&String::from_utf8_lossy(content)),
            _ => continue,
        }
        said.push('\n');
    }
    sink.text(Region::Property, said, Boundary::Block);
    for content in data {
        let copy = sink.unpack(content, content.len());
        sink.child(None, "", copy);
    }
}

/// The kind of an object and what it holds; a size past fourteen stands behind, as a number.
fn content(object: &[u8]) -> Option<(u8, &[u8])> {
    let (mark, rest) = object.split_first()?;
    let (kind, size) = (mark >> 4, usize::from(mark & 15));
    let (count, rest) = if size < 15 {
        (size, rest)
    } else {
        let (mark, rest) = rest.split_first()?;
        let (number, rest) = rest.split_at_checked(1 << (mark & 3))?;
        (big(number), rest)
    };
    let width = if kind == 6 { 2 } else { 1 };
    let held = matches!(kind, 4..=7).then(|| rest.get(..count.checked_mul(width)?)).flatten();
    Some((kind, held.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::{content, objects};

    #[test]
    fn objects_are_found_by_the_table_at_the_end() {
        let mut bytes = b"bplist00\x54TREM\x61\0\xC9\x08\x0D".to_vec();
        bytes.extend([
            0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16,
        ]);
        let all: Vec<_> = objects(&bytes).unwrap().map(|object| content(object.unwrap()).unwrap()).collect();
        assert_eq!(all, [(5, &b"TREM"[..]), (6, &b"\0\xC9"[..])]);
        for end in 0..bytes.len() {
            assert!(objects(&bytes[..end]).is_none());
        }
        assert_eq!(content(b"\x5F\x10\x04TREM"), Some((5, &b"TREM"[..])));
        assert_eq!(content(b"\x5F\x13\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFTREM"), Some((5, &b""[..])));
    }
}
