//! Messages that outlasted the wall clock, remembered until they come again.
//!
//! In: a message, and that it took too long. Out: how much of it to read at the next try. It refuses to know what was slow.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::model::Submission;
use crate::plan::sameness;
use crate::ports::Attempt;

/// Most messages remembered; past it the one that waits longest is forgotten.
const KEPT: usize = 1_000;

/// How long one is remembered. An MTA that was told to wait comes again sooner (Postfix: `maximal_backoff_time`, 4,000 s).
const MEMORY: Duration = Duration::from_secs(4 * 3_600);

/// What tells a message that comes again from every other, as the retry of a case is told: by all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Likeness(u64);

/// The memory of one process.
#[derive(Debug, Default)]
pub(super) struct Overdue {
    /// Nobody outside can make a message that is like another's.
    hasher: RandomState,
    known: Mutex<HashMap<Likeness, (Attempt, Instant)>>,
}

impl Overdue {
    /// Digests a message. Reads all of it: not for a task that others wait for.
    pub(super) fn likeness(&self, submission: &Submission) -> Likeness {
        let mut hasher = self.hasher.build_hasher();
        sameness(submission, |piece| {
            hasher.write_usize(piece.len());
            hasher.write(piece);
        });
        Likeness(hasher.finish())
    }

    /// How to try a message now.
    pub(super) fn attempt(&self, likeness: Likeness, now: Instant) -> Attempt {
        let known = self.known().get(&likeness).copied();
        let fresh = |(_, since): &(Attempt, Instant)| now.saturating_duration_since(*since) < MEMORY;
        known.filter(fresh).map_or(Attempt::First, |(attempt, _)| attempt)
    }

    /// Remembers how to try it when it comes again.
    pub(super) fn remember(&self, likeness: Likeness, next: Attempt, now: Instant) {
        let mut known = self.known();
        if known.len() >= KEPT {
            let oldest = known.iter().min_by_key(|(_, (_, since))| *since).map(|(likeness, _)| *likeness);
            oldest.map(|oldest| known.remove(&oldest));
        }
        known.insert(likeness, (next, now));
    }

    /// Forgets a message that has its answer.
    pub(super) fn forget(&self, likeness: Likeness) {
        self.known().remove(&likeness);
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Likeness, (Attempt, Instant)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Attempt, Duration, Instant, KEPT, Likeness, MEMORY, Overdue};
    use crate::model::{Envelope, Raw, SenderFacts, Submission};

    fn submission(text: &str) -> Submission {
        // The attachment is the same in each, and longer than any tail.
        let raw = format!("Subject: rapport\r\n\r\n{text}\r\n{}", "mot ".repeat(5_000));
        Submission {
            envelope: Envelope::default(),
            facts: SenderFacts::default(),
            raw: Raw(raw.into_bytes()),
            received_at: Timestamp::UNIX_EPOCH,
        }
    }

    /// "Delivered unread after someone else's timeout": the same envelope and the same end are another message.
    #[test]
    fn a_message_is_tried_otherwise_when_it_comes_again_and_no_other_is() {
        let (overdue, now) = (Overdue::default(), Instant::now());
        let like = |text: &str| overdue.likeness(&submission(text));
        overdue.remember(like("un"), Attempt::Cheap, now);
        assert_eq!(overdue.attempt(like("un"), now), Attempt::Cheap);
        assert_eq!(overdue.attempt(like("deux"), now), Attempt::First);
        overdue.forget(like("un"));
        assert_eq!(overdue.attempt(like("un"), now), Attempt::First);
    }

    #[test]
    fn it_is_remembered_for_a_time_and_with_few_others() {
        let (overdue, now) = (Overdue::default(), Instant::now());
        let second = Duration::from_secs(1);
        let first = Likeness(0);
        overdue.remember(first, Attempt::Again, now);
        assert_eq!(overdue.attempt(first, now + MEMORY - second), Attempt::Again);
        assert_eq!(overdue.attempt(first, now + MEMORY), Attempt::First);
        for other in 1..=KEPT {
            overdue.remember(Likeness(u64::try_from(other).unwrap()), Attempt::Again, now + second);
        }
        assert_eq!(overdue.attempt(first, now + second), Attempt::First);
        assert_eq!(overdue.attempt(Likeness(1), now + second), Attempt::Again);
        assert_eq!(overdue.known().len(), KEPT);
    }
}
