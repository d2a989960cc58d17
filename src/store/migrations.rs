//! The tables of both engines, as the files of `src/store/migrations` make them, oldest first. Forward only: a file that shipped never changes.
//!
//! sqlx's own `migrate!` and derives would build sqlx and both drivers a second time, for the compiler's use; this is all we need of them.

use include_dir::{Dir, include_dir};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::ports::StoreError;

static SQLITE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/store/migrations/sqlite");
static POSTGRES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/store/migrations/postgres");

/// Brings a SQLite file up to date.
pub(super) fn sqlite() -> Migrator {
    migrator(&SQLITE)
}

/// Brings a PostgreSQL database up to date.
pub(super) fn postgres() -> Migrator {
    migrator(&POSTGRES)
}

/// Why tables are not up to date, in words. A step that we do not know was made by a newer program: going back is not a way that
/// migrations have.
pub(super) fn told(cause: MigrateError) -> StoreError {
    match cause {
        MigrateError::VersionMissing(step) => StoreError::Refused(format!(
            "the database was made by a newer version of vaguemestre (migration {step}; this is version {} and knows {}): \
             install that version again, or restore the backup of before the update",
            env!("CARGO_PKG_VERSION"),
            sqlite().iter().map(|known| known.version).max().unwrap_or_default()
        )),
        cause => StoreError::Unavailable(format!("its tables cannot be brought up to date: {cause}")),
    }
}

fn migrator(folder: &'static Dir<'_>) -> Migrator {
    Migrator::with_migrations(folder.files().filter_map(migration).collect())
}

/// `0003_months.sql` is step 3, "months". A file of another name is none of ours; a test reads them all.
fn migration(file: &'static include_dir::File<'_>) -> Option<Migration> {
    let (number, name) = file.path().file_stem()?.to_str()?.split_once('_')?;
    let sql = AssertSqlSafe(file.contents_utf8()?).into_sql_str();
    let described = name.replace('_', " ").into();
    Some(Migration::new(number.parse().ok()?, described, MigrationType::Simple, sql, false))
}

#[cfg(test)]
mod tests {
    use super::{POSTGRES, SQLITE, postgres, sqlite};

    #[test]
    fn every_file_is_a_step_and_no_number_serves_twice() {
        for (folder, migrator) in [(&SQLITE, sqlite()), (&POSTGRES, postgres())] {
            let steps: Vec<i64> = migrator.iter().map(|it| it.version).collect();
            assert_eq!(steps.len(), folder.files().count());
            assert!(steps.len() > 5 && steps.is_sorted_by(|a, b| a < b), "{steps:?}");
        }
    }
}
