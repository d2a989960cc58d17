//! The keys: public ones to seal to, the private one to open, and two secrets (blind index, release tokens).
//!
//! They are made at the first start in `keys/`, mode 0600. They are never made beside an existing database:
//! new keys would leave all that it holds closed for ever.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use age::x25519::{Identity, Recipient};
use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use ed25519_dalek::SigningKey;
use hmac::{Hmac, Mac};
use rand::TryRngCore;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::content;
use crate::model::{Address, settings};
use crate::ports::StoreError;

/// Which keys a process opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Public keys only: can hold, cannot read what is held.
    Mta,
    /// The private key too.
    Review,
}

/// All keys of one process.
pub(super) struct KeyRing {
    /// To whom content is sealed.
    pub(super) recipients: Vec<Recipient>,
    /// What opens it: the current key first, then those that were replaced by it.
    pub(super) identities: Vec<Identity>,
    /// What signs checkpoints; the review service's alone.
    pub(super) audit: Option<SigningKey>,
    /// Whether that key was made just now though another one had signed before.
    pub(super) signs_anew: bool,
    signers: Vec<Vec<u8>>,
    index: Secret,
    release: Secret,
}

type Secret = Zeroizing<[u8; 32]>;

impl KeyRing {
    /// Opens the keys, or makes them when no database exists yet.
    pub(super) fn open(
        settings: &settings::Store,
        access: Access,
        database: bool,
    ) -> Result<Self, StoreError> {
        let folder = settings.state_dir.join("keys");
        content::make_private_folder(&folder)?;
        let place = Place { folder: &folder, may_make: !database };
        let identities = match access {
            Access::Review => place.identities(settings.identity.as_deref())?,
            Access::Mta => Vec::new(),
        };
        let recipients = place.recipients(&settings.seal_to, &identities)?;
        let index = place.secret("index.key")?;
        let release = place.secret("release.key")?;
        let audit = match access {
            Access::Review => Some(place.signer()?),
            Access::Mta => None,
        };
        let signs_anew = audit.as_ref().is_some_and(|(_, anew)| *anew);
        let audit = audit.map(|(key, _)| key);
        let signers = place.signers()?;
        Ok(Self { recipients, identities, audit, signs_anew, signers, index, release })
    }

    /// What tells later whether these are still the secrets that the rows were made with.
    pub(super) fn marks(&self) -> [(&'static str, Vec<u8>); 2] {
        let mark = |secret: &Secret| {
            let mac = hmac(secret).chain_update(b"vaguemestre key mark v1").finalize().into_bytes();
            mac.iter().take(16).copied().collect()
        };
        [("index.key", mark(&self.index)), ("release.key", mark(&self.release))]
    }

    /// Whether checkpoints signed with this public key are ours. A process without the list believes the signature alone.
    pub(super) fn signs_with(&self, key: &[u8]) -> bool {
        self.signers.is_empty() || self.signers.iter().any(|known| known == key)
    }

    /// The blind index of an address: the first 16 bytes of an HMAC-SHA-256 of it, case folded.
    pub(super) fn blind(&self, address: &Address) -> Vec<u8> {
        let folded = Zeroizing::new(address.reveal().to_lowercase());
        let mac = hmac(&self.index).chain_update(folded.as_bytes()).finalize().into_bytes();
        mac.iter().take(16).copied().collect()
    }

    /// Starts the HMAC of a release token.
    pub(super) fn release_mac(&self) -> Hmac<Sha256> {
        hmac(&self.release)
    }

    /// Starts the HMAC of what the pages hand to a browser, one kind of it for each purpose. A release token's begins otherwise.
    pub(super) fn page_mac(&self, purpose: &str) -> Hmac<Sha256> {
        hmac(&self.release).chain_update(format!("page {purpose}\n"))
    }
}

fn hmac(secret: &Secret) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret.as_slice()).expect("an HMAC takes a key of any length")
}

/// The folder of keys, and whether missing ones may be made.
struct Place<'a> {
    folder: &'a Path,
    may_make: bool,
}

