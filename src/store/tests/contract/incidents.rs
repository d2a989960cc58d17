//! The register of incidents, checkpoints, and what the access review reads.

use super::fixture::{archivist, hold, later, noon, open, record, take_step};
use crate::model::{Disposition, Masked};
use crate::ports::{Incident, IncidentFields, Register, StoreError, Trail};
use crate::review::{Action, Actor, Role};

#[tokio::test]
async fn an_incident_is_opened_changed_closed_and_sealed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let mut fields =
        IncidentFields { information: Masked::new("NAM de Barnabe Trifluvien"), ..IncidentFields::default() };
    let number = store.open_incident(Some(&case), &fields, &archivist(), noon()).await.unwrap();
    assert_eq!(store.open_incident(None, &fields, &archivist(), noon()).await.unwrap(), number + 1);
    fields.measures = Masked::new("rappel du destinataire");
    let compliance = Actor::person("c", Role::Compliance);
    let seen = store.incidents().await.unwrap().remove(1);
    store.change_incident(&seen, &fields, true, &compliance, later(9)).await.unwrap();
    let late = store.change_incident(&seen, &IncidentFields::default(), false, &compliance, later(9)).await;
    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");
    let register = store.incidents().await.unwrap();
    assert_eq!(register.iter().map(|it| it.number).collect::<Vec<_>>(), [number + 1, number]);
    assert_eq!((register[1].case.as_ref(), register[1].closed_at), (Some(&case), Some(later(9))));
    assert_eq!(register[1].fields, Some(fields.clone()));
    let closed = register[1].clone();
    fields.measures = Masked::new("rappel du destinataire, confirmé");
    store.change_incident(&closed, &fields, true, &compliance, later(20)).await.unwrap();
    let saved = store.incidents().await.unwrap().remove(1);
    assert_eq!((saved.closed_at, saved.fields), (Some(later(9)), Some(fields.clone())), "closed on its day");
    let done: Vec<String> =
        store.audit_entries(None, 0).await.unwrap().into_iter().map(|it| it.entry).collect();
    let told = |what: &str| done.iter().filter(|it| it.contains(&format!("\"what\":\"{what}\""))).count();
    assert_eq!((told("close-incident"), told("change-incident")), (1, 1));
    let auditor = Actor::person("v", Role::Auditor);
    assert!(matches!(
        store.open_incident(None, &fields, &auditor, noon()).await,
        Err(StoreError::Refused(_))
    ));
    let unknown = Incident { number: 99, ..seen };
    assert!(matches!(
        store.change_incident(&unknown, &fields, true, &compliance, noon()).await,
        Err(StoreError::Refused(_))
    ));
}

#[tokio::test]
async fn a_signed_checkpoint_shows_a_trail_that_was_written_anew() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    assert_eq!(store.sign_checkpoint(noon()).await.unwrap(), None, "nothing to sign");
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let signed = store.sign_checkpoint(noon()).await.unwrap().unwrap();
    assert_eq!(store.sign_checkpoint(later(1)).await.unwrap(), None, "signed already");
    take_step(&store, &case, Action::Note, &archivist(), later(1)).await.unwrap();
    assert_eq!(store.checkpoint_for(1).await.unwrap(), Some(signed.clone()));
    assert_eq!(store.checkpoint_for(2).await.unwrap(), Some(signed));
    let Trail::Whole { entries: 2, checkpoints: 1, .. } = store.verify_audit().await.unwrap() else {
        panic!()
    };
    // Whoever owns the database can write a chain that fits in itself; the signature they cannot give.
    let entries = store.audit_entries(None, 0).await.unwrap();
    for guard in super::super::UNGUARD.split(';') {
        sqlx::raw_sql(guard).execute(store.db.writer()).await.unwrap();
    }
    let (mut previous, mut last) = (vec![0_u8; 32], 0_i64);
    for entry in entries {
        let forged = entry.entry.replace("\"size\":", "\"sizes\":");
        let hash = <sha2::Sha256 as sha2::Digest>::digest([previous.as_slice(), forged.as_bytes()].concat())
            .to_vec();
        last = i64::try_from(entry.seq).unwrap();
        sqlx::query("UPDATE audit SET entry = $1, previous = $2, hash = $3 WHERE seq = $4")
            .bind(forged)
            .bind(previous)
            .bind(hash.clone())
            .bind(last)
            .execute(store.db.writer())
            .await
            .unwrap();
        previous = hash;
    }
    sqlx::query("UPDATE audit_head SET seq = $1, hash = $2")
        .bind(last)
        .bind(previous)
        .execute(store.db.writer())
        .await
        .unwrap();
    let Trail::Broken { entry: 1, because } = store.verify_audit().await.unwrap() else { panic!() };
    assert!(because.contains("checkpoint"), "{because}");
}

#[tokio::test]
async fn the_access_review_reads_who_did_what_how_often() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    for seed in 1..=3 {
        let case = hold(&store, &record(seed, Disposition::Held)).await.unwrap().case;
        take_step(&store, &case, Action::Return, &archivist(), later(10)).await.unwrap();
    }
    store
        .write_down("access-review", None, &Actor::person("c", Role::Compliance), None, later(20))
        .await
        .unwrap();
    let acts = store.acts_of(noon(), later(15)).await.unwrap();
    let told: Vec<(&str, &str, u64)> =
        acts.iter().map(|(who, what, often)| (who.as_str(), what.as_str(), *often)).collect();
    assert_eq!(told, [("m.archiviste", "return", 3), ("service", "held", 3)]);
    assert_eq!(
        store.acts_of(later(15), later(30)).await.unwrap(),
        [("c".to_owned(), "access-review".to_owned(), 1)]
    );
}
