//! The standard security handler with the empty user password (ISO 32000-1, 7.6; ISO 32000-2, 7.6.4): many files are encrypted only to
//! forbid printing, and open by themselves.

use aes::cipher::generic_array::GenericArray;
use aes::cipher::{BlockEncrypt, KeyInit};
use md5::{Digest as _, Md5};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::file::File;
use super::object::{Dict, Object};
use crate::extract::formats::cipher;
use crate::model::Strength;

/// What encryption does to a file.
#[derive(Debug)]
pub enum Lock {
    /// It opens with this key.
    Open(Key),
    /// Text is clear, only attached files are not.
    Attachments(Strength),
    /// It wants a password.
    Closed(Strength),
    /// Microsoft's rights management opens it.
    Managed,
}

/// How bytes are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Clear,
    Rc4,
    Aes128,
    Aes256,
}

/// What decrypts a file.
#[derive(Debug)]
pub struct Key {
    key: Vec<u8>,
    strings: Method,
    streams: Method,
    metadata: bool,
}

/// The padding of passwords (7.6.3.3, algorithm 2).
const PADDING: [u8; 32] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08, 0x2E,
    0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
];

/// What the dictionary says of the encryption.
struct Stated {
    version: usize,
    revision: usize,
    length: usize,
    owner: Vec<u8>,
    user: Vec<u8>,
    user_key: Vec<u8>,
    permissions: u32,
    metadata: bool,
    id: Vec<u8>,
}

/// Tries the empty password.
#[must_use]
pub fn unlock(file: &File<'_>, dict: &Dict) -> Lock {
    let number = |key: &str| file.value(dict, key).index().unwrap_or(0);
    let bytes = |key: &str| file.value(dict, key).string().unwrap_or_default().to_vec();
    let version = number("V");
    let (strings, streams) = (method(file, dict, version, "StrF"), method(file, dict, version, "StmF"));
    let length = if version == 1 { 5 } else { (number("Length").max(40) / 8).clamp(5, 16) };
    let length = if version >= 4 { 16 } else { length };
    let strength = match (streams, length) {
        (Method::Aes128 | Method::Aes256, _) => Strength::Strong,
        (Method::Rc4 | Method::Clear, 16..) => Strength::Unknown,
        (Method::Rc4 | Method::Clear, _) => Strength::Weak,
    };
    match file.value(dict, "Filter").name() {
        Some("Standard") => {}
        Some(name) if name.contains("IRM") => return Lock::Managed,
        _ => return Lock::Closed(Strength::Unknown),
    }
    if version >= 4 && streams == Method::Clear && strings == Method::Clear {
        return Lock::Attachments(Strength::Unknown);
    }
    let permissions = file.value(dict, "P").number().map_or(0, wrapped);
    let stated = Stated {
        version,
        revision: number("R"),
        length,
        owner: bytes("O"),
        user: bytes("U"),
        user_key: bytes("UE"),
        permissions,
        metadata: file.value(dict, "EncryptMetadata").number() != Some(0.0),
        id: file.trailers.iter().rev().find_map(|trailer| id(file, trailer)).unwrap_or_default(),
    };
    let metadata = stated.metadata;
    match stated.key() {
        Some(key) => Lock::Open(Key { key, strings, streams, metadata }),
        None => Lock::Closed(strength),
    }
}

fn id(file: &File<'_>, trailer: &Dict) -> Option<Vec<u8>> {
    let ids = file.value(trailer, "ID");
    ids.items().first().map(|first| file.resolve(first)).and_then(Object::string).map(<[u8]>::to_vec)
}

fn wrapped(number: f64) -> u32 {
    let number: i64 = format!("{number:.0}").parse().unwrap_or(0);
    u32::try_from(number.rem_euclid(1 << 32)).unwrap_or_default()
}

fn method(file: &File<'_>, dict: &Dict, version: usize, key: &str) -> Method {
    if version < 4 {
        return Method::Rc4;
    }
    let name = file.value(dict, key).name().unwrap_or("Identity");
    let filters = file.value(dict, "CF").dict().cloned().unwrap_or_default();
    let filter = file.value(&filters, name).dict().cloned().unwrap_or_default();
    match file.value(&filter, "CFM").name() {
        Some("V2") => Method::Rc4,
        Some("AESV2") => Method::Aes128,
        Some("AESV3") => Method::Aes256,
        _ => Method::Clear,
    }
}

impl Stated {
    /// The file's key, when the empty password is right.
    fn key(&self) -> Option<Vec<u8>> {
        if self.version >= 5 || self.revision >= 5 { self.key_256() } else { self.key_128() }
    }

