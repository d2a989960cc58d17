//! The shapes of secrets that nothing marks: what is said around them must tell the rest (compiled by us, 2026-11).

use super::looks::{is_identifier, is_mixed, is_named, is_parted, is_placeholder, is_strong};
use super::{COUNTED, Found, Proof, door_code};

/// Signs that words do not hold.
const SIGNS: &str = "!@#$%^&*+?~";
/// Fewest characters of a password, of a hexadecimal key, and of the groups of a code.
const FEWEST: usize = 6;
const KEY: usize = 24;
const GROUP: usize = 3;

/// Takes what looks like a password, and says how much: `strong` when no word, name or reference is written so, `shape` when it
/// mixes letters and digits (`cased`: of both cases), `joined` when words are joined by signs.
pub fn secret(found: &Found<'_>) -> Option<Proof> {
    let value = trimmed(found.text);
    let usual = value.chars().count() < FEWEST || is_placeholder(value) || is_other(value);
    let usual = usual || is_identifier(value, found.after);
    if usual {
        return None;
    }
    let facts = if is_grouped(value) {
        vec!["shape", "cased"]
    } else if is_named(value) && !is_telling(value) {
        return None;
    } else if is_program(value) {
        vec!["joined"]
    } else if is_telling(value) {
        if has_sign(value) { vec!["strong", "signed"] } else { vec!["strong"] }
    } else if is_mixed(value) {
        let cased = has(value, char::is_uppercase) && has(value, char::is_lowercase);
        if cased { vec!["shape", "cased"] } else { vec!["shape"] }
    } else if is_joined(value) {
        vec!["joined"]
    } else {
        return None;
    };
    Some(Proof { value: value.to_owned(), facts, ..Proof::default() })
}

