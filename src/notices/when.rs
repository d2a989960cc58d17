//! Moments as people of Quebec write them: « 21 novembre 2026 », « 14 h 05 ».

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::Language;

/// The time of nearly all of Quebec. From the data inside the program, so that the same moment reads the same everywhere.
static ZONE: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZoneDatabase::bundled().get("America/Toronto").unwrap_or(TimeZone::UTC));

/// The date in words: « 1er décembre 2026 ».
pub(super) fn date(language: Language, moment: Timestamp) -> String {
    let local = local(moment);
    let facts = [("day", local.day().into()), ("month", local.month().into()), ("year", local.year().into())];
    language.say("date", &facts)
}

/// The time of day: « 14 h 05 », « 2:05 p.m. ».
pub(super) fn time(language: Language, moment: Timestamp) -> String {
    let local = local(moment);
    let half = if local.hour() < 12 { "am" } else { "pm" };
    let hour12 = match local.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let facts = [
        ("hour", local.hour().into()),
        ("hour12", hour12.into()),
        ("half", half.into()),
        ("minute", local.minute().into()),
        ("minutes", format!("{:02}", local.minute()).into()),
    ];
    language.say("time", &facts)
}

/// A moment inside a subject: the time alone when it is of today.
pub(super) fn moment(language: Language, moment: Timestamp, now: Timestamp) -> String {
    let today = local(moment).date() == local(now).date();
    let key = if today { "moment-today" } else { "moment-day" };
    language.say(key, &[("date", date(language, moment).into()), ("time", time(language, moment).into())])
}

fn local(moment: Timestamp) -> DateTime {
    ZONE.to_datetime(moment)
}

#[cfg(test)]
mod tests {
    use super::{Language, date, moment, time};

    #[test]
    fn moments_are_written_as_in_quebec() {
        let cases = [
            ("2026-11-21T19:05:00Z", "21\u{a0}novembre 2026", "14\u{a0}h\u{a0}05", "2:05\u{a0}p.m."),
            ("2026-07-01T16:00:00Z", "1er\u{a0}juillet 2026", "12\u{a0}h", "12:00\u{a0}p.m."),
            ("2026-01-02T05:09:00Z", "2\u{a0}janvier 2026", "0\u{a0}h\u{a0}09", "12:09\u{a0}a.m."),
        ];
        for (utc, day, french, english) in cases {
            let at = utc.parse().unwrap();
            assert_eq!(date(Language::French, at), day);
            assert_eq!(time(Language::French, at), french);
            assert_eq!(time(Language::English, at), english);
        }
    }

    #[test]
    fn a_subject_names_the_day_only_when_it_is_not_today() {
        let at = "2026-11-21T19:05:00Z".parse().unwrap();
        let evening = "2026-11-22T04:59:00Z".parse().unwrap();
        let tomorrow = "2026-11-22T05:00:00Z".parse().unwrap();
        assert_eq!(moment(Language::French, at, evening), "de 14\u{a0}h\u{a0}05");
        assert_eq!(moment(Language::French, at, tomorrow), "du 21\u{a0}novembre 2026 à 14\u{a0}h\u{a0}05");
        assert_eq!(moment(Language::English, at, tomorrow), "November\u{a0}21, 2026, 2:05\u{a0}p.m.");
    }
}
