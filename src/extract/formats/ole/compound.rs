//! Compound files: a file system in a file ([MS-CFB] 2022).
//!
//! Chains of sectors are followed no longer than the file has sectors, so that no loop holds.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::extract::endian::{long, short, u32_at, wide};

const SIGNATURE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Numbers from here on end a chain or mean no sector.
const LAST: usize = 0xFFFF_FFFA;
/// No entry.
const NONE: usize = 0xFFFF_FFFF;
/// What the table says of a sector that nothing uses.
const FREE: u32 = 0xFFFF_FFFF;
/// Bytes of an entry.
const ENTRY: usize = 128;
/// Most entries of the directory.
const MOST: usize = 50_000;
/// Storages inside one another whose names are kept apart.
const DEEPEST: usize = 32;
/// How often the bytes of a file may be read over, beside a first megabyte: streams that share sectors could multiply it.
const OVER: usize = 8;

/// A stream with the storages that lead to it.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Storages from the root, joined with `/` and ended with one; empty for the root.
    pub storage: String,
    /// Its name.
    pub name: String,
    start: usize,
    size: usize,
}

/// An open file.
#[derive(Debug)]
pub struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    small: usize,
    cutoff: usize,
    table: Vec<u32>,
    small_table: Vec<u32>,
    small_content: Vec<u8>,
    /// Every stream.
    pub streams: Vec<Stream>,
    /// The streams of each storage, by their number.
    storages: BTreeMap<String, Vec<usize>>,
    /// Bytes of streams that may still be read.
    left: Cell<usize>,
    overdrawn: Cell<bool>,
    /// Bytes of tables, directory and streams that were looked for, and those that were found.
    wanted: Cell<usize>,
    found: Cell<usize>,
}

struct Entry {
    name: String,
    kind: u8,
    left: usize,
    right: usize,
    child: usize,
    start: usize,
    size: usize,
}

/// Whether bytes are a compound file.
#[must_use]
pub fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

