//! The contract over PostgreSQL, and what is its own: several machines at once.

#[path = "contract/mod.rs"]
#[expect(clippy::duplicate_mod, reason = "one contract, run over each engine")]
mod contract;
#[path = "../../../tests/support/pg.rs"]
mod pg;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use contract::fixture::{WINDOW, archivist, hold, later, noon, open, record, settings, take_step, try_open};
use sha2::{Digest, Sha256};

use crate::model::Disposition;
use crate::ports::{Desk, Intake, Outbox, Register, Releases, StoreError, Trail};
use crate::review::Action;
use crate::store::{Access, SqlStore};

/// The database of a state folder: one for each.
fn url(state_dir: &Path) -> String {
    let digest = Sha256::digest(state_dir.display().to_string());
    pg::server().database(&format!("t{}", data_encoding::HEXLOWER.encode(&digest[..8])))
}

/// Folders where the database keeps bytes.
async fn folders(store: &SqlStore, state_dir: &Path) -> Vec<PathBuf> {
    sqlx::query("CHECKPOINT").execute(store.db.writer()).await.unwrap();
    let number = "SELECT CAST(oid AS BIGINT) FROM pg_database WHERE datname = current_database()";
    let number: i64 = sqlx::query_scalar(number).fetch_one(store.db.writer()).await.unwrap();
    vec![state_dir.to_owned(), pg::server().data().join(format!("base/{number}"))]
}

/// How many sealed messages there are.
async fn sealed_messages(store: &SqlStore, _state_dir: &Path) -> usize {
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM contents").fetch_one(store.db.read()).await.unwrap();
    usize::try_from(count).unwrap()
}

/// Changes one byte of the only sealed message.
async fn damage(store: &SqlStore, _state_dir: &Path) {
    let change = "UPDATE contents SET sealed = set_byte(sealed, 200, (get_byte(sealed, 200) + 1) % 256)";
    sqlx::query(change).execute(store.db.writer()).await.unwrap();
}

/// A statement as this engine spells it.
fn spelled(sql: &str) -> String {
    sql.replace("zeroblob(32)", "decode(repeat('00', 32), 'hex')")
        .replace("randomblob(32)", "decode(repeat('a7', 32), 'hex')")
}

/// Takes the guard of the audit trail away.
const UNGUARD: &str =
    "DROP TRIGGER audit_is_not_changed ON audit; DROP TRIGGER audit_is_not_emptied ON audit";

#[tokio::test]
async fn the_audit_trail_cannot_be_emptied() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let refused = sqlx::query("TRUNCATE audit").execute(store.db.writer()).await.unwrap_err().to_string();
    assert!(refused.contains("append-only"), "{refused}");
}

/// A second machine brings its own folder: without the keys of the first it is told so, before anything is written.
#[tokio::test]
async fn a_machine_with_other_keys_is_turned_away() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(first.path()).await;
    let mut other = settings(second.path());
    other.url = url(first.path());
    let join = async |settings: &crate::model::settings::Store| {
        let opening = crate::store::Opening::new(settings, WINDOW, Access::Review);
        SqlStore::open(&opening).await.map(|_| ())
    };
    let Err(StoreError::Key(told)) = join(&other).await else { panic!() };
    assert!(told.contains("missing"), "{told}");
    let keys = second.path().join("keys");
    for name in ["identity.txt", "recipient.txt", "index.key", "release.key"] {
        std::fs::copy(first.path().join("keys").join(name), keys.join(name)).unwrap();
    }
    join(&other).await.unwrap();
    std::fs::write(keys.join("index.key"), "ab".repeat(32)).unwrap();
    let Err(StoreError::Key(told)) = join(&other).await else { panic!() };
    assert!(told.contains("index.key"), "{told}");
    assert!(hold(&store, &record(1, Disposition::Held)).await.is_ok());
}

/// "TLS to PostgreSQL": with a certificate of the right authority and name, and with no other.
#[tokio::test]
async fn the_server_is_proved_by_its_certificate() {
    let dir = tempfile::tempdir().unwrap();
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (_server, port) = pg::Server::over_tls(&own.cert.pem(), &own.signing_key.serialize_pem());
    let file = |name: &str, certificate: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, certificate).unwrap();
        path.display().to_string()
    };
    let (good, bad) = (file("own.pem", &own.cert.pem()), file("other.pem", &other.cert.pem()));
    let table = [
        ("localhost", format!("sslmode=verify-full&sslrootcert={good}"), true),
        ("localhost", format!("sslmode=verify-full&sslrootcert={bad}"), false),
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={good}"), false),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={good}"), true),
        ("localhost", "sslmode=verify-full".to_owned(), false),
    ];
    for (host, options, good) in table {
        let url = format!("postgres://vaguemestre@{host}:{port}/postgres?{options}");
        let opened = crate::store::postgres::open(&url, std::time::Duration::from_secs(5)).await;
        assert_eq!(opened.is_ok(), good, "{host} {options}");
        match opened {
            Ok(db) => {
                let secure = "SELECT count(*) FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()";
                let secure: i64 = sqlx::query_scalar(secure).fetch_one(&db.read).await.unwrap();
                assert_eq!(secure, 1, "{host} {options}");
            }
            Err(StoreError::Unavailable(told)) => assert!(told.contains("sslrootcert"), "{told}"),
            Err(other) => panic!("{other}"),
        }
    }
}

