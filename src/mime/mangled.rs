//! Text that was encoded twice: UTF-8 that somebody read as windows-1252 (`Ã©` for `é`).

use encoding_rs::WINDOWS_1252;
use memchr::memchr_iter;

/// Undoes UTF-8 read as windows-1252 and encoded again (`Ã©` for `é`), up to twice, run by run.
#[must_use]
pub fn undone(text: &str) -> String {
    let once = unmangled_once(text);
    match &once {
        Some(repaired) => unmangled_once(repaired).unwrap_or_else(|| repaired.clone()),
        None => text.to_owned(),
    }
}

fn unmangled_once(text: &str) -> Option<String> {
    if !looks_mangled(text.as_bytes()) {
        return None;
    }
    let mut repaired = String::with_capacity(text.len());
    let mut changed = false;
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| !c.is_ascii()) {
        let (plain, tail) = rest.split_at(start);
        let end = tail.find(|c: char| c.is_ascii()).unwrap_or(tail.len());
        let (run, tail) = tail.split_at(end);
        let better = reread(run);
        changed |= better.is_some();
        repaired.push_str(plain);
        repaired.push_str(better.as_deref().unwrap_or(run));
        rest = tail;
    }
    repaired.push_str(rest);
    changed.then_some(repaired)
}

/// Whether a text holds the marks of it: `Ã` or `Â` or `Å`, or `â` before another character above ASCII.
fn looks_mangled(text: &[u8]) -> bool {
    memchr_iter(0xC3, text).any(|at| match text.get(at + 1..) {
        Some([0x82 | 0x83 | 0x85, ..]) => true,
        Some([0xA2, next, ..]) => !next.is_ascii(),
        _ => false,
    })
}

/// A run of characters whose windows-1252 bytes are valid UTF-8 of fewer characters.
fn reread(run: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = run.chars().map(byte_1252).collect();
    String::from_utf8(bytes?).ok().filter(|better| better.chars().count() < run.chars().count())
}

/// The windows-1252 byte of a character; the five bytes it leaves out stand for themselves, as browsers read them.
fn byte_1252(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    (!unmappable).then(|| bytes.first().copied()).flatten()
}
