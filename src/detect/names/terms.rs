//! Clusters of terms: health, crisis, staff files, money, legal matters, strategy (directive 054, 5.1 and 5.3).
//!
//! Terms are counted once each over one part of a message. What is medium or more says that the part speaks of
//! someone, or of something confidential; terms alone stay low.

use std::ops::Range;

use super::token::Token;
use super::tone;
use super::words::{
    CRISIS, CRISIS_NOT, FINANCE, FINANCE_NOT, FINANCE_STRONG, HEALTH, HEALTH_SENSITIVE, HR, HR_NOT,
    HR_STRONG, LEGAL, LEGAL_NOT, LEGAL_STRONG, ORDINARY, PATIENT_BEFORE, STRATEGIC, STRATEGIC_NOT,
    STRATEGIC_STRONG, TITLE, Tags,
};
use super::zones::Zone;
use crate::detect::candidate::{Candidate, Says};
use crate::model::{Evidence, Kind, Masked};

/// A family of terms and what each is worth.
#[derive(Debug)]
struct Family {
    kind: Kind,
    rule: &'static str,
    weak: (Tags, f32),
    strong: (Tags, f32),
    against: (Tags, f32),
    /// Bits when the part speaks of someone.
    person: f32,
    cap: f32,
}

const FAMILIES: [Family; 6] = [
    Family {
        kind: Kind::HealthTermCluster,
        rule: "health-terms",
        weak: (HEALTH, 3.0),
        strong: (HEALTH_SENSITIVE, 5.0),
        against: (ORDINARY, -2.5),
        person: 3.0,
        cap: 8.0,
    },
    Family {
        kind: Kind::Crisis,
        rule: "crisis-terms",
        weak: (CRISIS, 7.0),
        strong: (Tags::NONE, 0.0),
        against: (CRISIS_NOT, -6.0),
        person: 3.0,
        cap: 10.0,
    },
    Family {
        kind: Kind::Hr,
        rule: "hr-terms",
        weak: (HR, 1.5),
        strong: (HR_STRONG, 4.0),
        against: (HR_NOT, -4.0),
        person: 2.0,
        cap: 12.0,
    },
    Family {
        kind: Kind::Finance,
        rule: "finance-terms",
        weak: (FINANCE, 1.5),
        strong: (FINANCE_STRONG, 3.0),
        against: (FINANCE_NOT, -4.0),
        person: 2.0,
        cap: 12.0,
    },
    Family {
        kind: Kind::Legal,
        rule: "legal-terms",
        weak: (LEGAL, 1.5),
        strong: (LEGAL_STRONG, 3.0),
        against: (LEGAL_NOT, -4.0),
        person: 2.0,
        cap: 12.0,
    },
    Family {
        kind: Kind::Strategic,
        rule: "strategic-terms",
        weak: (STRATEGIC, 2.0),
        strong: (STRATEGIC_STRONG, 3.0),
        against: (STRATEGIC_NOT, -4.0),
        person: 0.0,
        cap: 12.0,
    },
];

const PRIOR: f32 = -6.0;
/// Most distinct terms kept of a family: more would say no more.
const MOST: usize = 12;
/// How many words a denial reaches: `idées suicidaires niées`.
const REACH: usize = 8;

/// What one part of a message says, family by family.
#[derive(Debug, Default)]
pub struct Clusters {
    found: [Found; FAMILIES.len()],
    person: bool,
    named: bool,
    words: usize,
}

#[derive(Debug, Default)]
struct Found {
    terms: Vec<u64>,
    against: Vec<u64>,
    bits: f32,
    beside_person: bool,
    at: Option<(usize, Range<usize>)>,
}

