//! Finds and reads the settings file.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::model::settings::Settings;
use crate::model::{Fault, Faults};

use super::ConfigError;
use super::resolve::{Written, resolve};
use super::section::Reader;

/// The file that is used when none is named, if it exists.
pub const DEFAULT_FILE: &str = "/etc/vaguemestre/vaguemestre.toml";

/// The establishment's own folder, beside the settings file.
const LOCAL: &str = "local.d";

/// Largest file that is read, in bytes.
const LARGEST: u64 = 16 << 20;

/// State folder of a service that systemd gives none.
const STATE_DIR: &str = "/var/lib/vaguemestre";

/// Loads the settings of a file; without one, those of [`DEFAULT_FILE`] if it exists, else the embedded defaults:
/// milter on `inet:127.0.0.1:8891`, review on `127.0.0.1:8892`, SQLite in the state folder, every article observing.
///
/// # Errors
/// [`ConfigError::Faults`] when the file cannot be read or says something wrong.
pub fn load(path: Option<&Path>) -> Result<Settings, ConfigError> {
    let file = path.unwrap_or(Path::new(DEFAULT_FILE));
    let mut settings = match path {
        None if !file.exists() => parse("defaults", "", &state_dir()),
        _ => parse(&file.display().to_string(), &read(file)?, &state_dir()),
    }?;
    let beside = file.parent().unwrap_or(Path::new("")).join(LOCAL);
    if settings.data.local.is_none() && beside.is_dir() {
        settings.data.local = Some(beside);
    }
    Ok(settings)
}

/// Parses settings; `state_dir` is where state goes when they do not say.
///
/// # Errors
/// [`ConfigError::Faults`], each with line, column and what to do.
pub fn parse(file: &str, text: &str, state_dir: &Path) -> Result<Settings, ConfigError> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        Faults(vec![Fault::at(file, text, offset, error.message(), remedy(error.message()))])
    })?;
    let mut reader = Reader { file, text, faults: Vec::new() };
    let settings = resolve(written, state_dir, &mut reader);
    let faults = Faults(reader.faults);
    match settings {
        Some(settings) => Ok(faults.or(settings)?),
        None => Err(faults.into()),
    }
}

/// A fault of settings, at the first of their values (section, key) in the file that [`load`] reads; of the file as a whole where all have
/// their defaults.
#[must_use]
pub fn fault(path: Option<&Path>, settings: &[(&str, &str)], what: impl Into<String>, remedy: &str) -> Fault {
    type Tables = BTreeMap<String, BTreeMap<String, toml::Spanned<toml::Value>>>;
    let file = path.unwrap_or(Path::new(DEFAULT_FILE));
    let shown = if path.is_none() && !file.exists() { "defaults".into() } else { file.display().to_string() };
    let text = read(file).unwrap_or_default();
    let tables: Tables = toml::from_str(&text).unwrap_or_default();
    let written = settings.iter().find_map(|(section, key)| tables.get(*section)?.get(*key));
    match written {
        Some(value) => Fault::at(&shown, &text, value.span().start, what, remedy),
        None => Fault::whole(&shown, what, remedy),
    }
}

/// Reads a text file.
///
/// # Errors
/// One fault that names the file and the system's reason; a byte that is no UTF-8 is told with its line and column.
pub fn read(path: &Path) -> Result<String, Faults> {
    let shown = path.display().to_string();
    let size = fs::metadata(path).map_err(|error| unreadable(path, &error))?.len();
    if size > LARGEST {
        let what = format!("has {size} bytes, and {LARGEST} are allowed");
        return Err(Faults(vec![Fault::whole(&shown, what, "is it the right file?")]));
    }
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        let remedy = "save the file as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8 mends most)";
        Faults(vec![Fault::at(&shown, &text, at, "a byte that is not UTF-8", remedy)])
    })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Faults {
    let remedy = match error.kind() {
        ErrorKind::NotFound => "check the path, or leave it out to use what ships with the program",
        ErrorKind::PermissionDenied => "give the service's user the right to read it",
        _ => "check the file system",
    };
    Faults(vec![Fault::whole(&path.display().to_string(), format!("cannot be read: {error}"), remedy)])
}

fn remedy(message: &str) -> &'static str {
    if message.starts_with("unknown field") {
        "correct the name or remove the line; config/vaguemestre.toml lists all settings"
    } else {
        ""
    }
}

/// The first folder of systemd's list (systemd.exec(5), `StateDirectory=`), else the usual one.
fn state_dir() -> PathBuf {
    let given = env::var_os("STATE_DIRECTORY").unwrap_or_default();
    env::split_paths(&given).find(|dir| dir.is_absolute()).unwrap_or_else(|| PathBuf::from(STATE_DIR))
}
