//! Office files that are encrypted with the password that programs try by themselves ([MS-OFFCRYPTO], 2.3.4.5 to 2.3.4.15): Excel
//! protects a workbook so, and opens it without asking. The check of the key tells; any other password stays closed.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::compound::Compound;
use crate::extract::endian::{long, short};
use crate::extract::formats::{cipher, markup};
use crate::extract::sink::Sink;

/// The password that Excel tries (Microsoft's knowledge base, 870721).
const PASSWORD: &str = "VelvetSweatshop";
/// Most rounds that a key may take; programs write 100 000.
const MOST_ROUNDS: u32 = 200_000;
/// Sizes of AES keys, in bits.
const KEYS: [usize; 3] = [128, 192, 256];
/// Rounds of the older scheme.
const ROUNDS: u32 = 50_000;
/// What a round costs, in bytes of work.
const ROUND_COST: usize = 40;
/// Bytes that are encrypted at a time.
const SEGMENT: usize = 4096;

/// What marks the keys that are derived from a password (2.3.4.13).
const CHECKED: [u8; 8] = [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79];
const CHECK: [u8; 8] = [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E];
const KEY: [u8; 8] = [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6];

/// The file inside, when that password opens it.
#[must_use]
pub fn open(file: &Compound<'_>, sink: &mut Sink) -> Option<Vec<u8>> {
    let info = file.read(file.find("", "EncryptionInfo")?);
    let package = file.find("", "EncryptedPackage")?;
    let clear = match (short(&info, 0)?, short(&info, 2)?) {
        (4, 4) => Agile::read(info.get(8..)?, sink)?.open(&file.read(package), sink)?,
        (2..=4, 2) => standard(&info, &file.read(package), sink)?,
        _ => return None,
    };
    Some(sink.unpack(clear.as_slice(), clear.len()))
}

/// Takes the cost of so many rounds; whether there was enough left.
fn afford(rounds: u32, sink: &mut Sink) -> bool {
    let cost = usize::try_from(rounds).unwrap_or(usize::MAX).saturating_mul(ROUND_COST);
    rounds <= MOST_ROUNDS && sink.budget.spend(cost, false).1.is_none()
}

/// The content without what fills its last block.
fn cut(package: &[u8], clear: Vec<u8>) -> Vec<u8> {
    let mut clear = clear;
    clear.truncate(long(package, 0).unwrap_or(usize::MAX));
    clear
}

/// The password as it is hashed.
#[must_use]
pub fn wide_password() -> Vec<u8> {
    PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A hash by its name.
#[derive(Clone, Copy, Debug)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &str) -> Option<Self> {
        match name {
            "SHA1" | "SHA-1" => Some(Self::Sha1),
            "SHA256" | "SHA-256" => Some(Self::Sha256),
            "SHA384" | "SHA-384" => Some(Self::Sha384),
            "SHA512" | "SHA-512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn over(self, first: &[u8], second: &[u8]) -> Vec<u8> {
        fn by<D: Digest>(first: &[u8], second: &[u8]) -> Vec<u8> {
            D::new().chain_update(first).chain_update(second).finalize().to_vec()
        }
        match self {
            Self::Sha1 => by::<Sha1>(first, second),
            Self::Sha256 => by::<Sha256>(first, second),
            Self::Sha384 => by::<Sha384>(first, second),
            Self::Sha512 => by::<Sha512>(first, second),
        }
    }

    /// The password hashed over and over.
    fn stretched(self, salt: &[u8], rounds: u32) -> Vec<u8> {
        let start = self.over(salt, &wide_password());
        (0..rounds).fold(start, |hash, round| self.over(&round.to_le_bytes(), &hash))
    }
}

/// A salt with the ways to hash and to encrypt.
#[derive(Debug)]
struct Way {
    salt: Vec<u8>,
    hash: Hash,
    key: usize,
}

impl Way {
    fn of(element: &markup::Element<'_>) -> Option<Self> {
        let chained =
            element.get("cipherChaining")? == "ChainingModeCBC" && element.get("cipherAlgorithm")? == "AES";
        let hash = Hash::named(&element.get("hashAlgorithm")?)?;
        let key = element.get("keyBits")?.parse::<usize>().ok().filter(|bits| KEYS.contains(bits))? / 8;
        chained.then_some(Self { salt: bytes(element, "saltValue")?, hash, key })
    }

