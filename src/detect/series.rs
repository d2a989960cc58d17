//! Numbers and dates that follow one another under one label: `NAS : … et …`, `nés les …, … et …`, a list of lines below a heading.
//!
//! In: the candidates of a message, by place. Out: what a label says of the first is believed of those that go on the series.

use super::candidate::Candidate;
use super::labels::names_someone;
use super::prepared::Prepared;
use crate::model::Kind;

/// A date that goes on a series (compiled by us, 2026-11).
const DATE: f32 = 16.0;
/// What it is told by.
const REASON: &str = "one of several under a label";
/// Most bytes between two of a series.
const APART: usize = 60;
/// What joins two on one line.
const AND: [&str; 9] = ["et", "and", "&", ",", ";", "/", ", et", ", and", "et le"];
/// Labels that several dates may follow.
const PLURALS: [&str; 9] = [
    "nes les",
    "nees les",
    "nes respectivement les",
    "nees respectivement les",
    "dates de naissance",
    "DDNs",
    "DOBs",
    "birth dates",
    "birthdates",
];

/// The last of a series so far.
struct Last {
    kind: Kind,
    block: usize,
    end: usize,
    /// What its label weighs.
    bits: f32,
    /// Whether the label is one of several dates.
    plural: bool,
}

/// Adds what a label says to those that follow the first under it.
pub fn series(candidates: &mut [Candidate], prepared: &Prepared<'_>) {
    let mut last: Vec<Last> = Vec::new();
    for candidate in candidates {
        let Some(kind) = candidate.kind.filter(|kind| *kind != Kind::PatientName) else { continue };
        let before = last.iter().position(|last| last.kind == kind).map(|at| last.swap_remove(at));
        let (own, mut plural) = label(candidate);
        let mut bits = own;
        if let Some(before) = before.filter(|before| before.block == candidate.block && own == 0.0)
            && let Some(gap) = prepared.text(candidate.block).get(before.end..candidate.span.start)
        {
            bits = goes_on(candidate, gap, &before);
            plural = before.plural;
            if bits > 0.0 {
                candidate.add_once(REASON, bits);
            }
        }
        if bits > 0.0 {
            last.push(Last { kind, block: candidate.block, end: candidate.span.end, bits, plural });
        }
    }
}

/// Social insurance numbers in a list, each behind a name and each in groups with its check digit: three in a row are no chance,
/// whatever the list is called.
pub fn numbered(candidates: &mut [Candidate], prepared: &Prepared<'_>) {
    let mut run: Vec<usize> = Vec::new();
    let mut last: Option<(usize, usize)> = None;
    let numbers: Vec<usize> = (0..candidates.len())
        .filter(|index| candidates.get(*index).is_some_and(|one| one.kind == Some(Kind::Nas)))
        .collect();
    for index in numbers {
        let Some(one) = candidates.get(index) else { continue };
        let gap = last
            .filter(|(block, _)| *block == one.block)
            .and_then(|(_, end)| prepared.text(one.block).get(end..one.span.start));
        let listed =
            gap.is_some_and(|gap| gap.contains('\n') && gap.len() <= APART && names_someone(gap.trim()));
        if !listed {
            believe(candidates, &std::mem::take(&mut run));
        }
        let Some(one) = candidates.get(index) else { continue };
        last = Some((one.block, one.span.end));
        if one.evidence.iter().any(|clue| clue.reason == "grouped") {
            run.push(index);
        }
    }
    believe(candidates, &run);
}

/// Adds what a list says to the numbers of one that is long enough.
fn believe(candidates: &mut [Candidate], run: &[usize]) {
    if run.len() < FEWEST {
        return;
    }
    for index in run {
        if let Some(one) = candidates.get_mut(*index) {
            one.add_once("in a list of numbers, each behind a name and right by its check digit", LISTED);
        }
    }
}

/// Fewest numbers of such a list, and what it says of each (compiled by us, 2026-11: one number in ten is right by chance).
const FEWEST: usize = 3;
const LISTED: f32 = 7.0;

/// What a candidate has from the series that it goes on; nothing when it goes on none.
fn goes_on(candidate: &Candidate, gap: &str, before: &Last) -> f32 {
    let has = |start: &str| candidate.evidence.iter().any(|clue| clue.reason.starts_with(start));
    let joint = gap.trim();
    let joined = AND.contains(&joint);
    let listed = gap.len() <= APART
        && gap.contains(['\n', ',', ';', '/'])
        && (!joint.contains(char::is_alphanumeric) || names_someone(joint));
    if has("context ") || has("future") {
        return 0.0;
    }
    if before.kind != Kind::BirthDate {
        return if joined || listed { before.bits } else { 0.0 };
    }
    let told = before.plural || (joint != "," && joint != ";") && has("plausible age");
    let goes_on = joined && told || listed && has("plausible age") && gap.contains('\n');
    if goes_on { DATE } else { 0.0 }
}

/// What the label of a candidate weighs, and whether it is one of several dates.
fn label(candidate: &Candidate) -> (f32, bool) {
    let labels = candidate
        .evidence
        .iter()
        .filter(|clue| clue.reason.starts_with("label ") || clue.reason.starts_with("column header "));
    labels.fold((0.0, false), |(bits, plural), clue| {
        let named = |label: &&str| clue.reason.strip_prefix("label ") == Some(*label);
        (bits + clue.bits, plural || PLURALS.iter().any(named))
    })
}
