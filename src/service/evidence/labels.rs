//! What the tables of an evidence pack call our own terms, in French. The trail itself keeps its codes.

use jiff::Timestamp;

use crate::model::Confidence;
use crate::notices::{Language, pages, words};
use crate::review::{Case, Past, end};

/// An act of the trail, as the history of the case page names it.
pub fn act(what: &str) -> String {
    let key = format!("past-{what}");
    if pages::knows(Language::French, &key) { pages::text(Language::French, &key) } else { what.to_owned() }
}

/// How sure a finding is.
pub fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "élevée",
        Confidence::Medium => "moyenne",
        Confidence::Low => "faible",
    }
}

/// Which notice.
pub fn notice(kind: &str) -> &str {
    match kind {
        "held" => "courriel retenu",
        "warned" => "courriel transmis, à vérifier",
        "released" => "courriel transmis après examen",
        "returned" => "courriel retourné",
        "deleted" => "courriel détruit",
        other => other,
    }
}

/// Where a notice stands.
pub fn notice_state(state: &str) -> &str {
    match state {
        "pending" => "en attente",
        "joined" => "joint à un autre avis",
        "sent" => "envoyé",
        "failed" => "non remis",
        other => other,
    }
}

/// A moment where the establishment is, with plain spaces: it is copied by hand.
pub fn moment(at: Timestamp) -> String {
    pages::moment(Language::French, at).replace('\u{a0}', " ")
}

/// What became of the message, in words, with when; with plain spaces, like the moment in it.
pub fn outcome(case: &Case, history: &[Past]) -> String {
    let Some(end) = end(case, history) else { return words::case_state(Language::French, case.state) };
    let key = format!("evidence-end-{}", end.ending.word());
    pages::filled(Language::French, &key, &[("moment", moment(end.at).as_str())]).replace('\u{a0}', " ")
}
