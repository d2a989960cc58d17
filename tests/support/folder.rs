//! A temporary folder that other accounts may enter, as Postfix' daemons must.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

/// A folder that is removed when dropped, unless `VAGUEMESTRE_KEEP` is set: then its path is printed and it stays.
pub struct Folder(TempDir);

impl Folder {
    pub fn new(name: &str) -> Self {
        let mut folder = tempfile::Builder::new().prefix(&format!("vaguemestre-{name}-")).tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        if std::env::var_os("VAGUEMESTRE_KEEP").is_some() {
            eprintln!("kept: {}", folder.path().display());
            folder.disable_cleanup(true);
        }
        Self(folder)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}
