//! A message laid out for detectors: runs of text folded once, table cells with their headers.

use std::ops::Range;

use super::canon::View;
use super::derive::derived;
use super::misread::misread;
use super::scattered::scattered;
use super::table::{Column, Heads, Tables, row_of, same_record};
use crate::model::{Boundary, Cell, Region, Segment};

/// How often a hidden text is looked for inside another.
const DEPTH: usize = 2;

/// All text of a message, folded, in reading order.
#[derive(Debug)]
pub struct Prepared<'a> {
    /// The segments as read.
    pub segments: &'a [Segment],
    /// Runs of segments that read as one text.
    pub blocks: Vec<Block<'a>>,
    /// Which blocks are cells of which table, and what their columns hold.
    pub tables: Tables,
}

/// One running text: a segment and those that follow it inline.
#[derive(Debug)]
pub struct Block<'a> {
    /// The folded text.
    pub view: View<'a>,
    /// Index of its first segment.
    pub segment: usize,
    /// What kind of text it is.
    pub region: Region,
    /// Coordinates, when it is a table cell.
    pub cell: Option<Cell>,
    /// How it follows the block before.
    pub boundary: Boundary,
    /// The block and the span it was decoded from, when it is not text as read.
    pub within: Option<(usize, Range<usize>)>,
    /// Where the segments after the first start in the joined text.
    joints: Vec<usize>,
}

impl<'a> Prepared<'a> {
    /// Joins and folds the segments of a message.
    #[must_use]
    pub fn of(segments: &'a [Segment]) -> Self {
        let Self { segments, mut blocks, tables } = Self::as_read(segments);
        let numbers: Vec<Block<'a>> = scattered(&blocks)
            .into_iter()
            .filter_map(|(index, text)| Some(blocks.get(index)?.derived(index, &text, None)))
            .collect();
        blocks.extend(numbers);
        let mut from = 0;
        for _ in 0..DEPTH {
            let hidden: Vec<Block<'a>> = (from..)
                .zip(blocks.get(from..).unwrap_or_default())
                .flat_map(|(index, block)| block.hidden(index))
                .collect();
            from = blocks.len();
            blocks.extend(hidden);
        }
        Self { segments, blocks, tables }
    }

    /// Only joins and folds them: what is hidden in a text or scattered over several is left where it is.
    #[must_use]
    pub fn as_read(segments: &'a [Segment]) -> Self {
        let mut blocks: Vec<Block<'a>> = Vec::with_capacity(segments.len());
        let mut at = 0;
        while at < segments.len() {
            let run = run_length(segments.get(at..).unwrap_or_default());
            blocks.extend(segments.get(at..at + run).and_then(|run| Block::of(at, run)));
            at += run;
        }
        let tables = Tables::of(&blocks);
        Self { segments, blocks, tables }
    }

    /// The folded text of a block; empty for a number out of range.
    #[must_use]
    pub fn text(&self, block: usize) -> &str {
        self.blocks.get(block).map_or("", |block| block.view.text())
    }

    /// The header over a cell, folded; `None` for other text and for headers themselves.
    #[must_use]
    pub fn header(&self, block: usize) -> Option<&str> {
        self.over(block).map(|header| self.text(header))
    }

    /// The block of that header.
    #[must_use]
    pub fn over(&self, block: usize) -> Option<usize> {
        let block = self.blocks.get(block)?.within.as_ref().map_or(block, |(cell, _)| *cell);
        let cell = self.blocks.get(block)?.cell?;
        self.tables.header(block, cell)
    }

    /// What the column of a cell holds, by its header.
    #[must_use]
    pub fn column(&self, block: usize) -> Option<Column> {
        self.header(block).and_then(Column::of_header)
    }

    /// The blocks of the row that a cell stands in, itself included.
    #[must_use]
    pub fn row(&self, block: usize) -> Range<usize> {
        row_of(&self.blocks, block)
    }

    /// Whether two cells are of one record: of one row, of one column where headers stand on the left, of one form.
    #[must_use]
    pub fn is_one_record(&self, one: usize, other: usize) -> bool {
        same_record(&self.blocks, &self.tables, one, other)
    }

    /// The cells of the record that a cell is of, itself included.
    #[must_use]
    pub fn record(&self, block: usize) -> Vec<usize> {
        if self.tables.heads(block) == Heads::Above {
            return self.row(block).collect();
        }
        let all = self.tables.body(block).unwrap_or_default();
        all.filter(|other| self.is_one_record(block, *other)).collect()
    }

    /// The segment and the byte range in its original text that a span of a block came from.
    #[must_use]
    pub fn locate(&self, block: usize, span: &Range<usize>) -> (usize, (usize, usize)) {
        let Some(block) = self.blocks.get(block) else { return (0, (0, 0)) };
        let origin = block.view.origin(span);
        let index = block.joints.partition_point(|joint| *joint <= origin.start);
        let base = index.checked_sub(1).and_then(|index| block.joints.get(index)).copied().unwrap_or(0);
        let segment = block.segment + index;
        let text = self.segments.get(segment).map_or("", |segment| segment.text.reveal());
        let start = text.floor_char_boundary(origin.start.saturating_sub(base));
        let end = text.ceil_char_boundary(origin.end.saturating_sub(base).min(text.len()));
        (segment, (start, end.max(start)))
    }
}

impl<'a> Block<'a> {
    fn of(index: usize, run: &'a [Segment]) -> Option<Self> {
        let (first, rest) = run.split_first()?;
        let (view, joints) =
            if rest.is_empty() { (View::of(first.text.reveal()), Vec::new()) } else { joined(run) };
        Some(Self {
            view,
            segment: index,
            region: first.region,
            cell: first.cell,
            boundary: first.boundary,
            within: None,
            joints,
        })
    }

    /// The texts hidden in this one (base64, spaced-out characters …), as blocks of their own.
    fn hidden(&self, index: usize) -> Vec<Self> {
        let text = self.view.text();
        let texts = derived(text).into_iter().chain(misread(text));
        texts.chain(self.view.turned()).map(|(text, run)| self.derived(index, &text, Some(run))).collect()
    }

    /// A text that was read from a run of this block, or from this cell and its neighbours.
    fn derived(&self, index: usize, text: &str, run: Option<Range<usize>>) -> Self {
        let run = run.unwrap_or(0..self.view.text().len());
        Self {
            view: View::decoded(text, self.view.origin(&run)),
            segment: self.segment,
            region: self.region,
            cell: None,
            boundary: Boundary::Block,
            within: Some((index, run)),
            joints: self.joints.clone(),
        }
    }
}

/// How many segments from the first on read as one text.
fn run_length(segments: &[Segment]) -> usize {
    let Some((first, rest)) = segments.split_first() else { return 1 };
    let joins = |next: &&Segment| {
        next.boundary == Boundary::Inline
            && next.region == first.region
            && next.cell == first.cell
            && next.place == first.place
    };
    1 + rest.iter().take_while(joins).count()
}

fn joined(run: &[Segment]) -> (View<'static>, Vec<usize>) {
    let mut text = String::new();
    let mut joints = Vec::new();
    for (index, segment) in run.iter().enumerate() {
        if index > 0 {
            joints.push(text.len());
        }
        text.push_str(segment.text.reveal());
    }
    (View::of(&text).into_owned(), joints)
}