/// `ldap-createuser-krb5`, `Win32_Foundation`: words joined by hyphens in lower case or by underscores, as programs, keys of texts and
/// variables are named. Figures end a part; one figure may be a part, but not the last.
fn is_program(value: &str) -> bool {
    let begins = |part: &str| {
        let word = part.trim_end_matches(|last: char| last.is_ascii_digit());
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let written = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let plain = value.bytes().all(lower) || value.contains('_') && value.bytes().all(written);
    let (head, last) = value.rsplit_once(['-', '_', '.']).unwrap_or_default();
    plain
        && has(value, |character| character.is_ascii_digit())
        && begins(last)
        && head.split(['-', '_', '.']).all(|part| part.len() < 2 || begins(part))
}

/// Takes the digits of a code: of three to eight, in two groups of three, in pairs.
pub fn code(found: &Found<'_>) -> Option<Proof> {
    let mut proof = door_code(found)?;
    let digits = found.text.bytes().filter(u8::is_ascii_digit).count();
    let signed = found.text.contains(['#', '*']);
    proof.facts.extend(signed.then_some("signed"));
    let tripled = found.text.matches('-').count() == 2;
    proof.facts.extend(tripled.then_some("grouped"));
    proof.facts.extend((digits == 3 || digits > 6).then_some("long"));
    Some(proof)
}

/// Takes words that are a secret together, unless they tell where it is.
pub fn phrase(found: &Found<'_>) -> Option<Proof> {
    let value = found.text.trim_matches([' ', '"', '.', ',']);
    let words: Vec<String> = value.split([' ', '-']).map(str::to_lowercase).collect();
    let elsewhere = words.iter().any(|word| ELSEWHERE.contains(&word.as_str()));
    let counted = COUNTED.iter().any(|unit| value.to_lowercase().contains(&format!(" {unit}")));
    let letters = has(value, char::is_alphabetic) && value.chars().count() >= FEWEST;
    (letters && !elsewhere && !counted && !is_placeholder(value)).then(|| Proof {
        value: value.to_owned(),
        facts: vec!["shape"],
        ..Proof::default()
    })
}

/// Words of a phrase that tells where a secret is, or how one is made.
const ELSEWHERE: [&str; 44] = [
    "voir",
    "see",
    "coffre",
    "affichee",
    "affiche",
    "envoye",
    "envoyee",
    "sent",
    "texto",
    "telephone",
    "phone",
    "seront",
    "sera",
    "doit",
    "doivent",
    "must",
    "should",
    "demandez",
    "demander",
    "ask",
    "oublie",
    "oubliee",
    "forgotten",
    "expire",
    "change",
    "changer",
    "ici",
    "here",
    "enveloppe",
    "courriel",
    "valider",
    "suivant",
    "annuler",
    "afficher",
    "incorrect",
    "invalide",
    "obligatoire",
    "required",
    "confirmer",
    "nouveau",
    "compte",
    "utilisateur",
    "user",
    "identifiant",
];

/// What is left of a value without the marks of the sentence and of markup around it.
fn trimmed(value: &str) -> &str {
    let value = value.trim_end_matches(['.', ',', ';', ')', '"', '\'', ':', ']']);
    let bare = value.trim_matches(['*', '_', '`']);
    if bare.len() + 4 >= value.len() && bare.len() < value.len() && value.starts_with(['*', '_', '`']) {
        bare
    } else {
        value
    }
}

/// Whether a sign stands among the letters of a value, with figures or another sign.
fn has_sign(value: &str) -> bool {
    let inner = value
        .char_indices()
        .filter(|(at, sign)| *at > 0 && SIGNS.contains(*sign) && at + 1 < value.len())
        .count();
    inner > 1 || inner > 0 && has(value, |character| character.is_ascii_digit())
}

fn has(value: &str, class: fn(char) -> bool) -> bool {
    value.chars().any(class)
}

/// Whether no word, name or reference is written so: signs among letters, words and figures joined, cases and figures that turn
/// more than once, a long key.
fn is_telling(value: &str) -> bool {
    let letters = value.chars().filter(|character| character.is_alphabetic()).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let signed = letters > 2 && has_sign(value);
    let ended = value.ends_with(['!', '#', '$', '*', '%'])
        && is_strong(value.trim_end_matches(['!', '#', '$', '*', '%']));
    let lower = has(value, char::is_lowercase);
    let joined = lower && (is_parted(value) || is_marked(value));
    signed || ended || joined || turns(value) > 2 && lower && digits > 0 && letters > 2 || is_key(value)
}

/// `m2m-Aulnes-3`, `Osselet_2`, `V1rus_Non_3`, `t0urniquet.Sud`: parts of which one is a word with a capital, and figures.
fn is_marked(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['-', '_', '.']).collect();
    let figures = parts.iter().any(|part| part.len() <= 5 && part.bytes().any(|byte| byte.is_ascii_digit()))
        || value.bytes().any(|byte| byte.is_ascii_digit());
    let word = |part: &&str| {
        let mut letters = part.trim_end_matches(|last: char| last.is_ascii_digit()).chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.clone().count() > 1
            && letters.any(char::is_lowercase)
    };
    let lower = parts
        .iter()
        .filter(|part| part.len() > 2 && part.bytes().all(|byte| byte.is_ascii_lowercase()))
        .count();
    let plain = parts.len() > 1 && figures && parts.iter().all(|part| !part.is_empty());
    plain
        && (parts.iter().filter(|part| word(part)).count() > 1
            || parts.iter().any(word) && (parts.len() > 2 || value.contains('_') || inside(value))
            || lower > 1)
}

/// Whether a figure stands among letters: `t0urniquet`.
fn inside(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.windows(3).any(|three| {
        matches!(three, [one, digit, other] if one.is_ascii_alphabetic() && digit.is_ascii_digit() && other.is_ascii_alphabetic())
    })
}

/// How often letters turn to digits, or back.
fn turns(value: &str) -> usize {
    let kinds: Vec<bool> = value
        .chars()
        .filter(|character| character.is_alphanumeric())
        .map(|character| character.is_ascii_digit())
        .collect();
    kinds.windows(2).filter(|pair| pair.first() != pair.last()).count()
}

/// A key in hexadecimal or base64.
fn is_key(value: &str) -> bool {
    let signs = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-');
    value.len() >= KEY && value.bytes().all(signs) && turns(value) > 4
}

