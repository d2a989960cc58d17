//! XML without a reader of its own, a second time as people read it.
//!
//! In: a text in XML. Out: where one tag stands inside a word, the text without its tags, since a name in `Trem<b>blay</b>` is cut; else a line
//! for each element that holds text alone, under its name: `<ddn>1962-04-15</ddn>` is a labelled value.

use super::markup::{self, Token};
use crate::extract::sink::Sink;
use crate::model::{Boundary, Limits, Region};

/// Fewest labelled values of an export: one alone may be the title of anything.
const FEWEST: usize = 2;
/// Longest value: more is prose, which is read as it stands.
const LONGEST: usize = 200;

/// Puts what a text in XML says so, if it differs from how it stands.
pub fn put(text: &str, sink: &mut Sink) {
    let said = said(text, sink.limits);
    sink.text(Region::Hidden, said, Boundary::Part);
}

fn said(text: &str, limits: Limits) -> String {
    let mut read = Read::default();
    // How it ends says nothing: the text is there as it stands.
    let _ = markup::events(text.as_bytes(), limits, |token| read.take(token));
    if read.cuts {
        read.prose
    } else if read.values >= FEWEST {
        read.lines
    } else {
        String::new()
    }
}

#[derive(Default)]
struct Read {
    /// The text without tags; lines end where two or more stand together.
    prose: String,
    /// Tags since the last text.
    tags: usize,
    /// Whether a tag cuts a word.
    cuts: bool,
    lines: String,
    values: usize,
    /// The element opened last and its text, until another one opens or it ends.
    leaf: Option<(String, String)>,
}

impl Read {
    fn take(&mut self, token: Token<'_>) {
        match token {
            Token::Open(element) => {
                self.tags += 1;
                self.leaf = Some((element.name.to_owned(), String::new()));
            }
            Token::Close(_) => {
                self.tags += 1;
                // A record ends where something that holds others does.
                if self.leaf.is_none() && !self.lines.ends_with("\n\n") {
                    self.lines.push('\n');
                }
                if let Some((name, value)) = self.leaf.take() {
                    let value = value.trim();
                    if !value.is_empty() && value.len() <= LONGEST && !value.contains('\n') {
                        self.lines.push_str(&format!("{name} : {value}\n"));
                        self.values += 1;
                    }
                }
            }
            Token::Text(text) => {
                if let Some((_, value)) = &mut self.leaf {
                    value.push_str(text);
                }
                self.say(text);
            }
            Token::Aside(_) => {}
        }
    }

    fn say(&mut self, text: &str) {
        let ends = self.prose.chars().next_back().is_some_and(char::is_alphanumeric);
        let begins = text.chars().next().is_some_and(char::is_alphanumeric);
        match std::mem::take(&mut self.tags) {
            0 => {}
            1 => self.cuts |= ends && begins,
            _ if !self.prose.is_empty() && !self.prose.ends_with('\n') => self.prose.push('\n'),
            _ => {}
        }
        self.prose.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::said;
    use crate::model::Limits;

    #[test]
    fn xml_is_read_as_people_do() {
        for (text, expected) in [
            (
                "<?xml version='1.0'?><s><p>Julie <c props='a'>Trem</c>blay</p><p>R&amp;D</p></s>",
                "Julie Tremblay\nR&D",
            ),
            (
                "<l><u><nom>Tremblay</nom><prenom>Julie</prenom><d><ddn>1962-04-15</ddn></d></u></l>",
                "nom : Tremblay\nprenom : Julie\nddn : 1962-04-15\n\n",
            ),
            ("<a><b>Julie Tremblay</b></a>", ""),
            ("<a b='c'/>", ""),
            ("Bonjour", ""),
        ] {
            assert_eq!(said(text, Limits::default()), expected, "{text}");
        }
    }
}
