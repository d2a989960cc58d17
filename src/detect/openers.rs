//! The words of which one opens every match of a pattern, read off its syntax tree.
//!
//! In: a pattern. Out: words in small letters, none of which is much to look for: where none of them stands, no match does.

use std::collections::BTreeSet;

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Capture, Class, Hir, HirKind, Repetition};

/// Most words of a pattern, and most that one sign of a class stands for: digits are told by others.
const WORDS: usize = 64;
const SIGNS: usize = 2;
/// Most letters of a word that are looked for, and the fewest worth it.
const LONGEST: usize = 8;
const SHORTEST: usize = 3;

/// The words that open the matches of a pattern; `None` when some match opens otherwise, or with digits.
#[must_use]
pub fn openers(pattern: &str) -> Option<BTreeSet<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut extractor = Extractor::new();
    extractor.limit_total(WORDS).limit_class(SIGNS).limit_literal_len(LONGEST);
    let all = extractor.extract(&in_one_case(&hir));
    let words = all.literals()?.iter().map(|word| {
        let word = std::str::from_utf8(word.as_bytes()).ok()?.to_ascii_lowercase();
        let is_word = word.trim_end().len() >= SHORTEST && word.starts_with(char::is_alphabetic);
        is_word.then_some(word)
    });
    words.collect()
}

/// The same pattern with one letter for those that differ in case alone; `s` and `k` have a third that folded text has no more.
fn in_one_case(hir: &Hir) -> Hir {
    let all = |parts: &[Hir]| parts.iter().map(in_one_case).collect();
    match hir.kind() {
        HirKind::Class(class) => {
            one_letter(class).map_or_else(|| hir.clone(), |letter| Hir::literal([letter]))
        }
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        HirKind::Capture(capture) => {
            Hir::capture(Capture { sub: Box::new(in_one_case(&capture.sub)), ..capture.clone() })
        }
        HirKind::Repetition(repeated) => {
            Hir::repetition(Repetition { sub: Box::new(in_one_case(&repeated.sub)), ..repeated.clone() })
        }
        _ => hir.clone(),
    }
}

/// The small letter of ASCII that a class holds in any case, and nothing else.
fn one_letter(class: &Class) -> Option<u8> {
    let Class::Unicode(class) = class else { return None };
    let folded = |letter: char| match letter {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        letter => letter.to_ascii_lowercase(),
    };
    let mut letters = class.iter().flat_map(|range| range.start()..=range.end()).take(4).map(folded);
    let first = letters.next().filter(char::is_ascii_alphabetic)?;
    letters.all(|other| other == first).then(|| u8::try_from(first).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::openers;

    #[test]
    fn words_that_open_every_match_are_told() {
        for (pattern, words) in [
            ("(?i)(?:MRN|usager) ?[0-9]{4}", Some("mrn usager")),
            (r"(?i)\bnee [0-9]{4}", Some("nee ")),
            (r"(?i)\bnee? [0-9]{4}", None),
            (
                r"(?i)\b(?:dossiers?|matricule|patient file|employee) ?[0-9]{4}",
                Some("dossier matricul patient employee"),
            ),
            (r"(?i)\bno[A-Z]{4}[0-9]{4}", None),
            ("[A-Z]{4}[0-9]{4}", None),
            ("(?:no )?[0-9]{4}", None),
            ("19[0-9]{2}", None),
        ] {
            let found = openers(pattern);
            // In any case: the words found begin with those, or those with them.
            let meets = |word: &String| {
                words
                    .unwrap_or_default()
                    .split(' ')
                    .any(|other| word.starts_with(other) || other.starts_with(word.as_str()))
            };
            assert_eq!(found.is_some(), words.is_some(), "{pattern}");
            assert!(found.iter().flatten().filter(|word| word.is_ascii()).all(meets), "{pattern} {found:?}");
        }
    }
}
