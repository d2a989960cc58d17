//! What a pattern asks of the digits of its matches, read off its syntax tree.
//!
//! In: a pattern. Out: how many digits every match holds, how many of them side by side, what may stand before, between and
//! after them. It refuses to know any text.

use regex_syntax::hir::{Class, Hir, HirKind};

/// What the digits of every match of a pattern look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Fewest digits.
    pub fewest: usize,
    /// Fewest digits of the longest run of digits.
    pub run: usize,
    /// Most bytes of a match: digits side by side that are more are no part of one, which never ends amid digits.
    pub longest: usize,
    /// Which digits may be the first for sure.
    pub first: Bytes,
    /// What may stand right before the first digit, when something must.
    pub head: Option<Bytes>,
    /// What may stand right after the last digit, when something must.
    pub tail: Option<Bytes>,
    /// Most that stands before the first digit.
    pub before: Filling,
    /// Between two neighbours.
    pub between: Filling,
    /// After the last.
    pub after: Filling,
    /// How many digits may stand side by side in a match.
    pub lengths: Lengths,
    /// The same of those at either end of it.
    edges: Lengths,
    /// Whether a match holds nothing but digits.
    solid: bool,
}

/// A set of lengths; the last bit stands for it and all beyond.
pub type Lengths = u64;

const ANY: Lengths = Lengths::MAX;

/// The set of one length.
#[must_use]
pub fn so_many(digits: usize) -> Lengths {
    1 << digits.min(63)
}

/// What a length of one set and one of another make together.
fn sums(one: Lengths, other: Lengths) -> Lengths {
    let both = (0..64).filter(|length| (one >> length) & 1 == 1).map(|length| {
        let beyond = if other.leading_zeros() < length { 1 << 63 } else { 0 };
        (other << length) | beyond
    });
    both.fold(0, |all, sums| all | sums)
}

/// What may stand where no digit has to: most bytes, and which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filling {
    /// Fewest bytes.
    pub least: usize,
    /// Most bytes.
    pub length: usize,
    /// Which.
    pub bytes: Bytes,
    /// The bytes it may start and end with, when it is never empty.
    first: Option<Bytes>,
    last: Option<Bytes>,
}

/// A set of ASCII bytes; the last bit stands for all others.
pub type Bytes = u128;

const OTHERS: Bytes = 1 << 127;
/// The ASCII digits.
pub const DIGITS: Bytes = 0x3ff << 48;

/// The set of one byte.
#[must_use]
pub fn bit(byte: u8) -> Bytes {
    if byte < 127 { 1 << byte } else { OTHERS }
}

/// The set of the bytes from one to another.
fn range(start: u8, end: u8) -> Bytes {
    (start..=end).fold(0, |set, byte| set | bit(byte))
}

impl Filling {
    fn then(self, next: Self) -> Self {
        Self {
            least: self.least.saturating_add(next.least),
            length: self.length.saturating_add(next.length),
            bytes: self.bytes | next.bytes,
            first: self.first.or(next.first.map(|first| first | self.bytes)),
            last: next.last.or(self.last.map(|last| last | next.bytes)),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            least: self.least.min(other.least),
            length: self.length.max(other.length),
            bytes: self.bytes | other.bytes,
            first: self.first.zip(other.first).map(|(one, other)| one | other),
            last: self.last.zip(other.last).map(|(one, other)| one | other),
        }
    }

    fn endless(self) -> Self {
        Self { length: if self.length == 0 { 0 } else { usize::MAX }, ..self }
    }

    /// Whether a byte may stand so many bytes from the nearest digit, 1 for right beside it. Where digits may stand too, the nearest is
    /// not told.
    pub fn reaches(&self, distance: usize, byte: Bytes) -> bool {
        distance > self.least || self.bytes & (byte | DIGITS) != 0
    }
}

/// What the matches of a part of a pattern are like: those without a sure digit, and those with one.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    bare: Option<Filling>,
    digits: Option<Need>,
}

impl Need {
    /// Reads off a pattern what digits its matches hold; `None` when one may hold no digit for sure.
    #[must_use]
    pub fn of(pattern: &str) -> Option<Self> {
        let hir = regex_syntax::parse(pattern).ok()?;
        let longest = hir.properties().maximum_len().unwrap_or(usize::MAX);
        let part = Part::of(&hir);
        let need = part.digits.filter(|_| part.bare.is_none())?;
        // A digit that might be something else, or one beside the value of a match, may lengthen any run.
        let unsure = (need.before.bytes | need.between.bytes | need.after.bytes) & DIGITS != 0;
        let lengths = if unsure || hir.properties().explicit_captures_len() > 0 { ANY } else { need.lengths };
        Some(Self { longest, lengths, ..need })
    }

    fn or(self, other: Self) -> Self {
        Self {
            fewest: self.fewest.min(other.fewest),
            run: self.run.min(other.run),
            longest: self.longest.max(other.longest),
            first: self.first | other.first,
            head: self.head.zip(other.head).map(|(one, other)| one | other),
            tail: self.tail.zip(other.tail).map(|(one, other)| one | other),
            before: self.before.or(other.before),
            between: self.between.or(other.between),
            after: self.after.or(other.after),
            lengths: self.lengths | other.lengths,
            edges: self.edges | other.edges,
            solid: self.solid && other.solid,
        }
    }

