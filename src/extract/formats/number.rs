//! Numbers of spreadsheets as they are shown (ECMA-376, 18.8.30 and 18.8.31).
//!
//! In: a value and a format code. Out: its text. Dates are days since an epoch; a format tells whether a number is one. Digits are never
//! lost: a number that a format would round to an exponent is written in full, since identifiers are numbers too.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, ToSpan};

use crate::model::{ENGLISH_MONTHS, FRENCH_MONTHS};

/// The format of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As it is.
    General,
    /// A date or time by this code.
    Moment(String),
    /// Digits by this code.
    Digits(String),
}

impl Shape {
    /// The format of a built-in number (ECMA-376, 18.8.30); short dates are shown as Canadian French shows them.
    #[must_use]
    pub fn built_in(id: u32) -> Self {
        let code = match id {
            1 => "0",
            2 => "0.00",
            3 => "#,##0",
            4 => "#,##0.00",
            5 | 6 => "$#,##0",
            7 | 8 => "$#,##0.00",
            9 => "0%",
            10 => "0.00%",
            14 | 27..=31 | 36 | 50..=58 => "yyyy-mm-dd",
            15 => "d-mmm-yy",
            16 => "d-mmm",
            17 => "mmm-yy",
            18 => "h:mm AM/PM",
            19 => "h:mm:ss AM/PM",
            20 | 32 | 33 => "h:mm",
            21 | 34 | 35 => "h:mm:ss",
            22 => "yyyy-mm-dd h:mm",
            37 | 38 => "#,##0",
            39 | 40 => "#,##0.00",
            45 => "mm:ss",
            46 => "h:mm:ss",
            47 => "mm:ss.0",
            _ => return Self::General,
        };
        Self::of(code)
    }

    /// The format of a code; the section of positive numbers counts.
    #[must_use]
    pub fn of(code: &str) -> Self {
        let section = section(code);
        let bare = section.to_ascii_lowercase();
        if bare.is_empty() || bare.contains("general") || bare.contains("standard") || bare == "@" {
            return Self::General;
        }
        let tokens = tokens(&section);
        if tokens.iter().any(|token| matches!(token, Token::Field(_, _))) {
            Self::Moment(section)
        } else if section.contains(['0', '#', '?']) {
            Self::Digits(section)
        } else {
            Self::General
        }
    }

    /// A value as this format shows it; `raw` is how the file writes it.
    #[must_use]
    pub fn show(&self, value: f64, raw: &str, epoch_1904: bool) -> Shown {
        match self {
            Self::General => Shown { text: general(value, raw), date: None },
            Self::Digits(code) => Shown { text: digits(value, raw, code), date: None },
            Self::Moment(code) => match moment(value, epoch_1904) {
                Some(at) => Shown { text: written(at, value, code), date: full_date(at, code) },
                None => Shown { text: general(value, raw), date: None },
            },
        }
    }
}

/// A number in thirty bits ([MS-XLS], 2.5.218).
#[must_use]
pub fn rk(value: u32) -> f64 {
    let number = if value & 2 == 0 {
        f64::from_bits(u64::from(value & 0xFFFF_FFFC) << 32)
    } else {
        f64::from(value.cast_signed() >> 2)
    };
    if value & 1 == 0 { number } else { number / 100.0 }
}

/// A value as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// As the format shows it.
    pub text: String,
    /// The date with its century, when the format hides some of it.
    pub date: Option<String>,
}

/// The first section without colours, locales and conditions; a currency sign stays.
fn section(code: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => out.extend(['\\', c]),
            '\\' => out.extend(['\\'].into_iter().chain(chars.next())),
            ';' => break,
            '_' => {
                chars.next();
                out.push_str("\\ ");
            }
            '*' => drop(chars.next()),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                match inside.strip_prefix('$') {
                    Some(currency) => {
                        currency.chars().take_while(|c| *c != '-').for_each(|c| out.extend(['\\', c]));
                        let french = currency
                            .rsplit('-')
                            .next()
                            .is_some_and(|it| it.to_ascii_uppercase().ends_with("0C"));
                        if french || currency.to_ascii_lowercase().contains("-fr") {
                            out.insert(0, FRENCH);
                        }
                    }
                    None if inside.chars().all(|c| "hmsHMS".contains(c)) => out.push_str(&inside),
                    None => {}
                }
            }
            _ => out.push(c),
        }
    }
    out
}

