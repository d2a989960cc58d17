//! The service as its pages see it.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::counter_example::{counter_example, quotes, shown_as};
use super::evidence::{evidence, register};
use super::examine::examine;
use super::free_text::confidential;
use super::papers::{Desk, Walks, paper};
use super::{Current, Engine, InForce};
use crate::model::settings::Establishment;
use crate::model::{ArticleId, ArticleRef, CaseFinding, CaseId, Kind, Masked, Raw, SenderFacts, Submission};
use crate::notices::{Language, Paper};
use crate::policy::Article;
use crate::ports::{Attempt, Incident, Office, PaperKind, Period, Sight, Store, StoreError, Unread};
use crate::review::Case;

/// The rules in force, for the pages. It does not keep the engine alive: the journal closes when the mail stops.
pub struct BackOffice {
    current: Current,
    started: Arc<InForce>,
    walks: Walks,
}

impl BackOffice {
    /// Joins the parts.
    #[must_use]
    pub fn new(engine: &Arc<Engine>) -> Self {
        Self { current: engine.current(), started: engine.in_force(), walks: Walks::default() }
    }

    fn in_force(&self) -> Arc<InForce> {
        self.current.get()
    }
}

#[async_trait]
impl Office for BackOffice {
    fn establishment(&self) -> Establishment {
        self.in_force().settings.establishment.clone()
    }

    fn articles(&self) -> Vec<(ArticleId, ArticleRef)> {
        let in_force = self.in_force();
        let articles = in_force.rules.policy().articles().iter();
        let shown = |article: &Article| ArticleRef {
            cites: article.cites.clone(),
            says: article.says.clone(),
            says_en: article.says_en.clone(),
            notice: article.notice.clone(),
        };
        articles.map(|article| (article.id.clone(), shown(article))).collect()
    }

    fn can_encrypt(&self) -> bool {
        let relay = &self.started.settings.relay;
        !relay.encrypt_header.is_empty() || !relay.encrypt_subject.is_empty()
    }

    async fn look(&self, case: &Case, message: Vec<u8>) -> Result<Sight, StoreError> {
        self.read(resubmitted(case, message)).await
    }

    async fn counter_example(
        &self,
        case: &Case,
        message: Vec<u8>,
        finding: &CaseFinding,
        because: &Masked,
    ) -> Result<Option<String>, StoreError> {
        let (in_force, finding, because) = (self.in_force(), finding.clone(), because.clone());
        let submission = resubmitted(case, message);
        let work = move || {
            let (rules, extractor) = (&in_force.rules, in_force.extractor.as_ref());
            let seen = examine(rules, extractor, submission, None, Attempt::Again)?;
            let Some(finding) = shown_as(&seen, &finding) else { return Ok(None) };
            if quotes(because.reveal(), finding.value.reveal()) {
                return Ok(None);
            }
            let lists = &in_force.lexicons;
            Ok(counter_example(rules.detectors(), lists, &seen, finding, because.reveal()).ok())
        };
        let made: Result<Result<Option<String>, Unread>, _> = tokio::task::spawn_blocking(work).await;
        made.map_err(|_| unread())?.map_err(|_| unread())
    }

    async fn evidence(&self, store: &dyn Store, case: &CaseId, to: &str) -> Result<Vec<u8>, StoreError> {
        let log = self.started.settings.relay.mail_log.as_deref();
        crate::store::seal_for(to, &evidence(store, case, log, None).await?)
    }

    async fn paper(
        &self,
        store: &dyn Store,
        kind: PaperKind,
        language: Language,
        period: Period,
        now: Timestamp,
    ) -> Result<Paper, StoreError> {
        let in_force = self.in_force();
        let desk = Desk { rules: &in_force.rules, settings: &in_force.settings, walks: &self.walks };
        paper(desk, store, kind, language, period, now).await
    }

    fn register(&self, incidents: &[Incident]) -> Result<Vec<u8>, StoreError> {
        register(incidents)
    }

    async fn confidential(&self, text: &Masked) -> Result<Vec<Kind>, StoreError> {
        let (in_force, text) = (self.in_force(), text.clone());
        let work = move || confidential(&in_force.rules, in_force.extractor.as_ref(), &text);
        let looked: Result<Result<Vec<Kind>, Unread>, _> = tokio::task::spawn_blocking(work).await;
        looked.map_err(|_| unread())?.map_err(|_| unread())
    }
}

/// The message of a case, as it came.
fn resubmitted(case: &Case, message: Vec<u8>) -> Submission {
    let envelope = case.personal.clone().unwrap_or_default().into_envelope();
    let (facts, raw) = (SenderFacts::default(), Raw(message));
    Submission { envelope, facts, raw, received_at: case.received_at }
}

fn unread() -> StoreError {
    StoreError::Unavailable("a text could not be read".to_owned())
}

impl BackOffice {
    async fn read(&self, submission: Submission) -> Result<Sight, StoreError> {
        let in_force = self.in_force();
        let work = move || {
            let seen =
                examine(&in_force.rules, in_force.extractor.as_ref(), submission, None, Attempt::Again)?;
            Ok(Sight { findings: seen.inspection.findings().to_vec(), reading: seen.reading })
        };
        let looked: Result<Result<Sight, Unread>, _> = tokio::task::spawn_blocking(work).await;
        looked.map_err(|_| unread())?.map_err(|_| unread())
    }
}
