//! Floor 6: keeps cases, sealed content, the outbox, the journal and the audit trail, in SQLite or PostgreSQL.
//!
//! Records come in, rows and files sealed to public keys go out. It refuses to know the policy, SMTP and pages.
//! One code serves both engines (`db`). In SQLite one connection writes (`BEGIN IMMEDIATE`, WAL, `synchronous=FULL`), others read; PostgreSQL
//! is shared by any number of machines. What names a person is sealed, found again through a keyed digest only.

mod accounts;
mod aside;
mod audit;
mod checkpoint;
mod content;
mod counts;
mod db;
mod desk;
mod encryption;
mod held;
mod intake;
mod keys;
mod migrations;
mod outbox;
mod postgres;
mod register;
mod releases;
mod reseal;
mod retention;
mod reveals;
mod rewound;
mod row;
mod rows;
mod seal;
mod search;
mod senders;
mod sqlite;
#[cfg(test)]
mod tests;
mod token;
mod transfer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::model::settings;
use crate::ports::{Store, StoreError};
use content::{Folder, Vault};
use db::Db;
pub use encryption::Encryption;
pub use held::{Held, hold};
use keys::KeyRing;
pub use keys::{Access, look, rotate, seal_for};
pub use reseal::{Resealed, reseal};
pub use transfer::{Moved, transfer};

/// What the engine needs besides the settings of the store.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// Where cases are kept, and for how long.
    pub settings: &'a settings::Store,
    /// Warnings to one sender within this are told in one notice.
    pub group_warnings: Duration,
    /// How a released message asks for encryption.
    pub encryption: Encryption,
    /// Whether the private key is opened.
    pub access: Access,
    /// How long a write waits for another process' write.
    pub busy: Duration,
}

impl<'a> Opening<'a> {
    /// The usual way: 5 seconds of patience for another process' write, and no mark that asks for encryption.
    #[must_use]
    pub fn new(settings: &'a settings::Store, group_warnings: Duration, access: Access) -> Self {
        let encryption = Encryption::default();
        Self { settings, group_warnings, encryption, access, busy: Duration::from_secs(5) }
    }

    /// As the settings say.
    #[must_use]
    pub fn of(settings: &'a settings::Settings, access: Access) -> Self {
        let relay = &settings.relay;
        let encryption =
            Encryption { header: relay.encrypt_header.clone(), subject: relay.encrypt_subject.clone() };
        Self { encryption, ..Self::new(&settings.store, relay.group_warnings, access) }
    }
}

/// Opens the store that `store.url` names, makes its folder, keys and tables at the first start, and brings its tables up to date.
///
/// # Errors
/// [`StoreError::Key`] when a key is missing though a database exists or is not the one its rows were made with, [`StoreError::Refused`] when
/// there are sealed messages and no database that could name them,
/// [`StoreError::Unavailable`] when the folder or the database cannot be opened or written.
pub async fn open(opening: &Opening<'_>) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(SqlStore::open(opening).await?))
}

/// How long ago a service that runs was alive at most: it says so every five seconds.
const ALIVE: jiff::SignedDuration = jiff::SignedDuration::from_secs(15);

/// Refuses while a service works on this store: one that runs keeps the keys of its start, and what it writes would be left behind.
///
/// # Errors
/// [`StoreError::Refused`] when one was alive a moment ago; as [`open`].
pub async fn at_rest(opening: &Opening<'_>, now: jiff::Timestamp) -> Result<(), StoreError> {
    let alive = SqlStore::open(opening).await?.alive_before;
    match alive.map(|alive| now.duration_since(alive)) {
        Some(ago) if ago.abs() < ALIVE => Err(StoreError::Refused(format!(
            "a service worked on this store {} seconds ago: stop every one, wait a quarter of a minute, then try again",
            ago.as_secs()
        ))),
        _ => Ok(()),
    }
}

