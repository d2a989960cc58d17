//! What a Mac puts beside files: AppleDouble (RFC 1740, appendix B: `._name`, `__MACOSX/`) and the list of a folder (`.DS_Store`).
//!
//! In: bytes. Out: names, comments and attributes. Both say where their parts lie; what is in them and not of them is told as not read.

use encoding_rs::UTF_16BE;

use super::{Format, named, sweep};
use crate::extract::endian::big_at;
use crate::extract::kind;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, Region};

/// Takes a header with the mark, the version and entries that lie in the file.
pub const DOUBLE: Format =
    Format { behind: false, name: "appledouble", claims: is_double, read: read_double };
/// Takes a header that says twice where its list is.
pub const FOLDER: Format = Format { behind: false, name: "ds-store", claims: is_folder, read: read_folder };

/// Attributes up to this size are flags, times and numbers; larger ones are files.
const SMALL: usize = 256;
/// Where attributes begin behind what the Finder knows of a file, and the mark they begin with.
const ATTRIBUTES: (usize, &[u8]) = (34, b"ATTR");

fn is_double(source: &Source<'_>) -> bool {
    source.bytes.starts_with(b"\0\x05\x16\x07\0\x02\0\0") && entries(&source.bytes).is_some()
}

/// What each entry is, where it starts and ends.
fn entries(bytes: &[u8]) -> Option<Vec<(usize, usize, usize)>> {
    let count = big_at(bytes, 24, 2).filter(|count| (1..=16).contains(count))?;
    let entry = |at: usize| {
        let start = big_at(bytes, at + 4, 4)?;
        let end = start.checked_add(big_at(bytes, at + 8, 4)?)?;
        (start >= 26 + count * 12 && end <= bytes.len()).then_some((big_at(bytes, at, 4)?, start, end))
    };
    (0..count).map(|index| entry(26 + index * 12)).collect()
}

fn read_double(source: &Source<'_>, sink: &mut Sink) {
    let bytes: &[u8] = &source.bytes;
    let mut last = 0;
    for (kind, start, end) in entries(bytes).unwrap_or_default() {
        let content = bytes.get(start..end).unwrap_or_default();
        last = last.max(end);
        match kind {
            3 | 4 => sink.text(Region::Comment, charset::decode(content, None), Boundary::Block),
            9 if content.get(ATTRIBUTES.0..).is_some_and(|rest| rest.starts_with(ATTRIBUTES.1)) => {
                // Attributes say where they are in the file and not in the entry.
                attributes(bytes, start, end, sink).unwrap_or_else(|| sink.gap(GapReason::Malformed));
            }
            // The other fork: a Mac leaves it without resources.
            2 if content.len() > 286 => part(content, sink),
            _ => sink.text(Region::Hidden, sweep::words(content), Boundary::Block),
        }
    }
    if bytes.get(last..).is_some_and(|rest| rest.iter().any(|byte| *byte != 0)) {
        sink.gap(GapReason::Malformed);
    }
}

/// Attributes of a file (Apple, `copyfile.c`): a table of places, sizes and names.
fn attributes(bytes: &[u8], start: usize, end: usize, sink: &mut Sink) -> Option<()> {
    let head = start + ATTRIBUTES.0;
    let count = big_at(bytes, head + 34, 2)?;
    let mut at = head + 36;
    let mut covered = 0usize;
    for _ in 0..count {
        let place = big_at(bytes, at, 4)?;
        let size = big_at(bytes, at + 4, 4)?;
        let length = big_at(bytes, at + 10, 1)?;
        let name = bytes.get(at + 11..)?.get(..length)?;
        let value =
            bytes.get(place..place.checked_add(size)?).filter(|_| place >= start && place + size <= end)?;
        // Attributes do not share bytes: a table that says otherwise would be read many times over.
        covered = covered.checked_add(size).filter(|covered| *covered <= end - start)?;
        sink.text(Region::Property, charset::decode(name, None).replace('\0', ""), Boundary::Block);
        part(value, sink);
        // Entries stand at places that four divides.
        at = (at + 11 + length).next_multiple_of(4);
        if at > end {
            return None;
        }
    }
    // Room for further attributes is empty.
    let rest = bytes.get(at..end)?.iter().filter(|byte| **byte != 0).count();
    (rest <= covered).then_some(())
}

/// A list of strings, a text, a file that is read, or a few bytes.
fn part(value: &[u8], sink: &mut Sink) {
    if value.len() <= SMALL || value.starts_with(b"bplist00") && value.len() <= 1 << 16 && !is_noise(value) {
        return sink.text(Region::Property, strings(value), Boundary::Block);
    }
    if kind::is_text(value) || named("", value).is_some() {
        let copy = sink.copy(value);
        return sink.child(None, "", copy);
    }
    sink.text(Region::Hidden, strings(value), Boundary::Block);
    sink.gap(GapReason::Unsupported);
}

