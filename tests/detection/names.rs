//! Names of patients without a roster, on messages generated from a seed: other names, other sentences and other
//! layouts than any corpus, in French and English, with colleagues, streets, diseases and books beside them.

use std::collections::BTreeSet;

use vaguemestre::model::{Boundary, Confidence, Kind, Region};

use super::{read_all, segment, table};

const GIVEN: &[&str] = &[
    "Ginette",
    "Réjean",
    "Marie-Josée",
    "Jean-Guy",
    "Thuy",
    "Amélie",
    "Youssef",
    "Widlène",
    "Pierre-Olivier",
    "Aïcha",
    "Concetta",
    "Manon",
    "Ludger",
    "Tivi",
    "Shaniss",
    "Gertrude",
    "Brandon",
    "Kateri",
    "Évangéline",
    "Mamadou",
    "Anne-Sophie",
    "Émile",
    "Graciela",
    "Dmitri",
    "Phuong",
    "Heather",
    "Louis-Charles",
    "Rolande",
    "Kévin",
    "Inès",
];
const SURNAMES: &[&str] = &[
    "Desrochers",
    "Bolduc",
    "Vigneault",
    "St-Amour",
    "D'Astous",
    "L'Heureux",
    "De Grandpré",
    "Boudreault-Savoie",
    "Benkirane",
    "Trudel",
    "Papatie",
    "Ouédraogo",
    "Phan",
    "Iannuzzi",
    "Saint-Hilaire",
    "McNeil",
    "Charlebois",
    "Fortier",
    "Wawanoloath",
    "Kowalczyk",
    "Chamberland",
    "Gélinas",
    "Ferreira",
    "Annanack",
    "Pomerleau",
    "Zurbrigg",
    "Lavigueur",
    "Oligny",
    "Thériault",
    "El Amrani",
];

/// What is said of a patient. `{n}` is `Given Surname`, `{c}` is `SURNAME, Given`, `{r}` is `Surname Given`.
const PATIENTS: &[&str] = &[
    "Bonjour,\n\nLa patiente {n} s'est présentée ce matin avec une fièvre persistante.\n\nMerci,\nJosée",
    "Usager : {n}\nChambre 312\nGlycémie à 14, insuline ajustée.",
    "Objet : {n}, 71 ans\n\nPourriez-vous devancer son rendez-vous en rhumatologie?",
    "Dossier de {n} : la biopsie est positive, le chirurgien rappellera.",
    "Nom : {c}\nDDN : 1951-07-30\nMotif : céphalées depuis trois semaines",
    "Suivi pour {c} (dossier 88213) : plaie au talon, pansement aux deux jours.",
    "Je te transfère le cas de {n}, né le 4 juin 1948, hospitalisé pour une embolie pulmonaire.",
    "Mme {n} a fait une chute hier soir dans sa chambre; radiographie de la hanche demandée.",
    "M. {n} est décédé cette nuit aux soins palliatifs.",
    "La mère de {n} demande si le vaccin peut être reporté, car il fait de la fièvre.",
    "Concernant {n} : le pharmacien suggère de cesser la warfarine avant la coloscopie.",
    "Résidente {n}, lit 14, refuse sa médication depuis deux jours.",
    "Merci d'ajouter {n} (82 ans) à la liste des prises de sang à domicile.",
    "Demande de consultation pour {n} en psychiatrie, idées noires et insomnie.",
    "Patients à relancer :\n- {c}, diabète\n",
    "Le client {n} habite maintenant en ressource intermédiaire.",
    "Admission de {n} prévue lundi, chirurgie de la cataracte.",
    "L'enfant {n}, née le 3 mars 2019, est suivie en pédiatrie pour son asthme.",
    "Patient : {r}\nDiagnostic : MPOC sévère",
    "On a vu {n} en clinique de mémoire : MoCA 17/30, trouble neurocognitif probable.",
    "Résultats de {n} : créatinine 201, potassium 5,8. À revoir aujourd'hui.",
    "Le conjoint de {n} aimerait parler au médecin.",
    "Usagère {n}, hébergée au CHSLD, plaie de pression stade 3 au sacrum.",
    "> Congé de {n} demain : physiothérapie à organiser, marchette fournie.",
    "Hi,\n\nPatient {n} was admitted last night with a hip fracture.\n\nThanks,\nPaul",
    "Re: {n}\n\nShe is on dialysis three times a week and needs transport.",
    "Client name: {n}\nDOB: 1960-05-02\nReason: chest pain",
    "Please see {n}, 67 years old, for a diabetic foot ulcer.",
    "Discharge plan for {n}: home oxygen and a walker.",
    "The mother of {n} called about the MRI appointment.",
    "Regarding {n} in room 12: blood cultures are positive.",
    "{n} (MRN 552201) tested positive for influenza.",
    "patiente : {l}, suivie pour une dépression",
];

