//! What stands around a match, and what it says of it: words, headers, letters of names, addresses, other digits.

use std::ops::Range;

use super::expiry::{Expiry, expiry};
use super::telling::telling;
use super::weigh;
use crate::detect::about::ANOTHER;
use crate::detect::candidate::Candidate;
use crate::detect::columns::Headings;
use crate::detect::labels::Voice;
use crate::detect::prepared::Prepared;
use crate::detect::rules::Rule;
use crate::detect::validators::told_as;
use crate::model::{Boundary, Region};

/// Bits of a value that starts with an everyday word.
const STOP_WORD: f32 = -10.0;
/// Bits when no date follows the word: a word is then as likely four letters of names.
const BARE_STOP_WORD: f32 = -3.0;
/// A label that reaches this far looks beyond its own block.
const FAR: usize = 200;
/// Longest heading of a typed column.
const HEADING: usize = 40;
/// Most words of one.
const WORDS: usize = 5;

/// Where the words stand that speak for a match, or against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// In the text around it.
    InWords,
    /// In the header of its column.
    ByHeader,
    /// In the heading of its column in a table typed as text, where digits of other columns stand beside it.
    ByTypedHeading,
}

/// How far down the text a subject tells what a value is.
const UNDER_SUBJECT: usize = 600;
/// Longest cell that names a place, and how many cells off it is looked for.
const HALF: usize = 60;
const BESIDE: usize = 12;
/// How far after a number its expiry is read, in bytes.
const EXPIRY: usize = 48;
/// What an expiry after a card says, and when.
type ExpiryFact = (&'static str, fn(Expiry) -> bool);
const FACTS: [ExpiryFact; 2] =
    [("expires", |until| until.marked || until.coded), ("code", |until| until.coded)];

/// Reads what stands around matches in a message.
pub struct Surroundings<'a> {
    prepared: &'a Prepared<'a>,
    headings: Headings,
}

impl<'a> Surroundings<'a> {
    pub fn of(prepared: &'a Prepared<'a>) -> Self {
        Self { prepared, headings: Headings::default() }
    }

    /// Weighs it all.
    pub fn weigh(&mut self, rule: &Rule, candidate: &mut Candidate, floor: usize) {
        let (block, span) = (candidate.block, candidate.span.clone());
        let text = self.prepared.text(block);
        if rule.is_told() {
            self.tell(rule, candidate);
        }
        let voice = if rule.is_told() { None } else { self.voice(rule, block, &span, floor) };
        let voice = voice.map(|(voice, told)| (voice.whole(|| self.is_placed(rule, block, &span)), told));
        let typed = matches!(voice, Some((Voice::For(_), Told::ByTypedHeading)));
        let numbered =
            matches!(&voice, Some((Voice::For(word), Told::InWords)) if ends_in_figures(text, &span, word));
        match voice {
            Some((Voice::For(_), _)) if founded(&rule.founded, text, &span) => {}
            Some((Voice::For(_), Told::InWords)) if is_called_otherwise(rule, text, &span) => {
                weigh(rule, candidate, "decoy", told_as(ANOTHER));
            }
            Some((Voice::For(word), Told::InWords)) => {
                weigh(rule, candidate, "label", format!("label {word}"));
            }
            Some((Voice::For(word), _)) => weigh(rule, candidate, "column", format!("column header {word}")),
            Some((Voice::Against(_), Told::InWords)) if self.about(rule, candidate) => {}
            Some((Voice::Against(word), _)) => {
                let fact = if is_someones(text, &span) { "decoy_of" } else { "decoy" };
                let fact = if rule.evidence.contains_key(fact) { fact } else { "decoy" };
                weigh(rule, candidate, fact, format!("context {word}"));
            }
            Some((Voice::Half(_), _)) | None => _ = self.about(rule, candidate),
        }
        self.letters(rule, candidate);
        let in_file_name =
            self.prepared.blocks.get(block).is_some_and(|block| block.region == Region::FileName);
        if !in_file_name && in_token(text, &span) {
            weigh(rule, candidate, "in_token", told_as("in_token"));
        }
        let expires = expires(rule, candidate, text);
        if !typed && !numbered && beside_digits(text, &span, expires) {
            weigh(rule, candidate, "beside_digits", told_as("beside_digits"));
        }
    }

