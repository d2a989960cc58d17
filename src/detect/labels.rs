//! Words around a match that speak for it ("NAM", "née le") or against it ("rendez-vous").

use std::borrow::Cow;
use std::ops::Range;

use super::joints::is_joint;
use super::lexicon::{Phrases, is_whole};
use super::rules::RawWords;

/// The words of one rule.
#[derive(Debug)]
pub struct Labels {
    phrases: Phrases,
    words: Vec<String>,
    /// How many of the words, from the first, speak for; those from `alone` on only beside one of `with`.
    friends: usize,
    alone: usize,
    with: Cased,
    near: usize,
    after: usize,
    /// Bytes of the longest word.
    longest: usize,
    /// Whether every word has a letter: figures hold none then.
    lettered: bool,
    always: bool,
    /// Whether words against speak over the ends of lines.
    lines: bool,
    near_against: usize,
    after_against: usize,
}

/// What a word of a rule that tells secrets does around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It names a secret.
    Names,
    /// It hints at one: something is locked, or asked for.
    Hints,
    /// It is what a secret opens.
    Opens,
    /// It speaks against one.
    Against,
}

/// What holds a word against a number and does not name one: `donné par téléphone`, `tel qu'imprimé`.
const BY: [&str; 20] = [
    "par telephone",
    "au telephone",
    "par cellulaire",
    "sur mon cellulaire",
    "par fax",
    "par telecopieur",
    "by phone",
    "on the phone",
    "over the phone",
    "by fax",
    "par la poste",
    "au cas ou",
    "tel que",
    "tel qu",
    "au dossier est",
    "au dossier c'est",
    "ai au dossier",
    "a au dossier",
    "avons au dossier",
    "ont au dossier",
];

/// What a word around a match says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The word speaks for the match.
    For(String),
    /// The word would, if what makes it speak stood near.
    Half(String),
    /// The word speaks against it.
    Against(String),
}

impl Labels {
    /// Prepares the words of a rule.
    #[must_use]
    pub fn new(context: &RawWords, against: &RawWords) -> Self {
        let friends = context.words.iter().chain(&context.pairs);
        let words: Vec<String> = friends.chain(&against.words).cloned().collect();
        Self {
            lettered: words.iter().all(|word| is_worded(word)),
            longest: words.iter().map(String::len).max().unwrap_or(0),
            phrases: Phrases::new(words.iter().map(String::as_str).chain(BY)),
            friends: context.words.len() + context.pairs.len(),
            alone: context.words.len(),
            with: Cased::new(&context.with),
            words,
            near: context.near,
            after: context.after,
            always: against.always,
            lines: against.lines,
            near_against: against.near,
            after_against: against.after,
        }
    }

    /// Whether no word speaks, whatever stands around.
    #[must_use]
    pub fn are_none(&self) -> bool {
        self.words.is_empty()
    }

    /// Bytes before a match that may matter.
    #[must_use]
    pub fn reach(&self) -> usize {
        self.near.max(self.near_against)
    }

    /// What stands around a match: the nearest word before it speaks; failing that, the first after it.
    /// `floor` is where the match before it of the same rule ended: a label speaks for one value only.
    #[must_use]
    pub fn around(&self, text: &str, span: &Range<usize>, floor: usize) -> Option<Voice> {
        if self.words.is_empty() {
            return None;
        }
        // one character more: whether a word stands whole is seen from the one before it
        let start = text.floor_char_boundary(span.start.saturating_sub(self.reach() + 1));
        let window = text.get(start..span.start).unwrap_or_default();
        let cut = text.get(..start).is_some_and(|head| head.ends_with(char::is_alphanumeric));
        let before = self.before(window, floor.saturating_sub(start), cut);
        // A word that begins within reach is read to its end.
        let reach = self.after.max(self.after_against) + self.longest;
        let end = text.ceil_char_boundary((span.end + reach).min(text.len()));
        let after = || self.after(text.get(span.end..end).unwrap_or_default());
        let voice = match before {
            Some(voice @ (Voice::For(_) | Voice::Half(_))) if self.always => {
                Some(after().filter(|voice| matches!(voice, Voice::Against(_))).unwrap_or(voice))
            }
            Some(voice) => Some(voice),
            None => after(),
        };
        voice.map(|voice| voice.whole(|| self.is_placed(text, span)))
    }

