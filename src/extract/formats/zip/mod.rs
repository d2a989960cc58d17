//! Zip archives (PKWARE APPNOTE 6.3.10): every member becomes a file inside.
//!
//! In: bytes. Out: members with their names, what is encrypted and how well. The central directory is read first; what it does not
//! list, or what a cut or damaged file has left of itself, is found by local headers, since readers differ on which they trust.

mod bits;
mod headers;
mod implode;
mod reduce;
mod shrink;
mod unpack;

use std::collections::BTreeSet;

use memchr::memmem;

use super::{Format, behind, sweep};
use crate::extract::endian::little_at;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, ProtectionKind, Region, Strength};
use headers::{central, content, descriptor, directory, ends_with_directory, extra_field, local, name_of};

/// Takes what opens with a member or ends with a directory.
pub const FORMAT: Format =
    Format { behind: false, name: "zip", claims: |source| is_zip(&source.bytes), read };

/// Takes what has a whole archive behind something else: a program that unpacks itself, a picture, a few blank sectors.
pub const BEHIND: Format =
    Format { behind: true, name: "zip-behind", claims: |source| is_behind(&source.bytes), read: read_behind };

/// Most members listed.
const MOST: usize = 20_000;
/// Fewest letters and digits between members that may say something.
const FEWEST: usize = 4;
const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";

/// A file in an archive.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// Path in the archive.
    pub name: String,
    method: u16,
    flags: usize,
    /// How large it says it is unpacked.
    size: usize,
    /// Whether it wants a password, and how well that hides it.
    pub encrypted: Option<Strength>,
    /// Its packed content; `None` when the archive ends before it.
    packed: Option<&'a [u8]>,
    /// Where its local header is.
    header: usize,
    /// Where the directory lists it.
    entry: Option<usize>,
    /// Whether its two headers tell different sizes, so that readers see different contents.
    differs: bool,
}

/// The members of an archive.
#[derive(Debug, Default)]
pub struct Archive<'a> {
    /// In the order of the directory; what it does not list comes last.
    pub members: Vec<Member<'a>>,
    /// What the directory says of single members and of the whole.
    comments: Vec<&'a [u8]>,
    /// Further names of members, and words in their extra fields.
    said: String,
    /// What stands between members, and before the directory.
    loose: Vec<&'a [u8]>,
    /// Whether the directory is missing, cut or lies.
    damaged: bool,
    /// Whether there are more members than are listed.
    cut: bool,
    /// Where the directory begins.
    directory: Option<usize>,
}

/// Whether bytes are an archive by their first or last bytes.
#[must_use]
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(LOCAL) || bytes.starts_with(END) || bytes.starts_with(b"PK00PK\x03\x04")
}

impl<'a> Archive<'a> {
    /// Lists the members, and what stands beside them.
    #[must_use]
    pub fn open(bytes: &'a [u8]) -> Self {
        let mut archive = Self::listed(bytes);
        archive.find_said(bytes);
        archive.find_unlisted(bytes);
        archive.find_loose(bytes);
        archive
    }

    /// Lists the members of the directory alone.
    #[must_use]
    pub fn listed(bytes: &'a [u8]) -> Self {
        let mut archive = Self::default();
        archive.list(bytes);
        archive
    }

    /// Whether it looks so by its directory, or by all that it holds.
    #[must_use]
    pub fn is(bytes: &'a [u8], looks: impl Fn(&Self) -> bool) -> bool {
        is_zip(bytes) && (looks(&Self::listed(bytes)) || looks(&Self::open(bytes)))
    }

    /// Reads the central directory.
    fn list(&mut self, bytes: &'a [u8]) {
        let Some((start, shift, count)) = directory(bytes) else {
            self.damaged = true;
            return;
        };
        let mut at = start;
        while bytes.get(at..).is_some_and(|rest| rest.starts_with(CENTRAL)) && self.members.len() < MOST {
            let Some((member, next)) = central(bytes, at, shift) else { break };
            let size = little_at(bytes, at + 32, 2).unwrap_or(0);
            let comment = next.checked_sub(size).and_then(|start| bytes.get(start..next));
            self.comments.extend(comment.filter(|comment| !comment.is_empty()));
            self.damaged |= member.differs;
            self.members.push(member);
            at = next;
        }
        self.directory = Some(start);
        let comment = memmem::rfind(bytes, END).and_then(|at| bytes.get(at + 22..));
        self.comments.extend(comment.filter(|comment| !comment.is_empty()));
        self.cut = self.members.len() >= MOST;
        // A directory that is not at the end may be the one of an archive inside.
        self.damaged |= self.members.len() < count.min(MOST) || !ends_with_directory(bytes);
    }

