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
use need::{Bytes, DIGITS, so_many};
use sieve::Fits;
pub use sieve::{MOST, Needs, Sieve, numbers, only};

/// Digits no farther apart belong to one window.
pub const GAP: usize = 32;
/// What a window shows before its first digit and after its last.
const LEAD: usize = 48;
const TAIL: usize = 32;

/// So many bytes of a text have digits side by side once, or more: a list of them rarely grows.
const BYTES_A_RUN: usize = 8;

impl Need {
    /// Whether the first digit of a match may stand right after a byte, or after none.
    fn follows(&self, before: Bytes) -> bool {
        self.head.is_none_or(|head| head & (before | DIGITS) != 0)
    }

    /// Whether a run that starts with a digit may be where a match begins. Where digits may stand before the first sure one, any may.
    fn opens(&self, digit: Bytes) -> bool {
        (self.first | (self.before.bytes & DIGITS)) & digit != 0
    }

    /// Whether the last digit of a match may stand right before a byte, or before none.
    fn precedes(&self, after: Bytes) -> bool {
        self.tail.is_none_or(|tail| tail & (after | DIGITS) != 0)
    }

    /// Whether so many digits may stand side by side in a match, which never begins or ends amid digits.
    fn holds(&self, digits: usize) -> bool {
        digits <= self.longest && self.lengths & so_many(digits) != 0
    }

    /// Where a match may stand around some runs of a window.
    fn place(&self, window: &Window<'_>, runs: &[Run]) -> Option<Range<usize>> {
        let digits: usize = runs.iter().map(Run::len).sum();
        let start = runs.first()?.start.saturating_sub(self.before.length).max(window.span.start);
        // One character more, so that the pattern sees what a word boundary at its end looks at.
        let end = runs.last()?.end.saturating_add(self.after.length).saturating_add(1).min(window.span.end);
        let text = window.text;
        (digits >= self.fewest).then(|| text.floor_char_boundary(start)..text.ceil_char_boundary(end))
    }
}

/// Digits side by side.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    end: usize,
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
    /// The digits, run by run.
    runs: &'r [Run],
    text: &'r str,
    sieve: &'r Sieve,
}

/// The needs of which a match goes on through the runs read so far: all of them, those that began in the last of these, those that
/// had a long run, and those that had one and a run to end in since.
#[derive(Clone, Copy, Default)]
struct Going {
    all: Needs,
    begun: Needs,
    long: Needs,
    whole: Needs,
}

/// The stretches in which a match of each need may stand, in order.
#[derive(Debug, Default)]
pub struct Places {
    of: Vec<Vec<Range<usize>>>,
    /// The needs that have some.
    needs: Needs,
}

impl Places {
    /// Tells the places of each need that has some, with its number; then forgets them.
    pub fn drain(&mut self, mut told: impl FnMut(usize, &[Range<usize>])) {
        for number in numbers(std::mem::take(&mut self.needs)) {
            if let Some(places) = self.of.get_mut(number) {
                told(number, places);
                places.clear();
            }
        }
    }

    /// Adds a place after those before; what overlaps is shown once.
    fn add(&mut self, number: usize, place: Range<usize>) {
        if self.of.len() <= number {
            self.of.resize_with(MOST, Vec::new);
        }
        let Some(places) = self.of.get_mut(number) else { return };
        match places.last_mut() {
            Some(last) if place.start <= last.end => last.end = place.end,
            _ => places.push(place),
        }
        self.needs |= only(number);
    }
}

