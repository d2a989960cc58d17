//! What people write into the fields of a picture (Exif 3.0, 4.6; TIFF 6.0, 2; the fields of Windows by its documentation of properties).
//!
//! In: the tables that a camera fills. Out: titles, descriptions, comments, names; not the names of machines, times and measures.

use encoding_rs::{UTF_16BE, UTF_16LE};

use crate::extract::endian::{big, little};
use crate::mime::charset;

/// Fields in bytes: names of document and page, description, artist, copyright, owner.
const WORDS: &[usize] = &[0x10D, 0x10E, 0x11D, 0x13B, 0x8298, 0xA430];
/// Those of Windows, in two bytes: title, comment, author, keywords, subject.
const WIDE: std::ops::RangeInclusive<usize> = 0x9C9B..=0x9C9F;
/// A comment behind eight bytes that name its charset.
const COMMENT: usize = 0x9286;
/// Where another table stands: of the camera.
const TABLE: usize = 0x8769;
/// Most tables followed.
const MOST: usize = 8;

/// The words of the fields, a line each, and whether those are all: fields do not share bytes, so that together they are no longer than
/// the file.
#[must_use]
pub fn said(bytes: &[u8]) -> (String, bool) {
    let number = match bytes.get(..4) {
        Some(b"II*\0") => little,
        Some(b"MM\0*") => big,
        _ => return (String::new(), true),
    };
    let tables = Tables { bytes, number };
    let (mut said, mut next, mut left) = (String::new(), tables.at(4, 4), MOST);
    let (mut pending, mut room) = (Vec::new(), bytes.len());
    while let Some(table) = next.filter(|table| *table > 0 && left > 0) {
        left -= 1;
        let count = tables.at(table, 2).unwrap_or(0);
        for entry in (0..count).map_while(|entry| bytes.get(table + 2 + entry * 12..)?.get(..12)) {
            let tag = number(entry.get(..2).unwrap_or_default());
            if tag == TABLE {
                pending.push(number(entry.get(8..).unwrap_or_default()));
            } else if let Some(value) = tables.value(tag, entry) {
                let Some(left) = room.checked_sub(value.len()) else { return (said, false) };
                room = left;
                let words = tables.words(tag, value).filter(|words| !words.trim().is_empty());
                said.extend(words.into_iter().flat_map(|words| [words, "\n".to_owned()]));
            }
        }
        next = tables.at(table + 2 + count * 12, 4).filter(|next| *next > 0).or_else(|| pending.pop());
    }
    (said, true)
}

struct Tables<'a> {
    bytes: &'a [u8],
    number: fn(&[u8]) -> usize,
}

impl Tables<'_> {
    fn at(&self, at: usize, size: usize) -> Option<usize> {
        self.bytes.get(at..at.checked_add(size)?).map(self.number)
    }

    /// The content of a field that people write.
    fn value<'e>(&'e self, tag: usize, entry: &'e [u8]) -> Option<&'e [u8]> {
        if !WORDS.contains(&tag) && !WIDE.contains(&tag) && tag != COMMENT {
            return None;
        }
        let size = (self.number)(entry.get(4..8)?);
        match entry.get(8..12)?.get(..size) {
            Some(value) => Some(value),
            None => self.bytes.get((self.number)(entry.get(8..12)?)..)?.get(..size),
        }
    }

    /// What it says.
    fn words(&self, tag: usize, value: &[u8]) -> Option<String> {
        let text = match tag {
            COMMENT => match value.split_at_checked(8)? {
                (b"UNICODE\0", text) if (self.number)(&[0, 1]) == 1 => UTF_16BE.decode(text).0.into_owned(),
                (b"UNICODE\0", text) => UTF_16LE.decode(text).0.into_owned(),
                (_, text) => charset::decode(text, None),
            },
            tag if WIDE.contains(&tag) => UTF_16LE.decode(value).0.into_owned(),
            _ => charset::decode(value, None),
        };
        Some(text.replace('\0', ""))
    }
}

#[cfg(test)]
mod tests {
    use super::said;

    /// One table: tag, kind, content.
    fn table(fields: &[(u16, u16, &[u8])]) -> Vec<u8> {
        let mut out = b"II*\0\x08\0\0\0".to_vec();
        out.extend(u16::try_from(fields.len()).unwrap().to_le_bytes());
        let mut content = Vec::new();
        for (tag, kind, value) in fields {
            let place = 8 + 2 + fields.len() * 12 + 4 + content.len();
            out.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
            out.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
            out.extend(u32::try_from(place).unwrap().to_le_bytes());
            content.extend(*value);
        }
        [out, vec![0; 4], content].concat()
    }

    #[test]
    fn what_people_write_is_read_and_what_machines_write_is_not() {
        let wide: Vec<u8> = "Zoé Roy\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let comment = [b"UNICODE\0".as_slice(), &wide].concat();
        let fields: [(u16, u16, &[u8]); 5] = [
            (0x10E, 2, b"Plaie de Mme Tremblay\0"),
            (0x10F, 2, b"Appareil\0"),
            (0x132, 2, b"2026:11:30 08:00:00\0"),
            (0x9C9C, 1, &wide),
            (0x9286, 7, &comment),
        ];
        let bytes = table(&fields);
        assert_eq!(said(&bytes), ("Plaie de Mme Tremblay\nZoé Roy\nZoé Roy\n".to_owned(), true));
        for end in 0..bytes.len() {
            drop(said(&bytes[..end]));
        }
        let loop_of_tables = b"II*\0\x08\0\0\0\0\0\x08\0\0\0";
        assert_eq!(said(loop_of_tables), (String::new(), true));
    }

    #[test]
    fn fields_that_all_point_at_one_long_text_are_no_longer_than_the_file() {
        let text = "Tremblay ".repeat(1_000);
        let mut bytes = table(&[(0x10E, 2, text.as_bytes()); 1_000]);
        let first: [u8; 4] = bytes[18..22].try_into().unwrap();
        (0..1_000).for_each(|entry| bytes[18 + 12 * entry..22 + 12 * entry].copy_from_slice(&first));
        bytes.truncate(8 + 2 + 12_000 + 4 + text.len());
        let (words, whole) = said(&bytes);
        assert!(!whole && words.len() <= 2 * bytes.len() && words.contains("Tremblay"));
    }
}
