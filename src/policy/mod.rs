//! Floor 2: from the facts of one message to a decision, by articles that are data.
//!
//! In: policy files as texts, and the facts of a message. Out: a decision that tells every article that
//! spoke, of what, and why the others stayed silent. Knows no directive (their names and numbers are in the
//! files), no SMTP, and no text for people beyond what the articles say.

mod article;
mod case;
mod compile;
mod conditions;
mod decide;
mod definitions;
mod prove;
mod situation;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::model::{ArticleId, Faults, Mode};

pub use article::Article;
pub use case::TextCase;
pub use prove::{Failure, Proof};
pub use situation::Situation;

use definitions::Definitions;

/// A checked policy: articles in the order of their files, and the definitions they use.
#[derive(Clone, Debug)]
pub struct Policy {
    definitions: Definitions,
    articles: Vec<Article>,
    digest: String,
}

/// Everything wrong in policy files.
pub type PolicyErrors = Faults;

/// A mode was given to an article that the policy does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no article is called `{article}`; the articles are {known}")]
pub struct UnknownArticle {
    /// The name given.
    pub article: String,
    /// The names there are.
    pub known: String,
}

impl Policy {
    /// Every article, in the order of the files.
    #[must_use]
    pub fn articles(&self) -> &[Article] {
        &self.articles
    }

    /// SHA-256 of the files and the modes, in hexadecimal: two nodes with the same digest decide alike.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Sets how far articles may act: `default`, except for those that `modes` names. Naming an article that is on
    /// trial with another mode than observe ends its trial.
    ///
    /// # Errors
    /// [`UnknownArticle`] when `modes` names an article that is not there.
    pub fn with_modes(
        mut self,
        default: Mode,
        modes: &BTreeMap<ArticleId, Mode>,
    ) -> Result<Self, UnknownArticle> {
        self.has_all(modes.keys())?;
        for article in &mut self.articles {
            let own = modes.get(&article.id).copied();
            article.trial &= own.is_none_or(|mode| mode == Mode::Observe);
            article.mode = if article.trial { Mode::Observe } else { own.unwrap_or(default) };
        }
        let modes: Vec<Mode> = self.articles.iter().map(|article| article.mode).collect();
        self.digest = compile::digest([self.digest.as_str(), &format!("{modes:?}")]);
        Ok(self)
    }

    /// Whether all these articles are there.
    ///
    /// # Errors
    /// [`UnknownArticle`]: the first that is not, and those that are.
    pub fn has_all<'a>(&self, mut ids: impl Iterator<Item = &'a ArticleId>) -> Result<(), UnknownArticle> {
        let stranger = ids.find(|id| !self.articles.iter().any(|article| article.id == **id));
        let Some(stranger) = stranger else { return Ok(()) };
        let known: Vec<&str> = self.articles.iter().map(|article| article.id.0.as_str()).collect();
        Err(UnknownArticle { article: stranger.0.clone(), known: known.join(", ") })
    }

    /// Whether no article can change what happens to a message.
    #[must_use]
    pub fn only_observes(&self) -> bool {
        self.articles.iter().all(|article| article.mode == Mode::Observe)
    }
}
