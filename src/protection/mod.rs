//! Floor 1: how the content of a part is protected.
//!
//! In: what a part claims to be, its name, its bytes. Out: the protection that hides it, or what a signature wraps. It holds no
//! key and opens nothing. The bytes decide; names and media types only tell where to look, since a sender controls both.

pub mod archive;
pub mod cms;
mod envelope;
pub mod pgp;
pub mod sealed;

use crate::model::{ProtectionKind, Strength};

/// What a part shows of itself.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Media type in lower case.
    pub media: &'a str,
    /// File name, when there is one.
    pub name: Option<&'a str>,
    /// Content.
    pub bytes: &'a [u8],
}

/// A protection that hides a part's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Which one.
    pub kind: ProtectionKind,
    /// How strong it is, as far as it shows.
    pub strength: Strength,
    /// Who can open it, as far as it shows: `issuer #serial`, `key id`.
    pub readers: Vec<String>,
    /// What it says in clear: the headers of armor.
    pub said: String,
}

/// First bytes of a Microsoft rights-managed message (compiled by us, 2026-11, as public readers of such files have them).
const RPMSG: &[u8] = &[0x76, 0xE8, 0x04, 0x60, 0xC4, 0x11, 0xE3, 0x86];

/// The protection that hides a part's content, when the bytes show one.
#[must_use]
pub fn of(shown: Shown<'_>) -> Option<Hidden> {
    let hidden = |kind, strength, readers| Some(Hidden { kind, strength, readers, said: String::new() });
    if is_rpmsg(shown) {
        return hidden(ProtectionKind::Ome, Strength::Unknown, Vec::new());
    }
    if cms::content(shown.bytes) == cms::Content::Enveloped {
        let (strength, readers) = envelope::read(shown.bytes);
        return hidden(ProtectionKind::Smime, strength, readers);
    }
    if pgp::is_encrypted(shown) {
        let (readers, said) = (pgp::readers(shown.bytes), pgp::said(shown.bytes));
        return Some(Hidden { kind: ProtectionKind::Pgp, strength: Strength::Unknown, readers, said });
    }
    if pgp::is_control(shown) {
        return hidden(ProtectionKind::Pgp, Strength::Unknown, Vec::new());
    }
    None
}

/// What stands in the lines of a PEM text that is one CMS object and nothing else (RFC 7468, 8 and 9). The letters of an envelope look like
/// any text.
#[must_use]
pub fn pem(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = bytes.trim_ascii();
    let labels = ["CMS", "PKCS7", "PKCS #7 SIGNED DATA"];
    labels.into_iter().find_map(|label| {
        let body = text.strip_prefix(format!("-----BEGIN {label}-----").as_bytes())?;
        let body = body.strip_suffix(format!("-----END {label}-----").as_bytes())?;
        let digits: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        data_encoding::BASE64.decode(&digits).ok()
    })
}

/// Whether a protection takes the message out of our sight by a scheme that policy knows by itself, so that no gap goes with it.
#[must_use]
pub fn speaks_for_itself(kind: ProtectionKind) -> bool {
    matches!(kind, ProtectionKind::Smime | ProtectionKind::Pgp | ProtectionKind::Ome)
}

/// By its bytes, whatever the media type and the file name of [MS-OXORMMS], 2.2.3.2 and 2.2.3.1, say.
fn is_rpmsg(shown: Shown<'_>) -> bool {
    shown.bytes.starts_with(RPMSG) || is_wrapper_page(shown)
}

/// The page that carries an encrypted message as a form field, for readers without Outlook.
fn is_wrapper_page(shown: Shown<'_>) -> bool {
    let named = shown.name.is_some_and(|name| name.eq_ignore_ascii_case("message.html"));
    let has = |needle: &[u8]| memchr::memmem::find(shown.bytes, needle).is_some();
    named && has(b"<form") && (has(b"rpmsg") || has(b"/Encryption/"))
}

/// Reads arbitrary bytes as every protected format, for fuzzing: no input may panic, hang or recurse.
pub fn fuzz(bytes: &[u8]) {
    let _ = of(Shown { media: "application/octet-stream", name: Some("a.pgp"), bytes });
    let _ = (cms::content(bytes), cms::behind(bytes), sealed::is_binary(bytes), sealed::is_text(bytes));
    let _ = (pgp::blocks(&String::from_utf8_lossy(bytes)), pgp::readers(bytes), pgp::signature(bytes));
    let _ = (envelope::read(bytes), archive::rar(bytes), archive::seven_zip(bytes));
}
