//! Zones of a message: who signs, who is greeted, whom quoted headers name, what every message carries below.
//!
//! A name there is that of a correspondent, not of someone spoken of. Lines are read once, top down; what a
//! line is depends on itself and on the zone before.

use super::token::{Gap, Shape, Token};
use super::words::{
    CLOSING, FOOTER, GIVEN, GREETING, JOB, MAIL_HEADER, PARTICLE, PATIENT_AFTER, PATIENT_BEFORE,
    PATIENT_COLUMN, PATIENT_VERB, PATIENT_VERB_SURE, STAFF, SURNAME, TITLE,
};

/// What part a line plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// What the message says.
    #[default]
    Body,
    /// `Bonjour Marie,`.
    Greeting,
    /// From the closing words on.
    Signature,
    /// `De :`, `Le …, … a écrit :`.
    QuotedHeader,
    /// Notices of confidentiality and the like.
    Footer,
}

/// Reads zones line after line, across the blocks of one part.
#[derive(Debug, Default)]
pub struct Reader {
    zone: Zone,
    /// Whether the line before was a name alone, as one signs.
    named: bool,
    /// Whether the line before was the heading of a footer.
    headed: bool,
}

/// Longest line of a signature and longest greeting, in words.
const SIGNATURE_LINE: usize = 16;
/// Most words of the label of a quoted header.
const HEADER: usize = 2;
const GREETING_LINE: usize = 6;

impl Reader {
    /// The zone of a line, given its words and the text before its first word.
    pub fn line(&mut self, line: &[Token], text: &str, before: &str) -> Zone {
        let Some(first) = line.first() else { return self.zone };
        self.separate(before, first);
        let named = std::mem::replace(&mut self.named, is_name(line));
        if is_quoted_header(line, text) {
            self.zone = Zone::Body;
            return Zone::QuotedHeader;
        }
        let headed = std::mem::replace(&mut self.headed, is_notice(line, text));
        if headed || self.headed || (first.starts.any(FOOTER) && line.len() > 3) {
            self.zone = Zone::Footer;
        } else if is_greeting(line) || is_called(line, text) {
            self.zone = Zone::Body;
            return Zone::Greeting;
        } else if is_closing(line) || (named && is_function(line)) {
            self.zone = Zone::Signature;
        } else if self.zone == Zone::Signature && !is_signature_line(line) {
            self.zone = Zone::Body;
        }
        self.zone
    }

    /// Takes note of separators, which hold no word: `--`, an empty line after a footer, a rule above quoted headers.
    fn separate(&mut self, before: &str, first: &Token) {
        let ruled = before.len() > 1 && before.bytes().any(|byte| matches!(byte, b'-' | b'_'));
        if ruled && before.lines().any(|line| line.trim() == "--") {
            self.zone = Zone::Signature;
        } else if ruled && (before.contains("_____") || before.contains("-----")) {
            self.zone = Zone::Body;
        } else if self.zone == Zone::Footer && first.lines > 1 {
            self.zone = Zone::Signature;
        }
    }
}

/// `De :`, `Envoyé :`, `À :` and the like; the subject of a quoted message is part of what is said.
fn is_quoted_header(line: &[Token], text: &str) -> bool {
    let [first, rest @ ..] = line else { return false };
    let span = text.get(first.start..line.last().map_or(first.end, |last| last.end)).unwrap_or_default();
    if line.len() < 20 && (span.ends_with(" a ecrit") || span.ends_with(" wrote")) {
        return true;
    }
    if !(first.starts.any(MAIL_HEADER) && first.is_capital()) {
        return false;
    }
    let label = text.get(first.start..first.end).unwrap_or_default();
    let subject = ["Objet", "Sujet", "Subject", "Re"].iter().any(|word| label.eq_ignore_ascii_case(word));
    // `À :`, `Répondre à :`, but not `À surveiller :`
    let labelled = line
        .iter()
        .zip(rest)
        .take(HEADER)
        .any(|(word, next)| word.ends.any(MAIL_HEADER) && next.gap == Gap::Label && next.lines == 0);
    labelled && !subject
}

