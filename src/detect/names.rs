//! Names of patients. Nothing is proposed yet.

use super::Context;
use super::candidate::Candidate;
use super::errors::RuleErrors;
use super::lexicon::Lexicons;
use super::prepared::Prepared;

/// Word lists and rules for names, compiled once.
#[derive(Debug, Default)]
pub struct Names {}

impl Names {
    /// Compiles what names need from the word lists.
    ///
    /// # Errors
    /// [`RuleErrors`] when a list that names need is unusable.
    pub fn compile(_lexicons: &Lexicons) -> Result<Self, RuleErrors> {
        Ok(Self {})
    }

    /// Proposes names, and terms that need no identifier, in a message.
    #[must_use]
    pub fn candidates(&self, _prepared: &Prepared<'_>, _context: &Context) -> Vec<Candidate> {
        Vec::new()
    }
}
