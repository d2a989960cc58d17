//! Runs the rules over prepared text. Text without digits or anchor words is never shown to a pattern.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use jiff::civil::Date;

use super::candidate::Candidate;
use super::columns::Headings;
use super::digits::{Digits, Need, Window};
use super::labels::Voice;
use super::lexicon::is_whole;
use super::openers::openers;
use super::prepared::Prepared;
use super::rules::Rule;
use super::validators::{Found, Proof, told_as};
use crate::model::{Boundary, Kind, Masked, Region};

/// What a window shows around an anchor word.
const ANCHOR_LEAD: usize = 96;
const ANCHOR_TAIL: usize = 2048;
/// Most candidates of one rule in a message: more would change no verdict.
const MOST: usize = 10_000;
/// Bits of a value that starts with an everyday word.
const STOP_WORD: f32 = -10.0;
/// Bits when no date follows the word: a word is then as likely four letters of names.
const BARE_STOP_WORD: f32 = -3.0;
/// Longest text that names what the cell below or the text after it holds.
const HEADING: usize = 120;
/// How far into a text whose heading holds an anchor the rule is tried.
const ANNOUNCED: usize = 256;
/// How far after a decoded run its anchor may stand.
const AFTER_RUN: usize = 32;
/// How far around a person, and over how many cells of a row, more is looked for.
const LINES: usize = 240;
const CELLS: usize = 40;
/// A label that reaches this far looks beyond its own block.
const FAR: usize = 200;

/// Every rule, ready to run.
#[derive(Debug)]
pub struct Rules {
    rules: Vec<Rule>,
    /// The rules that start from digits.
    counted: Vec<Counted>,
    /// Fewest bytes of a match, by rule.
    shortest: Vec<usize>,
    /// The words that rules start from, and those that open the matches of rules that start from digits.
    words: AhoCorasick,
    /// Whose each word is.
    owners: Vec<Owner>,
}

/// A rule that starts from digits.
#[derive(Debug)]
struct Counted {
    rule: usize,
    /// Fewest digits of a window.
    digits: usize,
    /// What it asks of digits, when its pattern tells.
    need: Option<Need>,
    /// Whether one of a few words opens each of its matches.
    opened: bool,
    /// Whether it wants a column of its own.
    columned: bool,
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
struct Words {
    /// The rule and the place of each anchor.
    anchors: Vec<(usize, Range<usize>)>,
    /// Where words begin that open the matches of a rule, in order.
    openers: HashMap<usize, Vec<usize>>,
    /// The rules for which a column may speak here.
    headers: Vec<usize>,
}

impl Words {
    /// Whether a match of a rule may begin in a stretch.
    fn open(&self, rule: usize, place: &Range<usize>) -> bool {
        self.openers.get(&rule).is_some_and(|starts| {
            let first = starts.partition_point(|start| *start < place.start);
            starts.get(first).is_some_and(|start| *start < place.end)
        })
    }
}

impl Rules {
    /// Prepares rules to be run together.
    ///
    /// # Panics
    /// Never for words below the 2^31 states of the automaton; a rule file has at most 1 MiB.
    #[must_use]
    pub fn new(rules: Vec<Rule>) -> Self {
        let mut words: Vec<(Owner, String)> = Vec::new();
        let mut counted = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            words.extend(rule.anchors.iter().map(|word| (Owner::Anchor(index), word.clone())));
            if rule.columns_only {
                words.extend(rule.context.words.iter().map(|word| (Owner::Header(index), word.clone())));
            }
            if rule.digits > 0 {
                let openers = openers(rule.pattern.as_str());
                let need = Need::of(rule.pattern.as_str());
                counted.push(Counted {
                    rule: index,
                    digits: rule.digits,
                    need,
                    opened: openers.is_some(),
                    columned: rule.columns_only,
                });
                words.extend(openers.into_iter().flatten().map(|word| (Owner::Opener(index), word)));
            }
        }
        let shortest = rules.iter().map(|rule| shortest(rule.pattern.as_str())).collect();
        let owners = words.iter().map(|(owner, _)| *owner).collect();
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words.iter().map(|(_, word)| word))
            .expect("the words of rules stay far below the automaton's limits");
        Self { rules, counted, shortest, words, owners }
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Every candidate that a rule proposes in a message.
    #[must_use]
    pub fn candidates(&self, prepared: &Prepared<'_>, today: Date) -> Vec<Candidate> {
        let mut scan = Scan::new(self, prepared, today);
        for block in 0..prepared.blocks.len() {
            let words = self.words(prepared.text(block));
            scan.digits(block, &words);
            scan.anchors(block, &words);
        }
        self.several(&mut scan.found);
        scan.found
    }

