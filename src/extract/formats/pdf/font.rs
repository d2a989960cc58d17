//! Codes of fonts to characters (ISO 32000-1, 9.6 to 9.10).
//!
//! A font says by a map to Unicode, by the names of its glyphs, or by a known encoding what its codes stand for.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::file::File;
use super::glyphs;
use super::map::{MOST, Map};
use super::object::{Dict, Object};
use crate::extract::sink::Sink;
use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, UTF_16BE, WINDOWS_1252};

/// A font.
#[derive(Debug, Default)]
pub struct Font {
    map: Map,
    /// Characters of one-byte codes that differ from the encoding.
    differences: BTreeMap<u8, String>,
    encoding: Option<&'static Encoding>,
    /// Codes of two bytes.
    wide: bool,
    /// Two-byte codes are UTF-16 by the name of their encoding.
    utf16: bool,
    widths: BTreeMap<u32, f64>,
    default_width: Option<f64>,
    /// Its name in lower case, by which some widths are known.
    name: String,
    /// Codes whose glyphs have names that say nothing.
    unnamed: BTreeSet<u8>,
    /// Those among them whose names are words, as symbols have them: `arrowright`.
    symbols: BTreeSet<u8>,
    /// Its codes count the glyphs that a document uses, and say nothing of letters.
    renumbered: bool,
    measured: bool,
    /// Glyphs of one-byte codes, found when they are first shown.
    shown: OnceCell<Vec<OnceCell<Glyph>>>,
}

/// A code as shown: its text, its width in thousandths, whether it is the one-byte code of a blank.
#[derive(Debug)]
pub struct Glyph {
    /// Its code.
    pub code: u32,
    /// What it stands for; empty when nothing tells.
    pub text: String,
    /// Advance in thousandths of the size.
    pub width: f64,
    /// Whether word spacing applies (9.3.3).
    pub blank: bool,
    /// Whether nothing tells what it stands for.
    pub doubtful: bool,
    /// Whether its name is a word that letters do not have.
    pub symbol: bool,
}

impl Font {
    /// Reads a font.
    pub fn read(file: &File<'_>, dict: &Dict, sink: &mut Sink) -> Self {
        let mut font = Self::default();
        match dict.get("ToUnicode") {
            Some(Object::Ref(number)) if file.get(*number).name().is_none() => {
                font.map = Map::parse(&file.decode(*number, file.get(*number), sink));
            }
            // Codes are what they stand for.
            Some(name) => {
                font.utf16 = file.resolve(name).name().is_some_and(|name| name.contains("Identity"));
            }
            None => {}
        }
        if file.value(dict, "Subtype").name() == Some("Type0") {
            font.composite(file, dict, sink);
        } else {
            font.simple(file, dict);
            font.renumbered = !font.named_by(file, dict, sink) && font.counts_glyphs();
        }
        font.measured = !font.widths.is_empty()
            || font.default_width.is_some()
            || super::widths::of(&font.name, "a").is_some();
        font
    }

