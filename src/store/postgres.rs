//! PostgreSQL: rows and sealed messages shared by several machines.

use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, AssertSqlSafe, Executor};

use super::db::{Db, Engine};
use super::migrations;
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
    let url = &guarded(url);
    let write = pool(url, WRITERS, busy, sure.clone()).await?;
    migrate(&write).await?;
    let read = pool(url, READERS, busy, format!("{sure}; SET default_transaction_read_only = on")).await?;
    Ok(Db { engine: Engine::Postgres, write, read })
}

/// The address, with what proves the server where it leads over a network and says nothing of it: rows name addresses of senders.
/// Whoever has a tunnel says so with `sslmode=disable`.
fn guarded(url: &str) -> String {
    let (place, options) = url.split_once('?').unwrap_or((url, ""));
    let place = place.split_once("://").map_or("", |(_, rest)| rest).split('/').next().unwrap_or_default();
    let host = place.rsplit('@').next().unwrap_or_default();
    let other = options.split('&').find_map(|option| option.strip_prefix("host="));
    let host = other.unwrap_or(host);
    let name = host.strip_prefix('[').and_then(|rest| rest.split(']').next());
    let name = name.unwrap_or_else(|| host.split(':').next().unwrap_or_default());
    let here = matches!(name, "" | "localhost" | "::1") || name.starts_with("127.");
    let socket = name.starts_with('/') || name.to_ascii_lowercase().starts_with("%2f");
    let said =
        options.split('&').any(|option| option.starts_with("sslmode=") || option.starts_with("ssl-mode="));
    if here || socket || said {
        return url.to_owned();
    }
    format!("{url}{}sslmode=verify-full", if url.contains('?') { '&' } else { '?' })
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
        StoreError::Unavailable(cause) => StoreError::Unavailable(format!("PostgreSQL: {cause}")),
        other => other,
    })
}

/// Brings the tables up to date; the server lets one process at a time do so.
async fn migrate(write: &AnyPool) -> Result<(), StoreError> {
    migrations::postgres().run(write).await.map_err(migrations::told)
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_server_over_a_network_is_proved_unless_said_otherwise() {
        let table = [
            ("postgres://v@db.example/v", true),
            ("postgres://v:p%40@db.example:5432/v?application_name=x", true),
            ("postgres:///v?host=db.example", true),
            ("postgres://[2001:db8::1]:5432/v", true),
            ("postgres://v@db.example/v?sslmode=disable", false),
            ("postgres://v@db.example/v?sslmode=verify-ca&sslrootcert=/x", false),
            ("postgres:///v?host=/run/postgresql", false),
            ("postgres://%2Frun%2Fpostgresql/v", false),
            ("postgres://v@localhost/v", false),
            ("postgres://v@127.0.0.1:5433/v", false),
            ("postgres://[::1]/v", false),
        ];
        for (url, added) in table {
            let told = guarded(url);
            assert_eq!(told != url && told.ends_with("sslmode=verify-full"), added, "{told}");
        }
    }
}
