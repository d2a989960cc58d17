//! Word 6 to 2003 ([MS-DOC], 2.4 and 2.5): the pieces of text, in reading order.

use encoding_rs::WINDOWS_1252;

use super::compound::{Compound, Stream};
use crate::extract::endian::{long, short, wide};
use crate::extract::formats::sweep;
use crate::extract::sink::Sink;
use crate::model::{Boundary, GapReason, ProtectionKind, Region, Strength};

/// Most pieces.
const MOST: usize = 500_000;

/// Reads a document; whether it is one.
pub fn read(file: &Compound<'_>, storage: &str, main: &Stream, sink: &mut Sink) -> bool {
    let bytes = file.read(main);
    let Some(flags) = short(&bytes, 10) else { return false };
    if flags & 0x0100 != 0 {
        let table = if flags & 0x0200 != 0 { "1Table" } else { "0Table" };
        let table = file.find(storage, table).map(|stream| file.read(stream)).unwrap_or_default();
        // 0x8000: obfuscated by XOR ([MS-DOC], 2.2.6.1); version 1.1: RC4 of 40 bits ([MS-OFFCRYPTO], 2.3.6.1).
        let weak = flags & 0x8000 != 0 || (short(&table, 0), short(&table, 2)) == (Some(1), Some(1));
        sink.hidden(
            ProtectionKind::Office,
            if weak { Strength::Weak } else { super::strength(&table) },
            true,
        );
        return true;
    }
    let old = short(&bytes, 2).is_some_and(|version| version < 0x00C1);
    let table = if flags & 0x0200 != 0 { "1Table" } else { "0Table" };
    let table = file.find(storage, table).map(|stream| file.read(stream)).unwrap_or_default();
    let text = if old { None } else { pieces(&bytes, &table) };
    let whole = old || text.is_some();
    match text.or_else(|| plain(&bytes)) {
        Some((text, all)) => {
            put(&text, sink);
            if !whole || !all {
                sink.gap(GapReason::Malformed);
            }
        }
        None => sink.gap(GapReason::Malformed),
    }
    if !old {
        sink.text(Region::Property, around(&bytes, &table), Boundary::Block);
    }
    true
}

/// Parts of the table whose words people wrote, by their number ([MS-DOC], 2.5.6): properties, where it was saved, who commented, choices
/// of forms, who revised, variables.
const SAID: [usize; 6] = [32, 35, 36, 45, 51, 60];

/// What stands around the text.
fn around(bytes: &[u8], table: &[u8]) -> String {
    let part = |number: usize| {
        let (start, size) = (long(bytes, 0x9A + number * 8)?, long(bytes, 0x9E + number * 8)?);
        table.get(start..start.checked_add(size)?)
    };
    SAID.into_iter().filter_map(part).map(sweep::words).collect()
}

/// The text of the piece table ([MS-DOC], 2.8.35 and 2.9.177), and whether all of it is there.
fn pieces(bytes: &[u8], table: &[u8]) -> Option<(String, bool)> {
    let (start, size) = (long(bytes, 0x01A2)?, long(bytes, 0x01A6)?);
    let mut rest = table.get(start..start.checked_add(size)?)?;
    while rest.first() == Some(&1) {
        rest = rest.get(3 + short(rest, 1)?..)?;
    }
    let size = long(rest, 1).filter(|_| rest.first() == Some(&2))?;
    let plc = rest.get(5..)?;
    let mut whole = plc.len() >= size;
    let plc = plc.get(..size).unwrap_or(plc);
    let count = plc.len().checked_sub(4)? / 12;
    whole &= count <= MOST;
    let mut text = String::new();
    for index in 0..count.min(MOST) {
        let (from, to) = (long(plc, index * 4)?, long(plc, index * 4 + 4)?);
        let Some(length) = to.checked_sub(from) else {
            whole = false;
            continue;
        };
        let place = long(plc, (count + 1) * 4 + index * 8 + 2)?;
        let (at, size) = match place & 0x4000_0000 {
            0 => (place, length.saturating_mul(2)),
            _ => ((place & 0x3FFF_FFFF) / 2, length),
        };
        let rest = bytes.get(at..).unwrap_or_default();
        whole &= rest.len() >= size;
        let piece = rest.get(..size).unwrap_or(rest);
        match place & 0x4000_0000 {
            0 => text.push_str(&wide(piece)),
            _ => text.push_str(&WINDOWS_1252.decode_without_bom_handling(piece).0),
        }
        if text.len() > 4 * bytes.len() {
            return Some((text, false));
        }
    }
    Some((text, whole))
}

/// The text of a document without pieces: from one offset to another, and whether the file goes so far.
fn plain(bytes: &[u8]) -> Option<(String, bool)> {
    let (start, end) = (long(bytes, 0x18)?, long(bytes, 0x1C)?);
    let text = bytes.get(start..end.min(bytes.len()))?;
    let cyrillic = text.iter().filter(|byte| **byte >= 0xC0).count() * 3
        > text.iter().filter(|byte| byte.is_ascii_alphabetic()).count().max(1) * 2;
    let encoding = if cyrillic { encoding_rs::WINDOWS_1251 } else { WINDOWS_1252 };
    Some((encoding.decode_without_bom_handling(text).0.into_owned(), end <= bytes.len()))
}

/// Puts text: field codes stand apart, marks become what they show ([MS-DOC], 2.4.1).
fn put(text: &str, sink: &mut Sink) {
    let (mut out, mut codes) = (String::with_capacity(text.len()), String::new());
    // The open fields, and whether their code still runs.
    let mut fields: Vec<bool> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let target = if fields.last() == Some(&true) { &mut codes } else { &mut out };
        match c {
            '\u{13}' => fields.push(true),
            '\u{14}' => {
                fields.pop();
                fields.push(false);
                codes.push('\n');
            }
            '\u{15}' => drop(fields.pop()),
            '\u{7}' if chars.peek() == Some(&'\u{7}') => {
                chars.next();
                target.push('\n');
            }
            '\u{7}' => target.push('\t'),
            '\r' | '\u{b}' | '\u{c}' | '\u{e}' => target.push('\n'),
            '\u{1e}' => target.push('-'),
            '\u{a0}' => target.push(' '),
            '\t' | '\n' => target.push(c),
            '\0'..' ' => {}
            _ => target.push(c),
        }
    }
    sink.text(Region::Body, out, Boundary::Block);
    sink.text(Region::Attribute, codes, Boundary::Block);
}
