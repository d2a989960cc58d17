//! The walk over a message and everything inside it.
//!
//! One step reads one file or one level of a message, and puts what is inside it on a list: nothing recurses. A caller that
//! catches panics can go on with the next step, so that a reader that fails costs one part and not the message.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::budget::Budget;
use super::formats;
use super::headed;
use super::header;
use super::kind::{self, Kind};
use super::second::{SecondReading, Tool};
use super::sink::{Sink, joined};
use super::source::Source;
use crate::mime::{self, Bounds, Params, Part};
use crate::model::{
    Boundary, Gap, GapReason, Limits, Masked, Place, ProtectionKind, Reading, Region, Share, Written,
};
use crate::protection::{self, Hidden, cms, sealed};

/// Reads a message or a file, step by step.
#[derive(Debug)]
pub struct Reader<'a> {
    pub(super) pending: Vec<Item<'a>>,
    pub(super) limits: Limits,
    pub(super) budget: Budget,
    pub(super) parts: u32,
    pub(super) current: Place,
    /// Whether to keep the text of files as they have it.
    pub(super) verbatim: bool,
    pub(super) reading: Reading,
    /// Second readings asked for and not yet fulfilled.
    pub(super) asked: Vec<SecondReading>,
}

/// Something still to be read.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) place: Place,
    pub(super) source: Source<'a>,
    /// Further names of the attachment.
    pub(super) other_names: Vec<String>,
    pub(super) depth: u32,
    pub(super) role: Role,
}

/// What an item is to its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Role {
    /// The message itself.
    Root,
    /// The only part, or part of an encrypted whole.
    Whole,
    /// One part among others.
    Part,
    /// A file inside a part.
    Inner,
}

impl<'a> Reader<'a> {
    /// Starts on a message.
    #[must_use]
    pub fn message(raw: &'a [u8], limits: &Limits) -> Self {
        let media = Params { value: "message/rfc822".to_owned(), list: Vec::new() };
        Self::new(
            Source { media, name: None, bytes: Cow::Borrowed(raw) },
            Place::default(),
            Role::Root,
            limits,
        )
    }

    /// Starts on a bare file.
    #[must_use]
    pub fn file(name: &str, bytes: &'a [u8], limits: &Limits) -> Self {
        Self { verbatim: true, ..Self::bare(name, bytes, limits) }
    }

    fn bare(name: &str, bytes: &'a [u8], limits: &Limits) -> Self {
        let source =
            Source { media: Params::default(), name: Some(name.to_owned()), bytes: Cow::Borrowed(bytes) };
        if kind::is_message(&source) && !formats::is_foreign(&source) && kind::of(&source) == Kind::Message {
            return Self::message(bytes, limits);
        }
        let place = Place { part: "1".to_owned(), filename: Some(Masked::new(name)), inner: None };
        Self::new(source, place, Role::Whole, limits)
    }

    fn new(source: Source<'a>, place: Place, role: Role, limits: &Limits) -> Self {
        let item = Item { place, source, other_names: Vec::new(), depth: 0, role };
        Self {
            pending: vec![item],
            limits: *limits,
            budget: Budget::new(limits),
            parts: limits.parts,
            current: Place::default(),
            verbatim: false,
            reading: Reading::default(),
            asked: Vec::new(),
        }
    }

    /// Reads the next thing; whether there was one.
    pub fn step(&mut self) -> bool {
        let Some(item) = self.pending.pop() else { return false };
        self.read_next(item);
        true
    }

    pub(super) fn read_next(&mut self, item: Item<'a>) {
        self.current = item.place.clone();
        let alone = item.role == Role::Whole;
        if item.role != Role::Inner {
            self.budget.begin_attachment();
        }
        let mut sink = Sink::new(item.place.clone(), alone, self.budget);
        sink.written = self.verbatim.then(Vec::new);
        sink.limits = self.limits;
        let children = self.read(item, &mut sink);
        self.take(sink);
        self.pending.extend(children.into_iter().rev());
    }

    /// Takes over what a sink collected.
    pub(super) fn take(&mut self, mut sink: Sink) {
        sink.close();
        self.budget = sink.budget;
        let before = self.reading.segments.len();
        let written = sink.written.into_iter().flatten();
        self.reading.written.extend(written.map(|run| Written { first: before + run.first, ..run }));
        self.reading.segments.append(&mut sink.segments);
        self.reading.gaps.append(&mut sink.gaps);
        self.reading.protections.append(&mut sink.protections);
        self.asked.append(&mut sink.asked);
    }

    /// Tells that the last step failed halfway.
    pub fn crashed(&mut self) {
        self.reading.gaps.push(Gap::new(self.current.clone(), GapReason::Crashed));
    }

    /// Ends the walk and gives what was read. What is still pending becomes a gap.
    #[must_use]
    pub fn finish(mut self) -> Reading {
        let left = std::mem::take(&mut self.pending).into_iter().map(|item| item.place);
        let asked = std::mem::take(&mut self.asked).into_iter().map(|asked| asked.place);
        self.reading.gaps.extend(left.chain(asked).map(|place| Gap::new(place, GapReason::TooCostly)));
        self.reading
    }

