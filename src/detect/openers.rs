//! The words of which one opens every match of a pattern, read off its syntax tree.
//!
//! In: a pattern. Out: words in small letters, none of which is much to look for: where none of them stands, no match does.

use std::collections::BTreeSet;

use regex_syntax::hir::literal::Extractor;

/// Most ways of writing the words, capitals and small letters told apart.
const WAYS: usize = 4096;
/// Fewest letters of a word worth looking for.
const SHORTEST: usize = 3;

/// The words that open the matches of a pattern; `None` when some match opens otherwise, or with digits.
#[must_use]
pub fn openers(pattern: &str) -> Option<BTreeSet<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let all = Extractor::new().limit_total(WAYS).extract(&hir);
    let words = all.literals()?.iter().map(|word| {
        // In any case, `s` and `k` are also letters that folded text has no more.
        let word =
            std::str::from_utf8(word.as_bytes()).ok()?.replace('\u{17f}', "s").replace('\u{212a}', "k");
        let word = word.to_ascii_lowercase();
        let is_word = word.len() >= SHORTEST && word.starts_with(char::is_alphabetic);
        is_word.then_some(word)
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::openers;

    #[test]
    fn words_that_open_every_match_are_told() {
        for (pattern, words) in [
            ("(?i)(?:MRN|usager) ?[0-9]{4}", Some("mrn usager")),
            (r"(?i)\bnee? [0-9]{4}", Some("ne")),
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
