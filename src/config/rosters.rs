//! Rosters and their keys, as files.
//!
//! An index is read once, whole, and shared; it and its key take effect together, since the key of an index is made of a
//! secret and of a salt that stands in the index. A key file that others may read is refused.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rand::TryRngCore;
use rand::rngs::OsRng;
use zeroize::Zeroizing;

use crate::model::settings;
use crate::roster::{Index, IndexError, KeyError, Roster, SALT, Secret, Secrets};

/// Name of the key among systemd's credentials (`LoadCredential=roster.key:…`).
pub const CREDENTIAL: &str = "roster.key";

/// Why a roster or a key is not used. None quotes what a file holds.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// A file cannot be read or written.
    #[error("{}: cannot be {what}: {why}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// `read` or `written`.
        what: &'static str,
        /// The system's reason.
        why: io::Error,
    },
    /// What the index says of itself.
    #[error("{}: {why}", path.display())]
    Index {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        why: IndexError,
    },
    /// What the key file holds.
    #[error("{}: {why}", path.display())]
    Key {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        why: KeyError,
    },
    /// A key that others may read.
    #[error("{}: others may read this key; make it mode 0600", path.display())]
    Exposed {
        /// Which file.
        path: PathBuf,
    },
    /// The system gives no chance.
    #[error("the system gives no random bytes: {0}")]
    Chance(rand::rand_core::OsError),
}

/// Where the key of an index is looked for: the one given, the service's credential, else beside the index.
#[must_use]
pub fn key_of(index: &Path, key: Option<&Path>) -> PathBuf {
    let credential = || {
        let folder = env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from)?;
        Some(folder.join(CREDENTIAL)).filter(|path| path.is_file())
    };
    key.map(Path::to_owned).or_else(credential).unwrap_or_else(|| beside(index))
}

/// `patients.idx` has its key in `patients.idx.key`.
#[must_use]
pub fn beside(index: &Path) -> PathBuf {
    let mut name = index.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

/// Opens an index. When the key does not fit, both are read once more: they may have been replaced in between.
///
/// # Errors
/// [`RosterError`] with the file and what to do.
pub fn open(index: &Path, key: Option<&Path>, wanted: Roster) -> Result<Index, RosterError> {
    let key = key_of(index, key);
    match try_open(index, &key, wanted) {
        Err(RosterError::Index { why: IndexError::Key, .. }) => try_open(index, &key, wanted),
        opened => opened,
    }
}

fn try_open(index: &Path, key: &Path, wanted: Roster) -> Result<Index, RosterError> {
    let secrets = secrets(key)?;
    let bytes = fs::read(index).map_err(file(index, "read"))?;
    let opened = Index::open(bytes, &secrets).and_then(|opened| opened.expect(wanted));
    opened.map_err(|why| RosterError::Index { path: index.to_owned(), why })
}

/// Opens the rosters that the settings name; what does not open is told, and left out.
#[must_use]
pub fn configured(settings: &settings::Roster) -> (Option<Index>, Option<Index>, Vec<RosterError>) {
    let mut troubles = Vec::new();
    let mut one =
        |path: &Option<PathBuf>, wanted| match open(path.as_deref()?, settings.key.as_deref(), wanted) {
            Ok(index) => Some(index),
            Err(trouble) => {
                troubles.push(trouble);
                None
            }
        };
    let patients = one(&settings.index, Roster::Patients);
    let staff = one(&settings.staff, Roster::Staff);
    (patients, staff, troubles)
}

/// Reads a key file. Group and others may not read it; systemd's credentials are the service's own.
///
/// # Errors
/// [`RosterError`] when it cannot be read, is exposed, or holds no key.
pub fn secrets(path: &Path) -> Result<Secrets, RosterError> {
    let mode = fs::metadata(path).map_err(file(path, "read"))?.permissions().mode();
    if mode & 0o077 != 0 && !is_credential(path) {
        return Err(RosterError::Exposed { path: path.to_owned() });
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(file(path, "read"))?);
    Secrets::parse(&text).map_err(|why| RosterError::Key { path: path.to_owned(), why })
}

/// Whether systemd handed a file over. Where it does so by an access list, the mask of the list shows as bits of the group.
fn is_credential(path: &Path) -> bool {
    env::var_os("CREDENTIALS_DIRECTORY").is_some_and(|folder| path.starts_with(folder))
}

/// Makes a key file with a fresh secret, mode 0600; one that exists is never overwritten.
///
/// # Errors
/// [`RosterError`] when it cannot be written.
pub fn make_key(path: &Path) -> Result<Secrets, RosterError> {
    let secret = Secret::new(random()?);
    let open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut key = open.map_err(file(path, "written"))?;
    key.write_all(secret.to_line().as_bytes())
        .and_then(|()| key.sync_all())
        .map_err(file(path, "written"))?;
    Ok(Secrets::from([secret]))
}

/// A fresh salt.
///
/// # Errors
/// [`RosterError::Chance`].
pub fn salt() -> Result<[u8; SALT], RosterError> {
    random()
}

/// Puts an index in the place of the one before, whole or not at all.
///
/// # Errors
/// [`RosterError`] when it cannot be written; the one before stays.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), RosterError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = tempfile::Builder::new().prefix(".roster-").tempfile_in(folder).and_then(|mut file| {
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|failure| failure.error)?;
        fs::File::open(folder)?.sync_all()
    });
    written.map_err(file(path, "written"))
}

fn random() -> Result<[u8; 32], RosterError> {
    let mut bytes = [0; 32];
    OsRng.try_fill_bytes(&mut bytes).map_err(RosterError::Chance)?;
    Ok(bytes)
}

fn file(path: &Path, what: &'static str) -> impl FnOnce(io::Error) -> RosterError {
    let path = path.to_owned();
    move |why| RosterError::File { path, what, why }
}
