//! OpenPGP (RFC 9580), MIME and inline.
//!
//! In: bytes or text. Out: whether they are encrypted, and where armored blocks stand. Armor may also carry what is only signed or
//! compressed: the first packet tells.

use super::Shown;
use std::ops::Range;

const BEGIN: &str = "-----BEGIN PGP MESSAGE-----";
const END: &str = "-----END PGP MESSAGE-----";

/// Whether a part is the control part that stands before an encrypted one, and nothing else (RFC 3156, 4). It announces that one, wherever a
/// server that rebuilds mail leaves it, and hides nothing itself: what stands beside it is read as what it is.
#[must_use]
pub fn is_control(shown: Shown<'_>) -> bool {
    shown.media == "application/pgp-encrypted" && shown.bytes.trim_ascii().eq_ignore_ascii_case(b"Version: 1")
}

/// Whether a whole part is an encrypted OpenPGP message, armored or not. Text beside the armor makes it a text with a block in it.
#[must_use]
pub fn is_encrypted(shown: Shown<'_>) -> bool {
    let start = shown.bytes.trim_ascii_start();
    if start.starts_with(BEGIN.as_bytes()) {
        let end = memchr::memmem::find(start, END.as_bytes()).map_or(start.len(), |at| at + END.len());
        let alone = start.get(end..).unwrap_or_default().trim_ascii().is_empty();
        let text = String::from_utf8_lossy(start.get(..start.len().min(4096)).unwrap_or(start));
        let inner = text.get(BEGIN.len()..).unwrap_or_default();
        return alone && Armor::read(inner).packet().is_some_and(hides);
    }
    let named = shown.name.map(str::to_ascii_lowercase);
    let named = named.is_some_and(|name| [".pgp", ".gpg"].iter().any(|end| name.ends_with(end)));
    !shown.bytes.is_ascii()
        && ((named && has_controls(shown.bytes) && packet_type(shown.bytes).is_some_and(hides))
            || is_message(shown.bytes))
}

/// Whether bytes have what no text has: one byte in thirty of anything encrypted. A letter with an accent opens like a packet.
fn has_controls(bytes: &[u8]) -> bool {
    bytes.iter().take(4096).any(|byte| matches!(byte, 0..=8 | 0x0E..=0x1A))
}

/// What an armored detached signature says in its headers, when a whole part is one: signature packets in base64, and nothing else.
#[must_use]
pub fn signature(bytes: &[u8]) -> Option<String> {
    let inner = bytes.trim_ascii().strip_prefix(b"-----BEGIN PGP SIGNATURE-----")?;
    let inner = inner.strip_suffix(b"-----END PGP SIGNATURE-----")?;
    let armor = Armor::read(std::str::from_utf8(inner).ok()?);
    let packets = data_encoding::BASE64.decode(&armor.digits).ok()?;
    let mut rest = packets.as_slice();
    while !rest.is_empty() {
        rest = packet(rest).filter(|_| packet_type(rest) == Some(SIGNATURE))?.1;
    }
    (armor.strays == 0 && !packets.is_empty()).then_some(armor.said)
}

/// The type of a signature packet (RFC 9580, 5).
const SIGNATURE: u8 = 2;

/// What stands between the lines of armor (RFC 9580, 6.2): headers, an empty line, base64, a checksum.
#[derive(Debug, Default)]
struct Armor {
    digits: Vec<u8>,
    /// What people can read: headers, and lines that do not belong there.
    said: String,
    /// How many lines do not.
    strays: usize,
}

