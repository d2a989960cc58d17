//! Sealed messages: one file each, synced with its folder before any row names it; or, where several machines share a database, a
//! row beside the case, in the same transaction.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use data_encoding::HEXLOWER as HEX;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::db::{Db, Tx};
use super::keys::KeyRing;
use crate::ports::{Step, StoreError, step};

/// The folder of sealed messages.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// A sealed message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    /// Name of its file or row.
    pub(super) name: String,
    /// SHA-256 of what is sealed.
    pub(super) digest: Vec<u8>,
    /// The sealed bytes, when they are on their way to or from a row.
    pub(super) sealed: Option<Vec<u8>>,
}

/// Where sealed messages are.
#[derive(Clone, Debug)]
pub(super) enum Vault {
    /// Files.
    Folder(Folder),
    /// Rows of the database.
    Table,
}

impl Vault {
    /// Seals a message: into a synced file, or into bytes for [`Vault::insert`].
    pub(super) fn write(&self, keys: &KeyRing, clear: &[u8]) -> Result<Stored, StoreError> {
        match self {
            Self::Folder(folder) => folder.write(keys, clear),
            Self::Table => {
                let sealed = keys.seal(clear)?;
                let digest = Sha256::digest(&sealed).to_vec();
                Ok(Stored { name: new_name(), digest, sealed: Some(sealed) })
            }
        }
    }

    /// Puts sealed bytes into their row; a file is there already.
    pub(super) async fn insert(&self, tx: &mut Tx, stored: &Stored) -> Result<(), StoreError> {
        if let Some(sealed) = &stored.sealed {
            sqlx::query("INSERT INTO contents (name, sealed) VALUES ($1, $2)")
                .bind(stored.name.as_str())
                .bind(sealed.as_slice())
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }

    /// Reads sealed bytes from their row; `None` for a file, which [`Vault::read`] opens.
    pub(super) async fn fetch(&self, db: &Db, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self {
            Self::Folder(_) => Ok(None),
            Self::Table => {
                let sealed = sqlx::query_scalar::<_, Vec<u8>>("SELECT sealed FROM contents WHERE name = $1");
                let sealed = sealed.bind(name).fetch_optional(db.read()).await?;
                sealed.map(Some).ok_or_else(|| {
                    StoreError::Damaged("the sealed message is not in the database".to_owned())
                })
            }
        }
    }

    /// Opens a message, checking that it is the one that was written.
    pub(super) fn read(&self, keys: &KeyRing, stored: &Stored) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        match (self, &stored.sealed) {
            (Self::Folder(folder), None) => folder.read(keys, stored),
            (_, sealed) => check(sealed.as_deref().unwrap_or_default(), keys, &stored.digest),
        }
    }

    /// Whether a file of this name is there. A row stands and falls with its case.
    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::Folder(folder) => folder.has(name),
            Self::Table => true,
        }
    }

    /// Removes a row.
    pub(super) async fn delete(&self, tx: &mut Tx, name: &str) -> Result<(), StoreError> {
        if matches!(self, Self::Table) {
            sqlx::query("DELETE FROM contents WHERE name = $1").bind(name).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Removes a file.
    pub(super) fn remove(&self, name: &str) -> Result<(), StoreError> {
        match self {
            Self::Folder(folder) => folder.remove(name),
            Self::Table => Ok(()),
        }
    }

    /// The folder, where there is one: rows stand and fall with their case.
    pub(super) fn folder(&self) -> Option<&Folder> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::Table => None,
        }
    }

    /// Proves that a file can be made.
    pub(super) fn probe(&self) -> Result<(), StoreError> {
        match self {
            Self::Folder(folder) => folder.probe(),
            Self::Table => Ok(()),
        }
    }
}

fn new_name() -> String {
    format!("{}.age", HEX.encode(&rand::random::<[u8; 16]>()))
}

/// Opens sealed bytes that are what was written.
fn check(sealed: &[u8], keys: &KeyRing, digest: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    if Sha256::digest(sealed).as_slice() != digest {
        return Err(StoreError::Damaged("the sealed message was changed where it is kept".to_owned()));
    }
    keys.unseal(sealed)
}

/// How the names of files begin that only prove that one can be made.
const PROBE: &str = "probe.";

/// The folder, within that of sealed messages, of files that no case names.
const ASIDE: &str = "set-aside";

