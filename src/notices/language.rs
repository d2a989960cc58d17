//! The two languages, and how a text is made from a key and facts.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// A language that people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// French of Quebec, always present.
    French,
    /// English, complete, and off until the establishment turns it on.
    English,
}

/// What fills the placeholders of a text: name and value.
pub(super) type Facts<'a> = &'a [(&'static str, FluentValue<'a>)];

static FRENCH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| Language::French.load());
static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| Language::English.load());

impl Language {
    /// Both, French first.
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// The language tag of BCP 47, as `Content-Language` carries it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::French => "fr-CA",
            Self::English => "en-CA",
        }
    }

    /// Says a text. A key without a text gives an empty string; a test walks every key.
    pub(super) fn say(self, key: &str, facts: Facts<'_>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return String::new();
        };
        let facts: FluentArgs<'_> = facts.iter().cloned().collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&facts), &mut errors);
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        text.into_owned()
    }

    /// Says a text that needs no facts.
    pub(super) fn plain(self, key: &str) -> String {
        self.say(key, &[])
    }

    /// Whether there is a text for this key.
    pub(super) fn knows(self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        match self {
            Self::French => &FRENCH,
            Self::English => &ENGLISH,
        }
    }

    /// The files of this language: notices, pages, papers.
    pub(super) fn source(self) -> &'static str {
        match self {
            Self::French => concat!(
                include_str!("fr-CA.ftl"),
                "\n",
                include_str!("pages.fr-CA.ftl"),
                "\n",
                include_str!("papers.fr-CA.ftl")
            ),
            Self::English => concat!(
                include_str!("en-CA.ftl"),
                "\n",
                include_str!("pages.en-CA.ftl"),
                "\n",
                include_str!("papers.en-CA.ftl")
            ),
        }
    }

    /// The files of the pages and the papers alone.
    #[cfg(test)]
    pub(super) fn pages(self) -> &'static str {
        match self {
            Self::French => concat!(include_str!("pages.fr-CA.ftl"), "\n", include_str!("papers.fr-CA.ftl")),
            Self::English => concat!(include_str!("pages.en-CA.ftl"), "\n", include_str!("papers.en-CA.ftl")),
        }
    }

    /// A line that does not parse is left out, never a panic; a test demands that there is none.
    fn load(self) -> FluentBundle<FluentResource> {
        let tag = self.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match self {
            Self::French => |value, _| grouped(value, "\u{a0}"),
            Self::English => |value, _| grouped(value, ","),
        }));
        let resource = FluentResource::try_new(self.source().to_owned()).unwrap_or_else(|(parsed, _)| parsed);
        bundle.add_resource_overriding(resource);
        bundle
    }
}

/// A whole number of five digits or more, in groups of three; other values are written as they are.
fn grouped(value: &FluentValue<'_>, between: &str) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let digits = number.as_string();
    if digits.len() < 5 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    Some(groups.collect::<Vec<_>>().join(between))
}

#[cfg(test)]
mod tests {
    use super::Language;

    /// OQLF, Banque de dépannage linguistique: "on sépare les nombres en tranches de trois chiffres par une espace insécable".
    #[test]
    fn a_large_number_is_written_in_groups_of_three() {
        for (count, french, english) in [
            (1_u64, "1 destinataire", "1 recipient"),
            (9_999, "9999 destinataires", "9999 recipients"),
            (10_000, "10\u{a0}000 destinataires", "10,000 recipients"),
            (1_234_567, "1\u{a0}234\u{a0}567 destinataires", "1,234,567 recipients"),
        ] {
            let said = |language: Language| language.say("cases-recipients", &[("count", count.into())]);
            assert_eq!(
                (said(Language::French), said(Language::English)),
                (french.to_owned(), english.to_owned())
            );
        }
    }
}
