//! What is said around a value that opens something: the word for a secret and how far off it stands, what it opens, how the
//! value is given, and what else it may be.
//!
//! In: a text, the place of a value in it, and the subject or heading above. Out: facts, for a rule to weigh. Nothing here judges
//! the value itself.

mod listing;
mod words;

use std::ops::Range;

use listing::is_listing;
use words::last_word;

use crate::detect::labels::{Labels, Role};

/// Bytes looked at before a value, and after it.
pub const BEFORE: usize = 280;
pub const AFTER: usize = 90;
/// Farther off in one sentence, a word for a secret tells less.
const NEAR: usize = 120;
/// Most bytes of a list whose first is told by a mark: `: Rideau7, Volet8`.
const LIST: usize = 60;

/// Fewest figures of a number.
const NUMBER: usize = 4;
/// Fewest figures of a telephone with its area.
const TELEPHONE: usize = 10;
/// What a value follows.
const MARKS: [&str; 7] = [":", "=", "->", "=>", " >", "\u{2192}", "\t"];

/// Facts of what is said around a value, by the words of a rule: names of secrets, hints, what they open.
pub fn telling(labels: &Labels, text: &str, span: &Range<usize>, above: &str) -> Vec<&'static str> {
    let mut said = Said::of(labels, text, span, above);
    let Some(name) = said.named() else { return Vec::new() };
    said.words.extend(labels.opened(said.text));
    said.above.extend(labels.opened(above));
    let cue = said.cue(name);
    let facts = [
        Some(name),
        cue,
        said.opens().then_some("opens"),
        said.answers().then_some("answers"),
        said.foreign(name, cue == Some("given")),
        said.says(Role::Against, &(0..said.text.len())).then_some("decoy"),
        is_listing(said.before(), said.rest()).then_some("listing"),
    ];
    facts.into_iter().flatten().collect()
}

/// What is said before a value and after it, by sentences: places in one stretch of text.
struct Said<'a> {
    text: &'a str,
    value: Range<usize>,
    /// The sentence of the value up to it, the one before, the one before that.
    own: Range<usize>,
    last: Range<usize>,
    older: Range<usize>,
    /// What follows on the line, and below when the value is all of its line.
    after: Range<usize>,
    /// The words of the rule in the text, and those above it.
    words: Vec<(Role, Range<usize>)>,
    above: Vec<(Role, Range<usize>)>,
}

impl<'a> Said<'a> {
    fn of(labels: &Labels, whole: &'a str, span: &Range<usize>, above: &str) -> Self {
        let from = whole.floor_char_boundary(span.start.saturating_sub(BEFORE));
        let to = whole.ceil_char_boundary((span.end + AFTER).min(whole.len()));
        let text = whole.get(from..to).unwrap_or_default();
        let value = span.start - from..span.end - from;
        let own = last_sentence(text.get(..value.start).unwrap_or_default());
        let last = last_sentence(text.get(..own.start).unwrap_or_default().trim_end());
        let older = last_sentence(text.get(..last.start).unwrap_or_default().trim_end());
        let rest = text.get(value.end..).unwrap_or_default();
        let alone = text.get(own.clone()).is_some_and(|own| own.trim().is_empty())
            && rest.trim_start_matches([' ', '.', '"']).starts_with('\n');
        let line = rest.find('\n').filter(|_| !alone).map_or(text.len(), |end| value.end + end);
        let words = labels.heard(text, &value);
        let above = labels.heard(above, &(0..0));
        Self { after: value.end..line, text, value, own, last, older, words, above }
    }

