//! Ways of carrying a text in a message: transfer encodings, charsets, header fields, nesting, parts.

use data_encoding::{BASE64, BASE64_NOPAD};

/// A message that carries a sentence in one of many ways.
pub struct Wire {
    pub name: &'static str,
    /// The frame, then the value.
    pub write: fn(&str, &str) -> Vec<u8>,
}

const fn wire(name: &'static str, write: fn(&str, &str) -> Vec<u8>) -> Wire {
    Wire { name, write }
}

/// Every class.
pub const WIRES: &[Wire] = &[
    wire("8 bits", |frame, value| plain("8bit", "utf-8", said(frame, value).as_bytes())),
    // Transfer encodings.
    wire("base64", |frame, value| plain("base64", "utf-8", lines(&said(frame, value), 76).as_bytes())),
    wire("base64 in short lines", |frame, value| {
        plain("base64", "utf-8", lines(&said(frame, value), 8).as_bytes())
    }),
    wire("base64 with junk", |frame, value| {
        plain("base64", "utf-8", lines(&said(frame, value), 12).replace("\r\n", "\r\n !*").as_bytes())
    }),
    wire("base64 without padding", |frame, value| {
        plain("base64", "utf-8", BASE64_NOPAD.encode(said(frame, value).as_bytes()).as_bytes())
    }),
    wire("BASE64 by another spelling", |frame, value| {
        plain("BASE64 ", "UTF8", lines(&said(frame, value), 76).as_bytes())
    }),
    wire("quoted-printable", |frame, value| {
        plain("quoted-printable", "utf-8", quoted(&said(frame, value), 76, false).as_bytes())
    }),
    wire("quoted-printable, every byte", |frame, value| {
        plain("quoted-printable", "utf-8", quoted(&said(frame, value), 76, true).as_bytes())
    }),
    wire("quoted-printable with a soft break every few characters", |frame, value| {
        plain("quoted-printable", "utf-8", quoted(&said(frame, value), 7, false).as_bytes())
    }),
    wire("quoted-printable with blanks after its breaks", |frame, value| {
        plain(
            "quoted-printable",
            "utf-8",
            quoted(&said(frame, value), 9, false).replace("=\r\n", "= \t\r\n").as_bytes(),
        )
    }),
    wire("quoted-printable in lower case", |frame, value| {
        plain("quoted-printable", "utf-8", quoted(&said(frame, value), 76, true).to_lowercase().as_bytes())
    }),
    wire("quoted-printable that is not declared", |frame, value| {
        plain("8bit", "utf-8", quoted(&said(frame, value), 30, false).as_bytes())
    }),
    wire("uuencode", |frame, value| {
        plain("8bit", "us-ascii", uuencoded(said(frame, value).as_bytes()).as_bytes())
    }),
    wire("uuencode as declared", |frame, value| {
        plain("x-uuencode", "utf-8", uuencoded(said(frame, value).as_bytes()).as_bytes())
    }),
    // Charsets.
    wire("windows-1252", |frame, value| plain("8bit", "windows-1252", &latin(&said(frame, value)))),
    wire("ISO-8859-1 declared UTF-8", |frame, value| plain("8bit", "utf-8", &latin(&said(frame, value)))),
    wire("UTF-8 declared ISO-8859-1", |frame, value| {
        plain("8bit", "iso-8859-1", said(frame, value).as_bytes())
    }),
    wire("UTF-8 encoded twice", |frame, value| {
        let twice: String = said(frame, value).bytes().map(char::from).collect();
        plain("8bit", "utf-8", twice.as_bytes())
    }),
    wire("an unknown charset", |frame, value| plain("8bit", "x-inconnu", said(frame, value).as_bytes())),
    wire("no charset", |frame, value| {
        [b"From: a@b.example\r\nSubject: Suivi\r\n\r\n".as_slice(), said(frame, value).as_bytes()].concat()
    }),
    wire("UTF-16, little end first", |frame, value| {
        plain("base64", "utf-16le", BASE64.encode(&wide(&said(frame, value), u16::to_le_bytes)).as_bytes())
    }),
    wire("UTF-16, big end first", |frame, value| {
        plain("base64", "utf-16be", BASE64.encode(&wide(&said(frame, value), u16::to_be_bytes)).as_bytes())
    }),
    wire("UTF-16 that is not declared", |frame, value| {
        plain("base64", "utf-8", BASE64.encode(&wide(&said(frame, value), u16::to_le_bytes)).as_bytes())
    }),
    wire("UTF-7", |frame, value| plain("7bit", "utf-7", seven(&said(frame, value)).as_bytes())),
    // Lines.
    wire("format=flowed", |frame, value| flowed("format=flowed", &said(frame, value).replace(' ', " \r\n"))),
    wire("format=flowed, delsp", |frame, value| {
        flowed("format=flowed; delsp=yes", &said(frame, value).replace(' ', "  \r\n"))
    }),
    wire("bare line feeds", |frame, value| {
        plain("8bit", "utf-8", format!("Bonjour,\n\n{}\n\nMerci", said(frame, value)).as_bytes())
    }),
    // Header fields.
    wire("subject", |frame, value| headed(&format!("Subject: {}", encoded(&said(frame, value), 400, 'B')))),
    wire("subject in several words", |frame, value| {
        headed(&format!("Subject: {}", encoded(&said(frame, value), 9, 'B')))
    }),
    wire("subject in quoted words", |frame, value| {
        headed(&format!("Subject: {}", encoded(&said(frame, value), 11, 'Q')))
    }),
    wire("subject in raw bytes", |frame, value| headed(&format!("Subject: {}", said(frame, value)))),
    wire("folded subject", |frame, value| {
        headed(&format!("Subject: {}", encoded(&said(frame, value), 14, 'Q').replace("?= =?", "?=\r\n\t=?")))
    }),
    wire("another field", |frame, value| {
        headed(&format!("Subject: Suivi\r\nComments: {}", encoded(&said(frame, value), 400, 'B')))
    }),
    wire("label in the subject, value in the text", |frame, value| {
        let (label, after) = frame.split_once("{}").unwrap();
        let subject = encoded(label, 400, 'B');
        [
            format!(
                "From: a@b.example\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            )
            .as_bytes(),
            format!("{value}{after}").as_bytes(),
        ]
        .concat()
    }),
    wire("file name", |frame, value| {
        named(&format!("filename=\"{}.bin\"", encoded(&said(frame, value), 400, 'B')))
    }),
    wire("file name by RFC 2231", |frame, value| {
        named(&format!("filename*=utf-8''{}.bin", percent(&said(frame, value))))
    }),
    wire("file name in pieces", |frame, value| {
        let name = percent(&said(frame, value));
        let (one, other) = name.split_at(name.len() / 6 * 3);
        named(&format!("filename*0*=utf-8''{one};\r\n filename*1*={other}.bin"))
    }),
    // Parts.
    wire("a second text part", |frame, value| {
        mixed(&[("text/plain; charset=utf-8", "Bonjour"), ("text/plain; charset=utf-8", &said(frame, value))])
    }),
    wire("only the page says it", |frame, value| {
        alternative(&[
            ("text/plain; charset=utf-8", "Bonjour"),
            ("text/html; charset=utf-8", &format!("<p>{}</p>", said(frame, value))),
        ])
    }),
    wire("only the text says it", |frame, value| {
        alternative(&[
            ("text/plain; charset=utf-8", &said(frame, value)),
            ("text/html; charset=utf-8", "<p>Bonjour</p>"),
        ])
    }),
    wire("a text file of another type", |frame, value| {
        mixed(&[("application/octet-stream; name=note.txt", &said(frame, value))])
    }),
    wire("a text file called an image", |frame, value| {
        mixed(&[("image/png; name=photo.png", &said(frame, value))])
    }),
    wire("a nested message", |frame, value| {
        let inner = plain("8bit", "utf-8", said(frame, value).as_bytes());
        mixed(&[("text/plain", "Voir plus bas"), ("message/rfc822", &String::from_utf8(inner).unwrap())])
    }),
    wire("a message nested thrice", |frame, value| {
        let mut inner = String::from_utf8(plain("8bit", "utf-8", said(frame, value).as_bytes())).unwrap();
        for depth in 0..3 {
            let whole =
                format!("From: a@b.example\r\nSubject: Tr : {depth}\r\nContent-Type: message/rfc822\r\n\r\n");
            inner = format!("{whole}{inner}");
        }
        inner.into_bytes()
    }),
    wire("a digest", |frame, value| {
        let inner = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{}", said(frame, value));
        multipart("digest", &[("message/rfc822", &format!("From: a@b.example\r\nSubject: Suivi\r\n{inner}"))])
    }),
    wire("after the last boundary", |frame, value| {
        let mut whole = mixed(&[("text/plain", "Bonjour")]);
        whole.extend_from_slice(said(frame, value).as_bytes());
        whole
    }),
    wire("a multipart that never ends", |frame, value| {
        let whole = mixed(&[("text/plain; charset=utf-8", &said(frame, value))]);
        let end = whole.windows(6).rposition(|window| window == b"--x--\r").unwrap();
        whole[..end].to_vec()
    }),
    wire("a csv file", |frame, value| {
        let (label, after) = frame.split_once("{}").unwrap();
        mixed(&[("text/csv; charset=utf-8; name=a.csv", &format!("Note\r\n\"{label}{value}{after}\"\r\n"))])
    }),
    wire("a calendar", |frame, value| {
        mixed(&[(
            "text/calendar; charset=utf-8",
            &format!(
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Suivi\r\nDESCRIPTION:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                said(frame, value).replace(',', "\\,").replace(';', "\\;")
            ),
        )])
    }),
    wire("a calendar with folded lines", |frame, value| {
        let text = said(frame, value).replace(',', "\\,").replace(';', "\\;");
        let folded: Vec<String> =
            text.chars().collect::<Vec<_>>().chunks(9).map(|piece| piece.iter().collect()).collect();
        mixed(&[(
            "text/calendar; charset=utf-8",
            &format!(
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                folded.join("\r\n ")
            ),
        )])
    }),
    wire("the note of a card", |frame, value| {
        let text = said(frame, value).replace(',', "\\,").replace(';', "\\;");
        mixed(&[(
            "text/vcard; charset=utf-8",
            &format!("BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:{text}\r\nEND:VCARD\r\n"),
        )])
    }),
    wire("JSON with escapes", |frame, value| {
        let text: String = said(frame, value).encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        mixed(&[("application/json", &format!("{{\"note\":\"{text}\"}}"))])
    }),
    wire("an XML file", |frame, value| {
        mixed(&[("application/xml", &format!("<?xml version=\"1.0\"?><note>{}</note>", said(frame, value)))])
    }),
];

fn said(frame: &str, value: &str) -> String {
    frame.replace("{}", value)
}

/// A message of one text part.
fn plain(encoding: &str, charset: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "From: a@b.example\r\nSubject: Suivi\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\n\
         Content-Transfer-Encoding: {encoding}\r\n\r\n"
    );
    [head.as_bytes(), body, b"\r\n"].concat()
}

