//! Tar archives: ustar, pax and GNU (POSIX.1-2024, pax interchange format). Every member becomes a file inside.

use super::{Format, behind, sweep};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, Region};

/// Takes what opens with a header whose checksum is right.
pub const FORMAT: Format =
    Format { behind: false, name: "tar", claims: |source| begins(&source.bytes), read };

/// Whether an archive begins here.
#[must_use]
pub fn begins(bytes: &[u8]) -> bool {
    header(bytes, 0).is_some()
}

const BLOCK: usize = 512;

/// A header.
struct Header {
    name: String,
    kind: u8,
    size: usize,
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let bytes: &[u8] = &source.bytes;
    let (mut at, mut long_name, mut said) = (0, None, String::new());
    while let Some(header) = header(bytes, at) {
        let start = at + BLOCK;
        let rest = bytes.get(start..).unwrap_or_default();
        let content = rest.get(..header.size).unwrap_or(rest);
        match header.kind {
            b'L' => long_name = Some(text(content)),
            b'x' | b'g' => long_name = pax(content, &mut said).or(long_name),
            _ => {
                let name = long_name.take().unwrap_or(header.name);
                if content.is_empty() {
                    sink.text(Region::FileName, name, Boundary::Block);
                } else {
                    let copy = sink.unpack(content, content.len());
                    sink.child(Some(name), "", copy);
                }
            }
        }
        let next = start.saturating_add(header.size.div_ceil(BLOCK).saturating_mul(BLOCK));
        // What fills the last block of a member.
        let filling = bytes.get(start.saturating_add(header.size)..next).unwrap_or_default();
        said.push_str(&sweep::lines(filling));
        at = next;
    }
    sink.text(Region::Comment, said, Boundary::Block);
    // An archive ends with blocks of zeros.
    let ended = bytes.get(at..).is_some_and(|rest| !rest.is_empty() && rest.iter().all(|byte| *byte == 0));
    if !ended {
        sink.damaged(at, bytes.len());
        behind::put(bytes.get(at.min(bytes.len())..).unwrap_or_default(), sink);
    }
}

fn header(bytes: &[u8], at: usize) -> Option<Header> {
    let block = bytes.get(at..at.checked_add(BLOCK)?)?;
    let told = octal(block.get(148..156)?)?;
    let sum: usize = block
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { usize::from(*byte) })
        .sum();
    if told != sum || *block.first()? == 0 {
        return None;
    }
    let name = text(block.get(..100)?);
    let prefix =
        block.get(257..262).filter(|mark| *mark == b"ustar").and_then(|_| block.get(345..500)).map(text);
    let name = match prefix.filter(|prefix| !prefix.is_empty()) {
        Some(prefix) => format!("{prefix}/{name}"),
        None => name,
    };
    Some(Header { name, kind: *block.get(156)?, size: size(block.get(124..136)?)? })
}

/// A size in octal, or in binary when its first bit is set (GNU).
fn size(field: &[u8]) -> Option<usize> {
    match field.split_first()? {
        (0x80, digits) => {
            let number = digits
                .iter()
                .try_fold(0u64, |number, digit| Some(number.checked_mul(256)? + u64::from(*digit)))?;
            usize::try_from(number).ok()
        }
        _ => octal(field),
    }
}

fn octal(field: &[u8]) -> Option<usize> {
    let digits =
        field.iter().skip_while(|byte| **byte == b' ').take_while(|byte| (b'0'..=b'7').contains(*byte));
    digits
        .map(|digit| usize::from(digit - b'0'))
        .try_fold(0usize, |number, digit| number.checked_mul(8)?.checked_add(digit))
}

/// Values of an extended header that programs write for programs (POSIX.1-2024, pax, and those of GNU and libarchive).
const MACHINE: &[&str] =
    &["path", "atime", "ctime", "mtime", "size", "uid", "gid", "uname", "gname", "charset", "hdrcharset"];
const MACHINE_FAMILIES: &[&str] = &["LIBARCHIVE.", "GNU.sparse.", "SCHILY.", "RHT."];

/// The path of an extended header, `12 path=…`; its other values are kept where people write them: comments.
fn pax(content: &[u8], said: &mut String) -> Option<String> {
    let (mut rest, mut path) = (content, None);
    while let Some(blank) = memchr::memchr(b' ', rest.get(..rest.len().min(20)).unwrap_or_default()) {
        let Some(size) = rest.get(..blank).and_then(octets).filter(|size| *size > blank) else { break };
        let line = rest.get(blank + 1..size).unwrap_or_else(|| rest.get(blank + 1..).unwrap_or_default());
        let line = charset::decode(line, None);
        let (key, value) = line.split_once('=').unwrap_or(("", &line));
        let value = value.strip_suffix('\n').unwrap_or(value);
        if key == "path" {
            path = Some(value.to_owned());
        }
        if !MACHINE.contains(&key) && !MACHINE_FAMILIES.iter().any(|start| key.starts_with(start)) {
            said.push_str(value);
            said.push('\n');
        }
        rest = rest.get(size..).unwrap_or_default();
    }
    said.push_str(&sweep::lines(rest));
    path
}

/// A size in decimal digits.
fn octets(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn text(field: &[u8]) -> String {
    let end = memchr::memchr(0, field).unwrap_or(field.len());
    charset::decode(field.get(..end).unwrap_or_default(), None)
}
