//! A paper to print and sign: a title, sections, rows. The browser and the terminal show the same.

use super::Language;

/// A paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// Its title.
    pub title: String,
    /// What it is, in a sentence or two.
    pub intro: String,
    /// Its parts.
    pub sections: Vec<Section>,
}

/// One part of a paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// What stands before the rows.
    pub text: Vec<String>,
    /// What is told, and its value.
    pub rows: Vec<(String, String)>,
}

/// Width of a line in a terminal.
const LINE: usize = 78;

impl Paper {
    /// The paper as plain text, lines folded.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let colon = if language == Language::French { "\u{a0}:" } else { ":" };
        let mut text = format!("{}\n{}\n\n", self.title, "=".repeat(self.title.chars().count()));
        fold(&mut text, &self.intro, "");
        for section in &self.sections {
            text.push_str(&format!("\n{}\n{}\n", section.title, "-".repeat(section.title.chars().count())));
            for line in &section.text {
                fold(&mut text, line, "");
            }
            for (label, value) in &section.rows {
                fold(&mut text, &format!("{label}{colon} {value}"), "    ");
            }
        }
        text
    }
}

/// Adds a text, folded at spaces; lines after the first are set in.
fn fold(out: &mut String, text: &str, inner: &str) {
    let mut width = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > LINE {
            out.push('\n');
            out.push_str(inner);
            width = inner.len();
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{LINE, Language, Paper, Section};

    #[test]
    fn lines_are_folded_and_nothing_is_lost() {
        let rows = vec![("Règle".to_owned(), "mot ".repeat(60).trim_end().to_owned())];
        let section = Section { title: "Partie".to_owned(), text: vec!["Un.".to_owned()], rows };
        let paper = Paper { title: "Titre".to_owned(), intro: "Bref.".to_owned(), sections: vec![section] };
        let text = paper.text(Language::French);
        assert!(text.lines().all(|line| line.chars().count() <= LINE), "{text}");
        assert_eq!(text.matches("mot").count(), 60);
    }
}
