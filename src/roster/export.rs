//! Exports of patients and staff: comma-, semicolon- or tab-separated text, line by line.
//!
//! A row is a line: a quoted field may hold the separator, never a line end, so that a quote left open spoils one row and
//! not the rest. What is wrong is told by column and reason, never by value.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use jiff::civil::Date;

use super::fold::Spelling;
use super::person::{self, Person};

/// Longest row, in bytes.
pub const LONGEST_ROW: usize = 16 * 1024;

/// Reads an export: its first row names the columns.
#[derive(Debug, Default)]
pub struct Export {
    columns: Vec<Option<Column>>,
    separator: u8,
}

/// What a row says: a person, and what was left out of it.
#[derive(Debug)]
pub struct Row {
    /// The person.
    pub person: Person,
    /// Fields that were left out.
    pub left_out: Vec<Fault>,
}

/// Why an export cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// Two bytes a letter.
    #[error("the file is UTF-16; save it as UTF-8")]
    Utf16,
    /// The first line names no column that is needed.
    #[error("the first line names no columns; it should read `{0}`")]
    NoHeader(&'static str),
    /// Two columns have one name.
    #[error("two columns are named `{0}`")]
    Twice(&'static str),
}

/// What is wrong with a row or one of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Fault {
    /// More than [`LONGEST_ROW`].
    #[error("the row is longer than {LONGEST_ROW} bytes")]
    TooLong,
    /// A quote that nothing closes.
    #[error("a quote is left open")]
    OpenQuote,
    /// Not as many fields as the header has.
    #[error("the row has another number of fields than the header")]
    Fields,
    /// Bytes or characters that no name has.
    #[error("`{0}` holds characters that no text has (another encoding?)")]
    Encoding(&'static str),
    /// A number, a date or an address where a name is expected.
    #[error("`{0}` does not hold a name (columns exchanged?)")]
    NotName(&'static str),
    /// An empty name.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// Not a date, or none that a living person was born on.
    #[error("`{0}` is not a birth date (YYYY-MM-DD is expected)")]
    NotDate(&'static str),
    /// Not the form of a health-insurance number.
    #[error("`{0}` is not a health insurance number")]
    NotNam(&'static str),
    /// Not a dossier number, a telephone, a postal code.
    #[error("`{0}` is not what its column says")]
    NotReference(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Surname,
    OtherSurname,
    Given,
    Birth,
    Nam,
    Dossier,
    Phone,
    Postal,
}

/// Names of columns, the first of each being the one asked for (compiled by us, 2026-11, on exports of clinical indexes).
const COLUMNS: &[(Column, &[&str])] = &[
    (
        Column::Surname,
        &["nom", "nomnaissance", "nomdefamille", "nomfamille", "nomusager", "surname", "lastname"],
    ),
    (
        Column::OtherSurname,
        &[
            "nommarie",
            "nommarital",
            "nomconjoint",
            "alias",
            "autrenom",
            "nomusuel",
            "nomprecedent",
            "marriedname",
        ],
    ),
    (Column::Given, &["prenom", "prenoms", "prenomusuel", "prenomusager", "givenname", "firstname"]),
    (Column::Birth, &["datenaissance", "ddn", "datedenaissance", "naissance", "dob", "birthdate"]),
    (Column::Nam, &["nam", "ramq", "noramq", "noassurancemaladie", "numeroassurancemaladie"]),
    (Column::Dossier, &["dossier", "nodossier", "numerodossier", "mrn"]),
    (
        Column::Phone,
        &[
            "telephone",
            "tel",
            "telephone1",
            "telephone2",
            "cellulaire",
            "teldomicile",
            "telcellulaire",
            "phone",
        ],
    ),
    (Column::Postal, &["codepostal", "postal", "postalcode"]),
];

impl Export {
    /// Reads the line that names the columns.
    ///
    /// # Errors
    /// [`ExportError`] when it does not name a surname and a given name, or is not text.
    pub fn header(line: &[u8]) -> Result<Self, ExportError> {
        if line.starts_with(&[0xFF, 0xFE]) || line.starts_with(&[0xFE, 0xFF]) || line.contains(&0) {
            return Err(ExportError::Utf16);
        }
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
        let separator =
            [b'\t', b';', b','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b',');
        let text = text_of(line);
        let names = fields(&text, separator).unwrap_or_default();
        let columns: Vec<Option<Column>> = names.iter().map(|name| Column::named(name)).collect();
        let single = [(Column::Surname, "nom"), (Column::Given, "prenom"), (Column::Nam, "nam")];
        for (column, name) in single {
            if columns.iter().filter(|found| **found == Some(column)).count() > 1 {
                return Err(ExportError::Twice(name));
            }
        }
        if !columns.contains(&Some(Column::Surname)) || !columns.contains(&Some(Column::Given)) {
            return Err(ExportError::NoHeader("dossier,nom,prenom,date_naissance,nam"));
        }
        Ok(Self { columns, separator })
    }

    /// Reads a row, without its line end. An empty line is `None`.
    ///
    /// # Errors
    /// [`Fault`] when the row as a whole cannot be used; a field that cannot is left out and told.
    pub fn read(&self, line: &[u8]) -> Result<Option<Row>, Fault> {
        if line.len() > LONGEST_ROW {
            return Err(Fault::TooLong);
        }
        if line.iter().all(|byte| byte.is_ascii_whitespace() || *byte == self.separator) {
            return Ok(None);
        }
        let text = text_of(line);
        let fields = fields(&text, self.separator).ok_or(Fault::OpenQuote)?;
        if fields.len() != self.columns.len() {
            return Err(Fault::Fields);
        }
        let mut row = Row { person: Person::default(), left_out: Vec::new() };
        for (column, field) in self.columns.iter().zip(&fields) {
            if let Some(column) = column {
                row.take(*column, field.trim())?;
            }
        }
        let named = row.person.surnames.iter().any(|name| !name.is_empty());
        match (named, row.person.given.is_empty()) {
            (false, _) => Err(Fault::Empty("nom")),
            (_, true) => Err(Fault::Empty("prenom")),
            (true, false) => Ok(Some(row)),
        }
    }
}

impl Column {
    fn named(header: &str) -> Option<Self> {
        let plain = Spelling::of(header).whole();
        COLUMNS.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(column, _)| *column)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Surname => "nom",
            Self::OtherSurname => "nom_marie",
            Self::Given => "prenom",
            Self::Birth => "date_naissance",
            Self::Nam => "nam",
            Self::Dossier => "dossier",
            Self::Phone => "telephone",
            Self::Postal => "code_postal",
        }
    }
}

impl Row {
    fn take(&mut self, column: Column, field: &str) -> Result<(), Fault> {
        let name = column.name();
        if field.is_empty() {
            return Ok(());
        }
        let person = &mut self.person;
        let fault = match column {
            Column::Surname => return name_in(field, name).map(|spelling| person.surnames.push(spelling)),
            Column::Given => return name_in(field, name).map(|spelling| person.given = spelling),
            Column::OtherSurname => name_in(field, name).map(|spelling| person.surnames.push(spelling)).err(),
            Column::Birth => match birth(field) {
                Ok(birth) => {
                    person.birth = birth;
                    None
                }
                Err(()) => Some(Fault::NotDate(name)),
            },
            Column::Nam => kept(nam(field), &mut person.nam, Fault::NotNam(name)),
            Column::Dossier => kept(person::dossier(field), &mut person.dossier, Fault::NotReference(name)),
            Column::Postal => kept(person::postal(field), &mut person.postal, Fault::NotReference(name)),
            Column::Phone => {
                let phone = person::phone(field);
                let missing = phone.is_none();
                person.phones.extend(phone);
                missing.then_some(Fault::NotReference(name))
            }
        };
        self.left_out.extend(fault);
        Ok(())
    }
}

fn kept(value: Option<String>, to: &mut Option<String>, fault: Fault) -> Option<Fault> {
    let missing = value.is_none();
    *to = value;
    missing.then_some(fault)
}

/// A name: letters, few digits (`BB1 de Julie`), no address.
fn name_in(field: &str, column: &'static str) -> Result<Spelling, Fault> {
    if field.chars().any(|c| c == '\u{FFFD}' || c.is_control()) {
        return Err(Fault::Encoding(column));
    }
    let digits = field.bytes().filter(u8::is_ascii_digit).count();
    let letters = field.chars().filter(|c| c.is_alphabetic()).count();
    if digits > 1 || letters == 0 || field.contains(['@', '/', '=']) || field.len() > 200 {
        return Err(Fault::NotName(column));
    }
    Ok(Spelling::of(field))
}

/// A birth date, `None` when it stands for "unknown": day 0 of spreadsheets and the like.
fn birth(field: &str) -> Result<Option<Date>, ()> {
    const UNKNOWN: [(i16, i8, i8); 4] = [(1899, 12, 30), (1900, 1, 1), (1901, 1, 1), (9999, 12, 31)];
    let day = field.split([' ', 'T']).next().unwrap_or_default();
    let digits: String = day.chars().filter(char::is_ascii_digit).collect();
    let parted = day.split(['-', '/', '.']).map(str::len).collect::<Vec<_>>();
    if digits.len() != 8 || !(parted == [4, 2, 2] || parted == [8]) {
        return Err(());
    }
    let number =
        |range: std::ops::Range<usize>| digits.get(range).and_then(|text| text.parse::<i16>().ok()).ok_or(());
    let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
    let small = |number: i16| i8::try_from(number).map_err(|_| ());
    let date = Date::new(year, small(month)?, small(day)?).map_err(|_| ())?;
    if UNKNOWN.contains(&(date.year(), date.month(), date.day())) {
        return Ok(None);
    }
    if (1880..2100).contains(&date.year()) { Ok(Some(date)) } else { Err(()) }
}

/// The form of a health-insurance number; its check digit is not asked for: temporary numbers have none.
fn nam(field: &str) -> Option<String> {
    let plain: String =
        field.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let fits = plain.len() == 12
        && plain.bytes().enumerate().all(|(at, byte)| match at {
            0..=3 => byte.is_ascii_uppercase(),
            10 => true,
            _ => byte.is_ascii_digit(),
        });
    fits.then_some(plain)
}

/// A line as text: UTF-8, else windows-1252; UTF-8 that was once read as windows-1252 is put right.
fn text_of(line: &[u8]) -> Cow<'_, str> {
    let Ok(text) = std::str::from_utf8(line) else {
        return WINDOWS_1252.decode_without_bom_handling(line).0;
    };
    if !text.contains(['Ã', 'Â']) {
        return Cow::Borrowed(text);
    }
    let (bytes, _, lossy) = WINDOWS_1252.encode(text);
    match std::str::from_utf8(&bytes) {
        Ok(repaired) if !lossy => Cow::Owned(repaired.to_owned()),
        _ => Cow::Borrowed(text),
    }
}

/// The fields of a row; `None` when a quote is left open. RFC 4180: a doubled quote is one.
fn fields(line: &str, separator: u8) -> Option<Vec<Cow<'_, str>>> {
    let separator = char::from(separator);
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let lead = rest.trim_start_matches(' ');
        let (field, after) = match lead.strip_prefix('"') {
            Some(quoted) => unquoted(quoted, separator)?,
            None => match rest.split_once(separator) {
                Some((field, after)) => (Cow::Borrowed(field), Some(after)),
                None => (Cow::Borrowed(rest), None),
            },
        };
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return Some(fields),
        }
    }
}

