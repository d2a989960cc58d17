//! Signing in with the establishment's own service, against one that a test runs on loopback.

mod faults;
pub mod provider;

use axum::body::Body;
use axum::http::{StatusCode, header};
use provider::{Idp, SECRET, Signer};
use serde_json::json;
use vaguemestre::ports::By;
use vaguemestre::review::Role;

use super::scene::{Answer, HOST, PASSWORD, Scene, form};

/// A desk, and the service it sends people to.
async fn desk(signer: Signer) -> (Scene, Idp) {
    desk_with(signer, "").await
}

async fn desk_with(signer: Signer, extra: &str) -> (Scene, Idp) {
    let now = "2026-11-02T15:05:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
    let idp = Idp::start(signer, now).await;
    let scene = Scene::with(&idp.config(extra)).await;
    (scene, idp)
}

/// The way out: the cookie that the browser keeps, and the address it is sent to.
async fn out(scene: &Scene, path: &str) -> (String, String) {
    let answer = scene.get(path, "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    (answer.cookie("sign-in").unwrap(), answer.header("location").to_owned())
}

/// The way back, as the page's one button sends it.
async fn enter(scene: &Scene, cookie: &str, back: &str) -> Answer {
    let fields = provider::query(back);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let request = scene.request("POST", "/sign-in/return", "");
    let request = request
        .header("sec-fetch-site", "same-origin")
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::COOKIE, format!("sign-in={cookie}"));
    scene.send(form(request, &fields)).await
}

/// A whole sign-in.
async fn sign_in(scene: &Scene, idp: &Idp) -> Answer {
    let (cookie, address) = out(scene, "/sign-in/provider").await;
    enter(scene, &cookie, &idp.authorize(&address)).await
}

#[tokio::test]
async fn a_person_comes_in_with_the_roles_of_their_groups() {
    for signer in [Signer::rsa(), Signer::p256()] {
        let (scene, idp) = desk(signer).await;
        let case = scene.held().await;
        assert!(scene.get("/sign-in", "").await.text.contains("href=\"/sign-in/provider\""));
        let answer = sign_in(&scene, &idp).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, "/"),
            "{}",
            answer.text
        );
        assert_eq!(answer.cookie("sign-in").as_deref(), Some(""), "the cookie of the way is taken back");
        let session = answer.cookie("session").unwrap();
        assert!(scene.get("/cases", &session).await.text.contains(&case));
        assert_eq!(scene.get("/access", &session).await.status, StatusCode::FORBIDDEN);
        let account = scene.store.account("mtremblay@cissslau.example").await.unwrap().unwrap();
        assert!(account.federated && account.name == "Marie Tremblay" && account.seen_at.is_some());
        assert_eq!(account.address.as_deref(), Some("marie.tremblay@cissslau.example"));
        assert_eq!(account.grants.len(), 1);
        assert_eq!(
            (account.grants[0].role, account.grants[0].department.as_deref()),
            (Role::Archivist, Some("cissslau.example"))
        );
    }
}

#[tokio::test]
async fn the_secret_goes_as_the_service_asks_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, format!("{SECRET}\n")).unwrap();
    let mode =
        |mode| std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    mode(0o600);
    let extra = format!("client_secret_file = \"{}\"", path.display());
    for method in ["client_secret_basic", "client_secret_post"] {
        let (scene, idp) = desk_with(Signer::p256(), &extra).await;
        idp.change(|it| it.metadata["token_endpoint_auth_methods_supported"] = json!([method]));
        assert!(sign_in(&scene, &idp).await.cookie("session").is_some(), "{method}");
    }
    let settings = |extra: &str| {
        let text = format!(
            "[oidc]\nissuer = \"http://127.0.0.1:1/\"\nclient_id = \"x\"\n{extra}\ngrants = [{{ group = \"g\", role = \"admin\" }}]"
        );
        let settings = vaguemestre::config::parse("x.toml", &text, folder.path()).unwrap();
        vaguemestre::web::Provider::open(&settings.review.oidc.unwrap()).err().map(|it| it.to_string())
    };
    mode(0o604);
    assert!(settings(&extra).unwrap().ends_with("anybody may read this secret; chmod 600 it"));
    mode(0o600);
    std::fs::write(&path, "a\nb\n").unwrap();
    assert!(settings(&extra).unwrap().contains("several lines"));
    std::fs::write(&path, " \n").unwrap();
    assert!(settings(&extra).unwrap().contains("it is empty"));
    assert!(settings("client_secret_file = \"/nowhere/secret\"").unwrap().contains("it is not there"));
}

