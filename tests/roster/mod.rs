//! The roster: what it knows again and what it must not, what an index gives away, and what becomes of one that is damaged.

mod build;
mod damage;
mod detection;
mod secrecy;

use std::sync::Arc;

use jiff::Timestamp;
use vaguemestre::detect::roster::Rosters;
use vaguemestre::roster::{Builder, Export, Index, Roster, Secret, Secrets};

/// An index of an export, under a key of its own.
pub fn index(roster: Roster, export: &str) -> Index {
    let bytes = bytes(roster, export, &secret(), [9; 32]);
    Index::open(bytes, &Secrets::from([secret()])).unwrap()
}

pub fn secret() -> Secret {
    Secret::new([0x5A; 32])
}

pub fn bytes(roster: Roster, export: &str, secret: &Secret, salt: [u8; 32]) -> Vec<u8> {
    let mut builder = Builder::new(roster, secret, salt, Timestamp::UNIX_EPOCH);
    let mut lines = export.lines();
    let columns = Export::header(lines.next().unwrap().as_bytes()).unwrap();
    for line in lines {
        if let Some(row) = columns.read(line.as_bytes()).unwrap_or_else(|fault| panic!("{line}: {fault}")) {
            builder.push(&row.person);
        }
    }
    builder.finish()
}

pub fn patients(export: &str) -> Rosters {
    Rosters { patients: Some(Arc::new(index(Roster::Patients, export))), staff: None }
}
