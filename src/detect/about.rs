//! What a number is by what the message around it is about, where no label stands beside it: `La paie veut son numéro d'assurance
//! sociale. Le voici, Luce : …`.
//!
//! In: the words of a rule (names of such numbers, topics in which one is given, names of other numbers); then a text, the place of a
//! number in it, the subject. Out: facts, for the rule to weigh. Nothing here judges the number itself.

mod cue;

use std::collections::BTreeSet;
use std::ops::Range;

use super::labels::Cased;
use cue::is_cued;

/// The words of a rule, as written.
#[derive(Clone, Debug, Default)]
pub struct RawAbout {
    /// How many bytes before a number and after it.
    pub near: usize,
    /// What such a number is called.
    pub names: Vec<String>,
    /// What is spoken of where one is given.
    pub topics: Vec<String>,
    /// What other numbers are called.
    pub others: Vec<String>,
}

/// The words of a rule, ready to look for.
#[derive(Debug)]
pub struct About {
    near: usize,
    names: Cased,
    topics: Cased,
    others: Cased,
}

/// Most bytes of the sentence up to a number in which the name of another speaks.
const SENTENCE: usize = 160;
/// Most bytes after a number in which it is called something else.
const AFTER: usize = 10;
/// Most words of a noun that opens a sentence, and of a clause that a noun says the sense of.
const OPENING: usize = 3;
const CLAUSE: usize = 4;
/// A line of text that ends so far off was cut at a width, and goes on below.
const WIDTH: usize = 45;

impl About {
    /// Prepares the words of a rule, with those against it; `None` when there are none.
    #[must_use]
    pub fn new(raw: &RawAbout, against: &[String]) -> Option<Self> {
        let others: Vec<String> = raw.others.iter().chain(against).cloned().collect();
        (raw.near > 0).then(|| Self {
            near: raw.near,
            names: Cased::with_plurals(&raw.names),
            topics: Cased::with_plurals(&raw.topics),
            others: Cased::against(&others),
        })
    }

    /// How many bytes around a number may matter.
    #[must_use]
    pub fn near(&self) -> usize {
        self.near
    }

