//! Tables typed as text, read as the cells of a table.
//!
//! In: a stretch of text. Out: runs of lines that are parted alike, with the place of each cell. It refuses to know what a
//! table says: the cells are read as those of any other table.

use std::ops::Range;

use memchr::memchr_iter;

use crate::detect::ruler::{Ruler, is_rule};
use crate::model::{Boundary, Cell, Masked, Place, Region, Segment};

/// A table typed as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// From the start of its first line to the end of its last.
    pub span: Range<usize>,
    /// Each cell that is not empty: its row, its column and where it stands, in reading order.
    pub cells: Vec<(u32, u32, Range<usize>)>,
}

/// Most columns of a line: a longer one is data for machines.
const WIDEST: usize = 40;
/// Longest line of a table, in bytes.
const LINE: usize = 1_000;
/// Fewest lines of a table.
const FEWEST: usize = 2;

/// Lines that are parted alike, one below the other.
#[derive(Default)]
struct Run {
    ruler: Option<Ruler>,
    lines: Vec<Range<usize>>,
    /// How many marks part the last line.
    marks: usize,
}

/// The tables typed in a stretch of a text that hold a word: figures alone name nobody.
#[must_use]
pub fn grids(text: &str, stretch: &Range<usize>) -> Vec<Grid> {
    let mut found = Vec::new();
    let mut run = Run::default();
    for line in lines(text, stretch) {
        let written = text.get(line.clone()).unwrap_or_default();
        if is_rule(written) {
            continue;
        }
        let own = Some(written).filter(|line| line.len() <= LINE).and_then(Ruler::of);
        let marks = own.map_or(0, |ruler| ruler.count(written));
        if own.is_none() || !run.goes_on(own, marks) {
            found.extend(Grid::of(text, &std::mem::take(&mut run)));
        }
        if own.is_some() {
            (run.ruler, run.marks) = (own, marks);
            run.lines.push(line);
        }
    }
    found.extend(Grid::of(text, &run));
    found
}

/// Where the lines of a stretch stand.
fn lines(text: &str, stretch: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes().get(stretch.clone()).unwrap_or_default();
    let ends = memchr_iter(b'\n', bytes).map(move |end| stretch.start + end).chain([stretch.end]);
    let mut start = stretch.start;
    ends.map(move |end| std::mem::replace(&mut start, end + 1)..end)
}

impl Run {
    /// Whether a line parted so, by so many marks, goes on from the lines above.
    fn goes_on(&self, ruler: Option<Ruler>, marks: usize) -> bool {
        // Headers that run into one another are fewer than the columns below.
        let fits = marks == self.marks || self.lines.len() == 1 && marks > self.marks;
        ruler == self.ruler && (self.lines.is_empty() || ruler == Some(Ruler::Gap) || fits)
    }
}

/// Where the fields of a line stand, empty ones included unless spaces part them.
fn fields(ruler: Ruler, line: &str, start: usize) -> Vec<Range<usize>> {
    let mut fields = Vec::new();
    let mut at = start;
    for field in line.split(ruler.mark()) {
        let lead = field.len() - field.trim_start().len();
        let place = at + lead..at + lead + field.trim().len();
        at += field.len() + ruler.mark().len();
        if ruler != Ruler::Gap || !place.is_empty() {
            fields.push(place);
        }
    }
    fields
}

impl Grid {
    fn of(text: &str, run: &Run) -> Option<Self> {
        let ruler = run.ruler.filter(|_| run.lines.len() >= FEWEST && is_worded(text, &run.lines))?;
        let row = |line: &Range<usize>| Some(fields(ruler, text.get(line.clone())?, line.start));
        let rows: Vec<Vec<Range<usize>>> = run.lines.iter().filter_map(row).collect();
        let widest = rows.iter().max_by_key(|row| row.len())?;
        let columned = widest.len() > 2 || ruler != Ruler::Gap && widest.len() == 2;
        if !columned || widest.len() > WIDEST {
            return None;
        }
        let starts: Vec<usize> = widest.iter().map(|field| column_of(text, field)).collect();
        let mut cells = Vec::new();
        for (row, fields) in (0..).zip(&rows) {
            for (index, field) in (0..).zip(fields) {
                // Columns that spaces part are told by where they start, so that an empty cell moves none.
                let column = if ruler == Ruler::Gap && fields.len() < starts.len() {
                    nearest(&starts, column_of(text, field))
                } else {
                    index
                };
                if !field.is_empty() {
                    cells.push((row, column, field.clone()));
                }
            }
        }
        let span = rows.first()?.first()?.start..rows.last()?.last()?.end;
        Some(Self { span, cells })
    }

