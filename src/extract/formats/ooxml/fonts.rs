//! Fonts inside a document, the first bytes of which are masked by a key that the document says (ECMA-376-4, 17.8.1).

use super::Archive;
use crate::extract::media;
use crate::extract::sink::Sink;

/// Bytes that are masked, and of the key.
const MASKED: usize = 32;
const KEY: usize = 16;
/// Most keys that are tried.
const MOST: usize = 512;

/// The font in the clear; what no key of the document makes a font stays as it is.
pub fn clear(bytes: Vec<u8>, archive: &Archive<'_>, sink: &mut Sink) -> Vec<u8> {
    let tables = archive.members.iter().filter(|it| it.name.to_ascii_lowercase().ends_with("fonttable.xml"));
    for table in tables.take(2).filter(|it| it.encrypted.is_none()) {
        if let Some(font) = keys(&table.unpack(sink)).find_map(|key| unmasked(&bytes, key)) {
            return font;
        }
    }
    bytes
}

/// The keys that a table of fonts says: `w:fontKey="{1DF903DE-…}"`.
fn keys(table: &[u8]) -> impl Iterator<Item = [u8; KEY]> {
    let key = |at: usize| {
        let text = table.get(at..)?.split(|byte| matches!(byte, b'"' | b'\'')).nth(1)?;
        let digits: Vec<u8> = text.iter().copied().filter(u8::is_ascii_hexdigit).collect();
        let bytes = data_encoding::HEXUPPER_PERMISSIVE.decode(&digits).ok()?;
        // The key is applied from its end.
        let mut key: [u8; KEY] = bytes.try_into().ok()?;
        key.reverse();
        Some(key)
    };
    memchr::memmem::find_iter(table, b"fontKey").take(MOST).filter_map(key)
}

fn unmasked(bytes: &[u8], key: [u8; KEY]) -> Option<Vec<u8>> {
    let mut font = bytes.to_vec();
    font.iter_mut().take(MASKED).zip(key.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    media::is_font(&font).then_some(font)
}

#[cfg(test)]
mod tests {
    use super::{keys, unmasked};

    #[test]
    fn a_font_is_unmasked_by_its_key() {
        let table = br#"<w:embedRegular r:id="rId1" w:fontKey="{00112233-4455-6677-8899-AABBCCDDEEFF}"/>"#;
        let key = keys(table).next().unwrap();
        assert_eq!(
            key,
            [0xFF, 0xEE, 0xDD, 0xCC, 0xBB, 0xAA, 0x99, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0]
        );
        let font = b"\0\x01\0\0\0\x01\0\0\0\0\0\0head\0\0\0\0\0\0\0\x1C\0\0\0\x08abcdefgh";
        let mut masked = font.to_vec();
        masked.iter_mut().take(32).zip(key.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
        assert_eq!(unmasked(&masked, key).as_deref(), Some(&font[..]));
        assert_eq!(unmasked(b"noise of any kind that is no font at all", key), None);
    }
}
