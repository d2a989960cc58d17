//! Single packed files: gzip (RFC 1952) and bzip2. What they hold becomes a file inside.

use flate2::read::MultiGzDecoder;

use super::Format;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;

/// Takes what opens like either.
pub const FORMAT: Format =
    Format { name: "gzip", claims: |source| is_gzip(source) || is_bzip2(source), read };

fn is_gzip(source: &Source<'_>) -> bool {
    source.bytes.starts_with(&[0x1F, 0x8B, 8])
}

fn is_bzip2(source: &Source<'_>) -> bool {
    matches!(
        source.bytes.get(..10),
        Some([b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
    )
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let bytes: &[u8] = &source.bytes;
    let inside = if is_gzip(source) {
        sink.unpack(MultiGzDecoder::new(bytes), bytes.len())
    } else {
        sink.unpack(bzip2::read::MultiBzDecoder::new(bytes), bytes.len())
    };
    let name = own_name(source).or_else(|| outer_name(source));
    sink.child(name, "", inside);
}

/// The name in the header, after its flags (RFC 1952, 2.3.1).
fn own_name(source: &Source<'_>) -> Option<String> {
    let flags = source.bytes.get(3).filter(|_| is_gzip(source))?;
    let extra = if flags & 4 == 0 {
        0
    } else {
        2 + usize::from(u16::from_le_bytes([*source.bytes.get(10)?, *source.bytes.get(11)?]))
    };
    let rest = source.bytes.get(10 + extra..).filter(|_| flags & 8 != 0)?;
    let end = memchr::memchr(0, rest.get(..rest.len().min(1024))?)?;
    Some(charset::decode(rest.get(..end)?, None))
}

/// The name of the file without its last extension.
fn outer_name(source: &Source<'_>) -> Option<String> {
    let name = source.name.as_deref()?;
    let name = name.rsplit('/').next()?;
    if name.to_ascii_lowercase().ends_with(".tgz") {
        return Some("archive.tar".to_owned());
    }
    name.rsplit_once('.').map(|(stem, _)| stem.to_owned())
}