    /// The cells as those of any other table.
    #[must_use]
    pub fn segments(&self, text: &str) -> Vec<Segment> {
        let mut last = None;
        let cells = self.cells.iter().map(|(row, column, place)| {
            let boundary = match last.replace(*row) {
                None => Boundary::Part,
                Some(last) if last == *row => Boundary::Cell,
                Some(_) => Boundary::Row,
            };
            Segment {
                place: Place::default(),
                region: Region::Cell,
                cell: Some(Cell { table: 0, row: *row, column: *column }),
                text: Masked::new(text.get(place.clone()).unwrap_or_default()),
                offset: 0,
                boundary,
            }
        });
        cells.collect()
    }
}

/// Whether lines hold a letter.
fn is_worded(text: &str, lines: &[Range<usize>]) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    lines.iter().any(|line| text.get(line.clone()).is_some_and(|written| written.bytes().any(letter)))
}

/// How many characters stand before a field on its line.
fn column_of(text: &str, field: &Range<usize>) -> usize {
    let head = text.get(..field.start).unwrap_or_default();
    head.chars().rev().take(LINE).take_while(|character| *character != '\n').count()
}

fn nearest(starts: &[usize], place: usize) -> u32 {
    let near = (0..).zip(starts).min_by_key(|(_, start)| start.abs_diff(place));
    near.map_or(0, |(column, _)| column)
}

#[cfg(test)]
mod tests {
    use super::grids;

    #[test]
    fn lines_parted_alike_are_rows_and_an_empty_cell_moves_no_other() {
        for (text, rows) in [
            ("Liste\nNom\tNo\nRoy\t3\nfin", &["0.0 Nom", "0.1 No", "1.0 Roy", "1.1 3"][..]),
            ("| Nom | No |\n|---|---|\n| Roy |  |", &["0.1 Nom", "0.2 No", "1.1 Roy"]),
            (
                "Lit ; Nom ; Germe\n3 ; Roy ; grippe",
                &["0.0 Lit", "0.1 Nom", "0.2 Germe", "1.0 3", "1.1 Roy", "1.2 grippe"],
            ),
            (
                "       Lundi  Mardi\nJour   Roy    Lee\nNuit          Cyr",
                &["0.1 Lundi", "0.2 Mardi", "1.0 Jour", "1.1 Roy", "1.2 Lee", "2.0 Nuit", "2.2 Cyr"],
            ),
            (
                "+----+----+\n| Nom | No |\n+====+====+\n| Roy | 3 |\n+----+----+",
                &["0.1 Nom", "0.2 No", "1.1 Roy", "1.2 3"],
            ),
            ("No / nom / DDN\n3 / Roy / x", &["0.0 No", "0.1 nom", "0.2 DDN", "1.0 3", "1.1 Roy", "1.2 x"]),
            ("Un mot; un autre; un tiers.\nPuis rien.", &[]),
            ("Jean  Roy\nAnn  Lee", &[]),
            ("1;2;3\n4;5;6\n", &[]),
            ("1;2\na;b;c\nd;e;f", &["0.0 a", "0.1 b", "0.2 c", "1.0 d", "1.1 e", "1.2 f"]),
        ] {
            let cells: Vec<String> = grids(text, &(0..text.len()))
                .iter()
                .flat_map(|grid| grid.cells.iter())
                .map(|(row, column, place)| format!("{row}.{column} {}", &text[place.clone()]))
                .collect();
            assert_eq!(cells, rows, "{text}");
        }
    }
}
