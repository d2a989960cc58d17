//! Dates that may be birth dates: every way of writing one in French and English (compiled by us, 2026-11).
//!
//! `03/08/1954` keeps both readings, day first; two-digit years mean 1915 to 2014 first. Dates on which nobody is
//! born, the fillers that systems write for "unknown", are refused.

use jiff::SignedDuration;
use jiff::civil::{Date, date as day};

use super::{Found, Proof, Says};

/// What clinical systems write when they do not know: spreadsheet day 0 (CISSS des Laurentides, « Normes de saisie »,
/// eClinibase), first days and last days (compiled by us, 2026-11).
const FILLERS: [Date; 4] = [day(1899, 12, 30), day(1900, 1, 1), day(1901, 1, 1), day(9999, 12, 31)];

/// First letters of each month in French and English, without accents, longest first where one begins another.
const MONTHS: [(&str, i8); 22] = [
    ("jan", 1),
    ("fev", 2),
    ("feb", 2),
    ("fv", 2),
    ("mars", 3),
    ("mar", 3),
    ("avr", 4),
    ("apr", 4),
    ("mai", 5),
    ("may", 5),
    ("juin", 6),
    ("jun", 6),
    ("juil", 7),
    ("jul", 7),
    ("aou", 8),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("ao", 8),
    ("dc", 12),
];

/// Months in Roman numerals, as stamps and Eastern European papers write them.
const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

/// Reads a date and says how likely someone alive was born on it.
pub(super) fn date(found: &Found<'_>) -> Option<Proof> {
    let (births, facts) = readings(found)?;
    told(births, facts, found)
}

/// Judges the dates that a text may mean.
pub(super) fn told(mut births: Vec<Date>, mut facts: Vec<&'static str>, found: &Found<'_>) -> Option<Proof> {
    births.retain(|birth| !FILLERS.contains(birth) && (1850..=2150).contains(&birth.year()));
    if births.iter().any(|birth| *birth <= found.today) {
        births.retain(|birth| *birth <= found.today);
    }
    let first = births.first()?;
    facts.push(age_fact(*first, found.today));
    facts.extend(has_time(found.after).then_some("time"));
    facts.extend(age_follows(*first, found).then_some("same_age"));
    Some(Proof { value: first.to_string(), facts, says: Says { births, ..Says::default() } })
}

/// Day zero of spreadsheets (ECMA-376, part 1, 18.17.4.1).
const DAY_ZERO: Date = day(1899, 12, 30);
/// Serial numbers of 1905-01-01 to 2049; those that are years written alone are refused.
const SERIALS: std::ops::Range<i32> = 1828..54789;
const YEARS: std::ops::Range<i32> = 1890..2040;

/// Days by which spreadsheets that count from 1904 are behind (ECMA-376, part 1, 18.17.4.1).
const SINCE_1904: i32 = 1462;

/// Reads the serial number of a day in a spreadsheet, decimals ignored: as nearly all count, and as those that count from 1904, so that
/// the date inside a number beside it decides.
pub(super) fn serial(found: &Found<'_>) -> Option<Proof> {
    let whole = found.text.split(['.', ',']).next()?;
    let days: i32 = whole.parse().ok().filter(|days| SERIALS.contains(days) && !YEARS.contains(days))?;
    let day = |days: i32| DAY_ZERO.checked_add(SignedDuration::from_hours(24 * i64::from(days))).ok();
    told([days, days + SINCE_1904].into_iter().filter_map(day).collect(), Vec::new(), found)
}

/// Reads an age and the date in brackets after it: a birth when the one is the age on that date.
pub(super) fn of_age(found: &Found<'_>) -> Option<Proof> {
    let (age, rest) = found.text.split_once([' ', 'a', 'A', 'y', 'Y'])?;
    let date = rest.trim_start_matches(|character: char| !character.is_ascii_digit());
    let (births, mut facts) = readings(&Found { text: date, ..*found })?;
    facts.extend(is_age_of(*births.first()?, age, found.today).then_some("same_age"));
    told(births, facts, found)
}