impl Armor {
    fn read(inner: &str) -> Self {
        let mut armor = Self::default();
        let quote = |c: char| c.is_whitespace() || c == '>';
        let mut lines = inner.lines().map(|line| line.trim_matches(quote));
        // The rest of the line that opens it.
        let first = lines.next().filter(|line| !line.is_empty());
        let mut lines = lines.peekable();
        while let Some(header) = lines.next_if(|line| is_header(line)) {
            armor.say(header);
        }
        for line in first.into_iter().chain(lines).filter(|line| !line.is_empty()) {
            let is_sum = line.len() == 5 && line.starts_with('=');
            let in_base64 = line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
            if in_base64 && !is_sum {
                armor.digits.extend(line.bytes());
            } else if !in_base64 {
                armor.strays += 1;
                armor.say(line);
            }
        }
        armor
    }

    fn say(&mut self, line: &str) {
        self.said.push_str(line);
        self.said.push('\n');
    }

    /// The type of its first packet.
    fn packet(&self) -> Option<u8> {
        packet_type(&data_encoding::BASE64.decode(self.digits.get(..4)?).ok()?)
    }
}

/// `Comment: …`
fn is_header(line: &str) -> bool {
    let name = line.split_once(':').map_or("", |(name, _)| name);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The words in the armor of a part that is an encrypted message: headers, and lines that do not belong there.
#[must_use]
pub fn said(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let Some((_, inner)) = text.split_once(BEGIN) else { return String::new() };
    Armor::read(inner.split_once(END).map_or(inner, |(inner, _)| inner)).said
}

/// Whether bytes are session keys for somebody and then encrypted data, whatever their name (RFC 9580, 5.1, 5.3, 5.13 and 10.3).
fn is_message(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    for _ in 0..MOST_KEYS {
        let kind = packet_type(rest);
        match (kind, packet(rest)) {
            (Some(1), Some((content, after))) if matches!(content.first(), Some(3 | 6)) => rest = after,
            (Some(3), Some((content, after))) if matches!(content.first(), Some(4..=6)) => rest = after,
            _ => return rest.len() < bytes.len() && matches!(kind, Some(9 | 18 | 20)),
        }
    }
    false
}

/// An armored block in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its bytes in the text, armor lines included.
    pub range: Range<usize>,
    /// Whether it hides its content; else it is signed or compressed only.
    pub encrypted: bool,
    /// The type of its first packet, unless it opens with none.
    packet: Option<u8>,
    /// Ids of the keys that open it.
    pub readers: Vec<String>,
    /// The words in its armor: headers, and lines that do not belong there.
    pub said: String,
}

impl Block {
    /// Whether there is a message in the armor, not words somebody wrote between such marks.
    #[must_use]
    pub fn is_message(&self) -> bool {
        // Session keys, signatures, compressed, encrypted and literal data (RFC 9580, 5); other types open no message.
        matches!(self.packet, Some(1..=4 | 8..=11 | 18 | 20))
    }
}

/// Finds the armored messages in a text. One without an end runs to the end of the text.
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find(BEGIN)) {
        let start = from + start;
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.find(END).map_or(rest.len(), |at| at + END.len());
        let block = rest.get(..length).unwrap_or_default();
        let inner = block.get(BEGIN.len()..).unwrap_or_default();
        let armor = Armor::read(inner.strip_suffix(END).unwrap_or(inner));
        let packet = armor.packet();
        let encrypted = packet.is_some_and(hides);
        let (readers, said) = (readers(block.as_bytes()), armor.said);
        blocks.push(Block { range: start..start + length, encrypted, packet, readers, said });
        from = start + length;
    }
    blocks
}

/// Most keys listed.
const MOST_KEYS: usize = 100;

/// Ids of the keys that open a message, armored or not: the packets before the data name them (RFC 9580, 5.1). A sender may leave an id
/// out.
#[must_use]
pub fn readers(bytes: &[u8]) -> Vec<String> {
    let unarmored = unarmored(bytes, MOST_OF_KEYS);
    let mut rest = unarmored.as_deref().unwrap_or(bytes);
    let mut readers = Vec::new();
    while let (Some(1), Some((content, after))) = (packet_type(rest), packet(rest)) {
        let id = match content.first() {
            Some(6) => {
                content.get(3..3 + usize::from(content.get(1).copied().unwrap_or(0)).saturating_sub(1))
            }
            _ => content.get(1..9),
        };
        let id = id.filter(|id| id.iter().any(|byte| *byte != 0));
        readers.push(id.map_or("key".to_owned(), |id| format!("key {}", data_encoding::HEXUPPER.encode(id))));
        if readers.len() >= MOST_KEYS {
            break;
        }
        rest = after;
    }
    readers
}

