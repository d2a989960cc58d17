//! What people write into sounds and films beside what is heard: titles, names, comments.
//!
//! In: a file. Out: the fields of ID3 (id3.org, 2.2 to 2.4, and version 1), of Vorbis comments (FLAC, Ogg), of boxes (MP4, QuickTime), of
//! chunks (WAVE, AIFF, AVI), of Windows Media and of dictation machines, whatever their length; pictures in them are not looked at.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use crate::extract::endian::{big, little};
use crate::extract::sink::Sink;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, Region};

/// Most fields and boxes of one file that are looked at.
const MOST: usize = 200_000;

/// What a file says.
struct Said {
    fields: Vec<String>,
    /// How many more fields and boxes are looked at.
    left: usize,
    /// Whether there were more.
    cut: bool,
}

impl Said {
    fn push(&mut self, field: String) {
        self.fields.push(field);
    }

    /// Whether one more may be looked at.
    fn more(&mut self) -> bool {
        self.cut |= self.left == 0;
        self.left = self.left.saturating_sub(1);
        !self.cut
    }
}

/// Gathers what one family of files says; `None` where its fields end too soon.
type Titles = fn(&[u8], &mut Said) -> Option<()>;

/// Puts what a sound or film says, a line for each field.
pub fn put(bytes: &[u8], sink: &mut Sink) {
    let mut said = Said { fields: Vec::new(), left: MOST, cut: false };
    const READERS: [Titles; 8] = [id3, id3_of_old, flac, ogg, boxes, riff, windows_media, dictation];
    for reader in READERS {
        // A field that is cut ends the fields; what came before is kept.
        reader(bytes, &mut said).unwrap_or_default();
    }
    if said.cut {
        sink.gap(GapReason::TooLarge);
    }
    let lines = said.fields.iter().map(|text| text.trim_matches(|c: char| c == '\0' || c.is_whitespace()));
    let lines: Vec<&str> = lines.filter(|text| !text.is_empty()).collect();
    sink.text(Region::Comment, lines.join("\n").replace('\0', "\n"), Boundary::Block);
}

/// Frames at the start of a sound, each with a name, a size and an encoding.
fn id3(bytes: &[u8], said: &mut Said) -> Option<()> {
    let head = bytes.strip_prefix(b"ID3")?;
    let (version, flags, size) = (*head.first()?, *head.get(2)?, seven_bits(head.get(3..7)?));
    let body = head.get(7..)?;
    let body = body.get(..size).unwrap_or(body);
    // A zero put behind every 255 is taken out again.
    let undone = (flags & 0x80 != 0).then(|| unstuffed(body));
    let mut rest = undone.as_deref().unwrap_or(body);
    if flags & 0x40 != 0 {
        let size = if version < 4 { big(rest.get(..4)?) + 4 } else { seven_bits(rest.get(..4)?) };
        rest = rest.get(size..)?;
    }
    while said.more() {
        let (name, size, start) = match version {
            2 => (rest.get(..3)?, big(rest.get(3..6)?), 6),
            3 => (rest.get(..4)?, big(rest.get(4..8)?), 10),
            _ => (rest.get(..4)?, seven_bits(rest.get(4..8)?), 10),
        };
        let content = rest.get(start..)?;
        let content = content.get(..size).unwrap_or(content);
        match name {
            b"TSSE" | b"TENC" => {}
            [0, ..] => return None,
            [b'T', ..] => said.push(id3_text(content)),
            b"COMM" | b"COM" | b"USLT" | b"ULT" => {
                let text = content.get(4..).unwrap_or_default();
                said.push(id3_text(&[content.get(..1)?, text].concat()));
            }
            [b'W', ..] => said.push(plain(content)),
            _ => {}
        }
        rest = rest.get(start + size..)?;
    }
    None
}

/// A text behind the number of its encoding; where there are several, each begins with its own mark.
fn id3_text(content: &[u8]) -> String {
    let Some((encoding, text)) = content.split_first() else { return String::new() };
    match (encoding, text) {
        (1, [0xFE, 0xFF, ..]) | (2, _) => UTF_16BE.decode(text).0.replace('\u{FFFE}', ""),
        (1, _) => UTF_16LE.decode(text).0.replace('\u{FEFF}', ""),
        (3, _) => UTF_8.decode(text).0.into_owned(),
        _ => plain(text),
    }
}

fn unstuffed(bytes: &[u8]) -> Vec<u8> {
    let mut before = 0;
    let kept = bytes.iter().filter(|byte| {
        let stuffing = before == 0xFF && **byte == 0;
        before = **byte;
        !stuffing
    });
    kept.copied().collect()
}

