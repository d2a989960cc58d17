//! Content streams: what is shown on a page, in the order in which it is written (ISO 32000-1, 8 and 9).
//!
//! Where text stands tells what parts it: a step within a line is a blank or a tab, any other a line end. Each stream is read once in
//! a file, however many pages show it.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::beneath::{Beneath, says};
use super::between;
use super::file::File;
use super::font::{Font, Glyph};
use super::layout::{BLANK, Layout, Piece, TAB};
use super::object::{Dict, Lexer, Object, is_blank};
use super::pictures::{Part, Picture, Pictures};
use super::words;
use crate::extract::sink::Sink;
use crate::model::{Boundary, GapReason, Region, Share};

/// Most forms inside one another.
const DEEPEST: u32 = 12;
/// Most bytes of one stream that are read: a page of text is a hundredth of it.
const LONGEST: usize = 16 << 20;
/// Most states saved.
const MOST_STATES: usize = 512;

/// Reads content into text.
#[derive(Debug, Default)]
pub struct Painter {
    fonts: BTreeMap<u32, Rc<Font>>,
    text: String,
    last: Option<Last>,
    /// Text that stands for what is shown until its mark ends, and the marks open.
    instead: Vec<Option<String>>,
    /// What is shown under such text.
    beneath: Beneath,
    /// Whether the place of such text was taken into account.
    placed: bool,
    depth: u32,
    layout: Layout,
    pictures: Pictures,
    glyphs: Count,
}

/// Glyphs shown, and those whose meaning was guessed or not found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// All.
    pub shown: usize,
    /// Doubtful ones.
    pub doubtful: usize,
    /// Doubtful ones since the last known one, and the first codes among them.
    row: usize,
    codes: [Option<u32>; 4],
    /// Whether a row of them is long enough to be a word or a number.
    words: bool,
}

impl Count {
    /// Counts a glyph. A row of eight doubtful ones that has four different ones may be words; bullets, boxes and dots are not.
    fn put(&mut self, glyph: &Glyph) {
        self.shown += 1;
        self.doubtful += usize::from(glyph.doubtful);
        if glyph.doubtful && !glyph.symbol {
            self.row += 1;
            if !self.codes.contains(&Some(glyph.code))
                && let Some(free) = self.codes.iter_mut().find(|code| code.is_none())
            {
                *free = Some(glyph.code);
            }
            self.words |= self.row >= 8 && self.codes.iter().all(Option::is_some);
        } else if !glyph.text.trim().is_empty() {
            (self.row, self.codes) = (0, [None; 4]);
        }
    }

    /// Whether what is shown cannot be known by its glyphs.
    fn is_unread(&self) -> bool {
        self.words || self.shown >= 20 && self.doubtful * 5 > self.shown * 4
    }
}

/// What a page says and shows.
#[derive(Debug)]
pub struct Painted {
    /// Its text, in the order in which it was written.
    pub text: String,
    /// Lines that stand otherwise than they were written.
    pub moved: String,
    /// What it shows where other text was said to stand for it, and did not say the same.
    pub beneath: String,
    /// What its pictures are to it.
    pub pictures: Part,
    /// How well its glyphs are known.
    pub glyphs: Count,
}

/// Where the last text ended.
#[derive(Clone, Debug)]
struct Last {
    angle: f64,
    start: f64,
    end: f64,
    line: f64,
    text: String,
    /// Whether the widths of its glyphs are known.
    measured: bool,
}

type Matrix = [f64; 6];
const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// What a content stream sets.
#[derive(Clone, Debug)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    letter: f64,
    word: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

/// A run of one stream.
struct Run<'r> {
    resources: &'r Dict,
    state: State,
    saved: Vec<State>,
    text: Matrix,
    line: Matrix,
}

impl Painter {
    /// What was painted so far on a page of this size; starts anew.
    pub fn finish(&mut self, page: [f64; 4]) -> Painted {
        self.last = None;
        self.instead.clear();
        let beneath = std::mem::take(&mut self.beneath).text;
        let glyphs = std::mem::take(&mut self.glyphs);
        let pictures = std::mem::take(&mut self.pictures);
        let pictures =
            if glyphs.is_unread() { Part::Page } else { pictures.part_in(page, self.layout.pieces()) };
        Painted {
            text: std::mem::take(&mut self.text),
            moved: self.layout.finish(),
            beneath,
            pictures,
            glyphs,
        }
    }

