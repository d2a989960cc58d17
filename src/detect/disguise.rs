//! Look-alikes: a false alarm becomes a text that anyone may keep. Letters become letters, digits become digits, names become
//! other names of the lists; the words that rules look for stay. What is drawn never depends on what it replaces, so that
//! nothing of the message can be read back.

mod draw;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Detectors;
use super::candidate::Candidate;
use super::check::{run, segments};
use super::lexicon::{Lexicons, fold};
use super::names::Names;
use super::trace::Trace;
use crate::model::{Confidence, Region};
use draw::Draw;

/// How much of a text is kept around a value, in bytes before and after it.
const AROUND: (usize, usize) = (400, 200);
/// Longest text kept whole.
const WHOLE: usize = 4_096;
/// How many look-alikes are tried for one text; of those, how many must have the very same evidence.
const TRIES: u64 = 4_000;
const EXACT: u64 = 3_000;
/// Pieces of a value that must not be seen again, in letters and digits.
const PIECE: usize = 4;
/// Lists whose terms are names.
const NAMES: [&str; 3] = ["given-names", "surnames", "name-words"];

/// A look-alike, proven to raise the same alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// The text.
    pub text: String,
    /// What kind of text it is.
    pub region: Region,
}

/// Why there is no look-alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLookAlike {
    /// The finding is only possible.
    #[error(
        "the finding is only possible (low): articles do not hear of it, and a counter-example would prove nothing"
    )]
    Low,
    /// The alarm comes from more than the text around it.
    #[error(
        "the alarm does not come from the text around the value alone; what else bears on it (`explain --finding`) would have \
         to be in the counter-example: write one by hand"
    )]
    Elsewhere,
    /// No invented value did.
    #[error(
        "no invented value raises the same alarm; write the counter-example by hand, with a value of your own"
    )]
    NotFound,
}

/// Makes the look-alike of a candidate. `lists` are the word lists, as (file name, text).
///
/// # Errors
/// [`NoLookAlike`].
pub fn disguise(
    detectors: &Detectors,
    lists: &[(String, String)],
    trace: &Trace<'_>,
    candidate: &Candidate,
) -> Result<LookAlike, NoLookAlike> {
    if Confidence::of(candidate.bits()) < Some(Confidence::Medium) {
        return Err(NoLookAlike::Low);
    }
    let lists = Lexicons::read(lists).unwrap_or_default();
    let mut raised = false;
    for scene in scenes(trace, candidate) {
        if alarm(detectors, &scene.text, scene.region, &scene.value, candidate).is_none() {
            continue;
        }
        raised = true;
        let disguiser = Disguiser::new(detectors, &lists, candidate, &scene);
        if let Some(text) = disguiser.look_alike() {
            return Ok(LookAlike { text, region: scene.region });
        }
    }
    Err(if raised { NoLookAlike::NotFound } else { NoLookAlike::Elsewhere })
}

/// A text with a value in it.
struct Scene {
    text: String,
    value: Range<usize>,
    region: Region,
}

/// The texts that may raise the alarm by themselves: the lines around the value, the whole text, the cell under its header.
fn scenes(trace: &Trace<'_>, candidate: &Candidate) -> Vec<Scene> {
    let (index, span) = trace.prepared.locate(candidate.block, &candidate.span);
    let Some(segment) = trace.prepared.segments.get(index) else { return Vec::new() };
    let text = segment.text.reveal();
    let region = if segment.region == Region::Cell { Region::Body } else { segment.region };
    let from = text.floor_char_boundary(span.0.saturating_sub(AROUND.0));
    let to = text.ceil_char_boundary((span.1 + AROUND.1).min(text.len()));
    let from = if from == 0 {
        0
    } else {
        text.get(from..span.0).and_then(|head| head.find(['\n', ' '])).map_or(span.0, |at| from + at + 1)
    };
    let to = text
        .get(span.1..to)
        .filter(|_| to < text.len())
        .and_then(|tail| tail.rfind(['\n', ' ']))
        .map_or(to, |at| span.1 + at);
    let part = |from: usize, to: usize| Scene {
        text: text.get(from..to).unwrap_or_default().to_owned(),
        value: span.0 - from..span.1 - from,
        region,
    };
    let mut scenes = vec![part(from, to)];
    if text.len() <= WHOLE {
        scenes.push(part(0, text.len()));
        if let Some(header) = trace.prepared.header(candidate.block) {
            let head = format!("{header} : ");
            let value = span.0 + head.len()..span.1 + head.len();
            scenes.push(Scene { text: format!("{head}{text}"), value, region });
        }
    }
    scenes
}

