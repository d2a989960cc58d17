//! What a file is, by its first bytes; what it claims only tips the balance.

use super::formats::{self, Format};
use super::headed::headed;
use super::media;
use super::source::Source;
use crate::mime::{Params, charset};
use crate::protection::{self, Hidden, cms, pgp, sealed};

/// What to do with a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file of a format that is told by its first bytes.
    File(&'static Format),
    /// Nothing in it.
    Empty,
    /// A message with a header of its own.
    Message,
    /// Text, of a format to be found.
    Text,
    /// Certificate or detached signature: not read, and not a gap by itself.
    Silent,
    /// Detached signature in armor, with what its headers say.
    Signature(String),
    /// Image, sound, film or font: letters in it are read, and the rest is not a gap by itself.
    Media,
    /// Signed content, to be read as a message in turn, and whether all of it is there.
    Signed(Vec<u8>, bool),
    /// Content that a protection hides.
    Protected(Hidden),
    /// Content encrypted by a scheme that no policy approves.
    Sealed,
    /// A format that is not read.
    Unsupported,
}

/// First bytes of images, sounds, films and fonts (compiled by us, 2026-11).
const SILENT: &[&[u8]] = &[
    b"\x89PNG\r\n\x1a\n",
    b"\xFF\xD8\xFF",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
    b"OggS",
    b"fLaC",
    b"ID3",
    b"#!AMR",
    b"\x1A\x45\xDF\xA3",
    b"wOFF",
    b"wOF2",
    b"OTTO",
    b"\0\0\0\x0CjP  ",
    b"8BPS",
    b"\xD7\xCD\xC6\x9A",
    b"\x01\0\x09\0\0\x03",
];

/// First bytes that count only under a claim to be an image, sound, film or font.
const SILENT_IF_CLAIMED: &[&[u8]] = &[
    b"BM",
    b"\0\0\x01\0",
    b"\0\0\x02\0",
    b"\x01\0\0\0",
    b"\0\0\x01\xBA",
    b"\0\0\x01\xB3",
    b"\xFF\xFB",
    b"\xFF\xF3",
    b"\xFF\xF2",
    b"\xFF\xF1",
    b"\xFF\xF9",
    b"\0\x01\0\0",
    b"true",
    b"MThd",
    b"FORM",
    b"FWS",
    b"\xFF\x0A",
];

/// First bytes of formats that are not read yet and may look like text: archives and databases whose content happens to be printable too.
const UNSUPPORTED: &[&[u8]] = &[
    b"SQLite format 3\0",
    b"\0\x01\0\0Standard Jet DB\0",
    b"\0\x01\0\0Standard ACE DB\0",
    b"PAR1\x15",
    b"Obj\x01\x04",
    b"ARROW1\0\0",
    b"!BDN",
    b"ITSF\x03\0\0\0",
    b"AT&TFORM",
    b"\xFFWPC",
    b"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3",
    b"%!PS",
    b"(This file must be converted with BinHex",
    b"\x28\xB5\x2F\xFD",
    b"\xD0\xCF\x11\xE0",
    b"MSCF\0",
];

/// Media types and extensions of messages.
const MESSAGES: &[&str] = &["message/rfc822", "message/global", "message/news"];