    /// Algorithm 2, checked by algorithms 4 and 5.
    fn key_128(&self) -> Option<Vec<u8>> {
        let mut digest = Md5::new();
        digest.update(PADDING);
        digest.update(self.owner.get(..32)?);
        digest.update(self.permissions.to_le_bytes());
        digest.update(&self.id);
        if self.revision >= 4 && !self.metadata {
            digest.update([0xFF; 4]);
        }
        let mut key = digest.finalize().to_vec();
        if self.revision >= 3 {
            for _ in 0..50 {
                key = Md5::digest(key.get(..self.length)?).to_vec();
            }
        }
        key.truncate(self.length);
        let expected = if self.revision >= 3 {
            let mut digest = Md5::new();
            digest.update(PADDING);
            digest.update(&self.id);
            let mut value = digest.finalize().to_vec();
            for round in 0..20u8 {
                let key: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
                value = cipher::rc4(&key, &value);
            }
            value
        } else {
            cipher::rc4(&key, &PADDING)
        };
        (self.user.get(..16)? == expected.get(..16)?).then_some(key)
    }

    /// Algorithm 2.A.
    fn key_256(&self) -> Option<Vec<u8>> {
        let (check, salt, key_salt) = (self.user.get(..32)?, self.user.get(32..40)?, self.user.get(40..48)?);
        let hash =
            |salt: &[u8]| if self.revision >= 6 { hash_6(salt) } else { Some(Sha256::digest(salt).to_vec()) };
        if hash(salt)? != check {
            return None;
        }
        cipher::chained(&hash(key_salt)?, &[0; 16], self.user_key.get(..32)?)
    }
}

/// Algorithm 2.B with the empty password.
fn hash_6(salt: &[u8]) -> Option<Vec<u8>> {
    let mut key = Sha256::digest(salt).to_vec();
    for round in 0..2_000u32 {
        let input = key.repeat(64);
        let cipher = aes::Aes128::new_from_slice(key.get(..16)?).ok()?;
        let mut last: [u8; 16] = key.get(16..32)?.try_into().ok()?;
        let mut out = Vec::with_capacity(input.len());
        for block in input.as_chunks::<16>().0 {
            let mut next = GenericArray::from(std::array::from_fn::<u8, 16, _>(|at| {
                block.get(at).copied().unwrap_or(0) ^ last.get(at).copied().unwrap_or(0)
            }));
            cipher.encrypt_block(&mut next);
            last = next.into();
            out.extend(last);
        }
        let sum: u32 = out.iter().take(16).map(|byte| u32::from(*byte)).sum();
        key = match sum % 3 {
            0 => Sha256::digest(&out).to_vec(),
            1 => Sha384::digest(&out).to_vec(),
            _ => Sha512::digest(&out).to_vec(),
        };
        if round >= 63 && u32::from(*out.last()?) <= round - 31 {
            break;
        }
    }
    key.truncate(32);
    Some(key)
}

impl Key {
    /// Decrypts a string.
    #[must_use]
    pub fn string(&self, number: u32, generation: u16, bytes: &[u8]) -> Vec<u8> {
        self.decrypt(self.strings, number, generation, bytes)
    }

    /// Decrypts a stream.
    #[must_use]
    pub fn stream(&self, number: u32, generation: u16, dict: &Dict, bytes: &[u8]) -> Vec<u8> {
        let metadata = dict.get("Type").and_then(Object::name) == Some("Metadata");
        let method = if metadata && !self.metadata { Method::Clear } else { self.streams };
        self.decrypt(method, number, generation, bytes)
    }

    fn decrypt(&self, method: Method, number: u32, generation: u16, bytes: &[u8]) -> Vec<u8> {
        let mut digest = Md5::new();
        digest.update(&self.key);
        digest.update(number.to_le_bytes().get(..3).unwrap_or_default());
        digest.update(generation.to_le_bytes());
        if method == Method::Aes128 {
            digest.update(b"sAlT");
        }
        let object = digest.finalize().to_vec();
        let object = object.get(..(self.key.len() + 5).min(16)).unwrap_or(&object);
        match method {
            Method::Clear => bytes.to_vec(),
            Method::Rc4 => cipher::rc4(object, bytes),
            Method::Aes128 => unpadded(object, bytes),
            Method::Aes256 => unpadded(&self.key, bytes),
        }
    }
}

/// AES in CBC mode; the first block is the vector, the last ends in padding.
fn unpadded(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let Some((vector, rest)) = bytes.split_at_checked(16) else { return Vec::new() };
    let mut out =
        vector.try_into().ok().and_then(|vector| cipher::chained(key, vector, rest)).unwrap_or_default();
    let padding = out.last().map_or(0, |last| usize::from(*last));
    if (1..=16).contains(&padding) {
        out.truncate(out.len().saturating_sub(padding));
    }
    out
}