/// Most bytes of armor in which keys are looked for.
const MOST_OF_KEYS: usize = 64 << 10;

/// The bytes under armor, of the first `most` of which it is made.
#[must_use]
pub fn unarmored(bytes: &[u8], most: usize) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(most)).unwrap_or(bytes));
    let body = text.split_once(BEGIN)?.1;
    let mut digits = Armor::read(body.split_once(END).map_or(body, |(body, _)| body)).digits;
    digits.truncate(digits.len() / 4 * 4);
    data_encoding::BASE64.decode(&digits).ok()
}

/// The content of the packet at the start and what follows it; `None` for one of unknown length (RFC 9580, 4.2).
fn packet(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let number = |from: usize, size: usize| {
        let digits = bytes.get(from..from + size)?;
        Some(digits.iter().fold(0usize, |number, digit| number << 8 | usize::from(*digit)))
    };
    let first = *bytes.first()?;
    let (start, size) = match (first & 0x40 != 0, first & 3, number(1, 1)?) {
        (true, _, size @ ..192) => (2, size),
        (true, _, high @ 192..224) => (3, ((high - 192) << 8) + number(2, 1)? + 192),
        (true, _, 255) => (6, number(2, 4)?),
        (false, 0, size) => (2, size),
        (false, 1, _) => (3, number(1, 2)?),
        (false, 2, _) => (5, number(1, 4)?),
        _ => return None,
    };
    let rest = bytes.get(start..)?;
    rest.split_at_checked(size)
}

/// Type number of the packet at the start, in the old or the new format (RFC 9580, 4.2).
fn packet_type(bytes: &[u8]) -> Option<u8> {
    match bytes.first()? {
        first if first & 0xC0 == 0xC0 => Some(first & 0x3F),
        first if first & 0x80 == 0x80 => Some((first >> 2) & 0x0F),
        _ => None,
    }
}

