//! Where a name stands: its clues, place by place.
//!
//! In: the words of a text and which of them are the name. Out: each clue in turn, at most a few hundred. It refuses to know what a
//! clue weighs.

use std::ops::Range;

use super::key_of;
use crate::detect::names::context;
use crate::detect::names::token::{Gap, Shape, Token, key, keys};
use crate::detect::names::words::{
    ADDRESSED, ASKS, CARE, CONTACT, CONTACT_AFTER, DISCIPLINE, EMPLOYEE, GIVEN, GREETING, HEALTH,
    HEALTH_SENSITIVE, JOB, LINK_OF, LINK_WITH, ORDINARY, PARTICLE, PATIENT_AFTER, PATIENT_BEFORE,
    PATIENT_BEFORE_WEAK, PATIENT_COLUMN, PATIENT_VERB, PATIENT_VERB_SURE, PLACE, PLACE_HEAD, PRONOUN, STAFF,
    STAFF_VERB, SURNAME, TITLE, TOLD, Tags, UNIT, follow,
};

/// The key of a word written here, made by the compiler.
macro_rules! key {
    ($word:literal) => {
        const { key($word) }
    };
}

/// The kinds of words that are clues whatever the word is.
const KINDS: [(Tags, u64); 30] = [
    (GIVEN, key("given")),
    (SURNAME, key("surname")),
    (TITLE, key("title")),
    (STAFF, key("staff")),
    (JOB, key("job")),
    (PATIENT_BEFORE, key("patient")),
    (PATIENT_BEFORE_WEAK, key("perhaps")),
    (PATIENT_AFTER, key("told")),
    (PATIENT_VERB, key("undergoes")),
    (PATIENT_VERB_SURE, key("suffers")),
    (PATIENT_COLUMN, key("column")),
    (CONTACT, key("contact")),
    (CONTACT_AFTER, key("reach")),
    (ORDINARY, key("ordinary")),
    (GREETING, key("greeting")),
    (HEALTH, key("health")),
    (HEALTH_SENSITIVE, key("sensitive")),
    (CARE, key("care")),
    (DISCIPLINE, key("discipline")),
    (UNIT, key("unit")),
    (STAFF_VERB, key("acts")),
    (PRONOUN, key("pronoun")),
    (PLACE, key("place")),
    (PLACE_HEAD, key("head")),
    (TOLD, key("became")),
    (LINK_OF, key("of")),
    (LINK_WITH, key("with")),
    (ADDRESSED, key("to")),
    (ASKS, key("asks")),
    (EMPLOYEE, key("employee")),
];

/// All of them.
const ANY_KIND: Tags = {
    let (mut all, mut rest) = (Tags::NONE, KINDS.as_slice());
    while let [(tags, _), others @ ..] = rest {
        all = Tags::all(&[all, *tags]);
        rest = others;
    }
    all
};

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
/// What joins the names of a list, and what stands for any of them.
const AND: [u64; 3] = keys("et and ou");
const NAME: u64 = key("name");

