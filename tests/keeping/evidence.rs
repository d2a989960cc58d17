//! The evidence pack of a case: whole, checkable without the program, and without a word that only the message holds.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER as HEX;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use vaguemestre::model::Masked;
use vaguemestre::ports::IncidentFields;
use vaguemestre::review::{Actor, Role};
use vaguemestre::service::evidence::evidence;

use super::life::House;
use super::mta::Fault;

/// Files of an archive without compression, as its local headers tell them.
fn unpack(mut archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let number = |at: usize, bytes: &[u8]| usize::from(bytes[at]) | usize::from(bytes[at + 1]) << 8;
    let mut files = BTreeMap::new();
    while archive.starts_with(b"PK\x03\x04") {
        let size = number(18, archive) | number(20, archive) << 16;
        let name = number(26, archive);
        let bytes = archive[30 + name..30 + name + size].to_vec();
        files.insert(String::from_utf8(archive[30..30 + name].to_vec()).unwrap(), bytes);
        archive = &archive[30 + name + size..];
    }
    files
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pack_is_checked_by_its_manifest_and_its_chain() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::build(folder.path(), Fault::None, 0).await;
    let case = house.hold().await;
    house.release(&case).await;
    house.to_the_end(&case).await;
    let store = house.store.as_ref();
    let fields =
        IncidentFields { circumstances: Masked::new("mauvais destinataire"), ..IncidentFields::default() };
    let compliance = Actor::person("c.conformite", Role::Compliance);
    store.open_incident(Some(&case), &fields, &compliance, Timestamp::now()).await.unwrap();
    store.sign_checkpoint(Timestamp::now()).await.unwrap().unwrap();
    let files = unpack(&evidence(store, &case, None, None).await.unwrap());
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    let manifest = text("MANIFESTE.txt");
    assert_eq!(manifest.lines().count() + 2, files.len(), "all but the manifest and its signature");
    let signed: serde_json::Value = serde_json::from_str(&text("MANIFESTE.signature.json")).unwrap();
    let hex = |name: &str| HEX.decode(signed[name].as_str().unwrap().as_bytes()).unwrap();
    let key = ed25519_dalek::VerifyingKey::from_bytes(&hex("key").try_into().unwrap()).unwrap();
    let signature = ed25519_dalek::Signature::from_slice(&hex("signature")).unwrap();
    let words = signed["words"].as_str().unwrap();
    key.verify_strict(words.as_bytes(), &signature).unwrap();
    assert!(
        words.contains(&format!("{case} {} ", HEX.encode(&Sha256::digest(&files["MANIFESTE.txt"])))),
        "{words}"
    );
    let forged = words.replace(&case.to_string(), "0000-0000");
    assert!(key.verify_strict(forged.as_bytes(), &signature).is_err());
    let known = std::fs::read_to_string(folder.path().join("state/keys/audit.pub")).unwrap();
    assert!(known.contains(signed["key"].as_str().unwrap()), "the key is the one of the checkpoints");
    for line in manifest.lines() {
        let (digest, name) = line.split_once("  ").unwrap();
        assert_eq!(digest, HEX.encode(&Sha256::digest(&files[name])), "{name}");
    }
    for line in text("audit.jsonl").lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let word = |name: &str| entry[name].as_str().unwrap().to_owned();
        let previous = HEX.decode(word("previous").as_bytes()).unwrap();
        let hash = Sha256::digest([previous.as_slice(), word("entry").as_bytes()].concat());
        assert_eq!(word("hash"), HEX.encode(&hash));
    }
    assert!(text("point-de-controle.json").contains("signature"));
    assert_eq!(text("avis.csv").lines().count(), 3, "held, released");
    let register = text("registre-art-15.txt");
    assert!(
        register.contains("8° ")
            && register.contains("mauvais destinataire")
            && register.contains("à compléter")
    );
    assert!(text("avis-art-11.txt").contains("10° ") && text("journal-mta.txt").contains("Absent"));
    assert!(text("cas.json").contains("\"rules_in_force\": \"0123456789abcdef\""));
    let sheet = text("ah-223.txt");
    assert!(
        sheet.contains(&case.to_string()) && sheet.contains("transmis le ") && !sheet.contains("UTC"),
        "{sheet}"
    );
    let acts = text("chronologie.csv");
    assert!(acts.contains("transmission décidée") && acts.contains("faux positif"), "{acts}");
    assert!(text("avis.csv").contains("courriel retenu") && !text("avis.csv").contains("pending"));
    for (name, bytes) in &files {
        let leaked = bytes.windows(4).any(|four| four == b"z.q@" || four == b"b@x.");
        assert!(!leaked, "{name} names a sender or a recipient");
    }
    let whole = unpack(&evidence(store, &case, None, Some(super::life::MESSAGE.to_vec())).await.unwrap());
    assert_eq!(whole["message.eml"], super::life::MESSAGE);
}
