//! Who reaches what: every role at every door, forms that are not ours, sessions that are not theirs.

use axum::http::{StatusCode, header};
use vaguemestre::ports::By;
use vaguemestre::review::{Right, Role};
use vaguemestre::web::{Who, doors};

use super::scene::{BROWSER, HOST, PASSWORD, Scene, csrf, form};

/// "Role × route matrix tested in every cell". A door that a role may not use answers 403, one that needs a sign-in sends to it.
#[tokio::test]
async fn every_role_at_every_door() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    for door in doors() {
        let path = door.path.replace("{id}", &case).replace("{number}", "1");
        let nobody = ask(&scene, door.method, &path, "").await;
        match door.who {
            Who::Anyone => assert!(nobody.0 != StatusCode::FORBIDDEN, "{door:?}"),
            _ => assert_eq!((nobody.0, nobody.1.as_str()), (StatusCode::SEE_OTHER, "/sign-in"), "{door:?}"),
        }
        for role in Role::ALL {
            let session = scene.signed_in(role).await;
            let (status, _) = ask(&scene, door.method, &path, &session).await;
            let barred =
                matches!(door.who, Who::Holder(rights) if !rights.iter().any(|right| role.may(*right)));
            assert_eq!(status == StatusCode::FORBIDDEN, barred, "{door:?} {role:?}: {status}");
            assert!(!status.is_server_error(), "{door:?} {role:?}: {status}");
        }
    }
}

async fn ask(scene: &Scene, method: &str, path: &str, session: &str) -> (StatusCode, String) {
    let answer = match method {
        "POST" => scene.post(path, session, &[]).await,
        _ => scene.get(path, session).await,
    };
    let to = answer.header("location").to_owned();
    (answer.status, to)
}

/// "Mail admins and auditors never reach content."
#[tokio::test]
async fn no_door_to_content_or_decision_opens_to_admins_and_auditors() {
    for door in doors() {
        if let Who::Holder(rights) = door.who {
            let content = [Right::RevealSnippet, Right::RevealMessage, Right::Decide, Right::Approve];
            let guarded = rights.iter().all(|right| content.contains(right));
            let open =
                [Role::Admin, Role::Auditor].into_iter().any(|role| rights.iter().any(|it| role.may(*it)));
            assert!(!(guarded && open), "{door:?}");
            let reveals = door.path.ends_with("/reveal") || door.path.ends_with("/message");
            assert!(!reveals || guarded, "{door:?}");
        }
    }
}

#[tokio::test]
async fn a_department_sees_its_own_cases_only() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    scene.account("mtremblay", &[(Role::Archivist, Some("ailleurs.example"))]).await;
    scene.account("jroy", &[(Role::Archivist, Some("cissslau.example"))]).await;
    let (other, own) = (scene.session("mtremblay").await, scene.session("jroy").await);
    assert!(!scene.get("/cases", &other).await.text.contains(&case));
    assert_eq!(scene.get(&format!("/cases/{case}"), &other).await.status, StatusCode::NOT_FOUND);
    let fields = [("action", "return"), ("reason", "rewrite")];
    let decided = scene.post(&format!("/cases/{case}/decide"), &other, &fields).await;
    assert_eq!(decided.status, StatusCode::NOT_FOUND);
    assert!(scene.get("/cases", &own).await.text.contains(&case));
}

/// "10 000 GETs change nothing": every door, every role, again and again, HEAD too.
#[tokio::test]
async fn ten_thousand_gets_change_nothing() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let mut sessions = vec![String::new()];
    for role in Role::ALL {
        sessions.push(scene.signed_in(role).await);
    }
    let before = scene.state().await;
    let mut asked = 0;
    while asked < 10_000 {
        for door in doors() {
            let path = door.path.replace("{id}", &case).replace("{number}", "1");
            for session in &sessions {
                let method = if asked % 7 == 0 { "HEAD" } else { "GET" };
                let path = format!("{path}?action=release&reason=verified&csrf={}", csrf(session));
                let request = scene.request(method, &path, session).body(axum::body::Body::empty()).unwrap();
                assert!(!scene.send(request).await.status.is_server_error(), "{path}");
                asked += 1;
            }
        }
    }
    assert_eq!(scene.state().await, before);
}

#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing() {
    let scene = Scene::new().await;
    let case = scene.held().await;
    let session = scene.signed_in(Role::Archivist).await;
    let before = scene.state().await;
    let path = format!("/cases/{case}/decide");
    let good = csrf(&session);
    let other = csrf("une autre session");
    let own = format!("http://{HOST}");
    let foreign: [(&str, Option<&str>, Option<&str>); 6] = [
        (&good, Some("cross-site"), Some(&own)),
        (&good, Some("same-site"), None),
        (&good, None, Some("https://ailleurs.example")),
        (&good, None, None),
        (&other, Some("same-origin"), Some(&own)),
        ("", Some("same-origin"), Some(&own)),
    ];
    for (token, site, origin) in foreign {
        let mut request = scene.request("POST", &path, &session);
        request = site.into_iter().fold(request, |it, site| it.header("sec-fetch-site", site));
        request = origin.into_iter().fold(request, |it, origin| it.header(header::ORIGIN, origin));
        let fields = [("csrf", token), ("action", "return"), ("reason", "rewrite")];
        let answer = scene.send(form(request, &fields)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{token} {site:?} {origin:?}");
        assert!(answer.text.contains("Ce formulaire n’a pas été accepté."), "{}", answer.text);
    }
    assert_eq!(scene.state().await, before);
}

