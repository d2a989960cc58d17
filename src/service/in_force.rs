//! Rules and settings in force, and how those who follow reloads see them.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;

use super::rosters::{self, Taken};
use crate::inspect::Rules;
use crate::model::settings::Settings;
use crate::plan::FailOpen;
use crate::ports::Extractor;
use crate::sandbox::Workers;

/// Rules and settings in force: replaced as a whole at a reload.
#[derive(Debug)]
pub struct InForce {
    /// What is looked for and decided.
    pub rules: Rules,
    /// What reads.
    pub extractor: Arc<Workers>,
    /// The word lists that the rules were made of, as (file name, text).
    pub lexicons: Vec<(String, String)>,
    /// How.
    pub settings: Settings,
    /// Leave to deliver what cannot be judged, had only while every article observes.
    pub fail_open: Option<FailOpen>,
    /// Why a roster that the settings name did not open.
    pub roster_troubles: Vec<String>,
    /// The files that the rosters are of.
    pub roster_files: rosters::Files,
}

impl InForce {
    /// What an operator should know of it, in words for `/readyz` and the log.
    #[must_use]
    pub fn remarks(&self, now: Timestamp) -> Vec<String> {
        let observing = "every article only observes: no message is stopped or warned about";
        let open =
            "on_failure = \"accept\": what cannot be judged is delivered unread while every article observes";
        let blind = "relay.mail_log is not set: a release whose answer was lost, and that has left the queue, waits for a person's word";
        let blind = self.settings.relay.mail_log.is_none().then_some(blind);
        let observes = self.rules.policy().only_observes().then_some(observing);
        let fails_open = self.fail_open.is_some().then_some(open);
        let broken = self.roster_troubles.iter().map(|trouble| {
            format!("a roster does not open, the one read before stays if there was one: {trouble}")
        });
        let in_force = self.rules.detectors().rosters();
        let late = rosters::late(in_force, self.settings.roster.warn_after, now);
        let expired = self.rules.detectors().local().exceptions.expired(jiff::Zoned::now().date());
        let expired = expired.map(|exception| {
            let (file, line) = (&exception.file, exception.line);
            format!("{file}:{line}: the exception has expired and lets nothing through any more")
        });
        let plain = observes.into_iter().chain(fails_open).chain(blind).map(str::to_owned);
        plain.chain(self.extractor.remarks()).chain(broken).chain(late).chain(expired).collect()
    }

    /// The same with other rosters.
    #[must_use]
    pub fn with_rosters(&self, taken: Taken) -> Self {
        let Taken { rosters, troubles, files } = taken;
        let (rules, settings) = (self.rules.with_rosters(rosters), self.settings.clone());
        let fail_open = FailOpen::granted(settings.judging.on_failure, rules.policy());
        let (extractor, lexicons) = (Arc::clone(&self.extractor), self.lexicons.clone());
        let roster_troubles = troubles.iter().map(ToString::to_string).collect();
        Self { rules, extractor, lexicons, settings, fail_open, roster_troubles, roster_files: files }
    }
}

/// What is in force now, shared by all who follow reloads: clones see the same, and keep nothing else alive.
#[derive(Clone, Debug)]
pub struct Current(Arc<RwLock<Arc<InForce>>>);

impl Current {
    /// Begins with what the service starts with.
    #[must_use]
    pub fn new(in_force: InForce) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(in_force))))
    }

    /// What is in force now; who holds it finishes under it.
    #[must_use]
    pub fn get(&self) -> Arc<InForce> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts something else in force.
    pub fn replace(&self, in_force: InForce) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(in_force);
    }

    /// Puts `new` in force in the place of `old`; `false` when something else is in force by now.
    pub fn renew(&self, old: &Arc<InForce>, new: InForce) -> bool {
        let mut in_force = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let same = Arc::ptr_eq(&in_force, old);
        if same {
            *in_force = Arc::new(new);
        }
        same
    }
}
