//! The RAMQ health-insurance number (NAM): `NNNP AAMMJJ S C`.
//!
//! Three letters of the surname, one of the given name, year, month (+50 for women), day, a sequence
//! character (1-9 or a letter but I and O), and a check digit over the full birth year. Source: INSPQ "Utilitaire NAM"
//! (github.com/Justice-Alliance/utilitaire-nam), `NumeroAssuranceMaladieQuebecValideSpecification.java` and
//! `CaractereValidateur.java`. The tables have numbers of its README, of `generer.feature`, of `GenerationNam.cs` and of its
//! unit tests, some of petalmd/health_card (`quebec_validator_spec.rb`, whose check digits of women are not INSPQ's and are
//! refused here), and our own.

use jiff::civil::Date;

use super::{Found, Proof, Says, compact, groups};

/// Weights of the fourteen characters `NOMI AAAA S MM JJ Q`.
const WEIGHTS: [u32; 14] = [1, 3, 7, 9, 1, 7, 1, 3, 4, 5, 7, 6, 9, 1];

/// Validates a number read without a doubt on its characters. A wrong check digit or a temporary number
/// (`M` in the eleventh place: CISSS des Laurentides, « Normes de saisie », eClinibase) is told as a fact; an impossible
/// date or sequence refuses the number.
pub(super) fn nam(found: &Found<'_>) -> Option<Proof> {
    let value = compact(found.text);
    let parts = Parts::of(&value)?;
    let mut facts = vec!["shape"];
    let (birth, fact) = match parts.century(found.today) {
        Some(year) => (parts.date(year)?, "check_digit"),
        None => {
            (parts.likely_date(found.today)?, if parts.sequence == 'M' { "temporary" } else { "no_check" })
        }
    };
    facts.push(fact);
    facts.extend(writing(found.text));
    Some(Proof {
        says: Says { births: vec![birth], letters: parts.letters(), ..Says::default() },
        value,
        facts,
    })
}

/// Validates a number in which a scan took letters for digits or digits for letters. Only a right check digit
/// tells such a number from any code, so nothing else is accepted.
pub(super) fn misread(found: &Found<'_>) -> Option<Proof> {
    let read = compact(found.text);
    let value: String = read.chars().enumerate().map(|(index, character)| reread(index, character)).collect();
    let parts = Parts::of(&value).filter(|_| value != read)?;
    let birth = parts.date(parts.century(found.today)?)?;
    let swaps = value.chars().zip(read.chars()).filter(|(one, other)| one != other).count();
    let mut facts = vec!["shape", "check_digit"];
    facts.extend((swaps == 1).then_some("one_swap"));
    facts.extend(reads_as_date(&value).then_some("compact_date"));
    Some(Proof {
        says: Says { births: vec![birth], letters: parts.letters(), ..Says::default() },
        value,
        facts,
    })
}

/// Takes a number of which the end is lost or hidden, when what is left of its date is possible.
pub(super) fn partial(found: &Found<'_>) -> Option<Proof> {
    let value = compact(found.text);
    let month = value.get(6..8)?.parse::<i8>();
    let possible = month.map_or(true, |month| matches!(month, 1..=12 | 51..=62));
    possible.then(|| Proof { value, facts: vec!["shape"], ..Proof::default() })
}

/// Takes a number amid a record of fixed fields, or with what a reader of cards glues to it: only a right check digit tells it there. What
/// follows may prove it: its own birth date (`20041219`), the expiry of a card (`2608`, `202608`), the letter of its own sex.
pub(super) fn in_record(found: &Found<'_>) -> Option<Proof> {
    let mut proof = nam(found).filter(|proof| proof.facts.contains(&"check_digit"))?;
    let birth = proof.says.births.first()?;
    let woman = proof.value.get(6..7).is_some_and(|tens| tens >= "5");
    let written = format!("{:04}{:02}{:02}", birth.year(), birth.month(), birth.day());
    let digits = found.after.bytes().take_while(u8::is_ascii_digit).count();
    let sex =
        found.after.get(digits..).and_then(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next());
    let fact = if found.after.starts_with(&written) {
        Some("own_birth")
    } else if is_expiry(found.after.get(..digits).unwrap_or_default(), found.today) {
        Some("expiry")
    } else {
        (sex == Some(if woman { "F" } else { "M" })).then_some("own_sex")
    };
    proof.facts.extend(fact);
    Some(proof)
}