impl<'a> Scene<'a> {
    fn token(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at)
    }

    /// What a word counts as, when it is not the word that matters: a number, a name, nothing at all.
    fn class(&self, at: usize) -> Option<u64> {
        let Some(token) = self.token(at) else { return Some(key!("nothing")) };
        let named = token.own.any(GIVEN | SURNAME) || token.own.is_none();
        match token.shape {
            Shape::Number if token.len() < 3 => Some(key!("few")),
            Shape::Number if token.len() == 4 => Some(key!("year")),
            Shape::Number => Some(key!("figures")),
            Shape::Capital if named && !token.opens => Some(NAME),
            Shape::Upper if named && token.own.any(GIVEN | SURNAME) => Some(NAME),
            Shape::Initial if !token.own.any(TITLE) => Some(key!("letter")),
            _ => None,
        }
    }

    /// The key of a word, or of what it counts as.
    fn key(&self, at: usize) -> u64 {
        self.class(at).or_else(|| self.token(at).map(|token| token.key)).unwrap_or(0)
    }

    /// The last letters of a word.
    fn last_letters(&self, at: usize) -> Option<&'a str> {
        let token = self.token(at)?;
        self.text.get(token.end.checked_sub(ENDING)?..token.end)
    }

    /// The clue of a word at a place.
    fn word(&self, place: u64, at: usize) -> u64 {
        follow(place, self.key(at))
    }

    /// The clue of two words.
    fn words(&self, place: u64, one: usize, other: usize) -> u64 {
        follow(self.word(place, one), self.key(other))
    }

    /// The clue of the ending of a word.
    fn ending(&self, place: u64, at: usize) -> u64 {
        follow(place, key_of(self.last_letters(at).unwrap_or_default()))
    }

    /// Tells every clue.
    pub fn clues(&self, each: &mut dyn FnMut(u64)) {
        self.written(each);
        self.left(each);
        self.after(each);
        self.right(each);
        let sentence = context::sentence(self.tokens, self.name);
        self.others(&sentence, each);
        self.next(sentence.end, each);
        self.label(each);
        self.led(each);
        self.trailed(each);
        self.heading(each);
    }

    /// How the name is written and where it stands.
    fn written(&self, each: &mut dyn FnMut(u64)) {
        let words = self.tokens.get(self.name.clone()).unwrap_or_default();
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
        let next = self.token(self.name.end);
        let upper = [first, last].iter().filter(|token| token.shape == Shape::Upper).count();
        let said = [
            (true, key!("always")),
            (self.surname_first, key!("turned")),
            (upper == 2, key!("capitals")),
            (upper == 1, key!("mixed")),
            (words.iter().skip(1).any(|word| word.gap == Gap::Comma), key!("comma")),
            (words.len() == 1, key!("alone")),
            (first.opens, key!("opens")),
            (first.lines > 0 && next.is_none_or(|next| next.lines > 0), key!("line")),
        ];
        said.iter().filter(|(is, _)| *is).for_each(|(_, kind)| each(follow(key!("written"), *kind)));
        each(follow(key!("gap"), gap(first)));
        each(follow(key!("end"), next.map_or(key!("nothing"), gap)));
    }

    /// The words before the name, up to where its sentence starts.
    fn left(&self, each: &mut dyn FnMut(u64)) {
        let start = self.name.start;
        let (one, two) = (start.wrapping_sub(1), start.wrapping_sub(2));
        each(self.word(key!("before"), one));
        each(self.word(key!("second"), two));
        each(self.words(key!("both"), two, one));
        self.kinds(key!("just"), one, each);
        let mut parted = false;
        for back in 1..=REACH {
            let Some(at) = start.checked_sub(back) else { break };
            // What opens after this word ends the sentence that it is in.
            if self.token(at + 1).is_some_and(|next| next.opens || next.gap == Gap::Blank) {
                break;
            }
            let Some(token) = self.token(at) else { break };
            parted |= self.names_someone(at);
            let place = if parted { key!("far") } else { key!("left") };
            each(self.word(place, at));
            self.kinds(if parted { key!("farther") } else { key!("lefts") }, at, each);
            if back <= 3 && is_long(token) {
                each(self.ending(key!("leftend"), at));
            }
        }
    }

    /// The words right after it.
    fn after(&self, each: &mut dyn FnMut(u64)) {
        let end = self.name.end;
        if self.token(end).is_some_and(|next| !next.opens || next.gap == Gap::Other) {
            each(self.word(key!("after"), end));
            each(self.word(key!("then"), end + 1));
            each(self.words(key!("pair"), end, end + 1));
            self.kinds(key!("next"), end, each);
        }
    }

    /// The words after it, to the end of the sentence; those set off right after it by a comma or brackets are told apart.
    fn right(&self, each: &mut dyn FnMut(u64)) {
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
                (true, _) => (key!("aside"), key!("asides")),
                (_, false) => (key!("right"), key!("rights")),
                _ => (key!("beyond"), key!("beyonds")),
            };
            each(self.word(place, at));
            self.kinds(kinds, at, each);
            if at < end + 4 && is_long(token) {
                each(self.ending(key!("rightend"), at));
            }
        }
    }

    /// Whether a word is someone's given name.
    fn names_someone(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| token.is_capital() && token.own.any(GIVEN))
            && self.class(at).is_some()
    }

    /// Who else is named in the sentence, and what parts them.
    fn others(&self, sentence: &Range<usize>, each: &mut dyn FnMut(u64)) {
        let named = |at: &usize| {
            self.token(*at).is_some_and(|token| token.is_capital() && token.own.any(GIVEN))
                && !self.name.contains(at)
                && self.token(at + 1).is_some_and(|next| next.is_capital())
        };
        let before = (sentence.start..self.name.start).rev().find(named);
        let after = (self.name.end..sentence.end).find(named);
        each(follow(
            key!("others"),
            match (before, after) {
                (None, None) => key!("nobody"),
                (Some(_), None) => key!("earlier"),
                (None, Some(_)) => key!("later"),
                _ => key!("around"),
            },
        ));
        if let Some(before) = before {
            let near = before + 2..self.name.start;
            if near.len() < 6 {
                let words = near.filter(|at| self.token(*at).is_some_and(|token| !token.is_capital()));
                for at in words {
                    each(self.word(key!("since"), at));
                }
            }
        }
    }

    /// How the next sentence goes on.
    fn next(&self, start: usize, each: &mut dyn FnMut(u64)) {
        each(self.word(key!("onward"), start));
        for at in start..start + 8 {
            if self.token(at).is_none_or(|token| at > start && token.opens) {
                break;
            }
            self.kinds(key!("onwards"), at, each);
        }
    }

    /// The words of the line before the colon that the name follows, and those that start its line.
    fn label(&self, each: &mut dyn FnMut(u64)) {
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
        each(self.word(key!("line"), words.start));
        let colon = words
            .clone()
            .skip(1)
            .chain([start])
            .rfind(|at| self.token(*at).is_some_and(|t| t.gap == Gap::Label));
        let Some(colon) = colon else { return };
        for at in words.start..colon {
            each(self.word(key!("label"), at));
            self.kinds(key!("labels"), at, each);
        }
    }

    /// What leads the list of names that this one stands in.
    fn led(&self, each: &mut dyn FnMut(u64)) {
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
            each(follow(key!("lead"), key!("list")));
        }
        let Some(token) = self.token(first).filter(|token| !token.opens && token.gap != Gap::Blank) else {
            each(follow(key!("lead"), key!("nothing")));
            return;
        };
        let lead = first.wrapping_sub(1);
        each(self.word(key!("lead"), lead));
        self.kinds(key!("leads"), lead, each);
        each(follow(key!("leadgap"), gap(token)));
        each(self.words(key!("leadpair"), lead.wrapping_sub(1), lead));
    }

    /// What comes after that list: `Jean Roy et Ann Lee rencontreront`.
    fn trailed(&self, each: &mut dyn FnMut(u64)) {
        let end = self.name.end;
        let open = |at: &usize| self.token(*at).is_some_and(|token| !token.opens);
        let trail = end + (end..end + LIST).take_while(|at| self.is_listed(*at) && open(at)).count();
        if !open(&trail) {
            each(follow(key!("trail"), key!("nothing")));
            return;
        }
        each(self.word(key!("trail"), trail));
        self.kinds(key!("trails"), trail, each);
        let is_verb = |token: &Token| !token.opens && token.shape == Shape::Lower && token.len() > SMALL;
        if let Some(verb) = (trail..trail + 4).find(|at| self.token(*at).is_some_and(is_verb)) {
            each(self.word(key!("verb"), verb));
            each(self.ending(key!("verbend"), verb));
        }
    }

    /// Whether a word is part of a list of names: names, particles, titles, `et`.
    fn is_listed(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| {
            let joins = token.gap == Gap::Space && AND.contains(&token.key);
            let lower = token.own.any(PARTICLE) && token.shape == Shape::Lower;
            let upper = token.shape == Shape::Upper && matches!(token.gap, Gap::Comma | Gap::Hyphen);
            joins || lower || upper || token.own.any(TITLE) || self.class(at) == Some(NAME)
        })
    }

    /// The words of the line with a colon above the lines that the name is in.
    fn heading(&self, each: &mut dyn FnMut(u64)) {
        let start = self.name.start;
        let starts = |at: &usize| self.token(*at).is_some_and(|token| token.lines > 0) || *at == 0;
        let Some(line) = (start.saturating_sub(INDENT)..=start).rev().find(starts) else { return };
        let above = (line.saturating_sub(ABOVE) + 1..=line).rev();
        let inside = |at: &usize| *at == line || self.token(*at).is_some_and(|token| token.gap != Gap::Blank);
        let headed =
            |at: &usize| self.token(*at).is_some_and(|token| token.gap == Gap::Label && token.lines > 0);
        let Some(under) = above.take_while(inside).find(headed) else { return };
        for at in (under.saturating_sub(HEADING)..under).rev() {
            each(self.word(key!("heading"), at));
            self.kinds(key!("headings"), at, each);
            if self.token(at).is_none_or(|token| token.lines > 0 || token.opens) {
                break;
            }
        }
    }

    /// The kinds that a word is of.
    fn kinds(&self, place: u64, at: usize, each: &mut dyn FnMut(u64)) {
        let Some(token) = self.token(at) else { return };
        let mut of = token.ends | token.own;
        for (tags, kind) in KINDS {
            if !of.any(ANY_KIND) {
                break;
            }
            if of.any(tags) {
                each(follow(place, kind));
                of = of.without(tags);
            }
        }
    }
}

/// Whether the ending of a word is a clue.
fn is_long(token: &Token) -> bool {
    token.shape == Shape::Lower && token.len() >= LONG
}

/// What parts a word from the one before.
fn gap(token: &Token) -> u64 {
    match token.gap {
        _ if token.lines > 1 => key!("blank"),
        Gap::Label => key!("colon"),
        _ if token.lines > 0 => key!("newline"),
        Gap::Comma => key!("comma"),
        Gap::Stop => key!("stop"),
        Gap::Other => key!("mark"),
        Gap::Space => key!("space"),
        Gap::Apostrophe => key!("elided"),
        _ => key!("else"),
    }
}