/// Who is named without being a patient.
const OTHERS: &[&str] = &[
    "Bonjour {n},\n\nPeux-tu m'envoyer le budget?\n\nMerci",
    "Bonjour,\n\nLa réunion est à 14 h.\n\nCordialement,\n\n{n}\nInfirmière-chef\n450 555-0199 poste 2214",
    "Pour toute question, communiquez avec {n} au poste 4410.",
    "Dre {n} remplacera Dr Bélanger la semaine prochaine.",
    "Félicitations à {n}, nommée chef de service!",
    "Étaient présents : {n}, Paul Dumoulin et Johanne Cliche. Absente : Carole Ringuette.",
    "La formation sera donnée par {n} le 12 mars.",
    "De : {n}\nEnvoyé : lundi 5 janvier 2026\nÀ : Équipe\nObjet : Horaire\n\nVoici l'horaire.",
    "Le 5 janvier 2026, {n} a écrit :\n\nVoici l'horaire des vacances.",
    "Notre collègue {n} prend sa retraite vendredi; gâteau à la cafétéria.",
    "Tremblay, J. (2019). Soins infirmiers et diabète. Montréal : Presses. Voir aussi {n}, 2021.",
    "Rendez-vous au pavillon Marguerite-Bourgeoys, rue Jean-Talon, près de l'hôpital Saint-François d'Assise.",
    "L'échelle de Braden et le test de Folstein sont dans le système; la maladie de Parkinson sera au programme.",
    "Les travaux de la rue Pierre-Boucher touchent l'école Gabrielle-Roy et l'aréna Maurice-Richard.",
    "Merci à {n} et à toute l'équipe de bénévoles pour la fête de Noël.",
    "Hi {n},\n\nCould you send me the minutes?\n\nBest regards,\nAnn",
    "Please contact {n} at extension 5521 for the keys.",
    "Congratulations to {n} on the new position as manager.",
    "The workshop on diabetes will be presented by {n}, registered nurse.",
    "Minutes approved by {n}, seconded by Louise Harper.",
    "Attention : {n}, comptes payables. Facture 4471 à corriger.",
    "La Fondation remercie {n} pour son don de 500 $.",
    "Horaire de {n} : lundi et mardi de soir.",
    "Ci-joint le curriculum vitae de {n} pour le poste affiché.",
    "Le député {n} visitera l'hôpital de Saint-Eustache jeudi.",
    "{n}, physiothérapeute, animera l'atelier sur la douleur chronique.",
    "Le comité accueille {n} comme représentante des usagers.",
    "Commande de {n} : dix boîtes de gants, deux cartouches.",
    "Jean Coutu, Desjardins et Hydro-Québec seront au salon de l'emploi de Sainte-Thérèse.",
    "Me {n}, du cabinet Lavery, confirme la date de l'audience.",
];

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn name(&mut self) -> (&'static str, &'static str) {
        (GIVEN[self.roll(GIVEN.len())], SURNAMES[self.roll(SURNAMES.len())])
    }
}

fn fill(template: &str, given: &str, surname: &str) -> String {
    template
        .replace("{n}", &format!("{given} {surname}"))
        .replace("{c}", &format!("{}, {given}", surname.to_uppercase()))
        .replace("{r}", &format!("{surname} {given}"))
        .replace("{l}", &format!("{given} {surname}").to_lowercase())
}

