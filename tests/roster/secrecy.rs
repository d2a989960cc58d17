//! What an index gives away without its key.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use vaguemestre::roster::{Index, IndexError, Roster, Secret, Secrets};

use super::{bytes, secret};

/// Every surname with every given name: the attacker's dictionary holds each patient.
const SURNAMES: [&str; 16] = [
    "Abel",
    "Bardier",
    "Caty",
    "Dorion",
    "Emond",
    "Fiset",
    "Gamelin",
    "Huot",
    "Isabel",
    "Jalbert",
    "Kirouac",
    "Lord",
    "Malenfant",
    "Nantel",
    "Olivier",
    "Piette",
];
const GIVEN: [&str; 8] = ["Adele", "Benoit", "Colette", "Didier", "Elise", "Fabien", "Germaine", "Hubert"];

fn export() -> String {
    let rows = SURNAMES.iter().enumerate().map(|(at, surname)| {
        let given = GIVEN[at % GIVEN.len()];
        format!(
            "{at},{surname},{given},19{:02}-06-15,{}{}{:02}061511\n",
            30 + at,
            &surname.to_uppercase()[..3],
            &given[..1],
            30 + at
        )
    });
    format!("dossier,nom,prenom,date_naissance,nam\n{}", rows.collect::<String>())
}

/// "Without a secret key any hash is reversible by enumeration": under wrong keys, who is in the index answers no more often
/// than who is not.
#[test]
fn guessing_without_the_key_hits_at_chance() {
    let plain = bytes(Roster::Patients, &export(), &secret(), [3; 32]);
    let mut random = SmallRng::seed_from_u64(20_261_128);
    let (mut members, mut others, mut asked) = (0, 0, 0);
    for _ in 0..200 {
        // The attacker puts a check value of their own into the header, so that the index opens under their key.
        let theirs = Secret::new(random.random());
        let forged = forge(&plain, &theirs);
        let index = Index::open(forged, &Secrets::from([theirs])).unwrap();
        for (at, surname) in SURNAMES.iter().enumerate() {
            for (given, name) in GIVEN.iter().enumerate() {
                let (one, other) = (index.part(&surname.to_lowercase()), index.part(&name.to_lowercase()));
                let hit = usize::from(index.pair(one, other).is_some());
                if given == at % GIVEN.len() {
                    members += hit;
                } else {
                    others += hit;
                }
                asked += 1;
            }
        }
    }
    assert_eq!(asked, 25_600);
    assert!(members + others <= 1, "{members} of members, {others} of others in {asked} guesses");
}

/// The header with the check value of another secret, and the checksum that goes with it.
fn forge(plain: &[u8], secret: &Secret) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let empty = bytes(Roster::Patients, "nom,prenom\nA,Bc\n", secret, [3; 32]);
    let mut forged = plain.to_vec();
    forged[80..96].copy_from_slice(&empty[80..96]);
    let body = forged.len() - 32;
    let sum = Sha256::digest(&forged[..body]);
    forged[body..].copy_from_slice(&sum);
    forged
}

#[test]
fn an_index_opens_under_its_own_key_only_and_every_build_has_another() {
    let (one, other) = (
        bytes(Roster::Patients, &export(), &secret(), [1; 32]),
        bytes(Roster::Patients, &export(), &secret(), [2; 32]),
    );
    let wrong = Index::open(one.clone(), &Secrets::from([Secret::new([1; 32])]));
    assert_eq!(wrong.unwrap_err(), IndexError::Key);
    let both = Secrets::from([Secret::new([1; 32]), secret()]);
    assert!(Index::open(one.clone(), &both).is_ok(), "while a secret is replaced, both open");
    // Entries of the two builds have nothing in common, though secret and patients are the same.
    let entries = |bytes: &[u8]| {
        bytes[bytes.len() - 32 - 6 * 16..bytes.len() - 32].chunks(6).map(<[u8]>::to_vec).collect::<Vec<_>>()
    };
    let shared = entries(&one).iter().filter(|entry| entries(&other).contains(entry)).count();
    assert_eq!(shared, 0);
}

#[test]
fn no_clear_value_stands_in_an_index() {
    let bytes = bytes(Roster::Patients, &export(), &secret(), [3; 32]);
    let lower = bytes.to_ascii_lowercase();
    for name in SURNAMES.iter().chain(&GIVEN) {
        let name = name.to_ascii_lowercase();
        assert!(!lower.windows(name.len()).any(|window| window == name.as_bytes()), "{name}");
    }
}

/// "A staff directory where patients are expected" is refused.
#[test]
fn an_index_says_whose_names_it_holds() {
    let staff = bytes(Roster::Staff, "nom,prenom,courriel\nRoy,Ada,a@x.example\n", &secret(), [3; 32]);
    let opened = Index::open(staff, &Secrets::from([secret()])).unwrap();
    let refused = opened.expect(Roster::Patients).unwrap_err();
    assert_eq!(refused.to_string(), "the index holds staff, where one of patients is expected");
}
