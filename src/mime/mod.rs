//! Floor 1: raw bytes to the parts of a message.
//!
//! In: the bytes of one message. Out: its header fields and its parts. It refuses to know what the text means.
//! `mail-parser` is named here only.

use mail_parser::{MessageParser, PartType};

/// Texts of a message: the subject and its text parts, in reading order.
#[must_use]
pub fn texts(raw: &[u8]) -> (Option<String>, Vec<String>) {
    let Some(message) = MessageParser::default().parse(raw) else { return (None, Vec::new()) };
    let texts = message.parts.iter().filter_map(|part| match &part.body {
        PartType::Text(text) | PartType::Html(text) => Some(text.replace("\r\n", "\n")),
        _ => None,
    });
    (message.subject().map(str::to_owned), texts.collect())
}
