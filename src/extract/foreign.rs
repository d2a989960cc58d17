//! A walk in two processes: one reads messages and text, the other every format that is told by its first bytes.
//!
//! In: a [`Reader`] that walks. Out: the files it leaves to another reader, and what that one gave, joined as if one had read all.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::budget::Budget;
use super::formats;
use super::reader::{Item, Reader, Role};
use super::second::SecondReading;
use super::source::Source;
use crate::mime::Params;
use crate::model::{Gap, GapReason, Limits, Place, Protection, Reading, Segment, Written};

/// What a step of a walk came to.
#[derive(Debug)]
pub enum Walked<'a> {
    /// Something was read.
    Read,
    /// A file of a foreign format, or a large one, is to be read elsewhere, with all that is inside it, before the walk goes on.
    Foreign(Box<Foreign<'a>>),
    /// An outside tool is to read a file, before the walk goes on.
    Second(Box<SecondReading>),
    /// Nothing is left.
    Done,
}

/// A file to be read elsewhere.
#[derive(Debug)]
pub struct Foreign<'a> {
    /// What its reader must know besides its bytes.
    pub task: Task,
    /// Its content.
    pub bytes: Cow<'a, [u8]>,
}

/// What reading a file takes besides its bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    place: Place,
    media: Params,
    name: Option<String>,
    other_names: Vec<String>,
    depth: u32,
    role: Role,
    limits: Limits,
    budget: Budget,
    parts: u32,
    verbatim: bool,
}

impl Task {
    /// Where the file stands in its message.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }
}

/// What some steps gave, and what the limits allow after them.
#[derive(Debug, Serialize, Deserialize)]
pub struct Progress {
    segments: Vec<Segment>,
    gaps: Vec<Gap>,
    protections: Vec<Protection>,
    written: Vec<Written>,
    asked: Vec<SecondReading>,
    budget: Budget,
    parts: u32,
}

/// Bytes of a text past which it is read elsewhere, whatever its format: a step in this process cannot be ended, a process can.
const LARGE: usize = 4 << 20;

impl<'a> Reader<'a> {
    /// Whether something is left to be read.
    #[must_use]
    pub fn has_more(&self) -> bool {
        !self.pending.is_empty() || !self.asked.is_empty()
    }

    /// Reads the next thing, unless it is a file of a foreign format: that one is taken off the walk and given to the caller.
    pub fn walk(&mut self) -> Walked<'a> {
        if let Some(asked) = self.asked.pop() {
            return Walked::Second(Box::new(asked));
        }
        // Taken off first: what panics while it is told what it is must not come again.
        let Some(item) = self.pending.pop() else { return Walked::Done };
        self.current = item.place.clone();
        let elsewhere = || item.source.bytes.len() > LARGE || formats::is_foreign(&item.source);
        if item.role != Role::Root && !self.past_limits(&item) && elsewhere() {
            return Walked::Foreign(Box::new(self.leave(item)));
        }
        self.read_next(item);
        Walked::Read
    }

    fn leave(&self, item: Item<'a>) -> Foreign<'a> {
        let Source { media, name, bytes } = item.source;
        let task = Task {
            place: item.place,
            media,
            name,
            other_names: item.other_names,
            depth: item.depth,
            role: item.role,
            limits: self.limits,
            budget: self.budget,
            parts: self.parts,
            verbatim: self.verbatim,
        };
        Foreign { task, bytes }
    }

    /// Starts on a file that another walk left.
    #[must_use]
    pub fn resume(task: Task, bytes: &'a [u8]) -> Self {
        let source = Source { media: task.media, name: task.name, bytes: Cow::Borrowed(bytes) };
        let item = Item {
            place: task.place,
            source,
            other_names: task.other_names,
            depth: task.depth,
            role: task.role,
        };
        Self {
            pending: vec![item],
            limits: task.limits,
            budget: task.budget,
            parts: task.parts,
            current: Place::default(),
            verbatim: task.verbatim,
            reading: Reading::default(),
            asked: Vec::new(),
        }
    }

    /// Passes over the next thing: a gap is told in place of it. Whether there was one.
    pub fn skip(&mut self, reason: GapReason) -> bool {
        let Some(item) = self.pending.pop() else { return false };
        self.tell(item.place, reason);
        true
    }

    /// Tells a gap.
    pub fn tell(&mut self, place: Place, reason: GapReason) {
        self.reading.gaps.push(Gap::new(place, reason));
    }

    /// Hands out what was read since the last time.
    pub fn progress(&mut self) -> Progress {
        let Reading { segments, gaps, protections, written, .. } = std::mem::take(&mut self.reading);
        let asked = std::mem::take(&mut self.asked);
        Progress { segments, gaps, protections, written, asked, budget: self.budget, parts: self.parts }
    }

    /// Takes over what another reader gave.
    pub fn join(&mut self, progress: Progress) {
        let Progress { mut segments, mut gaps, mut protections, written, mut asked, budget, parts } =
            progress;
        let before = self.reading.segments.len();
        let shifted =
            written.into_iter().map(|run| Written { first: run.first.saturating_add(before), ..run });
        self.reading.written.extend(shifted);
        self.reading.segments.append(&mut segments);
        self.reading.gaps.append(&mut gaps);
        self.reading.protections.append(&mut protections);
        self.asked.append(&mut asked);
        (self.budget, self.parts) = (self.budget.least(budget), self.parts.min(parts));
    }
}
