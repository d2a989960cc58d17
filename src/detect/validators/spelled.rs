//! Numbers in words, digit by digit, in French and English (compiled by us, 2026-11), and numbers from end to beginning.

use super::{Found, Proof, card, nam, nas};

/// Words of the digits, by digit.
const DIGITS: [&[&str]; 10] = [
    &["zero"],
    &["un", "une", "one"],
    &["deux", "two"],
    &["trois", "three"],
    &["quatre", "four"],
    &["cinq", "five"],
    &["six"],
    &["sept", "seven"],
    &["huit", "eight"],
    &["neuf", "nine"],
];

pub(super) fn nam(found: &Found<'_>) -> Option<Proof> {
    of(found, nam::nam)
}

pub(super) fn nas(found: &Found<'_>) -> Option<Proof> {
    of(found, nas::nas)
}

pub(super) fn card(found: &Found<'_>) -> Option<Proof> {
    of(found, card::card)
}

/// Validates a health-insurance number written backwards. Only a right check digit tells it from any code.
pub(super) fn reversed_nam(found: &Found<'_>) -> Option<Proof> {
    let text: String = found.text.chars().rev().collect();
    nam::nam(&Found { text: &text, ..*found }).filter(|proof| proof.facts.contains(&"check_digit"))
}

fn of(found: &Found<'_>, validator: fn(&Found<'_>) -> Option<Proof>) -> Option<Proof> {
    validator(&Found { text: &written(found.text), ..*found })
}

/// What words spell: a digit for a digit's word, the first letter for one of the radio alphabet, others as they are.
fn written(text: &str) -> String {
    let words =
        text.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let lower = word.to_ascii_lowercase();
            let digit = DIGITS.iter().position(|words| words.contains(&lower.as_str()));
            match (digit, lower.len()) {
                (Some(digit), _) => digit.to_string(),
                (None, 5..) => lower.chars().take(1).map(|first| first.to_ascii_uppercase()).collect(),
                (None, _) if RADIO.contains(&lower.as_str()) => {
                    lower.chars().take(1).map(|first| first.to_ascii_uppercase()).collect()
                }
                (None, _) => word.to_owned(),
            }
        })
        .collect()
}

/// Words of the radio alphabet as short as the letters of a number.
const RADIO: [&str; 11] =
    ["alfa", "echo", "golf", "kilo", "lima", "mike", "papa", "xray", "zulu", "x", "ray"];

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn words_spell_digits_and_letters() {
        for (text, number) in [
            ("TREM zero quatre, un deux-un neuf 2 cinq", "TREM04121925"),
            ("tango romeo echo mike zero four", "TREM04"),
            ("T R E M sept", "TREM7"),
        ] {
            assert_eq!(written(text), number);
        }
    }
}