/// Reads a date whose three numbers stand apart, each in its box: `1954 | 08 | 03`, `Jour : 03 … Année : 1954`.
pub(super) fn in_pieces(found: &Found<'_>) -> Option<Proof> {
    let mut numbers =
        found.text.split(|character: char| !character.is_ascii_digit()).filter(|part| !part.is_empty());
    let (first, second, third) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let (day, year) = if first.len() == 4 { (third, first) } else { (first, third) };
    let (years, facts) = years(year);
    let births = years.filter_map(|year| Date::new(year, second.parse().ok()?, day.parse().ok()?).ok());
    told(births.collect(), facts, found)
}

/// Reads a date whose label says that its year, of two digits, comes first.
pub(super) fn year_first(found: &Found<'_>) -> Option<Proof> {
    let numbers: Vec<&str> = found.text.split(|character: char| !character.is_ascii_digit()).collect();
    let [year, month, day] = numbers.as_slice() else { return None };
    let births =
        years(year).0.filter_map(|year| Date::new(year, month.parse().ok()?, day.parse().ok()?).ok());
    told(births.collect(), Vec::new(), found)
}

/// Reads a month and a year of birth; the value has no day.
pub(super) fn month_of_birth(found: &Found<'_>) -> Option<Proof> {
    let month = month(found.text)?;
    let year: i16 =
        found.text.split(|character: char| !character.is_ascii_digit()).find_map(|part| part.parse().ok())?;
    let first = Date::new(year, month, 1).ok().filter(|first| *first <= found.today)?;
    Some(Proof {
        value: format!("{:04}-{:02}", first.year(), first.month()),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

/// What the age at the message's date says.
fn age_fact(birth: Date, today: Date) -> &'static str {
    match today.duration_since(birth).as_hours() / 24 {
        0..=400 => "recent",
        401..=42_456 => "plausible_age",
        _ => "future",
    }
}

type Readings = (Vec<Date>, Vec<&'static str>);

fn readings(found: &Found<'_>) -> Option<Readings> {
    let mut numbers =
        found.text.split(|character: char| !character.is_ascii_digit()).filter(|part| !part.is_empty());
    let numbers = [numbers.next(), numbers.next(), numbers.next(), numbers.next()];
    match (numbers, month(found.text)) {
        ([Some(day), Some(year), None, _], Some(month)) if year.len() != 3 => Some(worded(day, month, year)),
        ([_, Some(second), Some(third), None], None) if !parted_alike(found.text, second, third) => None,
        ([Some(first), Some(second), Some(third), None], None) => Some(numeric(first, second, third)),
        ([Some(whole), None, ..], None) if whole.len() == 8 => Some(compact(whole)),
        ([Some(whole), None, ..], None) if whole.len() == 6 => Some(six(whole)),
        _ => None,
    }
}

pub(super) fn month(text: &str) -> Option<i8> {
    if !text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let words = || text.split(|character: char| !character.is_alphabetic()).filter(|word| !word.is_empty());
    let roman = words().find_map(|word| ROMAN.iter().position(|other| *other == word));
    if let Some(index) = roman {
        return i8::try_from(index + 1).ok();
    }
    words()
        .map(str::to_ascii_lowercase)
        .filter(|word| word.len() > 1)
        .find_map(|word| MONTHS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, month)| *month))
}

fn worded(first: &str, month: i8, second: &str) -> Readings {
    let (day, year) = if first.len() == 4 { (second, first) } else { (first, second) };
    let (years, facts) = years(year);
    (years.filter_map(|year| Date::new(year, month, day.parse().ok()?).ok()).collect(), facts)
}

fn numeric(first: &str, second: &str, third: &str) -> Readings {
    let number = |text: &str| text.parse::<i8>().ok();
    let (year, orders) = match (first.len(), third.len()) {
        (4, _) => (first, [(number(third), number(second)), (number(second), number(third))]),
        (2, 2) if number(first).is_some_and(|first| !(1..=31).contains(&first)) => {
            (first, [(number(third), number(second)), (number(second), number(third))])
        }
        _ => (third, [(number(first), number(second)), (number(second), number(first))]),
    };
    let (years, facts) = years(year);
    let dates = |(day, month): (Option<i8>, Option<i8>)| {
        years.clone().filter_map(move |year| Date::new(year, month?, day?).ok())
    };
    let mut births: Vec<Date> = orders.into_iter().flat_map(dates).collect();
    births.dedup();
    (births, facts)
}

/// Whether the three numbers of a date have one separator: `1918 - 19/06` is the end of something and a date.
fn parted_alike(text: &str, second: &str, third: &str) -> bool {
    let mut gaps =
        text.split(|character: char| character.is_ascii_digit()).filter(|gap| !gap.is_empty()).map(str::trim);
    let (one, other) = (gaps.next().unwrap_or_default(), gaps.next().unwrap_or_default());
    second.is_empty() || third.is_empty() || one.is_empty() || other.is_empty() || one == other
}

/// Eight digits: year first, else day first.
fn compact(whole: &str) -> Readings {
    let part = |from: usize, to: usize| whole.get(from..to).unwrap_or_default();
    let (mut births, mut facts) = numeric(part(0, 4), part(4, 6), part(6, 8));
    births.truncate(1);
    births.retain(|birth| {
        (1900..=2035).contains(&birth.year()) && birth.month() == part(4, 6).parse::<i8>().unwrap_or(0)
    });
    if births.is_empty() {
        births = numeric(part(0, 2), part(2, 4), part(4, 8)).0;
        births.retain(|birth| (1900..=2035).contains(&birth.year()));
    }
    facts.push("compact");
    (births, facts)
}

/// Six digits: year first, as a health-insurance number has it, else day first.
fn six(whole: &str) -> Readings {
    let part = |from: usize| whole.get(from..from + 2).unwrap_or_default();
    let (years_first, facts) = years(part(0));
    let (years_last, _) = years(part(4));
    let dates = |years: Years, day: &str| {
        let (month, day) = (part(2).parse::<i8>().ok(), day.parse::<i8>().ok());
        years.filter_map(move |year| Date::new(year, month?, day?).ok()).collect::<Vec<_>>()
    };
    let births = dates(years_first, part(4));
    (if births.is_empty() { dates(years_last, part(0)) } else { births }, facts)
}

/// The years that a written year may mean, likeliest first.
fn years(text: &str) -> (Years, Vec<&'static str>) {
    let (years, facts) = match (text.len(), text.parse::<i16>()) {
        (4, Ok(year)) => ([Some(year), None], Vec::new()),
        (2, Ok(year)) if year >= 15 => ([Some(1900 + year), Some(2000 + year)], vec!["two_digit_year"]),
        (2, Ok(year)) => ([Some(2000 + year), Some(1900 + year)], vec!["two_digit_year"]),
        _ => ([None, None], Vec::new()),
    };
    (years.into_iter().flatten(), facts)
}

/// One year, or the two that two digits may mean.
type Years = std::iter::Flatten<std::array::IntoIter<Option<i16>, 2>>;

/// Whether the age on that date follows: `1954-08-03, 71 ans`.
fn age_follows(birth: Date, found: &Found<'_>) -> bool {
    let after = found.after.trim_start_matches([' ', ',', '(', '-', ';', '/', ')']);
    let after = after.strip_prefix("agee de ").or_else(|| after.strip_prefix("age de ")).unwrap_or(after);
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = after.split_at_checked(digits).unwrap_or_default();
    let unit = unit.trim_start();
    let is_age = ["ans", "a.", "y/o", "yo", "y.o", "years old"].iter().any(|word| unit.starts_with(word));
    is_age && is_age_of(birth, number, found.today)
}

/// Whether a number is the age of someone born on a date, or was until the last birthday.
fn is_age_of(birth: Date, number: &str, today: Date) -> bool {
    let before_birthday = (birth.month(), birth.day()) > (today.month(), today.day());
    let age = today.year() - birth.year() - i16::from(before_birthday);
    number.parse::<i16>().is_ok_and(|number| (age - 1..=age).contains(&number) && number > 0)
}

/// Whether a time of day follows: an event, not a birth.
fn has_time(after: &str) -> bool {
    let after = after.trim_start_matches([' ', ',', 'T']);
    let after = after.strip_prefix("a ").or_else(|| after.strip_prefix("at ")).unwrap_or(after).trim_start();
    let hour = after.bytes().take_while(u8::is_ascii_digit).count();
    let rest = after.get(hour..).unwrap_or_default().trim_start();
    let midnight = after.starts_with("00:00") && !after.starts_with("00:00:01");
    (1..=2).contains(&hour)
        && !midnight
        && (rest.starts_with([':', 'h', 'H']) || rest.starts_with("am") || rest.starts_with("pm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, after: &str) -> Option<Proof> {
        super::date(&Found { text, after, today: day(2026, 1, 15) })
    }

    #[test]
    fn every_form_reads_as_the_same_date() {
        for text in [
            "1954-08-03",
            "1954/08/03",
            "1954.08.03",
            "1954 08 03",
            "19540803",
            "03-08-1954",
            "03/08/1954",
            "3/8/54",
            "3 aout 1954",
            "03 AOUT 1954",
            "3 aout 54",
            "Aug 3, 1954",
            "August 3rd, 1954",
            "03-AUG-1954",
            "1954 aout 3",
            "03081954",
            "3 ao?t 1954",
        ] {
            assert_eq!(read(text, "").map(|proof| proof.value).as_deref(), Some("1954-08-03"), "{text}");
        }
        assert_eq!(read("1er mai 61", "").map(|proof| proof.value).as_deref(), Some("1961-05-01"));
        assert_eq!(read("07/28/1954", "").map(|proof| proof.value).as_deref(), Some("1954-07-28"));
    }

    #[test]
    fn day_and_month_that_cannot_be_told_apart_keep_both_readings() {
        assert_eq!(read("03/08/1954", "").unwrap().says.births, [day(1954, 8, 3), day(1954, 3, 8)]);
        assert_eq!(read("13/08/1954", "").unwrap().says.births, [day(1954, 8, 13)]);
    }

    #[test]
    fn ages_boxes_and_orders_tell_a_date() {
        let found = |text| Found { text, after: "", today: day(2026, 1, 15) };
        let same = |text| of_age(&found(text)).is_some_and(|proof| proof.facts.contains(&"same_age"));
        assert!(same("71 ans (1954-08-03") && same("71ans, 3 aout 1954") && !same("45 ans (1954-08-03"));
        for (text, read) in [
            ("1954 | 08 | 03", Some("1954-08-03")),
            ("Jour : 03\nMois : 08\nAnnee : 1954", Some("1954-08-03")),
            ("1954 | 13 | 03", None),
        ] {
            assert_eq!(in_pieces(&found(text)).map(|proof| proof.value).as_deref(), read, "{text}");
        }
        assert_eq!(year_first(&found("08-11-14")).unwrap().value, "2008-11-14");
        assert_eq!(year_first(&found("54 08 03")).unwrap().value, "1954-08-03");
    }

    #[test]
    fn impossible_dates_and_fillers_are_refused() {
        for text in [
            "1954-13-32",
            "1899-12-30",
            "1900-01-01",
            "1901-01-01",
            "9999-12-31",
            "31 fevrier 1954",
            "12345678",
            "3 xyz 1954",
        ] {
            assert_eq!(read(text, ""), None, "{text}");
        }
    }

    #[test]
    fn age_and_time_of_day_are_told() {
        for (text, after, fact) in [
            ("1954-08-03", "", "plausible_age"),
            ("2025-12-03", "", "recent"),
            ("2031-12-03", "", "future"),
            ("1954-08-03", " 14:05", "time"),
            ("1954-08-03", ", a 8h30", "time"),
            ("3/8/54", "", "two_digit_year"),
        ] {
            assert!(read(text, after).unwrap().facts.contains(&fact), "{text}{after}");
        }
    }
}
