//! Codes of fonts to characters (ISO 32000-1, 9.6 to 9.10).
//!
//! A font says by a map to Unicode, by the names of its glyphs, or by a known encoding what its codes stand for.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, UTF_16BE, WINDOWS_1252};
use unicode_normalization::UnicodeNormalization;

use super::file::File;
use super::object::{Dict, Lexer, Object};
use crate::extract::sink::Sink;

/// Most entries of one map.
const MOST: usize = 200_000;

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
                    match (u8::try_from(code), glyph(name)) {
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

/// A map of codes to Unicode (9.10.3).
#[derive(Debug, Default)]
struct Map {
    codes: BTreeMap<u32, String>,
    /// First and last code, and the UTF-16 of the first.
    ranges: Vec<(u32, u32, Vec<u16>)>,
    /// Lengths and bounds of codes.
    spaces: Vec<(usize, u32, u32)>,
}

impl Map {
    fn is_empty(&self) -> bool {
        self.codes.is_empty() && self.ranges.is_empty()
    }

    fn parse(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut lexer = Lexer::new(bytes, 0);
        let mut pending: Vec<Object> = Vec::new();
        while let Some(object) = lexer.next() {
            match &object {
                Object::Word(word) => {
                    match word.as_slice() {
                        b"endbfchar" => map.characters(&pending),
                        b"endbfrange" => map.spans(&pending),
                        b"endcodespacerange" => map.space(&pending),
                        _ => {}
                    }
                    pending.clear();
                }
                _ if pending.len() < MOST => pending.push(object),
                _ => {}
            }
        }
        map.ranges.sort_by_key(|range| range.0);
        map
    }

    fn characters(&mut self, items: &[Object]) {
        for [code, text] in items.as_chunks::<2>().0 {
            if let (Some(code), Some(text)) = (code.string(), text.string())
                && self.codes.len() < MOST
            {
                self.codes.insert(number(code), UTF_16BE.decode_without_bom_handling(text).0.into_owned());
            }
        }
    }

    fn spans(&mut self, items: &[Object]) {
        for [first, last, text] in items.as_chunks::<3>().0 {
            let (Some(first), Some(last)) = (first.string().map(number), last.string().map(number)) else {
                continue;
            };
            match text {
                Object::String(text) if self.ranges.len() < MOST => {
                    let units =
                        text.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
                    self.ranges.push((first, last, units));
                }
                Object::Array(texts) => {
                    for (code, text) in (first..=last).zip(texts) {
                        let text = UTF_16BE
                            .decode_without_bom_handling(text.string().unwrap_or_default())
                            .0
                            .into_owned();
                        self.codes.insert(code, text);
                    }
                }
                _ => {}
            }
        }
    }

    fn space(&mut self, items: &[Object]) {
        for [first, last] in items.as_chunks::<2>().0 {
            if let (Some(first), Some(last)) = (first.string(), last.string())
                && self.spaces.len() < 1_000
            {
                self.spaces.push((first.len(), number(first), number(last)));
            }
        }
    }

    fn get(&self, code: u32) -> Option<String> {
        if let Some(text) = self.codes.get(&code) {
            return Some(text.clone());
        }
        let after = self.ranges.partition_point(|range| range.0 <= code);
        let (first, _, units) =
            self.ranges.get(after.checked_sub(1)?).filter(|(_, last, _)| code <= *last)?;
        let step = u16::try_from(code - first).ok()?;
        let mut units = units.clone();
        if let Some(last) = units.last_mut() {
            *last = last.wrapping_add(step);
        }
        Some(String::from_utf16_lossy(&units))
    }

    fn size_of(&self, bytes: &[u8]) -> Option<usize> {
        let fits = |(size, first, last): &(usize, u32, u32)| {
            bytes
                .get(..*size)
                .map(number)
                .is_some_and(|code| (*first..=*last).contains(&code))
                .then_some(*size)
        };
        self.spaces.iter().find_map(fits)
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// The character of a glyph's name (Adobe Glyph List Specification, 2): accents are composed, the rest is listed.
fn glyph(name: &str) -> Option<String> {
    let name = name.split('.').next().unwrap_or(name);
    let hex = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).map(String::from);
    if name.chars().count() == 1 && name.is_ascii() {
        return Some(name.to_owned());
    }
    if let Some(digits) = name.strip_prefix("uni").filter(|digits| digits.len() >= 4) {
        return hex(digits.get(..4)?);
    }
    if let Some(digits) = name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len())) {
        return hex(digits);
    }
    if let Some((_, text)) = GLYPHS.iter().find(|(known, _)| *known == name) {
        return Some((*text).to_owned());
    }
    let (accent, mark) = ACCENTS.iter().find(|(accent, _)| name.ends_with(accent))?;
    let base = name.strip_suffix(accent).filter(|base| base.len() == 1 || *base == "dotlessi")?;
    let base = if base == "dotlessi" { "i" } else { base };
    Some(format!("{base}{mark}").nfc().collect())
}

