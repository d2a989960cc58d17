//! Second readings: a format sees that there is something to read, and that an outside tool may read it.
//!
//! In: the file. Out: a request, which whoever runs the walk fulfils; what the tool says comes back as text.

use serde::{Deserialize, Serialize};

use super::reader::Reader;
use super::sink::Sink;
use crate::model::{Boundary, GapReason, Place, Region};

/// An outside tool, by what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tool {
    /// Reads the text of a PDF.
    PdfText,
    /// Reads the letters in the pages of a PDF.
    PdfOcr,
    /// Reads the letters in a picture.
    Ocr,
}

/// A file that an outside tool is to read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SecondReading {
    /// Which tool.
    pub tool: Tool,
    /// Where the file stands.
    pub place: Place,
    /// Its content.
    pub bytes: Vec<u8>,
    /// What it is when the tool sees no text either.
    otherwise: Option<GapReason>,
}

/// What a tool read of a file.
#[derive(Clone, Debug, Default)]
pub struct Second {
    /// The text, page by page.
    pub pages: Vec<String>,
    /// Why it was not read to its end.
    pub rest: Option<GapReason>,
}

impl Sink {
    /// Asks for a second reading where it is allowed; where it is not, or the tool sees nothing, the gap `otherwise` is told.
    pub fn ask(&mut self, tool: Tool, bytes: &[u8], otherwise: Option<GapReason>) {
        let allowed = match tool {
            Tool::PdfText => self.tools.pdf,
            Tool::PdfOcr | Tool::Ocr => self.tools.ocr,
        };
        if allowed {
            self.asked.push(SecondReading {
                tool,
                place: self.place().clone(),
                bytes: bytes.to_vec(),
                otherwise,
            });
        } else if let Some(reason) = otherwise {
            self.gap(reason);
        }
    }
}

impl Reader<'_> {
    /// Takes over what a tool read.
    pub fn second(&mut self, asked: SecondReading, read: Second) {
        let mut sink = Sink::new(asked.place, false, self.budget);
        let nothing = read.pages.iter().all(|page| page.trim().is_empty());
        for (number, page) in read.pages.into_iter().enumerate() {
            sink.enter(&format!("page {}", number + 1));
            sink.text(Region::Body, page, Boundary::Block);
        }
        sink.leave();
        if let Some(reason) = read.rest.or(asked.otherwise.filter(|_| nothing)) {
            sink.gap(reason);
        }
        self.take(sink);
    }
}
