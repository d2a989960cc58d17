//! A fault that comes a thousand times a second is told once a minute.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// Says when a fault that keeps coming is told again.
#[derive(Debug, Default)]
pub struct Calm(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    told: Option<Instant>,
    unsaid: u64,
}

impl Calm {
    /// To be asked each time: `Some` when it is to be told, with how often it came since it was told last.
    pub fn speak(&self) -> Option<u64> {
        self.speak_at(Instant::now())
    }

    fn speak_at(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.unsaid += 1;
        let due = state.told.is_none_or(|told| now.saturating_duration_since(told) >= EVERY);
        due.then(|| {
            state.told = Some(now);
            std::mem::take(&mut state.unsaid)
        })
    }
}

/// How often the same fault is told.
const EVERY: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_and_then_one_a_minute_with_the_count() {
        let (calm, start) = (Calm::default(), Instant::now());
        let at = |seconds| calm.speak_at(start + Duration::from_secs(seconds));
        assert_eq!(
            [at(0), at(1), at(59), at(60), at(61), at(125)],
            [Some(1), None, None, Some(3), None, Some(2)]
        );
    }
}
