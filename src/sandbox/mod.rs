//! Floor 6: where reading runs.
//!
//! In: a submission. Out: its reading, whatever the bytes do to the reader. For now text formats only, read in this process;
//! formats whose parsers are not budgeted line by line belong into confined child processes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::inspect;
use crate::model::{Gap, GapReason, Limits, Place, Reading, Submission};
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
    /// A reader that panics leaves a `crashed` gap over the whole message: the policy decides, nothing looks clean.
    fn read(&self, submission: &Submission) -> Reading {
        let read = catch_unwind(AssertUnwindSafe(|| inspect::read(submission, &self.limits)));
        read.unwrap_or_else(|_panic| Reading {
            gaps: vec![Gap { place: Place::default(), reason: GapReason::Crashed }],
            ..Reading::default()
        })
    }
}
