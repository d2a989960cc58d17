//! The SQLite file: one connection that writes, a few that read.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};

use crate::ports::StoreError;

/// Readers at once.
const READERS: u32 = 4;

/// The database.
pub(super) struct Db {
    write: SqlitePool,
    read: SqlitePool,
}

/// A write transaction: it holds the write lock from its first statement.
pub(super) type Tx = Transaction<'static, Sqlite>;

impl Db {
    /// Opens or makes the file, and brings its tables up to date.
    pub(super) async fn open(file: &Path, busy: Duration) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(busy)
            .pragma("secure_delete", "on");
        let patience = busy + Duration::from_secs(5);
        let write = SqlitePoolOptions::new().max_connections(1).acquire_timeout(patience);
        let write = write.connect_with(options.clone()).await?;
        sqlx::migrate!("src/store/migrations").run(&write).await.map_err(|cause| {
            StoreError::Unavailable(format!("its tables cannot be brought up to date: {cause}"))
        })?;
        let read = SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(patience);
        let read = read.connect_with(options.pragma("query_only", "on")).await?;
        super::content::keep_private(file)?;
        Ok(Self { write, read })
    }

    /// Begins a write. Deferred transactions would fail at once when two want to write, so the lock is taken first.
    pub(super) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(self.write.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// The readers.
    pub(super) fn read(&self) -> &SqlitePool {
        &self.read
    }
}

/// The file that a `sqlite:` address names.
pub(super) fn file_of(url: &str) -> Result<PathBuf, StoreError> {
    let path = url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest));
    path.filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .ok_or_else(|| StoreError::Refused("store.url must be sqlite:PATH".to_owned()))
}

/// Milliseconds, as columns hold time.
pub(super) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// Milliseconds of a duration.
pub(super) fn span(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}

/// A time read back.
pub(super) fn time(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(|_| StoreError::Damaged("a time is out of range".to_owned()))
}

/// Keeps only what the engine says of itself: its texts name tables and columns, never values.
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let cause = match error {
            sqlx::Error::Database(cause) => cause.message().to_owned(),
            sqlx::Error::Io(cause) => cause.kind().to_string(),
            sqlx::Error::PoolTimedOut => "another write takes too long".to_owned(),
            sqlx::Error::ColumnDecode { index, .. } => {
                return Self::Damaged(format!("column {index} cannot be read"));
            }
            _ => "the database failed".to_owned(),
        };
        Self::Unavailable(cause)
    }
}
