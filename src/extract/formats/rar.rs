//! Rar archives of every age (RARLAB's `technote.txt` for RAR 5; RAR 1.3 to 4 as free readers have them): every member becomes a file
//! inside.
//!
//! In: bytes. Out: members with their names, what is encrypted and how well. A solid archive is one stream, so that a member past a limit
//! ends the reading of all that follow; what is split over volumes cannot be read here.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use rars::{
    Archive, ArchiveMember, ArchiveMemberDetail, ArchiveReadOptions, ArchiveReader, ErrorKind,
    ExtractionDecision, ExtractionErrorAction,
};

use super::{Format, behind};
use crate::extract::endian::{long, sevens, short};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, ProtectionKind, Region, Strength};
use crate::protection::archive;

/// Takes what opens with the mark.
pub const FORMAT: Format =
    Format { behind: false, name: "rar", claims: |source| source.bytes.starts_with(b"Rar!\x1A\x07"), read };

/// Most headers listed.
const MOST: u64 = 20_000;
/// Most bytes of headers.
const HEADERS: u64 = 16 << 20;
/// Most bytes that unpacking may hold at a time, dictionary included.
const MEMORY: u64 = 192 << 20;

fn read(source: &Source<'_>, sink: &mut Sink) {
    let end = end(&source.bytes).unwrap_or(source.bytes.len());
    let (bytes, rest) = source.bytes.split_at_checked(end).unwrap_or((&source.bytes, &[]));
    match ArchiveReader::read_with_options(bytes, options()) {
        Ok(archive) => {
            put(&archive, bytes.len(), sink);
            if let Ok(Some(comment)) = archive.comment_with_options(options()) {
                sink.text(Region::Comment, charset::decode(&comment, None), Boundary::Block);
            }
        }
        Err(_) if archive::rar(bytes) => {
            sink.hidden(ProtectionKind::Rar, Strength::Strong, true);
        }
        Err(error) => sink.gap(reason(error.kind())),
    }
    behind::tell(rest, sink);
}

/// Where the archive ends: behind the block that ends it, or before bytes that are no block. `None` when the list is encrypted, or the
/// archive breaks off.
fn end(bytes: &[u8]) -> Option<usize> {
    let new = bytes.get(6) == Some(&1);
    let mut at = if new { 8 } else { 7 };
    while at < bytes.len() {
        let block = bytes.get(at..)?;
        let size = if new { block_of_5(block)? } else { block_of_4(block)? };
        match size {
            Block::Last(size) => return at.checked_add(size),
            Block::One(size) => at = at.checked_add(size)?,
            Block::None => return Some(at),
        }
    }
    None
}

/// A block with its size.
enum Block {
    One(usize),
    Last(usize),
    /// Something else.
    None,
}

/// A block of RAR 5: checksum, size of the head, kind, flags, sizes of what follows. `None` when the rest is encrypted or cut off.
fn block_of_5(block: &[u8]) -> Option<Block> {
    let mut at = 4;
    let head = number(block, &mut at)?;
    let head_end = at.checked_add(head)?;
    let (kind, flags) = (number(block, &mut at)?, number(block, &mut at)?);
    if flags & 1 != 0 {
        number(block, &mut at)?;
    }
    let data = if flags & 2 != 0 { number(block, &mut at)? } else { 0 };
    Some(match kind {
        1..=3 => Block::One(head_end.checked_add(data)?),
        4 => return None,
        5 => Block::Last(head_end.checked_add(data)?),
        _ => Block::None,
    })
}

/// A number of seven bits a byte, and the place behind it.
fn number(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let (value, rest) = sevens(bytes.get(*at..)?)?;
    *at = bytes.len() - rest.len();
    Some(value)
}

/// A block of RAR 1.5 to 4: checksum, kind, flags, size of the head, size of what follows.
fn block_of_4(block: &[u8]) -> Option<Block> {
    let (kind, flags, head) = (*block.get(2)?, short(block, 3)?, short(block, 5)?);
    if !(0x73..=0x7B).contains(&kind) || head < 7 {
        return Some(Block::None);
    }
    // The list itself is encrypted.
    if kind == 0x73 && flags & 0x80 != 0 {
        return None;
    }
    let member = matches!(kind, 0x74 | 0x7A);
    let data = if member || flags & 0x8000 != 0 { long(block, 7)? } else { 0 };
    let high = if member && flags & 0x100 != 0 { long(block, 32)?.checked_shl(32)? } else { 0 };
    let size = head.checked_add(data)?.checked_add(high)?;
    Some(if kind == 0x7B { Block::Last(size) } else { Block::One(size) })
}