const ACCENTS: &[(&str, char)] = &[
    ("acute", '\u{301}'),
    ("grave", '\u{300}'),
    ("circumflex", '\u{302}'),
    ("dieresis", '\u{308}'),
    ("tilde", '\u{303}'),
    ("ring", '\u{30A}'),
    ("cedilla", '\u{327}'),
    ("caron", '\u{30C}'),
    ("breve", '\u{306}'),
    ("macron", '\u{304}'),
    ("ogonek", '\u{328}'),
    ("dotaccent", '\u{307}'),
    ("hungarumlaut", '\u{30B}'),
    ("commaaccent", '\u{326}'),
];

/// Names of Latin texts (Adobe Glyph List, compiled by us, 2026-11).
const GLYPHS: &[(&str, &str)] = &[
    ("space", " "),
    ("nbspace", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("quoteright", "’"),
    ("quoteleft", "‘"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("minus", "-"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("asciicircum", "^"),
    ("underscore", "_"),
    ("grave", "\u{2CB}"),
    ("acute", "\u{B4}"),
    ("circumflex", "\u{2C6}"),
    ("dieresis", "\u{A8}"),
    ("tilde", "\u{2DC}"),
    ("cedilla", "\u{B8}"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("endash", "–"),
    ("emdash", "—"),
    ("bullet", "•"),
    ("ellipsis", "…"),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("quotedblbase", "„"),
    ("quotesinglbase", "‚"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("guilsinglleft", "‹"),
    ("guilsinglright", "›"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ff", "ff"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("germandbls", "ß"),
    ("ae", "æ"),
    ("AE", "Æ"),
    ("oe", "œ"),
    ("OE", "Œ"),
    ("oslash", "ø"),
    ("Oslash", "Ø"),
    ("lslash", "ł"),
    ("Lslash", "Ł"),
    ("eth", "ð"),
    ("Eth", "Ð"),
    ("thorn", "þ"),
    ("Thorn", "Þ"),
    ("dotlessi", "ı"),
    ("dcroat", "đ"),
    ("Dcroat", "Đ"),
    ("degree", "°"),
    ("section", "§"),
    ("paragraph", "¶"),
    ("copyright", "©"),
    ("registered", "®"),
    ("trademark", "™"),
    ("Euro", "€"),
    ("sterling", "£"),
    ("yen", "¥"),
    ("cent", "¢"),
    ("currency", "¤"),
    ("plusminus", "±"),
    ("multiply", "×"),
    ("divide", "÷"),
    ("onehalf", "½"),
    ("onequarter", "¼"),
    ("threequarters", "¾"),
    ("onesuperior", "¹"),
    ("twosuperior", "²"),
    ("threesuperior", "³"),
    ("ordfeminine", "ª"),
    ("ordmasculine", "º"),
    ("mu", "µ"),
    ("periodcentered", "·"),
    ("exclamdown", "¡"),
    ("questiondown", "¿"),
    ("logicalnot", "¬"),
    ("dagger", "†"),
    ("daggerdbl", "‡"),
    ("perthousand", "‰"),
    ("fraction", "/"),
    ("brokenbar", "¦"),
    ("lessequal", "≤"),
    ("greaterequal", "≥"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("Delta", "Δ"),
    ("pi", "π"),
    ("sigma", "σ"),
    ("Omega", "Ω"),
    ("omega", "ω"),
    ("lambda", "λ"),
    ("theta", "θ"),
    ("sfthyphen", "-"),
    ("nonbreakingspace", " "),
];

/// Reads bytes as a map of codes, for fuzzing.
pub fn fuzz(bytes: &[u8]) {
    let map = Map::parse(bytes);
    let _ = (map.get(1), map.size_of(bytes));
}

#[cfg(test)]
mod tests {
    use super::{Map, glyph};

    #[test]
    fn glyphs_are_characters() {
        let table = [
            ("eacute", "é"),
            ("A", "A"),
            ("uni00E9", "é"),
            ("u1F600", "😀"),
            ("Ccedilla", "Ç"),
            ("oe", "œ"),
            ("a.sc", "a"),
        ];
        for (name, expected) in table {
            assert_eq!(glyph(name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(glyph("g123"), None);
    }

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

    #[test]
    fn maps_are_read_and_bounded() {
        let map = Map::parse(b"1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfchar <01> <00C90041> <02> <0042> endbfchar 1 beginbfrange <10> <FFFFFFFF> <0061> <05><06>[<0078><0079>] endbfrange");
        assert_eq!(map.get(1).as_deref(), Some("ÉA"));
        assert_eq!(map.get(0x12).as_deref(), Some("c"));
        assert_eq!(map.get(6).as_deref(), Some("y"));
        assert_eq!(map.get(7), None);
    }
}