impl Clusters {
    /// Takes the words of a stretch of text into account.
    pub fn read(&mut self, block: usize, tokens: &[Token], zones: &[Zone]) {
        self.words += tokens.len();
        for (index, token) in tokens.iter().enumerate() {
            if token.ends.is_none() || matches!(zones.get(index), Some(Zone::Footer | Zone::Signature)) {
                continue;
            }
            self.person |= token.ends.any(PATIENT_BEFORE);
            self.person |= token.own.any(TITLE) && token.len() > 1;
            for (family, found) in FAMILIES.iter().zip(&mut self.found) {
                found.take(family, block, index, tokens);
            }
        }
    }

    /// Takes note of a name, with its weight. When it is surely a patient's, one term of health is enough, and words
    /// of training and meetings say little against.
    pub fn names_someone(&mut self, bits: f32) {
        self.person |= bits >= 0.0;
        self.named |= bits >= 3.0;
    }

    /// Ends a part: what it says, with the weight.
    pub fn finish(self) -> impl Iterator<Item = Candidate> {
        let (person, named) = (self.person, self.named);
        let long = self.words > tone::LONG;
        let near = named && !long;
        let all = FAMILIES.iter().zip(self.found);
        all.filter_map(move |(family, found)| {
            let distant = family.kind == Kind::Crisis && long && !found.beside_person;
            let found = if distant { Found { bits: found.bits.min(family.weak.1), ..found } } else { found };
            let person = person && (family.kind != Kind::Crisis || near || found.beside_person);
            found.candidate(family, person, named)
        })
    }
}

impl Found {
    fn take(&mut self, family: &Family, block: usize, index: usize, tokens: &[Token]) {
        let Some(token) = tokens.get(index) else { return };
        if token.ends.any(family.against.0) && !self.against.contains(&token.key) {
            self.against.push(token.key);
        }
        let strong = token.ends.any(family.strong.0);
        if !(strong || token.ends.any(family.weak.0))
            || self.terms.len() >= MOST
            || self.terms.contains(&token.key)
        {
            return;
        }
        if family.kind == Kind::Crisis && near(tokens, index, REACH, CRISIS_NOT) {
            return;
        }
        self.beside_person |= near(tokens, index, 2 * REACH, PATIENT_BEFORE | TITLE);
        self.terms.push(token.key);
        self.bits += if strong { family.strong.1 } else { family.weak.1 };
        let span = match self.at.take() {
            Some((at, span)) if at == block => (at, span.start..token.end),
            Some(at) => at,
            None => (block, token.start..token.end),
        };
        self.at = Some(span);
    }

    fn candidate(self, family: &Family, person: bool, named: bool) -> Option<Candidate> {
        let (block, span) = self.at?;
        let count = f32::from(u8::try_from(self.against.len().min(4)).unwrap_or(4));
        let share = match family.kind {
            Kind::Crisis => 0.0,
            _ if named => 0.25,
            _ => 1.0,
        };
        let against = count * share * family.against.1;
        let spoken_of = match family.kind {
            Kind::HealthTermCluster if named => 2.0 * family.person,
            _ if person => family.person,
            _ => 0.0,
        };
        let clues = [
            ("terms of one family are common", PRIOR),
            ("distinct terms", self.bits.min(family.cap)),
            ("training, announcement or form", against),
            ("someone is spoken of", spoken_of),
        ];
        let evidence: Vec<Evidence> = clues
            .into_iter()
            .filter(|(_, bits)| *bits != 0.0)
            .map(|(reason, bits)| Evidence { reason: reason.to_owned(), bits })
            .collect();
        let bits: f32 = evidence.iter().map(|evidence| evidence.bits).sum();
        (bits >= 0.0).then(|| Candidate {
            kind: Some(family.kind),
            value: Masked::default(),
            block,
            span,
            evidence,
            rule: family.rule.to_owned(),
            says: Says::default(),
        })
    }
}

/// Whether one of the words around a term is in a list: a denial, training, someone.
fn near(tokens: &[Token], index: usize, reach: usize, tags: Tags) -> bool {
    let around = index.saturating_sub(reach)..(index + reach).min(tokens.len());
    tokens.get(around).unwrap_or_default().iter().any(|token| token.ends.any(tags))
}
