//! PDF (ISO 32000-1 and 32000-2).
//!
//! In: bytes. Out: the text of pages, of forms, annotations, bookmarks and properties, of older revisions and pages that nothing names;
//! attached files; what is encrypted. It trusts no table of offsets and draws nothing. A file of pictures without text is told as not read.

mod beneath;
mod between;
mod combs;
mod content;
mod crypt;
mod file;
mod filter;
mod font;
mod glyphs;
mod layout;
mod map;
mod object;
mod pictures;
mod strings;
mod truetype;
mod turned;
mod widths;

use std::collections::BTreeSet;

use content::{Count, Painted, Painter};
use crypt::Lock;
use file::File;
use object::{Dict, Object};
use pictures::Part;

use super::{Format, named};
use crate::extract::kind;
use crate::extract::second::Tool;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, GapReason, ProtectionKind, Region, Share, Strength};

/// Takes what has the mark near its start.
pub const FORMAT: Format = Format { behind: false, name: "pdf", claims, read };

/// Most pages and nodes of the tree of pages that are followed.
const MOST_PAGES: usize = 100_000;

/// Bytes of text of a page below which another reader may see more.
const FEW_LETTERS: usize = 40;

/// Takes what has something else before the mark, and an object behind it; all other formats are asked first.
pub const BEHIND: Format =
    Format { behind: true, name: "pdf-behind", claims: claims_behind, read: read_behind };

const MARK: &[u8] = b"%PDF-";

fn claims(source: &Source<'_>) -> bool {
    let bytes = source.bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(&source.bytes);
    bytes.trim_ascii_start().starts_with(MARK)
}

fn claims_behind(source: &Source<'_>) -> bool {
    mark(&source.bytes)
        .and_then(|at| source.bytes.get(at..))
        .is_some_and(|rest| memchr::memmem::find(rest, b" obj").is_some())
}

/// Where the mark is, within the bytes in which readers look for it (ISO 32000-1, implementation note 13).
fn mark(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes.get(..bytes.len().min(1024)).unwrap_or_default(), MARK)
}

/// Reads what stands before as a file too, unless it is blank.
fn read_behind(source: &Source<'_>, sink: &mut Sink) {
    let before = source.bytes.get(..mark(&source.bytes).unwrap_or(0)).unwrap_or_default();
    if before.iter().any(u8::is_ascii_alphanumeric) {
        let before = sink.unpack(before, before.len());
        sink.child(None, "", before);
    }
    read(source, sink);
}

/// Reads what somebody put behind the end as a file too, when it says something.
fn read_after(bytes: &[u8], sink: &mut Sink) {
    const END: &[u8] = b"%%EOF";
    let end = memchr::memmem::rfind(bytes, END).map(|at| at + END.len());
    let after = end.and_then(|end| bytes.get(end..)).unwrap_or_default().trim_ascii();
    let has = |word: &[u8]| memchr::memmem::find(after, word).is_some();
    // A file that is cut off has no end, or an object behind the end of what was updated.
    if end.is_none() || has(b" obj") {
        sink.gap(GapReason::Malformed);
    }
    let of_a_pdf = has(b"endobj") || has(b"startxref");
    if !of_a_pdf && after.iter().any(u8::is_ascii_alphanumeric) && says_something(after) {
        let after = sink.unpack(after, after.len());
        sink.child(None, "", after);
    }
}

/// Whether bytes are text, or a file that is read.
fn says_something(bytes: &[u8]) -> bool {
    kind::is_text(bytes) || named("", bytes).is_some()
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    read_after(&source.bytes, sink);
    let mut file = File::open(&source.bytes);
    if let Some(dict) = file.trailer_value("Encrypt").and_then(Object::dict) {
        match crypt::unlock(&file, dict) {
            Lock::Open(key) => file.key = Some(key),
            Lock::Attachments(strength) => sink.hidden(ProtectionKind::Pdf, strength, false),
            Lock::Managed => return sink.hidden(ProtectionKind::Irm, Strength::Unknown, true),
            Lock::Closed(strength) => return sink.hidden(ProtectionKind::Pdf, strength, true),
        }
    }
    let kept = sink.budget.keep_back(sink.limits.pdf_content);
    read_open(file, source, sink);
    sink.budget.give_back(kept);
}

