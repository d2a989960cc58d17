//! The paragraphs that notices are made of.

use jiff::Timestamp;

use super::mail::reply_address;
use super::place::place;
use super::when::{date, time};
use super::{Language, words};
use crate::model::settings::Establishment;
use crate::model::{CaseId, FoundAt, Kind, Masked, NoticeKind, NoticeOrder};

/// Most messages, or places of one message, listed in a notice; the rest is counted.
const LISTED: usize = 20;

/// Most pieces of advice in one notice.
const ADVICE: usize = 6;

/// The key of articles about emergencies: their notices cannot wait, and have words of their own.
const CRISIS: &str = "crise";

/// Whether a notice must not wait to be grouped: the sender should phone at once.
#[must_use]
pub fn is_urgent(order: &NoticeOrder) -> bool {
    order.articles.iter().any(|article| article.notice == CRISIS)
}

/// The archivists' telephone and address, as far as they are set.
pub(super) fn contact(language: Language, establishment: &Establishment) -> String {
    match (establishment.phone.as_str(), establishment.email.as_str()) {
        ("", only) | (only, "") => only.to_owned(),
        (phone, email) => language.say("or", &[("left", phone.into()), ("right", email.into())]),
    }
}

/// The page of a case with what opens it to its sender. None without that: no text gives a link that does not open.
pub(super) fn case_link(
    establishment: &Establishment,
    case: &CaseId,
    token: Option<&Masked>,
) -> Option<String> {
    let page = establishment.case_page.as_ref()?.replace("{case}", &case.to_string());
    let mark = if page.contains('?') { '&' } else { '?' };
    token.map(|token| format!("{page}{mark}k={}", token.reveal()))
}

/// Writes paragraphs in one language, for one establishment, at one moment.
pub(super) struct Writer<'a> {
    pub(super) language: Language,
    pub(super) establishment: &'a Establishment,
    pub(super) now: Timestamp,
}

