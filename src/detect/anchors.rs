//! Where a text holds the words that rules start from, in any case, even inside another word.
//!
//! In: the words of every rule, together. Out: each place of each, in one pass over the text: four letters tell of nearly all places
//! that nothing begins there. It refuses to know what a word is for.

use std::ops::Range;

/// Words to be found together.
#[derive(Debug)]
pub struct Anchors {
    /// One bit for each head that a word may have.
    heads: Box<[u64; SLOTS]>,
    /// The words with their numbers, by head: one shorter than a head stands under all that begin with it.
    words: Vec<(Head, Box<[u8]>, usize)>,
    /// Where the words start whose heads are of one slot.
    firsts: Vec<usize>,
}

/// The first four letters of a word, mixed, without their case.
type Head = u16;

const SLOTS: usize = 1 << 10;

impl Anchors {
    /// Prepares words; each is found by its number.
    #[must_use]
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut anchors = Self { heads: Box::new([0; SLOTS]), words: Vec::new(), firsts: Vec::new() };
        for (number, word) in words.into_iter().enumerate().filter(|(_, word)| !word.is_empty()) {
            let word = word.as_bytes();
            for head in heads(word) {
                let (slot, bit) = place(head);
                anchors.heads.get_mut(slot).into_iter().for_each(|bits| *bits |= bit);
                anchors.words.push((head, word.into(), number));
            }
        }
        anchors.words.sort_unstable();
        let start = |slot: usize| anchors.words.partition_point(|(head, ..)| place(*head).0 < slot);
        anchors.firsts = (0..=SLOTS).map(start).collect();
        anchors
    }

    /// The number and the place of each word in a text, by where it ends; of those that end together, the longest first.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let bytes = text.as_bytes();
        let mut found = Vec::new();
        for (start, four) in bytes.windows(4).enumerate() {
            let head = mixed(four.first_chunk().copied().map_or(0, u32::from_le_bytes));
            if self.may_begin(head) {
                self.begin(bytes, start, head, &mut found);
            }
        }
        for start in bytes.len().saturating_sub(3)..bytes.len() {
            self.begin(bytes, start, mixed(letters(bytes.get(start..).unwrap_or_default())), &mut found);
        }
        found.sort_unstable_by_key(|(number, place)| (place.end, place.start, *number));
        found
    }

    /// Whether a word may begin with a head: hardly any does.
    fn may_begin(&self, head: Head) -> bool {
        let (slot, bit) = place(head);
        self.heads.get(slot).is_some_and(|bits| bits & bit != 0)
    }

    /// The words that begin at a place with a head.
    #[inline(never)]
    fn begin(&self, bytes: &[u8], start: usize, head: Head, found: &mut Vec<(usize, Range<usize>)>) {
        let (slot, _) = place(head);
        let Some([from, to]) = self.firsts.get(slot..slot + 2) else { return };
        let words = self.words.get(*from..*to).unwrap_or_default().iter();
        for (_, word, number) in words.filter(|(other, ..)| *other == head) {
            let place = start..start + word.len();
            if bytes.get(place.clone()).is_some_and(|written| written.eq_ignore_ascii_case(word)) {
                found.push((*number, place));
            }
        }
    }
}

/// The heads that a word may have: any letters may follow a short one.
fn heads(word: &[u8]) -> Vec<Head> {
    let known = u32::try_from(word.len().min(4)).unwrap_or(4);
    let mut all = vec![letters(word)];
    for at in known..4 {
        all = all.iter().flat_map(|head| (0..32).map(move |letter| head | (letter << (8 * at)))).collect();
    }
    let mut all: Vec<Head> = all.into_iter().map(mixed).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The first four letters of a text, the first lowest; 0 beyond its end.
fn letters(text: &[u8]) -> u32 {
    text.iter().take(4).rev().fold(0, |head, byte| (head << 8) | u32::from(*byte))
}

/// Small letters and capitals have the same five bits; a factor (the golden ratio) spreads them.
fn mixed(letters: u32) -> Head {
    let mixed = (letters & 0x1f1f_1f1f).wrapping_mul(0x9e37_79b1);
    Head::try_from(mixed >> 16).unwrap_or(0)
}

/// Which bit of which slot tells of a head.
fn place(head: Head) -> (usize, u64) {
    (usize::from(head >> 6), 1 << (head & 63))
}

#[cfg(test)]
mod tests {
    use super::Anchors;

    #[test]
    fn words_are_found_in_any_case_inside_others_and_at_the_end() {
        let anchors = Anchors::new(["mot de passe", "PASS", "<<", "s", "no.", "mot de passe"]);
        let found =
            |text| anchors.find(text).into_iter().map(|(word, at)| (word, at.start)).collect::<Vec<_>>();
        assert_eq!(found("Mot de Passe"), [(3, 9), (1, 7), (3, 10), (0, 0), (5, 0)]);
        assert_eq!(found("é<<<"), [(2, 2), (2, 3)]);
        assert_eq!(found("No, no. NO."), [(4, 4), (4, 8)]);
        assert_eq!(found("aucun"), []);
        assert_eq!(found(""), []);
    }
}
