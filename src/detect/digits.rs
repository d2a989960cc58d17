//! Which stretches of a text a number rule can match in, told by the digits alone.
//!
//! In: what a pattern asks of digits ([`Need`], read off its syntax tree once); then the digits of a text. Out: the few bytes
//! worth showing to the pattern. A text whose digits do not stand so cannot match, and most numbers of a mail (a time, a
//! room, a year) are told apart so without a search. It refuses to know what a rule is for.

mod need;
mod sieve;

use std::ops::Range;

use super::runs::runs;
pub use need::Need;
use need::{Bytes, DIGITS, bit, so_many};
pub use sieve::Sieve;
use sieve::{Fits, LONG, MANY, Needs, only};

/// Digits no farther apart belong to one window.
pub const GAP: usize = 32;
/// What a window shows before its first digit and after its last.
const LEAD: usize = 48;
const TAIL: usize = 32;

/// So many bytes of a text have digits side by side once, or more: a list of them rarely grows.
const BYTES_A_RUN: usize = 8;

impl Need {
    /// The stretches of a window in which a match may stand, in order. `number` is that under which [`Sieve`] knows it.
    pub fn places<'w>(
        &'w self,
        number: usize,
        window: &'w Window<'_>,
    ) -> impl Iterator<Item = Range<usize>> + 'w {
        let own = only(number);
        let is_sure = move |run: &Run| number < MANY && run.len() < LONG;
        let begins = move |run: &Run| run.fits.begins & own != 0 && (is_sure(run) || self.starts_at(run));
        let goes_on = move |run: &Run| run.fits.goes_on & own != 0 && (is_sure(run) || self.bridges(run));
        let mut rest = window.runs;
        std::iter::from_fn(move || {
            loop {
                let first = rest.iter().position(begins)?;
                rest = rest.get(first..)?;
                let length = 1 + rest.iter().skip(1).take_while(|run| goes_on(run)).count();
                let (runs, others) = rest.split_at_checked(length)?;
                rest = others;
                let last = runs.iter().rposition(|run| self.ends_at(run));
                let runs = last.and_then(|last| runs.get(..=last)).unwrap_or_default();
                if runs.iter().any(|run| run.fits.long & own != 0) && self.is_met(runs) {
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
        self.holds(run.len()) && self.follows(run.before)
    }

    /// Whether the first digit of a match may stand right after a byte, or after none.
    fn follows(&self, before: Bytes) -> bool {
        self.head.is_none_or(|head| head & (before | DIGITS) != 0)
    }

    /// Whether a match may have its last digit in a run.
    fn ends_at(&self, run: &Run) -> bool {
        self.tail.is_none_or(|tail| tail & (run.after | DIGITS) != 0)
    }

    /// Whether so many digits may stand side by side in a match, which never begins or ends amid digits.
    fn holds(&self, digits: usize) -> bool {
        digits <= self.longest && self.lengths & so_many(digits) != 0
    }

    fn bridges(&self, next: &Run) -> bool {
        self.holds(next.len()) && next.gap <= self.between.length && next.gap_bytes & !self.between.bytes == 0
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
    /// What it may be in the matches of each need.
    fits: Fits,
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
    /// The needs of which a match may begin in it, if one has a run as long as it must.
    needs: Needs,
    /// The digits, run by run.
    runs: &'r [Run],
    text: &'r str,
}

impl Window<'_> {
    /// Whether a match may begin here of what asks the need of a number.
    #[must_use]
    pub fn may_begin(&self, number: usize) -> bool {
        self.needs & only(number) != 0
    }
}

/// Every run of digits of a text, and which of them stand close together.
#[derive(Debug, Default)]
pub struct Digits {
    runs: Vec<Run>,
    /// Where each window's runs end.
    ends: Vec<usize>,
}

impl Digits {
    /// Finds the digits of a text, and what each may be for the needs of a sieve.
    #[must_use]
    pub fn of(text: &str, sieve: &Sieve) -> Self {
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
            let before = run.start.checked_sub(1).and_then(|at| bytes.get(at)).copied();
            let fits = sieve.fits(run.len(), before, between);
            if digits.runs.is_empty() {
                digits.runs.reserve(bytes.len().saturating_sub(run.start) / BYTES_A_RUN);
            }
            let (before, after) = (before.map_or(0, bit), bytes.get(run.end).map_or(0, |byte| bit(*byte)));
            let gap = between.len();
            digits.runs.push(Run { start: run.start, end: run.end, before, after, gap, gap_bytes, fits });
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
            let any = |which: fn(&Fits) -> Needs| runs.iter().fold(0, |any, run| any | which(&run.fits));
            let needs = any(|fits| fits.begins) & any(|fits| fits.long);
            Some(Window { span: start..end, digits: runs.iter().map(Run::len).sum(), needs, runs, text })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Digits, GAP, Need, Sieve};

    fn places(pattern: &str, text: &str) -> Vec<String> {
        let need = Need::of(pattern).expect("every match has digits");
        // Under the last number of a set, and beyond, a need is still found.
        let mut alike = Vec::new();
        for number in [0, 127, 300] {
            let mut needs = vec![None; number];
            needs.push(Some(need));
            let digits = Digits::of(text, &Sieve::of(&needs, GAP));
            let mut all = Vec::new();
            for window in digits.windows(text).filter(|window| window.may_begin(number)) {
                all.extend(need.places(number, &window).map(|place| text[place].to_owned()));
            }
            alike.push(all);
        }
        assert!(alike.windows(2).all(|pair| pair[0] == pair[1]), "{alike:?}");
        alike.swap_remove(0)
    }

    #[test]
    fn digits_begin_what_their_number_and_the_byte_before_them_allow() {
        let needs: Vec<_> =
            ["[A-Z]{4}[0-9]{4}", "[0-9]{3}", "[0-9A-Z]{4}", "x[0-9]{70}"].map(Need::of).into();
        for (text, begins) in [
            ("ABCD1234", &[0, 2][..]),
            ("le 1234", &[2]),
            ("123", &[1, 2]),
            ("A123", &[1, 2]),
            (&format!("x{}", "1".repeat(70)), &[2, 3]),
        ] {
            let digits = Digits::of(text, &Sieve::of(&needs, GAP));
            let window = digits.windows(text).next().expect("digits");
            let found: Vec<_> = (0..needs.len()).filter(|number| window.may_begin(*number)).collect();
            assert_eq!(found, begins, "{text}");
        }
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
