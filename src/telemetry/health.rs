//! Whether the service can do its work now, and if not, why, in words.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

/// The state that tasks report and the health pages show. Shared; starts not ready.
#[derive(Debug)]
pub struct Health(Mutex<State>);

#[derive(Clone, Debug)]
struct State {
    judging: Result<(), String>,
    holding: Result<(), String>,
    spilling: Result<(), String>,
    draining: bool,
    remarks: Vec<String>,
    keeping: Vec<String>,
}

/// What a load balancer or an operator is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Whether new messages may come: it takes large ones too, it judges, it holds, and it is not stopping.
    pub ready: bool,
    /// Whether messages can be judged.
    pub can_judge: bool,
    /// Whether a message can be held.
    pub can_hold: bool,
    /// Whether a large message can wait in its file.
    pub can_spill: bool,
    /// Whether the service is finishing its messages before it stops.
    pub draining: bool,
    /// What is wrong, and what an operator should know even when nothing is.
    pub reasons: Vec<String>,
}

impl Default for Health {
    fn default() -> Self {
        Self(Mutex::new(State {
            judging: Err("judging: still starting".to_owned()),
            holding: Err("holding: still starting".to_owned()),
            spilling: Ok(()),
            draining: false,
            remarks: Vec::new(),
            keeping: Vec::new(),
        }))
    }
}

impl Health {
    /// Reports whether messages can be judged, or why not (a sentence without personal data).
    pub fn judging(&self, ability: Result<(), String>) {
        self.state().judging = ability.map_err(|why| format!("judging: {why}"));
    }

    /// Reports whether a message can be held, or why not.
    pub fn holding(&self, ability: Result<(), String>) {
        self.state().holding = ability.map_err(|why| format!("holding: {why}"));
    }

    /// Reports whether a large message can wait in its file, or why not.
    pub fn spilling(&self, ability: Result<(), String>) {
        self.state().spilling = ability.map_err(|why| format!("receiving: {why}"));
    }

    /// Reports that the service finishes its messages and takes no more.
    pub fn draining(&self) {
        self.state().draining = true;
    }

    /// Replaces the remarks: choices that an operator should see though they stop nothing, such as
    /// `on_failure = "accept"`.
    pub fn remarks(&self, remarks: Vec<String>) {
        self.state().remarks = remarks;
    }

    /// Replaces what an operator should see of what is kept: it stops nothing either.
    pub fn keeping(&self, remarks: Vec<String>) {
        self.state().keeping = remarks;
    }

    /// What stands now.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        let state = self.state().clone();
        let (can_judge, can_hold) = (state.judging.is_ok(), state.holding.is_ok());
        let can_spill = state.spilling.is_ok();
        let stopping = state.draining.then(|| "stopping: messages in hand are being finished".to_owned());
        let failures = [state.judging.err(), state.holding.err(), state.spilling.err(), stopping];
        Readiness {
            ready: can_judge && can_hold && can_spill && !state.draining,
            can_judge,
            can_hold,
            can_spill,
            draining: state.draining,
            reasons: failures.into_iter().flatten().chain(state.remarks).chain(state.keeping).collect(),
        }
    }

    /// A task that panicked while it reported leaves a whole state behind: each report is one assignment.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Health;

    #[test]
    fn it_is_ready_when_it_judges_and_holds_and_does_not_stop() {
        let health = Health::default();
        assert!(!health.readiness().ready);
        health.judging(Ok(()));
        health.holding(Err("the disk is full".to_owned()));
        let now = health.readiness();
        assert!(!now.ready && now.can_judge && !now.can_hold);
        assert_eq!(now.reasons, ["holding: the disk is full"]);
        health.holding(Ok(()));
        assert!(health.readiness().ready);
        health.spilling(Err("no folder".to_owned()));
        assert_eq!(
            (health.readiness().ready, health.readiness().reasons),
            (false, vec!["receiving: no folder".to_owned()])
        );
        health.spilling(Ok(()));
        health.draining();
        assert!(!health.readiness().ready);
    }

    #[test]
    fn a_remark_is_shown_and_stops_nothing() {
        let health = Health::default();
        health.judging(Ok(()));
        health.holding(Ok(()));
        health.remarks(vec!["on_failure = \"accept\"".to_owned()]);
        health.keeping(vec!["set aside".to_owned()]);
        let now = health.readiness();
        assert!(now.ready && now.reasons == ["on_failure = \"accept\"", "set aside"]);
    }
}
