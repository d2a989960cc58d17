//! Documents that want a password: PDF and Office.
//!
//! In: bytes. Out: the protection, as far as the file's own structure shows it without parsing it.

use memchr::memmem;

use crate::model::ProtectionKind;

/// The signature of a compound file ([MS-CFB], 2.2).
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// The protection of a document, when it has one.
#[must_use]
pub fn encrypted(bytes: &[u8]) -> Option<ProtectionKind> {
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
    if memmem::find(start, b"%PDF-").is_some() {
        return memmem::find(bytes, b"/Encrypt").map(|_| ProtectionKind::Pdf);
    }
    if !bytes.starts_with(COMPOUND) {
        return None;
    }
    if memmem::find(bytes, &wide("DRMEncryptedDataSpace")).is_some() {
        return Some(ProtectionKind::Irm);
    }
    memmem::find(bytes, &wide("EncryptedPackage")).map(|_| ProtectionKind::Office)
}

/// A name as compound files write it, in UTF-16.
fn wide(name: &str) -> Vec<u8> {
    name.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::{COMPOUND, encrypted, wide};
    use crate::model::ProtectionKind;

    #[test]
    fn what_a_document_says_of_its_protection_is_read() {
        let office = [COMPOUND, &wide("EncryptionInfo"), &wide("EncryptedPackage")].concat();
        assert_eq!(encrypted(&office), Some(ProtectionKind::Office));
        let managed = [office.as_slice(), &wide("DRMEncryptedDataSpace")].concat();
        assert_eq!(encrypted(&managed), Some(ProtectionKind::Irm));
        assert_eq!(encrypted(b"%PDF-1.7 trailer << /Encrypt 5 0 R >>"), Some(ProtectionKind::Pdf));
        assert_eq!(encrypted(b"%PDF-1.7 trailer << >>"), None);
        assert_eq!(encrypted(COMPOUND), None);
    }
}