/// The words of a name: order and hyphens do not matter.
/// The words of a name, folded, in any order.
pub fn words(name: &str) -> BTreeSet<String> {
    let folded = vaguemestre::detect::lexicon::fold(name);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The names that policy would hear of.
fn names(text: &str) -> Vec<BTreeSet<String>> {
    found(&read_all(&[segment(text, Region::Body, None, Boundary::Part)]).findings)
}

fn found(findings: &[vaguemestre::model::Finding]) -> Vec<BTreeSet<String>> {
    let names = findings.iter().filter(|finding| finding.kind == Kind::PatientName);
    names
        .filter(|name| name.confidence >= Confidence::Medium)
        .map(|name| words(name.value.reveal()))
        .collect()
}

#[test]
fn generated_patients_are_found_and_colleagues_are_left_alone() {
    let mut dice = Dice(20_261_121);
    let (mut right, mut missed, mut wrong) = (0_u32, Vec::new(), Vec::new());
    for round in 0..20 {
        for template in PATIENTS {
            let (given, surname) = dice.name();
            let text = fill(template, given, surname);
            let gold = words(&format!("{given} {surname}"));
            let names = names(&text);
            match names.contains(&gold) {
                true => right += 1,
                false => missed.push(format!("{round} {text}")),
            }
            wrong.extend(
                names.into_iter().filter(|name| *name != gold).map(|name| format!("{name:?} in {text}")),
            );
        }
        for template in OTHERS {
            let (given, surname) = dice.name();
            let text = fill(template, given, surname);
            wrong.extend(names(&text).into_iter().map(|name| format!("{name:?} in {text}")));
        }
    }
    let all = right + u32::try_from(missed.len()).unwrap();
    let told = right + u32::try_from(wrong.len()).unwrap();
    let (recall, precision) = (f64::from(right) / f64::from(all), f64::from(right) / f64::from(told));
    println!("names: recall {recall:.3}, precision {precision:.3}\nmissed {missed:#?}\nwrong {wrong:#?}");
    assert!(recall >= 0.95 && precision >= 0.95, "recall {recall:.3}, precision {precision:.3}");
}

#[test]
fn a_table_of_patients_gives_names_and_a_table_of_employees_none() {
    let patients: &[&[&str]] = &[
        &["Dossier", "Nom", "Prénom", "Diagnostic"],
        &["5512", "Desrochers", "Ginette", "MPOC"],
        &["5513", "Papatie", "Tivi", "asthme"],
    ];
    let employees: &[&[&str]] = &[
        &["Matricule", "Nom", "Prénom", "Quart"],
        &["99120", "Desrochers", "Ginette", "soir"],
        &["99121", "Papatie", "Tivi", "nuit"],
    ];
    let names = found(&read_all(&table(patients)).findings);
    assert_eq!(names, [words("ginette desrochers"), words("tivi papatie")]);
    assert!(found(&read_all(&table(employees)).findings).is_empty());
}

#[test]
fn a_file_named_after_a_patient_is_found() {
    for (file, name) in [
        ("Desrochers_Ginette_evaluation.docx", Some("ginette desrochers")),
        ("rapport-psy-bolduc-amelie.pdf", Some("amelie bolduc")),
        ("CV_Ginette_Desrochers.pdf", None),
        ("budget_2026.xlsx", None),
    ] {
        let names = found(&read_all(&[segment(file, Region::FileName, None, Boundary::Part)]).findings);
        assert_eq!(names, name.map(words).into_iter().collect::<Vec<_>>(), "{file}");
    }
}

#[test]
fn clusters_of_terms_need_someone_or_something_said() {
    let kinds = |text: &str| -> BTreeSet<&str> {
        let findings = read_all(&[segment(text, Region::Body, None, Boundary::Part)]).findings;
        let sure = findings.iter().filter(|finding| finding.confidence >= Confidence::Medium);
        sure.map(|finding| finding.kind.name()).filter(|kind| *kind != "patient_name").collect()
    };
    for (text, kind) in [
        ("La patiente prend du lithium et sa dépression est stable.", Some("health_term_cluster")),
        ("La patiente dit avoir un plan suicidaire pour ce soir.", Some("crisis")),
        ("Avis disciplinaire et suspension sans solde de l'employé 4471, à Mme Roy.", Some("hr")),
        (
            "Le plan stratégique, sous embargo, prévoit l'abolition de postes. Ne pas diffuser.",
            Some("strategic"),
        ),
        ("Infolettre : formation sur le diabète et l'hypertension, colloque de mars.", None),
        ("Semaine de prévention du suicide : formation sur le risque suicidaire.", None),
        ("C'est urgent, merci de répondre aujourd'hui.", None),
        ("Le stationnement sera fermé mardi pour déneigement.", None),
    ] {
        assert_eq!(kinds(text), kind.into_iter().collect(), "{text}");
    }
}
