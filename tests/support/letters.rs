//! Invented messages. Every name, number and address is made up; domains are reserved ones (RFC 2606) but for the public
//! webmail ones, which nothing is ever sent to: the next hop is ours.

use std::sync::atomic::{AtomicU32, Ordering};

use super::smtp::Mail;

pub const SENDER: &str = "secretariat@cissslau.example";
pub const COLLEAGUE: &str = "clinique@cissslau.example";
pub const OTHER_COLLEAGUE: &str = "archives@cissslau.example";
pub const NETWORK: &str = "accueil@hopital-voisin.ssss.gouv.example";
pub const EXTERNAL: &str = "bureau@entreprise.example";
pub const WEBMAIL: &str = "quelquun@gmail.com";

static SERIAL: AtomicU32 = AtomicU32::new(1);

/// A message being written.
#[derive(Clone, Debug)]
pub struct Letter {
    pub id: String,
    fields: Vec<String>,
    body: String,
}

impl Letter {
    /// A plain text message with a Message-ID of its own.
    pub fn new(subject: &str, body: &str) -> Self {
        let id =
            format!("<{}.{}@cissslau.example>", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
        let fields = vec![
            format!("From: {SENDER}"),
            "Date: Mon, 2 Nov 2026 10:00:00 -0500".to_owned(),
            format!("Message-ID: {id}"),
            format!("Subject: {subject}"),
            "MIME-Version: 1.0".to_owned(),
            "Content-Type: text/plain; charset=utf-8".to_owned(),
            "Content-Transfer-Encoding: 8bit".to_owned(),
        ];
        Self { id, fields, body: body.replace('\n', "\r\n") + "\r\n" }
    }

    /// Puts a header field on top.
    pub fn field(mut self, field: &str) -> Self {
        self.fields.insert(0, field.to_owned());
        self
    }

    /// Makes the message a multipart one with an attachment, its bytes in base64.
    pub fn attach(mut self, name: &str, kind: &str, bytes: &[u8]) -> Self {
        let encoded = data_encoding::BASE64.encode(bytes);
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        let text = self.fields.split_off(self.fields.len() - 2).join("\r\n");
        self.fields.push("Content-Type: multipart/mixed; boundary=\"entre-les-parties\"".to_owned());
        self.body = format!(
            "--entre-les-parties\r\n{text}\r\n\r\n{}\r\n--entre-les-parties\r\nContent-Type: {kind}; name=\"{name}\"\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\
             --entre-les-parties--\r\n",
            self.body,
            lines.join("\r\n"),
        );
        self
    }

    /// Adds another attachment to a message that has one.
    pub fn attach_more(mut self, name: &str, kind: &str, bytes: &[u8]) -> Self {
        let other = Self::new("", "").attach(name, kind, bytes).body;
        let start = other.rfind("--entre-les-parties\r\nContent-Type").expect("its attachment");
        let end = self.body.rfind("--entre-les-parties--").expect("a message with an attachment");
        self.body.truncate(end);
        self.body.push_str(&other[start..]);
        self
    }

    /// The bytes as sent.
    pub fn bytes(&self) -> Vec<u8> {
        format!("{}\r\n\r\n{}", self.fields.join("\r\n"), self.body).into_bytes()
    }

    /// The message in an envelope, with a To field that names every recipient.
    pub fn to(&self, recipients: &[&str]) -> Mail {
        let letter = self.clone().field(&format!("To: {}", recipients.join(", ")));
        Mail::new(SENDER, recipients, letter.bytes())
    }
}

/// A health insurance number with its check digit: three letters of a name, one of a given name, a birth date, a serial
/// character. The digit is the weighted sum of EBCDIC codes over the number with the century and the sex spelled out,
/// modulo 10.
pub fn nam(letters: &str, (year, month, day): (u32, u32, u32), woman: bool, serial: char) -> String {
    const WEIGHTS: [u32; 14] = [1, 3, 7, 9, 1, 7, 1, 3, 4, 5, 7, 6, 9, 1];
    let sex = if woman { 'F' } else { 'M' };
    let spelled = format!("{letters}{year:04}{sex}{month:02}{day:02}{serial}");
    let sum: u32 = spelled.chars().zip(WEIGHTS).map(|(c, weight)| ebcdic(c) * weight).sum();
    let month = if woman { month + 50 } else { month };
    format!("{letters}{:02}{month:02}{day:02}{serial}{}", year % 100, sum % 10)
}

fn ebcdic(c: char) -> u32 {
    let from = |base: u32, first: char| base + u32::from(c) - u32::from(first);
    match c {
        'A'..='I' => from(0xC1, 'A'),
        'J'..='R' => from(0xD1, 'J'),
        'S'..='Z' => from(0xE2, 'S'),
        _ => from(0xF0, '0'),
    }
}

#[test]
fn an_invented_number_has_the_right_check_digit() {
    assert_eq!(nam("GAGT", (1982, 5, 14), true, '2'), "GAGT82551423");
}