/// Whether digits are a year and a month in which a card of these years may end.
fn is_expiry(digits: &str, today: Date) -> bool {
    let (year, month) = match digits.len() {
        4 => (
            digits.get(..2).and_then(|year| year.parse::<i16>().ok()).map(|year| 2000 + year),
            digits.get(2..),
        ),
        6 => (digits.get(..4).and_then(|year| year.parse().ok()), digits.get(4..)),
        _ => return false,
    };
    let month = month.and_then(|month| month.parse::<i8>().ok());
    year.is_some_and(|year| (today.year() - 4..=today.year() + 9).contains(&year))
        && month.is_some_and(|month| (1..=12).contains(&month))
}

/// The check digit of the first eleven characters for a birth year, `None` when they are not such characters.
#[must_use]
pub fn check_digit(eleven: &str, year: i16) -> Option<u32> {
    let month: i8 = eleven.get(6..8)?.parse().ok()?;
    let (sex, month) = if month > 50 { ('F', month - 50) } else { ('M', month) };
    let text = format!("{}{year:04}{sex}{month:02}{}", eleven.get(..4)?, eleven.get(8..11)?);
    let sum: Option<u32> =
        text.chars().zip(WEIGHTS).map(|(character, weight)| Some(ebcdic(character)? * weight)).sum();
    sum.map(|sum| sum % 10)
}

/// Letters of a surname and a given name as a NAM has them (INSPQ, `Personne.java`, `Personne.cs`): accents folded, signs
/// dropped, `Saint`, `Sainte` and their shorts as `ST`, short surnames padded with X. Takes lower-case ASCII.
#[must_use]
pub fn letters_of(surname: &str, given: &str) -> Option<[u8; 4]> {
    let surname = saint(surname);
    let mut letters =
        surname.bytes().filter(u8::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase());
    let first = letters.next()?;
    let initial = given.bytes().find(u8::is_ascii_alphabetic)?.to_ascii_uppercase();
    Some([first, letters.next().unwrap_or(b'X'), letters.next().unwrap_or(b'X'), initial])
}

fn saint(surname: &str) -> String {
    for prefix in ["saintes", "saints", "sainte", "saint", "ste", "st"] {
        if let Some(rest) = surname.strip_prefix(prefix)
            && rest.starts_with([' ', '-', '.'])
        {
            return format!("st{rest}");
        }
    }
    surname.to_owned()
}

/// The earliest year in which the holder of a number was born (compiled by us, 2026-11: aged 105 when the first were given).
const OLDEST: i16 = 1865;

/// The number taken apart.
struct Parts<'a> {
    value: &'a str,
    year: i16,
    month: i8,
    day: i8,
    sequence: char,
    check: u32,
}

impl<'a> Parts<'a> {
    fn of(value: &'a str) -> Option<Self> {
        let letters = value.get(..4)?.bytes().all(|byte| byte.is_ascii_uppercase());
        let sequence = value.get(10..11)?.chars().next()?;
        let sequence_fits = matches!(sequence, '1'..='9' | 'A'..='Z') && !matches!(sequence, 'I' | 'O');
        let month: i8 = value.get(6..8)?.parse().ok()?;
        let parts = Self {
            value,
            year: value.get(4..6)?.parse().ok()?,
            month: if month > 50 { month - 50 } else { month },
            day: value.get(8..10)?.parse().ok()?,
            sequence,
            check: value.get(11..12)?.parse().ok()?,
        };
        let hidden = value.starts_with("XXX");
        (letters
            && !hidden
            && sequence_fits
            && value.len() == 12
            && parts.date(2000).or(parts.date(1900)).is_some())
        .then_some(parts)
    }

    fn date(&self, century: i16) -> Option<Date> {
        Date::new(century + self.year, self.month, self.day).ok()
    }