    /// What stands before the value, and after it.
    fn before(&self) -> &'a str {
        self.text.get(..self.value.start).unwrap_or_default()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.value.end..).unwrap_or_default()
    }

    /// The sentence of the value up to it.
    fn sentence(&self) -> &'a str {
        self.text.get(self.own.clone()).unwrap_or_default()
    }

    /// Whether a word does something in a place.
    fn says(&self, role: Role, place: &Range<usize>) -> bool {
        self.words.iter().any(|(does, word)| *does == role && is_in(word, place))
    }

    /// Where a word that does something and ends at a place begins.
    fn ends(&self, role: Role, end: usize) -> Option<usize> {
        self.words.iter().find(|(does, word)| *does == role && word.end == end).map(|(_, word)| word.start)
    }

    fn says_above(&self, role: Role) -> bool {
        self.above.iter().any(|(does, _)| *does == role)
    }

    /// The nearest word for a secret, by where it stands; failing that, one that says less.
    fn named(&self) -> Option<&'static str> {
        let near = self.own.start.max(self.own.end.saturating_sub(NEAR))..self.own.end;
        let places = [(&near, "named"), (&self.after, "named_after"), (&self.last, "named_before")];
        let far = [(&self.own, "named_far"), (&self.older, "named_far")];
        let strong = places.iter().chain(&far).find(|(place, _)| self.says(Role::Names, place));
        let strong = strong.map(|(_, fact)| *fact);
        let last = self.unanswered();
        let hinted = || {
            let places = [&near, &self.after, &last];
            places.iter().any(|place| self.says(Role::Hints, place)) || self.says_above(Role::Hints)
        };
        let above = || self.says_above(Role::Names).then_some("named_far");
        strong.or_else(above).or_else(|| hinted().then_some("hinted"))
    }

    /// The sentence before, up to where it has a number of its own: `code 1195132#`, and below, another.
    fn unanswered(&self) -> Range<usize> {
        let last = self.text.get(self.last.clone()).unwrap_or_default();
        let figures = |run: &[u8]| run.iter().all(u8::is_ascii_digit);
        match last.as_bytes().windows(NUMBER).rposition(figures) {
            Some(at) => self.last.start + at..self.last.end,
            None => self.last.clone(),
        }
    }

    /// Whether what a secret opens is spoken of, or a lock twice in the sentence.
    fn opens(&self) -> bool {
        let places = [&self.own, &self.after, &self.last, &self.older];
        let hints = self.words.iter().filter(|(does, word)| *does == Role::Hints && is_in(word, &self.own));
        places.iter().any(|place| self.says(Role::Opens, place))
            || self.says_above(Role::Opens)
            || hints.count() > 1
    }

    /// Whether a value stands alone over the question that it answers.
    fn answers(&self) -> bool {
        let after = self.text.get(self.after.clone()).unwrap_or_default();
        after.contains('?') && after.contains('\n')
    }

    /// Whether the line above one announces it: `Essaie ceci :`, `usager : royj`.
    fn announced(&self) -> bool {
        let above = self.text.get(..self.own.start).unwrap_or_default().trim_end();
        let line = above.rsplit('\n').next().unwrap_or_default();
        line.is_empty() || line.contains(':') || line.ends_with('?')
    }

    /// `se débarre avec`, `la messagerie avec`, `on entre 2, puis`.
    fn opens_with(&self, head: &str) -> bool {
        let word = last_word(head);
        let rest = head.get(..head.len().saturating_sub(word.len())).unwrap_or_default().trim_end();
        let end = self.own.start + rest.len();
        let with = matches!(word, "avec" | "with" | "a" | "au" | "to");
        let what = [Role::Names, Role::Hints, Role::Opens];
        with && what.iter().any(|role| self.ends(*role, end).is_some())
            || matches!(word, "puis" | "then") && self.says(Role::Hints, &self.own)
    }

    /// What else a value may be, by the word right before it or the unit after it.
    fn foreign(&self, name: &str, given: bool) -> Option<&'static str> {
        let (sentence, after) = (self.sentence(), self.rest());
        // `paper-measures-3 = …` is the key of a text.
        let value = self.text.get(self.value.clone()).unwrap_or_default();
        let key = after.trim_start().starts_with('=') && value.contains('-');
        let bare = sentence.trim_end_matches([' ', ':', '=', '"', '(', '*', '#', '\t']);
        let marked = bare.len() < sentence.trim_end().len();
        let word = last_word(bare);
        if words::is_user(word) || name != "named" && words::is_account(word) {
            return Some(if marked && given { "user_told" } else { "user" });
        }
        let whose = || {
            let start = self.ends(Role::Opens, self.own.start + bare.len());
            let head = start.and_then(|start| self.text.get(self.own.start..start)).unwrap_or_default();
            !head.trim().is_empty() && words::belongs(last_word(head))
        };
        let of = !marked && (words::reaches(word) || !given && (words::belongs(word) || whose()));
        let dialled = name == "hinted" && self.is_dialled();
        (of || dialled || words::counts(after) || key).then_some("of")
    }

    /// `1 877 555-0142, code 4471882#`: whether a code goes with a telephone, as that of a call does.
    fn is_dialled(&self) -> bool {
        let value = self.text.get(self.value.clone()).unwrap_or_default();
        let digits = self.sentence().bytes().filter(u8::is_ascii_digit).count();
        !value.contains(|character: char| character.is_alphabetic()) && digits >= TELEPHONE
    }

    /// How a value is given: by a mark or a word right before it, as the answer that stands alone, as one of a list.
    fn cue(&self, name: &str) -> Option<&'static str> {
        let (sentence, after) = (self.sentence(), self.rest());
        let head = sentence.trim_end();
        let bare = head.trim_end_matches(['"', '\'', '(', '*', '[', '`', '_']).trim_end();
        let ended = after.trim_start_matches(['"', ' ', '.', ')', '*', '!']).is_empty()
            || after.trim_start_matches(['"', '.', ' ', ')', '*', '!']).starts_with('\n');
        if bare.is_empty() {
            // Alone on its line: one is given so under what names it, or over the question.
            let alone = ended && (name != "hinted" || self.answers() || self.announced());
            let told = alone || name == "named_after" && words::takes(after);
            return Some(if told { "given" } else { "given_partly" });
        }
        let marked = MARKS.iter().any(|mark| bare.ends_with(mark)) || sentence.ends_with("   ");
        if marked {
            return Some("given");
        }
        let takes = name == "named_after" && words::takes(after);
        let end = self.own.start + bare.len();
        let ends = || [Role::Names, Role::Hints].iter().any(|role| self.ends(*role, end).is_some());
        let named = matches!(name, "named" | "hinted") && ends();
        if takes || named || words::gives(bare) || self.opens_with(bare) || listed(bare) || paired(bare) {
            return Some("given");
        }
        let opened = bare.len() < head.len();
        let partly = opened || bare.ends_with([',', ';', '/', '-']) || words::gives_partly(bare);
        partly.then_some("given_partly")
    }
}

