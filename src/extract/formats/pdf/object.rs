//! Objects of a PDF and how they are written (ISO 32000-1, 7.2 and 7.3).
//!
//! Damage is skipped, never an error: a lexer gives the next object that it can make out. Nesting is bounded.

use std::collections::BTreeMap;
use std::ops::Range;

/// Deepest nesting of arrays and dictionaries.
const DEEPEST: usize = 60;
/// Most members of one array or dictionary.
const WIDEST: usize = 200_000;

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// Nothing, or damage.
    Null,
    /// Any number.
    Number(f64),
    /// A string, decoded but not decrypted.
    String(Vec<u8>),
    /// A name without its slash.
    Name(String),
    /// A list.
    Array(Vec<Object>),
    /// Named values.
    Dict(Dict),
    /// Named values and bytes of the file.
    Stream(Dict, Range<usize>),
    /// Another object by its number.
    Ref(u32),
    /// A keyword or operator.
    Word(Vec<u8>),
}

/// Named values.
pub type Dict = BTreeMap<String, Object>;

impl Object {
    /// The dictionary of a dictionary or stream.
    #[must_use]
    pub fn dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) | Self::Stream(dict, _) => Some(dict),
            _ => None,
        }
    }

    /// A number.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// A whole number that is not negative.
    #[must_use]
    pub fn index(&self) -> Option<usize> {
        let number = self.number().filter(|number| (0.0..1e15).contains(number))?;
        format!("{:.0}", number.trunc()).parse().ok()
    }

    /// A name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    /// A string.
    #[must_use]
    pub fn string(&self) -> Option<&[u8]> {
        if let Self::String(bytes) = self { Some(bytes) } else { None }
    }

    /// The members of an array.
    #[must_use]
    pub fn items(&self) -> &[Object] {
        if let Self::Array(items) = self { items } else { &[] }
    }
}

/// Reads objects one after the other.
#[derive(Debug)]
pub struct Lexer<'a> {
    bytes: &'a [u8],
    /// Where the next object is looked for.
    pub at: usize,
    /// Whether a list had more members than are kept.
    pub cut: bool,
    /// Where comments stand that say something.
    pub comments: Vec<Range<usize>>,
}

/// Most comments that are kept.
const MOST_COMMENTS: usize = 10_000;

