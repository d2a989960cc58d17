//! What detection makes of a roster.

use std::sync::Arc;

use jiff::civil::date;
use vaguemestre::detect::roster::Rosters;
use vaguemestre::detect::{Context, Detection, detect};
use vaguemestre::model::{Boundary, Cell, Confidence, Kind, Region, Segment};
use vaguemestre::roster::Roster;

use super::{index, patients};
use crate::detection::{detectors, segment};

/// Invented patients with the names that make trouble.
const EXPORT: &str = "\
dossier,nom,prenom,nom_marie,date_naissance,nam
100101,Archambault-Vézina,Marie-Ève,,1971-05-09,ARCM71550913
100102,De la Sablonnière,Odilon,,1948-11-30,DELO48113014
100103,St-Amand,Jean Paul,,1990-02-17,STAJ90021711
100104,d'Aragon,Françoise,Ouimet,1966-07-03,DARF66570318
100105,El Mansouri,Ismaël,,2003-01-25,ELMI03012512
100106,O'Hara,Flavie,,1985-09-12,OHAF85591216
100107,Nguyen,Van Minh,,1959-04-04,NGUV59040419
100108,Poitras,BB de Julie,,2026-01-02,
100109,Rose,Claire,,1931-03-08,ROSC31530817
100110,Lecœur,Zoé,,1977-12-24,LECZ77622415
";

fn found(rosters: &Rosters, segments: &[Segment]) -> Detection {
    let context =
        Context { date: date(2026, 1, 15), sender: None, recipients: Vec::new(), display_names: Vec::new() };
    detect(&detectors().with_rosters(rosters.clone()), segments, &context)
}

fn body(rosters: &Rosters, text: &str) -> Detection {
    found(rosters, &[segment(text, Region::Body, None, Boundary::Part)])
}

/// The names that a text is found to hold, medium or high, with the roster's word for each.
fn names(detection: &Detection) -> Vec<(String, bool)> {
    let names = detection.findings.iter().filter(|finding| finding.kind == Kind::PatientName);
    let sure = names.filter(|finding| finding.confidence >= Confidence::Medium);
    sure.map(|name| {
        let rostered = name.evidence.iter().any(|clue| clue.reason.starts_with("in the roster"));
        (name.value.reveal().to_owned(), rostered)
    })
    .collect()
}

fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = name.split([' ', '-', '\'']).map(str::to_owned).collect();
    words.sort();
    words
}

#[track_caller]
fn knows(rosters: &Rosters, text: &str, name: &str) {
    let seen = names(&body(rosters, text));
    let is_it = |(value, rostered): &(String, bool)| *rostered && words(value) == words(name);
    assert!(seen.iter().any(is_it), "{text:?} should hold {name:?}, has {seen:?}");
}

#[test]
fn a_patient_is_known_however_the_name_is_written() {
    let rosters = patients(EXPORT);
    for (text, name) in [
        ("Le cas de Marie-Ève Archambault-Vézina sera revu.", "marie-eve archambault-vezina"),
        ("Le cas de MARIE-EVE ARCHAMBAULT-VEZINA sera revu.", "marie-eve archambault-vezina"),
        ("Le cas de Marie Ève Archambault-Vézina sera revu.", "marie eve archambault-vezina"),
        ("Archambault-Vézina, Marie-Ève : à revoir", "marie-eve archambault-vezina"),
        ("Marie-Ève Archambault : à revoir", "marie-eve archambault"),
        ("Marie-Ève Vézina : à revoir", "marie-eve vezina"),
        ("Marie Archambault : à revoir", "marie archambault"),
        ("Revoir Odilon De la Sablonnière", "odilon de la sablonniere"),
        ("Revoir Odilon Sablonnière", "odilon sablonniere"),
        ("Revoir Jean-Paul Saint-Amand", "jean-paul saint-amand"),
        ("Revoir Jean Paul St-Amand", "jean paul st-amand"),
        ("Revoir Françoise d’Aragon", "francoise d'aragon"),
        ("Revoir Françoise Ouimet", "francoise ouimet"),
        ("Revoir El Mansouri Ismaël", "ismael el mansouri"),
        ("Revoir Flavie O'Hara", "flavie o'hara"),
        ("Revoir Van Minh Nguyen", "van minh nguyen"),
        ("Revoir Zoé Lecoeur", "zoe lecoeur"),
        ("patiente : claire rose", "claire rose"),
        ("M. Odilon Sablonnière\nest attendu", "odilon sablonniere"),
    ] {
        knows(&rosters, text, name);
    }
}

