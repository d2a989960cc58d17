//! What a health record says of one person, field by field, laid out as a table: a row of headings, a row of values.
//!
//! Every structured format hands its fields here, so that one reading of tables types them all. Headings are words
//! that detection knows; a field without a known meaning keeps its own name as heading.

use std::borrow::Cow;

use crate::extract::sink::Sink;
use crate::model::{Boundary, Cell};

/// Headings, in the words of clinical exports.
pub const SURNAME: &str = "Nom de famille de l'usager";
pub const GIVEN: &str = "Prénom de l'usager";
pub const FULL_NAME: &str = "Nom de l'usager";
pub const BIRTH: &str = "Date de naissance";
pub const NAM: &str = "NAM";
pub const NAS: &str = "NAS";
pub const FILE: &str = "No de dossier";
pub const ADDRESS: &str = "Adresse";
pub const PHONE: &str = "Téléphone";
pub const MOTHER: &str = "Nom de la mère";

/// The fields of one person.
#[derive(Debug, Default)]
pub struct Fields {
    typed: Vec<Field>,
    /// Further names: they come after everything that tells who the first name is.
    aliases: Vec<Field>,
    other: Vec<Field>,
}

#[derive(Debug)]
struct Field {
    heading: Cow<'static, str>,
    place: String,
    text: String,
}

impl Fields {
    /// Adds a field whose meaning is known.
    pub fn add(&mut self, heading: &'static str, place: &str, text: impl Into<String>) {
        let name = matches!(heading, SURNAME | GIVEN | FULL_NAME);
        let again = name && self.typed.iter().any(|field| field.heading == heading);
        push(
            if again { &mut self.aliases } else { &mut self.typed },
            Cow::Borrowed(heading),
            place,
            text.into(),
        );
    }

    /// Adds any other field, under its own name.
    pub fn other(&mut self, place: &str, text: impl Into<String>) {
        push(&mut self.other, Cow::Owned(place.to_owned()), place, text.into());
    }

    /// Adds an identifier under the heading that its type, its authority or its shape tells.
    pub fn identifier(&mut self, place: &str, kind: &str, authority: &str, value: &str) {
        self.add(heading_of(kind, authority, value), place, value);
    }

    /// Adds a date of birth. A time of day stays beside it: a birth is not an event of these days.
    pub fn birth(&mut self, place: &str, value: &str) {
        let text = match value.split_at_checked(8) {
            Some((date, time)) if !time.is_empty() && date.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.other(place, time);
                date
            }
            _ => value,
        };
        self.add(BIRTH, place, text);
    }

    /// Puts the record: a table, or a labelled line when it has one known field only.
    pub fn put(self, sink: &mut Sink) {
        if self.typed.len() < 2 {
            let all = || self.typed.iter().chain(&self.aliases).chain(&self.other);
            let lines: String = all().map(|field| format!("{} : {}\n", field.heading, field.text)).collect();
            return sink.named(all().next().map_or("", |field| &field.place), lines);
        }
        let table = sink.record();
        let fields = || (0u32..).zip(self.typed.iter().chain(&self.aliases).chain(&self.other));
        for (column, field) in fields() {
            let boundary = if column == 0 { Boundary::Block } else { Boundary::Cell };
            sink.field(Cell { table, row: 0, column }, &field.place, field.heading.as_ref(), boundary);
        }
        for (column, field) in fields() {
            let boundary = if column == 0 { Boundary::Row } else { Boundary::Cell };
            sink.field(Cell { table, row: 1, column }, &field.place, field.text.as_str(), boundary);
        }
    }
}

fn push(fields: &mut Vec<Field>, heading: Cow<'static, str>, place: &str, text: String) {
    if !text.trim().is_empty() {
        fields.push(Field { heading, place: place.to_owned(), text });
    }
}

/// Identifier types (HL7 table 0203) and the systems of provinces (HL7 Canada, CA Baseline).
const HEADINGS: [(&str, &str); 15] = [
    ("ca-qc", NAM),
    ("ramq", NAM),
    ("2.16.124.10.101.1.60.100", NAM),
    ("ca-on", "OHIP"),
    ("ohip", "OHIP"),
    ("2.16.840.1.113883.4.59", "OHIP"),
    ("ca-bc", "PHN"),
    ("2.16.840.1.113883.4.50", "PHN"),
    ("ca-sin", NAS),
    ("jhn", "Carte Santé"),
    ("hc", "Carte Santé"),
    ("ss", NAS),
    ("sin", NAS),
    ("dl", "Permis de conduire"),
    ("ppn", "Passeport"),
];

fn heading_of(kind: &str, authority: &str, value: &str) -> &'static str {
    if is_nam(value) {
        return NAM;
    }
    let (kind, authority) = (kind.to_lowercase(), authority.to_lowercase());
    let named = |(word, _): &&(&str, &str)| {
        if word.len() > 3 { authority.contains(word) } else { kind == *word }
    };
    let by_authority = HEADINGS.iter().find(named);
    by_authority.map_or(FILE, |(_, heading)| *heading)
}

/// Four letters and eight digits, the eleventh of which may be a letter.
fn is_nam(value: &str) -> bool {
    let compact: Vec<u8> = value.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let (Some(letters), Some(digits)) = (compact.get(..4), compact.get(4..)) else { return false };
    let digit = |(at, byte): (usize, &u8)| byte.is_ascii_digit() || at == 6;
    digits.len() == 8 && letters.iter().all(u8::is_ascii_alphabetic) && digits.iter().enumerate().all(digit)
}

#[cfg(test)]
mod tests {
    use super::{FILE, NAM, NAS, heading_of};

    #[test]
    fn an_identifier_is_told_by_its_shape_its_authority_or_its_type() {
        for (kind, authority, value, heading) in [
            ("MR", "HSJ", "TREM 0412 1925", NAM),
            ("JHN", "RAMQ", "TREM0412192", NAM),
            ("JHN", "", "9876543217", "Carte Santé"),
            ("", "https://fhir.infoway-inforoute.ca/NamingSystem/ca-on-patient-hcn", "9876543217", "OHIP"),
            ("SS", "", "130692544", NAS),
            ("MR", "HSJ", "549381", FILE),
            ("", "", "549381", FILE),
        ] {
            assert_eq!(heading_of(kind, authority, value), heading, "{kind} {authority} {value}");
        }
    }
}
