//! Digits by a code: places, groups, scales, percents.

use super::fraction;
use super::section::{FRENCH, Section, bare, literally};

/// A number as it is, without exponent and with at most fifteen digits, as spreadsheets keep them.
pub fn general(value: f64, raw: &str) -> String {
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

/// A number by a section, without its sign: literals between digits stay where they are, as in `000 000 000`.
pub fn digits(section: &Section, value: f64, raw: &str) -> String {
    let bare: String = section.bare().filter(|c| *c != FRENCH).collect();
    let lower = bare.to_ascii_lowercase();
    let size = value.abs();
    if lower.contains("general") || lower.contains("standard") {
        return around(&section.code, &general(size, raw.trim_start_matches('-')));
    }
    if !bare.contains(['0', '#', '?']) {
        let says = !bare.contains(char::is_alphabetic);
        return if says {
            literally(&section.code).trim().to_owned()
        } else {
            general(size, raw.trim_start_matches('-'))
        };
    }
    if !value.is_finite() {
        return general(size, raw.trim_start_matches('-'));
    }
    if let Some(at) = lower.find("e+").or_else(|| lower.find("e-"))
        && let Some(text) = scientific(section, &bare, at, size)
    {
        return text;
    }
    if size >= 1e15 {
        return general(size, raw.trim_start_matches('-'));
    }
    if bare.contains('/') {
        return fraction::show(&section.code, size)
            .unwrap_or_else(|| general(size, raw.trim_start_matches('-')));
    }
    placed(section, &bare, size)
}

/// A number with an exponent, which is a multiple of as many places as stand before the point: `0.00E+00`, `##0.0E+0`.
fn scientific(section: &Section, bare: &str, at: usize, size: f64) -> Option<String> {
    let places = |code: &str| code.chars().filter(|c| "0#?".contains(*c)).count();
    let mantissa = bare.get(..at)?;
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let step = i32::try_from(places(whole).clamp(1, 15)).ok()?;
    // Rounded first: 9.996 is 1.00E+01.
    let rounded = format!("{size:.*e}", places(decimals).min(15) + places(whole).saturating_sub(1).min(2));
    let exponent: i32 = rounded.split_once('e')?.1.parse().ok()?;
    let exponent = exponent.div_euclid(step) * step;
    // In the code, behind as many literals as there are.
    let code = section.code.to_ascii_lowercase();
    let split = code.find("e+").or_else(|| code.find("e-"))?;
    let mut shown = section.clone();
    shown.code.truncate(split);
    let number = placed(&shown, mantissa, size / 10f64.powi(exponent));
    let behind = section.code.get(split + 2..)?;
    let width = places(behind).clamp(1, 9);
    let sign = match (exponent < 0, code.get(split..)?.starts_with("e+")) {
        (true, _) => "-",
        (false, true) => "+",
        (false, false) => "",
    };
    Some(format!("{number}E{sign}{:0width$}{}", exponent.abs(), literally(&without_places(behind))))
}

/// Digits in the places of a code.
fn placed(section: &Section, bare: &str, size: f64) -> String {
    let (code, thousands) = scaled(&section.code);
    let percents = bare.matches('%').count();
    let size = (0..thousands).fold(size, |size, _| size / 1000.0);
    let size = (0..percents.min(2)).fold(size, |size, _| size * 100.0);
    let (whole_code, decimal_code) = split_decimals(&code);
    let decimals = self::bare(&decimal_code).filter(|c| "0#?".contains(*c)).count();
    let fixed = format!("{:.*}", decimals.min(15), size);
    let (whole, fraction) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let mut out = filled(whole, &whole_code);
    if decimals > 0 {
        let optional = self::bare(&decimal_code).filter(|c| "#?".contains(*c)).count();
        let kept = fraction.len().saturating_sub(optional);
        let (sure, more) = fraction.split_at_checked(kept).unwrap_or((fraction, ""));
        let fraction = format!("{sure}{}", more.trim_end_matches('0'));
        if !fraction.is_empty() {
            out.push('.');
            out.push_str(&fraction);
        }
    }
    out.push_str(&literally(&without_places(&decimal_code)));
    out.trim().to_owned()
}

/// A code without the commas that divide by a thousand each, and how many they are: those right behind the last digit or the point.
fn scaled(code: &str) -> (String, usize) {
    let chars: Vec<char> = code.chars().collect();
    let mut escaped = false;
    let mut bare = Vec::with_capacity(chars.len());
    for c in &chars {
        bare.push(!escaped);
        escaped = *c == '\\' && !escaped;
    }
    let places = |wanted: &str| chars.iter().zip(&bare).rposition(|(c, bare)| *bare && wanted.contains(*c));
    let last = places("0#?").unwrap_or(0);
    let point = places(".").unwrap_or(chars.len());
    let before = point.checked_sub(1).filter(|at| chars.get(*at) == Some(&','));
    let start = before
        .map_or(last + 1, |at| at + 1 - chars.iter().take(point).rev().take_while(|c| **c == ',').count());
    let behind = chars.iter().skip(start).take_while(|c| **c == ',').count();
    let kept = chars.iter().take(start).chain(chars.iter().skip(start + behind));
    (kept.collect(), behind)
}

/// A code without the places of its digits.
fn without_places(code: &str) -> String {
    let mut escaped = false;
    code.chars()
        .filter(|c| {
            let literal = escaped;
            escaped = *c == '\\' && !literal;
            literal || !"0#?".contains(*c)
        })
        .collect()
}

/// A number between what a code with `General` says before and behind.
fn around(code: &str, number: &str) -> String {
    let lower = code.to_ascii_lowercase();
    let at = lower.find("general").map(|at| (at, 7)).or_else(|| lower.find("standard").map(|at| (at, 8)));
    let (at, size) = at.unwrap_or((0, 0));
    let before = literally(code.get(..at).unwrap_or_default());
    let behind = literally(code.get(at + size..).unwrap_or_default());
    format!("{before}{number}{behind}").trim().to_owned()
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
