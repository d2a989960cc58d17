//! Logs on stderr, as text or JSON lines; panics as one line without their message.

use std::backtrace::Backtrace;
use std::io;
use std::panic::{self, PanicHookInfo};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

use crate::model::settings::Log;

/// Why logging did not start.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The level is not one of ours.
    #[error("log level {0:?}: write error, warn, info or debug")]
    Level(String),
    /// Something set up logging before.
    #[error("logging was already set up")]
    Twice,
}

/// Starts logging for the whole process, and makes every panic one error line that names its place only.
///
/// A panic's message may quote what was being read (`byte index 3 is inside 'é' of "…"`), so it is never written.
/// At level debug, the calls that led there follow. Crates below us log errors only, for the same reason.
///
/// # Errors
/// [`LogError`] when the level is unknown, or logging stands already.
pub fn start(log: &Log) -> Result<(), LogError> {
    let level = level(&log.level).ok_or_else(|| LogError::Level(log.level.clone()))?;
    let filter = Targets::new().with_default(LevelFilter::ERROR).with_target("vaguemestre", level);
    let lines = fmt::layer().with_writer(io::stderr).with_target(false);
    let layer = if log.json { lines.json().flatten_event(true).boxed() } else { lines.boxed() };
    registry().with(layer.with_filter(filter)).try_init().map_err(|_| LogError::Twice)?;
    panic::set_hook(Box::new(|info| {
        tracing::error!(target: "vaguemestre", "{}", place(info));
        tracing::debug!(target: "vaguemestre", "{}", Backtrace::force_capture());
    }));
    Ok(())
}

fn level(name: &str) -> Option<LevelFilter> {
    match name {
        "error" => Some(LevelFilter::ERROR),
        "warn" => Some(LevelFilter::WARN),
        "info" => Some(LevelFilter::INFO),
        "debug" => Some(LevelFilter::DEBUG),
        _ => None,
    }
}

fn place(info: &PanicHookInfo<'_>) -> String {
    match info.location() {
        Some(at) => format!("a bug of ours: panic at {}:{}:{}", at.file(), at.line(), at.column()),
        None => "a bug of ours: panic".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{LogError, start};
    use crate::model::settings::Log;

    #[test]
    fn an_unknown_level_is_an_error_that_names_the_levels() {
        let error = start(&Log { level: "loud".to_owned(), json: false });
        assert!(matches!(error, Err(LogError::Level(level)) if level == "loud"));
    }

    /// Logging belongs to a whole process: this test runs the next one, idle otherwise, in a process of its own.
    #[test]
    fn a_panic_is_logged_by_its_place_and_never_by_its_message() {
        for format in ["text", "json"] {
            let output = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "telemetry::logging::tests::panics", "--nocapture"])
                .env("VAGUEMESTRE_TEST_LOG", format)
                .output()
                .unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(
                stderr.contains("a bug of ours: panic at ") && stderr.contains("logging::tests::panics"),
                "{stderr}"
            );
            assert!(stderr.contains("a line of ours") && !stderr.contains("a line of theirs"), "{stderr}");
            assert!(!stderr.contains("Tremblay"), "{stderr}");
            assert_eq!(stderr.contains("\"level\":\"ERROR\""), format == "json", "{stderr}");
        }
    }

    #[test]
    fn panics() {
        let Ok(format) = std::env::var("VAGUEMESTRE_TEST_LOG") else { return };
        start(&Log { level: "debug".to_owned(), json: format == "json" }).unwrap();
        tracing::info!("a line of ours");
        tracing::warn!(target: "sqlx", "a line of theirs");
        let text = "Éloïse Tremblay";
        let _ = std::panic::catch_unwind(|| text.split_at(1));
    }
}
