//! Who acts on a case, and what each role may do.

use crate::model::Address;

/// What a person is to the review. Rights follow the roles of an establishment: whoever runs the mail
/// system never decides on a message, and whoever verifies decides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Decides: release, return, delete.
    Archivist,
    /// Sets rules and keys; sees counts only.
    Admin,
    /// Reads the trail; may note.
    Compliance,
    /// Reads everything masked; changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Archivist, Self::Admin, Self::Compliance, Self::Auditor];

    /// Whether this role decides what becomes of a message.
    #[must_use]
    pub fn decides(self) -> bool {
        matches!(self, Self::Archivist)
    }

    /// Whether this role writes notes on a case.
    #[must_use]
    pub fn notes(self) -> bool {
        matches!(self, Self::Archivist | Self::Compliance)
    }
}

/// Who acts: a person under their own name, or the service itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person signed in, or at a terminal.
    Person {
        /// The name written in the audit trail.
        login: String,
        /// What they may do.
        role: Role,
        /// Their own address, when known: nobody decides on a message of theirs.
        address: Option<Address>,
    },
    /// A timer, the release worker or the reconciler.
    Service,
}

impl Actor {
    /// The name written in the audit trail.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person { login, .. } => login,
            Self::Service => "service",
        }
    }
}
