//! Tables of dBase and its like (`.dbf`; dBase III to V, FoxPro; compiled by us, 2026-11, by Borland's table of the header and Microsoft's of
//! FoxPro's): a row for each record, below the names of the fields.
//!
//! In: bytes. Out: cells. Records that are marked as deleted are still there, and are read. Memos stand in a file of their own (`.dbt`, `.fpt`).

use jiff::Span;
use jiff::civil::Date;

use super::{Format, behind, sweep};
use crate::extract::endian::{double, little, long, short};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::mime::charset;
use crate::model::{Boundary, Cell, GapReason};

/// Takes a header whose fields are as long together as it says that a record is.
pub const FORMAT: Format =
    Format { behind: false, name: "dbf", claims: |source| Header::of(&source.bytes).is_some(), read };

/// Bytes of the header before the fields, and of a field.
const BLOCK: usize = 32;
/// What programs write first: dBase with and without memos, FoxPro.
const VERSIONS: [u8; 13] = [0x02, 0x03, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5, 0xFB];

/// What the header says.
struct Header {
    fields: Vec<Field>,
    /// Where the records begin, how long each is, and how many there are.
    start: usize,
    size: usize,
    count: usize,
    charset: Option<&'static str>,
}

struct Field {
    name: String,
    kind: u8,
    /// Where it stands in a record.
    at: usize,
    size: usize,
}

impl Header {
    fn of(bytes: &[u8]) -> Option<Self> {
        let known = bytes.first().is_some_and(|version| VERSIONS.contains(version));
        let start = short(bytes, 8).filter(|start| known && *start > BLOCK)?;
        let head = bytes.get(BLOCK..start)?;
        let mut fields: Vec<Field> = Vec::new();
        // The mark of deletion stands before the first field.
        let mut at = 1;
        for field in head.chunks(BLOCK).take_while(|field| field.first() != Some(&b'\r')) {
            let (name, kind) = (field.get(..11)?, *field.get(11)?);
            let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
            // Long texts have the upper half of their size where others have decimals.
            let upper = if kind == b'C' { usize::from(*field.get(17)?) << 8 } else { 0 };
            let size = usize::from(*field.get(16)?) + upper;
            let is_name = !name.is_empty() && name.iter().all(|byte| *byte > b' ');
            if !is_name || !kind.is_ascii_graphic() || size == 0 {
                return None;
            }
            fields.push(Field { name: charset::decode(name, None), kind, at, size });
            at += size;
        }
        let size = short(bytes, 10).filter(|size| *size == at && !fields.is_empty())?;
        Some(Self { fields, start, size, count: long(bytes, 4)?, charset: page(*bytes.get(29)?) })
    }
}

/// The charset of a language driver (Microsoft, "Code pages supported by Visual FoxPro").
fn page(driver: u8) -> Option<&'static str> {
    match driver {
        0x01 | 0x1B => Some("cp437"),
        0x02 | 0x1C | 0x1D => Some("cp850"),
        0x03 | 0x57..=0x59 => Some("windows-1252"),
        0x04 => Some("macintosh"),
        0x64 => Some("cp852"),
        0x65 | 0x26 => Some("cp866"),
        0xC8 => Some("windows-1250"),
        0xC9 => Some("windows-1251"),
        0xCA => Some("windows-1254"),
        0xCB => Some("windows-1253"),
        _ => None,
    }
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let bytes: &[u8] = &source.bytes;
    let Some(header) = Header::of(bytes) else { return sink.gap(GapReason::Malformed) };
    for (column, field) in (0u32..).zip(&header.fields) {
        let boundary = if column == 0 { Boundary::Block } else { Boundary::Cell };
        sink.cell(Cell { table: 0, row: 0, column }, field.name.as_str(), boundary);
    }
    let records = bytes.get(header.start..).unwrap_or_default();
    let whole = header.count.min(records.len() / header.size);
    // Bytes tell their charset where the header does not, all of them better than one word.
    let text = records.get(..whole * header.size).unwrap_or_default();
    let charset = header.charset.or_else(|| of_another_computer(text));
    for (row, record) in (1u32..).zip(text.chunks_exact(header.size)) {
        let mut boundary = Boundary::Row;
        for (column, field) in (0u32..).zip(&header.fields) {
            let value = record.get(field.at..field.at + field.size).unwrap_or_default();
            let said = field.said(value, charset);
            if !said.trim().is_empty() {
                sink.cell(Cell { table: 0, row, column }, said, boundary);
                boundary = Boundary::Cell;
            }
        }
    }
    if whole < header.count {
        sink.damaged(
            header.start + text.len(),
            header.start.saturating_add(header.count.saturating_mul(header.size)),
        );
    }
    let rest = records.get(text.len()..).unwrap_or_default();
    behind::put(rest.strip_prefix(b"\x1A").unwrap_or(rest), sink);
}

