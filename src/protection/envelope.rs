//! What an S/MIME envelope shows: the cipher of its content and who can open it (RFC 5652, 6.1 and 6.2; RFC 5083, 2.1).

use data_encoding::HEXLOWER;

use super::cms::{OID, SEQUENCE, element, typed};
use crate::model::Strength;

/// Most readers listed.
const MOST: usize = 200;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;

/// Reads the head of enveloped data; what is no such thing shows nothing.
#[must_use]
pub fn read(bytes: &[u8]) -> (Strength, Vec<String>) {
    shown(bytes).unwrap_or((Strength::Unknown, Vec::new()))
}

fn shown(bytes: &[u8]) -> Option<(Strength, Vec<String>)> {
    let (_, inner) = typed(bytes)?;
    let (_, data, _) = element(inner)
        .filter(|(tag, _, _)| *tag == SEQUENCE)
        .or_else(|| Some((SEQUENCE, opened(inner)?, &[])))?;
    let (mut rest, mut readers, mut strength) = (data, Vec::new(), Strength::Unknown);
    while let Some((tag, content, after)) =
        element(rest).or_else(|| opened(rest).map(|content| (SEQUENCE, content, &[][..])))
    {
        match tag {
            SET => readers = each(content).take(MOST).filter_map(reader).collect(),
            SEQUENCE => {
                strength = cipher(content);
                break;
            }
            _ => {}
        }
        rest = after;
    }
    Some((strength, readers))
}

/// The content of a sequence whose end is missing: the file is cut, or only its start was looked at.
fn opened(bytes: &[u8]) -> Option<&[u8]> {
    let size = match bytes {
        [SEQUENCE, length, ..] if *length >= 0x80 => 2 + usize::from(length & 0x7F),
        _ => return None,
    };
    bytes.get(size..)
}

fn each(mut rest: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (tag, content, after) = element(rest)?;
        rest = after;
        Some((tag, content))
    })
}

/// A recipient: by the issuer and serial number of a certificate, or by the id of its key.
fn reader((tag, content): (u8, &[u8])) -> Option<String> {
    if tag != SEQUENCE {
        return Some("other".to_owned());
    }
    let (tag, id) = each(content).nth(1)?;
    match tag {
        SEQUENCE => {
            let mut parts = each(id);
            let (_, issuer) = parts.next()?;
            let (_, serial) = parts.next().filter(|(tag, _)| *tag == INTEGER)?;
            Some(format!("{} #{}", name(issuer), HEXLOWER.encode(serial)))
        }
        _ => Some(format!("key {}", HEXLOWER.encode(id))),
    }
}

/// The words of a distinguished name (RFC 5280, 4.1.2.4).
fn name(relative: &[u8]) -> String {
    let attributes = each(relative).flat_map(|(_, set)| each(set));
    let words = attributes.filter_map(|(_, attribute)| each(attribute).nth(1));
    let words: Vec<String> = words.map(|(_, text)| String::from_utf8_lossy(text).into_owned()).collect();
    words.join(", ")
}

/// By the cipher of `EncryptedContentInfo { contentType, contentEncryptionAlgorithm, … }` (RFC 3370, RFC 3565, RFC 5084, RFC 8103).
fn cipher(info: &[u8]) -> Strength {
    let algorithm = each(info).nth(1).and_then(|(_, algorithm)| each(algorithm).next());
    let Some((OID, oid)) = algorithm else { return Strength::Unknown };
    match oid {
        // 2.16.840.1.101.3.4.1: AES; 1.2.840.113549.1.9.16.3.18: ChaCha20.
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, _] | [.., 0x09, 0x10, 3, 0x12] => Strength::Strong,
        // 1.2.840.113549.3.2 and .4: RC2 and RC4; 1.3.14.3.2.7: DES.
        [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 3, 2 | 4] | [0x2B, 0x0E, 3, 2, 7] => Strength::Weak,
        _ => Strength::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{SEQUENCE, SET, read};
    use crate::model::Strength;

    const TAGGED_0: u8 = 0xA0;

    fn item(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        [&[tag, 0x82], &u16::try_from(content.len()).unwrap().to_be_bytes()[..], &content].concat()
    }

    fn envelope(cipher: &[u8]) -> Vec<u8> {
        let named = item(
            SET,
            &[&item(SEQUENCE, &[&[6, 3, 0x55, 4, 3], &item(0x0C, &["Autorité du réseau".as_bytes()])])],
        );
        let id = item(SEQUENCE, &[&item(SEQUENCE, &[&named]), &[2, 2, 0x1A, 0x2B]]);
        let by_certificate = item(SEQUENCE, &[&[2, 1, 0], &id, &item(SEQUENCE, &[]), &item(4, &[b"key"])]);
        let by_key = item(SEQUENCE, &[&[2, 1, 2], &item(0x80, &[&[0xAB, 0xCD]])]);
        let info = item(
            SEQUENCE,
            &[&[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1], &item(SEQUENCE, &[cipher])],
        );
        let data = item(SEQUENCE, &[&[2, 1, 2], &item(SET, &[&by_certificate, &by_key]), &info]);
        item(SEQUENCE, &[&[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 3], &item(TAGGED_0, &[&data])])
    }

    #[test]
    fn an_envelope_tells_its_cipher_and_its_readers() {
        let (strength, readers) = read(&envelope(&[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2A]));
        assert_eq!(strength, Strength::Strong);
        assert_eq!(readers, ["Autorité du réseau #1a2b", "key abcd"]);
        let (strength, _) = read(&envelope(&[6, 8, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 3, 2]));
        assert_eq!(strength, Strength::Weak);
        assert_eq!(read(b"plain"), (Strength::Unknown, Vec::new()));
    }
}