/// Reads a file whose encryption, if any, is open.
fn read_open(mut file: File<'_>, source: &Source<'_>, sink: &mut Sink) {
    file.unpack_objects(sink);
    let mut pages = pages(&mut file);
    if file.damaged {
        sink.gap(GapReason::Malformed);
    }
    if file.cut || pages.len() >= MOST_PAGES {
        sink.gap(GapReason::TooCostly);
    }
    let most = usize::try_from(sink.limits.pdf_pages).unwrap_or(usize::MAX);
    let cut = pages.len() > most;
    pages.truncate(most);
    let mut painter = Painter::default();
    let mut seen = Seen::default();
    for (number, (page, resources)) in (1u32..).zip(&pages) {
        let painted = page_text(&mut file, &mut painter, page, resources, sink);
        seen.take(number, &painted);
        sink.enter(&format!("page {number}"));
        sink.text(Region::Body, composed(painted.text), Boundary::Block);
        sink.text(Region::Body, composed(painted.moved), Boundary::Block);
        sink.text(Region::Body, composed(painted.beneath), Boundary::Block);
        sink.leave();
    }
    if cut {
        let read = u64::try_from(seen.letters).unwrap_or(u64::MAX);
        sink.cut(GapReason::TooLarge, Some(Share { read, of: None }));
    }
    let resources = pages.first().map(|(_, resources)| resources.clone()).unwrap_or_default();
    let loose = loose_text(&mut file, &mut painter, &resources, sink);
    seen.said |= !loose.trim().is_empty();
    sink.text(Region::Hidden, loose, Boundary::Block);
    seen.said |= strings::read(&mut file, sink);
    let between = file.between.iter().map(|bytes| between::text(bytes)).collect::<String>();
    sink.text(Region::Hidden, between, Boundary::Block);
    seen.ask(&file, source, pages.len(), sink);
}

/// What was seen of the pages, by which other readers are asked.
#[derive(Default)]
struct Seen {
    said: bool,
    letters: usize,
    glyphs: Count,
    /// Pages that are pictures of text.
    scans: Vec<u32>,
    /// Pages with pictures that may show letters.
    figures: Vec<u32>,
}

impl Seen {
    fn take(&mut self, number: u32, painted: &Painted) {
        let letters = painted.text.trim().len();
        self.said |= letters > 0;
        self.letters = self.letters.saturating_add(letters);
        self.glyphs.shown = self.glyphs.shown.saturating_add(painted.glyphs.shown);
        self.glyphs.doubtful = self.glyphs.doubtful.saturating_add(painted.glyphs.doubtful);
        match painted.pictures {
            Part::None => {}
            Part::Figure => self.figures.push(number),
            Part::Page => self.scans.push(number),
        }
    }

    fn ask(self, file: &File<'_>, source: &Source<'_>, pages: usize, sink: &mut Sink) {
        let doubts = self.glyphs.doubtful.saturating_mul(20) > self.glyphs.shown;
        let pictures = || file.all().any(|(_, object)| has(object, "Subtype", "Image"));
        if pages == 0 && !self.said {
            return sink.ask(Tool::PdfText, &source.bytes, Some(GapReason::Malformed));
        }
        if pages > 0 && self.scans.len() == pages || self.scans.is_empty() && !self.said && pictures() {
            sink.ask_whole(pages, &source.bytes);
        } else {
            sink.ask_pages(self.scans, self.figures, &source.bytes);
        }
        if doubts || self.letters < pages.saturating_mul(FEW_LETTERS) {
            sink.ask(Tool::PdfText, &source.bytes, None);
        }
    }
}

fn has(object: &Object, key: &str, name: &str) -> bool {
    object.dict().and_then(|dict| dict.get(key)).and_then(Object::name) == Some(name)
}

