//! A page as its tokens come in.
//!
//! Text flows into one line buffer; a table boundary empties it. What is hidden is followed by the name of the outermost
//! hiding element and a count of elements of that name inside it, which takes no stack and cannot be made to cost more.

use super::blanks::{append, end_line};
use super::scope::Scope;
use super::style::{Looks, Sheet};
use super::tokens::{Attribute, Event};
use super::{stripped, tag};
use crate::extract::formats::table::Tables;
use crate::extract::sink::Sink;
use crate::mime::{charset, percent_decoded};
use crate::model::{Boundary, GapReason, Region};

/// Collects a page into a sink.
pub struct Page<'s> {
    sink: &'s mut Sink,
    flow: String,
    tables: Tables,
    sheet: Sheet,
    /// The last style read: pages repeat theirs.
    styled: (String, Looks),
    concealed: Option<Scope>,
    coloured: Option<Scope>,
    preformatted: Option<Scope>,
    raw: Option<Raw>,
    hidden: String,
    mixed: Option<Mixed>,
    /// An element whose letters run from right to left by its style.
    turned: Option<Scope>,
    /// What style sheets put behind the text of open elements.
    behind: Vec<(Scope, String)>,
    /// Longer texts that they put in, in their order.
    placed: String,
    /// How many more bytes they may put in.
    room: usize,
    asides: Vec<(Region, String)>,
}

/// Most elements with text behind theirs that are open at a time.
const MOST_BEHIND: usize = 512;
/// Most letters that a style sheet puts into a word; a text of more stands for itself.
const LETTERS: usize = 3;
/// Longest text that holds no more than such letters.
const LONGEST_LETTERS: usize = 32;
/// Longest number, or part of one, that a sheet puts in.
const LONGEST_NUMBER: usize = 16;
/// Most bytes that style sheets put into a page: one rule may hold for every element.
const MOST_PUT_IN: usize = 1 << 20;

/// A start tag, and what its attributes say of the element.
struct Tag<'t> {
    name: &'t [u8],
    attributes: &'t [Attribute<'t>],
    looks: Looks,
    span: u32,
    /// Whether its text runs from right to left.
    turned: bool,
    /// Whether its style says so of each letter.
    overridden: bool,
    field: Field<'t>,
}

/// What an `input` shows or sends (WHATWG HTML, 4.10.5).
#[derive(Default)]
struct Field<'t> {
    kind: &'t str,
    name: &'t str,
    label: &'t str,
    value: &'t str,
}

/// Elements whose content is not flowing text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Raw {
    Script,
    Style,
    Title,
    Markup,
}

/// A line of visible and hidden text together, kept when the two touch without a blank: a number may run across.
struct Mixed {
    line: String,
    glued: bool,
    last_hidden: bool,
}

impl<'s> Page<'s> {
    /// Makes an empty page under a style sheet.
    pub fn new(sheet: Sheet, sink: &'s mut Sink) -> Self {
        Self {
            sink,
            flow: String::new(),
            tables: Tables::default(),
            sheet,
            styled: Default::default(),
            concealed: None,
            coloured: None,
            preformatted: None,
            raw: None,
            hidden: String::new(),
            mixed: None,
            turned: None,
            behind: Vec::new(),
            placed: String::new(),
            room: MOST_PUT_IN,
            asides: Vec::new(),
        }
    }

