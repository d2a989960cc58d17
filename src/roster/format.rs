//! The layout of an index: a header, buckets, entries, a checksum. Little-endian.
//!
//! A bucket is chosen by the top bits of a hash and holds where its entries start and a small filter: a question that no
//! row answers, as nearly all are, ends there, after one cache line. An entry is 48 bits: row, rarity, and as much of the
//! hash as there is room for.

use super::secret::{CHECK, SALT};

pub(super) const MAGIC: &[u8; 8] = b"VMROSTER";
/// Bytes of the header: magic, format, kind, created, rows, entries, bits of a row, bits of a bucket, salt, check.
pub(super) const HEADER: usize = 8 + 4 + 4 + 8 + 8 + 8 + 4 + 4 + SALT + CHECK;
/// Bytes of a bucket: 32 bits of start, 96 of filter.
pub(super) const BUCKET: usize = 16;
/// Bytes of an entry.
pub(super) const ENTRY: usize = 6;
/// Bits of an entry, those of its rarity, and the most for its row: 33 million rows, 21 bits of hash at least.
pub(super) const ENTRY_BITS: u32 = 48;
pub(super) const RARITY_BITS: u32 = 2;
pub(super) const MOST_ROW_BITS: u32 = 25;
/// Bytes of the SHA-256 at the end.
pub(super) const DIGEST: usize = 32;
/// Most rows told of one hash: of those that more bear, only that they are many.
pub(super) const MOST_ROWS: usize = 20;
/// Most bits of a bucket number: starts are told in 32 bits.
pub(super) const MOST_BUCKET_BITS: u32 = 28;

/// Where a hash belongs, and what is kept of it there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Bits of a row number.
    pub(super) row_bits: u32,
    /// Bits of a bucket number.
    pub(super) bucket_bits: u32,
}

impl Shape {
    /// The shape for so many rows and entries: about 6 to 12 entries a bucket.
    pub(super) fn of(rows: u64, entries: u64) -> Self {
        let row_bits = (u64::BITS - rows.leading_zeros()).max(1);
        let bucket_bits = (entries / 6).max(1).ilog2().clamp(1, MOST_BUCKET_BITS);
        Self { row_bits, bucket_bits }
    }

    /// The bucket of a hash.
    pub(super) fn bucket(self, hash: u64) -> usize {
        usize::try_from(hash >> (u64::BITS - self.bucket_bits)).unwrap_or(0)
    }

    /// What an entry keeps of a hash: the bits below those of the bucket.
    pub(super) fn tag(self, hash: u64) -> u64 {
        (hash << self.bucket_bits) >> (u64::BITS - (ENTRY_BITS - RARITY_BITS - self.row_bits))
    }

    /// An entry: tag, rarity, row.
    pub(super) fn entry(self, hash: u64, rarity: u64, row: u32) -> u64 {
        (self.tag(hash) << (RARITY_BITS + self.row_bits)) | (rarity << self.row_bits) | u64::from(row)
    }

    /// An entry taken apart.
    pub(super) fn parts(self, entry: u64) -> (u64, u64, u32) {
        let row = entry & ((1 << self.row_bits) - 1);
        let rarity = (entry >> self.row_bits) & ((1 << RARITY_BITS) - 1);
        (entry >> (RARITY_BITS + self.row_bits), rarity, u32::try_from(row).unwrap_or(u32::MAX))
    }
}

/// The bits that a hash sets in the filter of its bucket: three of 96, by its low bits, which no tag keeps.
pub(super) fn filter(hash: u64) -> u128 {
    let bit = |shift: u32| 1_u128 << (((hash >> shift) & 0xFF) * 96 / 256);
    bit(0) | bit(8) | bit(16)
}