    fn simple(&mut self, file: &File<'_>, dict: &Dict) {
        self.utf16 = false;
        let encoding = file.value(dict, "Encoding");
        let name = encoding.name().or_else(|| file.value(encoding.dict()?, "BaseEncoding").name());
        self.encoding = Some(if name == Some("MacRomanEncoding") { MACINTOSH } else { WINDOWS_1252 });
        let (mut code, mut by_code) = (0usize, true);
        let differences = encoding.dict().map(|it| file.value(it, "Differences").items()).unwrap_or_default();
        for item in differences {
            match file.resolve(item) {
                Object::Name(name) => {
                    match (u8::try_from(code), glyphs::character(name)) {
                        (Ok(code), Some(text)) => self.differences.extend([(code, text)]),
                        (Ok(code), None) if name != ".notdef" => {
                            self.unnamed.extend([code]);
                            if name.len() >= 4 && name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                                self.symbols.extend([code]);
                            }
                            by_code &= names_code(name, code);
                        }
                        _ => {}
                    }
                    code = code.saturating_add(1);
                }
                other => code = other.index().unwrap_or(code),
            }
        }
        let codes: Vec<u32> = self.unnamed.iter().copied().map(u32::from).collect();
        if by_code && !are_counted(&codes) {
            self.unnamed.clear();
        }
        let first = file.value(dict, "FirstChar").index().and_then(|it| u32::try_from(it).ok()).unwrap_or(0);
        let scale = match file
            .value(dict, "FontMatrix")
            .items()
            .first()
            .map(|it| file.resolve(it))
            .and_then(Object::number)
        {
            Some(scale) if file.value(dict, "Subtype").name() == Some("Type3") => scale * 1000.0,
            _ => 1.0,
        };
        for (code, width) in (first..).zip(file.value(dict, "Widths").items().iter().take(MOST)) {
            self.widths.extend(file.resolve(width).number().map(|width| (code, width * scale)));
        }
        self.name = file.value(dict, "BaseFont").name().unwrap_or_default().to_ascii_lowercase();
    }

    /// Whether something says what its codes stand for: an encoding, the font's being no symbols, names in the font.
    fn named_by(&self, file: &File<'_>, dict: &Dict, sink: &mut Sink) -> bool {
        let encoding = file.value(dict, "Encoding");
        let Some(descriptor) = file.value(dict, "FontDescriptor").dict() else { return true };
        // Flag 3: glyphs outside the standard Latin set (9.8.2).
        let symbols = file.value(descriptor, "Flags").index().is_some_and(|flags| flags & 4 != 0);
        let has = |key: &str| descriptor.contains_key(key);
        if encoding.name().is_some() || !self.differences.is_empty() || !self.unnamed.is_empty() || !symbols {
            return true;
        }
        match descriptor.get("FontFile") {
            Some(Object::Ref(number)) => names_letters(&file.decode(*number, file.get(*number), sink)),
            _ => !has("FontFile2") && !has("FontFile3"),
        }
    }

    /// Whether its codes are no more than numbers of glyphs.
    fn counts_glyphs(&self) -> bool {
        let codes: Vec<u32> =
            self.widths.iter().filter(|(_, width)| **width != 0.0).map(|(code, _)| *code).collect();
        let tagged = self.name.get(6..7) == Some("+");
        are_counted(&codes) && (tagged || codes.last().is_some_and(|last| *last < 97))
    }

    fn composite(&mut self, file: &File<'_>, dict: &Dict, sink: &mut Sink) {
        self.wide = true;
        match dict.get("Encoding").map(|encoding| file.resolve(encoding)) {
            Some(Object::Name(name)) => self.named(name),
            Some(stream @ Object::Stream(..)) => {
                if let Some(Object::Ref(number)) = dict.get("Encoding") {
                    self.map.spaces.extend(Map::parse(&file.decode(*number, stream, sink)).spaces);
                }
            }
            _ => {}
        }
        let descendant = file.value(dict, "DescendantFonts").items().first().map(|it| file.resolve(it));
        let Some(descendant) = descendant.and_then(Object::dict) else { return };
        self.default_width = Some(file.value(descendant, "DW").number().unwrap_or(1000.0));
        self.cid_widths(file, file.value(descendant, "W").items());
        if self.map.is_empty() && self.encoding.is_none() && !self.utf16 {
            let descriptor = file.value(descendant, "FontDescriptor").dict();
            if let Some(Object::Ref(number)) = descriptor.and_then(|it| it.get("FontFile2")) {
                let glyphs = super::truetype::characters(&file.decode(*number, file.get(*number), sink));
                self.map.codes = match descendant.get("CIDToGIDMap") {
                    Some(Object::Ref(number)) if file.get(*number).name().is_none() => {
                        by_code(&file.decode(*number, file.get(*number), sink), &glyphs)
                    }
                    _ => glyphs,
                };
            }
        }
    }

    /// Predefined encodings of Chinese, Japanese and Korean (9.7.5.2, table 118).
    fn named(&mut self, name: &str) {
        self.utf16 |= name.contains("UCS2") || name.contains("UTF16");
        self.encoding = match name {
            _ if self.utf16 => None,
            _ if name.contains("RKSJ") => Some(SHIFT_JIS),
            _ if name.starts_with("GB") => Some(GBK),
            _ if name.contains("B5") => Some(BIG5),
            _ if name.starts_with("KSC") => Some(EUC_KR),
            _ => None,
        };
    }

    fn cid_widths(&mut self, file: &File<'_>, items: &[Object]) {
        let mut at = 0;
        let number = |at: usize| items.get(at).map(|item| file.resolve(item));
        while let Some(first) = number(at).and_then(Object::index).and_then(|it| u32::try_from(it).ok()) {
            match number(at + 1) {
                Some(Object::Array(widths)) => {
                    for (code, width) in (first..).zip(widths.iter().take(MOST)) {
                        self.widths.extend(file.resolve(width).number().map(|width| (code, width)));
                    }
                    at += 2;
                }
                Some(last) => {
                    let last = last.index().and_then(|it| u32::try_from(it).ok()).unwrap_or(first);
                    let width = number(at + 2).and_then(Object::number).unwrap_or(1000.0);
                    if last.saturating_sub(first) < 65_536 && self.widths.len() < MOST {
                        self.widths.extend((first..=last).map(|code| (code, width)));
                    }
                    at += 3;
                }
                None => break,
            }
        }
    }

    /// Whether the widths of its glyphs are known, by the file or by the name of the font.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        self.measured
    }

    /// Gives the glyphs of a shown string, one by one.
    pub fn each(&self, bytes: &[u8], mut take: impl FnMut(&Glyph)) {
        if !self.wide {
            let all = self.shown.get_or_init(|| (0..=u8::MAX).map(|_| OnceCell::new()).collect());
            for byte in bytes {
                if let Some(glyph) = all.get(usize::from(*byte)) {
                    take(glyph.get_or_init(|| self.glyph(&[*byte])));
                }
            }
            return;
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let size = self.code_size(rest).clamp(1, rest.len());
            let (code, tail) = rest.split_at(size);
            rest = tail;
            take(&self.glyph(code));
        }
    }

    fn code_size(&self, bytes: &[u8]) -> usize {
        if let Some(size) = self.map.size_of(bytes).filter(|_| self.wide) {
            return size;
        }
        match (self.wide, self.encoding) {
            (false, _) => 1,
            (true, Some(_)) => {
                if bytes.first().is_some_and(|byte| *byte < 0x80) {
                    1
                } else {
                    2
                }
            }
            (true, None) => 2,
        }
    }

    fn glyph(&self, code: &[u8]) -> Glyph {
        let number = code.iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte));
        // A map of every code to itself makes line ends of the breaks that a writer put into its strings: they show nothing.
        let shows = |text: &String| !(text.is_empty() || number < 32 && text.chars().all(char::is_control));
        let mapped = self.map.get(number).filter(shows);
        let unnamed = matches!(code, [byte] if self.unnamed.contains(byte));
        let symbol = matches!(code, [byte] if self.symbols.contains(byte));
        let guessed = mapped.is_none()
            && (unnamed || self.renumbered || self.wide && self.encoding.is_none() && !self.utf16);
        let text = mapped.unwrap_or_else(|| self.encoded(code));
        let width = self.widths.get(&number).copied().or(self.default_width);
        let width = width
            .filter(|width| width.is_finite())
            .unwrap_or_else(|| super::widths::of(&self.name, &text).unwrap_or_else(|| usual_width(&text)));
        Glyph {
            code: number,
            symbol,
            width,
            blank: code == b" ",
            doubtful: guessed || text.contains('\u{FFFD}'),
            text,
        }
    }

    fn encoded(&self, code: &[u8]) -> String {
        if let [byte] = code
            && let Some(text) = self.differences.get(byte)
        {
            return text.clone();
        }
        match self.encoding {
            _ if self.utf16 => UTF_16BE.decode_without_bom_handling(code).0.into_owned(),
            Some(encoding) => match code {
                [byte @ (0..32 | 127)] if !self.wide => control(*byte).to_owned(),
                _ => encoding.decode_without_bom_handling(code).0.into_owned(),
            },
            None => String::new(),
        }
    }
}

