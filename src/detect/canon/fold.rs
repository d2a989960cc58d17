//! How one character is folded (compiled by us, 2026-11, on the normal forms and categories of Unicode).

use std::ops::Range;

use memchr::memchr2_iter;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::{Mark, narrow, twins};

/// Whether folding would change nothing: printable ASCII, tabs and line ends, no quoted line.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let before = |at: usize| at.checked_sub(1).and_then(|before| bytes.get(before)).copied().unwrap_or(b'\n');
    let quotes = |at: usize| matches!((before(at), bytes.get(at)), (b'\n', _) | (b'A'..=b'Z', Some(b'>')));
    let (chunks, rest) = bytes.as_chunks::<64>();
    chunks.iter().all(|chunk| is_printable(chunk))
        && is_printable(rest)
        && !memchr2_iter(b'>', b'|', bytes).any(quotes)
}

/// Whether bytes are printable ASCII, tabs and line ends. Without a way out, so that many are looked at in one step.
fn is_printable(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |all, byte| all & matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
}

/// How many bytes from the first on are printable ASCII or tabs.
fn plain(bytes: &[u8]) -> usize {
    let (eights, _) = bytes.as_chunks::<8>();
    let whole = 8 * eights.iter().take_while(|eight| are_printable(**eight)).count();
    let odd = |byte: &u8| !matches!(byte, b' '..=b'~' | b'\t');
    let rest = bytes.get(whole..).unwrap_or_default();
    rest.iter().position(odd).map_or(bytes.len(), |odd| whole + odd)
}

/// Whether eight bytes are printable ASCII, all at once: below a space one borrows, from 0x7f on one has the highest bit or gets it.
fn are_printable(eight: [u8; 8]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let eight = u64::from_le_bytes(eight);
    (eight | eight.wrapping_sub(0x20 * ONES) | eight.wrapping_add(ONES)) & (0x80 * ONES) == 0
}

/// Folds a text in one pass.
pub(super) fn fold(text: &str) -> Folded {
    let out = Folded { text: String::with_capacity(text.len()), ..Folded::default() };
    let mut folder = Folder { text, out, turned: None };
    folder.run();
    folder.turn_back();
    folder.out
}

/// A folded text.
#[derive(Default)]
pub(super) struct Folded {
    pub(super) text: String,
    pub(super) marks: Vec<Mark>,
    /// What is shown from right to left.
    pub(super) turned: Vec<Range<usize>>,
}

struct Folder<'a> {
    text: &'a str,
    out: Folded,
    /// Where a right-to-left override began.
    turned: Option<usize>,
}

impl Folder<'_> {
    fn run(&mut self) {
        let mut at = self.quotes(0);
        while let Some(rest) = self.text.get(at..).filter(|rest| !rest.is_empty()) {
            let plain = plain(rest.as_bytes());
            self.out.text.push_str(rest.get(..plain).unwrap_or_default());
            at += plain;
            let Some(character) = rest.get(plain..).and_then(|rest| rest.chars().next()) else { break };
            at = match character {
                '\n' => self.line(at),
                SOFT_HYPHEN => self.soft_hyphen(at + SOFT_HYPHEN.len_utf8()),
                _ => self.odd(at, character),
            };
        }
    }

    /// Keeps a line end and drops the quote marks of the next line.
    fn line(&mut self, at: usize) -> usize {
        self.turn_back();
        self.out.text.push('\n');
        self.quotes(at + 1)
    }

    fn quotes(&mut self, at: usize) -> usize {
        let marks = quote_marks(self.text.get(at..).unwrap_or_default());
        if marks > 0 {
            self.mark(at + marks);
        }
        at + marks
    }

    /// Drops a soft hyphen, and the line end that it was there for: not the one between a number and the next line's word.
    fn soft_hyphen(&mut self, at: usize) -> usize {
        self.mark(at);
        let rest = self.text.get(at..).unwrap_or_default();
        let wraps = |end: &str| {
            let next = rest.strip_prefix(end).map(|rest| rest.trim_start_matches(['>', ' ']));
            let worded = next.is_some_and(|next| next.starts_with(char::is_alphabetic));
            next.is_some() && !(worded && self.out.text.ends_with(|last: char| last.is_ascii_digit()))
        };
        let end = ["\n", "\r\n"].iter().find(|end| wraps(end));
        end.map_or(at, |end| {
            self.mark(at + end.len());
            self.quotes(at + end.len())
        })
    }

    /// Ends what is shown from right to left.
    fn turn_back(&mut self) {
        let end = self.out.text.len();
        self.out.turned.extend(self.turned.take().map(|start| start..end));
    }

    fn odd(&mut self, at: usize, character: char) -> usize {
        match character {
            '\u{202e}' => self.turned = self.turned.or(Some(self.out.text.len())),
            '\u{202c}' => self.turn_back(),
            _ => {}
        }
        let (character, length) =
            mojibake(self.text.get(at..).unwrap_or_default()).unwrap_or((character, character.len_utf8()));
        self.mark(at);
        push(character, &mut self.out.text);
        self.mark(at + length);
        at + length
    }

    /// Says where the next folded byte came from.
    fn mark(&mut self, origin: usize) {
        let mark = Mark { view: narrow(self.out.text.len()), origin: narrow(origin) };
        match self.out.marks.last_mut() {
            Some(last) if last.view == mark.view => last.origin = mark.origin,
            _ => self.out.marks.push(mark),
        }
    }
}

