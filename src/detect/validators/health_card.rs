//! Health cards of the other provinces and territories. Only Ontario and British Columbia have a check digit that is known.
//! Sources, whose numbers are in the tables: INSPQ "Utilitaire NAM"
//! (`NumeroAssuranceMaladie…ValideSpecification.java` of each province), petalmd/health_card (`ontario_validator.rb`),
//! python-stdnum (`stdnum/ca/bc_phn.py`).

use super::permit::is_day;
use super::{Found, Proof, compact, digits, groups, luhn};

/// Weights of digits 2 to 9 of a personal health number.
const BC_WEIGHTS: [u32; 8] = [2, 4, 8, 5, 10, 9, 7, 3];

/// Ontario: ten digits that satisfy Luhn, the first not 0, then a version code of up to two letters.
pub(super) fn ohip(found: &Found<'_>) -> Option<Proof> {
    let value = compact(found.text);
    let digits = digits(found.text);
    let valid = digits.len() == 10 && digits.first().is_some_and(|first| *first != 0) && luhn::holds(&digits);
    let mut facts = facts(found.text);
    facts.extend((value.len() > 10).then_some("version"));
    valid.then(|| Proof { value, facts, ..Proof::default() })
}

/// British Columbia: ten digits, the first 9, the last a weighted sum modulo 11. As INSPQ does, a sum that leaves nothing
/// refuses the number, where python-stdnum asks for a last digit of 0.
pub(super) fn bc_phn(found: &Found<'_>) -> Option<Proof> {
    let digits = digits(found.text);
    let (last, rest) = digits.split_last()?;
    let sum: u32 = rest.iter().skip(1).zip(BC_WEIGHTS).map(|(digit, weight)| digit * weight % 11).sum();
    let valid = digits.len() == 10 && digits.first() == Some(&9) && 11 - sum % 11 == *last;
    valid.then(|| Proof { value: compact(found.text), facts: facts(found.text), ..Proof::default() })
}

/// Alberta, Manitoba, New Brunswick, Saskatchewan, Yukon: nine digits, the first not 0; Prince Edward Island eight or nine; Nova
/// Scotia ten; Newfoundland and Labrador twelve. Nothing but the length tells such a number, so that a label must.
pub(super) fn province(found: &Found<'_>) -> Option<Proof> {
    let digits = digits(found.text);
    let varied = digits.iter().any(|digit| Some(digit) != digits.first());
    let possible = varied && digits.first() != Some(&0) && !is_day(&digits);
    let valid = possible && matches!(digits.len(), 8..=10 | 12);
    valid.then(|| Proof { value: compact(found.text), facts: vec!["shape"], ..Proof::default() })
}

/// Nunavut: nine digits, the first 1, the last 2 to 7.
pub(super) fn nunavut(found: &Found<'_>) -> Option<Proof> {
    let digits = digits(found.text);
    let valid = digits.len() == 9 && digits.first() == Some(&1) && matches!(digits.last(), Some(2..=7));
    valid.then(|| Proof { value: compact(found.text), facts: vec!["shape"], ..Proof::default() })
}

fn facts(text: &str) -> Vec<&'static str> {
    let grouped = matches!(groups(text).as_slice(), [4, 3, 3, ..]);
    ["check_digit"].into_iter().chain(grouped.then_some("grouped")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn found(text: &str) -> Found<'_> {
        Found { text, after: "", today: date(2026, 1, 15) }
    }

    #[test]
    fn ontario_numbers() {
        for (text, value) in [
            ("9876-543-217", Some("9876543217")),
            ("9401141925", Some("9401141925")),
            ("9876-543-217-AB", Some("9876543217AB")),
            ("9401141926", None),
            ("0876543217", None),
        ] {
            assert_eq!(ohip(&found(text)).map(|proof| proof.value).as_deref(), value, "{text}");
        }
    }

    /// "INSPQ accepted vectors for other provinces".
    #[test]
    fn numbers_of_the_other_provinces() {
        for (text, passes, inuit) in [
            ("940114192", true, false),
            ("94011 4192", true, false),
            ("20260115", false, false),
            ("940-114-195", true, false),
            ("9401141923", true, false),
            ("940114192698", true, false),
            ("112345672", true, true),
            ("112345678", true, false),
            ("212345672", true, false),
            ("040114192", false, false),
            ("111111111", false, false),
            ("9401141", false, false),
        ] {
            assert_eq!(
                (province(&found(text)).is_some(), nunavut(&found(text)).is_some()),
                (passes, inuit),
                "{text}"
            );
        }
    }

    #[test]
    fn british_columbia_numbers() {
        for (text, passes) in
            [("9698 658 215", true), ("9759528158", true), ("9759528153", false), ("8698658215", false)]
        {
            assert_eq!(bc_phn(&found(text)).is_some(), passes, "{text}");
        }
    }
}
