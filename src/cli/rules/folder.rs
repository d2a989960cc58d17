//! The folder `local.d`: its key, and files that are replaced as a whole or not at all.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::config::{KEY_FILE, read_key};
use crate::detect::Key;
use crate::service::Workbench;

/// The file that commands write to.
const WRITTEN: &str = "counter-examples.toml";
const HEAD: &str = "# Written by `vaguemestre rules`; it may be edited. No value of a message stands in it: letters, digits and names are\n# invented, words that rules look for are kept.\n";

/// The establishment's folder.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder in force.
    ///
    /// # Errors
    /// When there is none.
    pub fn of(bench: &Workbench) -> Result<Self> {
        match &bench.settings().data.local {
            Some(folder) => Ok(Self(folder.clone())),
            None => bail!(
                "there is no local.d: make the folder beside the configuration file, or name one as data.local"
            ),
        }
    }

    /// The file that commands write to.
    pub fn file(&self) -> PathBuf {
        self.0.join(WRITTEN)
    }

    /// The text of the file that commands write to; `None` when there is no file yet.
    pub fn read(&self) -> Result<Option<String>> {
        match fs::read_to_string(self.file()) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", self.file().display())),
        }
    }

    /// Appends tables to the file that commands write to.
    pub fn append(&self, old: Option<&str>, tables: &str) -> Result<()> {
        let text = format!("{}\n{tables}", old.unwrap_or(HEAD).trim_end_matches('\n').to_owned() + "\n");
        self.put(&self.file(), text.as_bytes(), 0o644)
    }

    /// Puts the old text back.
    pub fn restore(&self, old: Option<&str>) -> Result<()> {
        match old {
            Some(old) => self.put(&self.file(), old.as_bytes(), 0o644),
            None => fs::remove_file(self.file()).context("the file just written cannot be removed"),
        }
    }

    /// The key of excepted values; makes it at first use.
    pub fn key(&self) -> Result<Key> {
        let path = self.0.join(KEY_FILE);
        if !path.exists() {
            let bytes: [u8; 32] = rand::random();
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            self.put(&path, format!("{hex}\n").as_bytes(), 0o640)?;
            eprintln!(
                "vaguemestre: made {}; keep it out of version control, with it excepted values can be guessed",
                path.display()
            );
        }
        Ok(read_key(&path)?)
    }

    /// Writes a file beside its place and renames it; its group is the folder's, so that the service may read it.
    fn put(&self, path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
        let failed = || format!("{} cannot be written", path.display());
        let mut file = tempfile::NamedTempFile::new_in(&self.0).with_context(failed)?;
        file.write_all(bytes).with_context(failed)?;
        file.as_file().sync_all().with_context(failed)?;
        let kept = fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o777).unwrap_or(mode);
        fs::set_permissions(file.path(), fs::Permissions::from_mode(kept)).with_context(failed)?;
        let group = fs::metadata(&self.0).with_context(failed)?.gid();
        // Only root and members of the group may give it; others keep their own.
        let _ = chown(file.path(), None, Some(group));
        file.persist(path).with_context(failed)?;
        Ok(())
    }
}
