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