    /// Reads a content stream.
    pub fn paint(&mut self, file: &mut File<'_>, content: &[u8], resources: &Dict, sink: &mut Sink) {
        let state = State {
            matrix: UNIT,
            font: None,
            size: 1.0,
            letter: 0.0,
            word: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        self.run(file, content, resources, state, sink);
    }

    fn run(&mut self, file: &mut File<'_>, content: &[u8], resources: &Dict, state: State, sink: &mut Sink) {
        let kept = content.get(..LONGEST).unwrap_or(content);
        if kept.len() < content.len() {
            let wide = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            sink.cut(GapReason::TooCostly, Some(Share { read: wide(kept), of: Some(wide(content)) }));
        }
        let content = kept;
        let mut run = Run { resources, state, saved: Vec::new(), text: UNIT, line: UNIT };
        let mut lexer = Lexer::new(content, 0);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(object) = lexer.next() {
            match object {
                Object::Word(word) if word == b"ID" => {
                    self.picture(&run.state.matrix, inline_bits(&operands) == 1);
                    skip_image(content, &mut lexer);
                    operands.clear();
                }
                Object::Word(word) => {
                    self.operate(&word, &operands, &mut run, file, sink);
                    operands.clear();
                }
                other if operands.len() < 64 => operands.push(other),
                _ => {}
            }
        }
        if lexer.cut {
            sink.gap(GapReason::TooCostly);
        }
        let comments = lexer.comments.into_iter().filter_map(|comment| content.get(comment));
        let comments = comments.map(between::text).collect::<String>();
        sink.text(Region::Hidden, comments, Boundary::Block);
    }

    fn operate(
        &mut self,
        word: &[u8],
        operands: &[Object],
        run: &mut Run<'_>,
        file: &mut File<'_>,
        sink: &mut Sink,
    ) {
        let number = |at: usize| operands.get(at).and_then(Object::number).unwrap_or(0.0);
        let state = &mut run.state;
        match word {
            b"q" if run.saved.len() < MOST_STATES => run.saved.push(state.clone()),
            b"Q" => run.state = run.saved.pop().unwrap_or_else(|| state.clone()),
            b"cm" => state.matrix = times(&matrix(operands), &state.matrix),
            b"BT" => (run.text, run.line) = (UNIT, UNIT),
            b"Tc" => state.letter = number(0),
            b"Tw" => state.word = number(0),
            b"Tz" => state.stretch = number(0) / 100.0,
            b"TL" => state.leading = number(0),
            b"Ts" => state.rise = number(0),
            b"Tf" => {
                state.size = number(1);
                let name = operands.first().and_then(Object::name).unwrap_or_default().to_owned();
                run.state.font = self.font(file, run.resources, &name, sink);
            }
            b"Td" => run.step(number(0), number(1)),
            b"TD" => {
                state.leading = -number(1);
                run.step(number(0), number(1));
            }
            b"Tm" => (run.text, run.line) = (matrix(operands), matrix(operands)),
            b"T*" => run.next_line(),
            b"Tj" | b"'" | b"\"" => {
                if word == b"\"" {
                    (state.word, state.letter) = (number(0), number(1));
                }
                if word != b"Tj" {
                    run.next_line();
                }
                let bytes = operands.last().and_then(Object::string).unwrap_or_default();
                self.show(bytes, run);
            }
            b"TJ" => {
                for item in operands.first().map(Object::items).unwrap_or_default() {
                    match item {
                        Object::String(bytes) => self.show(bytes, run),
                        other => {
                            let back = other.number().unwrap_or(0.0) / 1000.0;
                            run.advance(-back * run.state.size * run.state.stretch);
                        }
                    }
                }
            }
            b"Do" => {
                let name = operands.first().and_then(Object::name).unwrap_or_default().to_owned();
                self.form(&name, run, file, sink);
            }
            b"BDC" => {
                self.placed = false;
                self.instead.push(actual(operands, run.resources, file));
            }
            b"c" | b"v" | b"y" => self.pictures.curves = self.pictures.curves.saturating_add(1),
            b"BMC" => self.instead.push(None),
            b"EMC" => {
                if let Some(Some(text)) = self.instead.pop() {
                    if self.text.len() < LONGEST {
                        self.text.push_str(&text);
                    } else {
                        sink.gap(GapReason::TooCostly);
                    }
                    if !self.instead.iter().flatten().any(|text| says(text)) {
                        self.beneath.end(&text);
                    }
                }
            }
            _ => {}
        }
        self.instead.truncate(MOST_STATES);
    }

    fn font(&mut self, file: &File<'_>, resources: &Dict, name: &str, sink: &mut Sink) -> Option<Rc<Font>> {
        let fonts = file.value(resources, "Font").dict()?;
        match fonts.get(name)? {
            Object::Ref(number) => {
                if let Some(known) = self.fonts.get(number) {
                    return Some(Rc::clone(known));
                }
                let font = Rc::new(Font::read(file, file.get(*number).dict()?, sink));
                self.fonts.insert(*number, Rc::clone(&font));
                Some(font)
            }
            direct => Some(Rc::new(Font::read(file, direct.dict()?, sink))),
        }
    }

    /// Reads a form that the stream shows.
    fn form(&mut self, name: &str, run: &Run<'_>, file: &mut File<'_>, sink: &mut Sink) {
        let Some(Object::Ref(number)) =
            file.value(run.resources, "XObject").dict().and_then(|all| all.get(name)).cloned()
        else {
            return;
        };
        let form = file.get(number).clone();
        let Some(dict) = form.dict() else { return };
        match dict.get("Subtype").and_then(Object::name) {
            Some("Form") => {}
            Some("Image") => {
                let bits = file.value(dict, "BitsPerComponent").index();
                return self
                    .picture(&run.state.matrix, bits == Some(1) || is_fax(file.value(dict, "Filter")));
            }
            _ => return,
        }
        if self.depth >= DEEPEST {
            return;
        }
        let Some(content) = file.decode_once(number, &form, sink) else { return };
        let own = file.value(dict, "Resources").dict().cloned();
        let placed = file.value(dict, "Matrix").items().to_vec();
        let placed = if placed.len() == 6 { matrix(&placed) } else { UNIT };
        let state = State { matrix: times(&placed, &run.state.matrix), ..run.state.clone() };
        self.depth += 1;
        self.run(file, &content, own.as_ref().unwrap_or(run.resources), state, sink);
        self.depth -= 1;
    }

    /// Notes a picture, which fills a square of one by one.
    fn picture(&mut self, [a, b, c, d, e, f]: &Matrix, bilevel: bool) {
        let place = [
            e + a.min(0.0) + c.min(0.0),
            f + b.min(0.0) + d.min(0.0),
            e + a.max(0.0) + c.max(0.0),
            f + b.max(0.0) + d.max(0.0),
        ];
        self.pictures.put(Picture { place, bilevel });
    }

    /// Shows a string: its text goes where its place says it belongs.
    fn show(&mut self, bytes: &[u8], run: &mut Run<'_>) {
        let state = &run.state;
        let Some(font) = state.font.clone() else { return };
        let measured = font.is_measured();
        let (mut text, mut width) = (String::new(), 0.0);
        let mut strings = Strings::default();
        let glyphs = &mut self.glyphs;
        font.each(bytes, |glyph| {
            let word = if glyph.blank { state.word } else { 0.0 };
            let start = width;
            width += (glyph.width / 1000.0 * state.size + state.letter + word) * state.stretch;
            text.push_str(&glyph.text);
            strings.put(&glyph.text, start, width);
            glyphs.put(glyph);
        });
        let whole = times(&run.text, &state.matrix);
        let [a, b, ..] = whole;
        let scale = a.hypot(b).max(1e-6);
        let size = (state.size.abs() * scale).max(1e-6);
        let angle = b.atan2(a);
        let [_, _, c, d, e, f] = whole;
        let (x, y) = (c.mul_add(state.rise, e), d.mul_add(state.rise, f));
        let (sine, cosine) = angle.sin_cos();
        let (start, line) = (x * cosine + y * sine, y * cosine - x * sine);
        let end = start + width * scale;
        run.advance(width);
        let mut instead = self.instead.iter().flatten();
        let covered = instead.any(|text| says(text));
        // Text without letters stands for a hyphen or a blank, never for words.
        if covered || self.instead.iter().any(Option::is_some) && !says(&text) {
            // What stands for it comes at its mark's end; where it stands is what parts it from the text before.
            if let Some(before) =
                self.last.replace(Last { angle, start, end, line, text: String::new(), measured })
            {
                let here = Last { angle, start, end, line, text, measured };
                if covered {
                    self.beneath.put(parting(&before, &here, size), &here.text);
                }
                if !self.placed {
                    self.part(&before, &here, size);
                }
            } else if covered {
                self.beneath.put("", &text);
            }
            self.placed = true;
            return;
        }
        if text.is_empty() {
            return;
        }
        let last = Last { angle, start, end, line, text, measured };
        if let Some(before) = self.last.take() {
            // Drawn twice to look bold. Two letters that are the same stand a width apart.
            let by = (size * 0.3).min((end - start).abs() * 0.4);
            if before.text == last.text
                && near(before.start, start, by)
                && near(before.line, line, size * 0.3)
            {
                self.last = Some(before);
                return;
            }
            self.part(&before, &last, size);
        }
        for (text, from, to) in strings.all {
            let (start, end) = (start + from * scale, start + to * scale);
            self.layout.put(Piece { angle, start, end, line, size, text });
        }
        self.text.push_str(&last.text);
        self.last = Some(last);
    }

    /// Puts what parts two shown strings.
    fn part(&mut self, before: &Last, after: &Last, size: f64) {
        let blank = self.text.ends_with(char::is_whitespace) || after.text.starts_with(char::is_whitespace);
        match parting(before, after, size) {
            " " if blank => {}
            parting => self.text.push_str(parting),
        }
    }
}

/// What parts two shown strings.
fn parting(before: &Last, after: &Last, size: f64) -> &'static str {
    let gap = after.start - before.end;
    // Widths may be guessed too large: what starts after the start of what stands before it goes on.
    let back = gap < -size && (before.measured || after.start <= before.start);
    let turned = !near(before.angle, after.angle, 0.1);
    if turned || !near(before.line, after.line, size * 0.55) || back {
        "\n"
    } else if gap > TAB * size {
        "\t"
    } else if gap > BLANK * size {
        " "
    } else {
        ""
    }
}

