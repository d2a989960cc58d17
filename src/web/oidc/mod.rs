//! Signing in with the establishment's own service: OpenID Connect Core 1.0, the authorisation code with PKCE (RFC 7636).
//!
//! In: a browser that comes back from the service. Out: who it is and which roles their groups give, or why that is not
//! believed. Connects to the configured issuer alone. Nothing is kept between the two halves but a signed cookie of ten minutes.

mod claims;
mod discovery;
mod flow;
mod http;
mod pages;
mod token;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use claims::Identity;
use discovery::{Known, Metadata};
use flow::Flow;
pub(super) use pages::{enter, leave, returned, start};

use crate::model::{Masked, settings};

/// Why the service that is configured cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The secret cannot be read.
    #[error("oidc.client_secret_file = {0}: {1}")]
    Secret(String, &'static str),
    /// The trusted certificates cannot be read.
    #[error("oidc.root_certificates = {0}: {1}")]
    Roots(String, String),
    /// The system has no trusted certificates.
    #[error(
        "the system has no trusted certificates (Debian: ca-certificates), and oidc.root_certificates is not set"
    )]
    NoRoots,
}

impl OpenError {
    /// The setting under `[oidc]` that tells of it.
    #[must_use]
    pub fn setting(&self) -> &'static str {
        match self {
            Self::Secret(..) => "client_secret_file",
            Self::Roots(..) => "root_certificates",
            Self::NoRoots => "issuer",
        }
    }
}

/// Why nobody was signed in. It says what is wrong with an answer, never what the answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// The service does not answer, or not as one that speaks OpenID Connect.
    #[error("the sign-in service {0}")]
    Down(&'static str),
    /// Its answer is not believed.
    #[error("the answer of the sign-in service is refused: {0}")]
    Untrusted(&'static str),
    /// The person, or the service, gave up.
    #[error("the sign-in service let nobody in")]
    Declined,
    /// The person is known there, and has no role here.
    #[error("no group of this person has a role here")]
    NoRole,
}

/// The configured service.
pub struct Provider {
    settings: settings::Oidc,
    secret: Option<Masked>,
    client: http::Client,
    known: Mutex<Known>,
}

impl Provider {
    /// Reads the secret and the trusted certificates. The service itself is asked when somebody first signs in: its being away
    /// keeps nothing from starting.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(settings: &settings::Oidc) -> Result<Self, OpenError> {
        let secret = settings.client_secret_file.as_deref().map(secret).transpose()?;
        let client = http::Client::new(settings)?;
        Ok(Self { settings: settings.clone(), secret, client, known: Mutex::default() })
    }

    /// Where to send a browser, and what it keeps meanwhile.
    async fn begin(&self, home: &str, flow: &Flow, now: Timestamp) -> Result<String, Fault> {
        let metadata = self.metadata(now).await?;
        let scope = self.settings.scopes.join(" ");
        let (redirect, challenge) = (return_address(home), flow.challenge());
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", self.settings.client_id.as_str()),
            ("redirect_uri", redirect.as_str()),
            ("scope", scope.as_str()),
            ("state", flow.state.as_str()),
            ("nonce", flow.nonce.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        if flow.again {
            fields.extend([("prompt", "login"), ("max_age", "0")]);
        }
        Ok(with_query(&metadata.authorization_endpoint, &fields))
    }

    /// Changes a code for an identity. `issuer` is what the answer says of who gave it (RFC 9207).
    async fn finish(
        &self,
        home: &str,
        flow: &Flow,
        code: &str,
        issuer: Option<&str>,
        now: Timestamp,
    ) -> Result<Identity, Fault> {
        let metadata = self.metadata(now).await?;
        match issuer {
            Some(issuer) if issuer != self.settings.issuer => {
                return Err(Fault::Untrusted("it comes from another service"));
            }
            None if metadata.names_itself => {
                return Err(Fault::Untrusted("it does not say which service gave it"));
            }
            _ => {}
        }
        let token = self.redeem(&metadata, home, flow, code).await?;
        let claims = self.verified(&metadata, &token, flow, now).await?;
        claims::identity(&self.settings, &claims, flow.again, now)
    }

    /// Where a browser ends its session at the service, when the service has such a place.
    async fn farewell(&self, home: &str, now: Timestamp) -> Option<String> {
        let metadata = self.metadata(now).await.ok()?;
        let back = format!("{home}/sign-in");
        let fields =
            [("client_id", self.settings.client_id.as_str()), ("post_logout_redirect_uri", back.as_str())];
        metadata.end_session_endpoint.as_deref().map(|place| with_query(place, &fields))
    }

    async fn redeem(
        &self,
        metadata: &Metadata,
        home: &str,
        flow: &Flow,
        code: &str,
    ) -> Result<Masked, Fault> {
        let redirect = return_address(home);
        let id = self.settings.client_id.as_str();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect.as_str()),
            ("code_verifier", flow.verifier.as_str()),
        ];
        let basic = match &self.secret {
            Some(secret) if metadata.takes_basic => {
                let pair = format!("{}:{}", encoded(id), encoded(secret.reveal()));
                Some(Masked::new(format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes()))))
            }
            Some(secret) => {
                fields.extend([("client_id", id), ("client_secret", secret.reveal())]);
                None
            }
            None => {
                fields.push(("client_id", id));
                None
            }
        };
        let form = Masked::new(pairs(&fields));
        let answer = self.client.post(&metadata.token_endpoint, &form, basic.as_ref()).await?;
        let answer: TokenAnswer =
            serde_json::from_slice(&answer).map_err(|_| Fault::Untrusted("it gives no identity token"))?;
        Ok(Masked::new(answer.id_token))
    }

    /// The claims of a token, once its signature and its terms are proved. An unknown key makes us ask for the keys again: services
    /// change them.
    async fn verified(
        &self,
        metadata: &Metadata,
        token: &Masked,
        flow: &Flow,
        now: Timestamp,
    ) -> Result<token::Claims, Fault> {
        let terms = token::Terms {
            issuer: &self.settings.issuer,
            client_id: &self.settings.client_id,
            nonce: &flow.nonce,
            now: now.as_second(),
            skew: i64::try_from(self.settings.clock_skew.as_secs()).unwrap_or(0),
        };
        for fresh in [false, true] {
            let keys = self.keys(metadata, fresh, now).await?;
            match token::verify(token.reveal(), &keys, &terms) {
                Err(token::Refused::UnknownKey) if !fresh => {}
                Err(token::Refused::UnknownKey) => break,
                Err(token::Refused::Because(why)) => return Err(Fault::Untrusted(why)),
                Ok(claims) => return Ok(claims),
            }
        }
        Err(Fault::Untrusted("its token is signed with a key that the service does not publish"))
    }
}

