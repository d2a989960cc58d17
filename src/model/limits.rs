//! How much of a message is read.

use serde::{Deserialize, Serialize};

/// Budgets for reading one message. What lies past a limit becomes a gap, and what came before it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Most bytes of decoded and unpacked content read, over all parts.
    pub bytes: u64,
    /// Most bytes of one attachment.
    pub attachment: u64,
    /// Most bytes of one unpacked member.
    pub member: u64,
    /// Most bytes that one packed byte may unfold to, past the first 10 MiB.
    pub ratio: u64,
    /// Most bytes of text, over all parts.
    pub text: u64,
    /// Most bytes of text of one attachment, with all that is inside it.
    pub attachment_text: u64,
    /// Deepest nesting of messages and archives.
    pub depth: u32,
    /// Deepest nesting of the parts of one message.
    pub mime_depth: u32,
    /// Most parts of one message.
    pub mime_parts: u32,
    /// Most parts and members of archives, over all.
    pub parts: u32,
    /// Deepest nesting of elements of an XML part.
    pub xml_depth: u32,
    /// Most attributes of one element.
    pub xml_attributes: u32,
    /// Most pages of one PDF.
    pub pdf_pages: u32,
    /// Most bytes that the streams of one PDF may unfold to.
    pub pdf_content: u64,
    /// Most pages of one PDF whose letters an outside tool reads.
    pub ocr_pages: u32,
    /// Most work, in steps of about one decoded byte: a count, not a time, so that every machine stops at the same place.
    pub fuel: u64,
    /// Which outside tools may be asked where our own readers see no text.
    pub tools: Tools,
}

/// Programs of others that read what ours do not, in confined processes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tools {
    /// A second reader of PDF.
    pub pdf: bool,
    /// A reader of the letters in pictures.
    pub ocr: bool,
}

impl Limits {
    /// The part of them that costs next to nothing: a header, and the beginnings of texts.
    #[must_use]
    pub fn cheap(self) -> Self {
        Self {
            bytes: self.bytes.min(4 << 20),
            text: self.text.min(256 << 10),
            mime_parts: self.mime_parts.min(200),
            parts: self.parts.min(200),
            fuel: self.fuel.min(64 << 20),
            tools: Tools::default(),
            ..self
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 400 << 20,
            attachment: 50 << 20,
            member: 100 << 20,
            ratio: 200,
            text: 100 << 20,
            attachment_text: 20 << 20,
            depth: 16,
            mime_depth: 64,
            mime_parts: 5_000,
            parts: 10_000,
            xml_depth: 5_000,
            xml_attributes: 1_000,
            pdf_pages: 2_000,
            pdf_content: 256 << 20,
            ocr_pages: 25,
            fuel: 2_000_000_000,
            tools: Tools::default(),
        }
    }
}