fn options<'a>() -> ArchiveReadOptions<'a> {
    ArchiveReadOptions::new()
        .with_max_header_count(MOST)
        .with_max_header_bytes(HEADERS)
        .with_max_reader_workspace_bytes(MEMORY)
        .with_rar50_dictionary_size_limit(MEMORY)
}

/// What is to be done with a member.
enum Fate {
    Named,
    Read(Rc<RefCell<Bounded>>),
}

fn put(archive: &Archive, packed: usize, sink: &mut Sink) {
    tell_locked(archive, sink);
    let mut fates: Vec<(String, Fate)> = Vec::new();
    let room = Rc::new(RefCell::new(sink.budget.room(packed)));
    let mut failures: Vec<GapReason> = Vec::new();
    let solid = archive.is_solid();
    let ended = archive.extract_with_control_and_errors(
        options(),
        |member| {
            let meta = &member.meta;
            let split = meta.is_split_before || meta.is_split_after;
            let skipped = meta.is_directory || meta.is_redirection || meta.is_encrypted || split;
            if skipped {
                fates.push((name(member), Fate::Named));
                let stop = solid && !meta.is_directory && !meta.is_redirection;
                return Ok(if stop { ExtractionDecision::Stop } else { ExtractionDecision::Skip });
            }
            let bounded = Rc::new(RefCell::new(Bounded { bytes: Vec::new(), room: Rc::clone(&room) }));
            fates.push((name(member), Fate::Read(Rc::clone(&bounded))));
            Ok(ExtractionDecision::Extract(Box::new(Shared(bounded))))
        },
        |_, error| {
            failures.push(reason(error.kind()));
            Ok(ExtractionErrorAction::Continue)
        },
    );
    failures.extend(ended.err().map(|error| reason(error.kind())));
    let names: Vec<String> = archive.members().skip(fates.len()).map(|member| name(&member)).collect();
    put_members(fates, packed, sink);
    for name in names {
        sink.text(Region::FileName, name, Boundary::Block);
    }
    if archive.members().any(|member| member.meta.is_split_before || member.meta.is_split_after) {
        sink.gap(GapReason::Unsupported);
    }
    for failure in failures {
        sink.gap(failure);
    }
}

fn put_members(fates: Vec<(String, Fate)>, packed: usize, sink: &mut Sink) {
    for (name, fate) in fates {
        match fate {
            Fate::Named => sink.text(Region::FileName, name, Boundary::Block),
            Fate::Read(bounded) => {
                let content = sink.unpack(bounded.take().bytes.as_slice(), packed);
                sink.child(Some(name), "", content);
            }
        }
    }
}

/// One protection over the members that want a password. Before RAR 3 the cipher was of RAR's own making.
fn tell_locked(archive: &Archive, sink: &mut Sink) {
    let files = archive.members().filter(|member| !member.meta.is_directory).count();
    let locked: Vec<ArchiveMember> = archive.members().filter(|member| member.meta.is_encrypted).collect();
    let strength = |member: &ArchiveMember| match member.detail {
        ArchiveMemberDetail::Rar13 { .. } => Strength::Weak,
        ArchiveMemberDetail::Rar15To40 { unpack_version, .. } if unpack_version < 29 => Strength::Weak,
        _ => Strength::Strong,
    };
    if let Some(weakest) = locked.iter().map(strength).min() {
        sink.hidden(ProtectionKind::Rar, weakest, locked.len() == files);
    }
}

fn name(member: &ArchiveMember) -> String {
    match std::str::from_utf8(&member.meta.name) {
        Ok(name) => name.to_owned(),
        Err(_) => charset::decode(&member.meta.name, Some("cp850")),
    }
}

fn reason(kind: ErrorKind) -> GapReason {
    match kind {
        ErrorKind::UnsupportedFormat | ErrorKind::UnsupportedFeature => GapReason::Unsupported,
        ErrorKind::PasswordRequired | ErrorKind::BadPassword => GapReason::Encrypted,
        ErrorKind::ResourceLimit => GapReason::TooCostly,
        // The only stream that fails is ours, when it is full.
        ErrorKind::Io => GapReason::TooLarge,
        _ => GapReason::Malformed,
    }
}

/// The content of a member, as far as there is room.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    /// What all members may still take.
    room: Rc<RefCell<u64>>,
}

struct Shared(Rc<RefCell<Bounded>>);

impl Write for Shared {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let mut bounded = self.0.borrow_mut();
        let room = *bounded.room.borrow();
        let size = piece.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        if size < piece.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        bounded.room.replace(room - u64::try_from(size).unwrap_or(room));
        bounded.bytes.extend_from_slice(piece);
        Ok(size)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
