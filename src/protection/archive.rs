//! Archives whose list of members wants a password: 7z, rar. Those whose members alone want one are told by who lists them.
//!
//! In: bytes. Out: whether the list is encrypted. Nothing is unpacked.

use memchr::memmem;

/// The header block of a 7z names the AES coder (06 F1 07 01) of the data or of itself.
#[must_use]
pub fn seven_zip(bytes: &[u8]) -> bool {
    let offset = number(bytes, 12, 8).and_then(|offset| usize::try_from(offset).ok());
    let header = offset.and_then(|offset| bytes.get(offset.checked_add(32)?..)).unwrap_or_default();
    memmem::find(header, &[0x06, 0xF1, 0x07, 0x01]).is_some()
}

/// RAR 4: flag 0x80 of the archive header, 0x04 of the first file. RAR 5: an encryption header (type 4) comes first.
#[must_use]
pub fn rar(bytes: &[u8]) -> bool {
    match bytes.get(6) {
        Some(0) => {
            let archive = number(bytes, 10, 2).unwrap_or(0);
            let file = number(bytes, 7 + 13 + 3, 2).unwrap_or(0);
            archive & 0x80 != 0 || file & 0x04 != 0
        }
        // A CRC of four bytes and the size of the header come before its type.
        _ => bytes
            .get(12..)
            .and_then(|rest| rest.iter().position(|byte| byte & 0x80 == 0))
            .is_some_and(|size| bytes.get(12 + size + 1) == Some(&4)),
    }
}

/// A little-endian number of `size` bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    let digits = bytes.get(at..at.checked_add(size)?)?;
    Some(digits.iter().rev().fold(0, |number, digit| number << 8 | u64::from(*digit)))
}

#[cfg(test)]
mod tests {
    use super::{rar, seven_zip};

    #[test]
    fn an_encrypted_list_is_seen_without_unpacking() {
        assert!(rar(b"Rar!\x1a\x07\x01\0....\x0d\x04..."));
        assert!(!rar(b"Rar!\x1a\x07\x01\0....\x0d\x01..."));
        assert!(rar(b"Rar!\x1a\x07\0..\x73\x80\0\x0d\0......"));
        assert!(!seven_zip(b"7z\xbc\xaf\x27\x1c"));
    }
}