/// `Bonjour Marie,`; `Madame, Monsieur,`: titles alone greet whoever reads.
fn is_greeting(line: &[Token]) -> bool {
    let opens = line.first().is_some_and(|first| first.starts.any(GREETING));
    let titles = line.len() > 1 && line.iter().all(|token| token.ends.any(TITLE));
    (opens || titles) && line.len() <= GREETING_LINE
}

/// `Roy, Ann,` above an empty line, first in a text: a name and a comma call whoever reads.
fn is_called(line: &[Token], text: &str) -> bool {
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return false };
    let Some(below) = text.get(last.end..).and_then(|below| below.strip_prefix(',')) else { return false };
    let above = text.get(..first.start).unwrap_or_default();
    let ends = |rest: &str| {
        rest.trim_start_matches([' ', '\r']).split('\n').nth(1).is_none_or(|line| line.trim().is_empty())
    };
    above.trim().is_empty() && is_name(line) && ends(below)
}

/// `AVIS DE CONFIDENTIALITÉ`, `Confidentiality notice`: the heading of a footer, alone on its line.
fn is_notice(line: &[Token], text: &str) -> bool {
    let confidential = |token: &Token| {
        let word = text.get(token.start..token.end).unwrap_or_default();
        word.get(..CONFIDENTIAL.len()).is_some_and(|head| head.eq_ignore_ascii_case(CONFIDENTIAL))
    };
    line.len() <= NOTICE
        && line.last().is_some_and(|last| last.ends.any(FOOTER))
        && line.iter().any(confidential)
}

const CONFIDENTIAL: &str = "confidential";
/// Longest heading, in words.
const NOTICE: usize = 5;

/// `Dr Jean Roy`, `Ann Lee, inf., M. Sc.`, `*Jean Roy*`: a name alone on its line.
fn is_name(line: &[Token]) -> bool {
    let part =
        |token: &Token| token.is_capital() || token.own.any(PARTICLE | STAFF | TITLE) || token.len() <= 3;
    let other = PATIENT_BEFORE | PATIENT_AFTER | GREETING | CLOSING;
    (2..=NAME_LINE).contains(&line.len())
        && line.iter().all(part)
        && line.iter().any(|token| token.own.any(GIVEN | SURNAME))
        && line
            .iter()
            .all(|token| token.shape != Shape::Number && !token.ends.any(other) && token.gap != Gap::Label)
}

/// `Médecin de famille, CMQ 78533`, `Nurse Advisor – Diabetes`: a function under a name, which labels nothing and tells of nobody.
fn is_function(line: &[Token]) -> bool {
    let told = PATIENT_COLUMN | PATIENT_VERB | PATIENT_VERB_SURE | PATIENT_AFTER;
    line.len() <= SIGNATURE_LINE
        && line
            .first()
            .is_some_and(|first| first.starts.any(JOB) && !first.starts.any(PATIENT_COLUMN | PATIENT_BEFORE))
        && line.iter().skip(1).all(|token| token.gap != Gap::Label)
        && line.iter().all(|token| !token.ends.any(told) || token.is_capital())
}

/// Longest name alone on its line, with what follows it (`inf., M. Sc.`), in words.
const NAME_LINE: usize = 8;

/// Closing words, alone or nearly, without a patient.
fn is_closing(line: &[Token]) -> bool {
    let patient = || line.iter().any(|token| token.own.any(PATIENT_BEFORE) || token.shape == Shape::Number);
    line.first().is_some_and(|first| first.starts.any(CLOSING)) && line.len() <= 8 && !patient()
}

/// A short line that neither labels a patient nor tells of one.
fn is_signature_line(line: &[Token]) -> bool {
    if line.len() > SIGNATURE_LINE {
        return false;
    }
    let labels = line.windows(2).any(
        |pair| matches!(pair, [label, next] if label.ends.any(PATIENT_BEFORE) && next.gap == Gap::Label),
    );
    let tells = line.iter().any(|token| token.own.any(PATIENT_VERB) && token.shape == Shape::Lower)
        && !line.iter().any(|token| token.starts.any(JOB));
    !(labels || tells && line.len() > 6)
}