    /// The century for which the check digit is right: there is never more than one. The Régie was founded in 1969, so that
    /// nobody born before [`OLDEST`] ever had a number, nor has anybody who is not born yet.
    fn century(&self, today: Date) -> Option<i16> {
        let eleven = self.value.get(..11)?;
        let lived = |date: Date| date.year() >= OLDEST && (date <= today || date.year() == today.year());
        let right = |century: &i16| {
            check_digit(eleven, century + self.year) == Some(self.check)
                && self.date(*century).is_some_and(lived)
        };
        [2000, 1900, 1800].into_iter().find(right)
    }

    /// The date under the rule that a person is under 100.
    fn likely_date(&self, today: Date) -> Option<Date> {
        let recent = self.date(2000).filter(|date| *date <= today);
        recent.or_else(|| self.date(1900)).or_else(|| self.date(2000))
    }

    fn letters(&self) -> Option<[u8; 4]> {
        self.value.as_bytes().first_chunk().copied()
    }
}

/// Facts on how the number is written: case, grouping, likeness to a word and a compact date.
fn writing(text: &str) -> Vec<&'static str> {
    let mut facts = Vec::new();
    if !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        facts.push("lower_case");
    }
    let unwrapped = text.replace("-\n", "").replace('\n', "");
    let groups = groups(&unwrapped);
    const USUAL: [&[usize]; 13] = [
        &[12],
        &[4, 8],
        &[4, 4, 4],
        &[4, 6, 2],
        &[3, 1, 6, 2],
        &[3, 1, 8],
        &[4, 2, 2, 2, 2],
        &[4, 4, 2, 2],
        &[4, 6, 1, 1],
        &[10, 2],
        &[8, 4],
        &[3, 3, 3, 3],
        &[2, 2, 2, 2, 2, 2],
    ];
    if !USUAL.contains(&groups.as_slice()) {
        facts.push("odd_groups");
    }
    if reads_as_date(&compact(text)) {
        facts.push("compact_date");
    }
    facts
}

/// Whether the eight digits also read as YYYYMMDD of our time, or as two years of it.
fn reads_as_date(value: &str) -> bool {
    let part = |range: std::ops::Range<usize>| {
        value.get(range).and_then(|part| part.parse::<i16>().ok()).unwrap_or(0)
    };
    let day = (1..=12).contains(&part(8..10)) && (1..=31).contains(&part(10..12));
    (1985..=2039).contains(&part(4..8)) && (day || (1985..=2039).contains(&part(8..12)))
}

/// EBCDIC (code page 1047) codes modulo 10, all that the check needs.
fn ebcdic(character: char) -> Option<u32> {
    let code = u32::from(character);
    Some(match character {
        '0'..='9' => code - u32::from('0'),
        'A'..='I' => (code - u32::from('A') + 3) % 10,
        'J'..='R' => (code - u32::from('J') + 9) % 10,
        'S'..='Z' => (code - u32::from('S') + 6) % 10,
        _ => return None,
    })
}