/// Whether an answer belongs to this sign-in.
fn same_state(flow: &Flow, state: &str) -> bool {
    super::secrets::same(flow.state.as_bytes(), state.as_bytes())
}

#[derive(serde::Deserialize)]
struct TokenAnswer {
    id_token: String,
}

/// The address that a browser comes back to.
fn return_address(home: &str) -> String {
    format!("{home}/sign-in/return")
}

/// How long the two halves of a sign-in may lie apart.
pub(super) const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// Reads the secret's file: one line that not everybody may read.
fn secret(path: &Path) -> Result<Masked, OpenError> {
    let fault = |why| OpenError::Secret(path.display().to_string(), why);
    let mode =
        fs::metadata(path).map_err(|_| fault("it is not there, or may not be read"))?.permissions().mode();
    if mode & 0o007 != 0 {
        return Err(fault("anybody may read this secret; chmod 600 it"));
    }
    let text = fs::read_to_string(path).map_err(|_| fault("it cannot be read as text"))?;
    let text = Masked::new(text);
    match text.reveal().trim() {
        "" => Err(fault("it is empty; put the client secret on its first line")),
        line if line.contains(['\n', '\r']) => {
            Err(fault("it has several lines; keep the client secret alone"))
        }
        line => Ok(Masked::new(line)),
    }
}

/// An address with fields after it.
fn with_query(address: &str, fields: &[(&str, &str)]) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{}", pairs(fields))
}

/// Fields as forms and addresses write them.
fn pairs(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// Percent-encodes all but what RFC 3986, 2.3 reserves for nothing.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}