/// The pages in order with their resources; what the tree does not name comes last.
fn pages(file: &mut File<'_>) -> Vec<(Dict, Dict)> {
    let (pages, damaged) = listed_pages(file);
    file.damaged |= damaged;
    pages
}

/// The same, and whether the tree names pages that are not there.
fn listed_pages(file: &File<'_>) -> (Vec<(Dict, Dict)>, bool) {
    let (mut pages, mut damaged) = (Vec::new(), false);
    let mut seen = BTreeSet::new();
    let root = file.trailer_value("Root").and_then(Object::dict).and_then(|root| root.get("Pages")).cloned();
    let mut pending: Vec<(Object, Dict)> = root.into_iter().map(|root| (root, Dict::new())).collect();
    while let Some((node, inherited)) = pending.pop() {
        if let Object::Ref(number) = node
            && !seen.insert(number)
        {
            continue;
        }
        let Some(dict) = file.resolve(&node).dict() else {
            damaged = true;
            continue;
        };
        let resources = file.value(dict, "Resources").dict().cloned().unwrap_or(inherited);
        let kids = file.value(dict, "Kids").items();
        if kids.is_empty() && pages.len() < MOST_PAGES {
            pages.push((dict.clone(), resources));
        } else {
            pending.extend(kids.iter().rev().take(MOST_PAGES).map(|kid| (kid.clone(), resources.clone())));
        }
    }
    for (number, object) in file.all() {
        if has(object, "Type", "Page") && (!seen.contains(&number) || !std::ptr::eq(object, file.get(number)))
        {
            let dict = object.dict().cloned().unwrap_or_default();
            let resources = file.value(&dict, "Resources").dict().cloned().unwrap_or_default();
            if pages.len() < MOST_PAGES {
                pages.push((dict, resources));
            }
        }
    }
    (pages, damaged)
}

fn page_text(
    file: &mut File<'_>,
    painter: &mut Painter,
    page: &Dict,
    resources: &Dict,
    sink: &mut Sink,
) -> Painted {
    let contents = page.get("Contents").cloned().unwrap_or(Object::Null);
    let streams: Vec<Object> = match &contents {
        Object::Ref(_) => match file.resolve(&contents) {
            Object::Array(items) => items.clone(),
            _ => vec![contents],
        },
        Object::Array(items) => items.clone(),
        _ => Vec::new(),
    };
    let mut content = Vec::new();
    for stream in streams {
        if let Object::Ref(number) = stream {
            let stream = file.get(number).clone();
            if stream == Object::Null {
                sink.gap(GapReason::Malformed);
            }
            content.extend(file.decode_once(number, &stream, sink).unwrap_or_default());
            content.push(b'\n');
        }
    }
    painter.paint(file, &content, resources, sink);
    painter.finish(size_of(file, page))
}

/// The box of a page, or the one of the node above it that has one (7.7.3.4).
fn size_of(file: &File<'_>, page: &Dict) -> [f64; 4] {
    let mut node = page;
    for _ in 0..16 {
        if let [a, b, c, d] = file.value(node, "MediaBox").items() {
            let [a, b, c, d] = [a, b, c, d].map(|item| file.resolve(item).number().unwrap_or(0.0));
            return [a.min(c), b.min(d), a.max(c), b.max(d)];
        }
        match file.value(node, "Parent").dict() {
            Some(parent) => node = parent,
            None => break,
        }
    }
    LETTER
}

/// A page of letter size.
const LETTER: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

/// Accents that a font draws before their letters become one with them.
fn composed(text: String) -> String {
    if !text.contains(ACCENTS) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let mark = match letter {
            '\u{B4}' => '\u{301}',
            '\u{A8}' => '\u{308}',
            '\u{2C6}' => '\u{302}',
            '\u{2DC}' => '\u{303}',
            '\u{2CB}' => '\u{300}',
            _ => {
                out.push(letter);
                continue;
            }
        };
        let next = letters.peek().map(|next| if *next == 'ı' { 'i' } else { *next });
        match next.and_then(|next| unicode_normalization::char::compose(next, mark)) {
            Some(whole) => {
                out.push(whole);
                letters.next();
            }
            None => out.push(letter),
        }
    }
    out
}

