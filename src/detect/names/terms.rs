//! Clusters of terms: health, crisis, staff files, money, legal matters, strategy (directive 054, 5.1 and 5.3).
//!
//! Terms are counted once each over one part of a message. What is medium or more says that the part speaks of
//! someone, or of something confidential; terms alone stay low.

mod families;

use std::ops::Range;

use families::{FAMILIES, Family, TERMS};
use memchr::memchr;

use super::token::{Gap, Shape, Token};
use super::tone;
use super::words::{
    COMMON, CONTACT, CRISIS_NOT, DISCIPLINE, EMPLOYEE, GIVEN, HR, JOB, PATIENT_BEFORE, TITLE, Tags,
};
use super::zones::Zone;
use crate::detect::candidate::{Candidate, Says};
use crate::model::{Evidence, Kind, Masked};

/// A subject or a file name says what the part is about.
const HEADLINE: f32 = 3.0;
/// A mark of confidence (`entre nous`, `avant l'annonce`) in a part that speaks of someone's work, money or rights.
const IN_CONFIDENCE: f32 = 1.5;
/// An amount of money in the part.
const AMOUNT: f32 = 2.0;
const PRIOR: f32 = -6.0;
/// Most distinct terms kept of a family: more would say no more.
const MOST: usize = 12;
/// Letters that two forms of one word have in common.
const STEM: usize = 9;
/// How many words before a name ask to write to it: `contactez madame Roy`.
const TO_CONTACT: usize = 3;
/// How many words lie between an employee and the number told in place of a name, as directive 054, 5.7 asks.
const TO_NUMBER: usize = 2;
/// How many words a denial reaches: `idées suicidaires niées`.
const REACH: usize = 8;

/// What one part of a message says, family by family.
#[derive(Debug, Default)]
pub struct Clusters {
    found: [Found; FAMILIES.len()],
    about: About,
}

/// What bears on every family.
#[derive(Clone, Copy, Debug, Default)]
struct About {
    person: bool,
    named: bool,
    amount: bool,
    /// Whether a given name alone stands before an amount.
    paid: bool,
    /// Whether the part is marked as confidential.
    marked: bool,
    /// An employee or a grievance told by a number alone, as directive 054, 5.7 asks.
    numbered: bool,
    words: usize,
}

impl About {
    fn is_long(&self) -> bool {
        self.words > tone::LONG
    }

    /// What a term of a part of this length is worth: every long text speaks of work, money and law somewhere.
    fn density(&self) -> f32 {
        let count = |words: usize| f32::from(u16::try_from(words).unwrap_or(u16::MAX));
        (count(tone::LONG) / count(self.words.max(1))).min(1.0)
    }
}

/// A stretch of text as its words.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'a> {
    /// Which block it stands in.
    pub block: usize,
    /// The block's text.
    pub text: &'a str,
    /// Its words.
    pub tokens: &'a [Token],
    /// The zone of each word; empty in cells.
    pub zones: &'a [Zone],
    /// Whether it is a subject or a file name.
    pub headline: bool,
}

impl Stretch<'_> {
    /// Whether a sign of dollars stands in it, or right after.
    fn has_dollars(&self) -> bool {
        let (Some(first), Some(last)) = (self.tokens.first(), self.tokens.last()) else { return false };
        let written = self.text.as_bytes().get(first.start.saturating_sub(1)..last.end).unwrap_or_default();
        memchr(b'$', written).is_some() || is_amount(self.text, last)
    }

    /// `scan_20260518.pdf`: a machine that copies paper names its files so.
    fn is_copy(&self, index: usize) -> bool {
        let Some([scan, number]) = self.tokens.get(index..index + 2) else { return false };
        let word = self.text.get(scan.start..scan.end).unwrap_or_default();
        self.headline && index == 0 && number.shape == Shape::Number && word.eq_ignore_ascii_case("scan")
    }
}

/// The lists of what is read here: terms, and words for someone.
const TELLING: Tags = Tags::all(&[TERMS, EMPLOYEE, HR, PATIENT_BEFORE, TITLE, GIVEN]);

#[derive(Debug)]
struct Found {
    terms: Vec<u64>,
    /// How the weak ones begin.
    stems: Vec<String>,
    against: Vec<u64>,
    weak: f32,
    strong: f32,
    beside: Who,
    headline: bool,
    /// Whether the subject or file name is that of training, a form or a notice.
    announced: bool,
    at: Option<(usize, Range<usize>)>,
}

