//! AES over whole buffers, and RC4, for files that open with a password that everybody knows (FIPS 197, NIST SP 800-38A).

use aes::cipher::generic_array::GenericArray;
use aes::cipher::{BlockDecrypt, KeyInit};

/// A key that is set up.
enum Cipher {
    Short(Box<aes::Aes128>),
    Middle(Box<aes::Aes192>),
    Long(Box<aes::Aes256>),
}

impl Cipher {
    fn new(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => Some(Self::Short(Box::new(aes::Aes128::new_from_slice(key).ok()?))),
            24 => Some(Self::Middle(Box::new(aes::Aes192::new_from_slice(key).ok()?))),
            _ => Some(Self::Long(Box::new(aes::Aes256::new_from_slice(key).ok()?))),
        }
    }

    fn clear(&self, block: [u8; 16]) -> [u8; 16] {
        let mut clear = GenericArray::from(block);
        match self {
            Self::Short(cipher) => cipher.decrypt_block(&mut clear),
            Self::Middle(cipher) => cipher.decrypt_block(&mut clear),
            Self::Long(cipher) => cipher.decrypt_block(&mut clear),
        }
        clear.into()
    }
}

/// Decrypts blocks that are chained; a last one that is cut is dropped. `None` for a key of another size than 128, 192 or 256 bits.
#[must_use]
pub fn chained(key: &[u8], vector: &[u8; 16], bytes: &[u8]) -> Option<Vec<u8>> {
    let cipher = Cipher::new(key)?;
    let (mut last, mut out) = (*vector, Vec::with_capacity(bytes.len()));
    for block in bytes.as_chunks::<16>().0 {
        out.extend(cipher.clear(*block).iter().zip(last).map(|(byte, last)| byte ^ last));
        last = *block;
    }
    Some(out)
}

/// Decrypts blocks each by itself.
#[must_use]
pub fn single(key: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let cipher = Cipher::new(key)?;
    Some(bytes.as_chunks::<16>().0.iter().flat_map(|block| cipher.clear(*block)).collect())
}

/// What RC4 makes of a key, byte by byte.
#[derive(Debug)]
pub struct Rc4 {
    state: [u8; 256],
    i: u8,
    j: u8,
}

impl Rc4 {
    /// Starts with a key.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        let mut state: [u8; 256] = std::array::from_fn(|at| u8::try_from(at).unwrap_or_default());
        let mut j = 0u8;
        for i in 0..=255u8 {
            let at = usize::from(i);
            let part = key.get(at % key.len().max(1)).copied().unwrap_or(0);
            j = j.wrapping_add(state.get(at).copied().unwrap_or(0)).wrapping_add(part);
            state.swap(at, usize::from(j));
        }
        Self { state, i: 0, j: 0 }
    }

    /// Decrypts what comes next.
    pub fn clear(&mut self, bytes: &[u8]) -> Vec<u8> {
        bytes.iter().map(|byte| byte ^ self.step()).collect()
    }

    fn step(&mut self) -> u8 {
        let at = |state: &[u8; 256], index: u8| state.get(usize::from(index)).copied().unwrap_or(0);
        self.i = self.i.wrapping_add(1);
        let a = at(&self.state, self.i);
        self.j = self.j.wrapping_add(a);
        self.state.swap(usize::from(self.i), usize::from(self.j));
        let b = at(&self.state, self.i);
        at(&self.state, a.wrapping_add(b))
    }
}

/// Decrypts a whole.
#[must_use]
pub fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    Rc4::new(key).clear(bytes)
}

#[cfg(test)]
mod tests {
    use super::rc4;

    /// RFC 6229 and the common test vector of RC4.
    #[test]
    fn rc4_is_rc4() {
        assert_eq!(rc4(b"Key", b"Plaintext"), [0xBB, 0xF3, 0x16, 0xE8, 0xD9, 0x40, 0xAF, 0x0A, 0xD3]);
    }
}
