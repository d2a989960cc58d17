//! Second readings: a format sees that there is something to read, and that an outside tool may read it.
//!
//! In: the file. Out: a request, which whoever runs the walk fulfils; what the tool says comes back as text.

use serde::{Deserialize, Serialize};

use super::reader::Reader;
use super::sink::Sink;
use crate::model::{Boundary, GapReason, Place, Region, Share};

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
    /// Which of its pages, from 1, where it is asked for single ones.
    pub pages: Vec<u32>,
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
        if self.allows(tool) {
            self.asked.push(SecondReading {
                tool,
                place: self.place().clone(),
                bytes: bytes.to_vec(),
                pages: Vec::new(),
                otherwise,
            });
        } else if let Some(reason) = otherwise {
            self.gap(reason);
        }
    }

    /// Asks for the letters in every page of a PDF, which is one gap where that is not allowed.
    pub fn ask_whole(&mut self, pages: usize, bytes: &[u8]) {
        if self.allows(Tool::PdfOcr) {
            let pages = (1u32..).zip(0..pages).map(|(number, _)| number).collect();
            self.ask_for(pages, bytes, Some(GapReason::Unsupported));
        } else {
            self.gap(GapReason::Unsupported);
        }
    }

    /// Asks for the letters in these pages of a PDF: scans, each of which is a gap where that is not allowed, and pages with figures.
    pub fn ask_pages(&mut self, mut pages: Vec<u32>, mut figures: Vec<u32>, bytes: &[u8]) {
        if self.allows(Tool::PdfOcr) {
            pages.append(&mut figures);
            pages.sort_unstable();
            if pages.is_empty() {
                return;
            }
            return self.ask_for(pages, bytes, None);
        }
        for page in pages {
            self.enter(&format!("page {page}"));
            self.gap(GapReason::Unsupported);
        }
        self.leave();
    }

    /// Asks for as many of these pages as the limit allows.
    fn ask_for(&mut self, mut pages: Vec<u32>, bytes: &[u8], otherwise: Option<GapReason>) {
        let all = pages.len();
        pages.truncate(usize::try_from(self.limits.ocr_pages).unwrap_or(usize::MAX));
        if pages.len() < all {
            self.cut(GapReason::TooCostly, share(bytes, pages.len(), all));
        }
        let (tool, place) = (Tool::PdfOcr, self.place().clone());
        self.asked.push(SecondReading { tool, place, bytes: bytes.to_vec(), pages, otherwise });
    }

    fn allows(&self, tool: Tool) -> bool {
        match tool {
            Tool::PdfText => self.limits.tools.pdf,
            Tool::PdfOcr | Tool::Ocr => self.limits.tools.ocr,
        }
    }
}

impl Reader<'_> {
    /// Takes over what a tool read.
    pub fn second(&mut self, asked: SecondReading, read: Second) {
        let mut sink = Sink::new(asked.place, false, self.budget);
        let share = share(&asked.bytes, read.pages.len(), asked.pages.len());
        let nothing = read.pages.iter().all(|page| page.trim().is_empty());
        let known = self.letters_at(sink.place());
        let known = if known.len().saturating_mul(read.pages.len()) > FEW { String::new() } else { known };
        let numbers = asked.pages.iter().copied().chain(1..);
        for (number, page) in numbers.zip(read.pages) {
            if !known.contains(&letters(&page)) {
                sink.enter(&format!("page {number}"));
                sink.text(Region::Body, page, Boundary::Block);
            }
        }
        sink.leave();
        match (read.rest, asked.otherwise.filter(|_| nothing)) {
            (Some(reason), _) => sink.cut(reason, share),
            (None, Some(reason)) => sink.gap(reason),
            (None, None) => {}
        }
        self.take(sink);
    }

    /// The letters of what was read of a file.
    fn letters_at(&self, place: &Place) -> String {
        let inside = |other: &Place| match (&place.inner, &other.inner) {
            (None, _) => true,
            (Some(outer), Some(inner)) => inner.reveal().starts_with(outer.reveal()),
            (Some(_), None) => false,
        };
        let here = self.reading.segments.iter().filter(|it| it.place.part == place.part && inside(&it.place));
        here.map(|segment| letters(segment.text.reveal())).collect()
    }
}

/// Letters read times pages read again, past which nothing is compared.
const FEW: usize = 1 << 28;

/// The share of a file that some of its pages are, each as large as another.
fn share(bytes: &[u8], read: usize, of: usize) -> Option<Share> {
    let wide = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
    let whole = wide(bytes.len());
    let read = whole.checked_mul(wide(read))?.checked_div(wide(of))?;
    Some(Share { read: read.min(whole), of: Some(whole) })
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}
