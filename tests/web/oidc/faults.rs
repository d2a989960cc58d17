//! Answers that are not believed: each is one step off the protocol, and nobody comes in.

use axum::http::StatusCode;
use data_encoding::BASE64URL_NOPAD as B64;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::provider::{CLIENT, Idp, Press, Signer};
use super::{desk, enter, out, sign_in};
use crate::web::scene::Scene;

fn press(change: impl Fn(&mut Value, &mut Value) + Send + 'static) -> Press {
    Box::new(move |signer, mut header, mut claims| {
        change(&mut header, &mut claims);
        signer.token(&header, &claims)
    })
}

async fn refused(scene: &Scene, idp: &Idp, what: &str) {
    let before = scene.state().await;
    let answer = sign_in(scene, idp).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", answer.text);
    assert!(
        answer.cookie("session").is_none() && answer.text.contains("La connexion n’a pas abouti."),
        "{what}"
    );
    assert_eq!(scene.state().await, before, "{what}");
}

/// OpenID Connect Core 1.0, 3.1.3.7; RFC 7519, 4.1; RFC 8725, 3.
#[tokio::test]
async fn a_token_that_breaks_one_rule_opens_nothing() {
    let claim = |name: &'static str, value: Value| press(move |_, claims| claims[name] = value.clone());
    let (mut scene, mut idp) = desk(Signer::p256()).await;
    let now = scene.now().as_second();
    let gone =
        |name: &'static str| press(move |_, claims| drop(claims.as_object_mut().unwrap().remove(name)));
    let table: Vec<(&str, Press)> = vec![
        ("a wrong nonce", claim("nonce", json!("autre"))),
        ("no nonce", gone("nonce")),
        ("an expired token", claim("exp", json!(now - 61))),
        ("no end", gone("exp")),
        ("an end that is text", claim("exp", json!("4102444800"))),
        ("an end past all", claim("exp", json!(1e300))),
        ("not yet", claim("nbf", json!(now + 61))),
        ("a start that is text", claim("nbf", json!("0"))),
        ("made in the future", claim("iat", json!(now + 61))),
        ("no time of making", gone("iat")),
        ("another application", claim("aud", json!("autre"))),
        ("several, not us", claim("aud", json!(["autre", "tiers"]))),
        ("several, and nobody first", claim("aud", json!([CLIENT, "autre"]))),
        ("made for another first", claim("azp", json!("autre"))),
        ("no application", gone("aud")),
        ("another issuer", claim("iss", json!("https://ailleurs.example"))),
        ("nobody", gone("sub")),
        ("an empty subject", claim("sub", json!(""))),
        ("no second factor", claim("amr", json!(["pwd"]))),
        ("no login", gone("preferred_username")),
        ("a shared account", claim("preferred_username", json!("archives@cissslau.example"))),
        ("a login that is markup", claim("preferred_username", json!("<b>x</b>"))),
        (
            "alg none",
            Box::new(|_, _, claims| {
                let header = json!({"alg": "none", "kid": "k1"});
                format!(
                    "{}.{}.",
                    B64.encode(header.to_string().as_bytes()),
                    B64.encode(claims.to_string().as_bytes())
                )
            }),
        ),
        ("HS256", press(|header, _| header["alg"] = json!("HS256"))),
        ("RS256 over a key of P-256", press(|header, _| header["alg"] = json!("RS256"))),
        ("a critical extension", press(|header, _| header["crit"] = json!(["b64"]))),
        ("another's signature", Box::new(|_, header, claims| Signer::p256().token(&header, &claims))),
        ("an unknown key", press(|header, _| header["kid"] = json!("k9"))),
        (
            "changed claims",
            Box::new(|signer, header, mut claims| {
                let signed = signer.token(&header, &claims);
                claims["groups"] = json!(["g-verif"]);
                let parts: Vec<&str> = signed.split('.').collect();
                format!("{}.{}.{}", parts[0], B64.encode(claims.to_string().as_bytes()), parts[2])
            }),
        ),
        (
            "no signature",
            Box::new(|signer, header, claims| {
                signer.token(&header, &claims).rsplit_once('.').unwrap().0.to_owned()
            }),
        ),
        ("no token", Box::new(|_, _, _| String::new())),
        ("four parts", Box::new(|signer, header, claims| format!("{}.x", signer.token(&header, &claims)))),
    ];
    for (index, (what, press)) in table.into_iter().enumerate() {
        // A network has 30 tries.
        if index == 20 {
            (scene, idp) = desk(Signer::p256()).await;
        }
        idp.change(|it| it.press = press);
        refused(&scene, &idp, what).await;
    }
}

