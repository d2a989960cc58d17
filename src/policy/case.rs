//! Cases: what an article must say of a small example. An article's cases judge that article alone, so
//! that they hold whatever other files stand beside it.

use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use crate::model::{
    Address, ArticleId, Class, Confidence, Fault, Finding, Gap, GapReason, HeaderFacts, Kind, Masked, Person,
    PersonId, Place, Protection, ProtectionKind, Recipient, Region, Strength, Verdict,
};

use super::article::Source;
use super::situation::Situation;

/// One case, with the facts it stands for.
#[derive(Clone, Debug)]
pub struct Case {
    /// Line of the case in its file.
    pub line: usize,
    /// What the article must ask for; accept when it must stay silent.
    pub then: Verdict,
    /// Text to run detection on; the other facts come on top.
    pub text: Option<String>,
    facts: HeaderFacts,
    findings: Vec<Finding>,
    persons: Vec<Person>,
    gaps: Vec<Gap>,
    protections: Vec<Protection>,
    recipients: Vec<Recipient>,
}

/// A case that gives a text: whoever holds a detector runs it, then asks [`super::Policy::prove`].
#[derive(Clone, Debug)]
pub struct TextCase {
    /// The article it proves.
    pub article: ArticleId,
    /// The file it stands in.
    pub file: String,
    /// Its line.
    pub line: usize,
    /// The text to read and to run detection on.
    pub text: String,
    pub(super) case: Case,
}

/// A case as a file writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCase {
    given: RawGiven,
    /// The expected verdict.
    pub then: Verdict,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGiven {
    text: Option<String>,
    #[serde(default)]
    findings: Vec<RawFinding>,
    #[serde(default)]
    persons: u32,
    #[serde(default)]
    gaps: Vec<GapReason>,
    #[serde(default)]
    protections: Vec<ProtectionKind>,
    to: Vec<Class>,
    #[serde(default)]
    only_in_header: u32,
    #[serde(default)]
    forwarded: bool,
}

#[derive(Clone, Copy, Debug)]
struct RawFinding {
    kind: Kind,
    confidence: Confidence,
}

impl RawCase {
    /// Adds to `faults` what makes the case prove nothing.
    pub fn check(&self, at: &Spanned<Self>, verdict: Verdict, source: Source<'_>, faults: &mut Vec<Fault>) {
        if self.then != verdict && self.then != Verdict::Accept {
            let what = format!("the article asks for {}, the case for {}", verdict.name(), self.then.name());
            let remedy =
                "a case judges its own article: write that verdict, or \"accept\" where it must stay silent";
            faults.push(source.fault(at, what, remedy));
        }
        if self.given.to.is_empty() {
            let remedy = "give classes: internal, network, partner, external or webmail";
            faults.push(source.fault(at, "the case has no recipient", remedy));
        }
    }
}

impl Case {
    /// Makes the facts that a case stands for.
    pub fn compile(raw: Spanned<RawCase>, source: Source<'_>) -> Self {
        let line = source.fault(&raw, "", "").line;
        let RawCase { given, then } = raw.into_inner();
        let to_cc = (0..given.only_in_header)
            .filter_map(|n| address(&format!("copie{n}"), Class::Internal))
            .collect();
        Self {
            line,
            then,
            text: given.text,
            facts: HeaderFacts { auto_forwarded: given.forwarded, to_cc, ..HeaderFacts::default() },
            findings: given.findings.iter().map(finding).collect(),
            persons: (1..=given.persons).map(person).collect(),
            gaps: given.gaps.iter().map(gap).collect(),
            protections: given.protections.iter().map(protection).collect(),
            recipients: given.to.iter().enumerate().filter_map(recipient).collect(),
        }
    }

    /// The findings it gives without a text.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The situation it stands for, with these findings and persons.
    pub fn situation<'a>(&'a self, findings: &'a [Finding], persons: &'a [Person]) -> Situation<'a> {
        Situation {
            findings,
            persons: if persons.is_empty() { &self.persons } else { persons },
            gaps: &self.gaps,
            protections: &self.protections,
            facts: &self.facts,
            recipients: &self.recipients,
        }
    }
}

fn finding(raw: &RawFinding) -> Finding {
    Finding {
        kind: raw.kind,
        value: Masked::default(),
        masked: String::new(),
        place: Place::default(),
        region: Region::Body,
        segment: 0,
        span: (0, 0),
        confidence: raw.confidence,
        evidence: Vec::new(),
        rule: String::new(),
        person: None,
    }
}

fn person(number: u32) -> Person {
    Person {
        id: PersonId(number),
        identifiers: vec![Kind::PatientName],
        reference: false,
        is_recipient: false,
        bits: 7.0,
    }
}

/// Gaps and protections of a case share one place, so that encryption explains an encrypted gap.
fn gap(reason: &GapReason) -> Gap {
    Gap::new(Place::default(), *reason)
}

fn protection(kind: &ProtectionKind) -> Protection {
    Protection {
        kind: *kind,
        strength: Strength::Unknown,
        place: Place::default(),
        whole: true,
        readers: Vec::new(),
    }
}

fn recipient((number, class): (usize, &Class)) -> Option<Recipient> {
    let counts_as = if *class == Class::Partner { Class::External } else { *class };
    Some(Recipient { address: address(&format!("d{number}"), *class)?, class: *class, counts_as })
}

fn address(local: &str, class: Class) -> Option<Address> {
    Address::parse(&format!("{local}@{}.example", class.name())).ok()
}

impl<'de> Deserialize<'de> for RawFinding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FindingVisitor)
    }
}

/// Reads `"nam"` (certain), or `{ kind = "nam", confidence = "low" }`.
struct FindingVisitor;

impl<'de> de::Visitor<'de> for FindingVisitor {
    type Value = RawFinding;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a kind of finding, or `{ kind = …, confidence = … }`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<RawFinding, E> {
        let kind = Kind::from_name(text)
            .ok_or_else(|| E::custom(format!("no kind of finding is called `{text}`")))?;
        Ok(RawFinding { kind, confidence: Confidence::High })
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<RawFinding, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            kind: Kind,
            confidence: Confidence,
        }
        let Whole { kind, confidence } = Whole::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(RawFinding { kind, confidence })
    }
}
