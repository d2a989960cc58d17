//! Whom findings are about: one person a set of identifiers, two where something contradicts.

use vaguemestre::detect::{Context, Detection, check_digit, detect};
use vaguemestre::model::{Address, Boundary, Kind, Region};

use super::{detectors, of, read, read_all, segment, table};

/// The kinds of identifiers of each person, `+` for a dossier number beside them.
fn told(detection: &Detection) -> Vec<String> {
    let persons = detection.persons.iter();
    let names = persons.map(|person| {
        let kinds: Vec<_> = person.identifiers.iter().map(|kind| kind.name()).collect();
        format!("{}{}", kinds.join(" "), if person.reference { " +" } else { "" })
    });
    names.collect()
}

/// "Dans ces situations […] doit respecter les critères de la double identification." (DIR 2022 DQEPE 054, 5.7)
#[test]
fn identifiers_that_belong_together_make_one_person() {
    for (text, persons) in [
        (
            "La patiente Rita Beauregard, née le 3 août 1954, NAM BEAR 5458 0312.",
            &["nam birth_date patient_name"][..],
        ),
        (
            "Patiente : Rita Beauregard, DDN 1954-08-03\nPatient : Jean Lafrance, DDN 1960-02-11",
            &["birth_date patient_name", "birth_date patient_name"],
        ),
        (
            "DDN : 1954-08-03\nPatiente : Rita Beauregard\n\nDDN : 1960-02-11\nPatient : Jean Lafrance",
            &["birth_date patient_name", "birth_date patient_name"],
        ),
        ("NAM : TREM 0412 1925\nNAM : TREM 0001 1811", &["nam", "nam"]),
        ("NAM : TREM 0412 1925. Je répète : TREM04121925, merci.", &["nam"]),
        ("Dossier 123456 : la patiente Rita Beauregard, diabète.", &["patient_name +"]),
        ("La patiente Rita Beauregard (dossier 123456) a un diabète.", &["patient_name +"]),
    ] {
        assert_eq!(told(&read(text)), persons, "{text}");
    }
}

/// "same part never joins two rostered rows": nor two rows of any table.
#[test]
fn each_row_of_a_table_is_a_person_whatever_its_neighbours_share() {
    let rows = table(&[
        &["Nom", "Prénom", "DDN", "NAM"],
        &["Tremblay", "Marc", "2004-12-19", "TREM 0412 1925"],
        &["Tremblay", "Michel", "2000-01-18", "TREM 0001 1811"],
        &["Tremblay", "Marc", "2000-01-18", "TREM 0001 1822"],
        &["Côté", "Sébastien", "1980-05-10", "COTS80051012"],
    ]);
    let detection = read_all(&rows);
    let persons = |kind| of(&detection, kind).iter().map(|finding| finding.person).collect::<Vec<_>>();
    assert_eq!(detection.persons.len(), 4, "{:?}", told(&detection));
    assert_eq!(persons(Kind::Nam), persons(Kind::BirthDate), "each date goes with the number of its row");
}

/// A name is said whole once; a number farther on has its letters, a date is the one inside the number.
#[test]
fn who_was_named_before_is_the_same_person_farther_on() {
    let far = "Texte sans rapport avec quiconque, ligne après ligne.\n".repeat(40);
    let nam = format!("TREM 5458 031{}", check_digit("TREM5458031", 1954).unwrap());
    let text =
        format!("Patiente : Marie Tremblay, diabète.\n{far}NAM {nam} à corriger.\n{far}DDN 1954-08-03.");
    assert_eq!(told(&read(&text)), ["nam birth_date patient_name"]);
}

/// "L'usager est le seul « propriétaire » de l'information […] il est en droit de décider par quels moyens les
/// informations le concernant peuvent être transmises." (DIR 2022 DQEPE 054, 5.4)
#[test]
fn a_person_who_is_a_recipient_is_told() {
    let text = "Patiente : Rita Beauregard, née le 3 août 1954.";
    let text = [segment(text, Region::Body, None, Boundary::Part)];
    let is_recipient = |to: &str| {
        let context = Context {
            date: jiff::civil::date(2026, 1, 15),
            sender: None,
            recipients: vec![Address::parse(to).unwrap()],
            display_names: Vec::new(),
        };
        detect(detectors(), &text, &context).persons.iter().any(|person| person.is_recipient)
    };
    assert!(is_recipient("rita.beauregard@courriel.example"));
    assert!(!is_recipient("jean.lafrance@courriel.example"));
}

/// "unique-person count within ±2 % on rosters up to 10,000 rows": here every row, once.
#[test]
fn thousands_of_rows_are_as_many_persons() {
    let rows: String = (0..9_000).map(|row| format!("dossier {row:06} ; {}\n", number(row))).collect();
    let found = read(&rows);
    assert_eq!((of(&found, Kind::Nam).len(), found.persons.len()), (9_000, 9_000));
    assert!(found.persons.iter().all(|person| person.reference && person.identified_by() == 2));
}

/// A number of its own for each row, valid.
fn number(row: usize) -> String {
    let letter =
        |place: usize| char::from(b'A' + u8::try_from(row / 26_usize.pow(place as u32) % 26).unwrap());
    let letters: String = (0..4).map(letter).collect();
    let eleven = format!("{letters}{:02}{:02}{:02}1", 30 + row % 60, 1 + row % 12, 1 + row % 28);
    let year = 1930 + i16::try_from(row % 60).unwrap();
    format!("{eleven}{}", check_digit(&eleven, year).unwrap())
}
