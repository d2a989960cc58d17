//! Bank accounts. Canadian: transit 5, institution 3, account 7 to 12 digits; institutions compiled by us, 2026-11.
//! IBAN: modulo 97 equal to 1 (python-stdnum, `stdnum/iban.py`, which looks at each country's own structure too).

use super::{Found, Proof, compact};

/// Institutions whose numbers stand on Quebec cheques.
const INSTITUTIONS: [&str; 22] = [
    "001", "002", "003", "004", "006", "010", "016", "030", "039", "117", "127", "177", "219", "260", "270",
    "290", "320", "509", "540", "614", "809", "815",
];

/// Takes transit, institution and account in any order the labels gave; the normal form is in that order.
pub(super) fn account(found: &Found<'_>) -> Option<Proof> {
    let numbers: Vec<&str> = found
        .text
        .split(|character: char| !character.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let (transit, institution, account) = match numbers.as_slice() {
        [first, second, rest @ ..] if first.len() == 5 && second.len() == 3 => {
            (*first, *second, rest.concat())
        }
        [first, second, rest @ ..] if first.len() == 3 && second.len() == 5 => {
            (*second, *first, rest.concat())
        }
        [whole] => (whole.get(..5)?, whole.get(5..8)?, whole.get(8..)?.to_owned()),
        _ => return None,
    };
    let known = INSTITUTIONS.contains(&institution) && (5..=12).contains(&account.len());
    known.then(|| Proof {
        value: format!("{transit}{institution}{account:0>7}"),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

pub(super) fn iban(found: &Found<'_>) -> Option<Proof> {
    let value = compact(found.text);
    let turned = format!("{}{}", value.get(4..)?, value.get(..4)?);
    let rest = turned.chars().try_fold(0, |rest: u32, character| {
        let number = character.to_digit(36)?;
        Some((rest * if number > 9 { 100 } else { 10 } + number) % 97)
    })?;
    ((15..=34).contains(&value.len()) && rest == 1).then(|| Proof {
        value,
        facts: vec!["check_digit"],
        ..Proof::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn found(text: &str) -> Found<'_> {
        Found { text, after: "", today: date(2026, 1, 15) }
    }

    #[test]
    fn accounts_are_put_in_one_order() {
        for (text, value) in [
            ("12345-006-1234567", Some("123450061234567")),
            ("Transit : 12345 / Institution : 815 / Folio : 1234567", Some("123458151234567")),
            ("institution 815, transit 12345, compte 234567", Some("123458150234567")),
            ("12345-999-1234567", None),
        ] {
            assert_eq!(account(&found(text)).map(|proof| proof.value).as_deref(), value, "{text}");
        }
    }

    #[test]
    fn ibans_are_checked_modulo_97() {
        for (text, passes) in [
            ("GB82 WEST 1234 5698 7654 32", true),
            ("FR14 2004 1010 0505 0001 3M02 606", true),
            ("GB82 WEST 1234 5698 7654 33", false),
        ] {
            assert_eq!(iban(&found(text)).is_some(), passes, "{text}");
        }
    }
}