/// The charset of DOS, when bytes are plainly of it.
fn of_another_computer(text: &[u8]) -> Option<&'static str> {
    let high: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii()).collect();
    let read = |label| charset::decode(&high, label);
    (!high.is_empty() && read(None) == read(Some("cp850"))).then_some("cp850")
}

impl Field {
    /// What a value says; nothing where it is a mark of its program, or the number of a memo.
    fn said(&self, value: &[u8], charset: Option<&str>) -> String {
        match (self.kind, self.size) {
            (b'C' | b'V', _) => charset::decode(value.trim_ascii_end(), charset).trim_end().to_owned(),
            (b'D', 8) => date(value),
            (b'M' | b'G' | b'P' | b'Q' | b'W' | b'0', _) => String::new(),
            (b'I' | b'+', 4) => signed(value).to_string(),
            (b'B', 8) => double(value, 0).map(|it| it.to_string()).unwrap_or_default(),
            (b'Y', 8) => amount(value),
            (b'T' | b'@', 8) => moment(value).unwrap_or_default(),
            (b'N' | b'F' | b'L', _) => charset::decode(value, None).trim().to_owned(),
            _ => sweep::words(value).trim().to_owned(),
        }
    }
}

/// Eight digits, as people write dates.
fn date(value: &[u8]) -> String {
    let text = charset::decode(value, None);
    match (text.get(..4), text.get(4..6), text.get(6..)) {
        (Some(year), Some(month), Some(day)) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{year}-{month}-{day}")
        }
        _ => text.trim().to_owned(),
    }
}

fn signed(value: &[u8]) -> i32 {
    u32::try_from(little(value)).unwrap_or(0).cast_signed()
}

/// Ten thousandths.
fn amount(value: &[u8]) -> String {
    let number = u64::try_from(little(value)).unwrap_or(0).cast_signed();
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", number.unsigned_abs() / 10_000, number.unsigned_abs() % 10_000 / 100)
}

/// A day of the Julian count; the time of day says nothing of anyone.
fn moment(value: &[u8]) -> Option<String> {
    /// The day of 1970-01-01.
    const EPOCH: i64 = 2_440_588;
    let day = i64::try_from(long(value, 0)?).ok()?.checked_sub(EPOCH)?;
    let date = Date::constant(1970, 1, 1).checked_add(Span::new().try_days(day).ok()?);
    date.ok().map(|date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::{Field, Header, moment};

    fn said(kind: u8, value: &[u8]) -> String {
        let field = Field { name: String::new(), kind, at: 1, size: value.len() };
        field.said(value, Some("cp850"))
    }

    #[test]
    fn values_are_shown_by_their_kind() {
        for (kind, value, shown) in [
            (b'C', &b"C\x93t\x82  "[..], "Côté"),
            (b'D', b"19620415", "1962-04-15"),
            (b'D', b"        ", ""),
            (b'N', b"   123.5", "123.5"),
            (b'I', b"\xFF\xFF\xFF\xFF", "-1"),
            (b'Y', b"\x10\x27\0\0\0\0\0\0", "1.00"),
            (b'M', b"       12", ""),
        ] {
            assert_eq!(said(kind, value), shown, "{value:?}");
        }
        assert_eq!(moment(&[0x8A, 0x32, 0x25, 0, 0, 0, 0, 0]).as_deref(), Some("1962-04-15"));
    }

    #[test]
    fn a_header_that_does_not_add_up_is_none() {
        assert!(Header::of(&[0x03; 64]).is_none() && Header::of(b"").is_none());
    }
}
