//! People told by a number alone, as directive 054, 5.7 asks: what is said of them names nobody.
//!
//! In: every candidate of a message, evidence complete. Out: words of health that stay low where a dossier, user or employee number
//! stands in place of every name, and that tell of someone where a health insurance number stands beside them. It refuses to know the rules that found them. A crisis is told whoever it is about; of
//! staff, money and law, words tell by themselves whether someone is named.

use std::collections::BTreeSet;

use super::candidate::Candidate;
use crate::model::Kind;

/// A number with its label.
const LABELLED: f32 = 3.0;
/// Most bits of such a topic: below medium.
const MOST: f32 = 2.0;

/// What it weighs that someone is spoken of.
const SOMEONE: f32 = 3.0;

/// Ties words of health to whoever a health insurance number beside them stands for: `devancer l'IRM de ROYJ 8852 1234` names nobody,
/// and is about one person.
pub fn tie(candidates: &mut [Candidate]) {
    let number = |one: &&Candidate| matches!(one.kind, Some(Kind::Nam | Kind::HealthCardOther));
    let numbers = candidates.iter().filter(number).filter(|one| one.bits() >= LABELLED);
    let blocks: BTreeSet<usize> = numbers.map(|one| one.block).collect();
    for topic in candidates.iter_mut().filter(|one| one.kind == Some(Kind::HealthTermCluster)) {
        if blocks.contains(&topic.block) && (0.0..SOMEONE).contains(&topic.bits()) {
            topic.add("the number beside stands for someone", SOMEONE);
        }
    }
}

/// Keeps words of health low in a message that numbers people and names none.
pub fn spare(candidates: &mut [Candidate]) {
    let numbered = candidates.iter().any(|one| one.kind.is_none() && one.bits() >= LABELLED);
    if !numbered || candidates.iter().any(tells_someone) {
        return;
    }
    for topic in candidates.iter_mut().filter(|one| one.kind == Some(Kind::HealthTermCluster)) {
        let over = topic.bits() - MOST;
        if over > 0.0 {
            topic.add("told by a number in place of a name", -over);
        }
    }
}

/// Whether a candidate names someone, even if only possibly, or numbers someone.
fn tells_someone(candidate: &Candidate) -> bool {
    let topic = |kind| {
        matches!(
            kind,
            Kind::HealthTermCluster
                | Kind::Hr
                | Kind::Finance
                | Kind::Strategic
                | Kind::Legal
                | Kind::Crisis
                | Kind::PollLink
                | Kind::ConsultationLink
        )
    };
    let least = if candidate.kind == Some(Kind::PatientName) { 0.0 } else { LABELLED };
    candidate.bits() >= least && candidate.kind.is_some_and(|kind| !topic(kind) && !kind.is_evidence_only())
}