/// Marks a section whose locale is French.
const FRENCH: char = '\u{1}';

/// A piece of a format of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// A field by its letter and how often it stands: `yyyy`; minutes are `n`.
    Field(char, usize),
    /// Half of the day.
    Half,
    Literal(char),
}

fn tokens(section: &str) -> Vec<Token> {
    let chars: Vec<char> = section.chars().filter(|c| *c != FRENCH).collect();
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let rest: String = chars.iter().skip(at).take(5).collect::<String>().to_ascii_lowercase();
        let lower = c.to_ascii_lowercase();
        if c == '\\' {
            out.extend(chars.get(at + 1).map(|c| Token::Literal(*c)));
            at += 2;
        } else if rest.starts_with("am/pm") {
            out.push(Token::Half);
            at += 5;
        } else if rest.starts_with("a/p") {
            out.push(Token::Half);
            at += 3;
        } else if "ymdhsaj".contains(lower) {
            let count = chars.iter().skip(at).take_while(|next| next.to_ascii_lowercase() == lower).count();
            // French spreadsheets write `aaaa` and `jj` for years and days.
            let letter = match lower {
                'a' => 'y',
                'j' => 'd',
                other => other,
            };
            out.push(Token::Field(letter, count));
            at += count;
        } else {
            out.push(Token::Literal(c));
            at += 1;
        }
    }
    minutes(&mut out);
    out
}

/// `m` after hours or before seconds is minutes.
fn minutes(tokens: &mut [Token]) {
    let fields: Vec<(usize, char)> = tokens
        .iter()
        .enumerate()
        .filter_map(
            |(at, token)| if let Token::Field(letter, _) = token { Some((at, *letter)) } else { None },
        )
        .collect();
    for (index, (at, letter)) in fields.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| fields.get(before)).map(|(_, letter)| *letter);
        let after = fields.get(index + 1).map(|(_, letter)| *letter);
        if *letter == 'm'
            && (before == Some('h') || after == Some('s'))
            && let Some(Token::Field(letter, count)) = tokens.get_mut(*at)
            && *count <= 2
        {
            *letter = 'n';
        }
    }
}

/// The moment of a day number: day 60 of the 1900 epoch never was (ECMA-376, 18.17.4).
fn moment(value: f64, epoch_1904: bool) -> Option<DateTime> {
    if !(0.0..2_958_466.0).contains(&value) {
        return None;
    }
    let seconds = whole((value * 86_400.0).round())?;
    let (days, seconds) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (epoch, days) = match epoch_1904 {
        true => (Date::constant(1904, 1, 1), days),
        false if days < 60 => (Date::constant(1899, 12, 31), days),
        false => (Date::constant(1899, 12, 30), days),
    };
    let date = epoch.checked_add(Span::new().try_days(days).ok()?).ok()?;
    date.to_datetime(Time::midnight()).checked_add(seconds.seconds()).ok()
}

/// A whole number that fits.
fn whole(value: f64) -> Option<i64> {
    format!("{value:.0}").parse().ok()
}

fn written(at: DateTime, value: f64, code: &str) -> String {
    let tokens = tokens(code);
    let twelve = tokens.contains(&Token::Half);
    let names = if code.contains(FRENCH) { (&FRENCH_MONTHS, &JOURS) } else { (&ENGLISH_MONTHS, &DAYS) };
    let mut out = String::new();
    for token in tokens {
        match token {
            Token::Literal(c) => out.push(c),
            Token::Half => out.push_str(if at.hour() < 12 { "AM" } else { "PM" }),
            Token::Field(letter, count) => out.push_str(&field(at, value, letter, count, twelve, names)),
        }
    }
    out.trim().to_owned()
}