fn is_in(word: &Range<usize>, place: &Range<usize>) -> bool {
    place.start <= word.start && word.end <= place.end
}

/// Where the last sentence of a text stands. `p. 4471`, `tél. 4471` end none.
fn last_sentence(text: &str) -> Range<usize> {
    let stop =
        text.rmatch_indices(". ").find(|(at, _)| !words::is_shortened(text.get(..*at).unwrap_or_default()));
    let ends = ["! ", "? ", "\n"].iter().filter_map(|end| Some(text.rfind(end)? + end.len()));
    let start = ends.chain(stop.map(|(at, end)| at + end.len())).max().unwrap_or(0);
    start..text.len()
}

/// `: Rideau7, Volet8 et`: whether a value goes on a list that a mark opens.
fn listed(head: &str) -> bool {
    let Some((_, list)) = head.rsplit_once([':', '=']).filter(|(_, list)| list.len() <= LIST) else {
        return false;
    };
    let joined = head.ends_with(',') || matches!(last_word(head), "et" | "ou" | "and" | "or" | "puis");
    let item = |part: &str| {
        let part = part.trim();
        !part.contains(' ') && part.bytes().any(|byte| byte.is_ascii_digit())
    };
    joined && list.split(',').next().is_some_and(item)
}

/// `essai01 /`: whether the name of a user stands before a bar, after a mark or alone.
fn paired(head: &str) -> bool {
    let Some(user) = head.strip_suffix('/') else { return false };
    let start = user.trim_end().rfind([' ', '\n', '\t']).map_or(0, |at| at + 1);
    let (before, user) = user.split_at_checked(start).unwrap_or_default();
    let before = before.trim_end();
    user.trim().len() > 2 && (before.is_empty() || before.ends_with([':', '=', '-', '(', '>', '\u{2192}']))
}