/// Fields of fixed size in the last bytes of a sound: title, artist, album, year, comment.
fn id3_of_old(bytes: &[u8], said: &mut Said) -> Option<()> {
    let last = bytes.get(bytes.len().checked_sub(128)?..)?.strip_prefix(b"TAG")?;
    for field in [0..30, 30..60, 60..90, 94..124] {
        let field = last.get(field)?;
        let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
        said.push(plain(field.get(..end)?));
    }
    Some(())
}

fn flac(bytes: &[u8], said: &mut Said) -> Option<()> {
    let mut rest = bytes.strip_prefix(b"fLaC")?;
    while said.more() {
        let (kind, size) = (rest.first()? & 0x7F, big(rest.get(1..4)?));
        if kind == 4 {
            vorbis(rest.get(4..)?, said)?;
        }
        if rest.first()? & 0x80 != 0 {
            break;
        }
        rest = rest.get(4 + size..)?;
    }
    Some(())
}

fn ogg(bytes: &[u8], said: &mut Said) -> Option<()> {
    let start = bytes.get(..bytes.len().min(1 << 16)).filter(|start| start.starts_with(b"OggS"))?;
    for mark in [&b"\x03vorbis"[..], b"OpusTags"] {
        if let Some(at) = memchr::memmem::find(start, mark) {
            vorbis(bytes.get(at + mark.len()..)?, said)?;
        }
    }
    Some(())
}

/// Comments behind the name of the program that wrote them (Xiph, "Ogg Vorbis I format specification: comment field").
fn vorbis(bytes: &[u8], said: &mut Said) -> Option<()> {
    let mut rest = bytes.get(4 + little(bytes.get(..4)?)..)?;
    let count = little(rest.get(..4)?);
    rest = rest.get(4..)?;
    for _ in 0..count {
        if !said.more() {
            break;
        }
        let size = little(rest.get(..4)?);
        let text = rest.get(4..)?.get(..size)?;
        if !text.to_ascii_uppercase().starts_with(b"METADATA_BLOCK_PICTURE") {
            said.push(UTF_8.decode(text).0.into_owned());
        }
        rest = rest.get(4 + size..)?;
    }
    Some(())
}

/// Boxes that hold boxes, down to the values of fields (QuickTime File Format, "User data atoms"; 3GPP TS 26.244, 8).
fn boxes(bytes: &[u8], said: &mut Said) -> Option<()> {
    if !matches!(bytes.get(4..8)?, b"ftyp" | b"wide" | b"mdat" | b"moov" | b"free" | b"skip" | b"pnot") {
        return None;
    }
    let mut pending = vec![(bytes, false)];
    while let Some((mut rest, fields)) = pending.pop() {
        while let Some(name) = rest.get(4..8).filter(|_| said.more()) {
            let (start, size) = match big(rest.get(..4)?) {
                0 => (8, rest.len()),
                1 => (16, big(rest.get(8..16)?)),
                size => (8, size),
            };
            let Some(content) = rest.get(start..size.min(rest.len())) else { break };
            match name {
                b"moov" | b"udta" | b"trak" => pending.push((content, false)),
                b"ilst" => pending.push((content, true)),
                b"meta" => {
                    let plain = content.get(4..8) == Some(b"hdlr");
                    pending.push((if plain { content } else { content.get(4..).unwrap_or_default() }, false));
                }
                b"data" => {
                    said.fields.extend(content.get(8..).and_then(|text| match big(content.get(..4)?) {
                        1 => Some(UTF_8.decode(text).0.into_owned()),
                        2 => Some(UTF_16BE.decode(text).0.into_owned()),
                        _ => None,
                    }));
                }
                _ if fields => pending.push((content, false)),
                [0xA9, ..] => said.fields.extend(content.get(4..).map(plain)),
                b"titl" | b"dscp" | b"cprt" | b"perf" | b"auth" => {
                    said.fields.extend(content.get(6..).map(plain));
                }
                _ => {}
            }
            rest = rest.get(size.max(8)..).unwrap_or_default();
        }
    }
    Some(())
}

/// Chunks with a name and a size (Microsoft, "Multimedia Programming Interface", 2: RIFF; Apple, "Audio Interchange File Format").
fn riff(bytes: &[u8], said: &mut Said) -> Option<()> {
    let number = match bytes.get(..4)? {
        b"RIFF" => little,
        b"FORM" => big,
        _ => return None,
    };
    let mut pending = vec![(bytes.get(12..)?, false)];
    while let Some((mut rest, fields)) = pending.pop() {
        while let Some(size) = rest.get(4..8).map(number).filter(|_| said.more()) {
            let (name, content) = (rest.get(..4)?, rest.get(8..)?);
            let content = content.get(..size).unwrap_or(content);
            match name {
                // The frames of a film.
                b"LIST" if content.starts_with(b"movi") => {}
                b"LIST" if pending.len() < 64 => {
                    pending.push((content.get(4..).unwrap_or_default(), content.starts_with(b"INFO")));
                }
                b"ISFT" => {}
                b"NAME" | b"AUTH" | b"(c) " | b"ANNO" => said.push(plain(content)),
                // What a broadcast is, who made it.
                b"bext" => said.push(plain(content.get(..320).unwrap_or(content))),
                b"id3 " | b"ID3 " => id3(content, said).unwrap_or_default(),
                _ if fields => said.push(plain(content)),
                _ => {}
            }
            rest = rest.get(8 + size + size % 2..).unwrap_or_default();
        }
    }
    Some(())
}

