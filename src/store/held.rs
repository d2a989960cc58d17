//! One service at a time on a SQLite file: two would release and remind twice over, each from its own memory.
//!
//! The lock is the system's (flock(2)) on a file beside the database: it goes with the process, however that ends. Commands of the
//! terminal do not take it. PostgreSQL is shared by any number of machines.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use super::{content, sqlite};
use crate::model::settings;
use crate::ports::StoreError;

/// The right to serve from a store, as long as this lives.
#[derive(Debug)]
pub struct Held {
    _lock: Option<File>,
}

/// Takes the right to serve from a store.
///
/// # Errors
/// [`StoreError::Refused`] while another service has it, [`StoreError::Unavailable`] when its file cannot be made.
pub fn hold(settings: &settings::Store) -> Result<Held, StoreError> {
    let Some(database) = sqlite::file_of(&settings.url) else { return Ok(Held { _lock: None }) };
    content::make_private_folder(&settings.state_dir)?;
    let mut path = database.into_os_string();
    path.push(".serve");
    let path = PathBuf::from(path);
    let failed =
        |cause: std::io::Error| StoreError::Unavailable(format!("{}: {}", path.display(), cause.kind()));
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let file = file.map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Held { _lock: Some(file) }),
        Err(TryLockError::WouldBlock) => Err(StoreError::Refused(format!(
            "another service works on this store ({}): stop it first, or give this one a state_dir of its own; \
             several services share a PostgreSQL database",
            path.display()
        ))),
        Err(TryLockError::Error(cause)) => Err(failed(cause)),
    }
}
