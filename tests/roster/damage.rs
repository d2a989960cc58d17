//! Indexes and exports that are not what they should be.

use sha2::{Digest, Sha256};
use vaguemestre::roster::{Index, IndexError, Roster, Secrets, fuzz_index};

use super::{bytes, secret};
use crate::support::mutate::mutate;

const EXPORT: &str =
    "dossier,nom,prenom,date_naissance,nam\n1,Roy,Marie,1954-08-03,ROYM54580312\n2,Abel,Jean,1960-01-02,\n";

fn whole() -> Vec<u8> {
    bytes(Roster::Patients, EXPORT, &secret(), [3; 32])
}

fn open(bytes: Vec<u8>) -> Result<Index, IndexError> {
    Index::open(bytes, &Secrets::from([secret()]))
}

#[test]
fn an_index_cut_anywhere_is_told_and_not_used() {
    let whole = whole();
    assert!(open(whole.clone()).is_ok());
    for length in 0..whole.len() {
        assert!(open(whole[..length].to_vec()).is_err(), "cut at {length}");
    }
    assert!(open([whole, vec![0]].concat()).is_err());
}

#[test]
fn an_index_with_one_bit_altered_is_told_and_not_used() {
    let whole = whole();
    for at in 0..whole.len() {
        let mut altered = whole.clone();
        altered[at] ^= 1 << (at % 8);
        assert!(open(altered).is_err(), "altered at {at}");
    }
}

#[test]
fn what_is_wrong_with_an_index_is_said() {
    assert_eq!(open(b"dossier,nom,prenom".to_vec()).unwrap_err(), IndexError::Foreign);
    let mut other = whole();
    other[8] = 9;
    assert_eq!(open(other).unwrap_err(), IndexError::Version(9));
    let mut altered = whole();
    altered[200] ^= 1;
    let told = open(altered).unwrap_err().to_string();
    assert_eq!(
        told,
        "the index is damaged (its checksum is wrong); build it again, or put the copy before it back"
    );
}

/// Damage that carries its own right checksum: nothing is read out of bounds, nothing panics.
#[test]
fn a_forged_index_never_panics() {
    let target = |bytes: &[u8]| {
        let mut forged = bytes.to_vec();
        if forged.len() > 32 {
            let body = forged.len() - 32;
            let sum = Sha256::digest(&forged[..body]);
            forged[body..].copy_from_slice(&sum);
        }
        if let Ok(index) = open(forged) {
            let (one, other) = (index.part("roy"), index.part("marie"));
            let _ = (index.pair(one, other), index.number("ROYM54580312"), index.dossier("1"));
        }
        fuzz_index(bytes);
    };
    mutate(
        &[whole(), EXPORT.as_bytes().to_vec()],
        &[b"VMROSTER", b"\xFF\xFF\xFF\xFF", b"\"", b";"],
        4_000,
        target,
    );
}