/// Whether codes are those that writers give to glyphs in the order in which a document first shows them: from the lowest code or the first
/// printable one, without a hole.
fn are_counted(codes: &[u32]) -> bool {
    let (Some(first), Some(last)) = (codes.first(), codes.last()) else { return false };
    // Letters in their own places reach `z`, which is 122.
    let places = match first {
        0..=3 => 4..255,
        33 => 38..113,
        _ => return false,
    };
    let span = usize::try_from(last.saturating_sub(*first)).unwrap_or(usize::MAX);
    codes.len() >= 4 && codes.len().saturating_mul(10) > span.saturating_mul(9) && places.contains(last)
}

/// Whether a name is a letter and this code: `a65`, as programs call the glyphs of TeX that are pictures, at the codes of letters.
fn names_code(name: &str, code: u8) -> bool {
    name.get(1..).is_some_and(|digits| digits == code.to_string())
}

/// Whether most names that a font of Type 1 has for its codes are of letters, and not numbers of glyphs (Adobe Type 1 Font Format, 2.2).
fn names_letters(font: &[u8]) -> bool {
    let clear = font.get(..font.len().min(1 << 16)).unwrap_or(font);
    let clear = clear.get(..memchr::memmem::find(clear, b"eexec").unwrap_or(clear.len())).unwrap_or(clear);
    let Some(at) = memchr::memmem::find(clear, b"/Encoding") else { return false };
    let mut words =
        clear.get(at..).unwrap_or_default().split(u8::is_ascii_whitespace).filter(|it| !it.is_empty());
    let (mut letters, mut numbers) = (0usize, 0usize);
    while let Some(word) = words.next() {
        match word {
            b"StandardEncoding" => return true,
            b"dup" => {
                let name = words.nth(1).unwrap_or_default();
                let digits = name.iter().filter(|byte| byte.is_ascii_digit()).count();
                *(if digits > 0 { &mut numbers } else { &mut letters }) += 1;
            }
            b"readonly" => break,
            _ => {}
        }
    }
    letters > numbers
}

