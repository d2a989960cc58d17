//! Passwords, recovery codes and random ids.
//!
//! A password is digested with Argon2id (RFC 9106), 19 MiB, 4 passes, one lane: twice the passes of OWASP's least setting of that memory, so
//! that the service stays small while someone signs in. The text that is kept names the costs: they may rise without a new password.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use data_encoding::{BASE32_NOPAD, HEXLOWER as HEX};
use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};

use crate::model::Masked;
use crate::ports::Secrets;

/// Memory of one digest, in KiB.
const MEMORY: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 4;
/// Recovery codes given with an account.
const RECOVERY: usize = 10;
/// Shortest password, in characters: NIST SP 800-63B-4 asks for 15 when it stands alone and 8 beside a second factor.
pub const SHORTEST: usize = 12;

/// The system gives no randomness.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness;

/// New secrets with the clear texts that a person needs once.
#[derive(Debug)]
pub struct Fresh {
    /// What is kept.
    pub secrets: Secrets,
    /// The password, when it was made here.
    pub password: Masked,
    /// The recovery codes, in clear, to be shown once.
    pub recovery: Vec<Masked>,
}

/// Makes the secrets of an account. Without a password, one is made, and must be changed at the first sign-in.
///
/// # Errors
/// [`NoRandomness`].
pub fn fresh(password: Option<&str>) -> Result<Fresh, NoRandomness> {
    let made = BASE32_NOPAD.encode(&random::<15>()?).to_lowercase();
    let must_change = password.is_none();
    let password = Masked::new(password.unwrap_or(&made));
    let codes =
        (0..RECOVERY).map(|_| Ok(spaced(&random::<10>()?))).collect::<Result<Vec<_>, NoRandomness>>()?;
    let secrets = Secrets {
        password: digest(&password)?,
        totp: totp_secret()?,
        recovery: codes.iter().map(|code| recovery_digest(code)).collect(),
        must_change,
    };
    Ok(Fresh { secrets, password, recovery: codes.into_iter().map(Masked::new).collect() })
}

/// Makes a key for an authenticator application: 160 bits, as RFC 4226, 4 recommends.
///
/// # Errors
/// [`NoRandomness`].
pub fn totp_secret() -> Result<Masked, NoRandomness> {
    Ok(Masked::new(BASE32_NOPAD.encode(&random::<20>()?)))
}

/// Digests a password with a new salt. Takes 19 MiB meanwhile.
///
/// # Errors
/// [`NoRandomness`].
pub fn digest(password: &Masked) -> Result<String, NoRandomness> {
    let salt = random::<16>()?;
    let hash = argon(password.reveal(), &salt, MEMORY, PASSES).ok_or(NoRandomness)?;
    Ok(format!("argon2id${MEMORY}${PASSES}${}${}", HEX.encode(&salt), HEX.encode(&hash)))
}

/// Whether a password is the one digested. With no digest (an account that does not exist) the same work is done, so that
/// the time tells nothing.
#[must_use]
pub fn is_password(password: &Masked, kept: Option<&str>) -> bool {
    let fields = kept.and_then(read);
    let known = fields.is_some();
    let (memory, passes, salt, hash) = fields.unwrap_or((MEMORY, PASSES, vec![0; 16], vec![0; 32]));
    let typed = argon(password.reveal(), &salt, memory, passes);
    typed.is_some_and(|typed| same(&typed, &hash)) && known
}

/// A random id of 256 bits, in hexadecimal.
///
/// # Errors
/// [`NoRandomness`].
pub fn id() -> Result<String, NoRandomness> {
    Ok(HEX.encode(&random::<32>()?))
}

/// What is kept of an id.
#[must_use]
pub fn id_digest(id: &str) -> [u8; 32] {
    Sha256::digest(id.as_bytes()).into()
}

/// What is kept of a recovery code, however it was typed.
#[must_use]
pub fn recovery_digest(code: &str) -> [u8; 32] {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    Sha256::digest(plain.as_bytes()).into()
}

/// Compares without stopping at the first difference.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// `ABCD-EFGH-JKLM-NPQR`: 80 bits that a person can read from paper.
fn spaced(bytes: &[u8]) -> String {
    let letters: Vec<char> = BASE32_NOPAD.encode(bytes).chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// Room for more than 32 MiB, in blocks of 1 KiB: pages of its own, which go back to the system (mallopt(3), M_MMAP_THRESHOLD). In less,
/// every thread that hashed once would keep its 19 MiB. What is not written to takes no memory.
const GIVEN_BACK: usize = 33 * 1_024;

fn argon(password: &str, salt: &[u8], memory: u32, passes: u32) -> Option<[u8; 32]> {
    let params = Params::new(memory, passes, 1, Some(32)).ok()?;
    let mut blocks = Vec::with_capacity(GIVEN_BACK);
    blocks.resize(params.block_count(), Block::default());
    let mut hash = [0; 32];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into_with_memory(password.as_bytes(), salt, &mut hash, &mut blocks).ok()?;
    Some(hash)
}

fn read(kept: &str) -> Option<(u32, u32, Vec<u8>, Vec<u8>)> {
    let mut fields = kept.strip_prefix("argon2id$")?.split('$');
    let memory = fields.next()?.parse().ok()?;
    let passes = fields.next()?.parse().ok()?;
    let salt = HEX.decode(fields.next()?.as_bytes()).ok()?;
    let hash = HEX.decode(fields.next()?.as_bytes()).ok()?;
    Some((memory, passes, salt, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let kept = digest(&Masked::new("une phrase de passe")).unwrap();
        assert!(is_password(&Masked::new("une phrase de passe"), Some(&kept)));
        assert!(!is_password(&Masked::new("une autre phrase"), Some(&kept)));
        assert!(!is_password(&Masked::new(""), None));
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let fresh = fresh(None).unwrap();
        let code = fresh.recovery[0].reveal();
        assert_eq!(fresh.recovery.len(), 10);
        assert!(code.len() == 19 && fresh.secrets.must_change);
        assert_eq!(recovery_digest(&code.to_lowercase().replace('-', " ")), fresh.secrets.recovery[0]);
    }
}