    /// Finds what the headers of members say beside their names.
    fn find_said(&mut self, bytes: &[u8]) {
        for member in &self.members {
            said_by(bytes, member, &mut self.said);
        }
    }

    /// Finds local headers that the directory does not name, outside of what it does.
    fn find_unlisted(&mut self, bytes: &'a [u8]) {
        let known: BTreeSet<usize> = self.members.iter().map(|member| member.header).collect();
        let mut covered: Vec<(usize, usize)> = self
            .members
            .iter()
            .filter_map(|member| Some((member.header, member.header + 30 + member.packed?.len())))
            .collect();
        covered.sort_unstable();
        let inside = |at: usize| {
            let next = covered.partition_point(|(start, _)| *start < at);
            next.checked_sub(1).and_then(|index| covered.get(index)).is_some_and(|(_, end)| at < *end)
        };
        let mut from = 0;
        for at in memmem::find_iter(bytes, LOCAL) {
            if at < from || known.contains(&at) || inside(at) {
                continue;
            }
            if self.members.len() >= MOST {
                self.cut = true;
                return;
            }
            if let Some((member, end)) = local(bytes, at) {
                from = end;
                self.members.push(member);
            }
        }
    }

    /// Finds what stands outside of members: programs that only follow the directory pass over it.
    fn find_loose(&mut self, bytes: &'a [u8]) {
        let Some(directory) = self.directory else { return };
        let mut covered: Vec<(usize, usize, usize)> = self
            .members
            .iter()
            .filter_map(|member| {
                let end = content(bytes, member.header)?.checked_add(member.packed?.len())?;
                Some((member.header, end, member.flags))
            })
            .filter(|(start, ..)| *start < directory)
            .collect();
        covered.sort_unstable();
        let mut from: Option<(usize, usize)> = None;
        for (start, end, flags) in covered.into_iter().chain([(directory, directory, 0)]) {
            if let Some((last, flags)) = from
                && let Some(between) = bytes.get(last..start)
            {
                let between = between.get(descriptor(between, flags)..).unwrap_or_default();
                let says = between.iter().filter(|byte| byte.is_ascii_alphanumeric()).count() >= FEWEST;
                self.loose.extend(Some(between).filter(|_| says));
            }
            from = Some(from.filter(|(last, _)| *last > end).unwrap_or((end, flags)));
        }
    }

    /// Puts what it says beside its members: comments, further names, words in extra fields, what stands between.
    pub fn put_asides(&self, sink: &mut Sink) {
        let comments = self.comments.iter().map(|comment| charset::decode(comment, None));
        sink.text(Region::Comment, comments.collect::<Vec<_>>().join("\n"), Boundary::Block);
        sink.text(Region::Comment, self.said.as_str(), Boundary::Block);
        for loose in &self.loose {
            behind::put(loose, sink);
        }
    }

    /// Tells what is damaged or not listed.
    pub fn tell(&self, sink: &mut Sink) {
        if self.damaged {
            sink.gap(GapReason::Malformed);
        }
        if self.cut {
            sink.gap(GapReason::TooDeep);
        }
    }

    /// Finds a member by its path, whatever the case of letters.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Member<'a>> {
        self.members.iter().find(|member| member.name.eq_ignore_ascii_case(name))
    }

    /// Whether a member's path starts so, whatever the case of letters.
    #[must_use]
    pub fn has(&self, start: &str) -> bool {
        let starts =
            |name: &str| name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
        self.members.iter().any(|member| starts(&member.name))
    }
}

impl Member<'_> {
    /// Whether it is a folder.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.name.ends_with('/') && self.packed.is_none_or(<[u8]>::is_empty)
    }
}

/// Whether a directory stands where the end says, after something else.
fn is_behind(bytes: &[u8]) -> bool {
    directory(bytes).is_some_and(|(start, _, count)| {
        count > 0 && bytes.get(start..).is_some_and(|rest| rest.starts_with(CENTRAL))
    })
}

