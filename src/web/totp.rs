//! Time-based one-time codes: RFC 6238 with SHA-1, 6 digits, 30 seconds, as every authenticator application reads them.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha1::Sha1;

use super::secrets::same;

/// Seconds a code lasts (RFC 6238, 5.2).
const STEP: i64 = 30;

/// The step that a code belongs to: this one, the last or the next, for clocks that differ; `None` for a wrong code.
#[must_use]
pub fn step_of(secret: &str, code: &str, now: Timestamp) -> Option<i64> {
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let current = now.as_second().div_euclid(STEP);
    [current, current - 1, current + 1]
        .into_iter()
        .find(|&step| same(code_at(&secret, step).as_bytes(), typed.as_bytes()))
}

/// The code of a moment, for tests and for whoever must sign in without an application.
#[must_use]
pub fn code(secret: &str, now: Timestamp) -> Option<String> {
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    Some(code_at(&secret, now.as_second().div_euclid(STEP)))
}

/// What an authenticator application reads
/// (<https://github.com/google/google-authenticator/wiki/Key-Uri-Format>).
#[must_use]
pub fn uri(login: &str, secret: &str) -> String {
    format!("otpauth://totp/Vaguemestre:{login}?secret={secret}&issuer=Vaguemestre")
}

/// RFC 4226, 5.3: the last nibble says where four bytes stand, whose last 6 decimal digits are the code.
fn code_at(secret: &[u8], step: i64) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(secret).expect("an HMAC takes a key of any length");
    let digest = mac.chain_update(step.to_be_bytes()).finalize().into_bytes();
    let offset = usize::from(digest.last().copied().unwrap_or(0) & 0x0f);
    let four = digest.iter().skip(offset).take(4).fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
    format!("{:06}", (four & 0x7fff_ffff) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::{BASE32_NOPAD, code, step_of};

    fn at(second: i64) -> jiff::Timestamp {
        jiff::Timestamp::from_second(second).unwrap()
    }

    /// RFC 6238, appendix B, SHA-1, last 6 of the 8 digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = BASE32_NOPAD.encode(b"12345678901234567890");
        let table = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ];
        for (second, expected) in table {
            assert_eq!(code(&secret, at(second)).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_code_is_good_half_a_minute_around_its_own_and_may_hold_spaces() {
        let secret = BASE32_NOPAD.encode(b"12345678901234567890");
        for (second, good) in [(0, true), (59, true), (89, true), (90, false)] {
            assert_eq!(step_of(&secret, "287 082", at(second)).is_some(), good, "{second}");
        }
        assert_eq!(step_of(&secret, "", at(59)), None);
    }
}