/// Objects of the header ([ASF], 3.10 and 3.11): title, author, copyright, description, rating; further fields with their names.
fn windows_media(bytes: &[u8], said: &mut Said) -> Option<()> {
    const MARK: &[u8] = b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";
    const USUAL: &[u8] = b"\x33\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";
    const FURTHER: &[u8] = b"\x40\xA4\xD0\xD2\x07\xE3\xD2\x11\x97\xF0\x00\xA0\xC9\x5E\xA8\x50";
    let mut rest = bytes.strip_prefix(MARK)?.get(14..)?;
    while said.more() {
        let size = little(rest.get(16..24)?);
        let content = rest.get(24..size)?;
        if rest.starts_with(USUAL) {
            let mut text = content.get(10..)?;
            for size in content.get(..10)?.as_chunks::<2>().0 {
                let (field, after) = text.split_at_checked(little(size))?;
                said.push(UTF_16LE.decode(field).0.into_owned());
                text = after;
            }
        } else if rest.starts_with(FURTHER) {
            further(content, said).unwrap_or_default();
        }
        rest = rest.get(size..)?;
    }
    Some(())
}

fn further(content: &[u8], said: &mut Said) -> Option<()> {
    let mut rest = content.get(2..)?;
    for _ in 0..little(content.get(..2)?) {
        rest = rest.get(2 + little(rest.get(..2)?)..)?;
        let (kind, size) = (little(rest.get(..2)?), little(rest.get(2..4)?));
        let value = rest.get(4..)?.get(..size)?;
        if kind == 0 {
            said.push(UTF_16LE.decode(value).0.into_owned());
        }
        rest = rest.get(4 + size..)?;
    }
    Some(())
}

/// Author and comment of a dictation (FFmpeg, `libavformat/dss.c`).
fn dictation(bytes: &[u8], said: &mut Said) -> Option<()> {
    if !matches!(bytes.get(1..4)?, b"dss" | b"ds2") {
        return None;
    }
    for field in [0x0C..0x1C, 0x31E..0x382] {
        let field = bytes.get(field)?;
        let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
        said.push(plain(field.get(..end)?));
    }
    Some(())
}

/// Text in one byte or UTF-8, each stretch between zeros by itself.
fn plain(bytes: &[u8]) -> String {
    let stretches = bytes.split(|byte| *byte == 0).map(|text| charset::decode(text, None));
    stretches.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// A number of which each byte holds seven bits.
fn seven_bits(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7F))
}

#[cfg(test)]
mod tests {
    use super::{Sink, put};

    fn said(bytes: &[u8]) -> String {
        let mut sink = Sink::default();
        sink.budget = crate::extract::budget::Budget::new(&crate::model::Limits::default());
        put(bytes, &mut sink);
        sink.segments.iter().map(|segment| segment.text.reveal()).collect()
    }

    #[test]
    fn titles_are_read_whatever_their_length() {
        let wide: Vec<u8> = "\u{FEFF}TREM 0412".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let id3 =
            [&b"ID3\x03\0\0\0\0\0\x3FTIT2\0\0\0\x15\0\0\x01"[..], &wide, b"COMM\0\0\0\x08\0\0\0fra\0abc"]
                .concat();
        let moov = b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0\0\0\0\x45moov\0\0\0\x3Dudta\0\0\0\x35meta\0\0\0\0\0\0\0\x29ilst\0\0\0\x21\xA9nam\0\0\0\x19data\0\0\0\x01\0\0\0\0TREM 0412";
        let wav = b"RIFF\0\0\0\0WAVELIST\x16\0\0\0INFOINAM\x09\0\0\0TREM 0412\0";
        let flac = b"fLaC\x84\0\0\x15\0\0\0\0\x01\0\0\0\x0F\0\0\0TITLE=TREM 0412";
        let old = [&b"\xFF\xFB\x90\0"[..], &[1; 40], b"TAGTREM 0412", &[0; 116]].concat();
        let table: [(&[u8], &str); 5] = [
            (&id3, "TREM 0412\nabc"),
            (moov, "TREM 0412"),
            (wav, "TREM 0412"),
            (flac, "TITLE=TREM 0412"),
            (&old, "TREM 0412"),
        ];
        for (bytes, expected) in table {
            assert_eq!(said(bytes), expected);
            for end in 0..bytes.len() {
                said(&bytes[..end]);
            }
        }
    }
}