    /// As many bytes of a hash as wanted; a short one is filled up (2.3.4.11).
    fn fitted(&self, hash: &[u8], size: usize) -> Vec<u8> {
        hash.iter().copied().chain(std::iter::repeat(0x36)).take(size).collect()
    }

    fn vector(&self, hash: &[u8]) -> Option<[u8; 16]> {
        self.fitted(hash, 16).try_into().ok()
    }
}

fn bytes(element: &markup::Element<'_>, name: &str) -> Option<Vec<u8>> {
    data_encoding::BASE64.decode(element.get(name)?.trim().as_bytes()).ok()
}

/// The newer scheme, which XML describes.
#[derive(Debug)]
struct Agile {
    content: Way,
    password: Way,
    rounds: u32,
    checked: Vec<u8>,
    check: Vec<u8>,
    key: Vec<u8>,
}

impl Agile {
    fn read(xml: &[u8], sink: &Sink) -> Option<Self> {
        let (mut content, mut found) = (None, None);
        let ending = markup::events(xml, sink.limits, |token| match token {
            markup::Token::Open(element) if element.name == "keyData" => content = Way::of(&element),
            markup::Token::Open(element) if element.name == "encryptedKey" && found.is_none() => {
                found = (|| {
                    let rounds = element.get("spinCount")?.parse::<u32>().ok()?;
                    let value = |name| bytes(&element, name);
                    let (checked, check) =
                        (value("encryptedVerifierHashInput")?, value("encryptedVerifierHashValue")?);
                    Some((Way::of(&element)?, rounds, checked, check, value("encryptedKeyValue")?))
                })();
            }
            _ => {}
        });
        let (password, rounds, checked, check, key) = found.filter(|_| ending == markup::Ending::Whole)?;
        Some(Self { content: content?, password, rounds, checked, check, key })
    }

    fn open(&self, package: &[u8], sink: &mut Sink) -> Option<Vec<u8>> {
        if !afford(self.rounds, sink) {
            return None;
        }
        let way = &self.password;
        let stretched = way.hash.stretched(&way.salt, self.rounds);
        let vector = way.vector(&way.salt)?;
        let opened = |mark: &[u8], bytes: &[u8]| {
            let key = way.fitted(&way.hash.over(&stretched, mark), way.key);
            cipher::chained(&key, &vector, bytes)
        };
        let expected = way.hash.over(&opened(&CHECKED, &self.checked)?, &[]);
        if !opened(&CHECK, &self.check)?.starts_with(&expected) {
            return None;
        }
        let key = opened(&KEY, &self.key)?;
        let key = key.get(..self.content.key)?;
        let mut clear = Vec::with_capacity(package.len());
        for (number, segment) in (0u32..).zip(package.get(8..)?.chunks(SEGMENT)) {
            let vector =
                self.content.vector(&self.content.hash.over(&self.content.salt, &number.to_le_bytes()))?;
            clear.extend(cipher::chained(key, &vector, segment)?);
        }
        Some(cut(package, clear))
    }
}

/// The scheme of 2007 (2.3.4.5 to 2.3.4.9): AES by single blocks, SHA-1.
fn standard(info: &[u8], package: &[u8], sink: &mut Sink) -> Option<Vec<u8>> {
    let (flags, header) = (long(info, 4)?, long(info, 8)?);
    let size = long(info, 28)? / 8;
    let verifier = info.get(12usize.checked_add(header)?..)?;
    let (salt, checked, check) = (verifier.get(4..20)?, verifier.get(20..36)?, verifier.get(40..72)?);
    if flags & 0x20 == 0 || !KEYS.contains(&(size * 8)) || !afford(ROUNDS, sink) {
        return None;
    }
    let last = Hash::Sha1.over(&Hash::Sha1.stretched(salt, ROUNDS), &[0; 4]);
    let part = |fill: u8| {
        let padded: Vec<u8> = (0..64).map(|at| last.get(at).copied().unwrap_or(0) ^ fill).collect();
        Hash::Sha1.over(&padded, &[])
    };
    let key = [part(0x36), part(0x5C)].concat();
    let key = key.get(..size)?;
    let expected = Hash::Sha1.over(&cipher::single(key, checked)?, &[]);
    if !cipher::single(key, check)?.starts_with(&expected) {
        return None;
    }
    Some(cut(package, cipher::single(key, package.get(8..)?)?))
}
