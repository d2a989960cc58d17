//! What the text files must hold: the same keys in both, no key too many, no key too few, plain words, typography.

use std::collections::BTreeSet;

use fluent_bundle::FluentResource;
use regex::Regex;

use super::{Language, explains};
use crate::model::{CaseState, Class, GapReason, Kind, NoticeKind, Region, Verdict};

/// The files of this module that say texts.
const CODE: &[&str] = &[
    include_str!("digest.rs"),
    include_str!("letters.rs"),
    include_str!("mail.rs"),
    include_str!("paragraphs.rs"),
    include_str!("place.rs"),
    include_str!("smtp.rs"),
    include_str!("when.rs"),
];

/// Literals in the code that look like keys and are none.
const NOT_KEYS: &[&str] = &["auto-generated", "auto-replied"];

/// Keys of articles' notices, as the shipped policy uses them.
const NOTICES: &[&str] = &[
    "un-destinataire",
    "identifiant-externe",
    "messagerie-publique",
    "chiffrement-requis",
    "redirection",
    "sondage-externe",
    "visioconference",
    "contenu-illisible",
    "identifiant-interne",
    "crise",
    "objet-en-clair",
];

/// All that a text may be filled with. None of it is a value, a subject, a file name or an address of the message; the
/// reason is the reviewer's own, checked before it is kept.
const PLACEHOLDERS: &[&str] = &[
    "case",
    "cites",
    "contact",
    "count",
    "date",
    "day",
    "domains",
    "establishment",
    "field",
    "found",
    "half",
    "hour",
    "hour12",
    "left",
    "line",
    "link",
    "minute",
    "minutes",
    "moment",
    "month",
    "name",
    "number",
    "phone",
    "place",
    "reason",
    "right",
    "says",
    "service",
    "size",
    "time",
    "todo",
    "what",
    "who",
    "why",
    "year",
];

/// Words to avoid, from the terms agreed on (« bloquer » is for a hold, « libérer » for a release).
const AVOID: &str = r"(?i)\b(e-?mails?|mails?|spam|phishing|attache?ments?|bloqu\w+|libér\w+|patiente?s?|cliente?s?|carte soleil|données? sensibles?|help ?desk|cookies?|upload\w*|chat|password|login|reset|legal hold|audit trail|l’expéditeur)\b";

/// A text with its key, comments left out.
struct Entry {
    key: String,
    text: String,
}

fn entries(language: Language) -> Vec<Entry> {
    entries_of(language.source())
}

fn entries_of(source: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in source.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        match line.split_once(" =").filter(|_| !line.starts_with(' ')) {
            Some((key, text)) => entries.push(Entry { key: key.to_owned(), text: text.trim().to_owned() }),
            None => {
                let entry = entries.last_mut().unwrap();
                entry.text = format!("{}\n{}", entry.text, line.trim());
            }
        }
    }
    entries
}

fn keys(language: Language) -> BTreeSet<String> {
    entries(language).into_iter().map(|entry| entry.key).collect()
}

