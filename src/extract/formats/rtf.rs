//! Rich Text Format (Microsoft RTF 1.9.1; words compiled by us, 2026-11).
//!
//! In: bytes. Out: text with cells, annotations and hidden text beside it, embedded objects as files inside, HTML that Outlook wrapped
//! as a page. Groups are followed to a bound; past it their text is still read.

use std::collections::BTreeMap;

use encoding_rs::Encoding;

use super::table::Tables;
use super::{Format, behind, emf, named, ole, sweep, wmf};
use crate::extract::endian::long;
use crate::extract::kind;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, GapReason, Region, Share};

/// Takes what opens with the mark.
pub const FORMAT: Format = Format {
    behind: false,
    name: "rtf",
    claims: |source| source.bytes.trim_ascii_start().starts_with(b"{\\rt"),
    read,
};

/// Deepest groups whose state is kept.
const DEEPEST: usize = 2_000;
/// Destinations without text of anyone.
const SILENT: &[&[u8]] = &[
    b"fonttbl",
    b"colortbl",
    b"stylesheet",
    b"pict",
    b"listtable",
    b"listoverridetable",
    b"rsidtbl",
    b"generator",
    b"themedata",
    b"colorschememapping",
    b"latentstyles",
    b"datastore",
    b"xmlnstbl",
    b"objclass",
    b"blipuid",
    b"filetbl",
    b"mmathPr",
    b"nonshppict",
    b"datafield",
    b"panose",
    b"falt",
    b"pgdsctbl",
    b"fontemb",
];

/// Where the text of a group goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    Text,
    Silent,
    Fonts,
    Object,
    Code,
    Comment,
    Property,
    Html,
    /// What numbers of a list look like.
    Level,
}

#[derive(Clone, Copy, Debug)]
struct State {
    to: To,
    hidden: bool,
    /// Bytes that stand in for a Unicode character.
    skip: usize,
    font: i32,
    /// Whether the group's text repeats HTML.
    repeats: bool,
}

struct Rtf<'s> {
    sink: &'s mut Sink,
    state: State,
    open: Vec<State>,
    beyond: usize,
    /// Where groups were first nested past the bound.
    too_deep: Option<usize>,
    /// Where something was first cut off.
    cut: Option<usize>,
    page: &'static Encoding,
    fonts: BTreeMap<i32, &'static Encoding>,
    /// Bytes not yet decoded, and where they go.
    bytes: Vec<u8>,
    units: Vec<u16>,
    to_skip: usize,
    /// Whether `\*` came before.
    optional: bool,
    text: String,
    others: Vec<(Region, String)>,
    object: Vec<u8>,
    html: String,
    wrapped: bool,
    tables: Tables,
    in_table: bool,
    /// Whether the paragraph says that it is in a table.
    paragraph_in_table: bool,
    /// What numbers of a list look like.
    level: String,
    /// Whether the text goes on behind the end of the first group. Line ends there may be those of a plain text.
    goes_on: bool,
    /// What else stands there.
    rest: Vec<u8>,
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let state = State { to: To::Text, hidden: false, skip: 1, font: -1, repeats: false };
    let mut rtf = Rtf {
        sink,
        state,
        open: Vec::new(),
        beyond: 0,
        too_deep: None,
        cut: None,
        page: encoding_rs::WINDOWS_1252,
        fonts: BTreeMap::new(),
        bytes: Vec::new(),
        units: Vec::new(),
        to_skip: 0,
        optional: false,
        text: String::new(),
        others: Vec::new(),
        object: Vec::new(),
        html: String::new(),
        wrapped: false,
        tables: Tables::default(),
        in_table: false,
        paragraph_in_table: false,
        level: String::new(),
        goes_on: false,
        rest: Vec::new(),
    };
    rtf.run(&source.bytes);
    rtf.tell(source.bytes.len());
    rtf.finish();
}

