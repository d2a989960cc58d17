//! The JSON of the scan contract.

use std::collections::HashSet;
use std::io::{self, Write};

use serde::Serialize;

use crate::model::{Confidence, Finding, Gap, Person, Place, Region, Share};
use crate::service::Examined;

/// One judged message, as outside tools read it. Field names are part of the contract.
#[derive(Debug, Serialize)]
pub struct Scanned<'a> {
    file: &'a str,
    verdict: &'static str,
    applied: &'static str,
    findings: Vec<Found<'a>>,
    persons: Vec<Told>,
    rules: Vec<Rule<'a>>,
    recipients: Vec<Addressed>,
    protection: &'static str,
    unscannable: Vec<Unread>,
    /// What `scan` cannot know: it has no memory of earlier mail.
    notes: &'static [&'static str],
    digest: &'a str,
}

#[derive(Debug, Serialize)]
struct Found<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    masked: &'a str,
    confidence: Confidence,
    location: Location,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<u32>,
    evidence: Vec<&'a str>,
    rule: &'a str,
}

#[derive(Debug, Serialize)]
struct Told {
    id: u32,
    identifiers: Vec<&'static str>,
    /// A dossier, user or employee number stands beside them.
    reference: bool,
    is_recipient: bool,
    confidence: Option<Confidence>,
    bits: f32,
}

#[derive(Debug, Serialize)]
struct Location {
    part: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inner: Option<String>,
    region: Region,
}

#[derive(Debug, Serialize)]
struct Rule<'a> {
    id: &'a str,
    article: &'a str,
    action: &'static str,
    mode: &'a crate::model::Mode,
    /// On trial: listed and counted, weighs nothing.
    trial: bool,
}

#[derive(Debug, Serialize)]
struct Addressed {
    address: String,
    class: &'static str,
}

#[derive(Debug, Serialize)]
struct Unread {
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<String>,
    part: String,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<Share>,
}

/// Whether values, file names and whole addresses may be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Masked forms only.
    Masked,
    /// Everything, because `--reveal` asked for it.
    Clear,
}

impl<'a> Scanned<'a> {
    /// Describes one examined message.
    pub fn new(file: &'a str, examined: &'a Examined, show: Show) -> Self {
        let inspection = &examined.inspection;
        let decision = inspection.decision();
        let telling: HashSet<&str> = inspection
            .findings()
            .iter()
            .filter(|finding| finding.region == Region::FileName)
            .map(|finding| finding.place.part.as_str())
            .collect();
        let name = |place: &Place| file_name(place, show, &telling);
        Self {
            file,
            verdict: decision.verdict.name(),
            applied: decision.applied.name(),
            findings: inspection.findings().iter().map(|f| found(f, show, name(&f.place))).collect(),
            persons: inspection.persons().iter().map(told).collect(),
            rules: decision
                .spoken
                .iter()
                .map(|spoken| Rule {
                    id: &spoken.article.0,
                    article: &spoken.cites,
                    action: spoken.verdict.name(),
                    mode: &spoken.mode,
                    trial: spoken.trial,
                })
                .collect(),
            recipients: inspection
                .recipients()
                .iter()
                .map(|r| Addressed { address: r.address.reveal(), class: r.class.name() })
                .collect(),
            protection: examined.reading.protections.first().map_or("none", |p| p.kind.name()),
            unscannable: examined.reading.gaps.iter().map(|gap| unread(gap, name(&gap.place))).collect(),
            notes: &["scan has no memory: articles on first contact and consent stay silent"],
            digest: inspection.digest(),
        }
    }
}

fn found<'a>(finding: &'a Finding, show: Show, filename: Option<String>) -> Found<'a> {
    let clear = show == Show::Clear;
    Found {
        kind: finding.kind.name(),
        value: clear.then(|| finding.value.reveal()),
        masked: &finding.masked,
        confidence: finding.confidence,
        location: Location {
            part: finding.place.part.clone(),
            filename,
            inner: finding.place.inner.as_ref().filter(|_| clear).map(|inner| inner.reveal().to_owned()),
            region: finding.region,
        },
        person: finding.person.map(|person| person.0),
        evidence: finding.evidence.iter().map(|evidence| &*evidence.reason).collect(),
        rule: &finding.rule,
    }
}

fn told(person: &Person) -> Told {
    Told {
        id: person.id.0,
        identifiers: person.identifiers.iter().map(|kind| kind.name()).collect(),
        reference: person.reference,
        is_recipient: person.is_recipient,
        confidence: person.confidence(),
        bits: person.bits,
    }
}

fn unread(gap: &Gap, filename: Option<String>) -> Unread {
    Unread { filename, part: gap.place.part.clone(), reason: gap.reason.name(), share: gap.share }
}

/// The file name; only its ending when something was found in the name itself and nothing may be revealed.
fn file_name(place: &Place, show: Show, telling: &HashSet<&str>) -> Option<String> {
    let name = place.filename.as_ref()?.reveal();
    if show == Show::Clear || !telling.contains(place.part.as_str()) {
        return Some(name.to_owned());
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let plain = ending.len() <= 5 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    Some(if plain { format!("•••.{ending}") } else { "•••".to_owned() })
}

/// Prints one message for people: the verdict, the articles, what was found and where.
pub fn text(out: &mut impl Write, file: &str, examined: &Examined, show: Show) -> io::Result<()> {
    let scanned = Scanned::new(file, examined, show);
    writeln!(out, "{file}: {} (applied: {})", scanned.verdict, scanned.applied)?;
    for rule in &scanned.rules {
        let trial = if rule.trial { " (on trial: weighs nothing)" } else { "" };
        writeln!(out, "  article  {:<34} {:<10} {}{trial}", rule.id, rule.action, rule.article)?;
    }
    for found in &scanned.findings {
        let value = found.value.unwrap_or(found.masked);
        let part = if found.location.part.is_empty() { "header" } else { &found.location.part };
        let place = found.location.filename.as_deref().unwrap_or_default();
        writeln!(
            out,
            "  found    {:<20} {:<7} {value}  [part {part} {place}] {}",
            found.kind,
            found.confidence.name(),
            found.evidence.join("; ")
        )?;
    }
    for person in &scanned.persons {
        let reference = if person.reference { " and a dossier number" } else { "" };
        let recipient = if person.is_recipient { "  (a recipient)" } else { "" };
        writeln!(
            out,
            "  person   {:<20} {}{reference}{recipient}",
            person.id,
            person.identifiers.join(", ")
        )?;
    }
    for unread in &scanned.unscannable {
        let name = unread.filename.as_deref().unwrap_or_default();
        writeln!(out, "  unread   part {} {name}: {}", unread.part, unread.reason)?;
    }
    for recipient in &scanned.recipients {
        writeln!(out, "  to       {} ({})", recipient.address, recipient.class)?;
    }
    Ok(())
}
