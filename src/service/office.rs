//! The service as its pages see it.

use std::sync::{Arc, Weak};

use async_trait::async_trait;
use jiff::Timestamp;

use super::examine::examine;
use super::{Engine, InForce};
use crate::model::settings::Establishment;
use crate::model::{Confidence, Envelope, Kind, Masked, Raw, SenderFacts, Submission};
use crate::ports::{Attempt, Office, Sight, StoreError, Unread};
use crate::review::Case;

/// The rules in force, for the pages. It does not keep the engine alive: the journal closes when the mail stops.
pub struct BackOffice {
    engine: Weak<Engine>,
    started: Arc<InForce>,
}

impl BackOffice {
    /// Joins the parts.
    #[must_use]
    pub fn new(engine: &Arc<Engine>) -> Self {
        Self { engine: Arc::downgrade(engine), started: engine.in_force() }
    }

    fn in_force(&self) -> Arc<InForce> {
        self.engine.upgrade().map_or_else(|| Arc::clone(&self.started), |engine| engine.in_force())
    }
}

#[async_trait]
impl Office for BackOffice {
    fn establishment(&self) -> Establishment {
        self.in_force().settings.establishment.clone()
    }

    fn can_encrypt(&self) -> bool {
        let relay = &self.started.settings.relay;
        !relay.encrypt_header.is_empty() || !relay.encrypt_subject.is_empty()
    }

    async fn look(&self, case: &Case, message: Vec<u8>) -> Result<Sight, StoreError> {
        let personal = case.personal.clone().unwrap_or_default();
        let envelope = Envelope { sender: personal.sender, recipients: personal.recipients };
        self.read(Submission {
            envelope,
            facts: SenderFacts::default(),
            raw: Raw(message),
            received_at: case.received_at,
        })
        .await
    }

    async fn confidential(&self, text: &Masked) -> Result<Vec<Kind>, StoreError> {
        let head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
        let raw = Raw([head.as_bytes(), text.reveal().as_bytes()].concat());
        let (envelope, facts) = (Envelope::default(), SenderFacts::default());
        let sight = self.read(Submission { envelope, facts, raw, received_at: Timestamp::now() }).await?;
        let sure = sight.findings.iter().filter(|it| it.confidence >= Confidence::Medium);
        let identifies = sure.filter(|it| !it.kind.is_evidence_only() && it.kind != Kind::HealthTermCluster);
        Ok(identifies.map(|it| it.kind).collect())
    }
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
        let unread = || StoreError::Unavailable("a text could not be read".to_owned());
        looked.map_err(|_| unread())?.map_err(|_| unread())
    }
}
