//! What is said around a value that opens something: the word for a secret and how far off it stands, what it opens, how the
//! value is given, and what else it may be.
//!
//! In: a text, the place of a value in it, and the subject or heading above. Out: facts, for a rule to weigh. Nothing here judges
//! the value itself.

mod words;

use std::ops::Range;

use words::last_word;

use crate::detect::labels::Labels;

/// Bytes looked at before a value, and after it.
const BEFORE: usize = 280;
const AFTER: usize = 90;
/// Farther off in one sentence, a word for a secret tells less.
const NEAR: usize = 120;
/// Most bytes of a list whose first is told by a mark: `: Rideau7, Volet8`.
const LIST: usize = 60;

/// Facts of what is said around a value, by the words of a rule: names of secrets, hints, what they open.
pub fn telling(labels: &Labels, text: &str, span: &Range<usize>, above: &str) -> Vec<&'static str> {
    let from = text.floor_char_boundary(span.start.saturating_sub(BEFORE));
    let before = text.get(from..span.start).unwrap_or_default();
    let to = text.ceil_char_boundary((span.end + AFTER).min(text.len()));
    let after = text.get(span.end..to).unwrap_or_default();
    let said = Said::of(labels, before, after, above);
    let name = said.named();
    let cue = said.cue(after, name.unwrap_or_default());
    // `paper-measures-3 = …` is the key of a text.
    let key = after.trim_start().starts_with('=') && text.get(span.clone()).unwrap_or_default().contains('-');
    let other = said.foreign(after, cue == Some("given")).or(key.then_some("of"));
    let facts = [name, cue, said.opens().then_some("opens"), said.answers().then_some("answers"), other];
    facts.into_iter().flatten().collect()
}

/// What is said before a value and after it, by sentences.
struct Said<'a> {
    labels: &'a Labels,
    /// The sentence of the value up to it, the one before, the one before that.
    sentence: &'a str,
    last: &'a str,
    older: &'a str,
    /// What follows on the line, and below when the value is all of its line.
    after: &'a str,
    above: &'a str,
}

impl<'a> Said<'a> {
    fn of(labels: &'a Labels, before: &'a str, after: &'a str, above: &'a str) -> Self {
        let (rest, sentence) = cut(before);
        let (rest, last) = cut(rest);
        let (_, older) = cut(rest);
        let alone = sentence.trim().is_empty() && after.trim_start_matches([' ', '.', '"']).starts_with('\n');
        let line = after.split('\n').next().unwrap_or_default();
        Self { labels, sentence, last, older, after: if alone { after } else { line }, above }
    }

    /// The nearest word for a secret, by where it stands; failing that, one that says less.
    fn named(&self) -> Option<&'static str> {
        let near =
            self.sentence.get(self.sentence.ceil_char_boundary(self.sentence.len().saturating_sub(NEAR))..);
        let own = near.unwrap_or_default();
        let places = [(own, "named"), (self.after, "named_after"), (self.last, "named_before")];
        let far = [(self.sentence, "named_far"), (self.older, "named_far"), (self.above, "named_far")];
        let strong = places.iter().chain(&far).find(|(text, _)| self.labels.names(text));
        let weak = || {
            let all = [own, self.after, self.last, self.above];
            all.iter().any(|text| self.labels.hints(text) > 0).then_some("hinted")
        };
        strong.map(|(_, fact)| *fact).or_else(weak)
    }

    /// Whether what a secret opens is spoken of, or a lock twice in the sentence.
    fn opens(&self) -> bool {
        let all = [self.sentence, self.after, self.last, self.older, self.above];
        all.iter().any(|text| self.labels.completes(text)) || self.labels.hints(self.sentence) > 1
    }

    /// Whether a value stands alone over the question that it answers.
    fn answers(&self) -> bool {
        self.after.contains('?') && self.after.contains('\n')
    }

    /// `se débarre avec`, `la messagerie avec`, `on entre 2, puis`.
    fn opens_with(&self, head: &str) -> bool {
        let word = last_word(head);
        let rest = head.get(..head.len().saturating_sub(word.len())).unwrap_or_default().trim_end();
        let with = matches!(word, "avec" | "with" | "a" | "au" | "to");
        let hinted = self.labels.end_in_name(rest) || self.labels.end_in_opener(rest);
        with && hinted || matches!(word, "puis" | "then") && self.labels.hints(self.sentence) > 0
    }

    /// What else a value may be, by the word right before it or the unit after it.
    fn foreign(&self, after: &str, given: bool) -> Option<&'static str> {
        let bare = self.sentence.trim_end_matches([' ', ':', '=', '"', '(', '*', '#', '\t']);
        let marked = bare.len() < self.sentence.trim_end().len();
        let word = last_word(bare);
        if words::is_user(word) {
            return Some(if marked && given { "user_told" } else { "user" });
        }
        let whose = || {
            let head = self.labels.without_opener(bare).unwrap_or_default().trim_end();
            !head.is_empty() && words::belongs(last_word(head))
        };
        let of = !marked && (words::reaches(word) || !given && (words::belongs(word) || whose()));
        (of || words::counts(after)).then_some("of")
    }

    /// How a value is given: by a mark or a word right before it, as the answer that stands alone, as one of a list.
    fn cue(&self, after: &str, name: &str) -> Option<&'static str> {
        let head = self.sentence.trim_end();
        let bare = head.trim_end_matches(['"', '\'', '(', '*', '[', '`', '_']).trim_end();
        let ended = after.trim_start_matches(['"', ' ', '.', ')', '*', '!']).is_empty()
            || after.trim_start_matches(['"', '.', ' ', ')', '*', '!']).starts_with('\n');
        if bare.is_empty() {
            let told = ended || name == "named_after" && words::takes(after);
            return Some(if told { "given" } else { "given_partly" });
        }
        if bare.ends_with([':', '=', '>', '\u{2192}', '\t']) || self.sentence.ends_with("   ") {
            return Some("given");
        }
        let takes = name == "named_after" && words::takes(after);
        let named = matches!(name, "named" | "hinted") && self.labels.end_in_name(bare);
        if takes || named || words::gives(bare) || self.opens_with(bare) || listed(bare) || paired(bare) {
            return Some("given");
        }
        let opened = bare.len() < head.len();
        let partly = opened || bare.ends_with([',', ';', '/', '-']) || words::gives_partly(bare);
        partly.then_some("given_partly")
    }
}

/// The last sentence of a text, and what stands before it. `p. 4471`, `tél. 4471` end none.
fn cut(text: &str) -> (&str, &str) {
    let stop =
        text.rmatch_indices(". ").find(|(at, _)| !words::is_shortened(text.get(..*at).unwrap_or_default()));
    let ends = ["! ", "? ", "\n"].iter().filter_map(|end| Some(text.rfind(end)? + end.len()));
    let at = ends.chain(stop.map(|(at, end)| at + end.len())).max().unwrap_or(0);
    (text.get(..at).unwrap_or_default().trim_end(), text.get(at..).unwrap_or_default())
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
