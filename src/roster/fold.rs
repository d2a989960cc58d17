//! One spelling for the many ways of writing a name (compiled by us, 2026-11, on the entry rules of clinical indexes).
//!
//! A field becomes parts: `De la Durantaye-Roy` is `deladurantaye` (bare: `durantaye`) and `roy`. Letters are in lower-case
//! ASCII where Unicode decomposes them so; marks, hyphens, apostrophes, dots and spaces are dropped; `Saint`, `Sainte` and
//! `Ste` are `st`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words that belong to the surname after them, which is known without them too.
pub const NAME_PARTICLES: &[&str] = &[
    "de", "du", "des", "d", "le", "la", "les", "l", "da", "di", "dos", "das", "del", "della", "mac", "mc",
    "van", "von", "der", "den", "ter", "ben", "bin", "ibn", "el", "al", "n", "o",
];

/// Whether a folded word is one of the forms of `Saint`.
#[must_use]
pub fn is_saint(word: &str) -> bool {
    matches!(word, "st" | "ste" | "saint" | "sainte")
}

/// A name as written in one field, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    parts: Vec<Word>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Word {
    /// With its particles.
    whole: String,
    /// Without them, when it has some.
    bare: Option<String>,
}

/// Most parts read of a name: a longer field is no name.
const MOST: usize = 8;

impl Spelling {
    /// Takes a field apart.
    #[must_use]
    pub fn of(field: &str) -> Self {
        let mut spelling = Self::default();
        let mut before = String::new();
        let mut saint = false;
        let chunks =
            field.split(|c: char| !(c.is_alphanumeric() || is_combining_mark(c) || is_apostrophe(c)));
        for chunk in chunks.filter(|chunk| !chunk.is_empty()) {
            let (particle, word) = elided(chunk);
            before.push_str(&particle);
            if is_saint(&word) {
                before.push_str("st");
                saint = true;
            } else if NAME_PARTICLES.contains(&word.as_str()) {
                before.push_str(&word);
            } else if !word.is_empty() {
                let bare = (!before.is_empty() && !saint).then(|| word.clone());
                spelling.push(Word { whole: std::mem::take(&mut before) + &word, bare });
                saint = false;
            }
        }
        if !before.is_empty() {
            spelling.push(Word { whole: before, bare: None });
        }
        spelling
    }

    fn push(&mut self, word: Word) {
        if self.parts.len() < MOST {
            self.parts.push(word);
        }
    }

    /// Whether there is no letter in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// All its letters, as one word.
    #[must_use]
    pub fn whole(&self) -> String {
        self.parts.iter().map(|part| part.whole.as_str()).collect()
    }

    /// The forms a surname goes by: whole, each half of a compound, each without its particles.
    #[must_use]
    pub fn surnames(&self) -> Vec<String> {
        let mut forms = vec![self.whole()];
        for part in &self.parts {
            forms.push(part.whole.clone());
            forms.extend(part.bare.clone());
        }
        distinct(forms)
    }

    /// The forms a given name goes by: whole, the first of several, the first two of more; `BB de Julie` as a whole.
    #[must_use]
    pub fn givens(&self) -> Vec<String> {
        if let Some(mother) = self.mother() {
            return vec![format!("bb{mother}")];
        }
        let mut forms = vec![self.whole()];
        forms.extend(self.parts.first().map(|part| part.whole.clone()));
        forms.extend(self.parts.first().and_then(|part| part.bare.clone()));
        if let [first, second, _, ..] = self.parts.as_slice() {
            forms.push(format!("{}{}", first.whole, second.whole));
        }
        distinct(forms)
    }

    /// The first letter, and those of all parts of a compound: `m`, `me`. None for a newborn.
    #[must_use]
    pub fn initials(&self) -> Vec<String> {
        if self.mother().is_some() {
            return Vec::new();
        }
        let letters: String = self.parts.iter().filter_map(|part| part.whole.chars().next()).collect();
        let first = letters.chars().next().map(String::from);
        distinct(first.into_iter().chain([letters]).filter(|form| !form.is_empty()).collect())
    }