/// Both engines.
struct SqlStore {
    db: Db,
    keys: Arc<KeyRing>,
    vault: Vault,
    state_dir: PathBuf,
    node: String,
    group_warnings: Duration,
    encryption: Encryption,
    undecided: Duration,
    keep_content: Duration,
    keep_cases: Duration,
    alive_before: Option<jiff::Timestamp>,
    trusted_before: Option<jiff::Timestamp>,
    seen: rewound::Seen,
}

impl SqlStore {
    async fn open(opening: &Opening<'_>) -> Result<Self, StoreError> {
        let settings = opening.settings;
        content::make_private_folder(&settings.state_dir)?;
        let (db, keys, vault) = match sqlite::file_of(&settings.url) {
            Some(file) => {
                let content = settings.state_dir.join("content");
                content_has_its_database(&content, &file)?;
                // Before the file is made: whether keys may be made hangs on its being there.
                let keys = KeyRing::open(settings, opening.access, file.exists())?;
                let vault = Vault::Folder(Folder::open(&content)?);
                (sqlite::open(&file, opening.busy).await?, keys, vault)
            }
            None => {
                let db = postgres::open(&settings.url, opening.busy).await?;
                let known = has_key_marks(&db).await?;
                (db, KeyRing::open(settings, opening.access, known)?, Vault::Table)
            }
        };
        check_keys(&db, &keys).await?;
        check_pair(&db, &keys).await?;
        let beats = sqlx::query_as("SELECT at, trusted FROM heartbeat").fetch_one(db.read()).await?;
        let (alive, trusted): (i64, i64) = beats;
        let ever = |beat: i64| Some(beat).filter(|beat| *beat > 0).map(db::time).transpose();
        let seen = rewound::Seen::open(&settings.state_dir, &db).await?;
        let store = Self {
            seen,
            alive_before: ever(alive)?,
            trusted_before: ever(trusted)?,
            db,
            keys: Arc::new(keys),
            vault,
            state_dir: settings.state_dir.clone(),
            node: node_name(&settings.state_dir)?,
            group_warnings: opening.group_warnings,
            encryption: opening.encryption.clone(),
            undecided: settings.undecided,
            keep_content: settings.keep_content,
            keep_cases: settings.keep_cases,
        };
        store.tell_new_signer().await?;
        Ok(store)
    }

    /// A signing key that is gone was lost or taken away: the log and the trail say from when on another one signs.
    async fn tell_new_signer(&self) -> Result<(), StoreError> {
        let Some(key) = self.keys.audit.as_ref().filter(|_| self.keys.signs_anew) else { return Ok(()) };
        let key = data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes());
        tracing::error!(
            key,
            "keys/audit.key is not the key that signed the audit trail until now; checkpoints are signed with a new one from here on. \
             If nobody changed it on purpose, put the old one back and find out who took it away"
        );
        let mut tx = self.db.begin().await?;
        let entry = audit::Entry {
            at: jiff::Timestamp::now(),
            actor: "service",
            what: "audit-key",
            case: None,
            text: None,
            facts: vec![("key", serde_json::json!(key))],
        };
        audit::append(&mut tx, self, entry).await?;
        tx.commit().await
    }
}

/// Refuses to begin anew beside sealed messages: no case would ever name them.
fn content_has_its_database(content: &Path, database: &Path) -> Result<(), StoreError> {
    let empty = std::fs::metadata(database).map_or(true, |file| file.len() == 0);
    let messages = if empty { Folder::count(content)? } else { 0 };
    if messages == 0 {
        return Ok(());
    }
    Err(StoreError::Refused(format!(
        "{} holds {messages} sealed messages, but the database {} is missing or empty: put it back from its backup, with its -wal and -shm \
         (or mend store.url). To begin anew all the same, move {0} elsewhere first, and keep it. Nothing was changed",
        content.display(),
        database.display(),
    )))
}

