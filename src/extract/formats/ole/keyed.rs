//! Workbooks of before 2007 whose records are encrypted with the password that Excel tries by itself ([MS-XLS], 2.2.10; [MS-OFFCRYPTO],
//! 2.3.5 and 2.3.6): RC4, with a key for each 1024 bytes. The check of the key tells; any other password stays closed.

use md5::{Digest as _, Md5};
use sha1::Sha1;
use sha2::Digest as _;

use super::opened::wide_password;
use crate::extract::endian::{long, short};
use crate::extract::formats::cipher::Rc4;
use crate::extract::sink::Sink;

/// Bytes under one key.
const BLOCK: usize = 1024;
/// Most records before the one that tells of the encryption.
const FIRST: usize = 64;
/// The record that tells of it.
const FILE_PASS: usize = 0x2F;
/// Records whose content stays clear: beginnings, what tells of the encryption, locks and revisions.
const CLEAR: &[usize] = &[0x09, 0x0209, 0x0409, 0x0809, FILE_PASS, 0xE1, 0x0138, 0x0194, 0x0195, 0x0196];
/// The record of a sheet, whose first bytes say where it begins.
const SHEET: usize = 0x85;

/// The records in clear, when that password opens them; `None` when another is wanted, or none.
#[must_use]
pub fn open(bytes: &[u8], sink: &mut Sink) -> Option<Vec<u8>> {
    let (at, size) = records(bytes).take(FIRST).find(|(at, _)| short(bytes, *at) == Some(FILE_PASS))?;
    let way = Way::of(bytes.get(at + 4..)?.get(..size)?)?;
    let (affordable, short_of) = sink.budget.spend(bytes.len(), false);
    let bytes = bytes.get(..affordable).filter(|_| short_of.is_none())?;
    let stream =
        (0u32..).zip(bytes.chunks(BLOCK)).flat_map(|(number, _)| way.cipher(number).clear(&[0; BLOCK]));
    let stream: Vec<u8> = stream.collect();
    let mut clear = bytes.to_vec();
    for (at, size) in records(bytes) {
        let kind = short(bytes, at)?;
        let start = at + if kind == SHEET { 8 } else { 4 };
        if CLEAR.contains(&kind) {
            continue;
        }
        let end = clear.len().min(at + 4 + size);
        let content = clear.get_mut(start..end).unwrap_or_default();
        let mask = stream.get(start..).unwrap_or_default();
        content.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    }
    // It tells of what is gone.
    clear.get_mut(at..at + 2)?.fill(0);
    Some(clear)
}

/// Where each record stands, and the size of its content.
fn records(bytes: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0usize;
    std::iter::from_fn(move || {
        let here = (at, short(bytes, at.checked_add(2)?)?);
        at = at.checked_add(4)?.checked_add(here.1)?;
        Some(here)
    })
}

/// How the keys are made.
enum Way {
    /// Of the first five bytes of a hash.
    Md5(Vec<u8>),
    /// Of a hash, so many bytes.
    Sha1(Vec<u8>, usize),
}

impl Way {
    /// By the record that tells of it, when its check of the password holds.
    fn of(pass: &[u8]) -> Option<Self> {
        match (short(pass, 0)?, short(pass, 2)?, short(pass, 4)?) {
            (1, 1, 1) => {
                let first = Md5::digest(wide_password());
                let round = [first.get(..5)?, pass.get(6..22)?].concat();
                let way = Self::Md5(Md5::digest(round.repeat(16)).get(..5)?.to_vec());
                way.opens(pass.get(22..38)?, pass.get(38..54)?).then_some(way)
            }
            (1, 2..=4, 2) => {
                let bits = long(pass, 14 + 16).map(|bits| if bits == 0 { 40 } else { bits });
                let rest = pass.get(14usize.checked_add(long(pass, 10)?)?..)?;
                let first = [rest.get(4..20)?, &wide_password()].concat();
                let size = bits.map(|bits| bits / 8).filter(|size| (5..=16).contains(size))?;
                let way = Self::Sha1(Sha1::digest(first).to_vec(), size);
                way.opens(rest.get(20..36)?, rest.get(40..60)?).then_some(way)
            }
            _ => None,
        }
    }

    fn opens(&self, checked: &[u8], check: &[u8]) -> bool {
        let mut cipher = self.cipher(0);
        let checked = cipher.clear(checked);
        let expected = match self {
            Self::Md5(_) => Md5::digest(checked).to_vec(),
            Self::Sha1(..) => Sha1::digest(checked).to_vec(),
        };
        cipher.clear(check) == expected
    }

    fn cipher(&self, block: u32) -> Rc4 {
        let number = block.to_le_bytes();
        match self {
            Self::Md5(hash) => Rc4::new(&Md5::new().chain_update(hash).chain_update(number).finalize()),
            Self::Sha1(hash, size) => {
                let mut key = Sha1::new().chain_update(hash).chain_update(number).finalize().to_vec();
                key.truncate(*size);
                // One of 40 bits is filled up with zeros (2.3.5.2).
                key.resize(if *size == 5 { 16 } else { *size }, 0);
                Rc4::new(&key)
            }
        }
    }
}