    /// Weighs what the message around a match without a label is about; says whether something speaks for it, and nothing against.
    fn about(&self, rule: &Rule, candidate: &mut Candidate) -> bool {
        let (block, span) = (candidate.block, candidate.span.clone());
        let is_cell = self.prepared.blocks.get(block).is_some_and(|block| block.cell.is_some());
        let Some(about) = rule.about.as_ref().filter(|_| !is_cell) else { return false };
        let subject = self.subject(block).unwrap_or_default();
        let (text, span) = self.neighbourhood(block, &span, about.near());
        let facts = about.facts(&text, &span, subject);
        for fact in &facts {
            weigh(rule, candidate, fact, told_as(fact));
        }
        !facts.contains(&ANOTHER)
    }

    /// The subject of the message that a block is of.
    fn subject(&self, block: usize) -> Option<&str> {
        let above = self.prepared.blocks.get(..block)?;
        let subject = above.iter().rposition(|above| above.region == Region::Subject)?;
        Some(self.prepared.text(subject))
    }

    /// Weighs what is said around a secret, in the heading of its column or the subject too.
    fn tell(&self, rule: &Rule, candidate: &mut Candidate) {
        let (block, span) = (candidate.block, candidate.span.clone());
        let header = self.prepared.header(block);
        let above = header.or_else(|| self.subject_over(block).filter(|_| span.start < UNDER_SUBJECT));
        for fact in telling(&rule.labels, self.prepared.text(block), &span, above.unwrap_or_default()) {
            weigh(rule, candidate, fact, told_as(fact));
        }
    }

    /// Whether what makes half a label speak stands elsewhere: around the text this one was decoded from, over the column, in
    /// the record, in the subject.
    fn is_placed(&mut self, rule: &Rule, block: usize, span: &Range<usize>) -> bool {
        let (prepared, labels) = (self.prepared, &rule.labels);
        let (block, span) = match prepared.blocks.get(block).and_then(|block| block.within.as_ref()) {
            Some((parent, run)) => (*parent, run),
            None => (block, span),
        };
        let text = prepared.text(block);
        let typed = self
            .headings
            .over(block, text, span.start)
            .is_some_and(|heading| labels.completes(heading.words));
        let beside = |other: &usize| {
            let size = prepared.text(*other).len();
            size <= HALF && prepared.is_one_record(block, *other) && labels.completes(prepared.text(*other))
        };
        typed
            || labels.is_placed(text, span)
            || prepared.header(block).is_some_and(|header| labels.completes(header))
            || self.subject_over(block).is_some_and(|subject| labels.completes(subject))
            || (block.saturating_sub(BESIDE)..=block + BESIDE).any(|other| beside(&other))
    }

    /// Weighs letters that may be a word and no part of a number.
    fn letters(&self, rule: &Rule, candidate: &mut Candidate) {
        if rule.stop_words.is_empty() {
            return;
        }
        let value = candidate.value.reveal();
        let written = self.prepared.text(candidate.block).get(candidate.span.clone()).unwrap_or_default();
        // the last word of a line, then the number that opens the next
        let parted = written.contains(['\n', ':']);
        // `Room 1109-1110`: letters of names are written in capitals
        let cased = written.bytes().take(4).any(|letter| letter.is_ascii_lowercase());
        let dated = value.get(4..6).is_some_and(|century| matches!(century, "19" | "20"));
        let is_word = rule.stop_words.iter().any(|word| value.starts_with(word.as_str()));
        if is_word || written.contains('\n') && cased {
            let bits = if dated || parted || cased { STOP_WORD } else { BARE_STOP_WORD };
            candidate.add("starts with a word", bits);
        }
    }

