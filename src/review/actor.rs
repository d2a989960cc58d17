//! Who acts on a case.

use crate::model::Address;

/// What a person is to the review. Rights follow the roles of an establishment: whoever runs the mail
/// system never decides on a message, and whoever verifies decides nothing. See [`super::Right`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Decides: release, return, delete.
    Archivist,
    /// A manager: gives the second approval.
    Approver,
    /// Sets rules and keys; sees counts only.
    Admin,
    /// Answers for security and compliance: legal holds, incidents, the trail.
    Compliance,
    /// Reads everything masked; changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Archivist, Self::Approver, Self::Admin, Self::Compliance, Self::Auditor];

    /// Whether digests or alerts go to who holds it.
    #[must_use]
    pub fn is_written_to(self) -> bool {
        matches!(self, Self::Archivist | Self::Approver | Self::Compliance)
    }

    /// The name in the database and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Archivist => "archivist",
            Self::Approver => "approver",
            Self::Admin => "admin",
            Self::Compliance => "compliance",
            Self::Auditor => "auditor",
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Names that say what is shared, not who it is.
const SHARED: &[&str] = &[
    "admin",
    "administrateur",
    "archives",
    "archiviste",
    "archivistes",
    "accueil",
    "bureau",
    "commun",
    "equipe",
    "generic",
    "generique",
    "info",
    "postmaster",
    "reception",
    "root",
    "secretariat",
    "service",
    "shared",
    "soutien",
    "support",
    "test",
];

/// Whether a login names a function, not a person: MSSS-ORI09 keeps generic accounts out of such work.
#[must_use]
pub fn is_shared(login: &str) -> bool {
    let name = login.split('@').next().unwrap_or_default().to_ascii_lowercase();
    name.split(['.', '-', '_']).any(|word| SHARED.contains(&word))
}

/// Who acts: a person under their own name, the sender of the message, or the service itself.
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
        /// Departments (domains of senders) whose cases they work on; empty is all.
        departments: Vec<String>,
    },
    /// Who sent the message, known by a token or signed in.
    Sender {
        /// The address that the token is bound to.
        address: Address,
    },
    /// A timer, the release worker or the reconciler.
    Service,
}

impl Actor {
    /// A person who works on the cases of every department.
    #[must_use]
    pub fn person(login: impl Into<String>, role: Role) -> Self {
        Self::Person { login: login.into(), role, address: None, departments: Vec::new() }
    }

    /// The name written in the audit trail.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person { login, .. } => login,
            Self::Sender { .. } => "sender",
            Self::Service => "service",
        }
    }
}
