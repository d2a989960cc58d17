//! Driver's licences of Quebec and Ontario (shapes compiled by us, 2026-11).
//! Quebec: the surname's initial and twelve digits, `A1234-JJMMAA-99`. Ontario: the initial and fourteen digits
//! that end in the birth date YYMMDD, month +50 for women. Neither has a check digit, so the date is the only test.

use jiff::civil::Date;

use super::{Found, Proof, Says, compact, groups};

pub(super) fn quebec(found: &Found<'_>) -> Option<Proof> {
    let value = compact(found.text);
    let part = |from: usize| value.get(from..from + 2).and_then(|part| part.parse::<i8>().ok());
    let births = births(part(9)?, part(7)?, part(5)?, found.today);
    proof(value, births, groups(found.text) == [5, 6, 2], 13)
}

pub(super) fn ontario(found: &Found<'_>) -> Option<Proof> {
    let value = compact(found.text);
    let part = |from: usize| value.get(from..from + 2).and_then(|part| part.parse::<i8>().ok());
    let month = part(11)?;
    let births = births(part(9)?, if month > 50 { month - 50 } else { month }, part(13)?, found.today);
    proof(value, births, groups(found.text) == [5, 5, 5], 15)
}

/// Dates on which the holder of a licence may be born: 14 to 115 years ago.
fn births(year: i8, month: i8, day: i8, today: Date) -> Vec<Date> {
    let dates =
        [1900, 2000].into_iter().filter_map(|century| Date::new(century + i16::from(year), month, day).ok());
    dates.filter(|date| (14..=115).contains(&(today.year() - date.year()))).collect()
}

fn proof(value: String, births: Vec<Date>, grouped: bool, length: usize) -> Option<Proof> {
    let facts = ["shape"].into_iter().chain(grouped.then_some("grouped")).collect();
    let valid = value.len() == length && !births.is_empty();
    valid.then_some(Proof { value, facts, says: Says { births, ..Says::default() } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_date_inside_decides() {
        for (text, qc, on) in [
            ("T6512-030854-07", true, false),
            ("T651203085407", true, false),
            ("T6512-320854-07", false, false),
            ("T6512-031354-07", false, false),
            ("S1234-56785-40803", false, true),
            ("S1234-56785-45803", false, true),
            ("S1234-56785-41399", false, false),
        ] {
            let found = Found { text, after: "", today: date(2026, 1, 15) };
            assert_eq!((quebec(&found).is_some(), ontario(&found).is_some()), (qc, on), "{text}");
        }
    }
}
