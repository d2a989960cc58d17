//! Tables in the markup of texts: AsciiDoc (`|===`; its language documentation, "Tables") and wikis (`{|`; MediaWiki, "Help:Tables"). Those
//! whose rows are lines, as Markdown has them, are told apart where people are looked for.
//!
//! In: a text. Out: its cells with their coordinates, and what stands around the tables as before.

use super::pasted;
use crate::extract::sink::Sink;
use crate::model::{Boundary, Cell, Region};

/// How a table of AsciiDoc begins and ends.
const FENCE: &str = "|===";
/// How a table of a wiki begins.
const OPENS: &str = "{|";

/// Puts a text, with the tables in it read by cells.
pub fn read(text: String, sink: &mut Sink) {
    let has = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    if !has(FENCE) && !has(OPENS) {
        return pasted::read(text, sink);
    }
    let (mut around, mut open) = (String::new(), None);
    let mut columns = None;
    for line in text.split_inclusive('\n') {
        let mark = line.trim();
        open = match open.take() {
            None if mark == FENCE => Some(Table::ascii_doc(columns)),
            None if mark.starts_with(OPENS) => Some(Table::wiki()),
            None => {
                columns = told_columns(mark).or(columns.filter(|_| mark.starts_with(['.', '['])));
                around.push_str(line);
                None
            }
            Some(table) if mark == table.end => {
                if !around.trim().is_empty() {
                    pasted::read(std::mem::take(&mut around), sink);
                }
                table.put(sink);
                None
            }
            Some(mut table) => {
                table.take(line);
                Some(table)
            }
        };
    }
    // A table without an end is none.
    around.extend(open.into_iter().flat_map(|table| [table.start.to_owned(), "\n".to_owned(), table.lines]));
    pasted::read(around, sink);
}

/// Columns by an attribute (`[cols="1,2"]`, `[cols=3*]`).
fn told_columns(line: &str) -> Option<usize> {
    let value = line.strip_prefix('[')?.split_once("cols=")?.1;
    let value = match value.strip_prefix('"') {
        Some(value) => value.split('"').next()?,
        None => value.split([',', ']']).next()?,
    };
    let of = |column: &str| column.split_once('*').map_or(Some(1), |(count, _)| count.trim().parse().ok());
    value.split([',', ';']).map(of).sum()
}

/// A table that is being read.
struct Table {
    start: &'static str,
    end: &'static str,
    /// As it stands, in case that it has no end.
    lines: String,
    title: String,
    cells: Vec<(u32, u32, String)>,
    /// Where the next cell stands.
    next: (u32, u32),
    /// Columns of a row, once they are known; a wiki says where rows begin.
    columns: Option<u32>,
}

impl Table {
    fn ascii_doc(columns: Option<usize>) -> Self {
        let columns = columns.and_then(|columns| u32::try_from(columns).ok()).filter(|columns| *columns > 0);
        Self {
            start: FENCE,
            end: FENCE,
            lines: String::new(),
            title: String::new(),
            cells: Vec::new(),
            next: (0, 0),
            columns,
        }
    }

    fn wiki() -> Self {
        Self { end: "|}", start: OPENS, ..Self::ascii_doc(None) }
    }

    fn take(&mut self, line: &str) {
        self.lines.push_str(line);
        if self.start == FENCE { self.take_ascii_doc(line.trim()) } else { self.take_wiki(line.trim()) }
    }

    /// Each bar begins a cell, and cells fill rows; the first line tells how many a row has.
    fn take_ascii_doc(&mut self, line: &str) {
        let mut pieces = bars(line).into_iter();
        let before = pieces.next().unwrap_or_default();
        let (text, mut span) = span(&before);
        self.go_on(text);
        for piece in pieces {
            let (text, next) = self::span(&piece);
            self.begin(span, text.trim());
            span = next;
        }
        if self.columns.is_none() && !self.cells.is_empty() {
            self.columns = Some(self.next.1.max(1));
            self.next = (1, 0);
        }
    }

    /// A line begins a row (`|-`), cells (`| a || b`, `! a !! b`), a title (`|+`), or goes on.
    fn take_wiki(&mut self, line: &str) {
        let of_cell = |cell: &str| match cell.split_once('|') {
            Some((attributes, text)) if attributes.contains('=') && !attributes.contains("[[") => {
                text.trim().to_owned()
            }
            _ => cell.trim().to_owned(),
        };
        if line.starts_with("|-") {
            if self.next.1 > 0 {
                self.next = (self.next.0.saturating_add(1), 0);
            }
        } else if let Some(title) = line.strip_prefix("|+") {
            self.title.push_str(&of_cell(title));
        } else if let Some(cells) = line.strip_prefix(['|', '!']) {
            for cell in cells.split("||").flat_map(|cell| cell.split("!!")) {
                self.begin(1, &of_cell(cell));
            }
        } else {
            self.go_on(line);
        }
    }

