//! Floor 6: files → resolved settings, and the texts of policy, patterns and recipient lists.
//!
//! In: `vaguemestre.toml` and the folders it names, or nothing. Out: [`Settings`](crate::model::settings::Settings) without a default left to
//! guess, and the files' texts as values. Every mistake has its line, column and remedy. Knows nothing of what the
//! articles and rules mean.

mod assets;
mod load;
mod resolve;
pub mod rosters;
mod sample;
mod section;
mod sections;
mod values;

#[cfg(test)]
mod tests;

use crate::model::Faults;
use crate::policy::UnknownArticle;

pub use assets::{Assets, KEY_FILE, assets, lists, policy, read_key};
pub use load::{DEFAULT_FILE, fault, load, parse, read};
pub use sample::sample;
pub use values::span;

/// Why there are no usable settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Something is wrong in a file: `file:line:column: what; what to do`, one a line.
    #[error("{0}")]
    Faults(#[from] Faults),
    /// `[modes]` names an article that the policy does not have.
    #[error("[modes]: {0}")]
    UnknownArticle(#[from] UnknownArticle),
    /// `review.two_persons_articles` names one: nothing would ever ask for the second person.
    #[error("review.two_persons_articles: {0}")]
    UnknownTwoPersons(UnknownArticle),
    /// `judging.on_failure` would let mail out unread while articles act.
    #[error(
        "judging.on_failure = \"accept\" delivers mail that could not be judged, and these articles do more than observe: {articles}; \
         set judging.on_failure = \"tempfail\", or the articles to \"observe\""
    )]
    FailsOpen {
        /// The articles that act.
        articles: String,
    },
}