impl Clusters {
    /// Takes the words of a stretch of text into account.
    pub fn read(&mut self, stretch: &Stretch<'_>) {
        let Stretch { tokens, zones, .. } = *stretch;
        self.about.words += tokens.len();
        let dollars = stretch.has_dollars();
        for (index, token) in tokens.iter().enumerate() {
            self.about.amount |= dollars && token.shape == Shape::Number && is_amount(stretch.text, token);
            if !token.ends.any(TELLING) || matches!(zones.get(index), Some(Zone::Footer | Zone::Signature)) {
                continue;
            }
            self.about.paid |= is_paid(stretch, index);
            self.about.numbered |= token.ends.any(EMPLOYEE | HR) && is_numbered(tokens, index);
            self.about.person |= who(tokens, zones, index) > Who::Nobody;
            if token.ends.any(TERMS) {
                for (family, found) in FAMILIES.iter().zip(&mut self.found) {
                    found.take(family, stretch, index);
                }
            }
        }
    }

    /// Takes note of a name, with its weight. When it is surely a patient's, one term of health is enough, and words
    /// of training and meetings say little against.
    pub fn names_someone(&mut self, bits: f32) {
        self.about.person |= bits >= 0.0;
        self.about.named |= bits >= 3.0;
    }

    /// Ends a part: what it says, with the weight.
    pub fn finish(self) -> impl Iterator<Item = Candidate> {
        let strategic = FAMILIES.iter().zip(&self.found).find(|(family, _)| family.kind == Kind::Strategic);
        let marked = strategic.is_some_and(|(_, found)| found.weak > 0.0);
        let about = About { marked, ..self.about };
        FAMILIES.iter().zip(self.found).filter_map(move |(family, found)| found.candidate(family, about))
    }
}

impl Default for Found {
    fn default() -> Self {
        Self {
            terms: Vec::new(),
            stems: Vec::new(),
            against: Vec::new(),
            weak: 0.0,
            strong: 0.0,
            beside: Who::Nobody,
            headline: false,
            announced: false,
            at: None,
        }
    }
}

impl Found {
    fn take(&mut self, family: &Family, stretch: &Stretch<'_>, index: usize) {
        let Stretch { block, tokens, zones, .. } = *stretch;
        let Some(token) = tokens.get(index) else { return };
        if token.ends.any(family.against.0) && !self.against.contains(&token.key) {
            self.against.push(token.key);
            self.announced |= stretch.headline;
        }
        let strong = token.ends.any(family.strong.0);
        if !(strong || token.ends.any(family.weak.0))
            || self.terms.len() >= MOST
            || self.terms.contains(&token.key)
        {
            return;
        }
        if family.kind == Kind::Crisis && near(tokens, index, REACH, CRISIS_NOT) {
            return;
        }
        if family.kind == Kind::HealthTermCluster && (is_branch(tokens, index) || stretch.is_copy(index)) {
            return;
        }
        let voice = if speaks(family.kind, stretch, index) { Who::Anyone } else { Who::Nobody };
        self.beside = self.beside.max(beside(tokens, zones, index)).max(voice);
        self.headline |= strong && stretch.headline;
        self.terms.push(token.key);
        if strong {
            self.strong += family.strong.1;
        } else if self.is_new_mark(stretch, token) {
            self.weak = (self.weak + family.weak.1).min(family.weak_cap);
        }
        let span = match self.at.take() {
            Some((at, span)) if at == block => (at, span.start..token.end),
            Some(at) => at,
            None => (block, token.start..token.end),
        };
        self.at = Some(span);
    }

    /// Whether a mark is no other form of one that was told: `confidentiel`, `confidentielle` and `confidential` say one thing.
    fn is_new_mark(&mut self, stretch: &Stretch<'_>, token: &Token) -> bool {
        let word = stretch.text.get(token.start..token.end).unwrap_or_default();
        let stem: String = word.chars().take(STEM).flat_map(char::to_lowercase).collect();
        let is_new = word.len() < STEM || !self.stems.contains(&stem);
        self.stems.push(stem);
        is_new
    }

    /// What its terms weigh. One term of crisis in a long part, beside nobody, is about nobody here.
    fn terms(&self, family: &Family, about: About) -> f32 {
        let bits = self.weak + self.strong;
        match family.kind {
            Kind::HealthTermCluster => bits.min(family.cap),
            Kind::Crisis if about.is_long() && self.beside == Who::Nobody => bits.min(family.strong.1),
            Kind::Crisis => bits.min(family.cap),
            _ => (bits * about.density()).min(family.cap),
        }
    }

