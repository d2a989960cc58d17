//! Findings one by one, as a case keeps them: a mask to show, and the words around to reveal.

use super::found::{attachments, line_of};
use crate::model::{CaseFinding, Confidence, Disposition, Excerpt, Finding, Masked, Reading, Snippet};

/// Characters shown on either side of a finding.
const AROUND: usize = 40;

/// The findings that feed the policy (medium and high), in reading order. Words around them are kept of a held message only: of any
/// other no copy stays with us.
pub fn excerpts(findings: &[Finding], reading: &Reading, disposition: Disposition) -> Vec<Excerpt> {
    let attachments = attachments(reading);
    let sure = findings.iter().filter(|finding| finding.confidence >= Confidence::Medium);
    sure.map(|finding| Excerpt {
        shown: CaseFinding {
            kind: finding.kind,
            rule: finding.rule.clone(),
            masked: finding.masked.clone(),
            confidence: finding.confidence,
            region: finding.region,
            attachment: attachments.get(finding.place.part.as_str()).copied(),
            line: line_of(finding, reading),
            person: finding.person.map(|person| person.0),
        },
        around: match disposition {
            Disposition::Held => snippet(finding, reading).unwrap_or_default(),
            Disposition::Refused | Disposition::Warned => Snippet::default(),
        },
    })
    .collect()
}

/// The words of a finding, and at most [`AROUND`] characters on either side.
fn snippet(finding: &Finding, reading: &Reading) -> Option<Snippet> {
    let text = reading.segments.get(finding.segment)?.text.reveal();
    let before = text.get(..finding.span.0)?;
    let found = text.get(finding.span.0..finding.span.1)?;
    let after = text.get(finding.span.1..)?;
    let start = before.char_indices().rev().take(AROUND).last().map_or(before.len(), |(at, _)| at);
    let end = after.char_indices().nth(AROUND).map_or(after.len(), |(at, _)| at);
    Some(Snippet {
        before: Masked::new(before.get(start..)?),
        found: Masked::new(found),
        after: Masked::new(after.get(..end)?),
    })
}
