//! Secrets: a password is told from talk about passwords by its look (compiled by us, 2026-11); tokens that carry a check are
//! checked.

mod looks;
mod shapes;
mod tokens;

use super::{Found, Proof};
use looks::{
    is_identifier, is_mixed, is_named, is_of_a_year, is_parted, is_pin, is_placeholder, is_signed, is_strong,
};
pub use shapes::{code, phrase, secret};
pub use tokens::{basic, checksummed, jwt, recovery_key, token};

/// Takes what follows a label as a password when it mixes letters with digits or signs, or is a short number.
pub(super) fn password(found: &Found<'_>) -> Option<Proof> {
    let value = found.text.trim_end_matches(['.', ',', ';', ')', '"', '\'', '!', '?']);
    // A mark that ends a greeting is no sign of a password.
    let exclaimed = found.text.ends_with('!') && found.text.bytes().any(|byte| byte.is_ascii_digit());
    let value = if exclaimed && is_mixed(found.text) { found.text } else { value };
    let looks = is_mixed(value) || is_pin(value);
    let facts = ["shape"].into_iter().chain(is_strong(value).then_some("strong")).collect();
    let told = looks && !is_placeholder(value) && !is_identifier(value, found.after);
    told.then(|| Proof { value: value.to_owned(), facts, ..Proof::default() })
}

/// Takes what mixes letters with digits or signs, and is no product, reference, file or measure: what may follow the words
/// "mot de passe" without a mark.
pub(super) fn unmarked_password(found: &Found<'_>) -> Option<Proof> {
    let proof = password(found)?;
    (is_mixed(&proof.value) && !is_named(&proof.value)).then_some(proof)
}

/// Takes what no name of a user is: cases and figures, or words and figures that signs part (`sucre.amer.56`).
pub(super) fn parted_password(found: &Found<'_>) -> Option<Proof> {
    let proof = unmarked_password(found)?;
    let digits = proof.value.bytes().filter(u8::is_ascii_digit).count();
    let told = is_strong(&proof.value) && digits > 1 && !is_of_a_year(&proof.value);
    let told = told || is_parted(&proof.value) || is_signed(&proof.value);
    told.then_some(proof)
}

