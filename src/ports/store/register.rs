//! The audit trail as it is read and proved, and the register of incidents.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::model::{CaseId, Masked};
use crate::review::{Actor, Past};

/// Result of walking the audit trail.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trail {
    /// Every entry fits the one before it, and every signed checkpoint fits its entry.
    Whole {
        /// How many entries.
        entries: u64,
        /// Hash of the last one, in hexadecimal: to be written down elsewhere.
        head: String,
        /// How many signed checkpoints.
        checkpoints: u64,
    },
    /// Something was changed, removed or moved.
    Broken {
        /// The first entry that does not fit.
        entry: u64,
        /// Why it does not.
        because: &'static str,
    },
}

/// One entry of the audit trail, as it is chained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number, from 1.
    pub seq: u64,
    /// Canonical JSON; free text in it is sealed.
    pub entry: String,
    /// Hash of the entry before, in hexadecimal.
    pub previous: String,
    /// SHA-256 over the previous hash and the JSON, in hexadecimal.
    pub hash: String,
}

/// Which entries of the trail to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailFilter {
    /// Only of this person, by login.
    pub actor: Option<String>,
    /// Only of this case.
    pub case: Option<CaseId>,
    /// Only before this number.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// A signed word on how far the trail went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of the last entry.
    pub seq: u64,
    /// Its hash, in hexadecimal.
    pub hash: String,
    /// When it was signed.
    pub at: Timestamp,
    /// Ed25519 over `vaguemestre checkpoint v1 <seq> <hash> <milliseconds>`, in hexadecimal.
    pub signature: String,
    /// The public key, in hexadecimal.
    pub key: String,
}

/// A signed word on what an evidence pack holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// What was signed: `vaguemestre evidence v1 <case> <SHA-256 of the manifest> <milliseconds>`.
    pub words: String,
    /// When.
    pub at: Timestamp,
    /// Ed25519 over the words, in hexadecimal.
    pub signature: String,
    /// The public key, in hexadecimal: that of the checkpoints.
    pub key: String,
}

/// A key that signed checkpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// The public key, in hexadecimal.
    pub key: String,
    /// When it first signed.
    pub since: Timestamp,
    /// When it last signed.
    pub until: Timestamp,
    /// How many checkpoints it signed.
    pub checkpoints: u64,
}

/// The fields of the register of incidents, r. 1, s. 15, in its order. Free text; sealed by the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IncidentFields {
    /// The information concerned, or why it cannot be told.
    pub information: Masked,
    /// The circumstances, briefly.
    pub circumstances: Masked,
    /// When it happened, or about when.
    pub happened: Masked,
    /// When it became known.
    pub known: Masked,
    /// How many persons are concerned, or about how many.
    pub persons: Masked,
    /// Why there is, or is not, a risk of serious injury.
    pub risk: Masked,
    /// Dates of the notices to the authorities and the persons, when there is a risk of serious injury.
    pub notices: Masked,
    /// Measures taken.
    pub measures: Masked,
}

impl IncidentFields {
    /// The names of the fields, in the order of the regulation.
    pub const NAMES: [&'static str; 8] =
        ["information", "circumstances", "happened", "known", "persons", "risk", "notices", "measures"];

    /// A field by its name; nothing under another name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Masked> {
        Some(match name {
            "information" => &self.information,
            "circumstances" => &self.circumstances,
            "happened" => &self.happened,
            "known" => &self.known,
            "persons" => &self.persons,
            "risk" => &self.risk,
            "notices" => &self.notices,
            "measures" => &self.measures,
            _ => return None,
        })
    }

    /// The same, to be changed.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut Masked> {
        Some(match name {
            "information" => &mut self.information,
            "circumstances" => &mut self.circumstances,
            "happened" => &mut self.happened,
            "known" => &mut self.known,
            "persons" => &mut self.persons,
            "risk" => &mut self.risk,
            "notices" => &mut self.notices,
            "measures" => &mut self.measures,
            _ => return None,
        })
    }
}

/// An incident of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its number, from 1.
    pub number: u64,
    /// The case it came from, when it came from one.
    pub case: Option<CaseId>,
    /// Who opened it.
    pub opened_by: String,
    /// When.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The fields; `None` without the private key.
    pub fields: Option<IncidentFields>,
}

/// A notice to the sender of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeSent {
    /// Which notice.
    pub kind: String,
    /// `pending`, `joined` (told in another), `sent` or `failed`.
    pub state: String,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When the MTA took it, or it was given up.
    pub sent_at: Option<Timestamp>,
}

/// The side of trail and register.
#[async_trait]
pub trait Register: Send + Sync + 'static {
    /// Walks the audit trail and its checkpoints.
    async fn verify_audit(&self) -> Result<Trail, StoreError>;
    /// Walks what came since an earlier walk found the trail whole, and looks at where that ended; all of it when it did not.
    async fn verify_audit_since(&self, earlier: &Trail) -> Result<Trail, StoreError>;
    /// Entries of a case, or of all when `None`, after a number, oldest first, 1,000 at most.
    async fn audit_entries(&self, case: Option<&CaseId>, after: u64) -> Result<Vec<AuditEntry>, StoreError>;
    /// The newest entries that fit, each with its number, as people read them.
    async fn trail(&self, filter: &TrailFilter) -> Result<Vec<(u64, Past)>, StoreError>;
    /// Signs how far the trail went; `None` when nothing came since the last time.
    async fn sign_checkpoint(&self, now: Timestamp) -> Result<Option<Checkpoint>, StoreError>;
    /// The latest checkpoint at or after an entry's number, else the latest of all.
    async fn checkpoint_for(&self, seq: u64) -> Result<Option<Checkpoint>, StoreError>;
    /// Signs the manifest of an evidence pack with the key of the checkpoints.
    async fn attest(
        &self,
        case: &CaseId,
        manifest: &[u8; 32],
        now: Timestamp,
    ) -> Result<Attestation, StoreError>;
    /// Every key that signed checkpoints, the first one first.
    async fn signers(&self) -> Result<Vec<Signer>, StoreError>;
    /// Notices to the sender of a case, oldest first.
    async fn notices_of(&self, case: &CaseId) -> Result<Vec<NoticeSent>, StoreError>;
    /// Writes an act that changes nothing kept (an export, an evidence pack, the sign-off of an access review) to the trail.
    async fn write_down(
        &self,
        what: &'static str,
        case: Option<&CaseId>,
        actor: &Actor,
        text: Option<&Masked>,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Opens an incident; gives its number. Refused to who may not.
    async fn open_incident(
        &self,
        case: Option<&CaseId>,
        fields: &IncidentFields,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<u64, StoreError>;
    /// Replaces the fields of an incident, and closes it or opens it again. Refused to who may not; [`StoreError::Conflict`] when it is no
    /// more as it was seen.
    async fn change_incident(
        &self,
        seen: &Incident,
        fields: &IncidentFields,
        closed: bool,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// The register, newest first.
    async fn incidents(&self) -> Result<Vec<Incident>, StoreError>;
    /// What each person did in a period, by act, for the monthly access review: (login, act, how often).
    async fn acts_of(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(String, String, u64)>, StoreError>;
}