/// Tells what a file is.
#[must_use]
pub fn of(source: &Source<'_>) -> Kind {
    let bytes: &[u8] = &source.bytes;
    if bytes.trim_ascii().is_empty() {
        return Kind::Empty;
    }
    // What a signature wraps may be an archive, which is no archive behind something.
    let wrapped = |format: &Format| format.behind && matches!(cms::content(bytes), cms::Content::Signed(..));
    if let Some(format) = formats::file(source).filter(|format| !wrapped(format)) {
        let is_message = format.behind && is_message(source);
        return if is_message { Kind::Message } else { Kind::File(format) };
    }
    if let Some(inside) = protection::pem(bytes) {
        return of(&Source { media: Params::default(), name: None, bytes: inside.into() });
    }
    let shown = protection::Shown { media: &source.media.value, name: source.name.as_deref(), bytes };
    if let Some(hidden) = protection::of(shown) {
        return Kind::Protected(hidden);
    }
    if sealed::is_binary(bytes) {
        return Kind::Sealed;
    }
    match cms::content(bytes) {
        cms::Content::Signed(content, true) if content.is_empty() => return Kind::Silent,
        cms::Content::Signed(content, whole) => return Kind::Signed(content, whole),
        cms::Content::Other if cms::is_certificate(bytes) => return Kind::Silent,
        cms::Content::Unread | cms::Content::Enveloped => return Kind::Unsupported,
        cms::Content::Other => {}
    }
    if let Some(said) = pgp::signature(bytes) {
        return Kind::Signature(said);
    }
    if is_media(source) {
        return if hides_archive(bytes) { Kind::Unsupported } else { Kind::Media };
    }
    if is_unsupported(bytes) {
        return Kind::Unsupported;
    }
    if is_message(source) {
        return Kind::Message;
    }
    if is_text(bytes)
        || charset::is_ebcdic(bytes)
        || (source.media.value.starts_with("text/") && !is_binary(bytes))
    {
        Kind::Text
    } else {
        Kind::Unsupported
    }
}

/// A picture that may show letters.
#[must_use]
pub fn is_picture(bytes: &[u8]) -> bool {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    PICTURES.iter().any(|magic| bytes.starts_with(magic)) || webp
}

/// First bytes of pictures that may show letters, as the formats' own specifications have them.
const PICTURES: &[&[u8]] =
    &[b"\x89PNG\r\n\x1a\n", b"\xFF\xD8\xFF", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"BM"];

fn is_media(source: &Source<'_>) -> bool {
    let bytes: &[u8] = &source.bytes;
    // A list may begin with the letters of a picture: `Nom;ftyp`.
    if is_plain(bytes) {
        return false;
    }
    let starts = |magics: &[&[u8]]| magics.iter().any(|magic| bytes.starts_with(magic));
    let riff = bytes.starts_with(b"RIFF") && matches!(bytes.get(8..12), Some(b"WEBP" | b"WAVE" | b"AVI "));
    let boxed = bytes.get(4..8) == Some(b"ftyp");
    let claimed =
        ["image/", "audio/", "video/", "font/"].iter().any(|kind| source.media.value.starts_with(kind));
    let claimed =
        claimed || source.claims(&["application/x-font-ttf"], &["bmp", "ico", "ttf", "mp3", "wmf", "emf"]);
    starts(SILENT) || riff || boxed || (claimed && starts(SILENT_IF_CLAIMED)) || media::parses(bytes)
}

/// An archive that goes with an image in one file.
fn hides_archive(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(66_000)..).unwrap_or(bytes);
    memchr::memmem::find(tail, b"PK\x05\x06").is_some()
        && memchr::memmem::find(bytes, b"PK\x03\x04").is_some()
}

fn is_unsupported(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
    let text = start.trim_ascii_start();
    UNSUPPORTED.iter().any(|magic| text.starts_with(magic))
}

/// Claims to be a message, or opens with the header of one.
#[must_use]
pub fn is_message(source: &Source<'_>) -> bool {
    // The first of several parts has the header of the whole.
    let begins = source.media.value == "message/partial"
        && source.media.get("number").is_none_or(|number| number.trim() == "1");
    begins
        || source.claims(MESSAGES, &["eml", "emlx", "mht", "mhtml", "mim", "nws"])
        || headed(&source.bytes).is_some()
}

