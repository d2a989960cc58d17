//! What rules start from, for all rules at once: the words to look for in one pass, the digits to count.

use std::collections::BTreeMap;
use std::ops::Range;

use super::finder::Finder;
use crate::detect::digits::{GAP, Need, Sieve};
use crate::detect::openers::openers;
use crate::detect::rules::{Rule, Start};

/// Where the rules start, by what they start from. Rules go by their numbers.
#[derive(Debug)]
pub struct Starts {
    /// The rules that start from digits.
    pub counted: Vec<Counted>,
    /// What digits may be for each of them, by their places in that list.
    pub sieve: Sieve,
    /// The rules that start from a person.
    pub beside: Vec<usize>,
    /// The words that rules start from, and those that rules of digits cannot do without.
    words: Finder,
    /// Whose each word is.
    owners: Vec<Vec<Owner>>,
}

/// A rule that starts from digits.
#[derive(Debug)]
pub struct Counted {
    /// Its number.
    pub rule: usize,
    /// Fewest digits of a window.
    pub digits: usize,
    /// What it asks of digits, when its pattern tells.
    pub need: Option<Need>,
    /// Whether one of a few words opens each of its matches.
    pub opened: bool,
    /// Whether it wants a column of its own.
    pub columned: bool,
}

/// The rule that a word is of.
#[derive(Clone, Copy, Debug)]
enum Owner {
    /// It starts from the word.
    Anchor(usize),
    /// Its matches open with the word.
    Opener(usize),
    /// It speaks for a column of its matches.
    Header(usize),
}

/// The words of rules in a text.
#[derive(Debug, Default)]
pub struct Words {
    /// The rule and the place of each anchor.
    pub anchors: Vec<(usize, Range<usize>)>,
    /// The rules whose matches a word may open, each with where it begins, in order.
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
            let (need, opened) = (Need::of(rule.pattern.as_str()), openers.is_some());
            counted.push(Counted { rule: index, digits, need, opened, columned });
            look_for(Owner::Opener(index), &mut openers.into_iter().flatten());
        }
        let (words, owners): (Vec<String>, Vec<Vec<Owner>>) = words.into_iter().unzip();
        let needs: Vec<Option<Need>> = counted.iter().map(|counted: &Counted| counted.need).collect();
        Self { counted, sieve: Sieve::of(&needs, GAP), beside, words: Finder::of(&words), owners }
    }

    /// The words of rules in a text, overlapping ones too.
    pub fn words(&self, text: &str) -> Words {
        let mut words = Words::default();
        self.words.find(text, |word, place| {
            for owner in self.owners.get(word).into_iter().flatten() {
                match owner {
                    Owner::Anchor(rule) => words.anchors.push((*rule, place.clone())),
                    Owner::Opener(rule) => words.openers.push((*rule, place.start)),
                    Owner::Header(rule) => words.headers.push(*rule),
                }
            }
        });
        words.anchors.sort_unstable_by_key(|(rule, place)| (place.end, place.start, *rule));
        words.openers.sort_unstable();
        words
    }
}

impl Words {
    /// Whether a match of a rule may begin in a stretch.
    pub fn open(&self, rule: usize, place: &Range<usize>) -> bool {
        let first = self.openers.partition_point(|opener| *opener < (rule, place.start));
        self.openers.get(first).is_some_and(|opener| *opener < (rule, place.end))
    }
}