/// "All-lower text gets a second pass with context only": a word in no list may be a name that only the roster knows.
#[test]
fn an_unlisted_name_in_lower_case_is_known_beside_words_of_care() {
    let rosters = patients("dossier,nom,prenom,date_naissance,nam\n1,Ouvrakel,Tavrik,1961-05-02,\n");
    knows(&rosters, "usager tavrik ouvrakel : toux et fièvre depuis hier", "tavrik ouvrakel");
    knows(&rosters, "revoir la patiente ouvrakel tavrik pour son diabète", "tavrik ouvrakel");
    for text in [
        "usager tavrik oublié : toux et fièvre",
        "usager : ouvrakel, toux et fièvre",
        "le tavrik, un ouvrakel",
    ] {
        let seen = names(&body(&rosters, text));
        assert!(seen.iter().all(|(_, rostered)| !rostered), "{text:?} has {seen:?}");
    }
}

#[test]
fn a_newborn_is_known_by_the_mother_s_name() {
    let rosters = patients(EXPORT);
    let seen = names(&body(&rosters, "Revoir BB de Julie Poitras demain."));
    assert!(seen.iter().any(|(name, rostered)| *rostered && name.contains("poitras")), "{seen:?}");
}

#[test]
fn a_name_that_is_nearly_a_patient_s_is_not_the_roster_s() {
    let rosters = patients(EXPORT);
    for text in [
        "Revoir Odilon Sablonier",
        "Revoir Odile De la Sablonnière",
        "Revoir Ève Archambault",
        "Revoir Paul St-Amand",
        "Revoir Marie-Josée Archambault-Vézina",
        "La rose claire du jardin est belle.",
        "Une claire rose, un lecœur.",
        "rue Claire Rose",
        "Odilon viendra. De la Sablonnière aussi.",
    ] {
        let seen = names(&body(&rosters, text));
        assert!(seen.iter().all(|(_, rostered)| !rostered), "{text:?} has {seen:?}");
    }
}

/// "`J. Roy` only with context".
#[test]
fn initials_count_beside_words_for_a_patient_alone() {
    let rosters = patients(EXPORT);
    let told = |text: &str| {
        let detection = body(&rosters, text);
        let clues = detection.findings.iter().flat_map(|finding| finding.evidence.iter());
        clues.filter(|clue| clue.reason.contains("initials")).count()
    };
    assert_eq!(told("Usagère F. O'Hara : INR à 3,2"), 1);
    assert_eq!(told("Merci à F. O'Hara pour la salle."), 0);
}

/// Detection design, 5.3: a rare pair alone is probable, in patient context certain; a pair that many bear says little.
#[test]
fn a_name_that_many_bear_says_less() {
    let many: String = (0..25).map(|at| format!("{at},Gamache,Lucie,19{:02}-01-02,\n", 50 + at)).collect();
    let rosters =
        patients(&format!("dossier,nom,prenom,date_naissance,nam\n9,Gamache,Ovila,1950-01-02,\n{many}"));
    let bits = |text: &str| {
        let detection = body(&rosters, text);
        let name = detection.findings.iter().find(|finding| finding.kind == Kind::PatientName);
        name.map_or(f32::MIN, |name| name.bits())
    };
    let (rare, common) = (bits("Il y a Ovila Gamache."), bits("Il y a Lucie Gamache."));
    assert!((3.0..7.0).contains(&rare) && common < 3.0, "{rare} {common}");
    assert!(bits("Patient : Ovila Gamache.") >= 7.0);
    assert!(bits("Mme Lucie Gamache") < 3.0);
}

/// "Name and DDN of one row is worth far more than a name of one and a date of another."
#[test]
fn a_birth_date_of_the_same_row_makes_both_certain() {
    let rosters = patients(EXPORT);
    let date = |text: &str| {
        let detection = body(&rosters, text);
        let date = detection.findings.iter().find(|finding| finding.kind == Kind::BirthDate);
        date.map(|date| (date.value.reveal().to_owned(), date.confidence))
    };
    let own = date("Flavie O'Hara, 12/09/1985, 14 h");
    assert_eq!(own, Some(("1985-09-12".to_owned(), Confidence::High)));
    let other = date("Flavie O'Hara, vue le 1977-12-24");
    assert!(other.is_none_or(|(_, confidence)| confidence < Confidence::High));
}

#[test]
fn a_number_of_the_roster_is_certain_without_a_label() {
    let rosters = patients(EXPORT);
    let detection = body(&rosters, "Voir ARCM 7155 0913 svp.");
    let nam = detection.findings.iter().find(|finding| finding.kind == Kind::Nam).unwrap();
    assert_eq!(nam.confidence, Confidence::High);
    assert!(nam.evidence.iter().any(|clue| clue.reason == "in the roster: a patient's number"));
}

