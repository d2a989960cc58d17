//! Word lists: loaded from text, matched whole and longest first on folded text.
//!
//! A list is one term per line; `#` starts a comment; after a tab may follow a tag that the reader of the
//! list understands. Terms are folded as views are, in lower case.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::canon::View;
use super::names;
use super::nearest::nearest;
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

/// Largest word list, in bytes.
const FILE: usize = 8 << 20;
/// Longest term, in characters.
const TERM: usize = 120;
/// Most faults told of one file: a file that is no text would have one on every line.
const FAULTS: usize = 20;
/// Weights that a list with tags may give where it has no use for them.
const WEIGHTS: [&str; 3] = ["1", "2", "3"];

/// One line of a list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The line, from 1.
    pub line: usize,
    /// The term, folded, in lower case.
    pub term: String,
    /// Its tag.
    pub tag: Option<String>,
    /// Whether it takes a term out, in a list of `local.d`.
    pub removes: bool,
}

impl Lexicons {
    /// Reads lists given as (file name, text).
    ///
    /// # Errors
    /// [`Faults`], each line that is no term or carries a tag that nobody understands.
    pub fn read(files: &[(String, String)]) -> Result<Self, Faults> {
        let mut errors = Faults::default();
        let mut lists = HashMap::new();
        for (file, text) in files {
            let list: &mut Lexicon = lists.entry(list_of(file).to_owned()).or_default();
            list.change(entries(file, text, false, &mut errors));
        }
        errors.or(Self { lists })
    }

    /// Adds to the lists and takes out of them what the files of `local.d/lexicons` say. `NAME.txt` adds, its lines that
    /// start with `-` take out, as does `NAME.remove.txt`.
    pub fn add_local(&mut self, files: &[(String, String)], errors: &mut Faults) {
        for (file, text) in files {
            let name = list_of(file);
            if names::tags_of(name).is_none() {
                let near = nearest(name, names::lists());
                let near = near.map_or(String::new(), |near| format!("did you mean {near}.txt? "));
                let all: Vec<&str> = names::lists().collect();
                errors.push(Fault::whole(
                    file,
                    "no list has this name",
                    format!("{near}the lists are {}", all.join(", ")),
                ));
                continue;
            }
            let (removed, added) =
                entries(file, text, true, errors).into_iter().partition(|entry: &Entry| entry.removes);
            let list = self.lists.entry(name.to_owned()).or_default();
            list.change(added);
            list.change(removed);
        }
    }

    /// Adds terms without a tag to a list.
    pub fn add_terms(&mut self, name: &str, terms: &[String]) {
        let list = self.lists.entry(name.to_owned()).or_default();
        list.terms.extend(terms.iter().map(|term| (fold(term.trim()).into_boxed_str(), None)));
    }

    /// The list of a name; an empty one when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Lexicon {
        self.lists.get(name).cloned().unwrap_or_default()
    }
}

/// The list that a file belongs to: its name up to the first dot.
#[must_use]
pub fn list_of(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split_once('.').map_or(name, |(name, _)| name)
}

/// The lines of a list that hold a term; what is wrong in others is noted.
pub fn entries(file: &str, text: &str, local: bool, errors: &mut Faults) -> Vec<Entry> {
    if text.len() > FILE {
        let what = format!("the list has {} bytes, and {FILE} are allowed", text.len());
        errors.push(Fault::whole(file, what, "part it in several lists"));
        return Vec::new();
    }
    let removes = local && file.ends_with(".remove.txt");
    let tags = names::tags_of(list_of(file));
    let mut found = Vec::new();
    let mut faults = 0;
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        match entry(line, local, tags.as_deref()) {
            Ok(None) => {}
            Ok(Some(entry)) => found.push(Entry { line: number, removes: removes || entry.removes, ..entry }),
            Err(_) if faults == FAULTS => {
                errors.push(Fault::on_line(file, number, 1, "and more such lines", "is it a list of words?"));
                break;
            }
            Err((at, what, remedy)) => {
                faults += 1;
                let column = line.get(..at).unwrap_or_default().chars().count() + 1;
                errors.push(Fault::on_line(file, number, column, what, remedy));
            }
        }
    }
    found
}

/// What is wrong in a line: at which byte, what, and what to do.
type Wrong = (usize, String, String);

fn entry(line: &str, local: bool, tags: Option<&[&str]>) -> Result<Option<Entry>, Wrong> {
    let wrong = |at: usize, what: String, remedy: &str| Err((at, what, remedy.to_owned()));
    if let Some(at) =
        line.find(|character: char| character == '\u{fffd}' || (character.is_control() && character != '\t'))
    {
        return wrong(at, "a character that is no text".to_owned(), "save the list as plain text in UTF-8");
    }
    let line = line.split('#').next().unwrap_or_default().trim_end();
    let (written, tag) = line.split_once('\t').map_or((line, None), |(term, tag)| (term, Some(tag.trim())));
    let removes = local && written.starts_with('-');
    let written = if removes { written.trim_start_matches('-') } else { written };
    if written.chars().count() > TERM {
        return wrong(0, format!("a term of more than {TERM} characters"), "give one term a line");
    }
    let term = fold(written.trim());
    let tag_at = line.find('\t').map_or(0, |tab| tab + 1);
    match (term.is_empty(), tag) {
        (true, Some(_)) => wrong(0, "a tag without a term".to_owned(), "write the term before the tab"),
        (true, None) if removes => wrong(0, "nothing to take out".to_owned(), "write the term after the -"),
        (true, None) if !written.trim().is_empty() => {
            wrong(0, "a term that no text holds".to_owned(), "write letters or digits")
        }
        (true, None) => Ok(None),
        (false, Some(tag)) if tags.is_some_and(|tags| !is_tag(tag, tags)) => {
            let known = tags.filter(|tags| !tags.is_empty()).map(|tags| tags.join(", "));
            let remedy = known.map_or("this list has no tags; leave it out".to_owned(), |known| {
                format!("use {known}, or none")
            });
            Err((tag_at, "no such tag".to_owned(), remedy))
        }
        (false, tag) => Ok(Some(Entry { line: 0, term, tag: tag.map(str::to_owned), removes })),
    }
}

fn is_tag(tag: &str, known: &[&str]) -> bool {
    tag.is_empty() || known.contains(&tag) || (!known.is_empty() && WEIGHTS.contains(&tag))
}

impl Lexicon {
    fn change(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            if entry.removes {
                self.terms.remove(entry.term.as_str());
            } else {
                self.terms.insert(entry.term.into_boxed_str(), entry.tag.map(String::into_boxed_str));
            }
        }
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
