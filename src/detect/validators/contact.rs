//! Telephones, postal codes and personal e-mail addresses: they tell more of a person who is already found, and nothing alone.

use super::{Found, Proof, compact, digits};

/// Area codes of Quebec, then the others of Canada, then toll-free ones, which are no one's own (compiled by us, 2026-11, on
/// the plan of the Canadian Numbering Administrator).
const AREAS: [u32; 55] = [
    263, 354, 367, 418, 438, 450, 468, 514, 579, 581, 819, 873, // Quebec
    204, 226, 236, 249, 250, 257, 289, 306, 343, 365, 368, 382, 403, 416, 428, 431, 437, 460, 474, 506, 519,
    537, 548, 584, 587, 604, 613, 639, 647, 672, 683, 705, 709, 742, 753, 778, 780, 782, 807, 825, 867, 902,
    905,
];

/// Takes ten digits, or eleven after a 1, whose area code and exchange exist in Canada.
pub(super) fn phone(found: &Found<'_>) -> Option<Proof> {
    let all = digits(found.text);
    let digits = if all.len() == 11 { all.strip_prefix(&[1])? } else { all.as_slice() };
    let number = |from: usize| {
        digits.get(from..from + 3).map(|part| part.iter().fold(0, |sum, digit| sum * 10 + digit))
    };
    let valid = digits.len() == 10 && AREAS.contains(&number(0)?) && number(3)? >= 200;
    let value: String = digits.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect();
    valid.then(|| Proof { value, facts: vec!["shape"], ..Proof::default() })
}

/// Takes a postal code: no D, F, I, O, Q or U, and no W or Z in front (Canada Post).
pub(super) fn postal_code(found: &Found<'_>) -> Option<Proof> {
    let value = compact(found.text);
    let mut letters = value.chars().filter(char::is_ascii_alphabetic);
    let first = letters.next()?;
    let valid = !"DFIOQUWZ".contains(first) && letters.all(|letter| !"DFIOQU".contains(letter));
    valid.then(|| Proof { value, facts: vec!["shape"], ..Proof::default() })
}

/// Takes an address as it is written, in lower case.
pub(super) fn mailbox(found: &Found<'_>) -> Option<Proof> {
    Some(Proof { value: found.text.to_ascii_lowercase(), facts: vec!["shape"], ..Proof::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn telephones_and_postal_codes_exist() {
        for (text, is_phone, is_code) in [
            ("450 555-0199", true, false),
            ("1 (819) 555-0123", true, false),
            ("450 055-0199", false, false),
            ("999 555-0199", false, false),
            ("800 555-0199", false, false),
            ("J7Z 1X4", false, true),
            ("D7Z 1X4", false, false),
            ("J7O 1X4", false, false),
            ("W1A 1A1", false, false),
        ] {
            let found = Found { text, after: "", today: date(2026, 1, 15) };
            assert_eq!(
                (phone(&found).is_some(), postal_code(&found).is_some()),
                (is_phone, is_code),
                "{text}"
            );
        }
    }
}