#[test]
fn a_dossier_number_alone_stays_silent_and_beside_its_name_counts() {
    let rosters = patients(EXPORT);
    assert!(body(&rosters, "Le dossier 100106 est complet.").findings.is_empty());
    let detection = body(&rosters, "Dossier 100106, Flavie O'Hara : à rappeler.");
    let name = detection.findings.iter().find(|finding| finding.kind == Kind::PatientName).unwrap();
    assert!(name.evidence.iter().any(|clue| clue.reason.contains("one patient with what stands nearby")));
    let detection = body(&rosters, "Dossier 100101, Flavie O'Hara : à rappeler.");
    let name = detection.findings.iter().find(|finding| finding.kind == Kind::PatientName).unwrap();
    assert!(!name.evidence.iter().any(|clue| clue.reason.contains("one patient with what stands nearby")));
}

#[test]
fn cells_side_by_side_and_names_of_files_are_asked() {
    let rosters = patients(EXPORT);
    let cell = |text, row, column, boundary| {
        segment(text, Region::Cell, Some(Cell { table: 1, row, column }), boundary)
    };
    let rows = [
        cell("Lecoeur", 1, 1, Boundary::Part),
        cell("Zoé", 1, 2, Boundary::Cell),
        cell("214", 1, 3, Boundary::Cell),
        cell("O'Hara", 2, 1, Boundary::Row),
        cell("Flavie", 2, 2, Boundary::Cell),
        cell("215", 2, 3, Boundary::Cell),
    ];
    let seen = names(&found(&rosters, &rows));
    assert!(seen.iter().filter(|(_, rostered)| *rostered).count() == 2, "{seen:?}");
    let file = segment("lecoeur-zoe-2.tif", Region::FileName, None, Boundary::Part);
    let seen = names(&found(&rosters, &[file]));
    assert!(seen.iter().any(|(_, rostered)| *rostered), "{seen:?}");
}

/// "A staff pair is dropped in signature, header and salutation zones. Employees are also patients: in a patient context the
/// staff list does not suppress."
#[test]
fn a_colleague_is_dropped_unless_spoken_of_as_a_patient() {
    let staff = index(Roster::Staff, "nom,prenom\nOuellet,Hermine\n");
    let export = "dossier,nom,prenom,date_naissance,nam\n1,Ouellet,Hermine,1980-01-02,\n";
    let rosters = Rosters { staff: Some(Arc::new(staff)), ..patients(export) };
    let sure = |text: &str| !names(&body(&rosters, text)).is_empty();
    assert!(!sure("Bonjour,\nLe rapport est prêt.\n\nHermine Ouellet\nService des finances"));
    assert!(!sure("Le document parle de Hermine Ouellet."));
    assert!(sure("Patiente : Hermine Ouellet, hospitalisée pour une pneumonie."));
    assert!(!names(&body(&patients(export), "Le document parle de Hermine Ouellet.")).is_empty());
}

/// "Without a roster everything works as today."
#[test]
fn rosters_are_part_of_the_rules_digest() {
    let plain = detectors();
    let with = plain.with_rosters(patients(EXPORT));
    assert_ne!(plain.digest(), with.digest());
    assert_eq!(plain.digest(), with.with_rosters(Rosters::default()).digest());
}

/// "Hot swap: no lost verdict": threads judge while rosters are replaced; each verdict is that of one roster or the other.
#[test]
fn a_swap_under_load_loses_no_verdict() {
    use std::sync::RwLock;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    let (one, other) = (patients(EXPORT), patients(&EXPORT.replace("O'Hara", "O'Mara")));
    let in_force = RwLock::new(Arc::new(detectors().with_rosters(one.clone())));
    let (stop, judged) = (AtomicBool::new(false), AtomicUsize::new(0));
    let text = [segment("Revoir Flavie O'Hara et Odilon Sablonnière.", Region::Body, None, Boundary::Part)];
    let context =
        Context { date: date(2026, 1, 15), sender: None, recipients: Vec::new(), display_names: Vec::new() };
    std::thread::scope(|scope| {
        let judges: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let rules = Arc::clone(&in_force.read().unwrap());
                        let seen = names(&detect(&rules, &text, &context));
                        assert!(
                            seen.iter().any(|(name, rostered)| *rostered && name.contains("sablonniere")),
                            "{seen:?}"
                        );
                        judged.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for swap in 0..200 {
            let next = if swap % 2 == 0 { &other } else { &one };
            *in_force.write().unwrap() = Arc::new(detectors().with_rosters(next.clone()));
            std::thread::yield_now();
        }
        while judged.load(Ordering::Relaxed) < 50 {
            std::thread::yield_now();
        }
        stop.store(true, Ordering::Relaxed);
        judges.into_iter().for_each(|judge| judge.join().unwrap());
    });
}
