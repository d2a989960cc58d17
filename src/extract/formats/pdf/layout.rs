//! Where text stands on a page, for what is written out of order: values put into a form after all its labels, words between brackets,
//! lines that run from right to left.

use super::turned;

/// Most strings of one page that are followed.
const MOST: usize = 100_000;
/// Gaps in parts of the size of the font: within them a blank parts two strings, past them a tab.
pub const BLANK: f64 = 0.15;
/// See [`BLANK`].
pub const TAB: f64 = 1.5;
/// Past this gap two strings of a line belong to different columns.
const COLUMN: f64 = 8.0;

/// A string and its place, along and across its own direction.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Direction.
    pub angle: f64,
    /// Where it starts and ends along it.
    pub start: f64,
    /// See `start`.
    pub end: f64,
    /// How high it stands across it.
    pub line: f64,
    /// Size of the font.
    pub size: f64,
    /// What it says.
    pub text: String,
}

/// Collects the strings of a page.
#[derive(Debug, Default)]
pub struct Layout {
    pieces: Vec<Piece>,
}

impl Layout {
    /// Adds a string.
    pub fn put(&mut self, piece: Piece) {
        let finite = [piece.angle, piece.start, piece.end, piece.line, piece.size];
        if self.pieces.len() < MOST && finite.iter().all(|number| number.is_finite()) {
            self.pieces.push(piece);
        }
    }

    /// The strings so far.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The lines that stand otherwise than they were written, from top to bottom; starts anew.
    pub fn finish(&mut self) -> String {
        let pieces = std::mem::take(&mut self.pieces);
        let mut order: Vec<(usize, &Piece)> = pieces.iter().enumerate().collect();
        order.sort_by(|(_, one), (_, other)| {
            let angle = (one.angle * 10.0).round().total_cmp(&(other.angle * 10.0).round());
            angle.then(other.line.total_cmp(&one.line))
        });
        let mut out = String::new();
        let mut line: Vec<(usize, &Piece)> = Vec::new();
        for piece in order {
            let same = line.first().is_none_or(|(_, first)| {
                (first.angle - piece.1.angle).abs() < 0.1
                    && (first.line - piece.1.line).abs() <= 0.3 * first.size.min(piece.1.size)
            });
            if !same {
                put_line(&mut line, &mut out);
            }
            line.push(piece);
        }
        put_line(&mut line, &mut out);
        out.truncate(out.trim_end().len());
        out
    }
}

/// Puts a line, column by column, unless it was written in this order.
fn put_line(line: &mut Vec<(usize, &Piece)>, out: &mut String) {
    line.sort_by(|(_, one), (_, other)| one.start.total_cmp(&other.start));
    let apart = |before: &(usize, &Piece), after: &(usize, &Piece)| {
        after.1.start - before.1.end <= COLUMN * after.1.size
    };
    for column in line.chunk_by(apart) {
        let written = column.windows(2).all(|pair| match pair {
            [before, after] => after.0 == before.0 + 1,
            _ => true,
        });
        let turned = column.iter().any(|(_, piece)| turned::is_turned(&piece.text));
        if turned {
            let mut shown = String::new();
            put_column(column, &mut shown);
            out.push_str(&turned::spoken(&shown));
        } else if !written {
            put_column(column, out);
        }
    }
    line.clear();
}

fn put_column(column: &[(usize, &Piece)], out: &mut String) {
    let mut last: Option<&Piece> = None;
    for (_, piece) in column {
        if let Some(last) = last {
            if last.text == piece.text && (last.start - piece.start).abs() < 0.3 * piece.size {
                continue;
            }
            match piece.start - last.end {
                gap if gap > TAB * piece.size => out.push('\t'),
                gap if gap > BLANK * piece.size => out.push(' '),
                _ => {}
            }
        }
        out.push_str(&piece.text);
        last = Some(piece);
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{Layout, Piece};

    fn laid(pieces: &[(f64, f64, &str)]) -> String {
        let mut layout = Layout::default();
        for (start, line, text) in pieces {
            let text = (*text).to_owned();
            let end = start + 5.0 * f64::from(u32::try_from(text.len()).unwrap());
            layout.put(Piece { angle: 0.0, start: *start, end, line: *line, size: 10.0, text });
        }
        layout.finish()
    }

    #[test]
    fn what_is_put_between_and_behind_earlier_text_is_told_in_its_place() {
        let form = [
            (0.0, 90.0, "NAM :"),
            (0.0, 70.0, "Nom :"),
            (27.0, 90.0, "TREM 0412 1925"),
            (27.0, 70.0, "Côté"),
        ];
        assert_eq!(laid(&form), "NAM : TREM 0412 1925\nNom : Côté");
        assert_eq!(laid(&[(0.0, 9.0, "("), (30.0, 9.0, ")"), (8.0, 9.0, "ici")]), "( ici )");
    }

    #[test]
    fn what_is_written_in_order_is_not_told_again() {
        assert_eq!(laid(&[(0.0, 90.0, "a"), (10.0, 90.0, "b"), (0.0, 70.0, "c")]), "");
        let columns = [(0.0, 90.0, "a"), (0.0, 70.0, "b"), (300.0, 90.0, "c"), (300.0, 70.0, "d")];
        assert_eq!(laid(&columns), "");
    }
}
