//! A false alarm made into an invented look-alike that proves the rules from then on: for the terminal and for the desk.

use super::Examined;
use crate::detect::disguise::{NoLookAlike, disguise};
use crate::detect::trace::{Trace, trace};
use crate::detect::{Candidate, Detectors};
use crate::inspect;
use crate::model::{CaseFinding, Disposition, Finding, Region};
use crate::plan::excerpts;

/// Why there is no counter-example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCounterExample {
    /// The rules propose no such finding.
    #[error("the finding is not among what was proposed")]
    NotProposed,
    /// No invented text raises it.
    #[error(transparent)]
    NoLookAlike(#[from] NoLookAlike),
}

/// Makes the table `[[counter_example]]` of a finding. `lists` are the word lists, as (file name, text).
///
/// # Errors
/// [`NoCounterExample`].
pub fn counter_example(
    detectors: &Detectors,
    lists: &[(String, String)],
    examined: &Examined,
    finding: &Finding,
    because: &str,
) -> Result<String, NoCounterExample> {
    let Examined { submission, reading, date, .. } = examined;
    let trace = trace(detectors, &reading.segments, &inspect::context(submission, reading, *date));
    let candidate = candidate_of(&trace, finding).ok_or(NoCounterExample::NotProposed)?;
    let alike = disguise(detectors, lists, &trace, candidate)?;
    let region = match alike.region {
        Region::Body => String::new(),
        region => format!("region = \"{}\"\n", region.name()),
    };
    let (kind, text, because) = (finding.kind.name(), quoted(&alike.text), quoted(because));
    Ok(format!("[[counter_example]]\nkind = \"{kind}\"\ntext = {text}\n{region}because = {because}\n"))
}

/// The candidate that a finding came from.
#[must_use]
pub fn candidate_of<'t>(trace: &'t Trace<'_>, finding: &Finding) -> Option<&'t Candidate> {
    trace.kept.iter().find(|candidate| {
        candidate.kind == Some(finding.kind)
            && candidate.rule == finding.rule
            && trace.prepared.locate(candidate.block, &candidate.span) == (finding.segment, finding.span)
    })
}

/// The finding that a case shows so; rules that changed since may find it no more.
pub(super) fn shown_as<'e>(examined: &'e Examined, shown: &CaseFinding) -> Option<&'e Finding> {
    let findings = examined.inspection.findings();
    let all = excerpts(findings, &examined.reading, Disposition::Refused);
    let sure = findings.iter().filter(|finding| finding.confidence >= crate::model::Confidence::Medium);
    sure.zip(all).find(|(_, excerpt)| excerpt.shown == *shown).map(|(finding, _)| finding)
}

/// A text as a TOML string.
#[must_use]
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Whether a text quotes a value, however it is written.
#[must_use]
pub fn quotes(text: &str, value: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let value = plain(value);
    !value.is_empty() && plain(text).contains(&value)
}
