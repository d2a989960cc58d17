//! Invented patients in every format, by the thousand: the same figures as on any other sample.

use jiff::civil::Date;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use vaguemestre::detect::{check_digit, letters_of};
use vaguemestre::model::{Confidence, ENGLISH_MONTHS, FRENCH_MONTHS, Kind};

use super::{SHORT, read};

/// A test that fails says its seed; this one is the first.
const SEED: u64 = 20_261_122;
const PATIENTS: usize = 600;

const SURNAMES: &[&str] = &[
    "archambault",
    "bissonnette",
    "charest",
    "dagenais",
    "el khoury",
    "fournelle",
    "giguere",
    "houde",
    "imbeault",
    "joly",
    "kone",
    "laliberte",
    "moquin",
    "niquette",
    "ouimet",
    "poitras",
    "quesnel",
    "rancourt",
    "sasseville",
    "theoret",
    "ung",
    "villemure",
    "wu",
    "yelle",
    "zito",
    "st-amand",
    "o'hara",
    "d'aragon",
];
const GIVEN: &[&str] = &[
    "agathe", "bastien", "celeste", "doris", "elzear", "flavie", "gaston", "hermine", "ismael", "josee",
    "koffi", "laurette", "magella", "noemie", "odile", "philemon",
];
const LABELS: &[&str] = &[
    "NAM : ",
    "NAM ",
    "N.A.M. : ",
    "RAMQ ",
    "no RAMQ : ",
    "no d'ass. mal. ",
    "n° d'assurance-maladie : ",
    "carte soleil ",
    "health insurance number ",
    "Medicare no ",
    "HIN: ",
    "carte RAMQ no ",
];
const BARE: &[&str] = &[
    "",
    "Voir ",
    "Pour la requête d'échographie : ",
    "Rappeler ",
    "Au sujet de ",
    "1) Untel – ",
    "Dossier de ",
    "(",
    "IRM de ",
];
const DATE_LABELS: &[&str] = &[
    "née le ",
    "né le ",
    "DDN : ",
    "D.D.N. ",
    "Date de naissance : ",
    "date naiss. ",
    "DOB: ",
    "born ",
    "naissance : ",
    "né(e) le ",
];
const DECOYS: &[&str] = &[
    "Rendez-vous le ",
    "Réunion du ",
    "Version du ",
    "politique adoptée le ",
    "Envoyé : ",
    "facture du ",
    "en vigueur le ",
    "échéance : ",
    "Dernière mise à jour : ",
    "formation le ",
    "embauché le ",
    "Le bilan du ",
];

struct Patient {
    nam: String,
    birth: Date,
}

fn patient(random: &mut SmallRng) -> Patient {
    let (surname, given) = (SURNAMES.choose(random).unwrap(), GIVEN.choose(random).unwrap());
    let letters = letters_of(surname, given).unwrap();
    let birth = loop {
        let (year, month, day) =
            (random.random_range(1925..2024), random.random_range(1..=12), random.random_range(1..=31));
        if let Ok(date) = Date::new(year, month, day) {
            break date;
        }
    };
    let month = birth.month() + if random.random_bool(0.5) { 50 } else { 0 };
    let sequence = if random.random_bool(0.05) {
        'A'
    } else {
        char::from_digit(random.random_range(1..10), 10).unwrap()
    };
    let eleven = format!(
        "{}{:02}{month:02}{:02}{sequence}",
        std::str::from_utf8(&letters).unwrap(),
        birth.year() % 100,
        birth.day()
    );
    let digit = check_digit(&eleven, birth.year()).unwrap();
    Patient { nam: format!("{eleven}{digit}"), birth }
}

fn written(nam: &str, random: &mut SmallRng) -> String {
    let part = |from: usize, to: usize| &nam[from..to];
    let gap = [" ", "-", ".", "\u{a0}", "\u{202f}", "_", "  ", "–", " - "].choose(random).unwrap();
    match random.random_range(0..6) {
        0 => nam.to_owned(),
        1 => format!("{}{gap}{}", part(0, 4), part(4, 12)),
        2 => format!("{}{gap}{}{gap}{}", part(0, 4), part(4, 10), part(10, 12)),
        3 => nam.to_lowercase(),
        _ => format!("{}{gap}{}{gap}{}", part(0, 4), part(4, 8), part(8, 12)),
    }
}

fn dated(date: Date, random: &mut SmallRng) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let index = usize::try_from(month - 1).unwrap();
    match random.random_range(0..10) {
        0 => format!("{year}-{month:02}-{day:02}"),
        1 => format!("{year}/{month:02}/{day:02}"),
        2 => format!("{year}.{month:02}.{day:02}"),
        3 => format!("{day:02}/{month:02}/{year}"),
        4 => format!("{day:02}-{month:02}-{year}"),
        5 if day == 1 => format!("1er {} {year}", FRENCH_MONTHS[index]),
        5 => format!("{day} {} {year}", FRENCH_MONTHS[index]),
        6 => format!("{day} {} {year}", FRENCH_MONTHS[index].to_uppercase()),
        7 => format!("{day} {} {year}", SHORT[index]),
        8 => format!("{} {day}, {year}", ENGLISH_MONTHS[index]),
        _ => format!("{year}{month:02}{day:02}"),
    }
}