/// Mostly characters: at most one control character in fifty, counting UTF-16 by its letters.
#[must_use]
pub fn is_text(bytes: &[u8]) -> bool {
    let sample = bytes.get(..bytes.len().min(8192)).unwrap_or(bytes);
    let marked = sample.starts_with(&[0xFF, 0xFE]) || sample.starts_with(&[0xFE, 0xFF]);
    let zeros = count(sample, |byte| byte == 0);
    let one_sided = zeros * 10 >= sample.len() * 3 && zeros * 2 <= sample.len() + 2;
    let few = |number: usize| number * 50 <= sample.len();
    marked || (one_sided && few_pairs(sample)) || (few(zeros) && few(count(sample, is_control)))
}

/// Text, and most of it of the letters, digits and marks of ASCII.
fn is_plain(bytes: &[u8]) -> bool {
    let sample = bytes.get(..bytes.len().min(8192)).unwrap_or(bytes);
    let plain = |byte: u8| matches!(byte, 0x20..=0x7E | b'\t' | b'\r' | b'\n');
    is_text(sample) && count(sample, plain) * 4 >= sample.len() * 3
}

/// Whether what begins as text goes on as something else: a program behind its script, a file behind a letter.
#[must_use]
pub fn ends_otherwise(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let bytes = bytes.get(..end).unwrap_or(bytes);
    // Packed bytes have a control character in ten, text hardly one in fifty.
    let controls = |chunk: &[u8]| count(chunk, |byte| is_control(byte) | (byte == 0));
    // Ends of lines and tabs are few as well, so that hardly anything is looked at twice.
    let low = |chunk: &[u8]| count(chunk, |byte| (byte < b' ') | (byte == 0x7F));
    let is_many = |count: usize, chunk: &[u8]| count * 20 > chunk.len();
    let is_other =
        |chunk: &[u8]| is_many(low(chunk), chunk) && is_many(controls(chunk), chunk) && !is_text(chunk);
    let last = bytes.get(bytes.len().saturating_sub(256)..).unwrap_or(bytes);
    !marked
        && !charset::is_ebcdic(bytes)
        && bytes.len() > 8192
        && (bytes.chunks(8192).filter(|chunk| chunk.len() >= 512).any(is_other) || is_other(last))
}

/// UTF-16 of letters: hardly a pair is all zeros, and hardly one is a control character.
fn few_pairs(sample: &[u8]) -> bool {
    let (pairs, _) = sample.as_chunks::<2>();
    let odd = |pair: &&[u8; 2]| match **pair {
        [0, byte] | [byte, 0] => byte == 0 || is_control(byte),
        _ => false,
    };
    pairs.iter().filter(odd).count() * 50 <= pairs.len()
}

/// More than a tenth control characters.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = bytes.get(..bytes.len().min(8192)).unwrap_or(bytes);
    count(sample, |byte| is_control(byte) | (byte == 0)) * 10 > sample.len()
}

fn is_control(byte: u8) -> bool {
    // Without a branch, so that many bytes are looked at in one step.
    let text = (byte == 0) | (b'\t'..=b'\r').contains(&byte) | (byte == 0x1B) | (byte == 0x1C);
    ((byte < 0x20) & !text) | (byte == 0x7F)
}

/// How many bytes match. A run of as many as a byte counts is added up in a byte, so that many are looked at in one step.
fn count(bytes: &[u8], matches: impl Fn(u8) -> bool) -> usize {
    let run = |run: &[u8]| run.iter().fold(0u8, |found, byte| found.wrapping_add(matches(*byte).into()));
    bytes.chunks(usize::from(u8::MAX)).map(|bytes| usize::from(run(bytes))).sum()
}

#[cfg(test)]
mod tests {
    use super::{Kind, Params, formats, of};
    use crate::extract::source::Source;

    fn kind(media: &str, name: &str, bytes: &[u8]) -> Kind {
        let name = Some(name.to_owned());
        of(&Source { media: Params::parse(media), name, bytes: bytes.into() })
    }

    fn file(name: &str) -> Kind {
        Kind::File(formats::FILES.iter().find(|format| format.name == name).unwrap())
    }

