//! Judging: pure, so that the same reading, rules and date give the same verdict on any machine.

use std::sync::Arc;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::Inspection;
use crate::detect::roster::Rosters;
use crate::detect::{Context, Detection, Detectors, detect};
use crate::model::{Gap, GapReason, Place, Reading, Submission};
use crate::policy::{Policy, Situation};
use crate::recipients::Lists;

/// Everything that judging depends on besides the message. Replaced as a whole at a reload.
#[derive(Clone, Debug)]
pub struct Rules {
    detectors: Detectors,
    policy: Policy,
    lists: Arc<Lists>,
    digest: String,
}

impl Rules {
    /// Joins the three sets of rules and digests them.
    #[must_use]
    pub fn new(detectors: Detectors, policy: Policy, lists: Lists) -> Self {
        Self::joined(detectors, policy, Arc::new(lists))
    }

    /// The same with other rosters.
    #[must_use]
    pub fn with_rosters(&self, rosters: Rosters) -> Self {
        let detectors = self.detectors.with_rosters(rosters);
        Self::joined(detectors, self.policy.clone(), Arc::clone(&self.lists))
    }

    fn joined(detectors: Detectors, policy: Policy, lists: Arc<Lists>) -> Self {
        let mut digest = Sha256::new();
        for part in [detectors.digest().as_str(), policy.digest(), lists.digest()] {
            digest.update(part.as_bytes());
            digest.update(b"\n");
        }
        let digest = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { detectors, policy, lists, digest }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The detection rules.
    #[must_use]
    pub fn detectors(&self) -> &Detectors {
        &self.detectors
    }

    /// Digest of all three, 16 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// Judges what was read of a message. `date` is the day on which ages and plausibility are taken.
pub fn judge(rules: &Rules, submission: &Submission, reading: &Reading, date: Date) -> Inspection {
    let context = context(submission, reading, date);
    decide(rules, submission, reading, detect(&rules.detectors, &reading.segments, &context))
}

/// What detection may know of a message besides its text.
#[must_use]
pub fn context(submission: &Submission, reading: &Reading, date: Date) -> Context {
    Context {
        date,
        sender: submission.envelope.sender.clone(),
        recipients: submission.envelope.recipients.clone(),
        display_names: reading.facts.display_names.clone(),
    }
}

/// Judges a message whose text could not be looked through: one gap for the whole of it, and the policy decides.
pub fn judge_unread(
    rules: &Rules,
    submission: &Submission,
    reading: &mut Reading,
    reason: GapReason,
) -> Inspection {
    reading.gaps.push(Gap::new(Place::default(), reason));
    decide(rules, submission, reading, Detection::default())
}

fn decide(rules: &Rules, submission: &Submission, reading: &Reading, detection: Detection) -> Inspection {
    let recipients = rules.lists.recipients(&submission.envelope.recipients);
    let decision = rules.policy.decide(&Situation {
        findings: &detection.findings,
        persons: &detection.persons,
        gaps: &reading.gaps,
        protections: &reading.protections,
        facts: &reading.facts,
        recipients: &recipients,
    });
    Inspection {
        findings: detection.findings,
        persons: detection.persons,
        recipients,
        decision,
        digest: rules.digest.clone(),
    }
}