/// "No GET ever changes anything": the way back is a page, however often a robot follows it.
#[tokio::test]
async fn whoever_follows_the_way_back_changes_nothing() {
    let (scene, idp) = desk(Signer::p256()).await;
    let (cookie, address) = out(&scene, "/sign-in/provider").await;
    let back = idp.authorize(&address);
    let before = scene.state().await;
    for _ in 0..100 {
        let request = scene.request("GET", &format!("/sign-in/return?{back}"), "");
        let request = request.header(header::COOKIE, format!("sign-in={cookie}"));
        let answer = scene.send(request.body(Body::empty()).unwrap()).await;
        assert!(answer.status == StatusCode::OK && answer.header("set-cookie").is_empty());
        assert!(answer.text.contains("Votre établissement vous reconnaît"));
    }
    assert_eq!((scene.state().await, idp.asked("token")), (before, 0));
    assert!(enter(&scene, &cookie, &back).await.cookie("session").is_some(), "the code is still good");
}

#[tokio::test]
async fn one_comes_back_to_a_page_of_ours_and_to_no_other() {
    let (scene, idp) = desk(Signer::p256()).await;
    let case = scene.held().await;
    let table = [
        (format!("/cases/{case}"), format!("/cases/{case}")),
        ("//ailleurs.example".to_owned(), "/".to_owned()),
        ("/%5Cailleurs.example".to_owned(), "/".to_owned()),
        ("https://ailleurs.example/".to_owned(), "/".to_owned()),
        ("/cases%0d%0aSet-Cookie:x=1".to_owned(), "/".to_owned()),
    ];
    for (asked, expected) in table {
        let (cookie, address) = out(&scene, &format!("/sign-in/provider?back={asked}")).await;
        let answer = enter(&scene, &cookie, &idp.authorize(&address)).await;
        assert_eq!(answer.header("location"), expected);
    }
}

#[tokio::test]
async fn roles_follow_the_groups_at_each_sign_in_and_a_closed_account_stays_closed() {
    let (scene, idp) = desk(Signer::p256()).await;
    let session = sign_in(&scene, &idp).await.cookie("session").unwrap();
    let twin = sign_in(&scene, &idp).await.cookie("session").unwrap();
    assert_eq!(scene.get("/cases", &session).await.status, StatusCode::OK, "a second place of work");
    idp.change(|it| it.claims["groups"] = json!(["g-verif"]));
    let auditor = sign_in(&scene, &idp).await.cookie("session").unwrap();
    assert_eq!(scene.get("/access", &auditor).await.status, StatusCode::OK);
    for old in [session, twin] {
        assert_eq!(
            scene.get("/cases", &old).await.status,
            StatusCode::SEE_OTHER,
            "sessions with other roles end"
        );
    }
    idp.change(|it| it.claims["groups"] = json!([]));
    let answer = sign_in(&scene, &idp).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text.contains("Votre compte n’a pas de rôle ici.") && answer.cookie("session").is_none());
    assert_eq!(
        scene.get("/access", &auditor).await.status,
        StatusCode::SEE_OTHER,
        "lost groups end the session"
    );
    idp.change(|it| it.claims["groups"] = json!("g-archives"));
    let by = By { actor: "essai", at: scene.now() };
    scene.store.close_account("mtremblay@cissslau.example", by).await.unwrap();
    assert_eq!(sign_in(&scene, &idp).await.status, StatusCode::FORBIDDEN);
    let trail = scene.store.audit_entries(None, 0).await.unwrap();
    assert_eq!(trail.iter().filter(|it| it.entry.contains("account-federate")).count(), 3);
}

