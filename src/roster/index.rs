//! An index in memory, and what may be asked of it.

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::format::{
    BUCKET, DIGEST, ENTRY, HEADER, MAGIC, MOST_BUCKET_BITS, MOST_ROW_BITS, MOST_ROWS, Shape, filter,
};
use super::person::{self, purpose};
use super::secret::{CHECK, Key, SALT, Secrets};
use super::{FORMAT, IndexError, Roster};

/// A roster that can be asked. Its bytes are read once and shared.
#[derive(Debug)]
pub struct Index {
    bytes: Vec<u8>,
    shape: Shape,
    entries: usize,
    rows: u64,
    created: Timestamp,
    roster: Roster,
    key: Key,
    digest: String,
}

/// One form of a surname or a given name, hashed: what pairs and dates are asked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part(u64);

/// How many rows answer: a name that many bear says less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rarity {
    /// One row.
    One,
    /// Two to five.
    Few,
    /// Six to twenty.
    Some,
    /// More; which ones is not kept.
    Many,
}

/// What an index answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// How many rows it holds for.
    pub rarity: Rarity,
    /// Which, unless they are many; sorted.
    pub rows: Vec<u32>,
}

impl Index {
    /// Opens the bytes of an index under one of several secrets.
    ///
    /// # Errors
    /// [`IndexError`] when it is foreign, of another version, damaged, or of another key.
    pub fn open(bytes: Vec<u8>, secrets: &Secrets) -> Result<Self, IndexError> {
        let mut header = Header(bytes.get(..HEADER).ok_or(IndexError::Foreign)?);
        if header.take(MAGIC.len()) != MAGIC {
            return Err(IndexError::Foreign);
        }
        let format = u32::try_from(header.number(4)).unwrap_or(u32::MAX);
        if format != FORMAT {
            return Err(IndexError::Version(format));
        }
        let roster = match header.number(4) {
            0 => Roster::Patients,
            1 => Roster::Staff,
            _ => return Err(IndexError::Damaged("its kind is unknown")),
        };
        let (created, rows, entries) = (header.number(8), header.number(8), header.number(8));
        let (row_bits, bucket_bits) = (header.number(4), header.number(4));
        let shape =
            shape(rows, row_bits, bucket_bits).ok_or(IndexError::Damaged("its sizes do not agree"))?;
        let (salt, check) = (header.take(SALT), header.take(CHECK));
        let entries = usize::try_from(entries).map_err(|_| IndexError::Damaged("its sizes do not agree"))?;
        let digest = proven(&bytes, shape, entries)?;
        let key = secrets.of_index(salt, check).ok_or(IndexError::Key)?.key(salt);
        let seconds = i64::try_from(created).unwrap_or(i64::MAX);
        let created =
            Timestamp::from_second(seconds).map_err(|_| IndexError::Damaged("its date is out of range"))?;
        let index = Self { shape, entries, rows, created, roster, key, digest, bytes };
        if index.in_order() { Ok(index) } else { Err(IndexError::Damaged("its buckets are not in order")) }
    }

    /// Gives the index back when it holds what is expected.
    ///
    /// # Errors
    /// [`IndexError::Kind`] when it does not.
    pub fn expect(self, wanted: Roster) -> Result<Self, IndexError> {
        if self.roster == wanted { Ok(self) } else { Err(IndexError::Kind { found: self.roster, wanted }) }
    }

    /// Whose names it holds.
    #[must_use]
    pub fn roster(&self) -> Roster {
        self.roster
    }

    /// How many persons it holds.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many hashes it holds.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// Bytes it takes in memory.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// When it was built.
    #[must_use]
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// SHA-256 of its bytes, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Hashes one form of a name: lower-case ASCII letters without what joins them, as [`super::Spelling`] gives them.
    #[must_use]
    pub fn part(&self, form: &str) -> Part {
        Part(self.key.hash(purpose::PART, form.as_bytes()))
    }

    /// Who bears a surname and a given name, in any order.
    #[must_use]
    pub fn pair(&self, one: Part, other: Part) -> Option<Hit> {
        self.find(person::pair(&self.key, one.0, other.0))
    }

    /// Who bears a surname and initials: `j`, or `me` for a compound given name.
    #[must_use]
    pub fn initials(&self, surname: Part, initials: Part) -> Option<Hit> {
        self.find(self.key.join(purpose::INITIAL, surname.0, initials.0))
    }

    /// Who bears a name and was born on a day.
    #[must_use]
    pub fn born(&self, name: Part, birth: Date) -> Option<Hit> {
        self.find(person::with_birth(&self.key, name.0, birth))
    }

