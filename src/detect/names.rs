//! Names of patients without a roster, and clusters of terms that need no identifier.
//!
//! In: a message laid out in blocks of folded text. Out: candidates with their reasons. A name alone says little;
//! what stands around it tells a patient from a colleague, a street or a disease.
//! It refuses to know other identifiers: the engine joins them.

mod around;
mod cells;
mod content;
mod context;
mod correspondents;
mod doubt;
mod echo;
mod elsewhere;
mod file_names;
mod foreign;
mod forms;
mod grid;
mod key_filter;
mod normal;
mod ordinary;
mod overlap;
mod prose;
mod roster;
mod series;
mod shape;
mod share;
mod terms;
mod token;
mod tone;
mod topic;
mod weights;
mod words;
mod zones;

use std::ops::Range;

use super::Context;
use super::candidate::Candidate;
use super::lexicon::Lexicons;
use super::prepared::{Block, Prepared};
use super::roster::{Rosters, whose};
use super::table::Column;
use crate::model::{Boundary, Faults, Region};
use cells::Rows;
use correspondents::Correspondents;
use foreign::Foreign;
use prose::Passage;
pub use share::SHARED;
use terms::Clusters;
use token::Token;
use tone::Tone;
use topic::Topic;
use words::Words;
pub use words::{lists, tags_of};
pub use zones::Zone;

/// Word lists and rules for names, compiled once.
#[derive(Debug, Default)]
pub struct Names {
    words: Words,
}

/// A stretch of a block that plays one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zoned {
    /// Which block.
    pub block: usize,
    /// Byte range in its folded text.
    pub span: Range<usize>,
    /// The part it plays.
    pub zone: Zone,
}

/// Bits that the roster gives a name at least, once all names are read.
const ROSTERED: f32 = 5.0;

/// Longest stretch read at once, in bytes: memory stays small whatever the message.
const STRETCH: usize = 64 * 1024;

impl Names {
    /// Compiles what names need from the word lists.
    ///
    /// # Errors
    /// [`Faults`] when a list that names need is unusable; a missing list leaves its clue out.
    pub fn compile(lexicons: &Lexicons) -> Result<Self, Faults> {
        Ok(Self { words: Words::of(lexicons) })
    }

    /// Proposes names, and terms that need no identifier, in a message. What the message is about bears on the other identifiers
    /// found in it too.
    #[must_use]
    pub fn candidates(
        &self,
        prepared: &Prepared<'_>,
        context: &Context,
        rosters: &Rosters,
        others: &mut [Candidate],
    ) -> Vec<Candidate> {
        let known = Correspondents::of(context);
        let mut reader = Reader::new(self, prepared, &known, rosters);
        for (index, block) in prepared.blocks.iter().enumerate() {
            reader.block(index, block);
        }
        let (names, foreign) = reader.finish();
        foreign.bear_on(others);
        names
    }

    /// What the lists of names say of a folded word, as a text: words of one class may stand for each other. `None` when it is
    /// no name.
    #[must_use]
    pub fn names(&self, word: &str) -> Option<String> {
        let tags = self.tags(word).without(words::BEGINS);
        tags.any(words::GIVEN | words::SURNAME | words::NAME_WORD).then(|| format!("{tags:?}"))
    }

    /// Whether a list holds a folded word, alone or at the start of a phrase.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        !self.tags(word).is_none()
    }

    fn tags(&self, word: &str) -> words::Tags {
        token::words(word).next().map_or(words::Tags::NONE, |key| self.words.get(key))
    }

    /// The zones of a message other than its body: signatures, greetings, quoted headers, footers.
    #[must_use]
    pub fn zones(&self, prepared: &Prepared<'_>) -> Vec<Zoned> {
        let mut zones = zones::Reader::default();
        let mut found = Vec::new();
        for (index, block) in prepared.blocks.iter().enumerate().filter(|(_, block)| block.cell.is_none()) {
            if begins_part(block) {
                zones = zones::Reader::default();
            }
            for stretch in stretches(block.view.text()) {
                let tokens = token::read(block.view.text(), stretch, &self.words);
                let of_words = zone_of_words(&mut zones, &tokens, block.view.text());
                let spans = tokens.iter().zip(of_words).filter(|(_, zone)| *zone != Zone::Body);
                found.extend(spans.map(|(token, zone)| Zoned {
                    block: index,
                    span: token.start..token.end,
                    zone,
                }));
            }
        }
        merge(found)
    }
}