    fn then(self, next: Self) -> Self {
        let solid = self.solid && next.solid;
        let touch = self.after.first.is_none() && next.before.first.is_none();
        let joined = if touch { sums(self.edges, next.edges) } else { 0 };
        let side_by_side = |one: Lengths, other: Lengths| if solid { joined } else { joined | one | other };
        Self {
            fewest: self.fewest.saturating_add(next.fewest),
            run: if solid { self.run.saturating_add(next.run) } else { self.run.max(next.run) },
            longest: self.longest.max(next.longest),
            first: self.first,
            head: self.head,
            tail: next.tail,
            before: self.before,
            between: self.between.or(next.between).or(self.after.then(next.before)),
            after: next.after,
            lengths: side_by_side(self.lengths, next.lengths),
            edges: side_by_side(self.edges, next.edges),
            solid,
        }
    }
}

fn maybe<T>(one: Option<T>, other: Option<T>, both: impl Fn(T, T) -> T) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(both(one, other)),
        (one, other) => one.or(other),
    }
}

impl Part {
    const EMPTY: Self =
        Self { bare: Some(Filling { least: 0, length: 0, bytes: 0, first: None, last: None }), digits: None };
    const NOTHING: Self = Self { bare: None, digits: None };

    fn of(hir: &Hir) -> Self {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self::EMPTY,
            HirKind::Literal(literal) => {
                literal.0.iter().fold(Self::EMPTY, |part, byte| part.then(Self::of_byte(*byte)))
            }
            HirKind::Class(class) => Self::of_class(class),
            HirKind::Repetition(repeated) => Self::of(&repeated.sub).repeat(repeated.min, repeated.max),
            HirKind::Capture(capture) => Self::of(&capture.sub),
            HirKind::Concat(parts) => parts.iter().map(Self::of).fold(Self::EMPTY, Self::then),
            HirKind::Alternation(parts) => parts.iter().map(Self::of).fold(Self::NOTHING, Self::or),
        }
    }

    /// One character of a class. A class that also holds something else than digits is no sure digit.
    fn of_class(class: &Class) -> Self {
        let longest = class.maximum_len().unwrap_or(4);
        let ranges: Vec<(u32, u32)> = match class {
            Class::Unicode(class) => {
                class.iter().map(|range| (range.start().into(), range.end().into())).collect()
            }
            Class::Bytes(class) => {
                class.iter().map(|range| (range.start().into(), range.end().into())).collect()
            }
        };
        let narrow = |code: u32| u8::try_from(code).unwrap_or(u8::MAX);
        let all = ranges.into_iter().map(|(start, end)| (narrow(start), narrow(end)));
        let parts: Vec<(u8, u8)> = all.collect();
        if parts.iter().all(|(start, end)| start.is_ascii_digit() && end.is_ascii_digit()) {
            return Self::of_digits(parts.into_iter().fold(0, |set, (start, end)| set | range(start, end)));
        }
        let bytes = parts.into_iter().fold(0, |set, (start, end)| set | range(start, end));
        Self {
            bare: Some(Filling { least: 1, length: longest, bytes, first: Some(bytes), last: Some(bytes) }),
            digits: None,
        }
    }

    fn of_byte(byte: u8) -> Self {
        let bytes = bit(byte);
        if byte.is_ascii_digit() {
            return Self::of_digits(bytes);
        }
        let filling = Filling { least: 1, length: 1, bytes, first: Some(bytes), last: Some(bytes) };
        Self { bare: Some(filling), digits: None }
    }

    /// One digit of some.
    fn of_digits(first: Bytes) -> Self {
        let none = Filling::default();
        let need = Need {
            fewest: 1,
            run: 1,
            longest: 1,
            first,
            head: None,
            tail: None,
            before: none,
            between: none,
            after: none,
            lengths: so_many(1),
            edges: so_many(1),
            solid: true,
        };
        Self { bare: None, digits: Some(need) }
    }

    fn then(self, next: Self) -> Self {
        let bare = self.bare.zip(next.bare).map(|(one, other)| one.then(other));
        let widen = |need: Need, filled: bool| Need { solid: need.solid && !filled, ..need };
        let first = self.digits.zip(next.bare).map(|(need, filling)| {
            let tail = need.tail.or(filling.first.map(|first| first | need.after.bytes));
            widen(Need { tail, after: need.after.then(filling), ..need }, filling.length > 0)
        });
        let second = self.bare.zip(next.digits).map(|(filling, need)| {
            let head = need.head.or(filling.last.map(|last| last | need.before.bytes));
            widen(Need { head, before: filling.then(need.before), ..need }, filling.length > 0)
        });
        let both = self.digits.zip(next.digits).map(|(one, other)| one.then(other));
        Self { bare, digits: maybe(maybe(first, second, Need::or), both, Need::or) }
    }

    fn or(self, other: Self) -> Self {
        Self {
            bare: maybe(self.bare, other.bare, Filling::or),
            digits: maybe(self.digits, other.digits, Need::or),
        }
    }

    fn repeat(self, fewest: u32, most: Option<u32>) -> Self {
        let sure = (0..fewest).fold(Self::EMPTY, |part, _| part.then(self));
        match most {
            Some(most) => {
                (fewest..most)
                    .fold((sure, sure), |(all, last), _| {
                        let longer = last.then(self);
                        (all.or(longer), longer)
                    })
                    .0
            }
            None => sure.or(sure.then(self.endless())),
        }
    }

    /// The part any number of times.
    fn endless(self) -> Self {
        let bare = self.bare.map(Filling::endless);
        let filling = bare.unwrap_or_default();
        let digits = self.digits.map(|need| {
            let edge = |side: Filling| Filling { least: side.least, ..side.then(filling).endless() };
            let between = need.between.or(need.after.then(need.before)).then(filling).endless();
            Need {
                before: edge(need.before),
                between,
                after: edge(need.after),
                lengths: ANY,
                edges: ANY,
                solid: need.solid && filling.length == 0,
                ..need
            }
        });
        Self { bare, digits }
    }
}
