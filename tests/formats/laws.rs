//! Laws of reading, on generated messages: no wrapping loses a letter.

use data_encoding::BASE64_MIME;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use vaguemestre::inspect::read_file;
use vaguemestre::model::Limits;

use super::text;

const SECRET: &str = "Élise Côté-Nguyễn, NAM TREM 0412 1925, œdème";

/// Runs of letters and digits only: how lines are broken does not matter.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn read(message: &[u8]) -> String {
    letters(&text(&read_file("a.eml", message, &Limits::default())))
}

/// A message that says `SECRET`, in a random charset, transfer encoding, format and depth.
fn message(random: &mut SmallRng) -> (String, Vec<u8>) {
    let html = random.random_bool(0.4);
    let said = if html { entities(SECRET, random) } else { SECRET.to_owned() };
    let charset = ["utf-8", "utf-16le", "windows-1258", "iso-8859-1"][random.random_range(0..4)];
    let bytes = match charset {
        "utf-16le" => said.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => said.into_bytes(),
    };
    let kind = if html { "html" } else { "plain" };
    let (encoding, body) = transfer(&bytes, charset == "utf-16le", random);
    let mut told = format!("{kind} {charset} {encoding}");
    let mut entity = format!(
        "Content-Type: text/{kind}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    .into_bytes();
    entity.extend(body);
    for level in 0..random.random_range(0..5) {
        let (name, wrapped) = wrap(entity, level, random);
        told.push_str(name);
        entity = wrapped;
    }
    (told, [b"From: a@b.example\r\nMIME-Version: 1.0\r\n".as_slice(), &entity].concat())
}

fn entities(text: &str, random: &mut SmallRng) -> String {
    let mut out = String::from("<p>");
    for c in text.chars() {
        match random.random_range(0..6) {
            0 => out.push_str(&format!("&#{};", u32::from(c))),
            1 if c.is_alphanumeric() => out.push_str(&format!("<b>{c}</b>")),
            2 if c.is_alphanumeric() => out.push_str(&format!("{c}<!-- -->")),
            _ => out.push(c),
        }
    }
    out
}

fn transfer(bytes: &[u8], binary: bool, random: &mut SmallRng) -> (&'static str, Vec<u8>) {
    match random.random_range(0..3) {
        0 => ("base64", BASE64_MIME.encode(bytes).into_bytes()),
        1 => {
            let hex = |(at, byte): (usize, &u8)| {
                let soft = if at % 20 == 19 { "=\r\n" } else { "" };
                format!("={byte:02X}{soft}").into_bytes()
            };
            ("quoted-printable", bytes.iter().enumerate().flat_map(hex).collect())
        }
        _ if binary => ("base64", BASE64_MIME.encode(bytes).into_bytes()),
        _ => ("8bit", bytes.to_vec()),
    }
}

fn wrap(entity: Vec<u8>, level: u32, random: &mut SmallRng) -> (&'static str, Vec<u8>) {
    let multipart = |kind: &str, before: &[u8]| {
        let head = format!("Content-Type: multipart/{kind}; boundary=\"b {level}\"\r\n\r\n--b {level}\r\n")
            .into_bytes();
        [head, before.to_vec(), entity.clone(), format!("\r\n--b {level}--\r\n").into_bytes()].concat()
    };
    match random.random_range(0..4) {
        0 => (" mixed", multipart("mixed", b"")),
        1 => (" alternative", multipart("alternative", format!("\r\nbonjour\r\n--b {level}\r\n").as_bytes())),
        2 => (
            " forward",
            [b"Content-Type: message/rfc822\r\n\r\nSubject: Fwd\r\n".as_slice(), &entity].concat(),
        ),
        _ => {
            let head = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n".to_vec();
            (" encoded forward", [head, BASE64_MIME.encode(&entity).into_bytes()].concat())
        }
    }
}

#[test]
fn no_wrapping_loses_a_letter() {
    let mut random = SmallRng::seed_from_u64(2026);
    for _ in 0..2_000 {
        let (told, message) = message(&mut random);
        assert!(
            read(&message).contains(&letters(SECRET)),
            "lost in {told}:\n{}",
            String::from_utf8_lossy(&message)
        );
    }
}

#[test]
fn line_ends_change_nothing() {
    let mut random = SmallRng::seed_from_u64(11);
    for _ in 0..500 {
        let (told, message) = message(&mut random);
        let bare: Vec<u8> = message.iter().copied().filter(|byte| *byte != b'\r').collect();
        if !told.contains("utf-16le 8bit") {
            assert_eq!(read(&message), read(&bare), "{told}");
        }
    }
}

#[test]
fn a_charset_label_never_hides_ascii() {
    for label in [
        "utf-8",
        "iso-8859-1",
        "us-ascii",
        "x-unknown",
        "koi8-r",
        "shift_jis",
        "gb18030",
        "big5",
        "utf-16",
        "macintosh",
        "",
    ] {
        let message = format!("Content-Type: text/plain; charset=\"{label}\"\n\nNAM TREM 0412 1925 été");
        assert!(read(message.as_bytes()).contains("NAMTREM04121925"), "{label}");
    }
}