    fn read(&mut self, mut item: Item<'a>, sink: &mut Sink) -> Vec<Item<'a>> {
        put_names(&item, sink);
        if self.past_limits(&item) {
            sink.cut(GapReason::TooDeep, Some(none_of(item.source.bytes.len())));
            return Vec::new();
        }
        self.parts -= 1;
        spend(&mut item, sink);
        if is_fragment(&item.source.media) {
            sink.gap(GapReason::Unsupported);
        }
        if item.role == Role::Root {
            return self.open(&item, sink);
        }
        match kind::of(&item.source) {
            Kind::Empty => Vec::new(),
            Kind::Silent => {
                beside(&item, sink);
                inside(&item, sink)
            }
            Kind::Signature(said) => {
                sink.text(Region::Comment, said, Boundary::Block);
                Vec::new()
            }
            Kind::Media => {
                sink.text(Region::Hidden, formats::letters(&item.source.bytes), Boundary::Block);
                if kind::is_picture(&item.source.bytes) {
                    sink.ask(Tool::Ocr, &item.source.bytes, None);
                    formats::said_by_picture(&item.source.bytes, sink);
                    formats::behind_picture(&item.source.bytes, sink);
                } else {
                    formats::said_by_media(&item.source.bytes, sink);
                }
                if sink.children.is_empty() {
                    formats::archive_within(&item.source.bytes, sink);
                }
                inside(&item, sink)
            }
            Kind::Message => self.open(&item, sink),
            Kind::Signed(content, whole) => {
                if !whole {
                    sink.gap(GapReason::Malformed);
                }
                formats::behind(cms::behind(&item.source.bytes), sink);
                let mut items = inside(&item, sink);
                items.insert(0, item.wrapped(content));
                items
            }
            Kind::Protected(hidden) => {
                protect(&hidden, &item, sink);
                beside(&item, sink);
                if hidden.kind == ProtectionKind::Ome && kind::is_text(&item.source.bytes) {
                    read_text(&item, sink)
                } else {
                    inside(&item, sink)
                }
            }
            Kind::Sealed => {
                sink.text(Region::Hidden, formats::letters(&item.source.bytes), Boundary::Block);
                sink.gap(GapReason::Encrypted);
                Vec::new()
            }
            Kind::Unsupported => {
                sink.text(Region::Hidden, formats::letters_of_unknown(&item.source.bytes), Boundary::Block);
                sink.gap(GapReason::Unsupported);
                Vec::new()
            }
            Kind::File(format) => read_file(format, &item, sink),
            Kind::Text => read_text(&item, sink),
        }
    }

    /// Whether an item is nested too deeply, or one part too many.
    pub(super) fn past_limits(&self, item: &Item<'_>) -> bool {
        item.depth > self.limits.depth || self.parts == 0
    }

    /// Opens a message: its header is read at once, its parts in turn.
    fn open(&mut self, item: &Item<'a>, sink: &mut Sink) -> Vec<Item<'a>> {
        match item.source.bytes {
            Cow::Borrowed(bytes) => self.opened(bytes, &item.place, item.depth, item.role, sink),
            Cow::Owned(ref bytes) => {
                let parts = self.opened(bytes, &item.place, item.depth, item.role, sink);
                parts.into_iter().map(Item::into_owned).collect()
            }
        }
    }

    fn opened<'m>(
        &mut self,
        bytes: &'m [u8],
        place: &Place,
        depth: u32,
        role: Role,
        sink: &mut Sink,
    ) -> Vec<Item<'m>> {
        let parts = usize::try_from(self.parts.min(self.limits.mime_parts)).unwrap_or(usize::MAX);
        let bounds = Bounds { depth: self.limits.mime_depth, parts };
        let message = mime::parse(headed::message(bytes), &place.part, bounds);
        if role == Role::Root {
            self.reading.facts = mime::facts::of(&message.fields);
        }
        header::read(&message.fields, sink);
        header::read(&message.inner_fields, sink);
        for (part, left) in &message.gaps {
            let place = Place { part: part.clone(), ..place.clone() };
            sink.gaps.push(Gap { place, reason: GapReason::TooDeep, share: Some(none_of(*left)) });
        }
        for loose in &message.loose {
            let text = mime::charset::decode(&loose.bytes, None);
            sink.text(Region::Hidden, super::source::with_line_feeds(text), Boundary::Block);
        }
        for part in &message.parts {
            header::read(&part.fields, sink);
        }
        let single = role == Role::Root && message.parts.len() == 1;
        message.parts.into_iter().map(|part| Item::part(part, place, depth + 1, single)).collect()
    }
}

impl<'a> Item<'a> {
    fn part(part: Part<'a>, around: &Place, depth: u32, single: bool) -> Self {
        let mut names = part.names.into_iter();
        let name = names.next();
        let encrypted = part.within.as_deref() == Some("multipart/encrypted") && !part.number.contains('.');
        let place = Place {
            part: part.number,
            filename: name.as_deref().map(Masked::new).or_else(|| around.filename.clone()),
            inner: around.inner.clone(),
        };
        let role = if single || encrypted { Role::Whole } else { Role::Part };
        let source = Source { media: part.media, name, bytes: part.bytes };
        Self { place, source, other_names: names.collect(), depth, role }
    }

