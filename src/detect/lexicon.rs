//! Word lists: loaded from text, matched whole and longest first on folded text.
//!
//! A list is one term per line; `#` starts a comment; after a tab may follow a tag that the reader of the
//! list understands. Terms are folded as views are, in lower case.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::canon::View;
use crate::model::{Fault, Faults};

/// Every word list, by name (the file name without its ending).
#[derive(Clone, Debug, Default)]
pub struct Lexicons {
    lists: HashMap<String, Lexicon>,
}

/// One word list.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    terms: HashMap<Box<str>, Option<Box<str>>>,
}

/// Terms of one or several lists, to be found in running text.
#[derive(Clone, Debug)]
pub struct Phrases {
    automaton: AhoCorasick,
}

impl Lexicons {
    /// Reads lists given as (file name, text).
    ///
    /// # Errors
    /// [`Faults`] naming each line that holds no term before its tab.
    pub fn read(files: &[(String, String)]) -> Result<Self, Faults> {
        let mut errors = Faults::default();
        let mut lists = HashMap::new();
        for (file, text) in files {
            let name = file.rsplit('/').next().unwrap_or(file);
            let name = name.split_once('.').map_or(name, |(name, _)| name);
            lists.insert(name.to_owned(), Lexicon::read(file, text, &mut errors));
        }
        errors.or(Self { lists })
    }

    /// The list of a name; an empty one when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Lexicon {
        self.lists.get(name).cloned().unwrap_or_default()
    }
}

impl Lexicon {
    fn read(file: &str, text: &str, errors: &mut Faults) -> Self {
        let mut terms = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim_end();
            let (term, tag) =
                line.split_once('\t').map_or((line, None), |(term, tag)| (term, Some(tag.trim().into())));
            let term = fold(term.trim());
            if !term.is_empty() {
                terms.insert(term.into_boxed_str(), tag);
            } else if tag.is_some() {
                let what = "a tag without a term";
                errors.push(Fault::on_line(file, index + 1, 1, what, "write the term before the tab"));
            }
        }
        Self { terms }
    }

    /// Whether a folded, lower-case term is in the list.
    #[must_use]
    pub fn contains(&self, term: &str) -> bool {
        self.terms.contains_key(term)
    }

    /// The tag of a folded, lower-case term, when it has one.
    #[must_use]
    pub fn tag(&self, term: &str) -> Option<&str> {
        self.terms.get(term).and_then(|tag| tag.as_deref())
    }

    /// The terms, in no order.
    pub fn terms(&self) -> impl Iterator<Item = &str> {
        self.terms.keys().map(AsRef::as_ref)
    }

    /// How many terms there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether there is no term.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

impl Phrases {
    /// Prepares terms to be found in text; a match carries the index of its term.
    ///
    /// # Panics
    /// Never for lists below the 2^31 states of the automaton.
    #[must_use]
    pub fn new<T: AsRef<str>>(terms: impl IntoIterator<Item = T>) -> Self {
        let terms: Vec<String> = terms.into_iter().map(|term| fold(term.as_ref())).collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .ascii_case_insensitive(true)
            .build(&terms)
            .expect("a list of words stays far below the automaton's limits");
        Self { automaton }
    }

    /// Finds terms that stand whole (no letter or digit on either side) in folded text, longest first, without overlap.
    pub fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, Range<usize>)> + 't {
        let found = self.automaton.find_iter(text).map(|found| (found.pattern().as_usize(), found.range()));
        found.filter(|(_, span)| is_whole(text, span))
    }
}

/// Folds a term as views are, in lower case.
#[must_use]
pub fn fold(term: &str) -> String {
    View::of(term).text().to_lowercase()
}

/// Whether a span has neither letter nor digit right before or after it.
#[must_use]
pub fn is_whole(text: &str, span: &Range<usize>) -> bool {
    let before = text.get(..span.start).and_then(|text| text.chars().next_back());
    let after = text.get(span.end..).and_then(|text| text.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::{Lexicons, Phrases};

    #[test]
    fn a_list_is_read_folded_with_its_tags() {
        let text = "# invented\nÉmile\tmasculin\n  Œuvre  # kept\n\n";
        let lists = Lexicons::read(&[("lexicons/prenoms.fr.txt".into(), text.into())]).unwrap();
        let list = lists.get("prenoms");
        assert_eq!((list.len(), list.tag("emile"), list.contains("oeuvre")), (2, Some("masculin"), true));
        assert!(lists.get("absent").is_empty());
    }

    #[test]
    fn a_tag_without_a_term_is_an_error_at_its_line() {
        let error = Lexicons::read(&[("a.txt".into(), "mot\n\ttag\n".into())]).unwrap_err();
        assert_eq!(error.to_string(), "a.txt:2:1: a tag without a term; write the term before the tab");
    }

    #[test]
    fn phrases_are_found_whole_and_longest_first() {
        let phrases = Phrases::new(["Aide médicale", "aide médicale à mourir", "VIH"]);
        let found: Vec<_> =
            phrases.find("L'aide medicale a mourir; sVIHs, vih.").map(|(term, _)| term).collect();
        assert_eq!(found, [1, 2]);
    }
}
