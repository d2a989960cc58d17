//! Payment cards: length, issuer prefix, Luhn (prefixes compiled by us, 2026-11).

use super::{Found, Proof, compact, digits, groups, luhn};

/// Numbers that processors publish for tests: no money stands behind them (compiled by us, 2026-11).
const TESTS: [&str; 8] = [
    "4111111111111111",
    "4242424242424242",
    "4000000000000002",
    "5555555555554444",
    "5105105105105100",
    "378282246310005",
    "371449635398431",
    "6011111111111117",
];

pub(super) fn card(found: &Found<'_>) -> Option<Proof> {
    let value = compact(found.text);
    let digits = digits(found.text);
    let first = *digits.first()?;
    let real = !TESTS.contains(&value.as_str()) && digits.iter().any(|digit| *digit != first);
    let valid = real && value.len() == digits.len() && issued(&value) && luhn::holds(&digits);
    let grouped = matches!(groups(found.text).as_slice(), [4, 4, 4, 4] | [4, 6, 5]);
    let facts = ["check_digit"].into_iter().chain(grouped.then_some("grouped")).collect();
    valid.then(|| Proof { value, facts, ..Proof::default() })
}

/// Whether an issuer gives numbers of this prefix and length.
fn issued(value: &str) -> bool {
    let prefix = |length| value.get(..length).and_then(|prefix| prefix.parse::<u32>().ok()).unwrap_or(0);
    match (value.len(), prefix(1), prefix(2), prefix(3), prefix(4)) {
        (13 | 16 | 19, 4, ..) | (15, _, 34 | 37, ..) | (14, _, 36 | 38, ..) | (14, _, _, 300..=305, _) => {
            true
        }
        (16, _, two, three, four) => {
            matches!(two, 51..=55 | 65)
                || matches!(three, 644..=649)
                || matches!(four, 2221..=2720 | 3528..=3589 | 6011)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn issued_numbers_pass_and_look_alikes_do_not() {
        for (text, passes) in [
            ("4539 1488 0343 6467", true),
            ("4539148803436467", true),
            ("5425-2334-3010-9903", true),
            ("3714 496353 98431", false),
            ("374245 455400126", true),
            ("4539 1488 0343 6468", false),
            ("4111 1111 1111 1111", false),
            ("9999999999999995", false),
            ("453914880343", false),
        ] {
            let proof = card(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.is_some(), passes, "{text}");
        }
    }
}
