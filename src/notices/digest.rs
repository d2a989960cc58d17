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
    /// Releases of which neither queue nor log tells whether they left.
    pub uncertain: u64,
    /// False alarms that senders report on what is decided, to be checked.
    pub claims: u64,
}

/// Writes a digest, in English too where the establishment asks for it. `home` is where the desk is, when browsers reach it
/// from elsewhere.
#[must_use]
pub fn digest(digest: &Digest, establishment: &Establishment, home: Option<&str>) -> Rendered {
    rendered(establishment, |language| {
        let count = |key: &str, count: u64| language.say(key, &[("count", count.into())]);
        let oldest =
            digest.oldest.map(|at| language.say("digest-oldest", &[("moment", moment(language, at).into())]));
        let link = home.map(|home| language.say("digest-link", &[("link", format!("{home}/cases").into())]));
        let waits = digest.waiting > 0;
        let subject = match digest {
            _ if waits => count("digest-subject", digest.waiting),
            _ if digest.uncertain > 0 => count("digest-uncertain-subject", digest.uncertain),
            _ => count("cases-claims", digest.claims),
        };
        let lines = [
            waits.then(|| count("digest-waiting", digest.waiting)),
            oldest,
            (digest.late > 0).then(|| count("digest-late", digest.late)),
            (digest.over > 0).then(|| count("digest-over", digest.over)),
            (digest.uncertain > 0).then(|| count("digest-uncertain", digest.uncertain)),
            (digest.claims > 0).then(|| count("digest-claims", digest.claims)),
            link,
        ];
        (subject, lines.into_iter().flatten().collect())
    })
}

/// Writes an alert about unusually many reveals by one person.
#[must_use]
pub fn reveals(login: &str, count: u64, establishment: &Establishment) -> Rendered {
    rendered(establishment, |language| {
        let facts = [("who", login.into()), ("count", count.into())];
        let lines = vec![language.say("alert-reveals", &facts), language.plain("alert-reveals-do")];
        (language.plain("alert-reveals-subject"), lines)
    })
}

/// French first; English after it under a line of its own. The subject stays French.
fn rendered(establishment: &Establishment, says: impl Fn(Language) -> (String, Vec<String>)) -> Rendered {
    let languages: &[Language] = if establishment.english { &Language::ALL } else { &[Language::French] };
    let text = |language: &Language| {
        let (subject, mut lines) = says(*language);
        if *language != Language::French {
            lines.insert(0, subject);
        }
        lines.push(language.say("footer", &[("establishment", establishment.name.as_str().into())]));
        lines.join("\n\n")
    };
    let text = languages.iter().map(text).collect::<Vec<_>>().join("\n\n----\n\n") + "\n";
    let tags: Vec<&str> = languages.iter().map(|language| language.tag()).collect();
    let headers = vec![
        ("Auto-Submitted", "auto-generated".to_owned()),
        ("X-Auto-Response-Suppress", "All".to_owned()),
        ("Content-Language", tags.join(", ")),
    ];
    Rendered { subject: says(Language::French).0, text, headers, in_reply_to: None }
}
