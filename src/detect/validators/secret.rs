//! Secrets: a password is told from talk about passwords by its look (compiled by us, 2026-11); tokens that carry a check are
//! checked. GitHub and npm: the last six of 36 characters are the CRC-32 of the 30 before, in base 62 (secretlint/secretlint,
//! issue 200, whose npm token is in the table). JSON Web Tokens: the first part is JSON that names an algorithm (RFC 7519).

use data_encoding::BASE64URL_NOPAD;

use super::{Found, Proof};

/// Takes what follows a label as a password when it mixes letters with digits or signs, or is a short number.
pub(super) fn password(found: &Found<'_>) -> Option<Proof> {
    let value = found.text.trim_end_matches(['.', ',', ';', ')', '"', '\'', '!', '?']);
    // A mark that ends a greeting is no sign of a password.
    let exclaimed = found.text.ends_with('!') && found.text.bytes().any(|byte| byte.is_ascii_digit());
    let value = if exclaimed && is_mixed(found.text) { found.text } else { value };
    let looks = is_mixed(value) || is_pin(value);
    let facts = ["shape"].into_iter().chain(is_strong(value).then_some("strong")).collect();
    (looks && !is_placeholder(value)).then(|| Proof { value: value.to_owned(), facts, ..Proof::default() })
}

