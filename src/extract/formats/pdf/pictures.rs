//! Pictures on a page: whether they are the page, so that its letters were scanned or drawn and not written.

use super::layout::Piece;

/// Letters in the middle of pictures below which nothing says what they show: an invisible layer of text, or text over a background, has
/// more; the line that a fax machine adds stands at the edge.
const FEW: usize = 40;
/// Share of a page past which pictures of two colours are a scan.
const SCANNED: f64 = 0.1;
/// Share of a page past which other pictures are one.
const PICTURED: f64 = 0.5;
/// Share of a page past which a picture is more than a logo.
const LOGO: f64 = 0.05;
/// Curves on a page without a letter past which they are letters.
const CURVES: usize = 500;
/// Most pictures of one page that are looked at.
const MOST: usize = 1_000;

/// A picture where a page shows it.
#[derive(Clone, Copy, Debug)]
pub struct Picture {
    /// Left, bottom, right, top.
    pub place: [f64; 4],
    /// Whether it has two colours, as scanned text has.
    pub bilevel: bool,
}

/// What of a page is no text.
#[derive(Debug, Default)]
pub struct Pictures {
    shown: Vec<Picture>,
    /// Curves drawn.
    pub curves: usize,
}

impl Pictures {
    /// Adds a picture.
    pub fn put(&mut self, picture: Picture) {
        if self.shown.len() < MOST {
            self.shown.push(picture);
        }
    }

    /// What the pictures are to a page, given its box and the text that is written on it.
    #[must_use]
    pub fn part_in(&self, page: [f64; 4], pieces: &[Piece]) -> Part {
        let silent = pieces.iter().all(|piece| piece.text.trim().is_empty());
        let share = |bilevel: Option<bool>| {
            let those = self.shown.iter().filter(|picture| bilevel.is_none_or(|it| it == picture.bilevel));
            those.map(|picture| area(common(picture.place, page))).sum::<f64>() / area(page).max(1.0)
        };
        if silent && (share(None) >= LOGO || self.curves >= CURVES) {
            return Part::Page;
        }
        if silent || share(None) < LOGO {
            return Part::None;
        }
        let inside = |piece: &&Piece| {
            let (sine, cosine) = piece.angle.sin_cos();
            let (x, y) = (piece.start * cosine - piece.line * sine, piece.start * sine + piece.line * cosine);
            self.shown.iter().any(|picture| middle(common(picture.place, page)).holds(x, y))
        };
        if pieces.iter().filter(inside).map(|piece| piece.text.trim().len()).sum::<usize>() >= FEW {
            return Part::None;
        }
        let scan = share(Some(true)) >= SCANNED || share(None) >= PICTURED;
        if scan { Part::Page } else { Part::Figure }
    }
}

/// What pictures are to the page that shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Nothing: a logo, a background, what a layer of text repeats.
    None,
    /// A picture in a text, which may show letters.
    Figure,
    /// The page, or much of it: letters that were scanned or drawn.
    Page,
}

struct Middle([f64; 4]);

impl Middle {
    fn holds(&self, x: f64, y: f64) -> bool {
        let [left, bottom, right, top] = self.0;
        (left..=right).contains(&x) && (bottom..=top).contains(&y)
    }
}

fn middle([left, bottom, right, top]: [f64; 4]) -> Middle {
    let edge = (top - bottom) * 0.1;
    Middle([left, bottom + edge, right, top - edge])
}

fn common([left, bottom, right, top]: [f64; 4], page: [f64; 4]) -> [f64; 4] {
    [left.max(page[0]), bottom.max(page[1]), right.min(page[2]), top.min(page[3])]
}

fn area([left, bottom, right, top]: [f64; 4]) -> f64 {
    (right - left).max(0.0) * (top - bottom).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::{Part, Picture, Pictures};
    use crate::extract::formats::pdf::layout::Piece;

    const PAGE: [f64; 4] = [0.0, 0.0, 600.0, 800.0];

    fn written(x: f64, y: f64, text: &str) -> Piece {
        Piece { angle: 0.0, start: x, end: x + 50.0, line: y, size: 10.0, text: text.repeat(50) }
    }

    fn scanned(place: [f64; 4], bilevel: bool, pieces: &[Piece]) -> bool {
        let mut pictures = Pictures::default();
        pictures.put(Picture { place, bilevel });
        pictures.part_in(PAGE, pieces) == Part::Page
    }

    #[test]
    fn a_scan_is_told_from_a_background_a_logo_and_a_layer_of_text() {
        let half = [0.0, 0.0, 600.0, 500.0];
        assert!(scanned(PAGE, false, &[]) && scanned(half, true, &[]));
        assert!(scanned(half, true, &[written(50.0, 700.0, "lettre")]), "text above a scanned form");
        assert!(scanned(PAGE, true, &[written(50.0, 790.0, "fax")]), "a fax machine's line");
        let third = [0.0, 0.0, 600.0, 270.0];
        assert!(!scanned(third, false, &[written(50.0, 700.0, "lettre")]), "a picture in a report");
        assert!(!scanned(PAGE, true, &[written(50.0, 300.0, "lettre")]), "a layer of text");
        assert!(!scanned([0.0, 750.0, 60.0, 790.0], false, &[]), "a logo alone");
    }
}
