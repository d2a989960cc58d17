//! A sign-in service on loopback, which keeps the protocol, or breaks it where a test says so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use data_encoding::{BASE64, BASE64URL_NOPAD as B64};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Our name there, and the secret.
pub const CLIENT: &str = "vaguemestre";
pub const SECRET: &str = "un secret: essai";

/// A key that signs tokens.
pub enum Signer {
    Rsa(Box<RsaKeyPair>),
    P256(Box<EcdsaKeyPair>),
}

impl Signer {
    pub fn rsa() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::from_pkcs8(include_bytes!("rsa.pk8")).unwrap()))
    }

    /// A new one each time.
    pub fn p256() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random);
        Self::P256(Box::new(pair.unwrap()))
    }

    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::P256(_) => "ES256",
        }
    }

    fn sign(&self, text: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, text, &mut signature).unwrap();
                signature
            }
            Self::P256(pair) => pair.sign(&random, text).unwrap().as_ref().to_vec(),
        }
    }

    fn public(&self, id: &str) -> Value {
        match self {
            Self::Rsa(pair) => {
                let public = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({"kty": "RSA", "kid": id, "use": "sig", "n": B64.encode(&public.n), "e": B64.encode(&public.e)})
            }
            Self::P256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (B64.encode(&point[1..33]), B64.encode(&point[33..]));
                json!({"kty": "EC", "kid": id, "use": "sig", "crv": "P-256", "alg": "ES256", "x": x, "y": y})
            }
        }
    }

    /// A token with this header and these claims.
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        let text = format!(
            "{}.{}",
            B64.encode(header.to_string().as_bytes()),
            B64.encode(claims.to_string().as_bytes())
        );
        let signature = self.sign(text.as_bytes());
        format!("{text}.{}", B64.encode(&signature))
    }
}

/// Makes a token of a header and claims: where a test breaks what it wants.
pub type Press = Box<dyn Fn(&Signer, Value, Value) -> String + Send>;

/// What the service knows.
pub struct Inner {
    pub signer: Signer,
    pub key_id: String,
    pub claims: Value,
    pub metadata: Value,
    pub press: Press,
    /// Codes that were given and not used: nonce and challenge.
    codes: HashMap<String, (String, String)>,
    pub asked: HashMap<&'static str, usize>,
}

/// The service.
#[derive(Clone)]
pub struct Idp {
    pub issuer: String,
    pub inner: Arc<Mutex<Inner>>,
}

impl Idp {
    /// Starts one, whose clock says `now`.
    pub async fn start(signer: Signer, now: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/etablissement", listener.local_addr().unwrap());
        let idp = Self::new(issuer, signer, now);
        let router = idp.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        idp
    }

    pub fn new(issuer: String, signer: Signer, now: i64) -> Self {
        let metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "end_session_endpoint": format!("{issuer}/logout"),
        });
        let claims = json!({
            "iss": issuer, "aud": CLIENT, "sub": "0001", "iat": now, "nbf": now, "exp": now + 300, "auth_time": now,
            "preferred_username": "MTremblay@cissslau.example", "name": "Marie Tremblay",
            "email": "marie.tremblay@cissslau.example", "groups": ["g-archives", "g-autre"], "amr": ["pwd", "mfa"],
        });
        let inner = Inner {
            signer,
            key_id: "k1".to_owned(),
            claims,
            metadata,
            press: Box::new(|signer, header, claims| signer.token(&header, &claims)),
            codes: HashMap::new(),
            asked: HashMap::new(),
        };
        Self { issuer, inner: Arc::new(Mutex::new(inner)) }
    }

    pub fn router(&self) -> Router {
        Router::new()
            .route("/etablissement/.well-known/openid-configuration", get(metadata))
            .route("/etablissement/authorize", get(authorize))
            .route("/etablissement/keys", get(keys))
            .route("/etablissement/token", post(token))
            .with_state(self.clone())
    }

    /// What a configuration says of it.
    pub fn config(&self, extra: &str) -> String {
        format!(
            "[oidc]\nissuer = \"{}\"\nclient_id = \"{CLIENT}\"\n{extra}\ngrants = [\
             {{ group = \"g-archives\", role = \"archivist\", departments = [\"cissslau.example\"] }}, \
             {{ group = \"g-verif\", role = \"auditor\" }}]\n",
            self.issuer
        )
    }

    /// What a person does there: signs in, and is sent back with a code. Gives the query of the way back.
    pub fn authorize(&self, address: &str) -> String {
        let fields = query(address.split_once('?').unwrap().1);
        assert_eq!(fields["response_type"], "code");
        assert_eq!(
            (fields["client_id"].as_str(), fields["code_challenge_method"].as_str()),
            (CLIENT, "S256")
        );
        assert!(fields["redirect_uri"].ends_with("/sign-in/return"));
        let mut inner = self.inner.lock().unwrap();
        let code =
            format!("code-{}", inner.codes.len() + inner.asked.get("token").copied().unwrap_or(0) * 100);
        inner.codes.insert(code.clone(), (fields["nonce"].clone(), fields["code_challenge"].clone()));
        format!("code={code}&state={}", fields["state"])
    }

    pub fn change(&self, change: impl FnOnce(&mut Inner)) {
        change(&mut self.inner.lock().unwrap());
    }

    pub fn asked(&self, what: &'static str) -> usize {
        self.inner.lock().unwrap().asked.get(what).copied().unwrap_or(0)
    }
}

