//! The month and the year until which a card is valid, and its code of three digits, right after its number.

/// What stands between a number, its expiry and its code.
const MARKS: [char; 11] = [' ', '\t', '\n', ',', ';', ':', '-', '|', '/', '(', '.'];
/// Most of them in a row.
const GAP: usize = 6;
/// Words that announce an expiry, and those that announce a code.
const UNTIL: [&str; 10] = [
    "exp",
    "expiration",
    "expire",
    "expires",
    "expiry",
    "date",
    "d'expiration",
    "valide",
    "valid",
    "jusqu'au",
];
const CODE: [&str; 7] = ["cvv", "cvc", "cvv2", "cvc2", "csc", "cid", "code"];
/// Years of two digits that a card may bear.
const YEARS: std::ops::Range<u32> = 10..50;

/// An expiry after a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// Whether a mark parts the month from the year: `04/28` is one, `0428` may be any four digits.
    pub marked: bool,
    /// Whether a code follows.
    pub coded: bool,
}

/// Reads an expiry at the start of what follows a number.
pub fn expiry(after: &str) -> Option<Expiry> {
    let rest = announced(after, &UNTIL)?;
    let (month, rest) = digits(rest);
    let (month, year, rest, marked) = match month.len() {
        4 => (month.get(..2)?, month.get(2..)?, rest, false),
        2 => {
            let parted = rest.trim_start_matches(' ').strip_prefix(['/', '-', '.', '|'])?;
            let (year, rest) = digits(parted.trim_start_matches(' '));
            (month, year, rest, true)
        }
        _ => return None,
    };
    let year = if year.len() == 4 { year.strip_prefix("20")? } else { year };
    let is_read = (1..=12).contains(&month.parse::<u32>().ok()?)
        && year.len() == 2
        && YEARS.contains(&year.parse::<u32>().ok()?)
        && !rest.starts_with(|next: char| next.is_ascii_alphanumeric())
        && !is_date(rest);
    is_read.then(|| Expiry { marked, coded: is_code(rest) })
}

/// What follows marks and words of a list; `None` when nothing parts it from the number.
fn announced<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    let mut rest = text;
    for _ in 0..=2 {
        let bare = rest.trim_start_matches(MARKS);
        if rest.len() - bare.len() > GAP {
            return None;
        }
        let end = bare.find(|next: char| !next.is_ascii_alphanumeric() && next != '\'').unwrap_or(bare.len());
        let (word, after) = bare.split_at_checked(end)?;
        let goes_on = rest.len() < text.len() && word == "le";
        if !goes_on && !words.iter().any(|known| word.eq_ignore_ascii_case(known)) {
            return (bare.len() < text.len()).then_some(bare);
        }
        rest = after;
    }
    None
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at_checked(end).unwrap_or_default()
}

/// Whether a year of four digits goes on, so that what was read is the start of a date: `04/28/2026`.
fn is_date(rest: &str) -> bool {
    let length = rest.strip_prefix(['/', '-', '.', '|']).map_or(0, |rest| digits(rest).0.len());
    matches!(length, 2 | 4)
}

fn is_code(rest: &str) -> bool {
    let (code, after) = announced(rest, &CODE).map(digits).unwrap_or_default();
    code.len() == 3 && !after.starts_with(|next: char| next.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::expiry;

    #[test]
    fn a_month_and_a_year_are_read_with_the_code_after_them() {
        for (after, marked, coded) in [
            (" 04/28 123", true, true),
            ("\n04/28\n233", true, true),
            (" - 04/2028 - 233", true, true),
            (" 04.28", true, false),
            (", exp. 04/28, CVV 123", true, true),
            (" Exp:04/28", true, false),
            (" expire le 04/28", true, false),
            ("|04|28|123", true, true),
            (" 0428", false, false),
            (" 0428 123", false, true),
            ("\nExp. 04 / 28", true, false),
        ] {
            assert_eq!(
                expiry(after).map(|found| (found.marked, found.coded)),
                Some((marked, coded)),
                "{after}"
            );
        }
        for after in [
            "",
            "0428",
            " 13/28",
            " 04/28/2026",
            " 2028",
            " 04/281",
            " le 04/28",
            " 04/99",
            " 1428",
            "|04|28|2026",
        ] {
            assert_eq!(expiry(after), None, "{after}");
        }
    }
}
