//! Text read from a message, with the place it stood in.

use serde::{Deserialize, Serialize};

use super::Masked;

/// Where in a message something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// MIME part number as IMAP counts (`1`, `2.1`, RFC 9051, 6.4.5.1); empty for the header.
    pub part: String,
    /// Name of the attachment. Foreign text, hence masked.
    pub filename: Option<Masked>,
    /// Where in the attachment: a cell, page or inner file. May quote foreign text, hence masked.
    pub inner: Option<Masked>,
}

/// What kind of text a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// The Subject field.
    Subject,
    /// Another header field.
    Header,
    /// Running text.
    Body,
    /// A cell of a table.
    Cell,
    /// A comment or annotation.
    Comment,
    /// A document property.
    Property,
    /// An attribute of markup: `alt`, `title`, a link's target.
    Attribute,
    /// Text that a reader would not see.
    Hidden,
    /// The name of an attachment.
    FileName,
}

impl Region {
    /// Every region.
    pub const ALL: [Self; 9] = [
        Self::Subject,
        Self::Header,
        Self::Body,
        Self::Cell,
        Self::Comment,
        Self::Property,
        Self::Attribute,
        Self::Hidden,
        Self::FileName,
    ];

    /// The name that JSON and message keys use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Header => "header",
            Self::Body => "body",
            Self::Cell => "cell",
            Self::Comment => "comment",
            Self::Property => "property",
            Self::Attribute => "attribute",
            Self::Hidden => "hidden",
            Self::FileName => "file-name",
        }
    }
}

/// Coordinates of a table cell, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cell {
    /// Which table of the part.
    pub table: u32,
    /// Row in the table.
    pub row: u32,
    /// Column in the table.
    pub column: u32,
}

/// How a segment follows the one before it. A name or number may run on across `Inline` and be
/// tied to a label across `Cell` and `Row`; nothing is tied across `Part`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Boundary {
    /// Same running text.
    Inline,
    /// Next cell of the same row.
    Cell,
    /// Next row of the same table.
    Row,
    /// Next paragraph or block.
    Block,
    /// Another part of the message.
    Part,
}

/// A stretch of text with one place and one kind. Text is UTF-8, lines end in `\n`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Segment {
    /// Where it stood.
    pub place: Place,
    /// What kind of text it is.
    pub region: Region,
    /// Coordinates, when it is a table cell.
    pub cell: Option<Cell>,
    /// The text itself.
    pub text: Masked,
    /// Byte offset of the text among all text read from its part.
    pub offset: usize,
    /// How it follows the segment before.
    pub boundary: Boundary,
}
