//! Every candidate of a message and what became of it: findings are made of those kept, `explain` tells the others too.

use super::candidate::Candidate;
use super::findings::{overlap, settle};
use super::prepared::Prepared;
use super::{Context, Detectors, evidence, numbered};
use crate::model::Segment;

/// What was proposed in a message, evidence complete.
#[derive(Debug)]
pub struct Trace<'a> {
    /// The message, folded.
    pub prepared: Prepared<'a>,
    /// The candidates that no rival beat, by place; those below zero are no findings.
    pub kept: Vec<Candidate>,
    /// Those that lost against one that overlaps.
    pub lost: Vec<Candidate>,
    /// Those that an exception of the establishment lets through.
    pub excepted: Vec<Excepted>,
}

/// A candidate that an exception lets through.
#[derive(Debug)]
pub struct Excepted {
    /// The candidate, as far as it was weighed.
    pub candidate: Candidate,
    /// The file of the exception.
    pub file: String,
    /// Its line.
    pub line: usize,
}

impl Trace<'_> {
    /// The candidate that took the place of one that lost.
    #[must_use]
    pub fn winner(&self, loser: &Candidate) -> Option<&Candidate> {
        self.kept.iter().find(|kept| overlap(kept, loser))
    }
}

/// Runs every detector over a message.
#[must_use]
pub fn trace<'a>(detectors: &Detectors, segments: &'a [Segment], context: &Context) -> Trace<'a> {
    let prepared = Prepared::of(segments);
    let mut candidates = detectors.rules.candidates(&prepared, context.date);
    let names = detectors.names.candidates(&prepared, context, &detectors.rosters, &mut candidates);
    candidates.extend(names);
    candidates.sort_by_key(|candidate| (candidate.block, candidate.span.start, candidate.span.end));
    let mut excepted = except(detectors, &mut candidates, &prepared, context);
    detectors.rosters.agree(&mut candidates, &prepared);
    evidence::agree(&mut candidates, &prepared, context.date);
    numbered::tie(&mut candidates);
    numbered::spare(&mut candidates);
    let (mut kept, mut lost) = settle(candidates);
    let mut more = detectors.rules.beside(&prepared, &kept, context.date);
    excepted.extend(except(detectors, &mut more, &prepared, context));
    if !more.is_empty() {
        kept.extend(more);
        kept.sort_by_key(|candidate| (candidate.block, candidate.span.start, candidate.span.end));
        let (settled, beaten) = settle(kept);
        kept = settled;
        lost.extend(beaten);
    }
    Trace { prepared, kept, lost, excepted }
}

/// Takes out what an exception lets through, before it can bear on anything else.
fn except(
    detectors: &Detectors,
    candidates: &mut Vec<Candidate>,
    prepared: &Prepared<'_>,
    context: &Context,
) -> Vec<Excepted> {
    let exceptions = &detectors.local.exceptions;
    if exceptions.all().is_empty() {
        return Vec::new();
    }
    let mut excepted = Vec::new();
    candidates.retain(|candidate| {
        let Some(exception) = exceptions.of(candidate, prepared, context) else { return true };
        let (file, line) = (exception.file.clone(), exception.line);
        excepted.push(Excepted { candidate: candidate.clone(), file, line });
        false
    });
    excepted
}
