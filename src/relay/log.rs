//! What Postfix' mail log tells of a queue id.
//!
//! Queue ids come again (short ones do so within days), so only lines of the time in question count.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::ports::Fate;

/// Longest line looked at, in bytes; a longer one is passed over.
pub(super) const LINE: usize = 16_384;

/// Reads a log: `Taken` when the queue manager had the id in hand, `NeverQueued` when the id is named but never by it,
/// `Unknown` when no line of the time names it.
///
/// The log's clock counts whole seconds, so it may lag 2 seconds behind `since`. `zone` is that of a log without zone.
#[must_use]
pub fn fate_in_log(log: &[u8], queue_id: &str, since: Timestamp, zone: &TimeZone) -> Fate {
    let since = since.checked_sub(SignedDuration::from_secs(2)).unwrap_or(since);
    let mut fate = Fate::Unknown;
    for line in log.split(|byte| *byte == b'\n').filter(|line| line.len() <= LINE) {
        let Some(text) = of_id(line, queue_id) else { continue };
        let at = time(line, since, zone);
        if at.is_none_or(|at| at < since) {
            continue;
        }
        if is_queue_manager(line) || text.starts_with("to=") {
            return Fate::Taken;
        }
        fate = Fate::NeverQueued;
    }
    fate
}

/// What a line says of an id: `… postfix/qmgr[77]: ID: from=<…>, … (queue active)`.
pub(super) fn of_id<'a>(line: &'a [u8], queue_id: &str) -> Option<&'a str> {
    let needle = format!("]: {queue_id}: ");
    let at = line.windows(needle.len()).position(|window| window == needle.as_bytes())?;
    let rest = line.get(at + needle.len()..)?;
    // Addresses come later in the line; its first bytes suffice.
    let end = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
    std::str::from_utf8(rest.get(..end)?).ok()
}

fn is_queue_manager(line: &[u8]) -> bool {
    line.windows(6).any(|window| window == b"/qmgr[") || line.windows(7).any(|window| window == b"/oqmgr[")
}

/// The time of a line: RFC 3339 as rsyslog writes it, or `Nov 21 14:05:00`, the year being the one nearest to `near`.
pub(super) fn time(line: &[u8], near: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let text = std::str::from_utf8(line.get(..line.len().min(40))?).unwrap_or_default();
    let first = text.split(' ').next()?;
    if let Ok(at) = first.parse::<Timestamp>() {
        return Some(at);
    }
    let mut words = text.split_whitespace();
    let month = month(words.next()?)?;
    let day = words.next()?.parse::<i8>().ok()?;
    let clock: jiff::civil::Time = words.next()?.parse().ok()?;
    let year = near.to_zoned(zone.clone()).year();
    let at = |year| Date::new(year, month, day).ok()?.to_datetime(clock).to_zoned(zone.clone()).ok();
    let years = [year.checked_sub(1)?, year, year.checked_add(1)?];
    let times = years.into_iter().filter_map(at).map(|zoned| zoned.timestamp());
    times.min_by_key(|time| time.duration_since(near).abs())
}

fn month(name: &str) -> Option<i8> {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let at = months.iter().position(|month| *month == name)?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::fate_in_log;
    use crate::ports::Fate;

    #[test]
    fn only_lines_of_the_id_and_of_the_time_count() {
        let table = [
            ("Nov 21 14:05:01 mx postfix/smtpd[9]: 4ABC: client=localhost[127.0.0.1]\n", Fate::NeverQueued),
            (
                "Nov 21 14:05:01 mx postfix/qmgr[9]: 4ABC: from=<a@x.example>, size=1, nrcpt=1 (queue active)\n",
                Fate::Taken,
            ),
            ("Nov 21 14:05:01 mx postfix-v/qmgr[9]: 4ABC: removed\n", Fate::Taken),
            ("2026-11-21T14:05:01.123456+00:00 mx postfix/qmgr[9]: 4ABC: removed\n", Fate::Taken),
            ("2026-11-21T09:05:01.123456-05:00 mx postfix/qmgr[9]: 4ABC: removed\n", Fate::Taken),
            ("Nov 21 14:05:01 mx postfix/smtp[9]: 4ABC: to=<b@y.example>, status=sent\n", Fate::Taken),
            (
                "Nov 21 14:05:01 mx postfix/cleanup[9]: 4ABC: milter-discard: END-OF-MESSAGE\n",
                Fate::NeverQueued,
            ),
            // Another message had the same id an hour, or a year, earlier.
            ("Nov 21 13:05:01 mx postfix/qmgr[9]: 4ABC: removed\n", Fate::Unknown),
            ("2025-11-21T14:05:01+00:00 mx postfix/qmgr[9]: 4ABC: removed\n", Fate::Unknown),
            // Another id, and an id inside a text that a sender chose.
            ("Nov 21 14:05:01 mx postfix/qmgr[9]: 4ABCD: removed\n", Fate::Unknown),
            ("Nov 21 14:05:01 mx postfix/cleanup[9]: 5X: message-id=<4ABC: removed>\n", Fate::Unknown),
            ("4ABC\n\n", Fate::Unknown),
            ("", Fate::Unknown),
        ];
        let since = "2026-11-21T14:05:02Z".parse().unwrap();
        for (log, expected) in table {
            assert_eq!(fate_in_log(log.as_bytes(), "4ABC", since, &TimeZone::UTC), expected, "{log}");
        }
    }

    #[test]
    fn a_log_without_year_is_read_across_new_year() {
        let since = "2026-12-31T23:59:59Z".parse().unwrap();
        let log = b"Jan  1 00:00:03 mx postfix/qmgr[9]: 4ABC: removed\n";
        assert_eq!(fate_in_log(log, "4ABC", since, &TimeZone::UTC), Fate::Taken);
    }
}