/// Session keys (1, 3) and encrypted data (9, 18, 20) hide content.
fn hides(packet: u8) -> bool {
    matches!(packet, 1 | 3 | 9 | 18 | 20)
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, Block, blocks, is_control, is_encrypted, readers, signature};
    use crate::protection::Shown;

    #[test]
    fn armor_is_judged_by_its_first_packet() {
        let text =
            "Bonjour\n-----BEGIN PGP MESSAGE-----\nVersion: 1\n\nwcBMAyyO\n-----END PGP MESSAGE-----\nFin";
        let found = blocks(text);
        assert_eq!(
            found,
            [Block {
                range: 8..text.len() - 4,
                encrypted: true,
                packet: Some(1),
                readers: Vec::new(),
                said: "Version: 1\n".to_owned()
            }]
        );
        let compressed = text.replace("wcBMAyyO", "owBMAyyO");
        assert!(!blocks(&compressed)[0].encrypted);
        assert_eq!(blocks("-----BEGIN PGP PUBLIC KEY BLOCK-----"), []);
    }

    #[test]
    fn a_binary_message_takes_a_name_and_a_packet() {
        let shown = |name, bytes| Shown { media: "application/octet-stream", name: Some(name), bytes };
        assert!(is_encrypted(shown("a.GPG", &[0xC1, 0xC0, 0x4C, 3])));
        assert!(!is_encrypted(shown("a.bin", &[0xC1, 0xC0, 0x4C, 3])));
        assert!(!is_encrypted(shown("a.gpg", b"\xC9lisabeth;TREM04121925\r\n")), "a list in Latin letters");
        // To somebody whose key is not told.
        let key = [&[0x85, 0, 12, 3][..], &[0; 8], &[1, 0, 0]].concat();
        let message = [&key[..], &[0xD2, 3, 1, 0xFF, 0xFF]].concat();
        assert!(is_encrypted(shown("a.bin", &message)));
        assert!(!is_encrypted(shown("a.bin", &key)));
        assert!(!is_encrypted(shown("a.gpg", b"text")));
    }

    #[test]
    fn the_keys_that_open_a_message_are_named() {
        let key = |id: &[u8]| [&[0xC1, 12, 3][..], id, &[1, 0, 0]].concat();
        let message = [key(b"\x01\x02\x03\x04\x05\x06\x07\x08"), key(&[0; 8]), vec![0xD2, 1, 1]].concat();
        assert_eq!(readers(&message), ["key 0102030405060708", "key"]);
        let armored =
            format!("Bonjour\n{BEGIN}\nVersion: 1\n\n{}\n=abcd\n", data_encoding::BASE64.encode(&message));
        assert_eq!(readers(armored.as_bytes()), ["key 0102030405060708", "key"]);
        assert_eq!(readers(format!("{BEGIN}\n\naéé").as_bytes()), [""; 0]);
    }

    /// RFC 9580, 6.2: armor headers, an empty line, the data, a checksum, and no line elsewhere.
    #[test]
    fn a_signature_is_packets_under_headers_that_are_read() {
        const DIGITS: &str = "iHUEABYIAB0WIQSi1IZHreR4yenbYiPBWHUCm9w9KQUCawzupgAKCRDBWHUCm9w9\n\
            KT1zAP4p5e04uo2ESrpKP3A+kWmWVQ9RUb9hO20v/DdEswJt3gD+MBMBHK+Bdk0F\n\
            SANQ5DhmVih29/XIbPD8Lhz13BYKcwQ=\n=oEyQ\n";
        let armored = |inner: &str| {
            signature(
                format!("-----BEGIN PGP SIGNATURE-----\n{inner}-----END PGP SIGNATURE-----\n").as_bytes(),
            )
        };
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(armored(&format!("\n{DIGITS}")), said(""));
        assert_eq!(armored(&format!("Comment: a\nVersion: 2\n\n{DIGITS}")), said("Comment: a\nVersion: 2\n"));
        let middle = DIGITS.replace("\nKT1", "\nComment: a\nKT1");
        for strange in
            [format!("\n{middle}"), format!("\n{DIGITS}Comment: a\n"), format!("\nComment: a\n{DIGITS}")]
        {
            assert_eq!(armored(&strange), None, "{strange}");
        }
        assert_eq!(armored("\nTREM04121925\n"), None, "no packet");
        assert_eq!(armored(&format!("\n{}", DIGITS.replace("=\n=o", "=\nTREM04121925\n=o"))), None);
    }

    /// RFC 3156, 4: "The first body part MUST have a content type of \"application/pgp-encrypted\". This body contains the control
    /// information" and "MUST contain a \"Version: 1\" field".
    #[test]
    fn a_control_part_is_its_version_and_nothing_else() {
        let shown = |bytes| Shown { media: "application/pgp-encrypted", name: None, bytes };
        assert!(is_control(shown(b"Version: 1\r\n\r\n")));
        assert!(!is_control(Shown { media: "text/plain", ..shown(b"Version: 1") }));
        for said in [b"Version: 1\r\nTREM04121925".as_slice(), b"", b"Nom;NAM\nTremblay;TREM04121925"] {
            assert!(!is_control(shown(said)));
        }
        assert!(!is_encrypted(shown(b"Version: 1\r\n")));
        assert!(!is_encrypted(shown(b"MSCF\0\0\0\0\x01\x02\xE9")));
    }
}