/// Fields of a query or a form.
pub fn query(text: &str) -> HashMap<String, String> {
    let decode = |text: &str| {
        let mut bytes = text.bytes();
        let mut out = Vec::new();
        while let Some(byte) = bytes.next() {
            let mut digit = || char::from(bytes.next().unwrap()).to_digit(16).unwrap();
            out.push(if byte == b'%' { u8::try_from(digit() * 16 + digit()).unwrap() } else { byte });
        }
        String::from_utf8(out).unwrap()
    };
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), decode(value)))
        .collect()
}

fn answer(status: StatusCode, json: &Value) -> Response {
    (status, [("content-type", "application/json")], json.to_string()).into_response()
}

/// Sends the browser straight back, as for a person who is signed in there already.
async fn authorize(State(idp): State<Idp>, uri: axum::http::Uri) -> axum::response::Redirect {
    let fields = query(uri.query().unwrap_or_default());
    let back = idp.authorize(&uri.to_string());
    axum::response::Redirect::to(&format!("{}?{back}", fields["redirect_uri"]))
}

async fn metadata(State(idp): State<Idp>) -> Response {
    let mut inner = idp.inner.lock().unwrap();
    *inner.asked.entry("metadata").or_default() += 1;
    answer(StatusCode::OK, &inner.metadata)
}

async fn keys(State(idp): State<Idp>) -> Response {
    let mut inner = idp.inner.lock().unwrap();
    *inner.asked.entry("keys").or_default() += 1;
    let other = json!({"kty": "OKP", "crv": "Ed25519", "kid": "other", "x": "AA"});
    answer(StatusCode::OK, &json!({"keys": [other, inner.signer.public(&inner.key_id)]}))
}

/// RFC 6749, 4.1.3 and RFC 7636, 4.6: who asks, with which code, once, and with the verifier that goes with it.
async fn token(State(idp): State<Idp>, headers: HeaderMap, form: String) -> Response {
    let mut inner = idp.inner.lock().unwrap();
    *inner.asked.entry("token").or_default() += 1;
    let refused = answer(StatusCode::BAD_REQUEST, &json!({"error": "invalid_grant"}));
    let form = query(&form);
    let pair = BASE64.encode(format!("{CLIENT}:un%20secret%3A%20essai").as_bytes());
    let basic = headers.get("authorization").is_some_and(|it| *it == format!("Basic {pair}"));
    let posted = form.get("client_secret").is_some_and(|it| it == SECRET);
    let Some((nonce, challenge)) = form.get("code").and_then(|code| inner.codes.remove(code)) else {
        return refused;
    };
    let verifier = form.get("code_verifier").map_or("", String::as_str);
    let digest = <sha2::Sha256 as sha2::Digest>::digest(verifier.as_bytes());
    if B64.encode(&digest) != challenge
        || !(basic || posted || form.get("client_id").is_some_and(|it| it == CLIENT))
    {
        return refused;
    }
    let header = json!({"alg": inner.signer.algorithm(), "kid": inner.key_id, "typ": "JWT"});
    let mut claims = inner.claims.clone();
    claims["nonce"] = nonce.into();
    let token = (inner.press)(&inner.signer, header, claims);
    answer(StatusCode::OK, &json!({"access_token": "a", "token_type": "Bearer", "id_token": token}))
}
