//! Finds words wherever they stand in a text, in any case, by four bytes of each that are rare.
//!
//! In: words; then a text. Out: every place of every word. Each byte is looked at once, and every second one asks one bit of a table
//! whether it ends four bytes that a word is known by: a word is known by two such fours, one byte apart, so that one of them ends
//! there. Nothing waits for the byte before, as it would in an automaton. It refuses to know what a word is for.

use std::ops::Range;

/// Bits of a byte that tell it apart; a capital has those of its small letter.
const BITS: u32 = 5;
/// Bytes that a word is known by, and their key: of three, one text in ten places would have to be compared with a word.
const KNOWN: usize = 4;
const KEY: u32 = 4 * BITS;
const MASK: u32 = (1 << KEY) - 1;

/// One bit for each key.
const SLOTS: usize = 1 << (KEY - u64::BITS.ilog2());

/// Words to be found.
#[derive(Debug)]
pub struct Finder {
    /// The keys that a word is known by.
    keys: Box<[u64; SLOTS]>,
    /// The words by their keys, and where those of each slot start.
    words: Vec<Word>,
    firsts: Vec<usize>,
}

/// A word, under the key of four of its bytes.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Word {
    key: u32,
    /// Its number among the words given.
    number: usize,
    letters: Box<[u8]>,
    /// How many bytes before the end of those it starts.
    back: usize,
}

impl Finder {
    /// Takes words; each is told by its number. An empty one stands nowhere.
    pub fn of(words: &[String]) -> Self {
        let known = words.iter().enumerate().filter(|(_, word)| !word.is_empty());
        let mut words: Vec<Word> =
            known.flat_map(|(number, word)| Word::all(number, word.as_bytes())).collect();
        words.sort_unstable();
        let mut keys = Box::new([0; SLOTS]);
        for word in &words {
            let (slot, bit) = place(word.key);
            keys.get_mut(slot).into_iter().for_each(|slot| *slot |= bit);
        }
        let first = |slot: usize| words.partition_point(|word| place(word.key).0 < slot);
        Self { keys, firsts: (0..=SLOTS).map(first).collect(), words }
    }

    /// Tells the number and the place of each word in a text, in no order of use.
    pub fn find(&self, text: &str, mut found: impl FnMut(usize, Range<usize>)) {
        let bytes = text.as_bytes();
        let mut key = 0;
        let mut look = |end: usize, [one, other]: [u8; 2]| {
            key = ((key << (2 * BITS)) | (code(one) << BITS) | code(other)) & MASK;
            let (slot, bit) = place(key);
            if self.keys.get(slot).is_some_and(|slot| slot & bit != 0) {
                self.check(bytes, end, key, &mut found);
            }
        };
        let (twos, rest) = bytes.as_chunks::<2>();
        // A loop around each two would cost as much as the look at them.
        let (eights, last) = twos.as_chunks::<4>();
        for (from, eight) in (0..).step_by(8).zip(eights) {
            eight.iter().zip([2, 4, 6, 8]).for_each(|(two, end)| look(from + end, *two));
        }
        last.iter().zip((8 * eights.len() + 2..).step_by(2)).for_each(|(two, end)| look(end, *two));
        rest.iter().for_each(|byte| look(bytes.len() + 1, [*byte, 0]));
    }

    /// Tells the words of a key that stand around the end of its bytes.
    #[cold]
    fn check(&self, bytes: &[u8], end: usize, key: u32, found: &mut impl FnMut(usize, Range<usize>)) {
        let (slot, _) = place(key);
        let Some([first, last]) = self.firsts.get(slot..slot + 2) else { return };
        let words = self.words.get(*first..*last).unwrap_or_default();
        let own = words.partition_point(|word| word.key < key);
        for word in words.iter().skip(own).take_while(|word| word.key == key) {
            let place = end.checked_sub(word.back).map(|start| start..start + word.letters.len());
            let stands = |place: &Range<usize>| {
                bytes.get(place.clone()).is_some_and(|written| written.eq_ignore_ascii_case(&word.letters))
            };
            if let Some(place) = place.filter(stands) {
                found(word.number, place);
            }
        }
    }
}