/// What one shown string says between runs of blanks, with where each stretch starts and ends in it.
#[derive(Default)]
struct Strings {
    all: Vec<(String, f64, f64)>,
    blanks: usize,
}

impl Strings {
    fn put(&mut self, glyph: &str, start: f64, end: f64) {
        if glyph.trim().is_empty() {
            self.blanks += 1;
            return;
        }
        match self.all.last_mut().filter(|_| self.blanks < 2) {
            Some((text, _, last)) => {
                if self.blanks == 1 {
                    text.push(' ');
                }
                text.push_str(glyph);
                *last = end;
            }
            None => self.all.push((glyph.to_owned(), start, end)),
        }
        self.blanks = 0;
    }
}

/// Bits of a colour of an image in the stream.
fn inline_bits(operands: &[Object]) -> usize {
    let is = |key: &Object| matches!(key.name(), Some("BPC" | "BitsPerComponent"));
    let value = operands.iter().position(is).and_then(|at| operands.get(at + 1));
    value.and_then(Object::index).unwrap_or(1)
}

/// Whether a filter is one of those for pictures of two colours.
fn is_fax(filter: &Object) -> bool {
    let last = filter.items().last().unwrap_or(filter);
    matches!(last.name(), Some("CCITTFaxDecode" | "JBIG2Decode"))
}

