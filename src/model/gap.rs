//! What could not be read. Policy receives gaps like findings.

use serde::{Deserialize, Serialize};

use super::Place;

/// Why a part of a message was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// Protected by a key or password we do not hold.
    Encrypted,
    /// A format that is not read.
    Unsupported,
    /// Past the limit of bytes.
    TooLarge,
    /// Nested past the limit of depth, or made of too many parts.
    TooDeep,
    /// Reading it would cost more work than one message may.
    TooCostly,
    /// Not what it claims to be, or damaged.
    Malformed,
    /// The reader itself failed.
    Crashed,
}

impl GapReason {
    /// Every reason, in the order of the contract.
    pub const ALL: [Self; 7] = [
        Self::Encrypted,
        Self::Unsupported,
        Self::TooLarge,
        Self::TooDeep,
        Self::TooCostly,
        Self::Malformed,
        Self::Crashed,
    ];

    /// The name that configuration, JSON and logs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Unsupported => "unsupported",
            Self::TooLarge => "too-large",
            Self::TooDeep => "too-deep",
            Self::TooCostly => "too-costly",
            Self::Malformed => "malformed",
            Self::Crashed => "crashed",
        }
    }
}

/// How much of something was read, in bytes of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Bytes read.
    pub read: u64,
    /// Bytes there are, when that is known without reading them.
    pub of: Option<u64>,
}

/// Something in the message that was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Where it is.
    pub place: Place,
    /// Why it was not read.
    pub reason: GapReason,
    /// How much of it was read, when a limit cut it.
    #[serde(default)]
    pub share: Option<Share>,
}

impl Gap {
    /// Nothing is known of how much was read.
    #[must_use]
    pub fn new(place: Place, reason: GapReason) -> Self {
        Self { place, reason, share: None }
    }
}
