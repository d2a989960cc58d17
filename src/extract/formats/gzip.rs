//! Single packed files: gzip (RFC 1952), bzip2, xz (The .xz File Format 1.2.1) and its elder lzma. What they hold becomes a file inside.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;
use lzma_rust2::{LzmaReader, XzReader};

use super::{Format, sweep};
use crate::extract::endian::short;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, Region};

/// Takes what opens like one of them.
pub const FORMAT: Format = Format {
    behind: false,
    name: "gzip",
    claims: |source| is_gzip(source) || is_bzip2(source) || is_xz(source) || is_lzma(source),
    read,
};

/// Most memory of a dictionary, in KiB.
const MEMORY: u32 = 192 << 10;

fn is_gzip(source: &Source<'_>) -> bool {
    source.bytes.starts_with(&[0x1F, 0x8B, 8])
}

fn is_bzip2(source: &Source<'_>) -> bool {
    matches!(
        source.bytes.get(..10),
        Some([b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
    )
}

fn is_xz(source: &Source<'_>) -> bool {
    source.bytes.starts_with(b"\xFD7zXZ\0")
}

/// It has no mark: the usual settings, and a name that says so.
fn is_lzma(source: &Source<'_>) -> bool {
    source.bytes.starts_with(&[0x5D, 0, 0]) && ["lzma", "tlz"].contains(&source.extension().as_str())
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let bytes: &[u8] = &source.bytes;
    let inside = if is_gzip(source) {
        let mut members = Members { member: Some(GzDecoder::new(bytes)), said: String::new() };
        let inside = sink.unpack(&mut members, bytes.len());
        members.note();
        sink.text(Region::Comment, members.said, Boundary::Block);
        inside
    } else if is_bzip2(source) {
        sink.unpack(bzip2::read::MultiBzDecoder::new(bytes), bytes.len())
    } else if is_xz(source) {
        sink.unpack(XzReader::new_mem_limit(bytes, true, MEMORY), bytes.len())
    } else if let Ok(stream) = LzmaReader::new_mem_limit(bytes, MEMORY, None) {
        sink.unpack(stream, bytes.len())
    } else {
        sink.gap(GapReason::Malformed);
        Vec::new()
    };
    let name = own_name(source).or_else(|| outer_name(source));
    sink.child(name, "", inside);
}

/// The members of a file one after the other; zeros may stand behind the last, as on a tape.
struct Members<'a> {
    member: Option<GzDecoder<&'a [u8]>>,
    /// Names, comments and words of extra fields in their headers (RFC 1952, 2.3.1).
    said: String,
}

impl Members<'_> {
    /// Keeps what the header of the member at hand says.
    fn note(&mut self) {
        let Some(header) = self.member.as_ref().and_then(GzDecoder::header) else { return };
        // The first name is that of the file inside.
        let name = header.filename().filter(|_| !self.said.is_empty());
        let words = sweep::words(header.extra().unwrap_or_default());
        let parts = [name, header.comment()].map(|part| charset::decode(part.unwrap_or_default(), None));
        for line in parts.iter().chain([&words]) {
            self.said.push_str(line);
            self.said.push('\n');
        }
    }
}

impl Read for Members<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(room)?;
            if count > 0 || room.is_empty() {
                return Ok(count);
            }
            self.note();
            let rest = self.member.take().map(GzDecoder::into_inner).unwrap_or_default();
            self.member = rest.iter().any(|byte| *byte != 0).then(|| GzDecoder::new(rest));
        }
        Ok(0)
    }
}

/// The name in the header, after its flags (RFC 1952, 2.3.1).
fn own_name(source: &Source<'_>) -> Option<String> {
    let flags = source.bytes.get(3).filter(|_| is_gzip(source))?;
    let extra = if flags & 4 == 0 { 0 } else { 2 + short(&source.bytes, 10)? };
    let rest = source.bytes.get(10 + extra..).filter(|_| flags & 8 != 0)?;
    let end = memchr::memchr(0, rest.get(..rest.len().min(1024))?)?;
    Some(charset::decode(rest.get(..end)?, None))
}

/// The name of the file without its last extension.
fn outer_name(source: &Source<'_>) -> Option<String> {
    let name = source.name.as_deref()?;
    let name = name.rsplit('/').next()?;
    let packed_tar = [".tgz", ".txz", ".tbz", ".tbz2", ".tlz"];
    if packed_tar.iter().any(|end| name.to_ascii_lowercase().ends_with(end)) {
        return Some("archive.tar".to_owned());
    }
    name.rsplit_once('.').map(|(stem, _)| stem.to_owned())
}
