//! Numbers of civil status, of immigration and of professionals: shapes without check digit (compiled by us, 2026-11), so that
//! a label always decides.

use super::{Found, Proof, compact, digits};

/// Takes digits that are not all the same, nor a run of zeros with a tail.
pub(super) fn varied(found: &Found<'_>) -> Option<Proof> {
    let digits = digits(found.text);
    let varied = digits.iter().any(|digit| Some(digit) != digits.first());
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    (varied && zeros < 4).then(|| Proof {
        value: compact(found.text),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

/// Takes letters and digits of a paper, unless the letters are a little word before a number or a day: `passeport no 123456`,
/// `permis valide du 20260115`.
pub(super) fn lettered(found: &Found<'_>) -> Option<Proof> {
    let word = found.text.split(' ').next().unwrap_or_default();
    let little = word.len() < found.text.len() && LITTLE.iter().any(|other| word.eq_ignore_ascii_case(other));
    let day = digits(found.text);
    let refused = little || day.len() == 8 && is_day(&day);
    if refused { None } else { varied(found) }
}

/// Words of two letters that stand before numbers.
const LITTLE: [&str; 27] = [
    "du", "de", "au", "le", "la", "no", "en", "is", "to", "un", "et", "of", "at", "in", "on", "or", "by",
    "as", "an", "ce", "es", "ou", "si", "id", "nr", "ne", "a",
];

/// The client of immigration: eight or ten digits that are neither two years, nor a day, nor two telephones of one office
/// (`2026-2027`, `2026-1130`, `2214-2215`).
pub(super) fn client(found: &Found<'_>) -> Option<Proof> {
    let digits = digits(found.text);
    let part = |from: usize| digits.get(from..from + 4).map(number).unwrap_or_default();
    let (first, last) = (part(0), part(4));
    let is_year = |number: u32| (1900..2100).contains(&number);
    let is_range = is_year(first) && is_year(last) || last.checked_sub(first).is_some_and(|more| more < 100);
    let refused = digits.len() == 8 && (is_range || is_day(&digits));
    (!refused).then(|| varied(found)).flatten()
}

/// Takes digits that look like a number somebody was given: neither a day nor a round sum.
pub(super) fn plain(found: &Found<'_>) -> Option<Proof> {
    let digits = digits(found.text);
    let round = digits.iter().rev().take_while(|digit| **digit == 0).count() >= 3;
    (!round && !is_day(&digits)).then(|| varied(found)).flatten()
}

/// Whether digits are a day, `20260115`, or a month, `202601`.
pub(super) fn is_day(digits: &[u32]) -> bool {
    let part = |part: std::ops::Range<usize>| digits.get(part).map(number).unwrap_or_default();
    let day = digits.len() == 6 || digits.len() == 8 && (1..=31).contains(&part(6..8));
    (1900..2100).contains(&part(0..4)) && (1..=12).contains(&part(4..6)) && day
}

fn number(digits: &[u32]) -> u32 {
    digits.iter().fold(0, |number, digit| number * 10 + digit)
}

/// The billing number of a professional at the Régie: a digit for the profession (1 = physician), the five digits of the
/// permit, one more (Collège des médecins, notice of 2013-01-08). The permit alone is public.
pub(super) fn billing(found: &Found<'_>) -> Option<Proof> {
    let digits = digits(found.text);
    let valid = digits.len() == 7 && digits.first().is_some_and(|first| *first != 0);
    valid.then(|| varied(found)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn years_days_and_neighbours_are_no_numbers_of_clients() {
        for (text, is_client, is_plain) in [
            ("1123-4567", true, true),
            ("11-2345-6789", true, true),
            ("2026-2027", false, true),
            ("2026-1130", false, false),
            ("2214-2215", false, true),
            ("2214-3215", true, true),
            ("202611", true, false),
            ("3500000", true, false),
            ("20261345", true, true),
        ] {
            let found = Found { text, after: "", today: date(2026, 1, 15) };
            assert_eq!((client(&found).is_some(), plain(&found).is_some()), (is_client, is_plain), "{text}");
        }
    }

    #[test]
    fn shapes_are_kept_and_fillers_are_not() {
        for (text, any, professional) in [
            ("1234567", true, true),
            ("0234567", true, false),
            ("11-2345-6789", true, false),
            ("0000001", false, false),
            ("9999999", false, false),
        ] {
            let found = Found { text, after: "", today: date(2026, 1, 15) };
            assert_eq!((varied(&found).is_some(), billing(&found).is_some()), (any, professional), "{text}");
        }
    }
}