/// The field after an opening quote, and what follows its separator.
fn unquoted(quoted: &str, separator: char) -> Option<(Cow<'_, str>, Option<&str>)> {
    let mut at = 0;
    loop {
        let quote = at + quoted.get(at..)?.find('"')?;
        let after = quoted.get(quote + 1..)?;
        if after.starts_with('"') {
            at = quote + 2;
            continue;
        }
        let field = quoted.get(..quote)?;
        let field =
            if field.contains('"') { Cow::Owned(field.replace("\"\"", "\"")) } else { Cow::Borrowed(field) };
        let after = after.trim_start_matches([' ', '\r']);
        return match after.strip_prefix(separator) {
            Some(rest) => Some((field, Some(rest))),
            None => after.is_empty().then_some((field, None)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::{Export, ExportError, Fault};

    fn reads(header: &str, row: &str) -> Result<Option<super::Row>, Fault> {
        Export::header(header.as_bytes()).unwrap().read(row.as_bytes())
    }

    #[test]
    fn a_row_is_read_in_every_dialect() {
        for (header, row) in [
            ("dossier,nom,prenom,date_naissance,nam", "12,Côté,Marie-Ève,1954-08-03,COTM54580312"),
            (
                "\u{feff}Dossier;Nom;Prénom;Date de naissance;NAM",
                "12;\"Côté\";Marie-Ève;1954/08/03;COTM 5458 0312",
            ),
            ("NAM\tPRENOM\tNOM\tDDN\tno_dossier", "cotm54580312\tMarie-Ève\tCôté\t19540803\t0012"),
            (
                "nom,prenom,ddn,nam,dossier,ville",
                "Côté,\"Marie-Ève\",1954-08-03 00:00:00,COTM54580312,12,\"a, b\"",
            ),
            ("nom,prenom,ddn,nam,dossier", "CÃ´tÃ©,Marie-Ãˆve,1954-08-03,COTM54580312,12"),
        ] {
            let row = reads(header, row).unwrap().unwrap();
            assert!(row.left_out.is_empty(), "{header}");
            let person = row.person;
            assert_eq!(person.surnames[0].whole(), "cote", "{header}");
            assert_eq!(person.given.whole(), "marieeve", "{header}");
            assert_eq!(person.birth.unwrap().to_string(), "1954-08-03", "{header}");
            assert_eq!(
                (person.nam.as_deref(), person.dossier.as_deref()),
                (Some("COTM54580312"), Some("12"))
            );
        }
    }

    #[test]
    fn windows_1252_is_read_as_such() {
        let export = Export::header(b"nom;pr\xE9nom").unwrap();
        let row = export.read(b"Gagn\xE9;Ren\xE9e").unwrap().unwrap();
        assert_eq!(
            (row.person.surnames[0].whole(), row.person.given.whole()),
            ("gagne".into(), "renee".into())
        );
    }

    #[test]
    fn a_bad_row_is_told_by_column_and_reason() {
        let header = "dossier,nom,prenom,date_naissance,nam";
        for (row, fault) in [
            ("1,,Marie,1954-08-03,", Fault::Empty("nom")),
            ("1,Roy,,1954-08-03,", Fault::Empty("prenom")),
            ("1,ROYM54580312,Marie,1954-08-03,Roy", Fault::NotName("nom")),
            ("1,Roy,1954-08-03,Marie,", Fault::NotName("prenom")),
            ("1,Roy,m@x.example,1954-08-03,", Fault::NotName("prenom")),
            ("1,Roy,Marie,1954-08-03", Fault::Fields),
            ("1,Roy,Marie,1954-08-03,,", Fault::Fields),
            ("1,\"Roy,Marie,1954-08-03,", Fault::OpenQuote),
            ("1,R\u{fffd}y,Marie,1954-08-03,", Fault::Encoding("nom")),
            ("1,Roy\u{7},Marie,1954-08-03,", Fault::Encoding("nom")),
        ] {
            assert_eq!(reads(header, row).unwrap_err(), fault, "{row}");
        }
        let long = format!("1,{},Marie,,", "a".repeat(super::LONGEST_ROW));
        assert_eq!(reads(header, &long).unwrap_err(), Fault::TooLong);
        assert!(reads(header, " , ,,,").unwrap().is_none() && reads(header, "\r").unwrap().is_none());
    }

    #[test]
    fn a_bad_field_is_left_out_and_told_and_a_date_that_stands_for_unknown_is_none() {
        let header = "dossier,nom,prenom,date_naissance,nam,telephone,code_postal";
        for (row, faults) in [
            ("1,Roy,Marie,03/08/1954,,,", &[Fault::NotDate("date_naissance")][..]),
            ("1,Roy,Marie,1954-02-30,,,", &[Fault::NotDate("date_naissance")]),
            ("1,Roy,Marie,1899-12-30,,,", &[]),
            ("1,Roy,Marie,,ROYM5458031,,", &[Fault::NotNam("nam")]),
            ("x,Roy,Marie,,,,", &[Fault::NotReference("dossier")]),
            ("1,Roy,Marie,,,555,J8", &[Fault::NotReference("telephone"), Fault::NotReference("code_postal")]),
            ("1,Roy,Marie,,,450 555-0100,J8B 1A2", &[]),
        ] {
            assert_eq!(reads(header, row).unwrap().unwrap().left_out, faults, "{row}");
        }
    }

    #[test]
    fn an_export_without_the_columns_of_a_name_is_refused() {
        assert!(matches!(Export::header(b"a,b,c").unwrap_err(), ExportError::NoHeader(_)));
        assert!(matches!(Export::header(b"").unwrap_err(), ExportError::NoHeader(_)));
        assert_eq!(Export::header(b"\xFF\xFEn\0o\0m\0").unwrap_err(), ExportError::Utf16);
        assert_eq!(Export::header(b"nom,nom,prenom").unwrap_err(), ExportError::Twice("nom"));
    }
}
