//! Archives that want a password: zip, 7z, rar.
//!
//! In: bytes. Out: the protection, when an entry or the list of names is encrypted. Nothing is unpacked.

use memchr::memmem;

use crate::model::ProtectionKind;

/// Most headers looked at.
const MOST: usize = 20_000;

/// The protection of an archive, when it has one that can be told without opening it.
#[must_use]
pub fn encrypted(bytes: &[u8]) -> Option<ProtectionKind> {
    match bytes {
        [b'P', b'K', 3, 4, ..] if zip(bytes) => Some(ProtectionKind::Zip),
        [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] if seven_zip(bytes) => Some(ProtectionKind::SevenZip),
        [b'R', b'a', b'r', b'!', 0x1A, 7, ..] if rar(bytes) => Some(ProtectionKind::Rar),
        _ => None,
    }
}

/// Bit 0 of the flags (APPNOTE 4.4.4) of a local (4.3.7) or central (4.3.12) header.
fn zip(bytes: &[u8]) -> bool {
    let flagged = |magic: &[u8], offset: usize| {
        memmem::find_iter(bytes, magic).take(MOST).any(|at| {
            let method = number(bytes, at + offset + 2, 2);
            let known = method.is_some_and(|method| method <= 20 || (93..=99).contains(&method));
            known && number(bytes, at + offset, 2).is_some_and(|flags| flags & 1 == 1)
        })
    };
    let first = number(bytes, 6, 2).is_some_and(|flags| flags & 1 == 1);
    first || flagged(b"PK\x01\x02", 8)
}

/// The header block, which names the AES coder (06 F1 07 01) of the data or of itself.
fn seven_zip(bytes: &[u8]) -> bool {
    let offset = number(bytes, 12, 8).and_then(|offset| usize::try_from(offset).ok());
    let header = offset.and_then(|offset| bytes.get(offset.checked_add(32)?..)).unwrap_or_default();
    memmem::find(header, &[0x06, 0xF1, 0x07, 0x01]).is_some()
}

/// RAR 4: flag 0x80 of the archive header, 0x04 of the first file. RAR 5: an encryption header (type 4) comes first, or the first
/// file has an encryption record.
fn rar(bytes: &[u8]) -> bool {
    match bytes.get(6) {
        Some(0) => {
            let archive = number(bytes, 10, 2).unwrap_or(0);
            let file = number(bytes, 7 + 13 + 3, 2).unwrap_or(0);
            archive & 0x80 != 0 || file & 0x04 != 0
        }
        _ => bytes.get(8 + 5).is_some_and(|kind| *kind == 4),
    }
}

/// A little-endian number of `size` bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    let digits = bytes.get(at..at.checked_add(size)?)?;
    Some(digits.iter().rev().fold(0, |number, digit| number << 8 | u64::from(*digit)))
}

#[cfg(test)]
mod tests {
    use super::encrypted;
    use crate::model::ProtectionKind;

    #[test]
    fn an_encrypted_entry_is_seen_without_unpacking() {
        let mut zip = b"PK\x03\x04\x14\0\x01\0\x08\0".to_vec();
        assert_eq!(encrypted(&zip), Some(ProtectionKind::Zip));
        zip[6] = 0;
        assert_eq!(encrypted(&zip), None);
        zip.extend(b"PK\x01\x02\x14\0\x14\0\x09\0\x63\0");
        assert_eq!(encrypted(&zip), Some(ProtectionKind::Zip));
        assert_eq!(encrypted(b"Rar!\x1a\x07\x01\0....\x0d\x04..."), Some(ProtectionKind::Rar));
        assert_eq!(encrypted(b"7z\xbc\xaf\x27\x1c"), None);
    }
}
