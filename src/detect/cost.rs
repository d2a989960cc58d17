//! What a pattern may cost, counted from its structure and never timed: the same on every machine.
//!
//! The engine is linear in the text, but each byte may cost as many steps as the pattern has states, and a match that
//! a validator refuses is tried again one character further. A pattern of bounded length and few states keeps a message linear.

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};

/// Longest match a pattern may have, in bytes. The longest that ships, a key file up to its private lines, has 8,036.
const LONGEST: usize = 8_192;
/// Most states, repetitions written out.
const STATES: usize = 20_000;
/// From here on, `check` warns.
const MANY_STATES: usize = 15_000;
/// Memory of a compiled pattern, in bytes.
const SIZE: usize = 4 << 20;

/// A pattern that cannot be used: where in it, why, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Byte in the pattern.
    pub at: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: &'static str,
}

/// Compiles a pattern that is not costly.
///
/// # Errors
/// [`Refusal`] for a pattern that does not parse, that may match without end or nothing, or that needs too many states.
pub fn compile(pattern: &str) -> Result<Regex, Refusal> {
    let hir = regex_syntax::Parser::new().parse(pattern).map_err(|error| mistake(&error))?;
    let refuse = |what: String, remedy| Err(Refusal { at: 0, what, remedy });
    match hir.properties().maximum_len() {
        None => {
            return refuse(
                "the pattern is costly: a repetition in it has no upper bound".to_owned(),
                "bound it, as in {1,60} in place of + or *",
            );
        }
        Some(0) => return refuse("the pattern matches no character".to_owned(), "write what it should find"),
        Some(longest) if longest > LONGEST => {
            return refuse(
                format!("the pattern is costly: a match may have {longest} bytes, and {LONGEST} are allowed"),
                "lower the bounds of its repetitions",
            );
        }
        Some(_) => {}
    }
    if hir.properties().minimum_len() == Some(0) {
        return refuse("the pattern also matches nothing".to_owned(), "make one part of it mandatory");
    }
    let states = states(&hir);
    if states > STATES {
        return refuse(
            format!("the pattern is costly: {states} states, and {STATES} are allowed"),
            "lower the bounds of repetitions that stand in one another, or name fewer characters (write [0-9] for \\d)",
        );
    }
    RegexBuilder::new(pattern).size_limit(SIZE).dfa_size_limit(SIZE).build().map_err(|_| Refusal {
        at: 0,
        what: format!("the pattern is costly: compiled, it needs more than {} MiB", SIZE >> 20),
        remedy: "lower the bounds of its repetitions, or name fewer characters (write [0-9] for \\d)",
    })
}

/// What `check` says of a pattern that may be used, but costs more than most.
#[must_use]
pub fn remark(pattern: &str) -> Option<String> {
    let states = regex_syntax::Parser::new().parse(pattern).map(|hir| states(&hir)).ok()?;
    (states > MANY_STATES)
        .then(|| format!("the pattern is heavy: {states} states, where most rules need under {MANY_STATES}"))
}

fn mistake(error: &regex_syntax::Error) -> Refusal {
    let (at, why) = match error {
        regex_syntax::Error::Parse(error) => (error.span().start.offset, error.kind().to_string()),
        regex_syntax::Error::Translate(error) => (error.span().start.offset, error.kind().to_string()),
        _ => (0, error.to_string()),
    };
    Refusal {
        at,
        what: format!("the pattern does not compile: {why}"),
        remedy: "correct it (syntax of the regex crate)",
    }
}

/// How many states a pattern has once its repetitions are written out.
fn states(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty => 0,
        HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Bytes(_)) => 1,
        // A range of characters beyond ASCII is a few sequences of bytes (UTF-8).
        HirKind::Class(Class::Unicode(class)) if class.is_ascii() => 1,
        HirKind::Class(Class::Unicode(class)) => class.ranges().len().saturating_mul(2),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1));
            states(&repetition.sub)
                .saturating_add(1)
                .saturating_mul(usize::try_from(times).unwrap_or(usize::MAX))
        }
        HirKind::Capture(capture) => states(&capture.sub).saturating_add(2),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().fold(1, |sum: usize, part| sum.saturating_add(states(part)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn what_would_be_costly_is_refused_with_its_reason() {
        for (pattern, expected) in [
            ("[0-9]{4}", ""),
            ("[0-9]+", "a repetition in it has no upper bound"),
            (".*x", "no upper bound"),
            ("(?:[a-z]{1,200} ?){1,100}", "a match may have 20100 bytes"),
            (r"(?:\w{0,20}\s){0,30}x", "states"),
            (r"(?:\w{1,10}|\d{1,10}){1,9}", "states"),
            ("a{0,5}", "also matches nothing"),
            ("(?i)", "matches no character"),
            ("([0-9]", "unclosed group"),
            ("[z-a]", "invalid character class range"),
        ] {
            let what = compile(pattern).err().map(|refusal| refusal.what).unwrap_or_default();
            assert!(
                if expected.is_empty() { what.is_empty() } else { what.contains(expected) },
                "{pattern}: {what}"
            );
        }
    }
}
