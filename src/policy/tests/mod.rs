//! What holds for every policy, what the shipped one decides, and what a broken one says.

mod broken;
mod laws;
mod shipped;

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::{Policy, Situation};
use crate::model::{
    Address, Class, Confidence, Decision, Finding, Gap, GapReason, HeaderFacts, Kind, Masked, Person,
    PersonId, Place, Protection, ProtectionKind, Recipient, Region, Strength,
};

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/config/policy");

fn shipped_files() -> Vec<(String, String)> {
    let text = |file: &include_dir::File<'_>| file.contents_utf8().unwrap().to_owned();
    let mut files: Vec<_> = SHIPPED
        .files()
        .filter(|file| file.path().extension().is_some_and(|kind| kind == "toml"))
        .map(|file| (file.path().display().to_string(), text(file)))
        .collect();
    files.sort();
    files
}

fn shipped() -> &'static Policy {
    static POLICY: LazyLock<Policy> =
        LazyLock::new(|| Policy::compile(&shipped_files()).unwrap_or_else(|errors| panic!("{errors}")));
    &POLICY
}

/// A situation that can be built up piece by piece.
#[derive(Clone, Debug, Default)]
struct Message {
    findings: Vec<Finding>,
    persons: Vec<Person>,
    gaps: Vec<Gap>,
    protections: Vec<Protection>,
    facts: HeaderFacts,
    recipients: Vec<Recipient>,
}

impl Message {
    fn find(mut self, kind: Kind, confidence: Confidence) -> Self {
        let (value, masked, rule) = (Masked::default(), String::new(), String::new());
        let (place, region, evidence) = (Place::default(), Region::Body, Vec::new());
        let (segment, span, person) = (0, (0, 0), None);
        self.findings.push(Finding {
            kind,
            value,
            masked,
            place,
            region,
            segment,
            span,
            confidence,
            evidence,
            rule,
            person,
        });
        self
    }

    fn found(self, kinds: &[Kind]) -> Self {
        kinds.iter().fold(self, |message, kind| message.find(*kind, Confidence::High))
    }

    fn person(mut self) -> Self {
        let number = u32::try_from(self.persons.len()).unwrap() + 1;
        self.persons.push(Person {
            id: PersonId(number),
            identifiers: vec![Kind::PatientName],
            reference: false,
            is_recipient: false,
            bits: 7.0,
        });
        self
    }

    fn gap(mut self, reason: GapReason) -> Self {
        self.gaps.push(Gap::new(Place::default(), reason));
        self
    }

    /// Content hidden at a place of its own, as reading reports it: a protection and the gap it makes.
    fn hidden(mut self, kind: ProtectionKind) -> Self {
        let place = Place { part: self.protections.len().to_string(), ..Place::default() };
        self.gaps.push(Gap::new(place.clone(), GapReason::Encrypted));
        self.protections.push(Protection {
            kind,
            strength: Strength::Unknown,
            place,
            whole: true,
            readers: Vec::new(),
        });
        self
    }

    fn to(mut self, class: Class) -> Self {
        let number = self.recipients.len();
        let address = Address::parse(&format!("d{number}@{}.example", class.name())).unwrap();
        let counts_as = if class == Class::Partner { Class::External } else { class };
        self.recipients.push(Recipient { address, class, counts_as });
        self
    }

    fn shown(mut self, address: &str) -> Self {
        self.facts.to_cc.push(Address::parse(address).unwrap());
        self
    }

    fn forwarded(mut self) -> Self {
        self.facts.auto_forwarded = true;
        self
    }

    fn situation(&self) -> Situation<'_> {
        Situation {
            findings: &self.findings,
            persons: &self.persons,
            gaps: &self.gaps,
            protections: &self.protections,
            facts: &self.facts,
            recipients: &self.recipients,
        }
    }

    fn decided_by(&self, policy: &Policy) -> Decision {
        policy.decide(&self.situation())
    }
}
