//! Tables in text: CSV and TSV (RFC 4180), with the separators that spreadsheets use.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::Format;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, Cell, Region};

/// Takes what claims to be a table and has a separator.
pub const FORMAT: Format = Format { behind: false, name: "csv", claims, read };

const MEDIAS: &[&str] =
    &["text/csv", "text/tab-separated-values", "text/comma-separated-values", "application/csv"];

fn claims(source: &Source<'_>) -> bool {
    source.claims(MEDIAS, &["csv", "tsv", "tab"])
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let text = source.text();
    let Some(separator) = separator(&text) else {
        sink.text(Region::Body, text, Boundary::Block);
        return;
    };
    let first = sink.segments.len();
    for (row, column, value) in (Fields { rest: &text, separator, row: 0, column: 0 }) {
        let boundary = if column == 0 { Boundary::Row } else { Boundary::Cell };
        sink.cell(Cell { table: 0, row, column }, value, boundary);
    }
    sink.written(first, &text);
}

/// The fields of a table with their row and column, taken one by one, so that a row of any length costs no more than its text. What stands
/// between a closing quote and the separator belongs to the field; empty rows do not count.
struct Fields<'t> {
    rest: &'t str,
    separator: u8,
    row: u32,
    column: u32,
}

impl<'t> Iterator for Fields<'t> {
    type Item = (u32, u32, Cow<'t, str>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.column == 0 {
            self.rest = self.rest.trim_start_matches('\n');
        }
        if self.rest.is_empty() {
            return None;
        }
        let quoted = self.quoted();
        let end = memchr2(self.separator, b'\n', self.rest.as_bytes()).unwrap_or(self.rest.len());
        let (plain, rest) = self.rest.split_at_checked(end)?;
        let value = quoted.map_or(Cow::Borrowed(plain), |quoted| Cow::Owned(quoted + plain));
        let here = (self.row, self.column, value);
        (self.row, self.column) = match rest.starts_with(char::from(self.separator)) {
            true => (self.row, self.column.saturating_add(1)),
            false => (self.row.saturating_add(1), 0),
        };
        self.rest = rest.get(1..).unwrap_or_default();
        Some(here)
    }
}

impl Fields<'_> {
    /// What stands in quotes here; two quotes in them are one.
    fn quoted(&mut self) -> Option<String> {
        let mut open = self.rest.strip_prefix('"');
        let mut out = open.map(|_| String::new())?;
        while let Some(inside) = open {
            let end = memchr(b'"', inside.as_bytes()).unwrap_or(inside.len());
            out.push_str(inside.get(..end)?);
            self.rest = inside.get(end + 1..).unwrap_or_default();
            open = self.rest.strip_prefix('"');
            out.extend(open.map(|_| '"'));
        }
        Some(out)
    }
}

/// The separator that the first lines hold most evenly: the one with the highest least count, quoted ones not counted.
fn separator(text: &str) -> Option<u8> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let least = |separator: u8| lines.iter().map(|line| count(line, separator)).min().unwrap_or(0);
    let total = |separator: u8| lines.iter().map(|line| count(line, separator)).sum::<usize>();
    let best = b"|,\t;".iter().copied().max_by_key(|separator| (least(*separator), total(*separator)))?;
    (total(best) > 0).then_some(best)
}

fn count(line: &str, separator: u8) -> usize {
    let mut quoted = false;
    let bytes = line.bytes().take(10_000);
    bytes
        .filter(|byte| {
            quoted ^= *byte == b'"';
            *byte == separator && !quoted
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::{Fields, separator};

    #[test]
    fn fields_are_taken_apart_as_spreadsheets_do() {
        let shown = |text: &str| {
            let fields = Fields { rest: text, separator: b';', row: 0, column: 0 };
            fields.map(|(row, column, value)| format!("{row}.{column}={value}")).collect::<Vec<_>>().join("|")
        };
        assert_eq!(
            shown("a;\"b;\n\"\"c\"\"\"\n\n\"d\" e;\n;f"),
            "0.0=a|0.1=b;\n\"c\"|1.0=d e|1.1=|2.0=|2.1=f"
        );
        assert_eq!(shown("a;b\"c;\"d\ne"), "0.0=a|0.1=b\"c|0.2=d\ne");
        assert_eq!(shown("\"\"\"a\"\";\"\"b\"\"\"\n\n"), "0.0=\"a\";\"b\"");
    }

    #[test]
    fn the_separator_is_found() {
        assert_eq!(separator("Nom;NAM\n\"A, B\";TREM"), Some(b';'));
        assert_eq!(separator("Nom,NAM\n\"A; B\",TREM\n"), Some(b','));
        assert_eq!(separator("Nom\tNAM\nA, B\tTREM\n"), Some(b'\t'));
        assert_eq!(separator("a;1,5\nb;2,5"), Some(b';'));
        assert_eq!(separator("Nom\nA"), None);
    }
}