    /// What else is told of the persons already found, on their lines: telephone, address, e-mail.
    #[must_use]
    pub fn beside(&self, prepared: &Prepared<'_>, persons: &[Candidate], today: Date) -> Vec<Candidate> {
        let rules: Vec<usize> =
            (0..).zip(&self.rules).filter(|(_, rule)| rule.beside_person).map(|(index, _)| index).collect();
        let mut scan = Scan::new(self, prepared, today);
        let mut before = (usize::MAX, 0);
        for person in persons.iter().filter(|person| tells_someone(person)) {
            for (block, line) in lines_of(prepared, person) {
                if before.0 == block && line.end <= before.1 {
                    continue;
                }
                before = (block, line.end);
                for rule in &rules {
                    scan.search(*rule, block, std::iter::once(line.clone()));
                }
            }
        }
        scan.found
    }

    /// The words of rules in a text.
    fn words(&self, text: &str) -> Words {
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

    /// Weighs that a message holds many different values of one rule.
    fn several(&self, found: &mut [Candidate]) {
        for rule in self.rules.iter().filter(|rule| rule.several > 0) {
            let own = || found.iter().filter(|candidate| candidate.rule == rule.id);
            let values: HashSet<&str> = own().map(|candidate| candidate.value.reveal()).collect();
            if values.len() >= rule.several {
                for candidate in found.iter_mut().filter(|candidate| candidate.rule == rule.id) {
                    weigh(rule, candidate, "several", told_as("several"));
                }
            }
        }
    }
}

/// Whether a candidate names or numbers a person well enough for what stands beside it to be theirs.
fn tells_someone(candidate: &Candidate) -> bool {
    let kind = |kind: Kind| {
        kind == Kind::Nam || kind == Kind::PatientName || kind == Kind::Nas || kind == Kind::HealthCardOther
    };
    candidate.kind.is_some_and(kind) && candidate.bits() >= 0.0
}

/// The line a candidate stands on with the two after it, or the cells of its row.
fn lines_of(prepared: &Prepared<'_>, candidate: &Candidate) -> Vec<(usize, Range<usize>)> {
    let block = candidate.block;
    if prepared.blocks.get(block).is_some_and(|block| block.cell.is_some()) {
        let cells = prepared.row(block).take(CELLS);
        return cells.map(|cell| (cell, 0..prepared.text(cell).len().min(LINES))).collect();
    }
    let text = prepared.text(block);
    let from = text.floor_char_boundary(candidate.span.start.saturating_sub(LINES));
    let start = text
        .get(from..candidate.span.start)
        .and_then(|before| before.rfind('\n'))
        .map_or(from, |at| from + at + 1);
    let to = text.ceil_char_boundary((candidate.span.end + LINES).min(text.len()));
    let after = text.get(candidate.span.end..to).unwrap_or_default();
    let end = after.match_indices('\n').nth(2).map_or(to, |(at, _)| candidate.span.end + at);
    vec![(block, start..end)]
}

struct Scan<'a> {
    rules: &'a Rules,
    prepared: &'a Prepared<'a>,
    today: Date,
    found: Vec<Candidate>,
    /// Candidates so far, by rule.
    counts: Vec<usize>,
    /// Rules of which a short text holds an anchor, by block: it may name what the next text or the cells below hold.
    announced: HashMap<usize, Vec<usize>>,
    headings: Headings,
}

