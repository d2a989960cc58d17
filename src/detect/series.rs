//! Numbers and dates that follow one another under one label: `NAS : … et …`, `nés les …, … et …`, a list of lines below a heading.
//!
//! In: the candidates of a message, by place. Out: what a label says of the first is believed of those that go on the series, and
//! numbers that stand in a list of their like are believed without one.

use std::collections::BTreeSet;

use super::candidate::Candidate;
use super::joints::joins;
use super::labels::names_someone;
use super::prepared::Prepared;
use crate::model::Kind;

/// A date that goes on a series (compiled by us, 2026-11).
const DATE: f32 = 16.0;
/// What it is told by.
const REASON: &str = "one of several under a label";
/// Most bytes between two of a series.
const APART: usize = 60;
/// Marks that join two on one line.
const MARKS: &str = ",;&/";
/// Words that open the last of them.
const OPENERS: [&str; 2] = ["et ", "and "];
/// Labels that several dates may follow.
const PLURALS: [&str; 16] = [
    "nes les",
    "nees les",
    "nes respectivement les",
    "nees respectivement les",
    "dates de naissance",
    "DDNs",
    "DOBs",
    "birth dates",
    "birthdates",
    "enfants",
    "deux enfants",
    "trois enfants",
    "fratrie",
    "children",
    "kids",
    "jumeaux",
];

/// One of a series.
#[derive(Clone, Copy)]
struct Last {
    block: usize,
    end: usize,
    /// What its label weighs.
    bits: f32,
    /// Whether the label is one of several dates.
    plural: bool,
}

/// A series of one kind so far. Several rules may propose one place: `older` is what stands before the place of `last`.
struct Series {
    kind: Kind,
    older: Option<Last>,
    last: Option<Last>,
}

impl Series {
    /// What stands before a candidate; one on the place of the last goes on what the last did.
    fn before(&self, candidate: &Candidate) -> Option<Last> {
        let before = if self.shares(candidate) { self.older } else { self.last };
        before.filter(|before| before.block == candidate.block)
    }

    fn shares(&self, candidate: &Candidate) -> bool {
        self.last.is_some_and(|last| last.block == candidate.block && candidate.span.start < last.end)
    }

    fn put(&mut self, candidate: &Candidate, now: Option<Last>) {
        if !self.shares(candidate) {
            self.older = std::mem::replace(&mut self.last, now);
        } else if now.is_some_and(|now| self.last.is_none_or(|last| now.bits > last.bits)) {
            self.last = now;
        }
    }
}

/// Adds what a label says to those that follow the first under it.
pub fn series(candidates: &mut [Candidate], prepared: &Prepared<'_>) {
    let mut all: Vec<Series> = Vec::new();
    for candidate in candidates {
        let Some(kind) = candidate.kind.filter(|kind| *kind != Kind::PatientName) else { continue };
        let at = all.iter().position(|series| series.kind == kind).unwrap_or(all.len());
        if at == all.len() {
            all.push(Series { kind, older: None, last: None });
        }
        let Some(series) = all.get_mut(at) else { continue };
        let (own, mut plural) = label(candidate);
        let mut bits = own;
        if let Some(before) = series.before(candidate).filter(|_| own == 0.0)
            && let Some(gap) = prepared.text(candidate.block).get(before.end..candidate.span.start)
        {
            bits = goes_on(candidate, gap, kind, &before);
            plural = before.plural;
            if bits > 0.0 {
                candidate.add_once(REASON, bits);
            }
        }
        let (block, end) = (candidate.block, candidate.span.end);
        series.put(candidate, (bits > 0.0).then_some(Last { block, end, bits, plural }));
    }
}

/// A list that tells what its members are, whatever it is called.
struct List {
    kind: Kind,
    /// Fewest members, and what such a list says of each (compiled by us, 2026-11).
    fewest: usize,
    bits: f32,
    reason: &'static str,
    /// Whether a candidate may stand in it: all its members are grouped as such numbers are.
    fits: fn(&Candidate) -> bool,
    /// Whether what stands between two goes on the list.
    joined: fn(&str) -> bool,
}

const LISTS: [List; 2] = [
    // One number in ten is right by chance, three in a row are not.
    List {
        kind: Kind::Nas,
        fewest: 3,
        bits: 7.0,
        reason: "in a list of numbers, each behind a name and right by its check digit",
        fits: |_| true,
        joined: |gap| gap.contains('\n') && gap.len() <= APART && names_someone(gap.trim()),
    },
    // Two numbers with the prefix of an issuer and its check digit.
    List {
        kind: Kind::PaymentCard,
        fewest: 2,
        bits: 4.0,
        reason: "another card beside it",
        fits: |card| card.bits() >= 0.0 && is_grouped(card),
        joined: |gap| gap.len() <= 12 && joins(gap, ",;-*&/."),
    },
];

/// Believes numbers that stand in a list, one right after the other, with neither label nor heading.
pub fn listed(candidates: &mut [Candidate], prepared: &Prepared<'_>) {
    for list in &LISTS {
        let mut run: Vec<usize> = Vec::new();
        let mut last: Option<(usize, usize)> = None;
        for index in 0..candidates.len() {
            let fits = |one: &&Candidate| one.kind == Some(list.kind) && (list.fits)(one);
            let Some(one) = candidates.get(index).filter(fits) else { continue };
            let (block, start, end) = (one.block, one.span.start, one.span.end);
            let before = last.filter(|(other, _)| *other == block);
            let again = before.is_some_and(|(_, before)| start < before);
            let gap = before.and_then(|(_, before)| prepared.text(block).get(before..start));
            if !again && !gap.is_some_and(list.joined) {
                believe(candidates, list, &std::mem::take(&mut run));
            }
            last = Some((block, end));
            run.push(index);
        }
        believe(candidates, list, &run);
    }
}

/// Adds what a list says to the numbers of one that is long enough.
fn believe(candidates: &mut [Candidate], list: &List, run: &[usize]) {
    let grouped: Vec<usize> =
        run.iter().copied().filter(|index| candidates.get(*index).is_some_and(is_grouped)).collect();
    let values: BTreeSet<&str> =
        grouped.iter().filter_map(|index| Some(candidates.get(*index)?.value.reveal())).collect();
    if values.len() < list.fewest {
        return;
    }
    for index in grouped {
        if let Some(one) = candidates.get_mut(index) {
            one.add_once(list.reason, list.bits);
        }
    }
}

fn is_grouped(candidate: &Candidate) -> bool {
    candidate.evidence.iter().any(|clue| clue.reason == "grouped")
}

/// What a candidate has from the series that it goes on; nothing when it goes on none.
fn goes_on(candidate: &Candidate, gap: &str, kind: Kind, before: &Last) -> f32 {
    let has = |start: &str| candidate.evidence.iter().any(|clue| clue.reason.starts_with(start));
    let joint = gap.trim();
    let joined = !joint.is_empty() && joins(joint.trim_end_matches(" le"), MARKS);
    let listed = gap.len() <= APART
        && (gap.contains(['\n', ',', ';', '/']) || OPENERS.iter().any(|and| joint.starts_with(and)))
        && (!joint.contains(char::is_alphanumeric) || names_someone(joint));
    if has("context ") || has("future") {
        return 0.0;
    }
    if kind != Kind::BirthDate {
        return if joined || listed { before.bits } else { 0.0 };
    }
    let told = before.plural || (joint != "," && joint != ";") && has("plausible age");
    let goes_on = joined && told || listed && has("plausible age") && (gap.contains('\n') || before.plural);
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