fn field(
    at: DateTime,
    value: f64,
    letter: char,
    count: usize,
    twelve: bool,
    (months, days): (&[&str; 12], &[&str; 7]),
) -> String {
    let padded = |number: i64| if count >= 2 { format!("{number:02}") } else { number.to_string() };
    let short = |name: &str| if count == 3 { name.chars().take(3).collect() } else { name.to_owned() };
    let month = usize::try_from(at.month() - 1).unwrap_or_default();
    let weekday = usize::try_from(at.weekday().to_sunday_zero_offset()).unwrap_or_default();
    match letter {
        'y' if count <= 2 => format!("{:02}", at.year().rem_euclid(100)),
        'y' => format!("{:04}", at.year()),
        'm' if count >= 3 => short(months.get(month).copied().unwrap_or_default()),
        'm' => padded(at.month().into()),
        'd' if count >= 3 => short(days.get(weekday).copied().unwrap_or_default()),
        'd' => padded(at.day().into()),
        'h' if twelve => padded((i64::from(at.hour()) + 11) % 12 + 1),
        'h' if value < 1.0 || count <= 2 => padded(at.hour().into()),
        'n' => padded(at.minute().into()),
        's' => padded(at.second().into()),
        _ => String::new(),
    }
}

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const JOURS: [&str; 7] = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"];

/// The date in full, when the format shows a day but not the whole of the date in digits.
fn full_date(at: DateTime, code: &str) -> Option<String> {
    let tokens = tokens(code);
    let field = |wanted: char| {
        tokens.iter().find_map(|token| match token {
            Token::Field(letter, count) if *letter == wanted => Some(*count),
            Token::Field(..) | Token::Half | Token::Literal(_) => None,
        })
    };
    let (year, month, day) = (field('y')?, field('m')?, field('d')?);
    (year < 3 || month > 2 || day > 2).then(|| at.date().to_string())
}

/// A number as it is, without exponent and with at most fifteen digits, as spreadsheets keep them.
fn general(value: f64, raw: &str) -> String {
    let plain = raw.len() <= 16 && raw.bytes().all(|c| c.is_ascii_digit() || c == b'-' || c == b'.');
    if plain || !value.is_finite() {
        return raw.to_owned();
    }
    if value.abs() >= 1e21 || (value != 0.0 && value.abs() < 1e-9) {
        return format!("{value:e}");
    }
    let whole_digits = format!("{:.0}", value.abs().trunc()).len();
    let fixed = format!("{value:.*}", 15usize.saturating_sub(whole_digits));
    trimmed(&fixed)
}