impl<'a> Lexer<'a> {
    /// Starts at a place.
    #[must_use]
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, cut: false, comments: Vec::new() }
    }

    /// The next object; `None` at the end.
    pub fn next(&mut self) -> Option<Object> {
        self.object(0)
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at.saturating_add(ahead)).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'%' => {
                    let rest = self.bytes.get(self.at..).unwrap_or_default();
                    let size = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                    if size > 4 && self.comments.len() < MOST_COMMENTS {
                        self.comments.push(self.at..self.at + size);
                    }
                    self.at += size;
                }
                _ if is_blank(byte) => self.at += 1,
                _ => return,
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Object> {
        self.skip_blanks();
        let byte = self.peek(0)?;
        Some(match byte {
            b'<' if self.peek(1) == Some(b'<') => {
                self.at += 2;
                Object::Dict(self.dict(depth))
            }
            b'<' => self.hex(),
            b'(' => self.literal(),
            b'/' => self.name(),
            b'[' => {
                self.at += 1;
                Object::Array(self.array(depth))
            }
            b'>' if self.peek(1) == Some(b'>') => {
                self.at += 2;
                Object::Word(b">>".to_vec())
            }
            b']' | b'>' | b')' | b'{' | b'}' => {
                self.at += 1;
                Object::Word(vec![byte])
            }
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number(),
            _ => self.word(),
        })
    }

    fn array(&mut self, depth: usize) -> Vec<Object> {
        let mut items = Vec::new();
        while depth < DEEPEST && items.len() < WIDEST {
            match self.object(depth + 1) {
                None => break,
                Some(Object::Word(word)) if word == b"]" => break,
                Some(Object::Word(word)) if word == b"endobj" || word == b">>" => break,
                Some(Object::Word(word)) => items.extend(value_of(&word)),
                Some(item) => items.push(item),
            }
        }
        self.cut |= items.len() >= WIDEST;
        items
    }

    fn dict(&mut self, depth: usize) -> Dict {
        let mut dict = Dict::new();
        while depth < DEEPEST && dict.len() < WIDEST {
            match self.object(depth + 1) {
                None => break,
                Some(Object::Name(key)) => {
                    let before = self.at;
                    match self.object(depth + 1) {
                        Some(Object::Word(word)) if word == b">>" || word == b"endobj" => break,
                        Some(Object::Word(word)) if word == b"stream" => {
                            self.at = before;
                            break;
                        }
                        Some(Object::Word(word)) => dict.extend(value_of(&word).map(|value| (key, value))),
                        Some(value) => drop(dict.insert(key, value)),
                        None => {}
                    }
                }
                Some(Object::Word(word)) if word == b">>" || word == b"endobj" => break,
                Some(_) => {}
            }
        }
        dict
    }

    fn name(&mut self) -> Object {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek(0).filter(|byte| is_regular(*byte)) {
            self.at += 1;
            let digits = [self.peek(0), self.peek(1)].map(|digit| digit.and_then(hex_digit));
            match (byte, digits) {
                (b'#', [Some(high), Some(low)]) => {
                    name.push(high << 4 | low);
                    self.at += 2;
                }
                _ => name.push(byte),
            }
        }
        Object::Name(String::from_utf8(name).unwrap_or_else(|bad| latin(bad.as_bytes())))
    }

    /// A number, or a reference `12 0 R`.
    fn number(&mut self) -> Object {
        let start = self.at;
        while self.peek(0).is_some_and(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte)) {
            self.at += 1;
        }
        let text = self
            .bytes
            .get(start..self.at)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .unwrap_or_default();
        if text.bytes().all(|byte| byte.is_ascii_digit())
            && let Some(end) = self.reference()
            && let Ok(number) = text.parse()
        {
            self.at = end;
            return Object::Ref(number);
        }
        // Some writers put two signs, which count as one, or a sign inside, which ends it: `--5`, `1.-5`.
        let size = text.trim_start_matches(['+', '-']).split('-').next().unwrap_or_default();
        let size: f64 = size.parse().unwrap_or(0.0);
        Object::Number(if text.starts_with('-') { -size } else { size })
    }

    /// The end of ` 0 R` here.
    fn reference(&self) -> Option<usize> {
        let rest = self.bytes.get(self.at..self.bytes.len().min(self.at + 16))?;
        let blanks = rest.iter().take_while(|byte| is_blank(**byte)).count();
        let digits = rest.get(blanks..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let more = rest.get(blanks + digits..)?.iter().take_while(|byte| is_blank(**byte)).count();
        let at = blanks + digits + more;
        let after = rest.get(at + 1).is_none_or(|byte| !is_regular(*byte));
        (blanks > 0 && digits > 0 && more > 0 && rest.get(at) == Some(&b'R') && after)
            .then_some(self.at + at + 1)
    }

    fn word(&mut self) -> Object {
        let start = self.at;
        while self.peek(0).is_some_and(is_regular) {
            self.at += 1;
        }
        if self.at == start {
            self.at += 1;
        }
        Object::Word(self.bytes.get(start..self.at).unwrap_or_default().to_vec())
    }

    fn hex(&mut self) -> Object {
        self.at += 1;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
        self.at += end + 1;
        let mut digits: Vec<u8> =
            rest.get(..end).unwrap_or_default().iter().filter_map(|byte| hex_digit(*byte)).collect();
        if digits.len() % 2 == 1 {
            digits.push(0);
        }
        Object::String(digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect())
    }

    fn literal(&mut self) -> Object {
        self.at += 1;
        let (mut out, mut open) = (Vec::new(), 1usize);
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                b'\\' => {
                    self.escape(&mut out);
                    continue;
                }
                b'\r' => {
                    if self.peek(0) == Some(b'\n') {
                        self.at += 1;
                    }
                    out.push(b'\n');
                    continue;
                }
                _ => {}
            }
            out.push(byte);
        }
        Object::String(out)
    }

    fn escape(&mut self, out: &mut Vec<u8>) {
        let Some(byte) = self.peek(0) else { return };
        self.at += 1;
        match byte {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'\r' if self.peek(0) == Some(b'\n') => self.at += 1,
            b'\r' | b'\n' => {}
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek(0) else { break };
                    value = value * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                out.push(u8::try_from(value & 0xFF).unwrap_or_default());
            }
            other => out.push(other),
        }
    }
}

/// Words that stand for values.
fn value_of(word: &[u8]) -> Option<Object> {
    match word {
        b"null" => Some(Object::Null),
        b"true" => Some(Object::Number(1.0)),
        b"false" => Some(Object::Number(0.0)),
        _ => None,
    }
}

/// White space (ISO 32000-1, table 1).
#[must_use]
pub fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(byte: u8) -> bool {
    !is_blank(byte) && !b"()<>[]{}/%".contains(&byte)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Object};

    fn all(bytes: &[u8]) -> Vec<Object> {
        let mut lexer = Lexer::new(bytes, 0);
        std::iter::from_fn(|| lexer.next()).collect()
    }

    #[test]
    fn objects_are_made_out() {
        let text = |bytes: &[u8]| Object::String(bytes.to_vec());
        assert_eq!(all(b"(a\\(b\\051\\n(c))"), [text(b"a(b)\n(c)")]);
        assert_eq!(
            all(b"<41 4> -1.5 --2 7 0 R"),
            [text(b"A@"), Object::Number(-1.5), Object::Number(-2.0), Object::Ref(7)]
        );
        assert_eq!(all(b"/A#20B Tj"), [Object::Name("A B".to_owned()), Object::Word(b"Tj".to_vec())]);
        let dict = all(b"<</K[1 0 R(x)]/L null/M<</N 5>> >>");
        let dict = dict[0].dict().unwrap();
        assert_eq!(dict["K"].items(), [Object::Ref(1), text(b"x")]);
        assert_eq!(dict["M"].dict().unwrap()["N"], Object::Number(5.0));
    }

    #[test]
    fn damage_and_nesting_end() {
        assert!(!all(&b"<<".repeat(100_000)).is_empty());
        assert!(!all(&b"[".repeat(100_000)).is_empty());
        all(b"<</A(\\");
        all(b"<4");
    }
}
