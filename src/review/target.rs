//! How soon a case should be decided: a clinician waits behind each.

use jiff::civil::{Date, Time, Weekday, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan, Zoned};

use super::Case;

/// When a day of work begins and ends at the desk.
const HOURS: (Time, Time) = (time(8, 0, 0, 0), time(16, 30, 0, 0));

/// When a case of this severity, received at this moment, should be decided: within 30 minutes or 2 hours, night and day, when it is
/// grave; else a working day later, or three, at the same hour.
#[must_use]
pub fn due(severity: u8, received_at: Timestamp) -> Timestamp {
    let days = match severity {
        4.. => return received_at + SignedDuration::from_mins(30),
        3 => return received_at + SignedDuration::from_hours(2),
        2 => 1,
        _ => 3,
    };
    let begun = in_work(&local(received_at));
    let date = (0..days).fold(begun.date(), |date, _| next_working(date));
    begun
        .with()
        .date(date)
        .build()
        .map_or(received_at + SignedDuration::from_hours(24 * days), |due| due.timestamp())
}

/// Whether somebody is at the desk.
#[must_use]
pub fn is_open(at: Timestamp) -> bool {
    let at = local(at);
    works(at.date()) && at.time() >= HOURS.0 && at.time() < HOURS.1
}

/// The time of nearly all of Quebec.
fn local(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::get("America/Toronto").unwrap_or(TimeZone::UTC))
}

/// A moment, or the beginning of the next working day when nobody works on its own.
fn in_work(at: &Zoned) -> Zoned {
    let date = at.date();
    if works(date) {
        return at.clone();
    }
    at.with().date(next_working(date)).time(HOURS.0).build().unwrap_or_else(|_| at.clone())
}

fn next_working(date: Date) -> Date {
    let mut date = after(date, 1.day());
    while !works(date) {
        date = after(date, 1.day());
    }
    date
}

/// Saturates at the end of the calendar, thousands of years from now, on a day that is no holiday.
fn after(date: Date, span: Span) -> Date {
    date.saturating_add(span)
}

/// Neither a weekend nor one of the eight holidays of the Act respecting labour standards (CQLR, c. N-1.1, s. 60) and of the National
/// Holiday Act (CQLR, c. F-1.1). The days that an establishment adds are working days here: cases are late sooner, never later.
fn works(date: Date) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let monday = date.weekday() == Weekday::Monday;
    let (month, day) = (date.month(), date.day());
    let holiday = match month {
        1 => day == 1,
        // "the Monday preceding 25 May"
        5 => monday && (18..=24).contains(&day),
        6 => day == 24,
        7 => day == 1,
        // the first Monday of September, the second of October
        9 => monday && day <= 7,
        10 => monday && (8..=14).contains(&day),
        12 => day == 25,
        _ => false,
    };
    !weekend && !holiday && after(date, 2.days()) != easter(date.year())
}

/// Easter Sunday of the Gregorian calendar, by the anonymous method ("A New York correspondent", Nature, 20 April 1876); Good Friday is two
/// days before.
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let shift = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - shift + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let sum = epact + weekday - 7 * late + 114;
    let part = |number: i32| i8::try_from(number).unwrap_or(1);
    Date::new(i16::try_from(year).unwrap_or(0), part(sum / 31), part(sum % 31 + 1)).unwrap_or(Date::MIN)
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
        let due = due(self.severity, self.received_at);
        if now >= due {
            Delay::Over
        } else if now.duration_since(self.received_at) >= due.duration_since(now) {
            Delay::Half
        } else {
            Delay::InTime
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::{Timestamp, due, easter, is_open, local, works};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_grave_does_not_wait_for_the_morning_and_the_rest_not_over_a_weekend() {
        let table = [
            (4, "2026-11-27T22:30:00-05:00", "2026-11-27T23:00:00-05:00"),
            (3, "2026-11-28T10:00:00-05:00", "2026-11-28T12:00:00-05:00"),
            // a Wednesday afternoon; a Friday; a Saturday; three days over a weekend
            (2, "2026-11-25T15:00:00-05:00", "2026-11-26T15:00:00-05:00"),
            (2, "2026-11-27T15:00:00-05:00", "2026-11-30T15:00:00-05:00"),
            (2, "2026-11-28T15:00:00-05:00", "2026-12-01T08:00:00-05:00"),
            (1, "2026-11-27T15:00:00-05:00", "2026-12-02T15:00:00-05:00"),
            (0, "2026-11-25T15:00:00-05:00", "2026-11-30T15:00:00-05:00"),
            // over Christmas, over Good Friday, over the change of the hour
            (2, "2026-12-24T11:00:00-05:00", "2026-12-28T11:00:00-05:00"),
            (2, "2026-04-02T11:00:00-04:00", "2026-04-06T11:00:00-04:00"),
            (2, "2026-10-30T11:00:00-04:00", "2026-11-02T11:00:00-05:00"),
        ];
        for (severity, received, expected) in table {
            assert_eq!(due(severity, at(received)), at(expected), "{severity} {received}");
        }
    }

    #[test]
    fn the_desk_is_open_by_day_on_working_days() {
        let table = [
            ("2026-11-27T08:00:00-05:00", true),
            ("2026-11-27T16:29:59-05:00", true),
            ("2026-11-27T16:30:00-05:00", false),
            ("2026-11-27T07:59:59-05:00", false),
            ("2026-11-28T10:00:00-05:00", false),
            ("2026-06-24T10:00:00-04:00", false),
        ];
        for (moment, open) in table {
            assert_eq!(is_open(at(moment)), open, "{moment}");
        }
        assert_eq!(local(at("2026-07-01T00:00:00Z")).date(), date(2026, 6, 30));
    }

    /// The eight of 2026 and 2027, as the Commission des normes du travail lists their rules.
    #[test]
    fn nobody_works_on_a_holiday() {
        let holidays = |year: i16, days: &[(i8, i8)]| {
            for &(month, day) in days {
                assert!(!works(date(year, month, day)), "{year}-{month}-{day}");
            }
        };
        holidays(2026, &[(1, 1), (4, 3), (5, 18), (6, 24), (7, 1), (9, 7), (10, 12), (12, 25)]);
        holidays(2027, &[(1, 1), (3, 26), (5, 24), (6, 24), (7, 1), (9, 6), (10, 11)]);
        let year = |year: i16| Date::new(year, 1, 1).unwrap().series(jiff::ToSpan::day(1)).take(365);
        assert_eq!(year(2026).filter(|date| works(*date)).count(), 261 - 8);
        assert_eq!(
            [easter(2024), easter(2025), easter(2038)],
            [date(2024, 3, 31), date(2025, 4, 20), date(2038, 4, 25)]
        );
    }
}