impl Rtf<'_> {
    fn run(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'{' => self.begin(at),
                b'}' => {
                    let level = self.open.len();
                    self.end();
                    if level == 1 && self.open.is_empty() && !self.goes_on {
                        let rest = bytes.get(at..).unwrap_or_default();
                        self.goes_on = goes_on(rest);
                        if !self.goes_on {
                            return self.rest = rest.to_vec();
                        }
                    }
                }
                b'\r' | b'\n' if self.goes_on => self.put("\n"),
                b'\r' | b'\n' => {}
                b'\\' => at = self.control(bytes, at),
                _ => self.byte(byte),
            }
        }
    }

    fn begin(&mut self, at: usize) {
        self.flush();
        self.to_skip = 0;
        if self.open.len() < DEEPEST {
            self.open.push(self.state);
        } else {
            self.beyond += 1;
            self.too_deep.get_or_insert(at);
        }
    }

    /// Tells what may have been taken for something else: groups without an end, and those past the bound, whose state is not kept.
    fn tell(&mut self, size: usize) {
        let open = !self.open.is_empty();
        if let Some(at) = self.cut.or_else(|| open.then_some(size)) {
            self.sink.damaged(at, size);
        }
        if let Some(at) = self.too_deep {
            let wide = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
            self.sink.cut(GapReason::TooDeep, Some(Share { read: wide(at), of: Some(wide(size)) }));
        }
    }

    fn end(&mut self) {
        self.flush();
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let before = self.state;
        self.state = self.open.pop().unwrap_or(self.state);
        if before.to != self.state.to {
            match before.to {
                To::Object => self.put_object(),
                To::Code | To::Comment | To::Property => self.others.push((Region::Body, String::new())),
                To::Level => self.put_level(),
                To::Text | To::Silent | To::Fonts | To::Html => {}
            }
        }
    }

    /// Reads a control word or symbol; gives where the text goes on.
    fn control(&mut self, bytes: &[u8], at: usize) -> usize {
        let rest = bytes.get(at..).unwrap_or_default();
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).take(40).count();
        if letters == 0 {
            return at + self.symbol(rest);
        }
        let (word, rest) = rest.split_at_checked(letters).unwrap_or((rest, &[]));
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.iter().skip(sign).take_while(|byte| byte.is_ascii_digit()).take(11).count();
        let number = rest
            .get(..if digits > 0 { sign + digits } else { 0 })
            .and_then(|it| std::str::from_utf8(it).ok());
        let number = number.and_then(|digits| digits.parse::<i32>().ok());
        let mut end = at + letters + if digits > 0 { sign + digits } else { 0 };
        if bytes.get(end) == Some(&b' ') {
            end += 1;
        }
        if word == b"bin" {
            return self.binary(bytes, end, number);
        }
        let optional = std::mem::take(&mut self.optional);
        self.word(word, number, optional);
        end
    }

    /// Takes bytes that stand as they are: part of an object or a picture, or words that no program shows. Gives where they end.
    fn binary(&mut self, bytes: &[u8], at: usize, number: Option<i32>) -> usize {
        self.flush();
        let rest = bytes.get(at..).unwrap_or_default();
        let size = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
        if size > rest.len() {
            self.cut.get_or_insert(at);
        }
        let content = rest.get(..size).unwrap_or(rest);
        match self.state.to {
            To::Object => self.object.extend(data_encoding::HEXLOWER.encode(content).into_bytes()),
            To::Silent => {}
            _ => self.others.push((Region::Hidden, sweep::words(content))),
        }
        at.saturating_add(size)
    }

    fn symbol(&mut self, rest: &[u8]) -> usize {
        match rest.first() {
            Some(b'\'') => {
                let hex = rest.get(1..3).and_then(|digits| std::str::from_utf8(digits).ok());
                if let Some(byte) = hex.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    self.byte(byte);
                    return 3;
                }
            }
            Some(b'*') => self.optional = true,
            Some(b'~') => self.put(" "),
            Some(b'_') => self.put("-"),
            Some(b'\r' | b'\n') => self.put("\n"),
            Some(byte @ (b'{' | b'}' | b'\\')) => self.byte(*byte),
            _ => {}
        }
        1
    }

    fn word(&mut self, word: &[u8], number: Option<i32>, optional: bool) {
        if word == b"u" {
            self.to_skip = 0;
            self.decode();
            if let Ok(unit) = u16::try_from(number.unwrap_or(0).rem_euclid(65_536)) {
                self.units.push(unit);
            }
            self.to_skip = self.state.skip;
            return;
        }
        self.flush();
        let on = number != Some(0);
        match word {
            b"uc" => self.state.skip = usize::try_from(number.unwrap_or(1)).unwrap_or(1),
            b"ansicpg" => self.page = code_page(number.unwrap_or(1252)),
            b"mac" => self.page = encoding_rs::MACINTOSH,
            b"f" => self.state.font = number.unwrap_or(-1),
            b"fcharset" if self.state.to == To::Fonts => {
                let encoding = charset(number.unwrap_or(0)).unwrap_or(self.page);
                self.fonts.insert(self.state.font, encoding);
            }
            b"cpg" if self.state.to == To::Fonts => {
                self.fonts.insert(self.state.font, code_page(number.unwrap_or(1252)));
            }
            b"plain" => self.state.hidden = false,
            b"v" | b"deleted" => self.state.hidden = on,
            b"htmlrtf" => self.state.repeats = on,
            b"fromhtml" => self.wrapped = true,
            b"htmltag" => self.state.to = To::Html,
            b"fonttbl" => self.state.to = To::Fonts,
            b"objdata" => self.state.to = To::Object,
            b"fldinst" | b"datafield" => self.state.to = To::Code,
            b"annotation" | b"atnauthor" | b"atnid" => self.state.to = To::Comment,
            b"revtbl" => self.state.to = To::Property,
            b"info" | b"userprops" | b"docvar" => self.state.to = To::Property,
            // A length, places of numbers, what stands around them.
            b"leveltext" => self.state.to = To::Level,
            // Text that a picture draws is read as that of a picture beside it.
            b"wmetafile" | b"emfblip" if self.state.to == To::Silent => self.state.to = To::Object,
            b"shpinst" | b"shptxt" | b"shppict" | b"result" | b"fldrslt" | b"sp" | b"sv" | b"footnote"
            | b"header" | b"footer" => {}
            _ if SILENT.contains(&word) => self.state.to = To::Silent,
            b"sn" => self.state.to = To::Silent,
            b"mhtmltag" | b"bkmkstart" | b"bkmkend" => self.state.to = To::Silent,
            b"pard" => self.paragraph_in_table = false,
            b"intbl" => self.paragraph_in_table = true,
            b"par" if self.in_table && !self.paragraph_in_table => {
                self.tables.close();
                self.in_table = false;
                self.put("\n");
            }
            b"par" | b"line" | b"sect" | b"page" | b"softline" => self.put("\n"),
            b"tab" => self.put("\t"),
            b"emdash" => self.put("—"),
            b"endash" => self.put("–"),
            b"emspace" | b"enspace" | b"qmspace" => self.put(" "),
            b"lquote" | b"rquote" => self.put("’"),
            b"ldblquote" => self.put("“"),
            b"rdblquote" => self.put("”"),
            b"bullet" => self.put("•"),
            b"trowd" if !self.in_table => {
                self.flush_block();
                self.tables.open();
                self.tables.row();
                self.tables.cell(1);
                self.in_table = true;
            }
            b"cell" | b"nestcell" if self.in_table => {
                self.flush_block();
                self.tables.end_cell();
                self.tables.cell(1);
            }
            b"row" | b"nestrow" if self.in_table => {
                self.flush_block();
                self.tables.row();
                self.tables.cell(1);
            }
            b"cell" | b"nestcell" => self.put("\t"),
            b"row" | b"nestrow" => self.put("\n"),
            _ if optional && self.state.to == To::Text => self.state.to = To::Code,
            _ => {}
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
            return;
        }
        match self.state.to {
            To::Object => self.object.push(byte),
            To::Silent => {}
            _ => {
                if !self.units.is_empty() {
                    self.decode_units();
                }
                self.bytes.push(byte);
            }
        }
    }

    /// Decodes what is pending by the font's charset.
    fn decode(&mut self) {
        if !self.bytes.is_empty() {
            let encoding = self.fonts.get(&self.state.font).copied().unwrap_or(self.page);
            let bytes = std::mem::take(&mut self.bytes);
            let text = encoding.decode_without_bom_handling(&bytes).0.into_owned();
            self.put_text(&text);
        }
    }

    fn decode_units(&mut self) {
        let units = std::mem::take(&mut self.units);
        let text = String::from_utf16_lossy(&units);
        self.put_text(&text);
    }

    fn flush(&mut self) {
        self.decode();
        if !self.units.is_empty() {
            self.decode_units();
        }
    }

    fn put(&mut self, text: &str) {
        self.flush();
        self.put_text(text);
    }

    fn put_text(&mut self, text: &str) {
        let region = match self.state.to {
            To::Silent | To::Fonts | To::Object => return,
            To::Html => {
                self.html.push_str(text);
                return;
            }
            To::Text if self.wrapped => {
                if !self.state.repeats {
                    self.html.push_str(text);
                }
                return;
            }
            To::Text if !self.state.hidden => {
                self.text.push_str(text);
                return;
            }
            To::Text => Region::Hidden,
            To::Code => Region::Attribute,
            To::Comment => Region::Comment,
            To::Level => return self.level.push_str(text),
            To::Property => Region::Property,
        };
        match self.others.last_mut().filter(|(known, _)| *known == region) {
            Some((_, other)) => other.push_str(text),
            None => self.others.push((region, text.to_owned())),
        }
    }

    /// Puts the text so far where it stands.
    fn flush_block(&mut self) {
        self.flush();
        let text = std::mem::take(&mut self.text);
        match self.tables.place() {
            (Some(cell), boundary) => self.sink.cell(cell, text.trim_end_matches('\n'), boundary),
            (None, boundary) => self.sink.text(Region::Body, text, boundary),
        }
    }

    /// Puts what somebody wrote around the numbers of a list; a letter alone is a sign.
    fn put_level(&mut self) {
        let text: String = self.level.drain(..).filter(|letter| !letter.is_control()).collect();
        if text.chars().filter(|letter| letter.is_alphabetic()).count() > 1 {
            let text = text.trim_end_matches(';').to_owned();
            self.others.push((Region::Attribute, text));
        }
    }

    /// Puts an embedded object: a package in the stream of an OLE 1 object ([MS-OLEDS], 2.2).
    fn put_object(&mut self) {
        let digits: Vec<u8> = std::mem::take(&mut self.object)
            .into_iter()
            .filter_map(|byte| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let bytes: Vec<u8> = digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect();
        if let Some((name, content)) = packaged(&bytes) {
            let copy = self.sink.copy(content);
            return self.sink.child(name, "", copy);
        }
        let starts = [b"\xD0\xCF\x11\xE0".as_slice(), b"PK\x03\x04", b"%PDF-", b"{\\rt"];
        let start = starts.iter().filter_map(|mark| memchr::memmem::find(&bytes, mark)).min();
        let start = start.filter(|_| !wmf::is_one(&bytes) && !emf::is_one(&bytes)).unwrap_or(0);
        let content = bytes.get(start..).unwrap_or_default();
        let copy = self.sink.copy(content);
        self.sink.child(None, "", copy);
    }

    fn finish(mut self) {
        self.flush_block();
        self.put_object_left();
        for region in [Region::Hidden, Region::Comment, Region::Property, Region::Attribute] {
            let texts: Vec<&str> = self
                .others
                .iter()
                .filter(|(known, _)| *known == region)
                .map(|(_, text)| text.as_str())
                .collect();
            let text = texts.join("\n");
            self.sink.text(region, text, Boundary::Block);
        }
        if !self.html.is_empty() {
            self.sink.child(None, "text/html; charset=utf-8", self.html.into_bytes());
        }
        behind::tell(&self.rest, self.sink);
    }

    fn put_object_left(&mut self) {
        if !self.object.is_empty() {
            self.put_object();
        }
    }
}

