//! Floor 6: keeps cases, sealed content, the outbox, the journal and the audit trail, in SQLite.
//!
//! Records come in, rows and files sealed to public keys go out. It refuses to know the policy, SMTP and pages.
//! One connection writes (`BEGIN IMMEDIATE`, WAL, `synchronous=FULL`); others read. What names a person is sealed,
//! found again through a keyed digest only.

mod audit;
mod content;
mod db;
mod desk;
mod intake;
mod keys;
mod outbox;
mod releases;
mod retention;
mod rows;
mod seal;
#[cfg(test)]
mod tests;
mod token;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::model::settings;
use crate::ports::{Store, StoreError};
use content::Folder;
use db::Db;
pub use keys::Access;
use keys::KeyRing;

/// What the engine needs besides the settings of the store.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// Where cases are kept, and for how long.
    pub settings: &'a settings::Store,
    /// Warnings to one sender within this are told in one notice.
    pub group_warnings: Duration,
    /// Whether the private key is opened.
    pub access: Access,
    /// How long a write waits for another process' write.
    pub busy: Duration,
}

impl<'a> Opening<'a> {
    /// The usual way: 5 seconds of patience for another process' write.
    #[must_use]
    pub fn new(settings: &'a settings::Store, group_warnings: Duration, access: Access) -> Self {
        Self { settings, group_warnings, access, busy: Duration::from_secs(5) }
    }
}

/// Opens the store, makes its folder, keys and tables at the first start, and brings its tables up to date.
///
/// # Errors
/// [`StoreError::Key`] when a key is missing though a database exists, [`StoreError::Unavailable`] when the folder or
/// the database cannot be opened or written.
pub async fn open(opening: &Opening<'_>) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(SqliteStore::open(opening).await?))
}

/// The embedded engine.
struct SqliteStore {
    db: Db,
    keys: Arc<KeyRing>,
    content: Folder,
    state_dir: PathBuf,
    node: String,
    group_warnings: Duration,
    undecided: Duration,
    keep_content: Duration,
}

impl SqliteStore {
    async fn open(opening: &Opening<'_>) -> Result<Self, StoreError> {
        let settings = opening.settings;
        let file = db::file_of(&settings.url)?;
        content::make_private_folder(&settings.state_dir)?;
        let keys = Arc::new(KeyRing::open(settings, opening.access, file.exists())?);
        let content = Folder::open(&settings.state_dir.join("content"))?;
        let db = Db::open(&file, opening.busy).await?;
        Ok(Self {
            db,
            keys,
            content,
            state_dir: settings.state_dir.clone(),
            node: node_name(),
            group_warnings: opening.group_warnings,
            undecided: settings.undecided,
            keep_content: settings.keep_content,
        })
    }
}

/// This machine's name, as the intent of a release records it.
fn node_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "localhost".to_owned() } else { name.to_owned() }
}
