//! Property sets of documents ([MS-OLEPS], 2.21): title, author, keywords, and those that people add.

use crate::extract::endian::{long, short, wide};
use crate::mime::charset;

/// Most sets; programs write two.
const SETS: usize = 8;
/// Most properties of one set.
const MOST: usize = 2_000;
/// How often the bytes of a stream may be read over: properties that share them could multiply it.
const OVER: usize = 8;

/// The strings of a stream of property sets, a line each, and whether they are all there.
#[must_use]
pub fn read(bytes: &[u8]) -> (String, bool) {
    let mut strings = Strings { text: String::new(), left: bytes.len().saturating_mul(OVER) };
    let sets = long(bytes, 24).unwrap_or(0);
    let mut whole = sets <= SETS;
    for index in 0..sets.min(SETS) {
        let set = long(bytes, 44 + index * 20).and_then(|offset| bytes.get(offset..));
        whole &= set.and_then(|set| strings.set(set)).is_some();
    }
    (strings.text, whole)
}

/// The strings so far, and how many bytes may still be read.
struct Strings {
    text: String,
    left: usize,
}

impl Strings {
    /// Reads a set; `None` when some of it is not there.
    fn set(&mut self, set: &[u8]) -> Option<()> {
        let count = long(set, 4)?;
        let mut whole = count <= MOST;
        for index in 0..count.min(MOST) {
            whole &= long(set, 12 + index * 8).and_then(|at| self.value(set, at)).is_some();
        }
        whole.then_some(())
    }

    fn value(&mut self, set: &[u8], at: usize) -> Option<()> {
        let content = at.checked_add(4)?;
        match short(set, at)? {
            30 => drop(self.string(set, content)?),
            31 => {
                let size = long(set, content)?.checked_mul(2)?;
                let text = self.bytes(set, content, size)?;
                self.line(&wide(text));
            }
            // A vector of strings: each takes its count at least, so that one that is not there ends it.
            0x101E => {
                let mut next = content.checked_add(4)?;
                for _ in 0..long(set, content)? {
                    next = self.string(set, next)?;
                }
            }
            _ => {}
        }
        Some(())
    }

    fn string(&mut self, set: &[u8], at: usize) -> Option<usize> {
        let size = long(set, at)?;
        let text = self.bytes(set, at, size)?;
        self.line(&charset::decode(text, None));
        at.checked_add(4)?.checked_add(size)
    }

    /// So many bytes behind a count.
    fn bytes<'s>(&mut self, set: &'s [u8], count: usize, size: usize) -> Option<&'s [u8]> {
        self.left = self.left.checked_sub(size)?;
        let start = count.checked_add(4)?;
        set.get(start..start.checked_add(size)?)
    }

    fn line(&mut self, text: &str) {
        let text = text.trim_matches('\0').trim();
        if !text.is_empty() {
            self.text.push_str(text);
            self.text.push('\n');
        }
    }
}
