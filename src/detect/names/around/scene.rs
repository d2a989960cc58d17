//! Where a name stands: its clues, place by place.
//!
//! In: the words of a text and which of them are the name. Out: each clue in turn, at most a few hundred. It refuses to know what a
//! clue weighs.

use std::ops::Range;

use super::{Clue, key_of};
use crate::detect::names::context;
use crate::detect::names::token::{self, Gap, Shape, Token};
use crate::detect::names::words::{
    ADDRESSED, ASKS, CARE, CONTACT, CONTACT_AFTER, DISCIPLINE, EMPLOYEE, GIVEN, GREETING, HEALTH,
    HEALTH_SENSITIVE, JOB, LINK_OF, LINK_WITH, ORDINARY, PARTICLE, PATIENT_AFTER, PATIENT_BEFORE,
    PATIENT_BEFORE_WEAK, PATIENT_COLUMN, PATIENT_VERB, PATIENT_VERB_SURE, PLACE, PLACE_HEAD, PRONOUN, STAFF,
    STAFF_VERB, SURNAME, TITLE, TOLD, Tags, UNIT,
};

/// The kinds of words that are clues whatever the word is.
const KINDS: [(Tags, &str); 30] = [
    (GIVEN, "given"),
    (SURNAME, "surname"),
    (TITLE, "title"),
    (STAFF, "staff"),
    (JOB, "job"),
    (PATIENT_BEFORE, "patient"),
    (PATIENT_BEFORE_WEAK, "perhaps"),
    (PATIENT_AFTER, "told"),
    (PATIENT_VERB, "undergoes"),
    (PATIENT_VERB_SURE, "suffers"),
    (PATIENT_COLUMN, "column"),
    (CONTACT, "contact"),
    (CONTACT_AFTER, "reach"),
    (ORDINARY, "ordinary"),
    (GREETING, "greeting"),
    (HEALTH, "health"),
    (HEALTH_SENSITIVE, "sensitive"),
    (CARE, "care"),
    (DISCIPLINE, "discipline"),
    (UNIT, "unit"),
    (STAFF_VERB, "acts"),
    (PRONOUN, "pronoun"),
    (PLACE, "place"),
    (PLACE_HEAD, "head"),
    (TOLD, "became"),
    (LINK_OF, "of"),
    (LINK_WITH, "with"),
    (ADDRESSED, "to"),
    (ASKS, "asks"),
    (EMPLOYEE, "employee"),
];

/// Where a name stands.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The folded text.
    pub text: &'a str,
    /// Its words.
    pub tokens: &'a [Token],
    /// Which of them are the name.
    pub name: &'a Range<usize>,
    /// Whether the surname comes first.
    pub surname_first: bool,
}

