//! Floor 2: what is said to people, in French first.
//!
//! In: a decision, a notice order, the establishment. Out: SMTP reply lines, and notices (subject and text).
//! Refuses to know: SMTP, sockets, the store, and anything of a message but kinds, places and counts.
//!
//! Texts are Fluent messages, `fr-CA.ftl` and `en-CA.ftl`. To add the texts of a new article's notice key, add
//! `smtp-why-KEY`, `smtp-do-KEY` and `advice-KEY` to both files: no Rust changes.

pub mod digest;
mod language;
mod letters;
#[cfg(test)]
mod lint;
mod mail;
pub mod pages;
mod paper;
mod paragraphs;
mod place;
mod smtp;
mod when;
pub mod words;

pub use language::Language;
pub use mail::{Rendered, render};
pub use paper::{Paper, Section};
pub use paragraphs::is_urgent;
pub use smtp::{AnswerFault, answer_refused, refused, too_large, unavailable};

/// Whether the sender gets advice of its own for this notice key. For any other key, the article's own sentence and
/// general advice stand.
#[must_use]
pub fn explains(notice: &str) -> bool {
    ["smtp-why", "smtp-do", "advice"].iter().all(|family| {
        let key = format!("{family}-{notice}");
        Language::French.knows(&key) && Language::English.knows(&key)
    })
}