/// Two machines hold the same message, claim the same work and write the same trail: one case, one try, one chain.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_machines_at_once_one_counts() {
    let dir = tempfile::tempdir().unwrap();
    let nodes = [Arc::new(open(dir.path()).await), Arc::new(open(dir.path()).await)];
    let mut holds = tokio::task::JoinSet::new();
    for turn in 0..40_u64 {
        let node = Arc::clone(&nodes[usize::try_from(turn % 2).unwrap()]);
        holds.spawn(async move { hold(node.as_ref(), &record(turn / 4, Disposition::Held)).await.unwrap() });
    }
    let held = holds.join_all().await;
    assert_eq!(held.iter().filter(|held| !held.repeated).count(), 10);
    let cases: std::collections::BTreeSet<_> = held.into_iter().map(|held| held.case).collect();
    let mut clicks = tokio::task::JoinSet::new();
    for case in &cases {
        for node in &nodes {
            let (node, case) = (Arc::clone(node), case.clone());
            clicks.spawn(async move {
                take_step(node.as_ref(), &case, Action::Release, &archivist(), noon()).await.is_ok()
            });
        }
    }
    assert_eq!(clicks.join_all().await.into_iter().filter(|counted| *counted).count(), 10);
    let mut workers = tokio::task::JoinSet::new();
    for turn in 0..40 {
        let node = Arc::clone(&nodes[turn % 2]);
        workers.spawn(async move {
            let order = node.arm_release(later(1), WINDOW).await.unwrap();
            let notice = node.claim_notice(later(1), WINDOW).await.unwrap();
            (order.map(|order| order.case), notice.map(|notice| notice.id))
        });
    }
    let taken = workers.join_all().await;
    let mut orders: Vec<_> = taken.iter().filter_map(|(order, _)| order.clone()).collect();
    orders.sort();
    assert_eq!(orders, cases.into_iter().collect::<Vec<_>>(), "each once");
    let mut notices: Vec<_> = taken.iter().filter_map(|(_, notice)| notice.clone()).collect();
    notices.sort();
    notices.dedup();
    assert_eq!(notices.len(), 10);
    let Trail::Whole { entries: 20, .. } = nodes[1].verify_audit().await.unwrap() else { panic!() };
}

/// "`vaguemestre store migrate` moves from one to the other": there and back, nothing is lost or opened.
#[tokio::test]
async fn everything_moves_from_sqlite_to_postgres_and_back() {
    let dir = tempfile::tempdir().unwrap();
    let postgres = settings(dir.path());
    let sqlite = |name: &str| format!("sqlite:{}", dir.path().join(name).display());
    let mut first = postgres.clone();
    first.url = sqlite("first.db");
    let opening = |settings| crate::store::Opening::new(settings, WINDOW, Access::Review);
    let store = SqlStore::open(&opening(&first)).await.unwrap();
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    take_step(&store, &case, Action::Take, &archivist(), noon()).await.unwrap();
    let (seen, past) = (store.case(&case).await.unwrap(), store.history(&case).await.unwrap());
    let content = store.content(&case).await.unwrap();
    drop(store);
    let moved = crate::store::transfer(&opening(&first), &postgres.url).await.unwrap();
    assert_eq!((moved.messages, moved.entries), (1, 2));
    let again = crate::store::transfer(&opening(&first), &postgres.url).await;
    assert!(matches!(again, Err(StoreError::Refused(_))), "the target is not empty any more");
    std::fs::remove_dir_all(dir.path().join("content")).unwrap();
    crate::store::transfer(&opening(&postgres), &sqlite("second.db")).await.unwrap();
    let mut last = postgres.clone();
    last.url = sqlite("second.db");
    let store = SqlStore::open(&opening(&last)).await.unwrap();
    assert_eq!((store.case(&case).await.unwrap(), store.history(&case).await.unwrap()), (seen, past));
    assert_eq!(store.content(&case).await.unwrap(), content);
    let next = store.claim_notice(later(1), WINDOW).await.unwrap().unwrap();
    assert_eq!(next.orders[0].case, case);
}

#[tokio::test]
async fn a_server_that_is_gone_is_told_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let mut nowhere = settings(dir.path());
    nowhere.url = "postgres:///x?host=/nonexistent&user=vaguemestre".to_owned();
    let mut opening = crate::store::Opening::new(&nowhere, WINDOW, Access::Review);
    opening.busy = std::time::Duration::from_millis(100);
    let Err(StoreError::Unavailable(told)) = SqlStore::open(&opening).await.map(|_| ()) else { panic!() };
    assert!(told.contains("PostgreSQL"), "{told}");
    let store = try_open(dir.path(), Access::Review).await.unwrap();
    let case = hold(&store, &record(1, Disposition::Held)).await.unwrap().case;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let _ = sqlx::query(cut).execute(store.db.writer()).await;
    let mut again = store.ready().await;
    for _ in 0..5 {
        if again.is_ok() {
            break;
        }
        again = store.ready().await;
    }
    again.unwrap();
    assert!(store.content(&case).await.is_ok(), "connections come back");
}