/// The candidate in a text that raises the alarm of another, at the same place.
fn alarm(
    detectors: &Detectors,
    text: &str,
    region: Region,
    value: &Range<usize>,
    like: &Candidate,
) -> Option<Vec<String>> {
    let segments = segments(text, region);
    let trace = run(detectors, &segments);
    let found = trace.kept.iter().find(|one| {
        let (_, span) = trace.prepared.locate(one.block, &one.span);
        one.kind == like.kind
            && one.rule == like.rule
            && Confidence::of(one.bits()) >= Some(Confidence::Medium)
            && span.0 < value.end
            && value.start < span.1
    })?;
    Some(found.evidence.iter().map(|evidence| evidence.reason.clone().into_owned()).collect())
}

/// Where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the value itself.
    Value,
    /// Next to a digit: it is part of a code.
    Code,
    /// Elsewhere.
    Around,
}

struct Disguiser<'a> {
    detectors: &'a Detectors,
    candidate: &'a Candidate,
    scene: &'a Scene,
    /// Names by what the lists say of them.
    names: BTreeMap<String, Vec<String>>,
    /// Words that rules look for.
    labels: BTreeSet<String>,
    /// Words that the rule of the value itself is made of: `https`, the host of a poll.
    own: String,
    wanted: Vec<String>,
}