    /// Whose a health-insurance number is, in normal form.
    #[must_use]
    pub fn number(&self, nam: &str) -> Option<Hit> {
        self.find(self.key.hash(purpose::NAM, nam.as_bytes()))
    }

    /// Whose a dossier number is, as written.
    #[must_use]
    pub fn dossier(&self, written: &str) -> Option<Hit> {
        self.find(self.key.hash(purpose::DOSSIER, person::dossier(written)?.as_bytes()))
    }

    /// Who bears a surname and has a telephone or a postal code, as written.
    #[must_use]
    pub fn contact(&self, surname: Part, written: &str) -> Option<Hit> {
        let contact = person::phone(written).or_else(|| person::postal(written))?;
        self.find(person::with_contact(&self.key, surname.0, &contact))
    }

    fn find(&self, hash: u64) -> Option<Hit> {
        let bucket = self.shape.bucket(hash);
        let (start, filled) = self.bucket(bucket)?;
        let wanted = filter(hash);
        if filled & wanted != wanted {
            return None;
        }
        let end = self.bucket(bucket + 1).map_or(self.entries, |(start, _)| start);
        let tag = self.shape.tag(hash);
        let mut rows = Vec::new();
        let mut rarity = 0;
        for entry in self.slots(start, end) {
            let (found, class, row) = self.shape.parts(entry);
            if found == tag {
                rows.push(row);
                rarity = rarity.max(class);
            }
        }
        let rarity = match (rows.len(), rarity) {
            (0, _) => return None,
            (_, 0) => Rarity::One,
            (_, 1) => Rarity::Few,
            (_, 2) => Rarity::Some,
            (_, _) => Rarity::Many,
        };
        if rarity == Rarity::Many || rows.len() > MOST_ROWS {
            rows.clear();
        }
        Some(Hit { rarity, rows })
    }

    /// Where the entries of a bucket start, and its filter.
    fn bucket(&self, bucket: usize) -> Option<(usize, u128)> {
        if bucket >> self.shape.bucket_bits != 0 {
            return None;
        }
        let at = HEADER + bucket * BUCKET;
        let bytes = self.bytes.get(at..at + BUCKET)?.try_into().map(u128::from_le_bytes).ok()?;
        Some((usize::try_from(bytes & u128::from(u32::MAX)).ok()?, bytes >> 32))
    }

    fn slots(&self, start: usize, end: usize) -> impl Iterator<Item = u64> + '_ {
        let base = HEADER + (BUCKET << self.shape.bucket_bits);
        let range = base + start * ENTRY..base + end.max(start) * ENTRY;
        let slots = self.bytes.get(range).unwrap_or_default().chunks_exact(ENTRY);
        slots.map(|slot| slot.iter().rev().fold(0, |entry, byte| entry << 8 | u64::from(*byte)))
    }

    fn in_order(&self) -> bool {
        let mut before = 0;
        (0..1_usize << self.shape.bucket_bits).all(|bucket| {
            let start = self.bucket(bucket).map_or(usize::MAX, |(start, _)| start);
            let fits = (before..=self.entries).contains(&start);
            before = start;
            fits
        })
    }
}

/// The header, read from its start.
struct Header<'a>(&'a [u8]);

impl<'a> Header<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (head, rest) = self.0.split_at_checked(length).unwrap_or((self.0, &[]));
        self.0 = rest;
        head
    }

    fn number(&mut self, length: usize) -> u64 {
        self.take(length).iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

fn shape(rows: u64, row_bits: u64, bucket_bits: u64) -> Option<Shape> {
    let row_bits = u32::try_from(row_bits).ok().filter(|bits| (1..=MOST_ROW_BITS).contains(bits))?;
    let bucket_bits = u32::try_from(bucket_bits).ok().filter(|bits| (1..=MOST_BUCKET_BITS).contains(bits))?;
    (rows >> row_bits == 0).then_some(Shape { row_bits, bucket_bits })
}

/// Checks length and checksum; gives the checksum in hexadecimal.
fn proven(bytes: &[u8], shape: Shape, entries: usize) -> Result<String, IndexError> {
    let tables = (BUCKET << shape.bucket_bits).checked_add(entries.saturating_mul(ENTRY));
    let length = tables.and_then(|tables| tables.checked_add(HEADER + DIGEST));
    if length != Some(bytes.len()) {
        return Err(IndexError::Damaged("its length is not what it says"));
    }
    let (body, sum) = bytes.split_at_checked(bytes.len() - DIGEST).ok_or(IndexError::Foreign)?;
    if Sha256::digest(body).as_slice() != sum {
        return Err(IndexError::Damaged("its checksum is wrong"));
    }
    Ok(sum.iter().map(|byte| format!("{byte:02x}")).collect())
}
