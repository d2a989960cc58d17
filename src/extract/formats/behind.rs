//! What stands behind the end of a file: a part that programs pass over, and that whoever cuts the file there can read.

use std::io::Read;

use flate2::bufread::GzDecoder;
use memchr::memmem;

use super::{named, sweep, tar};
use crate::extract::kind;
use crate::extract::sink::Sink;
use crate::model::{Boundary, GapReason, Region};

/// Reads it as a file inside when it is text or of a known format, or has an archive in it. Of what is neither, words are kept; whether it
/// was neither.
pub fn put(rest: &[u8], sink: &mut Sink) -> bool {
    let trimmed = trimmed(rest);
    let strange = !known(rest, sink) && trimmed.iter().any(u8::is_ascii_alphanumeric);
    if strange {
        sink.text(Region::Hidden, sweep::words(trimmed), Boundary::Block);
    }
    strange
}

fn trimmed(rest: &[u8]) -> &[u8] {
    let blank = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    let start = rest.iter().position(|byte| !blank(byte)).unwrap_or(rest.len());
    let end = rest.iter().rposition(|byte| !blank(byte)).map_or(start, |last| last + 1);
    rest.get(start..end).unwrap_or_default()
}

/// Reads it as a file inside when it is text or of a known format, or has an archive in it; whether it did.
pub fn known(rest: &[u8], sink: &mut Sink) -> bool {
    let trimmed = trimmed(rest);
    if !trimmed.iter().any(u8::is_ascii_alphanumeric) {
        return false;
    }
    // Zeros at the end belong to a file, not to a text.
    let start = rest.iter().position(|byte| *byte != 0 && !byte.is_ascii_whitespace()).unwrap_or(0);
    let file = rest.get(start..).filter(|bytes| named("", bytes).is_some());
    let Some(whole) = file.or_else(|| kind::is_text(trimmed).then_some(trimmed)) else {
        return archive(trimmed, sink);
    };
    let copy = sink.copy(whole);
    sink.child(None, "", copy);
    true
}

/// Reads the first archive that stands somewhere in bytes of another format as a file inside; whether there is one. Programs that open one
/// look for it from the end, or whoever gets it cuts it out. A zip is found by its directory, wherever it is (`zip::BEHIND`).
pub fn archive(bytes: &[u8], sink: &mut Sink) -> bool {
    let at = MARKS.iter().filter_map(|(mark, before, proves)| {
        let starts = memmem::find_iter(bytes, mark).filter_map(|at| at.checked_sub(*before));
        let inner = starts.filter(|start| *start > 0);
        inner.take(MOST_TRIED).find(|start| bytes.get(*start..).is_some_and(proves))
    });
    let Some(rest) = at.min().and_then(|at| bytes.get(at..)) else { return false };
    let copy = sink.copy(rest);
    sink.child(None, "", copy);
    true
}

/// Most places of one mark that are looked at.
const MOST_TRIED: usize = 4096;

/// What tells that an archive begins where its mark is, by its next bytes.
type Proof = fn(&[u8]) -> bool;

/// Marks of archives (as their readers have them) and how many bytes stand before each, of which noise of the size of a film has none.
const MARKS: &[(&[u8], usize, Proof)] = &[
    (b"7z\xBC\xAF\x27\x1C\0", 0, |_| true),
    (b"Rar!\x1A\x07\0", 0, |_| true),
    (b"Rar!\x1A\x07\x01\0", 0, |_| true),
    (b"\xFD7zXZ\0\0", 0, |_| true),
    (b"MSCF\0\0\0\0", 0, |_| true),
    (b"BZh", 0, |rest| rest.get(4..10) == Some(b"1AY&SY")),
    (b"\x1F\x8B\x08", 0, is_gzip),
    (b"ustar", 257, tar::begins),
    (b"\x28\xB5\x2F\xFD", 0, is_zstd),
];