/// The file in an object of the class `Package` ([MS-OLEDS], 2.2.4 and 2.2.5): version, format, three names, the size of its data, a file with
/// its name.
fn packaged(object: &[u8]) -> Option<(Option<String>, &[u8])> {
    let mut at = 8usize;
    for number in 0..3 {
        let size = long(object, at)?;
        let name = object.get(at.checked_add(4)?..at.checked_add(4)?.checked_add(size)?)?;
        if number == 0 && !name.starts_with(b"Package\0") {
            return None;
        }
        at = at + 4 + size;
    }
    object.get(at..).filter(|rest| rest.len() > 8).map(ole::package)
}

/// Whether what stands behind the first group is more of the same: its groups were closed too early.
fn goes_on(rest: &[u8]) -> bool {
    memchr::memchr2(b'\\', b'{', rest).is_some() && kind::is_text(rest) && named("", rest).is_none()
}

/// The encoding of a charset of fonts.
#[must_use]
pub fn charset(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        77 => encoding_rs::MACINTOSH,
        128 => encoding_rs::SHIFT_JIS,
        129 => encoding_rs::EUC_KR,
        134 => encoding_rs::GBK,
        136 => encoding_rs::BIG5,
        161 => encoding_rs::WINDOWS_1253,
        162 => encoding_rs::WINDOWS_1254,
        163 => encoding_rs::WINDOWS_1258,
        177 => encoding_rs::WINDOWS_1255,
        178 => encoding_rs::WINDOWS_1256,
        186 => encoding_rs::WINDOWS_1257,
        204 => encoding_rs::WINDOWS_1251,
        222 => encoding_rs::WINDOWS_874,
        238 => encoding_rs::WINDOWS_1250,
        _ => return None,
    })
}

/// The encoding of a code page of Windows.
#[must_use]
pub fn code_page(number: i32) -> &'static Encoding {
    match number {
        932 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        866 => encoding_rs::IBM866,
        874 => encoding_rs::WINDOWS_874,
        1200 => encoding_rs::UTF_16LE,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1253 => encoding_rs::WINDOWS_1253,
        1254 => encoding_rs::WINDOWS_1254,
        1255 => encoding_rs::WINDOWS_1255,
        1256 => encoding_rs::WINDOWS_1256,
        1257 => encoding_rs::WINDOWS_1257,
        1258 => encoding_rs::WINDOWS_1258,
        10_000 => encoding_rs::MACINTOSH,
        20_866 => encoding_rs::KOI8_R,
        50_220 => encoding_rs::ISO_2022_JP,
        65_001 => encoding_rs::UTF_8,
        _ => encoding_rs::WINDOWS_1252,
    }
}