/// The character that a scan misread, by its place: letters in the first four, digits after, the sequence left alone.
fn reread(index: usize, character: char) -> char {
    match (index, character) {
        (0..=3, '0') => 'O',
        (0..=3, '1') => 'I',
        (0..=3, '5') => 'S',
        (0..=3, '8') => 'B',
        (4..=9 | 11, 'O' | 'Q' | 'D') => '0',
        (4..=9 | 11, 'I' | 'L') => '1',
        (4..=9 | 11, 'S') => '5',
        (4..=9 | 11, 'B') => '8',
        (4..=9 | 11, 'Z') => '2',
        (10, 'I' | 'O') => {
            if character == 'I' {
                '1'
            } else {
                '0'
            }
        }
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_follows_a_number_in_a_record_may_prove_it() {
        let fact = |after: &str| {
            let found = Found { text: "TREM04121925", after, today: date(2026, 1, 15) };
            in_record(&found).and_then(|proof| proof.facts.last().copied())
        };
        for (after, wanted) in [
            ("20041219F", "own_birth"),
            ("2608", "expiry"),
            ("202608 x", "expiry"),
            ("M", "own_sex"),
            ("01M", "own_sex"),
            ("F", "check_digit"),
            ("MA", "check_digit"),
            ("1412", "check_digit"),
            ("2613", "check_digit"),
            ("26113037", "check_digit"),
            ("", "check_digit"),
        ] {
            assert_eq!(fact(after), Some(wanted), "{after}");
        }
        let wrong = Found { text: "TREM04121935", after: "20041219", today: date(2026, 1, 15) };
        assert_eq!(in_record(&wrong), None);
    }

    fn read(text: &str) -> Option<Proof> {
        nam(&Found { text, after: "", today: date(2026, 1, 15) })
    }

    #[test]
    fn published_numbers_are_valid_and_give_their_birth_date() {
        let mut numbers: Vec<(String, Date)> = [
            ("TREM04121925", date(2004, 12, 19)),
            ("TREM04121916", date(1904, 12, 19)),
            ("QWEA10510170", date(2010, 1, 1)),
            ("ASDA20011313", date(2020, 1, 13)),
            ("TEST54122816", date(1954, 12, 28)),
            ("TESC53511613", date(1953, 1, 16)),
            ("TESS53510111", date(1953, 1, 1)),
            ("LASF80021411", date(1980, 2, 14)),
            ("AAAA01010112", date(1901, 1, 1)),
            ("AAAA01010110", date(2001, 1, 1)),
            ("AAAA01510116", date(1901, 1, 1)),
            ("LASF80521415", date(1980, 2, 14)),
            ("TREM54580312", date(1954, 8, 3)),
            ("LIXA61550118", date(1961, 5, 1)),
            ("STPJ47123128", date(1947, 12, 31)),
            ("DAOM04522937", date(2004, 2, 29)),
            ("OBRK330101A8", date(1933, 1, 1)),
            ("LEBM25570912", date(1925, 7, 9)),
            ("LEBM25570910", date(2025, 7, 9)),
            ("COTS80051012", date(1980, 5, 10)),
            ("SERE75613018", date(1975, 11, 30)),
        ]
        .map(|(number, birth)| (number.to_owned(), birth))
        .into();
        numbers.extend((1..=9).map(|twin| (format!("TREM000118{twin}{twin}"), date(2000, 1, 18))));
        for (number, birth) in numbers {
            let proof = read(&number).unwrap_or_else(|| panic!("{number}"));
            let year = birth.year() - birth.year() % 100;
            let right = check_digit(&number[..11], birth.year()).unwrap().to_string();
            assert_eq!(
                (&proof.facts[..2], &proof.says.births[..]),
                (&["shape", "check_digit"][..], &[birth][..]),
                "{number} {year} {right}"
            );
        }
    }

    #[test]
    fn wrong_check_digits_are_told_and_impossible_numbers_refused() {
        for (number, fact) in [
            ("TREM04121935", Some("no_check")),
            ("AAAA01510117", Some("no_check")),
            ("LASF80521416", Some("no_check")),
            ("BERC980401M2", Some("temporary")),
            ("FOOO01500100", None),
            ("AAAA01014110", None),
            ("AAAA01010100", None),
            ("TEST01161972", None),
            ("TREM0412192", None),
            ("TREM041219255", None),
            ("TREM041219I5", None),
        ] {
            assert_eq!(read(number).and_then(|proof| proof.facts.get(1).copied()), fact, "{number}");
        }
    }

    #[test]
    fn a_scan_that_swapped_letters_and_digits_is_read_again() {
        for (text, value) in [
            ("TREMO4l2l925", Some("TREM04121925")),
            ("TREM O41 2I925", Some("TREM04121925")),
            ("TREM04121925", None),
            ("5ERE75613O18", Some("SERE75613018")),
        ] {
            let proof = misread(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.map(|proof| proof.value).as_deref(), value, "{text}");
        }
    }

    #[test]
    fn names_are_reduced_to_letters_as_inspq_does() {
        for (surname, given, letters) in [
            ("cote", "emilie", "COTE"),
            ("saint-nicolas", "luc", "STNL"),
            ("ste-nicolas", "luc", "STNL"),
            ("l'normand", "eve", "LNOE"),
            ("li", "ann", "LIXA"),
            ("d'amours", "marie", "DAMM"),
            ("o'brien", "kate", "OBRK"),
            ("stone", "al", "STOA"),
        ] {
            assert_eq!(
                letters_of(surname, given).as_ref().map(|letters| &letters[..]),
                Some(letters.as_bytes()),
                "{surname}"
            );
        }
    }
}
