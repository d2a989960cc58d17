//! Places in words: « corps du courriel, ligne 12 », « pièce jointe 2 (tableau) ».

use super::Language;
use crate::model::{FoundAt, Region};

/// Says where a finding stands, without a file name or anything else of the message.
pub(super) fn place(language: Language, found: &FoundAt) -> String {
    let region = found.region.name();
    let place = match found.attachment {
        Some(number) => language.say(&format!("place-attached-{region}"), &[("number", number.into())]),
        None => language.plain(&format!("place-{region}")),
    };
    match found.line {
        Some(line) if found.region == Region::Body => {
            language.say("place-line", &[("place", place.into()), ("line", line.into())])
        }
        _ => place,
    }
}

#[cfg(test)]
mod tests {
    use super::{FoundAt, Language, Region, place};
    use crate::model::Kind;

    #[test]
    fn places_are_said_in_words() {
        let cases = [
            (Region::Body, None, Some(12), "corps du courriel, ligne 12"),
            (Region::Body, Some(1), None, "pièce jointe 1"),
            (Region::Cell, Some(2), Some(3), "pièce jointe 2 (tableau)"),
            (Region::Subject, None, None, "objet"),
            (Region::FileName, Some(4), None, "nom de la pièce jointe 4"),
        ];
        for (region, attachment, line, words) in cases {
            let found = FoundAt { kind: Kind::Nam, count: 1, region, attachment, line };
            assert_eq!(place(Language::French, &found), words);
        }
    }

    #[test]
    fn every_region_has_a_place_in_both_languages() {
        for language in Language::ALL {
            for (region, attachment) in Region::ALL.into_iter().flat_map(|it| [(it, None), (it, Some(1))]) {
                let found = FoundAt { kind: Kind::Nam, count: 1, region, attachment, line: None };
                assert!(!place(language, &found).is_empty(), "{region:?}");
            }
        }
    }
}
