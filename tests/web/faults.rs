//! What the pages say, and what they leave alone, when something behind them is away or wrong.

use axum::http::StatusCode;
use sqlx::{Connection, SqliteConnection};
use vaguemestre::model::{CaseId, CaseState};
use vaguemestre::ports::Trail;
use vaguemestre::review::Role;

use super::scene::{Answer, Scene};

async fn state(scene: &Scene, case: &str) -> CaseState {
    scene.store.case(&CaseId::parse(case).unwrap()).await.unwrap().unwrap().state
}

fn calm(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    assert!(answer.text.contains("<html lang=\"fr-CA\">") && answer.text.contains("<h1>"), "{}", answer.text);
    for inner in ["sqlite", "database", "locked", "state/", "GIRL", "panicked"] {
        assert!(!answer.text.contains(inner), "{inner}: {}", answer.text);
    }
}

/// "Database gone mid-decision: a clear page, no state lost or doubled". The form is sent again once it is back, and counts once.
#[tokio::test]
async fn a_database_that_is_away_is_told_and_the_decision_counts_once_when_it_is_back() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let url = format!("sqlite:{}", scene.folder().join("state/cases.db").display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let (path, fields) = (format!("/cases/{case}/decide"), [("action", "return"), ("reason", "rewrite")]);
    calm(&scene.post(&path, &session, &fields).await);
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(state(&scene, &case).await, CaseState::Held);

    assert_eq!(scene.post(&path, &session, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(state(&scene, &case).await, CaseState::Returned);
    let again = scene.post(&path, &session, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
    let past = scene.store.history(&CaseId::parse(&case).unwrap()).await.unwrap();
    assert_eq!(past.iter().filter(|it| it.what == "return").count(), 1);
}

/// A copy that is gone, or that no key at hand opens: the page says that it cannot, shows nothing, and the case stays where it is.
#[tokio::test]
async fn a_copy_that_is_gone_or_does_not_open_is_told() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let folder = scene.folder().join("state/content");
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let whole = std::fs::read(&file).unwrap();
    let (path, fields) = (format!("/cases/{case}/message"), [("reason", "false-alarm")]);
    let other = age::encrypt(&age::x25519::Identity::generate().to_public(), b"x").unwrap();
    std::fs::write(&file, other).unwrap();
    calm(&scene.post(&path, &session, &fields).await);
    std::fs::remove_file(&file).unwrap();
    calm(&scene.post(&path, &session, &fields).await);
    assert!(state(&scene, &case).await.waits());
    std::fs::write(&file, whole).unwrap();
    let shown = scene.post(&path, &session, &fields).await;
    assert!(shown.status == StatusCode::OK && shown.text.contains("GIRL"), "{}", shown.text);
}

/// "Clock jumps": back, nothing is lost and nobody is shut out for longer than the jump; forward, sessions end, and cases wait.
#[tokio::test]
async fn a_clock_that_jumps_ends_sessions_at_most() {
    let scene = Scene::new().await;
    let (first, second) = (scene.held().await, scene.held().await);
    let session = scene.signed_in(Role::Archivist).await;
    let decide = async |case: &str, session: &str, action| {
        scene
            .post(&format!("/cases/{case}/decide"), session, &[("action", action), ("reason", "rewrite")])
            .await
    };
    assert_eq!(decide(&first, &session, "take").await.status, StatusCode::SEE_OTHER);
    scene.pass(-30 * 86_400);
    // A session of a clock that ran ahead would last until that time comes again.
    assert_eq!(scene.get("/cases", &session).await.status, StatusCode::SEE_OTHER);
    let session = scene.signed_in(Role::Archivist).await;
    assert_eq!(decide(&first, &session, "return").await.status, StatusCode::SEE_OTHER);
    assert_eq!(state(&scene, &first).await, CaseState::Returned);
    scene.pass(400 * 86_400);
    let late = decide(&second, &session, "return").await;
    assert_eq!((late.status, late.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
    assert_eq!(state(&scene, &second).await, CaseState::Held);
    let session = scene.signed_in(Role::Archivist).await;
    assert_eq!(decide(&second, &session, "return").await.status, StatusCode::SEE_OTHER);
    assert!(matches!(scene.store.verify_audit().await.unwrap(), Trail::Whole { .. }));
}