    /// A file inside this one.
    fn inner(&self, source: Source<'static>) -> Item<'a> {
        let mut place = self.place.clone();
        match (&source.name, &place.filename) {
            (Some(name), None) => place.filename = Some(Masked::new(name.as_str())),
            (Some(name), Some(_)) => place.inner = joined(place.inner.as_ref(), Some(name)),
            (None, _) => {}
        }
        Item { place, source, other_names: Vec::new(), depth: self.depth + 1, role: Role::Inner }
    }

    /// What a signature wraps: an entity with a header of its own.
    fn wrapped(&self, content: Vec<u8>) -> Item<'a> {
        let media = Params { value: "message/rfc822".to_owned(), list: Vec::new() };
        self.inner(Source { media, name: None, bytes: content.into() })
    }

    fn into_owned(self) -> Item<'static> {
        let source = Source {
            media: self.source.media,
            name: self.source.name,
            bytes: Cow::Owned(self.source.bytes.into_owned()),
        };
        Item { place: self.place, source, other_names: self.other_names, depth: self.depth, role: self.role }
    }
}

/// Nothing of so many bytes.
fn none_of(size: usize) -> Share {
    Share { read: 0, of: u64::try_from(size).ok() }
}

/// Takes the item's bytes out of the budget; what does not fit is cut off and told.
fn spend(item: &mut Item<'_>, sink: &mut Sink) {
    let size = item.source.bytes.len();
    // The outermost message is counted by its parts; what was unpacked was counted then.
    let counted = !matches!(item.role, Role::Root | Role::Inner);
    let (keep, reason) = sink.budget.spend(size, counted);
    if let Some(reason) = reason {
        let wide = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        sink.cut(reason, Some(Share { read: wide(keep), of: Some(wide(size)) }));
        match &mut item.source.bytes {
            Cow::Borrowed(bytes) => *bytes = bytes.get(..keep).unwrap_or(bytes),
            Cow::Owned(bytes) => bytes.truncate(keep),
        }
    }
}

/// Reads a text by its format; gives the files inside.
fn read_text<'a>(item: &Item<'a>, sink: &mut Sink) -> Vec<Item<'a>> {
    formats::read(&item.source, sink);
    formats::encoded(&item.source.bytes, sink);
    if sealed::is_text(&item.source.bytes) {
        sink.gap(GapReason::Encrypted);
    }
    if kind::ends_otherwise(&item.source.bytes) {
        sink.gap(GapReason::Unsupported);
    }
    inside(item, sink)
}

/// Reads a file by its format; gives the files inside.
fn read_file<'a>(format: &formats::Format, item: &Item<'a>, sink: &mut Sink) -> Vec<Item<'a>> {
    (format.read)(&item.source, sink);
    inside(item, sink)
}

fn inside<'a>(item: &Item<'a>, sink: &mut Sink) -> Vec<Item<'a>> {
    std::mem::take(&mut sink.children).into_iter().map(|source| item.inner(source)).collect()
}

/// One of several messages that only together have what they carry (RFC 2046, 5.2.2): the others are not at hand.
fn is_fragment(media: &Params) -> bool {
    media.value == "message/partial" && media.get("total").is_none_or(|total| total.trim() != "1")
}

/// File names are text too.
fn put_names(item: &Item<'_>, sink: &mut Sink) {
    let first = item.source.name.iter().filter(|_| item.role != Role::Root);
    for name in first.chain(&item.other_names) {
        sink.text(Region::FileName, name.as_str(), Boundary::Block);
    }
}

/// Reads what goes with a signature, a certificate or something encrypted in one file: behind its end, or an archive in it.
fn beside(item: &Item<'_>, sink: &mut Sink) {
    let pem = protection::pem(&item.source.bytes);
    let bytes = pem.as_deref().unwrap_or(&item.source.bytes);
    formats::behind(cms::behind(bytes), sink);
    formats::behind_pgp(bytes, sink);
    if sink.children.is_empty() {
        formats::archive_within(bytes, sink);
    }
}

/// Tells a protection, and a gap unless the scheme speaks for itself.
fn protect(hidden: &Hidden, item: &Item<'_>, sink: &mut Sink) {
    let whole = item.role == Role::Whole || hidden.kind == ProtectionKind::Ome;
    sink.protection(hidden.kind, hidden.strength, whole);
    sink.readers(&hidden.readers);
    sink.text(Region::Comment, hidden.said.as_str(), Boundary::Block);
    // Noise has no lines of letters: what has stands in clear, before or behind.
    if !item.source.bytes.is_ascii() {
        sink.text(Region::Hidden, formats::letters(&item.source.bytes), Boundary::Block);
    }
    if !protection::speaks_for_itself(hidden.kind) {
        sink.gap(GapReason::Encrypted);
    }
}