    /// Whether what makes half a label speak stands around a match, on whatever line.
    #[must_use]
    pub fn is_placed(&self, text: &str, span: &Range<usize>) -> bool {
        let start = text.floor_char_boundary(span.start.saturating_sub(2 * self.near));
        let end = text.ceil_char_boundary((span.end + 2 * self.after).min(text.len()));
        let part = |part: Range<usize>| text.get(part).unwrap_or_default();
        self.completes(part(start..span.start)) || self.completes(part(span.end..end))
    }

    /// Whether a text holds what makes half a label speak.
    #[must_use]
    pub fn completes(&self, text: &str) -> bool {
        self.with.stands_in(text)
    }

    /// Whether a word as it stands speaks for a match: one may be glued to its value, as in `NAS130692544`.
    #[must_use]
    pub fn is_one(&self, word: &str) -> bool {
        self.words.iter().take(self.friends).any(|friend| friend.eq_ignore_ascii_case(word))
    }

    /// What a whole text, a header or the cell on the left, says.
    #[must_use]
    pub fn of_label(&self, label: &str) -> Option<Voice> {
        if self.words.is_empty() || label.len() > 120 || !self.may_stand_in(label) {
            return None;
        }
        let label = label.replace(['\n', '_'], " ");
        let (term, _) = self.spoken(&label).last()?;
        Some(self.voice(term).whole(|| self.completes(&label)))
    }

    /// The words that name a secret around a value, hint at one or speak against it. A word of an identifier (`rta_session__id`) hints
    /// at nothing.
    #[must_use]
    pub fn heard(&self, text: &str, value: &Range<usize>) -> Vec<(Role, Range<usize>)> {
        let reached = |place: &Range<usize>| {
            let before = value.start.saturating_sub(place.end) <= self.near_against;
            before && place.start.saturating_sub(value.end) <= self.after_against
        };
        let stands = |(role, place): &(Role, Range<usize>)| match role {
            Role::Against => reached(place),
            Role::Hints => !is_in_identifier(text, place),
            Role::Names | Role::Opens => true,
        };
        let flat = on_one_line(text);
        let spoken = self.spoken(&flat).map(|(term, place)| (self.role(term), place));
        spoken.filter(stands).collect()
    }

    /// What a text says that a secret opens.
    #[must_use]
    pub fn opened(&self, text: &str) -> Vec<(Role, Range<usize>)> {
        let openers = self.with.places(text).into_iter().map(|(_, place)| place);
        openers.filter(|place| !is_in_identifier(text, place)).map(|place| (Role::Opens, place)).collect()
    }

    /// The words of the rule in a text, but for those that stand in a phrase of [`BY`].
    fn spoken<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, Range<usize>)> + 't {
        self.phrases.find(text).filter(|(term, _)| *term < self.words.len())
    }

    fn role(&self, term: usize) -> Role {
        match term {
            term if term < self.alone => Role::Names,
            term if term < self.friends => Role::Hints,
            _ => Role::Against,
        }
    }

    fn may_stand_in(&self, window: &str) -> bool {
        !self.lettered || is_worded(window)
    }

    /// What stands in a window before a match; `cut` when a word goes on before it (`montag|ne en`).
    fn before(&self, window: &str, floor: usize, cut: bool) -> Option<Voice> {
        if !self.may_stand_in(window) {
            return None;
        }
        let flat = on_one_line(window);
        let mut nearest = None;
        let mut against = None;
        for (term, found) in self.spoken(&flat) {
            let distance = window.len() - found.end;
            let friend = term < self.friends;
            let reach = if friend { self.near } else { self.near_against };
            let glued = is_suffix(window, found.start, self.words.get(term)) || cut && found.start == 0;
            let cut_off = (friend || !self.lines) && is_cut(window, found.end);
            if glued || distance > reach || cut_off || (friend && found.start < floor) {
                continue;
            }
            nearest = Some(term);
            if !friend {
                against = Some(term);
            }
        }
        let chosen = if self.always { against.or(nearest) } else { nearest };
        chosen.map(|term| self.voice(term))
    }

    fn after(&self, window: &str) -> Option<Voice> {
        let line = if self.always { window } else { window.split('\n').next().unwrap_or_default() };
        if !self.may_stand_in(line) {
            return None;
        }
        let flat = on_one_line(line);
        let fits = |(term, found): &(usize, Range<usize>)| {
            let reach = if *term < self.friends { self.after } else { self.after_against };
            let opens_next =
                flat.get(found.end..).is_some_and(|rest| rest.trim_start().starts_with([':', '=']));
            found.start <= reach && is_whole(&flat, found) && (self.always || !opens_next)
        };
        let mut found = self.spoken(&flat).filter(fits).map(|(term, _)| term);
        let first = found.next()?;
        let against =
            if first < self.friends && self.always { found.find(|term| *term >= self.friends) } else { None };
        Some(self.voice(against.unwrap_or(first)))
    }

    fn voice(&self, term: usize) -> Voice {
        let word = self.words.get(term).cloned().unwrap_or_default();
        match term {
            term if term < self.alone => Voice::For(word),
            term if term < self.friends => Voice::Half(word),
            _ => Voice::Against(word),
        }
    }
}

