//! Floor 6: where reading runs.
//!
//! In: a submission. Out: its reading, whatever the bytes do to the reader. For now text formats only, read in this process;
//! formats whose parsers are not budgeted line by line belong into confined child processes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::extract::Reader;
use crate::inspect;
use crate::model::{Limits, Reading, Submission};
use crate::ports::Extractor;

/// Reads in this process, within fixed limits.
#[derive(Clone, Copy, Debug)]
pub struct InProcess {
    limits: Limits,
}

impl InProcess {
    /// Reads within these limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits }
    }
}

impl Extractor for InProcess {
    fn read(&self, submission: &Submission) -> Reading {
        surviving(inspect::reader(submission, &self.limits))
    }
}

/// Reads a bare file as [`InProcess`] reads a message.
#[must_use]
pub fn read_file(name: &str, bytes: &[u8], limits: &Limits) -> Reading {
    surviving(inspect::file_reader(name, bytes, limits))
}

/// A step that panics leaves a `crashed` gap over its part; the other parts are read all the same.
fn surviving(mut reader: Reader<'_>) -> Reading {
    loop {
        match catch_unwind(AssertUnwindSafe(|| reader.step())) {
            Ok(true) => {}
            Ok(false) => return reader.finish(),
            Err(_panic) => reader.crashed(),
        }
    }
}
