//! What a browser keeps between the two halves of a sign-in: a signed cookie that lasts ten minutes.

use data_encoding::{BASE64URL_NOPAD as BASE64, HEXLOWER as HEX};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::PATIENCE;
use crate::ports::Store;
use crate::web::secrets::{NoRandomness, id, same};

/// Name under which these cookies are signed.
const PURPOSE: &str = "sign-in";

/// One sign-in under way.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::web) struct Flow {
    /// Ties the answer to this browser.
    pub(super) state: String,
    /// Ties the token to this sign-in.
    pub(super) nonce: String,
    /// What proves to the service that whoever has the code is who asked for it (RFC 7636).
    pub(super) verifier: String,
    /// When it began, in seconds.
    begun: i64,
    /// Where to go afterwards; a page of ours.
    pub(super) back: String,
    /// Whether the service asks the person anew.
    pub(super) again: bool,
}

impl Flow {
    /// Begins one.
    pub(super) fn new(back: &str, again: bool, now: Timestamp) -> Result<Self, NoRandomness> {
        let back = if is_ours(back) { back } else { "/" };
        let (state, nonce, verifier) = (id()?, id()?, id()?);
        Ok(Self { state, nonce, verifier, begun: now.as_second(), back: back.to_owned(), again })
    }

    /// What the service is shown of the verifier.
    pub(super) fn challenge(&self) -> String {
        BASE64.encode(&Sha256::digest(self.verifier.as_bytes()))
    }

    /// As a cookie.
    pub(super) fn sealed(&self, store: &dyn Store) -> String {
        let text = BASE64.encode(&serde_json::to_vec(self).unwrap_or_default());
        format!("{text}.{}", HEX.encode(&store.mark(PURPOSE, &text)))
    }

    /// Reads a cookie of ours, while it lasts.
    pub(super) fn opened(store: &dyn Store, cookie: &str, now: Timestamp) -> Option<Self> {
        let (text, mark) = cookie.split_once('.')?;
        let mark = HEX.decode(mark.as_bytes()).ok()?;
        if !same(&mark, &store.mark(PURPOSE, text)) {
            return None;
        }
        let flow: Self = serde_json::from_slice(&BASE64.decode(text.as_bytes()).ok()?).ok()?;
        (0..=PATIENCE.as_secs()).contains(&(now.as_second() - flow.begun)).then_some(flow)
    }

    /// The name under which its use is written down, once.
    pub(super) fn slot(&self) -> String {
        format!("sign-in {}", HEX.encode(&Sha256::digest(self.state.as_bytes())))
    }
}

/// Whether this is a path on our own pages: no other host, in whatever spelling.
fn is_ours(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 500
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}
