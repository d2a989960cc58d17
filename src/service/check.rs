//! Runs every proof that rules and articles carry.

use jiff::Timestamp;

use super::{Workbench, examine};
use crate::model::{Envelope, Raw, SenderFacts, Submission};
use crate::policy::TextCase;

/// What running every proof gave.
#[derive(Debug, Default)]
pub struct CheckReport {
    /// How many examples, counter-examples and cases were run.
    pub run: usize,
    /// Every article's cases, and the examples of rules that failed.
    pub proofs: Vec<Proof>,
}

/// One proof.
#[derive(Debug)]
pub struct Proof {
    /// Which rule or article, and which of its proofs.
    pub of: String,
    /// What went wrong.
    pub failure: Option<String>,
}

impl CheckReport {
    /// How many failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.proofs.iter().filter(|proof| proof.failure.is_some()).count()
    }
}

/// Runs the examples and counter-examples of every rule, and the cases of every article: those that give facts on the policy
/// alone, those that give a text through reading and detection as well.
#[must_use]
pub fn check(bench: &Workbench) -> CheckReport {
    let rules = bench.rules().detectors().check();
    let policy = bench.rules().policy();
    let missed =
        rules.failures.into_iter().map(|failure| Proof { of: "rule".to_owned(), failure: Some(failure) });
    let cases = policy
        .proofs()
        .into_iter()
        .map(|proof| Proof { of: proof.of, failure: proof.failure.map(|failure| failure.to_string()) })
        .chain(policy.text_cases().into_iter().map(|case| prove(bench, &case)));
    let cases: Vec<Proof> = cases.collect();
    CheckReport { run: rules.run + cases.len(), proofs: missed.chain(cases).collect() }
}

/// Reads the text of a case as the body of a message and asks the policy whether the article said what it should.
fn prove(bench: &Workbench, case: &TextCase) -> Proof {
    let raw = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n", case.text);
    let submission = Submission {
        envelope: Envelope::default(),
        facts: SenderFacts::default(),
        raw: Raw(raw.into_bytes()),
        received_at: Timestamp::now(),
    };
    let examined = examine(bench.rules(), bench.extractor(), submission, None);
    let inspection = &examined.inspection;
    let proved = bench.rules().policy().prove(case, inspection.findings(), inspection.persons());
    Proof {
        of: format!("{} ({}:{})", case.article.0, case.file, case.line),
        failure: proved.err().map(|failure| failure.to_string()),
    }
}
