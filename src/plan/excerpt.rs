//! Findings one by one, as a case keeps them: a mask to show, and the words around to reveal.

use super::found::{attachments, line_of};
use crate::model::{CaseFinding, Confidence, Disposition, Excerpt, Finding, Masked, Reading, Snippet};

/// Characters shown on either side of a finding.
const AROUND: usize = 40;

/// The findings that feed the policy (medium and high), in reading order. Words around them are kept of a held message only: of any
/// other no copy stays with us.
pub fn excerpts(findings: &[Finding], reading: &Reading, disposition: Disposition) -> Vec<Excerpt> {
    let attachments = attachments(reading);
    let sure = || findings.iter().filter(|finding| finding.confidence >= Confidence::Medium);
    sure()
        .map(|finding| Excerpt {
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
                Disposition::Held => snippet(finding, sure(), reading).unwrap_or_default(),
                Disposition::Refused | Disposition::Warned => Snippet::default(),
            },
        })
        .collect()
}

/// The words of a finding, and at most [`AROUND`] characters on either side. What else was found there stays veiled: nobody asked for it.
fn snippet<'f>(
    finding: &Finding,
    all: impl Iterator<Item = &'f Finding>,
    reading: &Reading,
) -> Option<Snippet> {
    let text = reading.segments.get(finding.segment)?.text.reveal();
    let (from, to) = finding.span;
    let (before, found, after) = (text.get(..from)?, text.get(from..to)?, text.get(to..)?);
    let start = before.char_indices().rev().take(AROUND).last().map_or(from, |(at, _)| at);
    let end = after.char_indices().nth(AROUND).map_or(text.len(), |(at, _)| to + at);
    let near =
        |other: &&Finding| other.segment == finding.segment && other.span.0 < end && other.span.1 > start;
    let others: Vec<_> = all.filter(near).map(|other| other.span.0..other.span.1).collect();
    let veiled = |from: usize, to: usize| {
        let shown = |(at, letter): (usize, char)| {
            let hidden = letter.is_alphanumeric() && others.iter().any(|span| span.contains(&(from + at)));
            if hidden { '•' } else { letter }
        };
        text.get(from..to).map(|text| Masked::new(text.char_indices().map(shown).collect::<String>()))
    };
    Some(Snippet { before: veiled(start, from)?, found: Masked::new(found), after: veiled(to, end)? })
}

#[cfg(test)]
mod tests {
    use super::snippet;
    use crate::model::{Boundary, Confidence, Finding, Kind, Masked, Place, Reading, Region, Segment};

    #[test]
    fn what_else_was_found_beside_a_finding_stays_veiled() {
        let text = "Suivi de Fifi Brindacier, née le 12 avril 2004, à 10 h";
        let finding = |words: &str| {
            let at = text.find(words).unwrap();
            Finding {
                kind: Kind::PatientName,
                value: Masked::new(words),
                masked: String::new(),
                place: Place::default(),
                region: Region::Body,
                segment: 0,
                span: (at, at + words.len()),
                confidence: Confidence::High,
                evidence: Vec::new(),
                rule: String::new(),
                person: None,
            }
        };
        let segment = Segment {
            place: Place::default(),
            region: Region::Body,
            cell: None,
            text: Masked::new(text),
            offset: 0,
            boundary: Boundary::Part,
        };
        let reading = Reading { segments: vec![segment], ..Reading::default() };
        let findings = [finding("Fifi Brindacier"), finding("12 avril 2004")];
        let shown = snippet(&findings[1], findings.iter(), &reading).unwrap();
        assert_eq!(shown.before.reveal(), "Suivi de •••• ••••••••••, née le ");
        assert_eq!((shown.found.reveal(), shown.after.reveal()), ("12 avril 2004", ", à 10 h"));
    }
}
