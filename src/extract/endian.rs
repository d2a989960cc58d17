//! Numbers in foreign bytes, whichever end comes first.

/// All bytes as one number, the highest first.
#[must_use]
pub fn big(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// All bytes as one number, the lowest first.
#[must_use]
pub fn little(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// A number of `size` bytes at a place, the highest first.
#[must_use]
pub fn big_at(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    bytes.get(at..at.checked_add(size)?).map(big)
}

/// A number of `size` bytes at a place, the lowest first.
#[must_use]
pub fn little_at(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    bytes.get(at..at.checked_add(size)?).map(little)
}

/// A number of seven bits a byte, the lowest first, and the bytes behind it (LEB128).
#[must_use]
pub fn sevens(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0usize;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        number |= usize::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(at + 1..)?));
        }
    }
    None
}

/// Two bytes at a place, the lowest first.
#[must_use]
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

/// Four bytes at a place, the lowest first.
#[must_use]
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// The same as a count or offset.
#[must_use]
pub fn short(bytes: &[u8], at: usize) -> Option<usize> {
    u16_at(bytes, at).map(usize::from)
}

/// The same as a count or offset.
#[must_use]
pub fn long(bytes: &[u8], at: usize) -> Option<usize> {
    u32_at(bytes, at).and_then(|number| usize::try_from(number).ok())
}

/// Eight bytes at a place as a floating number.
#[must_use]
pub fn double(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(f64::from_le_bytes)
}

/// UTF-16 text.
#[must_use]
pub fn wide(bytes: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
}
