//! PostgreSQL: rows and sealed messages shared by several machines.

use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, AssertSqlSafe, Executor};

use super::db::{Db, Engine};
use crate::ports::StoreError;

/// Connections of one process: some that write, some that read.
const WRITERS: u32 = 4;
const READERS: u32 = 4;

/// Connects, and brings the tables up to date. `busy` is the longest wait for a lock.
pub(super) async fn open(url: &str, busy: Duration) -> Result<Db, StoreError> {
    if !url.starts_with("postgres:") && !url.starts_with("postgresql:") {
        return Err(StoreError::Refused("store.url must be sqlite:PATH or postgres://…".to_owned()));
    }
    sqlx::any::install_default_drivers();
    let wait = busy.as_millis();
    // A machine that stops in the middle of a change gives up its locks; a commit is durable whatever the server's default.
    let sure = format!(
        "SET lock_timeout = {wait}; SET idle_in_transaction_session_timeout = 30000; SET synchronous_commit = on; \
         SET default_transaction_isolation = 'read committed'"
    );
    let write = pool(url, WRITERS, busy, sure.clone()).await?;
    migrate(&write).await?;
    let read = pool(url, READERS, busy, format!("{sure}; SET default_transaction_read_only = on")).await?;
    Ok(Db { engine: Engine::Postgres, write, read })
}

async fn pool(url: &str, size: u32, busy: Duration, settings: String) -> Result<AnyPool, StoreError> {
    let options = AnyConnectOptions::from_str(url)
        .map_err(|_| StoreError::Refused("store.url is no address of a PostgreSQL database".to_owned()))?;
    let pool = AnyPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(busy + Duration::from_secs(5))
        .test_before_acquire(true)
        .after_connect(move |connection, _| {
            let settings = AssertSqlSafe(settings.clone());
            Box::pin(async move { connection.execute(sqlx::raw_sql(settings)).await.map(|_| ()) })
        });
    pool.connect_with(options).await.map_err(|cause| match StoreError::from(cause) {
        StoreError::Unavailable(cause) => StoreError::Unavailable(format!("the PostgreSQL server: {cause}")),
        other => other,
    })
}

/// Brings the tables up to date; the server lets one process at a time do so.
async fn migrate(write: &AnyPool) -> Result<(), StoreError> {
    sqlx::migrate!("src/store/migrations/postgres")
        .run(write)
        .await
        .map_err(|cause| StoreError::Unavailable(format!("its tables cannot be brought up to date: {cause}")))
}
