//! Every transform of a detected text stays detected at the same tier.

use vaguemestre::model::{Confidence, Kind};

use super::read;

/// A text, what it holds, and the part of it that is disguised.
const VECTORS: &[(&str, &str, Kind, &str)] = &[
    ("NAM : {}", "TREM 0412 1925", Kind::Nam, "TREM04121925"),
    ("NAM : {}", "SERE-7561-30A0", Kind::Nam, "SERE756130A0"),
    ("Bonjour, {} svp.", "LIXA61550118", Kind::Nam, "LIXA61550118"),
    ("Voir {} demain", "OBRK 330101 A8", Kind::Nam, "OBRK330101A8"),
    ("N.A.M. {}", "BERC980401M2", Kind::Nam, "BERC980401M2"),
    ("RAMQ {}", "TREM04121935", Kind::Nam, "TREM04121935"),
    ("DDN : {}", "1954-08-03", Kind::BirthDate, "1954-08-03"),
    ("née le {}", "03/08/1954", Kind::BirthDate, "1954-08-03"),
    ("NAS : {}", "130 692 544", Kind::Nas, "130692544"),
    ("carte Visa {}", "4539 1488 0343 6467", Kind::PaymentCard, "4539148803436467"),
    ("permis de conduire {}", "T6512-030854-07", Kind::DriversLicence, "T651203085407"),
    ("OHIP {}", "9876-543-217", Kind::HealthCardOther, "9876543217"),
    ("PHN {}", "9698 658 215", Kind::HealthCardOther, "9698658215"),
    ("Dépôt direct : {}", "12345-006-1234567", Kind::BankAccount, "123450061234567"),
];