/// `HX7K-22QM-9PLW`: groups of one length in capitals, of which some mix letters and digits.
fn is_grouped(value: &str) -> bool {
    let groups: Vec<&str> = value.split('-').collect();
    let same =
        groups.windows(2).all(|pair| pair.first().map(|one| one.len()) == pair.last().map(|one| one.len()));
    let signs = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let mixed = has(value, |character| character.is_ascii_digit()) && has(value, char::is_alphabetic);
    let size = groups.first().map_or(0, |group| group.len());
    groups.len() > 1 && same && signs && mixed && (GROUP..=8).contains(&size) && value.len() >= 2 * FEWEST - 4
}

/// `bienvenue-au-portage`, `accueil*HDP*nuit`: words joined, three at least or by a sign, that are no expression of French.
fn is_joined(value: &str) -> bool {
    let folded = value.to_ascii_lowercase();
    let usual = USUAL.iter().any(|start| folded.starts_with(start))
        || folded.ends_with("-la")
        || folded.ends_with("-ci");
    let parts: Vec<&str> = value.split(['-', '_', '.', '*', '+', '&', '!']).collect();
    let worded = parts.iter().all(|part| !part.is_empty() && part.chars().all(char::is_alphabetic));
    let long = parts.iter().filter(|part| part.len() > 3).count();
    let dots = value.contains('.') && !value.contains(['-', '_', '*', '+', '&', '!']);
    worded && parts.len() > 2 && long > 1 && !usual && !dots
}

/// How names of places and expressions begin.
const USUAL: [&str; 22] = [
    "saint-",
    "sainte-",
    "st-",
    "ste-",
    "notre-dame",
    "est-a-dire",
    "est-ce",
    "vis-a-vis",
    "rendez-vous",
    "a-t-",
    "y-a-t",
    "peut-etre",
    "au-dessus",
    "au-dessous",
    "mot-de-passe",
    "mot_de_passe",
    "face-a-face",
    "tete-a-tete",
    "follow-up",
    "end-to-end",
    "bas-saint",
    "lac-saint",
];

/// An address, a host, a time, a number with its unit: what stands near passwords and is none.
fn is_other(value: &str) -> bool {
    let address = value.contains('@') && value.rsplit('@').next().is_some_and(|host| host.contains('.'));
    let escaped = value.contains("%20")
        || value.contains("%C3")
        || value.contains("&amp")
        || value.contains("&nbsp")
        || value.contains("&#");
    let linked = value.contains(".html") || value.contains(".htm#");
    let host = value.contains('.')
        && value
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
        && value
            .rsplit('.')
            .next()
            .is_some_and(|end| end.len() > 1 && end.bytes().all(|byte| byte.is_ascii_lowercase()))
        && !inside(value);
    let letters = value.chars().filter(|character| character.is_alphabetic()).count();
    let path = value.matches('/').count() > 1 || value.contains(":\\");
    address
        || escaped
        || linked
        || host
        || letters == 0
        || path
        || value.contains('=') && !value.ends_with('=')
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_secret_is_told_by_its_shape() {
        for (text, facts) in [
            ("Bouleau!44", Some(&["strong", "signed"][..])),
            ("m2m-Aulnes-3", Some(&["strong"][..])),
            ("Osselet_2", Some(&["strong"][..])),
            ("t0urniquet.Sud", Some(&["strong"][..])),
            ("9f3c7ae2015bd84466c0e1f79a2db358", Some(&["strong"][..])),
            ("Trefle9", Some(&["shape", "cased"][..])),
            ("trefle99", Some(&["shape"][..])),
            ("HX7K-22QM-9PLW", Some(&["shape", "cased"][..])),
            ("bienvenue-au-portage", Some(&["joined"][..])),
            ("accueil*HDP*nuit", Some(&["strong", "signed"][..])),
            ("rendez-vous", None),
            ("est-a-dire", None),
            ("Saint-Jean-sur-Richelieu", None),
            ("srv01.cisss.example", None),
            ("royj@cisss.example", None),
            ("DIR-2022-054", None),
            ("Office365", None),
            ("14h30-15h00", None),
            ("mot", None),
        ] {
            let proof = secret(&Found { text, after: "", today: date(2026, 1, 15) });
            assert_eq!(proof.as_ref().map(|proof| &proof.facts[..]), facts, "{text}");
        }
    }
}
