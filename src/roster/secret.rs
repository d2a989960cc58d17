//! The secret that gives an index its meaning, and the key of one index.
//!
//! A build draws a fresh salt, which stands in the index; its key is an HMAC of the salt under the secret. So every build
//! has another key, and one rename puts index and key in force together. A key file may hold several secrets, one a line:
//! while a secret is replaced, the index of either opens.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;
use siphasher::sip::SipHasher24;
use zeroize::Zeroizing;

/// Bytes of a salt.
pub const SALT: usize = 32;
/// Bytes of the value by which an index knows its key.
pub(super) const CHECK: usize = 16;
/// Most secrets in one file.
const MOST: usize = 16;

/// 256 secret bits. Neither printed nor kept in an index.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; 32]>);

/// The secrets of a key file, newest first.
#[derive(Clone, Debug)]
pub struct Secrets(Vec<Secret>);

/// Why a key file is not used. It quotes nothing of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A line is not a secret.
    #[error("line {0} is not a key: 64 hexadecimal digits are expected")]
    Line(usize),
    /// No line is one.
    #[error("the file holds no key; remove it and build the index again")]
    Empty,
}

impl Secret {
    /// Wraps secret bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The secret as a line of a key file.
    #[must_use]
    pub fn to_line(&self) -> Zeroizing<String> {
        let mut line = String::with_capacity(65);
        for byte in self.0.iter() {
            for half in [byte >> 4, byte & 15] {
                line.extend(char::from_digit(u32::from(half), 16));
            }
        }
        line.push('\n');
        Zeroizing::new(line)
    }

    /// The key of the index with a salt.
    pub(super) fn key(&self, salt: &[u8]) -> Key {
        let mut key = Zeroizing::new([0; 16]);
        key.iter_mut().zip(self.derive(b"vaguemestre roster key", salt)).for_each(|(to, from)| *to = from);
        Key(key)
    }

    /// What an index stores to know its key again: it says nothing of it.
    pub(super) fn check(&self, salt: &[u8]) -> [u8; CHECK] {
        let mut check = [0; CHECK];
        check
            .iter_mut()
            .zip(self.derive(b"vaguemestre roster check", salt))
            .for_each(|(to, from)| *to = from);
        check
    }

    fn derive(&self, purpose: &[u8], salt: &[u8]) -> impl Iterator<Item = u8> {
        let mac =
            Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("an HMAC takes a key of any length");
        mac.chain_update(purpose).chain_update(salt).finalize().into_bytes().into_iter()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl Secrets {
    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyError`] naming the line that is not a key.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut secrets = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                let secret =
                    bytes_of(line).filter(|_| secrets.len() < MOST).ok_or(KeyError::Line(index + 1))?;
                secrets.push(Secret(secret));
            }
        }
        if secrets.is_empty() { Err(KeyError::Empty) } else { Ok(Self(secrets)) }
    }

    /// The newest.
    #[must_use]
    pub fn newest(&self) -> Option<&Secret> {
        self.0.first()
    }

    /// The secret under which an index with this salt and check value was made.
    pub(super) fn of_index(&self, salt: &[u8], check: &[u8]) -> Option<&Secret> {
        self.0.iter().find(|secret| secret.check(salt) == check)
    }
}

impl<const N: usize> From<[Secret; N]> for Secrets {
    fn from(secrets: [Secret; N]) -> Self {
        Self(secrets.into())
    }
}

fn bytes_of(line: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut digits = line.chars().map(|digit| digit.to_digit(16));
    let mut bytes = Zeroizing::new([0; 32]);
    for byte in bytes.iter_mut() {
        let (high, low) = (digits.next()??, digits.next()??);
        *byte = u8::try_from(high << 4 | low).ok()?;
    }
    digits.next().is_none().then_some(bytes)
}

/// The key of one index: a pseudo-random function with 64 bits of output (SipHash-2-4, Aumasson and Bernstein 2012).
#[derive(Clone)]
pub(super) struct Key(Zeroizing<[u8; 16]>);

impl Key {
    /// The hash of some bytes for one purpose.
    pub(super) fn hash(&self, purpose: u8, bytes: &[u8]) -> u64 {
        let mut input = [0; STACK];
        match (input.split_first_mut(), bytes.len() < STACK) {
            (Some((first, rest)), true) => {
                *first = purpose;
                rest.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
                self.sip(input.get(..=bytes.len()).unwrap_or_default())
            }
            _ => self.sip(&[&[purpose], bytes].concat()),
        }
    }

    /// The hash of two hashes.
    pub(super) fn join(&self, purpose: u8, one: u64, other: u64) -> u64 {
        let mut input = [0; 17];
        let bytes = [purpose].into_iter().chain(one.to_le_bytes()).chain(other.to_le_bytes());
        input.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        self.sip(&input)
    }

    fn sip(&self, bytes: &[u8]) -> u64 {
        SipHasher24::new_with_key(&self.0).hash(bytes)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// Inputs shorter than this are hashed without an allocation.
const STACK: usize = 40;

#[cfg(test)]
mod tests {
    use super::{KeyError, Secret, Secrets};

    #[test]
    fn a_key_file_is_read_back_and_prints_nothing() {
        let secret = Secret::new([0xA7; 32]);
        let text = format!("# two secrets\n{}\n{}", *secret.to_line(), *Secret::new([1; 32]).to_line());
        let secrets = Secrets::parse(&text).unwrap();
        assert_eq!(secrets.newest().unwrap().check(b"salt"), secret.check(b"salt"));
        assert!(secrets.of_index(b"salt", &Secret::new([1; 32]).check(b"salt")).is_some());
        assert!(secrets.of_index(b"tlas", &secret.check(b"salt")).is_none());
        assert!(!format!("{secrets:?} {:?}", secret.key(b"salt")).contains("a7"));
    }

    #[test]
    fn a_line_that_is_no_key_is_named_and_not_quoted() {
        let short = "ab".repeat(31);
        assert_eq!(Secrets::parse(&format!("#\n{short}")).unwrap_err(), KeyError::Line(2));
        assert_eq!(Secrets::parse(&"zz".repeat(32)).unwrap_err(), KeyError::Line(1));
        assert_eq!(Secrets::parse(&"ab".repeat(33)).unwrap_err(), KeyError::Line(1));
        assert_eq!(Secrets::parse("\n# none\n").unwrap_err(), KeyError::Empty);
    }
}