async fn has_key_marks(db: &Db) -> Result<bool, StoreError> {
    let any = sqlx::query_scalar::<_, String>("SELECT name FROM key_marks LIMIT 1");
    Ok(any.fetch_optional(db.read()).await?.is_some())
}

/// Compares the secrets with those that the rows were made with; the first start writes down which they are.
async fn check_keys(db: &Db, keys: &KeyRing) -> Result<(), StoreError> {
    for (name, mark) in keys.marks() {
        let known = sqlx::query_scalar::<_, Vec<u8>>("SELECT mark FROM key_marks WHERE name = $1").bind(name);
        let known = match known.fetch_optional(db.read()).await? {
            Some(known) => known,
            None => {
                let mut tx = db.begin().await?;
                sqlx::query("INSERT INTO key_marks (name, mark) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                    .bind(name)
                    .bind(mark.as_slice())
                    .execute(&mut *tx)
                    .await?;
                let known = sqlx::query_scalar::<_, Vec<u8>>("SELECT mark FROM key_marks WHERE name = $1");
                let known = known.bind(name).fetch_one(&mut *tx).await?;
                tx.commit().await?;
                known
            }
        };
        if known != mark {
            return Err(StoreError::Key(format!(
                "keys/{name} is not the key that this database was made with: put the right one back; \
                 with this one cases would not be found and releases not be known"
            )));
        }
    }
    Ok(())
}

/// What is sealed at the first start, to be opened at each later one.
const PROOF: &[u8] = b"vaguemestre sealing key v1";

/// Refuses a private key that does not open what this database holds: what comes would be sealed to others, and what is there stays closed.
/// A database of an earlier version has no proof yet: one of its newest cases must open.
async fn check_pair(db: &Db, keys: &KeyRing) -> Result<(), StoreError> {
    if keys.can_open().is_err() {
        return Ok(());
    }
    let proof = "SELECT mark FROM key_marks WHERE name = 'identity.txt'";
    let proof = sqlx::query_scalar::<_, Vec<u8>>(proof).fetch_optional(db.read()).await?;
    let known = match &proof {
        Some(proof) => vec![proof.clone()],
        None => {
            let newest =
                "SELECT personal FROM cases WHERE length(personal) > 0 ORDER BY received_at DESC LIMIT 20";
            sqlx::query_scalar::<_, Vec<u8>>(newest).fetch_all(db.read()).await?
        }
    };
    if !known.is_empty() && !known.iter().any(|sealed| keys.unseal(sealed.as_slice()).is_ok()) {
        return Err(StoreError::Key(
            "the private key (keys/identity.txt, or store.identity) opens nothing that this database holds: it is of another installation, \
             or the current key was taken out of it. Put the right identity.txt and recipient.txt back from their backup; nothing was changed"
                .to_owned(),
        ));
    }
    if proof.is_some_and(|proof| keys.current_opens(&proof)) {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    let write = "INSERT INTO key_marks (name, mark) VALUES ('identity.txt', $1) ON CONFLICT (name) DO UPDATE SET mark = excluded.mark";
    sqlx::query(write).bind(keys.seal(PROOF)?).execute(&mut *tx).await?;
    tx.commit().await
}

/// This service's name, as the intent of a release records it: the machine's, and a word of its state folder. Copies of one
/// machine image have one host name, and none takes back what another of them has in hand.
fn node_name(state_dir: &Path) -> Result<String, StoreError> {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = Some(host.trim()).filter(|host| !host.is_empty()).unwrap_or("localhost").to_owned();
    let path = state_dir.join("node");
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let word = match known.trim() {
        "" => {
            let word = format!("{:08x}", rand::random::<u32>());
            let failed = |failure: std::io::Error| {
                StoreError::Unavailable(format!("{}: {}", path.display(), failure.kind()))
            };
            std::fs::write(&path, format!("{word}\n")).map_err(failed)?;
            word
        }
        word => word.to_owned(),
    };
    Ok(format!("{host}.{word}"))
}
