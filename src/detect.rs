//! Detection: segments of text in, findings grouped by person out.
//!
//! It refuses to know the policy, who may read what, and where rules are kept: rule files and word lists are
//! given as text. Detectors propose [`Candidate`]s on folded text; evidence is summed in bits; what stays
//! above zero is a finding.

pub mod candidate;
pub mod canon;
pub mod check;
mod columns;
mod derive;
mod evidence;
mod findings;
mod labels;
pub mod lexicon;
pub mod names;
mod pattern;
mod person;
pub mod prepared;
pub mod roster;
mod rules;
mod scattered;
pub mod table;
mod validators;

use std::sync::Arc;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

pub use candidate::{Candidate, Says};
pub use check::CheckReport;
pub use prepared::Prepared;
pub use validators::{check_digit, letters_of};

use crate::model::{Address, Fault, Faults, Finding, Masked, Person, Segment};
use findings::{Quota, settle, tell};
use lexicon::Lexicons;
use names::Names;
use pattern::Rules;
use roster::Rosters;

/// Everything that detects, compiled once. A clone shares it, and may have other rosters.
#[derive(Clone, Debug)]
pub struct Detectors {
    rules: Arc<Rules>,
    names: Arc<Names>,
    rosters: Rosters,
    digest: String,
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
    /// [`Faults`]: every mistake with file, line, column, what is wrong and what to do.
    pub fn compile(files: &[(String, String)], lexicons: &[(String, String)]) -> Result<Self, Faults> {
        let mut errors = Faults::default();
        let rules: Vec<_> =
            files.iter().flat_map(|(file, text)| rules::read(file, text, &mut errors)).collect();
        for (index, rule) in rules.iter().enumerate() {
            if rules.iter().take(index).any(|other| other.id == rule.id) {
                errors.push(Fault::on_line(
                    &rule.file,
                    rule.line,
                    1,
                    format!("the id {} is taken", rule.id),
                    "give the rule another id",
                ));
            }
        }
        let lists = Lexicons::read(lexicons).unwrap_or_else(|more| {
            errors.0.extend(more.0);
            Lexicons::default()
        });
        let names = Names::compile(&lists).unwrap_or_else(|more| {
            errors.0.extend(more.0);
            Names::default()
        });
        let mut digest = Sha256::new();
        for (file, text) in files.iter().chain(lexicons) {
            digest.update(format!("{} {} {} {}\n", file.len(), text.len(), file, text));
        }
        let digest = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        errors.or(Self {
            rules: Arc::new(Rules::new(rules)),
            names: Arc::new(names),
            rosters: Rosters::default(),
            digest,
        })
    }

    /// The same with other rosters.
    #[must_use]
    pub fn with_rosters(&self, rosters: Rosters) -> Self {
        Self { rosters, ..self.clone() }
    }

    /// The rosters in force.
    #[must_use]
    pub fn rosters(&self) -> &Rosters {
        &self.rosters
    }

    /// Runs the examples and counter-examples of every rule through the whole detector.
    #[must_use]
    pub fn check(&self) -> CheckReport {
        check::check(self)
    }

    /// SHA-256 of the rule files and word lists, in hexadecimal, with those of the rosters: the same rules detect the same.
    #[must_use]
    pub fn digest(&self) -> String {
        [vec![self.digest.as_str()], self.rosters.digests()].concat().join(" ").trim_end().to_owned()
    }
}

/// Finds what is confidential in the text of one message.
#[must_use]
pub fn detect(detectors: &Detectors, segments: &[Segment], context: &Context) -> Detection {
    let (prepared, candidates) = candidates(detectors, segments, context);
    let persons = person::group(&candidates, &prepared, context);
    let mut quota = Quota::default();
    let mut findings = Vec::new();
    for (candidate, person) in candidates.iter().zip(persons.of) {
        if let Some(finding) = tell(candidate, &prepared).filter(|finding| quota.takes(finding.kind)) {
            findings.push(Finding { person, ..finding });
        }
    }
    Detection { findings, persons: persons.all }
}

/// Folds any bytes as text, and checks that every place maps back into them. For fuzzing.
pub fn fuzz_canon(bytes: &[u8]) {
    canon::fuzz(bytes);
}

/// Every candidate of a message, its evidence complete, by place.
fn candidates<'a>(
    detectors: &Detectors,
    segments: &'a [Segment],
    context: &Context,
) -> (Prepared<'a>, Vec<Candidate>) {
    let prepared = Prepared::of(segments);
    let mut candidates = detectors.rules.candidates(&prepared, context.date);
    candidates.extend(detectors.names.candidates(&prepared, context, &detectors.rosters));
    candidates.sort_by_key(|candidate| (candidate.block, candidate.span.start, candidate.span.end));
    detectors.rosters.agree(&mut candidates, &prepared);
    evidence::agree(&mut candidates, &prepared);
    let mut candidates = settle(candidates);
    let more = detectors.rules.beside(&prepared, &candidates, context.date);
    if !more.is_empty() {
        candidates.extend(more);
        candidates.sort_by_key(|candidate| (candidate.block, candidate.span.start, candidate.span.end));
        candidates = settle(candidates);
    }
    (prepared, candidates)
}
