//! What the headers of an archive say: the end of its directory, the entries in it, the headers before members (APPNOTE 4.3 to 4.6).

use memchr::memmem;

use super::{CENTRAL, END, LOCAL, Member};
use crate::extract::endian::little_at;
use crate::mime::charset;
use crate::model::Strength;

/// Where the directory starts, how far every offset is off by bytes before the archive, and how many members it counts.
pub(super) fn directory(bytes: &[u8]) -> Option<(usize, usize, usize)> {
    let tail = bytes.len().saturating_sub(66_000);
    // Most files are no archive, which is seen faster from the front.
    memmem::find(bytes.get(tail..)?, END)?;
    let end = tail + memmem::rfind(bytes.get(tail..)?, END)?;
    let (mut count, mut size, mut offset) =
        (little_at(bytes, end + 10, 2)?, little_at(bytes, end + 12, 4)?, little_at(bytes, end + 16, 4)?);
    let mut close = end;
    // APPNOTE 4.3.14 and 4.3.15: numbers too large stand in a record of their own before.
    let wide =
        end.checked_sub(20).filter(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(b"PK\x06\x07")));
    if let Some(record) =
        wide.and_then(|at| little_at(bytes, at + 8, 8)).filter(|_| offset == 0xFFFF_FFFF || count == 0xFFFF)
        && bytes.get(record..).is_some_and(|rest| rest.starts_with(b"PK\x06\x06"))
    {
        (count, size, offset) = (
            little_at(bytes, record + 32, 8)?,
            little_at(bytes, record + 40, 8)?,
            little_at(bytes, record + 48, 8)?,
        );
        close = record;
    }
    let start = close.checked_sub(size).unwrap_or(offset);
    let at = |place: usize| bytes.get(place..).is_some_and(|rest| rest.starts_with(CENTRAL));
    let start = if at(start) || !at(offset) { start } else { offset };
    Some((start, start.saturating_sub(offset), count))
}

/// Whether nothing but the comment and blanks follows the end of the directory (APPNOTE 4.3.16).
pub(super) fn ends_with_directory(bytes: &[u8]) -> bool {
    let rest = memmem::rfind(bytes, END).and_then(|at| bytes.get(at..)).unwrap_or_default();
    let end = little_at(rest, 20, 2).map_or(usize::MAX, |comment| comment.saturating_add(22));
    rest.get(end..).is_some_and(|rest| rest.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace()))
}

/// A member by its entry in the directory (APPNOTE 4.3.12), and where the next entry is.
pub(super) fn central(bytes: &[u8], at: usize, shift: usize) -> Option<(Member<'_>, usize)> {
    let field = |offset: usize, size: usize| little_at(bytes, at + offset, size);
    let (flags, method, mut size, mut unpacked) = (field(8, 2)?, field(10, 2)?, field(20, 4)?, field(24, 4)?);
    let (name_size, extra_size, comment_size) = (field(28, 2)?, field(30, 2)?, field(32, 2)?);
    let mut header = field(42, 4)?;
    let name = bytes.get(at + 46..at + 46 + name_size)?;
    let extra = bytes.get(at + 46 + name_size..at + 46 + name_size + extra_size)?;
    if let Some(wide) = extra_field(extra, 1) {
        let mut numbers = wide.chunks(8).filter_map(|digits| little_at(digits, 0, 8));
        unpacked = if unpacked == 0xFFFF_FFFF { numbers.next().unwrap_or(unpacked) } else { unpacked };
        size = if size == 0xFFFF_FFFF { numbers.next().unwrap_or(size) } else { size };
        header = if header == 0xFFFF_FFFF { numbers.next().unwrap_or(header) } else { header };
    }
    let header = header.saturating_add(shift);
    let differs = told_twice(bytes, header).is_some_and(|told| told != (size, unpacked));
    let member = Member {
        name: name_of(name, flags, extra),
        method: u16::try_from(method).unwrap_or(u16::MAX),
        flags,
        size: unpacked,
        encrypted: strength(flags, method),
        packed: content(bytes, header).and_then(|start| bytes.get(start..start.checked_add(size)?)),
        header,
        entry: Some(at),
        differs,
    };
    Some((member, at + 46 + name_size + extra_size + comment_size))
}

