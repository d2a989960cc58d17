//! From a submission to everything that can be read in it.

use crate::extract::Reader;
use crate::mime;
use crate::model::{Limits, Reading, Submission};

/// Most bytes of a header that are read alone. Postfix takes 100 KiB (`header_size_limit`) of one field.
const HEADER: usize = 256 << 10;

/// Reads a message to the last part, within `limits`. Never fails: what is not read is a gap.
#[must_use]
pub fn read(submission: &Submission, limits: &Limits) -> Reading {
    to_the_end(reader(submission, limits))
}

/// Reads what policy and notices must know of a header, within its first bytes: all that is read of a message that costs too much.
#[must_use]
pub fn read_header(submission: &Submission) -> Reading {
    let start = submission.raw.get(..HEADER).unwrap_or(&submission.raw);
    let (fields, _) = mime::split_header(start);
    Reading { facts: mime::facts::of(&fields), ..Reading::default() }
}

/// Reads a bare file by its name and first bytes; an `.eml` is read as a message.
#[must_use]
pub fn read_file(name: &str, bytes: &[u8], limits: &Limits) -> Reading {
    to_the_end(file_reader(name, bytes, limits))
}

/// The same as [`read`] step by step, for a caller that wants to survive a step.
#[must_use]
pub fn reader<'a>(submission: &'a Submission, limits: &Limits) -> Reader<'a> {
    Reader::message(&submission.raw, limits)
}

/// The same as [`read_file`] step by step.
#[must_use]
pub fn file_reader<'a>(name: &str, bytes: &'a [u8], limits: &Limits) -> Reader<'a> {
    Reader::file(name, bytes, limits)
}

fn to_the_end(mut reader: Reader<'_>) -> Reading {
    while reader.step() {}
    reader.finish()
}
