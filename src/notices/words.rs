//! Names of our own terms, for notices, pages and tables.

use super::Language;
use crate::model::{CaseState, Class, GapReason, Kind, Region, Verdict};

/// What was found: « numéro d’assurance maladie (NAM) ».
#[must_use]
pub fn kind(language: Language, kind: Kind) -> String {
    language.plain(&format!("kind-{}", kind.name()))
}

/// The same, counted: « 3 dates de naissance ».
#[must_use]
pub fn counted(language: Language, kind: Kind, count: u32) -> String {
    language.say(&format!("count-{}", kind.name()), &[("count", count.into())])
}

/// Why something was not read: « endommagé ».
#[must_use]
pub fn gap(language: Language, reason: GapReason) -> String {
    language.plain(&format!("gap-{}", reason.name()))
}

/// How far a recipient is: « réseau de la santé ».
#[must_use]
pub fn class(language: Language, class: Class) -> String {
    language.plain(&format!("class-{}", class.name()))
}

/// What kind of text: « tableau ».
#[must_use]
pub fn region(language: Language, region: Region) -> String {
    language.plain(&format!("region-{}", region.name()))
}

/// What became of a message: « retenu ».
#[must_use]
pub fn verdict(language: Language, verdict: Verdict) -> String {
    language.plain(&format!("verdict-{}", verdict.name()))
}

/// Where a case stands: « transmis ».
#[must_use]
pub fn case_state(language: Language, state: CaseState) -> String {
    language.plain(&format!("state-{}", state.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_has_a_name_in_both_languages() {
        for language in Language::ALL {
            let mut names = Vec::new();
            names.extend(Kind::ALL.map(|it| kind(language, it)));
            names.extend(Kind::ALL.map(|it| counted(language, it, 2)));
            names.extend(GapReason::ALL.map(|it| gap(language, it)));
            names.extend(Class::ALL.map(|it| class(language, it)));
            names.extend(Region::ALL.map(|it| region(language, it)));
            names.extend(Verdict::ALL.map(|it| verdict(language, it)));
            names.extend(CaseState::ALL.map(|it| case_state(language, it)));
            assert!(names.iter().all(|name| !name.is_empty()), "{names:?}");
        }
    }

    #[test]
    fn french_counts_zero_and_one_as_singular() {
        let french = |count| counted(Language::French, Kind::BirthDate, count);
        assert_eq!(
            [french(0), french(1), french(2)],
            ["0 date de naissance", "1 date de naissance", "2 dates de naissance"]
        );
        assert_eq!(counted(Language::English, Kind::BirthDate, 0), "0 dates of birth");
    }
}
