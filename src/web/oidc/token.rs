//! The identity token: a signed JSON text (RFC 7515, RFC 7519). Pure: bytes, keys and terms in, claims or a refusal out.
//!
//! The checks are those of OpenID Connect Core 1.0, 3.1.3.7, with `nbf` besides. RS256 and ES256 alone are read: `none`, the
//! symmetric kinds and whatever a token might ask for otherwise (RFC 8725, 2.1) do not exist here.

use data_encoding::BASE64URL_NOPAD as BASE64;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::web::secrets::same;

/// What a token says.
pub(in crate::web) type Claims = Map<String, Value>;

/// What a token must say.
pub(super) struct Terms<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    /// Seconds since 1970.
    pub(super) now: i64,
    /// Seconds by which clocks may differ.
    pub(super) skew: i64,
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// No key of the service has its name.
    UnknownKey,
    /// What is wrong with it.
    Because(&'static str),
}

/// A public key of the service.
pub(super) struct Key {
    id: Option<String>,
    public: Public,
}

enum Public {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point of P-256.
    P256(Vec<u8>),
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

impl Key {
    /// Reads a key set; keys of other kinds and purposes are passed over. `None` when it is no key set.
    pub(super) fn read_all(json: &[u8]) -> Option<Vec<Self>> {
        let set: Jwks = serde_json::from_slice(json).ok()?;
        Some(set.keys.into_iter().filter_map(|key| Self::read(serde_json::from_value(key).ok()?)).collect())
    }

    fn read(jwk: Jwk) -> Option<Self> {
        let bytes = |text: Option<String>| BASE64.decode(text?.as_bytes()).ok();
        let algorithm = |name: &str| jwk.alg.as_deref().is_none_or(|alg| alg == name);
        let public = match jwk.kty.as_str() {
            _ if jwk.purpose.as_deref().is_some_and(|purpose| purpose != "sig") => return None,
            "RSA" if algorithm("RS256") => {
                let n: Vec<u8> = bytes(jwk.n)?.into_iter().skip_while(|byte| *byte == 0).collect();
                Public::Rsa { n, e: bytes(jwk.e)? }
            }
            "EC" if algorithm("ES256") && jwk.crv.as_deref() == Some("P-256") => {
                let (x, y) = (bytes(jwk.x)?, bytes(jwk.y)?);
                (x.len() == 32 && y.len() == 32).then(|| Public::P256([&[4], x.as_slice(), &y].concat()))?
            }
            _ => return None,
        };
        Some(Self { id: jwk.kid, public })
    }

    /// Whether this key signed a text in this way.
    fn signed(&self, algorithm: &str, text: &[u8], signature: &[u8]) -> bool {
        let verified = match (&self.public, algorithm) {
            (Public::Rsa { n, e }, "RS256") => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, text, signature)
            }
            (Public::P256(point), "ES256") => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(text, signature)
            }
            _ => return false,
        };
        verified.is_ok()
    }
}

/// Checks a token's signature and terms, and gives its claims.
pub(super) fn verify(token: &str, keys: &[Key], terms: &Terms<'_>) -> Result<Claims, Refused> {
    let why = Refused::Because;
    let mut parts = token.rsplitn(2, '.');
    let (Some(signature), Some(text)) = (parts.next(), parts.next()) else {
        return Err(why("its token is not signed"));
    };
    let Some((header, claims)) = text.split_once('.').filter(|(_, claims)| !claims.contains('.')) else {
        return Err(why("its token has not three parts"));
    };
    let decoded = |text: &str| BASE64.decode(text.as_bytes()).map_err(|_| why("its token cannot be read"));
    let header: Header =
        serde_json::from_slice(&decoded(header)?).map_err(|_| why("its token has no header"))?;
    if !matches!(header.alg.as_str(), "RS256" | "ES256") {
        return Err(why("its token is signed otherwise than by RS256 or ES256"));
    }
    if header.crit.is_some() {
        return Err(why("its token asks for what we do not know"));
    }
    let named = keys.iter().filter(|key| header.kid.is_none() || key.id == header.kid);
    let named: Vec<&Key> = named.collect();
    if named.is_empty() {
        return Err(Refused::UnknownKey);
    }
    let signature = decoded(signature)?;
    if !named.iter().any(|key| key.signed(&header.alg, text.as_bytes(), &signature)) {
        return Err(why("the signature of its token is wrong"));
    }
    let claims: Claims =
        serde_json::from_slice(&decoded(claims)?).map_err(|_| why("its token holds no claims"))?;
    check(&claims, terms).map_err(why)?;
    Ok(claims)
}

/// Whose token it is, for whom, and when.
fn check(claims: &Claims, terms: &Terms<'_>) -> Result<(), &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(terms.issuer) {
        return Err("its token comes from another service");
    }
    let for_us = match claims.get("aud") {
        Some(Value::String(one)) => one == terms.client_id,
        // Several: then it must say for whom it was made first.
        Some(Value::Array(all)) => {
            all.iter().any(|one| one.as_str() == Some(terms.client_id))
                && (all.len() == 1 || text("azp").is_some())
        }
        _ => false,
    };
    if !for_us || text("azp").is_some_and(|azp| azp != terms.client_id) {
        return Err("its token is for another application");
    }
    let expires = second(claims, "exp")?.ok_or("its token has no end")?;
    if expires <= terms.now - terms.skew {
        return Err("its token is over");
    }
    let issued = second(claims, "iat")?.ok_or("its token does not say when it was made")?;
    let begins = second(claims, "nbf")?.unwrap_or(issued);
    if issued.max(begins) > terms.now + terms.skew {
        return Err("its token is of the future: compare the clocks");
    }
    if !text("nonce").is_some_and(|nonce| same(nonce.as_bytes(), terms.nonce.as_bytes())) {
        return Err("its token was made for another sign-in");
    }
    match text("sub") {
        Some(subject) if (1..=255).contains(&subject.len()) => Ok(()),
        _ => Err("its token names nobody"),
    }
}

/// A time of the claims, whole or with a fraction (RFC 7519, 2, NumericDate). Whatever else stands there is refused.
pub(super) fn second(claims: &Claims, name: &str) -> Result<Option<i64>, &'static str> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => {
            let whole = value.to_string();
            let whole = whole.split('.').next().and_then(|whole| whole.parse::<i64>().ok());
            let sane = whole.filter(|at| {
                value.is_number() && !value.to_string().contains('e') && (0..=253_402_300_799).contains(at)
            });
            sane.map(Some).ok_or("a time of its token cannot be read")
        }
    }
}
