//! Policy, patterns, lexicons and recipient lists: the folders that the settings name, or the copies inside the
//! program.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::detect::{Key, LocalFiles};
use crate::model::settings::{OnFailure, Settings};
use crate::model::{Fault, Faults, Mode};
use crate::policy::Policy;
use crate::recipients::Lists;

use super::ConfigError;
use super::load::read;

static POLICY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/config/policy");
static RECIPIENTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/config/recipients");
static PATTERNS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/patterns");

/// Files as (name, text), sorted by name.
pub type Files = Vec<(String, String)>;

/// The texts that decide: what a digest covers and a reload replaces.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// Articles and definitions.
    pub policy: Files,
    /// Detection rules.
    pub patterns: Files,
    /// Word lists: every file of the patterns' folder `lexicons`.
    pub lexicons: Files,
    /// Recipient lists.
    pub recipients: Files,
    /// What the establishment adds in `local.d`.
    pub local: LocalFiles,
}

/// Reads the folders that the settings name; what they do not name is what ships inside the program.
///
/// # Errors
/// A folder or file that cannot be read, or a folder without a file.
pub fn assets(settings: &Settings) -> Result<Assets, ConfigError> {
    let data = &settings.data;
    let lexicons = data.patterns.as_deref().map(|folder| folder.join("lexicons"));
    Ok(Assets {
        policy: files(data.policy.as_deref(), &POLICY, Some("toml"))?,
        patterns: files(data.patterns.as_deref(), &PATTERNS, Some("toml"))?,
        lexicons: match PATTERNS.get_dir("lexicons") {
            Some(shipped) => files(lexicons.as_deref(), shipped, None)?,
            None => Files::new(),
        },
        recipients: files(data.recipients.as_deref(), &RECIPIENTS, Some("toml"))?,
        local: data.local.as_deref().map(local).transpose()?.unwrap_or_default(),
    })
}

/// The key of the digests of excepted values, in `local.d`.
pub const KEY_FILE: &str = "exceptions.key";

/// Reads what the establishment adds: the folder's `*.toml`, `lexicons/*.txt`, and the key of its exceptions.
fn local(folder: &Path) -> Result<LocalFiles, Faults> {
    let lexicons = folder.join("lexicons");
    let key = folder.join(KEY_FILE);
    Ok(LocalFiles {
        rules: listed(folder, Some("toml"))?,
        lexicons: if lexicons.is_dir() { listed(&lexicons, Some("txt"))? } else { Files::new() },
        key: if key.exists() { Some(read_key(&key)?) } else { None },
    })
}

/// Reads the key of the exceptions, which nobody else may read.
///
/// # Errors
/// A key that others may read, or that is no key.
pub fn read_key(path: &Path) -> Result<Key, Faults> {
    let fault =
        |what: &str, remedy: &str| Faults(vec![Fault::whole(&path.display().to_string(), what, remedy)]);
    let mode = fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o007 != 0 {
        return Err(fault(
            "everyone may read the key",
            "chmod o= it: with the key, excepted values can be guessed",
        ));
    }
    let remedy =
        "restore it; or remove it, let `vaguemestre rules digest` make another, and make the digests anew";
    Key::read(&read(path)?).ok_or_else(|| fault("not a key of 64 hexadecimal digits", remedy))
}

/// Compiles the policy, sets its modes, and refuses to fail open while an article acts.
///
/// # Errors
/// What is wrong in the policy's files, in `[modes]`, with `judging.on_failure`, or with `review.two_persons_articles`.
pub fn policy(settings: &Settings, assets: &Assets) -> Result<Policy, ConfigError> {
    let policy =
        Policy::compile(&assets.policy)?.with_modes(settings.judging.mode, &settings.judging.modes)?;
    if settings.judging.on_failure == OnFailure::Accept && !policy.only_observes() {
        let acts = policy.articles().iter().filter(|article| article.mode != Mode::Observe);
        let articles: Vec<&str> = acts.map(|article| article.id.0.as_str()).collect();
        return Err(ConfigError::FailsOpen { articles: articles.join(", ") });
    }
    policy.has_all(settings.review.two_persons.articles.iter()).map_err(ConfigError::UnknownTwoPersons)?;
    Ok(policy)
}

/// Compiles the recipient lists.
///
/// # Errors
/// What is wrong in their files.
pub fn lists(assets: &Assets) -> Result<Lists, ConfigError> {
    Ok(Lists::compile(&assets.recipients)?)
}

fn files(folder: Option<&Path>, shipped: &Dir<'_>, extension: Option<&str>) -> Result<Files, Faults> {
    match folder {
        Some(folder) => read_folder(folder, extension),
        None => Ok(embedded(shipped, extension)),
    }
}

fn embedded(shipped: &Dir<'_>, extension: Option<&str>) -> Files {
    let wanted = shipped.files().filter(|file| has_extension(file.path(), extension));
    let mut files: Files =
        wanted.filter_map(|file| Some((name(file.path()), file.contents_utf8()?.to_owned()))).collect();
    files.sort();
    files
}

fn read_folder(folder: &Path, extension: Option<&str>) -> Result<Files, Faults> {
    let files = listed(folder, extension)?;
    if files.is_empty() {
        let what = format!(
            "the folder has no {} file",
            extension.map_or_else(String::new, |extension| format!("*.{extension}"))
        );
        let remedy = "copy the shipped folder there, or leave the setting out";
        return Err(Faults(vec![Fault::whole(&folder.display().to_string(), what, remedy)]));
    }
    Ok(files)
}

/// The files of a folder with an ending, by name. Every fault is told, not only the first.
fn listed(folder: &Path, extension: Option<&str>) -> Result<Files, Faults> {
    let broken = |error: &std::io::Error| {
        let what = format!("the folder cannot be read: {error}");
        Faults(vec![Fault::whole(&folder.display().to_string(), what, "check the path and its permissions")])
    };
    let mut files = Files::new();
    let mut faults = Faults::default();
    for entry in fs::read_dir(folder).map_err(|error| broken(&error))? {
        let path = entry.map_err(|error| broken(&error))?.path();
        if path.is_file() && has_extension(&path, extension) {
            match read(&path) {
                Ok(text) => files.push((path.display().to_string(), text)),
                Err(more) => faults.0.extend(more.0),
            }
        }
    }
    files.sort();
    faults.or(files)
}

/// Hidden files (an editor's, a version control's) are never read.
fn has_extension(path: &Path, extension: Option<&str>) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    !hidden && extension.is_none_or(|wanted| path.extension().is_some_and(|found| found == wanted))
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
