//! Tokens and keys that carry a check, or are as varied as chance. GitHub and npm: the last six of 36 characters are the CRC-32 of
//! the 30 before, in base 62 (secretlint/secretlint, issue 200, whose npm token is in the table). JSON Web Tokens: the first part
//! is JSON that names an algorithm (RFC 7519).

use data_encoding::{BASE64, BASE64URL_NOPAD};

use super::looks::{entropy, is_placeholder};
use super::{Found, Proof};

/// Takes a vendor's token when it is as varied as chance would have it.
pub fn token(found: &Found<'_>) -> Option<Proof> {
    let value = found.text.trim();
    let worded = value.contains('-') && !value.bytes().any(|byte| byte.is_ascii_digit());
    (!worded && entropy(value) > 2.5 && !is_placeholder(value)).then(|| Proof {
        value: value.to_owned(),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

/// Takes a token whose last six characters check the thirty before.
pub fn checksummed(found: &Found<'_>) -> Option<Proof> {
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
pub fn jwt(found: &Found<'_>) -> Option<Proof> {
    let header = BASE64URL_NOPAD.decode(found.text.split('.').next()?.as_bytes()).ok()?;
    let header: serde_json::Value = serde_json::from_slice(&header).ok()?;
    let algorithm = header.get("alg")?.as_str()?;
    (algorithm != "none").then(|| Proof {
        value: found.text.to_owned(),
        facts: vec!["shape", "check_digit"],
        ..Proof::default()
    })
}

/// Takes a recovery key of BitLocker: eight groups of six digits, each eleven times a number below 65,536 (Microsoft, System
/// Integrity Team, « BitLocker recovery password details », 2006-08-10).
pub fn recovery_key(found: &Found<'_>) -> Option<Proof> {
    let digits: String = found.text.chars().filter(char::is_ascii_digit).collect();
    let groups = (0..8).map(|group| digits.get(group * 6..group * 6 + 6)?.parse::<u32>().ok());
    let groups: Vec<u32> = groups.collect::<Option<_>>()?;
    let right = groups.iter().all(|group| group % 11 == 0 && group / 11 < 65_536);
    let same = groups.windows(2).all(|pair| pair.first() == pair.last());
    (!same).then(|| Proof {
        value: digits,
        facts: vec!["shape", if right { "check_digit" } else { "no_check" }],
        ..Proof::default()
    })
}

/// Takes the name and password of a basic authorization (RFC 7617): both in base64, with a colon between them.
pub fn basic(found: &Found<'_>) -> Option<Proof> {
    let plain = String::from_utf8(BASE64.decode(found.text.as_bytes()).ok()?).ok()?;
    let (_, password) = plain.split_once(':')?;
    let told = password.len() >= 4 && password.chars().all(|character| !character.is_control());
    (told && !is_placeholder(password)).then(|| Proof {
        value: found.text.to_owned(),
        facts: vec!["shape", "check_digit"],
        ..Proof::default()
    })
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

    // "We start with a random 128-bit key, which we split into eight groups of 16 bits … and multiply it by 11" (System Integrity Team).
    #[test]
    fn recovery_keys_and_authorizations_check_themselves() {
        let read = |text| Found { text, after: "", today: date(2026, 1, 15) };
        let fact = |proof: Option<Proof>| proof.and_then(|proof| proof.facts.last().copied());
        for (text, expected) in [
            ("110000-220000-330000-440000-550000-660000-110011-220022", Some("check_digit")),
            ("110001-220000-330000-440000-550000-660000-110011-220022", Some("no_check")),
            ("990000-220000-330000-440000-550000-660000-110011-220022", Some("no_check")),
            ("000000-000000-000000-000000-000000-000000-000000-000000", None),
        ] {
            assert_eq!(fact(recovery_key(&read(text))), expected, "{text}");
        }
        for (text, expected) in [
            ("cm95ajpCb3VsZWF1NDQ3MQ==", Some("check_digit")),
            ("dXNlcjpwYXNzd29yZA==", None),
            ("YXV0aGVudGlmaWNhdGlvbg==", None),
            ("authentication", None),
        ] {
            assert_eq!(fact(basic(&read(text))), expected, "{text}");
        }
    }
}
