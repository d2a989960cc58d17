//! Where a format puts what it reads of one part.

use std::fmt::Write;
use std::io::Read;

use flate2::Decompress;

use super::budget::{Budget, opening};
use super::second::SecondReading;
use super::source::Source;
use crate::mime::{self, Params};
use crate::model::{
    Boundary, Cell, Gap, GapReason, Limits, Masked, Place, Protection, ProtectionKind, Region, Segment,
    Share, Strength, Written,
};

/// Most segments of one part; what comes after is kept, joined into one.
const MOST_SEGMENTS: usize = 200_000;
/// Letters that most names of places need.
const LONGEST_USUAL: usize = 32;
/// Where the numbers of records begin, past any table that a page or sheet has.
const FIRST_RECORD: u32 = 1 << 24;

/// Collects segments, gaps, protections and inner files of one part, in reading order.
#[derive(Debug, Default)]
pub struct Sink {
    place: Place,
    /// Where in the part what comes next stands.
    section: Option<String>,
    /// Whether the part is all that its message says.
    alone: bool,
    /// What may still be unpacked and put.
    pub budget: Budget,
    /// Kept from one stream to the next: making one costs as much as a small stream.
    inflater: Option<Decompress>,
    offset: usize,
    surplus: String,
    /// Records put so far: each is a table of its own.
    records: u32,
    /// Text read.
    pub segments: Vec<Segment>,
    /// What was not read.
    pub gaps: Vec<Gap>,
    /// What hid content.
    pub protections: Vec<Protection>,
    /// Runs of segments as the file has them; `None` when nobody asks.
    pub written: Option<Vec<Written>>,
    /// Files inside, to be read in turn.
    pub children: Vec<Source<'static>>,
    /// What else bounds the reading, and which outside tools may be asked.
    pub limits: Limits,
    /// Second readings asked for.
    pub asked: Vec<SecondReading>,
}

impl Sink {
    /// Makes a sink for the part at `place`, which is `alone` when it is all that its message says.
    #[must_use]
    pub fn new(place: Place, alone: bool, budget: Budget) -> Self {
        Self { place, alone, budget, ..Self::default() }
    }

    /// Where the part stands.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Says where in the part what comes next stands: a page, a sheet, a part of a package.
    pub fn enter(&mut self, section: &str) {
        self.section = Some(section.to_owned());
    }

    /// Ends what [`Sink::enter`] began.
    pub fn leave(&mut self) {
        self.section = None;
    }

    /// Unpacks a stream of `packed` bytes within the budget. What does not fit, or is damaged, is told, and what came before is given.
    pub fn unpack(&mut self, from: impl Read, packed: usize) -> Vec<u8> {
        let (bytes, reason) = self.budget.unpack(from, packed);
        self.unpacked(bytes, reason)
    }

    /// The same of what is not packed.
    pub fn copy(&mut self, bytes: &[u8]) -> Vec<u8> {
        let (bytes, reason) = self.budget.copy(bytes);
        self.unpacked(bytes, reason)
    }

    /// The same of what is deflated and at hand as a whole, which says that it unfolds to so many bytes.
    pub fn inflate(&mut self, packed: &[u8], told: usize) -> Vec<u8> {
        let inflater = self.inflater.get_or_insert_with(|| Decompress::new(false));
        let (bytes, reason) = self.budget.inflate(inflater, packed, told);
        self.unpacked(bytes, reason)
    }

    /// The first bytes of what is deflated.
    pub fn opening(&mut self, packed: &[u8], size: usize) -> Vec<u8> {
        let inflater = self.inflater.get_or_insert_with(|| Decompress::new(false));
        opening(inflater, packed, size)
    }

    fn unpacked(&mut self, bytes: Vec<u8>, reason: Option<GapReason>) -> Vec<u8> {
        if let Some(reason) = reason {
            let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let cut = matches!(reason, GapReason::TooLarge | GapReason::TooCostly);
            self.cut(reason, cut.then_some(Share { read, of: None }));
        }
        bytes
    }

    /// Adds a stretch of text; blank text is dropped.
    pub fn text(&mut self, region: Region, text: impl Into<String>, boundary: Boundary) {
        self.put(region, None, None, text.into(), boundary);
    }

