//! The program that workers are made of: this one.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The executable that is started as a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    path: PathBuf,
    trial: Option<String>,
}

/// Set by the command line when it starts: no other program that has this library in it, such as a test, may be executed again in
/// the belief that it knows the command.
static THIS: OnceLock<()> = OnceLock::new();

impl Program {
    /// Says that this process runs the program itself.
    pub fn is_this_process() {
        let _ = THIS.set(());
    }

    /// This very program, even when its file was replaced by another version since; `None` in a process that runs another.
    #[must_use]
    pub fn this() -> Option<Self> {
        THIS.get().map(|()| Self::at(Path::new("/proc/self/exe")))
    }

    /// The program at this path.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), trial: None }
    }

    /// The same, whose workers something befalls. For tests.
    #[must_use]
    pub fn with_trial(self, trial: &str) -> Self {
        Self { trial: Some(trial.to_owned()), ..self }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn trial(&self) -> impl Iterator<Item = String> {
        self.trial.iter().map(|trial| format!("--trial={trial}"))
    }
}
