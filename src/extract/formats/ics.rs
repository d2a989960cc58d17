//! Calendars (RFC 5545).

use super::{Format, content_line};

/// Takes what claims to be a calendar or opens like one.
pub const FORMAT: Format = Format {
    behind: false,
    name: "ics",
    claims: |source| {
        source.claims(&["text/calendar", "application/ics"], &["ics", "ifb", "vcs"])
            || source.opening(15) == b"begin:vcalendar"
    },
    read: |source, sink| content_line::read(&source.text(), sink),
};
