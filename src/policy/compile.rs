//! From policy files to a policy: parse, put definitions together, check every article.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use crate::model::{Confidence, Fault, Faults, ProtectionKind, Verdict};

use super::article::{Article, RawArticle, Source};
use super::conditions::Conditions;
use super::definitions::{Clause, Definitions, Exception};
use super::{Policy, PolicyErrors};

/// A policy file. Each part may stand in any file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    confidence: Option<Spanned<Confidence>>,
    approved_encryption: Option<Spanned<Vec<ProtectionKind>>>,
    #[serde(default)]
    confidential: Vec<Clause>,
    #[serde(default)]
    exception: Vec<RawException>,
    #[serde(default)]
    article: Vec<RawArticle>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawException {
    id: Spanned<String>,
    when: Conditions,
    concerns: Option<Verdict>,
}

impl Policy {
    /// Compiles policy files, given as (name, text). Articles keep the order of the files.
    ///
    /// # Errors
    /// Every fault found, each with file, line, column and what to do.
    pub fn compile(files: &[(String, String)]) -> Result<Self, PolicyErrors> {
        let mut faults = Vec::new();
        let mut parsed = Vec::new();
        for (file, text) in files {
            match toml::from_str::<RawFile>(text) {
                Ok(raw) => parsed.push((Source { file, text }, raw)),
                Err(error) => faults.push(syntax(file, text, &error)),
            }
        }
        let definitions = definitions(&mut parsed, &mut faults);
        let mut articles: Vec<Article> = Vec::new();
        for (source, raw) in parsed {
            for article in raw.article {
                refuse_repeat(&article.id, source, &articles, &mut faults);
                articles.push(Article::compile(article, source, &definitions, &mut faults));
            }
        }
        if articles.is_empty() && faults.is_empty() {
            faults.push(Fault::whole(
                "policy",
                "there is no article",
                "put at least one *.toml file with an [[article]] there",
            ));
        }
        let digest = digest(files.iter().flat_map(|(file, text)| [file.as_str(), text]));
        Faults(faults).or(Self { definitions, articles, digest })
    }
}

fn syntax(file: &str, text: &str, error: &toml::de::Error) -> Fault {
    let offset = error.span().map_or(0, |span| span.start);
    Fault::at(file, text, offset, error.message(), "")
}

fn refuse_repeat(id: &Spanned<String>, source: Source<'_>, articles: &[Article], faults: &mut Vec<Fault>) {
    if let Some(first) = articles.iter().find(|article| article.id.0 == *id.get_ref()) {
        let what =
            format!("the article `{}` stands twice, first at {}:{}", id.get_ref(), first.file, first.line);
        faults.push(source.fault(id, what, "rename one of them"));
    }
}

/// Takes the definitions out of all files. What may be said only once is refused the second time.
fn definitions(parsed: &mut [(Source<'_>, RawFile)], faults: &mut Vec<Fault>) -> Definitions {
    let mut floor = None;
    let mut approved = None;
    let mut clauses = Vec::new();
    let mut exceptions = BTreeMap::new();
    for (source, raw) in parsed {
        once(&mut floor, raw.confidence.take(), *source, faults);
        once(&mut approved, raw.approved_encryption.take(), *source, faults);
        clauses.append(&mut raw.confidential);
        for RawException { id, when, concerns } in raw.exception.drain(..) {
            let exception = Exception { id: id.get_ref().clone(), when, concerns };
            if exceptions.insert(exception.id.clone(), exception).is_some() {
                let what = format!("the exception `{}` is defined twice", id.get_ref());
                faults.push(source.fault(&id, what, "keep one of them"));
            }
        }
    }
    Definitions {
        floor: floor.unwrap_or(Confidence::Medium),
        approved: approved.unwrap_or_default(),
        clauses,
        exceptions: exceptions.into_values().collect(),
    }
}

fn once<T>(slot: &mut Option<T>, value: Option<Spanned<T>>, source: Source<'_>, faults: &mut Vec<Fault>) {
    let Some(value) = value else { return };
    if slot.is_some() {
        faults.push(source.fault(&value, "another file says this already", "keep it in one file"));
    }
    *slot = Some(value.into_inner());
}

/// SHA-256 in hexadecimal over texts, each told apart from the next by its length.
pub(super) fn digest<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
