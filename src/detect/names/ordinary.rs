//! Ordinary words, to tell an unlisted surname from a word: `Traitement Chirurgical` is nobody.
//!
//! In: stems of French and English words (`ordinary-words.txt`). Out: whether a word is one of them or ends as only words
//! do. Four bytes a stem, looked up for capitalised words in no list only. It refuses to know names.

use super::token;

/// The stems, as sorted 32-bit keys: about one unlisted surname in 50 000 shares one by chance.
#[derive(Debug, Default)]
pub struct Ordinary {
    stems: Vec<u32>,
    /// Where the stems start whose keys begin with the same bits: a few, side by side.
    firsts: Vec<usize>,
}

/// How many bits, so that two dozen stems share them.
const FIRST: u32 = 12;

/// Endings that words of some length have and names hardly ever (compiled by us, 2026-11), as stems end.
const ENDINGS: [&str; 29] = [
    "tion", "sion", "ment", "ism", "isme", "iqu", "abl", "ibl", "logi", "logu", "tric", "teur", "ness",
    "ing", "ically", "ical", "ity", "ful", "ship", "phi", "graph", "metr", "oid", "eus", "anc", "enc", "ite",
    "ist", "iste",
];
/// Shortest word whose ending is looked at.
const LONG: usize = 7;

impl Ordinary {
    /// Takes the stems of the list.
    #[must_use]
    pub fn of<'a>(stems: impl Iterator<Item = &'a str>) -> Self {
        let mut stems: Vec<u32> = stems.filter_map(key).collect();
        stems.sort_unstable();
        stems.dedup();
        let start = |first: u32| stems.partition_point(|key| first_bits(*key) < first);
        Self { firsts: (0..=1 << FIRST).map(start).collect(), stems }
    }

    /// Whether a word of a folded text is an ordinary one, in any case.
    #[must_use]
    pub fn holds(&self, word: &str) -> bool {
        let stem = stem(word);
        let ending = |end: &&str| {
            let tail = stem.len().checked_sub(end.len()).and_then(|at| stem.get(at..));
            tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        };
        key(stem).is_some_and(|key| self.beside(key).contains(&key))
            || stem.len() >= LONG && ENDINGS.iter().any(ending)
    }

    /// The stems among which a key stands if it is one.
    fn beside(&self, key: u32) -> &[u32] {
        let first = usize::try_from(first_bits(key)).unwrap_or(0);
        let Some([from, to]) = self.firsts.get(first..first + 2) else { return &[] };
        self.stems.get(*from..*to).unwrap_or_default()
    }
}

fn first_bits(key: u32) -> u32 {
    key >> (u32::BITS - FIRST)
}

/// A word without its plural mark and its last `e`: `chirurgicales` and `chirurgical` are one.
fn stem(word: &str) -> &str {
    let singular = word.strip_suffix(['s', 'x', 'S', 'X']).filter(|rest| rest.len() >= 4).unwrap_or(word);
    singular.strip_suffix(['e', 'E']).filter(|rest| rest.len() >= 4).unwrap_or(singular)
}

fn key(stem: &str) -> Option<u32> {
    u32::try_from(token::first_word(stem)? >> 32).ok()
}

#[cfg(test)]
mod tests {
    use super::Ordinary;

    #[test]
    fn words_are_known_in_any_case_number_and_gender_and_unlisted_names_are_not() {
        let ordinary = Ordinary::of(["chirurgical", "plan"].into_iter());
        for word in ["Chirurgicales", "PLAN", "Plans", "Hospitalisation", "Individualisme"] {
            assert!(ordinary.holds(word), "{word}");
        }
        for name in ["Okonkwo", "Tukkiapik", "Planche-Roy"] {
            assert!(!ordinary.holds(name), "{name}");
        }
    }
}