/// Every key that the code may ask for.
fn asked() -> BTreeSet<String> {
    let literal = Regex::new(r#""([a-z][a-z0-9]*(?:-[a-z0-9]+)*)""#).unwrap();
    let known = keys(Language::French);
    let code = CODE.iter().map(|code| code.split("#[cfg(test)]").next().unwrap());
    let mut asked: BTreeSet<String> = code
        .flat_map(|code| literal.captures_iter(code).map(|found| found[1].to_owned()).collect::<Vec<_>>())
        .filter(|word| known.contains(word) || (word.contains('-') && !NOT_KEYS.contains(&word.as_str())))
        .collect();
    let variants: Vec<String> = asked.iter().map(|key| format!("{key}-crise")).collect();
    asked.extend(variants.into_iter().filter(|key| known.contains(key)));
    asked.extend(
        Kind::ALL.iter().flat_map(|it| ["kind", "count"].map(|family| format!("{family}-{}", it.name()))),
    );
    asked.extend(GapReason::ALL.iter().map(|it| format!("gap-{}", it.name())));
    asked.extend(Class::ALL.iter().map(|it| format!("class-{}", it.name())));
    asked.extend(Verdict::ALL.iter().map(|it| format!("verdict-{}", it.name())));
    asked.extend(CaseState::ALL.iter().map(|it| format!("state-{}", it.name())));
    asked.extend(NoticeKind::ALL.iter().map(|it| format!("{}-subject", it.name())));
    let regions = ["region", "place", "place-attached"];
    asked.extend(Region::ALL.iter().flat_map(|it| regions.map(|family| format!("{family}-{}", it.name()))));
    let families = ["smtp-why", "smtp-do", "advice"];
    asked.extend(NOTICES.iter().flat_map(|notice| families.map(|family| format!("{family}-{notice}"))));
    asked.insert("warned-subject-crise".to_owned());
    asked
}

#[test]
fn both_files_parse_whole() {
    for language in Language::ALL {
        let parsed = FluentResource::try_new(language.source().to_owned());
        assert!(parsed.is_ok(), "{language:?}: {:?}", parsed.err().map(|(_, errors)| errors));
    }
}

#[test]
fn every_key_stands_in_both_files() {
    let (french, english) = (keys(Language::French), keys(Language::English));
    assert_eq!(french.symmetric_difference(&english).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn no_key_is_missing_and_none_is_unused() {
    let (known, asked) = (keys(Language::French), asked());
    let missing: Vec<_> = asked.difference(&known).collect();
    let text: String = Language::French.source().to_owned();
    // What the pages ask for is walked by the pages' own test (tests/web/texts.rs).
    let pages: BTreeSet<String> =
        entries_of(Language::French.pages()).into_iter().map(|entry| entry.key).collect();
    let unused: Vec<_> = known
        .difference(&asked)
        .filter(|key| !pages.contains(*key))
        .filter(|key| !key.starts_with('-') || !text.contains(&format!("{{ {key} }}")))
        .collect();
    assert!(missing.is_empty() && unused.is_empty(), "missing: {missing:?}\nunused: {unused:?}");
}

#[test]
fn every_notice_key_of_the_shipped_policy_has_its_texts() {
    for notice in NOTICES {
        assert!(explains(notice), "{notice}");
    }
    assert!(!explains("article-maison"));
}

#[test]
fn no_placeholder_could_carry_what_the_message_says() {
    let placeholder = Regex::new(r"\$([a-z0-9]+)").unwrap();
    for Entry { key, text } in Language::ALL.into_iter().flat_map(entries) {
        for found in placeholder.captures_iter(&text) {
            assert!(PLACEHOLDERS.contains(&&found[1]), "{key}: ${}", &found[1]);
        }
    }
}

#[test]
fn french_uses_the_words_agreed_on() {
    let avoid = Regex::new(AVOID).unwrap();
    for Entry { key, text } in entries(Language::French) {
        assert!(!avoid.is_match(&text), "{key}: {:?}", avoid.find(&text));
    }
}

/// Quebec's typography: a no-break space before a colon and inside guillemets, none before `?`, `!` and `;`, curly apostrophes.
#[test]
fn french_is_set_as_in_quebec() {
    let faults = [
        (r"[^\x{a0}]:(\s|$)", "a no-break space before a colon"),
        (r"«[^\x{a0}]|[^\x{a0}]»", "no-break spaces inside guillemets"),
        (r"[\s\x{a0}][?!;]", "no space before ? ! ;"),
        (r"'", "a curly apostrophe"),
        (r"\.\.\.", "an ellipsis"),
    ];
    for Entry { key, text } in entries(Language::French).iter().filter(|it| !it.key.starts_with("smtp-")) {
        for (fault, wanted) in faults {
            assert!(!Regex::new(fault).unwrap().is_match(text), "{key}: {wanted}: {text}");
        }
    }
}

/// « 2:05 p.m.. » : an hour in English ends with its own period.
#[test]
fn no_english_sentence_ends_with_an_hour() {
    for Entry { key, text } in entries(Language::English) {
        assert!(!text.contains("$moment }."), "{key}: {text}");
    }
}

#[test]
fn sentences_are_short() {
    let selector = Regex::new(r"\{[^{}]*\}").unwrap();
    let mut lengths = Vec::new();
    for Entry { key, text } in entries(Language::French).iter().filter(|it| !it.key.starts_with("smtp-")) {
        let text = selector.replace_all(text, "x");
        for sentence in text.split(['.', '?', '\n']).filter(|it| it.split_whitespace().count() > 3) {
            let words =
                sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
            assert!(words <= 24, "{key}: {words} words: {sentence}");
            lengths.push(words);
        }
    }
    let mean = lengths.iter().sum::<usize>() / lengths.len();
    assert!(mean <= 15, "mean sentence: {mean} words");
}