    fn begin(&mut self, span: u32, text: &str) {
        let (row, column) = self.next;
        self.cells.push((row, column, text.to_owned()));
        let column = column.saturating_add(span);
        self.next = match self.columns {
            Some(columns) if column >= columns => (row.saturating_add(1), 0),
            _ => (row, column),
        };
    }

    fn go_on(&mut self, text: &str) {
        if let Some((.., last)) = self.cells.last_mut().filter(|_| !text.trim().is_empty()) {
            last.push('\n');
            last.push_str(text.trim());
        }
    }

    fn put(self, sink: &mut Sink) {
        sink.text(Region::Body, self.title, Boundary::Block);
        let table = sink.record();
        let mut last = None;
        for (row, column, text) in self.cells.into_iter().filter(|(.., text)| !text.is_empty()) {
            let boundary = match last.replace(row) {
                None => Boundary::Block,
                Some(last) if last == row => Boundary::Cell,
                Some(_) => Boundary::Row,
            };
            sink.cell(Cell { table, row, column }, text, boundary);
        }
    }
}

/// What stands between the bars of a line; one behind a backslash is a letter.
fn bars(line: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for piece in line.split('|') {
        match pieces.last_mut() {
            Some(last) if last.ends_with('\\') => {
                last.pop();
                last.push('|');
                last.push_str(piece);
            }
            _ => pieces.push(piece.to_owned()),
        }
    }
    pieces.remove(0);
    pieces
}

/// The text before a bar without what it says of the next cell (`2+^s|`), and how many columns that takes.
fn span(text: &str) -> (&str, u32) {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let before = text.strip_suffix(word).unwrap_or(text);
    let signs = word.chars().all(|sign| "0123456789.+*<^>aehlmsdv".contains(sign));
    let says = word.contains(['+', '*', '<', '^', '>']) || matches!(word, "a" | "e" | "h" | "l" | "m" | "s");
    if !signs || !says {
        return (text, 1);
    }
    let columns = word.split_once('+').and_then(|(count, _)| count.split('.').next()?.parse().ok());
    (before, columns.unwrap_or(1).max(1))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::extract::budget::Budget;
    use crate::extract::sink::{Sink, a1};
    use crate::model::Limits;

    fn shown(text: &str) -> String {
        let mut sink = Sink::default();
        sink.budget = Budget::new(&Limits::default());
        read(text.to_owned(), &mut sink);
        let of = |segment: &crate::model::Segment| {
            let place = segment.cell.map(|cell| format!("{} ", a1(cell))).unwrap_or_default();
            format!("{place}{}", segment.text.reveal().trim().replace('\n', "/"))
        };
        sink.segments.iter().map(of).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn cells_of_typed_tables_have_their_columns() {
        for (text, cells) in [
            (
                "= Liste\n|===\n|Nom |NAM\n\n|Roy\n|ROYP 5503\n1213\n|Lee |x\\|y\n|===\nFin\n",
                "= Liste; A1 Nom; B1 NAM; A2 Roy; B2 ROYP 5503/1213; A3 Lee; B3 x|y; Fin",
            ),
            (
                "[cols=\"1,2,1\",options=header]\n.Titre\n|===\n|Nom\n|NAM\n|No\n2+^|Roy a|3\n|===\n",
                "[cols=\"1,2,1\",options=header]/.Titre; A1 Nom; B1 NAM; C1 No; A2 Roy; C2 3",
            ),
            (
                "a\n{| class=x\n|+ Liste\n|-\n! Nom !! scope=col | NAM\n|-\n| Roy || ROYP 5503 1213\n|}\nb",
                "a; Liste; A1 Nom; B1 NAM; A2 Roy; B2 ROYP 5503 1213; b",
            ),
            ("|===\n|Roy\u{A0}|2+|x\u{A0}a|y\n|===\n", "A1 Roy; C1 x; E1 y"),
            ("a\n|===\n|b\n", "a/|===/|b"),
            ("a {| b", "a {| b"),
        ] {
            assert_eq!(shown(text), cells, "{text}");
        }
    }
}
