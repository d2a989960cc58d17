//! Secrets: a password is told from talk about passwords by its look (compiled by us, 2026-11).

use super::{Found, Proof};

/// Takes what follows a label as a password when it mixes letters with digits or signs, or is a short number.
pub(super) fn password(found: &Found<'_>) -> Option<Proof> {
    let value = found.text.trim_end_matches(['.', ',', ';', ')', '"', '\'', '!', '?']);
    let value = if found.text.ends_with("!") && is_mixed(found.text) { found.text } else { value };
    let looks = is_mixed(value) || is_pin(value);
    let facts = ["shape"].into_iter().chain(is_strong(value).then_some("strong")).collect();
    (looks && !is_placeholder(value)).then(|| Proof { value: value.to_owned(), facts, ..Proof::default() })
}

/// Takes a password written in an address, unless it stands for one to be written.
pub(super) fn in_address(found: &Found<'_>) -> Option<Proof> {
    let value = found.text;
    ((is_mixed(value) || value.len() >= 12) && !is_placeholder(value)).then(|| Proof {
        value: value.to_owned(),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

/// Takes a vendor's token when it is as varied as chance would have it.
pub(super) fn token(found: &Found<'_>) -> Option<Proof> {
    let value = found.text.trim();
    (entropy(value) > 2.5 && !is_placeholder(value)).then(|| Proof {
        value: value.to_owned(),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

fn is_mixed(value: &str) -> bool {
    let has = |class: fn(&char) -> bool| value.chars().any(|character| class(&character));
    let letters = has(|character| character.is_alphabetic());
    let digits = has(char::is_ascii_digit);
    let signs = value
        .chars()
        .skip(1)
        .any(|character| matches!(character, '!' | '@' | '#' | '$' | '%' | '^' | '*' | '+' | '?' | '~'));
    value.chars().count() >= 6 && letters && (digits || signs)
}

fn is_strong(value: &str) -> bool {
    let upper = value.chars().any(char::is_uppercase) && value.chars().any(char::is_lowercase);
    upper && value.chars().any(|character| character.is_ascii_digit()) && value.chars().count() >= 8
}

fn is_pin(value: &str) -> bool {
    (4..=8).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the value stands for one to be written: blanks, stars, variables, addresses, dates.
fn is_placeholder(value: &str) -> bool {
    let first = value.chars().next();
    let folded = value.to_lowercase();
    let same = value
        .chars()
        .all(|character| Some(character) == first || matches!(character, '*' | '_' | '.' | 'x' | 'X'));
    let foreign = ["://", "www.", "${", "{{", "<", ".com", ".ca/", "[", "%s", "\\", "()", "->"]
        .iter()
        .any(|sign| value.contains(sign));
    let named = ["mot_de_passe", "motdepasse", "password", "passwd", "pass"].contains(&folded.as_str());
    same || foreign || named || value.starts_with('/')
}

/// Bits per character, from how often each occurs.
fn entropy(value: &str) -> f32 {
    let length = value.chars().count();
    let share = |byte: u8| value.bytes().filter(|other| *other == byte).count();
    let total = u16::try_from(length).map_or(f32::MAX, f32::from);
    let counts = (0..=127)
        .map(share)
        .filter(|count| *count > 0)
        .map(|count| u16::try_from(count).map_or(total, f32::from) / total);
    counts.map(|part| -part * part.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn passwords_are_told_from_words() {
        for (text, value) in [
            ("Bouleau#4471", Some("Bouleau#4471")),
            ("Bouleau4471.", Some("Bouleau4471")),
            ("8245", Some("8245")),
            ("expire", None),
            ("temporaire", None),
            ("********", None),
            ("${SECRET_1}", None),
            ("https://intranet.example/aide1", None),
            ("14", None),
            ("user_list", None),
            ("\\fPmot_de_passe1", None),
        ] {
            let proof = password(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.map(|proof| proof.value).as_deref(), value, "{text}");
        }
    }
}
