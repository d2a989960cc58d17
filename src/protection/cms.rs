//! Cryptographic Message Syntax, as S/MIME carries it (RFC 5652, RFC 8551).
//!
//! In: bytes. Out: whether they are enveloped, or the content that a signature wraps. Both DER and the BER of streaming writers
//! (indefinite lengths, strings in pieces) are walked, without recursion.

/// What a CMS object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Not CMS.
    Other,
    /// Encrypted for someone: enveloped, authenticated-enveloped or encrypted data.
    Enveloped,
    /// Signed; the content inside, empty when the signature is detached, and whether it could be taken out to its end.
    Signed(Vec<u8>, bool),
    /// Another content type, such as compressed data.
    Unread,
}

/// The tag of a sequence.
pub const SEQUENCE: u8 = 0x30;
/// The tag of an object identifier.
pub const OID: u8 = 0x06;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;
const EXPLICIT_0: u8 = 0xA0;

/// 1.2.840.113549.1.7, whose children are data (1), signed (2), enveloped (3), …
const PKCS7: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07];
/// 1.2.840.113549.1.9.16.1, whose child 23 is authenticated-enveloped data.
const SMIME_TYPES: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01];

/// Tells what a CMS object is by its content type, and takes the content out of a signature.
#[must_use]
pub fn content(bytes: &[u8]) -> Content {
    let Some((kind, inner)) = typed(bytes) else { return Content::Other };
    match kind {
        [rest @ .., 2] if rest == PKCS7 => {
            let (content, whole) = signed(inner).unwrap_or_default();
            Content::Signed(content, whole)
        }
        [rest @ .., 3 | 4 | 6] if rest == PKCS7 => Content::Enveloped,
        [rest @ .., 23] if rest == SMIME_TYPES => Content::Enveloped,
        _ if kind.starts_with(PKCS7) || kind.starts_with(SMIME_TYPES) => Content::Unread,
        _ => Content::Other,
    }
}

/// What stands behind the end of a CMS object or of a certificate. Where its end is missing, nothing does.
#[must_use]
pub fn behind(bytes: &[u8]) -> &[u8] {
    bytes.first().filter(|tag| **tag == SEQUENCE).and_then(|_| after_element(bytes)).unwrap_or_default()
}

/// Whether the bytes are one certificate and nothing else: `SEQUENCE { SEQUENCE { [0] version, serial number, … }, … }` (RFC 5280, 4.1).
#[must_use]
pub fn is_certificate(bytes: &[u8]) -> bool {
    let whole = element(bytes).filter(|(tag, _, rest)| *tag == SEQUENCE && rest.is_empty());
    let body = whole.and_then(|(_, inside, _)| element(inside)).filter(|(tag, _, _)| *tag == SEQUENCE);
    body.is_some_and(|(_, body, _)| matches!(body, [EXPLICIT_0, 3, 2, 1, 0..=2, 2, ..]))
}

/// `SEQUENCE { OID, [0] content }`: the object identifier, and what follows the header of the content.
pub fn typed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let outer = Header::read(bytes).filter(|header| header.tag == SEQUENCE)?;
    let rest = bytes.get(outer.size..)?;
    let name = Header::read(rest).filter(|header| header.tag == OID)?;
    let kind = rest.get(name.size..name.size + name.length?)?;
    let rest = rest.get(name.size + name.length?..)?;
    let wrapped = Header::read(rest).filter(|header| header.tag == EXPLICIT_0);
    Some((kind, wrapped.and_then(|header| rest.get(header.size..)).unwrap_or_default()))
}

/// The content inside `SignedData { version, digestAlgorithms, encapContentInfo, … }`.
fn signed(bytes: &[u8]) -> Option<(Vec<u8>, bool)> {
    let outer = Header::read(bytes).filter(|header| header.tag == SEQUENCE)?;
    let rest = after_element(bytes.get(outer.size..)?)?;
    let rest = after_element(rest)?;
    // What follows it, certificates among others, is no part of it; where its end is missing it runs to the end.
    let info = after_element(rest).and_then(|after| rest.get(..rest.len() - after.len())).unwrap_or(rest);
    match typed(info)? {
        (_, []) => Some((Vec::new(), true)),
        (_, content) => octets(content),
    }
}

/// An octet string, whole or in pieces, and whether all of it is there.
fn octets(bytes: &[u8]) -> Option<(Vec<u8>, bool)> {
    let header = Header::read(bytes)?;
    let rest = bytes.get(header.size..)?;
    match (header.tag, header.length) {
        (OCTETS, Some(length)) => Some((rest.get(..length).unwrap_or(rest).to_vec(), length <= rest.len())),
        (OCTETS_IN_PIECES, None) => Some(joined(rest, true)),
        (OCTETS_IN_PIECES, Some(length)) => {
            let (out, whole) = joined(rest.get(..length).unwrap_or(rest), false);
            Some((out, whole && length <= rest.len()))
        }
        _ => None,
    }
}

