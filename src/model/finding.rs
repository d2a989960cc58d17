//! What detection found, and why it believes it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Masked, Place, Region};

/// What a finding is. Names are those of the scan contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// RAMQ health-insurance number (numéro d'assurance maladie).
    Nam,
    /// A person's date of birth.
    BirthDate,
    /// The name of a patient.
    PatientName,
    /// Social insurance number (numéro d'assurance sociale).
    Nas,
    /// A payment card number.
    PaymentCard,
    /// Transit, institution and account.
    BankAccount,
    /// A driver's licence number.
    DriversLicence,
    /// A health card of another province.
    HealthCardOther,
    /// A passport number, or the line that machines read.
    Passport,
    /// A number of civil status: birth, marriage, death.
    CivilStatus,
    /// A number of an immigration file or permit.
    Immigration,
    /// The billing number of a professional, which is personal where the permit is public.
    ProfessionalNumber,
    /// A telephone beside a person: evidence about whom is spoken of, never a finding.
    Phone,
    /// A civic address or a postal code beside a person: evidence, never a finding.
    Address,
    /// A personal e-mail address beside a person: evidence, never a finding.
    Email,
    /// A password, key or token.
    Secret,
    /// Words that describe someone's health.
    HealthTermCluster,
    /// Words of staff files: appraisal, discipline.
    Hr,
    /// Words of pay and money.
    Finance,
    /// Strategic information of the establishment.
    Strategic,
    /// Legal matters.
    Legal,
    /// An emergency or a person in crisis.
    Crisis,
    /// A link to an outside poll site.
    PollLink,
    /// A link to a meeting service, for a virtual consultation.
    ConsultationLink,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 24] = [
        Self::Nam,
        Self::BirthDate,
        Self::PatientName,
        Self::Nas,
        Self::PaymentCard,
        Self::BankAccount,
        Self::DriversLicence,
        Self::HealthCardOther,
        Self::Passport,
        Self::CivilStatus,
        Self::Immigration,
        Self::ProfessionalNumber,
        Self::Phone,
        Self::Address,
        Self::Email,
        Self::Secret,
        Self::HealthTermCluster,
        Self::Hr,
        Self::Finance,
        Self::Strategic,
        Self::Legal,
        Self::Crisis,
        Self::PollLink,
        Self::ConsultationLink,
    ];

    /// The name that rules, policy, JSON and metrics use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nam => "nam",
            Self::BirthDate => "birth_date",
            Self::PatientName => "patient_name",
            Self::Nas => "nas",
            Self::PaymentCard => "payment_card",
            Self::BankAccount => "bank_account",
            Self::DriversLicence => "drivers_licence",
            Self::HealthCardOther => "health_card_other",
            Self::Passport => "passport",
            Self::CivilStatus => "civil_status",
            Self::Immigration => "immigration",
            Self::ProfessionalNumber => "professional_number",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Email => "email",
            Self::Secret => "secret",
            Self::HealthTermCluster => "health_term_cluster",
            Self::Hr => "hr",
            Self::Finance => "finance",
            Self::Strategic => "strategic",
            Self::Legal => "legal",
            Self::Crisis => "crisis",
            Self::PollLink => "poll_link",
            Self::ConsultationLink => "consultation_link",
        }
    }

    /// Whether it only says more about a person found by something else. It counts among the person's identifiers and is
    /// never told as a finding, so policy does not hear of it.
    #[must_use]
    pub fn is_evidence_only(self) -> bool {
        matches!(self, Self::Phone | Self::Address | Self::Email)
    }

    /// Whether it is a number that was given to one person alone.
    #[must_use]
    pub fn is_personal_number(self) -> bool {
        matches!(
            self,
            Self::Nam
                | Self::Nas
                | Self::PaymentCard
                | Self::BankAccount
                | Self::DriversLicence
                | Self::HealthCardOther
                | Self::Passport
                | Self::CivilStatus
                | Self::Immigration
        )
    }

    /// Reads a name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How sure a finding is: possible, probable, certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Possible: 0 bits or more. Policy does not hear of it by default.
    Low,
    /// Probable: 3 bits or more.
    Medium,
    /// Certain: 7 bits or more.
    High,
}

impl Confidence {
    /// The confidence of a sum of evidence in bits; `None` below 0, where a candidate stays silent.
    /// Thresholds: log2 odds of 8 to 1 and of 128 to 1.
    #[must_use]
    pub fn of(bits: f32) -> Option<Self> {
        match bits {
            bits if bits >= 7.0 => Some(Self::High),
            bits if bits >= 3.0 => Some(Self::Medium),
            bits if bits >= 0.0 => Some(Self::Low),
            _ => None,
        }
    }

    /// The name that JSON and logs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One reason for or against a finding, in bits (log2 of a likelihood ratio).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was seen, in words of ours, never of the message.
    pub reason: Cow<'static, str>,
    /// Its weight; negative speaks against.
    pub bits: f32,
}

/// Numbers the persons of one message from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub u32);

/// Something confidential at one place of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// Its value in normal form (see the contract). Empty for clusters of terms.
    pub value: Masked,
    /// A form safe to show: the type's shape with most characters replaced.
    pub masked: String,
    /// Where it stands.
    pub place: Place,
    /// What kind of text it stands in.
    pub region: Region,
    /// Index of its segment in the reading.
    pub segment: usize,
    /// Byte range in the segment's original text.
    pub span: (usize, usize),
    /// How sure we are.
    pub confidence: Confidence,
    /// Why, reason by reason.
    pub evidence: Vec<Evidence>,
    /// The rule that found it.
    pub rule: String,
    /// Whom it is about, when that could be told.
    pub person: Option<PersonId>,
}

impl Finding {
    /// The sum of its evidence, in bits.
    #[must_use]
    pub fn bits(&self) -> f32 {
        self.evidence.iter().map(|evidence| evidence.bits).sum()
    }
}

/// A person a message speaks of, with the kinds of identifiers it gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Number in the message.
    pub id: PersonId,
    /// Kinds of identifiers found, sorted, without repeats.
    pub identifiers: Vec<Kind>,
    /// Whether a dossier, user or employee number stands beside them.
    pub reference: bool,
    /// Whether the person seems to be one of the recipients (directive 054, 5.4: one may be sent one's own data).
    pub is_recipient: bool,
    /// How sure it is that someone is told of: the best of the identifiers, and 3 bits for each further one up to three.
    pub bits: f32,
}

impl Person {
    /// How many identifiers the message gives: two make the "double identification" of directive 054, 5.7.
    #[must_use]
    pub fn identified_by(&self) -> usize {
        self.identifiers.len() + usize::from(self.reference)
    }

    /// How sure it is that someone is told of; `None` below 0 bits.
    #[must_use]
    pub fn confidence(&self) -> Option<Confidence> {
        Confidence::of(self.bits)
    }
}