    /// What the words around a match say, and which words.
    fn voice(
        &mut self,
        rule: &Rule,
        block: usize,
        span: &Range<usize>,
        floor: usize,
    ) -> Option<(Voice, Told)> {
        if rule.labels.are_none() {
            return None;
        }
        let text = self.prepared.text(block);
        if rule.labels.reach() >= FAR {
            let (text, span) = self.neighbourhood(block, span, rule.labels.reach());
            return rule.labels.around(&text, &span, 0).map(|voice| (voice, Told::InWords));
        }
        let typed = self.headings.over(block, text, span.start);
        if let Some(heading) = typed.filter(|heading| is_short(heading.words)) {
            // What a column holds is told by its own heading, not by the one that stands nearer; two spaces part sentences too.
            let voice = rule.labels.of_label(heading.words);
            if let Some(voice) = voice.filter(|voice| !heading.aligned || !matches!(voice, Voice::Against(_)))
            {
                let said = own_field(text, heading.field, span)
                    .and_then(|(own, span)| rule.labels.around(own, &span, 0));
                return Some(said.map_or((voice, Told::ByTypedHeading), |said| (said, Told::InWords)));
            }
        }
        if let Some(voice) = rule.labels.around(text, span, floor) {
            return Some((voice, Told::InWords));
        }
        if let Some(voice) = self.prepared.header(block).and_then(|header| rule.labels.of_label(header)) {
            return Some((voice, Told::ByHeader));
        }
        if let Some(voice) = typed.and_then(|heading| rule.labels.of_label(heading.words)) {
            return Some((voice, Told::ByTypedHeading));
        }
        let opens = text.get(..span.start).is_some_and(|before| before.trim().len() <= 3);
        if !opens {
            return None;
        }
        let said = self.before(rule, block).or_else(|| rule.labels.of_label(self.subject_over(block)?));
        said.map(|voice| (voice, Told::InWords))
    }

    /// The subject, when a block is the first text below it.
    fn subject_over(&self, block: usize) -> Option<&str> {
        let above =
            self.prepared.blocks.get(..block)?.iter().rposition(|above| above.region != Region::Header)?;
        let is_subject = self.prepared.blocks.get(above)?.region == Region::Subject;
        is_subject.then(|| self.prepared.text(above))
    }

    /// What stands right before a block: the text it was decoded from, the cell on its left, a short block.
    fn before(&self, rule: &Rule, block: usize) -> Option<Voice> {
        let this = self.prepared.blocks.get(block)?;
        if let Some((parent, run)) = &this.within {
            let own = rule.labels.around(self.prepared.text(*parent), run, 0);
            return own.or_else(|| self.before(rule, *parent));
        }
        let previous = block.checked_sub(1)?;
        let label = self.prepared.text(previous);
        let speaks = this.boundary != Boundary::Part
            && this.boundary != Boundary::Row
            && label.bytes().filter(u8::is_ascii_digit).count() <= 3;
        speaks.then(|| rule.labels.of_label(label)).flatten()
    }

    /// A match with the text of its neighbours: a link's words stand outside of it.
    fn neighbourhood(&self, block: usize, span: &Range<usize>, reach: usize) -> (String, Range<usize>) {
        let part = |index: usize| {
            self.prepared
                .blocks
                .get(index)
                .and_then(|block| self.prepared.segments.get(block.segment))
                .map(|segment| &segment.place)
        };
        let here = part(block);
        let same = |index: &usize| part(*index) == here;
        let mut before = Vec::new();
        let mut size = 0;
        for index in (0..block).rev().take(24).take_while(|index| span.start < reach && same(index)) {
            size += self.prepared.text(index).len();
            before.push(self.prepared.text(index));
            if size > reach {
                break;
            }
        }
        let own = self.prepared.text(block);
        let from = own.floor_char_boundary(span.start.saturating_sub(reach));
        let to = own.ceil_char_boundary((span.end + reach).min(own.len()));
        let mut text = String::new();
        for earlier in before.iter().rev() {
            let from = earlier.ceil_char_boundary(earlier.len().saturating_sub(reach));
            text.push_str(earlier.get(from..).unwrap_or_default());
            text.push(' ');
        }
        let base = text.len();
        text.push_str(own.get(from..to).unwrap_or_default());
        for index in (block + 1..block + 25).take_while(|index| to == own.len() && same(index)) {
            let later = self.prepared.text(index);
            text.push(' ');
            text.push_str(later.get(..later.floor_char_boundary(reach)).unwrap_or_default());
            if text.len() > base + 2 * reach {
                break;
            }
        }
        (text, base + span.start - from..base + span.end - from)
    }
}