/// Accents that stand alone.
const ACCENTS: [char; 5] = ['\u{B4}', '\u{A8}', '\u{2C6}', '\u{2DC}', '\u{2CB}'];

/// Text of forms that no page shows, of tiles and glyphs that are drawings, and of content that an update replaced.
fn loose_text(file: &mut File<'_>, painter: &mut Painter, resources: &Dict, sink: &mut Sink) -> String {
    let forms = file.all().filter(|(number, object)| {
        let Object::Stream(dict, range) = object else { return false };
        let replaced = !std::ptr::eq(*object, file.get(*number));
        let plain = replaced
            && !dict.contains_key("Type")
            && !dict.contains_key("Subtype")
            && !dict.contains_key("Length1");
        // A tile of a pattern shows text as a form does (8.7.3).
        let tile = dict.contains_key("PatternType");
        !file.was_decoded(range.start) && (plain || tile || has(object, "Subtype", "Form"))
    });
    let forms: Vec<(u32, Object)> = forms.map(|(number, object)| (number, object.clone())).collect();
    for (number, form) in forms {
        let Some(content) = file.decode_once(number, &form, sink) else { continue };
        if memchr::memmem::find(&content, b"BT").is_none() && memchr::memmem::find(&content, b"Do").is_none()
        {
            continue;
        }
        let own = form.dict().and_then(|dict| file.value(dict, "Resources").dict()).cloned();
        painter.paint(file, &content, own.as_ref().unwrap_or(resources), sink);
    }
    glyph_text(file, painter, resources, sink);
    let painted = painter.finish(LETTER);
    [painted.text, painted.beneath].join("\n")
}

/// Reads the drawings that are the glyphs of a font of type 3 (9.6.5). What they show stands in the order of their names and not of the page,
/// which is told.
fn glyph_text(file: &mut File<'_>, painter: &mut Painter, resources: &Dict, sink: &mut Sink) {
    let fonts = file.all().filter(|(_, object)| has(object, "Subtype", "Type3"));
    let fonts: Vec<Dict> = fonts.filter_map(|(_, object)| object.dict().cloned()).collect();
    let mut shown = false;
    for font in fonts {
        let own = file.value(&font, "Resources").dict().cloned();
        let drawings = file.value(&font, "CharProcs").dict().cloned().unwrap_or_default();
        for drawing in drawings.into_values() {
            let Object::Ref(number) = drawing else { continue };
            let stream = file.get(number).clone();
            let Some(content) = file.decode_once(number, &stream, sink) else { continue };
            if memchr::memmem::find(&content, b"BT").is_some() {
                shown = true;
                painter.paint(file, &content, own.as_ref().unwrap_or(resources), sink);
            }
        }
    }
    if shown {
        sink.gap(GapReason::Unsupported);
    }
}

/// A text string (7.9.2.2): marked as UTF-16 or UTF-8, else in an encoding that is Latin for letters.
fn words(bytes: &[u8]) -> String {
    charset::decode(bytes, None)
}

/// Reads bytes as a file whose fields hold a letter each, for fuzzing.
pub fn fuzz_combs(bytes: &[u8]) {
    let _ = combs::read(&File::open(bytes));
}

/// Reads bytes as what streams of a PDF hold, for fuzzing.
pub fn fuzz(which: u8, bytes: &[u8], sink: &mut Sink) {
    match which % 4 {
        0 => map::fuzz(bytes),
        1 => drop(truetype::characters(bytes)),
        2 => filter::fuzz(bytes, sink),
        _ => {
            let mut file = File::open(b"4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj");
            let fonts = Dict::from([("F".to_owned(), Object::Ref(4))]);
            let resources = Dict::from([("Font".to_owned(), Object::Dict(fonts))]);
            let mut painter = Painter::default();
            painter.paint(&mut file, bytes, &resources, sink);
            sink.text(Region::Body, composed(painter.finish(LETTER).text), Boundary::Block);
        }
    }
}