    /// What a text and the subject say of a number: that it is another alone, or what speaks for it.
    #[must_use]
    pub fn facts(&self, text: &str, span: &Range<usize>, subject: &str) -> Vec<&'static str> {
        let (before, after) = self.sides(text, span);
        let (earlier, sentence) = last_sentence(before);
        let parted = self.others.stands_in(text.get(span.clone()).unwrap_or_default());
        if parted || self.is_another(earlier, sentence, after) {
            return vec![ANOTHER];
        }
        let all = [before, after, subject];
        let topics: BTreeSet<usize> = all.iter().flat_map(|text| self.topics.terms(text)).collect();
        let named = all.iter().any(|text| self.names.stands_in(text));
        let cued = self.is_given(sentence);
        let few = (1..=OPENING).contains(&sentence.split_whitespace().count());
        let titled = few && !is_cued(sentence) && !ends_in(&self.names, sentence);
        let topic = match topics.len() {
            0 => None,
            1 => Some("topic"),
            _ => Some("topics"),
        };
        let unsaid = [(!cued).then_some("uncued"), titled.then_some("titled")];
        let facts = [named.then_some("about"), topic].into_iter().chain(unsaid);
        facts.flatten().collect()
    }

    /// Whether the few words of the clause up to a number call it another: `NAS à venir. Requête 130 692 544`.
    #[must_use]
    pub fn is_called_otherwise(&self, text: &str, span: &Range<usize>) -> bool {
        let (_, sentence) = last_sentence(self.sides(text, span).0);
        let clause = sentence.trim_end().trim_end_matches(END).rsplit(END).next().unwrap_or_default();
        let noun = unnumbered(clause);
        let few = (1..=CLAUSE).contains(&noun.split_whitespace().count());
        let called = self.called(clause);
        let own = self.names.stands_in(clause) || called.is_none();
        few && !own && (called == Some(noun.len()) || !self.is_given(sentence))
    }

    /// Whether a mark or a word right before a number gives it, or nothing else stands on its line.
    fn is_given(&self, sentence: &str) -> bool {
        sentence.trim().is_empty()
            || is_cued(sentence)
            || [&self.names, &self.topics].iter().any(|words| ends_in(words, sentence))
    }

    /// What stands before a number, and after it.
    fn sides<'t>(&self, text: &'t str, span: &Range<usize>) -> (&'t str, &'t str) {
        let from = text.floor_char_boundary(span.start.saturating_sub(self.near));
        let to = text.ceil_char_boundary((span.end + self.near).min(text.len()));
        (text.get(from..span.start).unwrap_or_default(), text.get(span.end..to).unwrap_or_default())
    }

    /// Whether the sentence calls the number something else, or the heading of its list does.
    fn is_another(&self, earlier: &str, sentence: &str, after: &str) -> bool {
        let own = sentence.get(sentence.ceil_char_boundary(sentence.len().saturating_sub(SENTENCE))..);
        let own = own.unwrap_or_default();
        let after = after.split(['.', ';', '\n', '(', ')']).next().unwrap_or_default();
        let (called, named) = (self.called(own), self.names.last(own));
        let on_file = ON_FILE.iter().any(|words| after.trim_start().starts_with(words));
        let listed = || {
            let lettered = |line: &&str| line.bytes().any(|byte| byte.is_ascii_alphabetic());
            let heading = earlier.lines().rev().find(lettered).filter(|line| line.trim_end().ends_with(':'));
            heading.is_some_and(|line| {
                self.called(line).is_some_and(|called| self.names.last(line) <= Some(called))
            })
        };
        called.is_some_and(|called| named <= Some(called))
            || named.is_none() && !on_file && self.others.starts(after).is_some_and(|start| start <= AFTER)
            || sentence.bytes().all(|byte| !byte.is_ascii_alphabetic()) && listed()
    }

    /// Where the last name of another number ends that has none of its own after it: `la chambre 212`.
    fn called(&self, text: &str) -> Option<usize> {
        let numbered = |end: &usize| {
            let rest = text.get(*end..).unwrap_or_default().trim_start_matches([' ', ':', '#', '-']);
            let rest = NUMBER.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
            rest.trim_start_matches([' ', ':', '#', '.']).starts_with(|first: char| first.is_ascii_digit())
        };
        self.others.ends(text).into_iter().rev().find(|end| !numbered(end))
    }
}

/// Whether a sentence ends in one of some words: `son NAS …`.
fn ends_in(words: &Cased, sentence: &str) -> bool {
    let head = sentence.trim_end_matches(|mark: char| !mark.is_alphanumeric());
    words.last(head) == Some(head.len())
}

/// The fact that a sentence speaks of another number.
pub const ANOTHER: &str = "another";
/// What says of a number that it is kept, and not what it is.
const ON_FILE: [&str; 4] = ["au dossier de", "a son dossier", "on file", "au dossier."];
/// What ends a clause.
const END: &[char] = &[',', ';', ':', '('];
/// Words between a name and its number.
const NUMBER: [&str; 5] = ["no", "numero", "num", "number", "n"];

/// A sentence up to a number without what stands between a name and its number.
fn unnumbered(sentence: &str) -> &str {
    let bare = |text: &str| text.trim_end_matches(|mark: char| !mark.is_alphanumeric()).len();
    let mut head = sentence.get(..bare(sentence)).unwrap_or_default();
    while let Some(rest) =
        head.rsplit_once(' ').filter(|(_, word)| BETWEEN.contains(word)).map(|(rest, _)| rest)
    {
        head = rest.get(..bare(rest)).unwrap_or_default();
    }
    head
}