/// Reads a message block by block.
struct Reader<'a> {
    names: &'a Names,
    prepared: &'a Prepared<'a>,
    known: &'a Correspondents,
    rosters: &'a Rosters,
    zones: zones::Reader,
    rows: Rows<'a>,
    clusters: Clusters,
    tone: Tone,
    topic: Topic,
    /// The words of the stretch being read: one list for all stretches.
    read: Vec<Token>,
    found: Vec<Candidate>,
    /// The names of the part being read, among those found: the whole part bears on each.
    of_part: Vec<usize>,
    /// How many were found before the part.
    of_part_from: usize,
    /// The parts that are long texts about nobody's care, and where the part being read starts.
    foreign: Foreign,
    part: usize,
    /// Whether a body was read since the last part ended: a subject line belongs to the part below it.
    body: bool,
}

impl<'a> Reader<'a> {
    fn new(
        names: &'a Names,
        prepared: &'a Prepared<'a>,
        known: &'a Correspondents,
        rosters: &'a Rosters,
    ) -> Self {
        let rows = Rows::new(&names.words);
        Self {
            names,
            prepared,
            known,
            rosters,
            zones: zones::Reader::default(),
            rows,
            clusters: Clusters::default(),
            tone: Tone::default(),
            topic: Topic::default(),
            read: Vec::new(),
            found: Vec::new(),
            of_part: Vec::new(),
            of_part_from: 0,
            foreign: Foreign::default(),
            part: 0,
            body: false,
        }
    }

    fn block(&mut self, index: usize, block: &Block<'_>) {
        if begins_part(block) {
            self.zones = zones::Reader::default();
            if self.body {
                self.end_part(index);
            }
        }
        if stands_apart(block) {
            self.zones = zones::Reader::default();
        }
        self.body |= !matches!(block.region, Region::Subject | Region::Header);
        let text = block.view.text();
        if block.region == Region::FileName {
            let patients = self.rosters.patients.as_deref();
            let named = file_names::candidate(text, index, &self.names.words, patients);
            named.iter().for_each(|name| self.clusters.names_someone(name.bits()));
            self.found.extend(named);
        }
        if block.cell.is_some() {
            let typed = self.rows.candidate(self.prepared, index);
            let patients = self.rosters.patients.as_deref().filter(|_| typed.is_none());
            typed.iter().for_each(|name| self.clusters.names_someone(name.bits()));
            self.found.extend(typed);
            self.found
                .extend(patients.and_then(|patients| self.rows.rostered(self.prepared, index, patients)));
            if block.boundary != Boundary::Cell && self.rows.is_of_patients(self.prepared, index) {
                self.clusters.names_someone(0.0);
            }
        }
        let is_prose = block.cell.is_none() || self.is_layout(index);
        let region = if block.region == Region::Subject { 2.0 } else { 0.0 };
        if block.region == Region::Body && block.cell.is_none() {
            self.tone.frame(text);
        }
        let mut read = std::mem::take(&mut self.read);
        for stretch in stretches(text) {
            let typed = if is_prose { self.typed(index, text, &stretch) } else { Vec::new() };
            token::read_into(&mut read, text, stretch, &self.names.words);
            let tokens = read.as_slice();
            let zones = if is_prose { zone_of_words(&mut self.zones, tokens, text) } else { Vec::new() };
            let headline = matches!(block.region, Region::Subject | Region::FileName);
            self.clusters.read(&terms::Stretch { block: index, text, tokens, zones: &zones, headline });
            self.tone.read(tokens, &zones, self.names.words.elsewhere());
            if !self.tone.is_long() {
                self.topic.read(tokens, &zones, self.names.words.topic());
            }
            if block.region != Region::FileName
                && !self.rows.column(self.prepared, index).is_some_and(is_name_column)
            {
                let (block, zones) = (index, zones.as_slice());
                let words = &self.names.words;
                let passage = Passage { words, text, block, tokens, zones, region, hyphens_join: true };
                let first = self.found.len();
                prose::candidates(&passage, self.known, &mut self.found);
                let named = self.found.get_mut(first..).unwrap_or_default();
                echo::hear(&passage, named);
                series::share(&passage, named);
                forms::candidates(text, index, tokens, &mut self.found);
                if let Some(patients) = self.rosters.patients.as_deref() {
                    roster::propose(&passage, patients, self.known, first, &mut self.found);
                }
                typed.iter().for_each(|table| table.settle(first, &mut self.found));
                if let Some(label) = self.rows.label(self.prepared, index) {
                    let new = self.found.iter_mut().skip(first);
                    new.for_each(|name| name.add("beside a label for a patient", label));
                }
                if let Some(staff) = self.rows.staff(self.prepared, index) {
                    let new = self.found.iter_mut().skip(first);
                    new.for_each(|name| name.add("in a table of employees, courses or suppliers", staff));
                }
                self.of_part.extend(first..self.found.len());
            }
        }
        self.read = read;
    }

