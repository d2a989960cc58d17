//! What is wrong in a rule file or a word list, where, and what to do.

use std::fmt;

/// One mistake in a file of rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {problem}; {remedy}")]
pub struct RuleError {
    /// The file's name as given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl RuleError {
    /// A mistake at a line and column.
    #[must_use]
    pub fn at(
        file: &str,
        line: usize,
        column: usize,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { file: file.to_owned(), line, column, problem: problem.into(), remedy: remedy.into() }
    }

    /// A mistake at a byte of a file's text.
    #[must_use]
    pub fn in_text(
        file: &str,
        text: &str,
        byte: usize,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self::at(file, line, column, problem, remedy)
    }
}

/// Every mistake found, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleErrors {
    /// The mistakes.
    pub errors: Vec<RuleError>,
}

impl RuleErrors {
    /// Adds a mistake.
    pub fn push(&mut self, error: RuleError) {
        self.errors.push(error);
    }

    /// The value when there is no mistake.
    ///
    /// # Errors
    /// Itself, when there is one.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.errors.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n" };
            write!(f, "{gap}{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleErrors {}