#[tokio::test]
async fn clocks_may_differ_by_a_minute_and_no_more() {
    let (scene, idp) = desk(Signer::rsa()).await;
    let now = scene.now().as_second();
    for (name, value) in [("exp", now - 59), ("nbf", now + 59), ("iat", now + 59)] {
        idp.change(|it| it.press = press(move |_, claims| claims[name] = json!(value)));
        assert!(sign_in(&scene, &idp).await.cookie("session").is_some(), "{name}");
    }
    idp.change(|it| it.press = press(|_, claims| claims["aud"] = json!([CLIENT])));
    assert!(sign_in(&scene, &idp).await.cookie("session").is_some(), "a list of one");
}

#[tokio::test]
async fn the_answer_must_belong_to_this_browser_this_sign_in_and_once() {
    let (scene, idp) = desk(Signer::p256()).await;
    let (cookie, address) = out(&scene, "/sign-in/provider").await;
    let (other, _) = out(&scene, "/sign-in/provider").await;
    let back = idp.authorize(&address);
    let shut = async |cookie: &str, back: &str, what: &str| {
        let answer = enter(&scene, cookie, back).await;
        assert!(answer.cookie("session").is_none(), "{what}");
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
    };
    shut(&cookie, "code=code-0&state=autre", "a wrong state").await;
    shut(&cookie, "code=code-0", "no state").await;
    shut(&other, &back, "another browser").await;
    shut("", &back, "no cookie").await;
    let (text, mark) = cookie.split_once('.').unwrap();
    shut(&format!("{text}A.{mark}"), &back, "a changed cookie").await;
    let forged = B64.encode(
        b"{\"state\":\"s\",\"nonce\":\"n\",\"verifier\":\"v\",\"begun\":0,\"back\":\"/\",\"again\":false}",
    );
    shut(&format!("{forged}.{mark}"), "code=code-0&state=s", "an invented cookie").await;
    assert_eq!(idp.asked("token"), 0, "none of these reached the service");
    assert!(enter(&scene, &cookie, &back).await.cookie("session").is_some());
    shut(&cookie, &back, "a second time").await;
    assert_eq!(idp.asked("token"), 1);
    let (fresh, address) = out(&scene, "/sign-in/provider").await;
    let used = provider_state(&address);
    shut(&fresh, &format!("code=code-0&state={used}"), "a code used before").await;
    let (late, address) = out(&scene, "/sign-in/provider").await;
    scene.pass(601);
    shut(&late, &idp.authorize(&address), "ten minutes later").await;
    let declined = scene.get("/sign-in/return?error=access_denied&state=x", "").await;
    assert_eq!(declined.status, StatusCode::UNPROCESSABLE_ENTITY);
}

fn provider_state(address: &str) -> String {
    super::provider::query(address.split_once('?').unwrap().1)["state"].clone()
}

/// RFC 9207 and OpenID Connect Discovery 1.0, 4.3: one service's answer is not taken for another's.
#[tokio::test]
async fn services_are_not_mixed_up() {
    let (scene, idp) = desk(Signer::p256()).await;
    let (cookie, address) = out(&scene, "/sign-in/provider").await;
    let back = format!("{}&iss=https://ailleurs.example", idp.authorize(&address));
    assert!(enter(&scene, &cookie, &back).await.cookie("session").is_none());
    let (scene, idp) = desk(Signer::p256()).await;
    idp.change(|it| it.metadata["authorization_response_iss_parameter_supported"] = json!(true));
    refused(&scene, &idp, "it promised to name itself").await;
    let (cookie, address) = out(&scene, "/sign-in/provider").await;
    let back = format!("{}&iss={}", idp.authorize(&address), idp.issuer);
    assert!(enter(&scene, &cookie, &back).await.cookie("session").is_some());
    for (name, value) in [
        ("issuer", "https://ailleurs.example"),
        ("token_endpoint", "http://ailleurs.example/token"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("jwks_uri", "file:///etc/passwd"),
    ] {
        let (scene, idp) = desk(Signer::p256()).await;
        idp.change(|it| it.metadata[name] = json!(value));
        let answer = scene.get("/sign-in/provider", "").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text.contains("name=\"password\""));
    }
}