/// Joins the pieces of a string, which a mark ends or the end: going into every constructed piece keeps the walk flat. Whether all are there.
fn joined(mut rest: &[u8], marked: bool) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut open = 1usize;
    while let Some(header) = Header::read(rest) {
        let after = rest.get(header.size..).unwrap_or_default();
        rest = match (header.tag, header.length) {
            (0, Some(0)) => {
                open = open.saturating_sub(1);
                after
            }
            (OCTETS_IN_PIECES, None) => {
                open += 1;
                after
            }
            (OCTETS_IN_PIECES, Some(_)) => after,
            (OCTETS, Some(length)) => {
                let Some((piece, after)) = after.split_at_checked(length) else {
                    out.extend_from_slice(after);
                    return (out, false);
                };
                out.extend_from_slice(piece);
                after
            }
            _ => return (out, false),
        };
        if open == 0 {
            break;
        }
    }
    let whole = if marked { open == 0 } else { rest.is_empty() };
    (out, whole)
}

/// What follows the element at the start of `bytes`.
fn after_element(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    let mut open = 0usize;
    loop {
        let header = Header::read(rest)?;
        let end_of_contents = header.tag == 0 && header.length == Some(0);
        match header.length {
            None => open += 1,
            Some(_) if end_of_contents => open = open.checked_sub(1)?,
            Some(_) => {}
        }
        rest = rest.get(header.size + header.length.unwrap_or(0)..)?;
        if open == 0 {
            return Some(rest);
        }
    }
}

/// The element at the start of `bytes`: its tag, its content, what follows it.
pub fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let header = Header::read(bytes)?;
    let rest = after_element(bytes)?;
    let end = bytes.len() - rest.len() - if header.length.is_none() { 2 } else { 0 };
    Some((header.tag, bytes.get(header.size..end)?, rest))
}

/// Tag and length of an element (ITU-T X.690, 8.1).
struct Header {
    tag: u8,
    /// Bytes of tag and length.
    size: usize,
    /// Bytes of content; `None` when it runs to an end-of-contents mark.
    length: Option<usize>,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let (tag, rest) = bytes.split_first()?;
        let (first, rest) = rest.split_first()?;
        if *first < 0x80 {
            return Some(Self { tag: *tag, size: 2, length: Some(usize::from(*first)) });
        }
        let count = usize::from(*first & 0x7F);
        if count == 0 {
            return Some(Self { tag: *tag, size: 2, length: None });
        }
        let digits = rest.get(..count).filter(|_| count <= 4)?;
        let length = digits.iter().fold(0usize, |length, digit| length << 8 | usize::from(*digit));
        Some(Self { tag: *tag, size: 2 + count, length: Some(length) })
    }
}

#[cfg(test)]
mod tests {
    use super::{Content, behind, content};

    const OID_SIGNED: &[u8] = &[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2];
    const OID_DATA: &[u8] = &[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1];
    const OID_ENVELOPED: &[u8] = &[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 3];

    fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        [&[tag, 0x82], &u16::try_from(content.len()).unwrap().to_be_bytes()[..], &content].concat()
    }

    fn streamed(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        [&[tag, 0x80], &parts.concat()[..], &[0, 0]].concat()
    }

    #[test]
    fn a_signature_is_opened_and_an_envelope_told() {
        let inside = element(0x30, &[OID_DATA, &element(0xA0, &[&element(4, &[b"TREM"])])]);
        let data = element(0x30, &[&[2, 1, 1], &element(0x31, &[]), &inside]);
        let signed = element(0x30, &[OID_SIGNED, &element(0xA0, &[&data])]);
        assert_eq!(content(&signed), Content::Signed(b"TREM".to_vec(), true));
        let envelope = element(0x30, &[OID_ENVELOPED, &element(0xA0, &[])]);
        assert_eq!(content(&envelope), Content::Enveloped);
        assert_eq!(behind(&[&envelope[..], b"TREM"].concat()), b"TREM");
        assert_eq!(behind(&envelope[..envelope.len() - 1]), b"");
        assert_eq!(content(b"plain"), Content::Other);
        assert_eq!(content(b"\x30\x82"), Content::Other);
    }

    #[test]
    fn a_streamed_signature_is_opened() {
        let pieces = streamed(
            0x24,
            &[&element(4, &[b"TR"]), &streamed(0x24, &[&element(4, &[b"E"])]), &element(4, &[b"M"])],
        );
        let inside = streamed(0x30, &[OID_DATA, &streamed(0xA0, &[&pieces])]);
        let data = streamed(
            0x30,
            &[&[2, 1, 1], &streamed(0x31, &[&streamed(0x30, &[])]), &inside, &element(0x31, &[])],
        );
        let signed = streamed(0x30, &[OID_SIGNED, &streamed(0xA0, &[&data])]);
        assert_eq!(content(&signed), Content::Signed(b"TREM".to_vec(), true));
    }
}
