//! AES over whole buffers, for files that open with a password that everybody knows (FIPS 197, NIST SP 800-38A).

use aes::cipher::generic_array::GenericArray;
use aes::cipher::{BlockDecrypt, KeyInit};

/// A key that is set up.
enum Cipher {
    Short(Box<aes::Aes128>),
    Long(Box<aes::Aes256>),
}

impl Cipher {
    fn new(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => Some(Self::Short(Box::new(aes::Aes128::new_from_slice(key).ok()?))),
            _ => Some(Self::Long(Box::new(aes::Aes256::new_from_slice(key).ok()?))),
        }
    }

    fn clear(&self, block: [u8; 16]) -> [u8; 16] {
        let mut clear = GenericArray::from(block);
        match self {
            Self::Short(cipher) => cipher.decrypt_block(&mut clear),
            Self::Long(cipher) => cipher.decrypt_block(&mut clear),
        }
        clear.into()
    }
}

/// Decrypts blocks that are chained; a last one that is cut is dropped. `None` for a key of another size than 128 or 256 bits.
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