impl Place<'_> {
    fn identities(&self, elsewhere: Option<&Path>) -> Result<Vec<Identity>, StoreError> {
        let default = self.folder.join("identity.txt");
        let path = elsewhere.unwrap_or(&default);
        let make = || Ok(Zeroizing::new(format!("{}\n", Identity::generate().to_string().expose_secret())));
        let text = match elsewhere {
            Some(path) => read(path)?.ok_or_else(|| missing(path))?,
            None => self.read_or_make(path, make)?,
        };
        let lines = text.lines().filter(|line| line.starts_with("AGE-SECRET-KEY-"));
        let identities: Option<Vec<Identity>> =
            lines.map(|line| Identity::from_str(line.trim()).ok()).collect();
        identities
            .filter(|identities| !identities.is_empty())
            .ok_or_else(|| StoreError::Key(format!("{}: this is not an age private key", path.display())))
    }

    /// The key that signs checkpoints. It opens nothing, so a missing one is made at any time; its public half joins the others in
    /// `audit.pub`, so that what an earlier key signed is still known. Says too whether it takes the place of one that is gone.
    fn signer(&self) -> Result<(SigningKey, bool), StoreError> {
        let place = Place { folder: self.folder, may_make: true };
        let key = SigningKey::from_bytes(&*place.secret("audit.key")?);
        let public = HEX.encode(key.verifying_key().as_bytes());
        let path = self.folder.join("audit.pub");
        let known = read(&path)?.map(|text| text.to_string()).unwrap_or_default();
        let new = !known.lines().any(|line| line.trim() == public);
        if new {
            replace(&path, &format!("{known}{public}\n"))?;
        }
        Ok((key, new && !known.trim().is_empty()))
    }

    fn signers(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let text = read(&self.folder.join("audit.pub"))?.map(|text| text.to_string()).unwrap_or_default();
        Ok(text.lines().filter_map(|line| HEX.decode(line.trim().as_bytes()).ok()).collect())
    }

    /// The configured public keys, or the one that stands beside the private key.
    fn recipients(&self, seal_to: &[String], identities: &[Identity]) -> Result<Vec<Recipient>, StoreError> {
        let own: Vec<String> = identities.iter().map(|identity| identity.to_public().to_string()).collect();
        let path = self.folder.join("recipient.txt");
        let texts = if !seal_to.is_empty() {
            seal_to.to_vec()
        } else if let Some(own) = own.first() {
            self.publish(&path, own)?;
            vec![own.clone()]
        } else {
            let text = read(&path)?.ok_or_else(|| StoreError::Key(format!(
                "no public key to seal to: set store.seal_to, or start `vaguemestre review` once, which writes {}",
                path.display()
            )))?;
            vec![text.trim().to_owned()]
        };
        opens(&own, &texts)?;
        texts.iter().map(|text| recipient(text)).collect()
    }

    /// Writes the public key beside the private one, for a milter that runs apart.
    fn publish(&self, path: &Path, own: &str) -> Result<(), StoreError> {
        match read(path)? {
            Some(text) if text.trim() == own => Ok(()),
            Some(_) => Err(StoreError::Key(format!(
                "{} is not the public half of the private key: put the right pair back",
                path.display()
            ))),
            None => write(path, &format!("{own}\n")),
        }
    }

    fn secret(&self, name: &str) -> Result<Secret, StoreError> {
        let path = self.folder.join(name);
        let text = self.read_or_make(&path, || {
            let mut bytes = Zeroizing::new([0_u8; 32]);
            rand::rngs::OsRng
                .try_fill_bytes(bytes.as_mut_slice())
                .map_err(|_| StoreError::Unavailable("the system gives no random bytes".to_owned()))?;
            Ok(Zeroizing::new(format!("{}\n", HEX.encode(bytes.as_slice()))))
        })?;
        let bytes = HEX.decode(text.trim().as_bytes()).map(Zeroizing::new).ok();
        let secret = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
        secret
            .map(Zeroizing::new)
            .ok_or_else(|| StoreError::Key(format!("{}: 64 hexadecimal digits are expected", path.display())))
    }

    fn read_or_make(
        &self,
        path: &Path,
        make: impl Fn() -> Result<Zeroizing<String>, StoreError>,
    ) -> Result<Zeroizing<String>, StoreError> {
        if let Some(text) = read(path)? {
            return Ok(text);
        }
        if !self.may_make {
            return Err(missing(path));
        }
        write(path, &make()?)?;
        read(path)?.ok_or_else(|| missing(path))
    }
}

fn missing(path: &Path) -> StoreError {
    StoreError::Key(format!(
        "the key {} is missing, though a database or a setting needs it: put it back from its backup; \
         without it nothing that is held can be opened or found",
        path.display()
    ))
}