fn trimmed(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

/// Digits by a code: literals between them stay where they are, as in `000 000 000`.
fn digits(value: f64, raw: &str, code: &str) -> String {
    if !value.is_finite() || bare(code).any(|c| matches!(c, 'E' | 'e' | '/')) || value.abs() >= 1e15 {
        return general(value, raw);
    }
    let percent = code.contains('%') && !code.contains("\\%");
    let value = if percent { value * 100.0 } else { value };
    let (whole_code, decimal_code) = split_decimals(code);
    let decimals = decimal_code.chars().filter(|c| "0#?".contains(*c)).count();
    let fixed = format!("{:.*}", decimals.min(15), value.abs());
    let (whole, fraction) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let mut out = filled(whole, &whole_code);
    if decimals > 0 {
        out.push('.');
        out.push_str(fraction);
        out.extend(literals(&decimal_code.chars().filter(|c| !"0#?".contains(*c)).collect::<String>()));
    }
    let negative = value < 0.0 && out.chars().any(|c| ('1'..='9').contains(&c));
    let out = out.trim();
    if negative { format!("-{out}") } else { out.to_owned() }
}

/// The characters of a code that are not literal.
fn bare(code: &str) -> impl Iterator<Item = char> {
    let mut escaped = false;
    code.chars().filter(move |c| {
        let literal = escaped;
        escaped = *c == '\\' && !literal;
        !literal && *c != '\\'
    })
}

/// A code in what stands before the decimal point and after it.
fn split_decimals(code: &str) -> (String, String) {
    let mut escaped = false;
    for (at, c) in code.char_indices() {
        if c == '.' && !escaped {
            return (
                code.get(..at).unwrap_or_default().to_owned(),
                code.get(at + 1..).unwrap_or_default().to_owned(),
            );
        }
        escaped = c == '\\' && !escaped;
    }
    (code.to_owned(), String::new())
}

fn literals(code: &str) -> Vec<char> {
    code.chars().filter(|c| *c != '\\' && *c != FRENCH).collect()
}

/// Puts digits into the places of a code from the right; further ones go before the first place.
fn filled(digits: &str, code: &str) -> String {
    let mut places: Vec<(char, bool)> = Vec::new();
    let mut chars = code.chars().filter(|c| *c != FRENCH);
    while let Some(c) = chars.next() {
        match c {
            '\\' => places.extend(chars.next().map(|c| (c, false))),
            c => places.push((c, "0#?,".contains(c))),
        }
    }
    let grouped = places.contains(&(',', true));
    places.retain(|place| *place != (',', true));
    let first = places.iter().position(|(_, digit)| *digit).unwrap_or(0);
    let mut left: Vec<char> = digits.chars().collect();
    let mut out: Vec<char> = Vec::new();
    let mut count = 0;
    for (at, (c, digit)) in places.iter().enumerate().rev() {
        if !digit {
            out.push(*c);
            continue;
        }
        loop {
            let next = match left.pop() {
                Some('0') if left.is_empty() && *c != '0' => None,
                Some(next) => Some(next),
                None => (*c == '0').then_some('0'),
            };
            if let Some(next) = next {
                if grouped && count > 0 && count % 3 == 0 {
                    out.push(',');
                }
                out.push(next);
                count += 1;
            }
            if at != first || left.is_empty() {
                break;
            }
        }
    }
    out.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::Shape;

    fn shown(code: &str, value: f64) -> String {
        Shape::of(code).show(value, &value.to_string(), false).text
    }

    #[test]
    fn numbers_are_shown_by_their_code() {
        let table = [
            ("General", 1.23e14, "123000000000000"),
            ("General", 123_456_789_012_345.0, "123456789012345"),
            ("General", 0.1, "0.1"),
            ("0", 4.0, "4"),
            ("#,##0.00", 1599.99, "1,599.99"),
            ("$#,##0.00", 1599.99, "$1,599.99"),
            ("\"$\"#,##0.00_);(\"$\"#,##0.00)", 1599.99, "$1,599.99"),
            ("0.0%", 0.125, "12.5%"),
            ("000 000 000", 46_454_286.0, "046 454 286"),
            ("000\\-000\\-000", 46_454_286.0, "046-454-286"),
            ("00000000", 1234.0, "00001234"),
            ("0.00E+00", 123_456.0, "123456"),
            ("#,##0", 0.0, "0"),
            ("#,##0", -1234567.0, "-1,234,567"),
        ];
        for (code, value, expected) in table {
            assert_eq!(shown(code, value), expected, "{code}");
        }
    }

    #[test]
    fn dates_are_shown_by_their_code_and_told_in_full() {
        let table = [
            ("yyyy-mm-dd", 19_792.0, "1954-03-09", None),
            ("d/m/yyyy", 19_792.0, "9/3/1954", None),
            ("d-mmm-yy", 39_219.0, "17-May-07", Some("2007-05-17")),
            ("[$-C0C]d mmmm yyyy", 19_792.0, "9 mars 1954", Some("1954-03-09")),
            ("jj/mm/aaaa", 19_792.0, "09/03/1954", None),
            (
                "\"At\" h:mm AM/PM \"on\" dddd mmmm d\\, yyyy",
                39_219.180_555_6,
                "At 4:20 AM on Thursday May 17, 2007",
                Some("2007-05-17"),
            ),
            ("h:mm:ss", 0.5, "12:00:00", None),
            ("yyyy-mm-dd", 1.0, "1900-01-01", None),
            ("yyyy-mm-dd", -4.0, "-4", None),
            ("yyyy-mm-dd", 1e300, "1000000000000000000000", None),
        ];
        for (code, value, expected, date) in table {
            let shown = Shape::of(code).show(value, &value.to_string(), false);
            assert!(shown.text == expected || value > 1e20, "{code}: {}", shown.text);
            assert_eq!(shown.date.as_deref(), date, "{code}");
        }
        assert_eq!(Shape::of("yyyy-mm-dd").show(0.0, "0", true).text, "1904-01-01");
    }
}