/// A header with sizes, and blocks that lead to a last one (RFC 8878, 3.1.1).
fn is_zstd(rest: &[u8]) -> bool {
    let blocks = || {
        let flags = *rest.get(4)?;
        let single = flags >> 5 & 1;
        let dictionary = *[0, 1, 2, 4].get(usize::from(flags & 3))?;
        let content = *[usize::from(single), 2, 4, 8].get(usize::from(flags >> 6))?;
        let mut at = 5 + usize::from(1 - single) + dictionary + content;
        loop {
            let [low, middle, high] = *rest.get(at..)?.first_chunk()?;
            let head = u32::from_le_bytes([low, middle, high, 0]);
            let size = usize::try_from(head >> 3).ok()?;
            // One byte that is repeated; the fourth kind is none.
            at += 3 + if head >> 1 & 3 == 1 { 1 } else { size };
            if head >> 1 & 3 == 3 || size > 128 << 10 {
                return None;
            }
            if head & 1 == 1 {
                return Some(at <= rest.len());
            }
        }
    };
    // A bit of the flags is kept for later.
    rest.get(4).is_some_and(|flags| flags & 8 == 0) && blocks() == Some(true)
}

/// Flags, level and system as the format has them (RFC 1952, 2.3.1), and content that unfolds.
fn is_gzip(rest: &[u8]) -> bool {
    let usual = matches!(rest.get(3..10), Some([0..=0x1F, _, _, _, _, 0 | 2 | 4, 0..=13 | 255]));
    let mut start = Vec::new();
    usual && GzDecoder::new(rest).take(4096).read_to_end(&mut start).is_ok() && !start.is_empty()
}

/// The same, of a format whose programs leave nothing there: what is neither text nor known is told.
pub fn tell(rest: &[u8], sink: &mut Sink) {
    if put(rest, sink) {
        sink.gap(GapReason::Malformed);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::archive;
    use crate::extract::budget::Budget;
    use crate::extract::sink::Sink;
    use crate::model::{Limits, Place};

    fn found(bytes: &[u8]) -> bool {
        let limits = Limits::default();
        let mut sink = Sink::new(Place::default(), false, Budget::new(&limits));
        sink.limits = limits;
        archive(bytes, &mut sink) && sink.children.len() == 1
    }

    #[test]
    fn an_archive_in_a_film_is_found_and_what_looks_like_its_mark_is_not() {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(b"Nom;NAM\nTremblay, Ana;TREM04121925\n").unwrap();
        let gzip = packer.finish().unwrap();
        assert!(found(&[b"ID3\x03\0\0", gzip.as_slice()].concat()));
        assert!(found(b"\0\0\0\x18ftypmp42 7z\xBC\xAF\x27\x1C\0\x04"));
        let mut tar = vec![0; 1024];
        tar[..9].copy_from_slice(b"liste.csv");
        tar[124..135].copy_from_slice(b"00000000003");
        tar[257..263].copy_from_slice(b"ustar\0");
        tar[148..156].fill(b' ');
        let sum: u32 = tar[..512].iter().map(|byte| u32::from(*byte)).sum();
        tar[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        assert!(found(&[b"ID3\x03\0\0", tar.as_slice()].concat()));
        assert!(!found(&[b"ID3\x03\0\0", &[0; 257][..], b"ustar", &[0; 300]].concat()));
        // A frame of one block of three bytes, and one that stops halfway.
        let zstd = b"\x28\xB5\x2F\xFD\x20\x03\x19\0\0abc";
        assert!(found(&[b"ID3\x03\0\0", zstd.as_slice()].concat()));
        assert!(!found(&[b"ID3\x03\0\0", &zstd[..11]].concat()));
        assert!(!found(b"ID3\x03\0\0\x28\xB5\x2F\xFD\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
        assert!(!found(&gzip), "it is the file itself");
        assert!(!found(b"ID3\x03\0\0\x1F\x8B\x08\0\0\0\0\0\0\x03\xFF\xFF\xFF\xFF\xFF"));
        assert!(!found(b"ID3 BZh9 7z Rar! MSCF"));
    }
}
