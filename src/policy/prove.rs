//! Runs the articles' own cases.

use crate::model::{ArticleId, Finding, Person, Verdict};

use super::case::{Case, TextCase};
use super::situation::View;
use super::{Article, Policy};

/// A case whose article did not say what the case expects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: `{}` should say {}, it says {}{because}", article.0, expected.name(), got.name())]
pub struct Failure {
    /// The article.
    pub article: ArticleId,
    /// The file of the case.
    pub file: String,
    /// Its line.
    pub line: usize,
    /// What the case expects.
    pub expected: Verdict,
    /// What the article said.
    pub got: Verdict,
    /// Why it stayed silent, when it did: `: …`.
    pub because: String,
}

/// One case run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The article and the place of its case: `id (file:line)`.
    pub of: String,
    /// What the article said instead of what the case expects.
    pub failure: Option<Failure>,
}

impl Policy {
    /// Runs every case that gives facts, and tells what became of each.
    #[must_use]
    pub fn proofs(&self) -> Vec<Proof> {
        let proof = |(article, case): (&Article, &Case)| Proof {
            of: format!("{} ({}:{})", article.id.0, article.file, case.line),
            failure: self.run(article, case, case.findings(), &[]).err(),
        };
        self.cases().filter(|(_, case)| case.text.is_none()).map(proof).collect()
    }

    /// Runs every case that gives facts; gives the failures.
    #[must_use]
    pub fn check(&self) -> Vec<Failure> {
        self.proofs().into_iter().filter_map(|proof| proof.failure).collect()
    }

    /// The cases that give a text, for whoever holds a detector.
    #[must_use]
    pub fn text_cases(&self) -> Vec<TextCase> {
        let text = |(article, case): (&Article, &Case)| {
            Some(TextCase {
                article: article.id.clone(),
                file: article.file.clone(),
                line: case.line,
                text: case.text.clone()?,
                case: case.clone(),
            })
        };
        self.cases().filter_map(text).collect()
    }

    /// Proves a text case with what detection found in its text.
    ///
    /// # Errors
    /// [`Failure`] when the article says something else than the case expects.
    pub fn prove(&self, case: &TextCase, found: &[Finding], persons: &[Person]) -> Result<(), Failure> {
        let findings: Vec<Finding> = case.case.findings().iter().chain(found).cloned().collect();
        let article = self.articles.iter().find(|article| article.id == case.article);
        article.map_or(Ok(()), |article| self.run(article, &case.case, &findings, persons))
    }

    fn cases(&self) -> impl Iterator<Item = (&Article, &Case)> {
        self.articles.iter().flat_map(|article| article.cases.iter().map(move |case| (article, case)))
    }

    fn run(
        &self,
        article: &Article,
        case: &Case,
        findings: &[Finding],
        persons: &[Person],
    ) -> Result<(), Failure> {
        let view = View::of(case.situation(findings, persons), &self.definitions);
        let (got, because) = match article.weigh(&view, &self.definitions) {
            Ok(spoken) => (spoken.verdict, String::new()),
            Err(because) => (Verdict::Accept, format!(": {because}")),
        };
        if got == case.then {
            return Ok(());
        }
        let (article, file) = (article.id.clone(), article.file.clone());
        Err(Failure { article, file, line: case.line, expected: case.then, got, because })
    }
}
