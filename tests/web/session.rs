//! The end of a session is told in time, and another authenticator application is taken once it shows a code.

use axum::http::{StatusCode, header};
use vaguemestre::review::Role;
use vaguemestre::web::totp;

use super::scene::{PASSWORD, Scene};

/// WCAG 2.2.1: "the user is warned before time expires and given at least 20 seconds to extend the time limit with a simple action". The style
/// sheet shows the banner after 780 s of the 900; its button opens beside, so that nothing typed is lost.
#[tokio::test]
async fn the_end_of_a_session_is_told_two_minutes_before_and_put_off_by_one_button() {
    let scene = Scene::new().await;
    let session = scene.signed_in(Role::Archivist).await;
    let page = scene.get("/cases", &session).await.text;
    assert!(
        page.contains("class=\"expiring\" role=\"status\"")
            && page.contains("action=\"/session\" target=\"_blank\"")
    );
    assert!(scene.get("/style.css", "").await.text.contains("animation: expiring 0s 780s forwards"));
    assert!(!scene.get("/sign-in", "").await.text.contains("expiring"), "nobody is signed in");
    for _ in 0..3 {
        scene.pass(14 * 60);
        let answer = scene.post("/session", &session, &[]).await;
        assert!(answer.status == StatusCode::OK && answer.text.contains("La session est prolongée."));
    }
    assert!(plain(&scene.get("/session", &session).await.text).contains("2 novembre 2026 à 11 h 02"));
    scene.pass(16 * 60);
    assert_eq!(scene.post("/session", &session, &[]).await.header("location"), "/sign-in", "too late");
    assert_eq!(scene.get("/session", &session).await.header("location"), "/sign-in");
    assert!(scene.get("/sign-in", &session).await.text.contains("Votre session a pris fin."));
    assert!(!scene.get("/sign-in", "").await.text.contains("Votre session a pris fin."));
}

/// "A session ends after 8 hours": a proof that is put off has a last hour, and the page tells it.
#[tokio::test]
async fn the_last_hour_is_told_and_is_not_put_off() {
    let scene = Scene::new().await;
    let session = scene.signed_in(Role::Archivist).await;
    for _ in 0..34 {
        scene.pass(14 * 60);
        assert_eq!(scene.post("/session", &session, &[]).await.status, StatusCode::OK);
    }
    let page = plain(&scene.get("/session", &session).await.text);
    assert_eq!(page.matches("18 h 05").count(), 2, "{page}");
}

/// A session that a clock ahead began ends with that clock, and whoever signed in by it comes in again.
#[tokio::test]
async fn a_session_of_a_clock_that_ran_ahead_ends_when_it_is_set_right() {
    let scene = Scene::new().await;
    let key = scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    let sign_in = async || {
        let code = scene.code(&key);
        let fields = [("login", "mtremblay"), ("password", PASSWORD), ("code", code.as_str())];
        scene.post("/sign-in", "", &fields).await
    };
    scene.pass(30 * 86_400);
    assert_eq!(sign_in().await.status, StatusCode::SEE_OTHER);
    let session = scene.session("mtremblay").await;
    assert_eq!(scene.get("/cases", &session).await.status, StatusCode::OK);
    scene.pass(-30 * 86_400);
    assert_eq!(scene.get("/cases", &session).await.header("location"), "/sign-in");
    assert_eq!(sign_in().await.status, StatusCode::SEE_OTHER);
}

/// With plain spaces.
fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let mark = format!("name=\"{name}\" value=\"");
    page.rsplit_once(mark.as_str()).unwrap().1.split('"').next().unwrap()
}

#[tokio::test]
async fn a_new_key_is_shown_as_an_image_and_taken_with_a_code_of_it() {
    let scene = Scene::new().await;
    let old = scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    let session = scene.session("mtremblay").await;
    let code = scene.code(&old);
    let bad = [("password", PASSWORD), ("code", "000000")];
    assert_eq!(scene.post("/account/key", &session, &bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let bad = [("password", "autre chose, longue"), ("code", code.as_str())];
    assert_eq!(scene.post("/account/key", &session, &bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let good = [("password", PASSWORD), ("code", code.as_str())];
    let offer = scene.post("/account/key", &session, &good).await;
    assert_eq!(offer.status, StatusCode::OK, "{}", offer.text);
    assert!(offer.text.contains("<svg class=\"code\"") && !offer.text.contains("style="));
    assert_eq!(offer.header("cache-control"), "no-store");
    let (key, at, mark) = (field(&offer.text, "key"), field(&offer.text, "at"), field(&offer.text, "mark"));
    let confirm = async |key: &str, at: &str, code: &str| {
        let fields = [("key", key), ("at", at), ("mark", mark), ("code", code)];
        scene.post("/account/key/confirm", &session, &fields).await
    };
    let of = |key: &str| totp::code(key, scene.now()).unwrap();
    assert_eq!(confirm(key, at, "000000").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mine = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    assert_eq!(confirm(mine, at, &of(mine)).await.status, StatusCode::FORBIDDEN, "a key of one's own making");
    let later = (scene.now().as_second() + 5).to_string();
    assert_eq!(confirm(key, &later, &of(key)).await.status, StatusCode::FORBIDDEN, "another time");
    assert_eq!(confirm(key, at, &of(key)).await.header("location"), "/account");
    scene.pass(60);
    let sign_in = async |code: String| {
        let fields = [("login", "mtremblay"), ("password", PASSWORD), ("code", code.as_str())];
        scene.post("/sign-in", "", &fields).await.cookie("session").is_some()
    };
    assert!(!sign_in(scene.code(&old)).await, "the old key is gone");
    assert!(sign_in(of(key)).await);
    scene.pass(16 * 60);
    let trail = scene.store.audit_entries(None, 0).await.unwrap();
    assert!(
        trail.iter().any(|it| it.entry.contains("key-change"))
            && !trail.iter().any(|it| it.entry.contains(key))
    );
}

/// "Reviewer port separate from the public sender port": there, the doors of the desk are not.
#[tokio::test]
async fn the_senders_listener_serves_the_senders_page_alone() {
    let scene = Scene::with(
        "[review]\nsenders_listen = \"127.0.0.1:8893\"\nsenders_url = \"https://courriel.cissslau.example\"\n",
    )
    .await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let ask = async |method: &str, path: &str, host: &str| {
        let request = axum::http::Request::builder().method(method).uri(path).header(header::HOST, host);
        let request = request.header(header::COOKIE, format!("__Host-session={session}; session={session}"));
        let request = request.header(header::USER_AGENT, super::scene::BROWSER);
        scene.send_to_senders(request.body(axum::body::Body::empty()).unwrap()).await.status
    };
    let host = "courriel.cissslau.example";
    for door in vaguemestre::web::doors() {
        let path = door.path.replace("{id}", &case);
        let there = path.starts_with("/c/") || path == "/language";
        let status = ask(door.method, &path, host).await;
        assert_eq!(status == StatusCode::NOT_FOUND, !there, "{} {path}: {status}", door.method);
    }
    assert_eq!(ask("GET", "/style.css", host).await, StatusCode::OK);
    assert_eq!(ask("GET", &format!("/c/{case}"), "127.0.0.1:8892").await, StatusCode::MISDIRECTED_REQUEST);
    for machine in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(ask("GET", machine, host).await, StatusCode::NOT_FOUND, "{machine}");
    }
}