/// The person is who the service numbers so, whatever their login has become; nobody takes over an account of ours.
#[tokio::test]
async fn a_person_is_known_by_number_and_a_local_account_is_not_taken_over() {
    let (scene, idp) = desk(Signer::p256()).await;
    assert!(sign_in(&scene, &idp).await.cookie("session").is_some());
    idp.change(|it| it.claims["preferred_username"] = json!("mroy@cissslau.example"));
    assert!(sign_in(&scene, &idp).await.cookie("session").is_some());
    let logins: Vec<String> = scene.store.accounts().await.unwrap().into_iter().map(|it| it.login).collect();
    assert_eq!(logins, ["mtremblay@cissslau.example"]);
    scene.account("jroy", &[(Role::Auditor, None)]).await;
    for taken in ["jroy", "mtremblay@cissslau.example"] {
        idp.change(|it| {
            it.claims["sub"] = json!("0002");
            it.claims["preferred_username"] = json!(taken);
        });
        let answer = sign_in(&scene, &idp).await;
        assert!(
            answer.cookie("session").is_none() && answer.status == StatusCode::UNPROCESSABLE_ENTITY,
            "{taken}"
        );
    }
    let fields = [("login", "mtremblay@cissslau.example"), ("password", ""), ("code", "000000")];
    assert_eq!(scene.post("/sign-in", "", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn leaving_ends_our_session_and_shows_how_to_end_the_other() {
    let (scene, idp) = desk(Signer::p256()).await;
    let session = sign_in(&scene, &idp).await.cookie("session").unwrap();
    let answer = scene.post("/sign-out", &session, &[]).await;
    assert_eq!(answer.header("location"), "/sign-out");
    assert_eq!(scene.get("/cases", &session).await.status, StatusCode::SEE_OTHER);
    assert!(scene.get("/sign-out", "").await.text.contains("href=\"/sign-out/provider\""));
    let away = scene.get("/sign-out/provider", "").await;
    let fields = provider::query(away.header("location").split_once('?').unwrap().1);
    assert!(away.header("location").starts_with(&format!("{}/logout?", idp.issuer)));
    assert_eq!(fields["post_logout_redirect_uri"], format!("http://{HOST}/sign-in"));
}

/// "Whole-message view is a second, stronger right with TOTP step-up (< 15 min)": here the service asks again.
#[tokio::test]
async fn a_whole_message_asks_the_service_for_a_fresh_proof() {
    let (scene, idp) = desk(Signer::p256()).await;
    let case = scene.held().await;
    let old = scene.now().as_second() - 3600;
    idp.change(|it| it.claims["auth_time"] = json!(old));
    let session = sign_in(&scene, &idp).await.cookie("session").unwrap();
    let (path, fields) = (format!("/cases/{case}/message"), [("reason", "incident")]);
    let answer = scene.post(&path, &session, &fields).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    assert!(scene.get(&format!("/cases/{case}"), &session).await.text.contains("/sign-in/provider?again=1"));
    let again = format!("/sign-in/provider?again=1&back=/cases/{case}");
    let (cookie, address) = out(&scene, &again).await;
    assert!(address.contains("&prompt=login&max_age=0"));
    assert_eq!(
        enter(&scene, &cookie, &idp.authorize(&address)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "old"
    );
    let now = scene.now().as_second();
    idp.change(|it| it.claims["auth_time"] = json!(now));
    let (cookie, address) = out(&scene, &again).await;
    let session = enter(&scene, &cookie, &idp.authorize(&address)).await.cookie("session").unwrap();
    assert_eq!(scene.post(&path, &session, &fields).await.status, StatusCode::OK);
}

#[tokio::test]
async fn local_accounts_go_on_beside_the_service_and_without_it() {
    let (scene, idp) = desk(Signer::p256()).await;
    idp.change(|it| it.metadata = json!("en panne"));
    let answer = scene.get("/sign-in/provider", "").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("ne répond pas") && answer.text.contains("name=\"password\""));
    let secrets = scene.account("jroy", &[(Role::Archivist, None)]).await;
    let code = scene.code(&secrets);
    let fields = [("login", "jroy"), ("password", PASSWORD), ("code", code.as_str())];
    let session = scene.post("/sign-in", "", &fields).await.cookie("session").unwrap();
    assert_eq!(scene.get("/cases", &session).await.status, StatusCode::OK);
}

/// The privacy assessment says who else learns something: the sign-in service, which is told who comes to the desk.
#[tokio::test]
async fn the_privacy_assessment_names_the_service() {
    let (scene, idp) = desk(Signer::p256()).await;
    let auditor = scene.signed_in(Role::Auditor).await;
    let page = scene.get("/assessment", &auditor).await.text;
    assert!(page.contains("(OpenID Connect)</dt><dd>oui</dd>"), "{page}");
    assert!(page.contains(&format!("{} : il apprend qui entre au bureau", idp.issuer)), "{page}");
}