/// Takes the key of a network at home, as its box has it printed: letters and figures, two of each at least.
pub(super) fn network_key(found: &Found<'_>) -> Option<Proof> {
    let count = |class: fn(&u8) -> bool| found.text.bytes().filter(class).count();
    let mixed = count(u8::is_ascii_digit) > 1 && count(u8::is_ascii_alphabetic) > 1;
    (mixed && !is_placeholder(found.text)).then(|| Proof {
        value: found.text.to_owned(),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

/// Takes the code of a door, an alarm or a safe: three to eight digits, together or in pairs, that are no year.
pub(super) fn door_code(found: &Found<'_>) -> Option<Proof> {
    let digits: String = found.text.chars().filter(char::is_ascii_digit).collect();
    let century = digits.starts_with("19") || digits.starts_with("20");
    let day = digits.len() == 8 && found.text.bytes().filter(|byte| *byte == b'-').count() == 2;
    let year = century && (found.text.len() == 4 || day);
    let after = found.after.trim_start().to_ascii_lowercase();
    let sentence = after.split(['.', ';', '!', '?']).next().unwrap_or_default();
    let counts = COUNTED.iter().any(|unit| after.starts_with(unit))
        || OTHER_CODES.iter().any(|word| sentence.contains(word));
    ((3..=8).contains(&digits.len()) && !year && !counts).then(|| Proof {
        value: found.text.to_owned(),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

/// What the sentence goes on with where a code is that of an article or of a device.
const OTHER_CODES: [&str; 8] =
    ["quantite", "catalogue", "budget", "declench", "engrais", "systeme", "prix", "erreur"];

/// What a number counts that is no code.
const COUNTED: [&str; 34] = [
    "rue",
    "boul",
    "av.",
    "avenue",
    "chemin",
    "ch.",
    "rang",
    "route",
    "street",
    "lits",
    "places",
    "cas ",
    "mg",
    "ml",
    "%",
    "degre",
    "copies",
    "fois",
    "dollars",
    "h ",
    "personnes",
    "employes",
    "chiffre",
    "caracter",
    "digit",
    "charac",
    "essai",
    "tentative",
    "minute",
    "seconde",
    "jour",
    "util",
    "unite",
    "$",
];

/// Takes what mixes cases, digits and signs as no word, date or reference does: three kinds and a sign, or changes of kind
/// inside the word.
pub(super) fn strong_password(found: &Found<'_>) -> Option<Proof> {
    let value = found.text.trim_end_matches(['.', ',', ';', ')', '"', '\'', '?']);
    let kind = |character: char| match character {
        'a'..='z' => 0,
        'A'..='Z' => 1,
        '0'..='9' => 2,
        _ => 3,
    };
    let signed = value.chars().any(|character| character.is_ascii_punctuation());
    let turns =
        value.chars().zip(value.chars().skip(1)).filter(|(one, next)| kind(*one) != kind(*next)).count();
    let address = value.contains("://") || value.contains('@') && value.contains('.') || value.contains('/');
    let strong = is_strong(value) && (signed || turns > 4) && !address;
    let strong = strong && !is_placeholder(value) && !is_named(value);
    strong.then(|| Proof { value: value.to_owned(), facts: vec!["shape"], ..Proof::default() })
}

/// Takes a password written in an address, unless it stands for one to be written.
pub(super) fn in_address(found: &Found<'_>) -> Option<Proof> {
    let value = found.text;
    ((is_mixed(value) || value.len() >= 12) && !is_placeholder(value)).then(|| Proof {
        value: value.to_owned(),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

/// Takes a plain word after "temporaire :" or the like, unless it tells where the password is or what becomes of it.
pub(super) fn told(found: &Found<'_>) -> Option<Proof> {
    let value = found.text.trim_end_matches(['.', ',', ';', ')', '"', '\'']);
    let word = value.to_ascii_lowercase();
    let speaks = NO_PASSWORD.iter().any(|other| word == *other);
    let varied = value.chars().count() >= 4 && value.chars().all(|character| character.is_ascii_graphic());
    let told = varied && !speaks && !is_placeholder(value) && !is_identifier(value, found.after);
    told.then(|| Proof {
        value: value.to_owned(),
        facts: if is_mixed(value) { vec!["shape"] } else { vec!["shape", "plain_word"] },
        ..Proof::default()
    })
}

/// Words that follow "mot de passe temporaire :" and are none.
const NO_PASSWORD: [&str; 73] = [
    "merci",
    "thanks",
    "positive",
    "negative",
    "inconnue",
    "recue",
    "attendue",
    "voir",
    "expire",
    "expired",
    "inchange",
    "inchangee",
    "unchanged",
    "oublie",
    "forgotten",
    "aucun",
    "aucune",
    "envoye",
    "envoyee",
    "transmis",
    "transmise",
    "remis",
    "valide",
    "requis",
    "required",
    "inconnu",
    "unknown",
    "confidentiel",
    "confidential",
    "change",
    "changer",
    "changeme",
    "genere",
    "generated",
    "ci-joint",
    "ci-dessous",
    "attached",
    "below",
    "separement",
    "telephone",
    "bientot",
    "demander",
    "personnel",
    "obligatoire",
    "optionnel",
    "optional",
    "facultatif",
    "string",
    "masque",
    "hidden",
    "encrypted",
    "chiffre",
    "secret",
    "example",
    "exemple",
    "habituel",
    "identique",
    "windows",
    "default",
    "disabled",
    "enabled",
    "password",
    "mypassword",
    "yourpassword",
    "numero",
    "courriel",
    "prenom",
    "nom",
    "habituelle",
    "temporaire",
    "provisoire",
    "initial",
    "votre",
];

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_word_told_as_a_password_is_one() {
        for (text, facts) in [
            ("Bienvenue", Some(&["shape", "plain_word"][..])),
            ("Printemps2026", Some(&["shape"][..])),
            ("oublie", None),
            ("ici", None),
        ] {
            let proof = told(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.as_ref().map(|proof| &proof.facts[..]), facts, "{text}");
        }
    }

    #[test]
    fn passwords_are_told_from_words() {
        for (text, value) in [
            ("Bouleau#4471", Some("Bouleau#4471")),
            ("Bouleau4471.", Some("Bouleau4471")),
            ("8245", Some("8245")),
            ("8245#", Some("8245#")),
            ("expire", None),
            ("temporaire", None),
            ("********", None),
            ("$1$xxxxxxxx$UYCIxa62", None),
            ("${SECRET_1}", None),
            ("https://intranet.example/aide1", None),
            ("14", None),
            ("user_list", None),
            ("\\fPmot_de_passe1", None),
            ("ReadLine(0", None),
            ("input_line(0", None),
            ("getpass.getpass(2", None),
            ("Bonjour(2026", Some("Bonjour(2026")),
            ("BONJOUR(2026", Some("BONJOUR(2026")),
            ("bbbb:cccc:1234::1:1", None),
            ("-wget@", None),
            ("Salt::from_b64", None),
            ("Pbkdf2.hash_password(", None),
            ("self.0.token_2", None),
            ("0xC0000071_u32", None),
            ("format!(", None),
            ("write!(f", None),
            ("Ok(scramble_sha256(password", None),
            ("sha256_password", None),
            ("Some(salt1)).map_err(", None),
            ("&#x3C;string1", None),
            ("Hiver::2026", Some("Hiver::2026")),
            ("0xBouleau71", Some("0xBouleau71")),
            ("-Wget77x", Some("-Wget77x")),
            ("$DB_PASSWORD_1", None),
            ("$Pluie_2026", Some("$Pluie_2026")),
            ("Guide-2026.pdf", None),
            ("DIR-2022-054", None),
            ("RITM0012345", None),
            ("DIRECTION-2026", Some("DIRECTION-2026")),
            ("process.env.MDP_1", None),
            ("%C3%B1.test", None),
            ("he%2F%2Fo-Bouleau71", Some("he%2F%2Fo-Bouleau71")),
            ("Bug#57203,#87403", None),
            ("PKCS#12", None),
            ("Bouleau#4471", Some("Bouleau#4471")),
            ("root::0:0:System", None),
            ("password123", None),
            ("Password2026!", Some("Password2026!")),
        ] {
            let proof = password(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.map(|proof| proof.value).as_deref(), value, "{text}");
        }
    }

    #[test]
    fn names_of_programs_are_told_by_what_follows() {
        for (text, after, passes) in [
            ("WIN32_ERROR", " = 87u32;", false),
            ("WIN32_ERROR", ",", false),
            ("secret_key1.to_der", "().unwrap();", false),
            ("LILAS_BLANC_7", ", merci", true),
            ("Lilas_Blanc_7", ",", true),
            ("unseal_key.1", ");", false),
            ("Lilas_Blanc_7", "); merci", true),
        ] {
            let proof = password(&Found { text, after, today: date(2026, 1, 15) });
            assert_eq!(proof.is_some(), passes, "{text}{after}");
        }
    }

    #[test]
    fn what_follows_without_a_mark_is_no_product_reference_file_or_measure() {
        for (text, passes) in [
            ("Bouleau4471", true),
            ("abcd1234", true),
            ("Office365", false),
            ("Windows11Pro", false),
            ("AES-256", false),
            ("Argon2id", false),
            ("Word4471!a", true),
            ("DIR-2022-054", false),
            ("KB0012345", false),
            ("Guide-2026.pdf", false),
            ("soutien2@hopital.example", false),
            ("v2.1.3", false),
            ("8h30-16h", false),
            ("60jours", false),
            ("8245", false),
        ] {
            let proof = unmarked_password(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.is_some(), passes, "{text}");
        }
    }

    #[test]
    fn words_and_figures_with_signs_between_are_no_name_of_a_user() {
        for (text, passes) in [
            ("sucre.amer.56", true),
            ("Tulip-Harbor-93", true),
            ("BonneJournee2026", true),
            ("Bleu_Nuit_7", true),
            ("royj0012", false),
            ("multi-facteurs", false),
            ("Windows-11", false),
            ("14h30-15h00", false),
            ("2026-11-30", false),
            ("Budget-2026", false),
        ] {
            let proof = parted_password(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.is_some(), passes, "{text}");
        }
    }

    #[test]
    fn codes_of_doors_are_short_and_count_nothing() {
        for (text, after, passes) in [
            ("8245", "", true),
            ("8245#", ", entree nord", true),
            ("12-34-56", "", true),
            ("2026", "", false),
            ("1945*", "", true),
            ("2025-11-01", "", false),
            ("1500", " utilisateurs", false),
            ("12", "", false),
        ] {
            let proof = door_code(&Found { text, after, today: date(2026, 1, 15) });
            assert_eq!(proof.is_some(), passes, "{text}{after}");
        }
    }
}
