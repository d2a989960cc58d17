//! The SQLite file: one connection that writes, a few that read.

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, SqliteConnection};

use crate::ports::StoreError;

/// Readers at once.
const READERS: u32 = 4;

/// The database.
pub(super) struct Db {
    write: SqlitePool,
    read: SqlitePool,
}

/// A write transaction: it holds the write lock from its first statement.
///
/// Dropped before its commit, by an error or because nobody waits any more, it closes its connection, which undoes it. (sqlx's
/// own kind would send a ROLLBACK; after a full disk SQLite has rolled back by itself, and the connection would then refuse
/// every further transaction.)
pub(super) struct Tx {
    connection: PoolConnection<Sqlite>,
    ended: bool,
}

impl Tx {
    /// Makes it durable.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        self.end("COMMIT").await
    }

    /// Undoes it, and keeps the connection.
    pub(super) async fn rollback(self) -> Result<(), StoreError> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, sql: &'static str) -> Result<(), StoreError> {
        sqlx::raw_sql(sql).execute(&mut *self.connection).await?;
        self.ended = true;
        Ok(())
    }
}

impl Deref for Tx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if !self.ended {
            self.connection.close_on_drop();
        }
    }
}

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
        let write = write.connect_with(options.clone()).await.map_err(|cause| cannot_open(file, cause))?;
        migrate(&write).await?;
        let read = SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(patience);
        let read = read.connect_with(options.pragma("query_only", "on")).await?;
        super::content::keep_private(file)?;
        Ok(Self { write, read })
    }

    /// Begins a write. Deferred transactions would fail at once when two want to write, so the lock is taken first.
    pub(super) async fn begin(&self) -> Result<Tx, StoreError> {
        let mut tx = Tx { connection: self.write.acquire().await?, ended: false };
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *tx).await?;
        Ok(tx)
    }

    /// The readers.
    pub(super) fn read(&self) -> &SqlitePool {
        &self.read
    }

    #[cfg(test)]
    pub(super) fn writer(&self) -> &SqlitePool {
        &self.write
    }
}

/// Says which file the engine could not open.
fn cannot_open(file: &Path, cause: sqlx::Error) -> StoreError {
    match StoreError::from(cause) {
        StoreError::Unavailable(cause) => StoreError::Unavailable(format!("{}: {cause}", file.display())),
        other => other,
    }
}

/// Brings the tables up to date. Of two processes that start together one may find the other's tables half way: it looks again.
async fn migrate(write: &SqlitePool) -> Result<(), StoreError> {
    let mut tries = 0;
    while let Err(cause) = sqlx::migrate!("src/store/migrations").run(write).await {
        tries += 1;
        if tries == 5 {
            return Err(StoreError::Unavailable(format!("its tables cannot be brought up to date: {cause}")));
        }
        tokio::time::sleep(Duration::from_millis(50 * tries)).await;
    }
    Ok(())
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