impl<'a> Scan<'a> {
    fn new(rules: &'a Rules, prepared: &'a Prepared<'a>, today: Date) -> Self {
        let counts = vec![0; rules.rules.len()];
        Self {
            rules,
            prepared,
            today,
            found: Vec::new(),
            counts,
            announced: HashMap::new(),
            headings: Headings::default(),
        }
    }

    fn digits(&mut self, block: usize, words: &Words) {
        let (rules, text) = (self.rules, self.prepared.text(block));
        let digits = Digits::of(text);
        for window in digits.windows(text) {
            for counted in &rules.counted {
                if window.digits >= counted.digits && self.may_be_shown(counted, block, words) {
                    self.counted(counted, block, &window, words);
                }
            }
        }
    }

    /// Whether a rule that wants a column may find one in a block; any other may be shown all.
    fn may_be_shown(&self, counted: &Counted, block: usize, words: &Words) -> bool {
        if !counted.columned {
            return true;
        }
        match self.prepared.header(block).zip(self.rules.rules.get(counted.rule)) {
            Some((header, rule)) => rule.labels.of_label(header).is_some(),
            None => words.headers.contains(&counted.rule),
        }
    }

    /// Tries a rule that starts from digits in a window of them.
    fn counted(&mut self, counted: &Counted, block: usize, window: &Window<'_>, words: &Words) {
        let Counted { rule, need, opened, .. } = counted;
        let may_open = |place: &Range<usize>| !opened || words.open(*rule, place);
        match need {
            _ if !may_open(&window.span) => {}
            None => _ = self.search(*rule, block, std::iter::once(window.span.clone())),
            Some(need) => _ = self.search(*rule, block, need.places(window).filter(may_open)),
        }
    }

    fn anchors(&mut self, block: usize, words: &Words) {
        let text = self.prepared.text(block);
        let mut windows: Vec<(usize, Range<usize>)> = Vec::new();
        for index in self.awaited(block) {
            let end = text.ceil_char_boundary(text.len().min(ANNOUNCED));
            let reached = self.search(index, block, std::iter::once(0..end));
            windows.push((index, reached..reached));
        }
        for (index, hit) in &words.anchors {
            let index = *index;
            if text.len() <= HEADING {
                self.announced.entry(block).or_default().push(index);
            }
            let start = text.floor_char_boundary(hit.start.saturating_sub(ANCHOR_LEAD));
            let end = text.ceil_char_boundary((hit.end + ANCHOR_TAIL).min(text.len()));
            match windows.iter_mut().find(|(rule, _)| *rule == index) {
                None => windows.push((index, start..end)),
                Some((_, window)) if start <= window.end => window.end = end,
                Some((_, window)) => {
                    let before = std::mem::replace(window, start..end);
                    self.search(index, block, std::iter::once(before));
                }
            }
        }
        windows.sort_by_key(|(index, _)| *index);
        for (index, window) in windows {
            self.search(index, block, std::iter::once(window));
        }
    }

