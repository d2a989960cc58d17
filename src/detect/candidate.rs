//! What a detector proposes, before evidence is summed and findings are told.

use std::borrow::Cow;
use std::ops::Range;

use jiff::civil::Date;

use crate::model::{Evidence, Kind, Masked};

/// Something that may be confidential, at one place, with the reasons for and against so far.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What it would be. `None`: a reference that the directive allows (dossier, user or employee number);
    /// it is never a finding but counts as an identifier of the person beside it.
    pub kind: Option<Kind>,
    /// Its value in normal form.
    pub value: Masked,
    /// Which block of [`super::Prepared`] it stands in.
    pub block: usize,
    /// Byte range in the block's folded text.
    pub span: Range<usize>,
    /// Reasons, in bits.
    pub evidence: Vec<Evidence>,
    /// The rule that proposes it.
    pub rule: String,
    /// What else its value says.
    pub says: Says,
    /// What the words around a name weigh together, in bits, when they were weighed: they count once the whole message is read.
    pub around: Option<f32>,
}

/// What a value says besides itself: a health-insurance number holds a birth date and letters of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Says {
    /// Birth dates it may stand for, likeliest first; several when day and month cannot be told apart.
    pub births: Vec<Date>,
    /// First letters of the surname, then of the given name, as a NAM has them.
    pub letters: Option<[u8; 4]>,
    /// Rows of the roster it may be of; empty when it is of none, or of too many to tell.
    pub rows: Vec<u32>,
    /// Initial and code of the sound of a surname, as a driver's licence has them.
    pub sound: Option<[u8; 4]>,
}

impl Candidate {
    /// The sum of its evidence, in bits.
    #[must_use]
    pub fn bits(&self) -> f32 {
        self.evidence.iter().map(|evidence| evidence.bits).sum()
    }

    /// Adds a reason, unless it was given already.
    pub fn add_once(&mut self, reason: impl Into<Cow<'static, str>>, bits: f32) {
        let reason = reason.into();
        if self.evidence.iter().all(|evidence| evidence.reason != reason) {
            self.add(reason, bits);
        }
    }

    /// Adds a reason.
    pub fn add(&mut self, reason: impl Into<Cow<'static, str>>, bits: f32) {
        self.evidence.push(Evidence { reason: reason.into(), bits });
    }
}