impl Voice {
    /// Makes half a label a whole one where the other half stands.
    #[must_use]
    pub fn whole(self, completed: impl FnOnce() -> bool) -> Self {
        match self {
            Self::Half(word) if completed() => Self::For(word),
            voice => voice,
        }
    }
}

/// Words of which those written in capitals alone are looked for in capitals: `ON` is a province, `on` is not.
#[derive(Debug)]
pub struct Cased {
    phrases: Phrases,
    /// Whether each is written so.
    capitals: Vec<bool>,
    /// How many words there are: what is known beyond them are their plurals, in order.
    words: usize,
    /// From which word on they say nothing.
    mute: usize,
}

impl Cased {
    /// Prepares words.
    #[must_use]
    pub fn new(words: &[String]) -> Self {
        let capitals = words.iter().map(|word| !word.chars().any(char::is_lowercase)).collect();
        Self { phrases: Phrases::new(words), capitals, words: words.len(), mute: words.len() }
    }

    /// Prepares words, and those that an s makes of them.
    #[must_use]
    pub fn with_plurals(words: &[String]) -> Self {
        let plurals = words.iter().map(|word| format!("{word}s"));
        Self { words: words.len(), ..Self::new(&words.iter().cloned().chain(plurals).collect::<Vec<_>>()) }
    }

    /// Prepares words against a number.
    #[must_use]
    pub fn against(words: &[String]) -> Self {
        let all: Vec<String> = words.iter().cloned().chain(BY.map(str::to_owned)).collect();
        Self { mute: words.len(), ..Self::new(&all) }
    }

    /// Whether one stands in a text.
    #[must_use]
    pub fn stands_in(&self, text: &str) -> bool {
        !self.places(text).is_empty()
    }

    /// The numbers of those that stand in a text; a plural has that of its word.
    #[must_use]
    pub fn terms(&self, text: &str) -> Vec<usize> {
        self.places(text).into_iter().map(|(term, _)| term % self.words.max(1)).collect()
    }

    /// Where each in a text ends, in order.
    #[must_use]
    pub fn ends(&self, text: &str) -> Vec<usize> {
        self.places(text).into_iter().map(|(_, place)| place.end).collect()
    }

    /// Where the first one in a text begins.
    #[must_use]
    pub fn starts(&self, text: &str) -> Option<usize> {
        self.places(text).first().map(|(_, place)| place.start)
    }

    /// Where the last one in a text ends.
    #[must_use]
    pub fn last(&self, text: &str) -> Option<usize> {
        self.places(text).last().map(|(_, place)| place.end)
    }

    fn places(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        if self.capitals.is_empty() {
            return Vec::new();
        }
        let is_written = |(term, found): &(usize, Range<usize>)| {
            let written = text.get(found.clone()).unwrap_or_default();
            *term < self.mute
                && (self.capitals.get(*term) == Some(&false)
                    || !written.bytes().any(|byte| byte.is_ascii_lowercase()))
        };
        self.phrases.find(&on_one_line(text)).filter(is_written).collect()
    }
}

/// Whether the one letter that opens an abbreviation ends a number: `dossier 2682514N. Le 12 janvier` tells no birth.
fn is_suffix(window: &str, start: usize, term: Option<&String>) -> bool {
    let short = term.is_some_and(|term| term.as_bytes().get(1) == Some(&b'.'));
    let before = start.checked_sub(1).and_then(|at| window.as_bytes().get(at));
    short && before.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-')
}

