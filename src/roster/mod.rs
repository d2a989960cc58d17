//! Floor 1: who the patients are, without a name at rest.
//!
//! In: rows of an export and a key, or the bytes of an index and its key. Out: an index, or answers to "is this name,
//! this number, this name with this date that of someone, of whom, and how many bear it?"
//! It refuses to know files, clocks and chance: times, salts and bytes are given.
//!
//! An index holds keyed hashes only. Names, dates and health-insurance numbers are few: whoever has the key finds them all
//! by trying, whoever has the index alone learns how many there are. So the key lives elsewhere, see `SECURITY.md`.

mod build;
mod export;
mod fold;
mod format;
mod index;
mod person;
mod secret;

use std::fmt;

pub use build::Builder;
pub use export::{Export, ExportError, Fault, LONGEST_ROW, Row};
pub use fold::{NAME_PARTICLES, Spelling, is_saint};
pub use index::{Hit, Index, Part, Rarity};
pub use person::Person;
pub use secret::{KeyError, SALT, Secret, Secrets};

/// Whose names an index holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roster {
    /// Patients: names, birth dates, numbers.
    Patients,
    /// Employees and others on duty: names.
    Staff,
}

impl Roster {
    /// Its name, in the index and in what operators read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Patients => "patients",
            Self::Staff => "staff",
        }
    }
}

/// Why an index is not used. No variant holds a value of a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// It does not start as an index does.
    #[error("this is no roster index; make one with `vaguemestre roster build`")]
    Foreign,
    /// Another version of the program wrote it.
    #[error("the index is of format {0}, this program reads format {FORMAT}; build it again")]
    Version(u32),
    /// It is cut short or altered.
    #[error("the index is damaged ({0}); build it again, or put the copy before it back")]
    Damaged(&'static str),
    /// None of the keys is its own.
    #[error("the key is not this index's; give the key file it was built with, or build it again")]
    Key,
    /// A staff directory where patients are expected, or the reverse.
    #[error("the index holds {found}, where one of {wanted} is expected")]
    Kind {
        /// What it holds.
        found: Roster,
        /// What was asked for.
        wanted: Roster,
    },
}

impl fmt::Display for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Version of the index's layout.
const FORMAT: u32 = 1;

/// Opens any bytes as an index, and asks it. For fuzzing.
pub fn fuzz_index(bytes: &[u8]) {
    let secrets = Secrets::from([Secret::new([7; 32])]);
    if let Ok(index) = Index::open(bytes.to_vec(), &secrets) {
        let (one, other) = (index.part("roy"), index.part("marie"));
        let _ = (index.pair(one, other), index.number("ROYM54080312"), index.dossier("1"));
    }
    let export = Export::default();
    for line in bytes.split(|byte| *byte == b'\n') {
        let _ = export.read(line);
    }
}
