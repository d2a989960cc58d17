//! Tables typed as text: the heading over a place in their columns.

use memchr::memrchr;

use super::ruler::{Ruler, is_rule};

/// Longest line of such a table, on either side of a place, in bytes.
const LINE: usize = 2048;

/// Finds the headings of texts, and keeps the last line asked for: rows asked in order, or again, are looked at once.
#[derive(Debug, Default)]
pub struct Headings {
    last: Option<Line>,
    /// The number of the text it is of.
    text: usize,
    /// The line asked for last, as where it starts and how long it is, and what parts it: all rules ask for one line.
    asked: Option<(usize, usize, Option<Ruler>)>,
}

/// The heading over a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading<'t> {
    /// What it says.
    pub words: &'t str,
    /// Where the field under it starts.
    pub field: usize,
    /// Whether two spaces part the columns, as they part sentences too.
    pub aligned: bool,
}

/// A line that is parted.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: usize,
    ruler: Ruler,
    /// Where the first line of its run starts; an empty line ends a run.
    run: usize,
    /// The same when it only looks past empty lines right above.
    head: usize,
}

impl Headings {
    /// The heading of the column in which a byte of a text stands: the first line of the run of lines that are
    /// parted alike, in the same column. `None` when the line is not parted, or is the first.
    pub fn over<'t>(&mut self, number: usize, text: &'t str, at: usize) -> Option<Heading<'t>> {
        if std::mem::replace(&mut self.text, number) != number {
            (self.last, self.asked) = (None, None);
        }
        let from = text.ceil_char_boundary(at.saturating_sub(LINE));
        let above = memrchr(b'\n', text.get(from..at)?.as_bytes()).map(|end| from + end + 1);
        let start = above.or((from == 0).then_some(0))?;
        let to = text.floor_char_boundary(at.saturating_add(LINE));
        let line = text.get(start..to)?.split('\n').next()?;
        let ruler = self.parts(start, line)?;
        let like = |other: &str| {
            Ruler::under_heading(other) == Some(ruler)
                && (!ruler.is_loose() || ruler.count(other) == ruler.count(line))
        };
        let head = match self.last {
            Some(last) if last.start == start => last.head,
            Some(last) if last.ruler == ruler && last.run < start && start < last.start => last.run,
            _ => self.first(text, start, ruler, like),
        };
        let head = text.get(head..start)?.split('\n').next().filter(|head| !head.is_empty())?;
        let worded = || !head.contains(|character: char| character.is_ascii_digit());
        let heads = !ruler.is_loose() || ruler.count(head) == ruler.count(line) && worded();
        let before = text.get(start..at).filter(|_| heads)?;
        let words = field(ruler, head, before).map(str::trim).filter(|field| !field.is_empty())?;
        let field = start + before.rfind(ruler.mark()).map_or(0, |mark| mark + ruler.mark().len());
        Some(Heading { words, field, aligned: ruler == Ruler::Gap })
    }

    /// What parts a line that starts at a place.
    fn parts(&mut self, start: usize, line: &str) -> Option<Ruler> {
        let asked = self.asked.filter(|(at, length, _)| (*at, *length) == (start, line.len()));
        let ruler = asked.map_or_else(|| Ruler::under_heading(line), |(_, _, ruler)| ruler);
        self.asked = Some((start, line.len(), ruler));
        ruler
    }

    /// Where the run of lines that are parted like a line starts.
    fn first(&mut self, text: &str, line: usize, ruler: Ruler, like: impl Fn(&str) -> bool) -> usize {
        let mut head = line;
        let mut end = text.get(..line).unwrap_or_default().trim_end_matches('\n').len();
        let touches = end + 1 >= line;
        loop {
            let above = text.get(..end).unwrap_or_default();
            let start = above.rfind('\n').map_or(0, |end| end + 1);
            let line = above.get(start..).unwrap_or_default();
            if is_rule(line) {
                end = start.saturating_sub(1);
                continue;
            }
            if !like(line) {
                break;
            }
            head = start;
            if let Some(last) = self.last.filter(|last| last.start == start && last.ruler == ruler) {
                head = last.run;
                break;
            }
            end = start.saturating_sub(1);
        }
        self.last = Some(Line { start: line, ruler, run: if touches { head } else { line }, head });
        head
    }
}

/// The field of a heading line that stands over what follows `before`.
fn field<'l>(ruler: Ruler, line: &'l str, before: &str) -> Option<&'l str> {
    if ruler != Ruler::Gap {
        return line.split(ruler.mark()).nth(ruler.count(before));
    }
    let place = before.chars().count();
    let place = line.char_indices().nth(place + 2).map_or(line.len(), |(place, _)| place);
    fields(line).take_while(|(start, _)| *start <= place).last().map(|(_, field)| field)
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
    use super::Headings;

    #[test]
    fn a_typed_column_has_its_first_line_as_heading() {
        for (text, under) in [
            ("Nom\tNaissance\tNo\nRoy\t1950-01-02\t3\nMorin\t1954-08-03\t4\n", Some("Naissance")),
            ("Nom ; DDN ; No\nRoy ; 1954-08-03 ; 4\n", Some("DDN")),
            ("| Nom | DDN |\n|---|---|\n| Roy | 1954-08-03 |\n", Some("DDN")),
            ("Liste :\n\nNom        DDN         No\nRoy        1954-08-03  4\n", Some("DDN")),
            ("Nom        No  DDN\nRoy Marie  12  1954-08-03\n", Some("DDN")),
            ("Nom / DDN / No\nRoy / 1954-08-03 / 4\n", Some("DDN")),
            ("Nom,DDN,No\nRoy,1954-08-03,4\n", Some("DDN")),
            ("Nom - DDN - No\nRoy - 1954-08-03 - 4\n", Some("DDN")),
            (
                "+-----+------------+\n| Nom | DDN        |\n+=====+============+\n| Roy | 1954-08-03 |\n",
                Some("DDN"),
            ),
            (
                "====  ==========\nNom   DDN\n====  ==========\nRoy   1954-08-03\n====  ==========\n",
                Some("DDN"),
            ),
            ("Roy, Lee, 2 autres\nRoy, 1954-08-03, 4\n", None),
            ("DDN de Roy\nRoy\t1954-08-03\n", None),
            ("DDN 1954-08-03", None),
        ] {
            let over = Headings::default().over(0, text, text.find("1954-08-03").unwrap());
            assert_eq!(over.map(|heading| heading.words), under, "{text}");
        }
    }
}
