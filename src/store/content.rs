//! Sealed messages: one file each, synced with its folder before any row names it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use data_encoding::HEXLOWER as HEX;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::keys::KeyRing;
use crate::ports::{Step, StoreError, step};

/// The folder of sealed messages.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// A sealed message on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    /// Name of its file.
    pub(super) name: String,
    /// SHA-256 of the file.
    pub(super) digest: Vec<u8>,
}

impl Folder {
    /// Opens or makes the folder, mode 0700.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        make_private_folder(path)?;
        Ok(Self { path: path.to_owned() })
    }

    /// Seals a message into a new file, and syncs file and folder.
    pub(super) fn write(&self, keys: &KeyRing, clear: &[u8]) -> Result<Stored, StoreError> {
        let name = format!("{}.age", HEX.encode(&rand::random::<[u8; 16]>()));
        let path = self.path.join(&name);
        let written = (|| {
            let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            let out = Hashing { file: io::BufWriter::with_capacity(1 << 17, file), hash: Sha256::new() };
            let Hashing { file, hash } = keys.seal_into(clear, out)?;
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            step(Step::HoldContentWritten);
            file.sync_all()?;
            Ok(hash.finalize().to_vec())
        })();
        let digest = written.map_err(|error: io::Error| {
            // Nothing names this file yet, so half of it may go.
            let _ = fs::remove_file(&path);
            StoreError::Unavailable(format!("the message cannot be kept: {}", error.kind()))
        })?;
        sync_folder(&self.path)?;
        step(Step::HoldContentSynced);
        Ok(Stored { name, digest })
    }

    /// Opens a message, checking that the file is the one that was written.
    pub(super) fn read(&self, keys: &KeyRing, stored: &Stored) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let sealed = fs::read(self.path.join(&stored.name)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::Damaged("the sealed message is not on disk".to_owned()),
            kind => StoreError::Unavailable(format!("the sealed message cannot be read: {kind}")),
        })?;
        if Sha256::digest(&sealed).as_slice() != stored.digest.as_slice() {
            return Err(StoreError::Damaged("the sealed message was changed on disk".to_owned()));
        }
        keys.unseal(sealed.as_slice())
    }

    /// Whether a file of this name is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.path.join(name).is_file()
    }

    /// Removes a file; that it is gone already is fine.
    pub(super) fn remove(&self, name: &str) -> Result<(), StoreError> {
        match fs::remove_file(self.path.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::Unavailable(format!("a sealed message cannot be removed: {}", error.kind())))
            }
            _ => Ok(()),
        }
    }

    /// Names of the files older than this.
    pub(super) fn older_than(&self, age: Duration) -> Result<Vec<String>, StoreError> {
        let limit = SystemTime::now().checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
        let entries = fs::read_dir(&self.path).map_err(|error| cannot(&self.path, &error))?;
        let old = entries.flatten().filter(|entry| {
            let changed = entry.metadata().and_then(|metadata| metadata.modified());
            changed.is_ok_and(|changed| changed <= limit)
        });
        Ok(old.filter_map(|entry| entry.file_name().into_string().ok()).collect())
    }

    /// Proves that a file can be made here.
    pub(super) fn probe(&self) -> Result<(), StoreError> {
        let path = self.path.join(format!("probe.{}", std::process::id()));
        fs::write(&path, b"x")
            .and_then(|()| fs::remove_file(&path))
            .map_err(|error| cannot(&self.path, &error))
    }
}

/// Hashes what goes to the file.
struct Hashing {
    file: io::BufWriter<File>,
    hash: Sha256,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.file.write(bytes)?;
        self.hash.update(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Makes a folder that only its owner enters.
pub(super) fn make_private_folder(path: &Path) -> Result<(), StoreError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| cannot(path, &error))
}

/// Closes a file to everybody but its owner and group.
pub(super) fn keep_private(path: &Path) -> Result<(), StoreError> {
    let metadata = fs::metadata(path).map_err(|error| cannot(path, &error))?;
    let mode = metadata.permissions().mode();
    if mode & 0o007 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o770)).map_err(|error| cannot(path, &error))
}

/// Makes new names in a folder survive a power cut.
pub(super) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|error| cannot(path, &error))
}

fn cannot(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {}", path.display(), error.kind()))
}
