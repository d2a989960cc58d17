//! 7z archives (7-Zip's `7zFormat.txt`, version 26): every member becomes a file inside.
//!
//! In: bytes. Out: members with their names, what is encrypted. A block of members that wants a password hides them alone; when the
//! list of names wants one too, nothing is seen.

use std::io::Cursor;

use sevenz_rust2::{Archive, BlockDecoder, Error, Password};

use super::{Format, behind};
use crate::extract::endian::long;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, GapReason, ProtectionKind, Region, Strength};
use crate::protection::archive;

/// Takes what opens with the mark.
pub const FORMAT: Format = Format {
    behind: false,
    name: "7z",
    claims: |source| source.bytes.starts_with(b"7z\xBC\xAF\x27\x1C"),
    read,
};

/// Most memory of a dictionary, in KiB: what 7-Zip's own "ultra" setting needs, with room.
const MEMORY: usize = 192 << 10;
/// Most memory of the list of members and of the dictionary that it is packed with, in KiB: some writers take 64 MiB whatever its size.
const LIST: usize = 72 << 10;

fn read(source: &Source<'_>, sink: &mut Sink) {
    let password = Password::empty();
    let mut bytes = Cursor::new(&*source.bytes);
    match Archive::read_with_memory_limit(&mut bytes, &password, LIST) {
        Ok(archive) => put(&archive, &mut bytes, sink),
        Err(_) if archive::seven_zip(&source.bytes) => {
            sink.hidden(ProtectionKind::SevenZip, Strength::Strong, true);
        }
        Err(error) => sink.gap(reason(&error)),
    }
    let rest = end(&source.bytes).and_then(|end| source.bytes.get(end..));
    behind::tell(rest.unwrap_or_default(), sink);
}

/// Where the archive ends, by its first header: the list of members stands last. Of one too large to count nothing is behind.
fn end(bytes: &[u8]) -> Option<usize> {
    let wide = |at: usize| long(bytes, at).filter(|_| long(bytes, at + 4) == Some(0));
    wide(12)?.checked_add(wide(20)?)?.checked_add(32)
}

fn put(archive: &Archive, bytes: &mut Cursor<&[u8]>, sink: &mut Sink) {
    let is_locked = |index: usize| archive.is_file_encrypted(index);
    let files = (0..archive.files.len())
        .filter(|index| archive.files.get(*index).is_some_and(|file| file.has_stream));
    let (all, locked) =
        files.fold((0, 0), |(all, locked), index| (all + 1, locked + usize::from(is_locked(index))));
    if locked > 0 {
        sink.hidden(ProtectionKind::SevenZip, Strength::Strong, all == locked);
    }
    for (index, file) in archive.files.iter().enumerate() {
        if !file.has_stream || is_locked(index) {
            sink.text(Region::FileName, file.name.as_str(), Boundary::Block);
        }
    }
    for block in 0..archive.blocks.len() {
        let first = archive.stream_map.block_first_file_index.get(block);
        if first.is_some_and(|first| !is_locked(*first)) {
            unpack(archive, block, bytes, sink);
        }
    }
}

/// Unpacks the members of a block, which follow one another in one stream: past a limit or damage, the rest are named only.
fn unpack(archive: &Archive, block: usize, bytes: &mut Cursor<&[u8]>, sink: &mut Sink) {
    let (password, packed) = (Password::empty(), bytes.get_ref().len());
    // One thread: the caller counts what it spends.
    let decoder = BlockDecoder::new_with_memory_limit(1, MEMORY, block, archive, &password, bytes);
    let names: Vec<String> = decoder.entries().iter().map(|file| file.name.clone()).collect();
    let mut done = 0;
    let result = decoder.for_each_entries(&mut |file, stream| {
        let before = sink.gaps.len();
        sink.enter(&file.name);
        let content = sink.unpack(stream, packed);
        sink.leave();
        sink.child(Some(file.name.clone()), "", content);
        done += 1;
        Ok(sink.gaps.len() == before)
    });
    if let Err(error) = result {
        sink.gap(reason(&error));
    }
    for name in names.into_iter().skip(done) {
        sink.text(Region::FileName, name, Boundary::Block);
    }
}

fn reason(error: &Error) -> GapReason {
    match error {
        Error::UnsupportedCompressionMethod(_) | Error::Unsupported(_) | Error::ExternalUnsupported => {
            GapReason::Unsupported
        }
        Error::MaxMemLimited { .. } => GapReason::TooCostly,
        _ => GapReason::Malformed,
    }
}
