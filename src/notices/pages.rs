//! Texts of the pages: the desk's and the sender's.

use fluent_bundle::FluentValue;
use jiff::Timestamp;

use super::{Language, place, when};
use crate::model::{CaseState, FoundAt};

/// Says a text of the pages that needs no facts.
#[must_use]
pub fn text(language: Language, key: &str) -> String {
    language.plain(key)
}

/// Says a text with facts in words.
#[must_use]
pub fn filled(language: Language, key: &str, facts: &[(&'static str, &str)]) -> String {
    let facts: Vec<(&'static str, FluentValue<'_>)> =
        facts.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
    language.say(key, &facts)
}

/// Says a text about a number of things.
#[must_use]
pub fn numbered(language: Language, key: &str, count: u64) -> String {
    language.say(key, &[("count", count.into())])
}

/// Whether there is a text for this key.
#[must_use]
pub fn knows(language: Language, key: &str) -> bool {
    language.knows(key)
}

/// A moment whole: « 21 novembre 2026 à 14 h 05 ».
#[must_use]
pub fn moment(language: Language, at: Timestamp) -> String {
    let (date, time) = (when::date(language, at), when::time(language, at));
    language.say("page-moment", &[("date", date.into()), ("time", time.into())])
}

/// A state of a case in words.
#[must_use]
pub fn state(language: Language, state: CaseState) -> String {
    super::words::case_state(language, state)
}

/// Where a finding stands, in words.
#[must_use]
pub fn place_of(language: Language, found: &FoundAt) -> String {
    place::place(language, found)
}

/// What an article advises, one advice a line.
#[must_use]
pub fn advice(language: Language, notice: &str) -> Vec<String> {
    let key = format!("advice-{notice}");
    let key = if language.knows(&key) { key } else { "advice-autre".to_owned() };
    language.plain(&key).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}