fn finds(text: &str, kind: Kind, value: &str) -> bool {
    read(text).findings.iter().any(|finding| {
        finding.kind == kind && finding.confidence >= Confidence::Medium && finding.value.reveal() == value
    })
}

/// A text in which something of a kind is found, with the reasons.
fn alarm(text: &str, kind: Kind) -> Option<String> {
    let found = read(text).findings;
    let finding =
        found.iter().find(|finding| finding.kind == kind && finding.confidence >= Confidence::Medium)?;
    Some(format!("{text} {} {:?}", finding.value.reveal(), finding.evidence))
}

fn assert_share(what: &str, misses: &[String], of: usize, most: f64) {
    let share = misses.len() as f64 / of as f64;
    println!("{what}: {} of {of}", misses.len());
    assert!(share <= most, "seed {SEED}: {what}: {share}\n{}", misses[..misses.len().min(20)].join("\n"));
}

#[test]
fn numbers_of_invented_patients_are_found_labelled_or_not() {
    let mut random = SmallRng::seed_from_u64(SEED);
    let (mut labelled, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..PATIENTS {
        let Patient { nam, .. } = patient(&mut random);
        let text =
            format!("Bonjour,\n{}{} merci.", LABELS.choose(&mut random).unwrap(), written(&nam, &mut random));
        labelled.extend((!finds(&text, Kind::Nam, &nam)).then_some(text));
        let text =
            format!("Bonjour,\n{}{}, merci.", BARE.choose(&mut random).unwrap(), written(&nam, &mut random));
        bare.extend((!finds(&text, Kind::Nam, &nam)).then_some(text));
    }
    assert_share("labelled numbers missed", &labelled, PATIENTS, 0.001);
    assert_share("bare numbers missed", &bare, PATIENTS, 0.01);
}

#[test]
fn birth_dates_are_found_and_other_dates_are_not() {
    let mut random = SmallRng::seed_from_u64(SEED);
    let (mut missed, mut alarms) = (Vec::new(), Vec::new());
    for _ in 0..PATIENTS {
        let Patient { birth, .. } = patient(&mut random);
        let text = format!(
            "Bonjour,\n{}{}, merci.",
            DATE_LABELS.choose(&mut random).unwrap(),
            dated(birth, &mut random)
        );
        missed.extend((!finds(&text, Kind::BirthDate, &birth.to_string())).then_some(text));
        let text =
            format!("Bonjour,\n{}{}, merci.", DECOYS.choose(&mut random).unwrap(), dated(birth, &mut random));
        alarms.extend(alarm(&text, Kind::BirthDate));
    }
    assert_share("birth dates missed", &missed, PATIENTS, 0.005);
    assert_share("other dates taken for birth dates", &alarms, PATIENTS, 0.01);
}

/// "4-letter word + compact ISO date: 5.1 % of 2005-2026 dates pass everything, check included."
#[test]
fn a_word_before_a_compact_date_is_no_number() {
    let mut alarms = Vec::new();
    for word in [
        "date", "JUIN", "mars", "août", "RAMQ", "code", "page", "note", "lots", "item", "site", "plan",
        "post", "dans", "Vers", "abcd",
    ] {
        let mut day = jiff::civil::date(2000, 1, 1);
        while day.year() <= 2030 {
            let compact = day.strftime("%Y%m%d").to_string();
            let text = format!("voir {word} {compact} et {word} {}", day.strftime("%Y-%m-%d"));
            if check_digit(&format!("{}{}", word.to_uppercase().replace('Û', "U"), &compact[..7]), 1920)
                .is_some()
            {
                alarms.extend(alarm(&text, Kind::Nam));
            }
            day = day.saturating_add(jiff::Span::new().days(7));
        }
    }
    assert_share("compact dates taken for numbers", &alarms, 1, 0.0);
}

#[test]
fn codes_of_the_same_shape_seldom_pass() {
    let mut random = SmallRng::seed_from_u64(SEED);
    let mut alarms = Vec::new();
    let codes = 2000;
    for _ in 0..codes {
        let letters: String = (0..4).map(|_| char::from(random.random_range(b'A'..=b'Z'))).collect();
        let text = format!("inventaire {letters}{:08}", random.random_range(0..100_000_000));
        alarms.extend(alarm(&text, Kind::Nam));
    }
    assert_share("inventory codes taken for numbers", &alarms, codes, 0.0005);
}
