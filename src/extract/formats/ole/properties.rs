//! Property sets of documents ([MS-OLEPS], 2.21): title, author, keywords, and those that people add.

use crate::extract::formats::little::{long, short, wide};
use crate::mime::charset;

/// Most properties of one set.
const MOST: usize = 2_000;

/// The strings of a stream of property sets, a line each.
#[must_use]
pub fn read(bytes: &[u8]) -> String {
    let mut out = String::new();
    let sets = long(bytes, 24).unwrap_or(0).min(4);
    for offset in (0..sets).filter_map(|index| long(bytes, 44 + index * 20)) {
        let Some(set) = bytes.get(offset..) else { continue };
        let count = long(set, 4).unwrap_or(0).min(MOST);
        for at in (0..count).filter_map(|index| long(set, 12 + index * 8)) {
            value(set, at, &mut out);
        }
    }
    out
}

fn value(set: &[u8], at: usize, out: &mut String) -> Option<()> {
    let content = at.checked_add(4)?;
    match short(set, at)? {
        30 => drop(string(set, content, out)?),
        31 => {
            let size = long(set, content)?.min(1 << 20).checked_mul(2)?;
            line(&wide(set.get(content + 4..content.checked_add(4)?.checked_add(size)?)?), out);
        }
        // A vector of strings.
        0x101E => {
            let mut next = content.checked_add(4)?;
            for _ in 0..long(set, content)?.min(MOST) {
                next = string(set, next, out)?;
            }
        }
        _ => {}
    }
    Some(())
}

fn string(set: &[u8], at: usize, out: &mut String) -> Option<usize> {
    let size = long(set, at)?;
    let end = at.checked_add(4)?.checked_add(size)?;
    line(&charset::decode(set.get(at + 4..end)?, None), out);
    Some(end)
}

fn line(text: &str, out: &mut String) {
    let text = text.trim_matches('\0').trim();
    if !text.is_empty() {
        out.push_str(text);
        out.push('\n');
    }
}
