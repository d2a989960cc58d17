//! How soon a case should be decided: a clinician waits behind each.

use jiff::{SignedDuration, Timestamp};

use super::Case;

/// How long a case of this severity may wait: 30 minutes, 2 hours, a day, three days.
#[must_use]
pub fn target(severity: u8) -> SignedDuration {
    match severity {
        4.. => SignedDuration::from_mins(30),
        3 => SignedDuration::from_hours(2),
        2 => SignedDuration::from_hours(24),
        _ => SignedDuration::from_hours(72),
    }
}

/// Where a case stands on its way to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delay {
    /// In the first half of its time.
    InTime,
    /// In the second half: another reviewer should look.
    Half,
    /// Past it: the manager should know.
    Over,
}

impl Case {
    /// How late it is.
    #[must_use]
    pub fn delay(&self, now: Timestamp) -> Delay {
        let (waited, target) = (now.duration_since(self.received_at), target(self.severity));
        if waited >= target {
            Delay::Over
        } else if waited * 2 >= target {
            Delay::Half
        } else {
            Delay::InTime
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SignedDuration, target};

    #[test]
    fn the_graver_the_sooner() {
        assert!((1..4).all(|severity| target(severity + 1) < target(severity)));
        assert_eq!((target(4), target(0)), (SignedDuration::from_mins(30), target(1)));
    }
}