/// Words that stand there too.
const BETWEEN: [&str; 9] = ["no", "numero", "num", "number", "n", "est", "le", "is", "No"];

/// What stands before the last sentence of a text, and that sentence.
fn last_sentence(before: &str) -> (&str, &str) {
    let head = |at: usize| before.get(..at).unwrap_or_default();
    let mut ends = before.char_indices().rev().filter(|(at, mark)| match mark {
        '\n' => !is_cut_at_a_width(head(*at)),
        '.' => is_end(before, *at) && !is_cut_short(head(*at)),
        '!' | '?' => is_end(before, *at),
        _ => false,
    });
    let at = ends.next().map_or(0, |(at, _)| at + 1);
    before.split_at_checked(at).unwrap_or_default()
}

/// Whether a space follows a mark, or nothing.
fn is_end(text: &str, at: usize) -> bool {
    text.get(at + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n']))
}

/// Whether the last line of a text was cut where it is for want of room.
fn is_cut_at_a_width(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default();
    line.len() >= WIDTH && line.ends_with(|last: char| last.is_alphanumeric() || last == ',')
}

/// Whether the word that a point ends is one cut short.
fn is_cut_short(text: &str) -> bool {
    let word = text.rsplit(|mark: char| !mark.is_alphanumeric()).next().unwrap_or_default();
    CUT_SHORT.iter().any(|short| word.eq_ignore_ascii_case(short))
}

/// Words that a point cuts short.
const CUT_SHORT: [&str; 28] = [
    "no", "nos", "num", "tel", "p", "m", "mme", "dr", "dre", "mr", "mrs", "inst", "succ", "trans", "cpte",
    "acct", "exp", "ref", "ext", "app", "ass", "soc", "perm", "cond", "lic", "pass", "n", "s",
];

#[cfg(test)]
mod tests {
    use super::{About, RawAbout};

    /// A number of social insurance, among people who are hired.
    #[test]
    fn a_message_says_what_its_number_is() {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let raw = RawAbout {
            near: 300,
            names: list(&["NAS", "assurance sociale"]),
            topics: list(&["paie", "nouvel employe"]),
            others: list(&["requete", "dossier", "chambre"]),
        };
        let about = About::new(&raw, &[]).unwrap();
        for (text, facts) in [
            ("Quelle est son assurance sociale?\n- Attends. 123", &["about"][..]),
            ("La paie attend. Voici : 123, du nouvel employe", &["topics"]),
            ("Son NAS manque. Procedure 123", &["about", "uncued", "titled"]),
            ("Son NAS manque, elle cherche partout 123", &["about", "uncued"]),
            ("Son NAS manque. Requete no 123", &["another"]),
            ("Le NAS du dossier 2241 : on me dit 123", &["about"]),
            ("Chambre 212, assurance sociale : 123", &["about"]),
            ("Dossiers d'assurance sociale\nrequetes:\n123", &["about"]),
            ("Le nas est plein. Voici 123", &[]),
            ("Elle veut bien donner son assurance sociale, soit le\n123", &["about"]),
            ("123", &[]),
        ] {
            let at = text.find("123").unwrap();
            assert_eq!(about.facts(text, &(at..at + 3), ""), facts, "{text}");
        }
        assert_eq!(about.facts("123", &(0..3), "NAS"), ["about"]);
    }

    #[test]
    fn the_noun_before_a_number_calls_it() {
        let others = ["requete".to_owned()];
        let about = About::new(&RawAbout { near: 300, ..RawAbout::default() }, &others).unwrap();
        for (text, called) in [
            ("NAS a venir. Requete no 123", true),
            ("Donnez le NAS, requete 123", true),
            ("NAS: requete de paie 123", true),
            ("sa requete. 123", false),
            ("le 123", false),
        ] {
            let at = text.find("123").unwrap();
            assert_eq!(about.is_called_otherwise(text, &(at..at + 3)), called, "{text}");
        }
    }
}
