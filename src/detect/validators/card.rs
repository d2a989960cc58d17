//! Payment cards: length, issuer prefix, Luhn (prefixes compiled by us, 2026-11).

use super::{Found, Proof, compact, digits, groups, luhn};

/// Numbers that processors publish for tests: no money stands behind them (compiled by us, 2026-11).
const TESTS: [&str; 32] = [
    "4111111111111111",
    "4242424242424242",
    "4000000000000002",
    "4000056655665556",
    "4012888888881881",
    "4012000033330026",
    "4005519200000004",
    "4009348888881881",
    "4217651111111119",
    "4500600000000061",
    "4222222222222",
    "4917610000000000",
    "4917610000000000003",
    "5555555555554444",
    "5105105105105100",
    "5200828282828210",
    "2223003122003222",
    "2223000048400011",
    "2223000010479399",
    "5431111111111111",
    "5454545454545454",
    "5424000000000015",
    "378282246310005",
    "371449635398431",
    "378734493671000",
    "370000000000002",
    "6011111111111117",
    "6011000990139424",
    "6011000000000012",
    "30569309025904",
    "38520000023237",
    "3530111333300000",
];

/// What processors start their test numbers with, followed by zeros almost to the end.
const TEST_START: [&str; 4] = ["400000", "510510", "222300", "601100"];

pub(super) fn card(found: &Found<'_>) -> Option<Proof> {
    let mut value = compact(found.text);
    // `4539148803436467Exp:04/28`
    value.truncate(value.trim_end_matches(char::is_alphabetic).len());
    let groups = groups(found.text);
    // `4539 1488 0343 6467 123`: the code of the card stands after it.
    let own = value.get(..16).is_some_and(is_card);
    let coded = value.len() == 19 && own && groups.len() > 1 && groups.last() == Some(&3);
    value.truncate(if coded { 16 } else { value.len() });
    let grouped = matches!(groups.as_slice(), [4, 4, 4, 4] | [4, 6, 5] | [4, 6, 4] | [4, 4, 4, 4, 3]);
    let facts =
        ["check_digit"].into_iter().chain(grouped.then_some("grouped")).chain(coded.then_some("code"));
    is_card(&value).then(|| Proof { facts: facts.collect(), value, ..Proof::default() })
}

/// Whether a number is one that an issuer gives, with its check digit, and none published for tests.
fn is_card(value: &str) -> bool {
    let digits = digits(value);
    let zeros = value.get(6..).is_some_and(|rest| rest.bytes().filter(|byte| *byte == b'0').count() >= 6);
    let test = TESTS.contains(&value) || (zeros && TEST_START.iter().any(|start| value.starts_with(start)));
    let varied = digits.iter().any(|digit| Some(digit) != digits.first());
    !test && varied && value.len() == digits.len() && issued(value) && luhn::holds(&digits)
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
            ("4539148803436467Exp", true),
            ("4539 1488 0343 6467 123", true),
            ("4539 1488 0343 6468 123", false),
            ("5425-2334-3010-9903", true),
            ("3714 496353 98431", false),
            ("374245 455400126", true),
            ("4539 1488 0343 6468", false),
            ("4111 1111 1111 1111", false),
            ("9999999999999995", false),
            ("453914880343", false),
            ("4000 0000 0000 3220", false),
            ("5200 8282 8282 8210", false),
            ("3056 930902 5904", false),
            ("2221 0012 3456 7896", true),
            ("3600 123456 7895", true),
        ] {
            let proof = card(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.is_some(), passes, "{text}");
        }
    }
}