type Transform = (&'static str, fn(&str) -> String);

const TRANSFORMS: &[Transform] = &[
    ("as it is", str::to_owned),
    ("no-break spaces", |text| text.replace(' ', "\u{a0}")),
    ("narrow no-break spaces", |text| text.replace(' ', "\u{202f}")),
    ("thin spaces", |text| text.replace(' ', "\u{2009}")),
    ("ideographic spaces", |text| text.replace(' ', "\u{3000}")),
    ("double spaces", |text| text.replace(' ', "  ")),
    ("no-break hyphens", |text| text.replace('-', "\u{2011}")),
    ("en dashes", |text| text.replace('-', "\u{2013}")),
    ("minus signs", |text| text.replace('-', "\u{2212}")),
    ("zero-width spaces", |text| between(text, "\u{200b}")),
    ("zero-width joiners", |text| between(text, "\u{200d}")),
    ("word joiners", |text| between(text, "\u{2060}")),
    ("soft hyphens", |text| between(text, "\u{ad}")),
    ("direction marks", |text| between(text, "\u{202e}")),
    ("variation selectors", |text| between(text, "\u{fe0f}")),
    ("tags", |text| between(text, "\u{e0041}")),
    ("combining marks", |text| between(text, "\u{301}")),
    ("NUL bytes", |text| between(text, "\0")),
    ("full width", |text| shifted(text, 0xff01 - 0x21, |c| c.is_ascii_graphic())),
    ("mathematical bold digits", |text| shifted(text, 0x1d7ce - 0x30, |c| c.is_ascii_digit())),
    ("mathematical monospace digits", |text| shifted(text, 0x1d7f6 - 0x30, |c| c.is_ascii_digit())),
    ("Arabic-Indic digits", |text| shifted(text, 0x660 - 0x30, |c| c.is_ascii_digit())),
    ("Devanagari digits", |text| shifted(text, 0x966 - 0x30, |c| c.is_ascii_digit())),
    ("Cyrillic twins", |text| twins(text, "ABEKMHOPCTXaeopcx", "АВЕКМНОРСТХаеорсх")),
    ("Greek twins", |text| twins(text, "ABEZHIKMNOPTXo", "ΑΒΕΖΗΙΚΜΝΟΡΤΧο")),
    ("circled letters", |text| shifted(text, 0x24b6 - 0x41, |c| c.is_ascii_uppercase())),
    ("superscript digits", |text| twins(text, "0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")),
    ("a quoted line", |text| format!("\n> {text}")),
    ("twice quoted", |text| format!("\n> > {text}")),
    ("wrapped at a separator", |text| text.replacen(' ', "\n", 1).replacen('-', "-\n", 1)),
    ("wrapped in a quote", |text| text.replacen(' ', "\n> ", 1).replacen('-', "-\n> ", 1)),
    ("in brackets", |text| format!("[{text}]")),
    ("in quotes", |text| format!("« {text} »")),
    ("before a stop", |text| format!("{text}.")),
];

fn between(text: &str, mark: &str) -> String {
    text.chars().map(|c| format!("{c}{mark}")).collect()
}

fn shifted(text: &str, by: u32, which: fn(&char) -> bool) -> String {
    text.chars().map(|c| if which(&c) { char::from_u32(u32::from(c) + by).unwrap() } else { c }).collect()
}

fn twins(text: &str, plain: &str, other: &str) -> String {
    let twin = |c: char| plain.chars().position(|p| p == c).and_then(|at| other.chars().nth(at)).unwrap_or(c);
    text.chars().map(twin).collect()
}

fn confidence(text: &str, kind: Kind, value: &str) -> Option<Confidence> {
    let found = read(text).findings;
    found
        .iter()
        .filter(|finding| finding.kind == kind && finding.value.reveal() == value)
        .map(|finding| finding.confidence)
        .max()
}

#[test]
fn no_disguise_lowers_a_finding() {
    let mut lowered = Vec::new();
    for (frame, text, kind, value) in VECTORS {
        let plain = confidence(&frame.replace("{}", text), *kind, value);
        assert!(plain >= Some(Confidence::Medium), "{frame} {text}: {plain:?}");
        for (name, transform) in TRANSFORMS {
            let disguised = frame.replace("{}", &transform(text));
            let reached = confidence(&disguised, *kind, value);
            if reached < plain {
                lowered.push(format!("{name}: {disguised:?} {plain:?} -> {reached:?}"));
            }
        }
    }
    assert!(lowered.is_empty(), "{}", lowered.join("\n"));
}

/// What hides the whole text, label included.
#[test]
fn no_encoding_lowers_a_finding() {
    let mut lowered = Vec::new();
    for (frame, text, kind, value) in VECTORS {
        let whole = frame.replace("{}", text);
        let plain = confidence(&whole, *kind, value);
        let base64 = data_encoding::BASE64.encode(whole.as_bytes());
        let twice = data_encoding::BASE64.encode(format!("contenu {base64} fin").as_bytes());
        let hex = data_encoding::HEXLOWER.encode(whole.as_bytes());
        let percent: String = whole.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for hidden in [base64, twice, hex, percent] {
            let reached = confidence(&format!("voir {hidden} merci"), *kind, value);
            if hidden.len() >= 24 && reached < plain {
                lowered.push(format!("{whole}: {hidden} {plain:?} -> {reached:?}"));
            }
        }
    }
    assert!(lowered.is_empty(), "{}", lowered.join("\n"));
}

#[test]
fn numbers_spelled_one_character_at_a_time_are_found() {
    for (frame, text, kind, value) in VECTORS {
        for gap in [" ", ".", "-", "  "] {
            let plain: String =
                text.chars().filter(|c| c.is_alphanumeric() || *kind == Kind::BirthDate).collect();
            let spaced: Vec<String> = plain.chars().map(|c| c.to_string()).collect();
            let spaced = frame.replace("{}", &spaced.join(gap));
            let loses_groups =
                *kind == Kind::BankAccount || (*kind == Kind::BirthDate && !gap.trim().is_empty());
            if !loses_groups {
                assert!(confidence(&spaced, *kind, value) >= Some(Confidence::Medium), "{spaced}");
            }
        }
    }
}
