//! What a whole part is about: the care of someone, or meetings, training and work.
//!
//! In: the words of a part. Out: bits that bear on each name in it. A short mail names the patient in one sentence and
//! tells of the illness in another; a newsletter names people beside diseases. It refuses to know names.

use memchr::memmem;

use super::context;
use super::elsewhere::{Elsewhere, Heard};
use super::token::{Shape, Token};
use super::words::{
    CARE, FINANCE, FINANCE_STRONG, HEALTH, HEALTH_SENSITIVE, MOURNING, ORDINARY, PATIENT_BEFORE, PRONOUN,
    STAFF_VERB, Tags, UNIT, follow,
};
use super::zones::Zone;

/// Distinct words of each kind in one part.
#[derive(Debug, Default)]
pub struct Tone {
    health: Vec<u64>,
    care: Vec<u64>,
    work: Vec<u64>,
    /// `elle`, `son`: one person is spoken of.
    someone: bool,
    mourning: bool,
    words: usize,
    /// Words of the body, and how many of them speak of health, of care or of patients.
    body: usize,
    spoken: usize,
    /// How often each of those words was counted.
    heard: Counts,
    /// How often each line was counted.
    lines: Counts,
    /// Whether it goes to a mailing list, or is a page that was passed on.
    public: bool,
    /// Words of news, adverts and the like.
    foreign: Heard,
}

/// Most times that one word or line is counted, and most told apart: a table says `status` on every line.
const TIMES: u8 = 3;
const HEARD: usize = 64;

/// Most words kept of a kind: more would say no more.
const MOST: usize = 4;
/// Longest part, in words, whose words all bear on a name: every long text speaks of care somewhere.
pub const LONG: usize = 500;
/// Bits of one word of each kind (start values), and the limits of their sum.
const OF_HEALTH: f32 = 1.5;
const OF_CARE: f32 = 0.7;
const OF_WORK: f32 = -1.3;
const OF_SOMEONE: f32 = 1.0;
/// A short part that speaks of care and has no word of work.
const OF_PLAIN: f32 = 1.5;
const SHORT: usize = 150;
/// Condolences and funerals: colleagues and their families.
const OF_MOURNING: f32 = -10.0;
const LIMITS: (f32, f32) = (-4.0, 4.0);
/// Fewest words of a body that tell what it is about by how often it speaks of care.
const TELLING: usize = 60;
/// So many words of care in a thousand, or fewer, and the bits then.
const DENSITIES: [(usize, f32); 3] = [(2, -8.0), (8, -4.0), (16, -2.5)];
/// Fewest words of such a text, and the bits that its words say together.
const LONG_TEXT: usize = 400;
const FOREIGN: f32 = -10.0;
/// Bits against each name of a mail to a list, or of a page that was passed on.
const OF_PUBLIC: f32 = -4.0;
/// Where what tells them stands: the footer of a list, the address a page came from.
const FOOT: usize = 2_000;
const HEAD: usize = 200;

impl Tone {
    /// Takes the words of a stretch of text into account.
    pub fn read(&mut self, tokens: &[Token], zones: &[Zone], elsewhere: &Elsewhere) {
        self.words += tokens.len();
        self.foreign.read(tokens, elsewhere);
        let (mut line, mut words) = (0, 0);
        for (index, token) in tokens.iter().enumerate() {
            if !in_body(zones, index) {
                continue;
            }
            if token.lines > 0 {
                self.body += if self.says(std::mem::take(&mut line)) { words } else { 0 };
                words = 0;
            }
            line = follow(line, token.key);
            words += 1;
            if token.ends.any(TOLD) {
                self.take(tokens, index, token);
            }
        }
        self.body += if self.says(line) { words } else { 0 };
    }

    /// Takes note of what the text of a body begins and ends with.
    pub fn frame(&mut self, text: &str) {
        let foot = text.get(text.ceil_char_boundary(text.len().saturating_sub(FOOT))..).unwrap_or_default();
        let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or_default();
        let passed_on = head.lines().find(|line| !line.trim().is_empty()).is_some_and(|first| {
            let first = first.trim_start_matches("URL:").trim_start();
            first.starts_with("http://") || first.starts_with("https://")
        });
        self.public |=
            passed_on || LISTS.iter().any(|mark| memmem::find(foot.as_bytes(), mark.as_bytes()).is_some());
    }

    /// Whether a word of care counts once more.
    fn hears(&mut self, key: u64) -> bool {
        self.heard.counts(key)
    }

    /// Whether a line counts once more: what a template repeats says little of what is said.
    fn says(&mut self, line: u64) -> bool {
        self.lines.counts(line)
    }