fn flowed(how: &str, text: &str) -> Vec<u8> {
    format!("From: a@b.example\r\nSubject: Suivi\r\nContent-Type: text/plain; charset=utf-8; {how}\r\n\r\n{text}\r\n").into_bytes()
}

/// A message whose header says it.
fn headed(fields: &str) -> Vec<u8> {
    format!("From: a@b.example\r\n{fields}\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n").into_bytes()
}

/// A message with a file of this name.
fn named(parameters: &str) -> Vec<u8> {
    format!(
        "From: a@b.example\r\nSubject: Suivi\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n\
         Bonjour\r\n--x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; {parameters}\r\n\r\n\0\x01\r\n--x--\r\n"
    )
    .into_bytes()
}

fn mixed(parts: &[(&str, &str)]) -> Vec<u8> {
    multipart("mixed", parts)
}

fn alternative(parts: &[(&str, &str)]) -> Vec<u8> {
    multipart("alternative", parts)
}

fn multipart(how: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let mut whole = format!(
        "From: a@b.example\r\nSubject: Suivi\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{how}; boundary=x\r\n\r\n"
    );
    for (media, text) in parts {
        whole.push_str(&format!(
            "--x\r\nContent-Type: {media}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
        ));
    }
    whole.push_str("--x--\r\n");
    whole.into_bytes()
}