impl Run<'_> {
    fn advance(&mut self, by: f64) {
        self.text = times(&[1.0, 0.0, 0.0, 1.0, by, 0.0], &self.text);
    }

    fn step(&mut self, x: f64, y: f64) {
        self.line = times(&[1.0, 0.0, 0.0, 1.0, x, y], &self.line);
        self.text = self.line;
    }

    fn next_line(&mut self) {
        self.step(0.0, -self.state.leading);
    }
}

/// Text that a mark says to stand for what is shown (14.9.4).
fn actual(operands: &[Object], resources: &Dict, file: &File<'_>) -> Option<String> {
    let dict = match operands.get(1)? {
        Object::Name(name) => file.value(file.value(resources, "Properties").dict()?, name).dict()?,
        other => other.dict()?,
    };
    file.value(dict, "ActualText").string().map(words)
}

/// Skips the bytes of an image in the stream (8.9.7).
fn skip_image(content: &[u8], lexer: &mut Lexer<'_>) {
    let start = lexer.at;
    let rest = content.get(start..).unwrap_or_default();
    let ends = |at: &usize| {
        let before = at.checked_sub(1).and_then(|at| rest.get(at)).is_none_or(|byte| is_blank(*byte));
        before && rest.get(at + 2).is_none_or(|byte| is_blank(*byte))
    };
    let end = memchr::memmem::find_iter(rest, b"EI").find(ends).map_or(rest.len(), |at| at + 2);
    lexer.at = start + end;
}

fn matrix(operands: &[Object]) -> Matrix {
    let number = |at: usize| operands.get(at).and_then(Object::number).unwrap_or(0.0);
    [number(0), number(1), number(2), number(3), number(4), number(5)]
}

fn times([a, b, c, d, e, f]: &Matrix, [g, h, i, j, k, l]: &Matrix) -> Matrix {
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}

fn near(one: f64, other: f64, by: f64) -> bool {
    (one - other).abs() <= by
}