fn is_folder(source: &Source<'_>) -> bool {
    let bytes: &[u8] = &source.bytes;
    let (place, again) = (big_at(bytes, 8, 4), big_at(bytes, 16, 4));
    let end =
        place.zip(big_at(bytes, 12, 4)).and_then(|(place, size)| place.checked_add(size)?.checked_add(4));
    bytes.starts_with(b"\0\0\0\x01Bud1") && place == again && end.is_some_and(|end| end <= bytes.len())
}

/// Names of files, and what people wrote about them (by the notes of W. Farrier and M. Bauer on the format).
fn read_folder(source: &Source<'_>, sink: &mut Sink) {
    sink.text(Region::Hidden, strings(&source.bytes), Boundary::Block);
    if is_noise(&source.bytes) {
        sink.gap(GapReason::Unsupported);
    }
}

/// Words in one byte and in two, at even places and odd.
fn strings(bytes: &[u8]) -> String {
    let mut out = sweep::words(bytes);
    for start in [0, 1] {
        let units = bytes.get(start..).unwrap_or_default().as_chunks::<2>().0;
        let letter = |pair: &[u8; 2]| matches!(u16::from_be_bytes(*pair), 0x20..=0x7E | 0xC0..=0x17F | 0x2019 | 0x300..=0x36F);
        for run in units.chunk_by(|one, next| letter(one) == letter(next)) {
            if run.len() >= 3 && run.iter().all(letter) {
                out.push_str(&UTF_16BE.decode_without_bom_handling(run.as_flattened()).0);
                out.push('\n');
            }
        }
    }
    out
}

/// Whether some stretch is as packed bytes are: half of them past ASCII, and hardly a zero.
fn is_noise(bytes: &[u8]) -> bool {
    bytes.chunks(SMALL).filter(|chunk| chunk.len() >= SMALL / 2).any(|chunk| {
        let high = chunk.iter().filter(|byte| !byte.is_ascii()).count();
        let zeros = chunk.iter().filter(|byte| **byte == 0).count();
        high * 10 > chunk.len() * 3 && zeros * 25 < chunk.len()
    })
}

#[cfg(test)]
mod tests {
    use super::{GapReason, Sink, Source, is_double, is_folder, read_double, read_folder};
    use crate::mime::Params;

    fn source(bytes: &[u8]) -> Source<'_> {
        Source { media: Params::default(), name: None, bytes: bytes.into() }
    }

    fn said(bytes: &[u8], read: fn(&Source<'_>, &mut Sink)) -> (String, Vec<GapReason>) {
        let mut sink = Sink::default();
        sink.budget = crate::extract::budget::Budget::new(&crate::model::Limits::default());
        sink.limits = crate::model::Limits::default();
        read(&source(bytes), &mut sink);
        let text = sink.segments.iter().map(|segment| segment.text.reveal()).collect();
        (text, sink.gaps.iter().map(|gap| gap.reason).collect())
    }

    /// The beginning of packed bytes.
    fn noise(size: u32) -> Vec<u8> {
        (0..size).map(|at| (at.wrapping_mul(2_654_435_761) >> 23).to_le_bytes()[0] | 1).collect()
    }

    #[test]
    fn a_comment_is_read_and_noise_is_told() {
        let head = |kind: u8, size: u8| {
            [
                &b"\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\x01\0\0\0"[..],
                &[kind, 0, 0, 0, 38, 0, 0, 2, size],
            ]
            .concat()
        };
        let comment = [head(4, 0), b"TREM 0412 ".repeat(52)[..512].to_vec()].concat();
        assert!(is_double(&source(&comment)));
        assert_eq!(said(&comment, read_double).1, []);
        assert!(said(&comment, read_double).0.contains("TREM 0412"));
        let packed = [head(2, 0), noise(512)].concat();
        assert_eq!(said(&packed, read_double).1, [GapReason::Unsupported]);
        let behind = [comment.as_slice(), b"7z"].concat();
        assert_eq!(said(&behind, read_double).1, [GapReason::Malformed]);
        assert!(!is_double(&source(&comment[..400])));
        for end in 0..packed.len() {
            said(&packed[..end], read_double);
        }
    }

    #[test]
    fn a_list_of_a_folder_has_names() {
        let name: Vec<u8> = "Zoé Roy.pdf".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let list = [&b"\0\0\0\x01Bud1\0\0\x01\0\0\0\x01\0\0\0\x01\0"[..], &name, &[0; 600]].concat();
        assert!(is_folder(&source(&list)));
        let (text, gaps) = said(&list, read_folder);
        assert!(text.contains("Zoé Roy.pdf") && gaps.is_empty(), "{text} {gaps:?}");
        assert_eq!(said(&[list, noise(600)].concat(), read_folder).1, [GapReason::Unsupported]);
    }
}
