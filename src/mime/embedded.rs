//! Files written into running text: uuencode and yEnc blocks.
//!
//! In: the bytes of a text. Out: the files in it.

use super::{charset, transfer};

/// A file found in a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// The name it gives itself.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Most blocks taken from one text.
const MOST: usize = 100;

/// Finds uuencode (`begin 644 name` … `end`, in base64 with `-m`) and yEnc (`=ybegin … name=x` … `=yend`) blocks. One without an end runs to the
/// end of the text.
#[must_use]
pub fn blocks(text: &[u8]) -> Vec<Block> {
    if [b"begin ".as_slice(), BASE64].iter().all(|mark| memchr::memmem::find(text, mark).is_none()) {
        return Vec::new();
    }
    let mut blocks = Vec::new();
    let mut open: Option<Open<'_>> = None;
    for line in text.split(|byte| *byte == b'\n') {
        match &mut open {
            None if blocks.len() < MOST => open = Open::at(line),
            None => break,
            Some(block) if block.ends(line) => blocks.extend(open.take().map(Open::close)),
            Some(block) => block.lines.push(line),
        }
    }
    blocks.extend(open.map(Open::close));
    blocks
}

/// Opens a block of `uuencode -m` (POSIX): base64 up to `====`.
const BASE64: &[u8] = b"begin-base64 ";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Uu,
    Base64,
    Yenc,
}

struct Open<'a> {
    way: Way,
    name: &'a [u8],
    lines: Vec<&'a [u8]>,
}

impl<'a> Open<'a> {
    fn at(line: &'a [u8]) -> Option<Self> {
        let line = line.trim_ascii_end();
        if line.starts_with(b"=ybegin ") {
            let name =
                memchr::memmem::find(line, b"name=").and_then(|at| line.get(at + 5..)).unwrap_or_default();
            return Some(Self { way: Way::Yenc, name, lines: Vec::new() });
        }
        let (way, rest) = match line.strip_prefix(BASE64) {
            Some(rest) => (Way::Base64, rest),
            None => (Way::Uu, line.strip_prefix(b"begin ")?),
        };
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let name = rest.get(digits..)?.strip_prefix(b" ")?;
        (3..=4).contains(&digits).then(|| Self { way, name, lines: Vec::new() })
    }

    fn ends(&self, line: &[u8]) -> bool {
        match self.way {
            Way::Uu => line.trim_ascii_end() == b"end",
            Way::Base64 => line.trim_ascii_end() == b"====",
            Way::Yenc => line.starts_with(b"=yend"),
        }
    }

    fn close(self) -> Block {
        let bytes = match self.way {
            Way::Uu => transfer::uuencoded(&self.lines),
            Way::Base64 => transfer::base64(&self.lines.join(&b'\n')).bytes.into_owned(),
            Way::Yenc => {
                let data: Vec<&[u8]> =
                    self.lines.into_iter().filter(|line| !line.starts_with(b"=ypart ")).collect();
                transfer::yencoded(&data)
            }
        };
        Block { name: charset::decode(self.name, None), bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn files_written_into_text_are_found() {
        let found = blocks(b"Voici:\nbegin 644 a.txt\n$5%)%30  \n`\nend\nfin\n=ybegin line=128 size=4 name=b.txt\n~|o=\xb7\n=yend size=4\n");
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].name.as_str(), found[0].bytes.as_slice()), ("a.txt", b"TREM".as_slice()));
        assert_eq!((found[1].name.as_str(), found[1].bytes.as_slice()), ("b.txt", b"TREM".as_slice()));
        let base64 = blocks(b"Voici:\nbegin-base64 644 a.txt\nVFJF\nTQ==\n====\nfin\n");
        assert_eq!((base64[0].name.as_str(), base64[0].bytes.as_slice()), ("a.txt", b"TREM".as_slice()));
        assert_eq!(blocks(b"we begin 2026 anew\nbegin again"), []);
    }
}
