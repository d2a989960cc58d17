//! The social insurance number (NAS): nine digits, Luhn, first digit 1-7 or 9 (9 = temporary); 0 and 8 are not issued
//! (python-stdnum, `stdnum/ca/sin.py`; Presidio, `ca_sin_recognizer.py`).

use super::{Found, Proof, compact, digits, groups, luhn};

pub(super) fn nas(found: &Found<'_>) -> Option<Proof> {
    let digits = digits(found.text);
    let first = *digits.first()?;
    let issued = matches!(first, 1..=7 | 9) && digits.iter().any(|digit| *digit != first);
    let unit = found.after.trim_start().split(|other: char| !other.is_ascii_alphabetic()).next();
    let counts = unit.is_some_and(|unit| UNITS.contains(&unit));
    let valid = digits.len() == 9 && issued && luhn::holds(&digits) && !counts;
    let mut facts = vec!["check_digit"];
    facts.extend((groups(found.text) == [3, 3, 3]).then_some("grouped"));
    valid.then(|| Proof { value: compact(found.text), facts, ..Proof::default() })
}

/// What a number counts, on a disk called NAS or elsewhere, as units are written: `to` and `go` are English words.
const UNITS: [&str; 21] = [
    "o",
    "ko",
    "Ko",
    "Mo",
    "Go",
    "To",
    "kB",
    "KB",
    "MB",
    "GB",
    "TB",
    "octets",
    "Octets",
    "bytes",
    "fichiers",
    "copies",
    "exemplaires",
    "unites",
    "personnes",
    "dollars",
    "euros",
];

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn issued_numbers_pass_and_fictitious_ones_do_not() {
        for (text, facts) in [
            ("130 692 544", Some(&["check_digit", "grouped"][..])),
            ("123-456-782", Some(&["check_digit", "grouped"][..])),
            ("130692544", Some(&["check_digit"][..])),
            ("046 454 286", None),
            ("130 692 545", None),
            ("111 111 111", None),
            ("13069254", None),
        ] {
            let proof = nas(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.as_ref().map(|proof| &proof.facts[..]), facts, "{text}");
        }
    }
}