/// Reads a key file; `None` when there is none. Refuses one that anybody may read.
fn read(path: &Path) -> Result<Option<Zeroizing<String>>, StoreError> {
    let cannot = |error: io::Error| StoreError::Key(format!("{}: {}", path.display(), error.kind()));
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(cannot(error)),
    };
    if metadata.permissions().mode() & 0o007 != 0 {
        return Err(StoreError::Key(format!("{}: anybody may read this key; chmod 600 it", path.display())));
    }
    fs::read_to_string(path).map(|text| Some(Zeroizing::new(text))).map_err(cannot)
}

/// Looks whether the keys that the settings name can be used, and makes none.
///
/// # Errors
/// The setting, and [`StoreError::Key`].
pub fn look(settings: &settings::Store) -> Result<(), (&'static str, StoreError)> {
    let sealing = |error| ("seal_to", error);
    for text in &settings.seal_to {
        recipient(text).map_err(sealing)?;
    }
    let Some(identity) = settings.identity.as_deref() else { return Ok(()) };
    let place = Place { folder: &settings.state_dir, may_make: false };
    let identities = place.identities(Some(identity)).map_err(|error| ("identity", error))?;
    let own: Vec<String> = identities.iter().map(|identity| identity.to_public().to_string()).collect();
    if settings.seal_to.is_empty() { Ok(()) } else { opens(&own, &settings.seal_to).map_err(sealing) }
}

/// Whether one of our private keys opens what is sealed; a process that holds none is not asked.
fn opens(own: &[String], seal_to: &[String]) -> Result<(), StoreError> {
    if !own.is_empty() && !own.iter().any(|own| seal_to.contains(own)) {
        let text = "the private key opens none of store.seal_to: what is held could not be read";
        return Err(StoreError::Key(text.to_owned()));
    }
    Ok(())
}

fn recipient(text: &str) -> Result<Recipient, StoreError> {
    Recipient::from_str(text)
        .map_err(|_| StoreError::Key("store.seal_to: not an age public key (age1…)".to_owned()))
}

/// Seals bytes to one age public key, as `age -r` does.
///
/// # Errors
/// [`StoreError::Key`] when that is no age public key.
pub fn seal_for(recipient: &str, clear: &[u8]) -> Result<Vec<u8>, StoreError> {
    let recipient = Recipient::from_str(recipient.trim())
        .map_err(|_| StoreError::Key("not an age public key (age1…)".to_owned()))?;
    age::encrypt(&recipient, clear)
        .map_err(|_| StoreError::Key("nothing can be sealed to this key".to_owned()))
}

/// Makes a new private key the current one. What was sealed to the old ones is opened still: they stay in the file.
///
/// # Errors
/// [`StoreError::Key`] when the private key is kept elsewhere or missing, [`StoreError::Unavailable`] when a file cannot be written.
pub fn rotate(settings: &settings::Store) -> Result<String, StoreError> {
    if settings.identity.is_some() || !settings.seal_to.is_empty() {
        let text = "store.identity or store.seal_to is set: put the new private key first in that file, above the old ones, \
                    and its public half into store.seal_to";
        return Err(StoreError::Key(text.to_owned()));
    }
    let folder = settings.state_dir.join("keys");
    let path = folder.join("identity.txt");
    let old = read(&path)?.ok_or_else(|| missing(&path))?;
    let new = Identity::generate();
    let public = new.to_public().to_string();
    // The private half first: between the two writes everything still opens, and a start tells which half is old.
    replace(&path, &format!("{}\n{}", new.to_string().expose_secret(), old.as_str()))?;
    replace(&folder.join("recipient.txt"), &format!("{public}\n"))?;
    Ok(public)
}

/// Writes a key file in place of what was there.
fn replace(path: &Path, text: &str) -> Result<(), StoreError> {
    write_by(path, text, |draft| fs::rename(draft, path))
}

/// Writes a key file whole, or leaves the one that another process wrote meanwhile.
fn write(path: &Path, text: &str) -> Result<(), StoreError> {
    write_by(path, text, |draft| match fs::hard_link(draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => fs::remove_file(draft),
    })
}

/// Writes a draft beside a key file, durable, and puts it in its place.
fn write_by(path: &Path, text: &str, put: impl Fn(&Path) -> io::Result<()>) -> Result<(), StoreError> {
    let draft = path.with_extension(format!("{}.part", std::process::id()));
    let written = (|| {
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        put(&draft)
    })();
    written.map_err(|error| StoreError::Unavailable(format!("{}: {}", path.display(), error.kind())))?;
    path.parent().map_or(Ok(()), content::sync_folder)
}
