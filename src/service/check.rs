//! Runs every proof that rules and articles carry, and looks for what proofs do not show.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Workbench, examine};
use crate::detect::check::{self, Remark, Sources};
use crate::model::{Envelope, Fault, Raw, SenderFacts, Submission};
use crate::policy::TextCase;
use crate::ports::Attempt;

/// What running every proof gave.
#[derive(Debug, Default)]
pub struct CheckReport {
    /// How many examples, counter-examples and cases were run.
    pub run: usize,
    /// Every article's cases, and the examples of rules that failed.
    pub proofs: Vec<Proof>,
    /// What works and should be looked at.
    pub remarks: Vec<Remark>,
}

/// One proof.
#[derive(Debug)]
pub struct Proof {
    /// Which rule or article, and which of its proofs.
    pub of: String,
    /// What went wrong, where, and what to do.
    pub failure: Option<Fault>,
}

impl CheckReport {
    /// How many failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.proofs.iter().filter(|proof| proof.failure.is_some()).count()
    }
}

/// Runs the examples and counter-examples of every rule, and the cases of every article: those that give facts on the policy
/// alone, those that give a text through reading and detection as well. Exceptions are held against `today`.
#[must_use]
pub fn check(bench: &Workbench, today: Date) -> CheckReport {
    let detectors = bench.rules().detectors();
    let rules = detectors.check();
    let policy = bench.rules().policy();
    let missed =
        rules.failures.into_iter().map(|fault| Proof { of: "rule".to_owned(), failure: Some(fault) });
    let told = |of: &str, failure: Option<String>| failure.map(|what| Fault::whole(of, what, ""));
    let facts = policy.proofs().into_iter().map(|proof| {
        let failure = told(&proof.of, proof.failure.map(|failure| failure.to_string()));
        Proof { of: proof.of, failure }
    });
    let texts = policy.text_cases().into_iter().map(|case| {
        let of = format!("{} ({}:{})", case.article.0, case.file, case.line);
        Proof { failure: told(&of, prove(bench, &case)), of }
    });
    let cases: Vec<Proof> = facts.chain(texts).collect();
    let (shipped, local) = (&bench.assets().lexicons, &bench.assets().local.lexicons);
    let mut remarks = check::shadows(detectors);
    remarks.extend(check::lists(Sources { shipped, local }));
    remarks.extend(check::expired(&detectors.local().exceptions, today));
    remarks.sort_by_key(|remark| !remark.local);
    CheckReport { run: rules.run + cases.len(), proofs: missed.chain(cases).collect(), remarks }
}

/// Reads the text of a case as the body of a message and asks the policy whether the article said what it should.
fn prove(bench: &Workbench, case: &TextCase) -> Option<String> {
    let raw = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n", case.text);
    let submission = Submission {
        envelope: Envelope::default(),
        facts: SenderFacts::default(),
        raw: Raw(raw.into_bytes()),
        received_at: Timestamp::now(),
    };
    let examined = match examine(bench.rules(), bench.extractor(), submission, None, Attempt::Again) {
        Ok(examined) => examined,
        Err(unread) => return Some(unread.to_string()),
    };
    let inspection = &examined.inspection;
    let proved = bench.rules().policy().prove(case, inspection.findings(), inspection.persons());
    proved.err().map(|failure| failure.to_string())
}
