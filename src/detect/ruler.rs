//! What parts the columns of a table typed as text.

/// A mark between columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruler {
    /// A tab.
    Tab,
    /// `|`.
    Bar,
    /// `;`, twice or between spaces: once, it ends a clause.
    Semicolon,
    /// `/` between spaces, twice: once, it stands for "or".
    Slash,
    /// Two spaces.
    Gap,
    /// `,`, `/` or ` - `, twice: sentences and dates have them too, so that only a heading shows them to be one.
    Comma,
    /// See [`Ruler::Comma`].
    Stroke,
    /// See [`Ruler::Comma`].
    Dash,
}

impl Ruler {
    /// What parts a line; `None` when nothing does.
    #[must_use]
    pub fn of(line: &str) -> Option<Self> {
        let line = line.trim();
        let semicolons = || {
            line.split_once(';').is_some_and(|(before, after)| {
                after.contains(';') || before.ends_with(' ') && after.starts_with(' ')
            })
        };
        if line.contains('\t') {
            Some(Self::Tab)
        } else if line.contains('|') {
            Some(Self::Bar)
        } else if semicolons() {
            Some(Self::Semicolon)
        } else if line.matches(Self::Slash.mark()).nth(1).is_some() {
            Some(Self::Slash)
        } else {
            line.contains(Self::Gap.mark()).then_some(Self::Gap)
        }
    }

    /// What may part a line that [`Ruler::of`] takes for whole, if a heading of as many fields stands above.
    #[must_use]
    pub fn loose(line: &str) -> Option<Self> {
        let twice = |ruler: &Self| line.matches(ruler.mark()).nth(1).is_some();
        [Self::Comma, Self::Dash, Self::Stroke].into_iter().find(twice)
    }

    /// Whether it is one of those.
    #[must_use]
    pub const fn is_loose(self) -> bool {
        matches!(self, Self::Comma | Self::Stroke | Self::Dash)
    }

    /// How it is written.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Tab => "\t",
            Self::Bar => "|",
            Self::Semicolon => ";",
            Self::Slash => " / ",
            Self::Gap => "  ",
            Self::Comma => ",",
            Self::Stroke => "/",
            Self::Dash => " - ",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ruler;

    #[test]
    fn a_mark_that_prose_uses_must_part_more_than_two_words() {
        for (line, ruler) in [
            ("Nom\tDDN | No", Some(Ruler::Tab)),
            ("Nom|DDN", Some(Ruler::Bar)),
            ("Nom ; DDN", Some(Ruler::Semicolon)),
            ("Nom;DDN;No", Some(Ruler::Semicolon)),
            ("Un mot; un autre.", None),
            ("Nom / DDN / No", Some(Ruler::Slash)),
            ("le patient et / ou ses proches", None),
            ("1954/08/03", None),
            ("Nom  DDN", Some(Ruler::Gap)),
            ("  Bonjour", None),
        ] {
            assert_eq!(Ruler::of(line), ruler, "{line}");
        }
    }
}
