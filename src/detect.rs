//! Detection: segments of text in, findings grouped by person out.
//!
//! It refuses to know the policy, who may read what, and where rules are kept: rule files and word lists are
//! given as text. Detectors propose [`Candidate`]s on folded text; evidence is summed in bits; what stays
//! above zero is a finding.

pub mod candidate;
pub mod canon;
pub mod errors;
pub mod lexicon;
pub mod names;
pub mod prepared;
pub mod table;

use jiff::civil::Date;

pub use candidate::Candidate;
pub use errors::{RuleError, RuleErrors};
pub use prepared::Prepared;

use crate::model::{Address, Finding, Masked, Person, Segment};
use lexicon::Lexicons;
use names::Names;

/// Everything that detects, compiled once.
#[derive(Debug)]
pub struct Detectors {
    names: Names,
}

/// What detection may know besides the text.
#[derive(Clone, Debug)]
pub struct Context {
    /// The message's date: ages are taken at it.
    pub date: Date,
    /// The envelope sender.
    pub sender: Option<Address>,
    /// The envelope recipients.
    pub recipients: Vec<Address>,
    /// Display names of From, To and Cc.
    pub display_names: Vec<Masked>,
}

/// What was found in a message.
#[derive(Clone, Debug, Default)]
pub struct Detection {
    /// Findings, in reading order.
    pub findings: Vec<Finding>,
    /// The persons they are about.
    pub persons: Vec<Person>,
}

impl Detectors {
    /// Compiles rule files and word lists, given as (file name, text).
    ///
    /// # Errors
    /// [`RuleErrors`]: every mistake with file, line, column, what is wrong and what to do.
    pub fn compile(_files: &[(String, String)], lexicons: &[(String, String)]) -> Result<Self, RuleErrors> {
        let lexicons = Lexicons::read(lexicons)?;
        Ok(Self { names: Names::compile(&lexicons)? })
    }
}

/// Finds what is confidential in the text of one message.
#[must_use]
pub fn detect(detectors: &Detectors, segments: &[Segment], context: &Context) -> Detection {
    let prepared = Prepared::of(segments);
    let _candidates = detectors.names.candidates(&prepared, context);
    Detection::default()
}