/// Whether a line end parts a label from the value: a label speaks across one only to the start of the next line of text.
fn is_cut(window: &str, end: usize) -> bool {
    let Some(between) = window.get(end..).filter(|between| between.contains('\n')) else { return false };
    let own = between.rsplit('\n').next().unwrap_or_default();
    let rest = between.get(..between.len() - own.len()).unwrap_or_default();
    // The label has its value on its own line, and the next line has words of its own.
    let said = rest.bytes().filter(u8::is_ascii_digit).count() >= 5
        && own.bytes().filter(u8::is_ascii_alphabetic).count() >= 4;
    // `birth numbers) module`, an empty line: what began there has ended, unless it was asked for.
    let asked = rest.trim_end().ends_with('?');
    let ended =
        rest.contains("\n\n") && !asked && rest.split_whitespace().filter(|word| is_worded(word)).count() > 1;
    // `NAS :`, and below, `- Ann Lee : …`
    let worded = own.trim().len() > 12 && !(rest.trim_end().ends_with(':') && names_someone(own.trim()));
    said || ended || worded || rest.trim().len() > 24 || rest.contains("\n\n\n")
}

/// `- Ann Lee :`, `et Luc`: a few words, each a name by its capital, with nothing else but marks and what joins two.
#[must_use]
pub fn names_someone(text: &str) -> bool {
    let words = || {
        text.split(|character: char| !character.is_alphanumeric() && !matches!(character, '-' | '\''))
            .map(|word| word.trim_matches(['-', '\'']))
            .filter(|word| !word.is_empty() && !is_joint(word) && !TITLES.contains(word))
    };
    let name = |word: &str| {
        word.starts_with(char::is_uppercase) && !word.contains(|character: char| character.is_ascii_digit())
    };
    text.len() <= NAMED && (1..=4).contains(&words().count()) && words().all(name)
}

/// What stands before a name or in it, and the longest text that is but a name.
const TITLES: [&str; 3] = ["de", "M", "Mme"];
const NAMED: usize = 48;

/// `rta_session__id`: whether a word is joined to another by an underscore.
fn is_in_identifier(text: &str, place: &Range<usize>) -> bool {
    let before = place.start.checked_sub(1).and_then(|at| text.as_bytes().get(at));
    before == Some(&b'_') || text.as_bytes().get(place.end) == Some(&b'_')
}

/// A text with spaces for line ends; nearly always as it is.
fn on_one_line(text: &str) -> Cow<'_, str> {
    if text.contains('\n') { Cow::Owned(text.replace('\n', " ")) } else { Cow::Borrowed(text) }
}

fn is_worded(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::{Labels, Voice};
    use crate::detect::rules::RawWords;

    /// A card says whose number it is beside a province alone, in either order; an abbreviation is one in capitals.
    #[test]
    fn half_a_label_speaks_beside_the_other_half() {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let context = RawWords {
            near: 60,
            after: 30,
            words: list(&["OHIP"]),
            pairs: list(&["carte santé", "health card"]),
            with: list(&["Ontario", "ON"]),
            ..RawWords::default()
        };
        let labels = Labels::new(&context, &RawWords::default());
        for (text, spoken, header) in [
            ("OHIP 123", Some(true), Some(true)),
            ("carte sante (Ontario) : 123", Some(true), Some(true)),
            ("Ontario health card 123", Some(true), Some(true)),
            ("Province : ontario\nNo de carte sante : 123", Some(true), Some(true)),
            ("123 (health card, Ontario)", Some(true), Some(true)),
            ("carte sante ON 123", Some(true), Some(true)),
            ("sur la carte sante on lit 123", Some(false), Some(false)),
            ("carte sante 123", Some(false), Some(false)),
            ("Ontario 123", None, None),
        ] {
            let at = text.find("123").unwrap();
            let said = |voice: Option<Voice>| voice.map(|voice| matches!(voice, Voice::For(_)));
            assert_eq!(said(labels.around(text, &(at..at + 3), 0)), spoken, "{text}");
            assert_eq!(said(labels.of_label(text)), header, "{text}");
        }
    }
}