    /// The mother's given name in `BB de Julie`, `BB1 de Marie-Ève`, `Bébé Julie`.
    fn mother(&self) -> Option<String> {
        let (first, rest) = self.parts.split_first()?;
        let counted = first.whole.trim_end_matches(|c: char| c.is_ascii_digit());
        let name = |part: &Word| part.bare.clone().unwrap_or_else(|| part.whole.clone());
        (matches!(counted, "bb" | "bebe") && !rest.is_empty()).then(|| rest.iter().map(name).collect())
    }
}

fn distinct(forms: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(forms.len());
    for form in forms {
        if !form.is_empty() && !kept.contains(&form) {
            kept.push(form);
        }
    }
    kept
}

/// Parts `d'Amours` from its particle; in `Prud'homme` the apostrophe is dropped.
fn elided(chunk: &str) -> (String, String) {
    if let Some((head, tail)) = chunk.split_once(is_apostrophe) {
        let head = letters(head);
        if NAME_PARTICLES.contains(&head.as_str()) {
            return (head, letters(tail));
        }
    }
    (String::new(), letters(chunk))
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '′')
}

/// Letters and digits, folded.
fn letters(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        folded.extend(kept.map(|byte| char::from(byte.to_ascii_lowercase())));
        return folded;
    }
    for character in text.nfkd() {
        match character {
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            'ø' | 'Ø' => folded.push('o'),
            'đ' | 'Đ' => folded.push('d'),
            'ł' | 'Ł' => folded.push('l'),
            _ if character.is_alphanumeric() && !is_combining_mark(character) => {
                folded.extend(character.to_lowercase());
            }
            _ => {}
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::Spelling;

    #[test]
    fn a_surname_goes_by_its_whole_its_halves_and_without_particles() {
        for (written, forms) in [
            ("Côté", &["cote"][..]),
            ("TREMBLAY-GAGNON", &["tremblaygagnon", "tremblay", "gagnon"]),
            ("Tremblay Gagnon", &["tremblaygagnon", "tremblay", "gagnon"]),
            ("De la Durantaye", &["deladurantaye", "durantaye"]),
            ("d’Amours", &["damours", "amours"]),
            ("L'Heureux-Dubé", &["lheureuxdube", "lheureux", "heureux", "dube"]),
            ("O'Brien", &["obrien", "brien"]),
            ("Prud'homme", &["prudhomme"]),
            ("Ste-Marie", &["stmarie"]),
            ("Saint-Pierre", &["stpierre"]),
            ("St. Pierre Roy", &["stpierreroy", "stpierre", "roy"]),
            ("El Khoury", &["elkhoury", "khoury"]),
            ("Le", &["le"]),
            ("Đặng", &["dang"]),
            ("Lecœur", &["lecoeur"]),
            ("", &[]),
        ] {
            assert_eq!(Spelling::of(written).surnames(), forms, "{written}");
        }
    }

    #[test]
    fn a_given_name_goes_by_its_whole_and_its_first_part() {
        for (written, forms, initials) in [
            ("Émilie", &["emilie"][..], &["e"][..]),
            ("Marie-Ève", &["marieeve", "marie"], &["m", "me"]),
            ("Jean Paul Luc", &["jeanpaulluc", "jean", "jeanpaul"], &["j", "jpl"]),
            ("BB de Julie", &["bbjulie"], &[]),
            ("BB1 de Marie-Ève", &["bbmarieeve"], &[]),
            ("Bébé d'Anne", &["bbanne"], &[]),
        ] {
            let spelling = Spelling::of(written);
            assert_eq!((spelling.givens(), spelling.initials()), (own(forms), own(initials)), "{written}");
        }
    }

    fn own(forms: &[&str]) -> Vec<String> {
        forms.iter().map(|form| (*form).to_owned()).collect()
    }
}