    fn take(&mut self, tokens: &[Token], index: usize, token: &Token) {
        if token.ends.any(SPOKEN) && token.len() > 3 {
            self.spoken += usize::from(self.hears(token.key));
        }
        self.someone |= token.own.any(PRONOUN);
        self.mourning |= token.ends.any(MOURNING);
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        let measured = before.is_some_and(|before| before.shape == Shape::Number);
        let care = if measured { CARE | PATIENT_BEFORE | UNIT } else { CARE | PATIENT_BEFORE };
        let new = |tags: Tags, seen: &[u64]| {
            token.ends.any(tags) && seen.len() < MOST && !seen.contains(&token.key)
        };
        if new(HEALTH | HEALTH_SENSITIVE, &self.health) && !context::is_topical(tokens, index) {
            self.health.push(token.key);
        }
        if new(care, &self.care) {
            self.care.push(token.key);
        }
        if new(WORK, &self.work) {
            self.work.push(token.key);
        }
    }

    /// Bits against each name of a text that hardly speaks of care: news, tales, manuals, catalogues. In mail about
    /// patients one word in twenty does (median of invented mails, 2026-11); a short text says too little to tell.
    #[must_use]
    pub fn elsewhere(&self) -> f32 {
        if self.mourning {
            return 0.0;
        }
        let public = if self.public { OF_PUBLIC } else { 0.0 };
        let public = self.foreign.bits(self.words).min(public);
        if self.body < TELLING {
            return public;
        }
        let words = self.body.max(1);
        let rare = DENSITIES.iter().find(|(each, _)| self.spoken * 1000 < words * each);
        rare.map_or(0.0, |(_, bits)| *bits).min(public)
    }

    /// Whether it is a long text of news, adverts or manuals: letters and mails of care and of work are shorter, or use hardly any
    /// of their words.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.words > LONG_TEXT && self.foreign.bits(self.words) <= FOREIGN
    }

    /// Whether a part is too long for all its words to bear on each name.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.words > LONG
    }

    /// Whether it is too long, or speaks too much of other things.
    #[must_use]
    pub fn is_about_others(&self) -> bool {
        self.is_long() || self.foreign.bits(self.words) < 0.0
    }

    /// Bits for each name of the part.
    #[must_use]
    pub fn bits(&self) -> f32 {
        let count = |seen: &[u64]| f32::from(u8::try_from(seen.len()).unwrap_or(u8::MAX));
        let sum = count(&self.health) * OF_HEALTH + count(&self.care) * OF_CARE + count(&self.work) * OF_WORK;
        let someone = if self.someone { OF_SOMEONE } else { 0.0 };
        let plain = self.work.is_empty() && self.words <= SHORT && self.health.len() + self.care.len() > 0;
        let sum = sum + someone + if plain { OF_PLAIN } else { 0.0 };
        let most = if self.is_about_others() { 0.0 } else { LIMITS.1 };
        if self.mourning { OF_MOURNING } else { sum.clamp(LIMITS.0, most) }
    }
}

/// How often each of some keys was counted, the first ones only.
#[derive(Debug, Default)]
struct Counts {
    all: Vec<(u64, u8)>,
    /// A few of the bits of each: most that are new are told at once.
    bits: [u64; 4],
}

impl Counts {
    /// Counts one more; whether it still counts.
    fn counts(&mut self, key: u64) -> bool {
        let bit = 1_u64 << (key & 63);
        let Some(bits) = usize::try_from((key >> 6) & 3).ok().and_then(|part| self.bits.get_mut(part)) else {
            return true;
        };
        let known =
            if *bits & bit == 0 { None } else { self.all.iter_mut().find(|(other, _)| *other == key) };
        match known {
            Some((_, times)) => {
                *times = times.saturating_add(1);
                *times <= TIMES
            }
            None => {
                if self.all.len() < HEARD {
                    self.all.push((key, 1));
                    *bits |= bit;
                }
                true
            }
        }
    }
}

/// What the footer of a mailing list holds, in any language of the list's software.
const LISTS: [&str; 4] = ["nsubscribe", "NSUBSCRIBE", "/listinfo/", "abonner de cette liste"];

/// Whether a word stands in what the message says, not in what frames it.
fn in_body(zones: &[Zone], index: usize) -> bool {
    matches!(zones.get(index), None | Some(Zone::Body | Zone::Greeting))
}

/// What speaks of care.
const SPOKEN: Tags = Tags::all(&[HEALTH, HEALTH_SENSITIVE, CARE, PATIENT_BEFORE]);

/// What says what a part is about.
const TOLD: Tags = Tags::all(&[SPOKEN, UNIT, PRONOUN, WORK, MOURNING]);

/// What speaks of work, and of money.
const WORK: Tags = Tags::all(&[ORDINARY, STAFF_VERB, FINANCE, FINANCE_STRONG]);
