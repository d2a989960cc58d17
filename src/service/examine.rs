//! One message, looked through: the same steps for the service and for `scan`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::civil::Date;

use crate::inspect::{Inspection, Rules, judge, judge_unread};
use crate::model::{Gap, GapReason, Place, Reading, Submission};
use crate::ports::{Attempt, Extractor, Unread};

/// A message with what was read of it and what was judged.
#[derive(Debug)]
pub struct Examined {
    /// The message.
    pub submission: Submission,
    /// What was read of it.
    pub reading: Reading,
    /// What was judged.
    pub inspection: Inspection,
    /// The day on which ages were taken.
    pub date: Date,
}

/// Reads and judges one message. Blocking.
///
/// A panic while judging is a `crashed` gap over the whole message, and the policy decides: one poison message must
/// neither pass unseen nor stop the others.
///
/// # Errors
/// [`Unread`] when no process could be had to read an attachment, or at the first attempt when one outlasted the wall clock.
pub fn examine(
    rules: &Rules,
    extractor: &dyn Extractor,
    submission: Submission,
    date: Option<Date>,
    attempt: Attempt,
) -> Result<Examined, Unread> {
    let mut reading = extractor.read(&submission, attempt)?;
    if matches!(attempt, Attempt::Cheap | Attempt::Header) {
        reading.gaps.push(Gap::new(Place::default(), GapReason::TooCostly));
    }
    let date = date.or(reading.facts.date).unwrap_or_else(|| civil_date(&submission));
    let judged = catch_unwind(AssertUnwindSafe(|| judge(rules, &submission, &reading, date)));
    let inspection =
        judged.unwrap_or_else(|_panic| judge_unread(rules, &submission, &mut reading, GapReason::Crashed));
    Ok(Examined { submission, reading, inspection, date })
}

/// The day a message was received, in the establishment's time zone.
#[must_use]
pub fn civil_date(submission: &Submission) -> Date {
    let zone = jiff::tz::TimeZone::get("America/Toronto").unwrap_or(jiff::tz::TimeZone::UTC);
    submission.received_at.to_zoned(zone).date()
}
