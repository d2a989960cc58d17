//! What rules start from, for all rules at once: the words to look for in one pass, the digits to count.

use std::collections::BTreeMap;
use std::ops::Range;

use super::finder::Finder;
use crate::detect::digits::{GAP, MOST, Need, Needs, Sieve, numbers, only};
use crate::detect::openers::openers;
use crate::detect::rules::{Rule, Start};

/// Where the rules start, by what they start from. Rules go by their numbers.
#[derive(Debug)]
pub struct Starts {
    /// The rules that start from digits, [`MOST`] together.
    pub counted: Vec<Counted>,
    /// The rules that start from a person.
    pub beside: Vec<usize>,
    /// The words that rules start from, and those that rules of digits cannot do without.
    words: Finder,
    /// Whose each word is.
    owners: Vec<Vec<Owner>>,
}

/// Rules that start from digits, each the need of its number.
#[derive(Debug)]
pub struct Counted {
    /// What digits may be for them.
    pub sieve: Sieve,
    /// Their numbers as rules.
    pub rules: Vec<usize>,
    /// How many rules that start from digits stand before them.
    from: usize,
    /// By the digits of a window, the last for more: those for which they are enough.
    enough: Vec<Needs>,
    /// Those of which one of a few words opens each match.
    opened: Needs,
    /// Those that want a column of their own.
    columned: Needs,
}

/// A rule that starts from digits, as it is gathered.
struct Digits {
    rule: usize,
    need: Option<Need>,
    /// Fewest digits of a window.
    digits: usize,
    opened: bool,
    columned: bool,
}

/// The rule that a word is of.
#[derive(Clone, Copy, Debug)]
enum Owner {
    /// It starts from the word.
    Anchor(usize),
    /// The matches of this one of those that start from digits open with the word.
    Opener(usize),
    /// It speaks for a column of its matches.
    Header(usize),
}

/// The words of rules in a text.
#[derive(Debug, Default)]
pub struct Words {
    /// The rule and the place of each anchor.
    pub anchors: Vec<(usize, Range<usize>)>,
    /// Where words begin that may open matches, and whose of the rules that start from digits, in order.
    openers: Vec<(usize, usize)>,
    /// The rules for which a column may speak here.
    pub headers: Vec<usize>,
}

impl Starts {
    /// Gathers them.
    pub fn of(rules: &[Rule]) -> Self {
        let mut words: BTreeMap<String, Vec<Owner>> = BTreeMap::new();
        let (mut counted, mut beside) = (Vec::new(), Vec::new());
        for (index, rule) in rules.iter().enumerate() {
            let mut look_for = |owner: Owner, wanted: &mut dyn Iterator<Item = String>| {
                wanted.for_each(|word| words.entry(word.to_ascii_lowercase()).or_default().push(owner));
            };
            let (digits, columned) = match &rule.start {
                Start::Digits(digits) => (*digits, false),
                Start::Column(digits) => {
                    look_for(Owner::Header(index), &mut rule.context.words.iter().cloned());
                    (*digits, true)
                }
                Start::Words(anchors) => {
                    look_for(Owner::Anchor(index), &mut anchors.iter().cloned());
                    continue;
                }
                Start::Person => {
                    beside.push(index);
                    continue;
                }
            };
            let openers = openers(rule.pattern.as_str());
            let need = Need::of(rule.pattern.as_str());
            let number = counted.len();
            counted.push(Digits { rule: index, need, digits, opened: openers.is_some(), columned });
            look_for(Owner::Opener(number), &mut openers.into_iter().flatten());
        }
        let (words, owners): (Vec<String>, Vec<Vec<Owner>>) = words.into_iter().unzip();
        let chunks = (0..).step_by(MOST).zip(counted.chunks(MOST));
        let counted = chunks.map(|(from, counted)| Counted::of(from, counted)).collect();
        Self { counted, beside, words: Finder::of(&words), owners }
    }

    /// The words of rules in a text, overlapping ones too.
    pub fn words(&self, text: &str) -> Words {
        let mut words = Words::default();
        self.words.find(text, |word, place| {
            for owner in self.owners.get(word).into_iter().flatten() {
                match owner {
                    Owner::Anchor(rule) => words.anchors.push((*rule, place.clone())),
                    Owner::Opener(number) => words.openers.push((place.start, *number)),
                    Owner::Header(rule) => words.headers.push(*rule),
                }
            }
        });
        words.anchors.sort_unstable_by_key(|(rule, place)| (place.end, place.start, *rule));
        words.openers.sort_unstable();
        words
    }
}

impl Counted {
    fn of(from: usize, all: &[Digits]) -> Self {
        let set = |is: &dyn Fn(&Digits) -> bool| {
            (0..).zip(all).filter(|(_, one)| is(one)).fold(0, |set, (number, _)| set | only(number))
        };
        Self {
            sieve: Sieve::of(all.iter().map(|one| one.need).collect(), GAP),
            rules: all.iter().map(|one| one.rule).collect(),
            from,
            enough: (0..=ENOUGH).map(|digits| set(&|one| one.digits <= digits || digits == ENOUGH)).collect(),
            opened: set(&|one| one.opened),
            columned: set(&|one| one.columned),
        }
    }

    /// The needs of rules that may be shown a text: all but those that want a column and have none.
    pub fn shown(&self, has_column: impl Fn(usize) -> bool) -> Needs {
        let column = |number: &usize| self.rules.get(*number).is_some_and(|rule| has_column(*rule));
        numbers(self.columned).filter(column).fold(!self.columned, |shown, number| shown | only(number))
    }

    /// The needs of rules of which a match may begin in a stretch, by the words that open it.
    pub fn opened(&self, words: &Words, stretch: &Range<usize>) -> Needs {
        let own = words.open(stretch).filter_map(|number| number.checked_sub(self.from));
        own.fold(!self.opened, |opened, number| opened | only(number))
    }

    /// The same for one of them.
    pub fn may_open(&self, number: usize, words: &Words, stretch: &Range<usize>) -> bool {
        self.opened & only(number) == 0 || words.open(stretch).any(|other| other == self.from + number)
    }

    /// The needs of rules for which so many digits in a window are enough.
    pub fn enough(&self, digits: usize) -> Needs {
        self.enough.get(digits.min(ENOUGH)).copied().unwrap_or(0)
    }
}

/// Digits that are enough for any rule.
const ENOUGH: usize = 64;

impl Words {
    /// The rules that start from digits, by their places among them, of which a word begins in a stretch that may open a match.
    fn open(&self, stretch: &Range<usize>) -> impl Iterator<Item = usize> {
        let first = self.openers.partition_point(|(start, _)| *start < stretch.start);
        let rest = self.openers.get(first..).unwrap_or_default().iter();
        rest.take_while(|(start, _)| *start < stretch.end).map(|(_, number)| *number)
    }
}
