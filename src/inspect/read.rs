//! From a submission to everything that can be read in it.

use crate::extract::Reader;
use crate::model::{Limits, Reading, Submission};

/// Reads a message to the last part, within `limits`. Never fails: what is not read is a gap.
#[must_use]
pub fn read(submission: &Submission, limits: &Limits) -> Reading {
    to_the_end(Reader::message(&submission.raw, limits))
}

/// Reads a bare file by its name and first bytes; an `.eml` is read as a message.
#[must_use]
pub fn read_file(name: &str, bytes: &[u8], limits: &Limits) -> Reading {
    to_the_end(Reader::file(name, bytes, limits))
}

fn to_the_end(mut reader: Reader<'_>) -> Reading {
    while reader.step() {}
    reader.finish()
}
