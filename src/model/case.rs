//! Cases: what is kept of a message that was held, refused or warned about.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A case number that people read aloud: 8 characters of Crockford base 32 (no I, L, O, U), random,
/// shown as `7K3M-Q2P9`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(String);

/// Why a text is not a case number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a case number has 8 letters and digits, as in 7K3M-Q2P9 (never I, L, O or U)")]
pub struct CaseIdError;

/// Crockford's alphabet: digits, and letters but I, L, O and U (<https://pypi.org/project/base32-crockford>).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl CaseId {
    /// Makes a case number of 40 random bits; higher bits are ignored.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        let digit = |index: u32| {
            let position = usize::try_from((bits >> (5 * index)) & 31).unwrap_or(0);
            ALPHABET.get(position).copied().map_or('0', char::from)
        };
        Self((0..8).rev().map(digit).collect())
    }

    /// Reads a number as people write it: any case, hyphens and spaces anywhere, `O` for 0, `I` and `L` for 1.
    ///
    /// # Errors
    /// [`CaseIdError`] when 8 characters of the alphabet do not remain.
    pub fn parse(text: &str) -> Result<Self, CaseIdError> {
        let plain = text.chars().filter(|c| !matches!(c, '-' | ' '));
        let id: String = plain
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let known = id.bytes().all(|byte| ALPHABET.contains(&byte));
        (id.len() == 8 && known).then_some(Self(id)).ok_or(CaseIdError)
    }

    /// The 8 characters without a hyphen, as stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for CaseId {
    type Err = CaseIdError;

    fn from_str(text: &str) -> Result<Self, CaseIdError> {
        Self::parse(text)
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left, right) = self.0.split_at_checked(4).unwrap_or((&self.0, ""));
        write!(f, "{left}-{right}")
    }
}

/// Digest that tells a retried message from a new one: SHA-256 over sender, sorted recipients, and all of the message that is the
/// same at each try. A match within 24 hours, or an hour when the client sent no Message-ID, is the same case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseKey(pub [u8; 32]);

/// Where a case stands in its life. Names are those of the database, the command line and the JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseState {
    /// The message was refused; no copy is kept.
    Refused,
    /// The message was delivered with a warning; no copy is kept.
    Warned,
    /// Sealed copy kept, nobody decided yet.
    Held,
    /// Held, and the sender gave a reason or claimed a false alarm.
    Justified,
    /// One reviewer has it in hand, for as long as the lease.
    Taken,
    /// A release was proposed; a second person decides.
    ToApprove,
    /// Release decided, re-injection running.
    Releasing,
    /// The MTA's answer to a re-injection is not known yet.
    Uncertain,
    /// Released; the queue id is known.
    Released,
    /// Given back to the sender.
    Returned,
    /// Destroyed by decision.
    Deleted,
    /// Ended, and the copy is gone; what became of the message stays in the case's outcome.
    Purged,
}

impl CaseState {
    /// Every state.
    pub const ALL: [Self; 12] = [
        Self::Refused,
        Self::Warned,
        Self::Held,
        Self::Justified,
        Self::Taken,
        Self::ToApprove,
        Self::Releasing,
        Self::Uncertain,
        Self::Released,
        Self::Returned,
        Self::Deleted,
        Self::Purged,
    ];

    /// States in which a person decides.
    pub const WAITING: [Self; 4] = [Self::Held, Self::Justified, Self::Taken, Self::ToApprove];

    /// States that ask for a person: those in which one decides, and that in which only one can tell whether a release left.
    pub const ASKING: [Self; 5] =
        [Self::Held, Self::Justified, Self::Taken, Self::ToApprove, Self::Uncertain];

    /// States that are not the end: a person or the service has something to do.
    pub const OPEN: [Self; 6] =
        [Self::Held, Self::Justified, Self::Taken, Self::ToApprove, Self::Releasing, Self::Uncertain];

    /// The name used everywhere but on people's pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Warned => "warned",
            Self::Held => "held",
            Self::Justified => "justified",
            Self::Taken => "taken",
            Self::ToApprove => "to-approve",
            Self::Releasing => "releasing",
            Self::Uncertain => "uncertain",
            Self::Released => "released",
            Self::Returned => "returned",
            Self::Deleted => "deleted",
            Self::Purged => "purged",
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether a person decides.
    #[must_use]
    pub fn waits(self) -> bool {
        Self::WAITING.contains(&self)
    }

    /// Whether it is an end that a message kept until then comes to.
    #[must_use]
    pub fn ends(self) -> bool {
        matches!(self, Self::Released | Self::Returned | Self::Deleted)
    }
}

#[cfg(test)]
mod tests {
    use super::{CaseId, CaseIdError};

    #[test]
    fn a_case_number_survives_being_read_aloud() {
        let id = CaseId::from_bits(0x00FF_1234_5678);
        assert_eq!(CaseId::parse(&id.to_string().to_lowercase()), Ok(id));
        assert_eq!(CaseId::parse("7k3m q2po"), CaseId::parse("7K3M-Q2P0"));
        assert_eq!(CaseId::parse("7K3M-Q2P"), Err(CaseIdError));
        assert_eq!(CaseId::parse("7K3M-Q2PU"), Err(CaseIdError));
    }
}