/// Weighs an expiry and a code after a match, and says whether what follows is one: four digits may be for a card alone.
fn expires(rule: &Rule, candidate: &mut Candidate, text: &str) -> bool {
    let end = candidate.span.end;
    let after = text.get(end..text.ceil_char_boundary((end + EXPIRY).min(text.len()))).unwrap_or_default();
    let Some(until) = expiry(after) else { return false };
    for fact in FACTS.iter().filter(|(_, stands)| stands(until)).map(|(fact, _)| *fact) {
        weigh(rule, candidate, fact, told_as(fact));
    }
    until.marked || rule.evidence.contains_key("expires")
}

/// Whether a match stands inside an address (URL, e-mail) or a dashed hexadecimal identifier.
fn in_token(text: &str, span: &Range<usize>) -> bool {
    let from = text.floor_char_boundary(span.start.saturating_sub(256));
    let before = text.get(from..span.start).unwrap_or_default();
    let before =
        before.get(before.bytes().rposition(ends_token).map_or(0, |at| at + 1)..).unwrap_or_default();
    let to = text.ceil_char_boundary((span.end + 256).min(text.len()));
    let after = text.get(span.end..to).unwrap_or_default();
    let after = after.get(..after.bytes().position(ends_token).unwrap_or(after.len())).unwrap_or_default();
    let address = before.contains("://")
        || before.starts_with("www.")
        || after.starts_with('@')
        || (before.ends_with('@') && after.starts_with('.'));
    let hexadecimal = |side: &str| side.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let dashes = || before.bytes().chain(after.bytes()).filter(|byte| *byte == b'-').count();
    address || before.len() + after.len() >= 6 && hexadecimal(before) && hexadecimal(after) && dashes() >= 2
}

/// `PID-7 19540803`: whether the label right before a match ends in a figure, which is then no part of the number.
fn ends_in_figures(text: &str, span: &Range<usize>, label: &str) -> bool {
    let before = text.get(..span.start).unwrap_or_default().trim_end();
    let own = before.len().checked_sub(label.len()).and_then(|start| before.get(start..));
    label.ends_with(|last: char| last.is_ascii_digit())
        && own.is_some_and(|own| own.eq_ignore_ascii_case(label))
}

/// Whether the noun right before a match calls it something that the rule does not look for.
fn is_called_otherwise(rule: &Rule, text: &str, span: &Range<usize>) -> bool {
    rule.about.as_ref().is_some_and(|about| about.is_called_otherwise(text, span))
}

/// Whether a heading is one: a few words, and no sentence.
fn is_short(heading: &str) -> bool {
    heading.len() <= HEADING
        && heading.split(' ').count() <= WORDS
        && !heading.ends_with(['.', '!', '?', ','])
}

/// A match within its own field of a line, and that field up to the end of the line.
fn own_field<'t>(text: &'t str, start: usize, span: &Range<usize>) -> Option<(&'t str, Range<usize>)> {
    let span = span.start.checked_sub(start)?..span.end.checked_sub(start)?;
    let own = text.get(start..)?;
    let end = own.find('\n').map_or(own.len(), |end| end.max(span.end));
    Some((own.get(..end)?, span))
}