/// DNS rebinding: a foreign page that points its own name at us is not answered.
#[tokio::test]
async fn another_host_name_is_not_answered() {
    let scene = Scene::new().await;
    let session = scene.signed_in(Role::Archivist).await;
    let request = axum::http::Request::builder().uri("/cases").header(header::HOST, "ailleurs.example");
    let request =
        request.header(header::COOKIE, format!("session={session}")).header(header::USER_AGENT, BROWSER);
    let answer = scene.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn a_session_ends_by_rest_by_age_by_theft_by_leaving_and_with_its_account() {
    let scene = Scene::new().await;
    let open = |answer: super::scene::Answer| answer.status == StatusCode::OK;

    let idle = scene.signed_in(Role::Archivist).await;
    scene.pass(14 * 60);
    assert!(open(scene.get("/cases", &idle).await));
    scene.pass(16 * 60);
    assert!(!open(scene.get("/cases", &idle).await));

    let old = scene.signed_in(Role::Archivist).await;
    for _ in 0..48 {
        scene.pass(600);
        let _ = scene.get("/cases", &old).await;
    }
    scene.pass(60);
    assert!(!open(scene.get("/cases", &old).await), "a session outlives 8 hours");

    let stolen = scene.signed_in(Role::Archivist).await;
    let thief = axum::http::Request::builder().uri("/cases").header(header::HOST, HOST);
    let thief =
        thief.header(header::COOKIE, format!("session={stolen}")).header(header::USER_AGENT, "Autre/2.0");
    assert!(!open(scene.send(thief.body(axum::body::Body::empty()).unwrap()).await));
    assert!(!open(scene.get("/cases", &stolen).await), "the stolen session ends for its owner too");

    let left = scene.signed_in(Role::Archivist).await;
    assert_eq!(scene.post("/sign-out", &left, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!open(scene.get("/cases", &left).await));

    let closed = scene.signed_in(Role::Archivist).await;
    let by = By { actor: "essai", at: scene.now() };
    scene.store.close_account("personne-archivist", by).await.unwrap();
    assert!(!open(scene.get("/cases", &closed).await));
    assert!(!open(scene.get("/cases", "0123").await), "an invented session is none");
}

#[tokio::test]
async fn signing_in_takes_all_three_and_a_code_only_once() {
    let scene = Scene::new().await;
    let secrets = scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    let code = scene.code(&secrets);
    let tries: [(&str, &str, &str, bool); 6] = [
        ("mtremblay", "autre chose, longue", &code, false),
        ("mtremblay", PASSWORD, "000000", false),
        ("zzyx", PASSWORD, &code, false),
        ("mtremblay", PASSWORD, "", false),
        ("MTremblay ", PASSWORD, &code, true),
        ("mtremblay", PASSWORD, &code, false),
    ];
    let mut failures = Vec::new();
    for (login, password, code, good) in tries {
        let fields = [("login", login), ("password", password), ("code", code)];
        let answer = scene.post("/sign-in", "", &fields).await;
        assert_eq!(answer.status == StatusCode::SEE_OTHER, good, "{login} {password} {code}");
        match answer.cookie("session") {
            Some(session) => {
                assert!(good);
                assert_eq!(scene.get("/cases", &session).await.status, StatusCode::OK);
            }
            None => failures.push(answer.text.replace(login, "")),
        }
    }
    assert!(failures.windows(2).all(|pair| pair[0] == pair[1]), "a failure tells what was wrong");
}

#[tokio::test]
async fn a_recovery_code_opens_once() {
    let scene = Scene::new().await;
    let fresh = vaguemestre::web::secrets::fresh(Some(PASSWORD)).unwrap();
    scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    let by = By { actor: "essai", at: scene.now() };
    scene.store.renew_secrets("mtremblay", &fresh.secrets, by).await.unwrap();
    let code = fresh.recovery[3].reveal().to_lowercase();
    let fields = [("login", "mtremblay"), ("password", PASSWORD), ("code", code.as_str())];
    assert_eq!(scene.post("/sign-in", "", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.post("/sign-in", "", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_account_waits_after_five_failures_and_a_network_after_thirty_tries() {
    let scene = Scene::new().await;
    let secrets = scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    for _ in 0..5 {
        let _ = scene.post("/sign-in", "", &[("login", "mtremblay"), ("password", "x"), ("code", "y")]).await;
    }
    let good =
        |code: String| [("login", "mtremblay".to_owned()), ("password", PASSWORD.to_owned()), ("code", code)];
    let status = async |scene: &Scene| {
        let fields = good(scene.code(&secrets));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        scene.post("/sign-in", "", &fields).await.status
    };
    assert_eq!(status(&scene).await, StatusCode::UNPROCESSABLE_ENTITY, "locked");
    scene.pass(95);
    assert_eq!(status(&scene).await, StatusCode::SEE_OTHER, "the lock is over");
    for _ in 0..30 {
        let _ = scene.post("/sign-in", "", &[("login", "zzyx"), ("password", "x"), ("code", "y")]).await;
    }
    assert_eq!(status(&scene).await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn who_was_given_a_password_changes_it_before_anything_else() {
    let scene = Scene::new().await;
    scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    let mut fresh = vaguemestre::web::secrets::fresh(Some(PASSWORD)).unwrap();
    fresh.secrets.must_change = true;
    let by = By { actor: "essai", at: scene.now() };
    scene.store.renew_secrets("mtremblay", &fresh.secrets, by).await.unwrap();
    let session = scene.session("mtremblay").await;
    assert_eq!(scene.get("/cases", &session).await.header("location"), "/account");
    let other = scene.session("mtremblay").await;
    let change = |new: &'static str| [("old", PASSWORD), ("new", new), ("again", new)];
    for bad in ["court", PASSWORD, "mtremblay-mtremblay"] {
        let answer = scene.post("/account/password", &session, &change(bad)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let answer = scene.post("/account/password", &session, &change("une phrase toute neuve")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.get("/cases", &session).await.status, StatusCode::OK);
    assert_eq!(scene.get("/cases", &other).await.status, StatusCode::SEE_OTHER, "other sessions end");
}

/// "CSP default-src 'none' …, no inline, no third party"; "First page ≤ 60 KB".
#[tokio::test]
async fn pages_are_small_strict_and_need_nothing_from_elsewhere() {
    let scene = Scene::with("[review]\npublic_url = \"https://127.0.0.1:8892\"\n").await;
    let first = scene.get("/sign-in", "").await;
    let style = scene.get("/style.css", "").await;
    assert!(first.text.len() + style.text.len() <= 60_000 && style.text.len() <= 12_000);
    // A rule for buttons outweighs the browser's own for the attribute.
    assert!(style.text.contains("[hidden] { display: none !important; }"));
    for answer in [&first, &style] {
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("strict-transport-security").starts_with("max-age="));
    }
    for word in ["<script", "style=", "http://", "https://", "onclick", "src="] {
        assert!(!first.text.contains(word), "{word}");
    }
}

#[tokio::test]
async fn the_cookie_is_tied_to_tls_when_there_is_some() {
    let scene = Scene::with("[review]\npublic_url = \"https://127.0.0.1:8892\"\n").await;
    let secrets = scene.account("mtremblay", &[(Role::Archivist, None)]).await;
    let code = scene.code(&secrets);
    let request = scene.request("POST", "/sign-in", "").header(header::ORIGIN, format!("https://{HOST}"));
    let fields = [("login", "mtremblay"), ("password", PASSWORD), ("code", code.as_str())];
    let answer = scene.send(form(request, &fields)).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-session=") && cookie.contains("; Secure"), "{cookie}");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
        "{cookie}"
    );
}

#[tokio::test]
async fn english_is_there_only_when_it_was_turned_on() {
    let french = Scene::new().await;
    let request = french.request("GET", "/sign-in", "").header(header::COOKIE, "language=en");
    let answer = french.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert!(answer.text.contains("<html lang=\"fr-CA\">") && !answer.text.contains("English"));
    let both = Scene::with("[establishment]\nenglish = true\n").await;
    let request = both.request("GET", "/sign-in", "").header(header::COOKIE, "language=en");
    let answer = both.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert!(answer.text.contains("<html lang=\"en-CA\">") && answer.text.contains("User name"));
    let answer = both.post("/language", "", &[("language", "en"), ("back", "//ailleurs.example")]).await;
    assert_eq!((answer.header("location"), answer.cookie("language").as_deref()), ("/", Some("en")));
}

/// "/access shows who has none": an account whose digests and alerts go nowhere is seen at the monthly review.
#[tokio::test]
async fn the_review_of_accesses_shows_who_has_no_address() {
    let scene = Scene::new().await;
    let session = scene.signed_in(Role::Compliance).await;
    let page = scene.get("/access", &session).await.text;
    assert!(page.contains("ni avis de file ni alerte"), "{page}");
    let address = vaguemestre::model::Address::parse("cso@cisss.example").unwrap();
    let by = vaguemestre::ports::By { actor: "essai", at: scene.now() };
    scene.store.set_address("personne-compliance", &address, by).await.unwrap();
    let page = scene.get("/access", &session).await.text;
    assert!(page.contains("cso@cisss.example") && !page.contains("ni avis de file ni alerte"), "{page}");
}
