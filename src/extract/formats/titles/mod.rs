//! What people write into sounds and films beside what is heard: titles, names, comments.
//!
//! In: a file. Out: the fields of ID3 (id3.org, 2.2 to 2.4, and version 1), of Vorbis comments (FLAC, Ogg), of boxes (MP4, QuickTime), of
//! chunks (WAVE, AIFF, AVI), of Windows Media and of dictation machines, whatever their length; pictures in them are not looked at.

mod asf;
mod boxes;
mod chunks;
mod id3;
mod xiph;

use asf::windows_media;
use boxes::boxes;
use chunks::riff;
use id3::{id3, id3_of_old};
use xiph::{flac, ogg};

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