#[tokio::test]
async fn new_keys_are_taken_up_and_forged_ones_make_no_storm() {
    let (scene, idp) = desk(Signer::rsa()).await;
    assert!(sign_in(&scene, &idp).await.cookie("session").is_some());
    scene.pass(31);
    idp.change(|it| (it.signer, it.key_id) = (Signer::p256(), "k2".to_owned()));
    assert!(sign_in(&scene, &idp).await.cookie("session").is_some(), "a new key");
    assert_eq!((idp.asked("keys"), idp.asked("metadata")), (2, 1));
    idp.change(|it| it.press = press(|header, _| header["kid"] = json!("k9")));
    for _ in 0..10 {
        refused(&scene, &idp, "an unknown key").await;
    }
    assert_eq!(idp.asked("keys"), 2);
    idp.change(|it| it.press = Box::new(|signer, header, claims| signer.token(&header, &claims)));
    scene.pass(3600);
    let later = scene.now().as_second() + 300;
    idp.change(|it| it.claims["exp"] = json!(later));
    assert!(sign_in(&scene, &idp).await.cookie("session").is_some());
    assert_eq!((idp.asked("keys"), idp.asked("metadata")), (3, 2), "after an hour both are asked for anew");
}

#[tokio::test]
async fn a_service_that_is_away_silent_or_endless_is_told_in_a_page() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let endless = axum::Router::new().fallback(|| async { "a".repeat(300_000) });
    tokio::spawn(async move { axum::serve(listener, endless).await });
    for issuer in
        ["http://127.0.0.1:1/x".to_owned(), format!("http://{address}/x"), format!("http://{address}")]
    {
        let idp = Idp::new(issuer, Signer::p256(), 0);
        let scene = Scene::with(&idp.config("")).await;
        let answer = scene.get("/sign-in/provider", "").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
        assert!(answer.text.contains("ne répond pas") && answer.text.contains("name=\"password\""));
    }
}

/// "Outgoing HTTPS by rustls to the configured issuer only": its certificate must be one that we trust, for its name.
#[tokio::test]
async fn the_service_must_show_a_certificate_that_we_trust() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(own.signing_key.serialize_der());
    let tls = rustls::ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key.into())
        .unwrap();
    let idp = Idp::new(format!("https://localhost:{port}/etablissement"), Signer::p256(), 0);
    let (acceptor, router) = (tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(tls)), idp.router());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (acceptor, router) = (acceptor.clone(), router.clone());
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = hyper_util::service::TowerToHyperService::new(router);
                let io = hyper_util::rt::TokioIo::new(stream);
                let _ = hyper::server::conn::http1::Builder::new().serve_connection(io, service).await;
            });
        }
    });
    for (name, certificate, good) in [("own.pem", &own, true), ("other.pem", &other, false)] {
        let path = folder.path().join(name);
        std::fs::write(&path, certificate.cert.pem()).unwrap();
        let trusted = format!("root_certificates = \"{}\"", path.display());
        let scene = Scene::with(&idp.config(&trusted)).await;
        let now = scene.now().as_second();
        idp.change(|it| {
            for (claim, at) in [("iat", now), ("nbf", now), ("exp", now + 300)] {
                it.claims[claim] = json!(at);
            }
        });
        if good {
            assert!(sign_in(&scene, &idp).await.cookie("session").is_some());
        } else {
            assert_eq!(scene.get("/sign-in/provider", "").await.status, StatusCode::SERVICE_UNAVAILABLE);
        }
    }
}