/// Characters by code, given those by glyph and the two bytes of the glyph of each code (9.7.4.3).
fn by_code(map: &[u8], glyphs: &BTreeMap<u32, String>) -> BTreeMap<u32, String> {
    let glyph = |pair: &[u8; 2]| glyphs.get(&u32::from(u16::from_be_bytes(*pair))).cloned();
    let pairs = (0u32..).zip(map.as_chunks::<2>().0);
    pairs.filter_map(|(code, pair)| Some((code, glyph(pair)?))).collect()
}

/// Ligatures where fonts of TeX have them (OT1 and T1); other control codes show nothing.
fn control(byte: u8) -> &'static str {
    match byte {
        11 | 27 => "ff",
        12 | 28 => "fi",
        13 | 29 => "fl",
        14 | 30 => "ffi",
        15 | 31 => "ffl",
        9 => " ",
        _ => "",
    }
}

/// About what a character of Helvetica is wide.
fn usual_width(text: &str) -> f64 {
    match text.chars().next() {
        Some(
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | 'f' | 't' | '/' | '\\',
        ) => 278.0,
        Some('r' | '-' | '(' | ')' | '"') => 333.0,
        Some('m' | 'M' | 'w' | 'W' | '%' | '@') => 850.0,
        Some(c) if c.is_uppercase() => 690.0,
        Some(_) => 550.0,
        None => 500.0,
    }
}

#[cfg(test)]
mod tests {
    /// A font of symbols inside the file, without an encoding, with these widths from this code on.
    fn embedded(kind: &str, name: &str, first: u32, widths: &[u32]) -> super::Font {
        let widths: String = widths.iter().map(|width| format!("{width} ")).collect();
        let bytes = format!(
            "4 0 obj<</Type/Font/Subtype/TrueType/BaseFont/{name}/FirstChar {first}/Widths[{widths}]/FontDescriptor 5 0 R>>endobj\n\
             5 0 obj<</Flags 4/{kind} 6 0 R>>endobj\n6 0 obj<</Length 4>>stream\nabcd\nendstream endobj\n"
        );
        let file = super::File::open(bytes.as_bytes());
        let dict = file.get(4).dict().cloned().unwrap_or_default();
        super::Font::read(&file, &dict, &mut super::Sink::default())
    }

    /// ISO 32000-1, 9.10.2: where neither a map nor an encoding is, "there is no way to determine what the character code represents".
    #[test]
    fn codes_that_count_glyphs_say_nothing() {
        let doubtful = |font: &super::Font| {
            let mut all = true;
            font.each(b"\x01\x02\x22\x23", |glyph| all &= glyph.doubtful);
            all
        };
        assert!(doubtful(&embedded("FontFile2", "ABCDEF+Arial", 1, &[500; 36])));
        assert!(doubtful(&embedded("FontFile2", "ABCDEF+Arial", 0, &[500; 120])));
        assert!(doubtful(&embedded("FontFile3", "ABCDEF+Arial", 33, &[500; 30])));
        // A whole font, letters in their own places, one outside the file, one of Type 1 that names its glyphs.
        assert!(!doubtful(&embedded("FontFile2", "Arial", 0, &[500; 256])));
        assert!(!doubtful(&embedded("FontFile2", "ABCDEF+Arial", 33, &[500; 90])));
        assert!(!doubtful(&embedded("Other", "ABCDEF+Arial", 1, &[500; 36])));
        let mut holes = [0; 60];
        (0..60).step_by(3).for_each(|at| holes[at] = 500);
        assert!(!doubtful(&embedded("FontFile2", "ABCDEF+Arial", 1, &holes)));
        assert!(super::names_letters(
            b"/Encoding 256 array dup 0 /Gamma put dup 65 /A put readonly def eexec"
        ));
        assert!(!super::names_letters(b"/Encoding 256 array dup 1 /g1 put dup 2 /g2 put readonly def eexec"));
    }

    #[test]
    fn glyphs_named_by_their_codes_are_letters_unless_they_are_counted() {
        let font = |differences: &str| {
            let bytes =
                format!("4 0 obj<</Type/Font/Subtype/Type3/Encoding<</Differences[{differences}]>>>>endobj");
            let file = super::File::open(bytes.as_bytes());
            let dict = file.get(4).dict().cloned().unwrap_or_default();
            let (mut text, mut known) = (String::new(), true);
            super::Font::read(&file, &dict, &mut super::Sink::default()).each(b"AT", |glyph| {
                text.push_str(&glyph.text);
                known &= !glyph.doubtful;
            });
            (text, known)
        };
        assert_eq!(font("65/a65/a66 84/a84 101/a101"), ("AT".to_owned(), true));
        assert!(!font("65/g1/g2 84/g3").1);
        let counted: String = (33..100).map(|code| format!("/a{code}")).collect();
        assert!(!font(&format!("33{counted}")).1);
    }
}
