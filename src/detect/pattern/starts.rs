//! What rules start from, for all rules at once: the words to look for in one pass, the digits to count.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

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
    words: AhoCorasick,
    /// Whose each word is.
    owners: Vec<Owner>,
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
    /// Where words begin that open the matches of a rule, in order.
    openers: HashMap<usize, Vec<usize>>,
    /// The rules for which a column may speak here.
    pub headers: Vec<usize>,
}

impl Starts {
    /// Gathers them.
    ///
    /// # Panics
    /// Never for words below the 2^31 states of the automaton; a rule file has at most 1 MiB.
    pub fn of(rules: &[Rule]) -> Self {
        let mut words: Vec<(Owner, String)> = Vec::new();
        let (mut counted, mut beside) = (Vec::new(), Vec::new());
        for (index, rule) in rules.iter().enumerate() {
            let mut look_for = |owner: Owner, wanted: &mut dyn Iterator<Item = String>| {
                words.extend(wanted.map(|word| (owner, word)));
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
        let (owners, words): (Vec<Owner>, Vec<String>) = words.into_iter().unzip();
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words)
            .expect("the words of rules stay far below the automaton's limits");
        let needs: Vec<Option<Need>> = counted.iter().map(|counted: &Counted| counted.need).collect();
        Self { counted, sieve: Sieve::of(&needs, GAP), beside, words, owners }
    }

    /// The words of rules in a text.
    pub fn words(&self, text: &str) -> Words {
        let mut words = Words::default();
        for word in self.words.find_overlapping_iter(text) {
            let place = word.span().range();
            match self.owners.get(word.pattern().as_usize()) {
                Some(Owner::Anchor(rule)) => words.anchors.push((*rule, place)),
                Some(Owner::Opener(rule)) => words.openers.entry(*rule).or_default().push(place.start),
                Some(Owner::Header(rule)) => words.headers.push(*rule),
                None => {}
            }
        }
        words.openers.values_mut().for_each(|starts| starts.sort_unstable());
        words
    }
}

impl Words {
    /// Whether a match of a rule may begin in a stretch.
    pub fn open(&self, rule: usize, place: &Range<usize>) -> bool {
        self.openers.get(&rule).is_some_and(|starts| {
            let first = starts.partition_point(|start| *start < place.start);
            starts.get(first).is_some_and(|start| *start < place.end)
        })
    }
}
