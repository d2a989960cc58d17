//! The proof that every engine has looked at a message.

use crate::model::{Decision, Finding, Person, Recipient};

/// What judging a message gave. Built by [`super::judge`] alone, once detection, classification and policy have run.
#[must_use]
#[derive(Clone, Debug)]
pub struct Inspection {
    pub(super) findings: Vec<Finding>,
    pub(super) persons: Vec<Person>,
    pub(super) recipients: Vec<Recipient>,
    pub(super) decision: Decision,
    pub(super) digest: String,
}

impl Inspection {
    /// Everything found, in reading order.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The persons the message speaks of.
    #[must_use]
    pub fn persons(&self) -> &[Person] {
        &self.persons
    }

    /// The envelope's recipients with their classes, in the envelope's order.
    #[must_use]
    pub fn recipients(&self) -> &[Recipient] {
        &self.recipients
    }

    /// What the policy decided.
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// Digest of the policy, patterns and recipient lists that were in force, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}
