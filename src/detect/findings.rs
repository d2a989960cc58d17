//! From candidates to findings: overlaps settled, confidence told, values masked.

use super::candidate::Candidate;
use super::prepared::Prepared;
use crate::model::{Confidence, Finding, Kind, Masked};

/// Most findings of one kind told in a message; those beyond would change no verdict.
const MOST: usize = 10_000;

/// Keeps, of candidates that overlap, the one with most evidence; gives those kept, then those that lost. Takes and gives them
/// sorted by place.
#[must_use]
pub fn settle(candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<Candidate>) {
    let mut kept: Vec<Candidate> = Vec::with_capacity(candidates.len());
    let mut lost = Vec::new();
    for candidate in candidates {
        if candidate.kind.is_some_and(is_about_text) {
            kept.push(candidate);
            continue;
        }
        let rival = kept.iter().rposition(|other| !other.kind.is_some_and(is_about_text));
        match rival.and_then(|index| kept.get_mut(index)).filter(|other| overlap(other, &candidate)) {
            Some(other) if outweighs(&candidate, other) => lost.push(std::mem::replace(other, candidate)),
            Some(_) => lost.push(candidate),
            None => kept.push(candidate),
        }
    }
    (kept, lost)
}

/// Whether one of two rivals is believed: a number that is probably a person's is not made free by the word "usager", and a
/// certain one is not read as the date that it holds.
fn outweighs(candidate: &Candidate, other: &Candidate) -> bool {
    if holds_date(candidate, other) || holds_date(other, candidate) {
        return holds_date(candidate, other);
    }
    let probable = |one: &Candidate| one.kind.is_some() && one.bits() >= 3.0;
    // `1954/08/03, ch. 214` is no address on a road.
    let proper = |one: &Candidate| one.kind.is_some_and(|kind| !kind.is_evidence_only());
    if proper(candidate) != proper(other) && candidate.kind.is_some() && other.kind.is_some() {
        return if proper(candidate) { probable(candidate) } else { !probable(other) };
    }
    match (candidate.kind.is_none(), other.kind.is_none()) {
        (true, false) if probable(other) => false,
        (false, true) if probable(candidate) => true,
        _ => other.bits() < candidate.bits(),
    }
}

/// Whether a certain number of a person holds what is read as a date: `NAM LYLV 16 10 14 F1, DDN à venir`.
fn holds_date(number: &Candidate, date: &Candidate) -> bool {
    let inside = number.block == date.block
        && number.span.start <= date.span.start
        && date.span.end <= number.span.end
        && number.span != date.span;
    inside && number.kind == Some(Kind::Nam) && date.kind == Some(Kind::BirthDate) && number.bits() >= 7.0
}

/// Kinds told by words all over a text: they do not compete with numbers and dates for a place.
fn is_about_text(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::PatientName
            | Kind::HealthTermCluster
            | Kind::Hr
            | Kind::Finance
            | Kind::Strategic
            | Kind::Legal
            | Kind::Crisis
    )
}

/// Whether two candidates share a character.
#[must_use]
pub fn overlap(one: &Candidate, other: &Candidate) -> bool {
    one.block == other.block && one.span.start < other.span.end && other.span.start < one.span.end
}

/// The finding a candidate becomes; `None` below 0 bits, for references and for what is evidence only.
#[must_use]
pub fn tell(candidate: &Candidate, prepared: &Prepared<'_>) -> Option<Finding> {
    let kind = candidate.kind.filter(|kind| !kind.is_evidence_only())?;
    let confidence = Confidence::of(candidate.bits())?;
    let (index, span) = prepared.locate(candidate.block, &candidate.span);
    let segment = prepared.segments.get(index)?;
    let written = || segment.text.reveal().get(span.0..span.1).unwrap_or_default();
    let decoded = prepared.blocks.get(candidate.block).is_some_and(|block| block.within.is_some());
    let value =
        if kind == Kind::Secret && !decoded { Masked::new(written()) } else { candidate.value.clone() };
    Some(Finding {
        kind,
        masked: masked(kind, value.reveal()),
        value,
        place: segment.place.clone(),
        region: segment.region,
        segment: index,
        span,
        confidence,
        evidence: candidate.evidence.clone(),
        rule: candidate.rule.clone(),
        person: None,
    })
}

/// Counts findings by kind and says whether one more is told.
#[derive(Debug, Default)]
pub struct Quota {
    counts: std::collections::HashMap<Kind, usize>,
}

impl Quota {
    /// Whether one more of a kind is told.
    pub fn takes(&mut self, kind: Kind) -> bool {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        *count <= MOST
    }
}

/// A form safe to show: the shape of the kind, at most its last two characters, never initials or a date.
#[must_use]
pub fn masked(kind: Kind, value: &str) -> String {
    let tail = || value.get(value.len().saturating_sub(2)..).unwrap_or_default();
    match kind {
        Kind::Nam => format!("•••• •••• ••{}", tail()),
        Kind::BirthDate => "••••-••-••".to_owned(),
        Kind::PatientName => "••••• •••••".to_owned(),
        Kind::Nas => format!("••• ••• •{}", tail()),
        Kind::PaymentCard => format!("•••• •••• •••• ••{}", tail()),
        Kind::BankAccount => format!("•••••-•••-•••••{}", tail()),
        Kind::DriversLicence => format!("•••••-••••••-{}", tail()),
        Kind::HealthCardOther => format!("•••• ••• •{}", tail()),
        Kind::Passport => format!("••••••{}", tail()),
        Kind::CivilStatus => format!("•••••••••••{}", tail()),
        Kind::Immigration => format!("••••-••{}", tail()),
        Kind::ProfessionalNumber => format!("•••••{}", tail()),
        Kind::Phone => format!("••• •••-••{}", tail()),
        Kind::PollLink | Kind::ConsultationLink => format!("{}/•••", host(value)),
        Kind::Secret
        | Kind::Address
        | Kind::Email
        | Kind::HealthTermCluster
        | Kind::Hr
        | Kind::Finance
        | Kind::Strategic
        | Kind::Legal
        | Kind::Crisis => "•••••".to_owned(),
    }
}

/// The host of a link, which names a service and no person.
fn host(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::masked;
    use crate::model::Kind;

    #[test]
    fn a_masked_form_shows_two_characters_at_most_and_no_initial() {
        for (kind, value, shown) in [
            (Kind::Nam, "TREM04121925", "•••• •••• ••25"),
            (Kind::BirthDate, "1954-08-03", "••••-••-••"),
            (Kind::PatientName, "marie tremblay", "••••• •••••"),
            (Kind::PaymentCard, "4539148803436467", "•••• •••• •••• ••67"),
            (Kind::Immigration, "1123456789", "••••-••89"),
            (Kind::Address, "12 rue des Pins", "•••••"),
            (Kind::Email, "jean.roy@courriel.example", "•••••"),
            (Kind::Secret, "Bouleau#4471", "•••••"),
            (Kind::PollLink, "https://doodle.com/poll/abc", "doodle.com/•••"),
        ] {
            assert_eq!(masked(kind, value), shown);
        }
    }
}