impl Word {
    /// A word under the keys of its two rarest fours, one byte apart; a shorter one under all that its bytes may be part of.
    fn all(number: usize, letters: &[u8]) -> Vec<Self> {
        let word = |key, back| Self { key, number, letters: letters.into(), back };
        let key = |letters: &[u8]| letters.iter().fold(0, |key, byte| (key << BITS) | code(*byte));
        let rare = |letters: &[u8]| letters.iter().map(|byte| rarity(*byte)).sum::<usize>();
        let rarest = letters.windows(KNOWN + 1).zip(KNOWN..).max_by_key(|(known, _)| rare(known));
        if let Some((known, back)) = rarest {
            let (first, second) = (known.split_last(), known.split_first());
            let keys = [(first.map(|(_, first)| first), back), (second.map(|(_, second)| second), back + 1)];
            return keys.into_iter().filter_map(|(four, back)| Some(word(key(four?), back))).collect();
        }
        let open = |bytes: usize| 0..1 << (BITS * u32::try_from(bytes).unwrap_or(0));
        let (own, length) = (key(letters), letters.len());
        let of_own = BITS * u32::try_from(length).unwrap_or(0);
        let at_end = open(KNOWN - length).map(|before| word((before << of_own) | own, length));
        let then_any = open(KNOWN - length.min(KNOWN - 1) - 1)
            .flat_map(|before| open(1).map(move |after| (((before << of_own) | own) << BITS) | after))
            .map(|key| word(key & MASK, length + 1));
        at_end.chain(then_any).collect()
    }
}

fn code(byte: u8) -> u32 {
    u32::from(byte & ((1 << BITS) - 1))
}

/// Where the bit of a key is.
fn place(key: u32) -> (usize, u64) {
    (usize::try_from(key / u64::BITS).unwrap_or(0), 1 << (key % u64::BITS))
}

/// How seldom a byte is met, or one that is not told apart from it: from the space and the letters of French and English, the commonest
/// first, to any other.
fn rarity(byte: u8) -> usize {
    const COMMON: &[u8] = b" esaitnrouldcmpvhgfbq";
    COMMON.iter().position(|common| code(*common) == code(byte)).unwrap_or(COMMON.len())
}

#[cfg(test)]
mod tests {
    use super::Finder;

    #[test]
    fn words_are_found_in_any_case_inside_others_and_at_either_end() {
        let finder = Finder::of(&["nas :", "mdp", "<<", "nip ", "", "mot de passe", "x"].map(str::to_owned));
        for (text, places) in [
            ("MDP", &[(1, "MDP")][..]),
            ("Mot de Passe: xMdP<<<", &[(1, "MdP"), (2, "<<"), (2, "<<"), (5, "Mot de Passe"), (6, "x")]),
            ("Nip 1, tennip, NAS :", &[(0, "NAS :"), (3, "Nip ")]),
            ("<", &[]),
            ("", &[]),
        ] {
            let mut found = Vec::new();
            finder.find(text, |word, place| found.push((word, &text[place])));
            found.sort_unstable();
            assert_eq!(found, places, "{text}");
        }
    }

    /// Whatever bytes a word is known by, it is found as a plain search finds it.
    #[test]
    fn every_place_of_every_word_is_found() {
        let text = "Le mot de passe du compte est : Abc<<Def; no de prescripteur 12345, NIP 4567, nip\t1, zoom.us/j/1";
        let words: Vec<String> = (0..text.len())
            .flat_map(|from| (2..9).filter_map(move |length| text.get(from..from + length)))
            .map(str::to_uppercase)
            .collect();
        let finder = Finder::of(&words);
        let mut found = Vec::new();
        finder.find(text, |word, place| found.push((word, place)));
        found.sort_unstable_by_key(|(word, place)| (*word, place.start));
        let lower = text.to_lowercase();
        let wanted: Vec<_> = words
            .iter()
            .enumerate()
            .flat_map(|(number, word)| {
                let word = word.to_lowercase();
                (0..text.len())
                    .filter(|at| lower[*at..].starts_with(&word))
                    .map(|at| (number, at..at + word.len()))
                    .collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(found, wanted);
    }
}
