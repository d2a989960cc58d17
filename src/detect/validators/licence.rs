//! Driver's licences of Quebec and Ontario (shapes compiled by us, 2026-11).
//!
//! Quebec: the surname's initial, four digits of which the first three are the Soundex of the surname, the birth date DDMMYY
//! and two digits, `A1234-JJMMAA-99`. Ontario: the initial and fourteen digits that end in the birth date YYMMDD, month +50
//! for women. Neither has a check digit: the date is the only test, agreement with a name or a date nearby is the evidence.

use jiff::civil::Date;

use super::{Found, Proof, Says, compact, groups};

pub(super) fn quebec(found: &Found<'_>) -> Option<Proof> {
    let value = compact(found.text);
    let part = |from: usize| value.get(from..from + 2).and_then(|part| part.parse::<i8>().ok());
    let births = births(part(9)?, part(7)?, part(5)?, found.today);
    let sound = value.as_bytes().first_chunk().copied();
    proof(value, births, sound, groups(found.text) == [5, 6, 2], 13)
}

pub(super) fn ontario(found: &Found<'_>) -> Option<Proof> {
    let value = compact(found.text);
    let part = |from: usize| value.get(from..from + 2).and_then(|part| part.parse::<i8>().ok());
    let month = part(11)?;
    let births = births(part(9)?, if month > 50 { month - 50 } else { month }, part(13)?, found.today);
    proof(value, births, None, groups(found.text) == [5, 5, 5], 15)
}

/// The initial of a surname and its three digits of Soundex: letters that sound alike share a digit, vowels are dropped, a digit
/// is not repeated (Russell and Odell, US patent 1261167; the rule that H and W part nothing is the American one). Takes
/// lower-case ASCII.
#[must_use]
pub fn sound_of(surname: &str) -> Option<[u8; 4]> {
    let mut letters = surname.bytes().filter(u8::is_ascii_lowercase);
    let first = letters.next()?;
    let mut sound = [first.to_ascii_uppercase(), b'0', b'0', b'0'];
    let mut places = sound.iter_mut().skip(1);
    let mut before = code(first);
    for letter in letters.filter(|letter| !matches!(letter, b'h' | b'w')) {
        let here = code(letter);
        if let Some(digit) = here.filter(|_| here != before) {
            let Some(place) = places.next() else { break };
            *place = digit;
        }
        before = here;
    }
    Some(sound)
}

fn code(letter: u8) -> Option<u8> {
    Some(match letter {
        b'b' | b'f' | b'p' | b'v' => b'1',
        b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => b'2',
        b'd' | b't' => b'3',
        b'l' => b'4',
        b'm' | b'n' => b'5',
        b'r' => b'6',
        _ => return None,
    })
}

/// Dates on which the holder of a licence may be born: 14 to 115 years ago.
fn births(year: i8, month: i8, day: i8, today: Date) -> Vec<Date> {
    let dates =
        [1900, 2000].into_iter().filter_map(|century| Date::new(century + i16::from(year), month, day).ok());
    dates.filter(|date| (14..=115).contains(&(today.year() - date.year()))).collect()
}

fn proof(
    value: String,
    births: Vec<Date>,
    sound: Option<[u8; 4]>,
    grouped: bool,
    length: usize,
) -> Option<Proof> {
    let facts = ["shape"].into_iter().chain(grouped.then_some("grouped")).collect();
    let valid = value.len() == length && !births.is_empty();
    valid.then_some(Proof { value, facts, says: Says { births, sound, ..Says::default() } })
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

    /// The usual examples of Soundex, then Quebec names.
    #[test]
    fn surnames_are_coded_by_their_sound() {
        for (surname, sound) in [
            ("robert", "R163"),
            ("rupert", "R163"),
            ("ashcraft", "A261"),
            ("tymczak", "T522"),
            ("pfister", "P236"),
            ("lee", "L000"),
            ("tremblay", "T651"),
            ("st-pierre", "S316"),
            ("d'amours", "D562"),
        ] {
            assert_eq!(
                sound_of(surname).as_ref().map(|sound| &sound[..]),
                Some(sound.as_bytes()),
                "{surname}"
            );
        }
    }
}