    /// Takes the next token.
    pub(super) fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(name, attributes) => self.start(name, attributes),
            Event::Stray(attributes) => drop(self.read(b"", attributes)),
            Event::End(name) => self.end(name),
            Event::Text(text) => self.text(text),
            Event::Comment(text) => self.comment(text),
        }
    }

    /// Puts what is left; `unfinished` is a tag that never closed.
    pub fn finish(mut self, unfinished: &str) {
        while let Some((_, text)) = self.behind.pop() {
            self.put_text(&text);
        }
        self.flush();
        let placed = std::mem::take(&mut self.placed);
        self.aside(Region::Hidden, placed);
        self.end_hidden();
        self.aside(Region::Hidden, unfinished.to_owned());
        for (region, text) in self.asides {
            self.sink.text(region, text, Boundary::Block);
        }
    }

    /// Reads the attributes of a tag.
    fn read<'t>(&mut self, name: &'t [u8], attributes: &'t [Attribute<'t>]) -> Tag<'t> {
        let (looks, field) = (Looks::default(), Field::default());
        let mut tag = Tag { name, attributes, looks, span: 1, turned: false, overridden: false, field };
        for (name, value) in attributes {
            if *name == b"hidden" {
                tag.looks.hidden = true;
            }
            if !value.is_empty() {
                self.attribute(name, value, &mut tag);
            }
        }
        tag
    }

    fn attribute<'t>(&mut self, name: &[u8], value: &'t str, tag: &mut Tag<'t>) {
        match name {
            b"style" => {
                if self.styled.0 != value {
                    self.styled = (value.to_owned(), Looks::of(value));
                }
                let looks = self.styled.1;
                tag.looks.hidden |= looks.hidden;
                tag.looks.white |= looks.white;
                tag.looks.coloured |= looks.coloured;
                tag.overridden |= looks.overrides;
            }
            b"class" => {
                tag.looks.hidden |= self.sheet.hidden.has_class(value);
                tag.overridden |= self.sheet.turned.has_class(value);
            }
            b"id" => {
                tag.looks.hidden |= self.sheet.hidden.has_id(value);
                tag.overridden |= self.sheet.turned.has_id(value);
            }
            b"dir" => tag.turned = value.trim().eq_ignore_ascii_case("rtl"),
            b"colspan" => tag.span = value.trim().parse().unwrap_or(1),
            name => tag.looks.attribute(name, value),
        }
        let start = value.trim_start().get(..5).unwrap_or_default();
        if start.eq_ignore_ascii_case("data:") {
            self.data_uri(value.trim());
        } else if name == b"srcdoc" {
            self.sink.child(None, "text/html", value.as_bytes().to_vec());
        } else if tag.name == b"input" && tag.field.take(name, value) {
            // It is put with the others of its field, once the tag is complete.
        } else if tag::is_read(name, value) {
            let value = if value.contains('%') {
                charset::decode(&percent_decoded(value), None)
            } else {
                value.to_owned()
            };
            self.aside(Region::Attribute, value);
        }
    }

    /// Decodes `data:type;base64,…` into a file of its own (RFC 2397).
    fn data_uri(&mut self, uri: &str) {
        let Some((head, data)) = uri.get(5..).and_then(|rest| rest.split_once(',')) else { return };
        let bytes = percent_decoded(data);
        let (media, encoded) = head.strip_suffix(";base64").map_or((head, false), |media| (media, true));
        if encoded {
            self.sink.encoded_child(None, media, &bytes);
        } else {
            self.sink.child(None, media, bytes);
        }
    }

    fn start(&mut self, name: &[u8], attributes: &[Attribute<'_>]) {
        let tag = self.read(name, attributes);
        self.raw = match name {
            b"script" => Some(Raw::Script),
            b"style" => Some(Raw::Style),
            b"title" => Some(Raw::Title),
            b"iframe" | b"xmp" | b"noembed" | b"noframe" | b"noscript" => Some(Raw::Markup),
            _ => None,
        };
        if tag::breaks_line(name) {
            self.break_line();
        }
        if matches!(name, b"table" | b"tr" | b"td" | b"th") {
            self.start_table_tag(name, tag.span);
        }
        if !tag::is_void(name) {
            self.follow(&tag);
        }
        if name == b"bdo" && tag.turned {
            self.text("\u{202e}");
        }
        let turns = tag.overridden || self.sheet.turned.has_element(name);
        if !tag::is_void(name) {
            if self.turned.is_none() && turns {
                self.flow("\u{202e}");
            }
            Scope::enter(&mut self.turned, name, turns);
        }
        if self.sheet.places() && self.room > 0 {
            self.put_in(&tag);
        }
        if name == b"input" {
            self.field(&tag.field);
        }
    }

    /// Puts in what style sheets say: before the text of an element at once, behind it when it ends.
    fn put_in(&mut self, tag: &Tag<'_>) {
        for (open, _) in self.behind.last_mut().into_iter().filter(|(open, _)| open.name == tag.name) {
            open.open += 1;
        }
        let [before, behind] = self.sheet.put_in(tag.name, tag.attributes);
        self.put_text(&before);
        if tag::is_void(tag.name) {
            self.put_text(&behind);
        } else if !behind.is_empty() && self.behind.len() < MOST_BEHIND {
            self.behind.push((Scope { name: tag.name.to_vec(), open: 1 }, behind));
        }
    }

    fn put_text(&mut self, text: &str) {
        let says = text.chars().filter(|letter| letter.is_alphanumeric()).count();
        if says == 0 {
            return;
        }
        let Some(room) = self.room.checked_sub(text.len()) else {
            self.room = 0;
            return self.sink.gap(GapReason::TooLarge);
        };
        self.room = room;
        if says <= LETTERS && text.len() <= LONGEST_LETTERS || self.goes_on(text) {
            self.flow(text);
        } else {
            self.placed.push_str(text);
            self.placed.push('\n');
        }
    }

    /// Whether text that a sheet puts in goes on with what stands before it as one number: digits that touch a letter or digit.
    fn goes_on(&self, text: &str) -> bool {
        let one = text.len() <= LONGEST_NUMBER && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let line = if self.concealed.is_some() { &self.hidden } else { &self.flow };
        one && text.bytes().any(|byte| byte.is_ascii_digit()) && line.ends_with(char::is_alphanumeric)
    }

    /// Ends an element behind whose text a style sheet puts some.
    fn end_behind(&mut self, name: &[u8]) {
        let Some((open, _)) = self.behind.last_mut().filter(|(open, _)| open.name == name) else { return };
        open.open -= 1;
        if open.open == 0
            && let Some((_, text)) = self.behind.pop()
        {
            self.put_text(&text);
        }
    }

    /// A field of a form: what was typed into it stands in the sentence, behind its label.
    fn field(&mut self, field: &Field<'_>) {
        let shown = [
            "",
            "text",
            "search",
            "tel",
            "email",
            "url",
            "number",
            "date",
            "month",
            "week",
            "time",
            "datetime-local",
        ];
        let Field { kind, name, label, value } = field;
        if shown.iter().any(|shown| shown.eq_ignore_ascii_case(kind)) && !value.is_empty() {
            let label = if label.is_empty() { String::new() } else { format!("{label} : ") };
            self.flow(&format!(" {label}{value} "));
            return;
        }
        let name = if label.is_empty() { name } else { label };
        let region = if kind.eq_ignore_ascii_case("hidden") { Region::Hidden } else { Region::Attribute };
        let said = [*name, *value].into_iter().filter(|said| !said.is_empty());
        if !value.is_empty() || !label.is_empty() {
            self.aside(region, said.collect::<Vec<_>>().join(" : "));
        }
    }

    fn start_table_tag(&mut self, name: &[u8], span: u32) {
        self.flush();
        match name {
            b"table" => self.tables.open(),
            b"tr" => self.tables.row(),
            _ => self.tables.cell(span),
        }
    }

    /// Follows an element that hides, colours or keeps blanks, or counts one inside such an element.
    fn follow(&mut self, tag: &Tag<'_>) {
        let seen_on_colour = tag.looks.coloured || self.coloured.is_some();
        let hides = tag.looks.hidden
            || self.sheet.hidden.has_element(tag.name)
            || matches!(tag.name, b"template" | b"rt")
            || (tag.looks.white && !seen_on_colour);
        if self.concealed.is_none() && hides {
            self.begin_hidden();
        }
        Scope::enter(&mut self.concealed, tag.name, hides);
        Scope::enter(&mut self.coloured, tag.name, tag.looks.coloured);
        Scope::enter(&mut self.preformatted, tag.name, matches!(tag.name, b"pre" | b"textarea" | b"listing"));
    }

    fn end(&mut self, name: &[u8]) {
        self.raw = None;
        if name == b"bdo" {
            self.text("\u{202c}");
        }
        self.end_behind(name);
        if Scope::leave(&mut self.turned, name) {
            self.flow("\u{202c}");
        }
        if tag::breaks_line(name) {
            self.break_line();
        }
        match name {
            b"table" => {
                self.flush();
                self.tables.close();
            }
            b"td" | b"th" => {
                self.flush();
                self.tables.end_cell();
            }
            _ => {}
        }
        Scope::leave(&mut self.coloured, name);
        Scope::leave(&mut self.preformatted, name);
        if Scope::leave(&mut self.concealed, name) {
            self.end_hidden();
        }
    }

    fn text(&mut self, text: &str) {
        match self.raw {
            Some(Raw::Script) => self.aside(Region::Hidden, text.to_owned()),
            Some(Raw::Title) => self.aside(Region::Property, text.to_owned()),
            Some(Raw::Style) => {
                if text.contains("content") || text.contains("/*") || longest_number(text) >= 7 {
                    self.aside(Region::Hidden, text.to_owned());
                }
            }
            Some(Raw::Markup) => {
                let text = stripped(text);
                self.flow(&text);
            }
            None => self.flow(text),
        }
    }

    fn flow(&mut self, text: &str) {
        let keep = self.preformatted.is_some();
        let concealed = self.concealed.is_some();
        if concealed || self.mixed.is_some() {
            self.mix(text, concealed);
        }
        append(if concealed { &mut self.hidden } else { &mut self.flow }, text, keep);
    }

    fn comment(&mut self, text: &str) {
        let text = if text.contains('<') { stripped(text) } else { text.to_owned() };
        self.aside(Region::Comment, text);
    }

    fn aside(&mut self, region: Region, text: String) {
        if !text.trim_ascii().is_empty() {
            self.asides.push((region, text));
        }
    }

    fn begin_hidden(&mut self) {
        if self.mixed.is_none() {
            let line = self.flow.rsplit('\n').next().unwrap_or_default();
            let line =
                line.get(line.floor_char_boundary(line.len().saturating_sub(200))..).unwrap_or_default();
            self.mixed = Some(Mixed { line: line.to_owned(), glued: false, last_hidden: false });
        }
    }

    fn end_hidden(&mut self) {
        let hidden = std::mem::take(&mut self.hidden);
        self.aside(Region::Hidden, hidden);
    }

    /// Adds to the line of visible and hidden text, and notes where the two touch.
    fn mix(&mut self, text: &str, hidden: bool) {
        let Some(mixed) = &mut self.mixed else { return };
        if text.is_empty() {
            return;
        }
        let touches = mixed.line.ends_with(char::is_alphanumeric) && text.starts_with(char::is_alphanumeric);
        mixed.glued |= touches && hidden != mixed.last_hidden;
        mixed.last_hidden = hidden;
        append(&mut mixed.line, text, false);
    }

    fn break_line(&mut self) {
        let flow = if self.concealed.is_some() { &mut self.hidden } else { &mut self.flow };
        end_line(flow);
        if self.turned.is_some() && flow.ends_with('\n') {
            flow.push_str("\u{202c}\u{202e}");
        }
        if self.concealed.is_none()
            && let Some(mixed) = self.mixed.take().filter(|mixed| mixed.glued)
        {
            self.aside(Region::Hidden, mixed.line);
        }
    }

    /// Empties the line buffer into the cell or block that it belongs to.
    fn flush(&mut self) {
        if let Some(mixed) = self.mixed.take().filter(|mixed| mixed.glued) {
            self.aside(Region::Hidden, mixed.line);
        }
        let says = !self.flow.trim_ascii().is_empty();
        let text = self.flow.trim_end_matches(['\n', ' ']);
        if says {
            match self.tables.place() {
                (Some(cell), boundary) => self.sink.cell(cell, text, boundary),
                (None, boundary) => self.sink.text(Region::Body, text, boundary),
            }
        }
        self.flow.clear();
        if says && self.turned.is_some() {
            // It holds in each cell and line.
            self.flow.push('\u{202e}');
        }
    }
}

impl<'t> Field<'t> {
    /// Keeps an attribute; whether it is put with the field and not for itself.
    fn take(&mut self, attribute: &[u8], value: &'t str) -> bool {
        let place = match attribute {
            b"type" => &mut self.kind,
            b"name" => &mut self.name,
            b"aria-label" => &mut self.label,
            b"value" => &mut self.value,
            _ => return false,
        };
        *place = value;
        matches!(attribute, b"aria-label" | b"value")
    }
}

fn longest_number(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}
