//! A large message's bytes, in a file without a name: it vanishes with the connection, however that ends.

use std::fs::{DirBuilder, File};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Makes the folder of large messages where it is missing, for its owner alone, and writes in it, as each of them will.
///
/// # Errors
/// What the system says: no leave to make it, to enter it or to write in it; no room.
pub fn prepare_spill(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    tempfile::tempfile_in(folder)?.write_all(&[0])
}

/// The beginning of one message.
#[derive(Debug)]
pub(super) struct Spill {
    file: File,
    length: usize,
}

impl Spill {
    /// Opens a file in this folder and unlinks it at once.
    pub(super) async fn open(folder: PathBuf) -> io::Result<Self> {
        let file = blocking(move || tempfile::tempfile_in(folder)).await?;
        Ok(Self { file, length: 0 })
    }

    /// Appends.
    pub(super) async fn append(self, bytes: Vec<u8>) -> io::Result<Self> {
        let Self { mut file, length } = self;
        blocking(move || {
            file.write_all(&bytes)?;
            Ok(Self { file, length: length + bytes.len() })
        })
        .await
    }

    /// Reads everything back, and the end of the message after it.
    pub(super) async fn read_back(self, end: Vec<u8>) -> io::Result<Vec<u8>> {
        let Self { mut file, length } = self;
        blocking(move || {
            let mut bytes = Vec::new();
            bytes.try_reserve_exact(length + end.len()).map_err(io::Error::other)?;
            file.rewind()?;
            file.read_to_end(&mut bytes)?;
            if bytes.len() != length {
                return Err(io::Error::other("the spilled message changed its length"));
            }
            bytes.extend_from_slice(&end);
            Ok(bytes)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
