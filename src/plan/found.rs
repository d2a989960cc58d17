//! Findings as people are told of them: kinds, counts and places, never values.

use std::collections::BTreeMap;

use crate::model::{Confidence, Finding, FoundAt, Kind, Reading, Region};

/// Counts the findings that feed the policy (medium and high) by kind and place, in reading order.
pub fn found_at(findings: &[Finding], reading: &Reading) -> Vec<FoundAt> {
    let attachments = attachments(reading);
    let mut counted: BTreeMap<(Option<u32>, Kind, Region), FoundAt> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.confidence >= Confidence::Medium) {
        let attachment = attachments.get(finding.place.part.as_str()).copied();
        let entry = counted.entry((attachment, finding.kind, finding.region)).or_insert_with(|| FoundAt {
            kind: finding.kind,
            count: 0,
            region: finding.region,
            attachment,
            line: line_of(finding, reading),
        });
        entry.count = entry.count.saturating_add(1);
    }
    counted.into_values().collect()
}

/// Numbers the parts that have a file name, from 1, in reading order.
pub(super) fn attachments(reading: &Reading) -> BTreeMap<&str, u32> {
    let mut numbers = BTreeMap::new();
    let places = reading.segments.iter().map(|segment| &segment.place);
    for place in places.chain(reading.gaps.iter().map(|gap| &gap.place)) {
        if place.filename.is_some() && !numbers.contains_key(place.part.as_str()) {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX).saturating_add(1);
            numbers.insert(place.part.as_str(), next);
        }
    }
    numbers
}

/// The line of the first finding, for running text only.
pub(super) fn line_of(finding: &Finding, reading: &Reading) -> Option<u32> {
    let segment = reading.segments.get(finding.segment)?;
    if finding.region != Region::Body {
        return None;
    }
    let before = segment.text.reveal().as_bytes().get(..finding.span.0)?;
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    u32::try_from(lines).ok()?.checked_add(1)
}
