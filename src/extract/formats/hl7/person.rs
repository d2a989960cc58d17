//! Segments that tell who somebody is: the patient, relatives, who pays, former numbers (HL7 v2.5.1, chapters 3 and 6).

use super::delimiters::Delimiters;
use crate::extract::formats::fields::{ADDRESS, Fields, GIVEN, MOTHER, NAS, PHONE, SURNAME};

/// What a field holds.
#[derive(Clone, Copy)]
enum Holds {
    Names,
    Identifiers,
    Birth,
    Text(&'static str),
}

use Holds::{Birth, Identifiers, Names, Text};

/// Fields that identify, by segment and number.
const FIELDS: [(&str, &[(usize, Holds)]); 6] = [
    (
        "PID",
        &[
            (2, Identifiers),
            (3, Identifiers),
            (4, Identifiers),
            (5, Names),
            (6, Text(MOTHER)),
            (7, Birth),
            (9, Names),
            (11, Text(ADDRESS)),
            (13, Text(PHONE)),
            (14, Text(PHONE)),
            (18, Identifiers),
            (19, Text(NAS)),
            (20, Text("Permis de conduire")),
        ],
    ),
    (
        "NK1",
        &[
            (2, Names),
            (4, Text(ADDRESS)),
            (5, Text(PHONE)),
            (6, Text(PHONE)),
            (16, Birth),
            (30, Names),
            (33, Identifiers),
        ],
    ),
    (
        "GT1",
        &[
            (2, Identifiers),
            (3, Names),
            (4, Names),
            (5, Text(ADDRESS)),
            (6, Text(PHONE)),
            (8, Birth),
            (12, Text(NAS)),
        ],
    ),
    ("IN1", &[(16, Names), (18, Birth), (19, Text(ADDRESS)), (36, Identifiers), (49, Identifiers)]),
    ("IN2", &[(2, Text(NAS)), (6, Identifiers), (8, Identifiers), (40, Names)]),
    ("MRG", &[(1, Identifiers), (2, Identifiers), (3, Identifiers), (4, Identifiers), (7, Names)]),
];

/// The record that a segment makes; `None` for segments that are not about a person.
#[must_use]
pub fn record(name: &str, fields: &[&str], delimiters: &Delimiters) -> Option<Fields> {
    let (_, known) = FIELDS.iter().find(|(segment, _)| *segment == name)?;
    let mut record = Fields::default();
    for (number, field) in fields.iter().enumerate().skip(1).filter(|(_, field)| !field.is_empty()) {
        let place = format!("{name}-{number}");
        let holds = known.iter().find(|(at, _)| *at == number).map(|(_, holds)| *holds);
        put(&mut record, holds, &place, field, delimiters);
    }
    Some(record)
}

fn put(record: &mut Fields, holds: Option<Holds>, place: &str, field: &str, delimiters: &Delimiters) {
    match holds {
        None => record.other(place, delimiters.plain(field)),
        Some(Text(heading)) => record.add(heading, place, delimiters.plain(field)),
        Some(Birth) => match delimiters.plain(field) {
            date if date.len() >= 8 => record.birth(place, &date),
            part => record.other(place, part),
        },
        Some(Names) => {
            field.split(delimiters.repetition).for_each(|one| put_name(record, place, one, delimiters));
        }
        Some(Identifiers) => {
            field.split(delimiters.repetition).for_each(|one| put_identifier(record, place, one, delimiters));
        }
    }
}

/// Family name, given name, and the rest: further names, prefix, degree.
fn put_name(record: &mut Fields, place: &str, name: &str, delimiters: &Delimiters) {
    let mut parts = name.split(delimiters.component);
    let mut family = parts.next().unwrap_or_default().split(delimiters.part);
    record.add(SURNAME, place, delimiters.unescaped(family.next().unwrap_or_default()));
    record.add(GIVEN, place, delimiters.unescaped(parts.next().unwrap_or_default()));
    for rest in family.chain(parts) {
        record.other(place, delimiters.plain(rest));
    }
}

/// Number, check digit, scheme, authority, type, and the rest.
fn put_identifier(record: &mut Fields, place: &str, identifier: &str, delimiters: &Delimiters) {
    let parts: Vec<&str> = identifier.split(delimiters.component).collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    record.identifier(place, part(4), part(3), &delimiters.plain(part(0)));
    for rest in parts.iter().skip(1) {
        record.other(place, delimiters.plain(rest));
    }
}