/// `La facture de TREM 0412 1925`: whether a number stands for someone, by the word right before it, and no thing is numbered.
fn is_someones(text: &str, span: &Range<usize>) -> bool {
    let from = text.floor_char_boundary(span.start.saturating_sub(BEFORE));
    let before = text.get(from..span.start).and_then(|before| before.strip_suffix(' ')).unwrap_or_default();
    let word = before.rsplit([' ', '\n', '\'']).next().unwrap_or_default();
    WHOSE.iter().any(|whose| word.eq_ignore_ascii_case(whose))
}

/// Words after which a number stands for a person.
const WHOSE: [&str; 19] = [
    "de",
    "a",
    "pour",
    "chez",
    "of",
    "for",
    "to",
    "usager",
    "usagere",
    "patient",
    "patiente",
    "client",
    "cliente",
    "resident",
    "residente",
    "madame",
    "monsieur",
    "mme",
    "m.",
];

/// `Le CISSS des Laurentides est né le …`: whether an organisation, and nobody else, is what the sentence says was born.
fn founded(organisations: &[String], text: &str, span: &Range<usize>) -> bool {
    if organisations.is_empty() {
        return false;
    }
    let from = text.floor_char_boundary(span.start.saturating_sub(BEFORE * 3));
    let before = text.get(from..span.start).unwrap_or_default();
    let sentence = before.rsplit(['\n', ';', '!', '?', ',', ':', '(']).next().unwrap_or_default();
    let sentence = sentence.rsplit(". ").next().unwrap_or_default();
    let is = |word: &str, list: &[&str]| list.iter().any(|it| word.eq_ignore_ascii_case(it));
    let mut words: Vec<&str> = sentence.split([' ', '\'']).filter(|word| !word.is_empty()).collect();
    words.pop_if(|word| is(word, &["le", "on", "en", "in"]));
    let born = words.pop_if(|word| is(word, &["ne", "nee", "born"])).is_some()
        && words.pop_if(|word| is(word, &["est", "etait", "fut", "is", "was"])).is_some();
    let noun = words.iter().find(|word| !is(word, &ARTICLES));
    let named = noun.is_some_and(|noun| organisations.iter().any(|it| noun.eq_ignore_ascii_case(it)));
    born && named && words.len() <= NAMED_BY && !words.iter().any(|word| is(word, &SOMEONE))
}

/// Most words of the name of an organisation, its article included.
const NAMED_BY: usize = 7;
/// Words that bring someone else into the sentence.
const SOMEONE: [&str; 16] = [
    "que", "qui", "ou", "dont", "quand", "that", "who", "when", "m.", "mme", "madame", "monsieur", "patient",
    "patiente", "usager", "usagere",
];
const ARTICLES: [&str; 10] = ["le", "la", "l", "notre", "votre", "ce", "cet", "cette", "the", "our"];

/// Bytes looked at before a match.
const BEFORE: usize = 40;

/// What parts an address or an identifier from the text around it: folded text has no other space.
fn ends_token(byte: u8) -> bool {
    let mark = matches!(
        byte,
        b',' | b';' | b'|' | b'"' | b'\'' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}'
    );
    mark || byte.is_ascii_whitespace()
}

/// Whether a digit stands one separator away from a match; an expiry is no part of the number before it.
fn beside_digits(text: &str, span: &Range<usize>, expires: bool) -> bool {
    let digit_beyond = |mark: Option<&u8>, beyond: Option<&u8>| {
        matches!(mark, Some(b'-' | b'.' | b'/' | b' ')) && beyond.is_some_and(u8::is_ascii_digit)
    };
    let before = |back: usize| span.start.checked_sub(back).and_then(|at| text.as_bytes().get(at));
    let after = |on: usize| text.as_bytes().get(span.end + on);
    digit_beyond(before(1), before(2)) || !expires && digit_beyond(after(0), after(1))
}
