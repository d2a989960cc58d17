//! The audit trail: append-only, and every tampering shows.

use sqlx::{AnyPool, AssertSqlSafe};

use super::fixture::{archivist, hold, later, open, record, take_step};
use crate::model::Disposition;
use crate::ports::{Desk, IncidentFields, Register, Store, Trail};
use crate::review::Action;

const CASES: u64 = 20;

async fn fill(store: &dyn Store) {
    for seed in 1..=CASES {
        let case = hold(store, &record(seed, Disposition::Held)).await.unwrap().case;
        take_step(store, &case, Action::Note, &archivist(), later(1)).await.unwrap();
        take_step(store, &case, Action::Return, &archivist(), later(2)).await.unwrap();
    }
}

async fn run(pool: &AnyPool, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(super::super::spelled(&sql))).execute(pool).await.map(|_| ())
}

#[tokio::test]
async fn a_trail_left_alone_is_whole_and_tells_who_did_what() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    fill(&store).await;
    let Trail::Whole { entries, head, .. } = store.verify_audit().await.unwrap() else { panic!() };
    assert_eq!((entries, head.len()), (CASES * 3, 64));
    let past = store.history(&record(3, Disposition::Held).proposed).await.unwrap();
    let told: Vec<(&str, &str)> = past.iter().map(|past| (past.actor.as_str(), past.what.as_str())).collect();
    assert_eq!(told, [("service", "held"), ("m.archiviste", "note"), ("m.archiviste", "return")]);
    assert_eq!(past[1].text.as_ref().unwrap().reveal(), "Barnabe Trifluvien a consenti");
}

#[tokio::test]
async fn the_engine_refuses_to_change_or_remove_an_entry() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    fill(&store).await;
    for sql in ["UPDATE audit SET entry = '{}' WHERE seq = 3", "DELETE FROM audit WHERE seq = 3"] {
        let refused = run(store.db.writer(), sql.to_owned()).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
}

/// "any single changed, removed or reordered entry" is found.
#[tokio::test]
async fn any_tampering_shows() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    fill(&store).await;
    let pool = store.db.writer();
    run(pool, super::super::UNGUARD.to_owned()).await.unwrap();
    run(
        pool,
        "CREATE TABLE copy AS SELECT * FROM audit; CREATE TABLE copy_head AS SELECT * FROM audit_head"
            .to_owned(),
    )
    .await
    .unwrap();
    let restore = "DELETE FROM audit; INSERT INTO audit (seq, case_id, entry, previous, hash) SELECT seq, case_id, entry, previous, hash FROM copy; \
                   UPDATE audit_head SET seq = (SELECT seq FROM copy_head), hash = (SELECT hash FROM copy_head)";
    let last = CASES * 3;
    let mut tampers = Vec::new();
    for seq in [1, 2, last / 2, last] {
        tampers.extend([
            format!(
                "UPDATE audit SET entry = replace(entry, 'archiviste', 'directeur') || ' ' WHERE seq = {seq}"
            ),
            format!("UPDATE audit SET case_id = 'AAAAAAAA' WHERE seq = {seq}"),
            format!("UPDATE audit SET hash = zeroblob(32) WHERE seq = {seq}"),
            format!("UPDATE audit SET previous = randomblob(32) WHERE seq = {seq}"),
            format!("DELETE FROM audit WHERE seq = {seq}"),
            format!("DELETE FROM audit WHERE seq >= {seq}"),
            format!("UPDATE audit SET seq = 9999 WHERE seq = {seq}"),
        ]);
    }
    tampers.extend([
        "UPDATE audit SET seq = -1 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = -1"
            .to_owned(),
        "INSERT INTO audit (seq, case_id, entry, previous, hash) SELECT seq + 60, case_id, entry, previous, hash FROM copy WHERE seq = 1".to_owned(),
        "DELETE FROM audit".to_owned(),
    ]);
    for tamper in tampers {
        run(pool, tamper.clone()).await.unwrap();
        let trail = store.verify_audit().await.unwrap();
        assert!(matches!(trail, Trail::Broken { .. }), "{tamper}: {trail:?}");
        run(pool, restore.to_owned()).await.unwrap();
        assert!(matches!(store.verify_audit().await.unwrap(), Trail::Whole { .. }), "{tamper}");
    }
}

/// Whoever cuts the trail and writes its head anew leaves cases and incidents that nothing tells of.
#[tokio::test]
async fn a_trail_that_was_cut_or_emptied_as_a_whole_shows_by_what_it_told_of() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let fields = IncidentFields::default();
    fill(&store).await;
    store.open_incident(None, &fields, &archivist(), later(3)).await.unwrap();
    assert!(matches!(store.verify_audit().await.unwrap(), Trail::Whole { .. }));
    let pool = store.db.writer();
    run(pool, super::super::UNGUARD.to_owned()).await.unwrap();
    let end = CASES * 3;
    for (kept, expected) in [
        (end, "an incident of the register has no entry"),
        (end - 3, "a case has no entry"),
        (0, "a case has no entry"),
    ] {
        let head = match kept {
            0 => "UPDATE audit_head SET seq = 0, hash = zeroblob(32)".to_owned(),
            _ => format!(
                "UPDATE audit_head SET seq = {kept}, hash = (SELECT hash FROM audit WHERE seq = {kept})"
            ),
        };
        run(pool, format!("DELETE FROM audit WHERE seq > {kept}; {head}")).await.unwrap();
        let trail = store.verify_audit().await.unwrap();
        let broken = Trail::Broken { entry: kept + 1, because: expected };
        assert_eq!(trail, broken);
    }
}

/// A walk that goes on from an earlier one finds what was done since, and what was done to where that one ended.
#[tokio::test]
async fn a_walk_goes_on_where_an_earlier_one_ended() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    fill(&store).await;
    store.sign_checkpoint(later(3)).await.unwrap();
    let earlier = store.verify_audit().await.unwrap();
    assert!(matches!(earlier, Trail::Whole { checkpoints: 1, .. }), "{earlier:?}");
    assert_eq!(store.verify_audit_since(&earlier).await.unwrap(), earlier);
    let case = record(CASES, Disposition::Held).proposed;
    for minute in 4..6 {
        store.write_down("evidence", Some(&case), &archivist(), None, later(minute)).await.unwrap();
    }
    store.sign_checkpoint(later(7)).await.unwrap();
    let whole = store.verify_audit().await.unwrap();
    assert!(matches!(whole, Trail::Whole { checkpoints: 2, .. }), "{whole:?}");
    assert_eq!(store.verify_audit_since(&earlier).await.unwrap(), whole);
    let broken = Trail::Broken { entry: 1, because: "" };
    assert_eq!(store.verify_audit_since(&broken).await.unwrap(), whole, "after a fault all is walked");

    let pool = store.db.writer();
    run(pool, super::super::UNGUARD.to_owned()).await.unwrap();
    let end = CASES * 3;
    for (tamper, entry) in [
        (format!("UPDATE audit SET hash = zeroblob(32) WHERE seq = {}", end + 2), end + 2),
        (format!("UPDATE audit SET entry = entry || ' ' WHERE seq = {}", end + 1), end + 1),
        (format!("UPDATE audit SET hash = zeroblob(32) WHERE seq = {end}"), end),
        (format!("DELETE FROM audit WHERE seq >= {end}"), end),
    ] {
        run(pool, tamper.clone()).await.unwrap();
        let trail = store.verify_audit_since(&earlier).await.unwrap();
        assert!(matches!(trail, Trail::Broken { entry: at, .. } if at == entry), "{tamper}: {trail:?}");
    }
}
