//! Tables in text: CSV and TSV (RFC 4180), with the separators that spreadsheets use.

use csv::{ReaderBuilder, StringRecord};

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
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let first = sink.segments.len();
    let mut row = 0;
    while reader.read_record(&mut record).unwrap_or(false) {
        for (value, column) in record.iter().zip(0u32..) {
            let boundary = if column == 0 { Boundary::Row } else { Boundary::Cell };
            sink.cell(Cell { table: 0, row, column }, value, boundary);
        }
        row += 1;
    }
    sink.written(first, &text);
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
    use super::separator;

    #[test]
    fn the_separator_is_found() {
        assert_eq!(separator("Nom;NAM\n\"A, B\";TREM"), Some(b';'));
        assert_eq!(separator("Nom,NAM\n\"A; B\",TREM\n"), Some(b','));
        assert_eq!(separator("Nom\tNAM\nA, B\tTREM\n"), Some(b'\t'));
        assert_eq!(separator("a;1,5\nb;2,5"), Some(b';'));
        assert_eq!(separator("Nom\nA"), None);
    }
}
