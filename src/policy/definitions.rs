//! Words that articles use, defined once by the policy's own files: *confidential*, *approved*, and named
//! exceptions. The engine has none of its own.

use serde::Deserialize;

use crate::model::{Confidence, Finding, Kind, ProtectionKind, Verdict};

use super::conditions::Conditions;

/// The definitions of a policy, put together from all its files.
#[derive(Clone, Debug)]
pub struct Definitions {
    /// Findings below this confidence are not heard.
    pub floor: Confidence,
    /// Encryption that the establishment approves.
    pub approved: Vec<ProtectionKind>,
    /// What counts as confidential; clauses add up.
    pub clauses: Vec<Clause>,
    /// Exceptions that articles may name.
    pub exceptions: Vec<Exception>,
}

/// Kinds of findings that count as confidential, alone or in company.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// The kinds that count.
    pub kinds: Vec<Kind>,
    /// When given, they count only if the message also holds one of these.
    #[serde(default)]
    pub with: Vec<Kind>,
}

/// A situation in which articles that name it stay silent.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Its name, as `unless` and `waives` give it.
    pub id: String,
    /// When it holds.
    pub when: Conditions,
    /// Articles with this verdict must name it, in `unless` or in `waives`.
    pub concerns: Option<Verdict>,
}

impl Definitions {
    /// The findings that count as confidential among those heard, as indexes.
    pub fn confidential(&self, findings: &[Finding], heard: &[usize]) -> Vec<usize> {
        let kind_of = |index: &usize| findings.get(*index).map(|finding| finding.kind);
        let present: Vec<Kind> = heard.iter().filter_map(kind_of).collect();
        let counts = |kind: Kind| self.clauses.iter().any(|clause| clause.counts(kind, &present));
        heard.iter().copied().filter(|index| kind_of(index).is_some_and(counts)).collect()
    }

    /// The exception of this name.
    pub fn exception(&self, id: &str) -> Option<&Exception> {
        self.exceptions.iter().find(|exception| exception.id == id)
    }
}

impl Clause {
    fn counts(&self, kind: Kind, present: &[Kind]) -> bool {
        let in_company = self.with.is_empty() || self.with.iter().any(|other| present.contains(other));
        self.kinds.contains(&kind) && in_company
    }
}