/// Most words looked at on either side, in the same sentence.
const REACH: usize = 14;
/// Shortest word whose ending is a clue, and the length of the ending.
const LONG: usize = 7;
const ENDING: usize = 4;
/// Most words of a list of names on either side, and letters of a small word.
const LIST: usize = 19;
const SMALL: usize = 4;
/// Most words before a name on its line, up to the line of the heading, and of that line.
const INDENT: usize = 6;
const ABOVE: usize = 60;
const HEADING: usize = 10;
impl<'a> Scene<'a> {
    fn token(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at)
    }

    /// What a word counts as, when it is not the word that matters: a number, a name, nothing at all.
    fn class(&self, at: usize) -> Option<&'static str> {
        let Some(token) = self.token(at) else { return Some("nothing") };
        let named = token.own.any(GIVEN | SURNAME) || token.own.is_none();
        match token.shape {
            Shape::Number if token.len() < 3 => Some("few"),
            Shape::Number if token.len() == 4 => Some("year"),
            Shape::Number => Some("figures"),
            Shape::Capital if named && !token.opens => Some("name"),
            Shape::Upper if named && token.own.any(GIVEN | SURNAME) => Some("name"),
            Shape::Initial if !token.own.any(TITLE) => Some("letter"),
            _ => None,
        }
    }

    /// The key of a word, or of what it counts as.
    pub fn key(&self, at: usize) -> u64 {
        self.class(at).map_or_else(|| self.token(at).map_or(0, |token| token.key), key_of)
    }

    /// The last letters of a word.
    pub fn ending(&self, at: usize) -> Option<&'a str> {
        let token = self.token(at)?;
        self.text.get(token.end.checked_sub(ENDING)?..token.end)
    }

    /// Tells every clue.
    pub fn clues(&self, each: &mut dyn FnMut(Clue)) {
        self.written(each);
        self.left(each);
        self.after(each);
        self.right(each);
        self.others(each);
        self.next(each);
        self.label(each);
        self.led(each);
        self.trailed(each);
        self.heading(each);
    }

    /// How the name is written and where it stands.
    fn written(&self, each: &mut dyn FnMut(Clue)) {
        let words = self.tokens.get(self.name.clone()).unwrap_or_default();
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
        let next = self.token(self.name.end);
        let upper = [first, last].iter().filter(|token| token.shape == Shape::Upper).count();
        let said = [
            (true, "always"),
            (self.surname_first, "turned"),
            (upper == 2, "capitals"),
            (upper == 1, "mixed"),
            (words.iter().skip(1).any(|word| word.gap == Gap::Comma), "comma"),
            (words.len() == 1, "alone"),
            (first.opens, "opens"),
            (first.lines > 0 && next.is_none_or(|next| next.lines > 0), "line"),
        ];
        said.iter().filter(|(is, _)| *is).for_each(|(_, kind)| each(Clue::kind("written", kind)));
        each(Clue::kind("gap", gap(first)));
        each(Clue::kind("end", next.map_or("nothing", gap)));
    }

    /// The words before the name, up to where its sentence starts.
    fn left(&self, each: &mut dyn FnMut(Clue)) {
        let start = self.name.start;
        let (one, two) = (start.wrapping_sub(1), start.wrapping_sub(2));
        each(Clue::word("before", one));
        each(Clue::word("second", two));
        each(Clue::words("both", two, one));
        self.kinds("just", one, each);
        let mut parted = false;
        for back in 1..=REACH {
            let Some(at) = start.checked_sub(back) else { break };
            // What opens after this word ends the sentence that it is in.
            if self.token(at + 1).is_some_and(|next| next.opens || next.gap == Gap::Blank) {
                break;
            }
            let Some(token) = self.token(at) else { break };
            parted |= self.names_someone(at);
            let place = if parted { "far" } else { "left" };
            each(Clue::word(place, at));
            self.kinds(if parted { "farther" } else { "lefts" }, at, each);
            if back <= 3 && is_long(token) {
                each(Clue::ending("leftend", at));
            }
        }
    }

    /// The words right after it.
    fn after(&self, each: &mut dyn FnMut(Clue)) {
        let end = self.name.end;
        if self.token(end).is_some_and(|next| !next.opens || next.gap == Gap::Other) {
            each(Clue::word("after", end));
            each(Clue::word("then", end + 1));
            each(Clue::words("pair", end, end + 1));
            self.kinds("next", end, each);
        }
    }

    /// The words after it, to the end of the sentence; those set off right after it by a comma or brackets are told apart.
    fn right(&self, each: &mut dyn FnMut(Clue)) {
        let end = self.name.end;
        let mut aside = self.token(end).is_some_and(|first| {
            first.gap == Gap::Other || matches!(first.gap, Gap::Comma | Gap::Label) && !first.is_capital()
        });
        let mut parted = false;
        for at in end..end + REACH {
            let Some(token) = self.token(at) else { break };
            let ends = token.opens && (at > end || token.gap != Gap::Other);
            if ends || token.lines > 1 {
                break;
            }
            aside &= at == end || !matches!(token.gap, Gap::Other | Gap::Comma);
            parted |= self.names_someone(at);
            let (place, kinds) = match (aside, parted) {
                (true, _) => ("aside", "asides"),
                (_, false) => ("right", "rights"),
                _ => ("beyond", "beyonds"),
            };
            each(Clue::word(place, at));
            self.kinds(kinds, at, each);
            if at < end + 4 && is_long(token) {
                each(Clue::ending("rightend", at));
            }
        }
    }

    /// Whether a word is someone's given name.
    fn names_someone(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| token.is_capital() && token.own.any(GIVEN))
            && self.class(at).is_some()
    }

    /// Who else is named in the sentence, and what parts them.
    fn others(&self, each: &mut dyn FnMut(Clue)) {
        let sentence = context::sentence(self.tokens, self.name);
        let named = |at: &usize| {
            self.token(*at).is_some_and(|token| token.is_capital() && token.own.any(GIVEN))
                && !self.name.contains(at)
                && self.token(at + 1).is_some_and(|next| next.is_capital())
        };
        let before = (sentence.start..self.name.start).rev().find(named);
        let after = (self.name.end..sentence.end).find(named);
        each(Clue::kind(
            "others",
            match (before, after) {
                (None, None) => "nobody",
                (Some(_), None) => "earlier",
                (None, Some(_)) => "later",
                _ => "around",
            },
        ));
        if let Some(before) = before {
            let near = before + 2..self.name.start;
            if near.len() < 6 {
                let words = near.filter(|at| self.token(*at).is_some_and(|token| !token.is_capital()));
                for at in words {
                    each(Clue::word("since", at));
                }
            }
        }
    }

    /// How the next sentence goes on.
    fn next(&self, each: &mut dyn FnMut(Clue)) {
        let start = context::sentence(self.tokens, self.name).end;
        each(Clue::word("onward", start));
        for at in start..start + 8 {
            if self.token(at).is_none_or(|token| at > start && token.opens) {
                break;
            }
            self.kinds("onwards", at, each);
        }
    }

    /// The words of the line before the colon that the name follows, and those that start its line.
    fn label(&self, each: &mut dyn FnMut(Clue)) {
        let start = self.name.start;
        let head = self.tokens.get(start.saturating_sub(REACH)..start).unwrap_or_default();
        let first = self.token(start).filter(|first| first.lines == 0);
        let line = head
            .iter()
            .rev()
            .position(|token| token.lines > 0 || token.opens)
            .map_or(head.len(), |at| at + 1);
        if first.is_none() || line == 0 {
            return;
        }
        let words = start - line.min(start)..start;
        each(Clue::word("line", words.start));
        let colon = words
            .clone()
            .skip(1)
            .chain([start])
            .rfind(|at| self.token(*at).is_some_and(|t| t.gap == Gap::Label));
        let Some(colon) = colon else { return };
        for at in words.start..colon {
            each(Clue::word("label", at));
            self.kinds("labels", at, each);
        }
    }

    /// What leads the list of names that this one stands in.
    fn led(&self, each: &mut dyn FnMut(Clue)) {
        let start = self.name.start;
        let parted = |at: usize| {
            self.token(at).is_none_or(|token| {
                token.opens || matches!(token.gap, Gap::Label | Gap::Blank | Gap::Address)
            })
        };
        let listed =
            |back: &usize| start.checked_sub(*back).is_some_and(|at| self.is_listed(at) && !parted(at + 1));
        let back = (1..=LIST).take_while(listed).count();
        let first = start - back;
        if back > 0 {
            each(Clue::kind("lead", "list"));
        }
        let Some(token) = self.token(first).filter(|token| !token.opens && token.gap != Gap::Blank) else {
            each(Clue::kind("lead", "nothing"));
            return;
        };
        let lead = first.wrapping_sub(1);
        each(Clue::word("lead", lead));
        self.kinds("leads", lead, each);
        each(Clue::kind("leadgap", gap(token)));
        each(Clue::words("leadpair", lead.wrapping_sub(1), lead));
    }

    /// What comes after that list: `Jean Roy et Ann Lee rencontreront`.
    fn trailed(&self, each: &mut dyn FnMut(Clue)) {
        let end = self.name.end;
        let open = |at: &usize| self.token(*at).is_some_and(|token| !token.opens);
        let trail = end + (end..end + LIST).take_while(|at| self.is_listed(*at) && open(at)).count();
        if !open(&trail) {
            each(Clue::kind("trail", "nothing"));
            return;
        }
        each(Clue::word("trail", trail));
        self.kinds("trails", trail, each);
        let is_verb = |token: &Token| !token.opens && token.shape == Shape::Lower && token.len() > SMALL;
        if let Some(verb) = (trail..trail + 4).find(|at| self.token(*at).is_some_and(is_verb)) {
            each(Clue::word("verb", verb));
            each(Clue::ending("verbend", verb));
        }
    }

    /// Whether a word is part of a list of names: names, particles, titles, `et`.
    fn is_listed(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| {
            let joins = token.gap == Gap::Space && token::words("et and ou").any(|word| word == token.key);
            let lower = token.own.any(PARTICLE) && token.shape == Shape::Lower;
            let upper = token.shape == Shape::Upper && matches!(token.gap, Gap::Comma | Gap::Hyphen);
            joins || lower || upper || token.own.any(TITLE) || self.class(at) == Some("name")
        })
    }

    /// The words of the line with a colon above the lines that the name is in.
    fn heading(&self, each: &mut dyn FnMut(Clue)) {
        let start = self.name.start;
        let starts = |at: &usize| self.token(*at).is_some_and(|token| token.lines > 0) || *at == 0;
        let Some(line) = (start.saturating_sub(INDENT)..=start).rev().find(starts) else { return };
        let above = (line.saturating_sub(ABOVE) + 1..=line).rev();
        let inside = |at: &usize| *at == line || self.token(*at).is_some_and(|token| token.gap != Gap::Blank);
        let headed =
            |at: &usize| self.token(*at).is_some_and(|token| token.gap == Gap::Label && token.lines > 0);
        let Some(under) = above.take_while(inside).find(headed) else { return };
        for at in (under.saturating_sub(HEADING)..under).rev() {
            each(Clue::word("heading", at));
            self.kinds("headings", at, each);
            if self.token(at).is_none_or(|token| token.lines > 0 || token.opens) {
                break;
            }
        }
    }

    /// The kinds that a word is of.
    fn kinds(&self, place: &'static str, at: usize, each: &mut dyn FnMut(Clue)) {
        let Some(token) = self.token(at) else { return };
        let of = token.ends | token.own;
        for (_, kind) in KINDS.iter().filter(|(tags, _)| of.any(*tags)) {
            each(Clue::kind(place, kind));
        }
    }
}

/// Whether the ending of a word is a clue.
fn is_long(token: &Token) -> bool {
    token.shape == Shape::Lower && token.len() >= LONG
}

/// What parts a word from the one before.
fn gap(token: &Token) -> &'static str {
    match token.gap {
        _ if token.lines > 1 => "blank",
        Gap::Label => "colon",
        _ if token.lines > 0 => "newline",
        Gap::Comma => "comma",
        Gap::Stop => "stop",
        Gap::Other => "mark",
        Gap::Space => "space",
        Gap::Apostrophe => "elided",
        _ => "else",
    }
}
