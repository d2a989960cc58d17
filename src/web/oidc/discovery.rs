//! What the service says of itself (OpenID Connect Discovery 1.0), and its keys (RFC 7517), kept for an hour.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::token::Key;
use super::{Fault, Provider};

/// How long what the service said is believed.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// How soon its keys may be asked for again because of a key we do not know: forged tokens make no storm.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// What was learned, and when.
#[derive(Default)]
pub(super) struct Known {
    metadata: Option<(Arc<Metadata>, Timestamp)>,
    keys: Option<(Arc<Vec<Key>>, Timestamp)>,
}

/// Where the service is reached.
pub(super) struct Metadata {
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    pub(super) end_session_endpoint: Option<String>,
    /// Whether it takes the client's secret in a header.
    pub(super) takes_basic: bool,
    /// Whether its answers always name it (RFC 9207).
    pub(super) names_itself: bool,
}

#[derive(Deserialize)]
struct Written {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Provider {
    /// Where the service is reached, asked again when that is an hour old.
    pub(super) async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, Fault> {
        let mut known = self.known.lock().await;
        if let Some((metadata, _)) = known.metadata.as_ref().filter(|(_, at)| now.duration_since(*at) < FRESH)
        {
            return Ok(Arc::clone(metadata));
        }
        let issuer = &self.settings.issuer;
        let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let answer = self.client.get(&place).await?;
        let written: Written =
            serde_json::from_slice(&answer).map_err(|_| Fault::Down("does not describe itself"))?;
        let metadata = Arc::new(self.believed(written)?);
        known.metadata = Some((Arc::clone(&metadata), now));
        Ok(metadata)
    }

    /// OpenID Connect Discovery 1.0, 4.3: the name must be the one that was asked for.
    fn believed(&self, written: Written) -> Result<Metadata, Fault> {
        if written.issuer != self.settings.issuer {
            return Err(Fault::Untrusted("it names itself otherwise than oidc.issuer"));
        }
        let places = [&written.authorization_endpoint, &written.token_endpoint, &written.jwks_uri];
        let end = written.end_session_endpoint.as_ref();
        if !places.into_iter().chain(end).all(|place| self.client.is_safe(place)) {
            return Err(Fault::Untrusted("it names an address without TLS"));
        }
        let methods = written.token_endpoint_auth_methods_supported;
        Ok(Metadata {
            takes_basic: methods.is_none_or(|all| all.iter().any(|method| method == "client_secret_basic")),
            authorization_endpoint: written.authorization_endpoint,
            token_endpoint: written.token_endpoint,
            jwks_uri: written.jwks_uri,
            end_session_endpoint: written.end_session_endpoint,
            names_itself: written.authorization_response_iss_parameter_supported,
        })
    }

    /// The keys that the service signs with; `again` asks for them anew, unless that was just done.
    pub(super) async fn keys(
        &self,
        metadata: &Metadata,
        again: bool,
        now: Timestamp,
    ) -> Result<Arc<Vec<Key>>, Fault> {
        let mut known = self.known.lock().await;
        let good_for = if again { PAUSE } else { FRESH };
        if let Some((keys, _)) = known.keys.as_ref().filter(|(_, at)| now.duration_since(*at) < good_for) {
            return Ok(Arc::clone(keys));
        }
        let answer = self.client.get(&metadata.jwks_uri).await?;
        let keys = Key::read_all(&answer).ok_or(Fault::Down("does not publish its keys"))?;
        let keys = Arc::new(keys);
        known.keys = Some((Arc::clone(&keys), now));
        Ok(keys)
    }
}