    /// Rules of which the header over a cell, the short text before a block, or the text around a decoded run holds an anchor.
    fn awaited(&self, block: usize) -> Vec<usize> {
        let Some(this) = self.prepared.blocks.get(block) else { return Vec::new() };
        let (header, before) = (self.prepared.over(block), block.checked_sub(1));
        let mut rules: Vec<usize> = [header, before.filter(|_| this.within.is_none())]
            .into_iter()
            .flatten()
            .filter_map(|heading| self.announced.get(&heading))
            .flatten()
            .copied()
            .collect();
        if let Some((parent, run)) = &this.within {
            let text = self.prepared.text(*parent);
            let start = text.floor_char_boundary(run.start.saturating_sub(ANCHOR_LEAD));
            let end = text.ceil_char_boundary((run.end + AFTER_RUN).min(text.len()));
            let words = self.rules.words(text.get(start..end).unwrap_or_default());
            rules.extend(words.anchors.iter().map(|(rule, _)| *rule));
        }
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// Tries a rule all over some stretches, in order; says where its last match ended.
    fn search(&mut self, index: usize, block: usize, places: impl Iterator<Item = Range<usize>>) -> usize {
        let text = self.prepared.text(block);
        let Some(rule) = self.rules.rules.get(index) else { return 0 };
        let shortest = self.rules.shortest.get(index).copied().unwrap_or(0);
        let mut floor = 0;
        for place in places {
            let mut at = place.start.max(floor);
            let Some(shown) = text.get(..place.end) else { continue };
            while let Some((whole, span)) = matched(rule, shortest, shown, may_start(rule, shown, at)) {
                if self.counts.get(index).is_some_and(|count| *count >= MOST) {
                    return floor;
                }
                let stands_alone = is_whole(text, &span) || is_whole(text, &whole);
                let candidate = stands_alone.then(|| self.judge(rule, block, &span, floor)).flatten();
                at = match candidate {
                    Some(candidate) => {
                        self.found.push(candidate);
                        if let Some(count) = self.counts.get_mut(index) {
                            *count += 1;
                        }
                        floor = span.end;
                        span.end
                    }
                    None => text.ceil_char_boundary(span.start + 1),
                };
            }
        }
        floor
    }

    fn judge(&mut self, rule: &Rule, block: usize, span: &Range<usize>, floor: usize) -> Option<Candidate> {
        let text = self.prepared.text(block);
        let end = text.ceil_char_boundary((span.end + 32).min(text.len()));
        let after = text.get(span.end..end)?.split('\n').next().unwrap_or_default();
        let proof = validate(rule, &Found { text: text.get(span.clone())?, after, today: self.today })?;
        let mut candidate = Candidate {
            kind: rule.kind,
            block,
            span: span.clone(),
            evidence: Vec::new(),
            rule: rule.id.clone(),
            value: Masked::new(proof.value),
            says: proof.says,
        };
        for fact in std::iter::once("prior").chain(proof.facts) {
            weigh(rule, &mut candidate, fact, told_as(fact));
        }
        self.surroundings(rule, &mut candidate, floor);
        Some(candidate)
    }

    /// Weighs what stands around a match.
    fn surroundings(&mut self, rule: &Rule, candidate: &mut Candidate, floor: usize) {
        let (block, span) = (candidate.block, candidate.span.clone());
        match self.voice(rule, block, &span, floor) {
            Some((Voice::For(word), true)) => {
                weigh(rule, candidate, "column", format!("column header {word}"));
            }
            Some((Voice::For(word), false)) => weigh(rule, candidate, "label", format!("label {word}")),
            Some((Voice::Against(word), _)) => weigh(rule, candidate, "decoy", format!("context {word}")),
            None => {}
        }
        let text = self.prepared.text(block);
        self.letters(rule, candidate);
        let in_file_name =
            self.prepared.blocks.get(block).is_some_and(|block| block.region == Region::FileName);
        if !in_file_name && in_token(text, &span) {
            weigh(rule, candidate, "in_token", told_as("in_token"));
        }
        if beside_digits(text, &span) {
            weigh(rule, candidate, "beside_digits", told_as("beside_digits"));
        }
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

    /// What the words around a match say, and whether it is a column's header that says it.
    fn voice(
        &mut self,
        rule: &Rule,
        block: usize,
        span: &Range<usize>,
        floor: usize,
    ) -> Option<(Voice, bool)> {
        let text = self.prepared.text(block);
        if rule.labels.reach() >= FAR {
            let (text, span) = self.neighbourhood(block, span, rule.labels.reach());
            return rule.labels.around(&text, &span, 0).map(|voice| (voice, false));
        }
        if let Some(voice) = rule.labels.around(text, span, floor) {
            return Some((voice, false));
        }
        if let Some(voice) = self.prepared.header(block).and_then(|header| rule.labels.of_label(header)) {
            return Some((voice, true));
        }
        let typed = self.headings.over(block, text, span.start);
        if let Some(voice) = typed.and_then(|heading| rule.labels.of_label(heading)) {
            return Some((voice, true));
        }
        let opens = text.get(..span.start).is_some_and(|before| before.trim().len() <= 3);
        if !opens {
            return None;
        }
        let said = self.before(rule, block).or_else(|| rule.labels.of_label(self.subject_over(block)?));
        said.map(|voice| (voice, false))
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

/// Fewest bytes that a pattern matches, one at least.
fn shortest(pattern: &str) -> usize {
    let fewest = regex_syntax::parse(pattern).ok().and_then(|hir| hir.properties().minimum_len());
    fewest.unwrap_or(0).max(1)
}

/// Where a match may start from a place on: one that is all value stands whole, so it starts after no letter or digit.
fn may_start(rule: &Rule, text: &str, at: usize) -> usize {
    if rule.has_value {
        return at;
    }
    let before = text.as_bytes().get(at.saturating_sub(1)..).unwrap_or_default();
    let inside = before.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if at == 0 { 0 } else { text.ceil_char_boundary(at + inside) }
}

/// The next match, and the value in it: a label may be glued to its value.
fn matched(rule: &Rule, shortest: usize, text: &str, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    if text.len() < at + shortest {
        return None;
    }
    let whole = rule.pattern.find_at(text, at)?.range();
    if !rule.has_value {
        return Some((whole.clone(), whole));
    }
    let value = rule.pattern.captures_at(text, whole.start)?.name("value")?.range();
    Some((whole, value))
}

fn validate(rule: &Rule, found: &Found<'_>) -> Option<Proof> {
    let mut proof = Proof { value: found.text.to_owned(), ..Proof::default() };
    for validator in &rule.validators {
        let mut next = validator(found)?;
        next.facts.splice(0..0, std::mem::take(&mut proof.facts));
        proof = next;
    }
    Some(proof)
}

fn weigh(rule: &Rule, candidate: &mut Candidate, fact: &str, reason: impl Into<Cow<'static, str>>) {
    if let Some(bits) = rule.evidence.get(fact).filter(|bits| **bits != 0.0) {
        candidate.add(reason, *bits);
    }
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

/// What parts an address or an identifier from the text around it: folded text has no other space.
fn ends_token(byte: u8) -> bool {
    let mark = matches!(
        byte,
        b',' | b';' | b'|' | b'"' | b'\'' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}'
    );
    mark || byte.is_ascii_whitespace()
}

/// Whether a text starts with a month and a year of two digits: ` 02/29`.
fn is_expiry(text: &str) -> bool {
    let Some([b' ', tens, ones, b'/' | b'-', decade, year, rest @ ..]) = text.as_bytes().get(..) else {
        return false;
    };
    let month = matches!((tens, ones), (b'0', b'1'..=b'9') | (b'1', b'0'..=b'2'));
    month
        && decade.is_ascii_digit()
        && year.is_ascii_digit()
        && !rest.first().is_some_and(u8::is_ascii_alphanumeric)
}

/// Whether a digit stands one separator away from a match.
fn beside_digits(text: &str, span: &Range<usize>) -> bool {
    let digit_beyond = |mut characters: Box<dyn Iterator<Item = char> + '_>| {
        matches!(characters.next(), Some('-' | '.' | '/' | ' '))
            && characters.next().is_some_and(|character| character.is_ascii_digit())
    };
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    // `4539 1488 0343 6467 02/29`: an expiry is no part of the number before it.
    let after = if is_expiry(after) { "" } else { after };
    digit_beyond(Box::new(before.chars().rev())) || digit_beyond(Box::new(after.chars()))
}
