//! What reading a message gave.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Address, Gap, Masked, Place, Segment};

/// How a part hides its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProtectionKind {
    /// S/MIME enveloped data (RFC 8551).
    Smime,
    /// OpenPGP, MIME or inline (RFC 9580, RFC 3156).
    Pgp,
    /// Microsoft Purview Message Encryption.
    Ome,
    /// Microsoft rights management.
    Irm,
    /// A PDF that wants a password.
    Pdf,
    /// An Office document that wants a password.
    Office,
    /// An OpenDocument file that wants a password.
    Odf,
    /// An encrypted zip.
    Zip,
    /// An encrypted 7z.
    #[serde(rename = "7z")]
    SevenZip,
    /// An encrypted rar.
    Rar,
}

impl ProtectionKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Smime,
        Self::Pgp,
        Self::Ome,
        Self::Irm,
        Self::Pdf,
        Self::Office,
        Self::Odf,
        Self::Zip,
        Self::SevenZip,
        Self::Rar,
    ];

    /// The name that configuration, JSON and logs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Smime => "smime",
            Self::Pgp => "pgp",
            Self::Ome => "ome",
            Self::Irm => "irm",
            Self::Pdf => "pdf",
            Self::Office => "office",
            Self::Odf => "odf",
            Self::Zip => "zip",
            Self::SevenZip => "7z",
            Self::Rar => "rar",
        }
    }
}

/// How strong a protection is, as far as its own marks tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Broken in practice: ZipCrypto, RC4 of 40 bits, XOR. Never counts as approved.
    Weak,
    /// Its marks do not tell.
    #[default]
    Unknown,
    /// A cipher that stands, as far as the key does.
    Strong,
}

/// A protection that hides content, outermost first in a [`Reading`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protection {
    /// Which one.
    pub kind: ProtectionKind,
    /// How strong it is.
    #[serde(default)]
    pub strength: Strength,
    /// What it hides.
    pub place: Place,
    /// Whether it hides the whole message body (an attachment beside clear text does not).
    pub whole: bool,
    /// Who can open it, as far as it shows: issuer and serial number of a certificate, id of a key. An issuer may name someone, hence
    /// masked.
    #[serde(default)]
    pub readers: Vec<Masked>,
}

/// Facts read from the header that policy and notices need.
#[derive(Clone, Debug, Default)]
pub struct HeaderFacts {
    /// `Auto-Submitted: auto-forwarded`, `Resent-*` or a mailbox rule's loop mark.
    pub auto_forwarded: bool,
    /// `Auto-Submitted: auto-replied` (RFC 3834).
    pub auto_replied: bool,
    /// Addresses of To and Cc, without repeats.
    pub to_cc: Vec<Address>,
    /// Display names of From, To and Cc.
    pub display_names: Vec<Masked>,
    /// Message-ID, angle brackets included.
    pub message_id: Option<Masked>,
    /// The civil date of the Date field.
    pub date: Option<Date>,
}

/// How a run of segments stands in its file, when they were rearranged for detection: the line of a table, a record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Written {
    /// Index of the first segment of the run.
    pub first: usize,
    /// How many segments the run has.
    pub count: usize,
    /// The text as the file has it.
    pub text: Masked,
}

/// Everything read from one message: text, what could not be read, what was protected.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Text in reading order.
    pub segments: Vec<Segment>,
    /// What was not read.
    pub gaps: Vec<Gap>,
    /// What hid content, outermost first.
    pub protections: Vec<Protection>,
    /// Facts of the header.
    pub facts: HeaderFacts,
    /// Runs of segments as their file has them, in order; filled for a bare file only, which people want to see as it is.
    pub written: Vec<Written>,
}
