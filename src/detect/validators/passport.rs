//! The lines of a travel document or card that machines read (ICAO Doc 9303, parts 3 to 6: weights 7, 3, 1, modulo 10).
//!
//! TD1: three lines of 30; TD2: two of 36; TD3, passports: two of 44. Every form has the document number, the birth date and
//! the expiry each with its check digit; one line with all three right is no accident.

use jiff::civil::Date;

use super::{Found, Proof, Says};

/// Takes the line that holds the numbers, or the two lines of a card.
pub(super) fn mrz(found: &Found<'_>) -> Option<Proof> {
    let text: String = found.text.chars().filter(|character| !character.is_whitespace()).collect();
    let (number, birth, expiry) = match text.len() {
        60 if text.starts_with(['I', 'A', 'C']) => {
            (checked(&text, 5, 9)?, checked(&text, 30, 6)?, checked(&text, 38, 6)?)
        }
        36 | 44 => (checked(&text, 0, 9)?, checked(&text, 13, 6)?, checked(&text, 21, 6)?),
        _ => return None,
    };
    let day = |text: &str, century: i16| {
        let part = |from: usize| text.get(from..from + 2)?.parse::<i8>().ok();
        Date::new(century + i16::from(part(0)?), part(2)?, part(4)?).ok()
    };
    day(expiry, 2000)?;
    let births: Vec<Date> = [2000, 1900]
        .into_iter()
        .filter_map(|century| day(birth, century))
        .filter(|date| *date <= found.today)
        .collect();
    let value = number.trim_end_matches('<').to_owned();
    (!value.is_empty() && !births.is_empty()).then(|| Proof {
        value,
        facts: vec!["shape", "check_digit"],
        says: Says { births, ..Says::default() },
    })
}

/// A field whose check digit, right after it, is right.
fn checked(line: &str, from: usize, length: usize) -> Option<&str> {
    let field = line.get(from..from + length)?;
    let digit = line.get(from + length..from + length + 1)?;
    let weighed = field
        .chars()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(character, weight)| Some(worth(character)? * weight));
    let sum: u32 = weighed.sum::<Option<u32>>()?;
    (char::from_digit(sum % 10, 10).is_some_and(|right| digit.starts_with(right))).then_some(field)
}

/// What a character weighs: a digit its value, A 10 to Z 35, the filler nothing.
fn worth(character: char) -> Option<u32> {
    match character {
        '<' => Some(0),
        'a'..='z' => None,
        _ => character.to_digit(36),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// The specimens of Doc 9303, parts 4, 5 and 6 (Utopia), and one of them spoiled.
    #[test]
    fn the_specimens_pass_and_a_wrong_digit_does_not() {
        for (text, value) in [
            ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", Some("L898902C3")),
            ("I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6", Some("D23145890")),
            ("D231458907UTO7408122F1204159<<<<<<<6", Some("D23145890")),
            ("L898902C36UTO7408123F1204159ZE184226B<<<<<10", None),
            ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", None),
        ] {
            let proof = mrz(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.map(|proof| proof.value).as_deref(), value, "{text}");
        }
    }
}