    /// The tables typed in a stretch of text, with the names that their columns hold.
    fn typed(&self, block: usize, text: &str, stretch: &Range<usize>) -> Vec<TypedTable> {
        grid::grids(text, stretch)
            .iter()
            .map(|grid| TypedTable::of(grid, &self.names.words, block, text))
            .collect()
    }

    /// Whether a cell only lays a mail out: nothing stands beside it in its row.
    fn is_layout(&self, index: usize) -> bool {
        let cell = |index: usize| self.prepared.blocks.get(index).and_then(|block| block.cell);
        let Some(this) = cell(index) else { return false };
        let neighbours = index.checked_sub(1).into_iter().chain([index + 1]).filter_map(cell);
        neighbours
            .filter(|other| (other.table, other.row) == (this.table, this.row))
            .all(|other| other.column == this.column)
    }

    /// Ends the part that goes up to a block.
    fn end_part(&mut self, end: usize) {
        self.body = false;
        self.foreign.take(self.part..end, &self.tone);
        self.part = end;
        prose::same_person(&mut self.found, &self.of_part);
        cells::schedules(self.prepared, &mut self.found);
        let tone = std::mem::take(&mut self.tone);
        let topic = std::mem::take(&mut self.topic).bits();
        let of_nobody = tone.is_about_others() || tone.elsewhere() < 0.0;
        let (elsewhere, tone) = (tone.elsewhere(), tone.bits());
        let of_part = std::mem::take(&mut self.of_part);
        let mut known = Vec::new();
        for index in of_part.iter().copied() {
            let Some(name) = self.found.get_mut(index) else { continue };
            let bits = if tone < 0.0 { tone } else { tone * prose::share(name) };
            if bits != 0.0 {
                name.add("what the message is about", bits);
            }
            let rostered = self.rosters.patients.as_deref();
            let rostered = rostered.is_some_and(|patients| whose(patients, name.value.reveal()).is_some());
            let elsewhere = elsewhere * doubt::of_elsewhere(name, rostered);
            known.extend(rostered.then_some(index));
            if elsewhere != 0.0 {
                name.add("in a text that hardly speaks of care", elsewhere);
            }
        }
        let part = self.of_part_from..self.found.len();
        share::among(&mut self.found, &part);
        for index in of_part {
            let Some(name) = self.found.get_mut(index) else { continue };
            let region = self.prepared.blocks.get(name.block).map(|block| block.region);
            if matches!(region, Some(Region::Subject | Region::Body | Region::Cell | Region::Hidden)) {
                let told = !of_nobody && prose::is_known(name);
                overlap::settle(name, told, topic);
            }
            let of_roster = if known.binary_search(&index).is_ok() { ROSTERED } else { 0.0 };
            self.clusters.names_someone(name.bits() + of_roster);
        }
        self.found.extend(std::mem::take(&mut self.clusters).finish());
        self.of_part_from = self.found.len();
    }

    fn finish(mut self) -> (Vec<Candidate>, Foreign) {
        self.end_part(self.prepared.blocks.len());
        (self.found, self.foreign)
    }
}

/// A table typed as text, read.
struct TypedTable {
    span: Range<usize>,
    /// Where its cells are, in reading order.
    cells: Vec<Range<usize>>,
    /// The cells of its columns of names.
    columns: Vec<Range<usize>>,
    /// The names that these hold.
    names: Vec<Candidate>,
    /// Bits against a name in another cell, when the table is of employees.
    staff: Option<f32>,
}

