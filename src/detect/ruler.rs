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
        Marks::of(line).plain()
    }

    /// The same, or what may part a line if a heading of as many fields stands above.
    #[must_use]
    pub fn under_heading(line: &str) -> Option<Self> {
        let marks = Marks::of(line);
        marks.plain().or_else(|| marks.loose())
    }

    /// Whether only a heading shows it to be one.
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

/// How often each mark stands in a line, counted in one pass.
#[derive(Debug, Default)]
struct Marks {
    tabs: usize,
    bars: usize,
    semicolons: usize,
    /// Whether the first semicolon stands between spaces.
    apart: bool,
    /// `/` between spaces.
    slashes: usize,
    gaps: usize,
    commas: usize,
    strokes: usize,
    /// `-` between spaces.
    dashes: usize,
}

impl Marks {
    fn of(line: &str) -> Self {
        let bytes = line.trim().as_bytes();
        let mut marks = Self::default();
        for (at, byte) in bytes.iter().enumerate() {
            let space = |at: Option<usize>| at.and_then(|at| bytes.get(at)) == Some(&b' ');
            let before = || space(at.checked_sub(1));
            let apart = || before() && space(at.checked_add(1));
            match byte {
                b'\t' => marks.tabs += 1,
                b'|' => marks.bars += 1,
                b' ' => marks.gaps += usize::from(before()),
                b',' => marks.commas += 1,
                b'-' => marks.dashes += usize::from(apart()),
                b'/' => {
                    marks.strokes += 1;
                    marks.slashes += usize::from(apart());
                }
                b';' => {
                    marks.apart |= marks.semicolons == 0 && apart();
                    marks.semicolons += 1;
                }
                _ => {}
            }
        }
        marks
    }

    fn plain(&self) -> Option<Ruler> {
        if self.tabs > 0 {
            Some(Ruler::Tab)
        } else if self.bars > 0 {
            Some(Ruler::Bar)
        } else if self.semicolons > 1 || self.apart {
            Some(Ruler::Semicolon)
        } else if self.slashes > 1 {
            Some(Ruler::Slash)
        } else {
            (self.gaps > 0).then_some(Ruler::Gap)
        }
    }

    fn loose(&self) -> Option<Ruler> {
        let twice = [(self.commas, Ruler::Comma), (self.dashes, Ruler::Dash), (self.strokes, Ruler::Stroke)];
        twice.into_iter().find(|(count, _)| *count > 1).map(|(_, ruler)| ruler)
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
        for (line, ruler) in [
            ("Nom,DDN,No", Some(Ruler::Comma)),
            ("Nom - DDN - No", Some(Ruler::Dash)),
            ("Nom/DDN/No", Some(Ruler::Stroke)),
            ("Nom, DDN / No | x", Some(Ruler::Bar)),
            ("Nom, DDN - No", None),
        ] {
            assert_eq!(Ruler::under_heading(line), ruler, "{line}");
        }
    }
}