impl Folder {
    /// Opens or makes the folder, mode 0700.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        make_private_folder(path)?;
        Ok(Self { path: path.to_owned() })
    }

    /// How many sealed messages there are in a folder that may not be there, those set aside included.
    pub(super) fn count(path: &Path) -> Result<usize, StoreError> {
        let sealed = |path: &Path| {
            let names = files(path, None)?;
            Ok::<_, StoreError>(names.iter().filter(|name| name.ends_with(".age")).count())
        };
        Ok(sealed(path)? + sealed(&path.join(ASIDE))?)
    }

    /// Seals a message into a new file, and syncs file and folder.
    pub(super) fn write(&self, keys: &KeyRing, clear: &[u8]) -> Result<Stored, StoreError> {
        let name = new_name();
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
        Ok(Stored { name, digest, sealed: None })
    }

    /// Opens a message, checking that the file is the one that was written.
    pub(super) fn read(&self, keys: &KeyRing, stored: &Stored) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let sealed = self.sealed(&stored.name)?;
        check(&sealed, keys, &stored.digest)
    }

    /// The sealed bytes of a file.
    pub(super) fn sealed(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        fs::read(self.place(name)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::Damaged("the sealed message is not on disk".to_owned()),
            kind => StoreError::Unavailable(format!("the sealed message cannot be read: {kind}")),
        })
    }

    /// Writes sealed bytes under a name they have already, and syncs them.
    pub(super) fn put(&self, name: &str, sealed: &[u8]) -> Result<(), StoreError> {
        let path = self.path.join(name);
        let written = (|| {
            let mut file =
                fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
            file.write_all(sealed)?;
            file.sync_all()
        })();
        written.map_err(|error| cannot(&path, &error))?;
        sync_folder(&self.path)
    }

    /// Whether a file of this name is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.place(name).is_file()
    }

    /// Where a file is: one that was set aside is read there until it is brought back.
    fn place(&self, name: &str) -> PathBuf {
        let path = self.path.join(name);
        let aside = self.aside().join(name);
        if !path.is_file() && aside.is_file() { aside } else { path }
    }

    /// Removes a file; that it is gone already is fine.
    pub(super) fn remove(&self, name: &str) -> Result<(), StoreError> {
        match fs::remove_file(self.place(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::Unavailable(format!("a sealed message cannot be removed: {}", error.kind())))
            }
            _ => Ok(()),
        }
    }

    /// Names of the files older than this.
    pub(super) fn older_than(&self, age: Duration) -> Result<Vec<String>, StoreError> {
        files(&self.path, Some(age))
    }

    /// The folder of files that no case names; made with the first of them.
    pub(super) fn aside(&self) -> PathBuf {
        self.path.join(ASIDE)
    }

    /// Names of the files that are set aside.
    pub(super) fn all_aside(&self) -> Result<Vec<String>, StoreError> {
        files(&self.aside(), None)
    }

    /// Names of the files that were set aside longer ago than this.
    pub(super) fn aside_for(&self, age: Duration) -> Result<Vec<String>, StoreError> {
        files(&self.aside(), Some(age))
    }

    /// Size of a file that is set aside, and since when it is; `None` when it is gone.
    pub(super) fn aside_facts(&self, name: &str) -> Result<Option<(u64, SystemTime)>, StoreError> {
        let path = self.aside().join(name);
        match fs::metadata(&path).and_then(|metadata| Ok((metadata.len(), metadata.modified()?))) {
            Ok(facts) => Ok(Some(facts)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot(&path, &error)),
        }
    }

    /// Puts a file aside; its time is from now on that of its being put there.
    pub(super) fn set_aside(&self, name: &str) -> Result<(), StoreError> {
        let (path, aside) = (self.path.join(name), self.aside());
        make_private_folder(&aside)?;
        let moved = File::open(&path)
            .and_then(|file| file.set_modified(SystemTime::now()))
            .and_then(|()| fs::rename(&path, aside.join(name)));
        moved.map_err(|error| cannot(&path, &error))?;
        sync_folder(&aside)?;
        sync_folder(&self.path)
    }

    /// Brings a file back that was put aside.
    pub(super) fn bring_back(&self, name: &str) -> Result<(), StoreError> {
        let aside = self.aside();
        fs::rename(aside.join(name), self.path.join(name)).map_err(|error| cannot(&aside, &error))?;
        sync_folder(&self.path)?;
        sync_folder(&aside)
    }

    /// Whether a file of this name only proved that it can be made.
    pub(super) fn is_probe(name: &str) -> bool {
        name.starts_with(PROBE)
    }

    /// Proves that a file can be made here.
    pub(super) fn probe(&self) -> Result<(), StoreError> {
        let path = self.path.join(format!("{PROBE}{}", std::process::id()));
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

/// Names of the files in a folder, all or those that were not changed for so long; none where there is no such folder.
fn files(path: &Path, age: Option<Duration>) -> Result<Vec<String>, StoreError> {
    let limit = age.map(|age| SystemTime::now().checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH));
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| cannot(path, &error))?,
    };
    let old = entries.flatten().filter(|entry| {
        let is_file = entry.metadata().ok().filter(fs::Metadata::is_file);
        let changed = is_file.and_then(|metadata| metadata.modified().ok());
        changed.is_some_and(|changed| limit.is_none_or(|limit| changed <= limit))
    });
    Ok(old.filter_map(|entry| entry.file_name().into_string().ok()).collect())
}

fn cannot(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {}", path.display(), error.kind()))
}
