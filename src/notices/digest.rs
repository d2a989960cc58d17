//! Mail to reviewers: how many cases wait, since when, and where. Counts only, for nobody is mailed case by case.

use jiff::Timestamp;

use super::Language;
use super::mail::Rendered;
use super::pages::moment;
use crate::model::settings::Establishment;

/// What a digest counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    /// Cases that wait.
    pub waiting: u64,
    /// Of these, in the second half of their time or past it.
    pub late: u64,
    /// Of these, past their time.
    pub over: u64,
    /// Since when the oldest has waited.
    pub oldest: Option<Timestamp>,
}

/// Writes a digest. `home` is where the desk is, when browsers reach it from elsewhere.
#[must_use]
pub fn digest(digest: &Digest, establishment: &Establishment, home: Option<&str>) -> Rendered {
    let language = Language::French;
    let count = |key: &str, count: u64| language.say(key, &[("count", count.into())]);
    let oldest =
        digest.oldest.map(|at| language.say("digest-oldest", &[("moment", moment(language, at).into())]));
    let link = home.map(|home| language.say("digest-link", &[("link", format!("{home}/cases").into())]));
    let lines = [
        Some(count("digest-waiting", digest.waiting)),
        oldest,
        (digest.late > 0).then(|| count("digest-late", digest.late)),
        (digest.over > 0).then(|| count("digest-over", digest.over)),
        link,
        Some(language.say("footer", &[("establishment", establishment.name.as_str().into())])),
    ];
    rendered(count("digest-subject", digest.waiting), lines)
}

/// Writes an alert about unusually many reveals by one person.
#[must_use]
pub fn reveals(login: &str, count: u64, establishment: &Establishment) -> Rendered {
    let language = Language::French;
    let facts = [("who", login.into()), ("count", count.into())];
    let lines = [
        Some(language.say("alert-reveals", &facts)),
        Some(language.plain("alert-reveals-do")),
        Some(language.say("footer", &[("establishment", establishment.name.as_str().into())])),
    ];
    rendered(language.plain("alert-reveals-subject"), lines)
}

fn rendered(subject: String, lines: impl IntoIterator<Item = Option<String>>) -> Rendered {
    let text = lines.into_iter().flatten().collect::<Vec<_>>().join("\n\n") + "\n";
    let headers = vec![
        ("Auto-Submitted", "auto-generated".to_owned()),
        ("X-Auto-Response-Suppress", "All".to_owned()),
        ("Content-Language", Language::French.tag().to_owned()),
    ];
    Rendered { subject, text, headers, in_reply_to: None }
}
