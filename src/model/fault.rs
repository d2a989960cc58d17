//! What is wrong in a file that people write, and where.

use std::fmt;

/// One mistake in a configuration, policy, pattern or list file.
///
/// `Display` prints `file:line:column: what is wrong; what to do`, the form of every such error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the file, as the reader of the error knows it.
    pub file: String,
    /// Line, counted from 1; 0 when the fault is of the file as a whole.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What to do about it; may be empty when the first part says it.
    pub remedy: String,
}

impl Fault {
    /// Places a fault at a byte offset of a file's text.
    pub fn at(
        file: &str,
        text: &str,
        offset: usize,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
        Self { file: file.to_owned(), line, column, what: one_line(&what.into()), remedy: remedy.into() }
    }

    /// A fault at a line and column.
    pub fn on_line(
        file: &str,
        line: usize,
        column: usize,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { file: file.to_owned(), line, column, what: one_line(&what.into()), remedy: remedy.into() }
    }

    /// A fault of a file as a whole: it is missing, or cannot be read.
    pub fn whole(file: &str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        let what = one_line(&what.into());
        Self { file: file.to_owned(), line: 0, column: 0, what, remedy: remedy.into() }
    }
}

/// Parsers add lines of context; the position already says it.
fn one_line(what: &str) -> String {
    what.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.what)?,
            line => write!(f, "{}:{line}:{}: {}", self.file, self.column, self.what)?,
        }
        if self.remedy.is_empty() { Ok(()) } else { write!(f, "; {}", self.remedy) }
    }
}

/// Every mistake found, one a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Adds a fault.
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// `value` when there is no fault, the faults otherwise.
    ///
    /// # Errors
    /// The faults themselves.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(Fault::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Faults {}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn a_fault_tells_file_line_column_cause_and_remedy() {
        let text = "a = 1\né = ?\n";
        let offset = text.find('?').unwrap();
        let fault = Fault::at("x.toml", text, offset, "no value\n", "write one");
        assert_eq!(fault.to_string(), "x.toml:2:5: no value; write one");
        assert_eq!(Fault::at("x.toml", text, 999, "cut", "").to_string(), "x.toml:3:1: cut");
        assert_eq!(Fault::whole("x.toml", "cannot be read", "").to_string(), "x.toml: cannot be read");
    }
}
