//! How grave a case is, from 1 to 4: what the review's targets and the second person hang on.
//!
//! Compiled by us, 2026-11: an emergency or a key waits for nobody, numbers that identify weigh more than words, many more than one.

use std::collections::BTreeSet;

use crate::inspect::Inspection;
use crate::model::{Confidence, Kind};

/// From so many identifying numbers on, a message is a list of people.
const LIST: usize = 10;

/// 4: an emergency, a secret, or a list of people. 3: health words beside a person, or several identifying numbers. 2: one
/// identifying number or a name. 1: the rest.
pub fn severity(inspection: &Inspection) -> u8 {
    let sure = inspection.findings().iter().filter(|finding| finding.confidence >= Confidence::Medium);
    let kinds: Vec<Kind> = sure.clone().map(|finding| finding.kind).collect();
    let has = |kind: Kind| kinds.contains(&kind);
    let numbers: BTreeSet<&str> = sure
        .filter(|finding| finding.kind.is_personal_number())
        .map(|finding| finding.value.reveal())
        .collect();
    let person = !numbers.is_empty() || has(Kind::PatientName);
    if has(Kind::Crisis) || has(Kind::Secret) || numbers.len() >= LIST {
        4
    } else if (has(Kind::HealthTermCluster) && person) || numbers.len() > 1 {
        3
    } else if person {
        2
    } else {
        1
    }
}
