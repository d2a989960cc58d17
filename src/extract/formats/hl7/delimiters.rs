//! The separators that a message declares, and the text of a field by them.

use std::borrow::Cow;

use crate::mime::charset;

/// The five separators of a message.
#[derive(Clone, Copy, Debug)]
pub struct Delimiters {
    pub field: char,
    pub component: char,
    pub repetition: char,
    pub escape: char,
    pub part: char,
}

impl Default for Delimiters {
    fn default() -> Self {
        Self { field: '|', component: '^', repetition: '~', escape: '\\', part: '&' }
    }
}

impl Delimiters {
    /// The separators that a header segment declares: five different marks in a row. Copies in text lose the escape
    /// character now and then; four are enough, and HTML may have spelled the last one out.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let rest = ["MSH", "FHS", "BHS"].iter().find_map(|name| text.strip_prefix(name))?;
        let marks: Vec<char> = rest.chars().take_while(char::is_ascii_punctuation).take(5).collect();
        let [field, component, repetition, more @ ..] = marks.as_slice() else { return None };
        let (escape, part) = match more {
            [escape, part] if part != field => (*escape, *part),
            [part, next] if next == field => ('\\', *part),
            _ => return None,
        };
        let all = [*field, *component, *repetition, escape, part];
        let differ = (1..5)
            .all(|at| all.get(..at).is_some_and(|before| all.get(at).is_some_and(|it| !before.contains(it))));
        differ.then_some(Self { field: *field, component: *component, repetition: *repetition, escape, part })
    }

    /// A field as text: repetitions on lines of their own, components parted by commas, escapes undone.
    #[must_use]
    pub fn plain(&self, field: &str) -> String {
        let repetitions = field.split(self.repetition).map(|one| self.joined(one));
        repetitions.filter(|one| !one.is_empty()).collect::<Vec<_>>().join("\n")
    }

    fn joined(&self, repetition: &str) -> String {
        let parts = repetition.split([self.component, self.part]).map(|part| self.unescaped(part));
        parts.filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// Undoes `\F\`, `\S\`, `\T\`, `\R\`, `\E\`, `\.br\` and `\X…\` (chapter 2.7). Others are marks of layout and
    /// vanish; a lone escape character is text.
    #[must_use]
    pub fn unescaped<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !text.contains(self.escape) {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((plain, tail)) = rest.split_once(self.escape) {
            out.push_str(plain);
            rest = match tail
                .split_once(self.escape)
                .and_then(|(code, after)| Some((self.escaped(code)?, after)))
            {
                Some((meaning, after)) => {
                    out.push_str(&meaning);
                    after
                }
                None => {
                    out.push(self.escape);
                    tail
                }
            };
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    fn escaped(&self, code: &str) -> Option<String> {
        let mark = match code {
            "F" => self.field,
            "S" => self.component,
            "T" => self.part,
            "R" => self.repetition,
            "E" => self.escape,
            "H" | "N" => return Some(String::new()),
            _ => {
                let layout = code.starts_with('.') && code.len() <= 8;
                return if layout { Some("\n".to_owned()) } else { hexadecimal(code) };
            }
        };
        Some(mark.to_string())
    }
}

/// `X` and bytes in hexadecimal.
fn hexadecimal(code: &str) -> Option<String> {
    let bytes = data_encoding::HEXUPPER_PERMISSIVE.decode(code.strip_prefix('X')?.as_bytes()).ok()?;
    Some(charset::decode(&bytes, None).replace('\r', "\n"))
}

#[cfg(test)]
mod tests {
    use super::Delimiters;

    #[test]
    fn separators_are_those_declared() {
        for (text, marks) in [
            ("MSH|^~\\&|A", Some("|^~\\&")),
            ("MSH#*~\\&#A", Some("#*~\\&")),
            ("FHS|^~&|A", Some("|^~\\&")),
            ("MSH|||||A", None),
            ("MSH|A", None),
        ] {
            let found = Delimiters::of(text);
            let shown = found.map(|it| {
                [it.field, it.component, it.repetition, it.escape, it.part].iter().collect::<String>()
            });
            assert_eq!(shown.as_deref(), marks, "{text}");
        }
    }

    #[test]
    fn escapes_are_undone() {
        let delimiters = Delimiters::default();
        for (field, text) in [
            (r"Roy \T\ fils^Léa", "Roy & fils, Léa"),
            (r"a\.br\b\F\c\H\d\N\", "a\nb|cd"),
            (r"T\X54\\X52\x", "TTRx"),
            (r"C:\temp\a", r"C:\temp\a"),
            ("A^^^B~C&D", "A, B\nC, D"),
        ] {
            assert_eq!(delimiters.plain(field), text, "{field}");
        }
    }
}
