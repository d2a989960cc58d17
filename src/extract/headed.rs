//! Where a message begins, told by its header.

use crate::mime;

/// A message from its header on: blanks, a byte order mark and a count of bytes, which Apple Mail writes, may stand before.
#[must_use]
pub fn message(bytes: &[u8]) -> &[u8] {
    headed(bytes).unwrap_or(bytes)
}

/// Bytes of a header in which its fields are looked for.
const HEADER: usize = 64 << 10;

/// Fields that a message, or a page saved as one, has beside those of MIME.
const TRACES: &[&str] = &["From", "Subject", "Received", "Return-Path", "Content-Transfer-Encoding"];

/// What opens with the fields of a message, from the first on. A header that is pasted behind other words is text like them: opened as a
/// message, it would have none.
#[must_use]
pub fn headed(bytes: &[u8]) -> Option<&[u8]> {
    let start = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes).trim_ascii_start();
    let start = without_count(start);
    let (fields, _) = mime::split_header(start.get(..start.len().min(HEADER)).unwrap_or(start));
    let has = |name: &str| fields.iter().any(|field| field.is(name));
    let divided = |field: &mime::Field<'_>| {
        field.is("Content-Type")
            && field.value.trim_ascii_start().to_ascii_lowercase().starts_with(b"multipart/")
    };
    let traced =
        start.starts_with(b"From ") || TRACES.iter().any(|name| has(name)) || fields.iter().any(divided);
    (has("MIME-Version") && has("Content-Type") && traced).then_some(start)
}

/// Behind a first line that tells how many bytes the message has.
fn without_count(bytes: &[u8]) -> &[u8] {
    let rest = memchr::memchr(b'\n', bytes).and_then(|end| bytes.split_at_checked(end));
    let count = rest.and_then(|(line, _)| str::from_utf8(line).ok()?.trim().parse::<usize>().ok());
    let told = count.is_some_and(|count| (1..=bytes.len()).contains(&count));
    rest.filter(|_| told).map_or(bytes, |(_, rest)| rest.trim_ascii_start())
}
