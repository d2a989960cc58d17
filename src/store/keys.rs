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
    /// What opens it.
    pub(super) identity: Option<Identity>,
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
        let identity = match access {
            Access::Review => Some(place.identity(settings.identity.as_deref())?),
            Access::Mta => None,
        };
        let recipients = place.recipients(&settings.seal_to, identity.as_ref())?;
        let index = place.secret("index.key")?;
        let release = place.secret("release.key")?;
        Ok(Self { recipients, identity, index, release })
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
    fn identity(&self, elsewhere: Option<&Path>) -> Result<Identity, StoreError> {
        let default = self.folder.join("identity.txt");
        let path = elsewhere.unwrap_or(&default);
        let make = || Ok(Zeroizing::new(format!("{}\n", Identity::generate().to_string().expose_secret())));
        let text = match elsewhere {
            Some(path) => read(path)?.ok_or_else(|| missing(path))?,
            None => self.read_or_make(path, make)?,
        };
        let line = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-"));
        line.and_then(|line| Identity::from_str(line.trim()).ok())
            .ok_or_else(|| StoreError::Key(format!("{}: this is not an age private key", path.display())))
    }

    /// The configured public keys, or the one that stands beside the private key.
    fn recipients(
        &self,
        seal_to: &[String],
        identity: Option<&Identity>,
    ) -> Result<Vec<Recipient>, StoreError> {
        let own = identity.map(|identity| identity.to_public().to_string());
        let path = self.folder.join("recipient.txt");
        let texts = if !seal_to.is_empty() {
            seal_to.to_vec()
        } else if let Some(own) = &own {
            self.publish(&path, own)?;
            vec![own.clone()]
        } else {
            let text = read(&path)?.ok_or_else(|| StoreError::Key(format!(
                "no public key to seal to: set store.seal_to, or start `vaguemestre review` once, which writes {}",
                path.display()
            )))?;
            vec![text.trim().to_owned()]
        };
        if own.is_some_and(|own| !texts.contains(&own)) {
            let text = "the private key opens none of store.seal_to: what is held could not be read";
            return Err(StoreError::Key(text.to_owned()));
        }
        let parse = |text: &String| {
            Recipient::from_str(text)
                .map_err(|_| StoreError::Key("store.seal_to: not an age public key (age1…)".to_owned()))
        };
        texts.iter().map(parse).collect()
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

/// Writes a key file whole, or leaves the one that another process wrote meanwhile.
fn write(path: &Path, text: &str) -> Result<(), StoreError> {
    let draft = path.with_extension(format!("{}.part", std::process::id()));
    let written = (|| {
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        match fs::hard_link(&draft, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => fs::remove_file(&draft),
        }
    })();
    written.map_err(|error| StoreError::Unavailable(format!("{}: {}", path.display(), error.kind())))?;
    path.parent().map_or(Ok(()), content::sync_folder)
}