    /// Adds a stretch of running text that has a name of its own in the part: `OBX`, `Condition`.
    pub fn named(&mut self, inner: &str, text: impl Into<String>) {
        self.put(Region::Body, None, Some(inner), text.into(), Boundary::Block);
    }

    /// Adds a cell of a table; a blank one is dropped, since others keep their coordinates.
    pub fn cell(&mut self, cell: Cell, text: impl Into<String>, boundary: Boundary) {
        self.put(Region::Cell, Some(cell), None, text.into(), boundary);
    }

    /// Adds a cell that has a name of its own in the part: `PID-5`.
    pub fn field(&mut self, cell: Cell, inner: &str, text: impl Into<String>, boundary: Boundary) {
        self.put(Region::Cell, Some(cell), Some(inner), text.into(), boundary);
    }

    /// The number of a new table for one record, apart from those that a format counts itself.
    pub fn record(&mut self) -> u32 {
        self.records = self.records.saturating_add(1);
        FIRST_RECORD.saturating_add(self.records)
    }

    /// Says that the segments put since there were `first` of them stand in the file as `text`.
    pub fn written(&mut self, first: usize, text: &str) {
        let count = self.segments.len().saturating_sub(first);
        if let Some(written) = self.written.as_mut().filter(|_| count > 0) {
            written.push(Written { first, count, text: Masked::new(text) });
        }
    }

    /// Adds a file inside this part. Past the most parts that are read it is told as not read, and its name is text all the same.
    pub fn child(&mut self, name: Option<String>, media: &str, bytes: Vec<u8>) {
        if self.children.len() >= usize::try_from(self.limits.parts).unwrap_or(usize::MAX) {
            if !self.gaps.iter().any(|gap| gap.reason == GapReason::TooDeep) {
                let read = self.children.iter().map(|child| child.bytes.len()).sum::<usize>();
                let read = u64::try_from(read).unwrap_or(u64::MAX);
                self.cut(GapReason::TooDeep, Some(Share { read, of: None }));
            }
            return self.text(Region::FileName, name.unwrap_or_default(), Boundary::Block);
        }
        self.children.push(Source { media: Params::parse(media), name, bytes: bytes.into() });
    }

    /// Adds a file inside that is said to be written in base64. What is not is text, as it stands.
    pub fn encoded_child(&mut self, name: Option<String>, media: &str, data: &[u8]) {
        let strange = mime::strange_lines(data).collect::<Vec<_>>().join(&b'\n');
        self.text(Region::Hidden, mime::charset::decode(&strange, None), Boundary::Block);
        self.child(name, media, mime::base64(data).bytes.into_owned());
    }

    /// Tells that the part, or some of it, was not read.
    pub fn gap(&mut self, reason: GapReason) {
        self.cut(reason, None);
    }

    /// Tells that the part was read up to a limit, and how much of it that was.
    pub fn cut(&mut self, reason: GapReason, share: Option<Share>) {
        let gap = Gap { share, ..Gap::new(self.place_of(None, None), reason) };
        if !self.gaps.iter().any(|told| told.place == gap.place && told.reason == reason) {
            self.gaps.push(gap);
        }
    }

    /// Tells that the part is damaged, and how many bytes of all were made out.
    pub fn damaged(&mut self, read: usize, of: usize) {
        let wide = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        self.cut(GapReason::Malformed, Some(Share { read: wide(read.min(of)), of: Some(wide(of)) }));
    }

    /// Tells that the part, or some of it, is protected.
    pub fn protection(&mut self, kind: ProtectionKind, strength: Strength, whole: bool) {
        let place = self.place_of(None, None);
        self.protections.push(Protection { kind, strength, place, whole, readers: Vec::new() });
    }

    /// Says for whom the last protection told can be opened, as far as it shows.
    pub fn readers(&mut self, readers: &[String]) {
        if let Some(protection) = self.protections.last_mut() {
            protection.readers = readers.iter().map(Masked::new).collect();
        }
    }

    /// Tells that a protection hides the part, or some of it when not `all`, and that it was not read.
    pub fn hidden(&mut self, kind: ProtectionKind, strength: Strength, all: bool) {
        self.protection(kind, strength, all && self.alone);
        self.gap(GapReason::Encrypted);
    }