impl<'a> Compound<'a> {
    /// Reads tables and directory.
    #[must_use]
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let power = short(bytes, 30).filter(|power| (7..=16).contains(power))?;
        let small = short(bytes, 32).filter(|power| (4..=12).contains(power))?;
        let mut file = Self {
            bytes,
            sector: 1 << power,
            small: 1 << small,
            cutoff: long(bytes, 56)?,
            table: Vec::new(),
            small_table: Vec::new(),
            small_content: Vec::new(),
            streams: Vec::new(),
            storages: BTreeMap::new(),
            left: Cell::new(bytes.len().saturating_mul(OVER).saturating_add(1 << 20)),
            overdrawn: Cell::new(false),
            wanted: Cell::new(0),
            found: Cell::new(0),
        };
        file.read_table();
        file.small_table = numbers(file.chain(long(bytes, 60)?, usize::MAX));
        let directory = file.chain(long(bytes, 48)?, usize::MAX);
        let entries: Vec<Entry> = directory.chunks(ENTRY).take(MOST).filter_map(entry).collect();
        file.overdrawn.set(directory.len() / ENTRY > MOST);
        let root = entries.first()?;
        file.small_content = file.chain(root.start, root.size);
        file.walk(&entries);
        for (number, stream) in file.streams.iter().enumerate() {
            file.storages.entry(stream.storage.clone()).or_default().push(number);
        }
        Some(file)
    }

    /// The names of the storages that hold streams.
    pub fn storages(&self) -> impl Iterator<Item = &str> {
        self.storages.keys().map(String::as_str)
    }

    /// The streams of a storage.
    pub fn streams_in(&self, storage: &str) -> impl Iterator<Item = &Stream> {
        self.storages.get(storage).into_iter().flatten().filter_map(|number| self.streams.get(*number))
    }

    /// Whether streams were left empty because their sectors were read too often.
    #[must_use]
    pub fn is_overdrawn(&self) -> bool {
        self.overdrawn.get()
    }

    /// What was found of all that was looked for, when some of it is not there: chains of sectors that break off, entries without a place.
    #[must_use]
    pub fn damage(&self) -> Option<(usize, usize)> {
        let (found, wanted) = (self.found.get(), self.wanted.get());
        (found < wanted).then_some((found, wanted))
    }

    /// What stands behind the last sector that is in use.
    #[must_use]
    pub fn behind(&self) -> &'a [u8] {
        let used = self.table.iter().rposition(|next| *next != FREE).map_or(0, |last| last + 1);
        let end = used.saturating_add(1).saturating_mul(self.sector);
        self.bytes.get(end..).unwrap_or_default()
    }

    /// The sectors between others that nothing uses: those that follow one another come as one.
    #[must_use]
    pub fn free(&self) -> Vec<&'a [u8]> {
        let used = self.table.iter().rposition(|next| *next != FREE).unwrap_or(0);
        let table = self.table.get(..used).unwrap_or_default();
        let mut at = 0;
        let runs = table.chunk_by(|one, other| (*one == FREE) == (*other == FREE)).filter_map(|run| {
            let start = at;
            at += run.len();
            let place = |sector: usize| sector.saturating_add(1).saturating_mul(self.sector);
            let end = place(at).min(self.bytes.len());
            run.first().filter(|next| **next == FREE).and_then(|_| self.bytes.get(place(start)..end))
        });
        runs.collect()
    }

    /// Counts what was looked for and what was found of it.
    fn count(&self, found: usize, wanted: usize) {
        self.found.set(self.found.get().saturating_add(found));
        self.wanted.set(self.wanted.get().saturating_add(wanted));
    }

    /// The content of a stream.
    #[must_use]
    pub fn read(&self, stream: &Stream) -> Vec<u8> {
        let left = self.left.get();
        if left == 0 {
            self.overdrawn.set(true);
            return Vec::new();
        }
        let content = self.content(stream);
        // An empty one costs its look-up.
        self.left.set(left.saturating_sub(content.len().max(64)));
        content
    }

    fn content(&self, stream: &Stream) -> Vec<u8> {
        if stream.size >= self.cutoff {
            return self.chain(stream.start, stream.size);
        }
        let (mut out, mut at) = (Vec::new(), stream.start);
        for _ in 0..=self.small_table.len() {
            if at >= LAST || out.len() >= stream.size {
                break;
            }
            let from = at.saturating_mul(self.small);
            let Some(piece) = self.small_content.get(from..) else { break };
            out.extend(piece.iter().take(self.small));
            at = self.small_table.get(at).and_then(|next| usize::try_from(*next).ok()).unwrap_or(LAST);
        }
        out.truncate(stream.size);
        self.count(out.len(), stream.size);
        out
    }

    /// The stream of a name in a storage, whatever the case of letters.
    #[must_use]
    pub fn find(&self, storage: &str, name: &str) -> Option<&Stream> {
        self.streams_in(storage).find(|stream| stream.name.eq_ignore_ascii_case(name))
    }

    fn read_table(&mut self) {
        let most = self.bytes.len() / self.sector + 1;
        let mut sectors: Vec<usize> = (0..109).filter_map(|index| long(self.bytes, 76 + index * 4)).collect();
        let mut next = long(self.bytes, 68).unwrap_or(LAST);
        for _ in 0..most {
            let Some(block) = self.block(next).filter(|_| next < LAST) else { break };
            let all = numbers(block);
            let Some((last, rest)) = all.split_last() else { break };
            sectors.extend(rest.iter().filter_map(|number| usize::try_from(*number).ok()));
            next = usize::try_from(*last).unwrap_or(LAST);
        }
        if next < LAST {
            self.count(0, self.sector);
        }
        for sector in sectors.into_iter().filter(|sector| *sector < LAST).take(most) {
            let block = self.block(sector).unwrap_or_default();
            self.count(block.len(), self.sector);
            self.table.extend(numbers(block));
        }
    }

    fn block(&self, sector: usize) -> Option<&'a [u8]> {
        let start = sector.checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.bytes.get(start..)?;
        Some(rest.get(..self.sector).unwrap_or(rest))
    }

    /// The bytes of a chain of sectors: so many, or all of them.
    fn chain(&self, start: usize, size: usize) -> Vec<u8> {
        let (mut out, mut at, mut whole) = (Vec::new(), start, true);
        for _ in 0..=self.bytes.len() / self.sector {
            if at >= LAST || out.len() >= size {
                break;
            }
            let block = self.block(at).unwrap_or_default();
            out.extend_from_slice(block);
            whole = block.len() == self.sector && at < self.table.len();
            at = self.table.get(at).and_then(|next| usize::try_from(*next).ok()).unwrap_or(LAST);
        }
        out.truncate(size);
        let wanted = match size {
            usize::MAX if whole && at >= LAST => out.len(),
            usize::MAX => out.len().saturating_add(self.sector),
            size => size,
        };
        self.count(out.len(), wanted);
        out
    }

    /// Walks the trees of the directory from the root; each entry once.
    fn walk(&mut self, entries: &[Entry]) {
        let mut seen = vec![false; entries.len()];
        let mut pending = vec![(entries.first().map_or(LAST, |root| root.child), String::new(), 0usize)];
        while let Some((at, storage, depth)) = pending.pop() {
            let (Some(entry), Some(mark)) = (entries.get(at), seen.get_mut(at)) else {
                // An entry that is not there, unless the number means none.
                self.count(0, if at < NONE { ENTRY } else { 0 });
                continue;
            };
            if std::mem::replace(mark, true) {
                continue;
            }
            pending.push((entry.right, storage.clone(), depth));
            if entry.kind == 1 {
                let deep = depth >= DEEPEST;
                let inner = if deep { storage.clone() } else { format!("{storage}{}/", entry.name) };
                pending.push((entry.child, inner, depth.saturating_add(1)));
            } else if entry.kind == 2 {
                self.streams.push(Stream {
                    storage: storage.clone(),
                    name: entry.name.clone(),
                    start: entry.start,
                    size: entry.size,
                });
            }
            pending.push((entry.left, storage, depth));
        }
        // What no tree names is read too.
        for (entry, seen) in entries.iter().zip(&seen) {
            if entry.kind == 2 && !seen && entry.size > 0 {
                self.streams.push(Stream {
                    storage: "?/".to_owned(),
                    name: entry.name.clone(),
                    start: entry.start,
                    size: entry.size,
                });
            }
        }
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = short(bytes, 64)?.min(64);
    Some(Entry {
        name: wide(bytes.get(..length.saturating_sub(2))?),
        kind: *bytes.get(66)?,
        left: long(bytes, 68)?,
        right: long(bytes, 72)?,
        child: long(bytes, 76)?,
        start: long(bytes, 116)?,
        size: long(bytes, 120)?,
    })
}

fn numbers(bytes: impl AsRef<[u8]>) -> Vec<u32> {
    bytes.as_ref().chunks_exact(4).filter_map(|digits| u32_at(digits, 0)).collect()
}