impl<'a> Disguiser<'a> {
    fn new(detectors: &'a Detectors, lists: &Lexicons, candidate: &'a Candidate, scene: &'a Scene) -> Self {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut terms: Vec<String> = NAMES
            .iter()
            .flat_map(|list| lists.get(list).terms().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        terms.sort_unstable();
        terms.dedup();
        for term in terms.into_iter().filter(|term| term.chars().all(char::is_alphabetic)) {
            names.entry(class(&detectors.names, &term)).or_default().push(term);
        }
        let rules = detectors.rules();
        let words =
            rules.iter().flat_map(|rule| rule.context.all().chain(&rule.against.words).chain(rule.anchors()));
        let labels = words.flat_map(|word| letters(word)).collect();
        let own = rules.iter().find(|rule| rule.id == candidate.rule);
        let own = own.map_or(String::new(), |rule| rule.pattern.as_str().replace('\\', "").to_lowercase());
        let wanted = candidate.evidence.iter().map(|evidence| evidence.reason.clone().into_owned()).collect();
        Self { detectors, candidate, scene, names, labels, own, wanted }
    }

    fn look_alike(&self) -> Option<String> {
        let mut second = None;
        for seed in 1..=TRIES {
            let (text, value) = self.draw(seed);
            let same = self.leaks(&text, &value);
            if same || (second.is_some() && seed > EXACT) {
                continue;
            }
            let Some(evidence) = alarm(self.detectors, &text, self.scene.region, &value, self.candidate)
            else {
                continue;
            };
            if evidence == self.wanted {
                return Some(text);
            }
            second.get_or_insert(text);
        }
        second
    }

    /// One try: the text with everything replaced, and where the value is in it.
    fn draw(&self, seed: u64) -> (String, Range<usize>) {
        let mut draw = Draw::new(seed);
        let mut known = BTreeMap::new();
        let Range { start, end } = self.scene.value;
        let text = &self.scene.text;
        let mut drawn = self.replace(text.get(..start).unwrap_or_default(), false, &mut draw, &mut known);
        let from = drawn.len();
        let is_value = !self.candidate.value.is_empty();
        drawn.push_str(&self.replace(
            text.get(start..end).unwrap_or_default(),
            is_value,
            &mut draw,
            &mut known,
        ));
        let value = from..drawn.len();
        drawn.push_str(&self.replace(text.get(end..).unwrap_or_default(), false, &mut draw, &mut known));
        (drawn, value)
    }

    fn replace(
        &self,
        text: &str,
        in_value: bool,
        draw: &mut Draw,
        known: &mut BTreeMap<String, String>,
    ) -> String {
        let mut drawn = String::with_capacity(text.len());
        let mut after_number = false;
        let mut all = pieces(text).into_iter().peekable();
        while let Some(piece) = all.next() {
            let glued = after_number || all.peek().is_some_and(|next| next.starts_with(char::is_numeric));
            after_number = piece.starts_with(char::is_numeric);
            if after_number {
                drawn.push_str(&draw.number(piece));
            } else if piece.starts_with(char::is_alphabetic) {
                let place = if in_value {
                    Place::Value
                } else if glued {
                    Place::Code
                } else {
                    Place::Around
                };
                drawn.push_str(&self.word(piece, place, draw, known));
            } else {
                drawn.push_str(piece);
            }
        }
        drawn
    }

    fn word(
        &self,
        word: &str,
        place: Place,
        draw: &mut Draw,
        known: &mut BTreeMap<String, String>,
    ) -> String {
        let plain = fold(word);
        if place == Place::Value && draw::is_month(&plain) {
            return draw.month(word);
        }
        if self.stays(&plain, place) {
            return word.to_owned();
        }
        let drawn = known.entry(plain.clone()).or_insert_with(|| {
            let alike = self.names.get(&class(&self.detectors.names, &plain));
            match alike.filter(|_| is_name(&self.detectors.names, &plain)).and_then(|alike| draw.of(alike)) {
                Some(name) => name.clone(),
                None => draw.letters(&plain),
            }
        });
        draw::with_case(drawn, word)
    }

    /// Whether a word says nothing of anyone: rules look for it, or lists do and it is no name.
    fn stays(&self, plain: &str, place: Place) -> bool {
        let is_name = is_name(&self.detectors.names, plain);
        match place {
            Place::Value => !is_name && self.is_of_rule(plain),
            Place::Code => self.labels.contains(plain),
            Place::Around => {
                let known = || self.detectors.names.knows(plain) || plain.chars().count() <= 2;
                self.labels.contains(plain) || (!is_name && known())
            }
        }
    }

    /// Whether a word stands in the rule's own pattern, as a host or a prefix does.
    fn is_of_rule(&self, plain: &str) -> bool {
        plain.len() >= PIECE && self.own.contains(plain)
    }

    /// Whether a piece of the original is seen in a drawn text.
    fn leaks(&self, drawn: &str, value: &Range<usize>) -> bool {
        // A cluster of terms has no value: its terms are words of the lists.
        if self.candidate.value.is_empty() {
            return false;
        }
        let old = self.scene.text.get(self.scene.value.clone()).unwrap_or_default();
        let new = compact(drawn.get(value.clone()).unwrap_or_default());
        let drawn = compact(drawn);
        let whole = [compact(old), compact(self.candidate.value.reveal())];
        let pieces = old.split(|character: char| !character.is_alphanumeric()).map(compact);
        let pieces = pieces.filter(|piece| piece.chars().count() >= PIECE && !self.is_of_rule(piece));
        whole.iter().any(|old| !old.is_empty() && (drawn.contains(old.as_str()) || *old == new))
            || pieces.into_iter().any(|piece| drawn.contains(&piece))
    }
}

/// Runs of digits, of letters, and of anything else.
fn pieces(text: &str) -> Vec<&str> {
    let class = |character: char| match character {
        character if character.is_numeric() => 0,
        character if character.is_alphabetic() => 1,
        _ => 2,
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, character) in text.char_indices() {
        if last.is_some_and(|last| last != class(character)) {
            pieces.extend(text.get(start..at));
            start = at;
        }
        last = Some(class(character));
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

/// The words of a label, folded.
fn letters(label: &str) -> Vec<String> {
    let folded = fold(label);
    folded
        .split(|character: char| !character.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_name(names: &Names, plain: &str) -> bool {
    names.names(plain).is_some()
}

/// What the lists say of a word, as a text: two names of one class are taken for each other.
fn class(names: &Names, plain: &str) -> String {
    names.names(plain).unwrap_or_default()
}

/// Letters and digits of a text, folded.
fn compact(text: &str) -> String {
    fold(text).chars().filter(|character| character.is_alphanumeric()).collect()
}