    fn against(&self, family: &Family, about: About) -> f32 {
        let count = f32::from(u8::try_from(self.against.len().min(4)).unwrap_or(4));
        let share = match family.kind {
            Kind::Crisis if !self.announced => 0.0,
            _ if about.named => 0.25,
            _ => 1.0,
        };
        count * share * family.against.1
    }

    /// Whether it is about someone.
    fn person(&self, family: &Family, about: About) -> bool {
        self.beside > Who::Nobody
            || family.kind == Kind::Finance && about.paid && !about.is_long()
            || about.person
                && match family.kind {
                    Kind::HealthTermCluster => true,
                    Kind::Crisis => about.named && !about.is_long(),
                    _ => !about.is_long(),
                }
    }

    fn candidate(self, family: &Family, about: About) -> Option<Candidate> {
        let (block, span) = self.at.clone()?;
        let person = self.person(family, about);
        if about.numbered && !person && matches!(family.kind, Kind::Hr | Kind::Finance) {
            return None;
        }
        let someone = person && self.beside == Who::Someone;
        let spoken_of = match family.kind {
            Kind::HealthTermCluster if about.named => 2.0 * family.person,
            _ if person => family.person,
            _ => 0.0,
        };
        let titled = self.headline
            && match family.kind {
                Kind::Crisis | Kind::HealthTermCluster => false,
                Kind::Hr | Kind::Finance => person,
                _ => true,
            };
        let paid = family.kind == Kind::Finance && about.amount && person;
        let in_confidence =
            about.marked && person && matches!(family.kind, Kind::Hr | Kind::Finance | Kind::Legal);
        let when = |holds: bool, bits: f32| if holds { bits } else { 0.0 };
        let clues = [
            ("terms of one family are common", PRIOR),
            ("distinct terms", self.terms(family, about)),
            ("training, announcement or form", self.against(family, about)),
            ("someone is spoken of", spoken_of + when(someone, family.beside)),
            ("in the subject or file name", when(titled, HEADLINE)),
            ("an amount", when(paid, AMOUNT)),
            ("in confidence", when(in_confidence, IN_CONFIDENCE)),
        ];
        let evidence: Vec<Evidence> = clues
            .into_iter()
            .filter(|(_, bits)| *bits != 0.0)
            .map(|(reason, bits)| Evidence { reason: reason.into(), bits })
            .collect();
        let bits: f32 = evidence.iter().map(|evidence| evidence.bits).sum();
        (bits >= 0.0).then(|| Candidate {
            around: None,
            kind: Some(family.kind),
            value: Masked::default(),
            block,
            span,
            evidence,
            rule: family.rule.to_owned(),
            says: Says::default(),
        })
    }
}

/// `Pneumologie` alone on a line, `TITLE: Nutritionniste`: where someone works, and as what.
fn is_branch(tokens: &[Token], index: usize) -> bool {
    let Some(token) = tokens.get(index) else { return false };
    let ends = tokens.get(index + 1).is_none_or(|next| next.lines > 0 || next.gap != Gap::Space);
    let titled = token.gap == Gap::Label && token.own.any(JOB);
    token.is_capital() && (token.opens_line() || titled) && ends && token.own.any(DISCIPLINE | JOB)
}

/// Whether one of the words around a term is in a list: a denial, training, someone.
fn near(tokens: &[Token], index: usize, reach: usize, tags: Tags) -> bool {
    let around = index.saturating_sub(reach)..(index + reach).min(tokens.len());
    tokens.get(around).unwrap_or_default().iter().any(|token| token.ends.any(tags))
}

/// Whom a word speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Nobody,
    /// A patient, an employee: anyone of them.
    Anyone,
    /// A person by title or name.
    Someone,
}