/// Reads what stands before as a file too, unless it is blank.
fn read_behind(source: &Source<'_>, sink: &mut Sink) {
    let first = Archive::open(&source.bytes).members.iter().map(|member| member.header).min();
    let before = source.bytes.get(..first.unwrap_or(0)).unwrap_or_default();
    if before.iter().any(|byte| *byte != 0) {
        let before = sink.copy(before);
        sink.child(None, "", before);
    }
    read(source, sink);
}

/// Reads the members as files inside.
fn read(source: &Source<'_>, sink: &mut Sink) {
    let archive = Archive::open(&source.bytes);
    archive.tell(sink);
    put(archive.members.iter().collect(), sink);
    archive.put_asides(sink);
}

/// Puts members as files inside, and one protection over those that want a password: their names are text all the same.
pub fn put(members: Vec<&Member<'_>>, sink: &mut Sink) {
    let files = members.iter().filter(|member| !member.is_folder()).count();
    let locked: Vec<&&Member<'_>> = members.iter().filter(|member| member.encrypted.is_some()).collect();
    if let Some(strength) = locked.iter().filter_map(|member| member.encrypted).min() {
        sink.hidden(ProtectionKind::Zip, strength, locked.len() == files);
    }
    for member in members {
        if member.is_folder() || member.encrypted.is_some() {
            sink.text(Region::FileName, member.name.as_str(), Boundary::Block);
            continue;
        }
        sink.enter(&member.name);
        let bytes = member.unpack(sink);
        sink.leave();
        sink.child(Some(member.name.clone()), "", bytes);
    }
}

/// Adds the names of a member that its own name is not, its comment in Unicode, and words in fields that nobody knows (APPNOTE 4.5; the
/// Unicode comment by Info-ZIP).
fn said_by<'b>(bytes: &'b [u8], member: &Member<'_>, out: &mut String) {
    let local = bytes.get(member.header..).filter(|rest| rest.starts_with(LOCAL)).unwrap_or_default();
    let part = |head: &'b [u8], from: usize, sizes: usize| {
        let (name, extra) = (little_at(head, sizes, 2)?, little_at(head, sizes + 2, 2)?);
        let rest = head.get(from..)?;
        Some((rest.get(..name)?, rest.get(name..name.checked_add(extra)?)?))
    };
    let central = member.entry.and_then(|entry| bytes.get(entry..)).unwrap_or_default();
    let letters = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let mut known: Option<String> = None;
    for (name, extra) in [part(central, 46, 28), part(local, 30, 26)].into_iter().flatten() {
        if extra.is_empty() && name == member.name.as_bytes() {
            out.push('\n');
            continue;
        }
        for name in [name_of(name, member.flags, &[]), name_of(name, member.flags, extra)] {
            let said = letters(&name);
            if !known.get_or_insert_with(|| letters(&member.name)).contains(&said) {
                known = Some(said);
                out.push_str(&name);
                out.push('\n');
            }
        }
        let comment = extra_field(extra, 0x6375).and_then(|field| field.get(5..)).unwrap_or_default();
        out.push_str(&charset::decode(comment, None));
        if comment.is_empty() && extra_field(extra, 0x7075).is_none() {
            out.push_str(&sweep::lines(extra));
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
}

/// Reads bytes as members packed by each method, for fuzzing.
pub fn fuzz(which: u8, bytes: &[u8], sink: &mut Sink) {
    let methods = [1, 2, 3, 4, 5, 6, 9, 12, 14, 95, 98];
    let method = methods.get(usize::from(which) % methods.len()).copied().unwrap_or(8);
    let (flags, size) = (usize::from(which >> 4) * 2, 1 << 20);
    let name = String::new();
    let (encrypted, packed, header, entry, differs) = (None, Some(bytes), 0, None, false);
    let member = Member { name, method, flags, size, encrypted, packed, header, entry, differs };
    drop(member.unpack(sink));
}

#[cfg(test)]
pub mod tests {
    /// Packs numbers of so many bits, the lowest of a byte first.
    pub fn packed(numbers: &[(usize, u32)]) -> Vec<u8> {
        let bits = numbers.iter().flat_map(|(number, width)| (0..*width).map(move |at| number >> at & 1));
        let bits: Vec<usize> = bits.collect();
        let byte =
            |bits: &[usize]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::try_from(*bit).unwrap());
        bits.chunks(8).map(byte).collect()
    }
}
