//! Whether the clock can be trusted with what cannot be undone: one that leapt would give back and destroy what still has time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// How far the clock may go from the time that really passed between two looks. What sets a clock by the network moves it less.
const LEAP: SignedDuration = SignedDuration::from_mins(10);

/// The longest rest of a service, by its clock, that is believed at once at the next start: a night and a day.
const REST: SignedDuration = SignedDuration::from_hours(36);

/// How long a clock that leapt is doubted: time to set it right.
const DOUBT: Duration = Duration::from_secs(3_600);

/// Compares the clock with time that only runs forward.
pub(super) struct ClockWatch {
    /// The clock, and the time since the start, at the last look.
    last: (Timestamp, Duration),
    /// Until when since the start it is doubted.
    doubted: Duration,
    /// A leap that nobody was told of yet.
    untold: Option<SignedDuration>,
}

/// What is thought of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// It runs as time does.
    Sound,
    /// It leapt by so much since it was last looked at: doubted from here on.
    Leapt(SignedDuration),
    /// It leapt less than an hour ago.
    Doubted,
}

impl ClockWatch {
    /// Begins to watch, at the start of a service that was last alive at that moment, if ever.
    pub(super) fn new(alive: Option<Timestamp>, now: Timestamp) -> Self {
        let rest = alive.map(|alive| now.duration_since(alive));
        // A clock that stands before the last sign of life went back.
        let untold = rest.filter(|rest| *rest > REST || *rest < -LEAP);
        let doubted = if untold.is_some() { DOUBT } else { Duration::ZERO };
        Self { last: (now, Duration::ZERO), doubted, untold }
    }

    /// Looks at the clock; `passed` is the time since the start, whatever the clock says.
    pub(super) fn look(&mut self, now: Timestamp, passed: Duration) -> Trust {
        let (then, before) = self.last;
        let really = SignedDuration::try_from(passed.saturating_sub(before)).unwrap_or(SignedDuration::MAX);
        let leap = now.duration_since(then).saturating_sub(really);
        self.last = (now, passed);
        if leap.abs() > LEAP {
            self.doubted = passed.saturating_add(DOUBT);
            self.untold = Some(leap);
        }
        match self.untold.take() {
            Some(leap) => Trust::Leapt(leap),
            None if passed < self.doubted => Trust::Doubted,
            None => Trust::Sound,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{ClockWatch, Duration, Trust};

    const TICK: Duration = Duration::from_secs(15);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_764_000_000 + seconds).unwrap()
    }

    #[test]
    fn a_clock_that_runs_as_time_does_is_sound() {
        for alive in [None, Some(at(-60)), Some(at(-86_400)), Some(at(5))] {
            let mut watch = ClockWatch::new(alive, at(0));
            for tick in 0..1_000 {
                // Set by the network: three seconds more a tick.
                assert_eq!(watch.look(at(i64::from(tick) * 18), TICK * tick), Trust::Sound, "{alive:?}");
            }
        }
    }

    #[test]
    fn a_leap_is_told_once_and_doubted_for_an_hour_both_ways() {
        for leap in [16 * 86_400, -86_400, 601] {
            let mut watch = ClockWatch::new(Some(at(-5)), at(0));
            assert_eq!(watch.look(at(0), Duration::ZERO), Trust::Sound);
            assert_eq!(watch.look(at(15 + leap), TICK), Trust::Leapt(SignedDuration::from_secs(leap)));
            assert_eq!(watch.look(at(30 + leap), TICK * 2), Trust::Doubted);
            assert_eq!(watch.look(at(3_600 + leap), TICK * 240), Trust::Doubted);
            assert_eq!(watch.look(at(3_615 + leap), TICK * 241), Trust::Sound, "{leap}");
        }
    }

    #[test]
    fn a_clock_put_right_again_is_doubted_once_more() {
        let mut watch = ClockWatch::new(Some(at(-5)), at(0));
        assert!(matches!(watch.look(at(1_000_000), TICK), Trust::Leapt(_)));
        assert!(matches!(watch.look(at(30), TICK * 2), Trust::Leapt(_)));
        assert_eq!(watch.look(at(3_600), TICK * 240), Trust::Doubted);
        assert_eq!(watch.look(at(3_630), TICK * 242), Trust::Sound);
    }

    #[test]
    fn a_start_after_days_by_the_clock_is_doubted() {
        for alive in [-3 * 86_400, 86_400] {
            let mut watch = ClockWatch::new(Some(at(alive)), at(0));
            assert_eq!(watch.look(at(0), Duration::ZERO), Trust::Leapt(SignedDuration::from_secs(-alive)));
            assert_eq!(watch.look(at(15), TICK), Trust::Doubted);
            assert_eq!(watch.look(at(3_600), TICK * 240), Trust::Sound);
        }
    }
}
