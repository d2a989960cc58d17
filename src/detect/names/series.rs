//! Names that stand in a series, each written as the others: `Ann Lee (chute), Luc Roy (plaie)`, `Priorité 1 : Ann Lee`, lines of a list.
//!
//! In: the words of a passage and the names found in it, in order. Out: bits added to the names of a series whose others are
//! plainly patients, or plainly at work. It refuses to know why the others are.

use super::prose::{self, Passage};
use super::token::{Gap, Shape, Token, keys};
use crate::detect::candidate::Candidate;

/// Bits for a name whose series is of patients, and against one whose series is of people at work.
const OF_PATIENTS: f32 = 3.0;
const AT_WORK: f32 = -8.0;
/// What a name has from the patients of its series.
pub const BESIDE: &str = "beside others who are patients";
/// From how many bits on a name tells of a patient, before what the whole message is about.
const TELLS: f32 = 1.0;
/// Bits against names in brackets, one after another: who wrote, speaks or answers for what stands before each.
const BRACKETED: f32 = -6.0;
/// Most words before the name in its line, and of what is set off after it.
const LED: usize = 5;
const ASIDE: usize = 12;
const AND: [u64; 3] = keys("et and ou");

/// Where a name stands among the words.
struct Place {
    start: usize,
    end: usize,
}

/// What parts a name from what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Colon,
    Aside,
    Comma,
    End,
    Words,
}

/// Adds to each name of a series what the others are.
pub fn share(passage: &Passage<'_>, names: &mut [Candidate]) {
    let places: Vec<Place> = names.iter().map(|name| place(passage.tokens, name)).collect();
    let mut start = 0;
    while start < places.len() {
        let goes_on = |pair: &&[Place]| matches!(pair, [one, next] if joins(passage.tokens, one, next));
        let more =
            places.get(start..).unwrap_or_default().windows(2).take_while(|pair| goes_on(pair)).count();
        if let Some(series) = names.get_mut(start..=start + more).filter(|series| series.len() > 1) {
            settle(series);
        }
        start += more + 1;
    }
    bracketed(passage, names);
}

/// `Guérir sans guerre (Ann Lee), L'enfant diabétique (Luc Roy)`.
fn bracketed(passage: &Passage<'_>, names: &mut [Candidate]) {
    let text = passage.text.as_bytes();
    let inside = |name: &Candidate| {
        let before = name.span.start.checked_sub(1).and_then(|at| text.get(at));
        before == Some(&b'(') && text.get(name.span.end) == Some(&b')')
    };
    let count = names.iter().filter(|name| inside(name)).count();
    if count > 1 {
        let all = names.iter_mut().filter(|name| inside(name));
        all.for_each(|name| name.add("in brackets, as others are", BRACKETED));
    }
}

fn settle(series: &mut [Candidate]) {
    let assigned = series.iter().any(prose::is_assigned);
    let workers = series.iter().filter(|name| prose::is_at_work(name)).count();
    let patients = series.iter().filter(|name| name.bits() >= TELLS).count();
    if assigned || workers * 2 > series.len() && patients == 0 {
        series.iter_mut().for_each(|name| name.add("beside others who are at work", AT_WORK));
    } else if workers == 0 && patients * 2 >= series.len() {
        let others = series.iter_mut().filter(|name| name.bits() < TELLS);
        others.for_each(|name| name.add(BESIDE, OF_PATIENTS));
    }
}

fn place(tokens: &[Token], name: &Candidate) -> Place {
    let at = |byte: usize| tokens.partition_point(|token| token.start < byte);
    Place { start: at(name.span.start), end: at(name.span.end) }
}

/// Whether the second of two names goes on the series of the first.
fn joins(tokens: &[Token], one: &Place, next: &Place) -> bool {
    if next.start < one.end || mark(tokens, one) != mark(tokens, next) || mark(tokens, one) == Mark::Words {
        return false;
    }
    in_one_line(tokens, one, next) || led(tokens, one).is_some() && led(tokens, one) == led(tokens, next)
}

/// `Ann Lee (chute), Luc Roy (plaie) et …`: a comma or `et` before the second, and before that only what is set off after the first.
fn in_one_line(tokens: &[Token], one: &Place, next: &Place) -> bool {
    let between = tokens.get(one.end..next.start).unwrap_or_default();
    let linked = between.last().is_some_and(|last| AND.contains(&last.key));
    let first = tokens.get(next.start);
    let comma = first.is_some_and(|first| first.lines == 0 && matches!(first.gap, Gap::Comma | Gap::Other));
    let plain = between.iter().all(|token| token.lines == 0 && !(token.opens && token.gap == Gap::Stop));
    (linked || comma) && plain && between.len() <= ASIDE && mark(tokens, one) != Mark::End
}

/// The words before a name, from where its line or sentence starts: numbers and letters stand for one another.
fn led(tokens: &[Token], place: &Place) -> Option<Vec<u64>> {
    let head = tokens.get(place.start.saturating_sub(LED)..=place.start)?;
    let opens = |token: &Token| token.opens || token.lines > 0 || token.gap == Gap::Start;
    let opening = head.iter().rposition(opens)?;
    let words = head.get(opening..head.len() - 1)?.iter();
    Some(
        words
            .map(|token| if token.shape == Shape::Number || token.len() == 1 { 0 } else { token.key })
            .collect(),
    )
}

fn mark(tokens: &[Token], place: &Place) -> Mark {
    match tokens.get(place.end) {
        Some(next) if next.lines == 0 => match next.gap {
            Gap::Label => Mark::Colon,
            Gap::Other => Mark::Aside,
            Gap::Comma => Mark::Comma,
            Gap::Stop if next.opens => Mark::End,
            _ if AND.contains(&next.key) => Mark::Comma,
            _ => Mark::Words,
        },
        _ => Mark::End,
    }
}
