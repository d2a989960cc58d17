//! Findings as a case keeps them: a mask to show, and the words around to reveal.

use serde::{Deserialize, Serialize};

use super::{Confidence, Kind, Masked, Region};

/// One finding of a case, safe to show to a reviewer: no value, no file name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFinding {
    /// What it is.
    pub kind: Kind,
    /// The rule that found it.
    pub rule: String,
    /// Its masked form.
    pub masked: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// What kind of text it stands in.
    pub region: Region,
    /// Which attachment, counted from 1; `None` for the message itself.
    pub attachment: Option<u32>,
    /// Its line, counted from 1, when it stands in running text.
    pub line: Option<u32>,
    /// Number of the person it is about, in this message.
    pub person: Option<u32>,
}

/// The words round a finding: at most 40 characters on either side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// What stands before.
    pub before: Masked,
    /// The words found, as written.
    pub found: Masked,
    /// What stands after.
    pub after: Masked,
}

/// A finding with the words around it: for sealed storage only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// What may be shown.
    pub shown: CaseFinding,
    /// What is revealed with a reason.
    pub around: Snippet,
}