/// Whom a word of a body speaks of: a patient or an employee without a number in place of the name, a title, a given name and
/// the capital after it. Whoever is written to or to be asked is nobody whom a matter is about.
fn who(tokens: &[Token], zones: &[Zone], index: usize) -> Who {
    let Some(token) = tokens.get(index).filter(|_| matches!(zones.get(index), None | Some(Zone::Body)))
    else {
        return Who::Nobody;
    };
    let next = tokens.get(index + 1);
    let abbreviated = next.is_some_and(|next| next.gap == Gap::Stop && next.is_capital());
    // `M. Roy`, not `1:15 p.m. Deux`; `Ms Roy`, not `MS-597167`
    let letter = token.is_capital() && token.gap != Gap::Joint && abbreviated;
    let word = token.len() > 1 && next.is_none_or(|next| next.shape != Shape::Number);
    let titled = token.own.any(TITLE) && (word || letter);
    let named = token.own.any(GIVEN)
        && token.shape == Shape::Capital
        && next.is_some_and(|next| next.is_capital() && next.gap == Gap::Space && !next.own.any(COMMON));
    if (titled || named) && !near(tokens.get(..index).unwrap_or_default(), index, TO_CONTACT, CONTACT) {
        return Who::Someone;
    }
    if token.ends.any(PATIENT_BEFORE | EMPLOYEE) && !is_numbered(tokens, index) {
        return Who::Anyone;
    }
    Who::Nobody
}

/// Whether a writer tells of a crisis of their own, an illness is told to whoever has it, or a bed stands for whoever lies there:
/// `je ne serai plus là demain`, `votre lithium`, `lit 4 : intubé`.
fn speaks(kind: Kind, stretch: &Stretch<'_>, index: usize) -> bool {
    let around = index.saturating_sub(2 * REACH)..(index + 2 * REACH).min(stretch.tokens.len());
    let lies = |at: usize| is_bed(stretch, at);
    if matches!(kind, Kind::HealthTermCluster | Kind::Crisis) && around.into_iter().any(lies) {
        return true;
    }
    let voice: &[&str] = match kind {
        Kind::Crisis => &["je", "j", "moi", "mes", "i", "my"],
        Kind::HealthTermCluster => &["votre", "vos", "your"],
        _ => return false,
    };
    let near = stretch.tokens.get(index.saturating_sub(REACH)..index).unwrap_or_default();
    near.iter().filter(|token| token.len() <= 5).any(|token| {
        let word = stretch.text.get(token.start..token.end).unwrap_or_default();
        voice.iter().any(|voice| word.eq_ignore_ascii_case(voice))
    })
}

/// `Bed 4:`, `Lit 12-2, `: a bed or room that opens a line or sentence, and its number.
fn is_bed(stretch: &Stretch<'_>, index: usize) -> bool {
    let Some([bed, number]) = stretch.tokens.get(index..index + 2) else { return false };
    let word = stretch.text.get(bed.start..bed.end).unwrap_or_default();
    (bed.lines > 0 || bed.opens || index == 0)
        && number.shape == Shape::Number
        && matches!(number.gap, Gap::Space | Gap::Label)
        && BEDS.iter().any(|other| word.eq_ignore_ascii_case(other))
}

const BEDS: [&str; 8] = ["lit", "bed", "chambre", "room", "ch", "rm", "civiere", "stretcher"];

/// `Lise est à 98 410 $`: a given name and an amount close after it.
fn is_paid(stretch: &Stretch<'_>, index: usize) -> bool {
    let near = stretch.tokens.get(index..(index + TO_AMOUNT).min(stretch.tokens.len())).unwrap_or_default();
    let Some((name, rest)) = near.split_first() else { return false };
    name.own.any(GIVEN)
        && name.shape == Shape::Capital
        && !name.own.any(COMMON)
        && rest.iter().take_while(|token| !token.opens).any(|token| is_amount(stretch.text, token))
}

/// How many words lie between a name and its amount; an amount may be two of them.
const TO_AMOUNT: usize = 6;

/// Whether a number follows in place of a name: `l'employé no 304833`.
fn is_numbered(tokens: &[Token], index: usize) -> bool {
    let rest = tokens.get(index + 1..).unwrap_or_default();
    rest.iter().take(TO_NUMBER).any(|token| token.shape == Shape::Number)
}

/// Whom the words around a term speak of.
fn beside(tokens: &[Token], zones: &[Zone], index: usize) -> Who {
    let around = index.saturating_sub(2 * REACH)..(index + 2 * REACH).min(tokens.len());
    around.into_iter().map(|at| who(tokens, zones, at)).max().unwrap_or(Who::Nobody)
}

/// Whether a number is an amount of dollars: `1 250,00 $`, `$1,250`.
fn is_amount(text: &str, number: &Token) -> bool {
    let before = text.get(..number.start).unwrap_or_default();
    let after = text.get(number.end..).unwrap_or_default();
    before.ends_with('$') || after.trim_start_matches([' ', '\u{a0}']).starts_with('$')
}