    #[test]
    fn bytes_decide_and_claims_tip_the_balance() {
        let table: &[(&str, &str, &[u8], Kind)] = &[
            ("text/plain", "a.txt", b"", Kind::Empty),
            ("text/plain", "a.txt", b"PK\x03\x04\x14\0\0\0\x08\0abc", file("zip")),
            ("application/octet-stream", "a", b"NAM TREM 0412 1925", Kind::Text),
            ("application/pdf", "a.pdf", b"%PDF-1.7\n1 0 obj", file("pdf")),
            ("image/png", "a.png", b"\x89PNG\r\n\x1a\n\0\0", Kind::Media),
            ("image/png", "a.png", b"NAM TREM 0412 1925", Kind::Text),
            ("image/png", "a.png", b"\x93\x01\x02\x03\x04\x05\x06\x07", Kind::Unsupported),
            ("image/jpeg", "a.jpg", b"\xFF\xD8\xFF PK\x03\x04 PK\x05\x06", Kind::Unsupported),
            ("text/rtf", "a.rtf", b"{\\rtf1 x}", file("rtf")),
            ("text/plain", "a.txt", b"N\0A\0M\0 \0T\0R\0E\0M\0", Kind::Text),
            ("application/octet-stream", "a.eml", b"Subject: x\n\nTREM", Kind::Message),
            ("text/plain", "a", b"From: a\nMIME-Version: 1.0\nContent-Type: text/html\n\nx", Kind::Message),
            ("", "a", b"Bonjour,\n\nFrom: a\nMIME-Version: 1.0\nContent-Type: text/html\n\nx", Kind::Text),
            (
                "",
                "a",
                b"Bonjour : voici\n\nFrom: a\nMIME-Version: 1.0\nContent-Type: text/html\n\nx",
                Kind::Text,
            ),
            (
                "",
                "a.x",
                b"58  \nFrom: a\nMIME-Version: 1.0\nContent-Type: text/html\n\nx<?xml",
                Kind::Message,
            ),
            ("", "a.x", b"5800\nFrom: a\nMIME-Version: 1.0\nContent-Type: text/html\n\nx<?xml", Kind::Text),
            (
                "",
                "a.doc",
                b"\n\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\nx",
                Kind::Message,
            ),
            ("", "a.doc", b"MIME-Version: 1.0\nContent-Type: text/html\n\nx", Kind::Text),
            ("application/pgp-encrypted", "a.txt", b"NAM TREM 0412 1925", Kind::Text),
            ("application/pgp-encrypted", "a.cab", b"MSCF\0\0\0\0\x01\x02\x03\x04", Kind::Unsupported),
            ("application/x-microsoft-rpmsg-message", "message.rpmsg", b"NAM TREM 0412 1925", Kind::Text),
            (
                "application/pgp-signature",
                "s.asc",
                b"-----BEGIN PGP SIGNATURE-----\nVersion: 2\n\niAEE\n-----END PGP SIGNATURE-----\n",
                Kind::Signature("Version: 2\n".to_owned()),
            ),
            (
                "application/pgp-signature",
                "s.asc",
                b"-----BEGIN PGP SIGNATURE-----\nNAM TREM 0412 1925",
                Kind::Text,
            ),
            ("application/pgp-signature", "s.asc", b"NAM TREM 0412 1925", Kind::Text),
            ("image/png", "a.png", b"7z\xBC\xAF\x27\x1Cxxxx", file("7z")),
            ("text/plain", "a.txt", b"Rar!\x1A\x07\x01\0xxxx", file("rar")),
            ("application/octet-stream", "a.bin", b"\x01\x02\x03\x04\x05", Kind::Unsupported),
        ];
        for (media, name, bytes, expected) in table {
            assert_eq!(kind(media, name, bytes), *expected, "{media} {name} {bytes:?}");
        }
    }
}
