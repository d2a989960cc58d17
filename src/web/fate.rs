//! What became of a message, as its sender reads it: when, and with the reason that was given.

use jiff::Timestamp;

use crate::model::CaseState;
use crate::notices::{Language, pages};
use crate::review::{Case, Past};

/// What became of a message.
pub(super) struct Fate {
    /// The word of its texts: `sender-fate-NAME`, `sender-badge-NAME`.
    pub(super) name: &'static str,
    /// In a sentence.
    pub(super) says: String,
    /// The archivists' reason; empty when none was given.
    pub(super) reason: String,
}

impl Fate {
    /// Key of the heading over the advice: nothing is left to do for what arrived, was taken back or destroyed.
    pub(super) fn todo(&self) -> &'static str {
        match self.name {
            "refused" | "returned" | "expired" => "sender-do",
            "warned" => "sender-next",
            _ => "",
        }
    }
}

/// What became of it; `None` while it waits.
pub(super) fn fate(language: Language, case: &Case, history: &[Past]) -> Option<Fate> {
    let (name, at, reason) = end(case, history)?;
    let says = pages::filled(
        language,
        &format!("sender-fate-{name}"),
        &[("moment", pages::moment(language, at).as_str())],
    );
    Some(Fate { name, says, reason })
}

fn end(case: &Case, history: &[Past]) -> Option<(&'static str, Timestamp, String)> {
    let decided = case.decided_at.unwrap_or(case.received_at);
    let none = String::new;
    match case.outcome.unwrap_or(case.state) {
        CaseState::Refused => Some(("refused", case.received_at, none())),
        CaseState::Warned => Some(("warned", case.received_at, none())),
        CaseState::Releasing | CaseState::Uncertain => Some(("releasing", decided, none())),
        CaseState::Released => {
            let release = case.release.as_ref();
            let reason = release.and_then(|release| release.reason.as_ref());
            let name =
                if release.is_some_and(|release| release.encrypted) { "encrypted" } else { "released" };
            Some((name, decided, reason.map_or_else(none, |reason| reason.reveal().to_owned())))
        }
        CaseState::Returned => {
            let last = last(history, &["return", "withdraw", "expire"]);
            Some(match last.map(|past| past.what.as_str()) {
                Some("withdraw") => ("withdrawn", decided, none()),
                Some("expire") => ("expired", decided, none()),
                _ => ("returned", decided, words(last)),
            })
        }
        CaseState::Deleted => Some(("deleted", decided, words(last(history, &["delete"])))),
        CaseState::Held
        | CaseState::Justified
        | CaseState::Taken
        | CaseState::ToApprove
        | CaseState::Purged => None,
    }
}

fn last<'a>(history: &'a [Past], what: &[&str]) -> Option<&'a Past> {
    history.iter().rev().find(|past| what.contains(&past.what.as_str()))
}

fn words(past: Option<&Past>) -> String {
    let text = past.and_then(|past| past.text.as_ref());
    text.map_or_else(String::new, |text| text.reveal().to_owned())
}
