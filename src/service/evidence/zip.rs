//! A ZIP archive without compression: what is in it can be read with any tool, and its bytes hang on nothing but its files.
//!
//! Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end); read 2026-11.

/// Packs files in their order. Names are ASCII; each file and the whole must stay under 4 GiB, else `None`.
pub fn pack(files: &[(String, Vec<u8>)]) -> Option<Vec<u8>> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let offset = u32::try_from(archive.len()).ok()?;
        let facts = facts(name, bytes)?;
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&facts);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(bytes);
        directory.extend_from_slice(b"PK\x01\x02");
        directory.extend_from_slice(&20_u16.to_le_bytes());
        directory.extend_from_slice(&facts);
        // No comment, first disk, no attributes.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let (start, size) = (u32::try_from(archive.len()).ok()?, u32::try_from(directory.len()).ok()?);
    let count = u16::try_from(files.len()).ok()?;
    archive.extend_from_slice(&directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&size.to_le_bytes());
    archive.extend_from_slice(&start.to_le_bytes());
    archive.extend_from_slice(&[0; 2]);
    Some(archive)
}

/// What both headers say: version 2.0, stored, 1980-01-01, checksum, sizes, length of the name, no extra field.
fn facts(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let size = u32::try_from(bytes.len()).ok()?.to_le_bytes();
    let mut facts = Vec::with_capacity(26);
    facts.extend_from_slice(&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
    facts.extend_from_slice(&crc32(bytes).to_le_bytes());
    facts.extend_from_slice(&size);
    facts.extend_from_slice(&size);
    facts.extend_from_slice(&u16::try_from(name.len()).ok()?.to_le_bytes());
    facts.extend_from_slice(&[0; 2]);
    Some(facts)
}

/// CRC-32 as ZIP counts it (reflected 0x04C11DB7).
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use super::{crc32, pack};

    #[test]
    fn the_checksum_is_the_one_of_the_catalogue() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn an_archive_is_its_files_and_a_directory_that_finds_them() {
        let files = [("a.txt".to_owned(), b"abc".to_vec()), ("b.txt".to_owned(), Vec::new())];
        let archive = pack(&files).unwrap();
        assert_eq!(archive.len(), (30 + 5 + 3) + (30 + 5) + 2 * (46 + 5) + 22);
        let start = u32::from_le_bytes(archive[archive.len() - 6..archive.len() - 2].try_into().unwrap());
        assert!(archive[usize::try_from(start).unwrap()..].starts_with(b"PK\x01\x02\x14\0\x14\0"));
    }
}
