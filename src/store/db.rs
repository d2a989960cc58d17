//! The database behind both engines: one way to write, one way to read, the same SQL.
//!
//! Statements number their values (`$1`), and columns hold whole numbers, text and bytes only, so that one text serves SQLite and PostgreSQL.
//! Where row locks are needed, [`locked!`] adds them for PostgreSQL; in SQLite the one writer holds them all.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe};

use crate::ports::StoreError;

/// Which engine keeps the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    /// A file beside us, one writer.
    Sqlite,
    /// A server that several machines share.
    Postgres,
}

/// The database.
pub(super) struct Db {
    pub(super) engine: Engine,
    pub(super) write: AnyPool,
    pub(super) read: AnyPool,
}

/// A statement, with row locks where the engine needs them.
macro_rules! locked {
    ($db:expr, $sql:expr, $lock:literal) => {
        match $db.engine {
            $crate::store::db::Engine::Sqlite => $sql,
            $crate::store::db::Engine::Postgres => concat!($sql, " ", $lock),
        }
    };
}
pub(super) use locked;

/// A write transaction. In SQLite it holds the write lock from its first statement.
///
/// Dropped before its commit, by an error or because nobody waits any more, it closes its connection, which undoes it. (sqlx's
/// own kind would send a ROLLBACK; after a full disk SQLite has rolled back by itself, and the connection would then refuse
/// every further transaction.)
pub(super) struct Tx {
    connection: PoolConnection<Any>,
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
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.connection
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
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
    /// Begins a write. In SQLite deferred transactions would fail at once when two want to write, so the lock is taken first.
    pub(super) async fn begin(&self) -> Result<Tx, StoreError> {
        let mut tx = Tx { connection: self.write.acquire().await?, ended: false };
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        sqlx::raw_sql(begin).execute(&mut *tx).await?;
        Ok(tx)
    }

    /// Lets one transaction at a time pass that names this key, until its end; two of different keys do not meet.
    pub(super) async fn only_one(&self, tx: &mut Tx, key: &[u8]) -> Result<(), StoreError> {
        if self.engine == Engine::Sqlite {
            return Ok(());
        }
        let start: [u8; 8] = key.get(..8).and_then(|start| start.try_into().ok()).unwrap_or_default();
        // The lock's function gives void, which the driver does not read: a row is made of its being there.
        sqlx::query("SELECT 1 FROM (SELECT pg_advisory_xact_lock($1)) AS taken")
            .bind(i64::from_be_bytes(start))
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// The readers.
    pub(super) fn read(&self) -> &AnyPool {
        &self.read
    }

    #[cfg(test)]
    pub(super) fn writer(&self) -> &AnyPool {
        &self.write
    }
}

/// A statement made of parts, with its values in their order.
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

/// A value of a made statement.
pub(super) enum Value {
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
}

impl Sql {
    /// Begins with fixed text.
    pub(super) fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds fixed text.
    pub(super) fn add(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value by its number.
    pub(super) fn value(&mut self, value: Value) -> &mut Self {
        self.values.push(value);
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Adds values, parted by commas.
    pub(super) fn list(&mut self, values: impl IntoIterator<Item = Value>) -> &mut Self {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.add(", ");
            }
            self.value(value);
        }
        self
    }

    /// Reads rows. The text is made of fixed parts and numbers of values alone.
    pub(super) async fn fetch<T>(self, pool: &AnyPool) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> + Send + Unpin,
    {
        let mut query = sqlx::query_as(AssertSqlSafe(self.text));
        for value in self.values {
            query = match value {
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
            };
        }
        Ok(query.fetch_all(pool).await?)
    }
}

/// Milliseconds, as columns hold time.
pub(super) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// By how much the clocks of two machines may differ, in milliseconds.
pub(super) const AHEAD: i64 = 60_000;

/// Nothing is put off for longer than this by a clock that is right: waits and leases end before.
const LONGEST: i64 = 2 * 3_600 * 1_000;

/// Past this moment nothing is due: what waits for a later one was put off by a clock that ran ahead.
pub(super) fn never_due(now: Timestamp) -> i64 {
    millis(now).saturating_add(LONGEST)
}

/// Milliseconds of a duration.
pub(super) fn span(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}

/// A time read back.
pub(super) fn time(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(|_| StoreError::Damaged("a time is out of range".to_owned()))
}

/// What is said of a server that TLS does not prove.
const UNPROVED: &str =
    "it speaks no TLS, or shows a certificate that we do not trust (store.url: sslmode, sslrootcert)";

/// What PostgreSQL says when a value does not fit quotes the value (Appendix A, class 22).
fn quotes_a_value(code: &str) -> bool {
    code.len() == 5 && code.starts_with("22")
}

/// Keeps only what the engine says of itself: its texts name tables and columns; one that quotes a value is left out.
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let cause = match error {
            sqlx::Error::Database(cause) => match cause.code() {
                Some(code) if quotes_a_value(&code) => format!("a value does not fit (SQLSTATE {code})"),
                _ => cause.message().to_owned(),
            },
            sqlx::Error::Tls(_) => UNPROVED.to_owned(),
            sqlx::Error::Io(cause) if cause.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
                UNPROVED.to_owned()
            }
            sqlx::Error::Io(cause) => format!("the database server does not answer ({})", cause.kind()),
            sqlx::Error::PoolTimedOut => {
                "another write takes too long, or the database server does not answer".to_owned()
            }
            sqlx::Error::ColumnDecode { index, .. } => {
                return Self::Damaged(format!("column {index} cannot be read"));
            }
            _ => "the database failed".to_owned(),
        };
        Self::Unavailable(cause)
    }
}