impl Writer<'_> {
    /// Whom to ask, and what this notice is.
    pub(super) fn closing(&self, orders: &[NoticeOrder]) -> Vec<String> {
        let contact = contact(self.language, self.establishment);
        let desk = &self.establishment.service_desk;
        let only = match orders {
            [only] => Some(only),
            _ => None,
        };
        let lines = [
            only.map(|only| self.language.say("contact-case", &[("case", only.case.to_string().into())])),
            only.and_then(|only| self.link(only))
                .map(|link| self.language.say("contact-link", &[("link", link.into())])),
            (!contact.is_empty())
                .then(|| self.language.say("contact-archivists", &[("contact", contact.into())])),
            (!desk.is_empty()).then(|| self.language.say("contact-desk", &[("phone", desk.as_str().into())])),
            orders.iter().any(may_be_answered).then(|| self.language.plain("contact-no-reply")),
        ];
        let name = self.establishment.name.as_str();
        vec![
            self.headed("contact-heading", lines.into_iter().flatten()),
            self.language.say("footer", &[("establishment", name.into())]),
        ]
    }

    /// A text that names the moment the message was sent.
    pub(super) fn sent(&self, key: &str, order: &NoticeOrder) -> String {
        self.at(key, order.sent_at)
    }

    pub(super) fn at(&self, key: &str, moment: Timestamp) -> String {
        let (date, time) = (date(self.language, moment), time(self.language, moment));
        self.language.say(key, &[("date", date.into()), ("time", time.into())])
    }

    pub(super) fn recipients(&self, order: &NoticeOrder) -> String {
        let domains: Vec<&str> =
            order.domains.iter().map(String::as_str).filter(|it| is_domain(it)).collect();
        let key = if domains.is_empty() { "held-recipients" } else { "held-recipients-domains" };
        let facts = [("count", order.recipients.into()), ("domains", domains.join(", ").into())];
        self.language.say(key, &facts)
    }

    /// The articles behind the verdict, each said once.
    pub(super) fn why(&self, orders: &[&NoticeOrder]) -> String {
        let mut lines: Vec<String> = Vec::new();
        for article in orders.iter().flat_map(|order| &order.articles) {
            let says = match self.language {
                Language::French => &article.says,
                Language::English => &article.says_en,
            };
            let says = typeset(self.language, says);
            let facts = [("says", says.into()), ("cites", article.cites.as_str().into())];
            let line = bullet(&self.language.say("article", &facts));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        self.headed("why-heading", lines)
    }

    /// What was found and where, and how much was not read.
    pub(super) fn found(&self, order: &NoticeOrder) -> String {
        let found = order.found.iter().take(LISTED).map(|found| {
            let what = words::counted(self.language, found.kind, found.count);
            let place = place(self.language, found);
            bullet(&self.language.say("found", &[("what", what.into()), ("place", place.into())]))
        });
        let more = self.more("found-more", order.found.len());
        let unread = (order.unread > 0).then(|| bullet(&self.unread(order)));
        self.headed("found-heading", found.chain(more).chain(unread))
    }

    fn unread(&self, order: &NoticeOrder) -> String {
        self.language.say("unread", &[("count", order.unread.into())])
    }

    /// One line for each message of a group.
    pub(super) fn list(&self, orders: &[NoticeOrder]) -> String {
        let lines = orders.iter().take(LISTED).map(|order| {
            let link = self.link(order).map(|link| format!("  {link}")).unwrap_or_default();
            join([bullet(&self.listed(order)), link], "\n")
        });
        join(lines.chain(self.more("warned-many-more", orders.len())), "\n")
    }

    /// The line that counts what a list leaves out.
    fn more(&self, key: &str, count: usize) -> Option<String> {
        let more = count.checked_sub(LISTED).filter(|more| *more > 0)?;
        Some(bullet(&self.language.say(key, &[("count", more.into())])))
    }

    fn listed(&self, order: &NoticeOrder) -> String {
        let mut found: Vec<String> = summed(&order.found)
            .into_iter()
            .map(|(kind, count)| words::counted(self.language, kind, count))
            .collect();
        if order.unread > 0 {
            found.push(self.unread(order));
        }
        let key = if found.is_empty() { "warned-many-line" } else { "warned-many-line-found" };
        let facts = [
            ("date", date(self.language, order.sent_at).into()),
            ("time", time(self.language, order.sent_at).into()),
            ("case", order.case.to_string().into()),
            ("found", found.join(", ").into()),
        ];
        self.language.say(key, &facts)
    }

    /// Advice for every article, numbered, each piece once.
    pub(super) fn advice(&self, heading: &str, orders: &[&NoticeOrder]) -> String {
        let mut pieces: Vec<String> = Vec::new();
        for article in orders.iter().flat_map(|order| &order.articles) {
            let own = format!("advice-{}", article.notice);
            let text = self.language.plain(if self.language.knows(&own) { &own } else { "advice-autre" });
            for piece in text.lines() {
                if !pieces.iter().any(|known| known == piece) && pieces.len() < ADVICE {
                    pieces.push(piece.to_owned());
                }
            }
        }
        let numbered = pieces.iter().zip(1..).map(|(piece, number)| format!("{number}. {piece}"));
        self.headed(heading, numbered)
    }

    /// What to do once confidential information has left: only when there was some.
    pub(super) fn reminders(&self, orders: &[&NoticeOrder]) -> Vec<String> {
        let keys = ["wrong-recipient", "keep-record"];
        let confidential = orders.iter().any(|order| personal(order));
        keys.iter().filter(|_| confidential).map(|key| self.language.plain(key)).collect()
    }

    /// How to contest a hold, and what the directive allows when a person must be named.
    pub(super) fn disagree(&self, order: &NoticeOrder) -> String {
        let how = match self.link(order) {
            Some(link) => self.language.say("held-disagree-link", &[("link", link.into())]),
            None => self.language.say("held-disagree", &[("case", order.case.to_string().into())]),
        };
        let by_mail = reply_address(order, self.establishment).map(|_| self.language.plain("held-answer"));
        let double = personal(order).then(|| self.language.plain("held-double-identification"));
        join([how, by_mail.unwrap_or_default(), double.unwrap_or_default()], "\n")
    }

    pub(super) fn reason(&self, order: &NoticeOrder) -> String {
        let reason = order.reason.as_ref().filter(|reason| !reason.is_empty());
        reason.map(|it| self.language.say("reason", &[("reason", it.reveal().into())])).unwrap_or_default()
    }

    /// The page of a case, where the order carries what opens it.
    fn link(&self, order: &NoticeOrder) -> Option<String> {
        case_link(self.establishment, &order.case, order.token.as_ref())
    }

    /// A heading over lines; nothing when there is no line.
    fn headed(&self, heading: &str, lines: impl IntoIterator<Item = String>) -> String {
        let lines: Vec<String> = lines.into_iter().collect();
        if lines.is_empty() {
            String::new()
        } else {
            format!("{}\n{}", self.language.plain(heading), lines.join("\n"))
        }
    }

    /// The key of a text, or of its variant for a crisis.
    pub(super) fn key(&self, key: &str, urgent: bool) -> String {
        let own = format!("{key}-{CRISIS}");
        if urgent && self.language.knows(&own) { own } else { key.to_owned() }
    }
}

/// Whether something about a person was found, not only a link or a word of emergency.
pub(super) fn personal(order: &NoticeOrder) -> bool {
    order
        .found
        .iter()
        .any(|found| !matches!(found.kind, Kind::PollLink | Kind::ConsultationLink | Kind::Crisis))
}

/// Counts by kind, in the order of first sight.
fn summed(found: &[FoundAt]) -> Vec<(Kind, u32)> {
    let mut sums: Vec<(Kind, u32)> = Vec::new();
    for found in found {
        match sums.iter_mut().find(|(kind, _)| *kind == found.kind) {
            Some((_, sum)) => *sum = sum.saturating_add(found.count),
            None => sums.push((found.kind, found.count)),
        }
    }
    sums
}

/// Whether the sender might answer with the very thing that was found.
fn may_be_answered(order: &NoticeOrder) -> bool {
    personal(order) && !matches!(order.kind, NoticeKind::Released | NoticeKind::Deleted)
}

/// Sets a sentence of the policy, typed with plain signs, as our own texts are.
fn typeset(language: Language, sentence: &str) -> String {
    let sentence = sentence.replace('\'', "’");
    match language {
        Language::French => {
            sentence.replace(" :", "\u{a0}:").replace("« ", "«\u{a0}").replace(" »", "\u{a0}»")
        }
        Language::English => sentence,
    }
}

fn bullet(line: &str) -> String {
    format!("- {line}")
}

pub(super) fn join(texts: impl IntoIterator<Item = String>, between: &str) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(between)
}

/// Whether foreign text looks like a host name, and no more: letters, digits, hyphens and dots, at most 253 bytes.
fn is_domain(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
    plain && (1..=253).contains(&text.len())
}