/// A member by its local header (APPNOTE 4.3.7), and where it ends. Without a size it runs to the next header.
pub(super) fn local(bytes: &[u8], at: usize) -> Option<(Member<'_>, usize)> {
    let field = |offset: usize, size: usize| little_at(bytes, at + offset, size);
    let (flags, method, size, unpacked) = (field(6, 2)?, field(8, 2)?, field(18, 4)?, field(22, 4)?);
    let (name_size, extra_size) = (field(26, 2)?, field(28, 2)?);
    if method > 99 {
        return None;
    }
    let name = bytes.get(at + 30..at + 30 + name_size)?;
    let start = at + 30 + name_size + extra_size;
    let rest = bytes.get(start..).unwrap_or_default();
    let size = if flags & 8 != 0 && size == 0 { next_header(rest) } else { size };
    let member = Member {
        name: name_of(name, flags, &[]),
        method: u16::try_from(method).unwrap_or(u16::MAX),
        flags,
        // Without a directory the size may come after the content: then as much as the budget allows.
        size: if flags & 8 != 0 && unpacked == 0 { usize::MAX } else { unpacked },
        encrypted: strength(flags, method),
        packed: Some(rest.get(..size).unwrap_or(rest)),
        header: at,
        entry: None,
        differs: false,
    };
    Some((member, start.saturating_add(size)))
}

/// The size of what tells the sizes of a member behind its content, with or without its mark (APPNOTE 4.3.9).
pub(super) fn descriptor(bytes: &[u8], flags: usize) -> usize {
    match (flags & 8, bytes.starts_with(b"PK\x07\x08")) {
        (0, _) => 0,
        (_, true) => 16,
        (_, false) => 12,
    }
}

/// Where the next header of either kind starts: one search, so that a flood of headers costs no more than its length.
fn next_header(bytes: &[u8]) -> usize {
    let mark = |at: &usize| bytes.get(*at..*at + 4).is_some_and(|it| it == LOCAL || it == CENTRAL);
    memmem::find_iter(bytes, b"PK").find(mark).unwrap_or(bytes.len())
}

/// The sizes that a local header tells, unless they stand behind the content or in an extra field.
fn told_twice(bytes: &[u8], header: usize) -> Option<(usize, usize)> {
    let local = bytes.get(header..).filter(|rest| rest.starts_with(LOCAL))?;
    let (flags, size, unpacked) =
        (little_at(local, 6, 2)?, little_at(local, 18, 4)?, little_at(local, 22, 4)?);
    let told = flags & 8 == 0 && size != 0xFFFF_FFFF && unpacked != 0xFFFF_FFFF && (size, unpacked) != (0, 0);
    told.then_some((size, unpacked))
}

/// Where the content of the member with this local header starts.
pub(super) fn content(bytes: &[u8], header: usize) -> Option<usize> {
    let start = bytes.get(header..).filter(|rest| rest.starts_with(LOCAL))?;
    Some(header + 30 + little_at(start, 26, 2)? + little_at(start, 28, 2)?)
}

/// APPNOTE 4.4.4: bit 0 is encryption, bit 6 a strong one; method 99 is AES (AE-1, AE-2).
fn strength(flags: usize, method: usize) -> Option<Strength> {
    match (flags & 1, method == 99, flags & 0x40) {
        (0, _, _) => None,
        (_, true, _) => Some(Strength::Strong),
        (_, false, 0) => Some(Strength::Weak),
        (_, false, _) => Some(Strength::Unknown),
    }
}

/// A name in UTF-8 or in the code page of old systems, or as its Unicode extra field has it (APPNOTE 4.6.9).
pub(super) fn name_of(name: &[u8], flags: usize, extra: &[u8]) -> String {
    let unicode = extra_field(extra, 0x7075).and_then(|field| field.get(5..));
    let bytes = unicode.unwrap_or(name);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) if flags & 0x800 != 0 => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => charset::decode(bytes, Some("cp850")),
    }
}

/// An extra field by its number (APPNOTE 4.5.1).
pub(super) fn extra_field(mut extra: &[u8], wanted: usize) -> Option<&[u8]> {
    loop {
        let (tag, size) = (little_at(extra, 0, 2)?, little_at(extra, 2, 2)?);
        let field = extra.get(4..4 + size)?;
        if tag == wanted {
            return Some(field);
        }
        extra = extra.get(4 + size..)?;
    }
}
