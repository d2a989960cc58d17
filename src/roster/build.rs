//! Persons in, the bytes of an index out.

use std::collections::HashMap;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::format::{BUCKET, DIGEST, ENTRY, HEADER, MAGIC, MOST_ROW_BITS, MOST_ROWS, Shape, filter};
use super::person::{self, Person};
use super::secret::{Key, SALT, Secret};
use super::{FORMAT, Roster};

/// Gathers the hashes of persons. Takes 12 bytes a hash and 16 a health-insurance number until it is finished.
#[derive(Debug)]
pub struct Builder {
    roster: Roster,
    created: Timestamp,
    salt: [u8; SALT],
    check: Vec<u8>,
    key: Key,
    /// Hashes with their rows.
    found: Vec<(u64, u32)>,
    /// The row of each health-insurance number, by its hash: a person may have several dossiers.
    numbers: HashMap<u64, u32>,
    rows: u32,
    repeated: u64,
}

impl Builder {
    /// Starts an index; `salt` must be fresh chance, `created` is now.
    #[must_use]
    pub fn new(roster: Roster, secret: &Secret, salt: [u8; SALT], created: Timestamp) -> Self {
        Self {
            roster,
            created,
            check: secret.check(&salt).to_vec(),
            key: secret.key(&salt),
            salt,
            found: Vec::new(),
            numbers: HashMap::new(),
            rows: 0,
            repeated: 0,
        }
    }

    /// Adds a person. A health-insurance number seen before is the same person again, perhaps with another dossier.
    pub fn push(&mut self, person: &Person) {
        let known = person.nam.as_ref().map(|nam| self.key.hash(person::purpose::NAM, nam.as_bytes()));
        let row = match known.and_then(|nam| self.numbers.get(&nam)) {
            Some(row) => {
                self.repeated += 1;
                *row
            }
            None => {
                self.rows += 1;
                let row = (self.rows - 1).min((1 << MOST_ROW_BITS) - 2);
                self.numbers.extend(known.map(|nam| (nam, row)));
                row
            }
        };
        let found = &mut self.found;
        person::hashes(person, &self.key, |hash| found.push((hash, row)));
    }

    /// Persons so far.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Rows that told of a person told of before.
    #[must_use]
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// Writes the index.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.numbers = HashMap::new();
        let mut found = std::mem::take(&mut self.found);
        found.sort_unstable();
        found.dedup();
        let entries: usize = groups(&found).map(kept).sum();
        let rows = u64::from(self.rows);
        let shape = Shape::of(rows, u64::try_from(entries).unwrap_or(u64::MAX));
        let tables = BUCKET << shape.bucket_bits;
        let mut bytes = Vec::with_capacity(HEADER + tables + entries * ENTRY + DIGEST);
        self.head(&mut bytes, rows, entries, shape);
        bytes.resize(HEADER + tables, 0);
        let mut buckets = vec![(0_u32, 0_u128); 1 << shape.bucket_bits];
        for group in groups(&found) {
            let Some((hash, _)) = group.first() else { continue };
            let rarity = rarity(group.len());
            let rows = if group.len() > MOST_ROWS { group.get(..1).unwrap_or_default() } else { group };
            if let Some((count, filled)) = buckets.get_mut(shape.bucket(*hash)) {
                *count += u32::try_from(rows.len()).unwrap_or(0);
                *filled |= filter(*hash);
            }
            for (hash, row) in rows {
                let entry = shape.entry(*hash, rarity, *row).to_le_bytes();
                bytes.extend_from_slice(entry.get(..ENTRY).unwrap_or_default());
            }
        }
        let mut start = 0_u32;
        let slots = bytes.get_mut(HEADER..).unwrap_or_default().chunks_exact_mut(BUCKET);
        for ((count, filled), slot) in buckets.into_iter().zip(slots) {
            slot.copy_from_slice(&(u128::from(start) | filled << 32).to_le_bytes());
            start += count;
        }
        let sum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&sum);
        bytes
    }

    fn head(&self, bytes: &mut Vec<u8>, rows: u64, entries: usize, shape: Shape) {
        let roster = match self.roster {
            Roster::Patients => 0_u32,
            Roster::Staff => 1,
        };
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&roster.to_le_bytes());
        bytes.extend_from_slice(&self.created.as_second().to_le_bytes());
        bytes.extend_from_slice(&rows.to_le_bytes());
        bytes.extend_from_slice(&u64::try_from(entries).unwrap_or(u64::MAX).to_le_bytes());
        bytes.extend_from_slice(&shape.row_bits.to_le_bytes());
        bytes.extend_from_slice(&shape.bucket_bits.to_le_bytes());
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.check);
    }
}

/// Rows that share a hash.
fn groups(found: &[(u64, u32)]) -> impl Iterator<Item = &[(u64, u32)]> {
    found.chunk_by(|one, other| one.0 == other.0)
}

/// How many of them are kept.
fn kept(group: &[(u64, u32)]) -> usize {
    if group.len() > MOST_ROWS { 1 } else { group.len() }
}

fn rarity(rows: usize) -> u64 {
    match rows {
        0 | 1 => 0,
        2..=5 => 1,
        6..=MOST_ROWS => 2,
        _ => 3,
    }
}
