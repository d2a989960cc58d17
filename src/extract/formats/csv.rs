//! Tables in text: CSV and TSV (RFC 4180), with the separators that spreadsheets use.

use csv_core::ReadFieldResult;

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
    let told = told(&text).or_else(|| Some((separator(&text)?, text.as_str())));
    let Some((separator, rows)) = told else {
        sink.text(Region::Body, text, Boundary::Block);
        return;
    };
    let first = sink.segments.len();
    for (row, column, value) in Fields::of(rows, separator) {
        let boundary = if column == 0 { Boundary::Row } else { Boundary::Cell };
        sink.cell(Cell { table: 0, row, column }, value, boundary);
    }
    sink.written(first, &text);
}

/// The fields of a table with their row and column, taken one by one, so that a row of any length costs no more than its text.
struct Fields<'t> {
    reader: csv_core::Reader,
    rest: &'t [u8],
    /// Room for a field; it grows with the longest.
    field: Vec<u8>,
    row: u32,
    column: u32,
}

impl<'t> Fields<'t> {
    fn of(text: &'t str, separator: u8) -> Self {
        let reader = csv_core::ReaderBuilder::new().delimiter(separator).build();
        Self { reader, rest: text.as_bytes(), field: vec![0; 256], row: 0, column: 0 }
    }
}

impl Iterator for Fields<'_> {
    type Item = (u32, u32, String);

    fn next(&mut self) -> Option<Self::Item> {
        let mut length = 0;
        loop {
            let room = self.field.get_mut(length..)?;
            let (result, read, written) = self.reader.read_field(self.rest, room);
            self.rest = self.rest.get(read..)?;
            length += written;
            match result {
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull => self.field.resize(self.field.len() * 2, 0),
                ReadFieldResult::Field { record_end } => {
                    let value = String::from_utf8_lossy(self.field.get(..length)?).into_owned();
                    let here = (self.row, self.column, value);
                    (self.row, self.column) = match record_end {
                        true => (self.row.saturating_add(1), 0),
                        false => (self.row, self.column.saturating_add(1)),
                    };
                    return Some(here);
                }
                ReadFieldResult::End => return None,
            }
        }
    }
}

/// The separator that a first line tells, as Excel reads and writes it (`sep=;`), and the rows below it.
fn told(text: &str) -> Option<(u8, &str)> {
    let (line, rows) = text.split_once('\n')?;
    let sign =
        line.get(4..).filter(|_| line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sep=")))?;
    match sign.as_bytes() {
        [sign] if !sign.is_ascii_alphanumeric() && *sign != b'"' => Some((*sign, rows)),
        _ => None,
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
    use super::{Fields, separator, told};

    #[test]
    fn fields_are_taken_apart_as_spreadsheets_do() {
        let shown = |text: &str| {
            let fields = Fields::of(text, b';');
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
        assert_eq!(told("sep=;\nNom;NAM\n"), Some((b';', "Nom;NAM\n")));
        assert_eq!(told("SEP=\t\nNom"), Some((b'\t', "Nom")));
        assert_eq!(told("sep=ab\nNom"), None);
        assert_eq!(told("sep=;"), None);
    }
}
