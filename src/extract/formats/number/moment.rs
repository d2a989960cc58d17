//! Dates, times of day and elapsed times by a code.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, ToSpan};

use super::Shown;
use super::section::{ELAPSED, FRENCH, Section};
use crate::model::{ENGLISH_MONTHS, FRENCH_MONTHS};

/// Whether a section shows a date or a time.
pub fn is_moment(section: &Section) -> bool {
    let general = section.bare().collect::<String>().to_ascii_lowercase();
    !(general.contains("general") || general.contains("standard"))
        && tokens(&section.code).iter().any(|token| matches!(token, Token::Field(..) | Token::Elapsed(..)))
}

/// A value as a date or time; `None` for what is none.
pub fn show(section: &Section, value: f64, epoch_1904: bool) -> Option<Shown> {
    let code = section.code.as_str();
    if code.contains(ELAPSED) {
        let sign = if value < 0.0 { "-" } else { "" };
        let text = written(moment(value.abs(), epoch_1904)?, value.abs(), code);
        return Some(Shown { text: format!("{sign}{text}"), full: None });
    }
    let at = moment(value, epoch_1904)?;
    Some(Shown { text: written(at, value, code), full: full_date(at, code) })
}

/// A piece of a format of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// A field by its letter and how often it stands: `yyyy`; minutes are `n`.
    Field(char, usize),
    /// A field that goes past its clock: `[h]`.
    Elapsed(char, usize),
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
        } else if c == ELAPSED {
            let letter = chars.get(at + 1).map_or('h', char::to_ascii_lowercase);
            let count =
                chars.iter().skip(at + 1).take_while(|next| next.to_ascii_lowercase() == letter).count();
            out.push(Token::Elapsed(letter, count));
            at += 1 + count;
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
        .filter_map(|(at, token)| {
            if let Token::Field(letter, _) | Token::Elapsed(letter, _) = token {
                Some((at, *letter))
            } else {
                None
            }
        })
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
            Token::Elapsed(letter, count) => {
                let unit = match letter {
                    'h' => 3600.0,
                    'm' => 60.0,
                    _ => 1.0,
                };
                let passed = ((value * 86_400.0).round() / unit).floor();
                out.push_str(&format!("{passed:0count$.0}", count = count.min(20)));
            }
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
            Token::Field(..) | Token::Elapsed(..) | Token::Half | Token::Literal(_) => None,
        })
    };
    let (year, month, day) = (field('y')?, field('m')?, field('d')?);
    (year < 3 || month > 2 || day > 2).then(|| at.date().to_string())
}
