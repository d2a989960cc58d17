//! The SQLite file: one connection that writes, a few that read.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection, Executor};

use super::content;
use super::db::{Db, Engine};
use super::migrations;
use crate::ports::StoreError;

/// Readers at once.
const READERS: u32 = 4;

/// Opens or makes the file, and brings its tables up to date.
pub(super) async fn open(file: &Path, busy: Duration) -> Result<Db, StoreError> {
    sqlx::any::install_default_drivers();
    let patience = busy + Duration::from_secs(5);
    let wait = format!("PRAGMA busy_timeout = {};", busy.as_millis());
    let sure = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;";
    is_sound(file).await?;
    let write = pool(file, 1, patience, format!("{wait} {sure}")).await?;
    migrate(&write).await?;
    let read = pool(file, READERS, patience, format!("{wait} PRAGMA query_only = ON;")).await?;
    content::keep_private(file)?;
    Ok(Db { engine: Engine::Sqlite, write, read })
}

async fn pool(file: &Path, size: u32, patience: Duration, pragmas: String) -> Result<AnyPool, StoreError> {
    let options = AnyConnectOptions::from_str(&url_of(file)).map_err(|cause| cannot_open(file, cause))?;
    let pool = AnyPoolOptions::new().max_connections(size).acquire_timeout(patience).after_connect(
        move |connection, _| {
            let pragmas = AssertSqlSafe(pragmas.clone());
            Box::pin(async move { connection.execute(sqlx::raw_sql(pragmas)).await.map(|_| ()) })
        },
    );
    pool.connect_with(options).await.map_err(|cause| cannot_open(file, cause))
}

/// The file as an address, with what would be read as its end or as a parameter written in hexadecimal.
fn url_of(file: &Path) -> String {
    let path = file.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    let mut url = String::from("sqlite:");
    for c in path.chars() {
        if plain(c) {
            url.push(c);
        } else {
            let mut bytes = [0_u8; 4];
            c.encode_utf8(&mut bytes).bytes().for_each(|byte| url.push_str(&format!("%{byte:02X}")));
        }
    }
    url.push_str("?mode=rwc");
    url
}

/// Reads the list of tables, before a pool tries it again and again: what is damaged stays so.
async fn is_sound(file: &Path) -> Result<(), StoreError> {
    let options = AnyConnectOptions::from_str(&url_of(file)).map_err(|cause| cannot_open(file, cause))?;
    let looked = async {
        let mut connection = AnyConnection::connect_with(&options).await?;
        connection.execute(sqlx::raw_sql("SELECT count(*) FROM sqlite_master")).await?;
        connection.close().await
    };
    match looked.await {
        Err(cause) if is_damage(&cause) => Err(cannot_open(file, cause)),
        // Whatever else: the pool has the patience for it, or the words.
        _ => Ok(()),
    }
}

/// `SQLITE_CORRUPT` and `SQLITE_NOTADB`, the low byte of an extended code.
fn is_damage(cause: &sqlx::Error) -> bool {
    let code = cause.as_database_error().and_then(|cause| cause.code()?.parse::<i32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 11 | 26))
}

/// Says which file the engine could not open.
fn cannot_open(file: &Path, cause: sqlx::Error) -> StoreError {
    if is_damage(&cause) {
        return StoreError::Damaged(format!(
            "{} is no sound database: put it aside, with its -wal and -shm, and restore the last backup (SECURITY.md)",
            file.display()
        ));
    }
    match StoreError::from(cause) {
        StoreError::Unavailable(cause) => StoreError::Unavailable(format!("{}: {cause}", file.display())),
        other => other,
    }
}

/// Brings the tables up to date. Of two processes that start together one may find the other's tables half way: it looks again.
async fn migrate(write: &AnyPool) -> Result<(), StoreError> {
    let mut tries = 0;
    while let Err(cause) = migrations::sqlite().run(write).await {
        tries += 1;
        if tries == 5 || matches!(cause, sqlx::migrate::MigrateError::VersionMissing(_)) {
            return Err(migrations::told(cause));
        }
        tokio::time::sleep(Duration::from_millis(50 * tries)).await;
    }
    Ok(())
}

/// The file that a `sqlite:` address names; `None` when it is of another engine.
pub(super) fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest));
    path.filter(|path| !path.is_empty()).map(PathBuf::from)
}
