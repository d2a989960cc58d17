//! Tables typed as text: columns parted by tabs, bars or two spaces, and the heading over a place in them.

/// How far above a place its heading is looked for, in bytes.
const REACH: usize = 8192;

/// What parts the columns of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ruler {
    Tab,
    Bar,
    Gap,
}

/// The heading of the column in which a byte of a text stands: the first line of the run of lines that are
/// parted alike, in the same column. `None` when the line is not parted, or is the first.
#[must_use]
pub fn heading(text: &str, at: usize) -> Option<&str> {
    let above = text.get(..at)?;
    let start = above.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.split('\n').next()?;
    let ruler = Ruler::of(line)?;
    let from = text.ceil_char_boundary(start.saturating_sub(REACH));
    let head = text.get(from..start)?.trim_end_matches('\n').rsplit('\n');
    let head = head.take_while(|line| Ruler::of(line) == Some(ruler)).last()?;
    ruler.field(head, text.get(start..at)?).map(str::trim).filter(|field| !field.is_empty())
}

impl Ruler {
    fn of(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.contains('\t') {
            Some(Self::Tab)
        } else if line.contains('|') {
            Some(Self::Bar)
        } else {
            line.contains("  ").then_some(Self::Gap)
        }
    }

    /// The field of a heading line that stands over what follows `before`.
    fn field<'l>(self, line: &'l str, before: &str) -> Option<&'l str> {
        match self {
            Self::Tab => line.split('\t').nth(before.matches('\t').count()),
            Self::Bar => line.split('|').nth(before.matches('|').count()),
            Self::Gap => {
                let place = before.chars().count();
                let place = line.char_indices().nth(place + 2).map_or(line.len(), |(place, _)| place);
                fields(line).take_while(|(start, _)| *start <= place).last().map(|(_, field)| field)
            }
        }
    }
}

/// Fields parted by two spaces or more, with where each starts.
fn fields(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    line.split("  ").filter_map(move |field| {
        let here = start;
        start += field.len() + 2;
        let lead = field.len() - field.trim_start().len();
        (!field.trim().is_empty()).then_some((here + lead, field))
    })
}

#[cfg(test)]
mod tests {
    use super::heading;

    #[test]
    fn a_typed_column_has_its_first_line_as_heading() {
        for (text, under) in [
            ("Nom\tNaissance\tNo\nRoy\t1950-01-02\t3\nMorin\t1954-08-03\t4\n", Some("Naissance")),
            ("| Nom | DDN |\n|---|---|\n| Roy | 1954-08-03 |\n", Some("DDN")),
            ("Liste :\n\nNom        DDN         No\nRoy        1954-08-03  4\n", Some("DDN")),
            ("Nom        No  DDN\nRoy Marie  12  1954-08-03\n", Some("DDN")),
            ("DDN de Roy\nRoy\t1954-08-03\n", None),
            ("DDN 1954-08-03", None),
        ] {
            assert_eq!(heading(text, text.find("1954-08-03").unwrap()), under, "{text}");
        }
    }
}