impl TypedTable {
    fn of(grid: &grid::Grid, words: &Words, block: usize, text: &str) -> Self {
        let segments = grid.segments(text);
        let prepared = Prepared::as_read(&segments);
        let mut rows = Rows::new(words);
        let mut table = Self {
            span: grid.span.clone(),
            cells: grid.cells.iter().map(|(_, _, place)| place.clone()).collect(),
            columns: Vec::new(),
            names: Vec::new(),
            staff: None,
        };
        for (cell, place) in table.cells.iter().enumerate() {
            if rows.column(&prepared, cell).is_some_and(is_name_column) {
                table.columns.push(place.clone());
            }
            table.staff = table.staff.or_else(|| rows.staff(&prepared, cell));
            table.names.extend(rows.candidate(&prepared, cell).map(|name| {
                let span = place.start + name.span.start..(place.start + name.span.end).min(place.end);
                Candidate { block, span, ..name }
            }));
        }
        table
    }

    /// Puts the names of its columns in place of those read there as prose, and drops those read over several cells.
    fn settle(&self, first: usize, found: &mut Vec<Candidate>) {
        let mut read = found.split_off(first.min(found.len()));
        let settled = !self.names.is_empty() || self.staff.is_some();
        read.retain(|name| {
            let meets = |cell: &&Range<usize>| cell.start < name.span.end && name.span.start < cell.end;
            let cells = self.cells.iter().filter(meets).count();
            // Of a table that says nothing, two cells may still be a surname and a given name.
            let whole = cells < 2 || cells == 2 && !settled;
            !meets(&&self.span) || whole && !self.columns.iter().any(|cell| meets(&cell))
        });
        if let Some(staff) = self.staff {
            let inside = |name: &&mut Candidate| self.span.contains(&name.span.start);
            read.iter_mut()
                .filter(inside)
                .for_each(|name| name.add("in a table of employees, courses or suppliers", staff));
        }
        found.append(&mut read);
        found.extend(self.names.iter().cloned());
    }
}

fn is_name_column(column: Column) -> bool {
    matches!(column, Column::FullName | Column::Surname | Column::GivenName)
}

/// Whether a text is not of the flow: what a page hides, and what was decoded, do not go on with a signature above them.
fn stands_apart(block: &Block<'_>) -> bool {
    let hidden =
        matches!(block.region, Region::Hidden | Region::Comment | Region::Attribute | Region::Property);
    hidden || block.within.is_some()
}

fn begins_part(block: &Block<'_>) -> bool {
    block.boundary == Boundary::Part
}

/// Cuts a text into stretches of limited length, at line ends where there are some, else at spaces.
fn stretches(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let end = if rest.len() <= STRETCH { text.len() } else { at + cut(rest) };
        let stretch = at..end;
        at = end;
        Some(stretch)
    })
}

fn cut(rest: &str) -> usize {
    let head = rest.get(..rest.floor_char_boundary(STRETCH)).unwrap_or(rest);
    let at = head.rfind("\n\n").or_else(|| head.rfind('\n')).or_else(|| head.rfind(' '));
    at.filter(|at| *at > 0).unwrap_or(head.len())
}

/// The zone of each word, line by line.
fn zone_of_words(zones: &mut zones::Reader, tokens: &[Token], text: &str) -> Vec<Zone> {
    let mut all = Vec::with_capacity(tokens.len());
    let mut start = 0;
    while start < tokens.len() {
        let rest = tokens.get(start + 1..).unwrap_or_default();
        let end = start + 1 + rest.iter().take_while(|token| token.lines == 0).count();
        let line = tokens.get(start..end).unwrap_or_default();
        let from = start.checked_sub(1).and_then(|last| tokens.get(last)).map_or(0, |last| last.end);
        let before = line.first().and_then(|first| text.get(from..first.start)).unwrap_or_default();
        let zone = zones.line(line, text, before);
        all.resize(end, zone);
        start = end;
    }
    all
}

/// Joins neighbours of one zone.
fn merge(found: Vec<Zoned>) -> Vec<Zoned> {
    let mut merged: Vec<Zoned> = Vec::new();
    for next in found {
        match merged.last_mut() {
            Some(last) if last.block == next.block && last.zone == next.zone => last.span.end = next.span.end,
            _ => merged.push(next),
        }
    }
    merged
}
