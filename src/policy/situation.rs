//! What a policy looks at: the facts of one message, and the sums that several conditions share.

use crate::model::{
    Class, Confidence, Finding, Gap, GapReason, HeaderFacts, Person, Protection, Recipient, Strength,
};

use super::definitions::Definitions;

/// Everything a policy may know of one message.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// What detection found.
    pub findings: &'a [Finding],
    /// The persons the findings are about.
    pub persons: &'a [Person],
    /// What was not read.
    pub gaps: &'a [Gap],
    /// What hid content.
    pub protections: &'a [Protection],
    /// Facts of the header.
    pub facts: &'a HeaderFacts,
    /// Envelope recipients with their classes, blind copies included.
    pub recipients: &'a [Recipient],
}

/// A situation seen through a policy's definitions.
#[derive(Debug)]
pub struct View<'a> {
    /// The facts themselves.
    pub situation: Situation<'a>,
    /// Confidence from which findings and persons are heard.
    pub floor: Confidence,
    /// Findings sure enough to be heard, as indexes.
    pub heard: Vec<usize>,
    /// Findings that count as confidential, as indexes.
    pub confidential: Vec<usize>,
    /// Gaps that no approved encryption explains, as indexes.
    pub unread: Vec<usize>,
    /// Whether something is protected in a way that is not approved.
    pub unapproved: bool,
    /// Whether something is protected by approved encryption.
    pub encrypted: bool,
    /// How many people the message goes to: envelope, To and Cc together.
    pub addressees: usize,
}

impl<'a> View<'a> {
    /// Looks at a situation through a policy's definitions.
    pub fn of(situation: Situation<'a>, definitions: &Definitions) -> Self {
        let heard = positions(situation.findings, |finding| finding.confidence >= definitions.floor);
        let confidential = definitions.confidential(situation.findings, &heard);
        let approved = |protection: &Protection| {
            protection.strength != Strength::Weak && definitions.approved.contains(&protection.kind)
        };
        let unread = positions(situation.gaps, |gap| !explained(gap, situation.protections, approved));
        Self {
            unapproved: situation.protections.iter().any(|protection| !approved(protection)),
            encrypted: situation.protections.iter().any(approved),
            addressees: addressees(&situation),
            floor: definitions.floor,
            situation,
            heard,
            confidential,
            unread,
        }
    }

    /// The finding at an index.
    pub fn finding(&self, index: usize) -> Option<&'a Finding> {
        self.situation.findings.get(index)
    }

    /// Recipients of one of these classes, as indexes.
    pub fn of_class(&self, classes: &[Class]) -> Vec<usize> {
        positions(self.situation.recipients, |recipient| classes.contains(&recipient.counts_as))
    }
}

/// Whether a gap is only what approved encryption hides at the same place.
fn explained(gap: &Gap, protections: &[Protection], approved: impl Fn(&Protection) -> bool) -> bool {
    gap.reason == GapReason::Encrypted
        && protections.iter().any(|protection| protection.place == gap.place && approved(protection))
        && !protections.iter().any(|protection| protection.place == gap.place && !approved(protection))
}

/// Counts people, not spellings: the case of letters makes no other addressee.
fn addressees(situation: &Situation<'_>) -> usize {
    let envelope = situation.recipients.iter().map(|recipient| &recipient.address);
    let mut all: Vec<String> =
        envelope.chain(&situation.facts.to_cc).map(|address| address.reveal().to_lowercase()).collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

fn positions<T>(items: &[T], wanted: impl Fn(&T) -> bool) -> Vec<usize> {
    items.iter().enumerate().filter(|(_, item)| wanted(item)).map(|(index, _)| index).collect()
}