    /// Puts what did not fit in the last segment. To be called once, at the end.
    pub fn close(&mut self) {
        let surplus = std::mem::take(&mut self.surplus);
        if !surplus.is_empty() {
            self.push(Region::Body, None, None, surplus, Boundary::Block);
        }
    }

    fn put(
        &mut self,
        region: Region,
        cell: Option<Cell>,
        inner: Option<&str>,
        text: String,
        boundary: Boundary,
    ) {
        if text.trim_ascii().is_empty() {
            return;
        }
        let text = self.fitting(text);
        if text.is_empty() {
            return;
        }
        if self.segments.len() < MOST_SEGMENTS {
            self.push(region, cell, inner, text, boundary);
        } else {
            self.surplus.push_str(&text);
            self.surplus.push(if boundary == Boundary::Cell { '\t' } else { '\n' });
        }
    }

    /// As much of a text as the budget has left; what is cut off is told.
    fn fitting(&mut self, mut text: String) -> String {
        let kept = self.budget.put(text.len());
        if kept < text.len() {
            let read = u64::try_from(self.offset.saturating_add(kept)).unwrap_or(u64::MAX);
            self.cut(GapReason::TooLarge, Some(Share { read, of: None }));
            text.truncate(text.floor_char_boundary(kept));
        }
        text
    }

    fn push(
        &mut self,
        region: Region,
        cell: Option<Cell>,
        inner: Option<&str>,
        text: String,
        boundary: Boundary,
    ) {
        let boundary = if self.segments.is_empty() { Boundary::Part } else { boundary };
        let place = self.place_of(inner, cell.filter(|_| inner.is_none()));
        let offset = self.offset;
        self.offset += text.len();
        self.segments.push(Segment { place, region, cell, text: Masked::new(text), offset, boundary });
    }

    fn place_of(&self, inner: Option<&str>, cell: Option<Cell>) -> Place {
        let outer = self.place.inner.as_ref().map(Masked::reveal);
        let mut name = String::with_capacity(LONGEST_USUAL);
        let within = if self.section.is_some() { "!" } else { "/" };
        for (sign, more) in [("", outer), ("/", self.section.as_deref()), (within, inner)] {
            let Some(more) = more else { continue };
            name.push_str(if name.is_empty() { "" } else { sign });
            name.push_str(more);
        }
        if let Some(cell) = cell {
            name.push_str(if name.is_empty() { "" } else { within });
            push_a1(cell, &mut name);
        }
        let inner = (!name.is_empty()).then(|| Masked::new(name));
        Place { part: self.place.part.clone(), filename: self.place.filename.clone(), inner }
    }
}

/// Joins the names that lead to a place: `archive.zip/liste.xlsx/Feuil1!B14`.
#[must_use]
pub fn joined(outer: Option<&Masked>, inner: Option<&str>) -> Option<Masked> {
    match (outer, inner) {
        (Some(outer), Some(inner)) => Some(Masked::new(format!("{}/{inner}", outer.reveal()))),
        (Some(one), None) => Some(one.clone()),
        (None, inner) => inner.map(Masked::new),
    }
}

/// A cell as spreadsheets name it: `B14`.
#[must_use]
pub fn a1(cell: Cell) -> String {
    let mut name = String::new();
    push_a1(cell, &mut name);
    name
}

fn push_a1(cell: Cell, name: &mut String) {
    let start = name.len();
    let mut rest = Some(cell.column);
    while let Some(column) = rest {
        let letter = char::from_digit(10 + column % 26, 36).map_or('?', |letter| letter.to_ascii_uppercase());
        name.insert(start, letter);
        rest = (column / 26).checked_sub(1);
    }
    // Writing to a string does not fail.
    let _ = write!(name, "{}", cell.row.saturating_add(1));
}

#[cfg(test)]
mod tests {
    use super::a1;
    use crate::model::Cell;

    #[test]
    fn cells_are_named_as_spreadsheets_do() {
        let name = |column, row| a1(Cell { table: 0, row, column });
        assert_eq!(
            [name(0, 0), name(25, 9), name(26, 13), name(701, 0), name(702, 0)],
            ["A1", "Z10", "AA14", "ZZ1", "AAA1"]
        );
    }
}
