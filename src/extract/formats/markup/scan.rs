//! XML taken apart at its angles (XML 1.0, 2 and 3), in one pass that copies nothing.
//!
//! In: a text at hand. Out: its pieces in their order, names and values as they are written. It asks for no more than what tells one piece
//! from the next, since people's documents are damaged and all that is left of them is to be read: ends need not match, values need no
//! quotes, names may be any.

use memchr::{memchr, memmem};

/// What stands between two angles, or around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text, with its references.
    Text(&'t str),
    /// Text without any.
    Plain(&'t str),
    /// The start of an element. Its attributes are [`Scanner::attributes`].
    Open(&'t str),
    /// An element without content, as above.
    Empty(&'t str),
    /// The end of an element.
    Close(&'t str),
    /// A comment, a document type.
    Aside(&'t str),
    /// For programs.
    Instruction(&'t str),
}

/// What no piece ends; nothing after it can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage;

/// Gives the pieces of a text.
#[derive(Debug)]
pub struct Scanner<'t> {
    text: &'t str,
    at: usize,
    most: usize,
    /// Names and values of the attributes of the element at hand.
    pub attributes: Vec<(&'t str, &'t str)>,
    /// Values past the most that are looked at.
    pub surplus: Vec<&'t str>,
}

/// Most values that are kept past the most attributes.
const MOST_SURPLUS: usize = 1 << 16;

impl<'t> Scanner<'t> {
    /// Starts on a text, of whose elements so many attributes are looked at.
    pub fn new(text: &'t str, most: usize) -> Self {
        Self { text, at: 0, most, attributes: Vec::new(), surplus: Vec::new() }
    }

    /// Where the next piece begins.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What is left from here on.
    pub fn rest(&self, from: usize) -> &'t str {
        self.text.get(from..).unwrap_or_default()
    }

    /// The next piece; none at the end.
    pub fn next(&mut self) -> Result<Option<Piece<'t>>, Damage> {
        let rest = self.rest(self.at);
        match rest.as_bytes() {
            [] => Ok(None),
            [b'<', b'/', ..] => self.through(rest, 2, b">", |name| Piece::Close(name.trim_ascii())),
            [b'<', b'?', ..] => self.through(rest, 2, b"?>", Piece::Instruction),
            [b'<', b'!', b'-', b'-', ..] => self.through(rest, 4, b"-->", Piece::Aside),
            [b'<', b'!', b'[', b'C', b'D', b'A', b'T', b'A', b'[', ..] => {
                self.through(rest, 9, b"]]>", Piece::Plain)
            }
            [b'<', b'!', ..] => self.document_type(rest),
            [b'<', ..] => self.element(),
            _ => {
                let end = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
                self.at += end;
                Ok(rest.get(..end).map(Piece::Text))
            }
        }
    }

    /// What stands from `start` to a mark.
    fn through(
        &mut self,
        rest: &'t str,
        start: usize,
        mark: &[u8],
        piece: fn(&'t str) -> Piece<'t>,
    ) -> Result<Option<Piece<'t>>, Damage> {
        let inside = rest.get(start..).ok_or(Damage)?;
        let end = match mark {
            [mark] => memchr(*mark, inside.as_bytes()),
            mark => memmem::find(inside.as_bytes(), mark),
        };
        let end = end.ok_or(Damage)?;
        self.at += start + end + mark.len();
        Ok(inside.get(..end).map(piece))
    }

    /// A document type, whose declarations stand in angles of their own.
    fn document_type(&mut self, rest: &'t str) -> Result<Option<Piece<'t>>, Damage> {
        const NAME: usize = "<!DOCTYPE".len();
        if !rest.get(..NAME).is_some_and(|start| start.eq_ignore_ascii_case("<!DOCTYPE")) {
            return Err(Damage);
        }
        let mut open = 0usize;
        for at in memchr::memchr2_iter(b'<', b'>', rest.as_bytes()) {
            open = if rest.as_bytes().get(at) == Some(&b'<') { open + 1 } else { open - 1 };
            if open == 0 {
                self.at += at + 1;
                return Ok(rest.get(NAME..at).map(|said| Piece::Aside(said.trim_ascii())));
            }
        }
        Err(Damage)
    }

    /// An element, and its attributes in the same pass.
    fn element(&mut self) -> Result<Option<Piece<'t>>, Damage> {
        self.attributes.clear();
        self.surplus.clear();
        let start = self.at + 1;
        let mut at = self.end_of(start, |byte| is_blank(byte) || byte == b'/' || byte == b'>');
        let name = self.slice(start, at);
        let mut empty = false;
        loop {
            match self.byte(at).ok_or(Damage)? {
                b'>' => break,
                b'/' => (empty, at) = (true, at + 1),
                byte if is_blank(byte) => at += 1,
                _ => (empty, at) = (false, self.attribute(at)?),
            }
        }
        self.at = at + 1;
        Ok(Some(if empty { Piece::Empty(name) } else { Piece::Open(name) }))
    }

    /// Keeps the attribute that begins here, and gives where it ends.
    fn attribute(&mut self, start: usize) -> Result<usize, Damage> {
        let end = self.end_of(start + 1, |byte| is_blank(byte) || matches!(byte, b'=' | b'>' | b'/'));
        let name = self.slice(start, end);
        let sign = self.end_of(end, |byte| !is_blank(byte));
        if self.byte(sign) != Some(b'=') {
            self.keep(name, "");
            return Ok(end);
        }
        let value = self.end_of(sign + 1, |byte| !is_blank(byte));
        match self.byte(value).ok_or(Damage)? {
            quote @ (b'"' | b'\'') => {
                let inside = self.text.as_bytes().get(value + 1..).unwrap_or_default();
                let end = value + 1 + memchr(quote, inside).ok_or(Damage)?;
                self.keep(name, self.slice(value + 1, end));
                Ok(end + 1)
            }
            _ => {
                let end = self.end_of(value, |byte| is_blank(byte) || byte == b'>');
                self.keep(name, self.slice(value, end));
                Ok(end)
            }
        }
    }

    fn keep(&mut self, name: &'t str, value: &'t str) {
        if self.attributes.len() < self.most {
            self.attributes.push((name, value));
        } else if self.surplus.len() < MOST_SURPLUS {
            self.surplus.push(value);
        }
    }

    /// The first place from here on whose byte is such; the end when there is none.
    fn end_of(&self, from: usize, is: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| is(*byte)).unwrap_or(rest.len())
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::{Damage, Piece, Scanner};

    fn pieces(text: &str) -> (Vec<String>, Result<(), Damage>) {
        let (mut scanner, mut all) = (Scanner::new(text, 3), Vec::new());
        loop {
            match scanner.next() {
                Ok(None) => return (all, Ok(())),
                Ok(Some(piece @ (Piece::Open(_) | Piece::Empty(_)))) => {
                    all.push(format!("{piece:?} {:?} {:?}", scanner.attributes, scanner.surplus));
                }
                Ok(Some(piece)) => all.push(format!("{piece:?}")),
                Err(damage) => return (all, Err(damage)),
            }
        }
    }

    #[test]
    fn a_text_is_taken_apart_at_its_angles() {
        let table: &[(&str, &[&str], Result<(), Damage>)] = &[
            ("", &[], Ok(())),
            ("a&amp;b", &["Text(\"a&amp;b\")"], Ok(())),
            ("<a>b</a >", &["Open(\"a\") [] []", "Text(\"b\")", "Close(\"a\")"], Ok(())),
            ("<w:a b='c>d' e = \"'f\"/>", &["Empty(\"w:a\") [(\"b\", \"c>d\"), (\"e\", \"'f\")] []"], Ok(())),
            (
                "<a b c=d/e f='/'>",
                &["Open(\"a\") [(\"b\", \"\"), (\"c\", \"d/e\"), (\"f\", \"/\")] []"],
                Ok(()),
            ),
            (
                "<a b=1 c=2 d=3 e=4/ >",
                &["Open(\"a\") [(\"b\", \"1\"), (\"c\", \"2\"), (\"d\", \"3\")] [\"4/\"]"],
                Ok(()),
            ),
            ("<a/ >", &["Empty(\"a\") [] []"], Ok(())),
            ("<!-- <a> --><?b c?>", &["Aside(\" <a> \")", "Instruction(\"b c\")"], Ok(())),
            ("<![CDATA[<a>]]b]]>", &["Plain(\"<a>]]b\")"], Ok(())),
            (
                "<!doctype a [<!ENTITY b 'c'>]><a>",
                &["Aside(\"a [<!ENTITY b 'c'>]\")", "Open(\"a\") [] []"],
                Ok(()),
            ),
            ("a<b", &["Text(\"a\")"], Err(Damage)),
            ("<a b='c>d", &[], Err(Damage)),
            ("<!a>", &[], Err(Damage)),
            ("<!-- a", &[], Err(Damage)),
            ("<é ç=à>", &["Open(\"é\") [(\"ç\", \"à\")] []"], Ok(())),
        ];
        for (text, expected, end) in table {
            assert_eq!(
                pieces(text),
                (expected.iter().map(|piece| (*piece).to_owned()).collect(), *end),
                "{text}"
            );
        }
    }
}
