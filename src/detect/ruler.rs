//! What parts the columns of a table typed as text.

use memchr::{memchr, memchr_iter, memchr3, memmem};

/// `|---|---|`, `=====`, `+---+---+`: a line drawn between rows.
#[must_use]
pub fn is_rule(line: &str) -> bool {
    line.len() > 2 && line.bytes().all(|byte| b"-=|+: ".contains(&byte)) && line.contains(['-', '='])
}

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
        let written = line.as_bytes();
        let marked = memchr3(b'\t', b'|', b';', written).is_some();
        let stroked = memchr(b'/', written).is_some();
        if !(marked || stroked || has_gap(written)) {
            return None;
        }
        let line = line.trim().as_bytes();
        if let Some(at) = memchr3(b'\t', b'|', b';', line).filter(|_| marked)
            && let Some(ruler) = Self::of_marks(line, at)
        {
            return Some(ruler);
        }
        if stroked && memmem::find_iter(line, " / ").nth(1).is_some() {
            return Some(Self::Slash);
        }
        has_gap(line).then_some(Self::Gap)
    }

    /// A line with a tab, a bar or a semicolon, the first of which stands there.
    fn of_marks(line: &[u8], at: usize) -> Option<Self> {
        if memchr(b'\t', line).is_some() {
            return Some(Self::Tab);
        }
        if memchr(b'|', line).is_some() {
            return Some(Self::Bar);
        }
        let space = |at: Option<usize>| at.and_then(|at| line.get(at)) == Some(&b' ');
        let apart = space(at.checked_sub(1)) && space(at.checked_add(1));
        (apart || memchr_iter(b';', line).nth(1).is_some()).then_some(Self::Semicolon)
    }

    /// The same, or what may part a line if a heading of as many fields stands above.
    #[must_use]
    pub fn under_heading(line: &str) -> Option<Self> {
        let twice = |ruler: &Self| memmem::find_iter(line.as_bytes(), ruler.mark()).nth(1).is_some();
        Self::of(line).or_else(|| [Self::Comma, Self::Dash, Self::Stroke].into_iter().find(twice))
    }

    /// Whether only a heading shows it to be one.
    #[must_use]
    pub const fn is_loose(self) -> bool {
        matches!(self, Self::Comma | Self::Stroke | Self::Dash)
    }

    /// How often it stands in a line.
    #[must_use]
    pub fn count(self, line: &str) -> usize {
        match self.mark().as_bytes() {
            [mark] => memchr_iter(*mark, line.as_bytes()).count(),
            mark => memmem::find_iter(line.as_bytes(), mark).count(),
        }
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

/// Whether two spaces stand side by side. Without a way out, so that many bytes are looked at in one step.
fn has_gap(line: &[u8]) -> bool {
    let pairs = line.iter().zip(line.iter().skip(1));
    pairs.fold(false, |any, (one, next)| any | ((*one == b' ') & (*next == b' ')))
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
