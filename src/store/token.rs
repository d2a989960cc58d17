//! The token of a release: proof that this very message, for these very recipients, was sent by us just now.
//!
//! `<release>.<attempt>.<milliseconds>.<HMAC>`: the HMAC covers the three, the envelope and the message, so that a token
//! seen on the wire opens nothing else. Of the message, the body is digested, and of its header the few fields of [`DIGESTED`],
//! as DKIM's "relaxed" headers would see them (RFC 6376, 3.4.2).

use data_encoding::HEXLOWER as HEX;
use hmac::Mac;
use sha2::{Digest, Sha256};

use super::keys::KeyRing;
use crate::mime::split_header;
use crate::model::{Address, Envelope};

/// A token's clear part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The release row.
    pub(super) release: String,
    /// Number of the try.
    pub(super) attempt: i64,
    /// When it was made, in milliseconds.
    pub(super) armed_at: i64,
}

/// Longest life of a token.
pub(super) const LIFE_MILLIS: i64 = 10 * 60 * 1_000;

impl Token {
    /// Signs it for a message.
    pub(super) fn sign(&self, keys: &KeyRing, envelope: &Envelope, content: &[u8]) -> String {
        let mac = self.mac(keys, envelope, content).finalize().into_bytes();
        format!("{}.{}.{}.{}", self.release, self.attempt, self.armed_at, HEX.encode(&mac))
    }

    /// Reads a token and its HMAC, which proves nothing yet.
    pub(super) fn read(text: &str) -> Option<(Self, Vec<u8>)> {
        let mut fields = text.trim().split('.');
        let token = Self {
            release: fields.next()?.to_owned(),
            attempt: fields.next()?.parse().ok()?,
            armed_at: fields.next()?.parse().ok()?,
        };
        let mac = HEX.decode(fields.next()?.as_bytes()).ok()?;
        fields.next().is_none().then_some((token, mac))
    }

    /// Whether the HMAC was made for this message.
    pub(super) fn proves(&self, mac: &[u8], keys: &KeyRing, envelope: &Envelope, content: &[u8]) -> bool {
        self.mac(keys, envelope, content).verify_slice(mac).is_ok()
    }

    fn mac(&self, keys: &KeyRing, envelope: &Envelope, content: &[u8]) -> hmac::Hmac<Sha256> {
        keys.release_mac()
            .chain_update(format!("v2 {} {} {}\n", self.release, self.attempt, self.armed_at))
            .chain_update(envelope_digest(envelope))
            .chain_update(content_digest(content))
    }
}

/// SHA-256 over the sender and the sorted recipients.
fn envelope_digest(envelope: &Envelope) -> [u8; 32] {
    let mut recipients: Vec<String> = envelope.recipients.iter().map(Address::reveal).collect();
    recipients.sort_unstable();
    let sender = envelope.sender.as_ref().map(Address::reveal).unwrap_or_default();
    let mut hash = Sha256::new().chain_update(sender).chain_update("\n");
    for recipient in recipients {
        hash.update(recipient);
        hash.update("\n");
    }
    hash.finalize().into()
}

/// Header fields under the digest: what is read of a message besides its body, and what tells how the body is read. No MTA adds or
/// rewrites one between two passages. The others are left out, one and all: Postfix adds `Resent-Message-Id`, `Date` and the like and
/// completes addresses in any field that holds some (`local_header_rewrite_clients`), and other milters leave their marks.
/// Who changes one of them on our own machine has gained nothing: the envelope, which says who gets the message, is under the HMAC.
const DIGESTED: [&str; 7] = [
    "subject",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "content-description",
    "content-id",
];

/// SHA-256 over what counts of the header, relaxed, and the body, byte for byte but for empty lines at its end.
fn content_digest(content: &[u8]) -> [u8; 32] {
    let (fields, body) = split_header(content);
    let mut hash = Sha256::new();
    for field in fields.iter().filter(|field| DIGESTED.iter().any(|name| field.is(name))) {
        hash.update(field.name.to_ascii_lowercase());
        hash.update(":");
        for word in field.value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
            hash.update(word);
            hash.update(" ");
        }
        hash.update("\n");
    }
    hash.update("\n");
    let body = content.get(body..).unwrap_or_default();
    let end = body.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
    hash.update(body.get(..end).unwrap_or_default());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::content_digest;

    const MESSAGE: &[u8] = b"Subject: a\r\n b\r\nDate: x\r\n\r\nHello\r\n.dot\r\n";

    /// postconf(5), local_header_rewrite_clients: "Rewrite or add message headers in mail from these clients, updating incomplete
    /// addresses with the domain name in $myorigin or $mydomain, and adding missing headers."
    #[test]
    fn what_an_mta_or_another_milter_adds_does_not_change_the_digest() {
        let same: [&[u8]; 6] = [
            b"Resent-From: a\r\nErrors-To: a\r\nSubject: a b\r\n\r\nHello\r\n.dot\r\n",
            b"Subject: a b\r\nResent-Message-Id: <1@x>\r\nErrors-To: a@x\r\nX-Spam-Status: No\r\n\r\nHello\r\n.dot\r\n",
            b"Received: from x\r\n\tby y\r\nSubject: a\r\n b\r\nDate: x\r\n\r\nHello\r\n.dot\r\n",
            b"X-Vaguemestre-Release: t\r\nSubject:a b\r\n\r\nHello\r\n.dot\r\n",
            b"subject: a b\r\nMessage-ID: <1@x>\r\nDate: y\r\n\r\nHello\r\n.dot\r\n\r\n",
            b"Subject: a\r\n b\r\n\r\nHello\r\n.dot",
        ];
        for other in same {
            assert_eq!(content_digest(other), content_digest(MESSAGE), "{}", String::from_utf8_lossy(other));
        }
    }

    #[test]
    fn any_other_change_changes_the_digest() {
        let other: [&[u8]; 5] = [
            b"Subject: a c\r\n\r\nHello\r\n.dot\r\n",
            b"Subject: a b\r\n\r\nHello \r\n.dot\r\n",
            b"Subject: a b\r\nContent-Type: text/html\r\n\r\nHello\r\n.dot\r\n",
            b"Subject: a b\r\n\r\nHello\r\n..dot\r\n",
            b"Subject: a b\r\n\r\n",
        ];
        for other in other {
            assert_ne!(content_digest(other), content_digest(MESSAGE), "{}", String::from_utf8_lossy(other));
        }
    }
}
