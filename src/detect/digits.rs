//! Which stretches of a text a number rule can match in, told by the digits alone.
//!
//! In: what a pattern asks of digits ([`Need`], read off its syntax tree once); then the digits of a text. Out: the few bytes
//! worth showing to the pattern. A text whose digits do not stand so cannot match, and most numbers of a mail (a time, a
//! room, a year) are told apart so without a search. It refuses to know what a rule is for.

mod need;

use std::ops::Range;

use super::runs::runs;
pub use need::Need;
use need::{Bytes, DIGITS, bit, so_many};

/// Digits no farther apart belong to one window.
const GAP: usize = 32;
/// What a window shows before its first digit and after its last.
const LEAD: usize = 48;
const TAIL: usize = 32;

impl Need {
    /// The stretches of a window in which a match may stand, in order.
    pub fn places<'w>(&'w self, window: &'w Window<'_>) -> impl Iterator<Item = Range<usize>> + 'w {
        let mut rest = window.runs;
        std::iter::from_fn(move || {
            loop {
                let first = rest.iter().position(|run| self.starts_at(run))?;
                rest = rest.get(first..)?;
                let length = 1 + rest.iter().skip(1).take_while(|run| self.bridges(run)).count();
                let (runs, others) = rest.split_at_checked(length)?;
                rest = others;
                let last = runs.iter().rposition(|run| self.ends_at(run));
                let runs = last.and_then(|last| runs.get(..=last)).unwrap_or_default();
                if self.is_met(runs) {
                    return self.place(window, runs);
                }
            }
        })
    }

    fn is_met(&self, runs: &[Run]) -> bool {
        let digits: usize = runs.iter().map(Run::len).sum();
        digits >= self.fewest && runs.iter().any(|run| run.len() >= self.run)
    }

    fn place(&self, window: &Window<'_>, runs: &[Run]) -> Option<Range<usize>> {
        let start = runs.first()?.start.saturating_sub(self.before.length).max(window.span.start);
        // One character more, so that the pattern sees what a word boundary at its end looks at.
        let end = runs.last()?.end.saturating_add(self.after.length).saturating_add(1).min(window.span.end);
        let text = window.text;
        Some(text.floor_char_boundary(start)..text.ceil_char_boundary(end))
    }

    /// Whether a match may have its first digit in a run.
    fn starts_at(&self, run: &Run) -> bool {
        self.holds(run) && self.head.is_none_or(|head| head & (run.before | DIGITS) != 0)
    }

    /// Whether a match may have its last digit in a run.
    fn ends_at(&self, run: &Run) -> bool {
        self.tail.is_none_or(|tail| tail & (run.after | DIGITS) != 0)
    }

    /// Whether so many digits may stand side by side in a match, which never begins or ends amid digits.
    fn holds(&self, run: &Run) -> bool {
        run.len() <= self.longest && self.lengths & so_many(run.len()) != 0
    }

    fn bridges(&self, next: &Run) -> bool {
        self.holds(next) && next.gap <= self.between.length && next.gap_bytes & !self.between.bytes == 0
    }
}

/// Digits side by side, with the bytes before and after them and what stands between them and the run before in the same window.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    start: usize,
    end: usize,
    before: Bytes,
    after: Bytes,
    gap: usize,
    gap_bytes: Bytes,
}

impl Run {
    fn len(&self) -> usize {
        self.end - self.start
    }
}

/// A stretch of text around digits that stand close together.
#[derive(Clone, Debug)]
pub struct Window<'r> {
    /// What it shows, in bytes.
    pub span: Range<usize>,
    /// How many digits it holds.
    pub digits: usize,
    /// The digits, run by run.
    runs: &'r [Run],
    text: &'r str,
}

/// Every run of digits of a text, and which of them stand close together.
#[derive(Debug, Default)]
pub struct Digits {
    runs: Vec<Run>,
    /// Where each window's runs end.
    ends: Vec<usize>,
}

impl Digits {
    /// Finds the digits of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut digits = Self::default();
        let mut last: Option<usize> = None;
        for run in runs(bytes, 0, |_| false) {
            let near = last.filter(|last| run.start <= last + GAP);
            let between = near.and_then(|last| bytes.get(last..run.start)).unwrap_or_default();
            if near.is_none() && last.is_some() {
                digits.ends.push(digits.runs.len());
            }
            let gap_bytes = between.iter().fold(0, |set, byte| set | bit(*byte));
            last = Some(run.end);
            let beside = |at: Option<usize>| at.and_then(|at| bytes.get(at)).map_or(0, |byte| bit(*byte));
            let (before, after) = (beside(run.start.checked_sub(1)), beside(Some(run.end)));
            let gap = between.len();
            digits.runs.push(Run { start: run.start, end: run.end, before, after, gap, gap_bytes });
        }
        digits.ends.extend(last.map(|_| digits.runs.len()));
        digits
    }

    /// The windows, in order.
    pub fn windows<'r>(&'r self, text: &'r str) -> impl Iterator<Item = Window<'r>> + 'r {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(move |(start, end)| {
            let runs = self.runs.get(start..*end)?;
            let (first, last) = (runs.first()?, runs.last()?);
            let start = text.floor_char_boundary(first.start.saturating_sub(LEAD));
            let end = text.ceil_char_boundary((last.end + TAIL).min(text.len()));
            Some(Window { span: start..end, digits: runs.iter().map(Run::len).sum(), runs, text })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Digits, Need};

    fn places(pattern: &str, text: &str) -> Vec<String> {
        let need = Need::of(pattern).expect("every match has digits");
        let digits = Digits::of(text);
        let mut all = Vec::new();
        for window in digits.windows(text) {
            all.extend(need.places(&window).map(|place| text[place].to_owned()));
        }
        all
    }

    #[test]
    fn a_pattern_is_shown_only_digits_that_stand_as_it_asks() {
        let grouped = "[0-9]{3} ?[0-9]{3} ?[0-9]{3}";
        for (pattern, text, shown) in [
            (grouped, "le 12 mars 2026 au poste 2214, 046 454 286 ou 046-454-286", &["046 454 286 "][..]),
            (grouped, "1 2 3 4 5 6 7 8 9", &[]),
            ("[A-Z]{4} ?[0-9]{4}", "voir ABCD 1234 et 12 34", &["ABCD 1234 "]),
            ("(?:18|19|20)[0-9]{2}", "199 1999", &["1999"]),
            ("[0-9]{2} (?:mars|mai) [0-9]{4}", "12 mars 2026, 12 avril 2026", &["12 mars 2026,"]),
            ("[A-Z]{2}[0-9]{2} ?[0-9]{4}", "le 12 3456 ou GB12 3456", &["GB12 3456"]),
            ("[0-9]{2} ?[0-9]{2}[A-Z]{2}", "12 34AB, 12 34 56, 1234", &["12 34AB,"]),
            ("no [0-9]+(?:-[0-9]+)*", "le no 12-3-4 5", &["no 12-3-4 ", "-4 5"]),
            (grouped, "12345 12345 2026-01-15 123456 789", &["123456 789"]),
            ("[0-9]{4}[0-9A-Z] ?[0-9]{2}", "12345 67", &["12345 67"]),
            ("no (?P<value>[0-9]{4})", "no 12345", &["no 12345"]),
            ("no [0-9]{4}", "no 12345", &[]),
        ] {
            assert_eq!(places(pattern, text), shown, "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_that_may_match_without_digits_asks_for_nothing() {
        for pattern in ["[0-9A-Z]{4}", "[0-9]*", "no(?: [0-9])?"] {
            assert_eq!(Need::of(pattern), None, "{pattern}");
        }
    }
}