/// Takes what mixes cases, digits and signs as no word, date or reference does: three kinds and a sign, or changes of kind
/// inside the word.
pub(super) fn strong_password(found: &Found<'_>) -> Option<Proof> {
    let value = found.text.trim_end_matches(['.', ',', ';', ')', '"', '\'', '?']);
    let kind = |character: char| match character {
        'a'..='z' => 0,
        'A'..='Z' => 1,
        '0'..='9' => 2,
        _ => 3,
    };
    let signed = value.chars().any(|character| character.is_ascii_punctuation());
    let turns =
        value.chars().zip(value.chars().skip(1)).filter(|(one, next)| kind(*one) != kind(*next)).count();
    let address = value.contains("://") || value.contains('@') && value.contains('.') || value.contains('/');
    let strong = is_strong(value) && (signed || turns > 4) && !address && !is_placeholder(value);
    strong.then(|| Proof { value: value.to_owned(), facts: vec!["shape"], ..Proof::default() })
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
    let worded = value.contains('-') && !value.bytes().any(|byte| byte.is_ascii_digit());
    (!worded && entropy(value) > 2.5 && !is_placeholder(value)).then(|| Proof {
        value: value.to_owned(),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

/// Takes a plain word after "temporaire :" or the like, unless it tells where the password is or what becomes of it.
pub(super) fn told(found: &Found<'_>) -> Option<Proof> {
    let value = found.text.trim_end_matches(['.', ',', ';', ')', '"', '\'']);
    let word = value.to_ascii_lowercase();
    let speaks = NO_PASSWORD.iter().any(|other| word == *other);
    let varied = value.chars().count() >= 6 && value.chars().all(|character| character.is_ascii_graphic());
    (varied && !speaks && !is_placeholder(value)).then(|| Proof {
        value: value.to_owned(),
        facts: if is_mixed(value) { vec!["shape"] } else { vec!["shape", "plain_word"] },
        ..Proof::default()
    })
}

/// Words that follow "mot de passe temporaire :" and are none.
const NO_PASSWORD: [&str; 34] = [
    "expire",
    "expired",
    "inchange",
    "inchangee",
    "unchanged",
    "oublie",
    "forgotten",
    "aucun",
    "aucune",
    "envoye",
    "envoyee",
    "transmis",
    "transmise",
    "remis",
    "valide",
    "requis",
    "required",
    "inconnu",
    "unknown",
    "confidentiel",
    "confidential",
    "change",
    "changer",
    "genere",
    "generated",
    "ci-joint",
    "ci-dessous",
    "attached",
    "below",
    "separement",
    "telephone",
    "bientot",
    "demander",
    "personnel",
];

/// Takes a token whose last six characters check the thirty before.
pub(super) fn checksummed(found: &Found<'_>) -> Option<Proof> {
    let token = found.text.get(found.text.find('_')? + 1..)?;
    let (random, check) = token.split_at_checked(token.len().checked_sub(6)?)?;
    let right = check.bytes().try_fold(0, |sum: u64, byte| {
        Some(sum * 62 + u64::try_from(BASE62.iter().position(|digit| *digit == byte)?).ok()?)
    })? == u64::from(crc32(random.as_bytes()));
    let fact = if right { "check_digit" } else { "no_check" };
    (!is_placeholder(token) && entropy(token) > 2.5).then(|| Proof {
        value: found.text.to_owned(),
        facts: vec!["shape", fact],
        ..Proof::default()
    })
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// CRC-32 as zip has it, bit by bit: the tokens are short.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

/// Takes a JSON Web Token whose header is JSON that names an algorithm.
pub(super) fn jwt(found: &Found<'_>) -> Option<Proof> {
    let header = BASE64URL_NOPAD.decode(found.text.split('.').next()?.as_bytes()).ok()?;
    let header: serde_json::Value = serde_json::from_slice(&header).ok()?;
    let algorithm = header.get("alg")?.as_str()?;
    (algorithm != "none").then(|| Proof {
        value: found.text.to_owned(),
        facts: vec!["shape", "check_digit"],
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
    let foreign = ["://", "www.", "${", "{$", "{{", "<", ".com", ".ca/", "[", "%s", "\\", "()", "->"]
        .iter()
        .any(|sign| value.contains(sign));
    let named = ["mot_de_passe", "motdepasse", "password", "passwd", "pass"].contains(&folded.as_str());
    same || foreign
        || named
        || value.starts_with(['/', '-']) && !is_strong(value)
        || is_call(value)
        || is_code(value)
        || is_network(value)
}

/// `ReadLine(0`, `getpass.getpass("…`: code that asks for one, whose name is of several words; `Bonjour(2026` is a password.
fn is_call(value: &str) -> bool {
    value.split_once('(').is_some_and(|(name, _)| {
        let joined = name.contains(['_', '.']) || name.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
        let word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.');
        joined && name.bytes().any(|byte| byte.is_ascii_lowercase()) && name.chars().all(word)
    })
}

/// `Salt::from_b64`, `self.0.token`, `0xC000_u32`, `format!(`, `a).map(`, `&#x3C;string`: code and markup about passwords.
fn is_code(value: &str) -> bool {
    let named = |text: &str| text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let path = value.split_once("::").is_some_and(|(owner, member)| named(owner) && named(member));
    let member = ["self.", "this."].iter().any(|owner| value.starts_with(owner));
    let digits = value.strip_prefix("0x").map(|digits| digits.split('_').next().unwrap_or_default());
    let number = digits
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let command =
        value.strip_suffix("!(").is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_lowercase()));
    let chain = value.contains('(') && value.contains(").");
    path || member || number || command || chain || value.starts_with('&') && value.contains(';')
}

/// `bbbb:cccc:1234::1`: the address of a machine.
fn is_network(value: &str) -> bool {
    value.matches(':').count() > 1
        && value
            .split(':')
            .all(|group| group.len() <= 4 && group.bytes().all(|byte| byte.is_ascii_hexdigit()))
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
    fn tokens_are_checked() {
        let read = |text| Found { text, after: "", today: date(2026, 1, 15) };
        for (text, fact) in [
            ("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", Some("check_digit")),
            ("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", Some("check_digit")),
            ("ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", Some("no_check")),
            ("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", None),
        ] {
            assert_eq!(
                checksummed(&read(text)).and_then(|proof| proof.facts.last().copied()),
                fact,
                "{text}"
            );
        }
        for (text, passes) in [
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLWludmVudGVl", true),
            ("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLWludmVudGVl", false),
            ("eyJhbGciOiJIUzI1NiI.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLWludmVudGVl", false),
        ] {
            assert_eq!(jwt(&read(text)).is_some(), passes, "{text}");
        }
    }

    #[test]
    fn a_word_told_as_a_password_is_one() {
        for (text, facts) in [
            ("Bienvenue", Some(&["shape", "plain_word"][..])),
            ("Printemps2026", Some(&["shape"][..])),
            ("oublie", None),
            ("ici", None),
        ] {
            let proof = told(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.as_ref().map(|proof| &proof.facts[..]), facts, "{text}");
        }
    }

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
            ("ReadLine(0", None),
            ("input_line(0", None),
            ("getpass.getpass(2", None),
            ("Bonjour(2026", Some("Bonjour(2026")),
            ("BONJOUR(2026", Some("BONJOUR(2026")),
            ("bbbb:cccc:1234::1:1", None),
            ("-wget@", None),
            ("Salt::from_b64", None),
            ("Pbkdf2.hash_password(", None),
            ("self.0.token_2", None),
            ("0xC0000071_u32", None),
            ("format!(", None),
            ("Some(salt1)).map_err(", None),
            ("&#x3C;string1", None),
            ("Hiver::2026", Some("Hiver::2026")),
            ("0xBouleau71", Some("0xBouleau71")),
            ("-Wget77x", Some("-Wget77x")),
        ] {
            let proof = password(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.map(|proof| proof.value).as_deref(), value, "{text}");
        }
    }
}
