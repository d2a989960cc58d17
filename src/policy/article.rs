//! Articles: one rule of conduct each, as a block of a policy file.

use serde::Deserialize;
use toml::Spanned;

use crate::model::{ArticleId, Fault, Mode, Spoken, Verdict};

use super::case::{Case, RawCase};
use super::conditions::{Conditions, Unmet};
use super::definitions::Definitions;
use super::situation::View;

/// One article of a policy.
#[derive(Clone, Debug)]
pub struct Article {
    /// Its name.
    pub id: ArticleId,
    /// The text it stands on: directive and number.
    pub cites: String,
    /// The article in one plain French sentence.
    pub says: String,
    /// The same in English.
    pub says_en: String,
    /// What it asks for when it applies.
    pub verdict: Verdict,
    /// Key of the text that explains it to the sender.
    pub notice: String,
    /// Whether it is on trial: it is listed and counted, and weighs nothing.
    pub trial: bool,
    /// How far it may act: no further than observing while it is on trial.
    pub mode: Mode,
    /// The file it stands in.
    pub file: String,
    /// The line of its name, counted from 1.
    pub line: usize,
    pub(super) when: Conditions,
    pub(super) unless: Vec<String>,
    pub(super) cases: Vec<Case>,
}

/// An article as a file writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawArticle {
    pub(super) id: Spanned<String>,
    cites: Spanned<String>,
    says: Spanned<String>,
    says_en: Spanned<String>,
    when: Conditions,
    #[serde(default)]
    unless: Vec<Spanned<String>>,
    #[serde(default)]
    waives: Vec<Spanned<String>>,
    verdict: Spanned<Verdict>,
    notice: Spanned<String>,
    #[serde(default)]
    trial: bool,
    #[serde(default)]
    case: Vec<Spanned<RawCase>>,
}

/// A file's name and text, where faults of its articles are placed.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
}

impl Source<'_> {
    /// A fault at something the file says.
    pub fn fault<T>(&self, at: &Spanned<T>, what: impl Into<String>, remedy: impl Into<String>) -> Fault {
        Fault::at(self.file, self.text, at.span().start, what, remedy)
    }
}

impl Article {
    /// Checks one block and makes it an article. Every fault of the block is added to `faults`.
    pub fn compile(
        raw: RawArticle,
        source: Source<'_>,
        definitions: &Definitions,
        faults: &mut Vec<Fault>,
    ) -> Self {
        check_words(&raw, source, faults);
        check_exceptions(&raw, source, definitions, faults);
        check_cases(&raw, source, faults);
        let place = source.fault(&raw.id, "", "");
        Self {
            id: ArticleId(raw.id.into_inner()),
            cites: raw.cites.into_inner(),
            says: raw.says.into_inner(),
            says_en: raw.says_en.into_inner(),
            verdict: raw.verdict.into_inner(),
            notice: raw.notice.into_inner(),
            trial: raw.trial,
            mode: if raw.trial { Mode::Observe } else { Mode::Enforce },
            file: place.file,
            line: place.line,
            when: raw.when,
            unless: raw.unless.into_iter().map(Spanned::into_inner).collect(),
            cases: raw.case.into_iter().map(|case| Case::compile(case, source)).collect(),
        }
    }

    /// Says what the article has to say about a message, or why it stays silent.
    pub fn weigh(&self, view: &View<'_>, definitions: &Definitions) -> Result<Spoken, Unmet> {
        let touched = self.when.met(view)?;
        for name in &self.unless {
            let exception = definitions.exception(name);
            if exception.is_some_and(|exception| exception.when.met(view).is_ok()) {
                return Err(format!("the exception `{name}` holds").into());
            }
        }
        let everyone = || (0..view.situation.recipients.len()).collect();
        Ok(Spoken {
            article: self.id.clone(),
            cites: self.cites.clone(),
            says: self.says.clone(),
            says_en: self.says_en.clone(),
            verdict: self.verdict,
            mode: self.mode,
            trial: self.trial,
            notice: self.notice.clone(),
            findings: touched.findings,
            gaps: touched.gaps,
            recipients: touched.recipients.unwrap_or_else(everyone),
        })
    }
}

fn check_words(raw: &RawArticle, source: Source<'_>, faults: &mut Vec<Fault>) {
    let kebab = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    for (name, value) in [("id", &raw.id), ("notice", &raw.notice)] {
        if !kebab(value.get_ref()) {
            let what = format!("`{name}` must be lower-case letters, digits and hyphens");
            faults.push(source.fault(value, what, "rename it, as in \"directive-5-un-destinataire\""));
        }
    }
    for (name, value) in [("cites", &raw.cites), ("says", &raw.says), ("says_en", &raw.says_en)] {
        if value.get_ref().trim().is_empty() {
            faults.push(source.fault(
                value,
                format!("`{name}` is empty"),
                "people read it: write one plain sentence",
            ));
        }
    }
    if *raw.verdict.get_ref() == Verdict::Accept {
        let remedy = "write \"warn\", \"quarantine\" or \"reject\"; to soften another article, name an exception in its `unless`";
        faults.push(source.fault(&raw.verdict, "an article cannot ask to accept", remedy));
    }
}

fn check_exceptions(
    raw: &RawArticle,
    source: Source<'_>,
    definitions: &Definitions,
    faults: &mut Vec<Fault>,
) {
    for name in raw.unless.iter().chain(&raw.waives) {
        if definitions.exception(name.get_ref()).is_none() {
            let what = format!("no exception is called `{}`", name.get_ref());
            faults.push(source.fault(name, what, "define it in an [[exception]] block, or remove the name"));
        }
    }
    for exception in &definitions.exceptions {
        let named = |list: &[Spanned<String>]| list.iter().any(|name| *name.get_ref() == exception.id);
        let concerned = exception.concerns == Some(*raw.verdict.get_ref());
        if concerned && !named(&raw.unless) && !named(&raw.waives) {
            let what = format!(
                "every {} article must take a stand on `{}`",
                raw.verdict.get_ref().name(),
                exception.id
            );
            let remedy = format!(
                "add unless = [\"{0}\"], or waives = [\"{0}\"] if it is meant to apply even then",
                exception.id
            );
            faults.push(source.fault(&raw.id, what, remedy));
        }
    }
}

fn check_cases(raw: &RawArticle, source: Source<'_>, faults: &mut Vec<Fault>) {
    let expected = |case: &Spanned<RawCase>| case.get_ref().then;
    if !raw.case.iter().any(|case| expected(case) == *raw.verdict.get_ref()) {
        let remedy = "add an [[article.case]] with `given` and `then`, so that `vaguemestre check` can prove the article";
        faults.push(source.fault(&raw.id, "no case shows the article at work", remedy));
    }
    for case in &raw.case {
        case.get_ref().check(case, *raw.verdict.get_ref(), source, faults);
    }
}