fn lines(text: &str, width: usize) -> String {
    let code = BASE64.encode(text.as_bytes());
    let lines: Vec<&str> =
        code.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join("\r\n")
}

fn quoted(text: &str, width: usize, all: bool) -> String {
    let mut out = String::new();
    let mut line = 0;
    for byte in text.bytes() {
        let written = match byte {
            b' '..=b'<' | b'>'..=b'~' if !all => char::from(byte).to_string(),
            _ => format!("={byte:02X}"),
        };
        if line + written.len() >= width {
            out.push_str("=\r\n");
            line = 0;
        }
        line += written.len();
        out.push_str(&written);
    }
    out
}

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// UTF-7 (RFC 2152) with every letter that is not ASCII shifted.
fn seven(text: &str) -> String {
    let shift = |c: char| format!("+{}-", BASE64_NOPAD.encode(&wide(&c.to_string(), u16::to_be_bytes)));
    text.chars().map(|c| if c.is_ascii() { c.to_string() } else { shift(c) }).collect()
}

fn uuencoded(bytes: &[u8]) -> String {
    let sign = |six: u32| char::from_u32(if six == 0 { 0x60 } else { 0x20 + six }).unwrap();
    let mut out = "begin 644 note.txt\r\n".to_owned();
    for line in bytes.chunks(45) {
        out.push(sign(u32::try_from(line.len()).unwrap()));
        for three in line.chunks(3) {
            let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            out.extend([18, 12, 6, 0].map(|shift| sign(bits >> shift & 63)));
        }
        out.push_str("\r\n");
    }
    out + "`\r\nend\r\n"
}

/// Encoded words (RFC 2047) of this many characters each.
fn encoded(text: &str, width: usize, how: char) -> String {
    let pieces: Vec<String> =
        text.chars().collect::<Vec<_>>().chunks(width).map(|piece| piece.iter().collect()).collect();
    let word = |piece: &String| match how {
        'B' => format!("=?utf-8?B?{}?=", BASE64.encode(piece.as_bytes())),
        _ => format!("=?utf-8?Q?{}?=", piece.bytes().map(|byte| format!("={byte:02X}")).collect::<String>()),
    };
    pieces.iter().map(word).collect::<Vec<_>>().join(" ")
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