impl Window<'_> {
    /// Adds the stretches in which a match of each of some needs may stand. One pass over the runs tells it for all needs at once.
    pub fn places(&self, needs: Needs, places: &mut Places) {
        let mut going = Going::default();
        let mut before = 0;
        for (index, run) in self.runs.iter().enumerate() {
            let on = going.all & run.fits.goes_on;
            let few = going.begun & !self.sieve.has_enough(before);
            self.close(going.whole & !on & !few, index, places);
            going.all = on | (run.fits.begins & needs);
            going.begun = going.all & !on;
            going.long = (going.long & on) | (going.all & run.fits.long);
            going.whole = (going.whole & on) | (going.long & run.fits.ends);
            before = run.len();
        }
        self.close(going.whole, self.runs.len(), places);
    }

    /// Adds the stretches of needs of which a match goes on up to a run and no farther.
    fn close(&self, needs: Needs, end: usize, places: &mut Places) {
        for number in numbers(needs) {
            let place = match self.sieve.need(number) {
                None => Some(self.span.clone()),
                Some(need) => self.chain(number, end).and_then(|runs| need.place(self, runs)),
            };
            place.into_iter().for_each(|place| places.add(number, place));
        }
    }

    /// The runs in which a match of a need may stand that goes on up to a run.
    fn chain(&self, number: usize, end: usize) -> Option<&[Run]> {
        let own = only(number);
        let runs = self.runs.get(..end)?;
        let last = runs.iter().rposition(|run| run.fits.ends & own != 0)?;
        let runs = runs.get(..=last)?;
        let joined = runs.iter().rposition(|run| run.fits.goes_on & own == 0).unwrap_or(0);
        let runs = runs.get(joined..)?;
        let first = runs.iter().position(|run| run.fits.begins & own != 0)?;
        runs.get(first..)
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
            last = Some(run.end);
            if digits.runs.is_empty() {
                digits.runs.reserve(bytes.len().saturating_sub(run.start) / BYTES_A_RUN);
            }
            let fits = sieve.fits(bytes, &run, between);
            digits.runs.push(Run { start: run.start, end: run.end, fits });
        }
        digits.ends.extend(last.map(|_| digits.runs.len()));
        digits
    }

    /// Whether the text has none.
    #[must_use]
    pub fn are_none(&self) -> bool {
        self.runs.is_empty()
    }

    /// The windows, in order.
    pub fn windows<'r>(&'r self, text: &'r str, sieve: &'r Sieve) -> impl Iterator<Item = Window<'r>> + 'r {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(move |(start, end)| {
            let runs = self.runs.get(start..*end)?;
            let (first, last) = (runs.first()?, runs.last()?);
            let start = text.floor_char_boundary(first.start.saturating_sub(LEAD));
            let end = text.ceil_char_boundary((last.end + TAIL).min(text.len()));
            Some(Window { span: start..end, digits: runs.iter().map(Run::len).sum(), runs, text, sieve })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::{Digits, GAP, MOST, Need, Needs, Places, Sieve};

    fn places(pattern: &str, text: &str) -> Vec<String> {
        let need = Need::of(pattern).expect("every match has digits");
        // Under the last number of a set a need is found too.
        let mut alike = Vec::new();
        for number in [0, MOST - 1] {
            let mut needs = vec![None; number];
            needs.push(Some(need));
            let all = of_needs(needs, text).into_iter().filter(|(other, _)| *other == number);
            alike.push(all.map(|(_, place)| text[place].to_owned()).collect::<Vec<_>>());
        }
        assert!(alike.windows(2).all(|pair| pair[0] == pair[1]), "{alike:?}");
        alike.swap_remove(0)
    }

    /// The places of needs in a text, under their numbers.
    fn of_needs(needs: Vec<Option<Need>>, text: &str) -> Vec<(usize, Range<usize>)> {
        let sieve = Sieve::of(needs, GAP);
        let digits = Digits::of(text, &sieve);
        let (mut places, mut all) = (Places::default(), Vec::new());
        for window in digits.windows(text, &sieve) {
            window.places(Needs::MAX, &mut places);
            places.drain(|number, of_one| all.extend(of_one.iter().map(|place| (number, place.clone()))));
        }
        all
    }

    #[test]
    fn digits_are_what_their_number_and_the_bytes_beside_them_allow() {
        let needs: Vec<_> =
            ["[A-Z]{4}[0-9]{4}", "[0-9]{3}", "[0-9A-Z]{4}", "x[0-9]{70}", "[0-9]{4}[A-Z]", "/[2-4][0-9]"]
                .map(Need::of)
                .into();
        for (text, may) in [
            ("ABCD1234", &[0, 2][..]),
            ("le 1234", &[2]),
            ("123", &[1, 2]),
            ("A123", &[1, 2]),
            (&format!("x{}", "1".repeat(70)), &[2, 3]),
            ("1234A", &[2, 4]),
            ("abCD1234", &[2]),
            ("/32", &[2, 5]),
            ("/12", &[2]),
        ] {
            let found: Vec<_> = of_needs(needs.clone(), text).into_iter().map(|(number, _)| number).collect();
            assert_eq!(found, may, "{text}");
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
            ("no [0-9]+(?:-[0-9]+)*", "le no 12-3-4 5", &["no 12-3-4 "]),
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
