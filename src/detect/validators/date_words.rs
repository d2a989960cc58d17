//! Dates in words, in French and English (compiled by us, 2026-11): acts of notaries and of civil status write them so.

use jiff::civil::Date;

use super::date::{month, told};
use super::{Found, Proof};

/// Words of numbers and what they are worth; ordinals are worth their number.
const WORDS: [(&str, i16); 85] = [
    ("premier", 1),
    ("un", 1),
    ("une", 1),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("six", 6),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("onze", 11),
    ("douze", 12),
    ("treize", 13),
    ("quatorze", 14),
    ("quinze", 15),
    ("seize", 16),
    ("vingt", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("eleventh", 11),
    ("twelfth", 12),
    ("thirteenth", 13),
    ("fourteenth", 14),
    ("fifteenth", 15),
    ("sixteenth", 16),
    ("seventeenth", 17),
    ("eighteenth", 18),
    ("nineteenth", 19),
    ("twentieth", 20),
    ("thirtieth", 30),
    ("oh", 0),
    ("zero", 0),
    ("et", 0),
    ("and", 0),
    ("hundred", 0),
    ("cent", 0),
    ("cents", 0),
    ("vingts", 20),
    ("jour", 0),
    ("de", 0),
    ("l", 0),
    ("an", 0),
    ("the", 0),
    ("of", 0),
    ("septante", 70),
];

/// Reads `trois août mil neuf cent cinquante-quatre` and `August third, nineteen fifty-four`.
pub(super) fn in_words(found: &Found<'_>) -> Option<Proof> {
    let words: Vec<String> = found
        .text
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let at =
        words.iter().position(|word| word.len() > 2 && month(word).is_some() && value(word).is_none())?;
    let (before, after) = (words.get(..at)?, words.get(at + 1..)?);
    let (day, year) = match before {
        [] => english(after)?,
        _ => (sum(before)?, year(after)?),
    };
    told(vec![Date::new(year, month(words.get(at)?)?, i8::try_from(day).ok()?).ok()?], Vec::new(), found)
}

/// A day and a year after the month: the day is one ordinal, or a ten and one.
fn english(words: &[&str]) -> Option<(i16, i16)> {
    let words = words.strip_prefix(&["the"]).unwrap_or(words);
    let ends = |word: &&str| ["st", "nd", "rd", "th"].iter().any(|end| word.ends_with(end));
    let day = words.iter().position(ends)? + 1;
    Some((sum(words.get(..day)?)?, year(words.get(day..)?)?))
}

/// The century, then the rest.
fn year(words: &[&str]) -> Option<i16> {
    let words = words.strip_prefix(&["l", "an"]).unwrap_or(words);
    if let [figures] = words
        && figures.len() == 4
        && let Ok(year) = figures.parse()
    {
        return Some(year);
    }
    let (century, rest) = match words {
        ["mil" | "mille" | "dix", "neuf", "cent" | "cents", rest @ ..] | ["nineteen", rest @ ..] => {
            (1900, rest)
        }
        ["deux", "mille", rest @ ..] | ["two", "thousand", rest @ ..] | ["twenty", rest @ ..] => (2000, rest),
        _ => return None,
    };
    Some(century + sum(rest)?)
}

/// What words below a hundred add up to: four before a twenty multiplies it.
fn sum(words: &[&str]) -> Option<i16> {
    let mut total = 0;
    for word in words {
        let worth = value(word)?;
        total = if worth == 20 && total == 4 { 80 } else { total + worth };
    }
    (total < 100).then_some(total)
}

fn value(word: &str) -> Option<i16> {
    WORDS.iter().find(|(other, _)| *other == word).map(|(_, worth)| *worth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn words_of_both_languages_read_as_dates() {
        for (text, read) in [
            ("trois aout mil neuf cent cinquante-quatre", Some("1954-08-03")),
            ("premier mai mil neuf cent quatre-vingt-dix-neuf", Some("1999-05-01")),
            ("vingt et un mars mille neuf cent soixante et onze", Some("1971-03-21")),
            ("trente et un decembre deux mille", Some("2000-12-31")),
            ("August third, nineteen fifty-four", Some("1954-08-03")),
            ("May twenty-first, two thousand and four", Some("2004-05-21")),
            ("June thirtieth, nineteen oh five", Some("1905-06-30")),
            ("trois aout 1954", Some("1954-08-03")),
            ("trente et un fevrier deux mille", None),
            ("chose aout mil neuf cent", None),
        ] {
            let proof = in_words(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.map(|proof| proof.value).as_deref(), read, "{text}");
        }
    }
}
