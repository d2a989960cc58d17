//! Tables as people send them: in cells or typed as text, with headers above, on the left or beside, or without any. A table of
//! patients names each of them; one of employees that looks alike names nobody.

use std::collections::BTreeSet;

use vaguemestre::model::{Boundary, Confidence, Kind, Region, Segment};

use super::{read_all, segment, table};

/// The names found at medium or more.
fn names(segments: &[Segment]) -> BTreeSet<String> {
    let findings = read_all(segments).findings;
    let sure = findings.iter().filter(|finding| finding.confidence >= Confidence::Medium);
    sure.filter(|finding| finding.kind == Kind::PatientName)
        .map(|finding| finding.value.reveal().to_owned())
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// What a line of a typed table is parted by.
const MARKS: [&str; 3] = ["\t", " ; ", " | "];

/// "Column typing: infer type from header + 80 % of cells, then count rows."
#[test]
fn a_table_of_patients_names_each_whatever_parts_its_columns() {
    let both = ["anne fortin", "thi thi vo"];
    for (rows, found) in [
        (
            &[
                &["Ch.", "Nom", "Prénom", "Germe"][..],
                &["308", "Fortin", "Anne", "C. difficile"],
                &["311", "Vo", "Thi Thi", "influenza A"],
            ][..],
            &both[..],
        ),
        // Two languages in a header.
        (
            &[
                &["Nom / Last name", "Prénom / First name", "No RAMQ / HIN"],
                &["Fortin", "Anne", "FORA 6352 0412"],
                &["Vo", "Thi Thi", "VOXT 7459 0812"],
            ],
            &both,
        ),
        // The comma tells the surname, whatever the lists know.
        (
            &[
                &["Heure", "Usager", "Soins"],
                &["8 h", "Fortin, Anne", "Insuline"],
                &["9 h", "Vo, Thi Thi", "Pansement"],
            ],
            &both,
        ),
        // A number and a name in one cell, as in a billing export; a header in other words.
        (
            &[
                &["Date", "Patient", "Code"][..],
                &["2026-03-02", "FORA63520412 - FORTIN, ANNE", "09162"],
                &["2026-03-02", "VOXT74590812 - VO, THI THI", "09127"],
            ],
            &both,
        ),
        (
            &[
                &["Nom complet du bénéficiaire", "Date de naissance de l'usager"],
                &["Anne Fortin", "1963-02-04"],
                &["Thi Thi Vo", "1974-09-08"],
            ],
            &both,
        ),
        // One word of health in two rows of three, and names under a header that no list holds.
        (
            &[
                &["Qui", "Quoi", "Note"],
                &["Anne Fortin", "diabète", "x"],
                &["Louise Gagnon", "asthme", ""],
                &["Marc Tremblay", "à voir", ""],
            ],
            &["anne fortin", "louise gagnon", "marc tremblay"],
        ),
        // No header at all: numbers of patients.
        (
            &[
                &["Fortin", "Anne", "FORA 6352 0412", "F"],
                &["Gagnon", "Louise", "GAGL 5457 1122", "F"],
                &["Tremblay", "Marc", "TREM 6303 2318", "M"],
            ],
            &["anne fortin", "louise gagnon", "marc tremblay"],
        ),
        // No header: dates over generations are births.
        (
            &[
                &["Anne Fortin", "1963-02-04"],
                &["Louise Gagnon", "2001-11-30"],
                &["Marc Tremblay", "1944-05-17"],
            ],
            &["anne fortin", "louise gagnon", "marc tremblay"],
        ),
        // A professional in a column of their own.
        (
            &[
                &["Client", "Date naiss.", "Programme", "Intervenant"],
                &["Fortin, Anne", "1962/09/05", "DP", "Ioana Zhang"],
                &["Gagnon, Louise", "1959/06/03", "DP", "Kevin Armstrong"],
            ],
            &["anne fortin", "louise gagnon"],
        ),
        // Headers on the left.
        (
            &[
                &["Nom", "Fortin", "Gagnon"],
                &["Prénom", "Anne", "Louise"],
                &["NAM", "FORA 6352 0412", "GAGL 5457 1122"],
            ],
            &["anne fortin", "louise gagnon"],
        ),
        (&[&["Nom", "Fortin"], &["Prénom", "Anne"], &["DDN", "1963-02-04"]], &["anne fortin"]),
        // Headers beside their values.
        (
            &[&["Nom", "Fortin", "Prénom", "Anne"], &["NAM", "FORA 6352 0412", "Naissance", "1963-02-04"]],
            &["anne fortin"],
        ),
    ] {
        assert_eq!(names(&table(rows)), set(found), "{rows:?}");
        for mark in MARKS {
            let text: Vec<String> = rows.iter().map(|row| row.join(mark)).collect();
            let text = format!("Bonjour,\n\n{}\n\nMerci", text.join("\n"));
            assert_eq!(names(&[segment(&text, Region::Body, None, Boundary::Part)]), set(found), "{text}");
        }
    }
}

/// The same shapes with colleagues: two columns of names, shifts, extensions, addresses.
#[test]
fn a_table_of_employees_names_nobody_whatever_its_units_treat() {
    for rows in [
        &[
            &["", "Lundi", "Mardi", "Mercredi"][..],
            &["Jour", "Anne Fortin", "Marc Tremblay", "Anne Fortin"],
            &["Oncologie", "Louise Gagnon", "Louise Gagnon", "Marc Tremblay"],
        ][..],
        &[
            &["Absente", "Remplaçante", "Service"],
            &["Anne Fortin", "Louise Gagnon", "Dialyse"],
            &["Lise Roy", "Marc Tremblay", "Oncologie"],
        ],
        &[
            &["Student", "Preceptor", "Unit"],
            &["Anne Fortin", "Louise Gagnon", "dialysis"],
            &["Lise Roy", "Marc Tremblay", "palliative care"],
        ],
        &[
            &["Dossier", "Personne-ressource", "Poste"],
            &["Deuil périnatal", "Anne Fortin", "23074"],
            &["Dépendances", "Marc Tremblay", "5340"],
        ],
        &[
            &["Nom", "L", "M", "M", "J", "V"],
            &["Fortin, Anne", "J", "J", "-", "J", "J"],
            &["Tremblay, Marc", "S", "S", "S", "-", "-"],
        ],
        &[
            &["Prénom", "Nom", "Quart", "Secteur"],
            &["Anne", "Fortin", "Jour", "Dialyse"],
            &["Marc", "Tremblay", "Nuit", "Psychiatrie"],
        ],
        &[
            &["Anne Fortin", "anne.fortin@hopital.example", "oncologie"],
            &["Marc Tremblay", "marc.tremblay@hopital.example", "dialyse"],
        ],
    ] {
        assert_eq!(names(&table(rows)), set(&[]), "{rows:?}");
        for mark in MARKS {
            let text: Vec<String> = rows.iter().map(|row| row.join(mark)).collect();
            let text = format!("Bonjour,\n\n{}\n\nMerci", text.join("\n"));
            assert_eq!(names(&[segment(&text, Region::Body, None, Boundary::Part)]), set(&[]), "{text}");
        }
    }
}

/// Columns that spaces line up: an empty cell moves no other, and cells side by side are never one name.
#[test]
fn columns_lined_up_by_spaces_are_columns() {
    let grid = "            Lundi            Mardi\nJour        Anne Fortin      Marc Tremblay\nOncologie                    Louise Gagnon\n";
    assert_eq!(names(&[segment(grid, Region::Body, None, Boundary::Part)]), set(&[]));
    let form = "Nom de famille   Fortin       Prénom      Anne\nNuméro RAMQ      FORA 6352 0412   Naissance   1963-02-04\n";
    assert_eq!(names(&[segment(form, Region::Body, None, Boundary::Part)]), set(&["anne fortin"]));
}

/// A million cells cost no more than as many bytes of prose.
#[test]
fn a_typed_table_of_many_rows_and_columns_is_read_in_line_with_its_size() {
    let wide = "Roy\t".repeat(5_000) + "\n";
    let long = "Roy ; Anne ; 12\n".repeat(20_000);
    for text in [wide.repeat(20), long] {
        let begun = std::time::Instant::now();
        let _ = names(&[segment(&text, Region::Body, None, Boundary::Part)]);
        assert!(begun.elapsed().as_secs() < 60, "{} bytes", text.len());
    }
}

/// Inventories: serials of four letters and eight digits, or of 16 digits, are no numbers of persons.
#[test]
fn serials_of_an_inventory_number_nobody() {
    let rows: &[&[&str]] = &[
        &["No d'inventaire", "Modèle", "No de série", "Local"],
        &["100231", "Pompe", "TREM04121925", "B-214"],
        &["100232", "Moniteur", "SERE75613018", "B-215"],
        &["100233", "Moniteur", "4539 1488 0343 6467", "B-216"],
    ];
    let typed: Vec<String> = rows.iter().map(|row| row.join("\t")).collect();
    for segments in [table(rows), vec![segment(&typed.join("\n"), Region::Body, None, Boundary::Part)]] {
        let sure =
            read_all(&segments).findings.into_iter().filter(|found| found.confidence > Confidence::Low);
        let found: Vec<_> = sure.map(|found| format!("{:?} {:?}", found.kind, found.evidence)).collect();
        assert_eq!(found, Vec::<String>::new());
    }
}

/// What a number found in these segments is worth, by kind and value.
fn number(segments: &[Segment], kind: Kind, value: &str) -> Option<Confidence> {
    let findings = read_all(segments).findings;
    let own = findings.iter().filter(|finding| finding.kind == kind && finding.value.reveal() == value);
    own.map(|finding| finding.confidence).max()
}

/// "Split by cell": the groups of a number stand side by side or one below the other, under one heading.
#[test]
fn a_number_split_over_cells_is_read_whole() {
    for (rows, kind, value) in [
        (&[&["Nom", "NAS", "", ""][..], &["Roy", "130", "692", "544"]][..], Kind::Nas, "130692544"),
        (&[&["Nom", "NAS"], &["Roy", "130"], &["", "692"], &["", "544"]], Kind::Nas, "130692544"),
        (&[&["NAM", "", ""], &["TREM", "0412", "1925"]], Kind::Nam, "TREM04121925"),
        (&[&["Nom", "NAM"], &["Roy", "TREM"], &["", "0412"], &["", "1925"]], Kind::Nam, "TREM04121925"),
    ] {
        assert!(number(&table(rows), kind, value) >= Some(Confidence::Medium), "{rows:?}");
    }
    for rows in [
        &[&["Étage", "Lits"][..], &["130", "692"], &["692", "544"], &["544", "130"]][..],
        &[&["Code"], &["TREM"], &["0412"], &["1926"]],
    ] {
        assert_eq!(number(&table(rows), Kind::Nas, "130692544"), None, "{rows:?}");
        assert_eq!(number(&table(rows), Kind::Nam, "TREM04121926"), None, "{rows:?}");
    }
}

/// A subject that begins a number and the body that ends it; two parts of a message.
#[test]
fn a_number_begun_in_one_text_is_ended_in_the_next() {
    for (subject, body, kind, value) in [
        ("NAM TREM 0412", "1925\nMerci de rappeler.", Kind::Nam, "TREM04121925"),
        ("Son NAS est le 130 692", "544. Bonne journée", Kind::Nas, "130692544"),
    ] {
        for region in [Region::Subject, Region::Body] {
            let segments = [
                segment(subject, region, None, Boundary::Part),
                segment(body, Region::Body, None, Boundary::Part),
            ];
            assert!(number(&segments, kind, value) >= Some(Confidence::Medium), "{subject} {body}");
        }
    }
}

/// "1904 system subtract 1462": the number beside a serial says from which day its spreadsheet counts.
#[test]
fn a_serial_that_counts_from_1904_agrees_with_the_number_beside_it() {
    // 2004-12-19 is day 38 340 from 1899-12-30, and 36 878 from 1904-01-01.
    for serial in ["38340", "36878"] {
        let rows = table(&[&["Nom", "DDN", "NAM"][..], &["Roy", serial, "TREM 0412 1925"]]);
        assert!(number(&rows, Kind::BirthDate, "2004-12-19") >= Some(Confidence::Medium), "{serial}");
    }
}