const SOFT_HYPHEN: char = '\u{ad}';

/// How many bytes at the start of a line mark it as quoted: `>`, `> >`, `MT>`, or one `|`, which with others would be a table.
fn quote_marks(line: &str) -> usize {
    let initials = line.bytes().take(4).take_while(u8::is_ascii_uppercase).count();
    let rest = line.get(initials..).unwrap_or_default();
    if rest.starts_with('>') && (initials == 0 || (initials < 4 && rest.starts_with("> "))) {
        return initials + rest.bytes().take_while(|byte| matches!(byte, b'>' | b' ')).count();
    }
    let barred = line.strip_prefix("| ").and_then(|rest| rest.split('\n').next());
    if barred.is_some_and(|rest| !rest.contains('|')) { "| ".len() } else { 0 }
}

/// Appends what a character reads as; nothing for what no reader sees.
fn push(character: char, out: &mut String) {
    match character {
        '\t' | '\n' | ' '..='~' => out.push(character),
        'é' | 'è' | 'ê' | 'ë' => out.push('e'),
        'à' | 'â' => out.push('a'),
        'ç' => out.push('c'),
        'ô' => out.push('o'),
        'î' | 'ï' => out.push('i'),
        'û' | 'ù' => out.push('u'),
        'É' | 'È' | 'Ê' => out.push('E'),
        '\u{b}' | '\u{c}' => out.push('\n'),
        _ if is_ignorable(character) => {}
        '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{2800}'
        | '\u{3000}' => {
            out.push(' ');
        }
        '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}'
        | '\u{2043}'
        | '\u{30fc}' => {
            out.push('-');
        }
        '‘' | '’' | '‛' | 'ʼ' | '′' | '´' => out.push('\''),
        '“' | '”' | '„' | '«' | '»' => out.push('"'),
        '·' | '•' | '∙' | '⋅' => out.push('.'),
        '\u{2215}' | '\u{29f8}' => out.push('/'),
        _ if character.general_category() == GeneralCategory::DecimalNumber => out.push(digit(character)),
        _ => match twins::inside(character) {
            Some(held) => out.push(held),
            None if matches!(character, '\u{1f300}'..='\u{1faff}') => out.push('*'),
            None => decompose_compatible(character, |part| push_part(part, out)),
        },
    }
}

fn push_part(part: char, out: &mut String) {
    match part {
        _ if is_combining_mark(part) => {}
        '°' => out.push('o'),
        'œ' => out.push_str("oe"),
        'Œ' => out.push_str("OE"),
        'æ' => out.push_str("ae"),
        'Æ' => out.push_str("AE"),
        'ß' => out.push_str("ss"),
        '⁄' => out.push('/'),
        _ => out.push(twins::of(part)),
    }
}

/// Characters that take no room on the page (Default_Ignorable_Code_Point, bidi controls, C0 and C1 controls).
fn is_ignorable(character: char) -> bool {
    matches!(character,
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\r' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The ASCII digit of a decimal digit of any script: they stand in runs of ten, from zero on.
fn digit(character: char) -> char {
    let normal = unicode_normalization::UnicodeNormalization::nfkc(std::iter::once(character))
        .next()
        .unwrap_or(character);
    if normal.is_ascii_digit() {
        return normal;
    }
    let code = u32::from(character);
    let is_digit = |back: &u32| {
        char::from_u32(code - back)
            .is_some_and(|other| other.general_category() == GeneralCategory::DecimalNumber)
    };
    let value = (1..10).take_while(is_digit).count();
    u32::try_from(value).ok().and_then(|value| char::from_digit(value, 10)).unwrap_or(character)
}

/// A character of UTF-8 that was read as windows-1252 and written again: what it was, and how many bytes it takes now.
fn mojibake(text: &str) -> Option<(char, usize)> {
    let mut characters = text.chars();
    let lead = characters.next()?;
    let second = characters.next();
    match lead {
        'Â' | 'Ã' => {
            let low = cp1252(second?).filter(|byte| (0x80..0xc0).contains(byte))?;
            let code = ((u32::from(lead) & 0x1f) << 6) | (low & 0x3f);
            Some((char::from_u32(code)?, lead.len_utf8() + second?.len_utf8()))
        }
        'â' if second == Some('€') => {
            let third = characters.next()?;
            let low = cp1252(third).filter(|byte| (0x80..0xc0).contains(byte))?;
            Some((
                char::from_u32(0x2000 | (low & 0x3f))?,
                lead.len_utf8() + '€'.len_utf8() + third.len_utf8(),
            ))
        }
        _ => None,
    }
}

/// The byte that windows-1252 reads as a character, for 0x80 and above (WHATWG Encoding, index windows-1252).
fn cp1252(character: char) -> Option<u32> {
    const FROM_80: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    let code = u32::from(character);
    if (0x80..=0xff).contains(&code) {
        return Some(code);
    }
    let index = FROM_80.chars().position(|other| other == character)?;
    u32::try_from(index).ok().map(|index| 0x80 + index)
}
