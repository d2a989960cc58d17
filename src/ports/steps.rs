//! Named step boundaries: where a crash must lose nothing, double nothing and leak nothing.
//!
//! Between any two effects of a hold, a release or a notice stands a step. A test kills the process at each.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// A boundary between two effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The sealed content is written, not yet synced.
    HoldContentWritten,
    /// The sealed content and its folder are synced.
    HoldContentSynced,
    /// The rows of the case are inserted, the transaction is open.
    HoldInserted,
    /// The transaction is durable, nothing is answered yet.
    HoldCommitted,
    /// The intent to release is inserted, the transaction is open.
    ReleaseIntended,
    /// The intent to release is durable.
    ReleaseIntent,
    /// A try is numbered, its token is made.
    ReleaseArmed,
    /// The last byte of the released copy was sent, no answer was read.
    ReleaseSent,
    /// Our milter stored the queue id, the MTA has no answer yet.
    ReleaseClaimed,
    /// The MTA answered, nothing is recorded yet.
    ReleaseAnswered,
    /// The end of the release is durable.
    ReleaseFinal,
    /// A notice is claimed, not yet sent.
    NoticeClaimed,
    /// The MTA took a notice, nothing is recorded yet.
    NoticeSent,
    /// That it was sent is durable.
    NoticeFinal,
}

impl Step {
    /// Every step. A test walks them: a step without a kill fails it.
    pub const ALL: [Self; 14] = [
        Self::HoldContentWritten,
        Self::HoldContentSynced,
        Self::HoldInserted,
        Self::HoldCommitted,
        Self::ReleaseIntended,
        Self::ReleaseIntent,
        Self::ReleaseArmed,
        Self::ReleaseSent,
        Self::ReleaseClaimed,
        Self::ReleaseAnswered,
        Self::ReleaseFinal,
        Self::NoticeClaimed,
        Self::NoticeSent,
        Self::NoticeFinal,
    ];

    /// The name used in [`KILL_AT`].
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HoldContentWritten => "hold-content-written",
            Self::HoldContentSynced => "hold-content-synced",
            Self::HoldInserted => "hold-inserted",
            Self::HoldCommitted => "hold-committed",
            Self::ReleaseIntended => "release-intended",
            Self::ReleaseIntent => "release-intent",
            Self::ReleaseArmed => "release-armed",
            Self::ReleaseSent => "release-sent",
            Self::ReleaseClaimed => "release-claimed",
            Self::ReleaseAnswered => "release-answered",
            Self::ReleaseFinal => "release-final",
            Self::NoticeClaimed => "notice-claimed",
            Self::NoticeSent => "notice-sent",
            Self::NoticeFinal => "notice-final",
        }
    }
}

/// Environment variable that names the step to die at: `hold-committed`, or `hold-committed:3` for the third time.
/// For tests only: the process aborts there, without unwinding or flushing, as a SIGKILL would end it.
pub const KILL_AT: &str = "VAGUEMESTRE_KILL_AT";

/// Marks that a step is reached. Does nothing, unless a test asked the process to die here.
pub fn step(reached: Step) {
    let Some(wanted) = wanted() else { return };
    if wanted.step == reached && wanted.times.fetch_sub(1, Ordering::SeqCst) == 1 {
        std::process::abort();
    }
}

struct Wanted {
    step: Step,
    times: AtomicU64,
}

/// The step to die at. Read once, at the first step.
fn wanted() -> Option<&'static Wanted> {
    static WANTED: OnceLock<Option<Wanted>> = OnceLock::new();
    WANTED.get_or_init(|| parse(&std::env::var(KILL_AT).ok()?)).as_ref()
}

fn parse(text: &str) -> Option<Wanted> {
    let (name, times) = text.split_once(':').unwrap_or((text, "1"));
    let step = Step::ALL.into_iter().find(|step| step.name() == name)?;
    Some(Wanted { step, times: AtomicU64::new(times.parse().ok()?) })
}

#[cfg(test)]
mod tests {
    use super::{Step, parse};

    #[test]
    fn every_step_can_be_asked_for_by_name_and_count() {
        for step in Step::ALL {
            assert_eq!(parse(step.name()).unwrap().step, step);
            assert_eq!(parse(&format!("{}:3", step.name())).unwrap().times.into_inner(), 3);
        }
        assert!(parse("nowhere").is_none());
    }
}
