//! Names in forms: `Nom de famille : …` on one line, `Prénom : …` on the next ones.

use std::ops::Range;

use super::normal;
use super::token::{Gap, Token};
use super::words::{
    COMMON, FORM_GIVEN, FORM_SURNAME, GIVEN, PARTICLE, PATIENT_AFTER, PATIENT_COLUMN, STAFF_COLUMN, SURNAME,
};
use crate::detect::candidate::Candidate;

/// How far apart the two labels may stand, in words, and how much of a form is read for what it is about.
const APART: usize = 12;
const FORM: usize = 60;
/// Most words of one field.
const FIELD: usize = 4;

/// Proposes the names that two labelled fields make.
pub fn candidates(text: &str, block: usize, tokens: &[Token], out: &mut Vec<Candidate>) {
    let mut at = 0;
    while let Some(found) = next(text, tokens, at) {
        out.extend(candidate(text, block, tokens, &found));
        at = found.end;
    }
}

/// The two fields of a name and where the second ends.
struct Fields {
    surname: Range<usize>,
    given: Range<usize>,
    end: usize,
}

fn next(text: &str, tokens: &[Token], from: usize) -> Option<Fields> {
    let labels = FORM_SURNAME | FORM_GIVEN;
    let labels = tokens.iter().enumerate().skip(from).filter(|(_, token)| token.ends.any(labels));
    for (index, label) in labels {
        let Some(first) = field(text, tokens, index) else { continue };
        let wanted = if label.ends.any(FORM_GIVEN) { FORM_SURNAME } else { FORM_GIVEN };
        let reach = first.end..(first.end + APART).min(tokens.len());
        let second = reach
            .filter(|other| tokens.get(*other).is_some_and(|token| token.ends.any(wanted)))
            .find_map(|other| field(text, tokens, other));
        let Some(second) = second else { continue };
        let end = second.end;
        let (given, surname) = if wanted == FORM_GIVEN { (second, first) } else { (first, second) };
        return Some(Fields { surname, given, end });
    }
    None
}

/// The words of the field after a label: on the same line, capitals or known names.
fn field(text: &str, tokens: &[Token], label: usize) -> Option<Range<usize>> {
    let rest = tokens.get(label + 1..)?;
    let head = tokens.get(label)?;
    let parted = |first: &Token| {
        first.gap == Gap::Label || is_led(text.get(head.end..first.start).unwrap_or_default())
    };
    let first = rest.first().filter(|first| first.lines == 0 && is_name(first) && parted(first))?;
    let more = rest.iter().skip(1).take(FIELD - 1).take_while(|token| {
        let end = first.start.max(token.start.saturating_sub(GAP));
        matches!(token.gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe)
            && is_name(token)
            && text.get(end..token.start).is_none_or(|between| !between.ends_with("  "))
    });
    let count = 1 + more.count();
    (first.len() > 1).then_some(label + 1..label + 1 + count)
}

/// What stands between columns: `Nom ..... Roy`, `Prénom    Ann`, a tab.
fn is_led(between: &str) -> bool {
    between.contains("...") || between.contains("  ") || between.contains('\t')
}

/// Bytes looked at for a gap between columns.
const GAP: usize = 2;

fn is_name(token: &Token) -> bool {
    if token.ends.any(FORM_GIVEN | FORM_SURNAME) {
        return false;
    }
    token.own.any(GIVEN | SURNAME | PARTICLE) || (token.is_capital() && !token.own.any(COMMON))
}

fn candidate(text: &str, block: usize, tokens: &[Token], fields: &Fields) -> Option<Candidate> {
    let spell = |field: &Range<usize>| {
        let words = tokens.get(field.clone())?;
        text.get(words.first()?.start..words.last()?.end).map(str::to_lowercase)
    };
    let span = tokens.get(fields.surname.start)?.start..tokens.get(fields.surname.end - 1)?.end;
    let mut candidate = normal::of(&spell(&fields.given)?, &spell(&fields.surname)?, block, span);
    candidate.add("a name is rarely a patient's", -6.0);
    candidate.add("surname and given name in fields of their own", 6.0);
    let first = fields.surname.start.min(fields.given.start).saturating_sub(FORM);
    let form = tokens.get(first..(fields.end + FORM).min(tokens.len())).unwrap_or_default();
    let labels = |tags| {
        form.windows(2)
            .any(|pair| matches!(pair, [label, next] if label.ends.any(tags) && next.lines == 0 && (next.gap == Gap::Label || next.ends.any(FORM_SURNAME | FORM_GIVEN) || is_led(text.get(label.end..next.start).unwrap_or_default()))))
    };
    if labels(PATIENT_COLUMN | PATIENT_AFTER) {
        candidate.add("in a form about a patient", 5.0);
    } else if labels(STAFF_COLUMN) {
        candidate.add("in a form about an employee or a supplier", -6.0);
    }
    Some(candidate)
}
