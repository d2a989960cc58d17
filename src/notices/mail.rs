//! Notices to the sender: held, warned, released, returned, deleted.
//!
//! A notice says what became of the message, why, what was found and where, what to do, and whom to ask. It holds
//! kinds, places and counts: never a value, a subject, a file name or a recipient's address.

use jiff::Timestamp;

use super::Language;
use super::paragraphs::{Writer, join};
use crate::model::settings::Establishment;
use crate::model::{Masked, NoticeKind, NoticeOrder};

/// A notice ready to be sent: plain text, complete in itself, lines of any length (one paragraph, one line).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The Subject field.
    pub subject: String,
    /// The text, French first.
    pub text: String,
    /// Fields that keep robots from answering (RFC 3834, 3.1.7) and name the language.
    pub headers: Vec<(&'static str, String)>,
    /// The sender's own Message-ID, for In-Reply-To and References, when it is one and stands for the whole notice.
    pub in_reply_to: Option<Masked>,
}

/// Writes the notice of one order, or one notice for several warnings, so that it informs and does not nag. Several
/// orders of other kinds are told one after the other. `None` when there is no order.
#[must_use]
pub fn render(orders: &[NoticeOrder], establishment: &Establishment, now: Timestamp) -> Option<Rendered> {
    let first = orders.first()?;
    let languages: &[Language] = if establishment.english { &Language::ALL } else { &[Language::French] };
    let pages: Vec<Page> = languages
        .iter()
        .map(|language| Page::write(&Writer { language: *language, establishment, now }, first, orders))
        .collect();
    let tags: Vec<&str> = languages.iter().map(|language| language.tag()).collect();
    let reply_to = orders.iter().find_map(|order| reply_address(order, establishment));
    Some(Rendered {
        subject: join(pages.iter().map(|page| page.subject.clone()), " / "),
        text: join(pages.iter().map(Page::text), "\n\n* * *\n\n") + "\n",
        headers: [
            ("Auto-Submitted", "auto-replied".to_owned()),
            ("X-Auto-Response-Suppress", "All".to_owned()),
            ("Content-Language", tags.join(", ")),
        ]
        .into_iter()
        .chain(reply_to.map(|address| ("Reply-To", address)))
        .collect(),
        in_reply_to: first.in_reply_to.clone().filter(|id| orders.len() == 1 && is_message_id(id)),
    })
}

/// Where a notice is answered by mail: the establishment's address with what opens the case.
pub(super) fn reply_address(order: &NoticeOrder, establishment: &Establishment) -> Option<String> {
    let (local, domain) = establishment.replies.as_ref()?.rsplit_once('@')?;
    let token = order.token.as_ref().filter(|_| order.kind == NoticeKind::Held)?;
    Some(format!("{local}+{}@{domain}", token.reveal()))
}

/// A subject and paragraphs in one language.
struct Page {
    subject: String,
    paragraphs: Vec<String>,
}

impl Page {
    fn write(writer: &Writer<'_>, first: &NoticeOrder, orders: &[NoticeOrder]) -> Self {
        let warnings = orders.iter().all(|order| order.kind == NoticeKind::Warned);
        let (subject, body) = match orders {
            [only] => (writer.subject(only), writer.single(only)),
            _ if warnings => (writer.many_subject(orders), writer.many(orders)),
            _ => (writer.subject(first), orders.iter().flat_map(|order| writer.single(order)).collect()),
        };
        let other = writer.establishment.english.then(|| writer.language.plain("other-language"));
        let mut paragraphs = vec![other.unwrap_or_default(), writer.language.plain("greeting")];
        paragraphs.extend(body);
        paragraphs.extend(writer.closing(orders));
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        Self { subject, paragraphs }
    }

    fn text(&self) -> String {
        self.paragraphs.join("\n\n")
    }
}

/// Whether foreign text may stand in a header field as one Message-ID (RFC 5322, 3.6.4): brackets, printable ASCII,
/// one `@`, one line.
fn is_message_id(id: &Masked) -> bool {
    let inner = id.reveal().strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|inner| {
        let plain = inner.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'));
        plain && inner.contains('@') && inner.len() <= 250
    })
}
