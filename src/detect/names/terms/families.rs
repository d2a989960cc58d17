//! What each family of terms is worth.

use crate::detect::names::words::{
    CRISIS, CRISIS_NOT, CRISIS_WEAK, FINANCE, FINANCE_NOT, FINANCE_STRONG, HEALTH, HEALTH_SENSITIVE, HR,
    HR_NOT, HR_STRONG, LEGAL, LEGAL_NOT, LEGAL_STRONG, ORDINARY, STRATEGIC, STRATEGIC_NOT, STRATEGIC_STRONG,
    TO_EVERYONE, Tags,
};
use crate::model::Kind;

/// A family of terms and what each is worth.
#[derive(Debug)]
pub struct Family {
    /// What a finding of it is called.
    pub kind: Kind,
    /// The rule it is told under.
    pub rule: &'static str,
    /// Terms that say little, and their bits.
    pub weak: (Tags, f32),
    /// Most bits that weak terms give: marks of confidence say one thing, however many.
    pub weak_cap: f32,
    /// Terms that say much, and their bits.
    pub strong: (Tags, f32),
    /// Terms of training, forms and notices, and their bits.
    pub against: (Tags, f32),
    /// Bits when the part speaks of someone.
    pub person: f32,
    /// Bits on top when someone stands beside a term.
    pub beside: f32,
    /// Most bits that terms give.
    pub cap: f32,
}

/// Start values, compiled by us, 2026-11: of staff, money and legal matters, a strong term beside someone is medium; of
/// strategy, which names nobody, a strong term and a mark of confidence, or two marks.
pub const FAMILIES: [Family; 6] = [
    Family {
        kind: Kind::HealthTermCluster,
        rule: "health-terms",
        weak: (HEALTH, 3.0),
        weak_cap: 12.0,
        strong: (HEALTH_SENSITIVE, 5.0),
        against: (Tags::all(&[ORDINARY, TO_EVERYONE]), -2.5),
        person: 3.0,
        beside: 0.0,
        cap: 8.0,
    },
    Family {
        kind: Kind::Crisis,
        rule: "crisis-terms",
        weak: (CRISIS_WEAK, 3.0),
        weak_cap: 12.0,
        strong: (CRISIS, 7.0),
        against: (CRISIS_NOT, -6.0),
        person: 3.0,
        beside: 0.0,
        cap: 10.0,
    },
    Family {
        kind: Kind::Hr,
        rule: "hr-terms",
        weak: (HR, 2.0),
        weak_cap: 12.0,
        strong: (HR_STRONG, 4.0),
        against: (Tags::all(&[HR_NOT, TO_EVERYONE]), -4.0),
        person: 2.0,
        beside: 3.0,
        cap: 12.0,
    },
    Family {
        kind: Kind::Finance,
        rule: "finance-terms",
        weak: (FINANCE, 2.0),
        weak_cap: 12.0,
        strong: (FINANCE_STRONG, 4.0),
        against: (Tags::all(&[FINANCE_NOT, TO_EVERYONE]), -4.0),
        person: 2.0,
        beside: 3.0,
        cap: 12.0,
    },
    Family {
        kind: Kind::Legal,
        rule: "legal-terms",
        weak: (LEGAL, 2.0),
        weak_cap: 12.0,
        strong: (LEGAL_STRONG, 4.5),
        against: (Tags::all(&[LEGAL_NOT, TO_EVERYONE]), -4.0),
        person: 2.0,
        beside: 3.0,
        cap: 12.0,
    },
    Family {
        kind: Kind::Strategic,
        rule: "strategic-terms",
        weak: (STRATEGIC, 4.5),
        weak_cap: 9.0,
        strong: (STRATEGIC_STRONG, 5.0),
        against: (Tags::all(&[STRATEGIC_NOT, TO_EVERYONE]), -4.0),
        person: 0.0,
        beside: 0.0,
        cap: 12.0,
    },
];

/// The terms of every family.
pub const TERMS: Tags = {
    let (mut all, mut rest) = (Tags::NONE, FAMILIES.as_slice());
    while let [family, others @ ..] = rest {
        all = Tags::all(&[all, family.weak.0, family.strong.0, family.against.0]);
        rest = others;
    }
    all
};
